//! Holds the open library, and lets everyone wait while it is being opened.

use std::path::PathBuf;
use std::sync::{Arc, Weak};

use tokio::sync::{OwnedRwLockWriteGuard, RwLock};

use super::blocking::blocking;
use super::outbox::Outbox;
use crate::domain::{Failure, FailureKind, ImageId};
use crate::library::Library;
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

    /// Takes the place: whoever asks for the library from now on waits for the one that is put there.
    pub(super) async fn reserve(&self) -> Reserved {
        Reserved(Arc::clone(&self.0).write_owned().await)
    }
}

/// The place while a library is being opened.
pub(super) struct Reserved(OwnedRwLockWriteGuard<Place>);

impl Reserved {
    /// Opens the library in `root`, puts it into the place and tells the window.
    pub(super) async fn open(mut self, root: PathBuf, outbox: Outbox) {
        self.0.in_use.retain(|(_, library)| library.strong_count() > 0);
        let known = self.0.in_use.iter().find(|(known, _)| *known == root).and_then(|(_, library)| library.upgrade());
        let path = root.clone();
        let opened = blocking(move || match known {
            Some(library) => Ok((Arc::clone(&library), library.runs(), Vec::new())),
            None => Library::open(&path).map(|(library, opened)| (Arc::new(library), opened.runs, opened.problems)),
        });
        let event = match opened.await.and_then(|opened| opened) {
            Ok((library, runs, problems)) => {
                self.0.in_use.push((root.clone(), Arc::downgrade(&library)));
                self.0.now = Ok(library);
                Event::LibraryOpened { root, runs, problems }
            }
            Err(failure) => {
                tracing::warn!(kind = %failure.kind, "the library could not be opened");
                self.0.now = Err(failure.clone());
                Event::LibraryFailed { root, failure }
            }
        };
        drop(self);
        outbox.send(event).await;
    }
}
