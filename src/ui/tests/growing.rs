//! A long sheet while it is read, scrolled and made larger: nothing that is seen moves or goes away by itself.

use std::collections::BTreeSet;

use egui::accesskit::Role;
use egui::{Key, Modifiers, Rect, pos2, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};

use super::window;
use crate::domain::{Glimpse, ImageId, Run};
use crate::message::Event;
use crate::ui::stage::{Stage, run, stored};

/// Runs of four images.
fn runs(numbers: impl Iterator<Item = u64>) -> Vec<Run> {
    numbers.map(|n| stored(run(n, &format!("prompt {n}"), "1024x1024", 4), "....")).collect()
}

fn wheel(harness: &mut Harness<'_, Stage>, points: f32) {
    harness.hover_at(pos2(700.0, 400.0));
    harness.event(egui::Event::MouseWheel {
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

/// The tiles in view with the prompts they are announced with.
fn tiles(harness: &Harness<'_, Stage>) -> Vec<(String, Rect)> {
    let all = harness.query_all_by_role(Role::ListBoxOption);
    let words = |label: String| label.split_once(", ").map(|(_, words)| words.to_owned());
    let named = all.filter_map(|tile| Some((words(tile.accesskit_node().label()?)?, tile.rect())));
    named.collect()
}

fn wished(harness: &Harness<'_, Stage>) -> BTreeSet<ImageId> {
    harness.state().wishes.thumbnails.iter().map(|(image, _)| *image).collect()
}

#[test]
fn older_runs_are_read_below_what_is_seen() {
    let mut harness = window(Stage::with(runs(200..240)));
    wheel(&mut harness, 1_700.0);
    let before = tiles(&harness);
    assert!(before.len() >= 12, "{before:?}");
    for (piece, whole) in [(100..200, false), (1..100, true)] {
        let event = Event::RunsRead { root: "/pictures".into(), runs: runs(piece.rev()), whole, problems: Vec::new() };
        harness.state_mut().apply(event);
        harness.run_steps(3);
        assert_eq!(tiles(&harness), before);
        assert_eq!(harness.query_by_label_contains("so far, reading").is_some(), !whole, "the status bar says so");
    }
    assert!(harness.query_by_label_contains("956 images").is_some());
    assert!(harness.query_by_label_contains(" new").is_none(), "nothing that was read is new");
}

#[test]
fn wishes_that_scrolled_away_are_dropped() {
    let mut stage = Stage::with(runs(1..200));
    stage.paints = false;
    let mut harness = window(stage);
    let first = wished(&harness);
    wheel(&mut harness, 9_000.0);
    let second = wished(&harness);
    assert!(!first.is_empty() && !second.is_empty());
    assert_eq!(first.intersection(&second).count(), 0);
}

#[test]
fn a_place_whose_thumbnail_is_on_its_way_shows_the_images_colours() {
    let mut stage = Stage::with(runs(1..200));
    stage.paints = false;
    let images: Vec<ImageId> = stage.session.sheet().visible_images().collect();
    for &image in &images {
        stage.textures.add_glimpse(image, Glimpse::from_bytes([image.slot as u8 * 60; Glimpse::BYTES]));
    }
    let mut harness = window(stage);
    wheel(&mut harness, 9_000.0);
    let stage = harness.state();
    assert!(stage.textures.missing().is_some_and(|missing| missing >= 12), "no thumbnail is there");
    assert!(wished(&harness).iter().all(|&image| stage.textures.glimpse(image).is_some()));
}

#[test]
fn the_tile_slider_makes_tiles_larger_and_keeps_the_run_at_the_top() {
    let mut harness = window(Stage::with(runs(1..60)));
    wheel(&mut harness, 2_500.0);
    let (first, before) = tiles(&harness).swap_remove(0);
    harness.get_by_label("Tile size").focus();
    harness.run_steps(2);
    for _ in 0..8 {
        harness.key_press(Key::ArrowRight);
        harness.run_steps(2);
    }
    let after = tiles(&harness);
    assert!(after[0].1.height() > before.height(), "{before:?} {after:?}");
    assert!(after.iter().any(|(words, _)| *words == first), "{first} is still in view: {after:?}");
}
