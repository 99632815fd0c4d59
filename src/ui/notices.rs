//! Notices in the corner of the images' room: what was done, what went wrong, with the one thing to do about it.

use egui::accesskit::Live;
use egui::{Align, Align2, Area, CornerRadius, Frame, Id, Layout, Margin, Order, Rect, Shadow, Stroke, Ui, vec2};

use super::cx::Cx;
use super::icons::Icon;
use super::theme::{Metric, Type, palette};
use super::widgets::{Button, Tone, label_at, wrapped};
use crate::message::{Action, Dialog, Severity, Verb};
use crate::state::{Notice, NoticeButton};

/// Width of a notice, in points; less where there is less room.
const WIDTH: f32 = 380.0;
/// Side of its cross, in points.
const CROSS: f32 = 24.0;
/// Room for its icon, in points.
const LEAD: f32 = 21.0;

/// Draws them at the bottom right of `room`, where nothing is to be pressed but images.
pub(super) fn notices_ui(ui: &Ui, cx: &mut Cx<'_>, room: Rect) {
    let notices: Vec<Notice> = cx.session.notices().shown().to_vec();
    if notices.is_empty() {
        return;
    }
    let width = WIDTH.min(room.width() - 2.0 * Metric::SHEET_PAD);
    // Over dialogs, but not over a menu that a person is choosing from.
    let order = if cx.memory.menu.is_open() { Order::Middle } else { Order::Tooltip };
    Area::new(area())
        .order(order)
        .pivot(Align2::RIGHT_BOTTOM)
        .fixed_pos(room.right_bottom() - vec2(Metric::SHEET_PAD, Metric::PAD))
        .accessible_name("Notices")
        .show(ui.ctx(), |ui| {
            ui.spacing_mut().item_spacing.y = Metric::GAP;
            for notice in &notices {
                notice_ui(ui, cx, notice, width);
            }
        });
}

fn area() -> Id {
    Id::unique("notices")
}

/// Where they began in the frame before this, with the distance to be kept; `None` without any.
pub(super) fn top(ui: &Ui, cx: &Cx<'_>) -> Option<f32> {
    let any = !cx.session.notices().shown().is_empty();
    let rect = ui.ctx().memory(|memory| memory.area_rect(area()))?;
    any.then_some(rect.top() - Metric::GAP)
}

fn notice_ui(ui: &mut Ui, cx: &mut Cx<'_>, notice: &Notice, width: f32) {
    let palette = palette(ui);
    let frame = Frame {
        inner_margin: Margin { left: 14, right: 8, top: 9, bottom: 9 },
        fill: if palette.dark { palette.raised } else { palette.field },
        stroke: Stroke::new(Metric::HAIR, palette.line_strong),
        corner_radius: CornerRadius::same(Metric::RADIUS_TRAY),
        shadow: Shadow { offset: [0, 8], blur: 24, spread: 0, color: palette.shadow },
        ..Frame::default()
    };
    let wrong = notice.severity == Severity::Problem;
    let (icon, colour) = if wrong { (Icon::CIRCLE_ALERT, palette.danger) } else { (Icon::CIRCLE_CHECK, palette.dim) };
    frame.show(ui, |ui| {
        ui.spacing_mut().item_spacing.x = 4.0;
        let width = width - 22.0;
        let height = height(ui, notice, width);
        ui.allocate_ui_with_layout(vec2(width, height), Layout::right_to_left(Align::Center), |ui| {
            let cross = Button::icon_only(Icon::CROSS, "Dismiss").height(CROSS).width(CROSS);
            if cross.show(ui).clicked() {
                cx.act(Action::Dismiss(notice.id));
            }
            if let Some(button) = &notice.button
                && Button::plain(button.label()).height(Metric::SMALL_CONTROL).show(ui).clicked()
            {
                press(cx, button);
                cx.act(Action::Dismiss(notice.id));
            }
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                let (rect, _) = ui.allocate_exact_size(vec2(LEAD, Metric::LINE), egui::Sense::hover());
                let face = Type::Icon(Metric::ICON);
                label_at(ui, rect.left_center(), Align2::LEFT_CENTER, &icon.text(), (face, colour));
                let said = wrapped(ui, notice.text.as_str(), Type::Body, Tone::Text);
                let live = if wrong { Live::Assertive } else { Live::Polite };
                ui.ctx().accesskit_node_builder(said.id, |node| node.set_live(live));
            });
        });
    });
}

/// The height its words need beside its icon and buttons, in points.
fn height(ui: &Ui, notice: &Notice, width: f32) -> f32 {
    let lay = |text: &str, room: f32| {
        ui.painter().layout(text.to_owned(), Type::Body.font(), egui::Color32::PLACEHOLDER, room)
    };
    let pads = 2.0 * Metric::CONTROL_PAD + 4.0;
    let button = notice.button.as_ref().map_or(0.0, |button| lay(button.label(), f32::INFINITY).size().x + pads);
    let room = width - CROSS - 4.0 - button - LEAD - 4.0;
    let rows = lay(&notice.text, room).rows.len();
    (rows as f32 * Metric::LINE).max(Metric::SMALL_CONTROL)
}

fn press(cx: &mut Cx<'_>, button: &NoticeButton) {
    match button {
        NoticeButton::Undo => cx.ask(Verb::Undo),
        NoticeButton::OpenFolder(folder) => cx.act(Action::OpenFolder(folder.clone())),
        NoticeButton::Retry(marks) => cx.act(Action::MarkAgain(marks.clone())),
        NoticeButton::OpenAgain => cx.act(Action::OpenLibraryAgain),
        NoticeButton::Preferences(page) => cx.act(Action::OpenDialog(Dialog::Preferences(*page))),
    }
}
