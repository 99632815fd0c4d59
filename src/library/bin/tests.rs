//! Deleting, restoring and emptying; and every way each can be cut short.

use std::collections::BTreeSet;
use std::fs;
use std::sync::Arc;

use jiff::tz::TimeZone;
use proptest::prelude::*;

use super::super::check::check;
use super::super::faulty::FaultyDisk;
use super::super::sample::{Sample, files, image, open, png, run};
use super::*;
use crate::domain::{Mark, Run};

const FOX: &str = "2026-11/22 1305 a fox";
const BINNED: &str = ".proofsheet/bin/2026-11/22 1305 a fox";

/// Two runs of a fox: the first with two images and a failure, the second with one image.
fn with_foxes() -> Sample {
    let sample = Sample::new();
    fill(&sample.library);
    sample
}

fn fill(library: &Library) {
    library.begin_run(&run(1, "a fox", 3)).unwrap();
    for slot in 0..2 {
        library.store_image(image(1, slot), format!("fox {slot}").as_bytes(), png()).unwrap();
    }
    library.fail_image(image(1, 2), &Failure::free(FailureKind::NoCredit, "No credit")).unwrap();
    library.begin_run(&run(2, "a fox", 1)).unwrap();
    library.store_image(image(2, 0), b"fox again", png()).unwrap();
}

fn binned(library: &Library, number: u64) -> Vec<u16> {
    library.run(RunId::from_number(number)).unwrap().binned.into_iter().collect()
}

#[track_caller]
fn is_clean(sample: &Sample) {
    let report = check(sample.folder.path());
    assert!(report.is_clean(), "{report:?}");
}

#[test]
fn a_deleted_image_moves_to_the_bin_and_back_byte_for_byte() {
    let sample = with_foxes();
    let before = (files(sample.folder.path()), sample.library.runs(), sample.library.summary());
    assert_eq!(sample.library.set_binned(&[(image(1, 0), true), (image(1, 2), true)]), []);
    assert_eq!(fs::read(sample.path(BINNED).join("1.png")).unwrap(), b"fox 0");
    assert!(!sample.path(FOX).join("1.png").exists());
    assert_eq!(binned(&sample.library, 1), [0, 2]);
    assert_eq!(sample.library.read_image(image(1, 0)).unwrap(), b"fox 0", "it can still be looked at");
    assert_eq!(sample.library.summary().images, 2);
    is_clean(&sample);
    let (again, opened) = sample.reopen();
    assert_eq!((opened.runs, opened.problems.len()), (sample.library.runs(), 0));
    assert_eq!(again.read_image(image(1, 0)).unwrap(), b"fox 0");

    assert_eq!(sample.library.set_binned(&[(image(1, 2), false), (image(1, 0), false)]), []);
    assert_eq!((files(sample.folder.path()), sample.library.runs(), sample.library.summary()), before);
    assert!(!sample.path(".proofsheet/bin/2026-11").exists(), "empty folders do not stay");
    is_clean(&sample);
}

#[test]
fn marks_given_in_the_bin_do_not_take_an_image_out_of_it() {
    let sample = with_foxes();
    sample.library.set_binned(&[(image(1, 0), true)]);
    sample.library.set_marks(&[(image(1, 0), Mark::Pick)]).unwrap();
    assert_eq!(binned(&sample.library, 1), [0]);
    sample.library.set_binned(&[(image(1, 0), false)]);
    assert_eq!(sample.library.run(RunId::from_number(1)).unwrap().facts(0).unwrap().mark, Mark::Pick);
    is_clean(&sample);
}

#[test]
fn what_waits_is_not_deleted_and_what_never_came_is() {
    let sample = Sample::new();
    sample.library.begin_run(&run(1, "a fox", 1)).unwrap();
    sample.library.set_binned(&[(image(1, 0), true)]);
    assert_eq!(binned(&sample.library, 1), [0_u16; 0]);
    let (again, _) = sample.reopen();
    again.set_binned(&[(image(1, 0), true)]);
    assert_eq!(binned(&again, 1), [0]);
    again.set_binned(&[(image(1, 0), false)]);
    let (last, opened) = sample.reopen();
    assert!(matches!(&opened.runs[0].slots[0], Slot::Failed(failure) if failure.maybe_billed), "{opened:?}");
    assert_eq!(binned(&last, 1), [0_u16; 0]);
}

#[test]
fn a_name_that_is_taken_meanwhile_is_not_overwritten() {
    let sample = with_foxes();
    fs::create_dir_all(sample.path(BINNED)).unwrap();
    fs::write(sample.path(BINNED).join("1.png"), "somebody's").unwrap();
    sample.library.set_binned(&[(image(1, 0), true)]);
    assert_eq!(fs::read(sample.path(BINNED).join("1.png")).unwrap(), b"somebody's");
    assert_eq!(fs::read(sample.path(&format!("{BINNED} (2)")).join("1.png")).unwrap(), b"fox 0");
    fs::remove_dir_all(sample.path(BINNED)).unwrap();
    is_clean(&sample);

    fs::write(sample.path(FOX).join("1.png"), "mine").unwrap();
    assert_eq!(sample.library.set_binned(&[(image(1, 0), false)]), []);
    assert_eq!(fs::read(sample.path(FOX).join("1.png")).unwrap(), b"mine");
    assert_eq!(fs::read(sample.path(FOX).join("1 (2).png")).unwrap(), b"fox 0");
    assert_eq!(sample.reopen().0.read_image(image(1, 0)).unwrap(), b"fox 0");
}

#[test]
fn a_run_moved_about_finds_its_files_in_the_bin() {
    let sample = with_foxes();
    sample.library.set_binned(&[(image(1, 0), true)]);
    fs::create_dir_all(sample.path("Work")).unwrap();
    fs::rename(sample.path(FOX), sample.path("Work/renamed")).unwrap();
    let (again, _) = sample.reopen();
    assert_eq!(again.read_image(image(1, 0)).unwrap(), b"fox 0");
    assert_eq!(again.set_binned(&[(image(1, 0), false)]), []);
    assert!(sample.path("Work/renamed/1.png").exists());
    is_clean(&sample);
}

#[test]
fn check_knows_the_bin() {
    let sample = with_foxes();
    sample.library.set_binned(&[(image(1, 0), true)]);
    let report = check(sample.folder.path());
    assert_eq!((report.images, report.binned), (3, 1));
    fs::write(sample.path(BINNED).join("9.png"), "nobody's").unwrap();
    let report = check(sample.folder.path());
    assert_eq!((report.unknown_files, report.problems.len()), (1, 1), "{report:?}");
    fs::remove_file(sample.path(BINNED).join("9.png")).unwrap();
    fs::write(sample.path(BINNED).join("1.png"), "changed").unwrap();
    assert_eq!(check(sample.folder.path()).changed, 1);
    fs::remove_file(sample.path(BINNED).join("1.png")).unwrap();
    let report = check(sample.folder.path());
    assert_eq!((report.missing, report.problems.len()), (1, 1), "{report:?}");
    let (_, opened) = sample.reopen();
    let shown = opened.runs.iter().find(|run| run.id.number() == 1).unwrap();
    assert!(shown.binned.contains(&0) && matches!(shown.slots[0], Slot::Failed(_)), "shown as missing, in the bin");
}

#[test]
fn a_hostile_place_in_the_bin_is_not_followed() {
    let sample = with_foxes();
    sample.library.set_binned(&[(image(1, 0), true)]);
    let secret = sample.path("secret.png");
    fs::write(&secret, "abc").unwrap();
    let record = sample.path(FOX).join("run.json");
    let text = fs::read_to_string(&record).unwrap();
    fs::write(&record, text.replace("2026-11/22 1305 a fox/1.png", "../../secret.png")).unwrap();
    let (again, _) = sample.reopen();
    assert_eq!(again.image_path(image(1, 0)), None);
    assert_eq!(again.empty_bin(&[image(1, 0)]).failure, None);
    assert!(secret.exists());
}

/// A library on a disk that can be made to fail.
fn on_faulty(folder: &Path) -> (FaultyDisk, Library) {
    let disk = FaultyDisk::sound();
    let zone = TimeZone::fixed(jiff::tz::offset(1));
    let (library, _) = Library::open_on(folder, zone, Arc::new(disk.clone())).unwrap();
    (disk, library)
}

#[test]
fn emptying_ends_in_the_trash_and_leaves_only_the_place() {
    let folder = tempfile::tempdir().unwrap();
    let (_, library) = on_faulty(folder.path());
    fill(&library);
    let images = [image(1, 0), image(1, 2)];
    library.set_binned(&images.map(|image| (image, true)));
    let emptied = library.empty_bin(&[image(1, 0), image(1, 1), image(1, 2)]);
    assert_eq!(emptied, Emptied { gone: images.to_vec(), failure: None }, "what is not in the bin stays");
    assert!(!folder.path().join(BINNED).exists());
    assert_eq!(library.run(RunId::from_number(1)).unwrap().slots[0], Slot::Gone);
    assert!(check(folder.path()).is_clean());
    let (again, opened) = open(folder.path());
    assert_eq!((opened.runs, opened.problems.len()), (library.runs(), 0));
    assert_eq!(again.read_image(image(1, 1)).unwrap(), b"fox 1");
    // Brought back by the system's trash to where it was thrown away.
    fs::create_dir_all(folder.path().join(BINNED)).unwrap();
    fs::write(folder.path().join(BINNED).join("1.png"), "fox 0").unwrap();
    let (last, _) = open(folder.path());
    assert_eq!(binned(&last, 1), [0]);
    assert!(check(folder.path()).is_clean());
    assert_eq!(last.set_binned(&[(image(1, 0), false)]), []);
    assert_eq!(last.read_image(image(1, 0)).unwrap(), b"fox 0");
}

#[test]
fn a_disk_without_a_trash_keeps_the_bin_and_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let (disk, library) = on_faulty(folder.path());
    fill(&library);
    library.set_binned(&[(image(1, 0), true), (image(1, 1), true)]);
    disk.take_log();
    // create, write, sync, replace, sync folder: the record; then the trash.
    disk.fail_at(6);
    let emptied = library.empty_bin(&[image(1, 0), image(1, 1)]);
    assert_eq!(disk.take_log().last().map(String::as_str), Some("trash 1.png"));
    assert_eq!(emptied.gone, []);
    assert!(emptied.failure.unwrap().sentence.contains("by hand"));
    assert_eq!(binned(&library, 1), [0, 1]);
    assert!(check(folder.path()).is_clean());
    assert_eq!(binned(&open(folder.path()).0, 1), [0, 1]);
    assert_eq!(library.set_binned(&[(image(1, 0), false), (image(1, 1), false)]), []);
    assert_eq!(library.read_image(image(1, 0)).unwrap(), b"fox 0");
}

#[test]
fn the_record_says_so_before_the_file_moves_and_until_it_is_back() {
    let folder = tempfile::tempdir().unwrap();
    let (disk, library) = on_faulty(folder.path());
    library.begin_run(&run(1, "a fox", 1)).unwrap();
    library.store_image(image(1, 0), b"fox", png()).unwrap();
    disk.take_log();
    library.set_binned(&[(image(1, 0), true)]);
    let log = disk.take_log();
    let at = |log: &[String], step: &str| log.iter().position(|line| line == step).expect("the step is taken");
    assert!(at(&log, "replace run.json") < at(&log, "name 1.png"), "{log:?}");
    library.set_binned(&[(image(1, 0), false)]);
    let log = disk.take_log();
    assert!(at(&log, "name 1.png") < at(&log, "sync folder 22 1305 a fox"), "{log:?}");
    assert!(at(&log, "sync folder 22 1305 a fox") < at(&log, "replace run.json"), "{log:?}");
}

/// What each image must be after a step: its bytes, wherever they are.
fn bytes_are_whole(library: &Library, step: u64) {
    for (image, bytes) in [(image(1, 0), &b"fox 0"[..]), (image(1, 1), b"fox 1"), (image(2, 0), b"fox again")] {
        assert_eq!(library.read_image(image).unwrap(), bytes, "step {step}");
    }
}

#[cfg(unix)]
#[test]
fn a_link_on_the_way_into_the_bin_is_not_followed() {
    let sample = with_foxes();
    assert_eq!(sample.library.set_binned(&[(image(1, 0), true)]), []);
    let outside = tempfile::tempdir().unwrap();
    let (month, moved) = (sample.path(".proofsheet/bin/2026-11"), outside.path().join("2026-11"));
    fs::rename(&month, &moved).unwrap();
    std::os::unix::fs::symlink(&moved, &month).unwrap();
    let file = moved.join("22 1305 a fox").join("1.png");
    for library in [&sample.library, &sample.reopen().0] {
        library.empty_bin(&[image(1, 0)]);
        library.set_binned(&[(image(1, 0), false)]);
        assert_eq!(fs::read(&file).unwrap(), b"fox 0", "what lies outside is left alone");
        assert_eq!(library.set_binned(&[(image(1, 1), true)]).len(), 1, "and nothing is moved there");
        assert_eq!(fs::read_dir(file.parent().unwrap()).unwrap().count(), 1);
    }
    fs::remove_file(&month).unwrap();
    fs::rename(sample.path(".proofsheet/bin"), outside.path().join("bin")).unwrap();
    std::os::unix::fs::symlink(outside.path(), sample.path(".proofsheet/bin")).unwrap();
    let report = check(sample.folder.path());
    assert_eq!((report.unreadable, report.unknown_files), (1, 0), "{report:?}");
}

/// Every writing step of deleting and restoring fails once, as if the program had been killed there: the check is clean,
/// nothing is lost, and what was told is what is there.
#[test]
fn whatever_step_fails_nothing_is_lost_and_the_answer_is_true() {
    for step in 1.. {
        assert!(step < 200, "it never got through");
        let folder = tempfile::tempdir().unwrap();
        let (disk, library) = on_faulty(folder.path());
        fill(&library);
        let images = [image(1, 0), image(1, 1), image(1, 2), image(2, 0)];
        let mut want = BTreeSet::new();
        disk.fail_at(step);
        for binned in [true, false, true] {
            let unmoved = library.set_binned(&images.map(|image| (image, binned)));
            want = images.into_iter().filter(|_| binned).collect();
            for unmoved in unmoved {
                let side = |image: &ImageId| !unmoved.images.contains(image);
                want.retain(side);
                want.extend(unmoved.images.iter().filter(|_| unmoved.binned));
            }
            let found = |library: &Library| -> BTreeSet<ImageId> {
                let runs = library.runs();
                let ids = |run: &Run| run.binned.iter().map(|&slot| ImageId { run: run.id, slot }).collect::<Vec<_>>();
                runs.iter().flat_map(ids).collect()
            };
            assert_eq!(found(&library), want, "step {step}");
            let report = check(folder.path());
            assert!(
                report.leftovers + report.missing + report.changed + report.unknown_files == 0,
                "{step}: {report:?}"
            );
            let (again, opened) = open(folder.path());
            assert_eq!((found(&again), opened.problems.len()), (want.clone(), 0), "step {step}");
            bytes_are_whole(&again, step);
        }
        bytes_are_whole(&library, step);
        if !disk.has_failed() {
            assert!(step > 30, "only {step} steps were tried");
            assert_eq!(want.len(), images.len());
            return;
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Delete and undo, in any order and any number: the check is clean after each, and taking all back is the beginning.
    #[test]
    fn deleting_and_restoring_in_any_order_keeps_the_library_clean(
        steps in proptest::collection::vec((0_usize..4, any::<bool>()), 1..12),
        reopens in any::<bool>(),
    ) {
        let sample = with_foxes();
        let before = (files(sample.folder.path()), sample.library.runs());
        let images = [image(1, 0), image(1, 1), image(1, 2), image(2, 0)];
        for (place, binned) in steps {
            prop_assert_eq!(sample.library.set_binned(&[(images[place], binned)]), []);
            let report = check(sample.folder.path());
            prop_assert!(report.is_clean(), "{:?}", report);
        }
        let again = sample.reopen();
        prop_assert_eq!(&again.1.runs, &sample.library.runs());
        let library = if reopens { &again.0 } else { &sample.library };
        prop_assert_eq!(library.set_binned(&images.map(|image| (image, false))), []);
        prop_assert_eq!((files(sample.folder.path()), library.runs()), before);
    }
}
