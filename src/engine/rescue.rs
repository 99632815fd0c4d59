//! Takes up images that an earlier start could keep only outside its library.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use super::blocking::blocking;
use super::clock::now;
use super::held::{Held, Picture};
use super::landing::Landing;
use super::rooms::Rooms;
use crate::domain::{Failure, RunId};
use crate::library::{Kept, Library, Rescued};
use crate::message::Event;

/// Stores what was rescued of the library's runs. `finished` are runs whose calls are being finished: what belongs to
/// them is stored there.
pub(super) fn take_up(rooms: &Arc<Rooms>, library: &Arc<Library>, finished: BTreeSet<RunId>) {
    let (rooms, library) = (Arc::clone(rooms), Arc::clone(library));
    let tasks = rooms.tasks.clone();
    tasks.spawn(async move {
        for kept in waiting(&rooms.held, move |kept| !finished.contains(&kept.image().run)).await {
            let (asked, run) = (Arc::clone(&library), kept.image().run);
            // Another program that holds an image stores it itself; what this one holds is told already.
            let is_ours = move || asked.run(run).is_some() && asked.is_usable() && !asked.is_at_work(run);
            if blocking(is_ours).await.unwrap_or(false) && !rooms.held.has(kept.image()) {
                store(&rooms, &library, kept).await;
            }
        }
    });
}

async fn store(rooms: &Rooms, library: &Arc<Library>, kept: Kept) {
    let Some(picture) = read(&rooms.held, &kept).await else { return };
    let (held, library, image) = (Arc::clone(&rooms.held), Arc::clone(library), kept.image());
    let stored = blocking(move || held.store(&library, image, picture, (true, Some(kept)))).await;
    match stored {
        Ok(Ok((image, facts))) => {
            tracing::info!(run = %image.run, "a rescued image is in the library now");
            rooms.indexer.touch([image.run]);
            rooms.outbox.send(Event::Stored { image, facts }).await;
        }
        Ok(Err(unstored)) => {
            let failure = unstored.why.clone();
            rooms.held.put(image, *unstored, None);
            rooms.outbox.send(Event::Failed { image, failure }).await;
        }
        Err(failure) => rooms.trouble("Storing a rescued image", failure).await,
    }
}

/// Stores what was rescued of a call that is being finished, before its answer is read: the answer may have been cut by
/// the same disk that refused the images.
pub(super) async fn finish(rooms: &Rooms, landing: &Landing) {
    let run = landing.run();
    for kept in waiting(&rooms.held, move |kept| kept.image().run == run).await {
        if let Some(picture) = read(&rooms.held, &kept).await
            && let Some((image, facts)) = landing.store_kept(kept, picture).await
        {
            rooms.outbox.send(Event::Stored { image, facts }).await;
        }
    }
}

async fn waiting(held: &Arc<Held>, is_wanted: impl Fn(&Kept) -> bool) -> Vec<Kept> {
    let held = Arc::clone(held);
    let mut waiting = blocking(move || held.rescue().waiting()).await.unwrap_or_default();
    waiting.retain(is_wanted);
    waiting
}

/// The image as it is held; `None` when it cannot be read now, or somebody took it up meanwhile.
pub(super) async fn read(held: &Arc<Held>, kept: &Kept) -> Option<Picture> {
    let (held, asked) = (Arc::clone(held), kept.clone());
    match blocking(move || held.rescue().read(&asked)).await {
        Ok(Ok(rescued)) => Some(picture(rescued)),
        Ok(Err(Failure { kind, .. })) | Err(Failure { kind, .. }) => {
            tracing::warn!(%kind, "a rescued image could not be read");
            None
        }
    }
}

fn picture(rescued: Rescued) -> Picture {
    let Rescued { bytes, revised_prompt, took_millis, made_at } = rescued;
    let made_at = made_at.unwrap_or_else(now);
    Picture { bytes: bytes.into(), revised_prompt, took: Duration::from_millis(took_millis), made_at }
}
