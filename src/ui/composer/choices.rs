//! Model, size, quality and style: lists where the model's values are known, free text where they are not.

use egui::{Response, Ui};

use crate::domain::{Draft, Field, Size};
use crate::message::Action;
use crate::state::Models;
use crate::ui::cx::Cx;
use crate::ui::theme::{Metric, Type};
use crate::ui::widgets::{Choice, Combo, Dropdown, Tone, label, under_field};

/// What a parameter reads that is not sent.
const NOT_SENT: &str = "Server's choice";

fn name(ui: &mut Ui, field: Field) -> Response {
    let name = label(ui, field.label(), Type::Small, Tone::Dim);
    ui.add_space(Metric::LABEL_GAP);
    name
}

pub(super) fn model_ui(ui: &mut Ui, cx: &mut Cx<'_>, draft: &mut Draft) {
    let name = name(ui, Field::Model);
    let session = cx.session;
    let models = session.endpoints().models(&session.settings().current);
    let choices: Vec<Choice> = models
        .list()
        .iter()
        .map(|model| Choice {
            text: model.id.clone(),
            note: model.shutdown_date.as_ref().map(|date| format!("until {date}")).unwrap_or_default(),
            ratio: None,
            on: model.id == draft.model,
            dim: !model.makes_images,
        })
        .collect();
    let wrong = session.composer().error(Field::Model);
    let combo = Combo::new("model", &mut draft.model, ui.available_width()).wrong(wrong.is_some());
    let response = combo.show(ui, &choices).labelled_by(name.id);
    if response.gained_focus() && *models == Models::Unknown {
        cx.act(Action::RefreshModels);
    }
    let stops =
        models.list().iter().find(|model| model.id == draft.model).and_then(|model| model.shutdown_date.as_ref());
    let stops = stops.map(|date| format!("The endpoint says this model stops on {date}"));
    let note = stops.or_else(|| session.composer().capability().note.clone());
    let asking = match models {
        Models::Asking(list) if list.is_empty() && response.has_focus() => Some("Asking for the models…".to_owned()),
        Models::Failed(failure) if response.has_focus() => {
            Some(format!("No list of models: {}. Any id can be typed", failure.sentence.trim_end_matches('.')))
        }
        _ => None,
    };
    under_field(ui, wrong, asking.or(note).as_deref());
    ui.add_space(Metric::PAD);
}

pub(super) fn size_ui(ui: &mut Ui, cx: &Cx<'_>, draft: &mut Draft) {
    let capability = cx.session.composer().capability();
    let free = capability.open || capability.size_rule.is_some();
    let wrong = cx.session.composer().error(Field::Size);
    if capability.sizes.is_empty() && !free {
        return;
    }
    let name = name(ui, Field::Size);
    let now = draft.size.parse::<Size>().ok();
    let choices: Vec<Choice> = capability
        .sizes
        .iter()
        .map(|&size| Choice { ratio: Some(size.ratio()), ..Choice::new(size.shown(), now == Some(size)) })
        .collect();
    let width = ui.available_width();
    let shown = now.map_or_else(|| draft.size.clone(), Size::shown);
    if free {
        let mut text = shown;
        let combo = Combo::new("size", &mut text, width).ratio(now.map(Size::ratio)).hint(NOT_SENT);
        let response = combo.wrong(wrong.is_some()).show(ui, &choices).labelled_by(name.id);
        if response.changed() {
            // A whole size is kept as the API writes it; a half-typed one stays as it is.
            draft.size = text.parse::<Size>().map_or(text, |size| size.to_string());
        }
    } else {
        let shown = if shown.is_empty() { NOT_SENT } else { shown.as_str() };
        let dropdown = Dropdown::new("size", shown, width).ratio(now.map(Size::ratio));
        let (response, chosen) = dropdown.show(ui, &choices);
        response.labelled_by(name.id);
        if let Some(size) = chosen.and_then(|index| capability.sizes.get(index)) {
            draft.size = size.to_string();
        }
    }
    let hint = capability.size_rule.filter(|_| now.is_none() && !draft.size.is_empty());
    let hint = hint.map(|rule| format!("Any size up to {} pixels a side, like 1024x1024", rule.max_edge));
    under_field(ui, wrong, hint.as_deref());
    ui.add_space(Metric::PAD);
}

pub(super) fn quality_and_style_ui(ui: &mut Ui, cx: &Cx<'_>, draft: &mut Draft) {
    let composer = cx.session.composer();
    let capability = composer.capability();
    let learned = cx.session.learned();
    let mut fields: Vec<(Field, &[String], &mut String)> = Vec::new();
    if capability.open || !capability.qualities.is_empty() {
        fields.push((Field::Quality, &capability.qualities, &mut draft.quality));
    }
    if capability.open || !capability.styles.is_empty() {
        fields.push((Field::Style, &capability.styles, &mut draft.style));
    }
    if fields.is_empty() {
        return;
    }
    let width = (ui.available_width() - Metric::GAP * (fields.len() - 1) as f32) / fields.len() as f32;
    ui.horizontal_top(|ui| {
        for (field, list, text) in fields {
            ui.vertical(|ui| {
                ui.set_width(width);
                let refused = learned.contains(&field.label().to_lowercase().as_str());
                ui.add_enabled_ui(!refused, |ui| word_ui(ui, cx, field, list, text));
                let why = refused.then_some("This endpoint does not take it for this model");
                under_field(ui, composer.error(field), why);
            });
        }
    });
    ui.add_space(Metric::PAD);
}

fn word_ui(ui: &mut Ui, cx: &Cx<'_>, field: Field, list: &[String], text: &mut String) {
    let name = name(ui, field);
    let width = ui.available_width();
    let open = cx.session.composer().capability().open;
    let choices: Vec<Choice> = list.iter().map(|word| Choice::new(word.clone(), word == text)).collect();
    if open {
        let combo = Combo::new(field.label(), text, width).hint(NOT_SENT);
        combo.wrong(cx.session.composer().error(field).is_some()).show(ui, &choices).labelled_by(name.id);
    } else {
        let shown = if text.is_empty() { NOT_SENT } else { text.as_str() };
        let (response, chosen) = Dropdown::new(field.label(), shown, width).show(ui, &choices);
        response.labelled_by(name.id);
        if let Some(word) = chosen.and_then(|index| list.get(index)) {
            text.clone_from(word);
        }
    }
}
