//! A library that another window changes: everything can be looked at, nothing is made or marked, and it says why.

use super::*;

#[test]
fn what_would_change_the_library_says_why_it_does_nothing() {
    let (mut session, runs) = with_runs(&[2, 1, 1]);
    session.act(Action::MarkImage(image(runs[1], 0), Mark::Reject), NOW);
    session.act(Action::Click { image: image(runs[2], 0), extend: false, toggle: false }, NOW);
    verb(&mut session, Verb::Delete);
    session.act(Action::Click { image: image(runs[0], 0), extend: false, toggle: false }, NOW);
    let failure = Failure::free(FailureKind::ServerError, "oops");
    session.apply(Event::Failed { image: image(runs[0], 1), failure }, NOW);
    let why = Failure::free(FailureKind::Disk, "Another window has it.");
    assert!(session.apply(Event::LibraryOnlyShown { why: why.clone() }, NOW).is_empty());
    type_prompt(&mut session, "a fox", 1);
    let acts = [
        Action::Do(Verb::Generate),
        Action::Retry(image(runs[0], 1)),
        Action::MarkImage(image(runs[0], 0), Mark::Pick),
        Action::MarkAgain(vec![(image(runs[0], 0), Mark::Pick)]),
        Action::Do(Verb::Mark(Mark::Pick)),
        Action::Do(Verb::ClearPicks),
        Action::Do(Verb::Delete),
        Action::Do(Verb::BinRejected),
        Action::Do(Verb::Restore),
        Action::Do(Verb::EmptyBin),
        Action::EmptyBin,
    ];
    for act in acts {
        let told: Vec<u64> = session.notices().shown().iter().map(|notice| notice.id).collect();
        for id in told {
            session.act(Action::Dismiss(id), NOW);
        }
        assert!(session.act(act, Timestamp(NOW.0 + 60_000)).is_empty());
        let notice = &session.notices().shown()[0];
        assert_eq!((&notice.text, notice.button.as_ref().unwrap().label()), (&why.sentence, "Open again"));
    }
    assert_eq!(session.sheet().mark(image(runs[0], 0)), Some(Mark::None));
    assert!(session.running().is_empty());
    assert_eq!((session.sheet().counts().binned, session.sheet().counts().rejected), (1, 1));
    for step in [Verb::Undo, Verb::Redo] {
        assert!(verb(&mut session, step).is_empty(), "what was done before is no step here");
    }
    assert!(!session.act(Action::SaveImages(vec![image(runs[0], 0)]), NOW).is_empty(), "copies can be made");
    assert!(!verb(&mut session, Verb::Copy).is_empty());

    assert!(matches!(session.act(Action::OpenLibraryAgain, NOW).as_slice(), [Command::OpenLibrary(None)]));
    let root = PathBuf::from("/library");
    session.apply(Event::LibraryOpened { root, runs: Vec::new(), problems: Vec::new() }, NOW);
    assert!(press(&mut session, 120_000).is_some(), "the other window is gone");
}
