//! Where no native dialog can be had: a field for the path.

use std::path::{Path, PathBuf};

use egui::{Key, Ui};

use super::cx::Cx;
use super::theme::{Metric, Type};
use super::widgets::{Button, Dialog, TextField, Tone, label, under_field, wrapped};
use crate::domain::ImageId;
use crate::message::{Action, SaveTarget};

/// The dialog; `true` when it should close. `images` empty: the path is for the library.
///
/// A folder is asked for even for one image: inside a folder names get a number when they are taken, and nothing
/// is overwritten, while nobody here could ask about an existing file.
pub(super) fn type_path_ui(ui: &Ui, cx: &mut Cx<'_>, images: &[ImageId], _one_file: bool) -> bool {
    let (title, button) = match images.len() {
        0 => ("Library folder".to_owned(), "Use this folder"),
        1 => ("Save 1 image".to_owned(), "Save"),
        count => (format!("Save {count} images"), "Save"),
    };
    let session = cx.session;
    let start = || {
        let last = session.settings().last_save_folder.clone().filter(|_| !images.is_empty());
        last.or_else(|| session.library().root.clone())
    };
    let mut text = cx.memory.path.take().unwrap_or_else(|| start().map_or_else(String::new, shown));
    let mut answer = None;
    let close = Dialog::new(&title, 520.0).show(ui, |ui| {
        wrapped(ui, "This computer offers no file dialog, so type the folder here", Type::Body, Tone::Dim);
        ui.add_space(Metric::PAD);
        let name = label(ui, "Folder", Type::Small, Tone::Dim);
        ui.add_space(Metric::LABEL_GAP);
        let problem = problem(&text);
        let width = ui.available_width();
        let response = TextField::line("path", &mut text, width).show(ui).labelled_by(name.id);
        let hint = (!images.is_empty()).then_some("Files get their names from the pattern in Preferences");
        under_field(ui, problem.filter(|_| !text.is_empty()), hint);
        ui.add_space(Metric::SHEET_PAD);
        let enter = response.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
        let pressed = Button::primary(button).enabled(problem.is_none()).show(ui).clicked();
        if (pressed || enter) && problem.is_none() {
            answer = Some(PathBuf::from(text.trim()));
        }
    });
    cx.memory.path = Some(text);
    let Some(folder) = answer else { return close };
    if images.is_empty() {
        cx.act(Action::LibraryFolder(folder));
    } else {
        cx.act(Action::SaveTo { images: images.to_vec(), target: SaveTarget::Folder(folder) });
    }
    // The state closes the dialog with the answer.
    false
}

fn shown(path: PathBuf) -> String {
    path.to_string_lossy().into_owned()
}

fn problem(text: &str) -> Option<&'static str> {
    let text = text.trim();
    if text.is_empty() {
        Some("Write a folder")
    } else if Path::new(text).is_absolute() {
        None
    } else {
        Some("Write the whole path, from the root of the disk")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_a_path_is_not_taken() {
        assert!(problem(" ").is_some());
        assert!(problem("Pictures").is_some());
        assert_eq!(problem(if cfg!(windows) { "C:\\Pictures" } else { "/home/me/Pictures" }), None);
    }
}
