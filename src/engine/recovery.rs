//! Finishes calls that were cut short: by a crash, or by a disk that could not take an image. Nothing is sent again.

use std::io::Read;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::{Semaphore, watch};

use super::blocking::blocking;
use super::call::Outcome;
use super::generate::survive;
use super::held::{Picture, Try, Unstored};
use super::intake::Intake;
use super::landing::{Landing, Ready};
use super::rescue;
use super::rooms::Rooms;
use crate::domain::{BaseUrl, Call, Failure, FailureKind, ImageId, Run};
use crate::library::{Kept, Library, Passage};
use crate::message::Event;
use crate::wire::{Question, Reader};

/// Calls finished at once: each may hold an image, and downloads share the line.
const AT_ONCE: usize = 4;
/// An answer is read from the inbox in pieces of this size.
const PIECE_BYTES: usize = 256 << 10;

/// Finishes calls that an earlier start left behind, each on its own.
pub(super) fn finish(rooms: &Arc<Rooms>, library: &Arc<Library>, passages: Vec<Passage>) {
    let turns = Arc::new(Semaphore::new(AT_ONCE));
    for passage in passages {
        let (rooms, library, turns) = (Arc::clone(rooms), Arc::clone(library), Arc::clone(&turns));
        let tasks = rooms.tasks.clone();
        tasks.spawn(async move {
            // Never closed, so there is always a turn.
            let _turn = turns.acquire_owned().await;
            finish_call(&rooms, library, Arc::new(passage)).await;
        });
    }
}

async fn finish_call(rooms: &Arc<Rooms>, library: Arc<Library>, passage: Arc<Passage>) {
    let Some(run) = library.run(passage.run()) else {
        // Its run was removed by hand. An answer is kept even so; `check` names it.
        if matches!(passage.answer(), Ok(None)) {
            passage.settle();
        }
        return;
    };
    tracing::info!(run = %run.id, images = passage.slots().len(), "finishing a call from the inbox");
    let call = Call { slots: passage.slots().to_vec() };
    let Some(entry) = rooms.jobs.begin(run.id, run.slots.len(), vec![call]).and_then(|mut entries| entries.pop())
    else {
        return;
    };
    let line = Err(Failure::free(FailureKind::Unsupported, "Nothing is sent while a call is finished"));
    let (_said, ready) = watch::channel(Some(Ready { library: Some(library), line, passages: Vec::new() }));
    let landing = Landing::again(&run, entry, ready, rooms, Arc::clone(&passage));
    let landing = Arc::new(landing);
    let work = {
        let (rooms, landing, run) = (Arc::clone(rooms), Arc::clone(&landing), run.clone());
        async move {
            if read_again(&rooms, &landing, &run, &passage).await.is_none() {
                landing.break_off();
            }
            Outcome::Done
        }
    };
    survive(&landing, work).await;
    landing.close().await;
    rooms.indexer.touch([run.id]);
    rooms.jobs.end(run.id, landing.entry());
    rooms.outbox.send(Event::Recovered { run: run.id }).await;
}

/// Stores what the answer holds; `None` when it was stopped or the answer cannot be read now.
async fn read_again(rooms: &Rooms, landing: &Landing, run: &Run, passage: &Arc<Passage>) -> Option<()> {
    rescue::finish(rooms, landing).await;
    let answer = match passage.answer() {
        Ok(answer) => answer,
        Err(failure) => {
            rooms.trouble("Finishing an answer from the inbox", failure).await;
            return None;
        }
    };
    let has_answer = answer.is_some();
    if let (Some(answer), Ok(base)) = (answer, BaseUrl::parse(passage.base_url())) {
        let base = if run.demo { base.of_demo() } else { base };
        let images = u8::try_from(passage.slots().len()).unwrap_or(u8::MAX);
        // Nobody knows any more which key was sent: the server's words are not used, so it cannot stand in them.
        let question = Question { base, key: None, model: run.request.model.as_str().to_owned(), images };
        let client = match rooms.client() {
            Ok(client) => client,
            Err(failure) => {
                rooms.trouble("Finishing an answer from the inbox", failure).await;
                return None;
            }
        };
        let mut intake = Intake::new((landing, &rooms.pictures), client, question.clone(), Instant::now());
        read(&mut intake, answer, question, passage.is_whole()).await?;
    }
    strays(landing).await;
    for slot in landing.open() {
        landing.fail(ImageId { run: run.id, slot }, lost(has_answer)).await;
    }
    Some(())
}

async fn read(intake: &mut Intake<'_>, answer: Box<dyn Read + Send>, question: Question, is_whole: bool) -> Option<()> {
    let mut reader = Reader::new(question);
    let mut answer = answer;
    let mut broke = (!is_whole).then(|| lost(true));
    loop {
        let piece = blocking(move || {
            let mut piece = Vec::new();
            let read = answer.by_ref().take(PIECE_BYTES as u64).read_to_end(&mut piece);
            read.map(|_| (answer, piece))
        });
        let Ok(Ok((rest, piece))) = piece.await else { return None };
        answer = rest;
        if piece.is_empty() {
            break;
        }
        match reader.push(&piece) {
            Ok(found) => intake.take(found).await,
            Err(failure) => {
                broke = Some(failure);
                break;
            }
        }
    }
    let ended = match broke {
        None => reader.finish(),
        Some(failure) => reader.finish_broken(failure),
    };
    if let Ok(mut ending) = ended {
        intake.take(std::mem::take(&mut ending.found)).await;
        if let Some(model) = ending.model {
            intake.landing().model_answered(model).await;
        }
    }
    intake.tell().await;
    let cancel = intake.landing().entry().cancel.clone();
    while intake.is_downloading() {
        if let Some(fetched) = cancel.run_until_cancelled(intake.fetched()).await? {
            intake.land(fetched).await;
            intake.tell().await;
        }
    }
    Some(())
}

/// Images that have their name already but were not entered into the run before the power went.
async fn strays(landing: &Landing) {
    let Some(library) = landing.ready().await.library else { return };
    for slot in landing.open() {
        let image = ImageId { run: landing.run(), slot };
        let looked = Arc::clone(&library);
        if let Ok(Some(bytes)) = blocking(move || looked.stray(image)).await
            && let Some((image, facts)) = landing.store(image, bytes.into(), None, Duration::ZERO).await
        {
            landing.outbox().send(Event::Stored { image, facts }).await;
        }
    }
}

/// What did not come before the program ended.
fn lost(in_the_middle: bool) -> Failure {
    let what = if in_the_middle {
        "The program ended in the middle of the answer, before this image was whole."
    } else {
        "The program ended before the answer came."
    };
    let sentence = format!("{what} It may have been charged; it is sent again only if you press Retry.");
    Failure::maybe_billed(FailureKind::CutOff, sentence)
}

/// Tries once more to store an image that came in but could not be stored.
pub(super) async fn store_held(rooms: &Arc<Rooms>, image: ImageId) {
    match rooms.held.begin(image) {
        None => {}
        Some(Try::Wait) => {
            let sentence =
                "The answer with this image is still coming in. Nothing was sent; try again when it has ended.";
            let failure = Failure { retry_safe: true, ..Failure::maybe_billed(FailureKind::Disk, sentence) };
            rooms.outbox.send(Event::Failed { image, failure }).await;
        }
        Some(Try::Picture(picture)) => store_picture(rooms, image, picture).await,
        Some(Try::Kept(kept)) => match rescue::read(&rooms.held, &kept).await {
            Some(picture) => store_picture(rooms, image, picture).await,
            None => rooms.outbox.send(Event::Failed { image, failure: unreadable(&kept) }).await,
        },
        Some(Try::Answer(passage)) => match rooms.shelf.library().await {
            Ok(library) => finish_call(rooms, library, passage).await,
            Err(failure) => rooms.outbox.send(Event::Failed { image, failure }).await,
        },
    }
}

fn unreadable(kept: &Kept) -> Failure {
    let file = kept.file().display();
    let sentence = format!("The image came in and was kept at {file}, but cannot be read there now. Nothing was sent.");
    Failure { retry_safe: true, ..Failure::maybe_billed(FailureKind::Disk, sentence) }
}

async fn store_picture(rooms: &Rooms, image: ImageId, picture: Picture) {
    let (library, held) = (rooms.shelf.library().await, Arc::clone(&rooms.held));
    let stored = blocking(move || match library {
        Ok(library) => held.store(&library, image, picture, (false, None)),
        Err(why) => Err(Box::new(Unstored { picture, why, kept: None })),
    });
    match stored.await {
        Ok(Ok((_, facts))) => {
            if let Some(passage) = rooms.held.stored(image) {
                // Nothing waits for the row to be gone.
                blocking(move || passage.settle()).await.ok();
            }
            rooms.outbox.send(Event::Stored { image, facts }).await;
        }
        Ok(Err(unstored)) => {
            let failure = unstored.why.clone();
            rooms.held.put(image, *unstored, None);
            rooms.outbox.send(Event::Failed { image, failure }).await;
        }
        Err(failure) => rooms.outbox.send(Event::Failed { image, failure }).await,
    }
}
