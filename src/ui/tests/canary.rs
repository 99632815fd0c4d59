//! A key typed into the window shows in nothing that the window tells: no name, no value, no text for the clipboard.

use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};

use super::{newcomer, window};
use crate::domain::{Failure, FailureKind, KeyPlace, Learned};
use crate::message::{Action, Dialog, Event, PreferencesPage};
use crate::ui::stage::{NOW, Stage};

const CANARY: &str = "cnry-7Qk2Wx9Rb4Lm6Tz8Vd3Hs5Yp";
const MIDDLE: &str = "9Rb4Lm6Tz8Vd";

/// Everything a screen reader, the clipboard, the system and whoever takes Actions are told.
fn told(harness: &Harness<'_, Stage>) -> String {
    let output = &harness.output().platform_output;
    let tree = harness.root().children_recursive().map(|node| format!("{:?}", node.accesskit_node().data()));
    let mut all: Vec<String> = tree.collect();
    all.push(format!("{:?}", output.events));
    all.push(format!("{:?}", output.commands));
    all.extend(harness.state().log.iter().cloned());
    all.join("\n")
}

#[track_caller]
fn is_silent(harness: &Harness<'_, Stage>) {
    let told = told(harness);
    assert!(told.len() > 2_000, "the tree was read: {told}");
    for form in [CANARY, MIDDLE] {
        assert!(!told.contains(form), "{told}");
    }
}

fn type_key(harness: &mut Harness<'_, Stage>) {
    harness.get_by_label("API key").focus();
    harness.step();
    for letter in CANARY.chars() {
        harness.get_by_label("API key").type_text(&letter.to_string());
        harness.step();
        is_silent(harness);
    }
    harness.run();
    let length = harness.get_by_label("API key").value().unwrap_or_default().chars().count();
    assert_eq!(length, CANARY.len(), "it was typed");
    is_silent(harness);
}

#[test]
fn a_key_typed_into_preferences_is_told_to_nobody() {
    let mut stage = Stage::day();
    let endpoint = stage.session.settings().current.clone();
    stage.session.apply(Event::KeyFound { endpoint, place: KeyPlace::Missing, problem: None }, NOW);
    stage.act(Action::OpenDialog(Dialog::Preferences(PreferencesPage::Endpoints)));
    let mut harness = window(stage);
    type_key(&mut harness);
    for button in ["Test", "Save key"] {
        harness.get_by_label(button).click();
        harness.step();
        is_silent(&harness);
        harness.run();
        is_silent(&harness);
    }
    assert_eq!(super::asked(&harness, "SaveKey ramclouds.me"), 1);
    harness.key_press(egui::Key::Escape);
    harness.run();
    is_silent(&harness);
}

#[test]
fn a_key_typed_at_the_first_start_is_told_to_nobody() {
    let mut harness = window(newcomer());
    type_key(&mut harness);
    harness.get_by_label("Start").click();
    harness.run();
    is_silent(&harness);
    assert!(
        harness.state().log.iter().any(|logged| logged.ends_with(" true")),
        "the key went: {:?}",
        harness.state().log
    );
}

#[test]
fn what_an_endpoint_taught_can_be_forgotten() {
    let mut stage = Stage::empty();
    let endpoint = stage.session.settings().current.clone();
    let learned = |parameter: &str| Learned {
        endpoint: endpoint.clone(),
        model: "gateway-model".to_owned(),
        parameter: parameter.to_owned(),
    };
    for parameter in ["style", "n"] {
        stage.session.apply(Event::Learned(learned(parameter)), NOW);
    }
    stage.act(Action::OpenDialog(Dialog::Preferences(PreferencesPage::Endpoints)));
    let mut harness = window(stage);
    let lesson = harness.get_by_label("gateway-model is sent without style").rect();
    let buttons = harness.query_all_by_label("Forget");
    buttons.filter(|button| lesson.y_range().contains(button.rect().center().y)).for_each(|button| button.click());
    harness.run();
    assert!(harness.query_by_label("gateway-model is sent without style").is_none());
    assert_eq!(harness.state().session.settings().learned, [learned("n")]);
}

#[test]
fn details_tell_the_servers_words_from_ours() {
    let mut stage = Stage::day();
    let image = stage.image(2);
    let failure = Failure::free(FailureKind::NoCredit, "The credit is used up. Nothing was charged. Top up.")
        .with_words("insufficient_quota")
        .with_detail("os error 7");
    stage.apply(Event::Failed { image, failure });
    stage.act(Action::OpenDialog(Dialog::Details(image)));
    let harness = window(stage);
    for text in ["The server's own words", "insufficient_quota", "In detail", "os error 7"] {
        harness.get_by_label(text);
    }
    harness.get_by_label("Nothing was charged. Sending the same again helps only after a change");
}
