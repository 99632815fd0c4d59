//! A paid byte's whole way, stopped at every step: by a failing disk, by a kill, by a power cut.

mod rules;

use std::fs;
use std::io::Read as _;
use std::path::Path;
use std::sync::Arc;

use jiff::tz::TimeZone;

use super::super::check::check;
use super::super::faulty::FaultyDisk;
use super::super::sample::{files, image, open, png, run};
use super::*;
use crate::domain::{Call, FailureKind, RunId};

const FIRST: &[u8] = b"first picture";
const SECOND: &[u8] = b"second picture";

/// How the way is stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stop {
    Failure,
    Kill,
    PowerCut,
}

/// What was promised before it was stopped.
#[derive(Debug, Default)]
struct Told {
    /// The request may have left this computer.
    may_be_out: bool,
    /// Images that came in whole and whose bytes were taken, by the inbox or as a file.
    taken: Vec<u16>,
    /// Images that were announced.
    stored: Vec<u16>,
    is_over: bool,
}

fn on(disk: &FaultyDisk, root: &Path) -> Option<Library> {
    let zone = TimeZone::fixed(jiff::tz::offset(1));
    Library::open_on(root, zone, Arc::new(disk.clone())).ok().map(|(library, _)| library)
}

/// One run of two images, as the engine leads it. The answer of these tests ends each image with a stroke.
fn whole_way(library: &Library) -> Told {
    let mut told = Told::default();
    let calls = [Call { slots: vec![0, 1] }];
    let Ok(mut passages) = library.prepare(RunId::from_number(1), "https://host.example/v1", &calls) else {
        return told;
    };
    let passage = passages.pop().unwrap();
    if library.begin_run(&run(1, "a fox", 2)).is_err() {
        passage.settle();
        return told;
    }
    if let Err(failure) = passage.sent() {
        let fail = |slot| library.fail_image(image(1, slot), &failure).is_ok();
        if fail(0) & fail(1) {
            passage.settle();
        }
        return told;
    }
    told.may_be_out = true;
    let (mut unstored, mut is_written) = (false, true);
    for (slot, bytes) in [(0, FIRST), (1, SECOND)] {
        // The stroke, the last byte, comes in a piece of its own. After an error nothing more is written.
        is_written = is_written && passage.write(bytes).is_ok() && passage.write(b"|").is_ok();
        let is_stored = library.store_image(image(1, slot), bytes, png()).is_ok();
        told.taken.extend((is_written || is_stored).then_some(slot));
        told.stored.extend(is_stored.then_some(slot));
        unstored |= !is_stored;
    }
    if unstored {
        passage.received().ok();
        passage.keep();
    } else {
        passage.settle();
        told.is_over = true;
    }
    told
}

/// What the engine does at the next start.
fn finish(library: &Library) {
    for passage in library.take_up().unwrap_or_default() {
        let mut answer = Vec::new();
        if let Ok(Some(mut file)) = passage.answer() {
            file.read_to_end(&mut answer).unwrap();
        }
        let mut is_stored = true;
        let whole = answer.split_inclusive(|&byte| byte == b'|').filter(|part| part.ends_with(b"|"));
        for (&slot, bytes) in passage.slots().iter().zip(whole) {
            let bytes = &bytes[..bytes.len() - 1];
            is_stored &= library.store_again(ImageId { run: passage.run(), slot }, bytes, png()).is_ok();
        }
        let Some(run) = library.run(passage.run()) else {
            passage.settle();
            continue;
        };
        for &slot in passage.slots() {
            let image = ImageId { run: run.id, slot };
            if !matches!(library.run(run.id).unwrap().slots[usize::from(slot)], Slot::Waiting) {
                continue;
            }
            is_stored &= match library.stray(image) {
                Some(bytes) => library.store_again(image, &bytes, png()).is_ok(),
                None => library.fail_image(image, &Failure::maybe_billed(FailureKind::CutOff, "It ended.")).is_ok(),
            };
        }
        if is_stored {
            passage.settle();
        }
    }
}

/// Every file, also those of the program itself, but the one lock that stays.
fn everything(root: &Path) -> Vec<String> {
    let own = root.join(layout::OWN_FOLDER);
    let mut all = files(root);
    if let Ok(inbox) = fs::read_dir(own.join(layout::INBOX)) {
        all.extend(inbox.map(|entry| entry.unwrap().path().display().to_string()));
    }
    all
}

#[track_caller]
fn holds(root: &Path, told: &Told, stop: Stop, at: &str) {
    let (library, opened) = open(root);
    finish(&library);
    drop(library);
    assert_eq!(opened.problems, [""; 0], "{at}");
    let report = check(root);
    assert!(report.is_clean(), "{at}: {report:?}");
    let left = everything(root);
    assert!(left.iter().all(|file| file.starts_with("2026-11")), "{at}: leftovers: {left:?}");
    let (again, opened) = open(root);
    finish(&again);
    assert_eq!(everything(root).len(), left.len(), "{at}: finishing twice changes nothing");
    let Some(run) = opened.runs.first() else {
        assert!(!told.may_be_out && told.stored.is_empty(), "{at}: the run is gone: {told:?}");
        return;
    };
    assert_eq!(run.slots.len(), 2, "{at}: counted twice: {run:?}");
    for (slot, bytes) in [(0, FIRST), (1, SECOND)] {
        let is_due = match stop {
            Stop::Failure | Stop::Kill => told.taken.contains(&slot),
            Stop::PowerCut => told.stored.contains(&slot),
        };
        match &run.slots[usize::from(slot)] {
            Slot::Stored(_) => assert_eq!(again.read_image(image(1, slot)).unwrap(), bytes, "{at}"),
            other => {
                assert!(!is_due, "{at}: an image that was paid for is gone: {told:?} {other:?}");
                let Slot::Failed(failure) = other else { panic!("{at}: it waits for ever") };
                assert!(failure.maybe_billed || !told.may_be_out, "{at}: {failure:?}");
            }
        }
    }
}

#[track_caller]
fn at_every_step(stop: Stop) {
    for step in 1.. {
        assert!(step < 200, "the run never got through");
        let folder = tempfile::tempdir().unwrap();
        let disk = FaultyDisk::sound();
        let library = on(&disk, folder.path()).unwrap();
        match stop {
            Stop::Failure => disk.fail_at(step),
            Stop::Kill | Stop::PowerCut => disk.kill_at(step),
        }
        let told = whole_way(&library);
        drop(library);
        let is_through = !disk.has_failed();
        if stop == Stop::PowerCut {
            disk.cut_power();
        }
        holds(folder.path(), &told, stop, &format!("{stop:?} at step {step}"));
        if is_through {
            assert!(told.is_over && told.stored == [0, 1]);
            assert!(step > 30, "only {step} steps were tried");
            return;
        }
    }
}

#[test]
fn whatever_step_fails_nothing_paid_is_lost() {
    at_every_step(Stop::Failure);
}

#[test]
fn wherever_it_is_killed_the_next_start_finishes_it() {
    at_every_step(Stop::Kill);
}

#[test]
fn whenever_the_power_goes_what_was_told_is_there() {
    at_every_step(Stop::PowerCut);
}

/// The program is killed in the middle, and then again at every step of the next start.
#[test]
fn finishing_may_be_killed_too() {
    for first in [8, 14, 19, 22, 25, 28, 31] {
        for step in 1.. {
            let folder = tempfile::tempdir().unwrap();
            let disk = FaultyDisk::sound();
            let library = on(&disk, folder.path()).unwrap();
            disk.kill_at(first);
            let told = whole_way(&library);
            drop(library);
            assert!(disk.has_failed(), "{first} is beyond the end");
            let disk = FaultyDisk::sound();
            let library = on(&disk, folder.path()).unwrap();
            disk.kill_at(step);
            finish(&library);
            drop(library);
            holds(folder.path(), &told, Stop::Kill, &format!("killed at {first}, then at {step}"));
            if !disk.has_failed() {
                assert!(step > 5, "only {step} steps were tried after {first}");
                break;
            }
        }
    }
}
