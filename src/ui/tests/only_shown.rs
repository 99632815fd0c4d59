//! A library that another window changes: what would change it cannot be pressed, and says why; the rest can.

use egui_kittest::kittest::{NodeT as _, Queryable as _};

use super::window;
use crate::domain::{Failure, FailureKind, Filter, ImageId};
use crate::message::{Action, Event, Verb};
use crate::ui::stage::Stage;

const WHY: &str = "Another window has it.";

/// A day's library of which this window is only a looker-on.
fn looked_at() -> Stage {
    let mut stage = Stage::day();
    stage.apply(Event::LibraryOnlyShown { why: Failure::free(FailureKind::Disk, WHY) });
    stage
}

/// Buttons of these names: whether they can be pressed.
fn pressable(harness: &egui_kittest::Harness<'_, Stage>, name: &str) -> Vec<bool> {
    harness.query_all_by_label(name).map(|node| !node.accesskit_node().is_disabled()).collect()
}

#[test]
fn generate_is_off_with_the_reason_under_it() {
    let mut harness = window(looked_at());
    let generate = harness.get_by_label_contains("Generate ");
    assert!(generate.accesskit_node().is_disabled());
    // The notice in the corner says it too.
    let place = generate.rect();
    let is_under = |said: egui::Rect| said.top() >= place.bottom() && said.right() <= place.right() + 1.0;
    assert!(harness.query_all_by_label(WHY).any(|said| is_under(said.rect())));
    generate.click();
    harness.run();
    assert_eq!(super::asked(&harness, "Generate"), 0);
}

#[test]
fn verdicts_and_the_bin_are_off_and_copies_are_not() {
    let mut stage = looked_at();
    let image = stage.image(0);
    stage.act(Action::Click { image, extend: false, toggle: false });
    let mut harness = window(stage);
    for (name, on) in [("Picked", false), ("Rejected", false), ("Delete", false), ("Save…", true), ("Copy", true)] {
        let all = pressable(&harness, name);
        assert!(!all.is_empty() && all.iter().all(|now| *now == on), "{name}: {all:?}");
    }
    harness.state_mut().act(Action::Do(Verb::SelectAll));
    harness.run();
    for (name, on) in [("Pick all", false), ("Unmark all", false), ("Delete all", false)] {
        assert_eq!(pressable(&harness, name), [on], "{name}");
    }
    harness.state_mut().act(Action::Show(Filter::Rejected));
    harness.run();
    assert_eq!(pressable(&harness, "Bin all rejected"), [false]);
}

#[test]
fn a_failed_image_cannot_be_asked_for_again() {
    let mut stage = looked_at();
    let image = ImageId { run: stage.newest(), slot: 0 };
    stage.apply(Event::Failed { image, failure: Failure::free(FailureKind::ServerError, "oops") });
    stage.act(Action::Click { image, extend: false, toggle: false });
    let harness = window(stage);
    let retries = pressable(&harness, "Retry");
    assert!(retries.len() > 1 && retries.iter().all(|on| !on), "{retries:?}");
    assert!(pressable(&harness, "Details").iter().all(|on| *on));
}

/// How often the reason is said when the pointer rests here.
fn said_at(harness: &mut egui_kittest::Harness<'_, Stage>, place: egui::Pos2) -> usize {
    harness.hover_at(place);
    harness.run();
    // A tooltip waits until the pointer rests.
    harness.run_steps(60);
    harness.query_all_by_label(WHY).count()
}

#[test]
fn verdicts_and_the_menu_of_an_image_say_why_they_are_off() {
    let mut stage = looked_at();
    let image = stage.image(0);
    stage.act(Action::Click { image, extend: false, toggle: false });
    let mut harness = window(stage);
    let nowhere = said_at(&mut harness, egui::pos2(700.0, 820.0));
    let picked = harness.get_by_label("Picked").rect().center();
    assert_eq!(said_at(&mut harness, picked), nowhere + 1);
    harness.key_press(egui::Key::Menu);
    harness.run();
    for (entry, said) in [("Pick", 1), ("View large", 0), ("Delete", 1)] {
        let row = harness.get_by_role_and_label(egui::accesskit::Role::MenuItem, entry).rect().center();
        assert_eq!(said_at(&mut harness, row), nowhere + said, "{entry}");
    }
}
