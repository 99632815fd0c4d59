//! A library that another window changes: everything can be looked at, nothing is made or marked, and it says why.

use super::*;

#[test]
fn what_would_change_the_library_says_why_it_does_nothing() {
    let (mut session, runs) = with_runs(&[2]);
    let failure = Failure::free(FailureKind::ServerError, "oops");
    session.apply(Event::Failed { image: image(runs[0], 1), failure }, NOW);
    let why = Failure::free(FailureKind::Disk, "Another window has it.");
    assert!(session.apply(Event::LibraryOnlyShown { why: why.clone() }, NOW).is_empty());
    type_prompt(&mut session, "a fox", 1);
    let acts = [
        Action::Do(Verb::Generate),
        Action::Retry(image(runs[0], 1)),
        Action::MarkImage(image(runs[0], 0), Mark::Pick),
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

    assert!(matches!(session.act(Action::OpenLibraryAgain, NOW).as_slice(), [Command::OpenLibrary(None)]));
    let root = PathBuf::from("/library");
    session.apply(Event::LibraryOpened { root, runs: Vec::new(), problems: Vec::new() }, NOW);
    assert!(press(&mut session, 120_000).is_some(), "the other window is gone");
}
