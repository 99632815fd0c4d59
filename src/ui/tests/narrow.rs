//! A window too narrow for the inspector says where the facts went.

use egui::Key;
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;

use crate::domain::Filter;
use crate::message::{Action, Verb};
use crate::ui::stage::{Stage, look_at, run, stored};

const NARROW: [f32; 2] = [900.0, 600.0];

fn in_window(size: [f32; 2], marks: &str) -> Harness<'static, Stage> {
    let runs = (1..=6).map(|n| stored(run(n, &format!("prompt {n}"), "1024x1024", 4), marks)).collect();
    let mut stage = Stage::with(runs);
    let image = stage.image(2);
    stage.act(Action::Click { image, extend: false, toggle: false });
    let mut harness = stage.whole_window(size, 1.0);
    harness.run();
    harness
}

fn facts_are_shown(harness: &Harness<'_, Stage>) -> bool {
    harness.query_by(|node| node.value().is_some_and(|value| value.starts_with("Made: "))).is_some()
}

#[test]
fn the_facts_come_over_the_sheet_by_name_and_by_key() {
    let mut harness = in_window(NARROW, "....");
    assert!(!facts_are_shown(&harness));
    harness.get_by_label("Facts").click();
    harness.run();
    assert!(facts_are_shown(&harness));
    look_at(&mut harness, "facts-over");
    harness.get_by_label("Hide facts").click();
    harness.run();
    assert!(!facts_are_shown(&harness));
    harness.key_press(Key::F);
    harness.run();
    assert!(facts_are_shown(&harness));
    // The images keep the keyboard, and the facts follow the cursor.
    harness.key_press(Key::End);
    harness.run();
    assert!(harness.query_by(|node| node.value().as_deref() == Some("Prompt: prompt 1")).is_some());
    let selected = harness.state().session.sheet().selection();
    harness.key_press(Key::Escape);
    harness.run();
    assert!(!facts_are_shown(&harness), "Esc closes what lies on top");
    assert_eq!(harness.state().session.sheet().selection(), selected, "and nothing else");
}

#[test]
fn the_facts_can_be_used_and_nothing_under_them_is() {
    let mut harness = in_window(NARROW, "p...");
    harness.key_press(Key::F);
    harness.run();
    let id = egui::Id::unique("inspector over the sheet");
    let over = harness.ctx.memory(|memory| memory.area_rect(id)).expect("the facts");
    let save = harness.get_by_label_contains("Save picks").rect();
    assert!(!save.intersects(over) && save.left() > 312.0, "the tray makes room: {save:?}");
    let image = harness.state().image(2);
    harness.drag_at(over.right_bottom() - egui::vec2(6.0, 6.0));
    harness.drop_at(over.right_bottom() - egui::vec2(6.0, 6.0));
    harness.run();
    assert_eq!(harness.state().session.sheet().selection(), [image]);
    harness.get_by_label("Rejected").click();
    harness.run();
    assert_eq!(harness.state().session.sheet().counts().rejected, 1);
}

#[test]
fn where_they_stand_beside_the_sheet_nothing_lies_over_it() {
    let mut harness = in_window([1360.0, 860.0], "....");
    assert!(facts_are_shown(&harness));
    assert!(harness.query_by_label("Facts").is_none());
    harness.key_press(Key::F);
    harness.run();
    assert!(!harness.state().session.desk().facts_over());
    // A window that grows takes them back beside it.
    let mut harness = in_window(NARROW, "....");
    harness.key_press(Key::F);
    harness.run();
    harness.set_size(egui::vec2(1360.0, 860.0));
    harness.run();
    assert!(facts_are_shown(&harness) && !harness.state().session.desk().facts_over());
}

#[test]
fn in_the_smallest_window_tray_notices_and_facts_are_all_there() {
    let mut harness = in_window([720.0, 480.0], "p...");
    harness.key_press(Key::F);
    harness.state_mut().act(Action::LeaveAsked);
    harness.state_mut().act(Action::Do(Verb::Delete));
    harness.run();
    look_at(&mut harness, "facts-over-smallest");
    let layer = |name| harness.ctx.memory(|memory| memory.area_rect(egui::Id::unique(name))).expect("a layer");
    let (facts, notices) = (layer("inspector over the sheet"), layer("notices"));
    let save = harness.get_by_label_contains("Save picks").rect();
    assert_eq!(harness.query_all_by_label("Dismiss").count(), 2);
    assert!(!facts.intersects(notices) && !facts.intersects(save) && !notices.intersects(save));
    assert!(facts_are_shown(&harness) && facts.height() > 120.0, "{facts:?}");
}

#[test]
fn the_search_box_stays_readable_and_in_the_window() {
    for (size, least) in [(NARROW, 100.0), ([720.0, 480.0], 80.0)] {
        let mut harness = in_window(size, "x...");
        harness.state_mut().act(Action::Do(Verb::Delete));
        for filter in [Filter::All, Filter::Rejected, Filter::Bin] {
            harness.state_mut().act(Action::Show(filter));
            harness.run();
            look_at(&mut harness, &format!("search-{filter:?}-{}", size[0]));
            let search = harness.get_by_label("Search").rect();
            assert!(search.width() >= least && search.left() >= 8.0, "{filter:?} in {size:?}: {search:?}");
        }
    }
}
