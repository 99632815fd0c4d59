//! The inspector over the sheet, in a window too narrow for both.

use egui::{Area, CornerRadius, Id, Order, Rect, Sense, Shadow, Stroke, Ui, UiBuilder, vec2};

use super::inspector_ui;
use crate::ui::cx::Cx;
use crate::ui::theme::{Metric, palette};

/// Draws it at the right of the sheet's room, and says where it begins. On a layer of its own, so that what lies under it
/// neither scrolls nor is pressed.
pub(in crate::ui) fn inspector_over_ui(ui: &Ui, cx: &mut Cx<'_>, room: Rect) -> f32 {
    let rect = room.with_min_x(room.right() - Metric::INSPECTOR.min(room.width()));
    let area = Area::new(Id::unique("inspector over the sheet")).order(Order::Middle).fixed_pos(rect.min);
    area.constrain(false).movable(false).fade_in(false).accessible_name("Facts of the selection").show(
        ui.ctx(),
        |ui| {
            ui.allocate_rect(rect, Sense::click_and_drag());
            let palette = palette(ui);
            let shadow = Shadow { offset: [-4, 0], blur: 16, spread: 0, color: palette.shadow };
            let painter = ui.painter().with_clip_rect(room);
            painter.add(shadow.as_shape(rect, CornerRadius::ZERO));
            painter.rect_filled(rect, 0.0, palette.panel);
            painter.vline(rect.left() + 0.5, rect.y_range(), Stroke::new(Metric::HAIR, palette.line));
            let inside = UiBuilder::new().max_rect(rect.shrink2(vec2(Metric::PAD, Metric::PAD)));
            ui.scope_builder(inside, |ui| inspector_ui(ui, cx));
        },
    );
    rect.left()
}
