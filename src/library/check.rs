//! Verifies a library against its own word: every file there, whole, and known. Changes nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};

use super::digest::sha256_of;
use super::disk::{Disk, Entry, Kind, RealDisk};
use super::layout;
use super::scan::{Found, walk, within};
use super::schema::{self, ImageRecord};
use super::shelf::Shelf;
use super::trouble::{disk_failure, shown_path};
use crate::domain::RunId;

/// What checking found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Runs that were read.
    pub runs: u64,
    /// Images whose files are there and whole.
    pub images: u64,
    /// Their bytes.
    pub size_bytes: u64,
    /// Images whose files are not what was stored.
    pub changed: u64,
    /// Images whose files are gone.
    pub missing: u64,
    /// Files that were not finished.
    pub leftovers: u64,
    /// Files in a run's folder that its `run.json` does not know.
    pub unknown_files: u64,
    /// Folders, files and `run.json`s that cannot be read, or are of a newer version.
    pub unreadable: u64,
    /// Runs that are there twice.
    pub twice: u64,
    /// One sentence for each thing that is wrong, in the order of the folders.
    pub problems: Vec<String>,
}

impl Report {
    /// Nothing is wrong.
    pub const fn is_clean(&self) -> bool {
        self.problems.is_empty()
    }
}

/// Checks the library in `root`: reads every byte of it.
pub fn check(root: &Path) -> Report {
    check_on(&RealDisk, root)
}

pub(super) fn check_on(disk: &dyn Disk, root: &Path) -> Report {
    let mut report = Report::default();
    let mut seen: BTreeMap<RunId, PathBuf> = BTreeMap::new();
    let walked = walk(disk, root, &mut |folder, entries, found| {
        report.leftovers(root, folder, entries);
        match found {
            None => {}
            Some(Found::Unreadable(sentence)) => {
                report.unreadable += 1;
                report.problems.push(sentence);
            }
            Some(Found::Run(id, shelf)) => {
                if let Some(first) = seen.get(&id) {
                    report.twice += 1;
                    let (first, second) = (within(root, first), within(root, folder));
                    report.problems.push(format!("A run is there twice: {first} and {second}"));
                } else {
                    seen.insert(id, folder.to_owned());
                }
                report.run(disk, root, &shelf, entries);
            }
        }
    });
    if let Err(error) = walked {
        report.unreadable += 1;
        let failure = disk_failure("The library folder cannot be read", root, &error);
        report.problems.push(format!("{} {}", failure.sentence, shown_path(root)));
    }
    report
}

impl Report {
    fn leftovers(&mut self, root: &Path, folder: &Path, entries: &[Entry]) {
        for entry in entries.iter().filter(|entry| entry.is_file) {
            if layout::is_temporary(&entry.name.to_string_lossy()) {
                self.leftovers += 1;
                self.problems.push(format!("A file was not finished: {}", within(root, &folder.join(&entry.name))));
            }
        }
    }

    fn run(&mut self, disk: &dyn Disk, root: &Path, shelf: &Shelf, entries: &[Entry]) {
        self.runs += 1;
        if shelf.record.is_newer() {
            self.unreadable += 1;
            let why = schema::newer_sentence();
            self.problems.push(format!("A run cannot be checked whole: {why}: {}", within(root, &shelf.folder)));
        }
        let mut known = BTreeSet::from([layout::RUN_FILE]);
        for image in &shelf.record.images {
            let ImageRecord::Stored(stored) = image else { continue };
            if !layout::is_image_name(&stored.file) {
                self.unreadable += 1;
                let folder = within(root, &shelf.folder);
                self.problems.push(format!("An image's name leads outside its folder: {:?} in {folder}", stored.file));
                continue;
            }
            known.insert(&stored.file);
            let path = shelf.folder.join(&stored.file);
            let shown = within(root, &path);
            match hash(disk, &path) {
                Ok((sha256, size_bytes)) if sha256 == stored.sha256 => {
                    self.images += 1;
                    self.size_bytes += size_bytes;
                }
                Ok((_, size_bytes)) => {
                    self.changed += 1;
                    let was = stored.size_bytes;
                    self.problems
                        .push(format!("An image is not what was stored, {size_bytes} bytes instead of {was}: {shown}"));
                }
                Err(error) if error.kind() == io::ErrorKind::NotFound => {
                    self.missing += 1;
                    self.problems.push(format!("An image is missing: {shown}"));
                }
                Err(error) => {
                    self.unreadable += 1;
                    self.problems.push(format!("An image cannot be read: {error}: {shown}"));
                }
            }
        }
        for entry in entries.iter().filter(|entry| entry.is_file) {
            let name = entry.name.to_string_lossy();
            if !layout::is_litter(&name) && !known.iter().any(|known| *known == name) {
                self.unknown_files += 1;
                let shown = within(root, &shelf.folder.join(&entry.name));
                self.problems.push(format!("A file is not in its run's run.json: {shown}"));
            }
        }
    }
}

fn hash(disk: &dyn Disk, path: &Path) -> io::Result<(String, u64)> {
    // A link or a pipe under an image's name is no image.
    if disk.look(path)?.kind != Kind::File {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is not a file"));
    }
    sha256_of(&mut *disk.open(path)?)
}

#[cfg(test)]
mod tests;
