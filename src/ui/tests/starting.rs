//! The first steps.

use egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable as _;

use super::{asked, newcomer, window};
use crate::domain::EndpointName;
use crate::message::{Event, ModelEntry, Page};

#[test]
fn one_click_opens_the_demo_endpoint() {
    let mut harness = window(newcomer());
    harness.get_by_label_contains("Demo endpoint").click();
    harness.run();
    let session = &harness.state().session;
    assert_eq!(session.desk().page(), Page::Sheet);
    assert!(session.settings().current.is_demo());
}

#[test]
fn three_steps_make_an_endpoint() {
    let mut harness = window(newcomer());
    harness.get_by_label("Base URL").focus();
    harness.run();
    harness.key_press_modifiers(Modifiers::COMMAND, Key::A);
    harness.get_by_label("Base URL").type_text("studio.example/v1/images/generations");
    harness.run();
    harness.get_by_label("Requests go to https://studio.example/v1/images/generations");
    harness.get_by_label("API key").focus();
    harness.run();
    harness.get_by_label("API key").type_text("sk-test");
    harness.run();
    harness.get_by_label("Test").click();
    harness.run();
    assert_eq!(asked(&harness, "Test studio.example/v1/images/generations true"), 1);
    let endpoint = EndpointName::new("studio.example").unwrap();
    let model = ModelEntry { id: "dall-e-3".to_owned(), makes_images: true, shutdown_date: None };
    harness.state_mut().apply(Event::Models { endpoint, result: Ok(vec![model]) });
    harness.run();
    harness.get_by_label_contains("Works. 1 model listed");
    harness.get_by_label("Start").click();
    harness.run();
    assert_eq!(asked(&harness, "FinishFirstStart studio.example studio.example/v1/images/generations true"), 1);
    assert_eq!(harness.state().session.desk().page(), Page::Sheet);
}

#[test]
fn a_wrong_key_does_not_start() {
    let mut harness = window(newcomer());
    harness.get_by_label("API key").focus();
    harness.run();
    harness.get_by_label("API key").type_text("sk-ä");
    harness.run();
    harness.get_by_label("Start").click();
    harness.run();
    assert_eq!(harness.state().session.desk().page(), Page::FirstStart);
    harness.get_by_label_contains("a character that keys never have");
}

#[test]
fn keys_of_the_sheet_do_nothing_yet() {
    let mut harness = window(newcomer());
    harness.key_press_modifiers(Modifiers::COMMAND, Key::Enter);
    harness.key_press_modifiers(Modifiers::COMMAND, Key::S);
    harness.run();
    assert_eq!((asked(&harness, "Generate"), asked(&harness, "Save")), (0, 0));
}
