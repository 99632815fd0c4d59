//! Locks that the system frees when their process ends, however it ends.

use std::fs::{File, OpenOptions, TryLockError};
use std::hint;
use std::io;
use std::path::Path;

/// Somebody who only looks holds a lock for some microseconds: so many tries outlast that, and cost no time otherwise.
const TRIES: u32 = 200;

/// A lock that is held until this is dropped.
#[derive(Debug)]
pub(super) struct Lock {
    _file: File,
}

/// Takes the lock `path` stands for, and makes the file when it is not there; `None` when somebody else holds it.
///
/// Some network disks know no locks. Nobody can hold one there, so it counts as taken.
pub(super) fn take(path: &Path) -> io::Result<Option<Lock>> {
    let file = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path)?;
    for _ in 0..TRIES {
        match file.try_lock() {
            Ok(()) | Err(TryLockError::Error(_)) => return Ok(Some(Lock { _file: file })),
            Err(TryLockError::WouldBlock) => hint::spin_loop(),
        }
    }
    Ok(None)
}

/// Somebody holds the lock `path` stands for.
pub(super) fn is_taken(path: &Path) -> bool {
    File::open(path).is_ok_and(|file| matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lock_is_held_by_one_until_it_is_dropped() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("lock");
        assert!(!is_taken(&path));
        let first = take(&path).unwrap().unwrap();
        assert!(is_taken(&path));
        assert!(take(&path).unwrap().is_none());
        drop(first);
        assert!(!is_taken(&path));
        assert!(take(&path).unwrap().is_some());
    }
}
