//! The list that opens under a dropdown or a combo box.

use egui::accesskit::Role;
use egui::{
    Align2, Color32, CornerRadius, Frame, Id, Margin, Popup, PopupCloseBehavior, Rect, Response, ScrollArea, Sense,
    Shadow, Stroke, StrokeKind, Ui, Vec2, WidgetInfo, pos2, vec2,
};

use crate::ui::icons::Icon;
use crate::ui::theme::{Metric, Type, palette};

/// The tallest list, in points; longer ones scroll.
const TALLEST: f32 = 320.0;

/// One line of the list.
#[derive(Clone, Debug, Default, PartialEq)]
pub(in crate::ui) struct Choice {
    /// Its words; empty for a heading-only line.
    pub text: String,
    /// Small words at the right.
    pub note: String,
    /// Width by height, to draw the outline of a size.
    pub ratio: Option<f32>,
    /// The choice in force.
    pub on: bool,
    /// Painted second: less likely to be wanted.
    pub dim: bool,
}

impl Choice {
    /// A plain line.
    pub(in crate::ui) fn new(text: impl Into<String>, on: bool) -> Self {
        Self { text: text.into(), on, ..Self::default() }
    }
}

/// The frame of everything that opens over the window.
pub(super) fn frame(ui: &Ui) -> Frame {
    let palette = palette(ui);
    Frame {
        inner_margin: Margin::same(4),
        fill: if palette.dark { palette.raised } else { palette.field },
        stroke: Stroke::new(Metric::HAIR, palette.line_strong),
        corner_radius: CornerRadius::same(Metric::RADIUS + 2),
        shadow: Shadow { offset: [0, 6], blur: 18, spread: 0, color: palette.shadow },
        ..Frame::default()
    }
}

/// Shows the list under its control, and answers with the line that was chosen.
pub(in crate::ui) fn list(popup: Popup<'_>, ui: &Ui, width: f32, choices: &[Choice]) -> Option<usize> {
    let id = popup.get_id();
    let popup = popup.width(width).gap(4.0).frame(frame(ui)).close_behavior(PopupCloseBehavior::CloseOnClick);
    let shown = popup.show(|ui| {
        let width = width - 10.0;
        ui.set_min_width(width);
        ScrollArea::vertical().max_height(TALLEST).show(ui, |ui| {
            let mut chosen = None;
            for (index, choice) in choices.iter().enumerate() {
                if row(ui, width, row_id(id, index), choice).clicked() {
                    chosen = Some(index);
                }
            }
            chosen
        })
    });
    shown.and_then(|shown| shown.inner.inner)
}

/// The id of a line: known before it is shown, to give it the keyboard.
pub(super) fn row_id(list: Id, index: usize) -> Id {
    list.with(("row", index))
}

fn row(ui: &mut Ui, width: f32, id: Id, choice: &Choice) -> Response {
    let palette = palette(ui);
    let (_, rect) = ui.allocate_space(vec2(width, Metric::CONTROL - 2.0));
    let response = ui.interact(rect, id, Sense::click());
    response.widget_info(|| WidgetInfo::selected(Role::ListBoxOption, ui.is_enabled(), choice.on, &choice.text));
    if response.gained_focus() {
        response.scroll_to_me(None);
    }
    if !ui.is_rect_visible(rect) {
        return response;
    }
    if response.hovered() || response.has_focus() {
        let wash = if palette.dark { palette.line } else { palette.wash };
        ui.painter().rect_filled(rect, Metric::RADIUS_SMALL, wash);
    }
    let colour = if choice.dim { palette.dim } else { palette.text };
    let mut left = rect.left() + 8.0;
    if let Some(ratio) = choice.ratio {
        shape_at(ui, pos2(left + 8.0, rect.center().y), ratio, palette.dim);
        left += 24.0;
    }
    let mut right = rect.right() - 8.0;
    if choice.on {
        let at = pos2(right, rect.center().y);
        ui.painter().text(at, Align2::RIGHT_CENTER, Icon::CHECK.text(), Type::Icon(Metric::ICON).font(), palette.text);
        right -= Metric::ICON + 6.0;
    }
    if !choice.note.is_empty() {
        let at = pos2(right, rect.center().y);
        let drawn = ui.painter().text(at, Align2::RIGHT_CENTER, &choice.note, Type::Tiny.font(), palette.dim);
        right = drawn.left() - 8.0;
    }
    words(ui, Rect::from_min_max(pos2(left, rect.top()), pos2(right, rect.bottom())), &choice.text, colour);
    response
}

/// One line of words inside a control, cut with `…`.
pub(in crate::ui) fn words(ui: &Ui, rect: Rect, text: &str, colour: Color32) {
    let mut job = egui::text::LayoutJob::simple_singleline(text.to_owned(), Type::Body.font(), colour);
    job.wrap = egui::text::TextWrapping::truncate_at_width(rect.width().max(0.0));
    let galley = ui.painter().layout_job(job);
    let at = pos2(rect.left(), rect.center().y - galley.size().y / 2.0);
    ui.painter().galley(at, galley, colour);
}

/// The small outline of a size, around `centre`.
pub(super) fn shape_at(ui: &Ui, centre: egui::Pos2, ratio: f32, colour: Color32) {
    let ratio = ratio.clamp(0.4, 2.5);
    let size = if ratio >= 1.0 { Vec2::new(14.0, 14.0 / ratio) } else { Vec2::new(14.0 * ratio, 14.0) };
    let rect = Rect::from_center_size(centre, size);
    ui.painter().rect_stroke(rect, 2.0, Stroke::new(1.25, colour), StrokeKind::Middle);
}
