//! Says in the log when the window was first seen and when all of it was, and at the lowest level what each frame took:
//! measuring on a real desktop reads these lines (`tests/desktop/measure.py`).

use std::time::Duration;

/// What was seen so far.
#[derive(Default)]
pub(super) struct Milestones {
    has_frame: bool,
    is_whole: bool,
}

impl Milestones {
    /// A frame was built in this time; so many thumbnails in view are still missing, of any at all.
    pub(super) fn frame(&mut self, took: Duration, missing: Option<usize>) {
        if !std::mem::replace(&mut self.has_frame, true) {
            tracing::info!("first frame");
        }
        let whole = missing == Some(0);
        if whole && !std::mem::replace(&mut self.is_whole, whole) {
            tracing::info!("every thumbnail in view is there");
        }
        self.is_whole &= whole;
        tracing::trace!(micros = took.as_micros(), missing = missing.unwrap_or_default(), "frame");
    }
}
