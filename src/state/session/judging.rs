//! Marks, and taking steps back.

use std::collections::BTreeMap;

use super::super::notices::NoticeButton;
use super::super::saving::images as count_of;
use super::super::undo::Step;
use super::Session;
use crate::domain::{Failure, ImageId, Mark, Timestamp};
use crate::message::{Ask, Command, Page, Unwritten};

impl Session {
    /// Gives stored images a mark; remembered as one step.
    pub(super) fn mark(&mut self, images: &[ImageId], mark: Mark) -> Vec<Command> {
        let marks: Vec<(ImageId, Mark)> = images.iter().map(|&image| (image, mark)).collect();
        self.mark_each(&marks)
    }

    /// The same with a mark for each.
    pub(super) fn mark_each(&mut self, marks: &[(ImageId, Mark)]) -> Vec<Command> {
        let changed = marks.iter().filter_map(|&(image, mark)| {
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
        self.looking.marked(&marks);
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
    pub(super) fn mark_meant(&mut self, mark: Mark, go_on: bool, now: Timestamp) -> Vec<Command> {
        if self.desk.dialog.is_some() {
            return Vec::new();
        }
        let images = self.meant_images();
        let leaves_survey = self.desk.page == Page::Survey && mark == Mark::Reject;
        if !leaves_survey && !images.is_empty() && images.iter().all(|&image| self.sheet.is_binned(image)) {
            self.notices.tell("Nothing is judged in the bin. R puts the image back where it was", None, now);
            return Vec::new();
        }
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

    pub(super) fn undo(&mut self, now: Timestamp) -> Vec<Command> {
        self.forget_left_panes();
        self.notices.undone();
        let step = self.undo.undo(self.composer.draft());
        step.map(|step| self.put_and_tell(step, true, now)).unwrap_or_default()
    }

    pub(super) fn redo(&mut self, now: Timestamp) -> Vec<Command> {
        self.forget_left_panes();
        let step = self.undo.redo(self.composer.draft());
        step.map(|step| self.put_and_tell(step, false, now)).unwrap_or_default()
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

    /// The disk did not take these marks: what it holds is shown, and can be taken back from there.
    pub(super) fn unmarked(&mut self, marks: &[Unwritten], failure: &Failure, now: Timestamp) {
        // One that was marked once more since is still on its way to the disk.
        let is_shown = |unwritten: &&Unwritten| self.sheet.mark(unwritten.image) == Some(unwritten.tried);
        let marks: Vec<Unwritten> = marks.iter().filter(is_shown).copied().collect();
        if marks.is_empty() {
            return;
        }
        let (changed, was_last) = self.undo.unwritten(&marks);
        if was_last {
            // What was told when the key was pressed is not so.
            self.notices.undone();
        }
        let kept: Vec<(ImageId, Mark)> = changed.iter().map(|&(image, _, kept)| (image, kept)).collect();
        self.sheet.set_marks(kept.iter().copied());
        self.looking.marked(&kept);
        self.survey_follows(&changed, true);
        let mut again: BTreeMap<ImageId, Mark> = self.notices.take_unwritten().into_iter().collect();
        again.extend(changed.iter().map(|&(image, tried, _)| (image, tried)));
        let again: Vec<(ImageId, Mark)> = again.into_iter().collect();
        let what = match again.len() {
            0 => "A mark could not be kept".to_owned(),
            1 => "1 mark was taken back".to_owned(),
            count => format!("{count} marks were taken back"),
        };
        let retry = (!again.is_empty()).then_some(NoticeButton::Retry(again));
        self.notices.warn(format!("{what}. {}", failure.sentence), retry, now);
    }

    /// Does a step; `back` when it takes one back.
    pub(super) fn put(&mut self, step: Step, back: bool) -> Vec<Command> {
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
