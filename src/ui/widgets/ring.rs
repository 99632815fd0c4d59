//! The ring around the control that has the keyboard, and hairlines.

use egui::{Rect, Response, Stroke, StrokeKind, Ui};

use crate::ui::theme::{Metric, palette};

/// Paints the focus ring around `rect` when the control has the keyboard.
pub(in crate::ui) fn ring(ui: &Ui, response: &Response, rect: Rect, radius: u8) {
    if response.has_focus() {
        let grown = rect.expand(Metric::RING_GAP);
        let stroke = Stroke::new(Metric::RING, palette(ui).focus);
        ui.painter().rect_stroke(grown, f32::from(radius) + Metric::RING_GAP, stroke, StrokeKind::Outside);
    }
}

/// A hairline across the whole width.
pub(in crate::ui) fn hairline(ui: &mut Ui) {
    let (rect, _) = ui.allocate_exact_size(egui::vec2(ui.available_width(), Metric::HAIR), egui::Sense::hover());
    ui.painter().rect_filled(rect, 0.0, palette(ui).line);
}
