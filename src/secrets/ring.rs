//! One connection to the keyring: opened when needed, opened again when it broke, every write read back.

use std::collections::HashMap;
use std::sync::Arc;

use keyring::{CredentialStore, Entry, Error};

use super::trouble::Trouble;
use crate::domain::Secret;

/// A keyring that was opened.
pub(super) struct Store {
    /// The keyring itself.
    pub(super) credentials: Arc<CredentialStore>,
    /// Entries can be given a name for the keyring's own window.
    pub(super) takes_label: bool,
}

/// Opens the keyring. Asked again after each failure, since a keyring may start late.
pub(super) type Open = dyn Fn() -> keyring::Result<Store> + Send + Sync;

/// The entries of one service in the keyring. Calls block for as long as the keyring likes.
pub(super) struct Ring {
    service: String,
    open: Arc<Open>,
    store: Option<Store>,
}

impl Ring {
    pub(super) fn new(service: String, open: Arc<Open>) -> Self {
        Self { service, open, store: None }
    }

    /// The key under this name, if there is one. Several equal ones count as one.
    pub(super) fn read(&mut self, user: &str) -> Result<Option<Secret>, Trouble> {
        match self.attempt(user, Entry::get_password)? {
            Ok(key) => Ok(Some(Secret::new(key))),
            Err(Error::NoEntry) => Ok(None),
            Err(Error::Ambiguous(entries)) => {
                let mut found: Option<String> = None;
                for entry in entries {
                    let key = entry.get_password()?;
                    if found.as_ref().is_some_and(|known| *known != key) {
                        return Err(Trouble::Several);
                    }
                    found = Some(key);
                }
                Ok(found.map(Secret::new))
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Puts a key under this name and reads it back. Where several stood, one remains.
    pub(super) fn write(&mut self, user: &str, key: &Secret) -> Result<(), Trouble> {
        match self.attempt(user, |entry| entry.set_password(key.expose()))? {
            Ok(()) => {}
            Err(Error::Ambiguous(entries)) => {
                erase_all(entries)?;
                self.attempt(user, |entry| entry.set_password(key.expose()))??;
            }
            Err(error) => return Err(error.into()),
        }
        match self.read(user)? {
            Some(kept) if kept.expose() == key.expose() => Ok(()),
            _ => Err(Trouble::NotKept),
        }
    }

    /// Removes whatever is under this name.
    pub(super) fn erase(&mut self, user: &str) -> Result<(), Trouble> {
        match self.attempt(user, Entry::delete_credential)? {
            Ok(()) | Err(Error::NoEntry) => Ok(()),
            Err(Error::Ambiguous(entries)) => erase_all(entries),
            Err(error) => Err(error.into()),
        }
    }

    /// Does `work` on the entry. A connection that was open before and turns out broken is made once more: the
    /// keyring's program may have been started again.
    fn attempt<T>(
        &mut self,
        user: &str,
        work: impl Fn(&Entry) -> keyring::Result<T>,
    ) -> Result<keyring::Result<T>, Trouble> {
        let was_open = self.store.is_some();
        let first = self.once(user, &work)?;
        if !matches!(first, Err(Error::PlatformFailure(_))) {
            return Ok(first);
        }
        self.store = None;
        if was_open { self.once(user, &work) } else { Ok(first) }
    }

    fn once<T>(
        &mut self,
        user: &str,
        work: impl Fn(&Entry) -> keyring::Result<T>,
    ) -> Result<keyring::Result<T>, Trouble> {
        let store = match self.store.take() {
            Some(store) => store,
            None => match (self.open)() {
                Ok(store) => store,
                // Without a keyring the cause is a missing bus or service: the person can do the same about all of them.
                Err(_) => return Err(Trouble::Absent),
            },
        };
        let label = format!("{} key for {user}", self.service);
        let named = HashMap::from([("label", label.as_str())]);
        let entry = store.credentials.build(&self.service, user, store.takes_label.then_some(&named));
        self.store = Some(store);
        Ok(entry.and_then(|entry| work(&entry)))
    }
}

fn erase_all(entries: Vec<Entry>) -> Result<(), Trouble> {
    for entry in entries {
        match entry.delete_credential() {
            Ok(()) | Err(Error::NoEntry) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}
