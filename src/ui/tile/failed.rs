//! A tile whose image failed: what happened, and what can be done about it.

use std::sync::Arc;

use egui::accesskit::Role;
use egui::{Align, Galley, Pos2, Rect, Sense, Stroke, StrokeKind, Ui, Vec2, WidgetInfo, pos2, vec2};

use super::words::lay;
use super::{Place, Tile};
use crate::domain::{Failure, FailureKind};
use crate::message::{Action, Dialog};
use crate::ui::cx::Cx;
use crate::ui::theme::{Metric, Palette, Type};

/// From this width on, buttons stand beside each other.
const WIDE: f32 = 150.0;
/// From this width on, all three buttons do.
const WIDEST: f32 = 210.0;
/// From a tile's edge to its words.
const PAD: f32 = 10.0;
/// Between the title and the sentence.
const TITLE_GAP: f32 = 6.0;
/// Lines of the sentence, where there is room: what was charged and what to do stand at its end.
const LINES: usize = 6;
/// Height of a button on a small tile.
const LOW: f32 = 20.0;
/// From this tile height on, buttons have their full height.
const HIGH: f32 = 140.0;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Press {
    Details,
    Edit,
    Retry,
}

impl Press {
    const fn label(self) -> &'static str {
        match self {
            Self::Details => "Details",
            Self::Edit => "Edit",
            Self::Retry => "Retry",
        }
    }

    fn tooltip(self, failure: &Failure) -> &'static str {
        match self {
            Self::Details => "What happened, with the server's own words",
            Self::Edit => "Put the prompt and settings back into the composer, to change them",
            Self::Retry if failure.is_missing_file() => "Make it again: that costs again",
            Self::Retry if failure.maybe_billed && failure.retry_safe => "Store it again; nothing is sent",
            Self::Retry if failure.maybe_billed => "Ask again; the first request may have been charged",
            Self::Retry if failure.kind.needs_another_request() => "The same request would most likely fail again",
            Self::Retry if failure.kind.needs_change() => "Ask again, once what is named here is changed",
            Self::Retry => "Ask for this image again",
        }
    }
}

fn presses(kind: FailureKind, width: f32) -> Vec<Press> {
    match (kind.needs_another_request(), width >= WIDEST) {
        (true, true) => vec![Press::Details, Press::Retry, Press::Edit],
        (true, false) => vec![Press::Details, Press::Edit],
        (false, true) => vec![Press::Details, Press::Edit, Press::Retry],
        (false, false) => vec![Press::Details, Press::Retry],
    }
}

pub(super) fn failed_ui(ui: &mut Ui, cx: &mut Cx<'_>, tile: &Tile<'_>, failure: &Failure) {
    let Tile { rect, palette, .. } = *tile;
    let edge = Stroke::new(Metric::HAIR, palette.blank_line);
    ui.painter().rect(rect, Metric::RADIUS_IMAGE, palette.blank, edge, StrokeKind::Inside);

    let pad = if rect.width() < WIDE { 5.0 } else { PAD };
    let presses = presses(failure.kind, rect.width());
    let button_height = if rect.height() >= HIGH { Metric::SMALL_CONTROL } else { LOW };
    let beside = rect.width() >= WIDE;
    let buttons_height = if beside { button_height } else { presses.len() as f32 * (button_height + 4.0) - 4.0 };

    // What is left above the buttons goes to the title, then to the sentence.
    let room = rect.height() - buttons_height - 2.0 * pad - Metric::GAP;
    let title_face = if beside { Type::Small } else { Type::Tiny };
    let width = rect.width() - 2.0 * pad;
    let place = |lines| Place { at: pos2(rect.center().x, 0.0), width, lines, align: Align::Center };
    let title_lines = ((room / title_face.line()) as usize).clamp(0, 2);
    let title = lay(ui.painter(), failure.title(), title_face, palette.text, &place(title_lines.max(1)));
    let left = room - title.size().y - TITLE_GAP;
    let sentence = sentence(ui, failure, palette, vec2(width, left));
    let title_height = if title_lines > 0 { title.size().y } else { 0.0 };
    let words = title_height + sentence.as_ref().map_or(0.0, |sentence| sentence.size().y + TITLE_GAP);
    let mut y = rect.center().y - (words + Metric::GAP + buttons_height) / 2.0;
    if title_lines > 0 {
        ui.painter().galley(pos2(rect.center().x, y), title, palette.text);
        y += title_height;
    }
    if let Some(sentence) = sentence {
        let at = pos2(rect.center().x, y + TITLE_GAP);
        y += sentence.size().y + TITLE_GAP;
        ui.painter().galley(at, sentence, palette.dim);
    }
    y += if words > 0.0 { Metric::GAP } else { 0.0 };
    for (press, button) in buttons(ui, &presses, beside, (rect, y, button_height)) {
        let why_not = cx.session.only_shown().filter(|_| press == Press::Retry);
        let tooltip = why_not.unwrap_or_else(|| press.tooltip(failure));
        if small_button(ui, tile, press, button, (tooltip, why_not.is_none())) {
            cx.act(match press {
                Press::Details => Action::OpenDialog(Dialog::Details(tile.image)),
                Press::Edit => Action::EditAndRetry(tile.image),
                Press::Retry => Action::Retry(tile.image),
            });
        }
    }
}

/// Where each button goes: side by side and as wide as its word, or below each other.
fn buttons(ui: &Ui, presses: &[Press], beside: bool, (tile, top, height): (Rect, f32, f32)) -> Vec<(Press, Rect)> {
    if !beside {
        let size = vec2((tile.width() - 8.0).min(84.0), height);
        let left = tile.center().x - size.x / 2.0;
        let rows = presses.iter().enumerate();
        return rows
            .map(|(row, &press)| {
                let at = pos2(left, top + row as f32 * (height + 4.0));
                (press, Rect::from_min_size(at, size))
            })
            .collect();
    }
    let word = |press: &Press| {
        let galley = ui.painter().layout_no_wrap(press.label().to_owned(), Type::Small.font(), egui::Color32::WHITE);
        galley.size().x + 2.0 * Metric::CONTROL_PAD
    };
    let gap = 6.0;
    let whole: f32 = presses.iter().map(word).sum::<f32>() + gap * presses.len().saturating_sub(1) as f32;
    let mut x = tile.center().x - whole / 2.0;
    presses
        .iter()
        .map(|press| {
            let width = word(press);
            let rect = Rect::from_min_size(pos2(x, top), vec2(width, height));
            x += width + gap;
            (*press, rect)
        })
        .collect()
}

fn small_button(ui: &mut Ui, tile: &Tile<'_>, press: Press, rect: Rect, (tooltip, on): (&str, bool)) -> bool {
    let palette: &Palette = tile.palette;
    let response = ui.interact(rect, ui.scope_id().with((tile.image, press.label())), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, on, press.label()));
    let down = response.is_pointer_button_down_on();
    let (fill, line) = match (down && on, response.hovered() && on) {
        (true, _) => (palette.raised_press, palette.line_strong),
        (false, true) => (palette.raised_hover, palette.line_strong),
        (false, false) => (palette.raised, palette.line),
    };
    let stroke = Stroke::new(Metric::HAIR, line);
    ui.painter().rect(rect, Metric::RADIUS_SMALL + 1, fill, stroke, StrokeKind::Inside);
    let face = if rect.height() < Metric::SMALL_CONTROL { Type::Tiny } else { Type::Small };
    let colour = if on { palette.text } else { palette.faint };
    ui.painter().text(rect.center(), egui::Align2::CENTER_CENTER, press.label(), face.font(), colour);
    crate::ui::widgets::ring(ui, &response, rect, Metric::RADIUS_SMALL + 1);
    response.on_hover_text(tooltip).clicked() && on
}

/// As much of the sentence as there is room for.
fn sentence(ui: &Ui, failure: &Failure, palette: &Palette, room: Vec2) -> Option<Arc<Galley>> {
    let lines = ((room.y / Type::Tiny.line()) as usize).min(LINES);
    let place = Place { at: Pos2::ZERO, width: room.x, lines, align: Align::Center };
    (lines > 0).then(|| lay(ui.painter(), &failure.sentence, Type::Tiny, palette.dim, &place))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whether_it_was_charged_can_be_read_on_a_tile_of_the_usual_size() {
        let said = "images.example.com says that the credit, quota or spending limit is used up. Nothing was charged. \
                    Top up or raise the limit at the provider.";
        let failure = Failure::free(FailureKind::NoCredit, said);
        egui_kittest::Harness::new_ui(move |ui| {
            crate::ui::prepare(ui.ctx());
            // A tile of 187 points, without title, buttons and edges.
            let laid = sentence(ui, &failure, crate::ui::theme::palette(ui), vec2(167.0, 109.0)).expect("room");
            assert!(!laid.elided, "{} lines", laid.rows.len());
            assert!(sentence(ui, &failure, crate::ui::theme::palette(ui), vec2(167.0, 10.0)).is_none());
        });
    }

    #[test]
    fn what_would_fail_again_offers_to_change_it_and_the_rest_to_try_again() {
        for kind in FailureKind::ALL {
            let narrow = presses(kind, 95.0);
            let wanted = if kind.needs_another_request() { Press::Edit } else { Press::Retry };
            assert!(narrow.contains(&wanted) && narrow.contains(&Press::Details), "{kind}");
            assert_eq!(presses(kind, 300.0).len(), 3, "{kind}");
        }
    }
}
