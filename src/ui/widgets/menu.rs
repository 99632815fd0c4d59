//! A menu over the window: rows with their keys at the right, walked through by arrows, closed by Esc.

use egui::accesskit::Role;
use egui::{Align2, Popup, PopupCloseBehavior, PopupKind, Rect, Response, Sense, Ui, WidgetInfo, pos2, vec2};

use super::popup::{frame, words};
use crate::ui::theme::{Metric, Type, palette};

/// Width of a menu, in points.
const WIDTH: f32 = 232.0;
/// Room a line between two parts takes, in points.
const RULE: f32 = 9.0;

/// One row of a menu.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::ui) struct MenuRow {
    /// Its words.
    pub text: String,
    /// The keys that do the same.
    pub keys: Option<String>,
    /// Why it cannot be chosen, told under the pointer and to screen readers.
    pub why_not: Option<String>,
    /// A new part begins here: a line is drawn above.
    pub begins: bool,
}

/// Shows an open menu, and answers with the row that was chosen. `take_keyboard`: its first row gets the keyboard.
pub(in crate::ui) fn menu(popup: Popup<'_>, ui: &Ui, rows: &[MenuRow], take_keyboard: &mut bool) -> Option<usize> {
    let id = popup.get_id();
    let popup = popup.kind(PopupKind::Menu).width(WIDTH).gap(2.0).frame(frame(ui));
    let shown = popup.close_behavior(PopupCloseBehavior::CloseOnClickOutside).show(|ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        ui.set_min_width(WIDTH - 10.0);
        let mut chosen = None;
        for (index, row) in rows.iter().enumerate() {
            if row.begins && index > 0 {
                rule(ui);
            }
            let response = row_ui(ui, row, menu_row_id(id, index));
            if row.why_not.is_none() && *take_keyboard && !ui.is_sizing_pass() {
                *take_keyboard = false;
                response.request_focus();
            }
            if row.why_not.is_none() && response.clicked() {
                chosen = Some(index);
            }
        }
        chosen
    })?;
    shown.response.ctx.accesskit_node_builder(shown.response.id, |node| node.set_role(Role::Menu));
    if shown.inner.is_some() {
        Popup::close_id(&shown.response.ctx, id);
    }
    shown.inner
}

/// The id of a row: known before it is shown.
pub(in crate::ui) fn menu_row_id(menu: egui::Id, index: usize) -> egui::Id {
    menu.with(("row", index))
}

fn rule(ui: &mut Ui) {
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), RULE), Sense::hover());
    let line = Rect::from_center_size(rect.center(), vec2(rect.width() - 12.0, Metric::HAIR));
    ui.painter().rect_filled(line, 0.0, palette(ui).line_strong);
}

fn row_ui(ui: &mut Ui, row: &MenuRow, id: egui::Id) -> Response {
    let palette = palette(ui);
    let enabled = row.why_not.is_none();
    let (_, rect) = ui.allocate_space(vec2(WIDTH - 10.0, Metric::SMALL_CONTROL));
    let response = ui.interact(rect, id, if enabled { Sense::click() } else { Sense::hover() });
    response.widget_info(|| WidgetInfo::labeled(Role::MenuItem, enabled, &row.text));
    if let Some(keys) = &row.keys {
        ui.ctx().accesskit_node_builder(response.id, |node| node.set_keyboard_shortcut(keys.as_str()));
    }
    if enabled && (response.hovered() || response.has_focus()) {
        let wash = if palette.dark { palette.line } else { palette.wash };
        ui.painter().rect_filled(rect, Metric::RADIUS_SMALL, wash);
    }
    let colour = if enabled { palette.text } else { palette.faint };
    let mut right = rect.right() - 8.0;
    if let Some(keys) = &row.keys {
        let at = pos2(right, rect.center().y);
        let hint = if enabled { palette.dim } else { palette.faint };
        right = ui.painter().text(at, Align2::RIGHT_CENTER, keys, Type::TinyMedium.font(), hint).left() - 8.0;
    }
    words(ui, Rect::from_min_max(pos2(rect.left() + 8.0, rect.top()), pos2(right, rect.bottom())), &row.text, colour);
    match &row.why_not {
        Some(why) => response.on_hover_text(why),
        None => response,
    }
}
