//! What is taken up and what is left alone, case by case.

use super::super::super::disk::{Disk as _, RealDisk};
use super::super::super::passing::ROOM_FOR_AN_IMAGE_BYTES;
use super::super::super::sample::{Sample, name};
use super::*;
use crate::domain::Mark;

const FOX: &str = "2026-11/22 1305 a fox";

fn prepared(library: &Library, number: u64) -> Passage {
    let run = run(number, "a fox", 2);
    let calls = [Call { slots: vec![0, 1] }];
    let passage = library.prepare(run.id, "https://host.example/v1", &calls).unwrap().remove(0);
    library.begin_run(&run).unwrap();
    passage
}

fn failure(library: &Library, number: u64, slot: usize) -> Failure {
    match library.run(RunId::from_number(number)).unwrap().slots.swap_remove(slot) {
        Slot::Failed(failure) => *failure,
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_was_never_sent_is_free_and_what_was_sent_is_not() {
    let Sample { folder, library } = Sample::new();
    drop(prepared(&library, 1));
    prepared(&library, 2).sent().unwrap();
    let asked_again = prepared(&library, 3);
    asked_again.sent().unwrap();
    asked_again.not_sent();
    drop((asked_again, library));

    let report = check(folder.path());
    assert_eq!((report.unfinished, report.problems.len()), (3, 3), "{report:?}");
    assert!(report.problems[0].contains("the next start finishes it"), "{report:?}");
    let shown_billed = |library: &Library| [1, 2, 3].map(|number| failure(library, number, 1).maybe_billed);
    // Also where nothing may be written: opening alone shows what is true, and changes nothing.
    let (library, _) = open(folder.path());
    assert_eq!(shown_billed(&library), [false, true, false]);
    assert!(failure(&library, 1, 0).retry_safe && failure(&library, 1, 0).sentence.contains("nothing was charged"));
    drop(library);
    assert_eq!(check(folder.path()).unfinished, 3);

    let (library, _) = open(folder.path());
    finish(&library);
    drop(library);
    let (library, _) = open(folder.path());
    assert_eq!(shown_billed(&library), [false, true, false]);
    assert!(check(folder.path()).is_clean());
}

#[test]
fn what_another_program_works_on_is_left_alone() {
    let Sample { folder, library } = Sample::new();
    let passage = prepared(&library, 1);
    passage.sent().unwrap();
    passage.write(FIRST).unwrap();
    fs::write(folder.path().join(FOX).join("1.png"), "named, not yet entered").unwrap();
    assert!(check(folder.path()).is_clean(), "{:?}", check(folder.path()));

    let (second, opened) = open(folder.path());
    assert_eq!(opened.runs[0].slots, [Slot::Waiting, Slot::Waiting]);
    assert!(second.take_up().unwrap().is_empty());
    let refused = second.ask_again(image(1, 0)).unwrap_err();
    assert!(refused.sentence.contains("Another Proofsheet"), "{refused:?}");
    passage.write(b"|").unwrap();
    library.store_image(image(1, 1), SECOND, png()).unwrap();
    // The second knew nothing of that image when it opened the library, and must not write it away.
    second.note(RunId::from_number(1), "a note").unwrap();
    second.set_marks(&[(image(1, 1), Mark::Pick)]).unwrap();
    assert_eq!(open(folder.path()).0.run(RunId::from_number(1)).unwrap().facts(1).unwrap().mark, Mark::Pick);
}

#[test]
fn one_window_changes_a_library_and_the_next_one_may_when_it_is_gone() {
    let Sample { folder, library } = Sample::new();
    library.hold().unwrap();
    library.begin_run(&run(1, "a fox", 1)).unwrap();
    library.store_image(image(1, 0), FIRST, png()).unwrap();
    let (second, _) = open(folder.path());
    let why = second.hold().unwrap_err();
    assert!(why.sentence.contains("another Proofsheet window"), "{why:?}");
    let before = everything(folder.path());
    for refused in [
        second.set_marks(&[(image(1, 0), Mark::Pick)]).map_err(|(_, failure)| failure),
        second.begin_run(&run(2, "a fox", 1)),
        second.store_image(image(1, 1), SECOND, png()).map(drop),
        second.prepare(RunId::from_number(2), "", &[Call { slots: vec![0] }]).map(drop),
        second.take_up().map(drop),
        second.note(RunId::from_number(1), "a note"),
    ] {
        assert_eq!(refused.unwrap_err(), why);
    }
    assert_eq!(everything(folder.path()), before);
    assert_eq!(second.read_image(image(1, 0)).unwrap(), FIRST);
    // Programs without a window, which only add runs of their own, are not held up.
    let (beside, _) = open(folder.path());
    beside.begin_run(&run(3, "a fox", 1)).unwrap();
    drop(library);
    assert_eq!(open(folder.path()).0.hold(), Ok(()));
}

#[test]
fn half_written_files_go_when_their_writer_is_gone() {
    let Sample { folder, library } = Sample::new();
    library.begin_run(&run(1, "a fox", 1)).unwrap();
    let live = library.inbox.session().unwrap().id.clone();
    let part = |maker: &str| folder.path().join(FOX).join(layout::temporary(maker, 1));
    for maker in [live.as_str(), "4d2", "18f-4d2-0"] {
        fs::write(part(maker), "half").unwrap();
    }
    assert_eq!(check(folder.path()).leftovers, 2);
    let (second, _) = open(folder.path());
    second.take_up().unwrap();
    assert_eq!([&live, "4d2", "18f-4d2-0"].map(|maker| part(maker).exists()), [true, false, false]);
    drop((second, library));
    open(folder.path()).0.take_up().unwrap();
    assert!(check(folder.path()).is_clean());
}

#[test]
fn an_image_read_once_more_is_found_or_gets_a_place() {
    let Sample { folder: _folder, library } = Sample::new();
    library.begin_run(&run(1, "a fox", 2)).unwrap();
    let again = |slot, bytes: &[u8]| library.store_again(image(1, slot), bytes, png()).unwrap().0.slot;
    assert_eq!(again(0, FIRST), 0);
    assert_eq!(again(0, FIRST), 0, "it is there already");
    assert_eq!(again(1, FIRST), 1, "the same picture twice in one answer is two images");
    assert_eq!(again(1, FIRST), 1, "and found again in its own place");
    assert_eq!(again(0, b"asked again meanwhile"), 2, "the place is taken: it gets one of its own");
    assert_eq!(again(0, b"asked again meanwhile"), 2);
    assert_eq!(again(7, b"more than asked for"), 3);
    assert_eq!(again(9, b"more than asked for"), 3);
    assert_eq!(library.run(RunId::from_number(1)).unwrap().stored(), 4);
}

#[test]
fn a_named_file_that_was_not_entered_is_used_and_not_written_twice() {
    let Sample { folder, library } = Sample::new();
    library.begin_run(&run(1, "a fox", 2)).unwrap();
    fs::write(folder.path().join(FOX).join("1.png"), FIRST).unwrap();
    fs::write(folder.path().join(FOX).join("2.png"), "somebody's").unwrap();
    assert_eq!(library.stray(image(1, 0)).unwrap(), FIRST);
    library.store_image(image(1, 0), FIRST, png()).unwrap();
    assert_eq!(name(&library, image(1, 0)), "1.png");
    assert_eq!(library.stray(image(1, 0)), None);
    library.store_image(image(1, 1), SECOND, png()).unwrap();
    assert_eq!(name(&library, image(1, 1)), "2 (2).png");
}

#[test]
fn without_room_nothing_is_sent() {
    let folder = tempfile::tempdir().unwrap();
    let disk = FaultyDisk::sound();
    let library = on(&disk, folder.path()).unwrap();
    disk.set_free_bytes(ROOM_FOR_AN_IMAGE_BYTES * 4);
    assert_eq!(library.room_for(4), Ok(()));
    let failure = library.room_for(5).unwrap_err();
    assert!(failure.retry_safe && !failure.maybe_billed, "{failure:?}");
    assert!(failure.sentence.contains("no room") && failure.sentence.contains("nothing was sent"), "{failure:?}");
    assert!(RealDisk.free_bytes(folder.path()).unwrap() > 0);
}

#[test]
fn a_library_that_was_removed_is_not_made_anew() {
    let Sample { folder, library } = Sample::new();
    let passage = prepared(&library, 1);
    passage.sent().unwrap();
    fs::remove_dir_all(folder.path()).unwrap();
    assert!(library.prepare(RunId::from_number(2), "", &[Call { slots: vec![0] }]).is_err());
    assert!(passage.write(FIRST).is_err());
    assert!(library.store_image(image(1, 0), FIRST, png()).unwrap_err().retry_safe);
    passage.keep();
    passage.settle();
    assert!(!folder.path().exists());
}

#[test]
fn our_folder_tidied_away_while_at_work_is_made_again() {
    let Sample { folder, library } = Sample::new();
    prepared(&library, 1).settle();
    fs::remove_dir_all(folder.path().join(layout::OWN_FOLDER)).unwrap();
    let passage = prepared(&library, 2);
    passage.sent().unwrap();
    assert_eq!(open(folder.path()).1.runs[0].slots, [Slot::Waiting, Slot::Waiting], "it is alive");
}

#[test]
fn a_session_with_something_unknown_in_it_stays() {
    let Sample { folder, library } = Sample::new();
    prepared(&library, 1).sent().unwrap();
    let session = library.inbox.session().unwrap().folder.clone();
    fs::write(session.join("of a newer version.stored"), "").unwrap();
    drop(library);
    let (library, _) = open(folder.path());
    finish(&library);
    assert!(session.join("of a newer version.stored").exists());
    assert!(check(folder.path()).is_clean());
}
