//! The inbox: where answers lie until their images are stored; each program at work has a folder and a lock there.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{SystemTime, UNIX_EPOCH};

use super::catalog::lock;
use super::disk::{Access, Disk, Kind};
use super::layout;
use super::ledger::{Row, Stage};
use super::lock::Lock;

/// New names tried for a session; a second one is needed only when two programs look at the same moment.
pub(super) const NAMES_TRIED: u32 = 10;

/// The inbox of a library as this program uses it.
pub(super) struct Inbox {
    root: PathBuf,
    disk: Arc<dyn Disk>,
    session: Mutex<Option<Arc<Session>>>,
}

/// This program's part of the inbox. Its lock tells the others that the rows in it are being worked on.
pub(super) struct Session {
    pub(super) id: String,
    pub(super) folder: PathBuf,
    lock_file: PathBuf,
    disk: Arc<dyn Disk>,
    is_durable: AtomicBool,
    calls: AtomicU64,
    _lock: Lock,
}

/// A row that lies in the inbox.
pub(super) struct Lying {
    pub(super) row: Row,
    pub(super) stage: Stage,
    /// Another program is working on it.
    pub(super) is_live: bool,
}

/// What came of taking over the rows of programs that are gone.
#[derive(Default)]
pub(super) struct Adopted {
    /// Rows that are this program's now.
    pub(super) rows: Vec<(Row, Stage)>,
    /// Rows that other programs work on.
    pub(super) others: Vec<Row>,
}

impl Inbox {
    pub(super) fn new(root: &Path, disk: Arc<dyn Disk>) -> Self {
        Self { root: root.to_owned(), disk, session: Mutex::default() }
    }

    /// This program's session, begun when it is first needed. The library's own folder is never made: where it is gone,
    /// a disk was unplugged.
    pub(super) fn session(&self) -> io::Result<Arc<Session>> {
        let mut held = lock(&self.session);
        if let Some(session) = &*held {
            return Ok(Arc::clone(session));
        }
        let session = Arc::new(self.begin()?);
        *held = Some(Arc::clone(&session));
        Ok(session)
    }

    /// This program is done here: unless a call is left, nothing of its session stays.
    pub(super) fn leave(&self) {
        drop(lock(&self.session).take());
    }

    /// Somebody removed the session's folder: the next call begins another one.
    pub(super) fn forget(&self, session: &Arc<Session>) {
        let mut held = lock(&self.session);
        if held.as_ref().is_some_and(|known| Arc::ptr_eq(known, session)) {
            *held = None;
        }
    }

    fn begin(&self) -> io::Result<Session> {
        let inbox = self.folder();
        for folder in [self.own(), inbox.clone()] {
            make_folder(&*self.disk, &folder)?;
        }
        for _ in 0..NAMES_TRIED {
            let id = new_id();
            let lock_file = lock_file(&inbox, &id);
            let Some(lock) = self.disk.lock(&lock_file)? else { continue };
            // Whoever looked for dead sessions between making and locking took this one for dead.
            if self.disk.look(&lock_file).is_err() {
                continue;
            }
            let folder = inbox.join(&id);
            self.disk.make_folder(&folder, Access::Usual).inspect_err(|_| {
                self.disk.remove_file(&lock_file).ok();
            })?;
            let disk = Arc::clone(&self.disk);
            let (is_durable, calls) = (AtomicBool::new(false), AtomicU64::new(0));
            return Ok(Session { id, folder, lock_file, disk, is_durable, calls, _lock: lock });
        }
        Err(io::Error::new(io::ErrorKind::AlreadyExists, "every name is taken"))
    }

    /// Returns once the session's folder itself is on the disk, so that rows in it can be found.
    pub(super) fn make_durable(&self, session: &Session) -> io::Result<()> {
        if session.is_durable.load(Ordering::Acquire) {
            return Ok(());
        }
        for folder in [self.folder(), self.own(), self.root.clone()] {
            self.disk.sync_folder(&folder)?;
        }
        session.is_durable.store(true, Ordering::Release);
        Ok(())
    }

    /// Every row of every session but this one's.
    pub(super) fn lying(&self) -> Vec<Lying> {
        let mut rows = Vec::new();
        for id in self.others() {
            let is_live = self.is_live(&id);
            rows.extend(rows_in(&*self.disk, &self.folder().join(&id)).into_iter().map(|(row, stage)| Lying {
                row,
                stage,
                is_live,
            }));
        }
        rows
    }

    /// Moves the rows of sessions whose programs are gone into this one's, and removes what is left of them.
    ///
    /// Whoever has a session's lock may do that, so never two at once.
    pub(super) fn adopt(&self) -> io::Result<Adopted> {
        let mut adopted = Adopted::default();
        let inbox = self.folder();
        for id in self.others() {
            let folder = inbox.join(&id);
            let file = lock_file(&inbox, &id);
            let Some(taken) = self.disk.lock(&file)? else {
                adopted.others.extend(rows_in(&*self.disk, &folder).into_iter().map(|(row, _)| row));
                continue;
            };
            let rows = rows_in(&*self.disk, &folder);
            if !rows.is_empty() {
                let session = self.session()?;
                self.make_durable(&session)?;
                for (row, stage) in rows {
                    let name = row.name(stage);
                    self.disk.replace(&folder.join(&name), &session.folder.join(&name))?;
                    adopted.rows.push((row, stage));
                }
                self.disk.sync_folder(&session.folder)?;
            }
            // A folder with something else in it stays: it may be of a newer version.
            let is_gone = match self.disk.remove_empty_folder(&folder) {
                Ok(()) => true,
                Err(error) => error.kind() == io::ErrorKind::NotFound,
            };
            if is_gone {
                self.disk.remove_file(&file).ok();
            }
            drop(taken);
        }
        Ok(adopted)
    }

    /// The program that calls itself so is at work in this library.
    pub(super) fn is_live(&self, maker: &str) -> bool {
        self.disk.is_locked(&lock_file(&self.folder(), maker))
    }

    /// Other programs' sessions, by their folders or what is left of them.
    fn others(&self) -> Vec<String> {
        let own = lock(&self.session).as_ref().map(|session| session.id.clone());
        let mut ids: Vec<String> = self
            .disk
            .list(&self.folder())
            .unwrap_or_default()
            .into_iter()
            .filter_map(|entry| {
                let name = entry.name.into_string().ok()?;
                match name.strip_suffix(layout::LOCK_END) {
                    Some(id) if entry.is_file => Some(id.to_owned()),
                    None if entry.is_folder => Some(name),
                    _ => None,
                }
            })
            .filter(|id| own.as_ref() != Some(id))
            .collect();
        ids.sort();
        ids.dedup();
        ids
    }

    /// Where the program keeps its own things in the library.
    pub(super) fn own(&self) -> PathBuf {
        self.root.join(layout::OWN_FOLDER)
    }

    fn folder(&self) -> PathBuf {
        self.own().join(layout::INBOX)
    }
}

impl Session {
    /// A name no other call has.
    pub(super) fn new_call(&self) -> String {
        format!("{}-{}", self.id, self.calls.fetch_add(1, Ordering::Relaxed))
    }
}

impl Drop for Session {
    /// Leaves nothing behind when every call is over.
    fn drop(&mut self) {
        if self.disk.remove_empty_folder(&self.folder).is_ok() {
            self.disk.remove_file(&self.lock_file).ok();
        }
    }
}

/// Makes a folder in one that is there; fine when it is there already.
pub(super) fn make_folder(disk: &dyn Disk, folder: &Path) -> io::Result<()> {
    match disk.make_folder(folder, Access::Usual) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists && disk.look(folder)?.kind == Kind::Folder => Ok(()),
        result => result,
    }
}

fn rows_in(disk: &dyn Disk, folder: &Path) -> Vec<(Row, Stage)> {
    let entries = disk.list(folder).unwrap_or_default().into_iter();
    entries.filter(|entry| entry.is_file).filter_map(|entry| Row::parse(entry.name.to_str()?)).collect()
}

fn lock_file(inbox: &Path, id: &str) -> PathBuf {
    inbox.join(format!("{id}{}", layout::LOCK_END))
}

/// Told apart by time, process and count: never used twice, so what is left of one is never taken for another.
pub(super) fn new_id() -> String {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let time = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_nanos();
    format!("{time:x}-{:x}-{:x}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed))
}
