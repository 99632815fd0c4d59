//! The library: opening a folder, and what is asked of it. Safe to call from several threads.

mod outside;
mod rack;
mod reading;

use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::tz::TimeZone;

use self::outside::Outside;
use self::rack::{Held, Place, Rack};
use self::reading::Reading;
use super::digest::sha256;
use super::disk::{Access, Disk, Kind, RealDisk, make_folders, read_all};
use super::inbox::Inbox;
use super::lock::Lock;
use super::scan::{Unread, Walk, look_again};
use super::shelf::{Shelf, binned_file};
use super::trouble::disk_failure;
use crate::domain::{Failure, FailureKind, ImageId, Run, RunId};
use crate::message::LibrarySummary;

/// The largest image file read back: far above any limit on what is stored.
pub(super) const IMAGE_MAX_BYTES: u64 = 1 << 30;

/// A folder that holds everything made.
pub struct Library {
    pub(super) root: PathBuf,
    pub(super) zone: TimeZone,
    pub(super) disk: Arc<dyn Disk>,
    /// The lock is held only to find a run, never while the disk is asked.
    pub(super) rack: Mutex<Rack>,
    pub(super) summary: Mutex<LibrarySummary>,
    pub(super) inbox: Inbox,
    /// This is the one window that changes the library.
    pub(super) held: Mutex<Option<Lock>>,
    /// Why nothing may be changed.
    pub(super) only_shown: Mutex<Option<Failure>>,
    /// What other programs did is looked for from here on.
    pub(super) outside: Mutex<Outside>,
    /// Runs in which something of other programs was found when they were written to: no window was told yet. Bounded by the
    /// runs of the library.
    pub(super) taken_in: Mutex<BTreeSet<RunId>>,
    /// How far it has been read.
    pub(super) reading: Mutex<Reading>,
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
        let library = Self::begin_on(root, zone, disk)?;
        let mut runs = library.read_on(usize::MAX);
        runs.sort_unstable_by_key(|run| Reverse(run.id));
        let problems = library.problems();
        Ok((library, Opened { runs, problems }))
    }

    /// The library in `root` before anything of it was read; [`Library::read_on`] does that. A folder that is not there is
    /// made.
    pub fn begin(root: &Path) -> Result<Self, Failure> {
        Self::begin_on(root, TimeZone::system(), Arc::new(RealDisk))
    }

    fn begin_on(root: &Path, zone: TimeZone, disk: Arc<dyn Disk>) -> Result<Self, Failure> {
        let failed = |error: io::Error| disk_failure("The library folder cannot be opened", root, &error);
        make_folders(&*disk, root, Access::Usual).map_err(failed)?;
        let walk = Walk::begin(&*disk, root).map_err(failed)?;
        let inbox = Inbox::new(root, Arc::clone(&disk));
        Ok(Self {
            root: root.to_owned(),
            zone,
            disk,
            rack: Mutex::new(Rack::new(root)),
            summary: Mutex::default(),
            outside: Mutex::default(),
            taken_in: Mutex::default(),
            reading: Mutex::new(Reading::new(walk, inbox.lying())),
            inbox,
            held: Mutex::default(),
            only_shown: Mutex::default(),
        })
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
        let shelf = self.peek(run)?;
        lock(&shelf).run().ok()
    }

    /// All runs known so far, newest first. Those at rest are read from the disk.
    pub fn runs(&self) -> Vec<Run> {
        self.run_ids().into_iter().filter_map(|run| self.run(run)).collect()
    }

    /// The ids of all runs known so far, newest first.
    pub fn run_ids(&self) -> Vec<RunId> {
        lock(&self.rack).ids().rev().collect()
    }

    /// Where an image's file is; `None` when it is not stored or its file is missing.
    pub fn image_path(&self, image: ImageId) -> Option<PathBuf> {
        let shelf = self.shelf(image.run)?;
        let shelf = lock(&shelf);
        let stored = shelf.stored(image.slot)?;
        match stored.bin {
            Some(_) => binned_file(&*self.disk, &self.root, &shelf.folder, stored),
            None => Some(shelf.folder.join(&stored.file)),
        }
    }

    /// The SHA-256 of an image's bytes, as they were received.
    pub fn sha256(&self, image: ImageId) -> Option<String> {
        let shelf = self.shelf(image.run)?;
        lock(&shelf).stored(image.slot).map(|stored| stored.sha256.clone())
    }

    /// The SHA-256 of every image of a run whose file is there.
    pub fn hashes(&self, run: RunId) -> Vec<(ImageId, String)> {
        self.peek(run).map(|shelf| lock(&shelf).hashes(run).collect()).unwrap_or_default()
    }

    /// An image's bytes as they were received.
    pub fn read_image(&self, image: ImageId) -> Result<Vec<u8>, Failure> {
        let path = self.image_path(image).ok_or_else(unknown_image)?;
        read_all(&*self.disk, &path, IMAGE_MAX_BYTES)
            .map_err(|error| disk_failure("The image cannot be read", &path, &error))
    }

    /// A stored image could not be read: when its file is not there, it is shown as missing from now on, and this says how.
    /// Nothing is written: the file may come back.
    pub fn note_missing(&self, image: ImageId) -> Option<Failure> {
        // With the whole folder away, a disk was unplugged: no image is missing because of that.
        self.disk.look(&self.root).ok().filter(|look| look.kind == Kind::Folder)?;
        let shelf = self.shelf(image.run)?;
        let mut shelf = lock(&shelf);
        let before = shelf.summary();
        let failure = shelf.look_for(&*self.disk, &self.root, image.slot)?;
        exchange(&mut lock(&self.summary), before, shelf.summary());
        Some(failure)
    }

    /// Why an image's file cannot be shown: what its decoder says, unless its bytes are not those that were received.
    pub fn why_unshown(&self, image: ImageId, bytes: &[u8], said: Failure) -> Failure {
        if self.sha256(image).is_none_or(|received| received == sha256(bytes)) {
            return said;
        }
        let sentence = "The file was changed or damaged on this computer after it was stored. Bring it back from a copy; \
                        making the image again costs again.";
        Failure { retry_safe: false, ..Failure::free(FailureKind::Disk, sentence) }.with_detail(said.sentence)
    }

    /// A run at hand; one at rest is read from the disk.
    pub(super) fn shelf(&self, run: RunId) -> Option<Held> {
        self.shelf_or_why(run).ok()
    }

    /// The same, with why there is none.
    pub(super) fn shelf_or_why(&self, run: RunId) -> Result<Held, Failure> {
        match self.known(run)? {
            Known::AtHand(held) => Ok(held),
            Known::Read(shelf) => lock(&self.rack).take_up(run, *shelf).ok_or_else(unknown_image),
        }
    }

    /// A run to be read only: one at rest stays there. Otherwise whoever reads all runs once, as on opening, would leave
    /// the oldest at hand.
    fn peek(&self, run: RunId) -> Option<Held> {
        Some(match self.known(run).ok()? {
            Known::AtHand(held) => held,
            Known::Read(shelf) => Arc::new(Mutex::new(*shelf)),
        })
    }

    fn known(&self, run: RunId) -> Result<Known, Failure> {
        let folder = match lock(&self.rack).place(run).ok_or_else(unknown_image)? {
            Place::AtHand(held) => return Ok(Known::AtHand(Arc::clone(held))),
            Place::Resting(folder) => self.root.join(folder),
        };
        let shelf = look_again(&*self.disk, &self.root, &folder).map_err(|unread| match unread {
            Unread::Gone => unknown_image(),
            Unread::Broken(why) => broken_record(why),
            Unread::Unlisted(error) => unlisted(&folder, &error),
        })?;
        // Another run may have been put into its folder by hand.
        let is_it = shelf.run().is_ok_and(|found| found.id == run);
        is_it.then(|| Known::Read(Box::new(shelf))).ok_or_else(unknown_image)
    }
}

/// A run, and where what is known of it comes from.
enum Known {
    AtHand(Held),
    /// Read this moment, because it rests.
    Read(Box<Shelf>),
}

#[cfg(test)]
impl Library {
    /// Lets all runs rest that may.
    pub(super) fn rest(&self) {
        lock(&self.rack).keep_at_hand(0);
    }
}

/// A panic elsewhere must not make the library unusable: every change is whole before it is put in place.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

pub(super) fn unknown_image() -> Failure {
    Failure::free(FailureKind::Disk, "The image's file is not in the library any more.")
}

/// What a run's folder holds cannot be told; what may be there is not written over.
pub(super) fn unlisted(folder: &Path, error: &io::Error) -> Failure {
    disk_failure("The run's folder could not be read, so nothing was changed", folder, error)
}

/// What stands in a run's `run.json` is not what was written there. It may be the only copy of somebody's work, so it is
/// not written over.
pub(super) fn broken_record(why: String) -> Failure {
    let sentence = "This run's run.json was altered outside Proofsheet and cannot be read any more, so nothing was \
                    changed. Put it right, or move it out of its folder, then try again.";
    Failure::free(FailureKind::Disk, sentence).with_detail(why)
}

/// Takes `before` out of a sum and puts `after` in.
pub(super) fn exchange(summary: &mut LibrarySummary, before: LibrarySummary, after: LibrarySummary) {
    summary.images = summary.images.saturating_add(after.images).saturating_sub(before.images);
    summary.size_bytes = summary.size_bytes.saturating_add(after.size_bytes).saturating_sub(before.size_bytes);
}

#[cfg(test)]
mod tests;
