//! The key of an endpoint: typed once, never shown, tested without cost.

use egui::{Align, CornerRadius, Frame, Key, Layout, Margin, Stroke, Ui, vec2};

use super::endpoint_form::name;
use crate::domain::{Endpoint, KeyPlace, Secret, check_key};
use crate::message::Action;
use crate::state::{Endpoints, Keyring, Models};
use crate::ui::cx::Cx;
use crate::ui::theme::{Metric, Type, palette};
use crate::ui::widgets::{Button, Tone, key_field, line, take_key, truncated};

const SALT: &str = "api key";

pub(super) fn key_ui(ui: &mut Ui, cx: &mut Cx<'_>, edited: &Endpoint) {
    let label = name(ui, "API key");
    let place = cx.session.endpoints().key_place(&edited.name);
    let kept = matches!(place, KeyPlace::Keyring | KeyPlace::Session | KeyPlace::Environment);
    ui.allocate_ui_with_layout(vec2(ui.available_width(), Metric::FIELD), Layout::right_to_left(Align::Center), |ui| {
        if Button::plain("Test").height(Metric::FIELD).tooltip(TEST).show(ui).clicked() {
            test(cx, edited);
        }
        if kept && !cx.memory.typed.replacing {
            kept_ui(ui, cx, edited, place);
        } else {
            typing_ui(ui, cx, edited, label.id, kept);
        }
    });
    ui.add_space(Metric::LABEL_GAP);
    under_ui(ui, cx, edited, place);
}

const TEST: &str = "Ask the endpoint for its models: costs nothing";

fn test(cx: &mut Cx<'_>, edited: &Endpoint) {
    let typed = cx.memory.typed.key.trim().to_owned();
    if typed.is_empty() {
        cx.act(Action::Test(edited.clone(), None));
        return;
    }
    match check_key(&typed) {
        Ok(key) => cx.act(Action::Test(edited.clone(), Some(Secret::new(key)))),
        Err(problem) => cx.memory.typed.key_problem = Some(problem.to_string()),
    }
}

/// A kept key: where it is, and how to replace or forget it.
fn kept_ui(ui: &mut Ui, cx: &mut Cx<'_>, edited: &Endpoint, place: KeyPlace) {
    if place != KeyPlace::Environment {
        if Button::plain("Replace…").height(Metric::FIELD).show(ui).clicked() {
            cx.memory.typed.replacing = true;
        }
        if Button::plain("Forget").height(Metric::FIELD).tooltip("Take the key out of the keyring").show(ui).clicked() {
            cx.act(Action::ForgetKey(edited.name.clone()));
        }
    }
    let palette = palette(ui);
    let frame = Frame {
        inner_margin: Margin::symmetric(Metric::CONTROL_PAD as i8 - 1, 0),
        fill: palette.field,
        stroke: Stroke::new(Metric::HAIR, palette.line),
        corner_radius: CornerRadius::same(Metric::RADIUS),
        ..Frame::default()
    };
    frame.show(ui, |ui| {
        let size = vec2(ui.available_width(), Metric::FIELD - 2.0 * Metric::HAIR);
        ui.allocate_ui_with_layout(size, Layout::left_to_right(Align::Center), |ui| {
            ui.set_min_size(size);
            let words = match place {
                KeyPlace::Environment => "Given by PROOFSHEET_API_KEY",
                KeyPlace::Session => "Kept until the program ends",
                _ => "Saved in the keyring",
            };
            truncated(ui, words, Type::Body, Tone::Dim);
        });
    });
}

fn typing_ui(ui: &mut Ui, cx: &mut Cx<'_>, edited: &Endpoint, label: egui::Id, kept: bool) {
    let save = Button::plain("Save key").height(Metric::FIELD).show(ui).clicked();
    if kept && Button::ghost("Keep").height(Metric::FIELD).tooltip("Keep the key that is there").show(ui).clicked() {
        cx.memory.typed.replacing = false;
        let _old = take_key(ui, SALT, &mut cx.memory.typed.key);
    }
    let typed = &mut cx.memory.typed;
    let width = ui.available_width();
    let response = key_field(ui, SALT, &mut typed.key, width, typed.key_problem.is_some()).labelled_by(label);
    if response.changed() {
        typed.key_problem = None;
    }
    let enter = response.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
    if !save && !enter {
        return;
    }
    match check_key(&typed.key) {
        Ok(key) => {
            let secret = Secret::new(key);
            typed.replacing = false;
            let _typed = take_key(ui, SALT, &mut typed.key);
            cx.act(Action::SaveKey(edited.name.clone(), secret));
        }
        Err(problem) => typed.key_problem = Some(problem.to_string()),
    }
}

/// What a test found, as words and how they sound; nothing when nothing was asked.
pub(in crate::ui) fn test_words(models: &Models) -> Option<(String, Tone)> {
    match models {
        Models::Unknown => None,
        Models::Asking(_) => Some(("Asking for the models…".to_owned(), Tone::Dim)),
        Models::Listed(list) => {
            let images = list.iter().filter(|model| model.makes_images).count();
            let listed = if list.len() == 1 { "1 model".to_owned() } else { format!("{} models", list.len()) };
            let make = if images == 1 { "1 makes images".to_owned() } else { format!("{images} make images") };
            Some((format!("Works. {listed} listed, {make}."), Tone::Ok))
        }
        Models::Failed(failure) => Some((failure.sentence.clone(), Tone::Danger)),
    }
}

fn under_ui(ui: &mut Ui, cx: &Cx<'_>, edited: &Endpoint, place: KeyPlace) {
    let endpoints = cx.session.endpoints();
    let mut parts: Vec<(String, Tone)> = Vec::new();
    if let Some(problem) = &cx.memory.typed.key_problem {
        parts.push((problem.clone(), Tone::Danger));
    } else if let Some(found) = test_words(endpoints.models(&edited.name)) {
        parts.push(found);
    }
    if let Some(failure) = endpoints.key_problem(&edited.name) {
        parts.push((failure.sentence.clone(), Tone::Danger));
    } else if place == KeyPlace::Missing {
        let host = edited.base().map_or_else(|_| "this endpoint".to_owned(), |base| base.host());
        parts.push((where_kept(endpoints, &host), Tone::Dim));
    }
    sentences(ui, &parts);
}

/// Where a key typed now will be kept, as far as the keyring has answered, and who gets it.
pub(in crate::ui) fn where_kept(endpoints: &Endpoints, host: &str) -> String {
    let kept = match endpoints.keyring() {
        _ if endpoints.has_env_key() => "PROOFSHEET_API_KEY gives the key, whatever is typed here. It is",
        Keyring::Unknown => "This computer's keyring has not answered yet. The key is",
        Keyring::Answers => "Kept in this computer's keyring,",
        Keyring::Trouble(problem) => &format!("{} It is", problem.sentence),
    };
    format!("{kept} sent only to {host}. Testing costs nothing.")
}

/// Sentences of different colours in one paragraph.
pub(in crate::ui) fn sentences(ui: &mut Ui, parts: &[(String, Tone)]) {
    let mut job = egui::text::LayoutJob::default();
    for (index, (text, tone)) in parts.iter().enumerate() {
        let text = if index == 0 { text.clone() } else { format!(" {text}") };
        let text = line(ui, text, Type::Tiny, *tone);
        text.append_to(&mut job, ui.style(), egui::FontSelection::Default, Align::Min);
    }
    if !job.is_empty() {
        ui.add(egui::Label::new(job).wrap());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Failure, FailureKind};
    use crate::message::ModelEntry;

    #[test]
    fn a_test_says_what_it_found() {
        let model = |id: &str, makes_images| ModelEntry { id: id.to_owned(), makes_images, shutdown_date: None };
        let listed = Models::Listed(vec![model("dall-e-3", true), model("gpt-4o", false)]);
        assert_eq!(test_words(&listed), Some(("Works. 2 models listed, 1 makes images.".to_owned(), Tone::Ok)));
        let failed = Models::Failed(Failure::free(FailureKind::KeyRejected, "The key is not accepted"));
        assert_eq!(test_words(&failed), Some(("The key is not accepted".to_owned(), Tone::Danger)));
        assert_eq!(test_words(&Models::Unknown), None);
    }
}
