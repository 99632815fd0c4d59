//! The key sheet: every verb with its keys, read from the verbs themselves.

use egui::{Align, Layout, ScrollArea, Stroke, StrokeKind, Ui, vec2};
use egui_extras::{Column, TableBuilder};

use super::shortcuts::is_mac;
use super::theme::{Metric, Type, palette};
use super::widgets::{Dialog, Tone, label, truncated};
use crate::message::{Place, Verb};

/// The dialog; `true` when it should close.
pub(super) fn key_sheet_ui(ui: &Ui) -> bool {
    Dialog::new("Keys", 620.0).height(680.0).show(ui, table_ui)
}

const PLACES: [(Place, &str); 4] = [
    (Place::Everywhere, "Everywhere"),
    (Place::Prompt, "In the prompt"),
    (Place::Images, "On images"),
    (Place::Viewing, "In the viewer and side by side"),
];

/// One line of the sheet: a heading, or a verb with each of its chords as words.
enum Line {
    Heading(&'static str),
    Verb(Verb, Vec<String>),
}

fn lines(mac: bool) -> Vec<Line> {
    let mut lines = Vec::new();
    for (place, heading) in PLACES {
        lines.push(Line::Heading(heading));
        for verb in Verb::all() {
            let chords: Vec<String> = verb.chords().iter().map(|chord| chord.shown(mac)).collect();
            if verb.place() == place && !chords.is_empty() {
                lines.push(Line::Verb(verb, chords));
            }
        }
    }
    lines
}

/// The table alone: also a page of Preferences.
pub(super) fn table_ui(ui: &mut Ui) {
    let lines = lines(is_mac(ui));
    let row = 26.0;
    ScrollArea::horizontal().show(ui, |ui| {
        ui.spacing_mut().item_spacing = vec2(Metric::PAD, 0.0);
        TableBuilder::new(ui)
            .striped(false)
            .cell_layout(Layout::left_to_right(Align::Center))
            .column(Column::exact(150.0))
            .column(Column::remainder().clip(true))
            .auto_shrink([false, false])
            .body(|body| {
                body.heterogeneous_rows(
                    lines.iter().map(|line| if line.is_heading() { 34.0 } else { row }),
                    |mut row| {
                        let Some(line) = lines.get(row.index()) else { return };
                        row.col(|ui| keys_cell(ui, line));
                        row.col(|ui| words_cell(ui, line));
                    },
                );
            });
    });
}

impl Line {
    const fn is_heading(&self) -> bool {
        matches!(self, Self::Heading(_))
    }
}

fn keys_cell(ui: &mut Ui, line: &Line) {
    match line {
        Line::Heading(text) => {
            label(ui, *text, Type::BodyMedium, Tone::Text);
        }
        Line::Verb(_, chords) => {
            ui.spacing_mut().item_spacing.x = 5.0;
            for chord in chords {
                cap(ui, chord);
            }
        }
    }
}

fn words_cell(ui: &mut Ui, line: &Line) {
    if let Line::Verb(verb, _) = line {
        label(ui, verb.label(), Type::Body, Tone::Text);
        truncated(ui, verb.tooltip(), Type::Small, Tone::Dim);
    }
}

/// A chord drawn like a key's cap.
fn cap(ui: &mut Ui, chord: &str) {
    let palette = palette(ui);
    let galley = ui.painter().layout_no_wrap(chord.to_owned(), Type::TinyMedium.font(), palette.text);
    let (rect, response) = ui.allocate_exact_size(galley.size() + vec2(12.0, 5.0), egui::Sense::hover());
    response.widget_info(|| egui::WidgetInfo::labeled(egui::accesskit::Role::Label, true, chord));
    let line = Stroke::new(Metric::HAIR, palette.line_strong);
    ui.painter().rect(rect, Metric::RADIUS_SMALL, palette.raised, line, StrokeKind::Inside);
    ui.painter().galley(rect.center() - galley.size() / 2.0, galley, palette.text);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_verb_with_a_key_is_on_the_sheet_once() {
        let shown: Vec<Verb> = lines(false)
            .iter()
            .filter_map(|line| if let Line::Verb(verb, _) = line { Some(*verb) } else { None })
            .collect();
        for verb in Verb::all() {
            let times = shown.iter().filter(|shown| **shown == verb).count();
            assert_eq!(times, usize::from(!verb.chords().is_empty()), "{verb:?}");
        }
    }
}
