//! A slider: the toolkit's for keys, pointer and screen readers, painted by us.

use egui::{Color32, CornerRadius, Rect, Response, Slider, Stroke, Ui, emath::Numeric, pos2, remap_clamp};
use std::ops::RangeInclusive;

use super::ring::ring;
use crate::ui::theme::{Metric, palette};

/// Radius of the handle, in points.
const KNOB: f32 = 7.0;

/// A slider as wide as `width` points. Name it with `labelled_by` or `accessible_name`.
pub(in crate::ui) fn slider<Number: Numeric>(
    ui: &mut Ui,
    salt: &str,
    value: &mut Number,
    range: RangeInclusive<Number>,
    width: f32,
) -> Response {
    let (start, end) = (range.start().to_f64(), range.end().to_f64());
    // The toolkit paints rail and handle in one colour, so it paints nothing here and we paint over it.
    let response = ui
        .push_id(salt, |ui| {
            let visuals = ui.visuals_mut();
            visuals.selection.bg_fill = Color32::TRANSPARENT;
            for state in [
                &mut visuals.widgets.inactive,
                &mut visuals.widgets.hovered,
                &mut visuals.widgets.active,
                &mut visuals.widgets.noninteractive,
            ] {
                state.bg_fill = Color32::TRANSPARENT;
                state.fg_stroke = Stroke::NONE;
            }
            ui.spacing_mut().slider_width = width;
            ui.add(Slider::new(value, range).show_value(false).step_by(1.0).smart_aim(false))
        })
        .inner;
    let palette = palette(ui);
    let rect = response.rect;
    let y = rect.center().y;
    // The same inset as the toolkit's handle, so that the pointer and the picture agree.
    let inset = rect.height() / 2.5;
    let x = remap_clamp(value.to_f64() as f32, start as f32..=end as f32, rect.left() + inset..=rect.right() - inset);
    let rail = |left: f32, right: f32| Rect::from_min_max(pos2(left, y - 2.0), pos2(right, y + 2.0));
    let painter = ui.painter();
    painter.rect_filled(rail(rect.left(), rect.right()), CornerRadius::same(2), palette.line);
    painter.rect_filled(rail(rect.left(), x), CornerRadius::same(2), palette.dim);
    let radius = if response.hovered() || response.dragged() { KNOB + 0.5 } else { KNOB };
    painter.circle(pos2(x, y), radius, palette.knob, Stroke::new(Metric::HAIR, palette.knob_line));
    let knob = Rect::from_center_size(pos2(x, y), egui::Vec2::splat(2.0 * KNOB));
    ring(ui, &response, knob, KNOB as u8);
    response
}
