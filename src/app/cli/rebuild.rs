//! `rebuild`: makes the index again from the folders.

use std::io::stdout;
use std::process::ExitCode;
use std::time::Instant;

use super::arguments::Everywhere;
use super::report::{Report, complain};
use super::setup::{OTHER_LIBRARY, Start, UsageError};
use crate::domain::Failure;
use crate::index::{Changes, Index};
use crate::library::Library;

/// Reads the library and writes its index; 1 when something could not be read or written. Changes nothing in the library.
pub(super) fn run(everywhere: &Everywhere) -> Result<ExitCode, UsageError> {
    let start = Start::new(everywhere)?;
    let began = Instant::now();
    let mut report = Report::new(stdout(), false);
    let rebuilt = rebuild(&start, &mut report);
    match rebuilt {
        Ok((changes, whole)) => {
            let seconds = began.elapsed().as_secs_f64();
            let Changes { runs, images, .. } = changes;
            report.say(&format!("{}: {runs} runs, {images} images, {seconds:.1} s", start.library().display()));
            Ok(if whole { ExitCode::SUCCESS } else { ExitCode::FAILURE })
        }
        Err(failure) => {
            complain(&failure.sentence);
            if !start.library().is_dir() {
                complain(OTHER_LIBRARY);
            }
            Ok(ExitCode::FAILURE)
        }
    }
}

/// What was written, and whether all of the library could be read.
fn rebuild(start: &Start, report: &mut Report<std::io::Stdout>) -> Result<(Changes, bool), Failure> {
    let (library, opened) = Library::open_existing(start.library())?;
    for problem in &opened.problems {
        report.say(problem);
    }
    let index = Index::open(&start.places.cache, library.root())?;
    let changes = index.rebuild(&opened.runs)?;
    match index.file() {
        Some(file) => report.say(&format!("Index: {}", file.display())),
        None => return Err(no_file(&start.places.cache)),
    }
    Ok((changes, opened.problems.is_empty()))
}

fn no_file(cache: &std::path::Path) -> Failure {
    let sentence = format!(
        "The index cannot be kept in {}: the folder may not be written to, or another program holds the file. Close \
         other windows of Proofsheet and try again",
        cache.display()
    );
    Failure::free(crate::domain::FailureKind::Disk, sentence)
}
