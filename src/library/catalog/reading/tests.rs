//! Reading piece by piece comes to the same as reading all at once, and what rests is as good as what is at hand.

use std::fs;

use super::super::rack::Place;
use super::*;
use crate::domain::{ImageFacts, Mark, Slot, Timestamp};
use crate::library::sample::{NOON, Sample, image, open, png, run};

/// A library with runs of one image each, a minute apart.
fn with_runs(count: u64) -> Sample {
    let sample = Sample::new();
    for number in 1..=count {
        let made_at = Timestamp(NOON.0 + number * 60_000);
        sample.library.begin_run(&Run { made_at, ..run(number, "a fox", 1) }).unwrap();
        sample.library.store_image(image(number, 0), &[number as u8], png()).unwrap();
    }
    sample
}

fn numbers(runs: &[Run]) -> Vec<u64> {
    runs.iter().map(|run| run.id.number()).collect()
}

fn begin(sample: &Sample) -> Library {
    Library::begin(sample.folder.path()).unwrap()
}

fn at_hand(library: &Library, runs: u64) -> u64 {
    let rack = lock(&library.rack);
    let places = (1..=runs).filter_map(|number| rack.place(RunId::from_number(number)));
    places.filter(|place| matches!(place, Place::AtHand(_))).count() as u64
}

#[test]
fn the_newest_runs_are_there_first_and_all_in_the_end() {
    let sample = with_runs(7);
    let library = begin(&sample);
    assert_eq!(numbers(&library.read_on(3)), [7, 6, 5]);
    assert!(!library.is_read());
    assert_eq!(library.read_image(image(6, 0)).unwrap(), [6], "it is used while it is being read");
    assert!(library.run(RunId::from_number(2)).is_none());
    assert_eq!(numbers(&library.read_on(3)), [4, 3, 2]);
    assert_eq!(numbers(&library.read_on(3)), [1]);
    assert!(library.is_read() && library.read_on(3).is_empty());
    assert_eq!(library.runs(), open(sample.folder.path()).0.runs());
    assert_eq!(library.summary(), sample.library.summary());
}

#[test]
fn hashes_come_along_for_every_image_whose_file_is_there() {
    let sample = with_runs(3);
    fs::remove_file(sample.library.image_path(image(2, 0)).unwrap()).unwrap();
    let library = begin(&sample);
    let (runs, hashes) = library.read_on_hashed(9);
    let told: Vec<ImageId> = hashes.iter().map(|(image, _)| *image).collect();
    assert_eq!((numbers(&runs), told), (vec![3, 2, 1], vec![image(3, 0), image(1, 0)]));
    for (image, hash) in hashes {
        assert_eq!(library.sha256(image), Some(hash));
    }
}

#[test]
fn a_run_begun_meanwhile_is_not_found_a_second_time() {
    let sample = with_runs(3);
    let library = begin(&sample);
    // Its month is looked into after that.
    library.begin_run(&run(0, "begun before all others", 1)).unwrap();
    library.store_image(image(0, 0), b"new", png()).unwrap();
    assert_eq!(numbers(&library.read_on(9)), [3, 2, 1]);
    assert!(library.problems().is_empty());
    assert!(library.run(RunId::from_number(0)).unwrap().facts(0).is_some());
    assert_eq!(library.summary().images, 4);
}

#[test]
fn a_problem_is_told_once() {
    let sample = with_runs(2);
    fs::create_dir_all(sample.path("2026-12/01 0000 broken")).unwrap();
    fs::write(sample.path("2026-12/01 0000 broken/run.json"), "no json").unwrap();
    let library = begin(&sample);
    assert_eq!(numbers(&library.read_on(1)), [2]);
    assert_eq!(library.problems().len(), 1);
    library.read_on(9);
    assert!(library.problems().is_empty());
}

#[cfg(unix)]
#[test]
fn a_linked_folder_is_told_once_and_not_entered() {
    let (sample, elsewhere) = (with_runs(2), with_runs(3));
    std::os::unix::fs::symlink(elsewhere.path("2026-11"), sample.path("2026-12")).unwrap();
    let (library, opened) = sample.reopen();
    assert_eq!(opened.runs.len(), 2);
    assert!(matches!(opened.problems.as_slice(), [one] if one.contains("is a link") && one.contains("2026-12")));
    assert!(library.problems().is_empty());
}

#[test]
fn what_rests_is_read_when_it_is_asked_for_and_changed_like_any_other() {
    let sample = with_runs(9);
    let (library, _) = sample.reopen();
    for _ in 0..9 {
        // Each time makes room for a few.
        lock(&library.rack).keep_at_hand(2);
    }
    assert!(at_hand(&library, 9) <= 2, "{}", at_hand(&library, 9));
    assert_eq!(library.runs(), sample.library.runs());
    let marks: Vec<_> = (1..=9).map(|number| (image(number, 0), Mark::Pick)).collect();
    library.set_marks(&marks).unwrap();
    assert_eq!(library.summary(), sample.library.summary());
    let marked = |runs: &[Run]| {
        let picked = |run: &&Run| matches!(run.facts(0), Some(ImageFacts { mark: Mark::Pick, .. }));
        runs.iter().filter(picked).count()
    };
    assert_eq!((marked(&library.runs()), marked(&sample.reopen().0.runs())), (9, 9));
}

#[test]
fn what_waits_or_is_held_never_rests() {
    let sample = with_runs(4);
    sample.library.begin_run(&run(9, "it waits", 1)).unwrap();
    let library = &sample.library;
    let held = library.shelf(RunId::from_number(1)).unwrap();
    for _ in 0..9 {
        lock(&library.rack).keep_at_hand(0);
    }
    let rack = lock(&library.rack);
    for number in [1, 9] {
        assert!(matches!(rack.place(RunId::from_number(number)), Some(Place::AtHand(_))), "{number}");
    }
    drop((rack, held));
    assert_eq!(library.run(RunId::from_number(9)).unwrap().slots, [Slot::Waiting]);
}

#[test]
fn a_file_that_went_while_its_run_rested_is_missing_when_it_is_asked_for() {
    let sample = with_runs(3);
    let (library, _) = sample.reopen();
    lock(&library.rack).keep_at_hand(0);
    library.runs();
    fs::remove_file(library.image_path(image(2, 0)).unwrap()).unwrap();
    lock(&library.rack).keep_at_hand(0);
    let shown = library.run(RunId::from_number(2)).unwrap();
    assert!(matches!(shown.slots.as_slice(), [Slot::Failed(_)]), "{shown:?}");
}
