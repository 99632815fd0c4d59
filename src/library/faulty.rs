//! A disk whose n-th writing step fails, at which the program is killed, or whose power goes: for tests that try every
//! step in turn.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use super::disk::{Access, Disk, Entry, Look, NewFile, RealDisk};
use super::layout;
use super::lock::Lock;

/// The real disk, until a step fails.
#[derive(Clone)]
pub(super) struct FaultyDisk {
    left: Arc<AtomicU64>,
    /// The step that fails is the last one: the program is dead from there on.
    is_deadly: Arc<AtomicBool>,
    log: Arc<Mutex<Vec<String>>>,
    unsynced: Arc<Mutex<Unsynced>>,
    free_bytes: Arc<AtomicU64>,
}

/// What a power cut takes back.
#[derive(Default)]
struct Unsynced {
    /// Files that were written, with the length that is safe.
    files: BTreeMap<PathBuf, u64>,
    /// Changes of names whose folders were not synced since, oldest first.
    names: Vec<Change>,
}

/// A change of names, with what undoes it.
enum Change {
    MadeFolder(PathBuf),
    Created(PathBuf),
    Renamed { from: PathBuf, to: PathBuf, lost: Option<Vec<u8>> },
    Removed(PathBuf, Vec<u8>),
    RemovedFolder(PathBuf),
}

impl Change {
    /// The folders that must be synced for it to last.
    fn folders(&self) -> Vec<&Path> {
        let paths = match self {
            Self::MadeFolder(path) | Self::Created(path) | Self::Removed(path, _) | Self::RemovedFolder(path) => {
                vec![path]
            }
            // The new name is what counts: a file system never loses both.
            Self::Renamed { to, .. } => vec![to],
        };
        paths.into_iter().filter_map(|path| path.parent()).collect()
    }

    fn undo(self) {
        // What is not there any more needs no undoing.
        match self {
            Self::MadeFolder(path) => fs::remove_dir_all(path).ok(),
            Self::Created(path) => fs::remove_file(path).ok(),
            Self::Renamed { from, to, lost } => {
                let back = fs::rename(&to, from).ok();
                lost.and_then(|bytes| fs::write(&to, bytes).ok()).or(back)
            }
            Self::Removed(path, bytes) => fs::write(path, bytes).ok(),
            Self::RemovedFolder(path) => fs::create_dir(path).ok(),
        };
    }
}

impl FaultyDisk {
    /// Nothing fails yet.
    pub(super) fn sound() -> Self {
        Self {
            left: Arc::new(AtomicU64::new(u64::MAX)),
            is_deadly: Arc::default(),
            log: Arc::default(),
            unsynced: Arc::default(),
            free_bytes: Arc::new(AtomicU64::new(u64::MAX)),
        }
    }

    /// The `step`-th writing step from now on fails, counted from 1; those after it work again.
    pub(super) fn fail_at(&self, step: u64) {
        self.left.store(step, Ordering::SeqCst);
    }

    /// The program is killed in the `step`-th writing step from now on: neither it nor any other does anything more.
    pub(super) fn kill_at(&self, step: u64) {
        self.is_deadly.store(true, Ordering::SeqCst);
        self.fail_at(step);
    }

    /// The step that was to fail has been reached.
    pub(super) fn has_failed(&self) -> bool {
        let left = self.left.load(Ordering::SeqCst);
        left == 0 || left > u64::MAX / 2
    }

    /// So much can still be written, as far as anybody asks.
    pub(super) fn set_free_bytes(&self, bytes: u64) {
        self.free_bytes.store(bytes, Ordering::SeqCst);
    }

    /// The power goes: whatever was not synced was never written. Only for a disk that is not used any more.
    pub(super) fn cut_power(&self) {
        let Unsynced { files, names } = std::mem::take(&mut *self.unsynced.lock().unwrap());
        for (path, length) in files {
            if let Ok(file) = fs::OpenOptions::new().write(true).open(path) {
                file.set_len(length).unwrap();
            }
        }
        names.into_iter().rev().for_each(Change::undo);
    }

    /// The writing steps since the last call, in order.
    pub(super) fn take_log(&self) -> Vec<String> {
        std::mem::take(&mut self.log.lock().unwrap())
    }

    fn step(&self, what: &str, path: &Path) -> io::Result<()> {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let name = if layout::is_temporary(&name) { ".part" } else { &name };
        self.log.lock().unwrap().push(format!("{what} {name}").trim().to_owned());
        let dead = self.is_deadly.load(Ordering::SeqCst);
        let left = self.left.load(Ordering::SeqCst);
        if dead && left == 0 {
            return Err(io::Error::other("the program is dead"));
        }
        self.left.store(left - 1, Ordering::SeqCst);
        if left == 1 {
            if !dead {
                self.left.store(u64::MAX, Ordering::SeqCst);
            }
            return Err(io::Error::other("the disk is on fire"));
        }
        Ok(())
    }

    fn changed(&self, change: Change) {
        self.unsynced.lock().unwrap().names.push(change);
    }

    fn renamed(&self, from: &Path, to: &Path, rename: impl FnOnce() -> io::Result<()>) -> io::Result<()> {
        let lost = fs::read(to).ok();
        rename()?;
        let mut unsynced = self.unsynced.lock().unwrap();
        if let Some(length) = unsynced.files.remove(from) {
            unsynced.files.insert(to.to_owned(), length);
        } else {
            unsynced.files.remove(to);
        }
        unsynced.names.push(Change::Renamed { from: from.to_owned(), to: to.to_owned(), lost });
        Ok(())
    }

    fn watched(&self, path: &Path, safe_bytes: u64, file: Box<dyn NewFile>) -> Box<dyn NewFile> {
        self.unsynced.lock().unwrap().files.entry(path.to_owned()).or_insert(safe_bytes);
        Box::new(FaultyFile { file, disk: self.clone(), path: path.to_owned() })
    }

    fn synced(&self, path: &Path) {
        self.unsynced.lock().unwrap().files.remove(path);
    }
}

struct FaultyFile {
    file: Box<dyn NewFile>,
    disk: FaultyDisk,
    path: PathBuf,
}

impl Write for FaultyFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if let Err(error) = self.disk.step("write", Path::new("")) {
            // A real disk stops in the middle.
            self.file.write_all(bytes.get(..bytes.len() / 2).unwrap_or_default())?;
            return Err(error);
        }
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl NewFile for FaultyFile {
    fn sync(&mut self) -> io::Result<()> {
        self.disk.step("sync", Path::new(""))?;
        self.file.sync()?;
        self.disk.synced(&self.path);
        Ok(())
    }
}

impl Disk for FaultyDisk {
    fn make_folder(&self, path: &Path, access: Access) -> io::Result<()> {
        self.step("folder", path)?;
        RealDisk.make_folder(path, access)?;
        self.changed(Change::MadeFolder(path.to_owned()));
        Ok(())
    }

    fn create_new(&self, path: &Path, access: Access) -> io::Result<Box<dyn NewFile>> {
        self.step("create", path)?;
        let file = RealDisk.create_new(path, access)?;
        self.changed(Change::Created(path.to_owned()));
        Ok(self.watched(path, 0, file))
    }

    fn go_on(&self, path: &Path, keep_bytes: u64) -> io::Result<Box<dyn NewFile>> {
        self.step("go on", path)?;
        let file = RealDisk.go_on(path, keep_bytes)?;
        Ok(self.watched(path, keep_bytes, file))
    }

    fn copy_new(&self, from: &Path, to: &Path) -> io::Result<u64> {
        RealDisk.copy_new(from, to)?;
        self.step("copy", to).map(|()| 0)
    }

    fn rename_no_clobber(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.step("name", to)?;
        self.renamed(from, to, || RealDisk.rename_no_clobber(from, to))
    }

    fn replace(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.step("replace", to)?;
        self.renamed(from, to, || RealDisk.replace(from, to))
    }

    fn remove_file(&self, path: &Path) -> io::Result<()> {
        self.step("remove", path)?;
        let bytes = fs::read(path)?;
        RealDisk.remove_file(path)?;
        self.synced(path);
        self.changed(Change::Removed(path.to_owned(), bytes));
        Ok(())
    }

    fn remove_empty_folder(&self, path: &Path) -> io::Result<()> {
        self.step("remove folder", path)?;
        RealDisk.remove_empty_folder(path)?;
        self.changed(Change::RemovedFolder(path.to_owned()));
        Ok(())
    }

    /// For good: tests must not fill the person's own trash.
    fn trash(&self, path: &Path) -> io::Result<()> {
        self.step("trash", path)?;
        RealDisk.remove_file(path)
    }

    fn sync_folder(&self, path: &Path) -> io::Result<()> {
        self.step("sync folder", path)?;
        RealDisk.sync_folder(path)?;
        self.unsynced.lock().unwrap().names.retain(|change| !change.folders().contains(&path));
        Ok(())
    }

    fn open(&self, path: &Path) -> io::Result<Box<dyn Read + Send>> {
        RealDisk.open(path)
    }

    fn sync_file(&self, path: &Path) -> io::Result<()> {
        self.step("sync file", path)?;
        RealDisk.sync_file(path)?;
        self.synced(path);
        Ok(())
    }

    fn look(&self, path: &Path) -> io::Result<Look> {
        RealDisk.look(path)
    }

    fn list(&self, path: &Path) -> io::Result<Vec<Entry>> {
        RealDisk.list(path)
    }

    fn lock(&self, path: &Path) -> io::Result<Option<Lock>> {
        self.step("lock", path)?;
        RealDisk.lock(path)
    }

    fn is_locked(&self, path: &Path) -> bool {
        RealDisk.is_locked(path)
    }

    fn free_bytes(&self, _path: &Path) -> io::Result<u64> {
        Ok(self.free_bytes.load(Ordering::SeqCst))
    }
}
