//! What the window is asked for from outside: to be left, and to be shown.

use super::*;

/// The image of a run that was asked for, as the only one.
fn image_of(session: &mut Session) -> ImageId {
    type_prompt(session, "a paper fox", 1);
    session.act(Action::Do(Verb::Generate), NOW);
    ImageId { run: session.sheet().visible().first().unwrap().run, slot: 0 }
}

fn warning(session: &mut Session) -> String {
    session.act(Action::LeaveAsked, NOW);
    session.notices().shown().last().unwrap().text.clone()
}

#[test]
fn an_image_in_memory_alone_is_not_left_behind_unasked() {
    let mut session = session();
    assert!(!session.leaving_loses());
    let image = image_of(&mut session);
    assert!(session.leaving_loses());
    assert!(warning(&mut session).contains("still being made"));
    let failure = Failure::maybe_billed(FailureKind::Disk, "It could not be stored.");
    session.apply(Event::Failed { image, failure }, NOW);
    session.apply(Event::Finished { run: image.run }, NOW);
    assert!(!session.leaving_loses(), "it is kept somewhere");
    session.apply(Event::OnlyInMemory { image, tried: Vec::new() }, NOW);
    assert!(session.notices().shown().last().unwrap().text.contains("only in memory"));
    assert!(session.leaving_loses());
    assert!(warning(&mut session).contains("press Retry"));
    session.apply(Event::Stored { image, facts: facts(7) }, NOW);
    assert!(!session.leaving_loses());
}

#[test]
fn asked_to_show_itself_the_window_does_and_says_that_it_heard() {
    let commands = session().apply(Event::ShowAsked, NOW);
    assert!(matches!(commands.as_slice(), [Command::Ask(Ask::Show), Command::Shown]));
}
