//! The inspector: the facts of the selection, and what can be done with it.

mod facts;
mod over;
mod several;
mod words;

use egui::{Align, Align2, Label, Popup, Rect, Response, ScrollArea, Sense, Ui, UiBuilder, vec2};

pub(super) use self::facts::facts_of;
use self::facts::facts_ui;
pub(super) use self::over::inspector_over_ui;
pub(super) use self::several::Summed;
use self::several::several_ui;
use self::words::words_ui;
use super::cx::Cx;
use super::icons::Icon;
use super::theme::{Metric, Type, palette};
use super::tile::{Look, Place, paint_thumbnail, paint_words};
use super::widgets::{Button, Choice, Tone, label, line, list, segmented_across, wrapped};
use crate::domain::{Failure, ImageFacts, ImageId, Mark, Run, SaveFormat, Slot};
use crate::message::{Action, Dialog, Snippet, Verb};

/// Between the inspector's blocks.
const BLOCK_GAP: f32 = 10.0;
/// The picture is at most this much taller than the inspector is wide.
const TALLEST: f32 = 1.25;

/// The inspector in the rest of `ui`.
pub(super) fn inspector_ui(ui: &mut Ui, cx: &mut Cx<'_>) {
    let session = cx.session;
    let sheet = session.sheet();
    if sheet.selected_count() > 1 {
        return several_ui(ui, cx);
    }
    let Some(shown) = sheet.selected().next() else {
        return hint_ui(ui, "Select an image to see its facts");
    };
    let Some((run, slot)) = sheet.run(shown.run).zip(sheet.slot(shown)) else { return };
    // The scroll bar stands in the panel's margin, beside what it moves.
    let inside = ui.available_rect_before_wrap();
    let with_margin = inside.with_max_x(inside.right() + Metric::PAD);
    let mut whole = ui.new_child(UiBuilder::new().max_rect(with_margin));
    ScrollArea::vertical().id_salt("inspector").auto_shrink(false).show(&mut whole, |ui| {
        ui.set_width(inside.width());
        match slot {
            Slot::Stored(facts) => stored_ui(ui, cx, shown, run, facts),
            Slot::Waiting | Slot::Gone => words_ui(ui, cx, run, shown),
            Slot::Failed(failure) => {
                failed_ui(ui, cx, shown, failure);
                words_ui(ui, cx, run, shown);
            }
        }
        facts_ui(ui, cx, run, slot);
        notes_ui(ui, run);
        match slot {
            Slot::Stored(_) => file_ui(ui, cx, shown),
            Slot::Failed(_) => {
                ui.add_space(Metric::GAP);
                let width = ui.available_width();
                bin_ui(ui, cx, shown, width);
            }
            Slot::Waiting | Slot::Gone => {}
        }
        ui.add_space(BLOCK_GAP);
    });
}

fn hint_ui(ui: &mut Ui, words: &str) {
    let place = ui.available_rect_before_wrap();
    ui.painter().text(
        place.center_top() + vec2(0.0, 120.0),
        Align2::CENTER_CENTER,
        Icon::IMAGE.text(),
        Type::Icon(24.0).font(),
        palette(ui).faint,
    );
    ui.add_space(144.0);
    ui.vertical_centered(|ui| wrapped(ui, words, Type::Small, Tone::Dim));
}

fn stored_ui(ui: &mut Ui, cx: &mut Cx<'_>, image: ImageId, run: &Run, facts: &ImageFacts) {
    let shape = Look::of(facts);
    let width = ui.available_width();
    let height = (width / shape.ratio).clamp(1.0, width * TALLEST);
    let (rect, response) = ui.allocate_exact_size(vec2(width, height), Sense::CLICK);
    let room = Rect::from_center_size(rect.center(), vec2(width, height.round()));
    paint_thumbnail(ui, cx, image, shape, (room, palette(ui)));
    if response.on_hover_cursor(egui::CursorIcon::ZoomIn).on_hover_text(Verb::View.label()).clicked() {
        cx.act(Action::Open(image));
    }
    ui.add_space(BLOCK_GAP);
    if !cx.session.sheet().is_binned(image) {
        marks_ui(ui, cx, image, facts.mark);
        ui.add_space(Metric::GAP);
    }
    buttons_ui(ui, cx, image);
    ui.add_space(BLOCK_GAP);
    words_ui(ui, cx, run, image);
}

/// The verdict, for those who have no keys at hand.
fn marks_ui(ui: &mut Ui, cx: &mut Cx<'_>, image: ImageId, mark: Mark) {
    let choices = [(Mark::Pick, "Picked"), (Mark::None, "No mark"), (Mark::Reject, "Rejected")];
    let choices = choices.map(|(mark, words)| (mark, words.to_owned()));
    let why_not = cx.session.only_shown();
    let shown = ui.add_enabled_ui(why_not.is_none(), |ui| segmented_across(ui, mark, &choices));
    if let Some(why) = why_not {
        shown.response.on_disabled_hover_text(why);
    }
    if let Some(mark) = shown.inner {
        cx.act(Action::MarkImage(image, mark));
    }
}

fn buttons_ui(ui: &mut Ui, cx: &mut Cx<'_>, image: ImageId) {
    ui.horizontal(|ui| {
        let width = (ui.available_width() - 2.0 * Metric::GAP) / 3.0;
        let save = Button::plain("Save…").width(width).tooltip(match cx.session.settings().save_format {
            SaveFormat::AsReceived => "Save this image, byte for byte as it came".to_owned(),
            format => format!("Save this image as {}", format.label()),
        });
        if save.show(ui).clicked() {
            cx.act(Action::SaveImages(vec![image]));
        }
        let copy = Button::plain("Copy").width(width).tooltip(Verb::Copy.tooltip());
        if copy.show(ui).clicked() {
            ask_about(cx, image, Verb::Copy);
        }
        let reuse = Button::plain("Reuse").named("Reuse settings").width(width).tooltip(Verb::Reuse.tooltip());
        if reuse.show(ui).clicked() {
            ask_about(cx, image, Verb::Reuse);
        }
    });
}

/// A verb is about the image under the cursor: the cursor goes to the one shown first.
fn ask_about(cx: &mut Cx<'_>, image: ImageId, verb: Verb) {
    if cx.session.sheet().cursor() != Some(image) {
        cx.act(Action::Click { image, extend: false, toggle: false });
    }
    cx.ask(verb);
}

/// A title is painted only: for a screen reader it is part of what it stands above, and `Prompt` names the box.
fn block_title(ui: &mut Ui, title: &str) {
    painted(ui, title, ui.available_width());
    ui.add_space(Metric::LABEL_GAP);
}

/// One line of small words without a node of their own, on the same height as words beside them.
fn painted(ui: &mut Ui, words: &str, width: f32) {
    let (rect, _) = ui.allocate_exact_size(vec2(width, Metric::LINE), Sense::hover());
    let place = Place { at: rect.left_top(), width, lines: 1, align: Align::LEFT };
    paint_words(ui.painter(), words, Type::Small, Tone::Dim.colour(ui), place);
}

/// Words that can be selected and copied.
fn paragraph(ui: &mut Ui, words: &str, tone: Tone) -> Response {
    let text = line(ui, words, Type::Body, tone);
    ui.add(Label::new(text).wrap().selectable(true))
}

/// What a screen reader says instead of the words alone.
fn spoken(ui: &Ui, response: &Response, title: &str, words: &str) {
    ui.ctx().accesskit_node_builder(response.id, |node| node.set_value(format!("{title}: {words}")));
}

fn failed_ui(ui: &mut Ui, cx: &mut Cx<'_>, image: ImageId, failure: &Failure) {
    label(ui, failure.title(), Type::BodyStrong, Tone::Danger);
    ui.add_space(Metric::LABEL_GAP);
    paragraph(ui, &failure.sentence, Tone::Text);
    ui.add_space(BLOCK_GAP);
    ui.horizontal(|ui| {
        let width = (ui.available_width() - 2.0 * Metric::GAP) / 3.0;
        if Button::plain("Details").width(width).show(ui).clicked() {
            cx.act(Action::OpenDialog(Dialog::Details(image)));
        }
        if Button::plain("Edit").width(width).show(ui).clicked() {
            cx.act(Action::EditAndRetry(image));
        }
        if Button::plain("Retry").width(width).unless(cx.session.only_shown()).show(ui).clicked() {
            cx.act(Action::Retry(image));
        }
    });
    ui.add_space(BLOCK_GAP);
}

fn notes_ui(ui: &mut Ui, run: &Run) {
    if run.notes.is_empty() {
        return;
    }
    ui.add_space(BLOCK_GAP);
    block_title(ui, "Notes");
    for note in &run.notes {
        let response = wrapped(ui, note.as_str(), Type::Small, Tone::Text);
        spoken(ui, &response, "Note", note);
    }
}

/// What can be done with the file and the request behind it.
fn file_ui(ui: &mut Ui, cx: &mut Cx<'_>, image: ImageId) {
    ui.add_space(BLOCK_GAP + 2.0);
    ui.horizontal(|ui| {
        let width = (ui.available_width() - 2.0 * Metric::GAP) / 3.0;
        let reveal = Button::plain("Reveal").named(Verb::Reveal.label()).width(width).tooltip(Verb::Reveal.tooltip());
        if reveal.show(ui).clicked() {
            ask_about(cx, image, Verb::Reveal);
        }
        let copy_as = Button::plain("Copy as…").named("Copy as").width(width);
        let copy_as = copy_as.tooltip("The request of this run as text, without the key").show(ui);
        let choices = Snippet::ALL.map(|(_, name)| Choice::new(name, false));
        if let Some(chosen) = list(Popup::menu(&copy_as), ui, width.max(120.0), &choices)
            && let Some((snippet, _)) = Snippet::ALL.get(chosen)
        {
            cx.act(Action::CopySnippet(image, *snippet));
        }
        bin_ui(ui, cx, image, width);
    });
}

/// Into the bin, or out of it.
fn bin_ui(ui: &mut Ui, cx: &mut Cx<'_>, image: ImageId, width: f32) {
    let in_bin = cx.session.sheet().is_binned(image);
    let (verb, words) = if in_bin { (Verb::Restore, "Restore") } else { (Verb::Delete, "Delete") };
    let button = Button::plain(words).named(verb.label()).width(width).tooltip(verb.tooltip());
    if button.unless(cx.session.only_shown()).show(ui).clicked() {
        ask_about(cx, image, verb);
    }
}

#[cfg(test)]
mod tests;
