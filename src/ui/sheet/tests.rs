//! The sheet through its accessible names, as a person or a screen reader uses it.

use egui::{Event, Key, Modifiers, PointerButton, Pos2, pos2, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};

use super::sheet_ui;
use crate::domain::{Failure, FailureKind, Filter, ImageId, KeyPlace, Mark, Timestamp};
use crate::message::{Action, Event as Happened, Verb};
use crate::ui::stage::{Stage, facts, run, stored};

const SIZE: [f32; 2] = [760.0, 790.0];

fn window(stage: Stage) -> Harness<'static, Stage> {
    let mut harness = stage.window(SIZE, 1.0, sheet_ui);
    harness.run();
    harness
}

/// So many runs of four squares, newest last.
fn many(runs: u64) -> Stage {
    Stage::with((1..=runs).map(|n| stored(run(n, &format!("prompt {n}"), "1024x1024", 4), "....")).collect())
}

/// What the window asked for since the last look, wishes and line reports left out.
fn asked(harness: &mut Harness<'_, Stage>) -> Vec<String> {
    let log = std::mem::take(&mut harness.state_mut().log);
    log.into_iter().filter(|name| !["Want", "Lines", "SeenNew"].iter().any(|word| name.starts_with(word))).collect()
}

/// The tile that is announced with this place.
fn at<'tree>(harness: &'tree Harness<'_, Stage>, place: usize) -> egui_kittest::Node<'tree> {
    let start = format!("{place} of ");
    harness.get_by(move |node| node.label().is_some_and(|label| label.starts_with(&start)))
}

fn tile(harness: &Harness<'_, Stage>, place: usize) -> egui::Rect {
    at(harness, place).rect()
}

fn offset(harness: &Harness<'_, Stage>) -> f32 {
    harness.state().memory.sheet.offset
}

fn wheel(harness: &mut Harness<'_, Stage>, points: f32) {
    harness.hover_at(pos2(400.0, 400.0));
    harness.event(Event::MouseWheel {
        unit: egui::MouseWheelUnit::Point,
        delta: vec2(0.0, -points),
        phase: egui::TouchPhase::Move,
        source: egui::MouseWheelSource::Wheel,
        modifiers: Modifiers::NONE,
    });
    harness.run_steps(40);
    harness.remove_cursor();
    harness.run_steps(2);
}

#[test]
fn a_tile_is_announced_with_place_mark_prompt_and_size() {
    let harness = window(Stage::day());
    let prompt = "Botanical plate of an imagined fern, gouache on cream paper";
    let name = format!("5 of 14, picked, {prompt}, 1024 by 1024");
    let tile = harness.get_by_label(&name);
    let node = tile.accesskit_node();
    assert_eq!((node.position_in_set(), node.is_selected()), (Some(5), Some(false)));
    harness.get_by_label_contains("3 of 14, waiting, A lighthouse at dusk");
    assert!(at(&harness, 2).accesskit_node().is_selected() == Some(true));
    assert!(harness.query_by_label("Sheet").is_some());
}

#[test]
fn clicks_select_extend_toggle_and_open() {
    let mut harness = window(Stage::day());
    at(&harness, 5).click();
    harness.run();
    at(&harness, 7).click_modifiers(Modifiers::SHIFT);
    harness.run();
    assert_eq!(harness.state().session.sheet().selection().len(), 3);
    at(&harness, 6).click_modifiers(Modifiers::COMMAND);
    harness.run();
    assert_eq!(harness.state().session.sheet().selection().len(), 2);
    assert_eq!(asked(&mut harness), ["Click 0 false false", "Click 2 true false", "Click 1 false true"]);
    harness.run_steps(40);
    let at = tile(&harness, 9).center();
    for pressed in [true, false, true, false] {
        harness.hover_at(at);
        let modifiers = Modifiers::NONE;
        harness.event(Event::PointerButton { pos: at, button: PointerButton::Primary, pressed, modifiers });
        harness.step();
    }
    assert!(asked(&mut harness).contains(&"Open 0".to_owned()));
}

#[test]
fn the_accessibility_tree_alone_selects_and_asks_again() {
    let mut stage = Stage::day();
    let run = stage.newest();
    let failure = Failure::free(FailureKind::ServerBusy, "The server is busy. Nothing was charged.");
    stage.apply(Happened::Failed { image: ImageId { run, slot: 3 }, failure });
    let mut harness = window(stage);
    at(&harness, 8).click_accesskit();
    harness.run();
    assert_eq!(asked(&mut harness), ["Click 3 false false"]);
    harness.get_by_label_contains("4 of 14, failed: Server busy");
    for (name, expected) in [("Cancel", "CancelImage 2"), ("Retry", "Retry 3")] {
        harness.get_by_label(name).click_accesskit();
        harness.run_steps(2);
        assert_eq!(asked(&mut harness), [expected]);
    }
}

#[test]
fn a_refused_image_can_be_changed_or_looked_into() {
    let mut stage = Stage::day();
    let run = stage.newest();
    let failure = Failure::free(FailureKind::Refused, "Not retried. The prompt is kept.");
    stage.apply(Happened::Failed { image: ImageId { run, slot: 2 }, failure });
    let mut harness = window(stage);
    harness.get_by_label("Edit").click();
    harness.run();
    assert_eq!(asked(&mut harness), ["EditAndRetry 2"]);
    harness.get_by_label("Details").click();
    harness.run();
    assert!(asked(&mut harness)[0].starts_with("OpenDialog Details"));
    // By key, too: where an image would be shown large, a failure is told in full.
    harness.state_mut().act(Action::CloseDialog);
    at(&harness, 3).click();
    harness.run();
    harness.key_press(Key::Space);
    harness.run();
    assert!(matches!(harness.state().session.desk().dialog(), Some(crate::message::Dialog::Details(_))));
}

#[test]
fn only_what_is_in_view_is_built() {
    let few = window(many(5)).query_all_by_label_contains("prompt").count();
    let mut harness = window(many(400));
    let at_top = harness.query_all_by_label_contains("prompt").count();
    wheel(&mut harness, 20_000.0);
    let far_down = harness.query_all_by_label_contains("prompt").count();
    assert!(few >= 16 && at_top <= few + 4 && far_down <= few + 8, "{few} {at_top} {far_down}");
    assert!(offset(&harness) > 10_000.0);
}

#[test]
fn arrivals_move_neither_scroll_nor_selection() {
    let mut harness = window(many(40));
    wheel(&mut harness, 1_234.0);
    let top = offset(&harness);
    let seen = harness.state().session.sheet().visible_images().nth(4 * 7).unwrap();
    harness.state_mut().act(Action::Click { image: seen, extend: false, toggle: false });
    harness.run();
    let place = |harness: &Harness<'_, Stage>| {
        let sheet = harness.state().session.sheet();
        let number = sheet.visible_images().position(|image| image == seen).unwrap() + 1;
        tile(harness, number)
    };
    let before = place(&harness);
    harness.state_mut().now = Timestamp(harness.state().now.0 + 5_000);
    let draft = harness.state().session.composer().draft().clone();
    let draft = crate::domain::Draft { prompt: "something new".to_owned(), ..draft };
    harness.state_mut().act(Action::Edit(draft));
    harness.state_mut().act(Action::Do(Verb::Generate));
    harness.run_steps(4);
    let new = harness.state().newest();
    assert_ne!(new, seen.run);
    for slot in [2, 0, 3, 1] {
        let image = ImageId { run: new, slot };
        harness.state_mut().apply(Happened::Stored { image, facts: facts(1792, 1024) });
        harness.run_steps(3);
        assert_eq!(place(&harness), before, "slot {slot}");
    }
    assert!(offset(&harness) > top + 200.0);
    assert_eq!(harness.state().session.sheet().selection(), [seen]);
    // The way there is offered, and taking it takes the offer away.
    harness.get_by_label("4 new").click();
    harness.run_steps(4);
    assert!(offset(&harness) < 0.5);
    assert!(harness.query_by_label("4 new").is_none());
    assert!(harness.state().log.contains(&"SeenNew".to_owned()));
}

#[test]
fn the_keyboard_brings_its_tile_into_view() {
    let mut harness = window(many(40));
    at(&harness, 1).click();
    harness.run();
    for _ in 0..9 {
        harness.key_press(Key::ArrowDown);
        harness.run_steps(2);
    }
    let sheet = harness.state().session.sheet();
    assert_eq!(sheet.cursor(), sheet.visible_images().nth(36));
    let rect = tile(&harness, 37);
    assert!(rect.top() >= 0.0 && rect.bottom() <= SIZE[1], "{rect:?}");
    harness.key_press(Key::End);
    harness.run_steps(3);
    assert!(tile(&harness, 160).bottom() <= SIZE[1]);
    harness.key_press(Key::Home);
    harness.run_steps(3);
    assert!(offset(&harness) < 0.5);
    harness.key_press(Key::P);
    harness.run_steps(3);
    harness.get_by_label_contains("1 of 160, picked");
}

#[test]
fn the_room_for_tiles_is_told_when_they_change_and_only_then() {
    let mut harness = window(many(3));
    let told = |harness: &mut Harness<'_, Stage>| {
        let log = std::mem::take(&mut harness.state_mut().log);
        log.into_iter().filter(|name| name.starts_with("Lines")).collect::<Vec<_>>()
    };
    assert_eq!(told(&mut harness), ["Lines 712 166"]);
    let image = harness.state().image(0);
    harness.state_mut().act(Action::MarkImage(image, Mark::Pick));
    harness.run();
    assert_eq!(told(&mut harness), Vec::<String>::new());
    harness.set_size(vec2(420.0, 790.0));
    harness.run();
    assert_eq!(told(&mut harness), ["Lines 372 166"]);
}

fn drag(harness: &mut Harness<'_, Stage>, from: Pos2, to: Pos2, modifiers: Modifiers) {
    let button = |pos, pressed| Event::PointerButton { pos, button: PointerButton::Primary, pressed, modifiers };
    harness.hover_at(from);
    harness.event_modifiers(button(from, true), modifiers);
    harness.step();
    for share in [0.3, 0.7, 1.0] {
        harness.event_modifiers(Event::PointerMoved(from + (to - from) * share), modifiers);
        harness.step();
    }
    harness.event_modifiers(button(to, false), modifiers);
    harness.run_steps(3);
}

#[test]
fn a_rubber_band_selects_what_it_touches_also_from_a_tile() {
    let mut harness = window(Stage::day());
    let (first, last) = (tile(&harness, 5), tile(&harness, 6));
    drag(&mut harness, first.left_top() - vec2(8.0, 4.0), last.center(), Modifiers::NONE);
    let selection = |harness: &Harness<'_, Stage>| harness.state().session.sheet().selection();
    assert_eq!(selection(&harness), [harness.state().image(4), harness.state().image(5)]);
    let (first, last) = (tile(&harness, 9).center(), tile(&harness, 10).center());
    drag(&mut harness, first, last, Modifiers::SHIFT);
    assert_eq!(selection(&harness).len(), 4);
    // A click beside all tiles takes the selection away.
    harness.run_steps(30);
    drag(&mut harness, pos2(700.0, 740.0), pos2(700.0, 740.0), Modifiers::NONE);
    assert_eq!(selection(&harness), []);
}

#[test]
fn the_grid_is_one_stop_of_the_tab_key() {
    let mut harness = window(many(3));
    let mut stops = Vec::new();
    for _ in 0..4 {
        harness.key_press(Key::Tab);
        harness.run_steps(2);
        stops.push(harness.get_by_label("Sheet").is_focused());
    }
    assert!(stops[0], "{stops:?}");
    assert!(!at(&harness, 1).is_focused());
    harness.get_by_label("Sheet").focus();
    harness.run_steps(2);
    harness.key_press(Key::ArrowRight);
    harness.run_steps(2);
    // The grid keeps the keyboard, and says which of its tiles it is on.
    assert!(at(&harness, 1).is_focused());
    harness.key_press(Key::ArrowRight);
    harness.run_steps(2);
    assert!(at(&harness, 2).is_focused());
}

#[test]
fn a_tile_never_goes_blank_again() {
    let mut harness = window(many(3));
    harness.state_mut().paints = false;
    for points in [120, 240, 400] {
        harness.state_mut().act(Action::TileHeight(points));
        harness.run_steps(3);
        let image = harness.state().image(0);
        let stage = harness.state_mut();
        assert!(stage.textures.thumbnail(image, f32::from(points)).is_some(), "{points}");
        assert!(stage.wishes.thumbnails.iter().any(|(wished, _)| *wished == image), "{points}");
    }
}

#[test]
fn wishes_name_what_is_in_view_first() {
    let mut stage = many(100);
    stage.paints = false;
    let harness = window(stage);
    let stage = harness.state();
    let wished: Vec<ImageId> = stage.wishes.thumbnails.iter().map(|(image, _)| *image).collect();
    let shown: Vec<ImageId> = stage.session.sheet().visible_images().take(12).collect();
    assert_eq!(wished[..12], shown);
    assert!(wished.len() < 60, "{}", wished.len());
    assert!(stage.wishes.thumbnails.iter().all(|(_, size)| *size == 192));
}

#[test]
fn an_empty_sheet_says_what_to_do_next() {
    let check = |stage: Stage, words: &str, button: &str, expected: &str| {
        let mut harness = stage.window(SIZE, 1.0, sheet_ui);
        harness.run();
        harness.get_by_label_contains(words);
        harness.get_by_label(button).click();
        harness.run();
        let asked = asked(&mut harness);
        assert!(asked.iter().any(|name| name.starts_with(expected)), "{button}: {asked:?}");
    };
    let no_key = || {
        let mut stage = Stage::empty();
        let endpoint = stage.session.settings().current.clone();
        stage.apply(Happened::KeyFound { endpoint, place: KeyPlace::Missing, problem: None });
        stage
    };
    check(no_key(), "needs a key", "Add the key…", "OpenDialog Preferences");
    check(no_key(), "needs a key", "Demo endpoint, no key needed", "TryDemo");
    let mut searched = many(2);
    searched.act(Action::SearchFor("zebra".to_owned()));
    check(searched, "Nothing matches “zebra”", "Clear the search", "SearchFor ");
    let mut filtered = many(2);
    filtered.act(Action::Show(Filter::Picks));
    check(filtered, "No picks yet", "Show all", "Show All");
    let mut gone = Stage::empty();
    let failure = Failure::free(FailureKind::Disk, "The folder /pictures cannot be written.");
    gone.apply(Happened::LibraryFailed { root: "/pictures".into(), failure });
    check(gone, "cannot be written", "Choose folder…", "ChooseLibrary");
    let mut harness = window(Stage::empty());
    harness.get_by_label("Write a prompt").click();
    harness.run();
    assert_eq!(harness.state().memory.focus, Some(crate::ui::memory::Focus::Prompt));
}

#[test]
fn deleting_the_run_at_the_top_does_not_jump() {
    let mut harness = window(many(30));
    let image = |harness: &Harness<'_, Stage>, place| harness.state().image(place);
    let first = image(&harness, 40);
    harness.state_mut().memory.scroll_to = Some(image(&harness, 79));
    harness.run_steps(6);
    harness.state_mut().memory.scroll_to = Some(first);
    harness.run_steps(6);
    let before = offset(&harness);
    let next = image(&harness, 44);
    for place in 40..44 {
        let image = ImageId { run: first.run, slot: place - 40 };
        harness.state_mut().act(Action::Click { image, extend: false, toggle: place > 40 });
    }
    harness.state_mut().act(Action::Do(Verb::Delete));
    harness.run_steps(6);
    assert_eq!(harness.state().session.sheet().cursor(), Some(next));
    assert!((offset(&harness) - before).abs() <= 8.0, "from {before} to {}", offset(&harness));
    assert!(before > 1000.0);
}
