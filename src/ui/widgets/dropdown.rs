//! A dropdown: one of a list.

use egui::accesskit::Role;
use egui::{Align2, Key, Popup, Rect, Response, Sense, Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2};

use super::popup::{Choice, list, shape_at, words};
use super::ring::ring;
use crate::ui::icons::Icon;
use crate::ui::theme::{Metric, Type, palette};

/// A dropdown, built up and then shown.
#[must_use = "a dropdown is drawn by `show`"]
pub(in crate::ui) struct Dropdown<'a> {
    salt: &'a str,
    shown: &'a str,
    ratio: Option<f32>,
    width: f32,
    height: f32,
    list_width: f32,
    set: bool,
}

impl<'a> Dropdown<'a> {
    /// A dropdown that reads `shown`, `width` points wide.
    pub(in crate::ui) const fn new(salt: &'a str, shown: &'a str, width: f32) -> Self {
        Self { salt, shown, ratio: None, width, height: Metric::CONTROL, list_width: width, set: false }
    }

    /// With the outline of a size before the words.
    pub(in crate::ui) const fn ratio(mut self, ratio: Option<f32>) -> Self {
        self.ratio = ratio;
        self
    }

    /// With a list of another width.
    pub(in crate::ui) const fn list_width(mut self, width: f32) -> Self {
        self.list_width = width;
        self
    }

    /// It is set to something: its edge says so, and the place of its chevron is left to who takes it away again.
    pub(in crate::ui) const fn set(mut self, set: bool) -> Self {
        self.set = set;
        self
    }

    /// Draws it; answers with its response (to be named by its label) and the choice that was made.
    pub(in crate::ui) fn show(self, ui: &mut Ui, choices: &[Choice]) -> (Response, Option<usize>) {
        let palette = palette(ui);
        let (_, rect) = ui.allocate_space(vec2(self.width, self.height));
        let id = ui.make_persistent_id(self.salt);
        let response = ui.interact(rect, id, Sense::click());
        response.widget_info(|| {
            let mut info = WidgetInfo::new(Role::ComboBox);
            info.enabled = ui.is_enabled();
            info.current_text_value = Some(self.shown.to_owned());
            info
        });
        let mut popup = Popup::menu(&response);
        if response.has_focus() && ui.input(|input| input.key_pressed(Key::ArrowDown)) {
            popup = popup.open_memory(egui::SetOpenCommand::Bool(true));
        }
        let open = popup.is_open();
        let fill = if response.hovered() || open { palette.raised_hover } else { palette.raised };
        let line = if response.hovered() || open || self.set { palette.line_strong } else { palette.line };
        ui.painter().rect(rect, Metric::RADIUS, fill, Stroke::new(Metric::HAIR, line), StrokeKind::Inside);
        let mut left = rect.left() + Metric::CONTROL_PAD;
        if let Some(ratio) = self.ratio {
            shape_at(ui, pos2(left + 7.0, rect.center().y), ratio, palette.dim);
            left += 23.0;
        }
        let right = if self.set { rect.right() - Metric::SMALL_CONTROL } else { chevron(ui, rect) };
        words(ui, Rect::from_min_max(pos2(left, rect.top()), pos2(right, rect.bottom())), self.shown, palette.text);
        ring(ui, &response, rect, Metric::RADIUS);
        let chosen = list(popup, ui, self.list_width, choices);
        if chosen.is_some() && ui.input(|input| input.key_pressed(Key::Enter) || input.key_pressed(Key::Space)) {
            response.request_focus();
        }
        (response, chosen)
    }
}

/// Paints the chevron at the right of a control; answers where the words must end.
pub(super) fn chevron(ui: &Ui, rect: Rect) -> f32 {
    let at = pos2(rect.right() - Metric::CONTROL_PAD + 2.0, rect.center().y);
    let font = Type::Icon(13.0).font();
    ui.painter().text(at, Align2::RIGHT_CENTER, Icon::CHEVRON_DOWN.text(), font, palette(ui).dim).left() - 6.0
}
