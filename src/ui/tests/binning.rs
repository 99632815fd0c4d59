//! Deleting, the bin's view and emptying it, by keys and accessible names in the whole window.

use egui::{Key, Modifiers};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;

use crate::domain::Filter;
use crate::message::{Action, Dialog, Verb};
use crate::ui::stage::{Stage, look_at};

fn window() -> Harness<'static, Stage> {
    let mut harness = Stage::day().whole_window([1360.0, 860.0], 1.0);
    harness.run_steps(4);
    harness
}

fn press(harness: &mut Harness<'_, Stage>, key: Key, modifiers: Modifiers) {
    harness.key_press_modifiers(modifiers, key);
    harness.run_steps(4);
}

fn counts(harness: &Harness<'_, Stage>) -> (usize, usize) {
    let counts = harness.state().session.sheet().counts();
    (counts.all, counts.binned)
}

#[test]
fn the_whole_way_through_the_bin_by_keys_and_names() {
    let mut harness = window();
    let all = counts(&harness).0;
    let first = harness.state().image(0);
    harness.state_mut().act(Action::Click { image: first, extend: false, toggle: false });
    harness.run_steps(2);
    assert!(harness.query_by_label_contains("Bin ").is_none(), "an empty bin is not shown");
    press(&mut harness, Key::Delete, Modifiers::NONE);
    assert_eq!(counts(&harness), (all - 1, 1));
    harness.get_by_label_contains("Moved 1 image to the bin");
    harness.get_by_label("Bin 1");
    press(&mut harness, Key::Z, Modifiers::COMMAND);
    assert_eq!(counts(&harness), (all, 0));
    press(&mut harness, Key::Z, Modifiers::COMMAND | Modifiers::SHIFT);
    assert_eq!(counts(&harness), (all - 1, 1));
    press(&mut harness, Key::Z, Modifiers::COMMAND);
    press(&mut harness, Key::Delete, Modifiers::NONE);
    harness.get_by_label("Undo").click();
    harness.run_steps(4);
    assert_eq!(counts(&harness), (all, 0), "the notice takes it back too");

    press(&mut harness, Key::Delete, Modifiers::NONE);
    harness.get_by_label("Bin 1").click();
    harness.run_steps(4);
    assert_eq!(harness.state().session.sheet().filter(), Filter::Bin);
    harness.state_mut().act(Action::Click { image: first, extend: false, toggle: false });
    harness.run_steps(4);
    look_at(&mut harness, "bin");
    harness.get_by_label("Restore from the bin").click_accesskit();
    harness.run_steps(4);
    assert_eq!(counts(&harness), (all, 0));
    harness.get_by_label_contains("The bin is empty");
}

#[test]
fn the_rejected_go_at_once_and_emptying_asks() {
    let mut harness = window();
    let rejected = harness.state().session.sheet().counts().rejected;
    assert!(rejected > 0 && harness.query_by_label("Bin all rejected").is_none());
    harness.get_by_label_contains("Rejected ").click();
    harness.run_steps(4);
    look_at(&mut harness, "rejected");
    harness.get_by_label("Bin all rejected").click();
    harness.run_steps(4);
    assert_eq!(counts(&harness).1, rejected);
    harness.get_by_label_contains("Bin ").click();
    harness.run_steps(4);
    harness.get_by_label("Empty bin…").click();
    harness.run_steps(4);
    assert_eq!(harness.state().session.desk().dialog(), Some(&Dialog::EmptyBin));
    look_at(&mut harness, "empty-bin");
    harness.get_by_label("Keep").click();
    harness.run_steps(4);
    assert_eq!((harness.state().session.desk().dialog(), counts(&harness).1), (None, rejected));
    harness.state_mut().act(Action::Do(Verb::EmptyBin));
    harness.run_steps(4);
    harness.get_by_label("Empty bin").click();
    harness.run_steps(4);
    assert_eq!(harness.state().session.desk().dialog(), None);
}

#[test]
fn an_image_of_the_bin_shown_large_is_restored_and_not_judged() {
    let mut harness = window();
    let first = harness.state().image(0);
    harness.state_mut().act(Action::Click { image: first, extend: false, toggle: false });
    press(&mut harness, Key::Space, Modifiers::NONE);
    assert!(harness.query_by_label("Pick").is_some() && harness.query_by_label("Restore from the bin").is_none());
    press(&mut harness, Key::Escape, Modifiers::NONE);
    press(&mut harness, Key::Delete, Modifiers::NONE);
    harness.state_mut().act(Action::Show(Filter::Bin));
    harness.state_mut().act(Action::Open(first));
    harness.run_steps(4);
    look_at(&mut harness, "viewer-of-the-bin");
    for verdict in ["Pick", "Reject", "Unmark"] {
        assert!(harness.query_by_label(verdict).is_none(), "{verdict}");
    }
    harness.get_by_label("Restore from the bin").click();
    harness.run_steps(4);
    assert_eq!(counts(&harness).1, 0);
}
