//! What follows when a library was opened: the rest of it is read and told piece by piece, calls that were cut short are
//! finished, and the index is brought up to date.

mod lookout;

use std::collections::BTreeMap;
use std::sync::Arc;

pub(super) use lookout::look_around;

use super::blocking::blocking;
use super::rooms::Rooms;
use super::shelf::{Begun, TakenUp};
use super::{recovery, rescue};
use crate::domain::{Failure, ImageId, Run, RunId, Shared};
use crate::index::Stamp;
use crate::library::{Library, Passage};
use crate::message::Event;

/// Runs read and told at once: the window takes them in within a millisecond.
const RUNS_AT_ONCE: usize = 128;

/// An image, and the SHA-256 of its bytes.
type Hash = (ImageId, String);

/// Goes on with a library of which the newest runs are known.
pub(super) async fn go_on(rooms: &Arc<Rooms>, begun: Begun) {
    let Begun { library, taken_up, untold, told, is_new } = begun;
    let known = Arc::clone(&library);
    let first = blocking(move || {
        let hashes: Vec<Hash> = told.iter().flat_map(|&run| known.hashes(run)).collect();
        let runs = told.into_iter().filter_map(|run| known.run(run));
        (runs.map(|run| (run.id, Stamp::of(&run))).collect::<BTreeMap<_, _>>(), hashes)
    });
    let (mut stamps, hashes) = first.await.unwrap_or_default();
    rooms.pictures.show_glimpses(hashes, &rooms.outbox).await;
    let mut shared = Shared::default();
    let mut untold = untold.into_iter();
    loop {
        if !rooms.shelf.holds(&library).await {
            // Another library was opened meanwhile.
            return;
        }
        let from = Arc::clone(&library);
        let next: Vec<RunId> = untold.by_ref().take(RUNS_AT_ONCE).collect();
        // Behind the thumbnails of what is seen already.
        let read = rooms.pictures.beside(move || {
            let (mut runs, hashes): (Vec<Run>, Vec<Hash>) = match next.as_slice() {
                [] if is_new => from.read_on_hashed(RUNS_AT_ONCE),
                known => (
                    known.iter().filter_map(|&run| from.run(run)).collect(),
                    known.iter().flat_map(|&run| from.hashes(run)).collect(),
                ),
            };
            for run in &mut runs {
                shared.share(run);
            }
            let stamps: Vec<(RunId, Stamp)> = runs.iter().map(|run| (run.id, Stamp::of(run))).collect();
            (runs, (stamps, hashes), shared)
        });
        let (runs, (read, hashes)) = match read.await {
            Ok((runs, ..)) if runs.is_empty() => break,
            Ok((runs, read, known)) => {
                shared = known;
                (runs, read)
            }
            Err(failure) => return trouble(rooms, "Reading the library", failure).await,
        };
        tell(rooms, &library, runs).await;
        rooms.pictures.show_glimpses(hashes, &rooms.outbox).await;
        stamps.extend(read);
    }
    let taken_up = match taken_up {
        Some(taken_up) => taken_up,
        None => take_up(rooms, &library).await,
    };
    tell(rooms, &library, Vec::new()).await;
    let passages = match taken_up {
        Ok(passages) => passages,
        Err(failure) => {
            trouble(rooms, "Finishing earlier answers", failure).await;
            Vec::new()
        }
    };
    let finished = passages.iter().map(Passage::run).collect();
    recovery::finish(rooms, &library, passages);
    rescue::take_up(rooms, &library, finished);
    // What is held is not written into its run, so a library opened once more would show it as waiting.
    for (image, failure) in rooms.held.failures() {
        rooms.outbox.send(Event::Failed { image, failure }).await;
    }
    rooms.indexer.serve(library, stamps).await;
}

/// Takes up calls that were cut short, now that all runs are known; what is shown of their runs follows.
async fn take_up(rooms: &Arc<Rooms>, library: &Arc<Library>) -> TakenUp {
    let shared = Arc::clone(library);
    let (taken_up, changed) = blocking(move || {
        let cut_short = shared.cut_short();
        let taken_up = shared.take_up();
        let changed: Vec<Run> = cut_short.into_iter().filter_map(|run| shared.run(run)).collect();
        (taken_up, changed)
    })
    .await?;
    if !changed.is_empty() {
        tell(rooms, library, changed).await;
    }
    taken_up
}

/// Tells the window of more runs, and waits until it has taken them.
async fn tell(rooms: &Arc<Rooms>, library: &Arc<Library>, runs: Vec<Run>) {
    let whole = library.is_read();
    let (root, problems) = (library.root().to_owned(), library.problems());
    rooms.outbox.send_and_wait(Event::RunsRead { root, runs, whole, problems }).await;
}

async fn trouble(rooms: &Arc<Rooms>, doing: &str, failure: Failure) {
    rooms.trouble(doing, failure).await;
}
