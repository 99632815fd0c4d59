//! Every change to the library's runs: written to the disk first, then to memory.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use super::catalog::{Library, broken_record, exchange, lock, unlisted};
use super::digest::{sha256, sha256_of};
use super::disk::{Access, Kind, Look};
use super::inbox::Lying;
use super::record::{NewImage, SLOTS_MAX};
use super::scan::{Unread, look_again, within};
use super::schema::{RunRecord, StoredRecord};
use super::shelf::Shelf;
use super::trouble::{disk_failure, paid_failure, unstored};
use super::{layout, schema, write};
use crate::domain::{Failure, FailureKind, ImageFacts, ImageId, Mark, Run, RunId, Slot, numbered};
use crate::message::{LibrarySummary, Unwritten};

/// Notes kept with a run; a server cannot make the file grow without end.
const NOTES_MAX: usize = 100;

impl Library {
    /// Writes a new run down, before anything is sent: its folder with its `run.json`.
    pub fn begin_run(&self, run: &Run) -> Result<(), Failure> {
        self.write_run(run, RunRecord::new(run))
    }

    /// The same for a run whose images are there already, with the name and the SHA-256 of each one's file: how a large
    /// library is made in one write for each run.
    pub fn begin_stored(&self, run: &Run, files: &[(String, String)]) -> Result<(), Failure> {
        self.write_run(run, RunRecord::stored(run, files))
    }

    fn write_run(&self, run: &Run, mut record: RunRecord) -> Result<(), Failure> {
        record.images.truncate(usize::from(SLOTS_MAX));
        self.may_write()?;
        if lock(&self.rack).place(run.id).is_some() {
            return Err(Failure::free(FailureKind::Disk, "This run is already in the library."));
        }
        let failed = |path: &Path, error: &io::Error| {
            disk_failure("The run could not be written down, so nothing was sent", path, error)
        };
        let (month, stem) = layout::run_folder(run, &self.zone);
        let month = self.make_month(&month).map_err(|error| failed(&self.root, &error))?;
        let folder = self.make_run_folder(&month, &stem).map_err(|error| failed(&month, &error))?;
        let mut shelf = Shelf::new(folder, record);
        if let Err(error) = self.write_record(&shelf) {
            // Nothing is sent without this file, so there is nothing to keep.
            self.disk.remove_file(&shelf.folder.join(layout::RUN_FILE)).ok();
            self.disk.remove_empty_folder(&shelf.folder).ok();
            return Err(failed(&shelf.folder, &error));
        }
        shelf.seen = self.seen(&shelf);
        exchange(&mut lock(&self.summary), LibrarySummary::default(), shelf.summary());
        lock(&self.rack).put(run.id, shelf);
        Ok(())
    }

    /// Keeps an image: its bytes under a free name, then its facts in `run.json`. When it returns, both are on the disk.
    ///
    /// A slot beyond those asked for is added. When the slot holds these very bytes already, nothing is written.
    pub fn store_image(&self, image: ImageId, bytes: &[u8], new: NewImage) -> Result<ImageFacts, Failure> {
        self.may_write()?;
        let shelf = self.shelf_or_why(image.run).map_err(unstored)?;
        let sha256 = sha256(bytes);
        let (folder, stem) = {
            let mut shelf = lock(&shelf);
            self.make_current(&mut shelf).map_err(unstored)?;
            if let Some(facts) = free_slot(&shelf, image.slot, &sha256)? {
                return Ok(facts);
            }
            (shelf.folder.clone(), layout::image_stem(image.slot))
        };
        let name = (stem.as_str(), new.format.suffix());
        let file = match self.written_before(&shelf, name, &sha256, bytes.len() as u64) {
            Some(file) => self.disk.sync_folder(&folder).map(|()| file),
            None => self.maker().and_then(|maker| write::add(&*self.disk, &maker, &folder, name, bytes)),
        };
        let file = file.map_err(|error| paid_failure(&folder, &error))?;
        let facts = ImageFacts {
            size_bytes: bytes.len() as u64,
            width: new.width,
            height: new.height,
            format: new.format,
            revised_prompt: new.revised_prompt.map(Arc::from),
            mark: Mark::None,
            made_at: new.made_at,
            took_millis: new.took_millis,
        };
        let stored = StoredRecord::new(file, sha256, &facts);
        let mut held = lock(&shelf);
        if free_slot(&held, image.slot, "")?.is_none() {
            self.write_change(&mut held, |shelf| shelf.store(image.slot, stored))
                .map_err(|error| paid_failure(&folder, &error))?;
        }
        Ok(facts)
    }

    /// Writes down why an image did not come. An image that is stored stays stored.
    pub fn fail_image(&self, image: ImageId, failure: &Failure) -> Result<(), Failure> {
        self.change(image.run, |shelf| {
            if shelf.has_stored(image.slot) || image.slot >= SLOTS_MAX {
                return false;
            }
            shelf.set(image.slot, &Slot::Failed(failure.clone().into()));
            true
        })
    }

    /// The image is asked for again: its slot waits. An image that is stored stays stored, unless its file is missing.
    /// An image another program is making right now is not asked for a second time.
    pub fn ask_again(&self, image: ImageId) -> Result<(), Failure> {
        let is_shared = self.shelf(image.run).is_some_and(|shelf| lock(&shelf).is_shared());
        let is_made_elsewhere =
            |call: &Lying| call.is_live && call.row.run == image.run && call.row.slots.contains(&image.slot);
        if is_shared && self.inbox.lying().iter().any(is_made_elsewhere) {
            let sentence =
                "Another Proofsheet is making this image now. Nothing was sent; open the library again to see it.";
            return Err(Failure::free(FailureKind::Disk, sentence));
        }
        self.change(image.run, |shelf| {
            let known = usize::from(image.slot) < shelf.record.images.len();
            let open = known && shelf.facts(image.slot).is_none();
            if open {
                shelf.set(image.slot, &Slot::Waiting);
            }
            open
        })
    }

    /// Adds a note to a run; one that is there already is not added twice.
    pub fn note(&self, run: RunId, text: &str) -> Result<(), Failure> {
        self.change(run, |shelf| {
            let notes = &mut shelf.record.notes;
            let fresh = notes.len() < NOTES_MAX && !notes.iter().any(|note| note == text);
            if fresh {
                notes.push(text.to_owned());
            }
            fresh
        })
    }

    /// Writes down which model the server says it used.
    pub fn set_model_answered(&self, run: RunId, model: &str) -> Result<(), Failure> {
        self.change(run, |shelf| {
            let before = shelf.record.model_answered.replace(model.to_owned());
            before.as_deref() != Some(model)
        })
    }

    /// Writes down the prompt as the model rewrote it, for an image that is stored.
    pub fn set_revised_prompt(&self, image: ImageId, text: &str) -> Result<(), Failure> {
        self.change(image.run, |shelf| {
            let Some(stored) = shelf.stored_mut(image.slot) else { return false };
            let before = stored.revised_prompt.replace(text.to_owned());
            before.as_deref() != Some(text)
        })
    }

    /// Writes marks down, each run's file once. All runs are tried; `Err` holds what could not be written, and why the
    /// first of it was not.
    pub fn set_marks(&self, marks: &[(ImageId, Mark)]) -> Result<(), (Vec<Unwritten>, Failure)> {
        let mut by_run: BTreeMap<RunId, Vec<(u16, Mark)>> = BTreeMap::new();
        for (image, mark) in marks {
            by_run.entry(image.run).or_default().push((image.slot, *mark));
        }
        let mut unwritten = Vec::new();
        let mut why = None;
        for (run, marks) in by_run {
            let written = self.change(run, |shelf| {
                let changes = marks.iter().filter(|(slot, mark)| shelf.mark(*slot, *mark));
                changes.count() > 0
            });
            let Err(failure) = written else { continue };
            why.get_or_insert(failure);
            let shelf = self.shelf(run);
            unwritten.extend(marks.into_iter().map(|(slot, tried)| {
                let facts = shelf.as_ref().and_then(|shelf| lock(shelf).facts(slot));
                Unwritten { image: ImageId { run, slot }, tried, kept: facts.map(|facts| facts.mark) }
            }));
        }
        why.map_or(Ok(()), |failure| Err((unwritten, failure)))
    }

    /// Changes a run's record and writes it; `edit` says whether there is anything to write.
    pub(super) fn change(&self, run: RunId, edit: impl FnOnce(&mut Shelf) -> bool) -> Result<(), Failure> {
        self.may_write()?;
        let shelf = self.shelf_or_why(run)?;
        let mut held = lock(&shelf);
        self.make_current(&mut held)?;
        let mut changed = held.clone();
        if !edit(&mut changed) {
            return Ok(());
        }
        self.commit_or_leave(&mut held, changed)
            .map_err(|error| disk_failure("The change could not be written down", &held.folder, &error))
    }

    fn write_change(&self, held: &mut Shelf, edit: impl FnOnce(&mut Shelf)) -> io::Result<()> {
        let mut changed = held.clone();
        edit(&mut changed);
        self.commit(held, changed)
    }

    /// First the disk, then memory: what is shown is what is written.
    pub(super) fn commit(&self, held: &mut Shelf, mut changed: Shelf) -> io::Result<()> {
        changed.record.format = schema::VERSION;
        self.write_record(&changed)?;
        changed.seen = self.seen(&changed);
        exchange(&mut lock(&self.summary), held.summary(), changed.summary());
        *held = changed;
        Ok(())
    }

    /// Writes a changed record. Where its name was exchanged but not synced, the one before is put back as well as the disk
    /// can: what is told is what will be found.
    pub(super) fn commit_or_leave(&self, held: &mut Shelf, changed: Shelf) -> io::Result<()> {
        self.commit(held, changed).inspect_err(|_| {
            if let Err(error) = self.write_record(held) {
                tracing::warn!(%error, "the record before could not be written back");
            }
        })
    }

    pub(super) fn write_record(&self, shelf: &Shelf) -> io::Result<()> {
        let (text, maker) = (shelf.record.text()?, self.maker()?);
        write::replace_as(&*self.disk, &maker, &shelf.folder, layout::RUN_FILE, &text, Access::Usual)
    }

    /// By whose lock others know that a half-written file is still being written.
    fn maker(&self) -> io::Result<String> {
        self.inbox.session().map(|session| session.id.clone())
    }

    /// What must come before every change of a run. Fails where it may not be changed.
    pub(super) fn make_current(&self, held: &mut Shelf) -> Result<(), Failure> {
        self.look_again(held)?;
        if held.record.is_newer() {
            let why = "This run was written by a newer version of Proofsheet and is not changed. Update the program.";
            return Err(Failure::free(FailureKind::Unsupported, why));
        }
        Ok(())
    }

    /// Takes in what another program has written to this run: the folder is the truth, also while the window is open.
    /// Fails where something stands there that is not this run.
    fn look_again(&self, held: &mut Shelf) -> Result<(), Failure> {
        if !held.is_shared() && held.seen.is_some() && held.seen == self.seen(held) {
            return Ok(());
        }
        let mut now = match look_again(&*self.disk, &self.root, &held.folder) {
            Ok(now) => now,
            // Nothing is there to be written over.
            Err(Unread::Gone) => return Ok(()),
            Err(Unread::Broken(why)) => return Err(broken_record(why)),
            Err(Unread::Unlisted(error)) => return Err(unlisted(&held.folder, &error)),
        };
        if now.record.id != held.record.id {
            let path = within(&self.root, &held.folder);
            return Err(broken_record(format!("Another run was put into this run's folder: {path}")));
        }
        if held.is_shared() {
            now.share();
        } else {
            now.wait_as(held);
        }
        exchange(&mut lock(&self.summary), held.summary(), now.summary());
        if let (Ok(before), Ok(after)) = (held.run(), now.run())
            && before != after
        {
            lock(&self.taken_in).insert(after.id);
        }
        *held = now;
        Ok(())
    }

    /// How its `run.json` looks now.
    pub(super) fn seen(&self, shelf: &Shelf) -> Option<Look> {
        self.disk.look(&shelf.folder.join(layout::RUN_FILE)).ok()
    }

    /// The name of a file with these very bytes that was written for this place but never entered.
    fn written_before(&self, shelf: &Mutex<Shelf>, name: (&str, &str), sha256: &str, bytes: u64) -> Option<String> {
        let shelf = lock(shelf);
        let file = format!("{}.{}", name.0, name.1);
        let path = shelf.folder.join(&file);
        let is_file = |look: Look| look.kind == Kind::File && look.size_bytes == bytes;
        if shelf.knows(&file) || !self.disk.look(&path).is_ok_and(is_file) {
            return None;
        }
        let found = self.disk.open(&path).and_then(|mut open| sha256_of(&mut *open)).ok()?;
        (found.0 == sha256).then_some(file)
    }

    /// The month's folder. A link or file under its name is left alone: the walk would not follow it.
    fn make_month(&self, month: &str) -> io::Result<PathBuf> {
        for attempt in 1..=layout::NAMES_MAX {
            let path = self.root.join(numbered(month, attempt));
            match self.disk.make_folder(&path, Access::Usual) {
                Ok(()) => return self.disk.sync_folder(&self.root).map(|()| path),
                Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
                Err(_) if self.disk.look(&path)?.kind == Kind::Folder => return Ok(path),
                Err(_) => {}
            }
        }
        Err(io::ErrorKind::AlreadyExists.into())
    }

    fn make_run_folder(&self, month: &Path, stem: &str) -> io::Result<PathBuf> {
        for attempt in 1..=layout::NAMES_MAX {
            let path = month.join(numbered(stem, attempt));
            match self.disk.make_folder(&path, Access::Usual) {
                Ok(()) => {
                    let synced = self.disk.sync_folder(month);
                    let synced = synced.inspect_err(|_| drop(self.disk.remove_empty_folder(&path)));
                    return synced.map(|()| path);
                }
                Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
                Err(_) => {}
            }
        }
        Err(io::ErrorKind::AlreadyExists.into())
    }
}

/// `None` when the slot can take an image, its facts when it holds these bytes, a failure when it holds others.
fn free_slot(shelf: &Shelf, slot: u16, sha256: &str) -> Result<Option<ImageFacts>, Failure> {
    if slot >= SLOTS_MAX {
        let sentence = format!("The server sent more than {SLOTS_MAX} images; this one was not kept.");
        return Err(Failure::maybe_billed(FailureKind::TooLarge, sentence));
    }
    match shelf.stored(slot) {
        None => Ok(None),
        Some(stored) if stored.sha256 == sha256 => Ok(Some(stored.facts())),
        Some(_) => {
            let sentence = "This place already holds an image, and nothing is overwritten. It may have been charged.";
            Err(Failure::maybe_billed(FailureKind::Disk, sentence))
        }
    }
}

#[cfg(test)]
mod tests;
