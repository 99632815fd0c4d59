//! A row of choices of which one is on.

use egui::accesskit::Role;
use egui::{Align2, Color32, Response, Sense, Stroke, StrokeKind, Ui, Vec2, WidgetInfo, vec2};

use super::ring::ring;
use crate::ui::theme::{Metric, Type, palette};

/// Between a choice's edge and its words.
const PAD: f32 = 10.0;
/// Between the frame and the choices.
const INSET: f32 = 3.0;

/// Shows the choices; answers with the one that was pressed, and each choice's response.
pub(in crate::ui) fn segmented<Value: Copy + PartialEq>(
    ui: &mut Ui,
    on: Value,
    choices: &[(Value, String)],
) -> (Option<Value>, Vec<Response>) {
    let font = Type::Body.font();
    let width = |(_, text): &(Value, String)| {
        ui.painter().layout_no_wrap(text.clone(), font.clone(), Color32::PLACEHOLDER).size().x + 2.0 * PAD
    };
    let widths = choices.iter().map(width).collect();
    cells(ui, on, choices, widths)
}

/// The same over the whole width there is, in equal parts; answers with the choice that was pressed.
pub(in crate::ui) fn segmented_across<Value: Copy + PartialEq>(
    ui: &mut Ui,
    on: Value,
    choices: &[(Value, String)],
) -> Option<Value> {
    let width = (ui.available_width() - 2.0 * INSET) / choices.len().max(1) as f32;
    cells(ui, on, choices, vec![width; choices.len()]).0
}

fn cells<Value: Copy + PartialEq>(
    ui: &mut Ui,
    on: Value,
    choices: &[(Value, String)],
    widths: Vec<f32>,
) -> (Option<Value>, Vec<Response>) {
    let palette = palette(ui);
    let font = Type::Body.font();
    let size = vec2(widths.iter().sum::<f32>() + 2.0 * INSET, Metric::CONTROL);
    let (rect, _) = ui.allocate_exact_size(size, Sense::hover());
    let line = Stroke::new(Metric::HAIR, palette.line);
    ui.painter().rect(rect, Metric::RADIUS, palette.field, line, StrokeKind::Inside);
    let mut pressed = None;
    let mut responses = Vec::new();
    let mut left = rect.left() + INSET;
    for ((value, text), width) in choices.iter().zip(widths) {
        let cell = egui::Rect::from_min_size(
            egui::pos2(left, rect.top() + INSET),
            Vec2::new(width, Metric::CONTROL - 2.0 * INSET),
        );
        left += width;
        let is_on = *value == on;
        let response = ui.interact(cell, ui.scope_id().with(("segment", text_key(text))), Sense::click());
        response.widget_info(|| WidgetInfo::selected(Role::RadioButton, ui.is_enabled(), is_on, text));
        if is_on {
            ui.painter().rect_filled(
                cell,
                Metric::RADIUS_SMALL,
                if palette.dark { palette.raised } else { palette.wash },
            );
        }
        let colour = if is_on || response.hovered() { palette.text } else { palette.dim };
        ui.painter().text(cell.center(), Align2::CENTER_CENTER, text, font.clone(), colour);
        ring(ui, &response, cell, Metric::RADIUS_SMALL);
        if response.clicked() {
            pressed = Some(*value);
        }
        responses.push(response);
    }
    (pressed, responses)
}

/// Counts in the words change from frame to frame; the place of a choice must not.
fn text_key(text: &str) -> &str {
    text.split(' ').next().unwrap_or(text)
}
