//! Writes marks and settings down a moment after they changed: many changes make one write, the last one wins.

use std::collections::BTreeMap;
use std::mem;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;

use super::blocking::{blocking, or_trouble};
use super::outbox::Outbox;
use super::shelf::Shelf;
use crate::domain::{Failure, ImageId, Mark, Settings};
use crate::library::{Places, save_settings};
use crate::message::Event;

/// Changes within this time share one write: a held-down key marks about thirty images a second.
const SETTLE: Duration = Duration::from_millis(300);

/// What is waiting to be written; bounded by the images of the library.
#[derive(Default)]
struct Pending {
    marks: BTreeMap<ImageId, Mark>,
    settings: Option<Box<Settings>>,
}

/// The one who writes marks and settings.
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
    outbox: Outbox,
}

impl Writer {
    /// Starts the task that writes.
    pub(super) fn start(places: Places, shelf: Shelf, outbox: Outbox) -> Self {
        let desk = Desk {
            pending: Mutex::default(),
            changed: Notify::new(),
            writing: tokio::sync::Mutex::default(),
            shelf,
            places,
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
        let Pending { marks, settings } = mem::take(&mut *desk.pending.lock().unwrap_or_else(PoisonError::into_inner));
        if !marks.is_empty() {
            let marks: Vec<(ImageId, Mark)> = marks.into_iter().collect();
            let written = match desk.shelf.library().await {
                Ok(library) => blocking(move || library.set_marks(&marks)).await.and_then(|written| written),
                Err(failure) => Err(failure),
            };
            self.report("Writing marks down", written).await;
        }
        if let Some(settings) = settings {
            let places = desk.places.clone();
            let written = blocking(move || save_settings(&places, &settings)).await.and_then(|written| written);
            self.report("Saving preferences", written).await;
        }
    }

    async fn report(&self, doing: &str, written: Result<(), Failure>) {
        if let Err(failure) = written {
            tracing::warn!(kind = %failure.kind, doing, "not written");
            self.desk.outbox.send(Event::Trouble { doing: doing.to_owned(), failure }).await;
        }
    }
}
