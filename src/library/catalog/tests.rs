//! Opening libraries in whatever state people and disks left them.

use std::fs;

use super::super::sample::{Sample, files, image, png, run};
use super::reading::PROBLEMS_MAX;
use super::*;
use crate::domain::{Mark, Slot};

const FIXTURE: &str = include_str!("../../../tests/fixtures/library/run-v1.json");

/// A library with run 1, "a fox", with one image.
fn with_a_fox() -> Sample {
    let sample = Sample::new();
    sample.library.begin_run(&run(1, "a fox", 1)).unwrap();
    sample.library.store_image(image(1, 0), b"abc", png()).unwrap();
    sample
}

fn put_run(sample: &Sample, folder: &str, json: &str) {
    fs::create_dir_all(sample.path(folder)).unwrap();
    fs::write(sample.path(folder).join("run.json"), json).unwrap();
}

#[test]
fn a_folder_that_is_not_there_is_made() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("Pictures/Proofsheet");
    Library::open(&root).unwrap();
    assert!(root.is_dir());
}

#[test]
fn what_is_no_folder_is_a_failure() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    fs::write(&file, "").unwrap();
    for root in [file.clone(), file.join("below")] {
        let Err(failure) = Library::open(&root) else { panic!("{} was opened", root.display()) };
        assert_eq!(failure.kind, FailureKind::Disk);
    }
}

#[test]
fn runs_come_newest_first_whatever_their_folders_are_called() {
    let sample = Sample::new();
    for (number, prompt) in [(5, "z"), (900, "a"), (17, "m")] {
        sample.library.begin_run(&run(number, prompt, 1)).unwrap();
    }
    let (_, opened) = sample.reopen();
    let numbers: Vec<u64> = opened.runs.iter().map(|run| run.id.number()).collect();
    assert_eq!(numbers, [900, 17, 5]);
}

#[test]
fn a_library_that_was_moved_about_still_opens() {
    let sample = with_a_fox();
    let moved = tempfile::tempdir().unwrap();
    fs::create_dir_all(moved.path().join("Work/Client A")).unwrap();
    fs::rename(sample.path("2026-11/22 1305 a fox"), moved.path().join("Work/Client A/renamed")).unwrap();
    let (library, opened) = Library::open(moved.path()).unwrap();
    assert_eq!((opened.runs.len(), opened.problems.len()), (1, 0));
    assert_eq!(library.read_image(image(1, 0)).unwrap(), b"abc");
    library.set_marks(&[(image(1, 0), Mark::Pick)]).unwrap();
}

#[test]
fn broken_files_are_named_and_the_rest_is_shown() {
    let sample = with_a_fox();
    for (name, text) in [("broken", "{ \"format\": 1,"), ("empty", ""), ("future", "{\"format\": 9}")] {
        put_run(&sample, &format!("2026-11/{name}"), text);
    }
    fs::create_dir_all(sample.path("2026-11/a folder/run.json")).unwrap();
    fs::write(sample.path("2026-11/notes.txt"), "mine").unwrap();
    put_run(&sample, ".proofsheet/bin/old", FIXTURE);
    let before = files(sample.folder.path());
    let (_, opened) = sample.reopen();
    assert_eq!(opened.runs.len(), 1);
    assert_eq!(opened.problems.len(), 4, "{:?}", opened.problems);
    for name in ["a folder", "broken", "empty", "future"] {
        assert!(opened.problems.iter().any(|problem| problem.contains(&format!("2026-11/{name}/run.json"))), "{name}");
    }
    assert_eq!(files(sample.folder.path()), before);
}

#[test]
fn a_missing_file_is_shown_and_comes_back() {
    let sample = with_a_fox();
    let file = sample.path("2026-11/22 1305 a fox/1.png");
    let json = fs::read(file.with_file_name("run.json")).unwrap();
    let aside = sample.path("aside");
    fs::rename(&file, &aside).unwrap();
    let (library, opened) = sample.reopen();
    let Slot::Failed(failure) = &opened.runs[0].slots[0] else { panic!("{:?}", opened.runs) };
    assert!(failure.sentence.contains("Put it back"), "{failure:?}");
    assert_eq!((failure.kind, failure.retry_safe), (FailureKind::Disk, false));
    assert_eq!(library.summary(), LibrarySummary::default());
    assert_eq!(library.image_path(image(1, 0)), None);
    assert_eq!(fs::read(file.with_file_name("run.json")).unwrap(), json);
    // Even when the run changes otherwise, the record of the missing image stays.
    library.note(RunId::from_number(1), "a note").unwrap();
    fs::rename(&aside, &file).unwrap();
    let (again, _) = sample.reopen();
    assert_eq!(again.read_image(image(1, 0)).unwrap(), b"abc");
}

#[test]
fn a_file_removed_while_open_is_a_failure_and_no_panic() {
    let sample = with_a_fox();
    fs::remove_dir_all(sample.path("2026-11")).unwrap();
    assert!(sample.library.read_image(image(1, 0)).is_err());
    assert!(sample.library.set_marks(&[(image(1, 0), Mark::Pick)]).is_err());
    assert!(sample.library.store_image(image(1, 1), b"x", png()).is_err());
    // New runs begin again.
    sample.library.begin_run(&run(2, "a fox", 1)).unwrap();
}

#[test]
fn what_waited_when_the_program_ended_may_have_been_charged() {
    let sample = Sample::new();
    sample.library.begin_run(&run(1, "a fox", 1)).unwrap();
    let (library, opened) = sample.reopen();
    let Slot::Failed(failure) = &opened.runs[0].slots[0] else { panic!("{:?}", opened.runs) };
    assert_eq!((failure.kind, failure.maybe_billed, failure.retry_safe), (FailureKind::CutOff, true, false));
    library.ask_again(image(1, 0)).unwrap();
    assert_eq!(library.run(RunId::from_number(1)).unwrap().slots, [Slot::Waiting]);
    library.store_image(image(1, 0), b"abc", png()).unwrap();
    assert_eq!(sample.reopen().1.runs[0].stored(), 1);
}

#[test]
fn a_run_that_is_there_twice_is_shown_once() {
    let sample = with_a_fox();
    let copy = "2026-11/22 1305 a fox (copy)";
    put_run(&sample, copy, &fs::read_to_string(sample.path("2026-11/22 1305 a fox/run.json")).unwrap());
    let (library, opened) = sample.reopen();
    assert_eq!(opened.runs.len(), 1);
    assert!(opened.problems[0].contains("twice") && opened.problems[0].ends_with(copy), "{:?}", opened.problems);
    assert_eq!(library.read_image(image(1, 0)).unwrap(), b"abc");
}

#[test]
fn a_hostile_file_never_leads_out_of_its_folder() {
    let sample = Sample::new();
    fs::write(sample.path("secret.png"), "abc").unwrap();
    let absolute = sample.path("secret.png").to_str().unwrap().replace('\\', "\\\\");
    let names = [
        "../../secret.png",
        &absolute,
        "..\\\\..\\\\secret.png",
        "/etc/passwd",
        "a/../../../secret.png",
        "",
        ".",
        "run.json",
    ];
    for (number, name) in names.iter().enumerate() {
        let json = FIXTURE.replace("1.png", name).replace("0065f3b2c0e4a000", &format!("{number:016x}"));
        put_run(&sample, &format!("2026-11/hostile {number}"), &json);
    }
    let (library, opened) = sample.reopen();
    assert_eq!(opened.runs.len(), names.len());
    for run in &opened.runs {
        let image = ImageId { run: run.id, slot: 0 };
        assert!(matches!(&run.slots[0], Slot::Failed(failure) if failure.kind == FailureKind::Disk), "{run:?}");
        assert_eq!(library.image_path(image), None);
        assert!(library.read_image(image).is_err());
    }
}

#[cfg(unix)]
#[test]
fn links_and_pipes_are_left_alone() {
    use std::os::unix::fs::symlink;
    let sample = with_a_fox();
    let elsewhere = tempfile::tempdir().unwrap();
    fs::create_dir(elsewhere.path().join("run")).unwrap();
    fs::write(elsewhere.path().join("run/run.json"), FIXTURE).unwrap();
    symlink(elsewhere.path(), sample.path("2026-12")).unwrap();
    symlink(sample.folder.path(), sample.path("2026-11/loop")).unwrap();
    let fifo = |path: PathBuf| assert!(std::process::Command::new("mkfifo").arg(path).status().unwrap().success());
    fs::create_dir(sample.path("2026-11/pipe")).unwrap();
    fifo(sample.path("2026-11/pipe/run.json"));
    let image_file = sample.path("2026-11/22 1305 a fox/1.png");
    fs::remove_file(&image_file).unwrap();
    fifo(image_file);
    let (library, opened) = sample.reopen();
    assert_eq!(opened.runs.len(), 1);
    assert!(matches!(opened.runs[0].slots[0], Slot::Failed(_)));
    let links = opened.problems.iter().filter(|problem| problem.contains("is a link"));
    assert_eq!((links.count(), opened.problems.len()), (2, 3), "{:?}", opened.problems);
    assert!(library.read_image(image(1, 0)).is_err());
}

#[test]
fn folders_too_deep_are_not_walked() {
    let sample = Sample::new();
    put_run(&sample, "1/2/3/4", FIXTURE);
    put_run(&sample, "a/b/c/d/e", FIXTURE);
    let (_, opened) = sample.reopen();
    assert_eq!((opened.runs.len(), opened.problems.len()), (1, 0));
}

#[test]
fn a_thousand_problems_do_not_flood_the_window() {
    let sample = Sample::new();
    for number in 0..PROBLEMS_MAX + 7 {
        put_run(&sample, &format!("{number}"), "no json");
    }
    let problems = sample.reopen().1.problems;
    assert_eq!(problems.len(), PROBLEMS_MAX + 1);
    assert!(problems[PROBLEMS_MAX].starts_with("And 7 more"));
}

#[test]
fn the_file_reads_well() {
    let sample = with_a_fox();
    let text = fs::read_to_string(sample.path("2026-11/22 1305 a fox/run.json")).unwrap();
    for line in [
        "  \"made_at\": \"2026-11-22T12:05:07.123Z\",",
        "    \"prompt\": \"a fox\",",
        "      \"file\": \"1.png\",",
        "      \"mark\": \"none\",",
    ] {
        assert!(text.lines().any(|written| written == line), "{line} in {text}");
    }
    let (_, hash) = sample.library.hashes(RunId::from_number(1)).swap_remove(0);
    assert!(text.contains(&hash));
}

#[test]
fn a_file_that_was_changed_here_is_not_blamed_on_the_server() {
    let sample = Sample::new();
    sample.library.begin_run(&run(1, "a fox", 1)).unwrap();
    sample.library.store_image(image(1, 0), b"a fox", png()).unwrap();
    let said = Failure::maybe_billed(FailureKind::NotAnImage, "What the server sent is not a picture.");
    assert_eq!(sample.library.why_unshown(image(1, 0), b"a fox", said.clone()), said);
    let changed = sample.library.why_unshown(image(1, 0), b"a fax", said.clone());
    assert_eq!((changed.kind, changed.maybe_billed, changed.retry_safe), (FailureKind::Disk, false, false));
    assert_eq!(changed.detail, Some(said.sentence));
}
