//! `check`: verifies the library and says what is wrong.

use std::io::stdout;
use std::process::ExitCode;

use super::arguments::Everywhere;
use super::report::Report;
use super::setup::{OTHER_LIBRARY, Start, UsageError};
use crate::library;

/// Checks the library; changes nothing.
pub(super) fn run(everywhere: &Everywhere) -> Result<ExitCode, UsageError> {
    let start = Start::new(everywhere)?;
    let found = library::check(start.library());
    let mut report = Report::new(stdout(), false);
    for problem in &found.problems {
        report.say(problem);
    }
    if !start.library().is_dir() {
        report.say(OTHER_LIBRARY);
    }
    report.say(&format!(
        "{}: {} runs, {} images, {} bytes",
        start.library().display(),
        found.runs,
        found.images,
        found.size_bytes
    ));
    if found.binned > 0 {
        report.say(&format!("{} of the images are in the bin", found.binned));
    }
    report.say(&match found.problems.len() {
        0 => "Nothing is wrong".to_owned(),
        1 => "1 thing is wrong".to_owned(),
        count => format!("{count} things are wrong"),
    });
    Ok(if found.is_clean() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
