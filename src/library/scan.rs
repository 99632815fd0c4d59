//! Walks the library's folders, newest first, and reads every `run.json`; nothing found there stops the walk.

use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};

use super::disk::{Disk, Entry, read_all};
use super::schema::{self, RUN_FILE_MAX_BYTES};
use super::shelf::Shelf;
use super::trouble::shown_path;
use super::{layout, record};
use crate::domain::RunId;

/// Letters of a month's name, and of the day and minute a run's folder begins with.
const DATE_CHARS: usize = 7;

/// What the walk comes by.
pub(super) enum Found {
    /// A run that can be shown.
    Run(RunId, Box<Shelf>),
    /// Something that cannot be read, as a sentence.
    Unreadable(String),
}

/// Gets each folder, what is in it, and what it is.
pub(super) type Visit<'a> = dyn FnMut(&Path, &[Entry], Option<Found>) + 'a;

/// Walks all folders below `root`, those of the newest months and minutes first, and those people named last.
///
/// Folders whose names begin with a dot are not entered: `.proofsheet` among them, where the program keeps its own things.
pub(super) fn walk(disk: &dyn Disk, root: &Path, visit: &mut Visit<'_>) -> io::Result<()> {
    let mut walk = Walk::begin(disk, root)?;
    while walk.step(disk, visit) {}
    Ok(())
}

/// A walk that can stop between two folders and go on later.
pub(super) struct Walk {
    root: PathBuf,
    /// The root and what is in it, until it was visited.
    first: Option<Vec<Entry>>,
    /// Folders still to be entered and how deep they lie, the next one last.
    ahead: Vec<(PathBuf, usize)>,
}

impl Walk {
    /// At the root's door. Fails when the root cannot be read.
    pub(super) fn begin(disk: &dyn Disk, root: &Path) -> io::Result<Self> {
        let first = Some(disk.list(root)?);
        Ok(Self { root: root.to_owned(), first, ahead: Vec::new() })
    }

    /// Visits the next folder; `false` when there is none.
    pub(super) fn step(&mut self, disk: &dyn Disk, visit: &mut Visit<'_>) -> bool {
        if let Some(entries) = self.first.take() {
            let root = self.root.clone();
            visit(&root, &entries, None);
            self.enter(&root, 0, &entries);
            return true;
        }
        let Some((folder, depth)) = self.ahead.pop() else { return false };
        match disk.list(&folder) {
            Err(error) => {
                let sentence = format!("A folder cannot be read: {error}: {}", within(&self.root, &folder));
                visit(&folder, &[], Some(Found::Unreadable(sentence)));
            }
            Ok(entries) if entries.iter().any(|entry| entry.name == layout::RUN_FILE) => {
                let found = read_run(disk, &self.root, &folder, &entries);
                visit(&folder, &entries, Some(found));
            }
            Ok(entries) => {
                visit(&folder, &entries, None);
                self.enter(&folder, depth, &entries);
            }
        }
        true
    }

    fn enter(&mut self, folder: &Path, depth: usize, entries: &[Entry]) {
        if depth >= layout::DEPTH_MAX {
            return;
        }
        let below = entries.iter().filter(|entry| entry.is_folder);
        let mut names: Vec<&OsString> =
            below.map(|entry| &entry.name).filter(|name| !name.to_string_lossy().starts_with('.')).collect();
        names.sort_by_cached_key(|name| reading_order(&name.to_string_lossy()));
        // Last in, first out.
        self.ahead.extend(names.into_iter().rev().map(|name| (folder.join(name), depth + 1)));
    }
}

/// A sentence for each link to a folder among the entries: such a folder is not entered, since it may lead out of the
/// library or round in a circle, but nobody should wonder where its runs are.
pub(super) fn linked_folders(disk: &dyn Disk, root: &Path, folder: &Path, entries: &[Entry]) -> Vec<String> {
    let others = entries.iter().filter(|entry| !entry.is_folder && !entry.is_file);
    let named = others.filter(|entry| !entry.name.to_string_lossy().starts_with('.'));
    let paths = named.map(|entry| folder.join(&entry.name)).filter(|path| disk.list(path).is_ok());
    paths
        .map(|path| {
            let shown = within(root, &path);
            format!("A folder is a link and was not opened; runs behind it are not shown: {shown}")
        })
        .collect()
}

/// Months and minutes as [`layout::run_folder`] writes them, `2026-11` and `22 1305`, newest first; what shares one goes by
/// its name, so that `a fox` comes before its copy `a fox (2)`. Names that begin otherwise come last.
fn reading_order(name: &str) -> (bool, Reverse<String>, String) {
    let is_dated = name.starts_with(|letter: char| letter.is_ascii_digit());
    let date: String = if is_dated { name.chars().take(DATE_CHARS).collect() } else { String::new() };
    (!is_dated, Reverse(date), name.to_owned())
}

/// Why a run is not there any more as it was.
pub(super) enum Unread {
    /// Its folder or its `run.json` is gone.
    Gone,
    /// There is a `run.json`, and it cannot be read: why, as a sentence.
    Broken(String),
    /// What is in its folder cannot be told.
    Unlisted(io::Error),
}

/// The run in a folder as it is now.
pub(super) fn look_again(disk: &dyn Disk, root: &Path, folder: &Path) -> Result<Shelf, Unread> {
    // Only what is certainly not there cannot be written over.
    let entries = disk.list(folder).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => Unread::Gone,
        _ => Unread::Unlisted(error),
    })?;
    if !entries.iter().any(|entry| entry.name == layout::RUN_FILE) {
        return Err(Unread::Gone);
    }
    match read_run(disk, root, folder, &entries) {
        Found::Run(_, shelf) => Ok(*shelf),
        Found::Unreadable(sentence) => Err(Unread::Broken(sentence)),
    }
}

/// A path as people see it: without the part all paths of the library share.
pub(super) fn within(root: &Path, path: &Path) -> String {
    shown_path(path.strip_prefix(root).unwrap_or(path))
}

/// What the folder of a run holds; `entries` are the names in it.
pub(super) fn read_run(disk: &dyn Disk, root: &Path, folder: &Path, entries: &[Entry]) -> Found {
    let path: PathBuf = folder.join(layout::RUN_FILE);
    let unreadable = |why: &str| Found::Unreadable(format!("A run cannot be read: {why}: {}", within(root, &path)));
    // Before it is read: what is written meanwhile is then seen as new.
    let seen = disk.look(&path).ok();
    let bytes = match read_all(disk, &path, RUN_FILE_MAX_BYTES) {
        Ok(bytes) => bytes,
        Err(error) => return unreadable(&error.to_string()),
    };
    let record = match schema::parse(&bytes) {
        Ok(record) => record,
        Err(why) => return unreadable(&why),
    };
    if record.images.len() > usize::from(record::SLOTS_MAX) {
        return unreadable("it lists too many images");
    }
    let files: BTreeSet<&str> =
        entries.iter().filter(|entry| entry.is_file).filter_map(|entry| entry.name.to_str()).collect();
    let mut shelf = Shelf::found(disk, root, folder.to_owned(), record, &files);
    shelf.seen = seen;
    match shelf.run() {
        Ok(run) => Found::Run(run.id, Box::new(shelf)),
        Err(why) => unreadable(&why),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_is_read_first_and_copies_come_after_what_they_are_of() {
        let mut names = [
            "2026-09",
            "backup",
            "22 1305 a fox (2)",
            "2026-11",
            "2026-11 (2)",
            "22 1305 a fox",
            "22 1306 a bee",
            "02 2359 a lamp",
            "2025-12",
            "Alte Bilder",
        ];
        names.sort_by_cached_key(|name| reading_order(name));
        let expected = [
            "22 1306 a bee",
            "22 1305 a fox",
            "22 1305 a fox (2)",
            "2026-11",
            "2026-11 (2)",
            "2026-09",
            "2025-12",
            "02 2359 a lamp",
            "Alte Bilder",
            "backup",
        ];
        assert_eq!(names, expected);
    }
}
