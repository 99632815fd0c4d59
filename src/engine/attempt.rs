//! One request on the wire: its answer is read as it comes in, and each image is kept the moment it is whole.

use std::pin::pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::generate::{Job, cancelled};
use super::intake::Intake;
use super::landing::Landing;
use super::raw::Raw;
use super::retry::Again;
use crate::domain::{Failure, FailureKind, ImageId, Request};
use crate::message::Event;
use crate::wire::{self, Client, Ending, Exchange, Fault, Outgoing, Question, Reader, Target};

/// Progress is told this often: enough for a number that moves, few enough not to keep a window awake.
const PROGRESS_EVERY: Duration = Duration::from_millis(200);
/// A stored image is told this late at most: its rewritten prompt usually stands right behind it in the answer.
const PROMPT_WAIT: Duration = Duration::from_millis(100);

/// Why a request came to nothing, and whether it may go out again.
pub(super) struct Stop {
    pub(super) failure: Failure,
    pub(super) again: Again,
}

impl Stop {
    /// Stopped by the person after it was sent.
    fn cancelled() -> Self {
        Self { failure: cancelled(true), again: Again::Never }
    }

    /// This program's own checks said no: nothing was sent, and nothing would be the next time.
    const fn unsent(failure: Failure) -> Self {
        Self { failure, again: Again::Never }
    }

    /// No byte of an answer came. Only where not even a connection was made is it certain that nothing was done.
    fn unanswered(failure: Failure) -> Self {
        let never_connected = failure.kind == FailureKind::Unreachable && !failure.maybe_billed;
        Self { failure, again: if never_connected { Again::NeverConnected } else { Again::Never } }
    }
}

impl From<Fault> for Stop {
    fn from(fault: Fault) -> Self {
        let Fault { failure, unknown_parameter, retry_after, one_image_only } = fault;
        let again = match (unknown_parameter, retry_after) {
            _ if one_image_only => Again::Without("n".to_owned()),
            (Some(parameter), _) => Again::Without(parameter.to_owned()),
            (None, Some(pause)) if failure.kind == FailureKind::RateLimited => Again::After(pause),
            _ => Again::Never,
        };
        Self { failure, again }
    }
}

/// Sends the request and keeps what comes back. An error leaves the open places open.
pub(super) async fn attempt(
    job: &Job,
    landing: &Landing,
    client: &Arc<Client>,
    target: &Target,
    request: &Request,
) -> Result<(), Stop> {
    let images = u8::try_from(landing.slots().len()).unwrap_or(u8::MAX);
    let outgoing = client.prepare(target, wire::body(request, images)).map_err(Stop::unsent)?;
    landing.sent().await.map_err(Stop::unsent)?;
    tracing::debug!(run = %job.run, images, "sending");
    let question = target.question(request.model.as_str(), images);
    let by = (landing, &job.rooms.pictures);
    let mut intake = Intake::new(by, Arc::clone(client), question.clone(), Instant::now());
    let cancel = &landing.entry().cancel;
    let sent = cancel.run_until_cancelled(send(landing, outgoing)).await.ok_or_else(Stop::cancelled)?;
    let exchange = sent.map_err(Stop::unanswered)?;
    if !exchange.is_success() {
        let fault = cancel.run_until_cancelled(exchange.fault(&question)).await.ok_or_else(Stop::cancelled)?;
        return Err(fault.into());
    }
    let mut raw = Raw::new(landing.passage().await);
    let ended = read(&mut intake, exchange, question, &mut raw).await;
    raw.end().await;
    intake.tell().await;
    let (ending, is_whole) = ended?;
    if is_whole && (intake.is_downloading() || landing.is_unstored().await) {
        landing.received().await;
    }
    while intake.is_downloading() {
        let fetched = cancel.run_until_cancelled(intake.fetched()).await.ok_or_else(Stop::cancelled)?;
        if let Some(fetched) = fetched {
            intake.land(fetched).await;
            intake.tell().await;
        }
    }
    end(landing, ending).await;
    Ok(())
}

/// Sends the request, and tells the window when it goes out: one that never had a connection was not sent.
async fn send(landing: &Landing, mut outgoing: Outgoing) -> Result<Exchange, Failure> {
    let departure = outgoing.departure();
    let mut sending = pin!(outgoing.send());
    if let Some(departure) = departure {
        tokio::select! {
            biased;
            departed = departure => if departed.is_ok() {
                landing.outbox().send(Event::Sent { run: landing.run(), slots: landing.slots().to_vec() }).await;
            },
            sent = &mut sending => return sent,
        }
    }
    sending.await
}

/// Reads the answer to its end; images are stored on the way. Also says whether it came whole.
async fn read(
    intake: &mut Intake<'_>,
    mut exchange: Exchange,
    question: Question,
    raw: &mut Raw,
) -> Result<(Ending, bool), Stop> {
    let landing = intake.landing();
    let mut reader = Reader::new(question);
    let mut told = Instant::now();
    let broke = loop {
        let chunk = match next(intake, &mut exchange).await? {
            Ok(Some(chunk)) => chunk,
            Ok(None) => break None,
            Err(failure) => break Some(failure),
        };
        raw.add(&chunk).await;
        if let Some(room) = intake.room() {
            reader.give(room);
        }
        match reader.push(&chunk) {
            Ok(found) => intake.take(found).await,
            Err(failure) => break Some(failure),
        }
        if let Some(part) = reader.part() {
            intake.part(part);
        }
        if told.elapsed() >= PROGRESS_EVERY {
            told = Instant::now();
            let (run, slots) = (landing.run(), landing.slots().to_vec());
            landing.outbox().offer(Event::Receiving { run, slots, received_bytes: reader.received_bytes() });
        }
        if reader.is_complete() {
            break None;
        }
    };
    let is_whole = broke.is_none();
    let mut ending = match broke {
        None => reader.finish(),
        Some(failure) => reader.finish_broken(failure),
    }?;
    intake.take(std::mem::take(&mut ending.found)).await;
    Ok((ending, is_whole))
}

/// The next bytes. Meanwhile downloads land and a stored image is told when its prompt does not come.
async fn next(intake: &mut Intake<'_>, exchange: &mut Exchange) -> Result<Result<Option<bytes::Bytes>, Failure>, Stop> {
    let cancel = intake.landing().entry().cancel.clone();
    let mut chunk = pin!(exchange.next_chunk());
    loop {
        tokio::select! {
            biased;
            () = cancel.cancelled() => return Err(Stop::cancelled()),
            chunk = &mut chunk => return Ok(chunk),
            Some(fetched) = intake.fetched(), if intake.is_downloading() => intake.land(fetched).await,
            () = tokio::time::sleep(PROMPT_WAIT), if intake.has_untold() => intake.tell().await,
        }
    }
}

/// What the answer said besides its images.
async fn end(landing: &Landing, ending: Ending) {
    let run = landing.run();
    if let Some(model) = ending.model {
        landing.model_answered(model).await;
    }
    let missing = ending.missing.unwrap_or_else(|| fewer(landing.stored(), landing.slots().len()));
    for slot in landing.open() {
        landing.fail(ImageId { run, slot }, missing.clone()).await;
    }
}

fn fewer(stored: usize, asked: usize) -> Failure {
    Failure::maybe_billed(
        FailureKind::NoImages,
        format!(
            "{stored} of {asked} images came back. The others may have been charged. Ask again for what is missing"
        ),
    )
}
