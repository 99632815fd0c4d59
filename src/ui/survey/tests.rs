//! The survey by keys, hand and accessibility tree.

use egui::{Key, Modifiers, Rect, pos2, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;

use super::survey_ui;
use crate::domain::{ImageId, Mark, Pixels, RunId};
use crate::message::{Action, Page, Verb, Zoom};
use crate::ui::Textures;
use crate::ui::stage::{Stage, paint, run, stored};

fn stage(images: u32) -> Stage {
    let marks = &"p..p......".chars().take(images as usize).collect::<String>();
    let mut stage =
        Stage::with(vec![stored(run(1, "Botanical plate of an imagined fern, gouache", "1024x1024", images), marks)]);
    stage.act(Action::Do(Verb::SelectAll));
    stage.act(Action::Do(Verb::Survey));
    stage
}

fn window(images: u32) -> Harness<'static, Stage> {
    let mut harness = stage(images).window([1360.0, 860.0], 1.0, |ui, cx| {
        survey_ui(ui, cx);
    });
    harness.run();
    harness
}

#[test]
fn every_pane_is_announced_and_the_tree_alone_can_judge() {
    let mut harness = window(5);
    harness.get_by_label("4 of 5, picked, Botanical plate of an imagined fern, gouache, 1024 by 1024");
    harness.get_by_label_contains("2 of 5, Botanical").click_accesskit();
    harness.run_steps(2);
    harness.key_press(Key::P);
    harness.run_steps(2);
    harness.get_by_label_contains("2 of 5, picked");
    harness.get_by_label("Drop 3").click_accesskit();
    harness.run_steps(2);
    assert_eq!(harness.state().session.viewer().survey().len(), 4);
}

#[test]
fn x_drops_and_the_rest_grow_and_enter_keeps_the_last() {
    let mut harness = window(3);
    let area = |harness: &Harness<'_, Stage>| harness.get_by_label_contains("1 of ").rect().area();
    let before = area(&harness);
    for left in [2, 1] {
        harness.key_press(Key::X);
        harness.run_steps(3);
        assert_eq!(harness.state().session.viewer().survey().len(), left);
    }
    assert!(area(&harness) > 2.0 * before);
    harness.key_press(Key::Enter);
    harness.run_steps(3);
    let sheet = harness.state().session.sheet();
    let picks: Vec<u16> = sheet.visible_picks().iter().map(|image| image.slot).collect();
    assert_eq!(picks, [2]);
    assert_eq!(harness.state().session.desk().page(), Page::Sheet);
}

#[test]
fn all_panes_follow_one_wheel() {
    let mut harness = window(2);
    harness.hover_at(pos2(200.0, 300.0));
    harness.run_steps(2);
    harness.key_press(Key::Z);
    harness.run_steps(4);
    let shown = harness.state().session.viewer().survey_lens();
    assert_eq!(shown.zoom, Zoom::Factor(1.0));
    // The same image twice would be the same pixels twice: here every picture is the same.
    harness.state_mut().painter =
        |_, width, height| paint(ImageId { run: RunId::from_number(1), slot: 0 }, width, height);
    harness.state_mut().textures = Textures::new();
    harness.remove_cursor();
    harness.run_steps(4);
    let picture = harness.render().unwrap();
    let panes: Vec<Rect> = ["1 of 2", "2 of 2"].map(|name| harness.get_by_label_contains(name).rect()).into();
    let mut far = 0;
    for y in (200..600).step_by(16) {
        for x in (100..500).step_by(16) {
            let other = x + (panes[1].left() - panes[0].left()).round() as u32;
            let (a, b) = (picture.get_pixel(x, y).0, picture.get_pixel(other, y).0);
            far += usize::from(a.iter().zip(b).any(|(a, b)| a.abs_diff(b) > 6));
        }
    }
    assert_eq!(far, 0, "of 625 pixels");
}

#[test]
fn undo_brings_back_what_was_dropped_and_esc_keeps_the_selection() {
    let mut harness = window(4);
    let selected = harness.state().session.sheet().selection();
    assert_eq!(selected.len(), 4);
    harness.key_press(Key::ArrowRight);
    harness.run_steps(2);
    let before = harness.state().session.viewer().survey().to_vec();
    harness.key_press(Key::X);
    harness.run_steps(2);
    assert_eq!(harness.state().session.viewer().survey().len(), 3);
    harness.key_press_modifiers(Modifiers::COMMAND, Key::Z);
    harness.run_steps(2);
    let viewer = harness.state().session.viewer();
    assert_eq!((viewer.survey(), viewer.image()), (before.as_slice(), Some(before[1])), "in its old place");
    assert_eq!(harness.state().session.sheet().mark(before[1]), Some(Mark::None));
    harness.key_press_modifiers(Modifiers::COMMAND | Modifiers::SHIFT, Key::Z);
    harness.run_steps(2);
    assert_eq!(harness.state().session.viewer().survey().len(), 3);
    harness.key_press(Key::Escape);
    harness.run_steps(2);
    assert_eq!(harness.state().session.desk().page(), Page::Sheet);
    assert_eq!(harness.state().session.sheet().selection(), selected);
}

#[test]
fn the_hints_can_be_pressed_through_the_tree() {
    let mut harness = window(3);
    harness.get_by_label("Reject").click_accesskit();
    harness.run_steps(2);
    assert_eq!(harness.state().session.viewer().survey().len(), 2);
    harness.get_by_label("Keep this one").click_accesskit();
    harness.run_steps(2);
    assert_eq!(harness.state().session.desk().page(), Page::Sheet);
    let picks: Vec<u16> = harness.state().session.sheet().visible_picks().iter().map(|image| image.slot).collect();
    assert_eq!(picks, [1], "the first was rejected, the next one kept");
}

/// Every picture says where in it one is: red across, green down.
fn map(_: ImageId, width: u32, height: u32) -> Pixels {
    let part = |at: u32, of: u32| (255.0 * (at as f32 + 0.5) / of as f32) as u8;
    let word = |x: u32, y: u32| u32::from_ne_bytes([part(x, width), part(y, height), 0, 255]);
    let words = (0..height).flat_map(|y| (0..width).map(move |x| word(x, y))).collect();
    Pixels::new(width, height, words).unwrap()
}

#[test]
fn images_of_different_sizes_show_the_same_place() {
    let sizes = ["1024x1024", "1792x1024", "1024x1792"];
    let runs = (1..).zip(sizes).map(|(number, size)| stored(run(number, "a fox", size, 1), ".")).collect();
    let mut stage = Stage::with(runs);
    stage.painter = map;
    stage.act(Action::Do(Verb::SelectAll));
    stage.act(Action::Do(Verb::Survey));
    let mut harness = stage.window([1360.0, 860.0], 1.0, |ui, cx| {
        survey_ui(ui, cx);
    });
    harness.run();
    let panes: Vec<Rect> =
        (1..=3).map(|place| harness.get_by_label_contains(&format!("{place} of 3")).rect()).collect();
    harness.hover_at(panes[1].min + panes[1].size() * vec2(0.3, 0.6));
    for points in [260.0, 120.0, -70.0] {
        harness.event(egui::Event::MouseWheel {
            unit: egui::MouseWheelUnit::Point,
            delta: vec2(0.0, points),
            phase: egui::TouchPhase::Move,
            source: egui::MouseWheelSource::Wheel,
            modifiers: Modifiers::NONE,
        });
        harness.run_steps(30);
    }
    let lens = harness.state().session.viewer().survey_lens();
    assert!(matches!(lens.zoom, Zoom::Times(times) if times > 2.0), "{lens:?}");
    harness.remove_cursor();
    harness.run_steps(3);
    let picture = harness.render().unwrap();
    for pane in &panes {
        let middle = pane.center();
        let [red, green, ..] = picture.get_pixel(middle.x as u32, middle.y as u32).0;
        for (seen, part) in [(red, lens.centre[0]), (green, lens.centre[1])] {
            assert!((f32::from(seen) - 255.0 * part).abs() <= 2.0, "{seen} for {part} in {pane:?}");
        }
    }
}

#[test]
fn the_cross_of_a_pane_lies_beside_its_facts() {
    for (images, size) in [(2, [1360.0, 860.0]), (5, [900.0, 600.0]), (10, [1360.0, 860.0]), (10, [900.0, 600.0])] {
        let mut stage = stage(images);
        stage.act(Action::Do(Verb::Facts));
        stage.paints = false;
        let mut harness = stage.window(size, 1.0, |ui, cx| {
            survey_ui(ui, cx);
        });
        harness.run();
        crate::ui::stage::look_at(&mut harness, &format!("survey-facts-{images}-{}", size[0]));
        let rects = |name| harness.query_all_by_label_contains(name).map(|node| node.rect()).collect::<Vec<Rect>>();
        let (facts, crosses) = (rects("Facts. "), rects("Drop "));
        assert!(!facts.is_empty() && crosses.len() == images as usize, "{images} in {size:?}");
        for cross in crosses {
            assert!(facts.iter().all(|facts| !facts.intersects(cross)), "{images} in {size:?}: {cross:?} on {facts:?}");
        }
    }
}
