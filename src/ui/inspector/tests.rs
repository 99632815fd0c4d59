//! The inspector by its buttons.

use egui_kittest::kittest::{NodeT as _, Queryable as _};

use crate::domain::Mark;
use crate::message::{Action, Verb};
use crate::ui::inspector::inspector_ui;
use crate::ui::stage::Stage;

const SIZE: [f32; 2] = [264.0, 790.0];

#[test]
fn buttons_ask_about_the_image_that_is_shown() {
    let mut harness = Stage::day().window(SIZE, 1.0, inspector_ui);
    harness.run();
    for (name, asked) in
        [("Save…", "SaveImages 1"), ("Copy", "Copy"), ("Reuse settings", "Reuse"), ("Reveal in folder", "Reveal")]
    {
        harness.get_by_label(name).click();
        harness.run();
        assert_eq!(harness.state().log.last().map(String::as_str), Some(asked), "{name}");
    }
    harness.get_by_label("Copy as").click();
    harness.run();
    harness.get_by_label("Python").click();
    harness.run();
    assert_eq!(harness.state().log.last().map(String::as_str), Some("CopySnippet Python"));
}

#[test]
fn facts_are_said_with_their_names_and_fields_keep_theirs() {
    let mut harness = Stage::day().window(SIZE, 1.0, inspector_ui);
    harness.run();
    for said in ["Model: dall-e-3", "Size: 1024 × 1024", "Took: 11.4 s", "Made: 22 Nov 2026, 13:05"] {
        harness.get_by_label(said);
    }
    harness.get_by_label_contains("Revised by the model: A tall white lighthouse");
    for field in ["Prompt", "Model", "Size", "Quality", "Style"] {
        assert!(harness.query_by_label(field).is_none(), "{field} is a control of the composer");
    }
}

#[test]
fn nothing_selected_is_said_calmly() {
    let mut harness = Stage::empty().window(SIZE, 1.0, inspector_ui);
    harness.run();
    harness.get_by_label_contains("Select an image");
}

#[test]
fn several_selected_are_summed_up_and_marked_together() {
    let mut stage = Stage::day();
    stage.act(Action::Do(Verb::SelectAll));
    let mut harness = stage.window(SIZE, 1.0, inspector_ui);
    harness.run();
    harness.get_by_label("12 images selected");
    harness.get_by_label("Pick all").click();
    harness.run();
    assert_eq!(harness.state().session.sheet().counts().picks, 12);
}

#[test]
fn the_verdict_is_given_and_shown() {
    let mut stage = Stage::day();
    let image = stage.image(1);
    let mut harness = {
        stage.act(Action::Click { image, extend: false, toggle: false });
        stage.window(SIZE, 1.0, inspector_ui)
    };
    harness.run();
    for (name, mark) in [("Rejected", Mark::Reject), ("No mark", Mark::None), ("Picked", Mark::Pick)] {
        harness.get_by_label(name).click_accesskit();
        harness.run();
        assert_eq!(harness.state().session.sheet().mark(image), Some(mark));
    }
}

#[test]
fn a_rewritten_prompt_is_told_word_by_word() {
    let mut harness = Stage::day().window(SIZE, 1.0, inspector_ui);
    harness.run();
    let revised = harness.get_by_label_contains("Revised by the model: A tall white lighthouse");
    let told = revised.accesskit_node().description().unwrap();
    assert!(told.starts_with("Added: ") && told.contains("tall white") && told.contains("Left out: "), "{told}");
}
