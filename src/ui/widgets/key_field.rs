//! The field a key is typed into: never shown, and forgotten by the toolkit too.

use egui::{Id, Response, TextEdit, Ui};

use super::field::TextField;

/// The hidden field; `text` holds what is typed until it is taken.
pub(in crate::ui) fn key_field(ui: &mut Ui, salt: &str, text: &mut String, width: f32, wrong: bool) -> Response {
    TextField::line(salt, text, width).password().wrong(wrong).hint("Paste the key here").show(ui)
}

/// Takes the typed key and wipes it from the field and from the toolkit's undo.
pub(in crate::ui) fn take_key(ui: &Ui, salt: &str, text: &mut String) -> String {
    forget_key(ui, TextField::id_in(ui, salt));
    std::mem::take(text)
}

fn forget_key(ui: &Ui, id: Id) {
    if let Some(mut state) = TextEdit::load_state(ui.ctx(), id) {
        state.clear_undoer();
        TextEdit::store_state(ui.ctx(), id, state);
    }
}
