//! Keeps the index of the open library up to date: a moment after a run changed, it is read from the library and written.

use std::collections::{BTreeMap, BTreeSet};
use std::mem;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use tokio::sync::Notify;

use super::blocking::blocking;
use crate::domain::{Failure, RunId};
use crate::index::{Changes, Index, Stamp};
use crate::library::Library;

/// Changes within this time share one transaction: ten images of an answer come within a second or two.
const SETTLE: Duration = Duration::from_millis(250);

/// The one who keeps the index.
#[derive(Clone)]
pub(super) struct Indexer(Arc<Desk>);

struct Desk {
    cache: PathBuf,
    open: Mutex<Option<Open>>,
    /// Runs that changed; bounded by the runs of the library.
    changed: Mutex<BTreeSet<RunId>>,
    bell: Notify,
    /// One writes at a time: an older state of a run never lands after a newer one.
    writing: tokio::sync::Mutex<()>,
}

/// The library that is open, and its index.
#[derive(Clone)]
struct Open {
    /// Not held: a library that nobody uses any more is left, and another window may have it.
    library: Weak<Library>,
    index: Arc<Index>,
}

impl Indexer {
    /// Starts the task that writes. Nothing is kept until a library is served.
    pub(super) fn start(cache: PathBuf) -> Self {
        let desk = Desk {
            cache,
            open: Mutex::default(),
            changed: Mutex::default(),
            bell: Notify::new(),
            writing: tokio::sync::Mutex::default(),
        };
        let indexer = Self(Arc::new(desk));
        let task = indexer.clone();
        tokio::spawn(async move {
            loop {
                task.0.bell.notified().await;
                tokio::time::sleep(SETTLE).await;
                task.flush().await;
            }
        });
        indexer
    }

    /// From now on the index is this library's. What changed in the folders while nobody looked is brought in: `stamps`
    /// says how the runs were when they were read.
    pub(super) async fn serve(&self, library: Arc<Library>, stamps: BTreeMap<RunId, Stamp>) {
        let _one = self.0.writing.lock().await;
        *self.open() = None;
        let (cache, shared) = (self.0.cache.clone(), Arc::clone(&library));
        let opened = blocking(move || {
            let index = Index::open(&cache, shared.root())?;
            let changes = index.reconcile(&stamps, |run| shared.run(run))?;
            Ok::<(Index, Changes), Failure>((index, changes))
        });
        match opened.await.and_then(|opened| opened) {
            Ok((index, changes)) => {
                tracing::info!(runs = changes.runs, gone = changes.gone, "the index is up to date");
                *self.open() = Some(Open { library: Arc::downgrade(&library), index: Arc::new(index) });
            }
            // The sheet works without it; only the search does not.
            Err(failure) => tracing::warn!(words = ?failure.server_words, "there is no index"),
        }
    }

    /// These runs changed.
    pub(super) fn touch(&self, runs: impl IntoIterator<Item = RunId>) {
        self.changed().extend(runs);
        self.0.bell.notify_one();
    }

    /// Writes what changed, now.
    pub(super) async fn flush(&self) {
        let _one = self.0.writing.lock().await;
        let Some(Open { library, index }) = self.open().clone() else { return };
        let Some(library) = library.upgrade() else { return };
        let changed = mem::take(&mut *self.changed());
        if changed.is_empty() {
            return;
        }
        let again = changed.clone();
        let written = blocking(move || {
            let runs: Vec<_> = changed.into_iter().filter_map(|run| library.run(run)).collect();
            index.put(&runs)
        });
        if let Err(failure) = written.await.and_then(|written| written) {
            tracing::warn!(words = ?failure.server_words, "the index was not changed");
            // They come with the next change, or when the library is opened again.
            self.changed().extend(again);
        }
    }

    fn open(&self) -> MutexGuard<'_, Option<Open>> {
        self.0.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn changed(&self) -> MutexGuard<'_, BTreeSet<RunId>> {
        self.0.changed.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
