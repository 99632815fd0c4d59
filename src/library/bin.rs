//! The bin: images are moved there and back, and on into the system's trash. Nothing is overwritten or written anew.
//!
//! `run.json` is the word that counts. It says "in the bin" before a file is moved there, and until after it is moved
//! back; in between the file is in one of the two places, and both are looked at.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use super::catalog::{Library, lock};
use super::disk::{Access, Kind};
use super::layout;
use super::schema::{BinRecord, Extra, ImageRecord};
use super::shelf::{Shelf, binned_file};
use super::trouble::disk_failure;
use crate::domain::{Failure, FailureKind, ImageId, RunId, Slot, numbered};

/// Images that stayed where they were, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unmoved {
    /// Which.
    pub images: Vec<ImageId>,
    /// Where they are: in the bin.
    pub binned: bool,
    /// Why.
    pub failure: Failure,
}

/// What became of emptying the bin.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Emptied {
    /// Images that are in the system's trash now.
    pub gone: Vec<ImageId>,
    /// Why the others are not.
    pub failure: Option<Failure>,
}

/// A file on its way between a run's folder and the bin.
struct Move {
    slot: u16,
    from: PathBuf,
    to: PathBuf,
}

impl Library {
    /// Puts images and failures into the bin (`true`) or takes them out; each run's file is written once or twice.
    /// Answers with what could not be moved.
    pub fn set_binned(&self, images: &[(ImageId, bool)]) -> Vec<Unmoved> {
        let mut by_run: BTreeMap<(RunId, bool), Vec<u16>> = BTreeMap::new();
        for (image, binned) in images {
            by_run.entry((image.run, *binned)).or_default().push(image.slot);
        }
        let mut unmoved = Vec::new();
        for ((run, binned), slots) in by_run {
            let result = if binned { self.bin(run, &slots) } else { self.restore(run, &slots) };
            if let Err((slots, failure)) = result {
                let images = slots.into_iter().map(|slot| ImageId { run, slot }).collect();
                unmoved.push(Unmoved { images, binned: !binned, failure });
            }
        }
        unmoved
    }

    /// First the record, then the files.
    fn bin(&self, run: RunId, slots: &[u16]) -> Result<(), (Vec<u16>, Failure)> {
        let all = |failure| (slots.to_vec(), failure);
        self.may_write().map_err(all)?;
        let shelf = self.shelf_or_why(run).map_err(all)?;
        let mut held = lock(&shelf);
        self.make_current(&mut held).map_err(all)?;
        let failed =
            |folder: &Path, error: &io::Error| disk_failure("The image could not be moved to the bin", folder, error);
        let mut changed = held.clone();
        let mut moves = Vec::new();
        for &slot in slots {
            self.plan(&mut changed, slot, &mut moves).map_err(|error| all(failed(&held.folder, &error)))?;
        }
        self.commit_or_leave(&mut held, changed).map_err(|error| all(failed(&held.folder, &error)))?;
        let (stuck, why) = self.carry_out(&moves, failed);
        self.sync_around(&moves);
        let Some(failure) = why else { return Ok(()) };
        let mut back = held.clone();
        for &slot in &stuck {
            back.set_bin(slot, None);
        }
        // When even that cannot be written they count as binned: their files are found where they are.
        if self.commit(&mut held, back).is_ok() { Err((stuck, failure)) } else { Ok(()) }
    }

    /// Moves the files. Answers with the places whose files stayed, and why the first of them did.
    fn carry_out(&self, moves: &[Move], failed: impl Fn(&Path, &io::Error) -> Failure) -> (Vec<u16>, Option<Failure>) {
        let mut stuck = Vec::new();
        let mut why = None;
        for Move { slot, from, to } in moves {
            if let Err(error) = self.disk.rename_no_clobber(from, to) {
                stuck.push(*slot);
                why.get_or_insert_with(|| failed(from, &error));
            }
        }
        (stuck, why)
    }

    /// Writes into the record that a place is in the bin, and where its file is to go.
    fn plan(&self, shelf: &mut Shelf, slot: u16, moves: &mut Vec<Move>) -> io::Result<()> {
        if shelf.is_binned(slot) {
            return Ok(());
        }
        if let (Some(ImageRecord::Waiting(_)), Some(Slot::Failed(failure))) =
            (shelf.record.images.get(usize::from(slot)), shelf.instead(slot).cloned())
        {
            // It was never answered, and shown so: now that is what became of it.
            shelf.set(slot, &Slot::Failed(failure));
        }
        let mut bin = BinRecord::default();
        if let Some(stored) = shelf.stored(slot) {
            let (place, to) = self.free_place(&shelf.folder, &stored.file)?;
            bin.file = Some(place);
            moves.push(Move { slot, from: shelf.folder.join(&stored.file), to });
        }
        shelf.set_bin(slot, Some(bin));
        Ok(())
    }

    /// A free name in the bin for a run's file, with its folder made.
    fn free_place(&self, run: &Path, file: &str) -> io::Result<(String, PathBuf)> {
        let names = layout::bin_folder(&self.root, run);
        let (last, above) = names.split_last().ok_or(io::ErrorKind::InvalidInput)?;
        let mut folder = self.root.clone();
        for name in layout::BIN.into_iter().chain(above.iter().map(String::as_str)) {
            folder = self.made_folder(&folder, name)?;
        }
        for attempt in 1..=layout::NAMES_MAX {
            let name = numbered(last, attempt);
            let place = above.iter().map(String::as_str).chain([name.as_str(), file]).collect::<Vec<_>>().join("/");
            let path = layout::bin_path(&self.root, &place).ok_or(io::ErrorKind::InvalidInput)?;
            match self.disk.look(&path) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => {
                    self.made_folder(&folder, &name)?;
                    return Ok((place, path));
                }
                // Another run of this name was here, or a file stands where the folder should be.
                Ok(_) => {}
                Err(error) if error.kind() == io::ErrorKind::NotADirectory => {}
                Err(error) => return Err(error),
            }
        }
        Err(io::ErrorKind::AlreadyExists.into())
    }

    /// A folder that is there, on the disk, when this returns.
    fn made_folder(&self, above: &Path, name: &str) -> io::Result<PathBuf> {
        let path = above.join(name);
        match self.disk.make_folder(&path, Access::Usual) {
            Ok(()) => self.disk.sync_folder(above).map(|()| path),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => match self.disk.look(&path)?.kind {
                Kind::Folder => Ok(path),
                _ => Err(error),
            },
            Err(error) => Err(error),
        }
    }

    /// First the files, then the record.
    fn restore(&self, run: RunId, slots: &[u16]) -> Result<(), (Vec<u16>, Failure)> {
        let all = |failure| (slots.to_vec(), failure);
        self.may_write().map_err(all)?;
        let shelf = self.shelf_or_why(run).map_err(all)?;
        let mut held = lock(&shelf);
        self.make_current(&mut held).map_err(all)?;
        let failed = |folder: &Path, error: &io::Error| {
            disk_failure("The image could not be taken out of the bin", folder, error)
        };
        let moves = self.ways_back(&mut held, slots).map_err(|error| all(failed(&held.folder, &error)))?;
        let (stuck, why) = self.carry_out(&moves, failed);
        if !moves.is_empty() {
            self.disk.sync_folder(&held.folder).map_err(|error| all(failed(&held.folder, &error)))?;
        }
        let mut changed = held.clone();
        for slot in slots.iter().filter(|slot| !stuck.contains(slot)) {
            changed.set_bin(*slot, None);
        }
        self.commit_or_leave(&mut held, changed).map_err(|error| all(failed(&held.folder, &error)))?;
        self.tidy(moves.iter().map(|Move { from, .. }| from.as_path()));
        why.map_or(Ok(()), |failure| Err((stuck, failure)))
    }

    /// The files that are in the bin, and their names in the run's folder. Where such a name was taken meanwhile, a free
    /// one is written down first.
    fn ways_back(&self, held: &mut Shelf, slots: &[u16]) -> io::Result<Vec<Move>> {
        let mut moves = Vec::new();
        let mut renamed = held.clone();
        let mut names_changed = false;
        for &slot in slots.iter().filter(|&&slot| held.is_binned(slot)) {
            let Some(ImageRecord::Stored(stored)) = renamed.record.images.get_mut(usize::from(slot)) else { continue };
            let Some(from) = binned_file(&*self.disk, &self.root, &held.folder, stored) else { continue };
            if from.parent() == Some(&held.folder) {
                continue;
            }
            let free = self.free_name(&held.folder, &stored.file)?;
            names_changed |= free != stored.file;
            moves.push(Move { slot, from, to: held.folder.join(&free) });
            stored.file = free;
        }
        if names_changed {
            self.commit(held, renamed)?;
        }
        Ok(moves)
    }

    fn free_name(&self, folder: &Path, file: &str) -> io::Result<String> {
        let (stem, suffix) = file.rsplit_once('.').unwrap_or((file, ""));
        for attempt in 1..=layout::NAMES_MAX {
            let stem = numbered(stem, attempt);
            let name = if suffix.is_empty() { stem } else { format!("{stem}.{suffix}") };
            match self.disk.look(&folder.join(&name)) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(name),
                Err(error) => return Err(error),
                Ok(_) => {}
            }
        }
        Err(io::ErrorKind::AlreadyExists.into())
    }

    /// Moves these images' files on into the system's trash; those among them that are not in the bin are left alone.
    /// The first one that cannot be moved ends it.
    pub fn empty_bin(&self, images: &[ImageId]) -> Emptied {
        let mut by_run: BTreeMap<RunId, Vec<u16>> = BTreeMap::new();
        for image in images {
            by_run.entry(image.run).or_default().push(image.slot);
        }
        let mut emptied = Emptied::default();
        for (run, slots) in by_run {
            if let Err(failure) = self.empty_run(run, &slots, &mut emptied.gone) {
                emptied.failure = Some(failure);
                break;
            }
        }
        emptied
    }

    fn empty_run(&self, run: RunId, slots: &[u16], gone: &mut Vec<ImageId>) -> Result<(), Failure> {
        self.may_write()?;
        let shelf = self.shelf_or_why(run)?;
        let mut held = lock(&shelf);
        self.make_current(&mut held)?;
        let slots: Vec<u16> = slots.iter().copied().filter(|&slot| held.is_binned(slot)).collect();
        let mut changed = held.clone();
        for &slot in &slots {
            let image = changed.record.images.get(usize::from(slot));
            let bin = image.and_then(ImageRecord::bin).cloned().unwrap_or_default();
            changed.set_bin(slot, Some(BinRecord { emptied: true, ..bin }));
        }
        self.commit_or_leave(&mut held, changed)
            .map_err(|error| disk_failure("The bin could not be emptied", &held.folder, &error))?;
        for slot in slots {
            let file = match held.record.images.get(usize::from(slot)) {
                Some(ImageRecord::Stored(stored)) => binned_file(&*self.disk, &self.root, &held.folder, stored),
                _ => None,
            };
            if let Some(file) = file {
                self.disk.trash(&file).map_err(|error| no_trash(&file, &error))?;
                self.tidy([file.as_path()].into_iter());
            }
            held.set_gone(slot);
            gone.push(ImageId { run, slot });
        }
        Ok(())
    }

    /// Folders of the bin with nothing left in them go; the rest stay by themselves.
    fn tidy<'a>(&self, moved: impl Iterator<Item = &'a Path>) {
        let bin = layout::BIN.iter().fold(self.root.clone(), |path, name| path.join(name));
        for file in moved {
            let above = file.ancestors().skip(1).take_while(|folder| folder.starts_with(&bin) && **folder != *bin);
            for folder in above {
                if self.disk.remove_empty_folder(folder).is_err() {
                    break;
                }
            }
        }
    }

    /// Both ends of moves, as far as the disk can: either end is good after a power cut.
    fn sync_around(&self, moves: &[Move]) {
        let ends = moves.iter().flat_map(|Move { from, to, .. }| [to.parent(), from.parent()]);
        let mut folders: Vec<&Path> = ends.flatten().collect();
        folders.sort_unstable();
        folders.dedup();
        for folder in folders {
            if let Err(error) = self.disk.sync_folder(folder) {
                tracing::warn!(%error, "a folder could not be synced");
            }
        }
    }
}

impl Shelf {
    fn set_bin(&mut self, slot: u16, bin: Option<BinRecord>) {
        if let Some(image) = self.record.images.get_mut(usize::from(slot)) {
            // Fields nobody here knows are kept while it is in the bin.
            let extra = image.bin().map_or_else(Extra::new, |bin| bin.extra.clone());
            image.set_bin(bin.map(|bin| BinRecord { extra, ..bin }));
        }
    }
}

fn no_trash(file: &Path, error: &io::Error) -> Failure {
    let sentence = "The system's trash did not take the image; a disk without a trash is the usual reason. It is still \
                    in the bin, in the library's folder .proofsheet/bin, and can be deleted there by hand";
    Failure::free(FailureKind::Disk, sentence).with_words(format!("{error}: {}", file.display()))
}

#[cfg(test)]
mod tests;
