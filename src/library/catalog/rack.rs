//! All runs of a library: some at hand, the others at rest, of which only the folder is remembered. So a library of many
//! thousand runs takes little memory, and what a resting run says is read from the disk when it is asked for.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, VecDeque};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use super::lock;
use crate::domain::RunId;
use crate::library::shelf::Shelf;

/// Runs at hand: those of several screens and of all calls that are usually under way. A record takes a few kilobytes.
const AT_HAND_MAX: usize = 512;
/// Runs looked at for one that may rest, each time one more comes: those that may not are few.
const LOOKS_MAX: usize = 4;

/// A run at hand. Its lock is held while its `run.json` is written, never while image bytes are.
pub(in crate::library) type Held = Arc<Mutex<Shelf>>;

/// Where a run is.
pub(in crate::library) enum Place {
    /// What it says is known.
    AtHand(Held),
    /// What it says is in this folder.
    Resting(Box<Path>),
}

/// The runs.
pub(in crate::library) struct Rack {
    places: BTreeMap<RunId, Place>,
    /// Those at hand, the longest unused first.
    at_hand: VecDeque<RunId>,
    at_hand_max: usize,
}

impl Default for Rack {
    fn default() -> Self {
        Self { places: BTreeMap::new(), at_hand: VecDeque::new(), at_hand_max: AT_HAND_MAX }
    }
}

impl Rack {
    /// Keeps no more runs at hand than this.
    #[cfg(test)]
    pub(in crate::library) fn keep_at_hand(&mut self, most: usize) {
        self.at_hand_max = most;
        self.make_room();
    }

    /// All runs, oldest first.
    pub(in crate::library) fn ids(&self) -> impl DoubleEndedIterator<Item = RunId> + '_ {
        self.places.keys().copied()
    }

    /// Where a run is.
    pub(in crate::library) fn place(&self, run: RunId) -> Option<&Place> {
        self.places.get(&run)
    }

    /// The runs at hand.
    pub(in crate::library) fn at_hand(&self) -> impl Iterator<Item = RunId> + '_ {
        self.at_hand.iter().copied()
    }

    /// A run that is at hand.
    pub(in crate::library) fn held(&self, run: RunId) -> Option<Held> {
        match self.places.get(&run)? {
            Place::AtHand(held) => Some(Arc::clone(held)),
            Place::Resting(_) => None,
        }
    }

    /// The folders of those at rest.
    pub(in crate::library) fn resting(&self) -> impl Iterator<Item = &Path> + '_ {
        self.places.values().filter_map(|place| match place {
            Place::AtHand(_) => None,
            Place::Resting(folder) => Some(&**folder),
        })
    }

    /// The folder of a run.
    pub(in crate::library) fn folder(&self, run: RunId) -> Option<PathBuf> {
        Some(match self.places.get(&run)? {
            Place::AtHand(held) => lock(held).folder.clone(),
            Place::Resting(folder) => folder.to_path_buf(),
        })
    }

    /// Puts a run there, in the place of what was. What is older than all others, as everything is while a library is read,
    /// is the first to rest: the newest are what people look at.
    pub(in crate::library) fn put(&mut self, run: RunId, shelf: Shelf) {
        let is_oldest = self.places.keys().next().is_some_and(|oldest| run < *oldest);
        if !matches!(self.places.insert(run, Place::AtHand(Arc::new(Mutex::new(shelf)))), Some(Place::AtHand(_))) {
            if is_oldest {
                self.at_hand.push_front(run);
            } else {
                self.at_hand.push_back(run);
            }
        }
        self.make_room();
    }

    /// A resting run was read. When somebody else was faster, theirs is the one.
    pub(in crate::library) fn take_up(&mut self, run: RunId, shelf: Shelf) -> Option<Held> {
        let Entry::Occupied(mut place) = self.places.entry(run) else { return None };
        if let Place::AtHand(held) = place.get() {
            return Some(Arc::clone(held));
        }
        let held = Arc::new(Mutex::new(shelf));
        place.insert(Place::AtHand(Arc::clone(&held)));
        self.at_hand.push_back(run);
        self.make_room();
        Some(held)
    }

    /// Lets those rest that nobody uses and whose folders say all there is to know.
    fn make_room(&mut self) {
        for _ in 0..LOOKS_MAX {
            if self.at_hand.len() <= self.at_hand_max {
                return;
            }
            let Some(run) = self.at_hand.pop_front() else { return };
            let Some(place) = self.places.get_mut(&run) else { continue };
            let Place::AtHand(held) = &*place else { continue };
            // Held by nobody else, so nobody is about to change it: others get it only from here.
            let folder = (Arc::strong_count(held) == 1).then(|| lock(held).resting_place()).flatten();
            match folder {
                Some(folder) => *place = Place::Resting(folder.into_boxed_path()),
                None => self.at_hand.push_back(run),
            }
        }
    }
}
