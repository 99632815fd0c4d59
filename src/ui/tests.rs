//! The whole window through its accessible names, as a person or a screen reader uses it.

mod arrivals;
mod binning;
mod canary;
mod comparing;
mod composing;
mod finding;
mod growing;
mod looks;
mod loops;
mod narrow;
mod only_shown;
mod pictures;
mod preferring;
mod showing;
mod starting;
mod telling;

use std::sync::Arc;

use egui_kittest::Harness;
use jiff::tz::TimeZone;

use super::stage::Stage;
use crate::domain::{Catalogue, Settings};
use crate::state::{Session, SessionOptions};

/// The window's usual size.
const SIZE: [f32; 2] = [1360.0, 860.0];

fn window(stage: Stage) -> Harness<'static, Stage> {
    let mut harness = stage.whole_window(SIZE, 1.0);
    harness.run();
    harness
}

/// Before the first sheet.
fn newcomer() -> Stage {
    let mut stage = Stage::empty();
    stage.session = Session::new(SessionOptions {
        settings: Settings::default(),
        catalogue: Arc::new(Catalogue::load(None).unwrap()),
        demo: false,
        env_key: false,
        library: None,
        salt: 1,
        zone: TimeZone::UTC,
        problems: Vec::new(),
    });
    stage
}

/// How often the window asked for this.
fn asked(harness: &Harness<'_, Stage>, action: &str) -> usize {
    harness.state().log.iter().filter(|logged| logged.as_str() == action).count()
}
