//! The bin: deleting without a question, taking back, restoring, and emptying after one.

use super::super::saving::images as count_of;
use super::super::sheet::Focus;
use super::super::undo::Step;
use super::Session;
use crate::domain::{Failure, Filter, ImageId, Slot, Timestamp};
use crate::message::{Ask, Command, Dialog, Page};

impl Session {
    /// Moves what is meant to the bin: the image shown large, else the selection, else the image under the cursor.
    pub(super) fn delete_meant(&mut self, now: Timestamp) -> Vec<Command> {
        if self.desk.dialog.is_some() {
            return Vec::new();
        }
        let meant = self.meant_images();
        let images: Vec<ImageId> = meant.iter().copied().filter(|&image| self.can_be_binned(image)).collect();
        if images.is_empty() {
            if meant.iter().any(|&image| matches!(self.sheet.slot(image), Some(Slot::Waiting))) {
                self.notices.tell("This image is still being made. Cancel it first", None, now);
            }
            return Vec::new();
        }
        let text = format!("Moved {} to the bin", self.called(&images));
        self.move_to_bin(images, text, now)
    }

    /// Moves every rejected image shown to the bin, as one step.
    pub(super) fn bin_rejected(&mut self, now: Timestamp) -> Vec<Command> {
        let images = self.sheet.visible_rejected();
        if images.is_empty() {
            self.notices.tell("Nothing shown here is rejected: X rejects the selected images", None, now);
            return Vec::new();
        }
        let text = format!("Moved {} to the bin", count_of(images.len()).replacen(' ', " rejected ", 1));
        self.move_to_bin(images, text, now)
    }

    /// Takes what is meant out of the bin.
    pub(super) fn restore_meant(&mut self, now: Timestamp) -> Vec<Command> {
        if self.desk.dialog.is_some() {
            return Vec::new();
        }
        let images: Vec<ImageId> =
            self.meant_images().into_iter().filter(|&image| self.sheet.is_binned(image)).collect();
        if images.is_empty() {
            return Vec::new();
        }
        let text = format!("Restored {}", self.called(&images));
        let focus = self.sheet.focus();
        let commands = self.put_binned(&images, false, None);
        self.undo.remember(Step::Bin(images, false, Box::new(focus)));
        self.tell_undoable(text, now);
        commands
    }

    /// Asks before the bin is emptied.
    pub(super) fn ask_to_empty(&mut self, now: Timestamp) -> Vec<Command> {
        if self.sheet.counts().binned == 0 {
            self.notices.tell("The bin is empty", None, now);
            return Vec::new();
        }
        self.open_dialog(Dialog::EmptyBin)
    }

    /// The question was answered with yes.
    pub(super) fn empty_bin(&mut self, now: Timestamp) -> Vec<Command> {
        self.desk.dialog = None;
        if self.tell_only_shown(now) {
            return Vec::new();
        }
        let images = self.sheet.binned();
        if images.is_empty() { Vec::new() } else { vec![Command::EmptyBin(images)] }
    }

    fn move_to_bin(&mut self, images: Vec<ImageId>, text: String, now: Timestamp) -> Vec<Command> {
        let focus = self.sheet.focus();
        let commands = self.put_binned(&images, true, None);
        self.undo.remember(Step::Bin(images, true, Box::new(focus)));
        self.tell_undoable(text, now);
        commands
    }

    /// Puts places into the bin or takes them out, and keeps the cursor where people expect it: on the next image, at the
    /// end on the one before; with `focus`, where it was.
    pub(super) fn put_binned(&mut self, images: &[ImageId], binned: bool, focus: Option<Focus>) -> Vec<Command> {
        let large = self.desk.page == Page::Viewer;
        let shown = self.viewer.image.filter(|image| large && images.contains(image));
        let next = shown.and_then(|shown| {
            let stays = |&image: &ImageId| !images.contains(&image) && self.sheet.facts(image).is_some();
            self.sheet.images_from(shown).find(stays).or_else(|| self.sheet.images_before(shown).find(stays))
        });
        let moves: Vec<(ImageId, bool)> = images.iter().map(|&image| (image, binned)).collect();
        self.sheet.set_binned(moves.iter().copied());
        self.looking.binned(&moves);
        let mut commands = vec![Command::SetBinned(moves)];
        if let Some(focus) = focus {
            self.sheet.set_focus(focus);
            if large && let Some(&first) = images.iter().find(|&&image| self.is_shown(image)) {
                self.viewer.image =
                    Some(first).filter(|&image| self.sheet.facts(image).is_some()).or(self.viewer.image);
            }
        } else if let Some(shown) = shown.filter(|&shown| !self.is_shown(shown)) {
            match next {
                Some(next) => {
                    self.viewer.image = Some(next);
                    self.sheet.select_only(next);
                }
                None => self.desk.page = Page::Sheet,
            }
            self.viewer.survey.retain(|&pane| pane != shown);
        }
        self.survey_keeps_up(images);
        if let Some(cursor) = self.sheet.cursor() {
            commands.push(Command::Ask(Ask::ScrollTo(cursor)));
        }
        commands
    }

    /// What is deleted side by side with others leaves, and the rest grows; taken back, it comes back between them.
    fn survey_keeps_up(&mut self, images: &[ImageId]) {
        if self.desk.page != Page::Survey {
            return;
        }
        for &image in images {
            if self.is_shown(image) {
                self.viewer.restore_deleted(image);
            } else {
                self.viewer.delete_pane(image);
            }
        }
        self.leave_empty_survey();
    }

    fn is_shown(&self, image: ImageId) -> bool {
        self.sheet.is_shown(image)
    }

    fn can_be_binned(&self, image: ImageId) -> bool {
        let ended = matches!(self.sheet.slot(image), Some(Slot::Stored(_) | Slot::Failed(_)));
        ended && !self.sheet.is_binned(image)
    }

    /// `3 images`, or `1 failed image` where nothing was lost.
    pub(super) fn called(&self, images: &[ImageId]) -> String {
        let stored = images.iter().any(|&image| self.sheet.facts(image).is_some());
        match (stored, images.len()) {
            (true, count) => count_of(count),
            (false, 1) => "1 failed image".to_owned(),
            (false, count) => format!("{count} failed images"),
        }
    }

    /// The disk did not do it: they are shown where they are.
    pub(super) fn unmoved(&mut self, images: &[ImageId], binned: bool, failure: &Failure, now: Timestamp) {
        let moves: Vec<(ImageId, bool)> = images.iter().map(|&image| (image, binned)).collect();
        self.sheet.set_binned(moves.iter().copied());
        self.looking.binned(&moves);
        self.undo.forget_move(images);
        // What was told when the key was pressed is not so.
        self.notices.undone();
        let what = if binned { "could not be restored" } else { "could not be moved to the bin" };
        let text = match images.len() {
            1 => failure.sentence.clone(),
            count => format!("{} {what}. {}", count_of(count), failure.sentence),
        };
        self.notices.warn(text, None, now);
    }

    pub(super) fn bin_emptied(&mut self, gone: &[ImageId], failure: Option<Failure>, now: Timestamp) {
        self.sheet.set_gone(gone);
        self.looking.emptied(gone);
        self.undo.forget(gone);
        if self.sheet.filter() == Filter::Bin && self.sheet.counts().binned == 0 {
            self.sheet.show(Filter::All);
        }
        if !gone.is_empty() {
            self.notices.tell(format!("Moved {} to the system's trash", count_of(gone.len())), None, now);
        }
        if let Some(failure) = failure {
            self.notices.warn(failure.sentence, None, now);
        }
    }
}

#[cfg(test)]
mod tests;
