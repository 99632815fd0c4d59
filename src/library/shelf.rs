//! One run in its folder: what `run.json` says, and what the folder shows to be otherwise.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::disk::{Disk, Kind, Look};
use super::inbox::Lying;
use super::layout;
use super::ledger::Stage;
use super::schema::{Extra, ImageRecord, RunRecord, StoredRecord};
use crate::domain::{Failure, FailureKind, ImageFacts, ImageId, Mark, Run, RunId, Slot};
use crate::message::LibrarySummary;

/// A run's folder, its record, and what is shown instead of the record.
#[derive(Clone, Debug)]
pub(super) struct Shelf {
    pub(super) folder: PathBuf,
    /// Exactly what stands in `run.json`.
    pub(super) record: RunRecord,
    /// Images that are not as the record says. Never written: the file may come back.
    instead: BTreeMap<u16, Slot>,
    /// Another program writes to this run too: what it wrote is read before anything is changed.
    is_shared: bool,
    /// How `run.json` looked when it was last read or written here.
    pub(super) seen: Option<Look>,
}

impl Shelf {
    /// A run just begun: as the record says.
    pub(super) fn new(folder: PathBuf, record: RunRecord) -> Self {
        Self { folder, record, instead: BTreeMap::new(), is_shared: false, seen: None }
    }

    /// A run found on the disk; `files` are the regular files in its folder.
    pub(super) fn found(
        disk: &dyn Disk,
        root: &Path,
        folder: PathBuf,
        record: RunRecord,
        files: &BTreeSet<&str>,
    ) -> Self {
        let mut instead = BTreeMap::new();
        for (slot, image) in (0..=u16::MAX).zip(&record.images) {
            let failure = match image {
                ImageRecord::Failed(failed) if failed.bin.as_ref().is_some_and(|bin| bin.emptied) => {
                    instead.insert(slot, Slot::Gone);
                    continue;
                }
                ImageRecord::Failed(_) => continue,
                ImageRecord::Waiting(_) => ended_too_early(),
                ImageRecord::Stored(stored) if !layout::is_image_name(&stored.file) => Failure::free(
                    FailureKind::Disk,
                    "The image's file name leads outside its folder. It was not opened.",
                ),
                ImageRecord::Stored(stored) if stored.bin.is_some() => {
                    if binned_file(disk, root, &folder, stored).is_some() {
                        continue;
                    }
                    if stored.bin.as_ref().is_some_and(|bin| bin.emptied) {
                        instead.insert(slot, Slot::Gone);
                        continue;
                    }
                    missing(&stored.file)
                }
                ImageRecord::Stored(stored) if files.contains(stored.file.as_str()) => continue,
                // File systems that know one name in several spellings.
                ImageRecord::Stored(stored) if is_file(disk, &folder.join(&stored.file)) => continue,
                ImageRecord::Stored(stored) => missing(&stored.file),
            };
            instead.insert(slot, Slot::Failed(failure.into()));
        }
        Self { folder, record, instead, is_shared: false, seen: None }
    }

    /// Another program may write to this run from now on.
    pub(super) const fn share(&mut self) {
        self.is_shared = true;
    }

    /// Another program may write to this run.
    pub(super) const fn is_shared(&self) -> bool {
        self.is_shared
    }

    /// Its folder, when all that is known here would be read from it again: nothing waits, nothing is shown otherwise, and
    /// nobody else writes.
    pub(super) fn resting_place(&self) -> Option<PathBuf> {
        let waits = self.record.images.iter().any(|image| matches!(image, ImageRecord::Waiting(_)));
        (!waits && !self.is_shared && self.instead.is_empty()).then(|| self.folder.clone())
    }

    /// What waits, waits as `before` showed it: what another program wrote says nothing of calls made here.
    pub(super) fn wait_as(&mut self, before: &Self) {
        for slot in (0..=u16::MAX).take(self.record.images.len()) {
            match (self.is_waiting(slot), before.instead.get(&slot)) {
                (true, Some(shown)) => drop(self.instead.insert(slot, shown.clone())),
                (true, None) if before.is_waiting(slot) => drop(self.instead.remove(&slot)),
                _ => {}
            }
        }
    }

    /// The record still waits for an image here.
    pub(super) fn is_waiting(&self, slot: u16) -> bool {
        matches!(self.record.images.get(usize::from(slot)), Some(ImageRecord::Waiting(_)))
    }

    /// An image may still come here: it is shown as waiting.
    pub(super) fn await_slot(&mut self, slot: u16) {
        if self.is_waiting(slot) {
            self.instead.remove(&slot);
        }
    }

    /// What waits here was never sent.
    pub(super) fn show_unsent(&mut self, slot: u16) {
        if self.is_waiting(slot) {
            self.instead.insert(slot, Slot::Failed(not_sent().into()));
        }
    }

    /// What waits here is shown as what its row in the ledger says.
    pub(super) fn show_calls(&mut self, run: RunId, lying: &[Lying]) {
        for lying in lying.iter().filter(|lying| lying.row.run == run) {
            if lying.is_live {
                self.share();
            }
            for &slot in &lying.row.slots {
                match (lying.is_live, lying.stage) {
                    (true, _) => self.await_slot(slot),
                    (false, Stage::Prepared) => self.show_unsent(slot),
                    // It may have been charged, which is what is shown without a row too.
                    (false, Stage::Sent | Stage::Received) => {}
                }
            }
        }
    }

    /// It may have changed although its `run.json` did not, or be written to at any time: a file is missing, or another
    /// program is at work here.
    pub(super) fn may_be_otherwise(&self) -> bool {
        let is_missing = |slot: &Slot| matches!(slot, Slot::Failed(failure) if failure.is_missing_file());
        self.is_shared || self.instead.values().any(is_missing)
    }

    /// An image of a call made here may still come: it is shown as waiting, and nobody else is at work here.
    pub(super) fn waits_here(&self) -> bool {
        let mut slots = (0..=u16::MAX).take(self.record.images.len());
        !self.is_shared && slots.any(|slot| self.is_waiting(slot) && !self.instead.contains_key(&slot))
    }

    /// Something that waits is shown otherwise.
    pub(super) fn is_cut_short(&self) -> bool {
        self.instead.keys().any(|slot| self.is_waiting(*slot))
    }

    /// The file is one of the run's own.
    pub(super) fn knows(&self, file: &str) -> bool {
        let mut stored = self.record.images.iter();
        stored.any(|image| matches!(image, ImageRecord::Stored(stored) if stored.file == file))
    }

    /// The run as it is to be shown.
    pub(super) fn run(&self) -> Result<Run, String> {
        let mut run = self.record.run()?;
        for (slot, shown) in (0..=u16::MAX).zip(&mut run.slots) {
            if let Some(instead) = self.instead.get(&slot) {
                *shown = instead.clone();
                if *instead == Slot::Gone {
                    run.binned.remove(&slot);
                }
            }
        }
        Ok(run)
    }

    /// The facts of an image whose file is there.
    pub(super) fn facts(&self, slot: u16) -> Option<ImageFacts> {
        self.stored(slot).map(StoredRecord::facts)
    }

    /// The record of an image whose file is there.
    pub(super) fn stored(&self, slot: u16) -> Option<&StoredRecord> {
        match self.record.images.get(usize::from(slot)) {
            Some(ImageRecord::Stored(stored)) if !self.instead.contains_key(&slot) => Some(stored),
            _ => None,
        }
    }

    /// The SHA-256 of every image whose file is there.
    pub(super) fn hashes(&self, run: RunId) -> impl Iterator<Item = (ImageId, String)> + '_ {
        let slots = (0..=u16::MAX).take(self.record.images.len());
        slots.filter_map(move |slot| Some((ImageId { run, slot }, self.stored(slot)?.sha256.clone())))
    }

    /// The same, to be changed.
    pub(super) fn stored_mut(&mut self, slot: u16) -> Option<&mut StoredRecord> {
        match self.record.images.get_mut(usize::from(slot)) {
            Some(ImageRecord::Stored(stored)) if !self.instead.contains_key(&slot) => Some(stored),
            _ => None,
        }
    }

    /// The record holds an image here, whether or not its file is there.
    pub(super) fn has_stored(&self, slot: u16) -> bool {
        matches!(self.record.images.get(usize::from(slot)), Some(ImageRecord::Stored(_)))
    }

    /// Enters an image; its file is there.
    pub(super) fn store(&mut self, slot: u16, mut stored: StoredRecord) {
        self.put(slot, |extra| {
            stored.extra = extra;
            ImageRecord::Stored(Box::new(stored))
        });
    }

    /// Puts a slot without an image into a new state.
    pub(super) fn set(&mut self, slot: u16, state: &Slot) {
        self.put(slot, |extra| ImageRecord::new(state, extra));
    }

    /// Puts a new record into a place, with the fields nobody here knows. Slots in between wait.
    fn put(&mut self, slot: u16, new: impl FnOnce(Extra) -> ImageRecord) {
        let index = usize::from(slot);
        while self.record.images.len() <= index {
            self.record.images.push(ImageRecord::new(&Slot::Waiting, Extra::new()));
        }
        if let Some(image) = self.record.images.get_mut(index) {
            *image = new(image.extra().clone());
        }
        self.instead.remove(&slot);
    }

    /// Marks an image; says whether that changed anything.
    pub(super) fn mark(&mut self, slot: u16, mark: Mark) -> bool {
        self.stored_mut(slot).is_some_and(|stored| stored.set_mark(mark))
    }

    /// Looks whether the file of a stored image is there; when it is not, it is shown as missing from now on.
    pub(super) fn look_for(&mut self, disk: &dyn Disk, root: &Path, slot: u16) -> Option<Failure> {
        if self.instead.contains_key(&slot) {
            return None;
        }
        let Some(ImageRecord::Stored(stored)) = self.record.images.get(usize::from(slot)) else { return None };
        let is_there = match stored.bin {
            Some(_) => binned_file(disk, root, &self.folder, stored).is_some(),
            None => is_file(disk, &self.folder.join(&stored.file)),
        };
        if is_there {
            return None;
        }
        let failure = missing(&stored.file);
        self.instead.insert(slot, Slot::Failed(failure.clone().into()));
        Some(failure)
    }

    /// What is shown in a place instead of what its record says.
    pub(super) fn instead(&self, slot: u16) -> Option<&Slot> {
        self.instead.get(&slot)
    }

    /// The image went into the system's trash.
    pub(super) fn set_gone(&mut self, slot: u16) {
        self.instead.insert(slot, Slot::Gone);
    }

    /// The record says that this place is in the bin, and it was not emptied.
    pub(super) fn is_binned(&self, slot: u16) -> bool {
        let image = self.record.images.get(usize::from(slot));
        image.is_some_and(|image| image.bin().is_some()) && self.instead.get(&slot) != Some(&Slot::Gone)
    }

    /// The images stored and their bytes.
    pub(super) fn summary(&self) -> LibrarySummary {
        let mut summary = LibrarySummary::default();
        for (slot, image) in (0..=u16::MAX).zip(&self.record.images) {
            let counts = !self.instead.contains_key(&slot) && image.bin().is_none();
            if let (ImageRecord::Stored(stored), true) = (image, counts) {
                summary.images += 1;
                summary.size_bytes = summary.size_bytes.saturating_add(stored.size_bytes);
            }
        }
        summary
    }
}

/// What an image that still waited when the program ended is shown as.
fn ended_too_early() -> Failure {
    Failure::maybe_billed(FailureKind::CutOff, "The program ended before the answer came. It may have been charged.")
}

/// What was written down but never sent when the program ended is shown as.
pub(super) fn not_sent() -> Failure {
    let sentence = "The program ended before this was sent, so nothing was charged. Press Retry to send it.";
    Failure::free(FailureKind::Cancelled, sentence)
}

fn missing(file: &str) -> Failure {
    // As long as a tile of the usual size has room for.
    let sentence = format!("{file} was moved or deleted elsewhere. Put it back to see it again.");
    Failure::missing_file(sentence)
}

/// Where the file of a binned image is: in the bin, or beside `run.json` when a move was not finished.
pub(super) fn binned_file(disk: &dyn Disk, root: &Path, folder: &Path, stored: &StoredRecord) -> Option<PathBuf> {
    let place = stored.bin.as_ref()?.file.as_deref().and_then(|place| layout::bin_path(root, place));
    let own = layout::is_image_name(&stored.file).then(|| folder.join(&stored.file));
    [place, own].into_iter().flatten().find(|path| is_file(disk, path) && lies_inside(disk, root, path))
}

/// No folder on the way to it from the library is a link: what is moved or emptied is the library's own.
fn lies_inside(disk: &dyn Disk, root: &Path, path: &Path) -> bool {
    let is_folder = |folder: &Path| disk.look(folder).is_ok_and(|look| look.kind == Kind::Folder);
    path.ancestors().skip(1).take_while(|folder| *folder != root).all(is_folder)
}

fn is_file(disk: &dyn Disk, path: &Path) -> bool {
    disk.look(path).is_ok_and(|look| look.kind == Kind::File)
}
