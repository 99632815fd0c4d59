//! The keys by endpoint: found, saved, forgotten and renamed, each call within a time limit.

use std::sync::Arc;
use std::time::Duration;

use super::platform;
use super::ring::Open;
use super::trouble::{Trouble, Wanted};
use super::wishes::{Wish, Wishes};
use super::worker::{Late, Workers};
use crate::domain::{EndpointName, Failure, KeyPlace, Secret};

/// The name all keys are under in the keyring; the endpoint's name is the user beside it.
pub const SERVICE: &str = "Proofsheet";

/// How long a call waits. A locked keyring asks for its password: time to type it, and no longer than a person waits for
/// a window that does not come up.
pub const TIME_LIMIT: Duration = Duration::from_secs(30);

/// What is known of a key after a call.
pub struct Found {
    /// Where it is: [`KeyPlace::Keyring`], [`KeyPlace::Session`] or [`KeyPlace::Missing`]. It is
    /// [`KeyPlace::Unknown`] when a keyring is there but did not say.
    pub place: KeyPlace,
    /// The key, when there is one.
    pub key: Option<Secret>,
    /// Why the keyring did not do what was asked.
    pub problem: Option<Failure>,
}

/// The keys of the endpoints. Calls block, up to [`TIME_LIMIT`] each; make them off the window's thread.
///
/// The keyring is opened at the first call, and again after a failure: one that starts late is found without a restart.
/// A key that the keyring did not take lives in memory until the program ends, and each later [`Vault::find`] offers
/// it to the keyring again.
pub struct Vault {
    workers: Workers,
    wishes: Arc<Wishes>,
}

impl Vault {
    /// The keys under this service name ([`SERVICE`], unless in a test) in the computer's keyring.
    pub fn new(service: impl Into<String>) -> Self {
        Self::with_time_limit(service, TIME_LIMIT)
    }

    /// The same with another time limit for each call.
    pub fn with_time_limit(service: impl Into<String>, limit: Duration) -> Self {
        Self::over(service.into(), Arc::new(platform::open), limit)
    }

    pub(super) fn over(service: String, open: Arc<Open>, limit: Duration) -> Self {
        Self { workers: Workers::new(service, open, limit), wishes: Arc::default() }
    }

    /// Looks for the endpoint's key.
    pub fn find(&self, name: &EndpointName) -> Found {
        match self.wishes.open(name.as_str()) {
            Some(Wish::Keep(key)) => return self.kept(name, key),
            Some(Wish::Erase) => {
                let problem = self.settle(name).err().map(|trouble| trouble.into_failure(Wanted::Erase));
                return Found { place: KeyPlace::Missing, key: None, problem };
            }
            None => {}
        }
        let user = name.as_str().to_owned();
        match self.workers.run(Late::Skip, move |ring| ring.read(&user)) {
            Ok(Some(key)) => Found { place: KeyPlace::Keyring, key: Some(key), problem: None },
            Ok(None) => Found { place: KeyPlace::Missing, key: None, problem: None },
            Err(trouble) => {
                let place = if trouble == Trouble::Absent { KeyPlace::Missing } else { KeyPlace::Unknown };
                Found { place, key: None, problem: Some(trouble.into_failure(Wanted::Read)) }
            }
        }
    }

    /// Keeps the endpoint's key, instead of any it had: in the keyring, where it is read back, or else in memory, with
    /// the problem told.
    pub fn save(&self, name: &EndpointName, key: Secret) -> Found {
        self.wishes.set(name.as_str(), Wish::Keep(key.clone()));
        self.kept(name, key)
    }

    /// Forgets the endpoint's key, in memory at once and in the keyring. Tells when it may still be there.
    pub fn forget(&self, name: &EndpointName) -> Option<Failure> {
        let only_in_memory = matches!(self.wishes.open(name.as_str()), Some(Wish::Keep(_)));
        self.wishes.set(name.as_str(), Wish::Erase);
        match self.settle(name) {
            Ok(()) => None,
            Err(Trouble::Absent) if only_in_memory => None,
            Err(trouble) => Some(trouble.into_failure(Wanted::Erase)),
        }
    }

    /// Moves the key to the endpoint's new name: found, saved, read back, and only then forgotten under the old one.
    /// Up to three calls' time. A failure leaves the key under the old name too.
    pub fn rename(&self, old: &EndpointName, new: &EndpointName) -> Option<Failure> {
        if old == new {
            return None;
        }
        let found = self.find(old);
        let Some(key) = found.key else { return found.problem };
        let saved = self.save(new, key);
        if saved.place == KeyPlace::Keyring || found.place == KeyPlace::Session {
            let forgotten = self.forget(old);
            return saved.problem.or(forgotten);
        }
        saved.problem
    }

    fn kept(&self, name: &EndpointName, key: Secret) -> Found {
        let (place, problem) = match self.settle(name) {
            Ok(()) => (KeyPlace::Keyring, None),
            Err(trouble) => (KeyPlace::Session, Some(trouble.into_failure(Wanted::Keep))),
        };
        Found { place, key: Some(key), problem }
    }

    fn settle(&self, name: &EndpointName) -> Result<(), Trouble> {
        let (wishes, user) = (Arc::clone(&self.wishes), name.as_str().to_owned());
        self.workers.run(Late::Do, move |ring| wishes.settle(&user, ring))
    }
}
