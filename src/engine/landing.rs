//! Where the images of one call land: first on disk, then told to the window; and so do its failures.

use std::collections::BTreeSet;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::watch;

use super::blocking::blocking;
use super::clock::now;
use super::jobs::Entry;
use super::outbox::Outbox;
use crate::domain::{Failure, FailureKind, ImageFacts, ImageId, RunId};
use crate::library::{Library, NewImage};
use crate::media;
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
    pub(super) fn new(run: RunId, entry: Entry, ready: Readiness, outbox: Outbox) -> Self {
        Self { run, entry, ready, outbox, places: Mutex::default() }
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
            Ready { library: None, line: Err(broken) }
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

    /// Puts an image on disk exactly as it came; the facts when that worked. The window is not told yet.
    pub(super) async fn store(
        &self,
        image: ImageId,
        bytes: Vec<u8>,
        revised_prompt: Option<String>,
        took: Duration,
    ) -> Option<ImageFacts> {
        let library = self.ready().await.library?;
        let stored = blocking(move || {
            let (width, height) = media::dimensions(&bytes).unwrap_or_default();
            let facts = NewImage {
                format: media::sniff(&bytes),
                width,
                height,
                revised_prompt,
                made_at: now(),
                took_millis: u64::try_from(took.as_millis()).unwrap_or(u64::MAX),
            };
            library.store_image(image, &bytes, facts)
        })
        .await
        .and_then(|stored| stored);
        match stored {
            Ok(facts) => {
                let mut places = self.places();
                places.settled.insert(image.slot);
                places.stored += 1;
                Some(facts)
            }
            Err(failure) => {
                tracing::error!(kind = %failure.kind, "an image that was received could not be stored");
                self.fail(image, failure).await;
                None
            }
        }
    }

    /// Tells the window of a failure, then writes it down.
    pub(super) async fn fail(&self, image: ImageId, failure: Failure) {
        self.places().settled.insert(image.slot);
        self.outbox.send(Event::Failed { image, failure: failure.clone() }).await;
        if let Some(library) = self.ready().await.library {
            let written = blocking(move || library.fail_image(image, &failure)).await.and_then(|written| written);
            self.report(written).await;
        }
    }

    /// Every place that still expects something fails for this reason.
    pub(super) async fn fail_rest(&self, failure: Failure) {
        for slot in self.open() {
            self.fail(ImageId { run: self.run, slot }, failure.clone()).await;
        }
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
