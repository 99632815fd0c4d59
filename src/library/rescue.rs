//! Other places for paid images that the library's disk refuses, and the way back from there.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use serde::{Deserialize, Serialize};

use super::catalog::{IMAGE_MAX_BYTES, Library, lock};
use super::digest::{sha256, sha256_of};
use super::disk::{Access, Disk, Kind, RealDisk, make_folders, read_all};
use super::inbox::{NAMES_TRIED, new_id};
use super::lock::Lock;
use super::record::NewImage;
use super::trouble::{disk_failure, shown_path};
use super::{layout, write};
use crate::domain::{Failure, ImageId, RunId, Timestamp};

/// Images taken up at one start; whoever has more gets the rest at the next one.
const TAKEN_UP_MAX: usize = 1_000;
/// What is known of an image beside its bytes: a rewritten prompt of the longest kind, and little else.
const FACTS_MAX_BYTES: u64 = 1 << 20;
/// Characters of an image's hash in its name: enough to tell the few images of one place apart.
const HASH_LETTERS: usize = 12;
/// The version of the facts written.
const VERSION: u32 = 1;
const FACTS_SUFFIX: &str = "json";

/// Where images may be kept until the library takes them, in the order in which they are tried.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Refuges {
    /// A folder of this program's own. What lies here is taken up at the next start.
    pub own: Option<PathBuf>,
    /// A folder the person named for copies.
    pub output: Option<PathBuf>,
    /// The system's folder for what is soon to be removed.
    pub temporary: Option<PathBuf>,
}

/// Keeps images in other places.
pub struct Rescue {
    refuges: Refuges,
    disk: Arc<dyn Disk>,
    /// Held from the first image on: files of this name are being written, and are no leftovers.
    maker: Mutex<Option<Maker>>,
}

struct Maker {
    name: String,
    lock_file: PathBuf,
    _lock: Lock,
}

/// An image that is kept somewhere else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    image: ImageId,
    file: PathBuf,
    place: Place,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Own,
    Output,
    Temporary,
}

/// A kept image as it is read again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rescued {
    /// Its bytes as they were received.
    pub bytes: Vec<u8>,
    /// The prompt as the model rewrote it.
    pub revised_prompt: Option<String>,
    /// From sending the request to the last byte, in milliseconds.
    pub took_millis: u64,
    /// When it came in, unless that is not known any more.
    pub made_at: Option<Timestamp>,
}

/// What stands beside a kept image: for this program, and for people who find it.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Facts {
    #[serde(default)]
    format: u32,
    /// Where it belongs, as the library was called then.
    #[serde(default)]
    library: String,
    #[serde(default)]
    made_at: Option<u64>,
    #[serde(default)]
    took_millis: u64,
    #[serde(default)]
    revised_prompt: Option<String>,
}

impl Default for Rescue {
    /// Without any place: nothing is kept.
    fn default() -> Self {
        Self::new(Refuges::default())
    }
}

impl Rescue {
    /// On the computer's own disks.
    pub fn new(refuges: Refuges) -> Self {
        Self::on(refuges, Arc::new(RealDisk))
    }

    pub(super) fn on(refuges: Refuges, disk: Arc<dyn Disk>) -> Self {
        Self { refuges, disk, maker: Mutex::default() }
    }

    /// The places that are tried, for saying that none of them took an image.
    pub fn places(&self) -> Vec<PathBuf> {
        let Refuges { own, output, temporary } = &self.refuges;
        [own, output, temporary].into_iter().flatten().cloned().collect()
    }

    /// Keeps an image in the first place that takes it. When it returns one, bytes and name are on the disk there.
    pub fn keep(&self, library: &Library, image: ImageId, bytes: &[u8], new: &NewImage) -> Option<Kept> {
        let Refuges { own, output, temporary } = &self.refuges;
        let tries = [(own, Place::Own), (output, Place::Output), (temporary, Place::Temporary)];
        tries.into_iter().filter_map(|(folder, place)| Some((folder.as_deref()?, place))).find_map(|(folder, place)| {
            let kept = match place {
                Place::Own => self.keep_as_own(folder, image, bytes, new, library.root()),
                Place::Output => self.keep_for_people(folder, image, bytes, new),
                Place::Temporary => self.keep_for_a_while(folder, image, bytes, new),
            };
            let file =
                kept.inspect_err(|error| tracing::warn!(%error, ?place, "a rescued image found no room")).ok()?;
            Some(Kept { image, file, place })
        })
    }

    fn keep_as_own(
        &self,
        folder: &Path,
        image: ImageId,
        bytes: &[u8],
        new: &NewImage,
        library: &Path,
    ) -> io::Result<PathBuf> {
        make_folders(&*self.disk, folder, Access::Private)?;
        let maker = self.maker(folder)?;
        let hash = sha256(bytes);
        let name = own_name(image, &hash, new.format.suffix());
        let file = folder.join(&name);
        if !self.is_there(&file, &hash) {
            write::replace_as(&*self.disk, &maker, folder, &name, bytes, Access::Private)?;
            for above in folder.ancestors().skip(1).take(2) {
                self.disk.sync_folder(above)?;
            }
        }
        let facts = Facts {
            format: VERSION,
            library: shown_path(library),
            made_at: Some(new.made_at.0),
            took_millis: new.took_millis,
            revised_prompt: new.revised_prompt.clone(),
        };
        let written = serde_json::to_vec(&facts).map_err(io::Error::from).and_then(|text| {
            let name = facts_name(&file);
            write::replace_as(&*self.disk, &maker, folder, &name, &text, Access::Private)
        });
        if let Err(error) = written {
            // The image is what was paid for.
            tracing::warn!(%error, "what is known of a rescued image could not be written beside it");
        }
        Ok(file)
    }

    fn is_there(&self, file: &Path, hash: &str) -> bool {
        let is_file = self.disk.look(file).is_ok_and(|look| look.kind == Kind::File);
        is_file && self.disk.open(file).and_then(|mut file| sha256_of(&mut *file)).is_ok_and(|(known, _)| known == hash)
    }

    fn keep_for_people(&self, folder: &Path, image: ImageId, bytes: &[u8], new: &NewImage) -> io::Result<PathBuf> {
        make_folders(&*self.disk, folder, Access::Usual)?;
        let stem = format!("Proofsheet {} image {}", image.run, u32::from(image.slot) + 1);
        write::add(&*self.disk, &write::process(), folder, (&stem, new.format.suffix()), bytes)
            .map(|name| folder.join(name))
    }

    /// In a folder of its own with a new name: what others may have put into a place that is everybody's is not used.
    fn keep_for_a_while(&self, folder: &Path, image: ImageId, bytes: &[u8], new: &NewImage) -> io::Result<PathBuf> {
        let own = folder.join(format!("proofsheet-rescued-{}", new_id()));
        self.disk.make_folder(&own, Access::Private)?;
        let kept = self.keep_for_people(&own, image, bytes, new);
        kept.inspect_err(|_| {
            self.disk.remove_empty_folder(&own).ok();
        })
    }

    /// The name this program's files have until they are whole.
    fn maker(&self, folder: &Path) -> io::Result<String> {
        let mut held = lock(&self.maker);
        if let Some(maker) = &*held {
            return Ok(maker.name.clone());
        }
        for _ in 0..NAMES_TRIED {
            let name = new_id();
            let lock_file = lock_file(folder, &name);
            let Some(lock) = self.disk.lock(&lock_file)? else { continue };
            // Whoever swept between making and locking took it for a dead program's.
            if self.disk.look(&lock_file).is_ok() {
                *held = Some(Maker { name: name.clone(), lock_file, _lock: lock });
                return Ok(name);
            }
        }
        Err(io::Error::new(io::ErrorKind::AlreadyExists, "every name is taken"))
    }

    /// The images that wait in this program's own place, of all libraries. Removes what was not finished there.
    pub fn waiting(&self) -> Vec<Kept> {
        let Some(folder) = &self.refuges.own else { return Vec::new() };
        let Ok(entries) = self.disk.list(folder) else { return Vec::new() };
        let files = entries.iter().filter(|entry| entry.is_file);
        let names: Vec<&str> = files.filter_map(|entry| entry.name.to_str()).collect();
        self.sweep(folder, &names);
        let images = names.iter().filter_map(|name| {
            let image = own_image(name)?;
            Some(Kept { image, file: folder.join(name), place: Place::Own })
        });
        images.take(TAKEN_UP_MAX).collect()
    }

    /// Removes what programs that are gone did not finish.
    fn sweep(&self, folder: &Path, names: &[&str]) {
        let own = lock(&self.maker).as_ref().map(|maker| maker.lock_file.clone());
        for name in names {
            let path = folder.join(name);
            let is_gone = if let Some(maker) = layout::maker(name) {
                !self.disk.is_locked(&lock_file(folder, maker))
            } else if name.ends_with(layout::LOCK_END) {
                own.as_ref() != Some(&path) && matches!(self.disk.lock(&path), Ok(Some(_)))
            } else {
                // An image is written before its facts, and removed before them.
                let stem = name.strip_suffix(FACTS_SUFFIX).filter(|_| named(name).is_some());
                stem.is_some_and(|stem| !names.iter().any(|other| other != name && other.starts_with(stem)))
            };
            if is_gone {
                self.disk.remove_file(&path).ok();
            }
        }
    }

    /// Reads a kept image again.
    pub fn read(&self, kept: &Kept) -> Result<Rescued, Failure> {
        let bytes = read_all(&*self.disk, &kept.file, IMAGE_MAX_BYTES)
            .map_err(|error| disk_failure("A rescued image cannot be read", &kept.file, &error))?;
        let beside = kept.file.with_file_name(facts_name(&kept.file));
        let facts = read_all(&*self.disk, &beside, FACTS_MAX_BYTES).ok();
        let facts: Facts = facts.and_then(|text| serde_json::from_slice(&text).ok()).unwrap_or_default();
        Ok(Rescued {
            bytes,
            revised_prompt: facts.revised_prompt,
            took_millis: facts.took_millis,
            made_at: facts.made_at.map(Timestamp),
        })
    }

    /// The image is in the library: what was kept of it goes. A copy in the person's own folder is theirs.
    pub fn forget(&self, kept: &Kept) {
        if kept.place == Place::Output {
            return;
        }
        // Where this fails the next start finds it in the library already, and tries again.
        self.disk.remove_file(&kept.file).ok();
        match kept.place {
            Place::Own => self.disk.remove_file(&kept.file.with_file_name(facts_name(&kept.file))).ok(),
            Place::Output | Place::Temporary => {
                kept.file.parent().and_then(|folder| self.disk.remove_empty_folder(folder).ok())
            }
        };
    }
}

impl Drop for Rescue {
    fn drop(&mut self) {
        if let Some(maker) = lock(&self.maker).take() {
            self.disk.remove_file(&maker.lock_file).ok();
        }
    }
}

impl Kept {
    /// Which image.
    pub const fn image(&self) -> ImageId {
        self.image
    }

    /// Where it is.
    pub fn file(&self) -> &Path {
        &self.file
    }

    /// The failure to store the image, with where it is until then.
    #[must_use]
    pub fn tell(&self, mut failure: Failure) -> Failure {
        let file = shown_path(&self.file);
        let more = match self.place {
            Place::Own => format!("Until then it is kept at {file}, and the next start stores it too."),
            Place::Output => format!("A copy of it is at {file}."),
            Place::Temporary => format!("A copy of it is at {file}, which the system may remove when it restarts."),
        };
        failure.sentence = format!("{} {more}", failure.sentence);
        failure
    }
}

/// `0065f3b2c0e4a000 image 3 ba7816bf8f01.png`: told apart by the bytes too, so that nothing is ever overwritten.
fn own_name(image: ImageId, hash: &str, suffix: &str) -> String {
    let hash = hash.get(..HASH_LETTERS).unwrap_or(hash);
    format!("{} image {} {hash}.{suffix}", image.run, u32::from(image.slot) + 1)
}

/// The image a name tells, unless the file holds facts.
fn own_image(name: &str) -> Option<ImageId> {
    named(name).filter(|(_, suffix)| *suffix != FACTS_SUFFIX).map(|(image, _)| image)
}

fn named(name: &str) -> Option<(ImageId, &str)> {
    let (stem, suffix) = name.rsplit_once('.')?;
    let mut words = stem.split(' ');
    let run: RunId = words.next().filter(|word| word.len() == 16)?.parse().ok()?;
    words.next().filter(|word| *word == "image")?;
    let slot = words.next()?.parse::<u16>().ok()?.checked_sub(1)?;
    words.next().filter(|word| word.len() == HASH_LETTERS)?;
    words.next().is_none().then_some((ImageId { run, slot }, suffix))
}

fn lock_file(folder: &Path, name: &str) -> PathBuf {
    folder.join(format!("{name}{}", layout::LOCK_END))
}

fn facts_name(file: &Path) -> String {
    let stem = file.file_stem().unwrap_or_default().to_string_lossy();
    format!("{stem}.{FACTS_SUFFIX}")
}

#[cfg(test)]
mod tests;
