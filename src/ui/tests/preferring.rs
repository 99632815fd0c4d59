//! Preferences, the key sheet, notices and the path field.

use egui::accesskit::Role;
use egui::{Key, Modifiers};
use egui_kittest::kittest::{NodeT as _, Queryable as _};

use super::{asked, window};
use crate::domain::{EndpointName, KeyPlace};
use crate::message::{Action, Dialog, Event, PreferencesPage};
use crate::ui::stage::{NOW, Stage};

const KEY: &str = "sk-test-123";

fn preferences(page: PreferencesPage) -> Stage {
    let mut stage = Stage::empty();
    stage.act(Action::OpenDialog(Dialog::Preferences(page)));
    stage
}

#[test]
fn ctrl_comma_opens_them_and_esc_closes_them() {
    let mut harness = window(Stage::empty());
    harness.key_press_modifiers(Modifiers::COMMAND, Key::Comma);
    harness.run();
    harness.get_by_label("Endpoint name");
    harness.key_press(Key::Escape);
    harness.run();
    assert!(harness.state().session.desk().dialog().is_none());
}

#[test]
fn a_key_is_typed_hidden_saved_and_forgotten_by_the_window() {
    let mut stage = preferences(PreferencesPage::Endpoints);
    let endpoint = stage.session.settings().current.clone();
    stage.session.apply(Event::KeyFound { endpoint, place: KeyPlace::Missing, problem: None }, NOW);
    let mut harness = window(stage);
    harness.get_by_label("API key").focus();
    harness.run();
    harness.get_by_label("API key").type_text(KEY);
    harness.run();
    let shown = harness.get_by_label("API key").value().unwrap_or_default();
    assert!(!shown.contains("sk-"), "{shown}");
    harness.get_by_label("Save key").click();
    harness.run();
    assert_eq!(asked(&harness, "SaveKey ramclouds.me"), 1);
    assert_eq!(harness.get_by_label("API key").value().unwrap_or_default(), "");
    assert_eq!(harness.query_all_by_label_contains(KEY).count(), 0);
}

#[test]
fn a_key_that_cannot_be_one_is_refused_at_its_field() {
    let mut stage = preferences(PreferencesPage::Endpoints);
    let endpoint = stage.session.settings().current.clone();
    stage.session.apply(Event::KeyFound { endpoint, place: KeyPlace::Missing, problem: None }, NOW);
    let mut harness = window(stage);
    harness.get_by_label("API key").focus();
    harness.run();
    harness.get_by_label("API key").type_text("sk one two");
    harness.run();
    harness.get_by_label("Save key").click();
    harness.run();
    assert_eq!(asked(&harness, "SaveKey ramclouds.me"), 0);
    harness.get_by_label_contains("space inside");
}

#[test]
fn a_new_address_is_kept_when_its_field_is_left_and_shows_where_requests_go() {
    let mut harness = window(preferences(PreferencesPage::Endpoints));
    harness.get_by_label("Base URL").focus();
    harness.run();
    harness.key_press_modifiers(Modifiers::COMMAND, Key::A);
    harness.get_by_label("Base URL").type_text("studio.example");
    harness.run();
    harness.get_by_label("Requests go to https://studio.example/v1/images/generations");
    assert_eq!(asked(&harness, "ChangeEndpoint ramclouds.me ramclouds.me studio.example"), 0, "still typing");
    harness.get_by_label("Endpoint name").focus();
    harness.run();
    assert_eq!(asked(&harness, "ChangeEndpoint ramclouds.me ramclouds.me studio.example"), 1);
    harness.get_by_label("Test").click();
    harness.run();
    assert_eq!(asked(&harness, "Test studio.example false"), 1);
}

#[test]
fn an_address_that_is_none_says_so() {
    let mut harness = window(preferences(PreferencesPage::Endpoints));
    harness.get_by_label("Base URL").focus();
    harness.run();
    harness.key_press_modifiers(Modifiers::COMMAND, Key::A);
    harness.get_by_label("Base URL").type_text("not an address");
    harness.run();
    harness.get_by_label_contains("This is not a web address");
}

#[test]
fn an_endpoint_is_added_named_and_removed() {
    let mut harness = window(preferences(PreferencesPage::Endpoints));
    harness.get_by_label("Add endpoint").click();
    harness.run();
    assert_eq!(harness.get_by_label("Endpoint name").value().as_deref(), Some("New endpoint"));
    harness.get_by_label("Endpoint name").focus();
    harness.run();
    harness.key_press_modifiers(Modifiers::COMMAND, Key::A);
    harness.get_by_label("Endpoint name").type_text("ramclouds.me");
    harness.run();
    harness.get_by_label("There is an endpoint of this name already");
    harness.key_press_modifiers(Modifiers::COMMAND, Key::A);
    harness.get_by_label("Endpoint name").type_text("Studio");
    harness.get_by_label("Base URL").focus();
    harness.run();
    let studio = EndpointName::new("Studio").unwrap();
    assert!(harness.state().session.settings().endpoint(&studio).is_some());
    harness.get_by_label("Remove").click();
    harness.run();
    assert!(harness.state().session.settings().endpoint(&studio).is_some(), "it takes a second press");
    harness.get_by_label("Remove Studio and its key").click();
    harness.run();
    assert!(harness.state().session.settings().endpoint(&studio).is_none());
}

#[test]
fn every_page_opens_by_its_name() {
    let mut harness = window(preferences(PreferencesPage::Endpoints));
    for (page, control) in [
        (PreferencesPage::Saving, "Name pattern"),
        (PreferencesPage::Library, "Choose…"),
        (PreferencesPage::Look, "Mid"),
        (PreferencesPage::Keys, "Ctrl Enter"),
        (PreferencesPage::Advanced, "Proxy"),
    ] {
        harness.get_by_role_and_label(Role::Tab, page.label()).click();
        harness.run();
        harness.get_by_label(control);
    }
}

#[test]
fn the_name_pattern_shows_an_example_as_it_is_typed() {
    let mut harness = window(preferences(PreferencesPage::Saving));
    harness.get_by_label("Name pattern").focus();
    harness.run();
    harness.key_press_modifiers(Modifiers::COMMAND, Key::A);
    harness.get_by_label("Name pattern").type_text("{model}-{n}");
    harness.run();
    harness.get_by_label("dall-e-3-1.png");
    assert_eq!(harness.state().session.settings().name_pattern.as_str(), "{model}-{n}");
}

#[test]
fn the_save_format_is_chosen_by_name_and_seen_in_the_example() {
    let mut harness = window(preferences(PreferencesPage::Saving));
    harness.get_by_label_contains("Exactly the bytes the server sent");
    harness.get_by_role_and_label(Role::RadioButton, "JPEG").click();
    harness.run();
    assert_eq!(harness.state().session.settings().save_format, crate::domain::SaveFormat::Jpeg);
    harness.get_by_label_contains("white where they are transparent");
    harness.get_by_label_contains(" 1.jpg");
}

#[test]
fn the_surround_is_chosen_by_name() {
    let mut harness = window(preferences(PreferencesPage::Look));
    harness.get_by_role_and_label(Role::RadioButton, "White").click();
    harness.run();
    assert_eq!(harness.state().session.settings().surround, crate::domain::Surround::White);
}

#[test]
fn f1_shows_the_keys() {
    let mut harness = window(Stage::empty());
    harness.key_press(Key::F1);
    harness.run();
    harness.get_by_label("Ctrl Enter");
    harness.get_by_label("Close").click();
    harness.run();
    assert!(harness.state().session.desk().dialog().is_none());
}

#[test]
fn a_notice_offers_undo() {
    let mut stage = Stage::day();
    stage.act(Action::Do(crate::message::Verb::ClearPicks));
    assert_eq!(stage.session.sheet().counts().picks, 0);
    let mut harness = window(stage);
    harness.get_by_label("Undo").click();
    harness.run();
    assert_eq!(harness.state().session.sheet().counts().picks, 3);
}

#[test]
fn without_a_native_dialog_a_folder_is_typed() {
    let mut stage = Stage::day();
    let images = vec![stage.image(4)];
    stage.act(Action::NoNativeDialog { images, one_file: true });
    let mut harness = window(stage);
    harness.get_by_label("Folder").focus();
    harness.run();
    harness.key_press_modifiers(Modifiers::COMMAND, Key::A);
    harness.get_by_label("Folder").type_text("/tmp/picks");
    harness.run();
    harness.get_by_label("Save").click();
    harness.run();
    assert_eq!(asked(&harness, "SaveTo 1 Folder(\"/tmp/picks\")"), 1);
}

#[test]
fn the_endpoint_is_changed_from_the_status_bar() {
    let mut harness = window(Stage::empty());
    harness.get_by_label("Endpoint: ramclouds.me").click();
    harness.run();
    harness.get_by_role_and_label(Role::ListBoxOption, "Demo endpoint").click();
    harness.run();
    assert_eq!(asked(&harness, "UseEndpoint Demo"), 1);
    let node = harness.get_by_label("Endpoint: Demo");
    assert_eq!(node.accesskit_node().role(), Role::Button);
}
