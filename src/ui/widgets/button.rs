//! Buttons: plain, primary and ghost, with an icon, a key hint or both.

use egui::{Color32, Galley, Response, Sense, Stroke, StrokeKind, Ui, Vec2, WidgetInfo, accesskit::Role, vec2};
use std::sync::Arc;

use super::ring::ring;
use crate::ui::icons::Icon;
use crate::ui::theme::{Metric, Type, palette};

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Plain,
    Primary,
    Ghost,
}

/// A button, built up and then shown.
#[must_use = "a button is drawn by `show`"]
pub(in crate::ui) struct Button<'a> {
    kind: Kind,
    label: &'a str,
    icon: Option<Icon>,
    keys: Option<String>,
    name: Option<&'a str>,
    tooltip: Option<String>,
    height: f32,
    width: Option<f32>,
    pad: f32,
    enabled: bool,
    left: bool,
    small: bool,
}

impl<'a> Button<'a> {
    const fn new(kind: Kind, label: &'a str) -> Self {
        Self {
            kind,
            label,
            icon: None,
            keys: None,
            name: None,
            tooltip: None,
            height: Metric::CONTROL,
            width: None,
            pad: Metric::CONTROL_PAD,
            enabled: true,
            left: false,
            small: false,
        }
    }

    /// A raised button.
    pub(in crate::ui) const fn plain(label: &'a str) -> Self {
        Self::new(Kind::Plain, label)
    }

    /// The one primary action of a view.
    pub(in crate::ui) const fn primary(label: &'a str) -> Self {
        let mut button = Self::new(Kind::Primary, label);
        button.height = Metric::FIELD;
        button.pad = 14.0;
        button
    }

    /// Words that can be pressed.
    pub(in crate::ui) const fn ghost(label: &'a str) -> Self {
        Self::new(Kind::Ghost, label)
    }

    /// An icon alone; `name` is what a screen reader says.
    pub(in crate::ui) const fn icon_only(icon: Icon, name: &'a str) -> Self {
        let mut button = Self::new(Kind::Ghost, "");
        button.icon = Some(icon);
        button.name = Some(name);
        button.width = Some(Metric::CONTROL);
        button
    }

    /// With an icon before the words.
    pub(in crate::ui) const fn icon(mut self, icon: Icon) -> Self {
        self.icon = Some(icon);
        self
    }

    /// With a key hint after the words.
    pub(in crate::ui) fn keys(mut self, keys: impl Into<String>) -> Self {
        self.keys = Some(keys.into());
        self
    }

    /// With an accessible name other than its words.
    pub(in crate::ui) const fn named(mut self, name: &'a str) -> Self {
        self.name = Some(name);
        self
    }

    /// With a tooltip.
    pub(in crate::ui) fn tooltip(mut self, tooltip: impl Into<String>) -> Self {
        self.tooltip = Some(tooltip.into());
        self
    }

    /// Of this height in points.
    pub(in crate::ui) const fn height(mut self, height: f32) -> Self {
        self.height = height;
        self
    }

    /// Of this width in points, whatever its words need.
    pub(in crate::ui) const fn width(mut self, width: f32) -> Self {
        self.width = Some(width);
        self
    }

    /// Words begin at the left edge.
    pub(in crate::ui) const fn left(mut self) -> Self {
        self.left = true;
        self
    }

    /// In small words.
    pub(in crate::ui) const fn small(mut self) -> Self {
        self.small = true;
        self
    }

    /// Without room at the sides.
    pub(in crate::ui) const fn flush(mut self) -> Self {
        self.pad = 0.0;
        self
    }

    /// Can be pressed.
    pub(in crate::ui) const fn enabled(mut self, enabled: bool) -> Self {
        self.enabled = enabled;
        self
    }

    /// Cannot be pressed where there is a reason, which is then its tooltip.
    pub(in crate::ui) fn unless(mut self, why: Option<&str>) -> Self {
        if let Some(why) = why {
            self.enabled = false;
            self.tooltip = Some(why.to_owned());
        }
        self
    }

    /// Draws the button; `clicked()` of the answer says that it was pressed, by pointer, key or screen reader.
    pub(in crate::ui) fn show(self, ui: &mut Ui) -> Response {
        let lay = |text: String, face: Type| ui.painter().layout_no_wrap(text, face.font(), Color32::PLACEHOLDER);
        let word_face = match (self.kind, self.small) {
            (_, true) => Type::Small,
            (Kind::Primary, false) => Type::BodyStrong,
            _ => Type::Body,
        };
        let icon = self.icon.map(|icon| lay(icon.text(), Type::Icon(Metric::ICON)));
        let words = (!self.label.is_empty()).then(|| lay(self.label.to_owned(), word_face));
        let keys = self.keys.as_ref().map(|keys| lay(keys.clone(), Type::TinyMedium));
        let parts: Vec<(Arc<Galley>, bool)> =
            [icon.map(|g| (g, false)), words.map(|g| (g, false)), keys.map(|g| (g, true))]
                .into_iter()
                .flatten()
                .collect();
        let gap = if self.kind == Kind::Primary { 10.0 } else { 6.0 };
        let content: f32 =
            parts.iter().map(|(galley, _)| galley.size().x).sum::<f32>() + gap * parts.len().saturating_sub(1) as f32;
        let size = vec2(self.width.unwrap_or(content + 2.0 * self.pad), self.height);
        let (rect, mut response) = ui.allocate_exact_size(size, Sense::click());
        if !self.enabled {
            // Stays visible and readable, and says through the tree that it cannot be pressed.
            response.flags -= egui::response::Flags::CLICKED | egui::response::Flags::FAKE_PRIMARY_CLICKED;
        }
        let name = self.name.unwrap_or(self.label);
        response.widget_info(|| WidgetInfo::labeled(Role::Button, self.enabled && ui.is_enabled(), name));
        if ui.is_rect_visible(rect) {
            let (fill, stroke, text, hint) = self.colours(ui, &response);
            ui.painter().rect(rect, Metric::RADIUS, fill, stroke, StrokeKind::Inside);
            let mut x = if self.left { rect.left() + self.pad } else { rect.center().x - content / 2.0 };
            for (galley, is_hint) in parts {
                let at = Vec2::new(x, rect.center().y - galley.size().y / 2.0).to_pos2();
                x += galley.size().x + gap;
                ui.painter().galley(at, galley, if is_hint { hint } else { text });
            }
            ring(ui, &response, rect, Metric::RADIUS);
        }
        match self.tooltip {
            Some(tooltip) => response.on_hover_text(tooltip),
            None => response,
        }
    }

    fn colours(&self, ui: &Ui, response: &Response) -> (Color32, Stroke, Color32, Color32) {
        let palette = palette(ui);
        let down = response.is_pointer_button_down_on() && self.enabled;
        let over = response.hovered() && self.enabled;
        let line = |colour| Stroke::new(Metric::HAIR, colour);
        let (fill, stroke, text) = match self.kind {
            Kind::Plain if down => (palette.raised_press, line(palette.line_strong), palette.text),
            Kind::Plain if over => (palette.raised_hover, line(palette.line_strong), palette.text),
            Kind::Plain => (palette.raised, line(palette.line), palette.text),
            Kind::Primary if over && !down => (palette.pencil_hover, Stroke::NONE, palette.on_pencil),
            Kind::Primary => (palette.pencil, Stroke::NONE, palette.on_pencil),
            Kind::Ghost if self.pad == 0.0 && (over || down) => (Color32::TRANSPARENT, Stroke::NONE, palette.text),
            Kind::Ghost if over || down => (palette.wash, Stroke::NONE, palette.text),
            Kind::Ghost => (Color32::TRANSPARENT, Stroke::NONE, palette.dim),
        };
        let (fill, text) =
            if self.enabled { (fill, text) } else { (fill.gamma_multiply(0.5), text.gamma_multiply(0.4)) };
        (fill, stroke, text, text.gamma_multiply(0.65))
    }
}
