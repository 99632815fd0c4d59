//! Thumbnails kept on the disk: many to a file, found by what the image's bytes are, so that a library that was moved keeps
//! them. A cache: what is broken in it is thrown away and made again from the images.

mod entry;

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use self::entry::{Entry, HEADER, Key};
use super::catalog::lock;
use crate::domain::Glimpse;

/// Bytes of one pack: few files even for a large library, and little is lost when one is dropped.
const PACK_BYTES: u64 = 32 << 20;
/// Packs kept; the oldest goes when one more begins. 2 GB hold the thumbnails of 100,000 images at the usual size.
const PACKS_MAX: usize = 64;
/// The longest thumbnail kept: larger ones cost as much to read as to make.
const THUMBNAIL_BYTES_MAX: usize = 1 << 20;
/// The folder in the cache.
const FOLDER: &str = "thumbnails";
/// What is in the packs, and where.
const INDEX: &str = "index";

/// The thumbnails of all libraries on this computer. Where its folder cannot be used, it keeps nothing.
pub struct Packs {
    folder: PathBuf,
    state: Mutex<Option<State>>,
    limits: Limits,
}

#[derive(Clone, Copy)]
struct Limits {
    pack_bytes: u64,
    packs: usize,
}

struct State {
    /// Locked against other programs, and written at its end.
    index: File,
    /// The newest pack and its length.
    pack: Option<(u32, File, u64)>,
    entries: BTreeMap<Key, Kept>,
    /// Lines in the index.
    lines: u32,
}

impl Packs {
    /// The thumbnails in this cache folder. Another program that has them open keeps them for itself.
    pub fn open(cache: &Path) -> Self {
        Self::open_within(cache, Limits { pack_bytes: PACK_BYTES, packs: PACKS_MAX })
    }

    fn open_within(cache: &Path, limits: Limits) -> Self {
        let folder = cache.join(FOLDER);
        let state = State::open(&folder).inspect_err(|error| tracing::debug!(%error, "no thumbnails are kept")).ok();
        Self { folder, state: Mutex::new(state), limits }
    }

    /// The smallest thumbnail of at least this size that is kept for the image with this SHA-256.
    pub fn get(&self, sha256: &str, side: u32) -> Option<Vec<u8>> {
        let hash = entry::hash(sha256)?;
        let (key, entry) = {
            let held = lock(&self.state);
            let mut larger = held.as_ref()?.entries.range(Key { hash, side }..=Key { hash, side: u32::MAX });
            larger.next().map(|(key, kept)| (*key, kept.entry))?
        };
        let read = self.read(&entry);
        match read {
            Ok(bytes) if crc(&bytes) == entry.crc => Some(bytes),
            // Not what was written: nothing in this file is to be trusted.
            _ => {
                tracing::debug!(pack = entry.pack, side = key.side, "a pack of thumbnails is dropped");
                self.drop_pack(entry.pack);
                None
            }
        }
    }

    fn read(&self, entry: &Entry) -> io::Result<Vec<u8>> {
        let mut file = File::open(self.folder.join(pack_name(entry.pack)))?;
        file.seek(SeekFrom::Start(u64::from(entry.offset)))?;
        let mut bytes = vec![0; (entry.length as usize).min(THUMBNAIL_BYTES_MAX)];
        file.read_exact(&mut bytes)?;
        Ok(bytes)
    }

    /// Keeps a thumbnail. What cannot be written is not kept; nothing waits for the disk to have it.
    pub fn put(&self, sha256: &str, side: u32, bytes: &[u8], glimpse: Glimpse) {
        let Some(hash) = entry::hash(sha256).filter(|_| bytes.len() <= THUMBNAIL_BYTES_MAX) else { return };
        let key = Key { hash, side };
        let mut held = lock(&self.state);
        let Some(state) = held.as_mut().filter(|state| !state.entries.contains_key(&key)) else { return };
        if let Err(error) = state.put(&self.folder, self.limits, (key, bytes, glimpse)) {
            tracing::debug!(%error, "no more thumbnails are kept");
            *held = None;
        }
    }

    /// Throws a pack away and forgets what was in it.
    fn drop_pack(&self, pack: u32) {
        let mut held = lock(&self.state);
        if let Some(state) = held.as_mut()
            && let Err(error) = state.forget(&self.folder, |entry| entry.pack != pack)
        {
            tracing::debug!(%error, "no more thumbnails are kept");
            *held = None;
        }
    }

    /// A glimpse of the image with this SHA-256, when a thumbnail of it is kept.
    pub fn glimpse(&self, sha256: &str) -> Option<Glimpse> {
        let hash = entry::hash(sha256)?;
        let mut held = lock(&self.state);
        let state = held.as_mut()?;
        let (key, kept) = state.entries.range(Key { hash, side: 0 }..=Key { hash, side: u32::MAX }).next()?;
        let (key, kept) = (*key, *kept);
        let line = entry::read_line(&mut state.index, kept.line).ok()?;
        line.filter(|(written, entry, _)| (*written, *entry) == (key, kept.entry)).map(|(_, _, glimpse)| glimpse)
    }
}

/// A thumbnail that is kept, and the line of the index that says so.
#[derive(Clone, Copy)]
struct Kept {
    entry: Entry,
    line: u32,
}

impl State {
    fn open(folder: &Path) -> io::Result<Self> {
        fs::create_dir_all(folder)?;
        let path = folder.join(INDEX);
        let mut index = OpenOptions::new().read(true).append(true).create(true).open(&path)?;
        match index.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(io::Error::new(io::ErrorKind::WouldBlock, "it is in use")),
            Err(TryLockError::Error(error)) => return Err(error),
        }
        let bytes = fs::read(&path)?;
        let lengths = packs(folder)?;
        let mut entries = BTreeMap::new();
        let mut kept = HEADER.to_vec();
        let mut lines = 0;
        for (key, entry, glimpse) in entry::read(&bytes) {
            // A pack that is gone or shorter than it should be holds nothing that was promised.
            let end = u64::from(entry.offset) + u64::from(entry.length);
            if lengths.get(&entry.pack).is_some_and(|&length| end <= length) {
                entries.insert(key, Kept { entry, line: lines });
                kept.extend(entry::written(key, entry, glimpse));
                lines += 1;
            }
        }
        if kept != bytes {
            index.set_len(0)?;
            index.write_all(&kept)?;
        }
        let used: BTreeSet<u32> = entries.values().map(|kept: &Kept| kept.entry.pack).collect();
        for pack in lengths.keys().filter(|pack| !used.contains(pack)) {
            fs::remove_file(folder.join(pack_name(*pack)))?;
        }
        Ok(Self { index, pack: None, entries, lines })
    }

    fn put(&mut self, folder: &Path, limits: Limits, (key, bytes, glimpse): (Key, &[u8], Glimpse)) -> io::Result<()> {
        if self.pack.is_none() {
            self.resume_pack(folder)?;
        }
        if self.pack.as_ref().is_none_or(|(_, _, length)| length + bytes.len() as u64 > limits.pack_bytes) {
            self.begin_pack(folder, limits)?;
        }
        let Some((pack, file, length)) = &mut self.pack else { return Ok(()) };
        file.write_all(bytes)?;
        let entry = Entry { pack: *pack, offset: *length as u32, length: bytes.len() as u32, crc: crc(bytes) };
        *length += bytes.len() as u64;
        self.index.write_all(&entry::written(key, entry, glimpse))?;
        self.entries.insert(key, Kept { entry, line: self.lines });
        self.lines += 1;
        Ok(())
    }

    /// Goes on with the newest pack of an earlier start.
    fn resume_pack(&mut self, folder: &Path) -> io::Result<()> {
        if let Some((newest, length)) = packs(folder)?.pop_last() {
            let file = OpenOptions::new().append(true).open(folder.join(pack_name(newest)))?;
            self.pack = Some((newest, file, length));
        }
        Ok(())
    }

    /// Begins a pack; the oldest go when there are too many.
    fn begin_pack(&mut self, folder: &Path, limits: Limits) -> io::Result<()> {
        self.pack = None;
        let known: Vec<u32> = packs(folder)?.into_keys().collect();
        let next = known.last().map_or(0, |last| last.wrapping_add(1));
        let too_many = (known.len() + 1).saturating_sub(limits.packs);
        if let Some(oldest) = too_many.checked_sub(1).and_then(|at| known.get(at)).copied() {
            self.forget(folder, |entry| entry.pack > oldest)?;
        }
        let file = OpenOptions::new().append(true).create_new(true).open(folder.join(pack_name(next)))?;
        self.pack = Some((next, file, 0));
        Ok(())
    }

    /// Keeps only some entries, and only packs that hold any; the index is written anew, in place, as it is locked.
    fn forget(&mut self, folder: &Path, keep: impl Fn(&Entry) -> bool) -> io::Result<()> {
        let bytes = fs::read(folder.join(INDEX))?;
        self.entries.retain(|_, kept| keep(&kept.entry));
        let used: BTreeSet<u32> = self.entries.values().map(|kept| kept.entry.pack).collect();
        self.pack = self.pack.take().filter(|(pack, ..)| used.contains(pack));
        for pack in packs(folder)?.into_keys().filter(|pack| !used.contains(pack)) {
            fs::remove_file(folder.join(pack_name(pack)))?;
        }
        let mut kept = HEADER.to_vec();
        self.lines = 0;
        for (key, entry, glimpse) in entry::read(&bytes) {
            let Some(held) = self.entries.get_mut(&key).filter(|held| held.entry == entry) else { continue };
            held.line = self.lines;
            self.lines += 1;
            kept.extend(entry::written(key, entry, glimpse));
        }
        self.index.set_len(0)?;
        self.index.write_all(&kept)
    }
}

fn pack_name(pack: u32) -> String {
    format!("{pack:08x}.pack")
}

/// The packs in the folder and their lengths. Anything else there is nobody's business.
fn packs(folder: &Path) -> io::Result<BTreeMap<u32, u64>> {
    let mut packs = BTreeMap::new();
    for found in fs::read_dir(folder)? {
        let found = found?;
        let name = found.file_name();
        let number = name.to_str().and_then(|name| name.strip_suffix(".pack"));
        if let Some(number) = number.and_then(|number| u32::from_str_radix(number, 16).ok())
            && name == *pack_name(number)
        {
            packs.insert(number, found.metadata()?.len());
        }
    }
    Ok(packs)
}

fn crc(bytes: &[u8]) -> u32 {
    crc32fast::hash(bytes)
}

#[cfg(test)]
mod tests;
