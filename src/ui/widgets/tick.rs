//! A box that can be ticked.

use egui::accesskit::Role;
use egui::{Align2, Rect, Response, Sense, Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2};

use super::ring::ring;
use crate::ui::icons::Icon;
use crate::ui::theme::{Metric, Type, palette};

/// A box with words after it; `on` is turned over when it is pressed.
pub(in crate::ui) fn tick(ui: &mut Ui, on: &mut bool, words: &str) -> Response {
    const BOX: f32 = 16.0;
    let palette = palette(ui);
    let width = ui.available_width() - BOX - 8.0;
    let galley = ui.painter().layout(words.to_owned(), Type::Body.font(), palette.text, width);
    let size = vec2(galley.size().x + BOX + 8.0, galley.size().y.max(BOX) + 6.0);
    let (rect, mut response) = ui.allocate_exact_size(size, Sense::click());
    if response.clicked() {
        *on = !*on;
        response.mark_changed();
    }
    response.widget_info(|| WidgetInfo::selected(Role::CheckBox, ui.is_enabled(), *on, words));
    let square = Rect::from_min_size(pos2(rect.left(), rect.center().y - BOX / 2.0), vec2(BOX, BOX));
    let line = if response.hovered() { palette.line_strong } else { palette.line };
    let stroke = Stroke::new(Metric::HAIR, line);
    ui.painter().rect(square, Metric::RADIUS_SMALL, palette.field, stroke, StrokeKind::Inside);
    if *on {
        let font = Type::Icon(12.0).font();
        ui.painter().text(square.center(), Align2::CENTER_CENTER, Icon::CHECK.text(), font, palette.text);
    }
    ui.painter().galley(pos2(square.right() + 8.0, rect.center().y - galley.size().y / 2.0), galley, palette.text);
    ring(ui, &response, square, Metric::RADIUS_SMALL);
    response
}
