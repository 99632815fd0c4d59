//! Verifies a library against its own word: every file there, whole, and known. Changes nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::digest::sha256_of;
use super::disk::{Disk, Entry, Kind, RealDisk};
use super::inbox::Inbox;
use super::layout;
use super::scan::{Found, linked_folders, look_again, walk, within};
use super::schema::{self, ImageRecord};
use super::shelf::{Shelf, binned_file};
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
    /// Images among them that are in the bin.
    pub binned: u64,
    /// Images whose files are not what was stored.
    pub changed: u64,
    /// Images whose files are gone.
    pub missing: u64,
    /// Files that were not finished.
    pub leftovers: u64,
    /// Calls in the inbox whose program is gone; the next start finishes them.
    pub unfinished: u64,
    /// Files in a run's folder, or in the bin, that no `run.json` knows.
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
    check_on(&(Arc::new(RealDisk) as Arc<dyn Disk>), root)
}

pub(super) fn check_on(shared: &Arc<dyn Disk>, root: &Path) -> Report {
    let disk = &**shared;
    let inbox = Inbox::new(root, Arc::clone(shared));
    let mut report = Report::default();
    let mut seen: BTreeMap<RunId, PathBuf> = BTreeMap::new();
    let mut binned = BTreeSet::new();
    let walked = walk(disk, root, &mut |folder, entries, found| {
        report.leftovers(root, folder, entries, &inbox);
        match found {
            None => {
                let links = linked_folders(disk, root, folder, entries);
                report.unreadable += links.len() as u64;
                report.problems.extend(links);
            }
            Some(Found::Unreadable(sentence)) => {
                report.unreadable += 1;
                report.problems.push(sentence);
            }
            Some(Found::Run(id, shelf)) => {
                binned.extend(shelf.record.images.iter().filter_map(|image| {
                    let place = image.bin()?.file.as_deref()?;
                    layout::bin_path(root, place)
                }));
                if let Some(first) = seen.get(&id) {
                    report.twice += 1;
                    let (first, second) = (within(root, first), within(root, folder));
                    report.problems.push(format!("A run is there twice: {first} and {second}"));
                } else {
                    seen.insert(id, folder.to_owned());
                }
                report.run(disk, root, (id, &shelf), entries, &inbox);
            }
        }
    });
    if let Err(error) = walked {
        report.unreadable += 1;
        let failure = disk_failure("The library folder cannot be read", root, &error);
        report.problems.push(format!("{} {}", failure.sentence, shown_path(root)));
    }
    report.inbox(root, &inbox, &seen);
    report.bin(disk, root, &binned, &inbox);
    report
}

impl Report {
    /// Calls that nobody is working on. Those of a program that is running are none of ours.
    fn inbox(&mut self, root: &Path, inbox: &Inbox, runs: &BTreeMap<RunId, PathBuf>) {
        for call in inbox.lying().into_iter().filter(|call| !call.is_live) {
            self.unfinished += 1;
            let path = within(root, &inbox.own());
            let name = call.row.name(call.stage);
            self.problems.push(if runs.contains_key(&call.row.run) {
                format!("A request was not finished; the next start finishes it: {name} in {path}")
            } else {
                format!("A request was not finished, and its run is not there: {name} in {path}")
            });
        }
    }

    /// Everything in the bin must be some run's.
    fn bin(&mut self, disk: &dyn Disk, root: &Path, known: &BTreeSet<PathBuf>, inbox: &Inbox) {
        let mut top = root.to_owned();
        for name in layout::BIN {
            top.push(name);
            if disk.look(&top).is_ok_and(|look| look.kind == Kind::Other) {
                self.unreadable += 1;
                self.problems.push(format!(
                    "A link stands where the bin should be; it was not followed: {}",
                    within(root, &top)
                ));
                return;
            }
        }
        let mut ahead = vec![(top, 0)];
        while let Some((folder, depth)) = ahead.pop() {
            let entries = match disk.list(&folder) {
                Ok(entries) => entries,
                Err(error) if depth == 0 && error.kind() == io::ErrorKind::NotFound => return,
                Err(error) => {
                    self.unreadable += 1;
                    self.problems.push(format!("A folder cannot be read: {error}: {}", within(root, &folder)));
                    continue;
                }
            };
            self.leftovers(root, &folder, &entries, inbox);
            for entry in entries.iter().rev() {
                let path = folder.join(&entry.name);
                if entry.is_folder && depth < layout::DEPTH_MAX {
                    ahead.push((path, depth + 1));
                } else if !layout::is_litter(&entry.name.to_string_lossy()) && !known.contains(&path) {
                    self.unknown_files += 1;
                    self.problems.push(format!("A file in the bin is no run's: {}", within(root, &path)));
                }
            }
        }
    }

    fn leftovers(&mut self, root: &Path, folder: &Path, entries: &[Entry], inbox: &Inbox) {
        for entry in entries.iter().filter(|entry| entry.is_file) {
            let name = entry.name.to_string_lossy();
            if layout::is_temporary(&name) && !layout::maker(&name).is_some_and(|maker| inbox.is_live(maker)) {
                self.leftovers += 1;
                self.problems.push(format!("A file was not finished: {}", within(root, &folder.join(&entry.name))));
            }
        }
    }

    fn run(&mut self, disk: &dyn Disk, root: &Path, (id, shelf): (RunId, &Shelf), entries: &[Entry], inbox: &Inbox) {
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
            let own = shelf.folder.join(&stored.file);
            let path = match &stored.bin {
                None => own.clone(),
                Some(bin) => match binned_file(disk, root, &shelf.folder, stored) {
                    Some(path) => path,
                    None if bin.emptied => continue,
                    None => {
                        let place = bin.file.as_deref().and_then(|place| layout::bin_path(root, place));
                        place.unwrap_or_else(|| own.clone())
                    }
                },
            };
            if path == own {
                known.insert(&stored.file);
            }
            let shown = within(root, &path);
            match hash(disk, &path) {
                Ok((sha256, size_bytes)) if sha256 == stored.sha256 => {
                    self.images += 1;
                    self.binned += u64::from(stored.bin.is_some());
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
            let is_known = layout::is_litter(&name) || known.iter().any(|known| *known == name);
            if !is_known && !is_entered_by_now(disk, root, (id, shelf), &name, inbox) {
                self.unknown_files += 1;
                let shown = within(root, &shelf.folder.join(&entry.name));
                self.problems.push(format!("A file is not in its run's run.json: {shown}"));
            }
        }
    }
}

/// A program at work names an image first and enters it then: its call is still in the inbox, or the record has it now.
fn is_entered_by_now(disk: &dyn Disk, root: &Path, (id, shelf): (RunId, &Shelf), file: &str, inbox: &Inbox) -> bool {
    inbox.lying().iter().any(|call| call.row.run == id)
        || look_again(disk, root, &shelf.folder).is_ok_and(|now| now.knows(file))
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
