//! A fault on purpose, in development builds alone, so that the test on the real desktop can show what one does.
//!
//! `PROOFSHEET_FAULT=window` breaks the window in the first frame in which a request is out.

use crate::state::Session;

/// The variable that asks for it.
const VARIABLE: &str = "PROOFSHEET_FAULT";

/// Breaks the window when that was asked for. The message holds the prompt, which no report may.
pub(super) fn strike(session: &Session) {
    if std::env::var_os(VARIABLE).is_none_or(|place| place != "window") {
        return;
    }
    let is_out = session.running().iter().any(|run| !run.queued);
    assert!(!is_out, "asked for, with {}", session.composer().draft().prompt);
}
