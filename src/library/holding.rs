//! Who may change a library: one window at a time, and nobody where the disk says no; and where that window is asked for.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::catalog::{Library, lock};
use super::digest::sha256;
use super::disk::{Access, Disk as _, Kind, Look, RealDisk, make_folders};
use super::inbox::make_folder;
use super::layout;
use super::places::Places;
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

/// Letters of the library's name in the address: the path of a socket has room for about a hundred.
const NAME_LETTERS: usize = 16;

/// The address for a library. Whoever opens the same folder as the same person gets the same, however it is spelled.
pub fn doorbell(places: &Places, library: &Path) -> PathBuf {
    let real = fs::canonicalize(library).unwrap_or_else(|_not_there_yet| library.to_owned());
    let name = sha256(real.as_os_str().as_encoded_bytes());
    places.runtime.join(format!("window-{}.sock", name.get(..NAME_LETTERS).unwrap_or(&name)))
}

/// Makes an address free. Only for the one window of its library: nobody else can be listening there.
pub fn free_doorbell(address: &Path) -> io::Result<()> {
    if let Some(folder) = address.parent() {
        make_folders(&RealDisk, folder, Access::Private)?;
    }
    match RealDisk.remove_file(address) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_library_has_one_address_however_it_is_named() {
        let home = tempfile::tempdir().unwrap();
        let places = Places::find(Some(home.path())).unwrap();
        let (library, other) = (home.path().join("library"), home.path().join("other"));
        fs::create_dir(&library).unwrap();
        fs::create_dir(&other).unwrap();
        let address = doorbell(&places, &library);
        assert_eq!(doorbell(&places, &home.path().join("other/../library/.")), address);
        assert_ne!(doorbell(&places, &other), address);
        free_doorbell(&address).unwrap();
        fs::write(&address, "left by a program that was killed").unwrap();
        free_doorbell(&address).unwrap();
        assert!(!address.exists() && address.parent().unwrap().is_dir());
    }
}
