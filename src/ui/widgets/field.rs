//! Text fields, and the sentence under a field.

use egui::{Align2, CornerRadius, Frame, Id, Margin, Response, Stroke, TextEdit, Ui, pos2, vec2};

use super::label::{Tone, line};
use super::popup::shape_at;
use crate::ui::theme::{Metric, Type, palette};

/// A text field, built up and then shown.
#[must_use = "a field is drawn by `show`"]
pub(in crate::ui) struct TextField<'a> {
    text: &'a mut String,
    salt: &'a str,
    hint: &'a str,
    password: bool,
    wrong: bool,
    height: f32,
    width: f32,
    right: f32,
    raised: bool,
    ratio: Option<f32>,
}

impl<'a> TextField<'a> {
    /// One line of text, `width` points wide.
    pub(in crate::ui) const fn line(salt: &'a str, text: &'a mut String, width: f32) -> Self {
        Self {
            text,
            salt,
            hint: "",
            password: false,
            wrong: false,
            height: Metric::FIELD,
            width,
            right: 0.0,
            raised: false,
            ratio: None,
        }
    }

    /// Words shown while it is empty.
    pub(in crate::ui) const fn hint(mut self, hint: &'a str) -> Self {
        self.hint = hint;
        self
    }

    /// What is typed is not shown, here or in the accessibility tree.
    pub(in crate::ui) const fn password(mut self) -> Self {
        self.password = true;
        self
    }

    /// Bordered in the colour of what went wrong.
    pub(in crate::ui) const fn wrong(mut self, wrong: bool) -> Self {
        self.wrong = wrong;
        self
    }

    /// Of this height in points.
    pub(in crate::ui) const fn height(mut self, height: f32) -> Self {
        self.height = height;
        self
    }

    /// Looks like a dropdown, with room for its chevron.
    pub(super) const fn like_dropdown(mut self, ratio: Option<f32>) -> Self {
        self.ratio = ratio;
        self.height = Metric::CONTROL;
        self.right = 20.0;
        self.raised = true;
        self
    }

    /// The id the field will have in this place: known before it is shown.
    pub(in crate::ui) fn id_in(ui: &Ui, salt: &str) -> Id {
        ui.make_persistent_id(salt)
    }

    /// Draws it.
    pub(in crate::ui) fn show(self, ui: &mut Ui) -> Response {
        let palette = palette(ui);
        let id = Self::id_in(ui, self.salt);
        let focused = ui.memory(|memory| memory.has_focus(id));
        let line = match (self.wrong, focused) {
            (true, _) => palette.danger,
            (false, true) => palette.focus,
            (false, false) => palette.line,
        };
        let left = Metric::CONTROL_PAD + if self.ratio.is_some() { 23.0 } else { 0.0 };
        let side = |points: f32| points as i8 - 1;
        let frame = Frame {
            inner_margin: Margin { left: side(left), right: side(Metric::CONTROL_PAD + self.right), top: 0, bottom: 0 },
            fill: if self.raised && !focused { palette.raised } else { palette.field },
            stroke: Stroke::new(Metric::HAIR, line),
            corner_radius: CornerRadius::same(Metric::RADIUS),
            ..Frame::default()
        };
        let hint = egui::RichText::new(self.hint).font(Type::Body.font());
        let edit = TextEdit::singleline(self.text)
            .align(Align2::LEFT_CENTER)
            .min_size(vec2(self.width, self.height))
            .password(self.password);
        let edit = edit.id(id).hint_text(hint).frame(frame).desired_width(self.width).text_color(palette.text);
        let response = ui.add(edit);
        if let Some(ratio) = self.ratio {
            let at = pos2(response.rect.left() + Metric::CONTROL_PAD + 7.0, response.rect.center().y);
            shape_at(ui, at, ratio, palette.dim);
        }
        response
    }
}

/// The sentence under a field: what is wrong with it, or else a hint.
pub(in crate::ui) fn under_field(ui: &mut Ui, wrong: Option<&str>, hint: Option<&str>) {
    let (text, tone) = match (wrong, hint) {
        (Some(text), _) => (text, Tone::Danger),
        (None, Some(text)) => (text, Tone::Dim),
        (None, None) => return,
    };
    ui.add_space(Metric::LABEL_GAP);
    let text = line(ui, text, Type::Tiny, tone);
    ui.add(egui::Label::new(text).wrap());
}
