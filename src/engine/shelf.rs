//! Holds the open library, and lets everyone wait while it is being opened.

use std::cmp::Reverse;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Weak};

use tokio::sync::{OwnedRwLockWriteGuard, RwLock};

use super::blocking::blocking;
use super::outbox::Outbox;
use crate::domain::{Failure, FailureKind, ImageId, Run, RunId};
use crate::library::{Library, Passage};
use crate::message::Event;

/// Runs read before the window is told that the library is open: a screen of the smallest tiles. The rest follows.
const FIRST_RUNS: usize = 64;

/// The open library, or why there is none; and those that runs still write to.
struct Place {
    now: Result<Arc<Library>, Failure>,
    /// A library is never opened twice at once: the second would not know what runs write through the first.
    in_use: Vec<(PathBuf, Weak<Library>)>,
}

/// The way to the open library.
#[derive(Clone)]
pub(super) struct Shelf(Arc<RwLock<Place>>);

impl Shelf {
    /// A shelf without a library.
    pub(super) fn empty() -> Self {
        let now = Err(Failure::free(FailureKind::Disk, "No library folder is open"));
        Self(Arc::new(RwLock::new(Place { now, in_use: Vec::new() })))
    }

    /// The library; waits while one is being opened.
    pub(super) async fn library(&self) -> Result<Arc<Library>, Failure> {
        self.0.read().await.now.clone()
    }

    /// This library is the open one.
    pub(super) async fn holds(&self, library: &Arc<Library>) -> bool {
        self.0.read().await.now.as_ref().is_ok_and(|now| Arc::ptr_eq(now, library))
    }

    /// Where an image's file is. Waits for the disk: for the command line, not for a window's thread.
    pub(super) fn path(&self, image: ImageId) -> Option<PathBuf> {
        self.0.blocking_read().now.as_ref().ok()?.image_path(image)
    }

    /// The program ends: nothing more is written.
    pub(super) async fn leave(&self) {
        let libraries: Vec<Arc<Library>> =
            self.0.read().await.in_use.iter().filter_map(|(_, library)| library.upgrade()).collect();
        let left = blocking(move || libraries.iter().for_each(|library| library.leave())).await;
        if left.is_err() {
            tracing::error!("the library was not left in order");
        }
    }

    /// Takes the place: whoever asks for the library from now on waits for the one that is put there.
    pub(super) async fn reserve(&self) -> Reserved {
        Reserved(Arc::clone(&self.0).write_owned().await)
    }
}

/// The place while a library is being opened.
pub(super) struct Reserved(OwnedRwLockWriteGuard<Place>);

impl Reserved {
    /// Opens the library in `root`, puts it into the place and tells the window of its newest runs.
    ///
    /// With a window, which is one that may change the library or only shows it; `hang` is called for the former.
    pub(super) async fn open(
        mut self,
        root: PathBuf,
        outbox: &Outbox,
        hang: Option<impl FnOnce(&Path) + Send + 'static>,
    ) -> Option<Begun> {
        self.0.in_use.retain(|(_, library)| library.strong_count() > 0);
        let known = self.0.in_use.iter().find(|(known, _)| *known == root).and_then(|(_, library)| library.upgrade());
        let path = root.clone();
        let opened = blocking(move || {
            let found = Found::open(&path, known, hang.is_some())?;
            if let (Some(hang), None) = (hang, &found.only_shown) {
                hang(&path);
            }
            Ok(found)
        });
        let opened = opened.await.and_then(|opened| opened);
        let mut events = Vec::new();
        let result = match opened {
            Ok(Found { begun, runs, only_shown }) => {
                self.0.in_use.push((root.clone(), Arc::downgrade(&begun.library)));
                self.0.now = Ok(Arc::clone(&begun.library));
                let problems = begun.library.problems();
                events.push(Event::LibraryOpened { root, runs, problems });
                events.extend(only_shown.map(|why| Event::LibraryOnlyShown { why }));
                Some(begun)
            }
            Err(failure) => {
                tracing::warn!(kind = %failure.kind, "the library could not be opened");
                self.0.now = Err(failure.clone());
                events.push(Event::LibraryFailed { root, failure });
                None
            }
        };
        drop(self);
        for event in events {
            outbox.send(event).await;
        }
        result
    }
}

/// A library of which the newest runs are known.
pub(super) struct Begun {
    pub(super) library: Arc<Library>,
    /// Calls that are to be finished, and what kept them from being taken up; when that was tried already.
    pub(super) taken_up: Option<TakenUp>,
    /// Runs that are known but not told yet, newest first.
    pub(super) untold: Vec<RunId>,
    /// Those that were told.
    pub(super) told: Vec<RunId>,
    /// Others changed it while it was open here already.
    pub(super) is_new: bool,
}

/// What came of taking up earlier calls.
pub(super) type TakenUp = Result<Vec<Passage>, Failure>;

/// A library that is open, and what there is to say about it.
struct Found {
    begun: Begun,
    runs: Vec<Run>,
    /// Why nothing can be changed in it.
    only_shown: Option<Failure>,
}

impl Found {
    fn open(root: &Path, known: Option<Arc<Library>>, has_window: bool) -> Result<Self, Failure> {
        // One that is only shown is opened anew: the other window may be closed by now. So is one that was removed.
        if let Some(library) = known.filter(|library| library.is_usable()) {
            let mut told = library.run_ids();
            let untold = told.split_off(told.len().min(FIRST_RUNS));
            let runs = told.iter().filter_map(|&run| library.run(run)).collect();
            let begun = Begun { library, taken_up: Some(Ok(Vec::new())), untold, told, is_new: false };
            return Ok(Self { begun, runs, only_shown: None });
        }
        let library = Library::begin(root)?;
        let only_shown = if has_window { library.hold().err() } else { None };
        let mut runs = library.read_on(FIRST_RUNS);
        let mut taken_up = only_shown.is_some().then(|| Ok(Vec::new()));
        if library.is_read() && taken_up.is_none() {
            taken_up = Some(library.take_up());
            // What is finished now is shown as waiting.
            runs = library.runs();
        }
        runs.sort_unstable_by_key(|run| Reverse(run.id));
        let told = runs.iter().map(|run| run.id).collect();
        let begun = Begun { library: Arc::new(library), taken_up, untold: Vec::new(), told, is_new: true };
        Ok(Self { begun, runs, only_shown })
    }
}
