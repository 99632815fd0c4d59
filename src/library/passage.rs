//! One call on its way: its row in the ledger, and its answer in the inbox.

use std::fmt;
use std::io::{self, Read, Write as _};
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use super::catalog::lock;
use super::disk::{Access, Disk, NewFile, read_beginning};
use super::inbox::Session;
use super::ledger::{HEADER_MAX_BYTES, Header, Row, Stage};
use super::trouble::disk_failure;
use crate::domain::{Failure, RunId};

/// A call that is not over. What it does is on the disk before it returns, where that matters.
///
/// Dropping it leaves its row: the next start finishes the call. [`Passage::settle`] takes the row away.
pub struct Passage {
    row: Row,
    base_url: String,
    /// Where the answer begins in the file.
    header_bytes: u64,
    session: Arc<Session>,
    disk: Arc<dyn Disk>,
    state: Mutex<State>,
}

struct State {
    stage: Stage,
    /// Open while an answer comes in.
    file: Option<Box<dyn NewFile>>,
    answer_bytes: u64,
    /// The answer, or a part of it, could not be written.
    is_broken: bool,
    /// The call is over, but something of it is not stored.
    is_kept: bool,
    is_over: bool,
}

impl fmt::Debug for Passage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Passage").field("row", &self.row).finish_non_exhaustive()
    }
}

impl Passage {
    /// Writes a new row; to be synced by the caller, together with others.
    pub(super) fn prepare(session: Arc<Session>, disk: Arc<dyn Disk>, row: Row, base_url: &str) -> io::Result<Self> {
        let header = Header::new(base_url).line()?;
        let path = session.folder.join(row.name(Stage::Prepared));
        let written = disk.create_new(&path, Access::Usual).and_then(|mut file| file.write_all(&header));
        written.inspect_err(|_| {
            disk.remove_file(&path).ok();
        })?;
        let header_bytes = header.len() as u64;
        Ok(Self::new(session, disk, (row, Stage::Prepared), (base_url.to_owned(), header_bytes), 0))
    }

    /// A row that was found.
    pub(super) fn found(session: Arc<Session>, disk: Arc<dyn Disk>, row: Row, stage: Stage) -> io::Result<Self> {
        let path = session.folder.join(row.name(stage));
        let (beginning, size_bytes) = read_beginning(&*disk, &path, HEADER_MAX_BYTES)?;
        // Without its first line the power went before the answer was on the disk.
        let (base_url, header_bytes) = match Header::read(&beginning) {
            Some((header, length)) => (header.base_url, length),
            None => (String::new(), size_bytes),
        };
        let answer_bytes = size_bytes.saturating_sub(header_bytes);
        Ok(Self::new(session, disk, (row, stage), (base_url, header_bytes), answer_bytes))
    }

    fn new(
        session: Arc<Session>,
        disk: Arc<dyn Disk>,
        (row, stage): (Row, Stage),
        (base_url, header_bytes): (String, u64),
        answer_bytes: u64,
    ) -> Self {
        let state = State { stage, file: None, answer_bytes, is_broken: false, is_kept: false, is_over: false };
        Self { row, base_url, header_bytes, session, disk, state: Mutex::new(state) }
    }

    /// The run it belongs to.
    pub const fn run(&self) -> RunId {
        self.row.run
    }

    /// The places it is to fill.
    pub fn slots(&self) -> &[u16] {
        &self.row.slots
    }

    /// Where it went.
    pub fn base_url(&self) -> &str {
        &self.base_url
    }

    /// Nothing of it has left this computer.
    pub(super) fn is_unsent(&self) -> bool {
        lock(&self.state).stage == Stage::Prepared
    }

    /// A connection is about to be made. Unless this returns well, none may be.
    pub fn sent(&self) -> Result<(), Failure> {
        let mut state = lock(&self.state);
        self.send(&mut state).map_err(|error| {
            disk_failure("The request could not be written down, so it was not sent", &self.session.folder, &error)
        })
    }

    fn send(&self, state: &mut State) -> io::Result<()> {
        if state.answer_bytes > 0 || state.file.is_some() || state.is_broken {
            // What came before was no answer but a reason to ask again.
            state.file = None;
            drop(self.disk.go_on(&self.path(state.stage), self.header_bytes)?);
            (state.answer_bytes, state.is_broken) = (0, false);
        }
        self.rename(state, Stage::Sent)?;
        self.disk.sync_folder(&self.session.folder)
    }

    /// The last try certainly did nothing, and another may follow. Not synced: without it more is feared than is true.
    pub fn not_sent(&self) {
        let mut state = lock(&self.state);
        state.file = None;
        self.rename(&mut state, Stage::Prepared).ok();
    }

    /// Writes down the next bytes of the answer. Not synced. After an error nothing more of this answer is written.
    pub fn write(&self, bytes: &[u8]) -> Result<(), Failure> {
        let mut state = lock(&self.state);
        if state.is_broken || state.is_over {
            return Ok(());
        }
        self.append(&mut state, bytes).map_err(|error| {
            state.is_broken = true;
            state.file = None;
            disk_failure("The answer could not be written down while it came in", &self.session.folder, &error)
        })
    }

    fn append(&self, state: &mut State, bytes: &[u8]) -> io::Result<()> {
        let mut file = match state.file.take() {
            Some(file) => file,
            None => self.disk.go_on(&self.path(state.stage), self.header_bytes)?,
        };
        file.write_all(bytes)?;
        state.answer_bytes = state.answer_bytes.saturating_add(bytes.len() as u64);
        state.file = Some(file);
        Ok(())
    }

    /// The answer is whole, and something in it is not stored yet. When this returns well, it is on the disk.
    pub fn received(&self) -> Result<(), Failure> {
        let mut state = lock(&self.state);
        self.receive(&mut state).map_err(|error| {
            disk_failure("The answer could not be kept until its images are stored", &self.session.folder, &error)
        })
    }

    fn receive(&self, state: &mut State) -> io::Result<()> {
        if state.is_broken {
            return Err(io::Error::other("it was not written whole"));
        }
        if state.stage == Stage::Received || state.is_over {
            return Ok(());
        }
        match state.file.take() {
            Some(mut file) => file.sync()?,
            None => self.disk.sync_file(&self.path(state.stage))?,
        }
        self.rename(state, Stage::Received)?;
        self.disk.sync_folder(&self.session.folder)
    }

    /// The answer is whole in the file: a crash did not cut it.
    pub fn is_whole(&self) -> bool {
        lock(&self.state).stage == Stage::Received
    }

    /// Reads the answer as far as it came; `None` when there is nothing of it.
    pub fn answer(&self) -> Result<Option<Box<dyn Read + Send>>, Failure> {
        let state = lock(&self.state);
        if state.answer_bytes == 0 {
            return Ok(None);
        }
        let path = self.path(state.stage);
        let opened = self.disk.open(&path).and_then(|mut file| {
            io::copy(&mut file.by_ref().take(self.header_bytes), &mut io::sink())?;
            Ok(file)
        });
        opened.map(Some).map_err(|error| disk_failure("An answer in the inbox cannot be read", &path, &error))
    }

    /// Every place is stored or failed: the row goes. Should it stay or come back, finishing it again changes nothing.
    pub fn settle(&self) {
        let mut state = lock(&self.state);
        state.file = None;
        if !state.is_over {
            state.is_over = true;
            self.disk.remove_file(&self.path(state.stage)).ok();
        }
    }

    /// An image of it came in but could not be stored: the row stays until it is, and what was written of the answer is
    /// synced. `true` when all that came in is on the disk.
    pub fn keep(&self) -> bool {
        lock(&self.state).is_kept = true;
        self.sync()
    }

    /// What was written of the answer is synced; `true` when that is all that came in.
    pub fn sync(&self) -> bool {
        let mut state = lock(&self.state);
        // Where this fails, the row stays as it is, and with it whatever the disk has taken.
        let is_synced = state.file.take().is_none_or(|mut file| file.sync().is_ok());
        is_synced && !state.is_broken && state.answer_bytes > 0
    }

    /// The call is over and its row stays.
    pub fn is_kept(&self) -> bool {
        lock(&self.state).is_kept
    }

    fn rename(&self, state: &mut State, stage: Stage) -> io::Result<()> {
        if state.stage != stage {
            self.disk.replace(&self.path(state.stage), &self.path(stage))?;
            state.stage = stage;
        }
        Ok(())
    }

    fn path(&self, stage: Stage) -> PathBuf {
        self.session.folder.join(self.row.name(stage))
    }
}
