//! What fills the window, what lies over it, and how it looks.

use crate::domain::ThemeChoice;
use crate::message::{Dialog, Page};

/// Where the facts of the selection are in a window that has no room for them beside the sheet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Facts {
    /// Out of sight.
    Away,
    /// Over the sheet.
    Over,
}

/// The arrangement of the window.
#[derive(Clone, Debug)]
pub struct Desk {
    pub(super) page: Page,
    pub(super) dialog: Option<Dialog>,
    pub(super) panels_shown: bool,
    pub(super) facts: Facts,
    pub(super) full_screen: bool,
    pub(super) system_dark: bool,
}

impl Desk {
    pub(super) const fn new(page: Page) -> Self {
        Self { page, dialog: None, panels_shown: true, facts: Facts::Away, full_screen: false, system_dark: true }
    }

    /// What fills the window.
    pub const fn page(&self) -> Page {
        self.page
    }

    /// What lies over it.
    pub const fn dialog(&self) -> Option<&Dialog> {
        self.dialog.as_ref()
    }

    /// Composer and inspector are shown.
    pub const fn panels_shown(&self) -> bool {
        self.panels_shown
    }

    /// The facts of the selection lie over the sheet, which has no room for them beside it.
    pub const fn facts_over(&self) -> bool {
        matches!(self.facts, Facts::Over)
    }

    /// The window fills the screen.
    pub const fn full_screen(&self) -> bool {
        self.full_screen
    }

    /// Dark or light, after the choice and the system's word.
    pub const fn is_dark(&self, choice: ThemeChoice) -> bool {
        match choice {
            ThemeChoice::System => self.system_dark,
            ThemeChoice::Light => false,
            ThemeChoice::Dark => true,
        }
    }
}
