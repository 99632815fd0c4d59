//! What stands on the disk is not what was written there: by hand, or because the disk took only half a step.

use std::fs;
use std::sync::Arc;

use jiff::tz::TimeZone;

use super::super::super::check::check;
use super::super::super::faulty::FaultyDisk;
use super::super::super::sample::{Sample, files, image, open, png, run};
use super::super::*;
use super::FOX;

/// What does harm to a `run.json`, given its text.
type Harm = fn(&str) -> String;

#[test]
fn where_a_folder_cannot_be_read_nothing_is_written() {
    let sample = Sample::new();
    sample.library.begin_run(&run(1, "a fox", 1)).unwrap();
    // Everything about it fails now, and not because it is not there.
    fs::remove_dir_all(sample.path(FOX)).unwrap();
    fs::write(sample.path(FOX), "no folder").unwrap();
    let failure = sample.library.note(RunId::from_number(1), "x").unwrap_err();
    assert!(failure.sentence.starts_with("The run's folder could not be read"), "{failure:?}");
    assert_eq!(fs::read_to_string(sample.path(FOX)).unwrap(), "no folder");
}

#[test]
fn a_run_json_that_was_broken_by_hand_is_never_written_over() {
    let harms: [Harm; 5] = [
        |_| "my notes, and no JSON".to_owned(),
        |text| text.get(..text.len() / 2).unwrap().to_owned(),
        |_| String::new(),
        |text| text.replace("\"images\"", "\"pictures\""),
        // Another run's file, copied over this one.
        |text| text.replacen("0000000000000001", "0000000000000009", 1),
    ];
    for rests in [false, true] {
        for (number, harm) in harms.iter().enumerate() {
            let sample = Sample::new();
            let library = &sample.library;
            library.begin_run(&run(1, "a fox", 3)).unwrap();
            library.store_image(image(1, 0), b"abc", png()).unwrap();
            library.store_image(image(1, 2), b"def", png()).unwrap();
            let file = sample.path(FOX).join("run.json");
            let whole = fs::read_to_string(&file).unwrap();
            let broken = harm(&whole);
            assert_ne!(broken, whole, "harm {number}");
            if rests {
                library.fail_image(image(1, 1), &Failure::free(FailureKind::ServerError, "oops")).unwrap();
                library.rest();
            }
            fs::write(&file, &broken).unwrap();
            let (unwritten, failure) = library.set_marks(&[(image(1, 0), Mark::Pick)]).unwrap_err();
            assert_eq!(unwritten.len(), 1);
            let stored = library.store_image(image(1, 1), b"paid", png()).unwrap_err();
            let mut failures = vec![failure, stored.clone(), library.note(RunId::from_number(1), "x").unwrap_err()];
            failures.extend(library.set_binned(&[(image(1, 0), true)]).into_iter().map(|unmoved| unmoved.failure));
            assert_eq!(failures.len(), 4);
            for failure in &failures {
                assert_eq!((failure.kind, failure.retry_safe), (FailureKind::Disk, true), "{failure:?}");
            }
            assert!(stored.maybe_billed && stored.sentence.contains("Retry stores it"), "{stored:?}");
            // A resting run of another id is not this run at all.
            let says = failures.iter().all(|failure| failure.sentence.contains("run.json was altered"));
            assert!(says || (rests && number == 4), "harm {number}: {failures:?}");
            assert_eq!(fs::read_to_string(&file).unwrap(), broken, "harm {number}");
            assert_eq!(files(&sample.path(FOX)), ["1.png", "3.png", "run.json"]);
            // Put right, everything goes on.
            fs::write(&file, &whole).unwrap();
            library.set_marks(&[(image(1, 0), Mark::Pick)]).unwrap();
            library.store_image(image(1, 1), b"paid", png()).unwrap();
            assert!(check(sample.folder.path()).is_clean());
        }
    }
}

#[test]
fn a_run_json_that_was_moved_away_is_written_anew() {
    let sample = Sample::new();
    sample.library.begin_run(&run(1, "a fox", 1)).unwrap();
    sample.library.store_image(image(1, 0), b"abc", png()).unwrap();
    fs::rename(sample.path(FOX).join("run.json"), sample.path("mine.json")).unwrap();
    sample.library.set_marks(&[(image(1, 0), Mark::Pick)]).unwrap();
    assert_eq!(sample.reopen().0.run(RunId::from_number(1)).unwrap().facts(0).unwrap().mark, Mark::Pick);
}

#[test]
fn a_mark_that_was_named_but_not_synced_is_not_kept_behind_anybodys_back() {
    for step in 1..20 {
        let folder = tempfile::tempdir().unwrap();
        let disk = FaultyDisk::sound();
        let (library, _) = Library::open_on(folder.path(), TimeZone::UTC, Arc::new(disk.clone())).unwrap();
        library.begin_run(&run(1, "a fox", 1)).unwrap();
        library.store_image(image(1, 0), b"abc", png()).unwrap();
        disk.fail_at(step);
        let told = library.set_marks(&[(image(1, 0), Mark::Pick)]);
        let is_clean = !disk.has_failed();
        disk.fail_at(u64::MAX);
        let kept = open(folder.path()).0.run(RunId::from_number(1)).unwrap().facts(0).unwrap().mark;
        match told {
            Ok(()) => assert_eq!(kept, Mark::Pick, "step {step}"),
            Err((unwritten, _)) => {
                assert_eq!(unwritten, [Unwritten { image: image(1, 0), tried: Mark::Pick, kept: Some(kept) }]);
                assert_eq!(kept, Mark::None, "step {step}");
            }
        }
        if is_clean {
            assert!(step > 3);
            return;
        }
    }
    panic!("it never got through");
}
