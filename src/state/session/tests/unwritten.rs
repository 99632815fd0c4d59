//! Marks that the disk did not take: what is shown is what is kept, Undo stays exact, and Retry gives them again.

use proptest::prelude::*;

use super::*;
use crate::message::Unwritten;
use crate::state::NoticeButton;

fn full() -> Failure {
    Failure::free(FailureKind::Disk, "The change could not be written down: the disk is full.")
}

fn unmark(session: &mut Session, marks: &[(ImageId, Mark, Option<Mark>)]) {
    let marks = marks.iter().map(|&(image, tried, kept)| Unwritten { image, tried, kept }).collect();
    assert!(session.apply(Event::Unmarked { marks, failure: full() }, NOW).is_empty());
}

/// The marks that are to be written.
fn written(commands: Vec<Command>) -> Vec<(ImageId, Mark)> {
    let marks = commands.into_iter().filter_map(|command| match command {
        Command::SetMarks(marks) => Some(marks),
        _ => None,
    });
    marks.flatten().collect()
}

fn mark(session: &mut Session, image: ImageId, mark: Mark) {
    session.act(Action::MarkImage(image, mark), NOW);
}

/// The one problem shown, with what its button gives again.
fn told(session: &Session) -> (&str, Vec<(ImageId, Mark)>) {
    let [notice] = session.notices().shown() else { panic!("{:?}", session.notices().shown()) };
    let Some(NoticeButton::Retry(again)) = &notice.button else { panic!("{notice:?}") };
    (&notice.text, again.clone())
}

#[test]
fn a_mark_that_is_not_kept_is_not_shown_and_retry_gives_it_again() {
    let (mut session, runs) = with_runs(&[2]);
    let (first, second) = (image(runs[0], 0), image(runs[0], 1));
    mark(&mut session, first, Mark::Reject);
    mark(&mut session, second, Mark::Pick);
    mark(&mut session, first, Mark::Pick);
    unmark(&mut session, &[(first, Mark::Pick, Some(Mark::Reject))]);
    assert_eq!((session.sheet().mark(first), session.sheet().mark(second)), (Some(Mark::Reject), Some(Mark::Pick)));
    let (text, again) = told(&session);
    assert_eq!(text, "1 mark was taken back. The change could not be written down: the disk is full.");
    assert_eq!(written(session.act(Action::MarkAgain(again), NOW)), [(first, Mark::Pick)]);
    assert_eq!(session.sheet().mark(first), Some(Mark::Pick));
    verb(&mut session, Verb::Undo);
    verb(&mut session, Verb::Undo);
    assert_eq!((session.sheet().mark(first), session.sheet().mark(second)), (Some(Mark::Reject), Some(Mark::None)));
    // The disk may be several steps behind, or hold a mark of another program, to which no step leads.
    mark(&mut session, first, Mark::Pick);
    unmark(&mut session, &[(first, Mark::Pick, Some(Mark::None))]);
    mark(&mut session, second, Mark::Reject);
    unmark(&mut session, &[(second, Mark::Reject, Some(Mark::Pick))]);
    let shown = [first, second].map(|image| session.sheet().mark(image));
    assert_eq!(shown, [Some(Mark::None), Some(Mark::Pick)]);
    assert!(written(verb(&mut session, Verb::Undo)).is_empty());
}

#[test]
fn several_failures_are_one_notice_that_retries_all() {
    let (mut session, runs) = with_runs(&[3]);
    let images = [0, 1, 2].map(|slot| image(runs[0], slot));
    for image in images {
        mark(&mut session, image, Mark::Pick);
        unmark(&mut session, &[(image, Mark::Pick, Some(Mark::None))]);
    }
    let (text, again) = told(&session);
    assert!(text.starts_with("3 marks were taken back."), "{text}");
    assert_eq!(again, images.map(|image| (image, Mark::Pick)));
    assert!(written(verb(&mut session, Verb::Undo)).is_empty(), "there is nothing to take back");
    assert_eq!(session.sheet().counts().picks, 0);
}

#[test]
fn a_mark_given_since_is_on_its_way_and_stays() {
    let (mut session, runs) = with_runs(&[1]);
    let image = image(runs[0], 0);
    mark(&mut session, image, Mark::Pick);
    mark(&mut session, image, Mark::Reject);
    unmark(&mut session, &[(image, Mark::Pick, Some(Mark::None))]);
    assert_eq!(session.sheet().mark(image), Some(Mark::Reject));
    assert!(session.notices().shown().is_empty(), "how that went is told when it is known");
    unmark(&mut session, &[(image, Mark::Reject, Some(Mark::None))]);
    assert_eq!(session.sheet().mark(image), Some(Mark::None));
    assert!(written(verb(&mut session, Verb::Undo)).is_empty());
}

#[test]
fn where_the_disk_cannot_be_asked_it_is_the_mark_before() {
    let (mut session, runs) = with_runs(&[2]);
    let (first, second) = (image(runs[0], 0), image(runs[0], 1));
    mark(&mut session, first, Mark::Reject);
    mark(&mut session, first, Mark::Pick);
    unmark(&mut session, &[(first, Mark::Pick, None)]);
    assert_eq!(session.sheet().mark(first), Some(Mark::Reject));
    // The step that was taken back could not be written.
    mark(&mut session, second, Mark::Pick);
    verb(&mut session, Verb::Undo);
    unmark(&mut session, &[(second, Mark::None, None)]);
    assert_eq!(session.sheet().mark(second), Some(Mark::Pick));
    assert!(written(verb(&mut session, Verb::Redo)).is_empty(), "nothing is undone any more");
    assert_eq!(written(verb(&mut session, Verb::Undo)), [(second, Mark::None)], "it can be taken back once more");
}

#[test]
fn what_was_told_to_be_undoable_is_not_when_it_did_not_happen() {
    let (mut session, runs) = with_runs(&[2]);
    let images = [0, 1].map(|slot| image(runs[0], slot));
    for image in images {
        mark(&mut session, image, Mark::Pick);
    }
    verb(&mut session, Verb::ClearPicks);
    assert_eq!(session.notices().shown()[0].button, Some(NoticeButton::Undo));
    unmark(&mut session, &images.map(|image| (image, Mark::None, Some(Mark::Pick))));
    assert_eq!(session.sheet().counts().picks, 2);
    assert!(told(&session).0.starts_with("2 marks were taken back."));
}

#[test]
fn a_rejected_pane_comes_back_into_the_survey() {
    let (mut session, runs) = with_runs(&[3]);
    verb(&mut session, Verb::SelectAll);
    verb(&mut session, Verb::Survey);
    let shown = session.viewer().survey().to_vec();
    verb(&mut session, Verb::Mark(Mark::Reject));
    assert_eq!(session.viewer().survey().len(), 2);
    let rejected =
        (0..3).map(|slot| image(runs[0], slot)).find(|&image| session.sheet().mark(image) == Some(Mark::Reject));
    unmark(&mut session, &[(rejected.unwrap(), Mark::Reject, Some(Mark::None))]);
    assert_eq!(session.viewer().survey(), shown);
}

proptest! {
    /// Whatever was given, taken back and not written: Undo leads to the beginning in steps that each fit what is shown.
    #[test]
    fn undo_stays_exact(
        script in proptest::collection::vec((0_u16..3, 0_usize..3, any::<bool>(), any::<bool>()), 0..40),
    ) {
        let (mut session, runs) = with_runs(&[3]);
        let marks = [Mark::None, Mark::Pick, Mark::Reject];
        let mut kept = [Mark::None; 3];
        for (slot, number, back, fails) in script {
            let commands = if back {
                verb(&mut session, Verb::Undo)
            } else {
                session.act(Action::MarkImage(image(runs[0], slot), marks[number]), NOW)
            };
            for (image, tried) in written(commands) {
                let place = usize::from(image.slot);
                if fails {
                    unmark(&mut session, &[(image, tried, Some(kept[place]))]);
                } else {
                    kept[place] = tried;
                }
                prop_assert_eq!(session.sheet().mark(image), Some(kept[place]), "what is kept is shown");
            }
        }
        // Each step changes something, and redoing all leads back here.
        let shown = |session: &Session| [0, 1, 2].map(|slot| session.sheet().mark(image(runs[0], slot)).unwrap());
        let mut states = vec![shown(&session)];
        while !written(verb(&mut session, Verb::Undo)).is_empty() {
            states.push(shown(&session));
        }
        prop_assert_eq!(shown(&session), [Mark::None; 3]);
        for state in states.iter().rev().skip(1) {
            verb(&mut session, Verb::Redo);
            prop_assert_eq!(&shown(&session), state);
        }
    }
}
