//! The composer: typed, chosen, refused, sent.

use egui::accesskit::Role;
use egui::{Event, ImeEvent, Key, Modifiers};
use egui_kittest::kittest::{NodeT as _, Queryable as _};

use super::{asked, window};
use crate::domain::{Mark, Size};
use crate::message::{Event as Happened, ModelEntry};
use crate::ui::stage::Stage;

fn listed() -> Stage {
    let mut stage = Stage::empty();
    let model = |id: &str, makes_images: bool, stops: Option<&str>| ModelEntry {
        id: id.to_owned(),
        makes_images,
        shutdown_date: stops.map(str::to_owned),
    };
    let list = vec![
        model("dall-e-3", true, Some("2026-12-01")),
        model("gpt-image-2", true, None),
        model("gpt-4o", false, None),
    ];
    let endpoint = stage.session.settings().current.clone();
    stage.apply(Happened::Models { endpoint, result: Ok(list) });
    stage
}

#[test]
fn what_is_typed_and_chosen_is_what_is_sent() {
    let mut harness = window(listed());
    harness.get_by_role_and_label(Role::MultilineTextInput, "Prompt").focus();
    harness.run();
    harness.get_by_role_and_label(Role::MultilineTextInput, "Prompt").type_text("a paper fox");
    harness.run();
    harness.get_by_label("Size").click();
    harness.run();
    harness.get_by_label("1792 × 1024").click();
    harness.run();
    harness.get_by_label("Quality").click();
    harness.run();
    harness.get_by_label("hd").click();
    harness.run();
    harness.get_by_label("Images").set_value_accesskit(3.0);
    harness.run();
    harness.get_by_label("Generate 3 images").click();
    harness.run();
    let stage = harness.state();
    let run = stage.session.sheet().run(stage.newest()).unwrap();
    let request = &run.request;
    assert_eq!(request.prompt.as_str(), "a paper fox");
    assert_eq!(request.size, Some(Size::Exact { width: 1792, height: 1024 }));
    assert_eq!((request.quality.as_deref(), request.images.get()), (Some("hd"), 3));
    assert_eq!(harness.query_all_by_label("Cancel").count(), 4, "one for the run, one for each tile");
}

#[test]
fn words_typed_in_the_frame_of_the_key_are_sent_too() {
    let mut harness = window(Stage::empty());
    harness.get_by_role_and_label(Role::MultilineTextInput, "Prompt").focus();
    harness.run();
    harness.get_by_role_and_label(Role::MultilineTextInput, "Prompt").type_text("a paper");
    harness.run();
    // A slow frame, an input method or a paste brings the last words and the key at once.
    let (key, modifiers) = (Key::Enter, Modifiers::COMMAND);
    let enter = Event::Key { key, physical_key: None, pressed: true, repeat: false, modifiers };
    harness.input_mut().events.extend([Event::Text(" fox".to_owned()), enter]);
    harness.run();
    let stage = harness.state();
    assert_eq!(stage.session.sheet().run(stage.newest()).unwrap().request.prompt.as_str(), "a paper fox");
}

#[test]
fn a_half_typed_model_is_left_or_completed_but_never_sent() {
    for (key, model) in [(Key::Escape, "dall-e-3"), (Key::Enter, "gpt-image-2")] {
        let mut harness = window(listed());
        harness.get_by_label("Model").click();
        harness.run();
        harness.get_by_label("Model").type_text("gpt-im");
        harness.run();
        harness.key_press(key);
        harness.run();
        assert_eq!(harness.state().session.composer().draft().model, model, "{key:?}");
    }
}

#[test]
fn the_slider_is_a_slider_for_screen_readers() {
    let mut harness = window(Stage::empty());
    let images = harness.get_by_label("Images");
    let node = images.accesskit_node();
    assert_eq!((node.role(), node.numeric_value()), (Role::Slider, Some(4.0)));
    assert_eq!((node.min_numeric_value(), node.max_numeric_value()), (Some(1.0), Some(10.0)));
    images.increment_accesskit();
    harness.run();
    assert_eq!(harness.state().session.composer().draft().images, 5);
    harness.get_by_label("Images").focus();
    harness.run();
    harness.key_press(Key::ArrowLeft);
    harness.run();
    assert_eq!(harness.state().session.composer().draft().images, 4);
}

#[test]
fn an_empty_prompt_is_not_sent_and_the_field_says_why() {
    let mut harness = window(Stage::empty());
    harness.get_by_label("Generate 4 images").click();
    harness.run();
    harness.get_by_label("Write what the images should show");
    assert!(harness.state().session.running().is_empty());
    harness.get_by_role_and_label(Role::MultilineTextInput, "Prompt").focus();
    harness.run();
    harness.get_by_role_and_label(Role::MultilineTextInput, "Prompt").type_text("a");
    harness.run();
    assert!(harness.query_by_label("Write what the images should show").is_none());
}

#[test]
fn any_model_can_be_typed_and_the_list_narrows() {
    let mut harness = window(listed());
    harness.get_by_label("Model").click();
    harness.run();
    for id in ["dall-e-3", "gpt-image-2", "gpt-4o"] {
        harness.get_by_role_and_label(Role::ListBoxOption, id);
    }
    // The field's text is selected, so typing replaces it.
    harness.get_by_label("Model").type_text("image");
    harness.run();
    assert_eq!(harness.state().session.composer().draft().model, "image");
    assert!(harness.query_by_role_and_label(Role::ListBoxOption, "dall-e-3").is_none());
    harness.get_by_role_and_label(Role::ListBoxOption, "gpt-image-2").click();
    harness.run();
    assert_eq!(harness.state().session.composer().draft().model, "gpt-image-2");
    assert!(harness.query_by_label("Style").is_none(), "this model takes no style");
}

#[test]
fn lists_are_used_by_keys_alone() {
    let mut harness = window(listed());
    harness.get_by_label("Model").focus();
    harness.run();
    for key in [Key::ArrowDown, Key::ArrowDown, Key::ArrowDown, Key::Enter] {
        harness.key_press(key);
        harness.run();
    }
    assert_eq!(harness.state().session.composer().draft().model, "gpt-image-2");
    harness.get_by_label("Quality").focus();
    harness.run();
    let before = harness.state().session.composer().draft().quality.clone();
    for key in [Key::Space, Key::ArrowDown, Key::ArrowDown, Key::Enter] {
        harness.key_press(key);
        harness.run();
    }
    assert_ne!(harness.state().session.composer().draft().quality, before);
}

#[test]
fn a_model_that_stops_says_when() {
    let harness = window(listed());
    harness.get_by_label("The endpoint says this model stops on 2026-12-01");
}

#[test]
fn the_list_of_models_is_asked_for_once_it_is_wanted() {
    let mut harness = window(Stage::empty());
    assert_eq!(asked(&harness, "RefreshModels"), 0);
    harness.get_by_label("Model").click();
    harness.run();
    assert_eq!(asked(&harness, "RefreshModels"), 1);
}

#[test]
fn letters_go_into_the_prompt_while_it_has_the_keyboard() {
    let mut stage = Stage::day();
    let tile = stage.image(5);
    stage.act(crate::message::Action::Click { image: tile, extend: false, toggle: false });
    let before = stage.session.sheet().mark(tile);
    let mut harness = window(stage);
    harness.get_by_role_and_label(Role::MultilineTextInput, "Prompt").focus();
    harness.run();
    harness.key_press(Key::P);
    harness.run();
    assert_eq!(harness.state().session.sheet().mark(tile), before);
    harness.key_press(Key::Escape);
    harness.run();
    harness.key_press(Key::P);
    harness.run();
    assert_eq!(harness.state().session.sheet().mark(tile), Some(Mark::Pick));
}

#[test]
fn keys_belong_to_an_input_method_while_it_composes() {
    let mut harness = window(Stage::day());
    let preedit = |text: &str| Event::Ime(ImeEvent::Preedit { text: text.to_owned(), active_range_chars: None });
    harness.event(preedit("ho"));
    harness.run();
    harness.key_press_modifiers(Modifiers::COMMAND, Key::Enter);
    harness.run();
    assert_eq!(asked(&harness, "Generate"), 0);
    harness.event(Event::Ime(ImeEvent::Commit("狐".to_owned())));
    harness.run();
    harness.key_press_modifiers(Modifiers::COMMAND, Key::Enter);
    harness.run();
    assert_eq!(asked(&harness, "Generate"), 1);
}

#[test]
fn ctrl_enter_sends_from_inside_the_prompt_without_a_line_break() {
    let mut harness = window(Stage::empty());
    harness.get_by_role_and_label(Role::MultilineTextInput, "Prompt").focus();
    harness.run();
    harness.get_by_role_and_label(Role::MultilineTextInput, "Prompt").type_text("a paper fox");
    harness.run();
    harness.key_press_modifiers(Modifiers::COMMAND, Key::Enter);
    harness.run();
    assert_eq!(harness.state().session.composer().draft().prompt, "a paper fox");
    assert_eq!(harness.state().session.running().len(), 1);
}

#[test]
fn alt_up_walks_back_to_earlier_prompts() {
    let mut harness = window(Stage::day());
    harness.get_by_role_and_label(Role::MultilineTextInput, "Prompt").focus();
    harness.run();
    harness.key_press_modifiers(Modifiers::ALT, Key::ArrowUp);
    harness.run();
    assert_eq!(asked(&harness, "EarlierPrompt"), 1);
}
