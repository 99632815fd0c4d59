//! What the keyring is wished to hold, so that a late answer never brings an old key back.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::ring::Ring;
use super::trouble::Trouble;
use crate::domain::Secret;

/// What is to be under a name.
#[derive(Clone)]
pub(super) enum Wish {
    /// This key.
    Keep(Secret),
    /// Nothing.
    Erase,
}

struct Noted {
    number: u64,
    wish: Wish,
    done: bool,
}

/// The latest wish for each name. A wish that is not done yet is also where a key lives when there is no keyring.
#[derive(Default)]
pub(super) struct Wishes {
    noted: Mutex<(u64, HashMap<String, Noted>)>,
}

/// How often one settling follows a wish that changes meanwhile: each change is a person's act, so two are many.
const FOLLOW_MAX: usize = 8;

impl Wishes {
    fn lock(&self) -> MutexGuard<'_, (u64, HashMap<String, Noted>)> {
        self.noted.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes what is to be under the name from now on.
    pub(super) fn set(&self, user: &str, wish: Wish) {
        let mut noted = self.lock();
        noted.0 += 1;
        let number = noted.0;
        noted.1.insert(user.to_owned(), Noted { number, wish, done: false });
    }

    /// The latest wish for the name that the keyring has not fulfilled.
    pub(super) fn open(&self, user: &str) -> Option<Wish> {
        self.lock().1.get(user).filter(|noted| !noted.done).map(|noted| noted.wish.clone())
    }

    fn latest(&self, user: &str) -> Option<(u64, Wish)> {
        self.lock().1.get(user).map(|noted| (noted.number, noted.wish.clone()))
    }

    /// The wish of this number is fulfilled. `false` when another one has been made since.
    fn fulfil(&self, user: &str, number: u64) -> bool {
        self.lock().1.get_mut(user).is_some_and(|noted| {
            noted.done |= noted.number == number;
            noted.number == number
        })
    }

    /// Makes the keyring hold what was wished last for the name, also when that changes while the keyring takes its time.
    pub(super) fn settle(&self, user: &str, ring: &mut Ring) -> Result<(), Trouble> {
        for _ in 0..FOLLOW_MAX {
            let Some((number, wish)) = self.latest(user) else { return Ok(()) };
            match wish {
                Wish::Keep(key) => ring.write(user, &key)?,
                Wish::Erase => ring.erase(user)?,
            }
            if self.fulfil(user, number) {
                return Ok(());
            }
        }
        Err(Trouble::Failed)
    }
}
