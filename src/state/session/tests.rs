//! Scripts of Actions and Events on the whole state.

mod comparing;
mod copying;
mod finding;
mod leaving;
mod looking;
mod only_shown;
mod reading;
mod saving;
mod undoing;
mod unwritten;
mod waiting;

use std::sync::Arc;

use super::*;
use crate::domain::{
    Draft, Endpoint, Failure, FailureKind, Field, Filter, Format, ImageFacts, ImageId, KeyPlace, Learned, Mark, RunId,
    Slot,
};
use crate::message::{Action, Ask, Dialog, Direction, Event, Verb, Zoom};

pub(super) const NOW: Timestamp = Timestamp(1_795_349_107_000);

fn session() -> Session {
    let settings = Settings { welcomed: true, ..Settings::default() };
    let mut session = Session::new(SessionOptions {
        settings,
        catalogue: Arc::new(Catalogue::load(None).unwrap()),
        demo: false,
        env_key: false,
        library: None,
        salt: 1,
        zone: TimeZone::UTC,
        problems: Vec::new(),
    });
    session.begin();
    let endpoint = session.settings().current.clone();
    session.apply(Event::KeyFound { endpoint, place: KeyPlace::Keyring, problem: None }, NOW);
    session
}

fn type_prompt(session: &mut Session, prompt: &str, images: u32) {
    let draft = Draft { prompt: prompt.to_owned(), images, ..session.composer().draft().clone() };
    session.act(Action::Edit(draft), NOW);
}

fn facts(bytes: u64) -> ImageFacts {
    ImageFacts {
        size_bytes: bytes,
        width: 1024,
        height: 1024,
        format: Format::Png,
        revised_prompt: None,
        mark: Mark::None,
        made_at: NOW,
        took_millis: 1,
    }
}

/// Presses Generate at `at` and says which run was sent, if one was.
fn press(session: &mut Session, at: u64) -> Option<RunId> {
    let commands = session.act(Action::Do(Verb::Generate), Timestamp(NOW.0 + at));
    commands.into_iter().find_map(|command| match command {
        Command::Generate { run, .. } => Some(run.id),
        _ => None,
    })
}

/// A session with runs of so many stored images, oldest first.
pub(super) fn with_runs(counts: &[u32]) -> (Session, Vec<RunId>) {
    let mut session = session();
    let mut runs = Vec::new();
    for (place, &count) in counts.iter().enumerate() {
        type_prompt(&mut session, &format!("prompt number {place}"), count);
        let run = press(&mut session, place as u64 * 10_000).unwrap();
        for slot in 0..count as u16 {
            session.apply(Event::Stored { image: ImageId { run, slot }, facts: facts(100) }, NOW);
        }
        session.apply(Event::Finished { run }, NOW);
        runs.push(run);
    }
    (session, runs)
}

pub(super) fn image(run: RunId, slot: u16) -> ImageId {
    ImageId { run, slot }
}

pub(super) fn verb(session: &mut Session, verb: Verb) -> Vec<Command> {
    session.act(Action::Do(verb), NOW)
}

#[test]
fn a_press_sends_the_draft_and_shows_its_tiles_at_once() {
    let mut session = session();
    type_prompt(&mut session, "  a fox ", 3);
    let run = press(&mut session, 0).expect("sent");
    let shown = session.sheet().run(run).unwrap();
    assert_eq!((shown.request.prompt.as_str(), shown.slots.len()), ("a fox", 3));
    assert!(shown.slots.iter().all(|slot| *slot == Slot::Waiting));
    assert_eq!(session.running().len(), 1);
    assert_eq!(session.composer().draft().prompt, "  a fox ", "the prompt stays as typed");
}

#[test]
fn a_double_press_is_one_intent_and_a_later_one_is_another() {
    let mut session = session();
    type_prompt(&mut session, "a fox", 1);
    assert!(press(&mut session, 0).is_some());
    assert!(press(&mut session, 200).is_none());
    assert!(press(&mut session, 5_000).is_some());
    type_prompt(&mut session, "a hare", 1);
    assert!(press(&mut session, 5_100).is_some(), "another draft is another intent");
}

#[test]
fn a_bad_draft_is_not_sent_and_says_why() {
    let mut session = session();
    type_prompt(&mut session, "   ", 4);
    assert!(press(&mut session, 0).is_none());
    assert!(session.composer().error(Field::Prompt).is_some());
    assert_eq!(session.sheet().run_count(), 0);
}

#[test]
fn nothing_is_sent_without_a_key_or_in_the_clear() {
    let mut session = session();
    type_prompt(&mut session, "a fox", 1);
    let name = session.settings().current.clone();
    session.apply(Event::KeyFound { endpoint: name.clone(), place: KeyPlace::Missing, problem: None }, NOW);
    assert!(press(&mut session, 0).is_none());
    assert!(matches!(session.desk().dialog(), Some(Dialog::Preferences(_))));
    session.apply(Event::KeyFound { endpoint: name.clone(), place: KeyPlace::Keyring, problem: None }, NOW);
    let plain = Endpoint { base_url: "http://gateway.example/v1".to_owned(), ..Endpoint::default() };
    session.act(Action::ChangeEndpoint(name.clone(), plain.clone()), NOW);
    assert!(press(&mut session, 1_000).is_none());
    session.act(Action::ChangeEndpoint(name, Endpoint { plain_http_agreed: true, ..plain }), NOW);
    assert!(press(&mut session, 2_000).is_some());
}

#[test]
fn arrivals_move_neither_cursor_nor_selection() {
    let (mut session, runs) = with_runs(&[4, 2]);
    session.act(Action::Click { image: image(runs[0], 1), extend: false, toggle: false }, NOW);
    session.act(Action::Click { image: image(runs[0], 3), extend: false, toggle: true }, NOW);
    let before = (session.sheet().cursor(), session.sheet().selection());
    type_prompt(&mut session, "more", 4);
    let run = press(&mut session, 99_000).unwrap();
    for slot in 0..4 {
        session.apply(Event::Stored { image: image(run, slot), facts: facts(1) }, NOW);
        assert_eq!((session.sheet().cursor(), session.sheet().selection()), before);
    }
    assert!(session.sheet().new_arrivals() >= 4);
}

#[test]
fn marks_go_to_the_selection_and_can_be_taken_back() {
    let (mut session, runs) = with_runs(&[3]);
    verb(&mut session, Verb::Move(Direction::Home));
    verb(&mut session, Verb::Extend(Direction::Right));
    let commands = verb(&mut session, Verb::Mark(Mark::Pick));
    assert!(matches!(commands.as_slice(), [Command::SetMarks(marks)] if marks.len() == 2));
    assert_eq!(session.sheet().counts().picks, 2);
    verb(&mut session, Verb::Undo);
    assert_eq!(session.sheet().counts().picks, 0);
    verb(&mut session, Verb::Redo);
    assert_eq!(session.sheet().mark(image(runs[0], 1)), Some(Mark::Pick));
    verb(&mut session, Verb::ClearPicks);
    assert_eq!(session.sheet().counts().picks, 0);
    verb(&mut session, Verb::Undo);
    assert_eq!(session.sheet().counts().picks, 2);
}

#[test]
fn judging_with_shift_takes_one_press_an_image() {
    let (mut session, _) = with_runs(&[4, 4]);
    verb(&mut session, Verb::Move(Direction::Home));
    for press in 0..8 {
        verb(&mut session, Verb::MarkAndNext(if press % 2 == 0 { Mark::Pick } else { Mark::Reject }));
    }
    let counts = session.sheet().counts();
    assert_eq!((counts.picks, counts.rejected), (4, 4));
}

#[test]
fn under_a_filter_the_cursor_goes_to_what_took_the_place() {
    let (mut session, runs) = with_runs(&[4]);
    verb(&mut session, Verb::SelectAll);
    verb(&mut session, Verb::Mark(Mark::Pick));
    session.act(Action::Show(Filter::Picks), NOW);
    session.act(Action::Click { image: image(runs[0], 1), extend: false, toggle: false }, NOW);
    verb(&mut session, Verb::Mark(Mark::None));
    assert_eq!(session.sheet().cursor(), Some(image(runs[0], 2)));
    session.act(Action::Click { image: image(runs[0], 3), extend: false, toggle: false }, NOW);
    verb(&mut session, Verb::Mark(Mark::None));
    assert_eq!(session.sheet().cursor(), Some(image(runs[0], 2)), "at the end, the one before");
}

#[test]
fn arrows_go_by_the_lines_that_are_shown() {
    let (mut session, runs) = with_runs(&[4, 2]);
    // Three squares beside each other.
    session.act(Action::Lines { width: 320, tile: 100 }, NOW);
    for (direction, expected) in [
        (Direction::Home, image(runs[1], 0)),
        (Direction::Right, image(runs[1], 1)),
        (Direction::Down, image(runs[0], 2)),
        (Direction::Down, image(runs[0], 3)),
        (Direction::Down, image(runs[0], 3)),
        (Direction::Up, image(runs[0], 1)),
        (Direction::PageUp, image(runs[1], 1)),
        (Direction::End, image(runs[0], 3)),
        (Direction::Left, image(runs[0], 2)),
    ] {
        let commands = verb(&mut session, Verb::Move(direction));
        assert_eq!(session.sheet().cursor(), Some(expected), "{direction:?}");
        assert!(matches!(commands.as_slice(), [Command::Ask(Ask::ScrollTo(image))] if *image == expected));
    }
}

#[test]
fn a_search_finds_words_of_the_prompt() {
    let (mut session, runs) = with_runs(&[1, 1, 1]);
    session.act(Action::SearchFor("NUMBER 1".to_owned()), NOW);
    assert_eq!(session.sheet().visible_images().collect::<Vec<_>>(), [image(runs[1], 0)]);
    session.act(Action::SearchFor("zebra".to_owned()), NOW);
    assert_eq!(session.sheet().visible().len(), 0);
}

#[test]
fn saving_means_the_picks_then_the_selection_then_the_cursor() {
    let (mut session, runs) = with_runs(&[3]);
    assert!(matches!(verb(&mut session, Verb::Save).as_slice(), []));
    assert_eq!(session.notices().shown().len(), 1);
    verb(&mut session, Verb::Move(Direction::Home));
    let commands = verb(&mut session, Verb::Save);
    assert!(
        matches!(commands.as_slice(), [Command::Ask(Ask::SaveAs { name, .. })] if name == "2026-11-22 prompt number 0 1.png")
    );
    verb(&mut session, Verb::SelectAll);
    assert!(
        matches!(verb(&mut session, Verb::Save).as_slice(), [Command::Ask(Ask::SaveFolder { images, .. })] if images.len() == 3)
    );
    session.act(Action::MarkImage(image(runs[0], 2), Mark::Pick), NOW);
    assert!(
        matches!(verb(&mut session, Verb::Save).as_slice(), [Command::Ask(Ask::SaveAs { image, .. })] if image.slot == 2)
    );
}

#[test]
fn a_failed_image_can_be_asked_for_again_alone() {
    let mut session = session();
    type_prompt(&mut session, "a fox", 2);
    let run = press(&mut session, 0).unwrap();
    session.apply(Event::Stored { image: image(run, 0), facts: facts(9) }, NOW);
    let failure = Failure::free(FailureKind::RateLimited, "Too many requests");
    session.apply(Event::Failed { image: image(run, 1), failure }, NOW);
    assert!(session.jobs().is_idle());
    let commands = session.act(Action::Retry(image(run, 1)), NOW);
    assert!(matches!(commands.as_slice(), [Command::Generate { slots, .. }] if slots == &[1]));
    assert_eq!(session.sheet().slot(image(run, 1)), Some(&Slot::Waiting));
    assert!(session.act(Action::Retry(image(run, 0)), NOW).is_empty(), "a stored image is not asked for twice");
}

#[test]
fn events_about_nothing_known_are_dropped() {
    let mut session = session();
    let stranger = image(RunId::from_number(5), 0);
    session.apply(Event::Stored { image: stranger, facts: facts(1) }, NOW);
    session.apply(Event::Failed { image: stranger, failure: Failure::free(FailureKind::Disk, "x") }, NOW);
    session.apply(Event::Finished { run: stranger.run }, NOW);
    assert_eq!((session.sheet().run_count(), session.sheet().new_arrivals()), (0, 0));
}

#[test]
fn reuse_fills_the_composer_and_undo_empties_it_again() {
    let (mut session, runs) = with_runs(&[2]);
    type_prompt(&mut session, "half a thought", 7);
    session.act(Action::Click { image: image(runs[0], 0), extend: false, toggle: false }, NOW);
    verb(&mut session, Verb::Reuse);
    assert_eq!((session.composer().draft().prompt.as_str(), session.composer().draft().images), ("prompt number 0", 2));
    verb(&mut session, Verb::Undo);
    assert_eq!(session.composer().draft().prompt, "half a thought");
}

#[test]
fn the_viewer_opens_steps_judges_and_goes_back() {
    let (mut session, runs) = with_runs(&[3]);
    session.act(Action::Open(image(runs[0], 0)), NOW);
    assert_eq!((session.desk().page(), session.viewer().image()), (Page::Viewer, Some(image(runs[0], 0))));
    verb(&mut session, Verb::ZoomActual);
    verb(&mut session, Verb::MarkAndNext(Mark::Pick));
    assert_eq!(session.viewer().image(), Some(image(runs[0], 1)));
    assert_eq!(session.viewer().lens().zoom, Zoom::Factor(1.0), "zoom stays from image to image");
    verb(&mut session, Verb::Move(Direction::Right));
    verb(&mut session, Verb::Back);
    assert_eq!((session.desk().page(), session.sheet().cursor()), (Page::Sheet, Some(image(runs[0], 2))));
    assert_eq!(session.sheet().counts().picks, 1);
}

#[test]
fn the_survey_drops_panes_until_one_is_kept() {
    let (mut session, runs) = with_runs(&[3]);
    verb(&mut session, Verb::SelectAll);
    verb(&mut session, Verb::Survey);
    assert_eq!((session.desk().page(), session.viewer().survey().len()), (Page::Survey, 3));
    verb(&mut session, Verb::Mark(Mark::Reject));
    verb(&mut session, Verb::Mark(Mark::Reject));
    assert_eq!(session.viewer().survey(), [image(runs[0], 2)]);
    verb(&mut session, Verb::View);
    assert_eq!(session.desk().page(), Page::Sheet);
    assert_eq!(session.sheet().mark(image(runs[0], 2)), Some(Mark::Pick));
    assert_eq!(session.sheet().counts().rejected, 2);
}

#[test]
fn what_an_endpoint_teaches_is_kept_once_and_used() {
    let mut session = session();
    let learned = Learned {
        endpoint: session.settings().current.clone(),
        model: "dall-e-3".to_owned(),
        parameter: "style".to_owned(),
    };
    assert_eq!(session.apply(Event::Learned(learned.clone()), NOW).len(), 1);
    assert!(session.apply(Event::Learned(learned), NOW).is_empty());
    type_prompt(&mut session, "a fox", 1);
    let run = press(&mut session, 0).unwrap();
    let run = session.sheet().run(run).unwrap();
    assert_eq!((&run.request.style, run.notes.len()), (&None, 1));
    session.act(Action::ForgetLearned(0), NOW);
    assert!(session.settings().learned.is_empty());
}

#[test]
fn endpoints_are_added_renamed_and_removed_with_their_keys() {
    let mut session = session();
    let old = session.settings().current.clone();
    let studio = EndpointName::new("Studio").unwrap();
    let renamed = Endpoint { name: studio.clone(), ..Endpoint::default() };
    let commands = session.act(Action::ChangeEndpoint(old.clone(), renamed), NOW);
    assert!(
        commands.iter().any(|command| matches!(command, Command::RenameKey(from, to) if *from == old && *to == studio))
    );
    assert_eq!(session.settings().current, studio);
    assert_eq!(session.endpoints().key_place(&studio), KeyPlace::Keyring);
    session.act(Action::AddEndpoint(Endpoint { name: studio.clone(), ..Endpoint::default() }), NOW);
    assert_eq!(session.settings().endpoints.len(), 1, "names are unique");
    let commands = session.act(Action::RemoveEndpoint(studio.clone()), NOW);
    assert!(commands.iter().any(|command| matches!(command, Command::ForgetKey(name) if *name == studio)));
    assert!(session.settings().current.is_demo());
}

#[test]
fn a_library_that_is_loaded_late_does_not_lose_a_run_under_way() {
    let mut session = session();
    type_prompt(&mut session, "a fox", 1);
    let run = press(&mut session, 0).unwrap();
    session.apply(Event::LibraryOpened { root: "/x".into(), runs: Vec::new(), problems: Vec::new() }, NOW);
    assert!(session.sheet().run(run).is_some());
}

#[test]
fn first_start_is_shown_once_and_the_demo_skips_it() {
    let options = |demo| SessionOptions {
        settings: Settings::default(),
        catalogue: Arc::new(Catalogue::load(None).unwrap()),
        demo,
        env_key: false,
        library: None,
        salt: 1,
        zone: TimeZone::UTC,
        problems: Vec::new(),
    };
    let mut session = Session::new(options(false));
    assert_eq!(session.desk().page(), Page::FirstStart);
    assert_eq!(Session::new(options(true)).desk().page(), Page::Sheet);
    session.act(Action::TryDemo, NOW);
    assert_eq!((session.desk().page(), session.settings().welcomed), (Page::Sheet, true));
    type_prompt(&mut session, "a fox", 1);
    let run = press(&mut session, 0).unwrap();
    assert!(session.sheet().run(run).unwrap().demo);
}

#[test]
fn a_fault_of_the_last_time_is_told_with_the_way_to_its_report() {
    let mut session = session();
    session.apply(Event::StoppedBefore { reports: "/state/crashes".into() }, NOW);
    let [notice] = session.notices().shown() else { panic!("one notice") };
    assert!(notice.text.contains("stopped unexpectedly"));
    assert_eq!(notice.button, Some(super::super::notices::NoticeButton::OpenFolder("/state/crashes".into())));
}
