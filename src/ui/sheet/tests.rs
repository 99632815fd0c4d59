//! The sheet through its accessible names, as a person or a screen reader uses it.

use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};

use crate::domain::{Failure, FailureKind, ImageId};
use crate::message::{Action, Event};
use crate::ui::sheet::sheet_ui;
use crate::ui::stage::{Stage, facts, look_at, run, stored};

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

#[test]
fn a_tile_is_announced_with_place_mark_prompt_and_size() {
    let harness = window(Stage::day());
    let prompt = "Botanical plate of an imagined fern, gouache on cream paper";
    let name = format!("5 of 14, picked, {prompt}, 1024 by 1024");
    let tile = harness.get_by_label(&name);
    let node = tile.accesskit_node();
    assert_eq!(node.position_in_set(), Some(5));
    harness.get_by_label_contains("3 of 14, waiting, A lighthouse at dusk");
    assert!(harness.query_by_label("Sheet").is_some());
}

/// The whole window, as the program shows it.
fn whole(stage: Stage, size: [f32; 2], pixels_per_point: f32) -> Harness<'static, Stage> {
    let mut harness = stage.whole_window(size, pixels_per_point);
    harness.run();
    harness
}

#[test]
fn looks() {
    let mut harness = whole(Stage::day(), [1360.0, 860.0], 1.0);
    look_at(&mut harness, "whole-dark");
    let mut stage = Stage::day();
    stage.act(Action::Change(Box::new(crate::domain::Settings {
        theme: crate::domain::ThemeChoice::Light,
        ..stage.session.settings().clone()
    })));
    let run = stage.newest();
    let failure = Failure::free(FailureKind::Refused, "Not retried. The prompt is kept.");
    stage.apply(Event::Failed { image: ImageId { run, slot: 2 }, failure });
    let mut harness = whole(stage, [1360.0, 860.0], 1.0);
    look_at(&mut harness, "whole-light");

    let mut harness = window(Stage::day());
    look_at(&mut harness, "sheet-dark");
}
