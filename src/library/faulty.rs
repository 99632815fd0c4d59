//! A disk whose n-th writing step fails: for tests that try every step in turn.

use std::io::{self, Read, Write};
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use super::disk::{Access, Disk, Entry, Look, NewFile, RealDisk};
use super::layout;

/// The real disk, until a step fails.
#[derive(Clone)]
pub(super) struct FaultyDisk {
    left: Arc<AtomicU64>,
    log: Arc<Mutex<Vec<String>>>,
}

impl FaultyDisk {
    /// Nothing fails yet.
    pub(super) fn sound() -> Self {
        Self { left: Arc::new(AtomicU64::new(u64::MAX)), log: Arc::default() }
    }

    /// The `step`-th writing step from now on fails, counted from 1; those after it work again.
    pub(super) fn fail_at(&self, step: u64) {
        self.left.store(step, Ordering::SeqCst);
    }

    /// The step that was to fail has been reached.
    pub(super) fn has_failed(&self) -> bool {
        self.left.load(Ordering::SeqCst) > u64::MAX / 2
    }

    /// The writing steps since the last call, in order.
    pub(super) fn take_log(&self) -> Vec<String> {
        std::mem::take(&mut self.log.lock().unwrap())
    }

    fn step(&self, what: &str, path: &Path) -> io::Result<()> {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let name = if layout::is_temporary(&name) { ".part" } else { &name };
        self.log.lock().unwrap().push(format!("{what} {name}").trim().to_owned());
        match self.left.fetch_sub(1, Ordering::SeqCst) {
            1 => {
                self.left.store(u64::MAX, Ordering::SeqCst);
                Err(io::Error::other("the disk is on fire"))
            }
            _ => Ok(()),
        }
    }
}

struct FaultyFile(Box<dyn NewFile>, FaultyDisk);

impl Write for FaultyFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if let Err(error) = self.1.step("write", Path::new("")) {
            // A real disk stops in the middle.
            self.0.write_all(bytes.get(..bytes.len() / 2).unwrap_or_default())?;
            return Err(error);
        }
        self.0.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

impl NewFile for FaultyFile {
    fn sync(&mut self) -> io::Result<()> {
        self.1.step("sync", Path::new(""))?;
        self.0.sync()
    }
}

impl Disk for FaultyDisk {
    fn make_folder(&self, path: &Path, access: Access) -> io::Result<()> {
        self.step("folder", path)?;
        RealDisk.make_folder(path, access)
    }

    fn create_new(&self, path: &Path, access: Access) -> io::Result<Box<dyn NewFile>> {
        self.step("create", path)?;
        Ok(Box::new(FaultyFile(RealDisk.create_new(path, access)?, self.clone())))
    }

    fn copy_new(&self, from: &Path, to: &Path) -> io::Result<u64> {
        RealDisk.copy_new(from, to)?;
        self.step("copy", to).map(|()| 0)
    }

    fn rename_no_clobber(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.step("name", to)?;
        RealDisk.rename_no_clobber(from, to)
    }

    fn replace(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.step("replace", to)?;
        RealDisk.replace(from, to)
    }

    fn remove_file(&self, path: &Path) -> io::Result<()> {
        RealDisk.remove_file(path)
    }

    fn remove_empty_folder(&self, path: &Path) -> io::Result<()> {
        RealDisk.remove_empty_folder(path)
    }

    fn sync_folder(&self, path: &Path) -> io::Result<()> {
        self.step("sync folder", path)?;
        RealDisk.sync_folder(path)
    }

    fn open(&self, path: &Path) -> io::Result<Box<dyn Read + Send>> {
        RealDisk.open(path)
    }

    fn sync_file(&self, path: &Path) -> io::Result<()> {
        self.step("sync file", path)?;
        RealDisk.sync_file(path)
    }

    fn look(&self, path: &Path) -> io::Result<Look> {
        RealDisk.look(path)
    }

    fn list(&self, path: &Path) -> io::Result<Vec<Entry>> {
        RealDisk.list(path)
    }
}
