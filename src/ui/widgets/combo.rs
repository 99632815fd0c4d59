//! A combo box: any text may be typed, and a list narrows down to what fits.

use egui::text::{CCursor, CCursorRange};
use egui::{Key, Popup, PopupCloseBehavior, Response, TextEdit, Ui};

use super::dropdown::chevron;
use super::field::TextField;
use super::popup::{Choice, list, row_id};

/// A combo box, built up and then shown.
#[must_use = "a combo box is drawn by `show`"]
pub(in crate::ui) struct Combo<'a> {
    salt: &'a str,
    text: &'a mut String,
    width: f32,
    wrong: bool,
    hint: &'a str,
    ratio: Option<f32>,
}

impl<'a> Combo<'a> {
    /// A combo box `width` points wide.
    pub(in crate::ui) const fn new(salt: &'a str, text: &'a mut String, width: f32) -> Self {
        Self { salt, text, width, wrong: false, hint: "", ratio: None }
    }

    /// Bordered in the colour of what went wrong.
    pub(in crate::ui) const fn wrong(mut self, wrong: bool) -> Self {
        self.wrong = wrong;
        self
    }

    /// Words shown while it is empty.
    pub(in crate::ui) const fn hint(mut self, hint: &'a str) -> Self {
        self.hint = hint;
        self
    }

    /// With the outline of a size before the words.
    pub(in crate::ui) const fn ratio(mut self, ratio: Option<f32>) -> Self {
        self.ratio = ratio;
        self
    }

    /// Draws it; `text` is edited in place, and replaced when a line of the list is chosen.
    ///
    /// The list shows every choice until something is typed, then those whose words hold what was typed.
    pub(in crate::ui) fn show(self, ui: &mut Ui, choices: &[Choice]) -> Response {
        let id = TextField::id_in(ui, self.salt);
        let typed_id = id.with("typed");
        let typed = ui.data(|data| data.get_temp::<bool>(typed_id)).unwrap_or(false);
        let focused = ui.memory(|memory| memory.has_focus(id));
        let fitting: Vec<&Choice> = if typed { fitting(self.text, choices) } else { choices.iter().collect() };
        let popup_id = id.with("list");
        let field = TextField::line(self.salt, self.text, self.width).hint(self.hint).wrong(self.wrong);
        let mut response = field.like_dropdown(self.ratio).show(ui);
        chevron(ui, response.rect);
        let before_id = id.with("before");
        if response.gained_focus() {
            select_all(ui, id, self.text.chars().count());
            ui.data_mut(|data| data.insert_temp(before_id, self.text.clone()));
        }
        if typed && response.lost_focus() {
            let pressed = |key| ui.input(|input| input.key_pressed(key));
            let chosen = if pressed(Key::Escape) {
                ui.data(|data| data.get_temp::<String>(before_id))
            } else if pressed(Key::Enter) && !choices.iter().any(|choice| choice.text == *self.text) {
                // Half a name means the first that fits it; a name that fits none is taken as typed.
                fitting.first().map(|choice| choice.text.clone())
            } else {
                None
            };
            if let Some(chosen) = chosen {
                *self.text = chosen;
                response.mark_changed();
                Popup::close_id(ui.ctx(), popup_id);
            }
        }
        if response.changed() {
            ui.data_mut(|data| data.insert_temp(typed_id, true));
            Popup::open_id(ui.ctx(), popup_id);
        }
        let down = focused && ui.input(|input| input.key_pressed(Key::ArrowDown));
        if down && Popup::is_id_open(ui.ctx(), popup_id) {
            // The field keeps its arrows, so the list is entered by hand.
            ui.memory_mut(|memory| memory.request_focus(row_id(popup_id, 0)));
        } else if response.clicked() || down {
            Popup::open_id(ui.ctx(), popup_id);
        }
        if response.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter) || input.key_pressed(Key::Tab)) {
            Popup::close_id(ui.ctx(), popup_id);
        }
        let rows: Vec<Choice> = fitting.into_iter().cloned().collect();
        let popup = Popup::from_response(&response)
            .kind(egui::PopupKind::Menu)
            .id(popup_id)
            .open_memory(None)
            .close_behavior(PopupCloseBehavior::CloseOnClickOutside);
        if !rows.is_empty()
            && let Some(row) = list(popup, ui, self.width, &rows).and_then(|index| rows.get(index))
        {
            self.text.clone_from(&row.text);
            response.mark_changed();
            response.request_focus();
            Popup::close_id(ui.ctx(), popup_id);
        }
        if !Popup::is_id_open(ui.ctx(), popup_id) {
            ui.data_mut(|data| data.insert_temp(typed_id, false));
        }
        response
    }
}

/// What is typed next replaces what is there.
fn select_all(ui: &Ui, id: egui::Id, chars: usize) {
    if let Some(mut state) = TextEdit::load_state(ui.ctx(), id) {
        let all = CCursorRange::two(CCursor::default(), CCursor::new(chars));
        state.cursor.set_char_range(Some(all));
        TextEdit::store_state(ui.ctx(), id, state);
    }
}

/// The choices whose words hold every word of `typed`; `×` may be typed as `x`.
fn fitting<'c>(typed: &str, choices: &'c [Choice]) -> Vec<&'c Choice> {
    let plain = |text: &str| text.to_lowercase().replace('×', "x");
    let words: Vec<String> = typed.split_whitespace().map(plain).collect();
    let fits = |choice: &&Choice| {
        let spaced = plain(&choice.text);
        let tight = spaced.replace(' ', "");
        words.iter().all(|word| spaced.contains(word.as_str()) || tight.contains(word.as_str()))
    };
    choices.iter().filter(fits).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_narrows_by_every_word() {
        let all: Vec<Choice> = ["dall-e-2", "dall-e-3", "flux-pro"].map(|id| Choice::new(id, false)).into();
        let ids = |typed: &str| fitting(typed, &all).iter().map(|choice| choice.text.clone()).collect::<Vec<_>>();
        assert_eq!(ids(""), ["dall-e-2", "dall-e-3", "flux-pro"]);
        assert_eq!(ids("DALL 3"), ["dall-e-3"]);
        assert!(ids("nothing like it").is_empty());
        let sizes = [Choice::new("1024 × 1792", false), Choice::new("512 × 512", false)];
        assert_eq!(fitting("1024x1", &sizes).len(), 1);
    }
}
