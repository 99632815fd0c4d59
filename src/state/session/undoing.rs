//! What Undo and Redo say when what they changed is out of sight.

use super::super::undo::Step;
use super::Session;
use crate::domain::{ImageId, Mark, Timestamp};
use crate::message::{Command, Page};

impl Session {
    /// Does a step, and says what it did unless all of it is seen to come, change or go.
    pub(super) fn put_and_tell(&mut self, step: Step, back: bool, now: Timestamp) -> Vec<Command> {
        let mut out_of_sight = images(&step);
        out_of_sight.retain(|&image| !self.is_in_sight(image));
        let words = self.words(&step, back);
        let commands = self.put(step, back);
        out_of_sight.retain(|&image| !self.is_in_sight(image));
        if let Some(words) = words.filter(|_| !out_of_sight.is_empty()) {
            let done = if back { "Undone" } else { "Done again" };
            self.notices.tell(format!("{done}: {words}"), None, now);
        }
        commands
    }

    fn is_in_sight(&self, image: ImageId) -> bool {
        match self.desk.page {
            Page::Sheet => self.sheet.is_shown(image),
            Page::Viewer => self.viewer.image == Some(image),
            Page::Survey => self.viewer.survey.contains(&image),
            Page::FirstStart => true,
        }
    }

    /// `2 images are picked again`.
    fn words(&self, step: &Step, back: bool) -> Option<String> {
        let state = match step {
            Step::Marks(changed) => {
                let mut marks = changed.iter().map(|&(_, _, after)| after);
                let first = marks.next()?;
                match first {
                    _ if marks.any(|mark| mark != first) => "marked as before",
                    Mark::None => "unmarked",
                    mark => mark.word(),
                }
            }
            Step::Bin(_, true, _) => "in the bin",
            Step::Bin(_, false, _) => "out of the bin",
            Step::Pane(..) | Step::Draft(..) => return None,
        };
        let images = images(step);
        let are = if images.len() == 1 { "is" } else { "are" };
        let again = if back && state != "marked as before" { " again" } else { "" };
        Some(format!("{} {are} {state}{again}", self.called(&images)))
    }
}

fn images(step: &Step) -> Vec<ImageId> {
    match step {
        Step::Marks(changed) => changed.iter().map(|&(image, ..)| image).collect(),
        Step::Bin(images, ..) => images.clone(),
        Step::Pane(..) | Step::Draft(..) => Vec::new(),
    }
}
