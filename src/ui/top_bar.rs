//! The top bar: the name, the search box, the filter, the size of tiles, Preferences; and the row of filters below it.

mod filters;

use egui::{Align, Layout, Ui, vec2};

pub(super) use filters::{filters_ui, in_pixels};

use super::cx::Cx;
use super::icons::Icon;
use super::memory::Focus;
use super::status_bar::grouped;
use super::theme::{Metric, Type, palette};
use super::widgets::{Button, TextField, Tone, label, segmented, slider};
use crate::domain::{Filter, Settings};
use crate::message::{Action, Verb};

/// Width of the search box in a wide window, in points.
const SEARCH: f32 = 300.0;
/// In a narrower bar the search box needs the room of the program's name, in points.
const NAME_FROM: f32 = 800.0;
/// With less room at its left, the search box needs that of the words on the bin's button, in points.
const BIN_WORDS_FROM: f32 = 230.0;
/// Width of the rail of the tile slider, in points.
const TILES: f32 = 84.0;

pub(super) fn top_bar_ui(ui: &mut Ui, cx: &mut Cx<'_>) {
    if ui.available_width() >= NAME_FROM {
        label(ui, "Proofsheet", Type::BodyStrong, Tone::Text);
    }
    ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
        let tooltip = tooltip(ui, Verb::Preferences);
        if Button::icon_only(Icon::SETTINGS, "Preferences").tooltip(tooltip).show(ui).clicked() {
            cx.ask(Verb::Preferences);
        }
        tiles_ui(ui, cx);
        filter_ui(ui, cx);
        filters_button(ui, cx);
        search_ui(ui, cx);
    });
}

/// A verb's tooltip with its keys.
pub(super) fn tooltip(ui: &Ui, verb: Verb) -> String {
    match super::shortcuts::keys(ui, verb) {
        Some(keys) => format!("{} ({keys})", verb.tooltip()),
        None => verb.tooltip().to_owned(),
    }
}

fn tiles_ui(ui: &mut Ui, cx: &mut Cx<'_>) {
    let mut points = cx.session.settings().tile_points;
    square(ui, 10.0);
    let range = Settings::TILE_MIN..=Settings::TILE_MAX;
    slider(ui, "tiles", &mut points, range, TILES).accessible_name("Tile size");
    square(ui, 7.0);
    if points != cx.session.settings().tile_points {
        cx.act(Action::TileHeight(points));
    }
}

fn square(ui: &mut Ui, side: f32) {
    let (rect, _) = ui.allocate_exact_size(vec2(side, Metric::CONTROL), egui::Sense::hover());
    let rect = egui::Rect::from_center_size(rect.center(), vec2(side - 1.0, side - 1.0));
    let stroke = egui::Stroke::new(1.25, palette(ui).dim);
    ui.painter().rect_stroke(rect, 1.5, stroke, egui::StrokeKind::Inside);
}

fn filter_ui(ui: &mut Ui, cx: &mut Cx<'_>) {
    let sheet = cx.session.sheet();
    // Of what the search and the filters below let through: the tray counts the same.
    let counts = sheet.found();
    let all_binned = sheet.counts().binned;
    let choice = |filter, word: &str, count| (filter, format!("{word} {}", grouped(count)));
    let mut choices = vec![
        choice(Filter::All, "All", counts.all),
        choice(Filter::Unmarked, "Unmarked", counts.unmarked),
        choice(Filter::Picks, "Picks", counts.picks),
        choice(Filter::Rejected, "Rejected", counts.rejected),
    ];
    if all_binned > 0 || sheet.filter() == Filter::Bin {
        choices.push(choice(Filter::Bin, "Bin", counts.binned));
    }
    let (pressed, _) = segmented(ui, sheet.filter(), &choices);
    if let Some(filter) = pressed {
        cx.act(Action::Show(filter));
    }
    // Laid out from the right: at the left of the filter it is about.
    match sheet.filter() {
        Filter::Rejected if counts.rejected > 0 => bin_button(ui, cx, Verb::BinRejected, "Bin all"),
        Filter::Bin if all_binned > 0 => bin_button(ui, cx, Verb::EmptyBin, "Empty…"),
        _ => {}
    }
}

fn bin_button(ui: &mut Ui, cx: &mut Cx<'_>, verb: Verb, words: &str) {
    let button = if ui.available_width() < BIN_WORDS_FROM {
        Button::icon_only(Icon::TRASH_2, verb.label())
    } else {
        Button::ghost(words).named(verb.label()).icon(Icon::TRASH_2)
    };
    if button.tooltip(verb.tooltip()).unless(cx.session.only_shown()).show(ui).clicked() {
        cx.ask(verb);
    }
}

fn filters_button(ui: &mut Ui, cx: &mut Cx<'_>) {
    let tooltip = tooltip(ui, Verb::Filters);
    if Button::icon_only(Icon::LIST_FILTER, "Filters").tooltip(tooltip).show(ui).clicked() {
        cx.ask(Verb::Filters);
    }
}

fn search_ui(ui: &mut Ui, cx: &mut Cx<'_>) {
    let mut words = cx.session.sheet().finding().typed().to_owned();
    let width = SEARCH.min(ui.available_width() - Metric::GAP).max(80.0);
    let field = TextField::line("search", &mut words, width).height(Metric::CONTROL).hint("Search prompts");
    let response = field.show(ui).accessible_name("Search");
    if cx.memory.gives_focus(Focus::Search) {
        response.request_focus();
    }
    // Esc takes the search away and leads back to the images.
    if response.lost_focus() && ui.input(|input| input.key_pressed(egui::Key::Escape)) {
        words.clear();
        cx.memory.focus = Some(Focus::Images);
    }
    if !words.is_empty() {
        let at = egui::Rect::from_center_size(
            egui::pos2(response.rect.right() - 15.0, response.rect.center().y),
            vec2(22.0, 22.0),
        );
        let mut inside = ui.new_child(egui::UiBuilder::new().id_salt("clear search").max_rect(at));
        let clear = Button::icon_only(Icon::CROSS, "Clear search").height(22.0).width(22.0);
        if clear.show(&mut inside).clicked() {
            words.clear();
        }
    }
    if words != cx.session.sheet().finding().typed() {
        cx.act(Action::SearchFor(words));
    }
}
