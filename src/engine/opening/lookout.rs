//! Looks what other programs did to the open library and its index, when the person comes back to the window, and tells it.

use std::sync::Arc;

use super::super::blocking::or_trouble;
use super::super::rooms::Rooms;
use crate::message::Event;

/// Looks one after the other, each of which takes in no more than the window can at once. Somebody may change the library
/// without end; the next time the person comes back there is another look.
const ROUNDS_MAX: usize = 400;

/// Looks, and says when it is done; whatever happens, the window may ask again.
pub(in crate::engine) async fn look_around(rooms: Arc<Rooms>) {
    let outbox = rooms.outbox.clone();
    or_trouble(&outbox, "Looking at the library", async move { look(&rooms).await }).await;
    outbox.send(Event::LookedAround).await;
}

async fn look(rooms: &Arc<Rooms>) {
    // What was decided before stands in the files that are read.
    rooms.writer.flush().await;
    let Ok(library) = rooms.shelf.library().await else { return };
    for _ in 0..ROUNDS_MAX {
        let shared = Arc::clone(&library);
        // Behind the pictures that are looked at.
        let looked = rooms.pictures.beside(move || {
            let runs = shared.look_around();
            let hashes = runs.iter().flat_map(|run| shared.hashes(run.id)).collect();
            (runs, hashes)
        });
        let (runs, hashes) = looked.await.unwrap_or_default();
        if runs.is_empty() || !rooms.shelf.holds(&library).await {
            break;
        }
        rooms.indexer.touch(runs.iter().map(|run| run.id));
        super::tell(rooms, &library, runs).await;
        rooms.pictures.show_glimpses(hashes, &rooms.outbox).await;
    }
    rooms.indexer.look().await;
}
