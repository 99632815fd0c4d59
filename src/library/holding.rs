//! Who may change a library: one window at a time, and nobody where the disk says no.

use super::catalog::{Library, lock};
use super::disk::{Kind, Look};
use super::inbox::make_folder;
use super::layout;
use super::trouble::disk_failure;
use crate::domain::{Failure, FailureKind};

/// Why a window only looks on.
const HELD: &str = "This library is open in another Proofsheet window, so this one only shows it. Nothing can be made, \
                    marked or removed here. Close the other window, then open the library again.";

impl Library {
    /// Makes this the one window that changes the library, until it is dropped. `Err` says why it cannot be, and from
    /// then on nothing here can be changed.
    ///
    /// The lock is the system's: a window that was killed holds none.
    pub fn hold(&self) -> Result<(), Failure> {
        let own = self.inbox.own();
        let taken = make_folder(&*self.disk, &own).and_then(|()| self.disk.lock(&own.join(layout::WINDOW_LOCK)));
        let why = match taken {
            Ok(Some(taken)) => {
                *lock(&self.held) = Some(taken);
                return Ok(());
            }
            Ok(None) => Failure::free(FailureKind::Disk, HELD),
            Err(error) => disk_failure("This library can only be looked at", &own, &error),
        };
        *lock(&self.only_shown) = Some(why.clone());
        Err(why)
    }

    /// The program ends: its place in the inbox goes, unless a call is left there, and another window may have the library.
    pub fn leave(&self) {
        self.inbox.leave();
        drop(lock(&self.held).take());
    }

    /// Its folder is still where it was, and may be changed from here.
    pub fn is_usable(&self) -> bool {
        let is_folder = |look: Look| look.kind == Kind::Folder;
        self.may_write().is_ok() && self.disk.look(&self.inbox.own()).is_ok_and(is_folder)
    }

    /// `Err` when nothing may be changed.
    pub(super) fn may_write(&self) -> Result<(), Failure> {
        lock(&self.only_shown).clone().map_or(Ok(()), Err)
    }
}
