//! Judging, deleting and taking back, done by the window's state and kept by the disk: the two never differ.

use std::path::Path;
use std::sync::Arc;

use jiff::tz::TimeZone;
use proofsheet::domain::{
    Catalogue, Draft, EndpointName, Failure, FailureKind, Filter, Format, ImageId, Mark, Run, RunIds, Settings, Slot,
    Timestamp,
};
use proofsheet::library::{Library, NewImage, check};
use proofsheet::message::{Action, Command, Direction, Event, Verb};
use proofsheet::state::{Session, SessionOptions};
use proptest::prelude::*;

const NOW: Timestamp = Timestamp(1_795_349_107_000);

fn run(number: u64, images: u32) -> Run {
    let draft = Draft { prompt: "a fox".to_owned(), images, ..Draft::default() };
    Run {
        id: RunIds::new(0).next(NOW.0 + number),
        request: draft.check(Catalogue::load(None).unwrap().find("gateway"), &[]).unwrap().into(),
        endpoint: EndpointName::demo(),
        demo: true,
        made_at: NOW,
        model_answered: None,
        notes: Vec::new(),
        slots: vec![Slot::Waiting; images as usize],
        binned: std::collections::BTreeSet::new(),
    }
}

/// Three images and a failure, then two images.
fn filled(root: &Path) -> Library {
    let (library, _) = Library::open(root).unwrap();
    for (run, failed) in [(run(1, 4), Some(2)), (run(2, 2), None)] {
        library.begin_run(&run).unwrap();
        for image in run.image_ids() {
            if Some(image.slot) == failed {
                library.fail_image(image, &Failure::free(FailureKind::NoCredit, "No credit")).unwrap();
                continue;
            }
            let new = NewImage {
                format: Format::Png,
                width: 4,
                height: 4,
                revised_prompt: None,
                made_at: NOW,
                took_millis: 1,
            };
            library.store_image(image, format!("fox {image:?}").as_bytes(), new).unwrap();
        }
    }
    library
}

fn opened(root: &Path, runs: Vec<Run>) -> Session {
    let mut session = Session::new(SessionOptions {
        settings: Settings { welcomed: true, ..Settings::default() },
        catalogue: Arc::new(Catalogue::load(None).unwrap()),
        demo: true,
        env_key: false,
        library: None,
        salt: 1,
        zone: TimeZone::UTC,
        problems: Vec::new(),
    });
    session.begin();
    session.apply(Event::LibraryOpened { root: root.to_owned(), runs, problems: Vec::new() }, NOW);
    session
}

/// Does what was asked for, on the disk too.
fn act(session: &mut Session, library: &Library, action: Action) -> Result<(), TestCaseError> {
    for command in session.act(action, NOW) {
        match command {
            Command::SetMarks(marks) => library.set_marks(&marks).unwrap(),
            Command::SetBinned(moves) => prop_assert_eq!(library.set_binned(&moves), []),
            _ => {}
        }
    }
    for kept in library.runs() {
        prop_assert_eq!(session.sheet().run(kept.id), Some(&kept));
    }
    let report = check(library.root());
    prop_assert!(report.is_clean(), "{:?}", report);
    Ok(())
}

/// What a person does; a click goes to a place of what is shown.
#[derive(Clone, Debug)]
enum Press {
    Click(usize),
    Show(Filter),
    Do(Verb),
}

fn presses() -> impl Strategy<Value = Press> {
    prop_oneof![
        3 => (0_usize..6).prop_map(Press::Click),
        1 => prop_oneof![Just(Filter::All), Just(Filter::Rejected), Just(Filter::Bin)].prop_map(Press::Show),
        4 => Just(Press::Do(Verb::Delete)),
        4 => Just(Press::Do(Verb::Undo)),
        2 => Just(Press::Do(Verb::Redo)),
        2 => prop_oneof![Just(Mark::Pick), Just(Mark::Reject)].prop_map(|mark| Press::Do(Verb::Mark(mark))),
        1 => Just(Press::Do(Verb::BinRejected)),
        1 => Just(Press::Do(Verb::Restore)),
        1 => Just(Press::Do(Verb::SelectAll)),
        1 => Just(Press::Do(Verb::Extend(Direction::Right))),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn delete_and_undo_in_any_order_keep_the_library_clean(script in prop::collection::vec(presses(), 1..24)) {
        let folder = tempfile::tempdir().unwrap();
        let library = filled(folder.path());
        let before = library.runs();
        let files = |library: &Library| {
            let images = before.iter().flat_map(Run::image_ids);
            images.map(|image: ImageId| library.image_path(image)).collect::<Vec<_>>()
        };
        let places = files(&library);
        let mut session = opened(folder.path(), before.clone());
        for press in &script {
            let action = match *press {
                Press::Show(filter) => Action::Show(filter),
                Press::Do(verb) => Action::Do(verb),
                Press::Click(place) => match session.sheet().visible_images().nth(place) {
                    Some(image) => Action::Click { image, extend: false, toggle: false },
                    None => continue,
                },
            };
            act(&mut session, &library, action)?;
        }
        for _ in &script {
            act(&mut session, &library, Action::Do(Verb::Undo))?;
        }
        prop_assert_eq!(library.runs(), before.clone());
        prop_assert_eq!(files(&library), places, "every file is where it was");
        drop(library);
        let (_, reopened) = Library::open(folder.path()).unwrap();
        prop_assert_eq!(reopened.runs, before);
    }
}
