//! Where the images of one call land: first on disk, then told to the window; and so do its failures.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use tokio::sync::watch;

use super::blocking::blocking;
use super::clock::now;
use super::held::{Held, Picture, Unstored};
use super::jobs::Entry;
use super::outbox::Outbox;
use super::rooms::Rooms;
use crate::domain::{Failure, FailureKind, ImageFacts, ImageId, Run, RunId, Slot};
use crate::library::{Kept, Library, Passage};
use crate::message::Event;
use crate::wire::{Client, Target};

/// Images taken beyond those asked for: a server that sends more than this in one answer is broken.
const EXTRAS_MAX: usize = 100;

/// What a run needs before its first call goes out.
#[derive(Clone)]
pub(super) struct Ready {
    /// Where it is written down; `None`: it could not be.
    pub(super) library: Option<Arc<Library>>,
    /// The way to the server, or why there is none.
    pub(super) line: Result<(Arc<Client>, Arc<Target>), Failure>,
    /// The rows of its calls in the ledger.
    pub(super) passages: Vec<Arc<Passage>>,
}

/// `None` until the run is written down and the way to the server is known.
pub(super) type Readiness = watch::Receiver<Option<Ready>>;

/// The places of one call.
pub(super) struct Landing {
    run: RunId,
    entry: Entry,
    ready: Readiness,
    outbox: Outbox,
    places: Mutex<Places>,
    held: Arc<Held>,
    /// The call's own row, where it is not one of those the run began with.
    passage: Option<Arc<Passage>>,
    /// The answer was received before and is read once more.
    is_again: bool,
    /// The work broke off: the row stays for the next start.
    is_broken: AtomicBool,
}

#[derive(Default)]
struct Places {
    /// Stored or failed: nothing more is expected there.
    settled: BTreeSet<u16>,
    stored: usize,
    /// The answer's items as they were found, each with the place it got.
    claimed: Vec<(usize, u16)>,
}

impl Landing {
    /// The places of a call; `passage` is its row where the run did not begin with it.
    pub(super) fn new(
        run: RunId,
        entry: Entry,
        ready: Readiness,
        (outbox, held): (Outbox, Arc<Held>),
        passage: Option<Arc<Passage>>,
    ) -> Self {
        let (places, is_broken) = (Mutex::default(), AtomicBool::new(false));
        Self { run, entry, ready, outbox, places, held, passage, is_again: false, is_broken }
    }

    /// The places of a call whose answer is read once more. What is stored or failed already expects nothing.
    pub(super) fn again(run: &Run, entry: Entry, ready: Readiness, rooms: &Rooms, passage: Arc<Passage>) -> Self {
        let ways = (rooms.outbox.clone(), Arc::clone(&rooms.held));
        let landing = Self { is_again: true, ..Self::new(run.id, entry, ready, ways, Some(passage)) };
        let known = (0..).zip(&run.slots).filter(|(_, slot)| !matches!(slot, Slot::Waiting));
        landing.places().settled.extend(known.map(|(slot, _)| slot));
        landing
    }

    /// The call's row in the ledger.
    pub(super) async fn passage(&self) -> Option<Arc<Passage>> {
        if let Some(passage) = &self.passage {
            return Some(Arc::clone(passage));
        }
        let ready = self.ready().await;
        ready.passages.into_iter().find(|passage| passage.slots() == self.slots())
    }

    /// Writes down that a connection is about to be made. Unless this returns well, none may be.
    pub(super) async fn sent(&self) -> Result<(), Failure> {
        match self.passage().await {
            Some(passage) => blocking(move || passage.sent()).await?,
            None => Ok(()),
        }
    }

    /// The last try certainly did nothing, and another may follow.
    pub(super) async fn not_sent(&self) {
        self.with_row(Passage::not_sent).await;
    }

    /// The answer is whole, but not everything in it is stored yet.
    pub(super) async fn received(&self) {
        self.with_row(|passage| {
            if let Err(failure) = passage.received() {
                tracing::error!(kind = %failure.kind, "an answer could not be kept in the inbox");
            }
        })
        .await;
    }

    /// Something of this call came in but could not be stored.
    pub(super) async fn is_unstored(&self) -> bool {
        self.passage().await.is_some_and(|passage| self.held.has_any_of(&passage))
    }

    /// The work broke off in the middle: what is written down stays for the next start.
    pub(super) fn break_off(&self) {
        self.is_broken.store(true, Ordering::Release);
    }

    /// The call is over: its row goes, unless something of it is still to be stored.
    pub(super) async fn close(&self) {
        let Some(passage) = self.passage().await else { return };
        if self.held.has_any_of(&passage) {
            let (row, is_broken) = (Arc::clone(&passage), self.is_broken.load(Ordering::Acquire));
            let has_all = blocking(move || if is_broken { row.sync() } else { row.keep() }).await.unwrap_or(false);
            if !has_all {
                let tried = self.held.rescue().places();
                for image in self.held.unkept(&passage) {
                    self.outbox.send(Event::OnlyInMemory { image, tried: tried.clone() }).await;
                }
            }
        } else if !self.is_broken.load(Ordering::Acquire) {
            self.with_row(Passage::settle).await;
        }
    }

    async fn with_row(&self, change: impl FnOnce(&Passage) + Send + 'static) {
        let Some(passage) = self.passage().await else { return };
        if blocking(move || change(&passage)).await.is_err() {
            tracing::error!("the ledger could not be written");
        }
    }

    /// The places this call was asked to fill.
    pub(super) fn slots(&self) -> &[u16] {
        &self.entry.slots
    }

    /// The call as it stands in the list of jobs.
    pub(super) const fn entry(&self) -> &Entry {
        &self.entry
    }

    /// The run.
    pub(super) const fn run(&self) -> RunId {
        self.run
    }

    /// The way to the window.
    pub(super) const fn outbox(&self) -> &Outbox {
        &self.outbox
    }

    /// What the run needs, once it is there.
    pub(super) async fn ready(&self) -> Ready {
        let mut ready = self.ready.clone();
        let ready = ready.wait_for(Option::is_some).await.ok().and_then(|ready| (*ready).clone());
        // The sender is gone only when preparing the run panicked.
        ready.unwrap_or_else(|| {
            let broken = Failure::free(FailureKind::Unsupported, "Something in this program broke. Nothing was sent");
            Ready { library: None, line: Err(broken), passages: Vec::new() }
        })
    }

    /// The place of the answer's item: the first that is free of those asked for, else an extra one.
    ///
    /// `None` when the answer has far too many. An item keeps its place.
    pub(super) fn claim(&self, item: usize) -> Option<ImageId> {
        let mut places = self.places();
        let image = |slot| ImageId { run: self.run, slot };
        if let Some(&(_, slot)) = places.claimed.iter().find(|(known, _)| *known == item) {
            return Some(image(slot));
        }
        let count = places.claimed.len();
        let slot = match self.entry.slots.get(count) {
            Some(&slot) => slot,
            None if count < self.entry.slots.len() + EXTRAS_MAX => {
                self.entry.next_extra.fetch_add(1, Ordering::Relaxed)
            }
            None => return None,
        };
        places.claimed.push((item, slot));
        Some(image(slot))
    }

    /// An item of the answer cannot be had. Where nobody asked for it, nothing is missing.
    pub(super) async fn fail_item(&self, item: usize, failure: Failure) {
        match self.claim(item) {
            // It was rescued, or came whole before: nothing is missing.
            Some(image) if self.places().settled.contains(&image.slot) => {}
            Some(image) if self.entry.slots.contains(&image.slot) => self.fail(image, failure).await,
            _ => tracing::warn!(item, kind = %failure.kind, "an image nobody asked for did not come"),
        }
    }

    /// Images of this call that are stored.
    pub(super) fn stored(&self) -> usize {
        self.places().stored
    }

    /// The places that still expect something.
    pub(super) fn open(&self) -> Vec<u16> {
        let places = self.places();
        self.entry.slots.iter().copied().filter(|slot| !places.settled.contains(slot)).collect()
    }

    /// Puts an image on disk exactly as it came; where it is and its facts when that worked. The window is not told yet.
    pub(super) async fn store(
        &self,
        image: ImageId,
        bytes: Bytes,
        revised_prompt: Option<String>,
        took: Duration,
    ) -> Option<(ImageId, ImageFacts)> {
        let took = if self.is_again { Duration::ZERO } else { took };
        self.put(image, Picture { bytes, revised_prompt, took, made_at: now() }, None).await
    }

    /// The same for an image that was kept in another place.
    pub(super) async fn store_kept(&self, kept: Kept, picture: Picture) -> Option<(ImageId, ImageFacts)> {
        self.put(kept.image(), picture, Some(kept)).await
    }

    async fn put(&self, asked: ImageId, picture: Picture, kept: Option<Kept>) -> Option<(ImageId, ImageFacts)> {
        let library = self.ready().await.library?;
        let (held, is_again) = (Arc::clone(&self.held), self.is_again);
        match blocking(move || held.store(&library, asked, picture, (is_again, kept))).await {
            Ok(Ok((image, facts))) => {
                if let Some(passage) = self.held.stored(asked) {
                    tracing::info!(run = %passage.run(), "an image that could not be stored is stored now");
                }
                let mut places = self.places();
                places.settled.insert(image.slot);
                places.stored += 1;
                drop(places);
                Some((image, facts))
            }
            Ok(Err(unstored)) => {
                let (kind, is_kept) = (unstored.why.kind, unstored.kept.is_some());
                tracing::error!(%kind, is_kept, "an image that was received could not be stored");
                self.unstored(asked, *unstored).await;
                None
            }
            Err(failure) => {
                self.fail(asked, failure).await;
                None
            }
        }
    }

    /// An image could not be stored. It is paid for, so it is kept where storing it later can help; then nothing is
    /// written into its run: its row in the ledger says more.
    async fn unstored(&self, image: ImageId, unstored: Unstored) {
        let failure = unstored.why.clone();
        if !unstored.can_be_held() {
            return self.fail(image, failure).await;
        }
        self.held.put(image, unstored, self.passage().await);
        self.places().settled.insert(image.slot);
        self.outbox.send(Event::Failed { image, failure }).await;
    }

    /// Tells the window of a failure, then writes it down. Where that fails the call's row stays: the next start knows by
    /// it what to write.
    pub(super) async fn fail(&self, image: ImageId, failure: Failure) {
        self.places().settled.insert(image.slot);
        self.outbox.send(Event::Failed { image, failure: failure.clone() }).await;
        if let Some(library) = self.ready().await.library {
            let written = blocking(move || library.fail_image(image, &failure)).await.and_then(|written| written);
            if written.is_err() {
                self.break_off();
            }
            self.report(written).await;
        }
    }

    /// Every place that still expects something fails for this reason.
    pub(super) async fn fail_rest(&self, failure: Failure) {
        for slot in self.open() {
            self.fail(ImageId { run: self.run, slot }, failure.clone()).await;
        }
    }

    /// The server says which model it used.
    pub(super) async fn model_answered(&self, model: String) {
        let (run, kept) = (self.run, model.clone());
        self.record(move |library| library.set_model_answered(run, &kept)).await;
        self.outbox.send(Event::ModelAnswered { run, model }).await;
    }

    /// Changes the run's record; trouble with the disk is told.
    pub(super) async fn record(&self, change: impl FnOnce(&Library) -> Result<(), Failure> + Send + 'static) {
        if let Some(library) = self.ready().await.library {
            self.report(blocking(move || change(&library)).await.and_then(|written| written)).await;
        }
    }

    async fn report(&self, written: Result<(), Failure>) {
        if let Err(failure) = written {
            self.outbox.send(Event::Trouble { doing: "Writing the run down".to_owned(), failure }).await;
        }
    }

    fn places(&self) -> std::sync::MutexGuard<'_, Places> {
        self.places.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
