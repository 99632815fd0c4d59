//! Says of each open window that it is open, so that the next start knows of one that ended without closing: with its
//! display, by a kill, or with the computer. Nothing in the program runs then that could write a report.

use std::path::{Path, PathBuf};

use super::super::disk::{Access, Disk as _, RealDisk, make_folders};
use super::super::inbox::new_id;
use super::super::layout::LOCK_END;
use super::super::lock::Lock;

/// Markers in the state folder, below it.
const FOLDER: &str = "windows";

/// What a marker is called until its lock is held: nobody takes it for one that was left.
const UNLOCKED_END: &str = ".new";

/// The marker of an open window. Goes when it is dropped, and stays when the program just ends.
#[derive(Debug)]
pub struct OpenWindow {
    file: PathBuf,
    _lock: Lock,
}

impl OpenWindow {
    /// Marks a window as open; `None` where that cannot be written: then only the next start knows less.
    pub fn mark(state: &Path) -> Option<Self> {
        let folder = state.join(FOLDER);
        make_folders(&RealDisk, &folder, Access::Private).ok()?;
        let id = new_id();
        let (unlocked, file) = (folder.join(format!("{id}{UNLOCKED_END}")), folder.join(format!("{id}{LOCK_END}")));
        let lock = RealDisk.lock(&unlocked).ok()??;
        // The lock is on the file, whatever its name.
        RealDisk.rename_no_clobber(&unlocked, &file).ok()?;
        Some(Self { file, _lock: lock })
    }

    /// How many windows ended without closing since this was asked last: their markers are there, and nobody holds them.
    pub fn take_ended(state: &Path) -> usize {
        let folder = state.join(FOLDER);
        let entries = RealDisk.list(&folder).unwrap_or_default().into_iter();
        let names = entries.filter(|entry| entry.is_file && entry.name.to_string_lossy().ends_with(LOCK_END));
        let ended = names.map(|entry| folder.join(entry.name)).filter(|file| {
            // One that cannot be removed would be told of at each start: it is not told of at all.
            matches!(RealDisk.lock(file), Ok(Some(_))) && RealDisk.remove_file(file).is_ok()
        });
        ended.count()
    }
}

impl Drop for OpenWindow {
    fn drop(&mut self) {
        RealDisk.remove_file(&self.file).ok();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_that_is_open_or_was_closed_is_not_told_of() {
        let state = tempfile::tempdir().unwrap();
        assert_eq!(OpenWindow::take_ended(state.path()), 0);
        let (first, second) = (OpenWindow::mark(state.path()).unwrap(), OpenWindow::mark(state.path()).unwrap());
        assert_eq!(OpenWindow::take_ended(state.path()), 0, "both are open");
        drop(first);
        assert_eq!(OpenWindow::take_ended(state.path()), 0, "one was closed");
        assert!(second.file.exists());
        drop(second);
        assert_eq!(std::fs::read_dir(state.path().join(FOLDER)).unwrap().count(), 0);
    }

    #[test]
    fn one_that_ended_without_closing_is_told_of_once() {
        let state = tempfile::tempdir().unwrap();
        let marker = OpenWindow::mark(state.path()).unwrap();
        // What is left of a process that was killed: the file, without the lock.
        std::fs::write(state.path().join(FOLDER).join(format!("1-1-0{LOCK_END}")), "").unwrap();
        assert_eq!((OpenWindow::take_ended(state.path()), OpenWindow::take_ended(state.path())), (1, 0));
        drop(marker);
    }

    #[test]
    fn no_room_for_markers_keeps_no_window_from_opening() {
        let state = tempfile::tempdir().unwrap();
        std::fs::write(state.path().join(FOLDER), "a file where the folder should be").unwrap();
        assert!(OpenWindow::mark(state.path()).is_none());
        assert_eq!(OpenWindow::take_ended(state.path()), 0);
    }
}
