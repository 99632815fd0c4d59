//! One call of a run: waits for its turn, goes out, and goes out again only where that costs nothing twice.

use std::sync::Arc;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::attempt::{Stop, attempt};
use super::generate::{Job, cancelled};
use super::landing::Landing;
use super::retry::{Step, Tries};
use crate::domain::{Failure, Request};
use crate::message::Event;

/// Before a connection is tried once more: a network that changes needs a moment.
const RECONNECT_PAUSE: Duration = Duration::from_secs(1);

/// How a call ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// Every place is stored or failed.
    Done,
    /// The endpoint makes one image a call: the open places need calls of their own.
    Apart,
}

/// The value of `future`, or `None` when it was stopped first.
pub(super) async fn until<T>(cancel: &CancellationToken, future: impl Future<Output = T>) -> Option<T> {
    cancel.run_until_cancelled(future).await
}

/// Runs the call.
pub(super) async fn run(job: Arc<Job>, landing: Arc<Landing>) -> Outcome {
    match go(&job, &landing).await {
        Ok(outcome) => outcome,
        Err(failure) => {
            landing.fail_rest(failure).await;
            Outcome::Done
        }
    }
}

async fn go(job: &Job, landing: &Landing) -> Result<Outcome, Failure> {
    let cancel = &landing.entry().cancel;
    let ready = until(cancel, landing.ready()).await.ok_or_else(|| cancelled(false))?;
    let (client, target) = ready.line?;
    let gate = job.rooms.gates.of(&job.endpoint);
    let turn = until(&job.rooms.closing, until(cancel, gate.acquire())).await.flatten();
    // The gate is never closed, so an error cannot come; stopping is the honest reading of one all the same.
    let Some(Ok(_turn)) = turn else { return Err(cancelled(false)) };

    let mut tries = Tries::default();
    loop {
        let request = job.request();
        if landing.slots().len() > usize::from(request.per_call) {
            return Ok(Outcome::Apart);
        }
        let Err(Stop { failure, again }) = attempt(job, landing, &client, &target, &request).await else {
            return Ok(Outcome::Done);
        };
        let step = tries.next(&again);
        if step != Step::GiveUp {
            landing.not_sent().await;
        }
        match step {
            Step::GiveUp => return Err(failure),
            Step::Repeat => reconnect(job, landing).await?,
            Step::Drop(parameter) => drop_parameter(job, landing, &parameter, &request, failure).await?,
            Step::Wait(pause) => wait(job, landing, pause).await?,
        }
    }
}

async fn drop_parameter(
    job: &Job,
    landing: &Landing,
    parameter: &str,
    was: &Request,
    failure: Failure,
) -> Result<(), Failure> {
    if job.drop_parameter(parameter, landing, was).await { Ok(()) } else { Err(failure) }
}

async fn reconnect(job: &Job, landing: &Landing) -> Result<(), Failure> {
    tracing::debug!(run = %job.run, "the connection was never made: trying once more");
    pause(job, landing, RECONNECT_PAUSE).await
}

async fn wait(job: &Job, landing: &Landing, pause: Duration) -> Result<(), Failure> {
    tracing::debug!(run = %job.run, seconds = pause.as_secs(), "the server asks to wait");
    let millis = u64::try_from(pause.as_millis()).unwrap_or(u64::MAX);
    let slots = landing.slots().to_vec();
    landing.outbox().send(Event::Waiting { run: job.run, slots, millis }).await;
    self::pause(job, landing, pause).await
}

async fn pause(job: &Job, landing: &Landing, pause: Duration) -> Result<(), Failure> {
    let waiting = until(&landing.entry().cancel, tokio::time::sleep(pause));
    until(&job.rooms.closing, waiting).await.flatten().ok_or_else(|| cancelled(false))
}
