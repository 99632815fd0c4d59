//! Walks the library's folders and reads every `run.json`; nothing found there stops the walk.

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};

use super::disk::{Disk, Entry, read_all};
use super::schema::{self, RUN_FILE_MAX_BYTES};
use super::shelf::Shelf;
use super::trouble::shown_path;
use super::{layout, record};
use crate::domain::RunId;

/// What the walk comes by.
pub(super) enum Found {
    /// A run that can be shown.
    Run(RunId, Box<Shelf>),
    /// Something that cannot be read, as a sentence.
    Unreadable(String),
}

/// Gets each folder, what is in it, and what it is.
pub(super) type Visit<'a> = dyn FnMut(&Path, &[Entry], Option<Found>) + 'a;

/// Walks all folders below `root` in the order of their names.
///
/// Folders whose names begin with a dot are not entered: `.proofsheet` among them, where the program keeps its own things.
pub(super) fn walk(disk: &dyn Disk, root: &Path, visit: &mut Visit<'_>) -> io::Result<()> {
    let mut ahead = vec![(root.to_owned(), 0)];
    while let Some((folder, depth)) = ahead.pop() {
        let entries = match disk.list(&folder) {
            Ok(entries) => entries,
            Err(error) if depth == 0 => return Err(error),
            Err(error) => {
                let sentence = format!("A folder cannot be read: {error}: {}", within(root, &folder));
                visit(&folder, &[], Some(Found::Unreadable(sentence)));
                continue;
            }
        };
        if depth > 0 && entries.iter().any(|entry| entry.name == layout::RUN_FILE) {
            let found = read_run(disk, root, &folder, &entries);
            visit(&folder, &entries, Some(found));
            continue;
        }
        visit(&folder, &entries, None);
        if depth < layout::DEPTH_MAX {
            // Last in, first out: turned around to keep the order of names.
            let below = entries.iter().rev().filter(|entry| entry.is_folder);
            let shown = below.filter(|entry| !entry.name.to_string_lossy().starts_with('.'));
            ahead.extend(shown.map(|entry| (folder.join(&entry.name), depth + 1)));
        }
    }
    Ok(())
}

/// The run in a folder as it is now; `None` when it cannot be read.
pub(super) fn look_again(disk: &dyn Disk, root: &Path, folder: &Path) -> Option<Shelf> {
    match read_run(disk, root, folder, &disk.list(folder).ok()?) {
        Found::Run(_, shelf) => Some(*shelf),
        Found::Unreadable(_) => None,
    }
}

/// A path as people see it: without the part all paths of the library share.
pub(super) fn within(root: &Path, path: &Path) -> String {
    shown_path(path.strip_prefix(root).unwrap_or(path))
}

fn read_run(disk: &dyn Disk, root: &Path, folder: &Path, entries: &[Entry]) -> Found {
    let path: PathBuf = folder.join(layout::RUN_FILE);
    let unreadable = |why: &str| Found::Unreadable(format!("A run cannot be read: {why}: {}", within(root, &path)));
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
    let shelf = Shelf::found(disk, root, folder.to_owned(), record, &files);
    match shelf.run() {
        Ok(run) => Found::Run(run.id, Box::new(shelf)),
        Err(why) => unreadable(&why),
    }
}
