//! No tile waits for ever, and none is given up too early.

use super::*;

#[test]
fn no_tile_waits_for_ever() {
    let mut session = session();
    type_prompt(&mut session, "a fox", 2);
    let run = press(&mut session, 0).unwrap();
    session.apply(Event::Finished { run }, NOW);
    assert!(session.sheet().run(run).unwrap().is_done());
    assert!(session.jobs().is_idle());
}

#[test]
fn a_retry_pressed_before_the_first_end_is_told_keeps_waiting() {
    let mut session = session();
    type_prompt(&mut session, "a fox", 1);
    let run = press(&mut session, 0).unwrap();
    let failure = Failure::free(FailureKind::RateLimited, "Too many requests");
    session.apply(Event::Failed { image: image(run, 0), failure }, NOW);
    assert_eq!(session.act(Action::Retry(image(run, 0)), NOW).len(), 1);
    // The end of the first request was on its way while Retry was pressed.
    session.apply(Event::Finished { run }, NOW);
    assert_eq!(session.sheet().slot(image(run, 0)), Some(&Slot::Waiting));
    assert!(!session.jobs().is_idle());
    session.apply(Event::Finished { run }, NOW);
    assert!(session.sheet().run(run).unwrap().is_done(), "the second end is the last");
}
