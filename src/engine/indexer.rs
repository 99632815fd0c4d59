//! Keeps the index of the open library up to date: a moment after a run changed, it is read from the library and written.

mod searcher;

use std::collections::{BTreeMap, BTreeSet};
use std::mem;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use tokio::sync::{Notify, watch};

pub(super) use searcher::Searcher;

use super::blocking::blocking;
use super::outbox::Outbox;
use crate::domain::{Failure, RunId};
use crate::index::{Changes, Index, Stamp};
use crate::library::Library;
use crate::message::{Event, IndexState};

/// Changes within this time share one transaction: ten images of an answer come within a second or two.
const SETTLE: Duration = Duration::from_millis(250);

/// The one who keeps the index.
#[derive(Clone)]
pub(super) struct Indexer(Arc<Desk>);

struct Desk {
    cache: PathBuf,
    outbox: Outbox,
    open: Mutex<Option<Open>>,
    /// Runs that changed; bounded by the runs of the library.
    changed: Mutex<BTreeSet<RunId>>,
    bell: Notify,
    /// Grows when the index knows something new.
    edition: watch::Sender<u64>,
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
    pub(super) fn start(cache: PathBuf, outbox: Outbox) -> Self {
        let desk = Desk {
            cache,
            outbox,
            open: Mutex::default(),
            changed: Mutex::default(),
            bell: Notify::new(),
            edition: watch::Sender::new(0),
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

    /// The index that can be searched now.
    pub(super) fn index(&self) -> Option<Arc<Index>> {
        self.open().as_ref().map(|open| Arc::clone(&open.index))
    }

    /// Changes whenever the index knows something new.
    pub(super) fn editions(&self) -> watch::Receiver<u64> {
        self.0.edition.subscribe()
    }

    /// From now on the index is this library's. What changed in the folders while nobody looked is brought in: `stamps`
    /// says how the runs were when they were read.
    pub(super) async fn serve(&self, library: Arc<Library>, stamps: BTreeMap<RunId, Stamp>) {
        let _one = self.0.writing.lock().await;
        self.fill(library, Some(stamps)).await;
    }

    /// Opens the index and brings it to what the library is; the window is told when it begins and how it ends. Without
    /// stamps, every run is looked at again.
    async fn fill(&self, library: Arc<Library>, stamps: Option<BTreeMap<RunId, Stamp>>) {
        *self.open() = None;
        self.tell(IndexState::Making).await;
        let (cache, shared) = (self.0.cache.clone(), Arc::clone(&library));
        let opened = blocking(move || {
            let index = Index::open(&cache, shared.root())?;
            let anew =
                || shared.run_ids().into_iter().filter_map(|id| Some((id, Stamp::of(&shared.run(id)?)))).collect();
            let stamps = stamps.unwrap_or_else(anew);
            let changes = index.reconcile(&stamps, |run| shared.run(run))?;
            Ok::<(Index, Changes), Failure>((index, changes))
        });
        match opened.await.and_then(|opened| opened) {
            Ok((index, changes)) => {
                tracing::info!(runs = changes.runs, gone = changes.gone, "the index is up to date");
                *self.open() = Some(Open { library: Arc::downgrade(&library), index: Arc::new(index) });
                // Before it is told: what is asked from then on is answered once.
                self.0.edition.send_modify(|edition| *edition += 1);
                self.tell(IndexState::Ready).await;
            }
            // The sheet works without it, and the search looks at what the window knows.
            Err(failure) => {
                tracing::warn!(words = ?failure.server_words, "there is no index");
                self.tell(IndexState::Missing(failure)).await;
            }
        }
    }

    /// These runs changed.
    pub(super) fn touch(&self, runs: impl IntoIterator<Item = RunId>) {
        self.changed().extend(runs);
        self.0.bell.notify_one();
    }

    /// What was asked is answered again when another program has written to the index.
    pub(super) async fn look(&self) {
        let Some(index) = self.index() else { return };
        if blocking(move || index.was_changed_elsewhere()).await.unwrap_or_default() {
            tracing::info!("another program changed the index");
            self.0.edition.send_modify(|edition| *edition += 1);
        }
    }

    /// The index did not answer: what it lost is written again.
    pub(super) fn mend(&self) {
        self.0.bell.notify_one();
    }

    /// Writes what changed, now.
    pub(super) async fn flush(&self) {
        let _one = self.0.writing.lock().await;
        let Some(Open { library, index }) = self.open().clone() else { return };
        let Some(library) = library.upgrade() else { return };
        let changed = mem::take(&mut *self.changed());
        let again = changed.clone();
        let (known, written) = (Arc::clone(&library), Arc::clone(&index));
        let put = blocking(move || {
            let runs: Vec<_> = changed.into_iter().filter_map(|run| known.run(run)).collect();
            if runs.is_empty() { Ok(Changes::default()) } else { written.put(&runs) }
        });
        let put = put.await.and_then(|put| put);
        if let Err(failure) = &put {
            tracing::warn!(words = ?failure.server_words, "the index was not changed");
            // They come with the next change, or when the library is opened again.
            self.changed().extend(again);
        }
        if index.was_emptied() {
            // Closed first, or the file under it could not be replaced everywhere.
            drop(index);
            self.fill(library, None).await;
        } else if put.is_ok_and(|changes| changes.runs > 0) {
            self.0.edition.send_modify(|edition| *edition += 1);
        }
    }

    async fn tell(&self, state: IndexState) {
        self.0.outbox.send(Event::Index(state)).await;
    }

    fn open(&self) -> MutexGuard<'_, Option<Open>> {
        self.0.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn changed(&self) -> MutexGuard<'_, BTreeSet<RunId>> {
        self.0.changed.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
