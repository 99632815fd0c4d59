//! A run's life on the disk, and every way it can be disturbed.

mod altered;

use std::fs;
use std::sync::Arc;

use jiff::tz::TimeZone;

use super::super::check::check;
use super::super::faulty::FaultyDisk;
use super::super::sample::{Sample, files, image, name, open, png, run};
use super::*;
use crate::domain::{Format, Timestamp};

const FOX: &str = "2026-11/22 1305 a fox";

#[test]
fn a_run_is_written_down_before_anything_is_sent() {
    let sample = Sample::new();
    sample.library.begin_run(&run(1, "a lighthouse at dusk", 2)).unwrap();
    assert_eq!(files(sample.folder.path()), ["2026-11/22 1305 a lighthouse at dusk/run.json"]);
    assert_eq!(sample.library.run(RunId::from_number(1)), Some(run(1, "a lighthouse at dusk", 2)));
    assert!(sample.library.begin_run(&run(1, "again", 1)).is_err());
}

#[test]
fn an_image_is_kept_exactly_as_it_came() {
    let sample = Sample::new();
    sample.library.begin_run(&run(1, "a fox", 1)).unwrap();
    let facts = sample.library.store_image(image(1, 0), b"abc", png()).unwrap();
    let hash = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad".to_owned();
    assert_eq!(sample.library.hashes(RunId::from_number(1)), [(image(1, 0), hash)]);
    assert_eq!((facts.size_bytes, facts.width, facts.mark), (3, 1024, Mark::None));
    assert_eq!(fs::read(sample.path(FOX).join("1.png")).unwrap(), b"abc");
    assert_eq!(sample.library.read_image(image(1, 0)).unwrap(), b"abc");
    assert_eq!(sample.library.image_path(image(1, 0)), Some(sample.path(FOX).join("1.png")));
    assert_eq!(sample.library.summary(), LibrarySummary { images: 1, size_bytes: 3 });
}

#[test]
fn bytes_of_no_kind_are_kept_too() {
    let sample = Sample::new();
    sample.library.begin_run(&run(1, "a fox", 2)).unwrap();
    let unknown = || NewImage { format: Format::Unknown, width: 0, height: 0, ..png() };
    sample.library.store_image(image(1, 0), b"", unknown()).unwrap();
    sample.library.store_image(image(1, 1), b"\0\xff", unknown()).unwrap();
    assert_eq!([0, 1].map(|slot| name(&sample.library, image(1, slot))), ["1.bin", "2.bin"]);
    assert!(check(sample.folder.path()).is_clean());
}

#[test]
fn names_that_are_taken_get_numbers() {
    let sample = Sample::new();
    for number in 1..=3 {
        sample.library.begin_run(&run(number, "a fox", 1)).unwrap();
        sample.library.store_image(image(number, 0), &[number as u8], png()).unwrap();
    }
    for (number, folder) in [(1, "a fox"), (2, "a fox (2)"), (3, "a fox (3)")] {
        let path = sample.path("2026-11").join(format!("22 1305 {folder}/1.png"));
        assert_eq!(fs::read(path).unwrap(), [number]);
    }
}

#[test]
fn a_file_that_is_there_already_is_never_overwritten() {
    let sample = Sample::new();
    sample.library.begin_run(&run(1, "a fox", 1)).unwrap();
    fs::write(sample.path(FOX).join("1.png"), "somebody's").unwrap();
    fs::create_dir(sample.path(FOX).join("1 (2).png")).unwrap();
    sample.library.store_image(image(1, 0), b"new", png()).unwrap();
    assert_eq!(name(&sample.library, image(1, 0)), "1 (3).png");
    assert_eq!(fs::read(sample.path(FOX).join("1.png")).unwrap(), b"somebody's");
}

#[test]
fn a_month_that_is_no_folder_is_left_alone() {
    let sample = Sample::new();
    fs::write(sample.path("2026-11"), "a file").unwrap();
    sample.library.begin_run(&run(1, "a fox", 1)).unwrap();
    assert!(sample.path("2026-11 (2)/22 1305 a fox/run.json").exists());
    assert_eq!(sample.reopen().1.runs.len(), 1);
}

#[test]
fn the_same_bytes_are_kept_once_and_others_are_refused() {
    let sample = Sample::new();
    sample.library.begin_run(&run(1, "a fox", 1)).unwrap();
    let facts = sample.library.store_image(image(1, 0), b"abc", png()).unwrap();
    assert_eq!(sample.library.store_image(image(1, 0), b"abc", png()), Ok(facts.clone()));
    let failure = sample.library.store_image(image(1, 0), b"other", png()).unwrap_err();
    assert!(failure.maybe_billed);
    assert_eq!(files(&sample.path(FOX)), ["1.png", "run.json"]);
    assert_eq!(sample.library.read_image(image(1, 0)).unwrap(), b"abc");
}

#[test]
fn images_beyond_those_asked_for_are_kept() {
    let sample = Sample::new();
    sample.library.begin_run(&run(1, "a fox", 1)).unwrap();
    sample.library.store_image(image(1, 2), b"extra", png()).unwrap();
    let slots = sample.library.run(RunId::from_number(1)).unwrap().slots;
    assert_eq!((slots.len(), &slots[1]), (3, &Slot::Waiting));
    assert!(matches!(slots[2], Slot::Stored(_)));
    assert_eq!(name(&sample.library, image(1, 2)), "3.png");
    assert!(sample.library.store_image(image(1, SLOTS_MAX), b"flood", png()).is_err());
    assert!(sample.library.store_image(image(2, 0), b"of no run", png()).is_err());
}

#[test]
fn failing_and_asking_again() {
    let sample = Sample::new();
    sample.library.begin_run(&run(1, "a fox", 2)).unwrap();
    let failure = Failure::free(FailureKind::RateLimited, "Too many requests.").with_words("429");
    sample.library.fail_image(image(1, 0), &failure).unwrap();
    let slot = |sample: &Sample| sample.library.run(RunId::from_number(1)).unwrap().slots[0].clone();
    assert_eq!(slot(&sample), Slot::Failed(failure.clone().into()));
    sample.library.ask_again(image(1, 0)).unwrap();
    assert_eq!(slot(&sample), Slot::Waiting);
    sample.library.store_image(image(1, 0), b"abc", png()).unwrap();
    // Once stored, stored: a late failure or a second asking changes nothing.
    sample.library.fail_image(image(1, 0), &failure).unwrap();
    sample.library.ask_again(image(1, 0)).unwrap();
    assert!(matches!(slot(&sample), Slot::Stored(_)));
    assert!(sample.library.fail_image(image(9, 0), &failure).is_err());
}

#[test]
fn everything_survives_closing() {
    let sample = Sample::new();
    let library = &sample.library;
    library.begin_run(&run(1, "狐 🦊 a\u{301} \u{202e}fox\n\"quoted\"", 3)).unwrap();
    library.store_image(image(1, 0), b"one", png()).unwrap();
    library.store_image(image(1, 1), b"two", NewImage { format: Format::Jpeg, revised_prompt: None, ..png() }).unwrap();
    library
        .fail_image(image(1, 2), &Failure::maybe_billed(FailureKind::Refused, "Refused.").with_words("no\nno"))
        .unwrap();
    library.set_marks(&[(image(1, 0), Mark::Pick), (image(1, 1), Mark::Reject)]).unwrap();
    library.set_revised_prompt(image(1, 1), "a red fox").unwrap();
    library.set_model_answered(RunId::from_number(1), "dall-e-3-hd").unwrap();
    library.note(RunId::from_number(1), "Sent without style").unwrap();
    library.note(RunId::from_number(1), "Sent without style").unwrap();
    library.begin_run(&run(2, &"long ".repeat(19_000), 1)).unwrap();
    library.store_image(image(2, 0), b"three", png()).unwrap();
    let live: Vec<Run> = [2, 1].into_iter().filter_map(|number| library.run(RunId::from_number(number))).collect();
    assert_eq!(live[1].notes, ["Sent without style"]);
    let (again, opened) = sample.reopen();
    assert_eq!(opened.problems, [""; 0]);
    assert_eq!(opened.runs, live);
    assert_eq!(again.runs(), live);
    assert_eq!(again.summary(), LibrarySummary { images: 3, size_bytes: 11 });
    assert_eq!(again.summary(), library.summary());
    assert!(check(sample.folder.path()).is_clean());
}

#[test]
fn marks_of_many_runs_are_written_even_when_one_cannot() {
    let sample = Sample::new();
    for number in 1..=3 {
        sample.library.begin_run(&run(number, "a fox", 1)).unwrap();
        sample.library.store_image(image(number, 0), b"abc", png()).unwrap();
    }
    fs::remove_dir_all(sample.path("2026-11/22 1305 a fox (2)")).unwrap();
    let marks: Vec<_> = (1..=3).map(|number| (image(number, 0), Mark::Pick)).collect();
    let (unwritten, failure) = sample.library.set_marks(&marks).unwrap_err();
    assert!(failure.sentence.contains("is not there"), "{failure:?}");
    assert_eq!(unwritten, [Unwritten { image: image(2, 0), tried: Mark::Pick, kept: Some(Mark::None) }]);
    let (again, opened) = sample.reopen();
    assert_eq!(opened.runs.len(), 2);
    for number in [1, 3] {
        assert_eq!(again.run(RunId::from_number(number)).unwrap().facts(0).unwrap().mark, Mark::Pick);
    }
}

#[test]
fn ten_threads_at_once_lose_nothing() {
    let sample = Sample::new();
    let (first, second) = (run(1, "a fox", 10), run(2, "a fox", 1));
    sample.library.begin_run(&first).unwrap();
    sample.library.begin_run(&second).unwrap();
    std::thread::scope(|scope| {
        for slot in 0..10_u16 {
            let library = &sample.library;
            scope.spawn(move || {
                library.store_image(image(1, slot), &[slot as u8; 5_000], png()).unwrap();
                library.set_marks(&[(image(1, slot), Mark::Pick)]).unwrap();
                library.note(RunId::from_number(2), &format!("note {slot}")).unwrap();
                library.begin_run(&run(100 + u64::from(slot), "a fox", 1)).unwrap();
            });
        }
    });
    let (again, opened) = sample.reopen();
    assert_eq!(opened.runs.len(), 12);
    let first = again.run(first.id).unwrap();
    for slot in 0..10_u16 {
        assert_eq!(first.facts(slot).map(|facts| facts.mark), Some(Mark::Pick));
        assert_eq!(again.read_image(image(1, slot)).unwrap(), [slot as u8; 5_000]);
    }
    assert_eq!(again.run(second.id).unwrap().notes.len(), 10);
    assert_eq!(sample.library.summary(), LibrarySummary { images: 10, size_bytes: 50_000 });
    assert!(check(sample.folder.path()).is_clean());
}

#[test]
fn unknown_fields_outlive_our_changes() {
    let sample = Sample::new();
    let folder = sample.path("2026-11/mine");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("run.json"), include_bytes!("../../../tests/fixtures/library/run-v1.json")).unwrap();
    fs::write(folder.join("1.png"), "abc").unwrap();
    let (library, opened) = sample.reopen();
    assert_eq!(opened.problems, [""; 0]);
    let id = opened.runs[0].id;
    library.set_marks(&[(ImageId { run: id, slot: 0 }, Mark::Reject)]).unwrap();
    library.store_image(ImageId { run: id, slot: 2 }, b"late", png()).unwrap();
    let text = fs::read_to_string(folder.join("run.json")).unwrap();
    for kept in ["\"stars\": 5", "\"seed\": 77", "\"poster\"", "\"rejected\"", "\"3.png\""] {
        assert!(text.contains(kept), "{kept} in {text}");
    }
}

#[test]
fn a_run_of_a_newer_version_is_shown_and_never_changed() {
    let sample = Sample::new();
    let folder = sample.path("2026-11/mine");
    fs::create_dir_all(&folder).unwrap();
    let text =
        include_str!("../../../tests/fixtures/library/run-v1.json").replacen("\"format\": 1", "\"format\": 3", 1);
    fs::write(folder.join("run.json"), &text).unwrap();
    fs::write(folder.join("1.png"), "abc").unwrap();
    let (library, opened) = sample.reopen();
    assert!(opened.problems[0].contains("newer version"), "{:?}", opened.problems);
    let id = opened.runs[0].id;
    let image = ImageId { run: id, slot: 0 };
    assert_eq!(library.read_image(image).unwrap(), b"abc");
    let failures = [
        library.set_marks(&[(image, Mark::Reject)]).map_err(|(_, failure)| failure),
        library.note(id, "a note"),
        library.store_image(ImageId { run: id, slot: 2 }, b"late", png()).map(drop),
    ];
    for failure in failures {
        assert_eq!(failure.unwrap_err().kind, FailureKind::Unsupported);
    }
    assert_eq!(fs::read_to_string(folder.join("run.json")).unwrap(), text);
    assert_eq!(files(&folder), ["1.png", "run.json"]);
}

/// Every writing step of a run's life fails once; after each, what was promised is there, and nothing half-written is.
#[test]
fn whatever_step_fails_the_disk_keeps_its_word() {
    let zone = TimeZone::fixed(jiff::tz::offset(1));
    let mut step = 0;
    loop {
        step += 1;
        assert!(step < 200, "the run never got through");
        let folder = tempfile::tempdir().unwrap();
        let disk = FaultyDisk::sound();
        let (library, _) = Library::open_on(folder.path(), zone.clone(), Arc::new(disk.clone())).unwrap();
        disk.fail_at(step);
        let begun = library.begin_run(&run(1, "a fox", 2)).is_ok();
        let first = library.store_image(image(1, 0), b"first", png());
        let second = library.store_image(image(1, 1), b"second", png());
        let marked = library.set_marks(&[(image(1, 0), Mark::Pick), (image(1, 1), Mark::Pick)]).is_ok();
        let done = !disk.has_failed();
        disk.fail_at(u64::MAX);
        let summary = library.summary();
        drop(library);

        let (again, opened) = open(folder.path());
        assert_eq!(opened.problems, [""; 0], "step {step}");
        let report = check(folder.path());
        assert_eq!((report.changed, report.missing, report.leftovers), (0, 0, 0), "step {step}: {report:?}");
        assert_eq!(opened.runs.len(), usize::from(begun), "step {step}");
        assert!(begun || files(folder.path()).is_empty(), "step {step}");
        let told = [(0, &first, &b"first"[..]), (1, &second, &b"second"[..])];
        for (slot, stored, bytes) in told {
            if stored.is_ok() {
                assert_eq!(again.read_image(image(1, slot)).unwrap(), bytes, "step {step}");
                let mark = again.run(RunId::from_number(1)).unwrap().facts(slot).unwrap().mark;
                assert!(!marked || mark == Mark::Pick, "step {step}");
            } else if let Err(failure) = stored
                && begun
            {
                assert!(failure.maybe_billed, "step {step}: {failure:?}");
            }
        }
        assert!(summary.images <= again.summary().images, "step {step}");
        if done {
            assert!(begun && first.is_ok() && second.is_ok() && marked && report.is_clean());
            assert!(step > 15, "only {step} steps were tried");
            return;
        }
    }
}

#[test]
fn a_failed_sync_is_not_believed_but_a_new_file_is() {
    let folder = tempfile::tempdir().unwrap();
    let disk = FaultyDisk::sound();
    let (library, _) = Library::open_on(folder.path(), TimeZone::UTC, Arc::new(disk.clone())).unwrap();
    library.begin_run(&run(1, "a fox", 1)).unwrap();
    // Creating is the first step, writing the second, syncing the third.
    disk.fail_at(3);
    library.store_image(image(1, 0), b"abc", png()).unwrap();
    assert!(disk.has_failed());
    assert!(check(folder.path()).is_clean());
}

#[test]
fn bytes_are_on_the_disk_before_their_name_and_the_name_before_the_record() {
    let folder = tempfile::tempdir().unwrap();
    let disk = FaultyDisk::sound();
    let (library, _) = Library::open_on(folder.path(), TimeZone::UTC, Arc::new(disk.clone())).unwrap();
    library.begin_run(&run(1, "a fox", 1)).unwrap();
    disk.take_log();
    library.store_image(image(1, 0), b"abc", png()).unwrap();
    assert_eq!(
        disk.take_log(),
        [
            "create .part",
            "write",
            "sync",
            "name 1.png",
            "sync folder 22 1205 a fox", // the image
            "create .part",
            "write",
            "sync",
            "replace run.json",
            "sync folder 22 1205 a fox",
        ]
    );
}

#[test]
fn folders_are_named_in_the_local_time() {
    let folder = tempfile::tempdir().unwrap();
    let zone = TimeZone::fixed(jiff::tz::offset(-13));
    let (library, _) = Library::open_in(folder.path(), zone).unwrap();
    let mut run = run(1, "a fox", 1);
    run.made_at = Timestamp(1_795_349_107_123 - 22 * 86_400_000);
    library.begin_run(&run).unwrap();
    assert_eq!(files(folder.path()), ["2026-10/30 2305 a fox/run.json"]);
}

/// The folder is the truth also while the window is open: what was written there meanwhile stays.
#[test]
fn what_another_program_wrote_meanwhile_is_kept() {
    let sample = Sample::new();
    sample.library.begin_run(&run(1, "a fox", 3)).unwrap();
    for slot in 0..2 {
        sample.library.store_image(image(1, slot), format!("fox {slot}").as_bytes(), png()).unwrap();
    }
    let path = sample.library.image_path(image(1, 0)).unwrap().with_file_name("run.json");
    let mut record: serde_json::Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    record["images"][1]["mark"] = "rejected".into();
    record["of_another_program"] = true.into();
    fs::write(&path, serde_json::to_vec(&record).unwrap()).unwrap();
    sample.library.set_marks(&[(image(1, 0), Mark::Pick)]).unwrap();
    let run = &sample.library.runs()[0];
    assert_eq!([0, 1].map(|slot| run.facts(slot).unwrap().mark), [Mark::Pick, Mark::Reject]);
    assert_eq!(sample.library.runs()[0].slots[2], Slot::Waiting, "its answer is still on its way here");
    let after: serde_json::Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    assert_eq!(after["of_another_program"], true);
}
