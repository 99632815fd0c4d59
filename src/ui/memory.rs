//! What only the window remembers between frames: half-typed texts, what must get the keyboard, where to scroll.

use egui::Id;

use super::first_start::Started;
use super::image_menu::MenuMemory;
use super::preferences::Typed;
use super::sheet::SheetMemory;
use super::shortcuts::Holder;
use crate::domain::{ImageId, RunId};
use crate::message::Ask;

/// What only the window remembers. Nothing here outlives the program.
#[derive(Default)]
pub struct Memory {
    /// The sheet, viewer or survey: while it has the keyboard, arrows and bare letters are for the images.
    pub(super) images_id: Option<Id>,
    /// What held the keyboard when this frame began.
    pub(super) keyboard: Holder,
    /// Bring this image into view.
    pub(super) scroll_to: Option<ImageId>,
    /// The person's own run began: show it unless they are at work on the sheet.
    pub(super) show_run: Option<RunId>,
    /// Generate was asked for from the composer, not from among the images.
    pub(super) from_composer: bool,
    /// The menu of an image.
    pub(super) menu: MenuMemory,
    /// Where the sheet is and how it is laid out.
    pub(super) sheet: SheetMemory,
    /// Put the keyboard into the search box.
    pub(super) focus_search: bool,
    /// Give the keyboard back to the images.
    pub(super) focus_images: bool,
    /// Put the keyboard into the prompt box.
    pub(super) focus_prompt: bool,
    /// An input method is composing: keys belong to it.
    pub(super) composing: bool,
    /// The path being typed where there is no native dialog.
    pub(super) path: Option<String>,
    /// What is being typed in Preferences.
    pub(super) typed: Typed,
    /// What has been typed in the first steps.
    pub(super) started: Started,
}

impl Memory {
    /// Takes note of what the state asks of the window itself; other asks are for the desktop.
    pub fn heed(&mut self, ask: &Ask) {
        match ask {
            Ask::FocusSearch => self.focus_search = true,
            Ask::FocusPrompt => self.focus_prompt = true,
            Ask::ScrollTo(image) => self.scroll_to = Some(*image),
            Ask::ShowRun(run) => self.show_run = Some(*run),
            Ask::Menu(image) => self.menu.wanted = Some(*image),
            _ => {}
        }
    }

    /// A dialog was closed: what was half typed in it, a key above all, is gone.
    pub(super) fn forget_dialog(&mut self) {
        self.path = None;
        self.typed = Typed::default();
    }
}
