//! What stands around large images: the bar above with the way back and the zoom, the hints below.

use egui::accesskit::Role;
use egui::{Align, Layout, Rect, Sense, Stroke, Ui, UiBuilder, WidgetInfo, pos2, vec2};

use super::pane::{chosen, zoom_choices};
use crate::domain::Mark;
use crate::message::{Action, Lens, Verb};
use crate::state::Desk;
use crate::ui::cx::Cx;
use crate::ui::icons::Icon;
use crate::ui::picture::{Pane, Panes};
use crate::ui::shortcuts::keys;
use crate::ui::theme::{Metric, Type, palette};
use crate::ui::tile::{Place, lay, paint_words};
use crate::ui::widgets::{Button, Tone, label, segmented};

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
    /// The images have the whole window.
    pub is_bare: bool,
}

impl Around {
    /// Divides the window. On the full screen, and while panels are hidden, images have all of it.
    pub(in crate::ui) fn new(area: Rect, desk: &Desk) -> Self {
        let is_bare = desk.full_screen() || !desk.panels_shown();
        let [top, strip, bottom] = if is_bare { [0.0; 3] } else { [Metric::TOP_BAR, STRIP, Metric::STATUS] };
        let (bar, rest) = area.split_top_bottom_at_y(area.top() + top);
        let (rest, status) = rest.split_top_bottom_at_y(rest.bottom() - bottom);
        let (room, strip) = rest.split_top_bottom_at_y(rest.bottom() - strip);
        Self { bar, room, strip, status, is_bare }
    }
}

/// What the bar above is about.
pub(in crate::ui) struct Bar<'a> {
    /// In its middle.
    pub title: &'a str,
    /// How the images are looked at.
    pub lens: Lens,
    /// Where they lie.
    pub panes: Panes<'a>,
    /// The pane that keys act on.
    pub current: Option<&'a Pane>,
}

/// The bar above: back, the prompt, the zoom.
pub(in crate::ui) fn bar_ui(ui: &mut Ui, cx: &mut Cx<'_>, rect: Rect, bar: &Bar<'_>) {
    let colours = palette(ui);
    ui.painter().rect_filled(rect, 0.0, colours.panel);
    ui.painter().hline(rect.x_range(), rect.bottom() - 0.5, Stroke::new(Metric::HAIR, colours.line));
    let inner = rect.shrink2(vec2(Metric::PAD, 0.0));
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
        let (on, choices) = zoom_choices(bar.lens.zoom);
        let (pressed, _) = segmented(ui, on, &choices);
        if let Some(choice) = pressed {
            cx.act(Action::Look(chosen(choice, bar.panes, &bar.lens)));
        }
        if let Some(pane) = bar.current.filter(|_| on == 3) {
            let percent = format!("{:.0} %", pane.factor(bar.lens.zoom) * 100.0);
            label(ui, percent, Type::Small, Tone::Dim);
        }
    });
    // In the middle of the window, as long as both sides leave that room.
    let half = (rect.center().x - left.response.rect.right()).min(right.response.rect.left() - rect.center().x);
    let place = Place {
        at: pos2(rect.center().x, rect.center().y - Metric::LINE / 2.0),
        width: 2.0 * (half - Metric::SHEET_PAD).max(0.0),
        lines: 1,
        align: Align::Center,
    };
    paint_words(ui.painter(), &one_line(bar.title), Type::BodyMedium, colours.text, place);
}

fn bar_row(rect: Rect, layout: Layout) -> UiBuilder {
    UiBuilder::new().max_rect(rect).layout(layout)
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A hint: what a key does, and the verb it stands for, so that the hint can be pressed too.
pub(in crate::ui) struct Hint {
    keys: Option<&'static str>,
    word: String,
    /// With its accessible name.
    verb: Option<(Verb, &'static str)>,
}

/// The hints below.
pub(in crate::ui) fn hints_ui(ui: &mut Ui, cx: &mut Cx<'_>, status: Rect, hints: &[Hint]) {
    let colours = palette(ui);
    ui.painter().rect_filled(status, 0.0, colours.panel);
    ui.painter().hline(status.x_range(), status.top() + 0.5, Stroke::new(Metric::HAIR, colours.line));
    let mut left = status.left() + Metric::PAD;
    for (index, hint) in hints.iter().enumerate() {
        let keys = hint.keys.map(str::to_owned).or_else(|| keys(ui, hint.verb?.0));
        let words = keys.map_or_else(|| hint.word.clone(), |keys| format!("{keys} {}", hint.word));
        let at = pos2(left, status.center().y - Metric::LINE / 2.0);
        let place = Place { at, width: f32::INFINITY, lines: 1, align: Align::LEFT };
        let width = lay(ui.painter(), &words, Type::Small, colours.dim, &place).size().x;
        // A hint that does not fit is left out whole.
        if left + width > status.right() - Metric::PAD {
            break;
        }
        let mut colour = colours.dim;
        if let Some((verb, name)) = hint.verb {
            let rect =
                Rect::from_x_y_ranges(left..=left + width, status.y_range()).expand2(vec2(Metric::GAP / 2.0, 0.0));
            let response = ui.interact(rect, ui.scope_id().with(("hint", index)), Sense::CLICK);
            let why_not = cx.session.only_shown().filter(|_| verb.changes_library());
            response.widget_info(|| WidgetInfo::labeled(Role::Button, why_not.is_none(), name));
            if response.hovered() {
                colour = colours.text;
            }
            let tooltip = if verb == Verb::View { "Pick this image and go back to the sheet" } else { verb.tooltip() };
            if response.on_hover_text(why_not.unwrap_or(tooltip)).clicked() && why_not.is_none() {
                cx.ask(verb);
            }
        }
        left = paint_words(ui.painter(), &words, Type::Small, colour, place).right() + Metric::SHEET_PAD;
    }
}

/// The hints of the viewer (one image) and of the survey. In the bin nothing is judged; what is there can be restored.
pub(in crate::ui) fn hints(images: usize, in_bin: bool) -> Vec<Hint> {
    let hint = |verb: Verb, word: &str| Hint { keys: None, word: word.to_owned(), verb: Some((verb, verb.label())) };
    let plain = |keys, word: String| Hint { keys, word, verb: None };
    let all = match images {
        1 => "",
        2 => " both",
        _ => " all",
    };
    let mut hints = vec![plain(Some("← →"), "next".to_owned())];
    if in_bin {
        hints.push(hint(Verb::Restore, "restore"));
    } else {
        hints.push(hint(Verb::Mark(Mark::Pick), "pick"));
        hints.push(hint(Verb::Mark(Mark::Reject), if images == 1 { "reject" } else { "drop" }));
        hints.push(hint(Verb::Mark(Mark::None), "unmark"));
        if images > 1 {
            let verb = Some((Verb::View, "Keep this one"));
            hints.push(Hint { keys: Some("Enter"), word: "keeps this one".to_owned(), verb });
        }
    }
    hints.push(hint(Verb::ZoomActual, "100 %"));
    hints.push(hint(Verb::Facts, "facts"));
    hints.push(plain(None, format!("scroll zooms{all}, drag pans{all}")));
    hints
}
