//! What follows from each Action.

use super::super::comparing::Comparison;
use super::super::notices::NoticeButton;
use super::super::saving;
use super::Session;
use crate::domain::{ImageId, Timestamp};
use crate::message::{Action, Ask, Command, Dialog, Page, PreferencesPage, Verb};

impl Session {
    /// Does what the person asked for, as far as the state goes; the rest is in the commands.
    pub fn act(&mut self, action: Action, now: Timestamp) -> Vec<Command> {
        match action {
            Action::Do(verb) => self.do_verb(verb, now),
            Action::Edit(draft) => {
                self.composer.edit(draft);
                Vec::new()
            }
            Action::CancelRun(run) => {
                self.jobs.cancelling(&self.jobs.awaited_in(run));
                vec![Command::CancelRun(run)]
            }
            Action::CancelImage(image) => {
                self.jobs.cancelling(&[image]);
                vec![Command::CancelImage(image)]
            }
            Action::Retry(image) => self.retry(image, now),
            Action::EditAndRetry(image) => self.reuse(Some(image), now),
            Action::Click { .. }
            | Action::OpenMenu(_)
            | Action::Open(_)
            | Action::Select { .. }
            | Action::SelectNone
            | Action::Lines { .. }
            | Action::SeenNew
            | Action::Look(_)
            | Action::DropFromSurvey(_) => self.view_action(action),
            Action::Show(_) | Action::SearchFor(_) | Action::Narrow(_) | Action::ClearFilters => {
                self.find_action(action, now)
            }
            Action::MarkImage(image, mark) => self.mark(&[image], mark),
            Action::MarkAgain(marks) => self.mark_each(&marks),
            Action::TileHeight(points) => self.tile_height(points),
            Action::SaveImages(images) => self.save(images, now),
            Action::CopyImages(images) => self.copy(images, now),
            Action::SaveTo { images, target } => self.save_to(images, target),
            Action::DialogCancelled => Vec::new(),
            Action::NoNativeDialog { images, one_file } => {
                self.desk.dialog = Some(Dialog::TypePath { images, one_file });
                Vec::new()
            }
            Action::OpenDialog(dialog) => self.open_dialog(dialog),
            Action::EmptyBin => self.empty_bin(now),
            Action::CloseDialog => {
                self.desk.dialog = None;
                Vec::new()
            }
            Action::CopySnippet(image, snippet) => self.write_snippet(image, snippet),
            Action::CopyText(text) => vec![Command::Ask(Ask::CopyText(text))],
            Action::OpenFolder(folder) => vec![Command::OpenFolder(folder)],
            Action::Dismiss(id) => {
                self.notices.dismiss(id);
                Vec::new()
            }
            Action::CameBack => self.look_around(),
            Action::Want(wishes) => vec![Command::Want(wishes)],
            Action::SystemDark(dark) => {
                self.desk.system_dark = dark;
                Vec::new()
            }
            Action::LeaveAsked => {
                let text = if self.unkept.is_empty() {
                    "Images are still being made and may be charged. Close once more to leave without them"
                } else {
                    "Images that came in are only in memory, as no disk could take them. Free some space and press Retry \
                     on them, or close once more to leave without them"
                };
                self.notices.warn(text, None, now);
                Vec::new()
            }
            other => self.prefer(other, now),
        }
    }

    fn do_verb(&mut self, verb: Verb, now: Timestamp) -> Vec<Command> {
        if verb.changes_library() && self.desk.page != Page::FirstStart && self.tell_only_shown(now) {
            return Vec::new();
        }
        match verb {
            Verb::Generate => self.generate(now),
            Verb::EarlierPrompt => {
                self.composer.walk(true);
                Vec::new()
            }
            Verb::LaterPrompt => {
                self.composer.walk(false);
                Vec::new()
            }
            Verb::Mark(mark) => self.mark_meant(mark, false, now),
            Verb::MarkAndNext(mark) => self.mark_meant(mark, true, now),
            Verb::ClearPicks => self.clear_picks(now),
            Verb::Delete => self.delete_meant(now),
            Verb::BinRejected => self.bin_rejected(now),
            Verb::Restore => self.restore_meant(now),
            Verb::EmptyBin => self.ask_to_empty(now),
            Verb::Undo => self.undo(now),
            Verb::Redo => self.redo(now),
            Verb::Save => {
                let images = if self.desk.page == Page::Viewer && self.sheet.visible_picks().is_empty() {
                    self.viewer.image.into_iter().collect()
                } else {
                    saving::meant(&self.sheet)
                };
                self.save(images, now)
            }
            Verb::Copy => self.copy(self.meant_to_copy(), now),
            Verb::Reveal => self.meant_image().map(Command::Reveal).into_iter().collect(),
            Verb::Reuse => self.reuse(None, now),
            Verb::Search => {
                self.desk.dialog = None;
                if self.desk.page != Page::FirstStart {
                    self.desk.page = Page::Sheet;
                }
                vec![Command::Ask(Ask::FocusSearch)]
            }
            Verb::Filters => {
                if self.desk.page == Page::FirstStart {
                    Vec::new()
                } else {
                    self.toggle_filters(now)
                }
            }
            Verb::Preferences => self.toggle_dialog(Dialog::Preferences(PreferencesPage::default())),
            Verb::KeySheet => self.toggle_dialog(Dialog::KeySheet),
            Verb::FullScreen => {
                self.desk.full_screen = !self.desk.full_screen;
                vec![Command::Ask(Ask::FullScreen(self.desk.full_screen))]
            }
            Verb::Panels => {
                self.desk.panels_shown = !self.desk.panels_shown;
                Vec::new()
            }
            Verb::Survey => self.compare(Comparison::meant(&self.sheet), now),
            Verb::SurveyPicks => self.compare(Comparison::picks(&self.sheet), now),
            Verb::Move(_)
            | Verb::Extend(_)
            | Verb::Toggle
            | Verb::SelectAll
            | Verb::View
            | Verb::Menu
            | Verb::ZoomActual
            | Verb::ZoomIn
            | Verb::ZoomOut
            | Verb::Facts
            | Verb::Sheet
            | Verb::Back => self.view_verb(verb),
        }
    }

    fn toggle_dialog(&mut self, dialog: Dialog) -> Vec<Command> {
        let same = match (&self.desk.dialog, &dialog) {
            (Some(Dialog::Preferences(_)), Dialog::Preferences(_)) => true,
            (Some(open), wanted) => open == wanted,
            (None, _) => false,
        };
        if same {
            self.desk.dialog = None;
            Vec::new()
        } else {
            self.open_dialog(dialog)
        }
    }

    /// Opens a dialog; Preferences look for the keys of the endpoints they list.
    pub(super) fn open_dialog(&mut self, dialog: Dialog) -> Vec<Command> {
        let looks = matches!(dialog, Dialog::Preferences(_));
        self.desk.dialog = Some(dialog);
        if !looks {
            return Vec::new();
        }
        let unknown = self.settings.endpoints.iter().map(|endpoint| endpoint.name.clone());
        let unknown = unknown.filter(|name| self.endpoints.key_place(name) == crate::domain::KeyPlace::Unknown);
        unknown.map(Command::FindKey).collect()
    }

    /// The one image a verb means: the one shown large, else the one under the cursor; stored ones only.
    pub(super) fn meant_image(&self) -> Option<ImageId> {
        let image = match self.desk.page {
            Page::Viewer | Page::Survey => self.viewer.image,
            Page::Sheet | Page::FirstStart => self.sheet.cursor().or_else(|| self.sheet.selection().first().copied()),
        };
        image.filter(|&image| self.sheet.facts(image).is_some())
    }

    /// Asks where to put these images.
    fn save(&mut self, images: Vec<ImageId>, now: Timestamp) -> Vec<Command> {
        // The first time, beside the library: that is where a person keeps pictures.
        let beside =
            || self.library.root.as_deref().and_then(std::path::Path::parent).map(std::path::Path::to_path_buf);
        let folder = self.settings.last_save_folder.clone().or_else(beside);
        match images.as_slice() {
            [] => {
                self.notices.tell("Nothing to save yet: pick images with P, or select one", None, now);
                Vec::new()
            }
            &[image] => {
                let name = saving::name(&self.sheet, image, &self.settings, &self.zone);
                name.map(|name| Command::Ask(Ask::SaveAs { image, name, folder })).into_iter().collect()
            }
            _ => vec![Command::Ask(Ask::SaveFolder { images, folder })],
        }
    }

    fn save_to(&mut self, images: Vec<ImageId>, target: crate::message::SaveTarget) -> Vec<Command> {
        self.desk.dialog = None;
        let folder = match &target {
            crate::message::SaveTarget::File(file) => file.parent().map(std::path::Path::to_path_buf),
            crate::message::SaveTarget::Folder(folder) => Some(folder.clone()),
        };
        let mut commands = vec![Command::Save {
            images,
            target,
            pattern: self.settings.name_pattern.clone(),
            format: self.settings.save_format,
        }];
        if folder != self.settings.last_save_folder {
            self.settings.last_save_folder = folder;
            commands.push(self.keep_settings());
        }
        commands
    }

    fn write_snippet(&self, image: ImageId, snippet: crate::message::Snippet) -> Vec<Command> {
        let Some(run) = self.sheet.run(image.run) else { return Vec::new() };
        let profile = self.endpoints.profile(&self.settings, &run.endpoint);
        let endpoint = profile.or_else(|| self.endpoints.profile(&self.settings, &self.settings.current));
        let run = Box::new(run.clone());
        endpoint.map(|endpoint| Command::WriteSnippet { run, endpoint, snippet }).into_iter().collect()
    }

    /// A notice after a step that Undo takes back.
    pub(super) fn tell_undoable(&mut self, text: String, now: Timestamp) {
        self.notices.tell(text, Some(NoticeButton::Undo), now);
    }
}
