//! Errors of the disk as failures people can act on.

use std::io;
use std::path::Path;

use crate::domain::{Failure, FailureKind};

/// What a retry does where bytes that are paid wait to be stored.
const STORES: &str = "Retry stores it; nothing is sent or charged again.";

/// A disk failure: what could not be done, why, and what to do. The system's own words and the path are one click away.
pub(super) fn disk_failure(what: &str, path: &Path, error: &io::Error) -> Failure {
    let (why, now) = cause(error);
    Failure::free(FailureKind::Disk, format!("{what}: {why}. {now}"))
        .with_detail(format!("{error}: {}", shown_path(path)))
}

/// The same for bytes a server has sent: they are paid, and kept until they can be stored. Storing costs nothing.
pub(super) fn paid_failure(path: &Path, error: &io::Error) -> Failure {
    let (why, now) = cause(error);
    // "Try again" would be read as asking the server again.
    let now = now.replace(", then try again.", ".");
    let sentence = format!("The image came in but could not be stored: {why}. {now} {STORES}");
    let failure = Failure::maybe_billed(FailureKind::Disk, sentence);
    Failure { retry_safe: true, ..failure.with_detail(format!("{error}: {}", shown_path(path))) }
}

/// The same where something else keeps them from being stored.
pub(super) fn unstored(why: Failure) -> Failure {
    if why.kind != FailureKind::Disk {
        return why;
    }
    let sentence = format!("The image came in but could not be stored. {} {STORES}", why.sentence);
    Failure { sentence, maybe_billed: true, ..why }
}

fn cause(error: &io::Error) -> (String, &'static str) {
    use io::ErrorKind as Kind;
    match error.kind() {
        Kind::StorageFull | Kind::QuotaExceeded => ("the disk is full".to_owned(), "Free some space, then try again."),
        Kind::PermissionDenied | Kind::ReadOnlyFilesystem => {
            ("the folder may not be written to".to_owned(), "Change its permissions, then try again.")
        }
        Kind::NotFound => ("the file or folder is not there".to_owned(), "Bring it back, then try again."),
        Kind::NotADirectory => {
            ("a file stands where a folder should be".to_owned(), "Move that file away, then try again.")
        }
        _ => (
            // The system's words without its number: "Input/output error (os error 5)".
            error.to_string().split(" (os error").next().unwrap_or_default().to_lowercase(),
            "Try again, or choose a folder on another disk.",
        ),
    }
}

/// A path as one line of text, whatever is in its name.
pub(super) fn shown_path(path: &Path) -> String {
    path.display().to_string().replace(char::is_control, "\u{fffd}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_says_so() {
        let error = io::Error::from(io::ErrorKind::StorageFull);
        let failure = disk_failure("The settings could not be saved", Path::new("/x/y"), &error);
        assert_eq!(
            failure.sentence,
            "The settings could not be saved: the disk is full. Free some space, then try again."
        );
        assert!(failure.detail.unwrap().ends_with("/x/y"));
        assert!(paid_failure(Path::new("x"), &error).maybe_billed);
    }

    #[test]
    fn hostile_names_stay_one_line() {
        assert_eq!(shown_path(Path::new("a\n\u{1b}[2Jb")), "a\u{fffd}\u{fffd}[2Jb");
    }
}
