//! What is rescued is whole and found again, wherever its writing or its way back is stopped.

use std::fs;

use super::super::check::check;
use super::super::faulty::FaultyDisk;
use super::super::sample::{Sample, files, image, open, png, run};
use super::*;
use crate::domain::FailureKind;

const BYTES: &[u8] = b"a picture that was paid for";

/// A library with one run that waits for two images, beside a folder for what is rescued.
struct Scene {
    sample: Sample,
    beside: tempfile::TempDir,
}

impl Scene {
    fn new() -> Self {
        let sample = Sample::new();
        sample.library.begin_run(&run(1, "a fox", 2)).unwrap();
        Self { sample, beside: tempfile::tempdir().unwrap() }
    }

    fn own(&self) -> PathBuf {
        self.beside.path().join("state/rescued")
    }

    fn refuges(&self) -> Refuges {
        Refuges {
            own: Some(self.own()),
            output: Some(self.beside.path().join("copies")),
            temporary: Some(self.beside.path().join("tmp")),
        }
    }

    fn only_own(&self) -> Refuges {
        Refuges { own: Some(self.own()), ..Refuges::default() }
    }

    fn keep(&self, rescue: &Rescue, slot: u16) -> Option<Kept> {
        rescue.keep(&self.sample.library, image(1, slot), BYTES, &png())
    }
}

fn failure() -> Failure {
    Failure::maybe_billed(FailureKind::Disk, "It could not be stored.")
}

#[test]
fn what_is_rescued_is_read_again_and_leaves_nothing() {
    let scene = Scene::new();
    let rescue = Rescue::new(scene.refuges());
    let kept = scene.keep(&rescue, 1).unwrap();
    assert!(kept.file().starts_with(scene.own()), "{kept:?}");
    assert_eq!(fs::read(kept.file()).unwrap(), BYTES);
    assert!(kept.tell(failure()).sentence.contains(kept.file().to_str().unwrap()));
    assert_eq!(scene.keep(&rescue, 1).as_ref(), Some(&kept), "a second try finds it");
    drop(rescue);

    let next = Rescue::new(scene.refuges());
    assert_eq!(next.waiting(), std::slice::from_ref(&kept));
    let again = next.read(&kept).unwrap();
    assert_eq!((again.bytes.as_slice(), again.revised_prompt), (BYTES, png().revised_prompt));
    assert_eq!((again.took_millis, again.made_at), (png().took_millis, Some(png().made_at)));
    next.forget(&kept);
    assert_eq!((next.waiting(), files(&scene.own())), (Vec::new(), Vec::new()));
}

#[test]
fn without_its_facts_an_image_is_taken_up_all_the_same() {
    let scene = Scene::new();
    let rescue = Rescue::new(scene.refuges());
    let kept = scene.keep(&rescue, 0).unwrap();
    fs::write(kept.file().with_extension("json"), "{\"took_millis\": [").unwrap();
    let again = rescue.read(&kept).unwrap();
    assert_eq!((again.bytes.as_slice(), again.revised_prompt, again.made_at), (BYTES, None, None));
}

#[test]
fn each_place_stands_in_for_the_one_before() {
    let scene = Scene::new();
    fs::create_dir(scene.beside.path().join("tmp")).unwrap();
    // A file where the folder should be.
    fs::write(scene.beside.path().join("state"), "").unwrap();
    let rescue = Rescue::new(scene.refuges());
    let kept = scene.keep(&rescue, 0).unwrap();
    assert_eq!(kept.file().parent(), Some(&*scene.beside.path().join("copies")));
    let second = scene.keep(&rescue, 0).unwrap();
    assert_ne!(second.file(), kept.file(), "nothing of the person's is overwritten");
    rescue.forget(&kept);
    assert_eq!(fs::read(kept.file()).unwrap(), BYTES, "a copy in the person's folder stays");

    fs::remove_dir_all(scene.beside.path().join("copies")).unwrap();
    fs::write(scene.beside.path().join("copies"), "").unwrap();
    let kept = scene.keep(&rescue, 0).unwrap();
    assert!(kept.file().starts_with(scene.beside.path().join("tmp")), "{kept:?}");
    assert!(kept.tell(failure()).sentence.contains("when it restarts"));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = fs::metadata(kept.file().parent().unwrap()).unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "everybody's folder is no place for pictures");
    }
    rescue.forget(&kept);
    assert_eq!(fs::read_dir(scene.beside.path().join("tmp")).unwrap().count(), 0);

    fs::remove_dir(scene.beside.path().join("tmp")).unwrap();
    assert_eq!(scene.keep(&rescue, 0), None);
    assert_eq!(rescue.places().len(), 3);
    assert_eq!(Rescue::default().waiting(), []);
}

/// Stops the writing at each step in turn until it runs clean; `after` is done to the disk then. Returns the steps.
fn stopped_at_every_step(stop: fn(&FaultyDisk, u64), after: fn(&FaultyDisk)) -> u64 {
    let mut step = 0;
    loop {
        step += 1;
        let scene = Scene::new();
        let disk = FaultyDisk::sound();
        let rescue = Rescue::on(scene.only_own(), Arc::new(disk.clone()));
        stop(&disk, step);
        let kept = scene.keep(&rescue, 0);
        let is_clean = !disk.has_failed();
        drop(rescue);
        after(&disk);
        let next = Rescue::new(scene.only_own());
        let waiting = next.waiting();
        if let Some(kept) = kept {
            assert_eq!(waiting, [kept], "step {step}: what was promised is there");
        } else {
            assert!(!is_clean, "step {step}: nothing failed, and yet nothing was kept");
        }
        for kept in &waiting {
            assert_eq!(next.read(kept).unwrap().bytes, BYTES, "step {step}: never a half image");
            next.forget(kept);
        }
        assert_eq!(next.waiting(), []);
        if scene.own().exists() {
            assert_eq!(files(&scene.own()), [""; 0], "step {step}: no leftovers");
        }
        if is_clean {
            assert!(step > 8, "{step} steps");
            return step;
        }
    }
}

#[test]
fn an_image_is_rescued_whole_or_not_at_all() {
    let failing = stopped_at_every_step(FaultyDisk::fail_at, |_| ());
    let killed = stopped_at_every_step(FaultyDisk::kill_at, |_| ());
    let cut = stopped_at_every_step(FaultyDisk::kill_at, FaultyDisk::cut_power);
    assert!(failing >= killed && killed == cut, "{failing} {killed} {cut}");
}

/// What the next start does.
fn take_up(library: &Library, rescue: &Rescue) {
    for kept in rescue.waiting() {
        let Ok(Rescued { bytes, .. }) = rescue.read(&kept) else { continue };
        if library.store_again(kept.image(), &bytes, png()).is_ok() {
            rescue.forget(&kept);
        }
    }
}

#[test]
fn the_way_back_stopped_at_every_step_loses_and_doubles_nothing() {
    for step in 1.. {
        let scene = Scene::new();
        scene.keep(&Rescue::new(scene.only_own()), 1).unwrap();
        let disk = FaultyDisk::sound();
        let zone = jiff::tz::TimeZone::fixed(jiff::tz::offset(1));
        let root = scene.sample.folder.path();
        disk.kill_at(step);
        if let Ok((library, _)) = Library::open_on(root, zone, Arc::new(disk.clone())) {
            take_up(&library, &Rescue::on(scene.only_own(), Arc::new(disk.clone())));
        }
        let is_clean = !disk.has_failed();
        let (library, _) = open(root);
        drop(library.take_up().unwrap());
        let rescue = Rescue::new(scene.only_own());
        take_up(&library, &rescue);
        let run = library.run(RunId::from_number(1)).unwrap();
        assert_eq!((run.slots.len(), run.stored()), (2, 1), "step {step}");
        assert_eq!(library.read_image(image(1, 1)).unwrap(), BYTES, "step {step}");
        assert_eq!((rescue.waiting(), files(&scene.own())), (Vec::new(), Vec::new()), "step {step}");
        library.leave();
        let report = check(root);
        assert!(report.is_clean(), "step {step}: {report:?}");
        if is_clean {
            assert!(step > 8, "{step} steps");
            return;
        }
    }
}

#[test]
fn only_names_of_ours_are_images() {
    let name = own_name(image(0x65, 2), &sha256(BYTES), "png");
    assert_eq!(own_image(&name), Some(image(0x65, 2)), "{name}");
    for other in
        ["", "x.png", "0000000000000065 image 0 0123456789ab.png", "0000000000000065 image 1 0123456789ab.json"]
    {
        assert_eq!(own_image(other), None, "{other}");
    }
}
