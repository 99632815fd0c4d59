//! Words: one way to set them, so that sizes and line heights agree everywhere.

use egui::{Align2, Color32, Label, Pos2, Rect, Response, RichText, TextWrapMode, Ui};

use crate::ui::theme::{Type, palette};

/// The colour of words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::ui) enum Tone {
    /// What is read first.
    Text,
    /// What is read second.
    Dim,
    /// What went wrong.
    Danger,
    /// What works.
    Ok,
    /// About picks.
    Pencil,
}

impl Tone {
    /// The colour in the theme in force.
    pub(in crate::ui) fn colour(self, ui: &Ui) -> Color32 {
        let palette = palette(ui);
        match self {
            Self::Text => palette.text,
            Self::Dim => palette.dim,
            Self::Danger => palette.danger,
            Self::Ok => palette.ok,
            Self::Pencil => palette.pencil_text,
        }
    }
}

/// Words as rich text, with the line height of the design.
pub(in crate::ui) fn line(ui: &Ui, text: impl Into<String>, face: Type, tone: Tone) -> RichText {
    RichText::new(text).font(face.font()).color(tone.colour(ui)).line_height(Some(face.line()))
}

/// One line of words, not wrapped.
pub(in crate::ui) fn label(ui: &mut Ui, text: impl Into<String>, face: Type, tone: Tone) -> Response {
    let text = line(ui, text, face, tone);
    ui.add(Label::new(text).wrap_mode(TextWrapMode::Extend))
}

/// One line of words, cut with `…` at the edge.
pub(in crate::ui) fn truncated(ui: &mut Ui, text: impl Into<String>, face: Type, tone: Tone) -> Response {
    let text = line(ui, text, face, tone);
    ui.add(Label::new(text).truncate())
}

/// A paragraph.
pub(in crate::ui) fn wrapped(ui: &mut Ui, text: impl Into<String>, face: Type, tone: Tone) -> Response {
    let text = line(ui, text, face, tone);
    ui.add(Label::new(text).wrap())
}

/// Paints one line of words at a place, without a widget of its own.
pub(in crate::ui) fn label_at(ui: &Ui, at: Pos2, align: Align2, text: &str, (face, colour): (Type, Color32)) -> Rect {
    ui.painter().text(at, align, text, face.font(), colour)
}
