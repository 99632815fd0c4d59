//! The status bar: where requests go, where the key is, what is running, how much there is.

use egui::accesskit::Role;
use egui::{Align, Color32, Layout, Popup, Response, Sense, Ui, WidgetInfo, pos2, vec2};

use super::cx::Cx;
use super::shortcuts::keys;
use super::theme::{Metric, Type, palette};
use super::widgets::{Button, Choice, Tone, label, list, ring};
use crate::domain::{EndpointName, KeyPlace};
use crate::message::{Action, Dialog, PreferencesPage, Verb};
use crate::state::{Endpoints, Models};

/// The bar; with the way to the facts when they do not stand `beside` the sheet.
pub(super) fn status_bar_ui(ui: &mut Ui, cx: &mut Cx<'_>, beside: bool) {
    ui.spacing_mut().item_spacing.x = 16.0;
    endpoint_ui(ui, cx);
    key_ui(ui, cx);
    problem_ui(ui, cx);
    ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
        if !beside {
            facts_button(ui, cx);
        }
        let (counts, size_bytes) = (cx.session.sheet().counts(), cx.session.sheet().size_bytes());
        if cx.session.library().opening {
            label(ui, "opening the library…", Type::Small, Tone::Dim);
        } else {
            let text = match counts.all {
                0 => "no images".to_owned(),
                1 => format!("1 image, {}", size(size_bytes)),
                all => format!("{} images, {}", grouped(all), size(size_bytes)),
            };
            let text = if cx.session.library().reading { format!("{text} so far, reading…") } else { text };
            label(ui, text, Type::Small, Tone::Dim);
        }
        if let Some(text) = running(cx) {
            label(ui, text, Type::Small, Tone::Dim);
        }
    });
}

/// Where the inspector went.
fn facts_button(ui: &mut Ui, cx: &mut Cx<'_>) {
    let words = if cx.session.desk().facts_over() { "Hide facts" } else { Verb::Facts.label() };
    let mut button = Button::ghost(words).small().flush().height(Metric::STATUS - 4.0);
    if let Some(keys) = keys(ui, Verb::Facts) {
        button = button.keys(keys);
    }
    if button.tooltip(Verb::Facts.tooltip()).show(ui).clicked() {
        cx.ask(Verb::Facts);
    }
}

fn running(cx: &Cx<'_>) -> Option<String> {
    let runs = cx.session.running();
    let waiting = runs.iter().filter(|run| run.queued).count();
    match (runs.len() - waiting, waiting) {
        (0, 0) => None,
        (running, 0) => Some(format!("{running} running")),
        (0, waiting) => Some(format!("{waiting} waiting")),
        (running, waiting) => Some(format!("{running} running, {waiting} waiting")),
    }
}

fn endpoint_ui(ui: &mut Ui, cx: &mut Cx<'_>) {
    let settings = cx.session.settings();
    let current = &settings.current;
    let failed = matches!(cx.session.endpoints().models(current), Models::Failed(_));
    let dot = if failed { palette(ui).danger } else { palette(ui).dim };
    let response = words_button(ui, current.as_str(), Some(dot), "Endpoint");
    let names = Endpoints::names(settings);
    let choices: Vec<Choice> = names.iter().map(|name| endpoint_choice(cx, name)).collect();
    if let Some(name) = list(Popup::menu(&response), ui, 240.0, &choices).and_then(|index| names.get(index)) {
        cx.act(Action::UseEndpoint(name.clone()));
    }
}

fn endpoint_choice(cx: &Cx<'_>, name: &EndpointName) -> Choice {
    let note = key_words(cx.session.endpoints().key_place(name)).0;
    let text = if name.is_demo() { "Demo endpoint".to_owned() } else { name.to_string() };
    Choice { note: note.to_owned(), ..Choice::new(text, *name == cx.session.settings().current) }
}

/// Where a key is, in a few words, and whether nothing can be sent without doing something.
pub(super) const fn key_words(place: KeyPlace) -> (&'static str, bool) {
    match place {
        KeyPlace::Unknown => ("looking for the key…", false),
        KeyPlace::Missing => ("no key", true),
        KeyPlace::Keyring => ("key in keyring", false),
        KeyPlace::Session => ("key for this session only", false),
        KeyPlace::Environment => ("key from the environment", false),
        KeyPlace::NotNeeded => ("no key needed", false),
    }
}

fn key_ui(ui: &mut Ui, cx: &mut Cx<'_>) {
    let endpoints = cx.session.endpoints();
    let current = &cx.session.settings().current;
    let place = endpoints.key_place(current);
    let problem = endpoints.key_problem(current);
    let (words, urgent) = key_words(place);
    let words = match (place, problem) {
        (KeyPlace::Missing, Some(_)) => "keyring problem, no key",
        _ => words,
    };
    let colour = (urgent || problem.is_some()).then(|| palette(ui).danger);
    let response = words_button(ui, words, colour, "Key");
    let response = match problem {
        Some(failure) => response.on_hover_text(&failure.sentence),
        None => response,
    };
    if response.clicked() {
        cx.act(Action::OpenDialog(Dialog::Preferences(PreferencesPage::Endpoints)));
    }
}

fn problem_ui(ui: &mut Ui, cx: &mut Cx<'_>) {
    if let Some(why) = &cx.session.library().only_shown {
        let response = words_button(ui, "library is only shown", Some(palette(ui).danger), "Library");
        if response.on_hover_text(&why.sentence).clicked() {
            cx.act(Action::OpenLibraryAgain);
        }
    }
    let Some(failure) = &cx.session.library().problem else { return };
    let response = words_button(ui, "library cannot be used", Some(palette(ui).danger), "Library");
    if response.on_hover_text(&failure.sentence).clicked() {
        cx.act(Action::OpenDialog(Dialog::Preferences(PreferencesPage::Library)));
    }
}

/// Words that can be pressed, with a dot before them when a colour is given.
fn words_button(ui: &mut Ui, words: &str, dot: Option<Color32>, name: &str) -> Response {
    const DOT: f32 = 7.0;
    let lead = if dot.is_some() { DOT + 6.0 } else { 0.0 };
    let galley = ui.painter().layout_no_wrap(words.to_owned(), Type::Small.font(), Color32::PLACEHOLDER);
    let (rect, response) = ui.allocate_exact_size(vec2(galley.size().x + lead, Metric::STATUS - 4.0), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, ui.is_enabled(), format!("{name}: {words}")));
    let palette = palette(ui);
    if let Some(colour) = dot {
        ui.painter().circle_filled(pos2(rect.left() + DOT / 2.0, rect.center().y), DOT / 2.0, colour);
    }
    let colour = if response.hovered() { palette.text } else { palette.dim };
    let at = pos2(rect.left() + lead, rect.center().y - galley.size().y / 2.0);
    ui.painter().galley(at, galley, colour);
    ring(ui, &response, rect.expand2(vec2(3.0, -2.0)), Metric::RADIUS_SMALL);
    response
}

/// `12 345`: thousands set apart.
pub(super) fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push('\u{202f}');
        }
        text.push(digit);
    }
    text
}

/// Bytes as people read them: `402 MB`.
pub(super) fn size(bytes: u64) -> String {
    const UNITS: [(f64, &str); 3] = [(1e9, "GB"), (1e6, "MB"), (1e3, "KB")];
    for (unit, name) in UNITS {
        let amount = bytes as f64 / unit;
        if amount >= 1.0 {
            return if amount < 10.0 { format!("{amount:.1} {name}") } else { format!("{amount:.0} {name}") };
        }
    }
    format!("{bytes} bytes")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_short() {
        let check = |bytes: u64, text: &str| assert_eq!(size(bytes), text);
        check(0, "0 bytes");
        check(1_900_000, "1.9 MB");
        check(402_000_000, "402 MB");
        check(12_345_000_000, "12 GB");
        assert_eq!(grouped(214), "214");
        assert_eq!(grouped(100_000), "100\u{202f}000");
    }

    #[test]
    fn a_missing_key_is_urgent() {
        assert!(key_words(KeyPlace::Missing).1);
        assert!(!key_words(KeyPlace::NotNeeded).1);
    }
}
