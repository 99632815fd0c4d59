//! A library told piece by piece: nothing that is seen moves, and nothing that is newer here is overwritten.

use std::sync::Arc;

use super::*;
use crate::domain::Run;

/// Runs as the library has them, each of one stored image.
fn runs(numbers: impl Iterator<Item = u64>) -> Vec<Run> {
    let draft = Draft { prompt: "read".to_owned(), model: "any".to_owned(), images: 1, ..Draft::default() };
    let request = draft.check(Catalogue::load(None).unwrap().find("any"), &[]).unwrap();
    numbers
        .map(|number| Run {
            id: RunId::from_number(number),
            request: request.clone().into(),
            endpoint: EndpointName::new("here").unwrap(),
            demo: false,
            made_at: Timestamp(number),
            model_answered: None,
            notes: Vec::new(),
            slots: vec![Slot::Stored(facts(10))],
            binned: std::collections::BTreeSet::new(),
        })
        .collect()
}

fn read(session: &mut Session, numbers: impl Iterator<Item = u64>, whole: bool) {
    let runs = runs(numbers);
    session.apply(Event::RunsRead { root: "/big".into(), runs, whole, problems: Vec::new() }, NOW);
}

fn opened(numbers: impl Iterator<Item = u64>) -> Session {
    let mut session = session();
    let runs = runs(numbers);
    session.apply(Event::LibraryOpened { root: "/big".into(), runs, problems: Vec::new() }, NOW);
    session
}

fn shown(session: &Session) -> Vec<u64> {
    session.sheet().visible().iter().map(|run| run.run.number()).collect()
}

#[test]
fn older_runs_go_below_and_cursor_selection_and_counts_follow() {
    let mut session = opened((900..1000).rev());
    session.act(Action::Click { image: image(RunId::from_number(950), 0), extend: false, toggle: false }, NOW);
    read(&mut session, (500..900).rev(), false);
    assert!(session.library().reading);
    read(&mut session, (0..500).rev(), true);
    assert!(!session.library().reading);
    assert_eq!(shown(&session), (0..1000).rev().collect::<Vec<u64>>());
    assert_eq!((session.sheet().counts().all, session.sheet().size_bytes()), (1000, 10_000));
    assert_eq!(session.sheet().selection(), [image(RunId::from_number(950), 0)]);
    assert_eq!(session.sheet().new_arrivals(), 0, "they are not new");
}

#[test]
fn each_piece_is_told_to_the_layout_run_by_run() {
    let mut session = opened((900..1000).rev());
    let before = session.sheet().revision();
    read(&mut session, (600..856).rev(), false);
    assert_eq!(session.sheet().changed_since(before).map(|changed| changed.len()), Some(256));
}

#[test]
fn what_is_read_again_replaces_what_was_there_once() {
    let mut session = opened(1..3);
    let mut again = runs(std::iter::once(2));
    again[0].slots.push(Slot::Stored(facts(5)));
    session.apply(Event::RunsRead { root: "/big".into(), runs: again, whole: true, problems: Vec::new() }, NOW);
    assert_eq!(shown(&session), [2, 1]);
    assert_eq!((session.sheet().counts().all, session.sheet().size_bytes()), (3, 25));
}

#[test]
fn a_run_under_way_here_is_newer_than_what_was_read() {
    let mut session = opened(1..3);
    type_prompt(&mut session, "under way", 2);
    let run = press(&mut session, 0).unwrap();
    let mut from_disk = session.sheet().run(run).unwrap().clone();
    from_disk.slots = vec![Slot::Failed(Failure::free(FailureKind::CutOff, "It ended.").into()); 2];
    let event = Event::RunsRead { root: "/big".into(), runs: vec![from_disk], whole: true, problems: Vec::new() };
    session.apply(event, NOW);
    assert_eq!(session.sheet().run(run).unwrap().slots, [Slot::Waiting, Slot::Waiting]);
}

#[test]
fn pieces_of_a_library_that_was_left_are_dropped() {
    let mut session = opened(1..3);
    let event = Event::RunsRead { root: "/left".into(), runs: runs(5..9), whole: false, problems: Vec::new() };
    session.apply(event, NOW);
    assert_eq!(shown(&session), [2, 1]);
    assert!(!session.library().reading);
}

#[test]
fn earlier_prompts_come_from_all_pieces_in_their_order() {
    let mut session = opened(std::iter::empty());
    for piece in [vec![(9, "newest")], vec![(5, "older"), (4, "oldest")]] {
        let named = piece.into_iter().flat_map(|(number, prompt)| {
            let mut run = runs(std::iter::once(number));
            Arc::make_mut(&mut run[0].request).prompt = crate::domain::Prompt::new(prompt).unwrap();
            run
        });
        let event = Event::RunsRead { root: "/big".into(), runs: named.collect(), whole: false, problems: Vec::new() };
        session.apply(event, NOW);
    }
    let mut walked = Vec::new();
    for _ in 0..3 {
        session.act(Action::Do(Verb::EarlierPrompt), NOW);
        walked.push(session.composer().draft().prompt.clone());
    }
    assert_eq!(walked, ["newest", "older", "oldest"]);
}
