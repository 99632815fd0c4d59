//! The viewer by keys, wheel and hand.

use crate::ui::stage::{Stage, look_at};
use crate::ui::viewer::viewer_ui;

#[test]
fn looks() {
    let mut stage = Stage::day();
    let image = stage.image(4);
    stage.act(crate::message::Action::Open(image));
    let mut harness = stage.window([1360.0, 860.0], 1.0, viewer_ui);
    harness.run();
    look_at(&mut harness, "viewer");
}
