//! Writes marks and settings down, and moves images to the bin and back, a moment after they changed: many changes make
//! one write, the last one wins.

use std::collections::BTreeMap;
use std::mem;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;

use super::blocking::{blocking, or_trouble};
use super::indexer::Indexer;
use super::outbox::Outbox;
use super::shelf::Shelf;
use crate::domain::{Failure, ImageId, Mark, RunId, Settings};
use crate::library::{Places, Unmoved, save_settings};
use crate::message::{Event, Unwritten};

/// Changes within this time share one write: a held-down key marks about thirty images a second.
const SETTLE: Duration = Duration::from_millis(300);

/// What is waiting to be written; bounded by the images of the library.
#[derive(Default)]
struct Pending {
    marks: BTreeMap<ImageId, Mark>,
    binned: BTreeMap<ImageId, bool>,
    settings: Option<Box<Settings>>,
}

/// The one who writes marks, settings and the bin.
#[derive(Clone)]
pub(super) struct Writer {
    desk: Arc<Desk>,
}

struct Desk {
    pending: Mutex<Pending>,
    changed: Notify,
    /// One write at a time, so that an older one never lands after a newer one.
    writing: tokio::sync::Mutex<()>,
    shelf: Shelf,
    places: Places,
    indexer: Indexer,
    outbox: Outbox,
}

impl Writer {
    /// Starts the task that writes.
    pub(super) fn start(places: Places, shelf: Shelf, indexer: Indexer, outbox: Outbox) -> Self {
        let desk = Desk {
            pending: Mutex::default(),
            changed: Notify::new(),
            writing: tokio::sync::Mutex::default(),
            shelf,
            places,
            indexer,
            outbox,
        };
        let writer = Self { desk: Arc::new(desk) };
        let task = writer.clone();
        tokio::spawn(async move {
            loop {
                task.desk.changed.notified().await;
                tokio::time::sleep(SETTLE).await;
                let now = task.clone();
                or_trouble(&task.desk.outbox, "Writing marks and preferences down", async move { now.flush().await })
                    .await;
            }
        });
        writer
    }

    /// Remembers marks to be written.
    pub(super) fn marks(&self, marks: Vec<(ImageId, Mark)>) {
        self.pending(|pending| pending.marks.extend(marks));
    }

    /// Remembers images to be moved to the bin (`true`) or out of it.
    pub(super) fn binned(&self, images: Vec<(ImageId, bool)>) {
        self.pending(|pending| pending.binned.extend(images));
    }

    /// Remembers settings to be written.
    pub(super) fn settings(&self, settings: Box<Settings>) {
        self.pending(|pending| pending.settings = Some(settings));
    }

    fn pending(&self, change: impl FnOnce(&mut Pending)) {
        change(&mut self.desk.pending.lock().unwrap_or_else(PoisonError::into_inner));
        self.desk.changed.notify_one();
    }

    /// Writes everything that waits, now.
    pub(super) async fn flush(&self) {
        let desk = &self.desk;
        let _one = desk.writing.lock().await;
        let pending = mem::take(&mut *desk.pending.lock().unwrap_or_else(PoisonError::into_inner));
        let Pending { marks, binned, settings } = pending;
        if !marks.is_empty() {
            let marks: Vec<(ImageId, Mark)> = marks.into_iter().collect();
            let runs: Vec<RunId> = marks.iter().map(|(image, _)| image.run).collect();
            self.write_marks(marks).await;
            desk.indexer.touch(runs);
        }
        if !binned.is_empty() {
            self.move_binned(binned.into_iter().collect()).await;
        }
        if let Some(settings) = settings {
            let places = desk.places.clone();
            let written = blocking(move || save_settings(&places, &settings)).await.and_then(|written| written);
            self.report("Saving preferences", written).await;
        }
    }

    async fn write_marks(&self, marks: Vec<(ImageId, Mark)>) {
        let desk = &self.desk;
        let asked = marks.clone();
        let written = match desk.shelf.library().await {
            Ok(library) => blocking(move || library.set_marks(&marks)).await,
            Err(failure) => Err(failure),
        };
        let Err((mut marks, failure)) = written.unwrap_or_else(|failure| Err((unwritten(asked), failure))) else {
            return;
        };
        tracing::warn!(kind = %failure.kind, marks = marks.len(), "marks were not written");
        {
            // What was marked once more meanwhile is about to be written: that is when to say how it went.
            let pending = desk.pending.lock().unwrap_or_else(PoisonError::into_inner);
            marks.retain(|unwritten| !pending.marks.contains_key(&unwritten.image));
        }
        if !marks.is_empty() {
            desk.outbox.send(Event::Unmarked { marks, failure }).await;
        }
    }

    async fn move_binned(&self, images: Vec<(ImageId, bool)>) {
        let desk = &self.desk;
        let touched: Vec<RunId> = images.iter().map(|(image, _)| image.run).collect();
        let asked = images.clone();
        let moved = match desk.shelf.library().await {
            Ok(library) => blocking(move || library.set_binned(&images)).await,
            Err(failure) => Err(failure),
        };
        let unmoved = moved.unwrap_or_else(|failure| unmoved(&asked, &failure));
        for Unmoved { images, binned, failure } in unmoved {
            tracing::warn!(kind = %failure.kind, binned, "images were not moved");
            desk.outbox.send(Event::Unmoved { images, binned, failure }).await;
        }
        desk.indexer.touch(touched);
    }

    async fn report(&self, doing: &str, written: Result<(), Failure>) {
        if let Err(failure) = written {
            tracing::warn!(kind = %failure.kind, doing, "not written");
            self.desk.outbox.send(Event::Trouble { doing: doing.to_owned(), failure }).await;
        }
    }
}

/// No mark was written at all, and what is on the disk is not known.
fn unwritten(asked: Vec<(ImageId, Mark)>) -> Vec<Unwritten> {
    asked.into_iter().map(|(image, tried)| Unwritten { image, tried, kept: None }).collect()
}

/// Nothing was moved at all: every image is on the side it was on.
fn unmoved(asked: &[(ImageId, bool)], failure: &Failure) -> Vec<Unmoved> {
    let side = |side: bool| asked.iter().filter(|(_, binned)| *binned != side).map(|(image, _)| *image).collect();
    let sides = [true, false].map(|binned| Unmoved { images: side(binned), binned, failure: failure.clone() });
    sides.into_iter().filter(|unmoved| !unmoved.images.is_empty()).collect()
}
