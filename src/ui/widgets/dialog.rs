//! The frame of what lies over the window.

use egui::{Align, CornerRadius, Frame, Id, Layout, Margin, Modal, Shadow, Stroke, Ui, vec2};

use super::button::Button;
use super::label::{Tone, label};
use crate::ui::theme::{Metric, Type, palette};

/// From the dialog's edge to its contents, in points.
pub(in crate::ui) const PAD: f32 = 20.0;
/// The least room between a dialog and the window's edge, in points.
const ROOM: f32 = 16.0;

/// A dialog over the window.
#[must_use = "a dialog is drawn by `show`"]
pub(in crate::ui) struct Dialog<'a> {
    title: &'a str,
    width: f32,
    height: Option<f32>,
}

impl<'a> Dialog<'a> {
    /// A dialog with this title, at most this wide.
    pub(in crate::ui) const fn new(title: &'a str, width: f32) -> Self {
        Self { title, width, height: None }
    }

    /// Of this height, less in a small window.
    pub(in crate::ui) const fn height(mut self, height: f32) -> Self {
        self.height = Some(height);
        self
    }

    /// Draws it; `true` when it should close: Esc, the cross, or a click beside it.
    ///
    /// `contents` gets the room below the title: a width, and a height when one is set.
    pub(in crate::ui) fn show(self, ui: &Ui, contents: impl FnOnce(&mut Ui)) -> bool {
        let palette = palette(ui);
        let window = ui.ctx().content_rect();
        let width = self.width.min(window.width() - 2.0 * ROOM);
        let height = self.height.map(|height| height.min(window.height() - 2.0 * ROOM));
        let frame = Frame {
            inner_margin: Margin::same(PAD as i8),
            fill: palette.panel,
            stroke: Stroke::new(Metric::HAIR, palette.line),
            corner_radius: CornerRadius::same(Metric::RADIUS_DIALOG),
            shadow: Shadow { offset: [0, 20], blur: 60, spread: 0, color: palette.shadow },
            ..Frame::default()
        };
        let modal = Modal::new(Id::unique(("dialog", self.title))).frame(frame).backdrop_color(palette.backdrop);
        let area = Modal::default_area(Id::unique(("dialog", self.title)))
            .accessible_name(self.title)
            .role(egui::accesskit::Role::Dialog)
            .fade_in(false);
        let shown = modal.area(area).show(ui.ctx(), |ui| {
            let inner = width - 2.0 * PAD;
            ui.set_width(inner);
            if let Some(height) = height {
                ui.set_height(height - 2.0 * PAD);
            } else {
                ui.set_max_height(window.height() - 2.0 * ROOM - 2.0 * PAD);
            }
            let close = title_ui(ui, self.title, inner);
            ui.add_space(14.0);
            contents(ui);
            close
        });
        shown.inner || shown.should_close()
    }
}

/// The title and the button that closes; `true` when it was pressed.
fn title_ui(ui: &mut Ui, title: &str, width: f32) -> bool {
    let row = Layout::left_to_right(Align::Center);
    ui.allocate_ui_with_layout(vec2(width, Type::Title.line()), row, |ui| {
        label(ui, title, Type::Title, Tone::Text);
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            Button::ghost("Esc").named("Close").flush().height(22.0).show(ui).clicked()
        })
        .inner
    })
    .inner
}
