//! Words painted on a tile: wrapped to so many lines, in the middle or at the left.

use std::sync::Arc;

use egui::text::{LayoutJob, TextFormat, TextWrapping};
use egui::{Align, Color32, Galley, Painter, Pos2, Rect, pos2};

use crate::ui::theme::Type;

/// Where words go and how many lines they may take.
#[derive(Clone, Copy, Debug)]
pub(in crate::ui) struct Place {
    /// The first line's top; the left edge, or the middle for centred words.
    pub at: Pos2,
    /// Points across.
    pub width: f32,
    /// Lines; the last one ends with `…` when something is left.
    pub lines: usize,
    /// Left or centred.
    pub align: Align,
}

/// Lays words out.
pub(in crate::ui) fn lay(painter: &Painter, words: &str, face: Type, colour: Color32, place: &Place) -> Arc<Galley> {
    let format =
        TextFormat { font_id: face.font(), color: colour, line_height: Some(face.line()), ..TextFormat::default() };
    let mut job = LayoutJob::single_section(words.to_owned(), format);
    job.wrap = TextWrapping { max_width: place.width, max_rows: place.lines, ..TextWrapping::default() };
    job.halign = place.align;
    painter.layout_job(job)
}

/// Paints words and says where they ended up.
pub(in crate::ui) fn paint_words(painter: &Painter, words: &str, face: Type, colour: Color32, place: Place) -> Rect {
    let galley = lay(painter, words, face, colour, &place);
    let at = pos2(place.at.x, place.at.y);
    let rect = galley.rect.translate(at.to_vec2());
    painter.galley(at, galley, colour);
    rect
}
