//! The file of the index: opened, healed, or replaced by one in memory where there can be no file.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rusqlite::{Connection, Error, OpenFlags, Result};
use sha2::{Digest as _, Sha256};

use super::schema::{self, VERSION};
use super::trouble::{failure, is_broken};
use crate::domain::Failure;

/// How long one program waits for another that writes: making the whole index of a hundred thousand images again is one
/// transaction of some seconds.
const BUSY: Duration = Duration::from_secs(10);

/// Questions kept as SQLite understood them: each way through the tables with the usual filters. To read one anew takes as
/// long as half of a small answer.
const QUESTIONS_KEPT: usize = 64;

/// What SQLite keeps beside its file.
const BESIDE: [&str; 2] = ["-wal", "-shm"];

/// The index of one library. Safe to use from several threads: one writes and one reads at a time.
pub struct Index {
    connection: Mutex<Connection>,
    /// Searches go on while something is written, here or by another program. `None`: in memory, where there is one
    /// connection only. Never locked before `connection` by who needs both.
    reader: Mutex<Option<Connection>>,
    /// The file; `None`: in memory, for this session.
    file: Option<PathBuf>,
    /// It was empty when it was opened: new, or put aside.
    is_new: bool,
    /// It was damaged and is empty now.
    emptied: AtomicBool,
    /// Changes with every change another program makes to the file.
    version: AtomicI64,
}

impl Index {
    /// Opens the index of `library` in the cache folder; makes it where there is none, and puts aside what is damaged or of
    /// another version. Where no file can be had, it is kept in memory.
    pub fn open(cache: &Path, library: &Path) -> std::result::Result<Self, Failure> {
        Self::open_waiting(cache, library, BUSY)
    }

    pub(super) fn open_waiting(cache: &Path, library: &Path, busy: Duration) -> std::result::Result<Self, Failure> {
        let path = file_of(cache, library);
        let opened = open_file(&path, busy).and_then(|(connection, is_new)| Ok((connection, reader(&path)?, is_new)));
        let (connection, reader, file, is_new) = match opened {
            Ok((connection, reader, is_new)) => (connection, Some(reader), Some(path), is_new),
            Err(error) => {
                tracing::warn!(%error, "the index is kept in memory");
                let connection = in_memory().map_err(|error| failure("The index cannot be opened", &error))?;
                (connection, None, None, true)
            }
        };
        let version = AtomicI64::new(data_version(&connection).unwrap_or_default());
        let (connection, reader) = (Mutex::new(connection), Mutex::new(reader));
        Ok(Self { connection, reader, file, is_new, emptied: AtomicBool::new(false), version })
    }

    /// Where it is; `None`: in memory.
    pub fn file(&self) -> Option<&Path> {
        self.file.as_deref()
    }

    /// Nothing was in it when it was opened.
    pub const fn is_new(&self) -> bool {
        self.is_new
    }

    /// It turned out to be damaged since this was last asked: what it knew is to be written again.
    pub fn was_emptied(&self) -> bool {
        self.emptied.swap(false, Ordering::AcqRel)
    }

    /// Another program has written to it since this was last asked.
    pub fn was_changed_elsewhere(&self) -> bool {
        let version = self.with("The index could not be looked at", |connection| data_version(connection));
        version.is_ok_and(|version| self.version.swap(version, Ordering::AcqRel) != version)
    }

    /// Reads, beside whoever writes; a file that turns out to be damaged is made anew, empty, and the failure says so.
    pub(super) fn read<T>(
        &self,
        what: &str,
        read: impl FnOnce(&Connection) -> Result<T>,
    ) -> std::result::Result<T, Failure> {
        let reader = lock(&self.reader);
        let Some(connection) = reader.as_ref() else {
            drop(reader);
            return self.with(what, |connection| read(connection));
        };
        let result = read(connection);
        drop(reader);
        result.map_err(|error| {
            if is_broken(&error) {
                self.heal(&mut lock(&self.connection));
            }
            failure(what, &error)
        })
    }

    /// Changes something, under the same care.
    pub(super) fn with<T>(
        &self,
        what: &str,
        work: impl FnOnce(&mut Connection) -> Result<T>,
    ) -> std::result::Result<T, Failure> {
        let mut connection = lock(&self.connection);
        work(&mut connection).map_err(|error| {
            if is_broken(&error) {
                self.heal(&mut connection);
            }
            failure(what, &error)
        })
    }

    /// Puts the damaged file aside and goes on with an empty one.
    fn heal(&self, connection: &mut Connection) {
        let Ok(memory) = in_memory() else { return };
        let mut reading = lock(&self.reader);
        // Closed first: what is open cannot be renamed everywhere.
        drop(std::mem::replace(connection, memory));
        *reading = None;
        self.emptied.store(true, Ordering::Release);
        if let Some(file) = &self.file {
            put_aside(file);
            match open_file(file, BUSY).and_then(|(fresh, _)| Ok((fresh, reader(file)?))) {
                Ok((fresh, beside)) => (*connection, *reading) = (fresh, Some(beside)),
                Err(error) => tracing::warn!(%error, "the index is kept in memory"),
            }
        }
    }
}

/// No panic leaves a connection in the middle of something: what was begun is rolled back.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What was written through this very connection does not change it.
fn data_version(connection: &Connection) -> Result<i64> {
    connection.pragma_query_value(None, "data_version", |row| row.get(0))
}

/// A second connection that only reads.
fn reader(file: &Path) -> Result<Connection> {
    let connection = Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    connection.busy_timeout(BUSY)?;
    connection.pragma_update(None, "query_only", true)?;
    connection.set_prepared_statement_cache_capacity(QUESTIONS_KEPT);
    // Opens what lies beside the file, so that it goes on when the cache folder is emptied under it.
    connection.query_row("SELECT count(*) FROM names", [], |_| Ok(()))?;
    Ok(connection)
}

/// One file for each library, named by where the library is.
fn file_of(cache: &Path, library: &Path) -> PathBuf {
    let place = fs::canonicalize(library).unwrap_or_else(|_| library.to_owned());
    let digest = Sha256::digest(place.as_os_str().as_encoded_bytes());
    let name = digest.iter().take(8).fold(0_u64, |name, byte| (name << 8) | u64::from(*byte));
    cache.join(format!("index-{name:016x}.sqlite"))
}

/// Opens the file; `true` when it is new. What is no index of this version is put aside once.
fn open_file(file: &Path, busy: Duration) -> Result<(Connection, bool)> {
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder).map_err(|error| disk_error(&error))?;
    }
    match open_as_it_is(file, busy) {
        Ok(Some(opened)) => Ok(opened),
        Ok(None) => {
            put_aside(file);
            open_as_it_is(file, busy)?.ok_or(Error::InvalidQuery)
        }
        Err(error) if is_broken(&error) => {
            tracing::warn!(%error, "the index was damaged and is made anew");
            put_aside(file);
            open_as_it_is(file, busy)?.ok_or(Error::InvalidQuery)
        }
        Err(error) => Err(error),
    }
}

/// `None`: it is of another version.
fn open_as_it_is(file: &Path, busy: Duration) -> Result<Option<(Connection, bool)>> {
    let mut connection = Connection::open(file)?;
    connection.busy_timeout(busy)?;
    let is_new = match schema::version(&connection)? {
        VERSION => false,
        0 if fs::metadata(file).is_ok_and(|facts| facts.len() == 0) => true,
        _ => return Ok(None),
    };
    schema::prepare(&connection)?;
    if is_new {
        schema::create(&mut connection)?;
    }
    // The first page of each table: a file cut short or overwritten shows itself here.
    connection.query_row("SELECT (SELECT count(*) FROM runs), (SELECT max(id) FROM images)", [], |_| Ok(()))?;
    Ok(Some((connection, is_new)))
}

fn in_memory() -> Result<Connection> {
    let mut connection = Connection::open_in_memory_with_flags(OpenFlags::default())?;
    schema::create(&mut connection)?;
    Ok(connection)
}

/// Renames a file that is no use, over the one put aside before: it is kept only to be looked at.
fn put_aside(file: &Path) {
    for ending in BESIDE {
        remove(&with_ending(file, ending));
    }
    let aside = with_ending(file, ".aside");
    if let Err(error) = fs::rename(file, &aside) {
        tracing::warn!(%error, "the old index could not be put aside");
        remove(file);
    }
}

fn remove(file: &Path) {
    if let Err(error) = fs::remove_file(file)
        && error.kind() != io::ErrorKind::NotFound
    {
        tracing::warn!(%error, "a file of the index could not be removed");
    }
}

fn with_ending(file: &Path, ending: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}

fn disk_error(error: &io::Error) -> Error {
    Error::InvalidPath(PathBuf::from(error.to_string()))
}

#[cfg(test)]
mod tests;
