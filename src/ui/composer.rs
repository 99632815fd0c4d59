//! The form at the left: what to ask for, the button that asks, and what is running.

mod choices;
mod prompt;
mod running;

pub(super) use prompt::prompt_id;

use egui::{Frame, Margin, Panel, ScrollArea, Ui, vec2};

use super::cx::Cx;
use super::theme::{Metric, Type, palette};
use super::widgets::{Button, Tone, hairline, label, slider, under_field, wrapped};
use crate::domain::{Count, Draft, Field};
use crate::message::{Action, Verb};

/// The left panel.
pub(super) fn composer_ui(ui: &mut Ui, cx: &mut Cx<'_>) {
    let frame = Frame::new().fill(palette(ui).panel);
    let panel = Panel::left("composer").exact_size(Metric::COMPOSER).resizable(false).drag_to_open(false);
    panel.frame(frame).show(ui, |ui| {
        ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
            let inside = Frame::new().inner_margin(Margin::same(Metric::PAD as i8));
            inside.show(ui, |ui| {
                ui.set_width(Metric::COMPOSER - 2.0 * Metric::PAD - Metric::HAIR);
                form_ui(ui, cx);
                running::running_ui(ui, cx);
            });
        });
    });
}

fn form_ui(ui: &mut Ui, cx: &mut Cx<'_>) {
    let mut draft = cx.session.composer().draft().clone();
    prompt::prompt_ui(ui, cx, &mut draft);
    ui.add_space(Metric::PAD);
    choices::model_ui(ui, cx, &mut draft);
    choices::size_ui(ui, cx, &mut draft);
    choices::quality_and_style_ui(ui, cx, &mut draft);
    images_ui(ui, cx, &mut draft);
    if draft != *cx.session.composer().draft() {
        cx.act(Action::Edit(draft));
    }
    ui.add_space(Metric::PAD);
    generate_ui(ui, cx);
    let format_error = cx.session.composer().error(Field::ResponseFormat).map(str::to_owned);
    under_field(ui, format_error.as_deref(), None);
}

fn images_ui(ui: &mut Ui, cx: &Cx<'_>, draft: &mut Draft) {
    const NUMBER: f32 = 22.0;
    let name = label(ui, Field::Images.label(), Type::Small, Tone::Dim);
    ui.add_space(Metric::LABEL_GAP);
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 0.0;
        let mut images = draft.images;
        let width = ui.available_width() - NUMBER;
        let most = u32::from(Count::MAX);
        slider(ui, "images", &mut images, 1..=most, width).labelled_by(name.id);
        // A draft from the command line's world may hold any number: only a moved slider changes it.
        if images != draft.images.clamp(1, most) {
            draft.images = images;
        }
        ui.allocate_ui_with_layout(
            vec2(NUMBER, Metric::LINE),
            egui::Layout::right_to_left(egui::Align::Center),
            |ui| label(ui, draft.images.to_string(), Type::Body, Tone::Text),
        );
    });
    let composer = cx.session.composer();
    let split = composer.split_note(&cx.session.learned());
    under_field(ui, composer.error(Field::Images), split.as_deref());
}

fn generate_ui(ui: &mut Ui, cx: &mut Cx<'_>) {
    let text = cx.session.composer().generate_label();
    let keys = if super::shortcuts::is_mac(ui) { "⌘ ⏎" } else { "Ctrl ⏎" };
    let button = Button::primary(&text).keys(keys).width(ui.available_width()).tooltip(Verb::Generate.tooltip());
    let why_not = cx.session.only_shown();
    if button.unless(why_not).show(ui).clicked() {
        cx.memory.from_composer = true;
        cx.ask(Verb::Generate);
    }
    if let Some(why) = why_not {
        ui.add_space(6.0);
        wrapped(ui, why, Type::Tiny, Tone::Dim);
    }
    if cx.session.settings().current.is_demo() {
        ui.add_space(6.0);
        let text = "Demo endpoint: painted on this computer, nothing is charged";
        wrapped(ui, text, Type::Tiny, Tone::Dim);
    }
}

/// A line across the panel, with room around it.
fn rule(ui: &mut Ui) {
    ui.add_space(Metric::PAD);
    hairline(ui);
    ui.add_space(10.0);
}
