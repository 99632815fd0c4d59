//! Showing files and folders in the file manager.

use std::io;
use std::path::Path;
use std::time::Duration;

use opener::OpenError;

use super::limited::limited;
use crate::domain::{Failure, FailureKind};

/// How long the file manager is waited for: it may have to start first.
const LIMIT: Duration = Duration::from_secs(20);

/// Shows the file, marked, in the file manager; opens its folder where the file manager cannot do that. The path must be
/// absolute. Blocks up to some seconds.
pub fn reveal(path: &Path) -> Result<(), Failure> {
    show(path, |path| opener::reveal(path))
}

/// Opens the folder in the file manager. The path must be absolute. Blocks up to some seconds.
pub fn open_folder(path: &Path) -> Result<(), Failure> {
    if path.is_file() {
        return Err(not_a_folder(path));
    }
    show(path, |path| opener::open(path))
}

fn show(path: &Path, how: impl FnOnce(&Path) -> Result<(), OpenError> + Send + 'static) -> Result<(), Failure> {
    // A relative path may read like a web address to the program that opens it.
    if !path.is_absolute() || !path.exists() {
        return Err(gone(path));
    }
    let owned = path.to_owned();
    match limited("file-manager", LIMIT, move || how(&owned)) {
        Some(Ok(())) => Ok(()),
        Some(Err(OpenError::Io(error))) if error.kind() == io::ErrorKind::NotFound => Err(gone(path)),
        Some(Err(error)) => {
            tracing::debug!(%error, "file manager");
            Err(Failure::free(
                FailureKind::Unsupported,
                format!("No file manager could be opened. The place is {}.", path.display()),
            ))
        }
        None => Err(Failure::free(
            FailureKind::Unsupported,
            format!("The file manager does not answer. The place is {}.", path.display()),
        )),
    }
}

fn gone(path: &Path) -> Failure {
    Failure::free(FailureKind::Disk, format!("{} is not there any more.", path.display()))
}

fn not_a_folder(path: &Path) -> Failure {
    Failure::free(FailureKind::Disk, format!("{} is a file, not a folder.", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_there_is_not_shown() {
        let folder = tempfile::tempdir().unwrap();
        for path in [folder.path().join("gone.png").as_path(), Path::new("Cargo.toml"), Path::new("https://x.example")]
        {
            for failure in [reveal(path).unwrap_err(), open_folder(path).unwrap_err()] {
                assert_eq!(failure.kind, FailureKind::Disk, "{}", failure.sentence);
                assert!(failure.sentence.contains(&*path.to_string_lossy()), "{}", failure.sentence);
            }
        }
    }

    #[test]
    fn a_file_manager_that_fails_leaves_the_place_to_read() {
        let folder = tempfile::tempdir().unwrap();
        let fails = |_: &Path| Err(OpenError::Io(io::Error::other("no program")));
        let failure = show(folder.path(), fails).unwrap_err();
        assert_eq!(failure.kind, FailureKind::Unsupported);
        assert!(failure.sentence.contains(&*folder.path().to_string_lossy()), "{}", failure.sentence);
        assert_eq!(show(folder.path(), |_| Ok(())), Ok(()));
    }
}
