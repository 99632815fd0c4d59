//! All runs of a library: some at hand, the others at rest, of which only the folder is remembered. So a library of many
//! thousand runs takes little memory, and what a resting run says is read from the disk when it is asked for.

use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use super::lock;
use crate::domain::RunId;
use crate::library::shelf::Shelf;

/// Runs at hand: those of several screens and of all calls that are usually under way, and what is read at once. A record
/// takes a few kilobytes.
const AT_HAND_MAX: usize = 192;
/// Runs looked at for one that may rest, each time one more comes: those that may not are few.
const LOOKS_MAX: usize = 4;

/// A run at hand. Its lock is held while its `run.json` is written, never while image bytes are.
pub(in crate::library) type Held = Arc<Mutex<Shelf>>;

/// Where a run is.
pub(in crate::library) enum Place {
    /// What it says is known.
    AtHand(Held),
    /// What it says is in this folder, below the library's own.
    Resting(Box<Path>),
}

/// The runs.
pub(in crate::library) struct Rack {
    root: PathBuf,
    /// Oldest first. Side by side, because there are many thousand; a library is read from the other end.
    places: VecDeque<(RunId, Place)>,
    /// Those at hand, the longest unused first.
    at_hand: VecDeque<RunId>,
    at_hand_max: usize,
}

impl Rack {
    /// That of the library in this folder, with nothing in it.
    pub(in crate::library) fn new(root: &Path) -> Self {
        Self { root: root.to_owned(), places: VecDeque::new(), at_hand: VecDeque::new(), at_hand_max: AT_HAND_MAX }
    }

    /// Keeps no more runs at hand than this.
    #[cfg(test)]
    pub(in crate::library) fn keep_at_hand(&mut self, most: usize) {
        self.at_hand_max = most;
        self.make_room();
    }

    /// All runs, oldest first.
    pub(in crate::library) fn ids(&self) -> impl DoubleEndedIterator<Item = RunId> + '_ {
        self.places.iter().map(|(run, _)| *run)
    }

    /// Where a run is.
    pub(in crate::library) fn place(&self, run: RunId) -> Option<&Place> {
        self.places.get(self.find(run).ok()?).map(|(_, place)| place)
    }

    /// The runs at hand.
    pub(in crate::library) fn at_hand(&self) -> impl Iterator<Item = RunId> + '_ {
        self.at_hand.iter().copied()
    }

    /// A run that is at hand.
    pub(in crate::library) fn held(&self, run: RunId) -> Option<Held> {
        match self.place(run)? {
            Place::AtHand(held) => Some(Arc::clone(held)),
            Place::Resting(_) => None,
        }
    }

    /// The folders of those at rest.
    pub(in crate::library) fn resting(&self) -> impl Iterator<Item = PathBuf> + '_ {
        self.places.iter().filter_map(|(_, place)| match place {
            Place::AtHand(_) => None,
            Place::Resting(folder) => Some(self.root.join(folder)),
        })
    }

    /// The folder of a run.
    pub(in crate::library) fn folder(&self, run: RunId) -> Option<PathBuf> {
        Some(match self.place(run)? {
            Place::AtHand(held) => lock(held).folder.clone(),
            Place::Resting(folder) => self.root.join(folder),
        })
    }

    /// Puts a run there, in the place of what was. What is older than all others, as everything is while a library is read,
    /// is the first to rest: the newest are what people look at.
    pub(in crate::library) fn put(&mut self, run: RunId, shelf: Shelf) {
        let place = Place::AtHand(Arc::new(Mutex::new(shelf)));
        let is_oldest = self.places.front().is_some_and(|(oldest, _)| run < *oldest);
        let was_at_hand = match self.find(run) {
            Ok(at) => self
                .places
                .get_mut(at)
                .is_some_and(|(_, known)| matches!(std::mem::replace(known, place), Place::AtHand(_))),
            Err(at) => {
                self.places.insert(at, (run, place));
                false
            }
        };
        if was_at_hand {
            // It keeps its turn.
        } else if is_oldest {
            self.at_hand.push_front(run);
        } else {
            self.at_hand.push_back(run);
        }
        self.make_room();
    }

    /// A resting run was read. When somebody else was faster, theirs is the one.
    pub(in crate::library) fn take_up(&mut self, run: RunId, shelf: Shelf) -> Option<Held> {
        let at = self.find(run).ok()?;
        let (_, place) = self.places.get_mut(at)?;
        if let Place::AtHand(held) = place {
            return Some(Arc::clone(held));
        }
        let held = Arc::new(Mutex::new(shelf));
        *place = Place::AtHand(Arc::clone(&held));
        self.at_hand.push_back(run);
        self.make_room();
        Some(held)
    }

    fn find(&self, run: RunId) -> Result<usize, usize> {
        self.places.binary_search_by_key(&run, |(known, _)| *known)
    }

    /// Lets those rest that nobody uses and whose folders say all there is to know.
    fn make_room(&mut self) {
        for _ in 0..LOOKS_MAX {
            if self.at_hand.len() <= self.at_hand_max {
                return;
            }
            let Some(run) = self.at_hand.pop_front() else { return };
            let Some((_, place)) = self.find(run).ok().and_then(|at| self.places.get_mut(at)) else { continue };
            let Place::AtHand(held) = &*place else { continue };
            // Held by nobody else, so nobody is about to change it: others get it only from here.
            let folder = (Arc::strong_count(held) == 1).then(|| lock(held).resting_place()).flatten();
            match folder {
                Some(folder) => *place = Place::Resting(folder.strip_prefix(&self.root).unwrap_or(&folder).into()),
                None => self.at_hand.push_back(run),
            }
        }
    }
}
