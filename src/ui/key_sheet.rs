//! The key sheet: every verb with its keys, read from the verbs themselves.

use egui::{Align, Layout, Stroke, StrokeKind, Ui, vec2};
use egui_extras::{Column, TableBuilder};

use super::shortcuts::is_mac;
use super::theme::{Metric, Type, palette};
use super::widgets::{Dialog, Tone, label};
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

/// One line of the sheet.
enum Line {
    /// Where the keys below are alive.
    Heading(&'static str),
    /// Verbs of one label, with each of their chords as words.
    Verbs(Vec<Verb>, Vec<String>),
}

fn lines(mac: bool) -> Vec<Line> {
    let mut lines = Vec::new();
    for (place, heading) in PLACES {
        lines.push(Line::Heading(heading));
        for verb in Verb::all() {
            let chords: Vec<String> = verb.chords().iter().map(|chord| chord.shown(mac)).collect();
            if verb.place() != place || chords.is_empty() {
                continue;
            }
            match lines.last_mut() {
                // The eight steps of the cursor are one line.
                Some(Line::Verbs(verbs, known)) if verbs.first().is_some_and(|first| first.label() == verb.label()) => {
                    verbs.push(verb);
                    known.extend(chords);
                }
                _ => lines.push(Line::Verbs(vec![verb], chords)),
            }
        }
    }
    lines
}

/// The table alone: also a page of Preferences.
pub(super) fn table_ui(ui: &mut Ui) {
    let lines = lines(is_mac(ui));
    let words = (ui.available_width() * 0.34).max(120.0);
    let keys = ui.available_width() - words - Metric::SHEET_PAD;
    ui.spacing_mut().item_spacing.x = 5.0;
    TableBuilder::new(ui)
        .striped(false)
        .cell_layout(Layout::left_to_right(Align::Center))
        .column(Column::exact(words))
        .column(Column::exact(keys).clip(true))
        .auto_shrink([false, false])
        .body(|body| {
            body.heterogeneous_rows(lines.iter().map(Line::height), |mut row| {
                let Some(line) = lines.get(row.index()) else { return };
                row.col(|ui| words_cell(ui, line));
                row.col(|ui| keys_cell(ui, line));
            });
        });
}

impl Line {
    const fn height(&self) -> f32 {
        match self {
            Self::Heading(_) => 36.0,
            Self::Verbs(..) => 28.0,
        }
    }
}

/// The caps of a row: when many chords share a modifier, it stands once before them.
fn caps(chords: &[String]) -> Vec<&str> {
    let modifier = chords.first().and_then(|first| first.split_once(' ')).map(|(modifier, _)| modifier);
    let bare = |chord: &'_ String| modifier.and_then(|modifier| chord.strip_prefix(modifier)).is_some();
    match modifier {
        Some(modifier) if chords.len() > 2 && chords.iter().all(bare) => {
            let keys = chords.iter().filter_map(|chord| chord.strip_prefix(modifier)).map(str::trim_start);
            std::iter::once(modifier).chain(keys).collect()
        }
        _ => chords.iter().map(String::as_str).collect(),
    }
}

fn words_cell(ui: &mut Ui, line: &Line) {
    match line {
        Line::Heading(text) => {
            label(ui, *text, Type::Small, Tone::Dim);
        }
        Line::Verbs(verbs, _) => {
            let Some(verb) = verbs.first() else { return };
            label(ui, verb.label(), Type::Body, Tone::Text).on_hover_text(verb.tooltip());
        }
    }
}

fn keys_cell(ui: &mut Ui, line: &Line) {
    if let Line::Verbs(_, chords) = line {
        for words in caps(chords) {
            cap(ui, words);
        }
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
    fn a_shared_modifier_stands_once() {
        let words = |chords: &[&str]| chords.iter().map(|chord| (*chord).to_owned()).collect::<Vec<_>>();
        assert_eq!(caps(&words(&["Shift ←", "Shift →", "Shift Home"])), ["Shift", "←", "→", "Home"]);
        assert_eq!(caps(&words(&["Ctrl A"])), ["Ctrl A"]);
        assert_eq!(caps(&words(&["Space", "Enter"])), ["Space", "Enter"]);
    }

    #[test]
    fn every_verb_with_a_key_is_on_the_sheet_once() {
        let shown: Vec<Verb> = lines(false)
            .into_iter()
            .flat_map(|line| if let Line::Verbs(verbs, _) = line { verbs } else { Vec::new() })
            .collect();
        for verb in Verb::all() {
            let times = shown.iter().filter(|shown| **shown == verb).count();
            assert_eq!(times, usize::from(!verb.chords().is_empty()), "{verb:?}");
        }
    }
}
