//! A second program at work in the same folders.

use std::fs::{self, File};
use std::path::PathBuf;

use super::*;
use crate::domain::{Call, Mark, Slot, Timestamp};
use crate::library::Passage;
use crate::library::sample::{NOON, Sample, image, png, run};

/// A library with runs 1 to `count`, each of one image, as two programs have it open.
fn twice(count: u64) -> (Sample, Library) {
    let sample = Sample::new();
    for number in 1..=count {
        make(&sample.library, number);
    }
    let (other, _) = sample.reopen();
    assert_eq!(sample.library.look_around(), []);
    (sample, other)
}

/// A run of one image, made there.
fn make(library: &Library, number: u64) -> Run {
    library.begin_run(&run(number, "a fox", 1)).unwrap();
    library.store_image(image(number, 0), &number.to_le_bytes(), png()).unwrap();
    library.run(RunId::from_number(number)).unwrap()
}

fn numbers(runs: &[Run]) -> Vec<u64> {
    runs.iter().map(|run| run.id.number()).collect()
}

fn folder(library: &Library, number: u64) -> PathBuf {
    library.image_path(image(number, 0)).unwrap().parent().unwrap().to_owned()
}

#[test]
fn a_run_another_program_makes_is_told_as_it_is_and_again_when_it_is_done() {
    let (sample, other) = twice(1);
    let new = run(2, "a hare", 1);
    let passages = other.prepare(new.id, "https://here/v1", &[Call { slots: vec![0] }]).unwrap();
    other.begin_run(&new).unwrap();
    let told = sample.library.look_around();
    assert_eq!((numbers(&told), told[0].slots.as_slice()), (vec![2], &[Slot::Waiting][..]), "it is being made");
    assert_eq!(sample.library.look_around(), [], "it is told once");
    other.store_image(image(2, 0), b"hare", png()).unwrap();
    passages.iter().for_each(Passage::settle);
    assert_eq!(sample.library.look_around(), [other.run(new.id).unwrap()]);
    assert_eq!(sample.library.look_around(), []);
    assert_eq!(sample.library.summary(), other.summary());
    assert_eq!(sample.library.read_image(image(2, 0)).unwrap(), b"hare");
}

#[test]
fn a_call_another_program_died_with_may_have_been_charged() {
    let (sample, other) = twice(1);
    let new = run(2, "a hare", 1);
    let passages = other.prepare(new.id, "https://here/v1", &[Call { slots: vec![0] }]).unwrap();
    passages[0].sent().unwrap();
    other.begin_run(&new).unwrap();
    assert_eq!(sample.library.look_around()[0].slots, [Slot::Waiting]);
    drop((passages, other));
    let told = sample.library.look_around();
    assert!(matches!(&told[0].slots[0], Slot::Failed(failure) if failure.maybe_billed), "{told:?}");
}

#[test]
fn what_another_program_decided_is_taken_in() {
    let (sample, other) = twice(3);
    other.set_marks(&[(image(2, 0), Mark::Pick)]).unwrap();
    assert_eq!(sample.library.look_around(), [other.run(RunId::from_number(2)).unwrap()]);
    assert_eq!(sample.library.look_around(), []);
    assert!(other.set_binned(&[(image(3, 0), true)]).is_empty());
    assert_eq!(numbers(&sample.library.look_around()), [3]);
    assert_eq!(sample.library.summary(), other.summary());
}

#[test]
fn what_was_taken_in_because_something_was_written_is_told_by_the_next_look() {
    let (sample, other) = twice(1);
    other.set_marks(&[(image(1, 0), Mark::Pick)]).unwrap();
    sample.library.note(RunId::from_number(1), "Written here").unwrap();
    assert_eq!(sample.library.look_around(), [sample.library.run(RunId::from_number(1)).unwrap()]);
    assert_eq!(sample.library.look_around(), []);
    sample.library.note(RunId::from_number(1), "Written here, too").unwrap();
    assert_eq!(sample.library.look_around(), [], "what is written here is known here");
}

#[test]
fn a_file_that_was_put_back_is_there_again() {
    let (sample, other) = twice(2);
    let (library, before) = (&sample.library, sample.library.summary());
    let file = library.image_path(image(1, 0)).unwrap();
    let aside = sample.path("aside.png");
    fs::rename(&file, &aside).unwrap();
    assert!(library.note_missing(image(1, 0)).is_some());
    assert_eq!(library.look_around(), [], "it is still away");
    fs::rename(&aside, &file).unwrap();
    assert_eq!(library.look_around(), [other.run(RunId::from_number(1)).unwrap()]);
    assert_eq!((library.look_around(), library.summary()), (Vec::new(), before));
}

#[test]
fn a_folder_that_was_moved_is_found_where_it_is_and_a_copy_is_none() {
    let (sample, _) = twice(2);
    let (library, before) = (&sample.library, sample.library.summary());
    let moved = sample.path("Client A/best fox");
    fs::create_dir_all(moved.parent().unwrap()).unwrap();
    fs::rename(folder(library, 1), &moved).unwrap();
    assert_eq!(numbers(&library.look_around()), [1]);
    assert_eq!((folder(library, 1), library.summary()), (moved.clone(), before));
    let copy = sample.path("Client A/copy");
    fs::create_dir(&copy).unwrap();
    fs::copy(moved.join("run.json"), copy.join("run.json")).unwrap();
    assert_eq!(library.look_around(), []);
    assert_eq!(folder(library, 1), moved);
}

#[test]
fn what_waits_for_an_image_of_this_program_is_left_alone() {
    let (sample, _) = twice(1);
    sample.library.begin_run(&run(2, "a hare", 1)).unwrap();
    let (other, _) = sample.reopen();
    other.note(RunId::from_number(2), "Somebody was here").unwrap();
    assert_eq!(sample.library.look_around(), []);
    assert_eq!(sample.library.run(RunId::from_number(2)).unwrap().slots, [Slot::Waiting]);
    // What is written next keeps what the other wrote.
    sample.library.store_image(image(2, 0), b"hare", png()).unwrap();
    assert_eq!(sample.library.run(RunId::from_number(2)).unwrap().notes, ["Somebody was here"]);
}

#[test]
fn a_folder_in_which_nothing_came_or_went_is_not_listed() {
    let (sample, other) = twice(1);
    let month = folder(&sample.library, 1).parent().unwrap().to_owned();
    let long_ago = SystemTime::UNIX_EPOCH + Duration::from_millis(NOON.0);
    let age = || File::open(&month).unwrap().set_modified(long_ago).unwrap();
    age();
    assert_eq!(sample.library.look_around(), []);
    make(&other, 2);
    age();
    assert_eq!(sample.library.look_around(), [], "as if nothing had come");
    make(&other, 3);
    assert_eq!(numbers(&sample.library.look_around()), [3, 2]);
}

#[test]
fn many_new_runs_come_piece_by_piece() {
    let (sample, other) = twice(0);
    let count = NEW_MAX as u64 + 9;
    for number in 1..=count {
        other.begin_run(&run(number, "a fox", 1)).unwrap();
    }
    let first = numbers(&sample.library.look_around());
    let second = numbers(&sample.library.look_around());
    assert_eq!((first.len(), second.len(), sample.library.look_around().len()), (NEW_MAX, 9, 0));
    let all: BTreeSet<u64> = first.into_iter().chain(second).collect();
    assert_eq!(all, (1..=count).collect());
}

#[test]
fn what_is_left_of_many_new_runs_is_found_in_every_month() {
    let (sample, other) = twice(0);
    let month = Duration::from_hours(31 * 24).as_millis() as u64;
    // Two months are more than is taken in at once.
    let count = NEW_MAX as u64 / 2 + 1;
    let made = |number: u64, months: u64| {
        let made_at = Timestamp(NOON.0 + months * month);
        other.begin_run(&Run { made_at, ..run(number, "a fox", 1) }).unwrap();
    };
    (0..3).for_each(|months| (1..=count).for_each(|number| made(months * 1_000 + number, months)));
    // So long ago that nothing is listed again without need.
    let long_ago = SystemTime::UNIX_EPOCH + Duration::from_millis(NOON.0);
    for folder in ["2026-11", "2026-12", "2027-01", ""] {
        File::open(sample.path(folder)).unwrap().set_modified(long_ago).unwrap();
    }
    let first = numbers(&sample.library.look_around());
    let second = numbers(&sample.library.look_around());
    let left = 3 * count as usize - NEW_MAX;
    assert_eq!((first.len(), second.len(), sample.library.look_around().len()), (NEW_MAX, left, 0));
}

#[test]
fn nothing_outside_the_library_is_ever_looked_at() {
    let (sample, other) = twice(1);
    // In a month that is known, more than is taken in at once.
    for number in 2..=NEW_MAX as u64 + 2 {
        other.begin_run(&run(number, "a fox", 1)).unwrap();
    }
    assert_eq!(sample.library.look_around().len(), NEW_MAX);
    let Outside(folders) = &*lock(&sample.library.outside);
    assert!(folders.keys().all(|folder| folder.starts_with(sample.folder.path())), "{:?}", folders.keys());
}

#[test]
fn a_run_that_lies_in_the_library_folder_itself_is_no_run_of_it() {
    let (sample, other) = twice(1);
    fs::copy(folder(&other, 1).join("run.json"), sample.path("run.json")).unwrap();
    fs::remove_dir_all(folder(&other, 1)).unwrap();
    assert_eq!((sample.library.look_around(), sample.reopen().1.runs.len()), (Vec::new(), 0));
    other.begin_run(&run(2, "a hare", 1)).unwrap();
    assert_eq!(numbers(&sample.library.look_around()), [2]);
}

#[test]
fn the_newest_are_looked_at_however_much_was_read_since() {
    let (sample, other) = twice(5);
    let library = &sample.library;
    lock(&library.rack).keep_at_hand(2);
    for number in (1..=5).rev().map(RunId::from_number) {
        assert_eq!((library.run(number), library.hashes(number).len()), (other.run(number), 1));
    }
    other.set_marks(&[(image(5, 0), Mark::Pick)]).unwrap();
    assert_eq!(numbers(&library.look_around()), [5]);
}

#[test]
fn what_another_program_finishes_of_a_call_that_was_cut_short_shows() {
    let (sample, other) = twice(0);
    other.begin_run(&run(1, "a fox", 2)).unwrap();
    let told = sample.library.look_around();
    assert!(matches!(&told[0].slots[0], Slot::Failed(failure) if failure.maybe_billed), "{told:?}");
    other.store_image(image(1, 1), b"late", png()).unwrap();
    let told = sample.library.look_around();
    assert!(matches!(told[0].slots.as_slice(), [Slot::Failed(_), Slot::Stored(_)]), "{told:?}");
    assert_eq!((sample.library.look_around(), sample.library.summary()), (Vec::new(), other.summary()));
}

#[test]
fn a_call_that_began_after_the_look_did_is_under_way() {
    let (sample, other) = twice(0);
    let lying = sample.library.inbox.lying();
    let new = run(1, "a hare", 1);
    let passages = other.prepare(new.id, "https://here/v1", &[Call { slots: vec![0] }]).unwrap();
    other.begin_run(&new).unwrap();
    assert_eq!(sample.library.look_for_more(&lying)[0].slots, [Slot::Waiting]);
    other.store_image(image(1, 0), b"hare", png()).unwrap();
    passages.iter().for_each(Passage::settle);
    assert_eq!(sample.library.look_around(), [other.run(new.id).unwrap()]);
}

#[test]
fn a_folder_that_is_moved_while_an_image_of_it_comes_in_waits_on() {
    let (sample, _) = twice(0);
    let library = &sample.library;
    library.begin_run(&run(1, "a fox", 2)).unwrap();
    library.store_image(image(1, 0), b"first", png()).unwrap();
    let moved = sample.path("2026-11/renamed");
    fs::rename(folder(library, 1), &moved).unwrap();
    assert_eq!(library.look_around()[0].slots[1], Slot::Waiting);
    library.store_image(image(1, 1), b"second", png()).unwrap();
    assert_eq!((library.read_image(image(1, 1)).unwrap(), folder(library, 1)), (b"second".to_vec(), moved));
}

#[test]
fn what_was_taken_in_of_a_run_that_waits_is_told_when_its_image_is_there() {
    let (sample, _) = twice(0);
    let library = &sample.library;
    library.begin_run(&run(1, "a hare", 2)).unwrap();
    library.store_image(image(1, 0), b"first", png()).unwrap();
    let (other, _) = sample.reopen();
    other.set_marks(&[(image(1, 0), Mark::Pick)]).unwrap();
    library.note(RunId::from_number(1), "Written here").unwrap();
    assert_eq!(library.look_around(), [], "what the window knows of the call is newer");
    library.store_image(image(1, 1), b"second", png()).unwrap();
    assert_eq!(library.look_around(), [library.run(RunId::from_number(1)).unwrap()]);
    assert_eq!(library.look_around(), []);
}

#[test]
fn with_the_whole_folder_away_nothing_is_found_and_nothing_lost() {
    let (sample, other) = twice(2);
    drop(other);
    let away = tempfile::tempdir().unwrap();
    let unplugged = away.path().join("unplugged");
    fs::rename(sample.folder.path(), &unplugged).unwrap();
    assert_eq!(sample.library.look_around(), []);
    fs::rename(&unplugged, sample.folder.path()).unwrap();
    assert_eq!(sample.library.look_around(), []);
    assert_eq!(sample.library.run_ids().len(), 2);
}
