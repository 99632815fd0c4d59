//! Undo and redo of any script, across views and filters.

use proptest::prelude::*;

use super::*;
use crate::domain::Run;

/// A thing a person may do.
#[derive(Clone, Debug)]
enum Press {
    Click(usize),
    Do(Verb),
    MarkOne(usize, Mark),
    Show(Filter),
    Search(&'static str),
}

fn marks() -> impl Strategy<Value = Mark> {
    prop_oneof![Just(Mark::Pick), Just(Mark::Reject), Just(Mark::None)]
}

fn sideways() -> impl Strategy<Value = Verb> {
    prop_oneof![Just(Direction::Left), Just(Direction::Right)].prop_map(Verb::Move)
}

fn presses() -> impl Strategy<Value = Press> {
    let filters = prop_oneof![Just(Filter::All), Just(Filter::Picks), Just(Filter::Rejected), Just(Filter::Bin)];
    prop_oneof![
        2 => (0_usize..12).prop_map(Press::Click),
        2 => marks().prop_map(|mark| Press::Do(Verb::Mark(mark))),
        2 => marks().prop_map(|mark| Press::Do(Verb::MarkAndNext(mark))),
        1 => (0_usize..12, marks()).prop_map(|(place, mark)| Press::MarkOne(place, mark)),
        3 => Just(Press::Do(Verb::Delete)),
        1 => Just(Press::Do(Verb::Restore)),
        1 => Just(Press::Do(Verb::BinRejected)),
        1 => Just(Press::Do(Verb::ClearPicks)),
        1 => Just(Press::Do(Verb::Reuse)),
        2 => filters.prop_map(Press::Show),
        1 => prop_oneof![Just(""), Just("number 2")].prop_map(Press::Search),
        1 => Just(Press::Do(Verb::View)),
        1 => Just(Press::Do(Verb::Survey)),
        1 => Just(Press::Do(Verb::Back)),
        2 => sideways().prop_map(Press::Do),
        1 => Just(Press::Do(Verb::SelectAll)),
    ]
}

fn press(session: &mut Session, press: &Press) {
    let at = |session: &Session, place: usize| session.sheet().visible_images().nth(place);
    let action = match *press {
        Press::Do(verb) => Action::Do(verb),
        Press::Show(filter) => Action::Show(filter),
        Press::Search(words) => Action::SearchFor(words.to_owned()),
        Press::Click(place) => match at(session, place) {
            Some(image) => Action::Click { image, extend: false, toggle: false },
            None => return,
        },
        Press::MarkOne(place, mark) => match at(session, place) {
            Some(image) => Action::MarkImage(image, mark),
            None => return,
        },
    };
    session.act(action, NOW);
}

/// Everything that Undo takes back: images, marks, the bin, and what stands in the composer.
fn kept(session: &Session) -> (Vec<Run>, Draft) {
    (session.sheet.runs().iter().cloned().collect(), session.composer().draft().clone())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    /// Every Undo is the state before one step, every Redo the state after it, to the first and back to the last.
    #[test]
    fn any_script_is_taken_back_exactly_step_by_step(script in proptest::collection::vec(presses(), 0..24)) {
        let (mut session, _) = with_runs(&[3, 1, 4]);
        let mut states = vec![kept(&session)];
        for step in &script {
            press(&mut session, step);
            let now = kept(&session);
            if states.last() != Some(&now) {
                states.push(now);
            }
            let counts = session.sheet().counts();
            prop_assert_eq!(counts.all + counts.binned, 8);
        }
        if session.desk().page() == Page::Survey {
            // There, what left without a verdict is a step too.
            verb(&mut session, Verb::Sheet);
        }
        for before in states.iter().rev().skip(1) {
            verb(&mut session, Verb::Undo);
            prop_assert_eq!(&kept(&session), before);
        }
        verb(&mut session, Verb::Undo);
        prop_assert_eq!(&kept(&session), &states[0], "there is nothing more");
        for after in states.iter().skip(1) {
            verb(&mut session, Verb::Redo);
            prop_assert_eq!(&kept(&session), after);
        }
    }

    /// Side by side, Undo brings every image back into its place, whichever way it went.
    #[test]
    fn what_left_the_survey_comes_back_into_its_place(
        script in proptest::collection::vec(prop_oneof![
            2 => marks().prop_map(|mark| Some(Verb::Mark(mark))),
            2 => Just(Some(Verb::Delete)),
            3 => sideways().prop_map(Some),
            2 => Just(None),
        ], 0..16),
    ) {
        let (mut session, runs) = with_runs(&[3, 4]);
        session.act(Action::MarkImage(image(runs[1], 2), Mark::Reject), NOW);
        verb(&mut session, Verb::SelectAll);
        verb(&mut session, Verb::Survey);
        let seen = |session: &Session| (kept(session), session.viewer().survey().to_vec());
        let mut states = vec![seen(&session)];
        for &step in &script {
            // The last one is left: without it there would be no survey.
            let leaves = matches!(step, None | Some(Verb::Delete | Verb::Mark(Mark::Reject)));
            if session.viewer().survey().len() == 1 && leaves {
                continue;
            }
            // The cross stands for no verdict.
            let cross = session.viewer().image().map(Action::DropFromSurvey);
            session.act(step.map(Action::Do).or(cross).unwrap(), NOW);
            let now = seen(&session);
            if states.last() != Some(&now) {
                states.push(now);
            }
            prop_assert!(session.viewer().image().is_some_and(|image| session.viewer().survey().contains(&image)));
        }
        for before in states.iter().rev().skip(1) {
            verb(&mut session, Verb::Undo);
            prop_assert_eq!(&seen(&session), before);
        }
        for after in states.iter().skip(1) {
            verb(&mut session, Verb::Redo);
            prop_assert_eq!(&seen(&session), after);
        }
    }
}

#[test]
fn what_was_taken_out_of_a_survey_is_no_step_once_it_is_left() {
    let (mut session, runs) = with_runs(&[3]);
    let first = image(runs[0], 0);
    session.act(Action::MarkImage(first, Mark::Pick), NOW);
    verb(&mut session, Verb::SelectAll);
    verb(&mut session, Verb::Survey);
    session.act(Action::DropFromSurvey(image(runs[0], 1)), NOW);
    verb(&mut session, Verb::Back);
    verb(&mut session, Verb::Undo);
    assert_eq!(session.sheet().mark(first), Some(Mark::None), "the step before it");
}

#[test]
fn what_was_typed_into_reused_settings_comes_again_with_redo() {
    let (mut session, runs) = with_runs(&[2]);
    type_prompt(&mut session, "half a thought", 7);
    session.act(Action::Click { image: image(runs[0], 0), extend: false, toggle: false }, NOW);
    verb(&mut session, Verb::Reuse);
    type_prompt(&mut session, "prompt number 0, at night", 2);
    for _ in 0..2 {
        verb(&mut session, Verb::Undo);
        assert_eq!(session.composer().draft().prompt, "half a thought");
        verb(&mut session, Verb::Redo);
        assert_eq!(session.composer().draft().prompt, "prompt number 0, at night");
    }
}

#[test]
fn reuse_means_the_image_that_is_looked_at() {
    let (mut session, runs) = with_runs(&[1, 1]);
    verb(&mut session, Verb::SelectAll);
    verb(&mut session, Verb::Survey);
    for (direction, run) in [(Direction::End, 0), (Direction::Home, 1)] {
        verb(&mut session, Verb::Move(direction));
        assert_eq!(session.viewer().image(), Some(image(runs[run], 0)));
        verb(&mut session, Verb::Reuse);
        assert_eq!(session.composer().draft().prompt, format!("prompt number {run}"));
    }
}

/// What is said, oldest first.
fn said(session: &Session) -> Vec<&str> {
    session.notices().shown().iter().map(|notice| notice.text.as_str()).collect()
}

#[test]
fn what_is_undone_out_of_sight_is_said() {
    let (mut session, runs) = with_runs(&[4]);
    for (slot, mark) in [(0, Mark::Pick), (1, Mark::Reject), (2, Mark::Pick)] {
        session.act(Action::MarkImage(image(runs[0], slot), mark), NOW);
    }
    verb(&mut session, Verb::Undo);
    assert_eq!(said(&session), [""; 0], "it is seen");
    verb(&mut session, Verb::Redo);
    session.act(Action::Show(Filter::Bin), NOW);
    verb(&mut session, Verb::Undo);
    assert_eq!(said(&session), ["Undone: 1 image is unmarked again"]);
    verb(&mut session, Verb::Redo);
    assert_eq!(said(&session).last(), Some(&"Done again: 1 image is picked"));
    session.act(Action::Show(Filter::All), NOW);
    let images = (0..2).map(|slot| image(runs[0], slot)).collect();
    session.act(Action::Select { images, add: false }, NOW);
    verb(&mut session, Verb::Mark(Mark::None));
    session.act(Action::Show(Filter::Bin), NOW);
    verb(&mut session, Verb::Undo);
    assert_eq!(said(&session).last(), Some(&"Undone: 2 images are marked as before"));
    // In the viewer one image is seen, and no other.
    session.act(Action::Show(Filter::All), NOW);
    session.act(Action::Open(image(runs[0], 3)), NOW);
    verb(&mut session, Verb::Mark(Mark::Reject));
    verb(&mut session, Verb::Undo);
    assert_eq!(said(&session).last(), Some(&"Undone: 2 images are marked as before"), "nothing new");
    session.act(Action::Click { image: image(runs[0], 0), extend: false, toggle: false }, NOW);
    verb(&mut session, Verb::Redo);
    assert_eq!(said(&session).last(), Some(&"Done again: 1 image is rejected"));
}

#[test]
fn in_the_bin_nothing_is_judged_and_that_is_said() {
    let (mut session, runs) = with_runs(&[2]);
    session.act(Action::Click { image: image(runs[0], 0), extend: false, toggle: false }, NOW);
    verb(&mut session, Verb::Delete);
    session.act(Action::Show(Filter::Bin), NOW);
    session.act(Action::Open(image(runs[0], 0)), NOW);
    assert!(verb(&mut session, Verb::Mark(Mark::Pick)).is_empty());
    assert!(said(&session).iter().any(|text| text.contains("R puts the image back")), "{:?}", said(&session));
    assert_eq!(session.sheet().mark(image(runs[0], 0)), Some(Mark::None));
    verb(&mut session, Verb::Restore);
    assert!(!session.sheet().is_binned(image(runs[0], 0)));
}
