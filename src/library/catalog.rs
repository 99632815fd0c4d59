//! The library: opening a folder, and what is asked of it. Safe to call from several threads.

use std::collections::BTreeMap;
use std::collections::btree_map;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::tz::TimeZone;

use super::disk::{Access, Disk, RealDisk, make_folders, read_all};
use super::inbox::Inbox;
use super::layout;
use super::ledger::Stage;
use super::lock::Lock;
use super::scan::{Found, walk, within};
use super::schema::{self, ImageRecord};
use super::shelf::{Shelf, binned_file};
use super::trouble::disk_failure;
use crate::domain::{Failure, FailureKind, ImageId, Run, RunId};
use crate::message::LibrarySummary;

/// The largest image file read back: far above any limit on what is stored.
pub(super) const IMAGE_MAX_BYTES: u64 = 1 << 30;

/// Problems told on opening; a broken disk could bring one for each of a hundred thousand folders.
const PROBLEMS_MAX: usize = 100;

/// Half-written files remembered for sweeping; one comes from each program that was killed in the middle of a write.
const UNFINISHED_FILES_MAX: usize = 1_000;

/// A folder that holds everything made.
pub struct Library {
    pub(super) root: PathBuf,
    pub(super) zone: TimeZone,
    pub(super) disk: Arc<dyn Disk>,
    /// The outer lock is held only to find a shelf; the inner one while its `run.json` is written, never while
    /// image bytes are.
    pub(super) shelves: Mutex<BTreeMap<RunId, Arc<Mutex<Shelf>>>>,
    pub(super) summary: Mutex<LibrarySummary>,
    pub(super) inbox: Inbox,
    /// This is the one window that changes the library.
    pub(super) held: Mutex<Option<Lock>>,
    /// Why nothing may be changed.
    pub(super) only_shown: Mutex<Option<Failure>>,
    /// Files somebody did not finish, found on opening.
    pub(super) unfinished_files: Mutex<Vec<PathBuf>>,
}

/// What opening a library found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Opened {
    /// All runs, newest first.
    pub runs: Vec<Run>,
    /// What could not be read or is there twice, one sentence each.
    pub problems: Vec<String>,
}

impl Library {
    /// Opens the library in `root`; a folder that is not there is made. Names of new folders use the system's time zone.
    ///
    /// Reads every `run.json`; what cannot be read becomes a sentence. Nothing inside the folder is written: that begins
    /// with the first change, or with [`Library::hold`] and [`Library::take_up`].
    pub fn open(root: &Path) -> Result<(Self, Opened), Failure> {
        Self::open_in(root, TimeZone::system())
    }

    /// Opens a library that is there; nothing is made.
    pub fn open_existing(root: &Path) -> Result<(Self, Opened), Failure> {
        let there = RealDisk.list(root);
        there.map_err(|error| disk_failure("The library folder cannot be opened", root, &error))?;
        Self::open(root)
    }

    /// The same with a time zone.
    pub fn open_in(root: &Path, zone: TimeZone) -> Result<(Self, Opened), Failure> {
        Self::open_on(root, zone, Arc::new(RealDisk))
    }

    pub(super) fn open_on(root: &Path, zone: TimeZone, disk: Arc<dyn Disk>) -> Result<(Self, Opened), Failure> {
        let failed = |error: io::Error| disk_failure("The library folder cannot be opened", root, &error);
        make_folders(&*disk, root, Access::Usual).map_err(failed)?;
        let mut shelves: BTreeMap<RunId, Shelf> = BTreeMap::new();
        let mut problems = Vec::new();
        let mut untold = 0_usize;
        let mut tell = |problem: String| {
            if problems.len() < PROBLEMS_MAX { problems.push(problem) } else { untold += 1 }
        };
        let mut unfinished_files = Vec::new();
        walk(&*disk, root, &mut |folder, entries, found| {
            let files = entries.iter().filter(|entry| entry.is_file);
            let unfinished = files.filter(|entry| layout::is_temporary(&entry.name.to_string_lossy()));
            let room = UNFINISHED_FILES_MAX.saturating_sub(unfinished_files.len());
            unfinished_files.extend(unfinished.take(room).map(|entry| folder.join(&entry.name)));
            match found {
                None => {}
                Some(Found::Unreadable(sentence)) => tell(sentence),
                Some(Found::Run(id, shelf)) => {
                    if shelf.record.is_newer() {
                        let why = schema::newer_sentence();
                        tell(format!("A run is shown but cannot be changed: {why}: {}", within(root, &shelf.folder)));
                    }
                    match shelves.entry(id) {
                        btree_map::Entry::Vacant(place) => {
                            place.insert(*shelf);
                        }
                        btree_map::Entry::Occupied(first) => {
                            let (first, second) = (within(root, &first.get().folder), within(root, &shelf.folder));
                            tell(format!("A run is there twice; the second is not shown: {first} and {second}"));
                        }
                    }
                }
            }
        })
        .map_err(failed)?;
        if untold > 0 {
            problems.push(format!("And {untold} more problems. \"proofsheet check\" lists all of them"));
        }
        let inbox = Inbox::new(root, Arc::clone(&disk));
        show_calls(&inbox, &mut shelves);
        let runs = shelves.values().rev().filter_map(|shelf| shelf.run().ok()).collect();
        let mut summary = LibrarySummary::default();
        for shelf in shelves.values() {
            exchange(&mut summary, LibrarySummary::default(), shelf.summary());
        }
        let shelves = shelves.into_iter().map(|(id, shelf)| (id, Arc::new(Mutex::new(shelf)))).collect();
        let library = Self {
            root: root.to_owned(),
            zone,
            disk,
            shelves: Mutex::new(shelves),
            summary: Mutex::new(summary),
            inbox,
            held: Mutex::default(),
            only_shown: Mutex::default(),
            unfinished_files: Mutex::new(unfinished_files),
        };
        Ok((library, Opened { runs, problems }))
    }

    /// The library's folder.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// How many images are stored, and their bytes.
    pub fn summary(&self) -> LibrarySummary {
        *lock(&self.summary)
    }

    /// A run as it is now.
    pub fn run(&self, run: RunId) -> Option<Run> {
        let shelf = self.shelf(run)?;
        lock(&shelf).run().ok()
    }

    /// All runs, newest first.
    pub fn runs(&self) -> Vec<Run> {
        let shelves: Vec<_> = lock(&self.shelves).values().rev().cloned().collect();
        shelves.iter().filter_map(|shelf| lock(shelf).run().ok()).collect()
    }

    /// Where an image's file is; `None` when it is not stored or its file is missing.
    pub fn image_path(&self, image: ImageId) -> Option<PathBuf> {
        let shelf = self.shelf(image.run)?;
        let shelf = lock(&shelf);
        let facts = shelf.facts(image.slot)?;
        match shelf.record.images.get(usize::from(image.slot)) {
            Some(ImageRecord::Stored(stored)) if stored.bin.is_some() => {
                binned_file(&*self.disk, &self.root, &shelf.folder, stored)
            }
            _ => Some(shelf.folder.join(facts.file)),
        }
    }

    /// The SHA-256 of an image's bytes, as they were received.
    pub fn sha256(&self, image: ImageId) -> Option<String> {
        let shelf = self.shelf(image.run)?;
        lock(&shelf).facts(image.slot).map(|facts| facts.sha256)
    }

    /// Names every stored image with its SHA-256.
    pub fn each_stored(&self, mut visit: impl FnMut(ImageId, &str)) {
        let shelves: Vec<_> = lock(&self.shelves).iter().map(|(run, shelf)| (*run, Arc::clone(shelf))).collect();
        for (run, shelf) in shelves {
            let held = lock(&shelf);
            for (slot, image) in (0..=u16::MAX).zip(&held.record.images) {
                if let ImageRecord::Stored(stored) = image {
                    visit(ImageId { run, slot }, &stored.sha256);
                }
            }
        }
    }

    /// An image's bytes as they were received.
    pub fn read_image(&self, image: ImageId) -> Result<Vec<u8>, Failure> {
        let path = self.image_path(image).ok_or_else(unknown_image)?;
        read_all(&*self.disk, &path, IMAGE_MAX_BYTES)
            .map_err(|error| disk_failure("The image cannot be read", &path, &error))
    }

    pub(super) fn shelf(&self, run: RunId) -> Option<Arc<Mutex<Shelf>>> {
        lock(&self.shelves).get(&run).cloned()
    }
}

/// What waits in a run is shown as what its row in the ledger says.
fn show_calls(inbox: &Inbox, shelves: &mut BTreeMap<RunId, Shelf>) {
    for lying in inbox.lying() {
        let Some(shelf) = shelves.get_mut(&lying.row.run) else { continue };
        if lying.is_live {
            shelf.share();
        }
        for &slot in &lying.row.slots {
            match (lying.is_live, lying.stage) {
                (true, _) => shelf.await_slot(slot),
                (false, Stage::Prepared) => shelf.show_unsent(slot),
                // It may have been charged, which is what is shown without a row too.
                (false, Stage::Sent | Stage::Received) => {}
            }
        }
    }
}

/// A panic elsewhere must not make the library unusable: every change is whole before it is put in place.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

pub(super) fn unknown_image() -> Failure {
    Failure::free(FailureKind::Disk, "The image's file is not in the library any more.")
}

/// Takes `before` out of a sum and puts `after` in.
pub(super) fn exchange(summary: &mut LibrarySummary, before: LibrarySummary, after: LibrarySummary) {
    summary.images = summary.images.saturating_add(after.images).saturating_sub(before.images);
    summary.size_bytes = summary.size_bytes.saturating_add(after.size_bytes).saturating_sub(before.size_bytes);
}

#[cfg(test)]
mod tests;
