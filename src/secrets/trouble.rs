//! Why the keyring did not help, in words for people.

use std::time::Duration;

use crate::domain::{Failure, FailureKind};

/// Why the keyring did not help. Never made by printing an error of the keyring, which may hold the secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Trouble {
    /// There is no keyring to talk to.
    Absent,
    /// It is locked, and the question to unlock it was dismissed or could not be asked.
    Locked,
    /// It did not answer in time; mostly it waits for a password.
    NoAnswer(Duration),
    /// Earlier calls still wait for its answer, as many as may.
    Waiting,
    /// What it holds is not text.
    Unreadable,
    /// It holds different keys under one name.
    Several,
    /// It does not take so long a key.
    TooLong,
    /// It gave back something else than it was given.
    NotKept,
    /// It failed in another way.
    Failed,
}

impl From<keyring::Error> for Trouble {
    fn from(error: keyring::Error) -> Self {
        match error {
            keyring::Error::NoStorageAccess(_) => Self::Locked,
            keyring::Error::BadEncoding(_) | keyring::Error::BadDataFormat(..) => Self::Unreadable,
            keyring::Error::Ambiguous(_) => Self::Several,
            keyring::Error::TooLong(..) => Self::TooLong,
            keyring::Error::NoDefaultStore => Self::Absent,
            _ => Self::Failed,
        }
    }
}

/// What was asked of the keyring.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wanted {
    /// A key, which is not known otherwise.
    Read,
    /// To take a key, which stays in memory meanwhile.
    Keep,
    /// To forget a key.
    Erase,
}

impl Trouble {
    /// The failure to show.
    pub(super) fn into_failure(self, wanted: Wanted) -> Failure {
        let cause = match self {
            Self::Absent => "No keyring answers on this computer.".to_owned(),
            Self::Locked => "The keyring is locked. Unlock it and try again.".to_owned(),
            Self::NoAnswer(limit) => format!(
                "The keyring did not answer within {} seconds; it may be waiting for its password. \
                 Unlock it and try again.",
                limit.as_secs()
            ),
            Self::Waiting => "The keyring still owes earlier answers. Unlock it and try again.".to_owned(),
            Self::Unreadable => "What the keyring holds for this endpoint is not a key. Save the key again.".to_owned(),
            Self::Several => {
                "The keyring holds different keys for this endpoint. Save the key again to keep that one.".to_owned()
            }
            Self::TooLong => "The keyring does not take so long a key.".to_owned(),
            Self::NotKept => "The keyring took the key but does not give it back.".to_owned(),
            Self::Failed => "The keyring failed. Try again.".to_owned(),
        };
        let effect = match (wanted, self) {
            (Wanted::Keep, _) => " Until then the key is kept in memory and is gone when the program ends.",
            (Wanted::Erase, _) => " The key may still be in it.",
            (Wanted::Read, Self::Absent) => " A key can be used, but is gone when the program ends.",
            (Wanted::Read, _) => "",
        };
        Failure::free(FailureKind::Keyring, cause + effect)
    }
}
