//! Search and filters: what is asked of the index, and what its answers show.

use super::*;
use crate::domain::{Found, Query, Run, Tallies, When};
use crate::message::{IndexState, NarrowBy};

/// The question among commands.
fn asked(commands: &[Command]) -> Option<(u64, Option<Query>)> {
    commands.iter().find_map(|command| match command {
        Command::Find { number, query } => Some((*number, query.as_deref().cloned())),
        _ => None,
    })
}

/// A library that was opened with so many images in each run, oldest first, and an index that answers.
fn opened(counts: &[u32]) -> (Session, Vec<RunId>) {
    let (made, runs) = with_runs(counts);
    let all: Vec<Run> = made.sheet().runs().iter().cloned().collect();
    let mut session = session();
    session.apply(Event::LibraryOpened { root: "/pictures".into(), runs: all, problems: Vec::new() }, NOW);
    session.apply(Event::Index(IndexState::Ready), NOW);
    (session, runs)
}

fn search(session: &mut Session, words: &str) -> u64 {
    let commands = session.act(Action::SearchFor(words.to_owned()), NOW);
    asked(&commands).expect("a question").0
}

fn whole(images: &[ImageId]) -> Found {
    Found { images: images.to_vec(), tallies: Some(Tallies::default()) }
}

fn answer(session: &mut Session, number: u64, found: Found) {
    session.apply(Event::Found { number, found }, NOW);
}

fn shown(session: &Session) -> Vec<ImageId> {
    session.sheet().visible_images().collect()
}

#[test]
fn what_the_index_finds_is_shown_and_counted() {
    let (mut session, runs) = opened(&[3, 3]);
    session.act(Action::MarkImage(image(runs[0], 1), Mark::Pick), NOW);
    let number = search(&mut session, "crème");
    assert_eq!(shown(&session).len(), 6, "until the answer comes everything stays as it is");
    answer(&mut session, number, whole(&[image(runs[1], 2), image(runs[0], 1)]));
    assert_eq!(shown(&session), [image(runs[1], 2), image(runs[0], 1)]);
    let (found, all) = (session.sheet().found(), session.sheet().counts());
    assert_eq!((found.all, found.picks, found.unmarked), (2, 1, 1));
    assert_eq!((all.all, all.picks, all.unmarked), (6, 1, 5));
    session.act(Action::Show(Filter::Picks), NOW);
    assert_eq!(shown(&session), [image(runs[0], 1)]);
    assert_eq!(session.sheet().shown_picks(), session.sheet().found().picks, "tray and filter count the same");
    session.act(Action::MarkImage(image(runs[0], 1), Mark::None), NOW);
    assert_eq!(shown(&session), [], "a mark counts at once, whatever the index knows");
    session.act(Action::Show(Filter::Unmarked), NOW);
    assert_eq!(shown(&session).len(), 2);
}

#[test]
fn only_the_newest_question_is_answered() {
    let (mut session, runs) = opened(&[1, 1]);
    let first = search(&mut session, "a");
    let second = search(&mut session, "ab");
    assert!(second > first);
    answer(&mut session, first, whole(&[image(runs[0], 0)]));
    assert_eq!(shown(&session).len(), 2, "nobody asks that any more");
    answer(&mut session, second, whole(&[image(runs[1], 0)]));
    answer(&mut session, first, whole(&[image(runs[0], 0)]));
    assert_eq!(shown(&session), [image(runs[1], 0)]);
    let third = search(&mut session, "abc");
    assert_eq!(shown(&session), [image(runs[1], 0)], "the old answer stays until the new one comes");
    answer(&mut session, third, whole(&[]));
    assert_eq!(shown(&session), []);
    let commands = session.act(Action::SearchFor(String::new()), NOW);
    assert_eq!(asked(&commands).unwrap().1, None, "nothing is looked for any more");
    assert_eq!(shown(&session).len(), 2);
}

#[test]
fn the_first_of_an_answer_leaves_the_rest_as_it_is() {
    let (mut session, runs) = opened(&[2, 2, 2]);
    let number = search(&mut session, "fox");
    let first = Found { images: vec![image(runs[2], 1), image(runs[1], 0)], tallies: None };
    answer(&mut session, number, first);
    let rest = [image(runs[1], 1), image(runs[0], 0), image(runs[0], 1)];
    assert_eq!(shown(&session), [&[image(runs[2], 1), image(runs[1], 0)], rest.as_slice()].concat());
    answer(&mut session, number, whole(&[image(runs[2], 1), image(runs[1], 0), image(runs[0], 1)]));
    assert_eq!(shown(&session), [image(runs[2], 1), image(runs[1], 0), image(runs[0], 1)]);
}

#[test]
fn what_the_index_does_not_know_yet_is_looked_at_here() {
    let (mut session, runs) = opened(&[1]);
    let number = search(&mut session, "hare");
    answer(&mut session, number, whole(&[]));
    type_prompt(&mut session, "a hare in snow", 2);
    let hare = press(&mut session, 99_000).unwrap();
    assert_eq!(shown(&session), [image(hare, 0), image(hare, 1)], "its places are shown at once");
    session.apply(Event::Stored { image: image(hare, 0), facts: facts(5) }, NOW);
    assert_eq!(shown(&session).len(), 2, "and stay when its images come");
    answer(&mut session, number, whole(&[image(hare, 0)]));
    assert_eq!(shown(&session).len(), 2);
    type_prompt(&mut session, "an owl", 1);
    let owl = press(&mut session, 199_000).unwrap();
    session.apply(Event::Stored { image: image(owl, 0), facts: facts(5) }, NOW);
    assert_eq!(shown(&session).len(), 2);
    // The index may find more than a look does.
    answer(&mut session, number, whole(&[image(owl, 0), image(hare, 0)]));
    assert_eq!(shown(&session).len(), 3);
    assert_eq!(session.sheet().run(runs[0]).unwrap().slots.len(), 1);
}

#[test]
fn without_an_index_what_is_known_is_searched() {
    let (mut session, runs) = opened(&[1, 1, 1]);
    let failure = Failure::free(FailureKind::Disk, "The search did not work");
    let number = search(&mut session, "prompt");
    answer(&mut session, number, whole(&[image(runs[2], 0)]));
    session.apply(Event::Index(IndexState::Missing(failure)), NOW);
    assert_eq!(shown(&session).len(), 3, "no answer of a broken index counts");
    search(&mut session, "NUMBER 1");
    assert_eq!(shown(&session), [image(runs[1], 0)]);
    session.apply(Event::Index(IndexState::Making), NOW);
    session.apply(Event::Index(IndexState::Ready), NOW);
    assert_eq!(shown(&session), [image(runs[1], 0)], "nothing flashes up before the first answer");
    let number = search(&mut session, "number 2");
    assert_eq!(shown(&session), [image(runs[2], 0)]);
    answer(&mut session, number, whole(&[image(runs[0], 0)]));
    assert_eq!(shown(&session), [image(runs[0], 0)]);
}

#[test]
fn filters_are_asked_of_the_index_and_cleared_in_one_step() {
    let (mut session, runs) = opened(&[2]);
    session.act(Action::Narrow(NarrowBy::Model(Some("flux".to_owned()))), NOW);
    session.act(Action::Narrow(NarrowBy::Size(Some((512, 512)))), NOW);
    session.act(Action::Show(Filter::Picks), NOW);
    let commands = session.act(Action::Narrow(NarrowBy::Made(Some(When::Today))), NOW);
    let (number, query) = asked(&commands).unwrap();
    let query = query.unwrap();
    assert_eq!((query.narrow.model.as_deref(), query.narrow.size), (Some("flux"), Some((512, 512))));
    assert_eq!((query.filter, query.words.as_str()), (Filter::Picks, ""));
    let today = When::Today.span(NOW, &TimeZone::UTC);
    assert_eq!((query.narrow.made, query.spans[0]), (Some(today), today));
    let mut found = whole(&[image(runs[0], 1)]);
    let spans = (0..query.spans.len()).collect();
    found.tallies = Some(Tallies { models: vec![("flux".to_owned(), 7)], spans, ..Tallies::default() });
    answer(&mut session, number, found);
    assert_eq!(session.sheet().finding().tallies().models, [("flux".to_owned(), 7)]);
    assert_eq!(session.sheet().finding().whens().nth(2), Some((When::Days(30), 2)));
    session.act(Action::Show(Filter::All), NOW);
    assert_eq!(shown(&session), [image(runs[0], 1)]);
    session.act(Action::ClearFilters, NOW);
    assert_eq!(shown(&session).len(), 2);
    assert_eq!(session.sheet().finding().made(), None);
}

#[test]
fn the_row_of_filters_asks_for_its_counts_and_hides_with_what_it_filtered() {
    let (mut session, _) = opened(&[2]);
    let (_, query) = asked(&verb(&mut session, Verb::Filters)).unwrap();
    assert!(session.sheet().finding().row_shown() && query.unwrap().is_open());
    let (_, query) = asked(&verb(&mut session, Verb::Filters)).unwrap();
    assert!(!session.sheet().finding().row_shown() && query.is_none());
    session.act(Action::Narrow(NarrowBy::Endpoint(Some("Other".to_owned()))), NOW);
    assert!(session.sheet().finding().row_shown());
    verb(&mut session, Verb::Filters);
    assert!(!session.sheet().finding().row_shown() && !session.sheet().finding().is_active());
}

#[test]
fn a_day_chosen_before_midnight_is_the_new_day_after_it() {
    let (mut session, _) = opened(&[1]);
    session.act(Action::Narrow(NarrowBy::Made(Some(When::Today))), NOW);
    let tomorrow = Timestamp(NOW.0 + 86_400_000);
    let commands = session.act(Action::SearchFor("fox".to_owned()), tomorrow);
    let query = asked(&commands).unwrap().1.unwrap();
    assert_eq!(query.narrow.made, Some(When::Today.span(tomorrow, &TimeZone::UTC)));
}

#[test]
fn another_library_begins_without_a_search() {
    let (mut session, _) = opened(&[1]);
    let number = search(&mut session, "zebra");
    answer(&mut session, number, whole(&[]));
    let commands =
        session.apply(Event::LibraryOpened { root: "/other".into(), runs: Vec::new(), problems: Vec::new() }, NOW);
    assert_eq!(asked(&commands).unwrap().1, None);
    assert_eq!(session.sheet().finding().typed(), "");
    assert_eq!(*session.sheet().finding().index(), IndexState::Making);
}
