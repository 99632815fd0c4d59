//! What a program that was killed left behind: its rows, half-written files, and images nobody had entered yet.

use std::collections::BTreeSet;
use std::path::Path;

use super::catalog::{Library, lock};
use super::digest::sha256;
use super::disk::read_all;
use super::inbox::Adopted;
use super::layout;
use super::passage::Passage;
use super::record::NewImage;
use super::schema::StoredRecord;
use super::shelf::not_sent;
use super::trouble::disk_failure;
use crate::domain::{Failure, ImageFacts, ImageId, RunId, Slot};

impl Library {
    /// Takes over the calls of programs that are gone. What was never sent is written down as such and is over; the
    /// rest is returned, and its places wait until it is finished.
    ///
    /// Safe to be killed in, safe to be done again, and safe beside other programs: each takes what is nobody's.
    pub fn take_up(&self) -> Result<Vec<Passage>, Failure> {
        self.may_write()?;
        let failed = |error: std::io::Error| {
            disk_failure("Answers that were left in the inbox cannot be taken up", &self.root, &error)
        };
        let Adopted { rows, others } = self.inbox.adopt().map_err(failed)?;
        for row in others {
            if let Some(shelf) = self.shelf(row.run) {
                lock(&shelf).share();
            }
        }
        let mut passages = Vec::new();
        for (row, stage) in rows {
            let session = self.inbox.session().map_err(failed)?;
            let passage = Passage::found(session, self.disk.clone(), row, stage).map_err(failed)?;
            if !passage.is_unsent() {
                self.await_again(&passage);
                passages.push(passage);
            } else if self.fail_waiting(&passage).is_ok() {
                passage.settle();
            }
        }
        self.sweep();
        Ok(passages)
    }

    /// The runs whose calls [`Library::take_up`] would take over.
    pub fn cut_short(&self) -> BTreeSet<RunId> {
        self.inbox.lying().into_iter().filter(|lying| !lying.is_live).map(|lying| lying.row.run).collect()
    }

    /// What was never sent is free to be asked for.
    fn fail_waiting(&self, passage: &Passage) -> Result<(), Failure> {
        // Rows are written before their run: without it nothing was promised.
        if self.shelf(passage.run()).is_none() {
            return Ok(());
        }
        self.change(passage.run(), |shelf| {
            let waiting = passage.slots().iter().filter(|slot| shelf.is_waiting(**slot));
            let waiting: Vec<u16> = waiting.copied().collect();
            for slot in &waiting {
                shelf.set(*slot, &Slot::Failed(not_sent().into()));
            }
            !waiting.is_empty()
        })
    }

    /// The places of a call that is being finished are shown as waiting.
    fn await_again(&self, passage: &Passage) {
        if let Some(shelf) = self.shelf(passage.run()) {
            let mut shelf = lock(&shelf);
            passage.slots().iter().for_each(|slot| shelf.await_slot(*slot));
        }
    }

    /// Removes files that were not finished and whose writers are gone.
    fn sweep(&self) {
        for path in std::mem::take(&mut lock(&self.reading).unfinished_files) {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            if layout::maker(&name).is_some_and(|maker| !self.inbox.is_live(maker)) {
                self.disk.remove_file(&path).ok();
            }
        }
    }

    /// Stores an image of an answer that is read once more: like [`Library::store_image`], but what is stored already is
    /// found again, and an image whose place has been taken meanwhile gets one of its own. Returns where it is.
    pub fn store_again(&self, image: ImageId, bytes: &[u8], new: NewImage) -> Result<(ImageId, ImageFacts), Failure> {
        let shelf = self.shelf_or_why(image.run)?;
        let hash = sha256(bytes);
        let slot = {
            let held = lock(&shelf);
            let same = |slot: u16| held.stored(slot).filter(|stored| stored.sha256 == hash).map(StoredRecord::facts);
            if let Some(facts) = same(image.slot) {
                return Ok((image, facts));
            }
            let slots = 0..u16::try_from(held.record.images.len()).unwrap_or(u16::MAX);
            if slots.contains(&image.slot) && held.facts(image.slot).is_none() {
                image.slot
            } else if let Some((slot, facts)) = slots.clone().find_map(|slot| Some((slot, same(slot)?))) {
                return Ok((ImageId { slot, ..image }, facts));
            } else {
                slots.end
            }
        };
        let image = ImageId { slot, ..image };
        self.store_image(image, bytes, new).map(|facts| (image, facts))
    }

    /// Another program that runs now has a call of this run.
    pub fn is_at_work(&self, run: RunId) -> bool {
        self.inbox.lying().iter().any(|call| call.is_live && call.row.run == run)
    }

    /// The bytes of an image that lies in its run's folder under its name but was never entered into `run.json`.
    ///
    /// Files get such names only when they are whole and synced.
    pub fn stray(&self, image: ImageId) -> Option<Vec<u8>> {
        let shelf = self.shelf(image.run)?;
        let path = {
            let shelf = lock(&shelf);
            let stem = layout::image_stem(image.slot);
            let entries = self.disk.list(&shelf.folder).ok()?.into_iter();
            let mut names = entries.filter(|entry| entry.is_file).filter_map(|entry| entry.name.into_string().ok());
            let name = names.find(|name| {
                let is_ours = Path::new(name).file_stem().is_some_and(|known| *known == *stem);
                is_ours && layout::is_image_name(name) && !shelf.knows(name)
            })?;
            shelf.folder.join(name)
        };
        read_all(&*self.disk, &path, super::catalog::IMAGE_MAX_BYTES).ok()
    }
}

#[cfg(test)]
mod tests;
