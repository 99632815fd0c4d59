//! Holds the open library, and lets everyone wait while it is being opened.

use std::path::PathBuf;
use std::sync::Arc;

use tokio::sync::{OwnedRwLockWriteGuard, RwLock};

use super::blocking::blocking;
use super::outbox::Outbox;
use crate::domain::{Failure, FailureKind, ImageId};
use crate::library::Library;
use crate::message::Event;

type Place = Result<Arc<Library>, Failure>;

/// The open library, or why there is none.
#[derive(Clone)]
pub(super) struct Shelf(Arc<RwLock<Place>>);

impl Shelf {
    /// A shelf without a library.
    pub(super) fn empty() -> Self {
        Self(Arc::new(RwLock::new(Err(Failure::free(FailureKind::Disk, "No library folder is open")))))
    }

    /// The library; waits while one is being opened.
    pub(super) async fn library(&self) -> Place {
        self.0.read().await.clone()
    }

    /// Where an image's file is. Waits for the disk: for the command line, not for a window's thread.
    pub(super) fn path(&self, image: ImageId) -> Option<PathBuf> {
        self.0.blocking_read().as_ref().ok()?.image_path(image)
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
        let path = root.clone();
        let opened = blocking(move || Library::open(&path)).await.and_then(|opened| opened);
        let event = match opened {
            Ok((library, opened)) => {
                *self.0 = Ok(Arc::new(library));
                Event::LibraryOpened { root, runs: opened.runs, problems: opened.problems }
            }
            Err(failure) => {
                tracing::warn!(kind = %failure.kind, "the library could not be opened");
                *self.0 = Err(failure.clone());
                Event::LibraryFailed { root, failure }
            }
        };
        drop(self);
        outbox.send(event).await;
    }
}
