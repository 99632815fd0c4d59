//! Marks, and taking steps back.

use super::super::saving::images as count_of;
use super::super::undo::Step;
use super::Session;
use crate::domain::{ImageId, Mark, Timestamp};
use crate::message::{Ask, Command, Page};

impl Session {
    /// Gives stored images a mark; remembered as one step.
    pub(super) fn mark(&mut self, images: &[ImageId], mark: Mark) -> Vec<Command> {
        let changed = images.iter().filter_map(|&image| {
            let before = self.sheet.mark(image).filter(|_| !self.sheet.is_binned(image))?;
            (before != mark).then_some((image, before, mark))
        });
        let changed: Vec<(ImageId, Mark, Mark)> = changed.collect();
        // A problem stays until it is dismissed, so its time does not matter.
        if changed.is_empty() || self.tell_only_shown(Timestamp::default()) {
            return Vec::new();
        }
        let commands = self.put_marks(&changed);
        self.undo.remember(Step::Marks(changed));
        commands
    }

    fn put_marks(&mut self, changed: &[(ImageId, Mark, Mark)]) -> Vec<Command> {
        let marks: Vec<(ImageId, Mark)> = changed.iter().map(|&(image, _, after)| (image, after)).collect();
        self.sheet.set_marks(marks.iter().copied());
        vec![Command::SetMarks(marks)]
    }

    /// The image shown large, else the selection, else the image under the cursor.
    pub(super) fn meant_images(&self) -> Vec<ImageId> {
        match self.desk.page {
            Page::Viewer | Page::Survey => self.viewer.image.into_iter().collect(),
            Page::FirstStart => Vec::new(),
            Page::Sheet => {
                let selection = self.sheet.selection();
                if selection.is_empty() { self.sheet.cursor().into_iter().collect() } else { selection }
            }
        }
    }

    /// Judges what is meant, and with `go_on` moves to the next image without a mark.
    pub(super) fn mark_meant(&mut self, mark: Mark, go_on: bool) -> Vec<Command> {
        if self.desk.dialog.is_some() {
            return Vec::new();
        }
        let images = self.meant_images();
        let from = match self.desk.page {
            Page::Viewer | Page::Survey => self.viewer.image,
            _ => self.sheet.cursor().or_else(|| images.last().copied()),
        };
        // Looked up first: under a filter the marked image may leave the sheet.
        let next = from.filter(|_| go_on).and_then(|from| self.sheet.next_unmarked(from));
        let mut commands = self.mark(&images, mark);
        if self.desk.page == Page::Survey {
            match (mark, self.viewer.image) {
                // It was rejected before: nothing but its place changes.
                (Mark::Reject, Some(image)) if commands.is_empty() => self.take_out(image),
                (Mark::Reject, Some(image)) => self.drop_from_survey(image),
                _ => {}
            }
            return commands;
        }
        if let Some(next) = next {
            self.sheet.select_only(next);
            if self.desk.page == Page::Viewer {
                self.viewer.image = Some(next);
            }
            commands.push(Command::Ask(Ask::ScrollTo(next)));
        } else if self.desk.page == Page::Viewer
            && let Some(shown) = self.viewer.image
            && !self.sheet.is_shown(shown)
        {
            // The filter took the shown image away: what took its place is shown.
            match self.sheet.cursor() {
                Some(cursor) => self.viewer.image = Some(cursor),
                None => self.desk.page = Page::Sheet,
            }
        }
        commands
    }

    /// Takes the mark off every pick shown.
    pub(super) fn clear_picks(&mut self, now: Timestamp) -> Vec<Command> {
        let picks = self.sheet.visible_picks();
        let commands = self.mark(&picks, Mark::None);
        if !commands.is_empty() {
            self.tell_undoable(format!("Took the mark off {}", count_of(picks.len())), now);
        }
        commands
    }

    pub(super) fn undo(&mut self) -> Vec<Command> {
        self.forget_left_panes();
        self.notices.undone();
        let step = self.undo.undo(self.composer.draft());
        step.map(|step| self.put(step, true)).unwrap_or_default()
    }

    pub(super) fn redo(&mut self) -> Vec<Command> {
        self.forget_left_panes();
        let step = self.undo.redo(self.composer.draft());
        step.map(|step| self.put(step, false)).unwrap_or_default()
    }

    fn forget_left_panes(&mut self) {
        if self.desk.page != Page::Survey {
            self.undo.forget_panes();
        }
    }

    /// What is not rejected any more comes back between the others; what is rejected again leaves them.
    fn survey_follows(&mut self, changed: &[(ImageId, Mark, Mark)], back: bool) {
        if self.desk.page != Page::Survey {
            return;
        }
        for &(image, before, after) in changed {
            match (before, after) {
                (Mark::Reject, _) if back => self.viewer.restore_pane(image),
                (_, Mark::Reject) if !back => self.drop_from_survey(image),
                _ => {}
            }
        }
    }

    /// Does a step; `back` when it takes one back.
    fn put(&mut self, step: Step, back: bool) -> Vec<Command> {
        match step {
            Step::Bin(images, binned, focus) => self.put_binned(&images, binned, back.then_some(*focus)),
            Step::Marks(changed) => {
                let commands = self.put_marks(&changed);
                self.survey_follows(&changed, back);
                commands
            }
            Step::Pane(image, true) => {
                self.drop_from_survey(image);
                Vec::new()
            }
            Step::Pane(image, false) => {
                self.viewer.restore_pane(image);
                Vec::new()
            }
            Step::Draft(_, after) => {
                self.composer.fill(*after);
                Vec::new()
            }
        }
    }
}
