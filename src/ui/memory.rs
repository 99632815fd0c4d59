//! What only the window remembers between frames: half-typed texts, what must get the keyboard, where to scroll.

use egui::Id;

use super::first_start::Started;
use super::image_menu::MenuMemory;
use super::inspector::Summed;
use super::preferences::Typed;
use super::sheet::SheetMemory;
use super::shortcuts::Holder;
use crate::domain::{ImageId, RunId, Stretch};
use crate::message::Ask;

/// Who can be given the keyboard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Focus {
    /// The prompt box.
    Prompt,
    /// The search box.
    Search,
    /// The sheet of images.
    Images,
}

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
    /// The selection summed up.
    pub(super) summed: Summed,
    /// Who gets the keyboard as soon as it is drawn.
    pub(super) focus: Option<Focus>,
    /// An input method is composing: keys belong to it.
    pub(super) composing: bool,
    /// What the model made of the prompt of the image last inspected.
    pub(super) rewording: Option<(ImageId, Option<Vec<Stretch>>)>,
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
            Ask::FocusSearch => self.focus = Some(Focus::Search),
            Ask::FocusPrompt => self.focus = Some(Focus::Prompt),
            Ask::ScrollTo(image) => self.scroll_to = Some(*image),
            Ask::ShowRun(run) => self.show_run = Some(*run),
            Ask::Menu(image) => self.menu.wanted = Some(*image),
            _ => {}
        }
    }

    /// Is it this one's turn to get the keyboard? Asked once.
    pub(super) fn gives_focus(&mut self, to: Focus) -> bool {
        self.focus.take_if(|waiting| *waiting == to).is_some()
    }

    /// A dialog was closed: what was half typed in it, a key above all, is gone.
    pub(super) fn forget_dialog(&mut self) {
        self.path = None;
        self.typed = Typed::default();
    }
}
