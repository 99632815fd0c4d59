//! Each way to compare says of what and how many, and what is in the way.

use egui::accesskit::Role;
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};

use super::window;
use crate::message::{Action, Page, Verb};
use crate::ui::stage::{Stage, run, stored};

/// Twelve images of one run, the first three picked, those at some places selected.
fn with_selected(places: std::ops::Range<usize>, marks: &str) -> Harness<'static, Stage> {
    let runs = (1..=2).map(|n| stored(run(n, "a fox", "1024x1024", 6), marks)).collect();
    let mut stage = Stage::with(runs);
    let images = places.map(|place| stage.image(place)).collect();
    stage.act(Action::Select { images, add: false });
    window(stage)
}

fn can_be_pressed(harness: &Harness<'_, Stage>, name: &str) -> bool {
    !harness.get_by_role_and_label(Role::Button, name).accesskit_node().is_disabled()
}

#[test]
fn the_tray_compares_the_picks_and_the_inspector_the_selection() {
    let mut harness = with_selected(1..5, "p....p");
    assert!(can_be_pressed(&harness, "Compare 4 picks") && can_be_pressed(&harness, "Compare 4 selected"));
    harness.get_by_label("Compare 4 picks").click();
    harness.run();
    let survey = harness.state().session.viewer().survey().to_vec();
    assert_eq!(survey, harness.state().session.sheet().visible_picks());
    harness.state_mut().act(Action::Do(Verb::Back));
    harness.run();
    harness.get_by_label("Compare 4 selected").click();
    harness.run();
    let session = &harness.state().session;
    assert_eq!(
        (session.desk().page(), session.viewer().survey()),
        (Page::Survey, session.sheet().selection().as_slice())
    );
}

#[test]
fn the_tray_copies_the_picks_and_not_the_selection() {
    let mut harness = with_selected(1..3, "p....p");
    harness.get_by_label("Copy picks").click();
    harness.run();
    assert_eq!(super::asked(&harness, "CopyImages 4"), 1, "{:?}", harness.state().log);
}

#[test]
fn too_few_and_too_many_cannot_be_pressed() {
    let harness = with_selected(0..12, "p.....");
    assert!(can_be_pressed(&harness, "Compare 2 picks") && !can_be_pressed(&harness, "Compare 12 selected"));
    let harness = with_selected(0..2, "pppppp");
    assert!(!can_be_pressed(&harness, "Compare 12 picks") && can_be_pressed(&harness, "Compare 2 selected"));
}
