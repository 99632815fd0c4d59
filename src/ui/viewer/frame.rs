//! What stands around large images: the bar above with the way back and the zoom, the hints below.

use egui::{Align, Layout, Rect, Stroke, Ui, UiBuilder, pos2, vec2};

use super::pane::{chosen, zoom_choices};
use crate::message::{Action, Lens, Verb};
use crate::ui::cx::Cx;
use crate::ui::icons::Icon;
use crate::ui::picture::Pane;
use crate::ui::shortcuts::keys;
use crate::ui::theme::{Metric, Type, palette};
use crate::ui::tile::{Place, paint_words};
use crate::ui::widgets::{Button, segmented};

/// Height of the filmstrip.
pub(in crate::ui) const STRIP: f32 = 92.0;

/// The window in three: the bar above, the room for images, and what is below it.
pub(in crate::ui) struct Around {
    /// The bar above.
    pub bar: Rect,
    /// The room for images, with the filmstrip's room taken away.
    pub room: Rect,
    /// The filmstrip.
    pub strip: Rect,
    /// The hints.
    pub status: Rect,
}

impl Around {
    /// Divides the window.
    pub(in crate::ui) fn new(area: Rect) -> Self {
        let (bar, rest) = area.split_top_bottom_at_y(area.top() + Metric::TOP_BAR);
        let (rest, status) = rest.split_top_bottom_at_y(rest.bottom() - Metric::STATUS);
        let (room, strip) = rest.split_top_bottom_at_y(rest.bottom() - STRIP);
        Self { bar, room, strip, status }
    }
}

/// The bar above: back, the prompt, the zoom.
pub(in crate::ui) fn bar_ui(ui: &mut Ui, cx: &mut Cx<'_>, bar: Rect, title: &str, pane: Option<&Pane>) {
    let colours = palette(ui);
    ui.painter().rect_filled(bar, 0.0, colours.panel);
    ui.painter().hline(bar.x_range(), bar.bottom() - 0.5, Stroke::new(Metric::HAIR, colours.line));
    let inner = bar.shrink2(vec2(Metric::PAD, 0.0));
    let lens = cx.session.viewer().lens();
    let left = ui.scope_builder(bar_row(inner, Layout::left_to_right(Align::Center)), |ui| {
        let back = Button::ghost("Sheet").icon(Icon::ARROW_LEFT).tooltip(Verb::Sheet.tooltip());
        let back = match keys(ui, Verb::Back) {
            Some(keys) => back.keys(keys),
            None => back,
        };
        if back.show(ui).clicked() {
            cx.ask(Verb::Sheet);
        }
    });
    let right = ui.scope_builder(bar_row(inner, Layout::right_to_left(Align::Center)), |ui| {
        let (on, choices) = zoom_choices(lens.zoom);
        let (pressed, _) = segmented(ui, on, &choices);
        if let Some(choice) = pressed {
            cx.act(Action::Look(chosen(choice, pane, &lens)));
        }
        if on == 3 {
            zoom_number(ui, pane, &lens);
        }
    });
    // In the middle of the window, as long as both sides leave that room.
    let half = (bar.center().x - left.response.rect.right()).min(right.response.rect.left() - bar.center().x);
    let place = Place {
        at: pos2(bar.center().x, bar.center().y - Metric::LINE / 2.0),
        width: 2.0 * (half - Metric::SHEET_PAD).max(0.0),
        lines: 1,
        align: Align::Center,
    };
    paint_words(ui.painter(), &one_line(title), Type::BodyMedium, colours.text, place);
}

fn zoom_number(ui: &mut Ui, pane: Option<&Pane>, lens: &Lens) {
    if let Some(pane) = pane {
        let percent = format!("{:.0} %", pane.factor(lens.zoom) * 100.0);
        crate::ui::widgets::label(ui, percent, Type::Small, crate::ui::widgets::Tone::Dim);
    }
}

fn bar_row(rect: Rect, layout: Layout) -> UiBuilder {
    UiBuilder::new().max_rect(rect).layout(layout)
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The hints below.
pub(in crate::ui) fn hints_ui(ui: &Ui, status: Rect, hints: &[String]) {
    let colours = palette(ui);
    ui.painter().rect_filled(status, 0.0, colours.panel);
    ui.painter().hline(status.x_range(), status.top() + 0.5, Stroke::new(Metric::HAIR, colours.line));
    let mut left = status.left() + Metric::PAD;
    for hint in hints {
        let at = pos2(left, status.center().y - Metric::LINE / 2.0);
        let place = Place { at, width: f32::INFINITY, lines: 1, align: Align::LEFT };
        if left < status.right() {
            left = paint_words(ui.painter(), hint, Type::Small, colours.dim, place).right() + Metric::SHEET_PAD;
        }
    }
}

/// The hints of the viewer (one image) and of the survey.
pub(in crate::ui) fn hints(ui: &Ui, images: usize) -> Vec<String> {
    let hint = |verb: Verb, word: &str| {
        let keys = keys(ui, verb).unwrap_or_default();
        format!("{keys} {word}")
    };
    let all = match images {
        1 => "",
        2 => " both",
        _ => " all",
    };
    let reject = if images == 1 { "reject" } else { "drop" };
    let mut hints = vec![
        "← → next".to_owned(),
        hint(Verb::Mark(crate::domain::Mark::Pick), "pick"),
        hint(Verb::Mark(crate::domain::Mark::Reject), reject),
        hint(Verb::Mark(crate::domain::Mark::None), "unmark"),
        hint(Verb::ZoomActual, "100 %"),
        format!("scroll zooms{all}, drag pans{all}"),
    ];
    if images > 1 {
        hints.insert(4, "Enter keeps this one".to_owned());
    }
    hints
}
