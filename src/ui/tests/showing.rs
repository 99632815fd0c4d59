//! What comes into view and who gets the keyboard: the window's start, an own run, the search.

use egui::accesskit::Role;
use egui::{Key, Modifiers, pos2, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;

use super::{newcomer, window};
use crate::domain::{Draft, Failure, FailureKind, ImageId, KeyPlace};
use crate::message::{Action, Event};
use crate::ui::stage::{NOW, Stage, facts, run, stored};

/// Forty runs, scrolled down to the middle, with the tile in view that is returned.
fn far_down() -> (Harness<'static, Stage>, ImageId) {
    let runs = (1..=40).map(|n| stored(run(n, &format!("prompt {n}"), "1024x1024", 4), "....")).collect();
    let mut stage = Stage::with(runs);
    let draft = Draft { prompt: "something new".to_owned(), ..stage.session.composer().draft().clone() };
    stage.act(Action::Edit(draft));
    let image = stage.image(80);
    stage.act(Action::Click { image, extend: false, toggle: false });
    stage.memory.scroll_to = Some(image);
    let mut harness = window(stage);
    harness.run();
    assert!(begins(&harness, "1 of 160").is_none(), "the newest run is out of view");
    (harness, image)
}

/// The tile whose name begins so.
fn begins(harness: &Harness<'_, Stage>, start: &str) -> Option<egui::Rect> {
    let start = start.to_owned();
    let tile = harness.query_by(move |node| node.label().is_some_and(|label| label.starts_with(&start)));
    tile.map(|tile| tile.rect())
}

fn place(harness: &Harness<'_, Stage>, image: ImageId) -> egui::Rect {
    let sheet = harness.state().session.sheet();
    let number = sheet.visible_images().position(|shown| shown == image).unwrap() + 1;
    begins(harness, &format!("{number} of ")).unwrap()
}

fn newest_is_shown(harness: &Harness<'_, Stage>) -> bool {
    begins(harness, "1 of 164, waiting, something new").is_some()
}

#[test]
fn an_own_run_sent_from_the_composer_comes_into_view() {
    let (mut harness, image) = far_down();
    harness.get_by_label("Generate 4 images").click();
    harness.run();
    assert!(newest_is_shown(&harness));
    assert_eq!(harness.state().session.sheet().selection(), [image], "the selection stays");
    let (mut harness, _) = far_down();
    harness.get_by_role_and_label(Role::MultilineTextInput, "Prompt").focus();
    harness.run();
    harness.key_press_modifiers(Modifiers::COMMAND, Key::Enter);
    harness.run();
    assert!(newest_is_shown(&harness));
}

#[test]
fn an_own_run_sent_while_judging_moves_nothing_and_says_where_it_is() {
    let (mut harness, image) = far_down();
    let before = place(&harness, image);
    harness.key_press_modifiers(Modifiers::COMMAND, Key::Enter);
    harness.run();
    assert_eq!(place(&harness, image), before);
    assert!(!newest_is_shown(&harness));
    harness.get_by_label("New run").click();
    harness.run();
    assert!(newest_is_shown(&harness));
    assert!(harness.query_by_label("New run").is_none());
}

#[test]
fn an_own_run_comes_into_view_when_the_cursor_is_out_of_it() {
    let (mut harness, _) = far_down();
    harness.hover_at(pos2(700.0, 400.0));
    harness.event(egui::Event::MouseWheel {
        unit: egui::MouseWheelUnit::Point,
        delta: vec2(0.0, -3000.0),
        phase: egui::TouchPhase::Move,
        source: egui::MouseWheelSource::Wheel,
        modifiers: Modifiers::NONE,
    });
    harness.run_steps(40);
    harness.remove_cursor();
    harness.key_press_modifiers(Modifiers::COMMAND, Key::Enter);
    harness.run();
    assert!(newest_is_shown(&harness));
    // Arrivals never scroll, own or not.
    let before = begins(&harness, "1 of 164").unwrap();
    let image = ImageId { run: harness.state().newest(), slot: 0 };
    harness.state_mut().apply(Event::Stored { image, facts: facts(1024, 1024) });
    harness.run();
    assert_eq!(begins(&harness, "1 of 164"), Some(before));
}

#[test]
fn the_prompt_has_the_keyboard_on_an_empty_sheet() {
    let mut stage = Stage::empty();
    stage.apply(Event::LibraryOpened { root: "/pictures".into(), runs: Vec::new(), problems: Vec::new() });
    let harness = window(stage);
    assert!(harness.get_by_role_and_label(Role::MultilineTextInput, "Prompt").is_focused());
    // Where there is something to judge, the keys are for that.
    let mut stage = Stage::empty();
    let runs = vec![stored(run(1, "a fox", "1024x1024", 1), ".")];
    stage.apply(Event::LibraryOpened { root: "/pictures".into(), runs, problems: Vec::new() });
    let harness = window(stage);
    assert!(!harness.get_by_role_and_label(Role::MultilineTextInput, "Prompt").is_focused());
}

#[test]
fn the_prompt_has_the_keyboard_after_the_first_steps() {
    let mut harness = window(newcomer());
    harness.get_by_label_contains("Demo endpoint").click();
    harness.run();
    assert!(harness.get_by_role_and_label(Role::MultilineTextInput, "Prompt").is_focused());
}

#[test]
fn esc_takes_the_search_away_and_leads_back_to_the_images() {
    let mut harness = window(Stage::day());
    harness.key_press_modifiers(Modifiers::COMMAND, Key::F);
    harness.run();
    harness.get_by_label("Search").type_text("fern");
    harness.run();
    assert_eq!(harness.state().session.sheet().visible().len(), 1);
    harness.key_press(Key::Escape);
    harness.run();
    assert_eq!(harness.state().session.sheet().finding().typed(), "");
    assert_eq!(harness.state().log.iter().filter(|asked| *asked == "Back").count(), 0);
    assert!(!harness.get_by_label("Search").is_focused());
    let selected = harness.state().session.sheet().selection();
    harness.key_press(Key::ArrowRight);
    harness.run();
    assert_ne!(harness.state().session.sheet().selection(), selected, "arrows are for the images again");
}

#[test]
fn the_first_steps_say_where_the_key_will_be_kept() {
    let told = |place: Option<(KeyPlace, Option<Failure>)>, words: &str| {
        let mut stage = newcomer();
        if let Some((place, problem)) = place {
            let endpoint = stage.session.settings().current.clone();
            stage.session.apply(Event::KeyFound { endpoint, place, problem }, NOW);
        }
        assert!(window(stage).query_by_label_contains(words).is_some(), "{words}");
    };
    told(None, "has not answered yet");
    told(Some((KeyPlace::Missing, None)), "Kept in this computer's keyring, sent only to ramclouds.me");
    let sentence = "No keyring answers on this computer. A key can be used, but is gone when the program ends.";
    told(Some((KeyPlace::Missing, Some(Failure::free(FailureKind::Keyring, sentence)))), sentence);
    told(Some((KeyPlace::Keyring, None)), "holds a key for ramclouds.me already");
}
