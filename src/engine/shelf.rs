//! Holds the open library, and lets everyone wait while it is being opened.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Weak};

use tokio::sync::{OwnedRwLockWriteGuard, RwLock};

use super::blocking::blocking;
use super::outbox::Outbox;
use crate::domain::{Failure, FailureKind, ImageId, Run};
use crate::library::{Library, Passage};
use crate::message::Event;

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
    /// Opens the library in `root`, puts it into the place and tells the window. Returns calls that are to be finished.
    pub(super) async fn open(
        mut self,
        root: PathBuf,
        outbox: Outbox,
        has_window: bool,
    ) -> Option<(Arc<Library>, Vec<Passage>)> {
        self.0.in_use.retain(|(_, library)| library.strong_count() > 0);
        let known = self.0.in_use.iter().find(|(known, _)| *known == root).and_then(|(_, library)| library.upgrade());
        let path = root.clone();
        let opened = blocking(move || Found::open(&path, known, has_window)).await.and_then(|opened| opened);
        let mut events = Vec::new();
        let result = match opened {
            Ok(Found { library, runs, problems, passages, only_shown, trouble }) => {
                self.0.in_use.push((root.clone(), Arc::downgrade(&library)));
                self.0.now = Ok(Arc::clone(&library));
                events.push(Event::LibraryOpened { root, runs, problems });
                events.extend(only_shown.map(|why| Event::LibraryOnlyShown { why }));
                let doing = "Finishing earlier answers".to_owned();
                events.extend(trouble.map(|failure| Event::Trouble { doing, failure }));
                Some((library, passages))
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

/// A library that is open, and what there is to say about it.
struct Found {
    library: Arc<Library>,
    runs: Vec<Run>,
    problems: Vec<String>,
    passages: Vec<Passage>,
    /// Why nothing can be changed in it.
    only_shown: Option<Failure>,
    /// What kept earlier calls from being finished.
    trouble: Option<Failure>,
}

impl Found {
    fn open(root: &Path, known: Option<Arc<Library>>, has_window: bool) -> Result<Self, Failure> {
        // One that is only shown is opened anew: the other window may be closed by now. So is one that was removed.
        if let Some(library) = known.filter(|library| library.is_usable()) {
            let (runs, problems, passages) = (library.runs(), Vec::new(), Vec::new());
            return Ok(Self { library, runs, problems, passages, only_shown: None, trouble: None });
        }
        let (library, opened) = Library::open(root)?;
        let only_shown = if has_window { library.hold().err() } else { None };
        let taken = if only_shown.is_some() { Ok(Vec::new()) } else { library.take_up() };
        let (passages, trouble) = match taken {
            Ok(passages) => (passages, None),
            Err(failure) => (Vec::new(), Some(failure)),
        };
        let runs = library.runs();
        Ok(Self { library: Arc::new(library), runs, problems: opened.problems, passages, only_shown, trouble })
    }
}
