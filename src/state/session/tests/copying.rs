//! What is copied, and what is said of it.

use super::{NOW, image, verb, with_runs};
use crate::domain::RunId;
use crate::message::{Action, Command, Event, Verb};
use crate::state::Session;

fn select(session: &mut Session, run: RunId, slots: &[u16]) {
    let images = slots.iter().map(|&slot| image(run, slot)).collect();
    session.act(Action::Select { images, add: false }, NOW);
}

#[test]
fn one_image_is_copied_as_a_picture_and_several_as_files() {
    let (mut session, runs) = with_runs(&[4]);
    assert!(verb(&mut session, Verb::Copy).is_empty());
    assert_eq!(session.notices().shown().len(), 1, "that there is nothing to copy is said");
    select(&mut session, runs[0], &[2]);
    assert!(matches!(verb(&mut session, Verb::Copy).as_slice(), [Command::CopyImage(one)] if one.slot == 2));
    select(&mut session, runs[0], &[3, 0]);
    let commands = verb(&mut session, Verb::Copy);
    let wanted = [image(runs[0], 0), image(runs[0], 3)];
    assert!(matches!(commands.as_slice(), [Command::CopyFiles(images)] if *images == wanted), "as they are read");
    // In the viewer it is the one that is seen.
    session.act(Action::Open(image(runs[0], 1)), NOW);
    assert!(matches!(verb(&mut session, Verb::Copy).as_slice(), [Command::CopyImage(one)] if one.slot == 1));
    let too_many = (0..1_001).map(|slot| image(runs[0], slot)).collect();
    assert!(session.act(Action::CopyImages(too_many), NOW).is_empty());
    assert!(session.notices().shown().iter().any(|notice| notice.text.contains("are the most")));
}

#[test]
fn what_is_on_the_clipboard_is_said() {
    let (mut session, runs) = with_runs(&[9, 2]);
    let mut said = |slots: &[(usize, u16)]| {
        let images = slots.iter().map(|&(run, slot)| image(runs[run], slot)).collect();
        session.apply(Event::Copied(images), NOW);
        let last = session.notices().shown().last().unwrap().text.clone();
        last.split(". Paste").next().unwrap().to_owned()
    };
    assert_eq!(said(&[(0, 1)]), "Copied image 2 of \u{201c}prompt number 0\u{201d} at full quality");
    let three = said(&[(0, 0), (0, 1), (0, 3)]);
    assert_eq!(three, "Copied images 1, 2 and 4 of \u{201c}prompt number 0\u{201d} as files");
    let many: Vec<(usize, u16)> = (0..7).map(|slot| (0, slot)).collect();
    assert_eq!(said(&many), "Copied 7 images of \u{201c}prompt number 0\u{201d} as files");
    assert_eq!(said(&[(1, 0), (0, 0), (0, 1)]), "Copied 3 images from 2 runs as files");
}
