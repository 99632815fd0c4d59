//! Every harm is found, and nothing else.

use std::fs;

use super::super::sample::{Sample, image, png, run};
use super::*;

fn with_images() -> Sample {
    let sample = Sample::new();
    for number in 1..=2 {
        sample.library.begin_run(&run(number, "a fox", 2)).unwrap();
        for slot in 0..2 {
            sample.library.store_image(image(number, slot), format!("{number} {slot}").as_bytes(), png()).unwrap();
        }
    }
    sample
}

const FOX: &str = "2026-11/22 1305 a fox";

#[test]
fn a_good_library_is_clean() {
    let sample = with_images();
    sample.library.begin_run(&run(3, "still waiting", 1)).unwrap();
    fs::write(sample.path("2026-11/.DS_Store"), "").unwrap();
    fs::write(sample.path(FOX).join("Thumbs.db"), "").unwrap();
    let report = check(sample.folder.path());
    assert!(report.is_clean(), "{report:?}");
    assert_eq!((report.runs, report.images, report.size_bytes), (3, 4, 12));
}

/// Does harm, and expects one sentence with `says` and `path`, and the counter at one.
#[track_caller]
fn check_harm(harm: impl Fn(&Sample), count: impl Fn(&Report) -> u64, says: &str, path: &str) {
    let sample = with_images();
    harm(&sample);
    let report = check(sample.folder.path());
    assert_eq!((count(&report), report.problems.len()), (1, 1), "{report:?}");
    assert!(report.problems[0].contains(says) && report.problems[0].contains(path), "{report:?}");
    assert!(!report.is_clean());
}

#[cfg(unix)]
#[test]
fn a_linked_folder_is_named_and_not_entered() {
    for link in ["2026-10", "2026-11/01 0000 elsewhere", "friends/pictures"] {
        let elsewhere = with_images();
        check_harm(
            |sample| {
                fs::create_dir_all(sample.path(link).parent().unwrap()).unwrap();
                // A link to a file or to nothing is none of the library's.
                std::os::unix::fs::symlink("/etc/hostname", sample.path("a file")).unwrap();
                std::os::unix::fs::symlink("/nowhere", sample.path("2026-09")).unwrap();
                std::os::unix::fs::symlink(elsewhere.folder.path(), sample.path(link)).unwrap();
            },
            |report| report.unreadable,
            "is a link",
            link,
        );
    }
}

#[test]
fn every_harm_is_named() {
    let file = |sample: &Sample, name: &str| sample.path(FOX).join(name);
    check_harm(
        |sample| fs::write(file(sample, "1.png"), "1 X").unwrap(),
        |report| report.changed,
        "not what",
        "fox/1.png",
    );
    check_harm(
        |sample| fs::write(file(sample, "2.png"), "").unwrap(),
        |report| report.changed,
        "0 bytes instead of 3",
        "2.png",
    );
    check_harm(
        |sample| fs::remove_file(file(sample, "2.png")).unwrap(),
        |report| report.missing,
        "missing",
        "fox/2.png",
    );
    check_harm(
        |sample| fs::write(file(sample, "mine.txt"), "").unwrap(),
        |report| report.unknown_files,
        "run.json",
        "mine.txt",
    );
    check_harm(
        |sample| fs::write(file(sample, ".proofsheet-1-2.part"), "").unwrap(),
        |report| report.leftovers,
        "not finished",
        ".part",
    );
    check_harm(
        |sample| fs::write(sample.path(".proofsheet-1-2.part"), "").unwrap(),
        |report| report.leftovers,
        "not finished",
        ".part",
    );
    check_harm(
        |sample| fs::write(file(sample, "run.json"), "{").unwrap(),
        |report| report.unreadable,
        "cannot be read",
        "fox/run.json",
    );
    check_harm(
        |sample| {
            fs::create_dir(sample.path("2026-11/copy")).unwrap();
            for name in ["1.png", "2.png", "run.json"] {
                fs::copy(file(sample, name), sample.path("2026-11/copy").join(name)).unwrap();
            }
        },
        |report| report.twice,
        "twice",
        "2026-11/copy",
    );
    check_harm(
        |sample| {
            let text = fs::read_to_string(file(sample, "run.json")).unwrap();
            fs::write(file(sample, "run.json"), text.replace("\"2.png\"", "\"../../x\"")).unwrap();
            fs::remove_file(file(sample, "2.png")).unwrap();
        },
        |report| report.unreadable,
        "outside",
        "../../x",
    );
}

#[test]
fn no_library_is_a_problem() {
    let folder = tempfile::tempdir().unwrap();
    let report = check(&folder.path().join("nothing"));
    assert_eq!((report.unreadable, report.problems.len()), (1, 1));
    assert!(!folder.path().join("nothing").exists());
}

#[test]
fn checking_changes_nothing() {
    let sample = with_images();
    fs::write(sample.path(FOX).join("1.png"), "changed").unwrap();
    let before = super::super::sample::files(sample.folder.path());
    check(sample.folder.path());
    assert_eq!(super::super::sample::files(sample.folder.path()), before);
    assert_eq!(fs::read(sample.path(FOX).join("1.png")).unwrap(), b"changed");
}
