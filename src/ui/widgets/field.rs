//! Text fields, and the sentence under a field.

use egui::{Align, Align2, CornerRadius, Frame, Id, Margin, Response, Stroke, TextEdit, Ui, pos2, vec2};

use super::label::{Tone, line};
use super::popup::shape_at;
use crate::ui::icons::Icon;
use crate::ui::theme::{Metric, Type, palette};

/// A text field, built up and then shown.
#[must_use = "a field is drawn by `show`"]
pub(in crate::ui) struct TextField<'a> {
    text: &'a mut String,
    salt: &'a str,
    hint: &'a str,
    icon: Option<Icon>,
    password: bool,
    wrong: bool,
    height: f32,
    width: f32,
    rows: Option<usize>,
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
            icon: None,
            password: false,
            wrong: false,
            height: Metric::FIELD,
            width,
            rows: None,
            right: 0.0,
            raised: false,
            ratio: None,
        }
    }

    /// Several lines; grows with its text from this many rows on.
    pub(in crate::ui) const fn rows(mut self, rows: usize) -> Self {
        self.rows = Some(rows);
        self
    }

    /// Words shown while it is empty.
    pub(in crate::ui) const fn hint(mut self, hint: &'a str) -> Self {
        self.hint = hint;
        self
    }

    /// An icon before the words.
    pub(in crate::ui) const fn icon(mut self, icon: Icon) -> Self {
        self.icon = Some(icon);
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
        let left = match (self.icon, self.ratio) {
            (Some(_), _) => Metric::CONTROL_PAD + Metric::ICON + 7.0,
            (None, Some(_)) => Metric::CONTROL_PAD + 23.0,
            (None, None) => Metric::CONTROL_PAD,
        };
        let side = |points: f32| points as i8 - 1;
        let vertical = if self.rows.is_some() { 8 - 1 } else { 0 };
        let frame = Frame {
            inner_margin: Margin {
                left: side(left),
                right: side(Metric::CONTROL_PAD + self.right),
                top: vertical,
                bottom: vertical,
            },
            fill: if self.raised && !focused { palette.raised } else { palette.field },
            stroke: Stroke::new(Metric::HAIR, line),
            corner_radius: CornerRadius::same(Metric::RADIUS),
            ..Frame::default()
        };
        let hint = egui::RichText::new(self.hint).font(Type::Body.font());
        let edit = match self.rows {
            Some(rows) => TextEdit::multiline(self.text).desired_rows(rows).min_size(vec2(self.width, 0.0)),
            None => TextEdit::singleline(self.text)
                .align(Align2::LEFT_CENTER)
                .min_size(vec2(self.width, self.height))
                .password(self.password),
        };
        let edit = edit.id(id).hint_text(hint).frame(frame).desired_width(self.width).text_color(palette.text);
        let response = ui.add(edit);
        if let Some(icon) = self.icon {
            let at = pos2(response.rect.left() + Metric::CONTROL_PAD, response.rect.center().y);
            ui.painter().text(at, Align2::LEFT_CENTER, icon.text(), Type::Icon(Metric::ICON).font(), palette.faint);
        }
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
