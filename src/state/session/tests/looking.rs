//! Coming back to the window: the library is looked at once, and what is decided meanwhile stays.

use super::*;
use crate::domain::Run;
use crate::message::Unwritten;

fn come_back(session: &mut Session) -> bool {
    matches!(session.act(Action::CameBack, NOW).as_slice(), [Command::LookAround])
}

/// A session on a library that was read, with one run of two images.
fn opened() -> (Session, Run) {
    let (mut session, runs) = with_runs(&[2]);
    let run = session.sheet().run(runs[0]).unwrap().clone();
    let event = Event::LibraryOpened { root: "/here".into(), runs: vec![run.clone()], problems: Vec::new() };
    session.apply(event, NOW);
    read(&mut session, &run);
    (session, run)
}

fn read(session: &mut Session, run: &Run) {
    let event = Event::RunsRead { root: "/here".into(), runs: vec![run.clone()], whole: true, problems: Vec::new() };
    session.apply(event, NOW);
}

#[test]
fn one_look_at_a_time_and_none_before_the_library_is_read() {
    let mut session = session();
    assert!(!come_back(&mut session), "it is being opened");
    let event = Event::LibraryOpened { root: "/here".into(), runs: Vec::new(), problems: Vec::new() };
    session.apply(event, NOW);
    let event = Event::RunsRead { root: "/here".into(), runs: Vec::new(), whole: false, problems: Vec::new() };
    session.apply(event, NOW);
    assert!(!come_back(&mut session), "it is being read");
    let event = Event::RunsRead { root: "/here".into(), runs: Vec::new(), whole: true, problems: Vec::new() };
    session.apply(event, NOW);
    assert!(come_back(&mut session));
    assert!(!come_back(&mut session), "one is under way");
    session.apply(Event::LookedAround, NOW);
    assert!(come_back(&mut session));
}

#[test]
fn what_is_decided_while_others_changes_are_read_stays() {
    let (mut session, run) = opened();
    let [first, second] = [0, 1].map(|slot| image(run.id, slot));
    session.act(Action::MarkImage(first, Mark::Reject), NOW);
    assert!(come_back(&mut session));
    session.act(Action::MarkImage(first, Mark::Pick), NOW);
    session.act(Action::Click { image: second, extend: false, toggle: false }, NOW);
    verb(&mut session, Verb::Delete);
    // As it was written before the look: rejected, and a note of another program's.
    let mut written = run.clone();
    written.notes.push("Somebody was here".to_owned());
    if let Some(Slot::Stored(facts)) = written.slots.get_mut(0) {
        facts.mark = Mark::Reject;
    }
    read(&mut session, &written);
    assert_eq!(session.sheet().run(run.id).unwrap().notes, ["Somebody was here"]);
    assert_eq!((session.sheet().mark(first), session.sheet().is_binned(second)), (Some(Mark::Pick), true));
    session.apply(Event::LookedAround, NOW);
    // The next look finds what others decided later.
    read(&mut session, &written);
    assert_eq!((session.sheet().mark(first), session.sheet().is_binned(second)), (Some(Mark::Reject), false));
}

#[test]
fn what_the_disk_refused_while_others_changes_are_read_does_not_come_back() {
    let (mut session, run) = opened();
    let [first, second] = [0, 1].map(|slot| image(run.id, slot));
    assert!(come_back(&mut session));
    session.act(Action::MarkImage(first, Mark::Pick), NOW);
    session.act(Action::Click { image: second, extend: false, toggle: false }, NOW);
    verb(&mut session, Verb::Delete);
    let failure = Failure::free(FailureKind::Disk, "The disk is full.");
    let marks = vec![Unwritten { image: first, tried: Mark::Pick, kept: Some(Mark::None) }];
    session.apply(Event::Unmarked { marks, failure: failure.clone() }, NOW);
    session.apply(Event::Unmoved { images: vec![second], binned: false, failure }, NOW);
    read(&mut session, &run);
    assert_eq!((session.sheet().mark(first), session.sheet().is_binned(second)), (Some(Mark::None), false));
}

#[test]
fn what_is_emptied_from_the_bin_while_others_changes_are_read_does_not_come_back() {
    let (mut session, mut run) = opened();
    run.binned.insert(1);
    read(&mut session, &run);
    assert!(come_back(&mut session));
    session.apply(Event::BinEmptied { gone: vec![image(run.id, 1)], failure: None }, NOW);
    read(&mut session, &run);
    assert_eq!(session.sheet().slot(image(run.id, 1)), Some(&Slot::Gone));
    assert!(!session.sheet().is_binned(image(run.id, 1)));
}
