//! What picks are saved as.

use super::{NOW, image, verb, with_runs};
use crate::domain::{SaveFormat, Settings};
use crate::message::{Action, Ask, Command, Direction, Event, SaveTarget, SavedPicks, Verb};

#[test]
fn the_save_format_goes_along_and_names_the_file() {
    let (mut session, runs) = with_runs(&[1]);
    verb(&mut session, Verb::Move(Direction::Home));
    let settings = Settings { save_format: SaveFormat::Jpeg, ..session.settings().clone() };
    session.act(Action::Change(Box::new(settings)), NOW);
    let commands = verb(&mut session, Verb::Save);
    assert!(matches!(commands.as_slice(), [Command::Ask(Ask::SaveAs { name, .. })] if name.ends_with(" 1.jpg")));
    let images = vec![image(runs[0], 0)];
    let commands = session.act(Action::SaveTo { images, target: SaveTarget::Folder("/out".into()) }, NOW);
    assert!(matches!(commands.first(), Some(Command::Save { format: SaveFormat::Jpeg, .. })));
    let saved = SavedPicks { files: vec!["/out/a.jpg".into()], failures: Vec::new(), flattened: 1 };
    session.apply(Event::Saved(saved), NOW);
    let said = session.notices().shown().iter().any(|notice| notice.text.ends_with("so 1 image is now on white"));
    assert!(said, "{:?}", session.notices().shown());
}
