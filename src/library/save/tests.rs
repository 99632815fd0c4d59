//! Picks at the places people choose.

use std::fs;

use super::super::sample::{Sample, files, image, png, run};
use super::*;
use crate::domain::{Mark, RunId};
use crate::library::NewImage;

/// Two runs of the same prompt in one minute, with two images each.
fn with_foxes() -> Sample {
    let sample = Sample::new();
    for number in 1..=2 {
        sample.library.begin_run(&run(number, "a fox: \"red\"/blue", 2)).unwrap();
        for slot in 0..2 {
            let bytes = format!("run {number} image {slot}\0\r\n").repeat(1_000);
            sample.library.store_image(image(number, slot), bytes.as_bytes(), png()).unwrap();
        }
    }
    sample
}

fn folder(sample: &Sample) -> PathBuf {
    sample.path("saved/deep")
}

fn save(sample: &Sample, images: &[ImageId], target: SaveTarget) -> SavedPicks {
    sample.library.save(images, &target, &NamePattern::default(), None)
}

#[test]
fn picks_are_copied_byte_for_byte() {
    let sample = with_foxes();
    let images = [image(1, 0), image(1, 1), image(2, 0), image(2, 1)];
    let saved = save(&sample, &images, SaveTarget::Folder(folder(&sample)));
    assert_eq!(saved.failures, []);
    for (image, file) in images.iter().zip(&saved.files) {
        assert_eq!(fs::read(file).unwrap(), sample.library.read_image(*image).unwrap(), "{}", file.display());
    }
    let names = files(&folder(&sample));
    assert_eq!(names.len(), 4);
    assert!(
        names
            .iter()
            .all(|name| name.starts_with("2026-11-22 a fox") && Path::new(name).extension() == Some("png".as_ref())),
        "{names:?}"
    );
    assert_eq!(names.iter().filter(|name| name.ends_with(" (2).png")).count(), 2, "{names:?}");
}

#[test]
fn nothing_in_a_folder_is_overwritten() {
    let sample = with_foxes();
    let target = || SaveTarget::Folder(folder(&sample));
    let first = save(&sample, &[image(1, 0)], target());
    fs::write(&first.files[0], "mine now").unwrap();
    let again = save(&sample, &[image(1, 0), image(1, 0)], target());
    assert_eq!((again.files.len(), again.failures.len()), (2, 0));
    assert_eq!(fs::read(&first.files[0]).unwrap(), b"mine now");
    assert_eq!(files(&folder(&sample)).len(), 3);
}

#[test]
fn names_follow_the_pattern() {
    let sample = with_foxes();
    let pattern = NamePattern::parse("{model} {size} {time} {n}").unwrap();
    let saved = sample.library.save(&[image(1, 1)], &SaveTarget::Folder(folder(&sample)), &pattern, None);
    assert_eq!(saved.files, [folder(&sample).join("dall-e-3 1024x768 1305 2.png")]);
}

#[test]
fn five_hundred_equal_names_are_numbered() {
    let sample = with_foxes();
    let pattern = NamePattern::parse("x").unwrap();
    let saved = sample.library.save(&[image(1, 0); 500], &SaveTarget::Folder(folder(&sample)), &pattern, None);
    assert_eq!((saved.files.len(), saved.failures.len()), (500, 0));
    assert!(folder(&sample).join("x (500).png").exists());
}

#[test]
fn a_file_is_saved_as_the_dialog_said() {
    let sample = with_foxes();
    let path = folder(&sample).join("Best.PNG");
    fs::create_dir_all(folder(&sample)).unwrap();
    fs::write(&path, "the old one").unwrap();
    let saved = save(&sample, &[image(1, 0)], SaveTarget::File(path.clone()));
    assert_eq!((&saved.files, &saved.failures), (&vec![path.clone()], &Vec::new()));
    assert_eq!(fs::read(&path).unwrap(), sample.library.read_image(image(1, 0)).unwrap());
    assert_eq!(files(&folder(&sample)), ["Best.PNG"]);
}

#[test]
fn a_missing_suffix_is_added_without_overwriting() {
    let sample = with_foxes();
    fs::create_dir_all(folder(&sample)).unwrap();
    fs::write(folder(&sample).join("v1.2.png"), "not asked about").unwrap();
    let saved = save(&sample, &[image(1, 0)], SaveTarget::File(folder(&sample).join("v1.2")));
    assert_eq!(saved.files, [folder(&sample).join("v1.2 (2).png")]);
    let saved = save(&sample, &[image(1, 0), image(1, 1)], SaveTarget::File(folder(&sample).join("pair.png")));
    assert_eq!(saved.files, [folder(&sample).join("pair.png"), folder(&sample).join("pair (2).png")]);
}

#[test]
fn an_original_is_never_saved_over() {
    let sample = with_foxes();
    let original = sample.library.image_path(image(1, 1)).unwrap();
    let saved = save(&sample, &[image(1, 0)], SaveTarget::File(original.clone()));
    assert_eq!((saved.files.len(), saved.failures.len()), (0, 1));
    assert!(fs::read_to_string(original).unwrap().starts_with("run 1 image 1"));
}

#[test]
fn what_can_be_saved_is_saved() {
    let sample = with_foxes();
    fs::remove_file(sample.library.image_path(image(1, 1)).unwrap()).unwrap();
    let images = [image(1, 0), image(1, 1), image(7, 0), image(2, 1)];
    let saved = save(&sample, &images, SaveTarget::Folder(folder(&sample)));
    assert_eq!((saved.files.len(), saved.failures.len()), (2, 2));
    assert_eq!(files(&folder(&sample)).len(), 2);
}

#[test]
fn a_place_that_cannot_be_written_is_a_failure_each() {
    let sample = with_foxes();
    fs::write(sample.path("file"), "").unwrap();
    let targets = [
        SaveTarget::Folder(sample.path("file")),
        SaveTarget::Folder(sample.path("file/below")),
        SaveTarget::File(sample.path("file/x.png")),
        SaveTarget::File(PathBuf::from("/")),
    ];
    for target in targets {
        let saved = save(&sample, &[image(1, 0), image(1, 1)], target.clone());
        assert_eq!((saved.files.len(), saved.failures.len()), (0, 2), "{target:?}");
    }
    fs::create_dir(sample.path("folder.png")).unwrap();
    assert_eq!(save(&sample, &[image(1, 0)], SaveTarget::File(sample.path("folder.png"))).failures.len(), 1);
}

#[test]
fn saving_changes_nothing_in_the_library() {
    let sample = with_foxes();
    sample.library.set_marks(&[(image(1, 0), Mark::Pick)]).unwrap();
    let before = sample.library.run(RunId::from_number(1));
    let out = tempfile::tempdir().unwrap();
    let listed = files(sample.folder.path());
    save(&sample, &[image(1, 0)], SaveTarget::Folder(out.path().to_owned()));
    assert_eq!(sample.library.run(RunId::from_number(1)), before);
    assert_eq!(files(sample.folder.path()), listed);
}

/// On Linux the memory disk is another file system: renaming across would fail.
#[cfg(target_os = "linux")]
#[test]
fn another_file_system_is_as_good() {
    let sample = with_foxes();
    let Ok(out) = tempfile::tempdir_in("/dev/shm") else { return };
    let saved = save(&sample, &[image(2, 1)], SaveTarget::Folder(out.path().to_owned()));
    assert_eq!(fs::read(&saved.files[0]).unwrap(), sample.library.read_image(image(2, 1)).unwrap());
    assert_eq!(files(out.path()).len(), 1);
}

#[test]
fn a_picture_of_no_kind_gets_its_suffix() {
    let sample = with_foxes();
    let unknown = NewImage { format: Format::Unknown, width: 0, height: 0, ..png() };
    sample.library.store_image(image(1, 2), b"", unknown).unwrap();
    let pattern = NamePattern::parse("{size}-{n}").unwrap();
    let saved = sample.library.save(&[image(1, 2)], &SaveTarget::Folder(folder(&sample)), &pattern, None);
    assert_eq!(saved.files, [folder(&sample).join("1024x1024-3.bin")]);
    assert_eq!(fs::read(&saved.files[0]).unwrap(), b"");
}

/// "Makes" a JPEG of anything but the second image of a run.
fn recoded(bytes: &[u8]) -> Result<(Vec<u8>, bool), Failure> {
    if bytes.starts_with(b"run 1 image 1") {
        return Err(Failure::free(FailureKind::NotAnImage, "No JPEG of this."));
    }
    Ok(([b"jpeg of ", bytes].concat(), bytes.starts_with(b"run 2")))
}

fn save_recoded(sample: &Sample, images: &[ImageId], target: SaveTarget, to: Format) -> SavedPicks {
    let recoding = Recoding { to, encode: &recoded };
    sample.library.save(images, &target, &NamePattern::default(), Some(recoding))
}

#[test]
fn another_format_has_its_own_suffix_and_overwrites_nothing() {
    let sample = with_foxes();
    let images = [image(1, 0), image(1, 1), image(2, 0)];
    let saved = save_recoded(&sample, &images, SaveTarget::Folder(folder(&sample)), Format::Jpeg);
    assert_eq!((saved.files.len(), saved.failures.len(), saved.flattened), (2, 1, 1));
    assert!(saved.files[1].to_str().unwrap().ends_with("1 (2).jpg"), "{saved:?}");
    let original = sample.library.read_image(image(1, 0)).unwrap();
    assert_eq!(fs::read(&saved.files[0]).unwrap(), [b"jpeg of ".as_slice(), &original].concat());
    assert_eq!(files(&folder(&sample)).len(), 2, "nothing half-made is left");
    // What is of the format is copied, and nobody is asked to make it.
    let saved = save_recoded(&sample, &[image(1, 1)], SaveTarget::Folder(folder(&sample)), Format::Png);
    assert_eq!(fs::read(&saved.files[0]).unwrap(), sample.library.read_image(image(1, 1)).unwrap());
}

#[test]
fn a_name_of_another_kind_was_not_agreed_to() {
    let sample = with_foxes();
    fs::create_dir_all(folder(&sample)).unwrap();
    for name in ["mine.png", "mine.jpg"] {
        fs::write(folder(&sample).join(name), "mine").unwrap();
    }
    let save = |name: &str| {
        let target = SaveTarget::File(folder(&sample).join(name));
        save_recoded(&sample, &[image(1, 0)], target, Format::Jpeg).files
    };
    assert_eq!(save("mine.png"), [folder(&sample).join("mine (2).jpg")]);
    assert_eq!(fs::read(folder(&sample).join("mine.png")).unwrap(), b"mine");
    assert_eq!(save("mine.jpg"), [folder(&sample).join("mine.jpg")]);
    assert!(
        fs::read(folder(&sample).join("mine.jpg")).unwrap().starts_with(b"jpeg of "),
        "about it the dialog has asked"
    );
}
