//! Calls are written down before they are sent, and not sent where there is no room for what would come back.

use std::io;

use super::catalog::Library;
use super::ledger::Row;
use super::passage::Passage;
use super::trouble::disk_failure;
use crate::domain::{Call, Failure, FailureKind, RunId};

/// Room an image needs before it is asked for: its bytes, and the same as text in the answer. Most take 2 to 5 MB.
pub(super) const ROOM_FOR_AN_IMAGE_BYTES: u64 = 8 << 20;

impl Library {
    /// `Err` when the disk certainly has no room for so many images. A disk that does not tell is taken to have some.
    pub fn room_for(&self, images: usize) -> Result<(), Failure> {
        let Ok(free) = self.disk.free_bytes(&self.root) else { return Ok(()) };
        if free >= ROOM_FOR_AN_IMAGE_BYTES.saturating_mul(images as u64) {
            return Ok(());
        }
        let megabytes = free / 1_000_000;
        let sentence = format!(
            "There is no room on the library's disk ({megabytes} MB free), so nothing was sent. Free some space, then \
             try again."
        );
        Err(Failure::free(FailureKind::Disk, sentence))
    }

    /// Writes a row for each call. When it returns, they are on the disk, and the calls may be sent.
    ///
    /// The rows come before the run itself: a run without rows was over, rows without a run were never sent.
    pub fn prepare(&self, run: RunId, base_url: &str, calls: &[Call]) -> Result<Vec<Passage>, Failure> {
        self.may_write()?;
        let mut prepared = self.write_rows(run, base_url, calls);
        if prepared.as_ref().is_err_and(|error| error.kind() == io::ErrorKind::NotFound) {
            // Somebody tidied up in our folder while we were at work.
            if let Ok(session) = self.inbox.session() {
                self.inbox.forget(&session);
            }
            prepared = self.write_rows(run, base_url, calls);
        }
        prepared
            .map_err(|error| disk_failure("The run could not be written down, so nothing was sent", &self.root, &error))
    }

    fn write_rows(&self, run: RunId, base_url: &str, calls: &[Call]) -> io::Result<Vec<Passage>> {
        let session = self.inbox.session()?;
        let mut passages: Vec<Passage> = Vec::with_capacity(calls.len());
        let mut write = || {
            for call in calls {
                let row = Row { run, slots: call.slots.clone(), call: session.new_call() };
                let (session, disk) = (session.clone(), self.disk.clone());
                passages.push(Passage::prepare(session, disk, row, base_url)?);
            }
            self.inbox.make_durable(&session)?;
            self.disk.sync_folder(&session.folder)
        };
        match write() {
            Ok(()) => Ok(passages),
            Err(error) => {
                passages.iter().for_each(Passage::settle);
                Err(error)
            }
        }
    }
}
