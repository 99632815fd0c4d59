//! Errors of the index as failures; and which of them mean that the file is no use any more.

use rusqlite::{Error, ErrorCode};

use crate::domain::{Failure, FailureKind};

/// A failure of the index. Images are not touched by it.
pub(super) fn failure(what: &str, error: &Error) -> Failure {
    let sentence = format!("{what}. The images are safe; \"proofsheet rebuild\" makes the index again");
    Failure::free(FailureKind::Disk, sentence).with_words(error.to_string())
}

/// The file is damaged, no database, or of other tables than it says: to be put aside and made anew.
pub(super) fn is_broken(error: &Error) -> bool {
    match error {
        Error::SqliteFailure(failure, words) => match failure.code {
            ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase => true,
            // "no such table", "no such column": somebody else's file under this name.
            ErrorCode::Unknown => words.as_deref().is_some_and(|words| words.starts_with("no such")),
            _ => false,
        },
        Error::InvalidColumnType(..) | Error::IntegralValueOutOfRange(..) | Error::FromSqlConversionFailure(..) => true,
        _ => false,
    }
}
