//! The whole loop, from a prompt to saved picks: by keys alone, and through the accessibility tree alone.

use egui::accesskit::Role;
use egui::{Event, Key, Modifiers};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};

use super::window;
use crate::domain::{Draft, ImageId};
use crate::message::{Action, Event as Happened, Page};
use crate::ui::stage::{Stage, facts, run, stored};

/// An empty library, just opened.
fn opened() -> Harness<'static, Stage> {
    let mut stage = Stage::empty();
    stage.apply(Happened::LibraryOpened { root: "/pictures".into(), runs: Vec::new(), problems: Vec::new() });
    window(stage)
}

/// The four images of the run under way come in.
fn answer(harness: &mut Harness<'_, Stage>) {
    let run = harness.state().newest();
    for slot in 0..4 {
        let event = Happened::Stored { image: ImageId { run, slot }, facts: facts(1024, 1024) };
        harness.state_mut().apply(event);
    }
    harness.state_mut().apply(Happened::Finished { run });
    harness.run();
}

/// The places of the images that were to be saved, each time that was asked.
fn saved(harness: &Harness<'_, Stage>) -> Vec<Vec<u16>> {
    let asked = harness.state().saving.iter();
    asked.map(|images| images.iter().map(|image| image.slot).collect()).collect()
}

fn page(harness: &Harness<'_, Stage>) -> Page {
    harness.state().session.desk().page()
}

#[test]
fn by_keys_alone() {
    let mut harness = opened();
    harness.event(Event::Text("a paper fox".to_owned()));
    harness.run();
    harness.key_press_modifiers(Modifiers::COMMAND, Key::Enter);
    harness.run();
    answer(&mut harness);
    let press = |harness: &mut Harness<'_, Stage>, keys: &[Key]| {
        for &key in keys {
            harness.key_press(key);
            harness.run();
        }
    };
    // Out of the prompt; pick the first and the third, compare the picks.
    press(&mut harness, &[Key::Escape, Key::Home, Key::P, Key::ArrowRight, Key::ArrowRight, Key::P, Key::C]);
    assert_eq!((page(&harness), harness.state().session.viewer().survey().len()), (Page::Survey, 2));
    press(&mut harness, &[Key::Z, Key::Plus, Key::X, Key::Enter]);
    assert_eq!(page(&harness), Page::Sheet);
    harness.key_press_modifiers(Modifiers::COMMAND, Key::S);
    harness.run();
    assert_eq!(saved(&harness), [[2]], "the first was dropped, the third kept");
}

#[test]
fn through_the_tree_alone() {
    let mut harness = opened();
    let press = |harness: &mut Harness<'_, Stage>, name: &str| {
        harness.get_by_label_contains(name).click_accesskit();
        harness.run();
    };
    harness.get_by_role_and_label(Role::MultilineTextInput, "Prompt").set_text_value_accesskit("a paper fox");
    harness.run();
    press(&mut harness, "Generate 4 images");
    answer(&mut harness);
    for tile in ["1 of 4, a paper fox", "3 of 4, a paper fox"] {
        press(&mut harness, tile);
        harness.get_by_role_and_label(Role::RadioButton, "Picked").click_accesskit();
        harness.run();
    }
    harness.get_by_label_contains("3 of 4, picked, a paper fox, 1024 by 1024");
    press(&mut harness, "Compare");
    harness.get_by_label_contains("2 of 2, picked");
    harness.get_by_label("Reject").click_accesskit();
    harness.run();
    press(&mut harness, "Keep this one");
    assert_eq!(page(&harness), Page::Sheet);
    press(&mut harness, "Save picks…");
    assert_eq!(saved(&harness), [[2]]);
}

#[test]
fn reused_settings_go_again_with_undo_although_the_prompt_has_the_keyboard() {
    let mut stage = Stage::with(vec![stored(run(1, "a paper fox", "1792x1024", 2), "..")]);
    let draft = Draft { prompt: "half a thought".to_owned(), ..stage.session.composer().draft().clone() };
    stage.act(Action::Edit(draft.clone()));
    let image = stage.image(0);
    stage.act(Action::Click { image, extend: false, toggle: false });
    let mut harness = window(stage);
    harness.get_by_label("Reuse settings").click();
    harness.run();
    let reused = harness.state().session.composer().draft().clone();
    assert_eq!((reused.prompt.as_str(), reused.size.as_str(), reused.images), ("a paper fox", "1792x1024", 2));
    assert!(harness.get_by_role_and_label(Role::MultilineTextInput, "Prompt").is_focused());
    harness.key_press_modifiers(Modifiers::COMMAND, Key::Z);
    harness.run();
    assert_eq!(*harness.state().session.composer().draft(), draft);
    harness.key_press_modifiers(Modifiers::COMMAND | Modifiers::SHIFT, Key::Z);
    harness.run();
    assert_eq!(*harness.state().session.composer().draft(), reused);
}

#[test]
fn a_tile_says_what_came_otherwise_than_asked() {
    let mut odd = stored(run(1, "a paper fox", "1024x1024", 2), "..");
    if let Some(crate::domain::Slot::Stored(facts)) = odd.slots.first_mut() {
        (facts.width, facts.height) = (768, 512);
        facts.revised_prompt = Some("A red fox folded from paper".into());
    }
    let harness = window(Stage::with(vec![odd]));
    let said = |tile: &str| harness.get_by_label_contains(tile).accesskit_node().description();
    assert_eq!(
        said("1 of 2").as_deref(),
        Some("It is 768 × 512, 1024 × 1024 was asked for. The model rewrote the prompt")
    );
    assert_eq!(said("2 of 2"), None);
}
