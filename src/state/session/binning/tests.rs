//! Deleting, restoring and taking back, as scripts of Actions and Events.

use super::super::tests::{NOW, image, verb, with_runs};
use super::super::{Command, Session};
use super::*;
use crate::domain::{FailureKind, Mark};
use crate::message::{Action, Direction, Event, Verb};
use crate::state::NoticeButton;

fn click(session: &mut Session, image: ImageId) {
    session.act(Action::Click { image, extend: false, toggle: false }, NOW);
}

fn shown(session: &Session) -> Vec<ImageId> {
    session.sheet().visible_images().collect()
}

/// The moves among commands.
fn moves(commands: &[Command]) -> Vec<(ImageId, bool)> {
    let moves = commands.iter().filter_map(|command| match command {
        Command::SetBinned(moves) => Some(moves.clone()),
        _ => None,
    });
    moves.flatten().collect()
}

#[test]
fn delete_asks_nothing_and_can_be_taken_back_from_its_notice() {
    let (mut session, runs) = with_runs(&[4]);
    click(&mut session, image(runs[0], 1));
    let commands = verb(&mut session, Verb::Delete);
    assert_eq!(moves(&commands), [(image(runs[0], 1), true)]);
    assert!(session.desk().dialog().is_none());
    let notice = session.notices().shown().last().unwrap();
    assert_eq!((notice.text.as_str(), &notice.button), ("Moved 1 image to the bin", &Some(NoticeButton::Undo)));
    assert_eq!((session.sheet().counts().all, session.sheet().counts().binned), (3, 1));
    let commands = verb(&mut session, Verb::Undo);
    assert_eq!(moves(&commands), [(image(runs[0], 1), false)]);
    assert_eq!((shown(&session).len(), session.sheet().cursor()), (4, Some(image(runs[0], 1))));
    assert!(session.notices().shown().is_empty(), "the notice has nothing more to offer");
    verb(&mut session, Verb::Redo);
    assert_eq!(shown(&session).len(), 3);
}

#[test]
fn the_cursor_goes_to_the_next_image_and_at_the_end_to_the_one_before() {
    let (mut session, runs) = with_runs(&[2, 3]);
    let (old, new) = (runs[0], runs[1]);
    click(&mut session, image(new, 1));
    verb(&mut session, Verb::Delete);
    assert_eq!((session.sheet().cursor(), session.sheet().selection()), (Some(image(new, 2)), vec![image(new, 2)]));
    verb(&mut session, Verb::Delete);
    assert_eq!(session.sheet().cursor(), Some(image(old, 0)), "on to the next run");
    click(&mut session, image(old, 1));
    verb(&mut session, Verb::Delete);
    assert_eq!(session.sheet().cursor(), Some(image(old, 0)), "at the end, the one before");
}

#[test]
fn after_several_the_cursor_is_on_the_first_that_stayed() {
    let (mut session, runs) = with_runs(&[6]);
    click(&mut session, image(runs[0], 1));
    verb(&mut session, Verb::Extend(Direction::Right));
    verb(&mut session, Verb::Extend(Direction::Right));
    let commands = verb(&mut session, Verb::Delete);
    assert_eq!(moves(&commands).len(), 3);
    assert_eq!(session.sheet().cursor(), Some(image(runs[0], 4)));
    verb(&mut session, Verb::Undo);
    assert_eq!(session.sheet().selection().len(), 3, "what was selected is selected again");
}

#[test]
fn the_viewer_goes_on_to_the_next_image_and_comes_back() {
    let (mut session, runs) = with_runs(&[3]);
    session.act(Action::Open(image(runs[0], 1)), NOW);
    verb(&mut session, Verb::Delete);
    assert_eq!((session.desk().page(), session.viewer().image()), (Page::Viewer, Some(image(runs[0], 2))));
    verb(&mut session, Verb::Delete);
    assert_eq!(session.viewer().image(), Some(image(runs[0], 0)));
    verb(&mut session, Verb::Undo);
    assert_eq!(session.viewer().image(), Some(image(runs[0], 2)), "what came back is shown");
    verb(&mut session, Verb::Redo);
    verb(&mut session, Verb::Delete);
    assert_eq!(session.desk().page(), Page::Sheet, "nothing is left to show");
}

#[test]
fn side_by_side_the_deleted_pane_leaves() {
    let (mut session, _) = with_runs(&[3]);
    verb(&mut session, Verb::SelectAll);
    verb(&mut session, Verb::Survey);
    verb(&mut session, Verb::Delete);
    assert_eq!((session.desk().page(), session.viewer().survey().len()), (Page::Survey, 2));
    assert_eq!(session.sheet().counts().binned, 1);
}

#[test]
fn failures_are_cleared_and_what_waits_is_not() {
    let (mut session, runs) = with_runs(&[2]);
    let failure = Failure::free(FailureKind::NoCredit, "No credit");
    session.apply(Event::Failed { image: image(runs[0], 2), failure: failure.clone() }, NOW);
    click(&mut session, image(runs[0], 2));
    verb(&mut session, Verb::Delete);
    assert_eq!(session.notices().shown().last().unwrap().text, "Moved 1 failed image to the bin");
    assert_eq!(shown(&session).len(), 2);
    verb(&mut session, Verb::Undo);
    assert_eq!(session.sheet().slot(image(runs[0], 2)), Some(&Slot::Failed(failure.into())));
    assert!(session.act(Action::Retry(image(runs[0], 2)), NOW).len() == 1, "and can be asked for again");
    click(&mut session, image(runs[0], 2));
    assert_eq!(moves(&verb(&mut session, Verb::Delete)), []);
    assert!(session.notices().shown().last().unwrap().text.contains("still being made"));
}

#[test]
fn all_rejected_go_as_one_step() {
    let (mut session, runs) = with_runs(&[3, 3]);
    for run in &runs {
        session.act(Action::MarkImage(image(*run, 1), Mark::Reject), NOW);
    }
    session.act(Action::Show(Filter::Rejected), NOW);
    let commands = verb(&mut session, Verb::BinRejected);
    assert_eq!(moves(&commands).len(), 2);
    assert_eq!((session.sheet().counts().rejected, session.sheet().counts().binned), (0, 2));
    verb(&mut session, Verb::Undo);
    assert_eq!((session.sheet().counts().rejected, session.sheet().counts().binned), (2, 0));
    session.act(Action::Show(Filter::Picks), NOW);
    assert_eq!(moves(&verb(&mut session, Verb::BinRejected)), [], "only what is shown");
}

#[test]
fn the_bin_is_a_view_to_restore_from() {
    let (mut session, runs) = with_runs(&[3]);
    session.act(Action::MarkImage(image(runs[0], 0), Mark::Pick), NOW);
    click(&mut session, image(runs[0], 0));
    verb(&mut session, Verb::Delete);
    assert_eq!((session.sheet().counts().picks, session.meant_to_save().len()), (0, 1), "the pick is not saved");
    session.act(Action::Show(Filter::Bin), NOW);
    assert_eq!(shown(&session), [image(runs[0], 0)]);
    assert_eq!(session.sheet().visible_picks(), []);
    click(&mut session, image(runs[0], 0));
    assert!(verb(&mut session, Verb::Mark(Mark::Reject)).is_empty(), "nothing is judged in the bin");
    assert_eq!(moves(&verb(&mut session, Verb::Delete)), [], "it is there already");
    assert_eq!(moves(&verb(&mut session, Verb::Restore)), [(image(runs[0], 0), false)]);
    assert_eq!((session.sheet().counts().picks, shown(&session).len()), (1, 0));
    verb(&mut session, Verb::Undo);
    assert_eq!(session.sheet().counts().binned, 1);
}

#[test]
fn what_the_disk_did_not_do_comes_back_with_a_notice() {
    let (mut session, runs) = with_runs(&[3]);
    click(&mut session, image(runs[0], 1));
    verb(&mut session, Verb::Delete);
    let failure = Failure::free(FailureKind::Disk, "The image could not be moved to the bin: the disk is full.");
    session.apply(Event::Unmoved { images: vec![image(runs[0], 1)], binned: false, failure }, NOW);
    assert_eq!((shown(&session).len(), session.sheet().counts().binned), (3, 0));
    let told: Vec<&str> = session.notices().shown().iter().map(|notice| notice.text.as_str()).collect();
    assert_eq!(told, ["The image could not be moved to the bin: the disk is full."], "and not that it was moved");
    assert_eq!(moves(&verb(&mut session, Verb::Undo)), [], "there is nothing to take back");
}

#[test]
fn of_several_only_what_moved_can_be_taken_back() {
    let (mut session, runs) = with_runs(&[3]);
    let all = [0, 1, 2].map(|slot| image(runs[0], slot));
    verb(&mut session, Verb::SelectAll);
    verb(&mut session, Verb::Delete);
    let failure = Failure::free(FailureKind::Disk, "The disk is full.");
    session.apply(Event::Unmoved { images: all[..2].to_vec(), binned: false, failure }, NOW);
    let told = session.notices().shown().last().unwrap().text.clone();
    assert_eq!(told, "2 images could not be moved to the bin. The disk is full.");
    assert_eq!(moves(&verb(&mut session, Verb::Undo)), [(all[2], false)]);
    assert_eq!((shown(&session).len(), session.sheet().counts().binned), (3, 0));
}

#[test]
fn emptying_asks_first_and_is_not_taken_back() {
    let (mut session, runs) = with_runs(&[3]);
    assert!(verb(&mut session, Verb::EmptyBin).is_empty());
    assert!(session.desk().dialog().is_none(), "an empty bin is not asked about");
    click(&mut session, image(runs[0], 0));
    verb(&mut session, Verb::Delete);
    verb(&mut session, Verb::EmptyBin);
    assert_eq!(session.desk().dialog(), Some(&Dialog::EmptyBin));
    let commands = session.act(Action::EmptyBin, NOW);
    assert!(matches!(commands.as_slice(), [Command::EmptyBin(images)] if *images == [image(runs[0], 0)]));
    assert!(session.desk().dialog().is_none());
    session.act(Action::Show(Filter::Bin), NOW);
    session.apply(Event::BinEmptied { gone: vec![image(runs[0], 0)], failure: None }, NOW);
    assert_eq!((session.sheet().filter(), shown(&session).len()), (Filter::All, 2));
    assert!(verb(&mut session, Verb::Undo).is_empty(), "no step brings it back");
    let failure = Failure::free(FailureKind::Disk, "There is no trash.");
    session.apply(Event::BinEmptied { gone: Vec::new(), failure: Some(failure) }, NOW);
    assert_eq!(session.notices().shown().last().unwrap().text, "There is no trash.");
}
