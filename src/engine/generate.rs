//! One Generate: the run is written down, then its calls go out side by side, each on its own.

use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::watch;

use super::blocking::{blocking, broken};
use super::call::{self, Outcome};
use super::jobs::Entry;
use super::landing::{Landing, Readiness, Ready};
use super::recovery::store_held;
use super::rooms::Rooms;
use super::trim::without;
use crate::domain::{BaseUrl, Call, Endpoint, Failure, FailureKind, ImageId, Learned, Request, Run, RunId};
use crate::library::{Library, Passage};
use crate::message::Event;

/// What the calls of one Generate share.
pub(super) struct Job {
    pub(super) rooms: Arc<Rooms>,
    pub(super) run: RunId,
    pub(super) endpoint: Endpoint,
    ready: Readiness,
    /// The request without what the server has refused so far.
    request: Mutex<Request>,
}

/// Starts a run, or some of its places again.
pub(super) async fn begin(rooms: &Arc<Rooms>, run: Box<Run>, endpoint: Endpoint, slots: &[u16]) {
    // What came in but could not be stored is stored now; for that nothing is sent.
    let is_held = |slot: &u16| rooms.held.has(ImageId { run: run.id, slot: *slot });
    let (held, slots): (Vec<u16>, Vec<u16>) = slots.iter().partition(|slot| is_held(slot));
    let calls = run.request.calls(&slots);
    let (id, is_all, keeper) = (run.id, calls.is_empty(), Arc::clone(rooms));
    rooms.tasks.spawn(async move {
        for slot in held {
            store_held(&keeper, ImageId { run: id, slot }).await;
        }
        if is_all {
            keeper.outbox.send(Event::Finished { run: id }).await;
        }
    });
    if is_all {
        return;
    }
    let Some(entries) = rooms.jobs.begin(run.id, run.slots.len(), calls.clone()) else {
        for slot in slots {
            let image = ImageId { run: run.id, slot };
            rooms.outbox.send(Event::Failed { image, failure: Rooms::too_much() }).await;
        }
        return rooms.outbox.send(Event::Finished { run: run.id }).await;
    };
    let (preparing, ready) = watch::channel(None);
    let job = Arc::new(Job {
        rooms: Arc::clone(rooms),
        run: run.id,
        endpoint,
        ready,
        request: Mutex::new(Request::clone(&run.request)),
    });
    for entry in entries {
        start(Arc::clone(&job), entry, None);
    }
    rooms.tasks.spawn(async move {
        let ready = prepare(&job, run, calls).await;
        preparing.send_replace(Some(ready));
    });
}

/// Runs one call to its end; whatever happens, its places do not stay open.
fn start(job: Arc<Job>, entry: Entry, passage: Option<Arc<Passage>>) {
    let tasks = job.rooms.tasks.clone();
    tasks.spawn(async move {
        let ways = (job.rooms.outbox.clone(), Arc::clone(&job.rooms.held));
        let landing = Arc::new(Landing::new(job.run, entry, job.ready.clone(), ways, passage));
        if survive(&landing, call::run(Arc::clone(&job), Arc::clone(&landing))).await == Outcome::Apart {
            start_apart(&job, &landing).await;
        }
        landing.close().await;
        job.rooms.indexer.touch([job.run]);
        if job.rooms.jobs.end(job.run, landing.entry()) {
            job.rooms.outbox.send(Event::Finished { run: job.run }).await;
        }
    });
}

/// The outcome of a call; a panic in it fails the places that are still open, and what is written down of it stays.
pub(super) async fn survive(landing: &Landing, call: impl Future<Output = Outcome> + Send + 'static) -> Outcome {
    match tokio::spawn(call).await {
        Ok(outcome) => outcome,
        Err(error) => {
            landing.break_off();
            landing.fail_rest(broken(&error)).await;
            Outcome::Done
        }
    }
}

/// The endpoint makes one image a call: each place of the call gets a call of its own.
async fn start_apart(job: &Arc<Job>, landing: &Landing) {
    if landing.entry().cancel.is_cancelled() {
        return landing.fail_rest(cancelled(false)).await;
    }
    let calls: Vec<Call> = landing.open().into_iter().map(|slot| Call { slots: vec![slot] }).collect();
    let passages = match rows_apart(job, landing, &calls).await {
        Ok(passages) => passages,
        Err(failure) => return landing.fail_rest(failure).await,
    };
    if let Some(entries) = job.rooms.jobs.begin_more(job.run, landing.entry(), calls) {
        for (entry, row) in entries.into_iter().zip(passages) {
            start(Arc::clone(job), entry, Some(row));
        }
    } else {
        for passage in passages {
            passage.settle();
        }
        landing.fail_rest(Rooms::too_much()).await;
    }
}

/// Writes the rows of calls that take the place of one.
async fn rows_apart(job: &Job, landing: &Landing, calls: &[Call]) -> Result<Vec<Arc<Passage>>, Failure> {
    let library = job.rooms.shelf.library().await;
    let library = landing.ready().await.library.map_or(library, Ok)?;
    let base = landing.passage().await.map(|passage| passage.base_url().to_owned()).unwrap_or_default();
    let (run, calls) = (job.run, calls.to_vec());
    let passages = blocking(move || library.prepare(run, &base, &calls)).await??;
    Ok(passages.into_iter().map(Arc::new).collect())
}

/// Writes the run down before anything is sent, and finds the way to the server.
async fn prepare(job: &Job, run: Box<Run>, calls: Vec<Call>) -> Ready {
    let base = job.rooms.base(&job.endpoint).await;
    match write_down(job, run, calls, base.as_ref().ok()).await {
        Ok((library, passages)) => Ready { library: Some(library), line: line(job, base).await, passages },
        Err(failure) => Ready { library: None, line: Err(failure), passages: Vec::new() },
    }
}

/// First the calls, then the run: what waits in a run without a row was sent by an older version or is over.
async fn write_down(
    job: &Job,
    run: Box<Run>,
    calls: Vec<Call>,
    base: Option<&BaseUrl>,
) -> Result<(Arc<Library>, Vec<Arc<Passage>>), Failure> {
    let library = job.rooms.shelf.library().await?;
    let keeper = Arc::clone(&library);
    let base = base.map(|base| base.url().to_string()).unwrap_or_default();
    let passages = blocking(move || {
        let slots: Vec<u16> = calls.iter().flat_map(|call| call.slots.iter().copied()).collect();
        keeper.room_for(slots.len())?;
        let passages = keeper.prepare(run.id, &base, &calls)?;
        let written = if keeper.run(run.id).is_none() {
            keeper.begin_run(&run)
        } else {
            slots.iter().try_for_each(|&slot| keeper.ask_again(ImageId { run: run.id, slot }))
        };
        if written.is_err() {
            passages.iter().for_each(Passage::settle);
        }
        written.map(|()| passages)
    })
    .await??;
    Ok((library, passages.into_iter().map(Arc::new).collect()))
}

type Line = Result<(Arc<crate::wire::Client>, Arc<crate::wire::Target>), Failure>;

async fn line(job: &Job, base: Result<BaseUrl, Failure>) -> Line {
    let base = base?;
    let key = job.rooms.keys.key(&job.endpoint.name, &base).await?;
    Ok((job.rooms.client()?, Arc::new(Rooms::target(&job.endpoint, base, key))))
}

impl Job {
    /// The request as it goes out now.
    pub(super) fn request(&self) -> Request {
        self.request.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Leaves a parameter out from now on; `false` when it cannot be left out.
    ///
    /// The endpoint's lesson is told once, however many calls of the run learn it.
    pub(super) async fn drop_parameter(&self, parameter: &str, landing: &Landing, was: &Request) -> bool {
        let lesson = {
            let mut request = self.request.lock().unwrap_or_else(PoisonError::into_inner);
            match without(&request, parameter) {
                Some(smaller) => {
                    *request = smaller;
                    Some(note(parameter, &self.endpoint))
                }
                // Another call of this run has left it out meanwhile: this one goes out without it too.
                None if *request != *was => None,
                None => return false,
            }
        };
        if let Some(text) = lesson {
            self.rooms
                .outbox
                .send(Event::Learned(Learned {
                    endpoint: self.endpoint.name.clone(),
                    model: was.model.as_str().to_owned(),
                    parameter: parameter.to_owned(),
                }))
                .await;
            self.note(landing, text).await;
        }
        true
    }

    /// Writes a sentence into the run and tells the window.
    pub(super) async fn note(&self, landing: &Landing, text: String) {
        let run = self.run;
        let kept = text.clone();
        landing.record(move |library| library.note(run, &kept)).await;
        self.rooms.outbox.send(Event::Noted { run, text }).await;
    }
}

fn note(parameter: &str, endpoint: &Endpoint) -> String {
    let name = &endpoint.name;
    if parameter == "n" {
        format!("{name} makes one image a request: sent as several requests")
    } else {
        format!("Sent without {parameter}: {name} does not take it for this model")
    }
}

/// The failure of what was stopped.
pub(super) fn cancelled(was_sent: bool) -> Failure {
    if was_sent {
        Failure::maybe_billed(
            FailureKind::Cancelled,
            "Cancelled. The request had been sent, so it may still be charged",
        )
    } else {
        Failure::free(FailureKind::Cancelled, "Cancelled before it was sent: nothing was charged")
    }
}

#[cfg(test)]
mod tests {
    use super::super::jobs::Jobs;
    use super::super::outbox::outbox;
    use super::*;

    #[tokio::test]
    async fn a_panic_fails_the_places_that_are_open() {
        let (out, mut events) = outbox(Box::new(|| ()));
        let run = RunId::from_number(1);
        let entry = Jobs::default().begin(run, 2, vec![Call { slots: vec![0, 1] }]).unwrap().remove(0);
        let line = Err(Failure::free(FailureKind::Disk, "not asked for"));
        let (_preparing, ready) = watch::channel(Some(Ready { library: None, line, passages: Vec::new() }));
        let landing = Landing::new(run, entry, ready, (out, Arc::default()), None);
        landing.fail(ImageId { run, slot: 0 }, cancelled(true)).await;
        assert_eq!(survive(&landing, async { panic!("on purpose") }).await, Outcome::Done);
        let failed: Vec<(u16, FailureKind, bool)> = events
            .drain(10, usize::MAX)
            .into_iter()
            .map(|event| match event {
                Event::Failed { image, failure } => (image.slot, failure.kind, failure.maybe_billed),
                other => panic!("{other:?}"),
            })
            .collect();
        assert_eq!(failed, [(0, FailureKind::Cancelled, true), (1, FailureKind::Unsupported, true)]);
    }
}
