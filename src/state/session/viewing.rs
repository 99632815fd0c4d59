//! Cursor, selection, viewer and survey.

use super::super::comparing::Comparison;
use super::super::desk::Facts;
use super::super::sheet::Lines;
use super::super::undo::Step;
use super::super::viewer::Viewer;
use super::Session;
use crate::domain::{ImageId, Mark, Slot, Timestamp};
use crate::message::{Action, Ask, Command, Dialog, Direction, Page, Verb};

impl Session {
    pub(super) fn view_action(&mut self, action: Action) -> Vec<Command> {
        match action {
            Action::Click { image, extend, toggle } => {
                if self.desk.page == Page::Survey || self.desk.page == Page::Viewer {
                    self.viewer.image = Some(image);
                } else if extend {
                    self.sheet.extend_to(image);
                } else if toggle {
                    self.sheet.toggle(image);
                } else {
                    self.sheet.select_only(image);
                }
            }
            Action::OpenMenu(image) => return self.open_menu(image),
            Action::Open(image) => {
                self.sheet.select_only(image);
                self.view(image);
            }
            Action::Select { images, add } => self.sheet.select(images, add),
            Action::SelectNone => self.sheet.select_none(),
            Action::Lines { width, tile } => self.sheet.set_lines(Lines { width: width.into(), tile: tile.into() }),
            Action::SeenNew => self.sheet.seen_new(),
            Action::Look(lens) => self.viewer.look(self.desk.page, lens),
            Action::DropFromSurvey(image) => self.take_out(image),
            _ => {}
        }
        Vec::new()
    }

    pub(super) fn view_verb(&mut self, verb: Verb) -> Vec<Command> {
        if self.desk.dialog.is_some() && verb != Verb::Back {
            return Vec::new();
        }
        match verb {
            Verb::Move(direction) => return self.step(direction, false),
            Verb::Extend(direction) => return self.step(direction, true),
            Verb::Toggle => {
                if let Some(cursor) = self.sheet.cursor() {
                    self.sheet.toggle(cursor);
                }
            }
            Verb::SelectAll => self.sheet.select_all(),
            Verb::View => return self.view_or_keep(),
            Verb::Menu => {
                let image = if self.desk.page == Page::Sheet { self.sheet.cursor() } else { self.viewer.image };
                let Some(image) = image else { return Vec::new() };
                let mut commands = self.scroll_to_cursor();
                commands.extend(self.open_menu(image));
                return commands;
            }
            Verb::ZoomActual => self.viewer.actual_or_fit(self.desk.page),
            Verb::ZoomIn => self.viewer.step(self.desk.page, true),
            Verb::ZoomOut => self.viewer.step(self.desk.page, false),
            Verb::Facts if self.desk.page == Page::Sheet => {
                self.desk.facts = if self.desk.facts_over() { Facts::Away } else { Facts::Over };
            }
            Verb::Facts => self.viewer.facts_shown = !self.viewer.facts_shown,
            Verb::Sheet => return self.back_to_sheet(),
            Verb::Back => return self.back(),
            _ => {}
        }
        Vec::new()
    }

    fn step(&mut self, direction: Direction, extend: bool) -> Vec<Command> {
        match self.desk.page {
            Page::Sheet => {
                self.sheet.step(direction, extend);
                self.scroll_to_cursor()
            }
            Page::Viewer => {
                let forward = matches!(direction, Direction::Right | Direction::Down | Direction::PageDown);
                let next = match direction {
                    Direction::Home => self.sheet.visible_images().find(|&image| self.sheet.facts(image).is_some()),
                    Direction::End => self.sheet.visible_images().rfind(|&image| self.sheet.facts(image).is_some()),
                    _ => self.viewer.image.and_then(|shown| self.sheet.stored_beside(shown, forward)),
                };
                if let Some(next) = next {
                    self.viewer.image = Some(next);
                    self.sheet.select_only(next);
                }
                Vec::new()
            }
            Page::Survey => {
                let panes = self.viewer.survey();
                let place = panes.iter().position(|&pane| Some(pane) == self.viewer.image).unwrap_or(0);
                let next = match direction {
                    Direction::Right | Direction::Down | Direction::PageDown => place + 1,
                    Direction::Home => 0,
                    Direction::End => panes.len().saturating_sub(1),
                    _ => place.saturating_sub(1),
                };
                self.viewer.image = panes.get(next).copied().or(self.viewer.image);
                Vec::new()
            }
            Page::FirstStart => Vec::new(),
        }
    }

    /// The cursor goes to the image whose menu is opened, so that every verb of the menu means it.
    fn open_menu(&mut self, image: ImageId) -> Vec<Command> {
        match self.desk.page {
            Page::FirstStart => return Vec::new(),
            Page::Sheet => self.sheet.point_at(image),
            Page::Viewer | Page::Survey => self.viewer.image = Some(image),
        }
        vec![Command::Ask(Ask::Menu(image))]
    }

    fn scroll_to_cursor(&self) -> Vec<Command> {
        self.sheet.cursor().map(|cursor| Command::Ask(Ask::ScrollTo(cursor))).into_iter().collect()
    }

    /// An image is shown large; of a failure, what happened.
    fn view(&mut self, image: ImageId) {
        match self.sheet.slot(image) {
            Some(Slot::Stored(_)) => {
                self.viewer.image = Some(image);
                self.desk.page = Page::Viewer;
            }
            Some(Slot::Failed(_)) => self.desk.dialog = Some(Dialog::Details(image)),
            Some(Slot::Waiting | Slot::Gone) | None => {}
        }
    }

    /// Space or Enter: the viewer; in the viewer, back; in the survey, keep the pane: it is picked.
    fn view_or_keep(&mut self) -> Vec<Command> {
        match self.desk.page {
            Page::Sheet => {
                let chosen: Vec<ImageId> =
                    self.sheet.selection().into_iter().filter(|&image| self.sheet.facts(image).is_some()).collect();
                if (2..=Viewer::SURVEY_MAX).contains(&chosen.len()) {
                    self.open_survey(chosen);
                } else if let Some(image) = self.meant_image().or(self.sheet.cursor()) {
                    self.view(image);
                }
                Vec::new()
            }
            Page::Survey => {
                let Some(kept) = self.viewer.image else { return self.back_to_sheet() };
                let mut commands = self.mark(&[kept], Mark::Pick);
                self.sheet.select_only(kept);
                commands.extend(self.back_to_sheet());
                commands
            }
            Page::Viewer | Page::FirstStart => self.back(),
        }
    }

    /// Puts images side by side; when they are too few or too many, says so.
    pub(super) fn compare(&mut self, comparison: Comparison, now: Timestamp) -> Vec<Command> {
        if self.desk.dialog.is_some() || self.desk.page == Page::FirstStart {
            return Vec::new();
        }
        match comparison.why_not() {
            Some(why) => self.notices.tell(why, None, now),
            None => self.open_survey(comparison.images(&self.sheet)),
        }
        Vec::new()
    }

    fn open_survey(&mut self, images: Vec<ImageId>) {
        self.undo.forget_panes();
        self.viewer.open_survey(images);
        self.desk.page = Page::Survey;
    }

    /// Takes an image out of the survey as a step of its own, without a verdict.
    pub(super) fn take_out(&mut self, image: ImageId) {
        if self.viewer.survey().contains(&image) {
            self.drop_from_survey(image);
            self.undo.remember(Step::Pane(image, true));
        }
    }

    pub(super) fn drop_from_survey(&mut self, image: ImageId) {
        self.viewer.drop_pane(image);
        self.leave_empty_survey();
    }

    pub(super) fn leave_empty_survey(&mut self) {
        if self.viewer.survey().is_empty() {
            self.desk.page = Page::Sheet;
        }
    }

    fn back_to_sheet(&mut self) -> Vec<Command> {
        if self.desk.page == Page::FirstStart {
            return Vec::new();
        }
        self.desk.page = Page::Sheet;
        self.scroll_to_cursor()
    }

    /// Esc: closes what lies on top, one thing at a time.
    fn back(&mut self) -> Vec<Command> {
        if self.desk.dialog.take().is_some() {
            return Vec::new();
        }
        match self.desk.page {
            Page::Viewer | Page::Survey => self.back_to_sheet(),
            Page::Sheet if self.desk.facts_over() => {
                self.desk.facts = Facts::Away;
                Vec::new()
            }
            Page::Sheet if self.desk.full_screen => {
                self.desk.full_screen = false;
                vec![Command::Ask(Ask::FullScreen(false))]
            }
            Page::Sheet => {
                self.sheet.select_none();
                Vec::new()
            }
            Page::FirstStart => Vec::new(),
        }
    }
}
