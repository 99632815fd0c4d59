//! How anything is written: beside its name, synced, and only then given its name.

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use super::disk::{Access, Disk};
use super::layout;
use crate::domain::numbered;

/// Files written from the same bytes before giving up: after a failed sync a file can no longer be trusted, a new one can.
const FILES_TRIED: u32 = 2;

/// Writes a file under the first free name of `stem.suffix`, `stem (2).suffix`, ...; returns the name.
///
/// When it returns, bytes and name are on the disk. When it fails, no half-written file has a name.
pub(super) fn add(disk: &dyn Disk, maker: &str, folder: &Path, name: (&str, &str), bytes: &[u8]) -> io::Result<String> {
    let temporary = write_temporary(disk, maker, folder, bytes, Access::Usual)?;
    let (name, _) = claim(disk, &temporary, folder, name, 1)?;
    disk.sync_folder(folder)?;
    Ok(name)
}

/// Puts a file in the place of the one with this name, or where there was none. At every moment one of both is whole.
/// Its maker is this process.
pub(super) fn replace(disk: &dyn Disk, folder: &Path, name: &str, bytes: &[u8], access: Access) -> io::Result<()> {
    replace_as(disk, &process(), folder, name, bytes, access)
}

/// The same with a maker, by whose lock others know whether it is still being written.
pub(super) fn replace_as(
    disk: &dyn Disk,
    maker: &str,
    folder: &Path,
    name: &str,
    bytes: &[u8],
    access: Access,
) -> io::Result<()> {
    let temporary = write_temporary(disk, maker, folder, bytes, access)?;
    disk.replace(&temporary, &folder.join(name)).inspect_err(|_| forget(disk, &temporary))?;
    disk.sync_folder(folder)
}

/// What a saved pick is made of.
#[derive(Clone, Copy, Debug)]
pub(super) enum Source<'a> {
    /// The file itself.
    File(&'a Path),
    /// Bytes that were made of it.
    Bytes(&'a [u8]),
}

/// Copies a file to the first free name from the `attempt`-th on; returns the name and the attempt it took.
///
/// The copy is as durable as any copy: the original stays, and waiting for the disk would double the time.
pub(super) fn copy(
    disk: &dyn Disk,
    from: Source<'_>,
    folder: &Path,
    name: (&str, &str),
    attempt: u32,
) -> io::Result<(String, u32)> {
    let temporary = copy_temporary(disk, from, folder)?;
    claim(disk, &temporary, folder, name, attempt)
}

/// Copies a file over the one with this name. Synced before the old one goes.
pub(super) fn copy_over(disk: &dyn Disk, from: Source<'_>, folder: &Path, name: &Path) -> io::Result<()> {
    let temporary = copy_temporary(disk, from, folder)?;
    disk.sync_file(&temporary)
        .and_then(|()| disk.replace(&temporary, &folder.join(name)))
        .inspect_err(|_| forget(disk, &temporary))
}

/// Renames a file to the first free name of `stem.suffix`, `stem (2).suffix`, ...; returns the name.
pub(super) fn set_aside(disk: &dyn Disk, file: &Path, folder: &Path, stem: &str, suffix: &str) -> io::Result<String> {
    for attempt in 1..=layout::NAMES_MAX {
        let name = file_name(stem, suffix, attempt);
        match disk.rename_no_clobber(file, &folder.join(&name)) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            result => return result.map(|()| name),
        }
    }
    Err(no_name_left())
}

pub(super) fn process() -> String {
    format!("{:x}", std::process::id())
}

fn write_temporary(disk: &dyn Disk, maker: &str, folder: &Path, bytes: &[u8], access: Access) -> io::Result<PathBuf> {
    let mut tried = 0;
    loop {
        let (path, mut file) = fresh(folder, maker, |path| disk.create_new(path, access))?;
        let written = file.write_all(bytes).and_then(|()| file.flush());
        let synced = written.is_ok();
        let result = written.and_then(|()| file.sync());
        drop(file);
        tried += 1;
        match result {
            Ok(()) => return Ok(path),
            Err(error) => {
                forget(disk, &path);
                if !synced || tried >= FILES_TRIED {
                    return Err(error);
                }
            }
        }
    }
}

fn copy_temporary(disk: &dyn Disk, from: Source<'_>, folder: &Path) -> io::Result<PathBuf> {
    let from = match from {
        Source::File(from) => from,
        Source::Bytes(bytes) => return write_temporary(disk, &process(), folder, bytes, Access::Usual),
    };
    let (path, _) = fresh(folder, &process(), |path| {
        disk.copy_new(from, path).inspect_err(|error| {
            if error.kind() != io::ErrorKind::AlreadyExists {
                forget(disk, path);
            }
        })
    })?;
    Ok(path)
}

/// Makes something under a temporary name that nobody uses.
fn fresh<T>(folder: &Path, maker: &str, make: impl Fn(&Path) -> io::Result<T>) -> io::Result<(PathBuf, T)> {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    for _ in 0..layout::NAMES_MAX {
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let path = folder.join(layout::temporary(maker, count));
        match make(&path) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            result => return result.map(|made| (path, made)),
        }
    }
    Err(no_name_left())
}

fn claim(
    disk: &dyn Disk,
    temporary: &Path,
    folder: &Path,
    (stem, suffix): (&str, &str),
    first: u32,
) -> io::Result<(String, u32)> {
    for attempt in first.max(1)..=layout::NAMES_MAX {
        let name = file_name(stem, suffix, attempt);
        match disk.rename_no_clobber(temporary, &folder.join(&name)) {
            Ok(()) => return Ok((name, attempt)),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => {
                forget(disk, temporary);
                return Err(error);
            }
        }
    }
    forget(disk, temporary);
    Err(no_name_left())
}

fn file_name(stem: &str, suffix: &str, attempt: u32) -> String {
    let stem = numbered(stem, attempt);
    if suffix.is_empty() { stem } else { format!("{stem}.{suffix}") }
}

/// Removes an unfinished file. When even that fails, `check` names it.
fn forget(disk: &dyn Disk, temporary: &Path) {
    disk.remove_file(temporary).ok();
}

fn no_name_left() -> io::Error {
    io::Error::new(io::ErrorKind::AlreadyExists, "every name is taken")
}
