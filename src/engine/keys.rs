//! Finds and keeps keys, one request after the other, so that a key just saved is found by the next run.

use tokio::sync::{mpsc, oneshot};

use super::blocking::blocking;
use super::outbox::Outbox;
use crate::domain::{BaseUrl, EndpointName, Failure, FailureKind, KeyPlace, Secret};
use crate::message::Event;
use crate::secrets::{Found, Vault};

/// Key requests that may wait: more than all endpoints of any list.
const WAITING_MAX: usize = 128;

/// What to do with a key.
pub(super) enum KeyJob {
    /// Hand it over.
    Read(EndpointName, oneshot::Sender<Found>),
    /// Keep it.
    Save(EndpointName, Secret),
    /// Forget it.
    Forget(EndpointName),
    /// Move it to another name.
    Rename(EndpointName, EndpointName),
    /// Say where it is.
    Find(EndpointName),
    /// Say when everything before is done.
    Flush(oneshot::Sender<()>),
}

/// The way to the keyring.
#[derive(Clone)]
pub(super) struct Keys {
    jobs: mpsc::Sender<KeyJob>,
    given: Option<Secret>,
}

impl Keys {
    /// Starts the task that talks to the keyring. `given` is the key from the environment: it wins over the keyring.
    pub(super) fn start(vault: Vault, given: Option<Secret>, outbox: Outbox) -> Self {
        let (jobs, mut waiting) = mpsc::channel(WAITING_MAX);
        let from_environment = given.is_some();
        tokio::spawn(async move {
            let vault = std::sync::Arc::new(vault);
            while let Some(job) = waiting.recv().await {
                let vault = std::sync::Arc::clone(&vault);
                match blocking(move || work(&vault, job, from_environment)).await {
                    Ok(Some(event)) => outbox.send(event).await,
                    Ok(None) => {}
                    // A panic inside the keyring's code: the next request may still work.
                    Err(failure) => {
                        let doing = "Asking the keyring".to_owned();
                        outbox.send(Event::Trouble { doing, failure }).await;
                    }
                }
            }
        });
        Self { jobs, given }
    }

    /// Queues a request; waits for room.
    pub(super) async fn ask(&self, job: KeyJob) {
        // The task ends only with the runtime: then nobody needs the answer.
        drop(self.jobs.send(job).await);
    }

    /// Waits until everything asked for so far is done.
    pub(super) async fn flush(&self) {
        let (done, flushed) = oneshot::channel();
        self.ask(KeyJob::Flush(done)).await;
        // Gone with its task: then nothing is left to be done.
        drop(flushed.await);
    }

    /// The key to send to an endpoint. `None` where none is needed: on this computer.
    pub(super) async fn key(&self, endpoint: &EndpointName, base: &BaseUrl) -> Result<Option<Secret>, Failure> {
        if endpoint.is_demo() {
            return Ok(None);
        }
        if let Some(key) = &self.given {
            return Ok(Some(key.clone()));
        }
        let (answer, found) = oneshot::channel();
        self.ask(KeyJob::Read(endpoint.clone(), answer)).await;
        match found.await {
            Ok(Found { key: Some(key), .. }) => Ok(Some(key)),
            _ if base.is_loopback() => Ok(None),
            Ok(Found { problem, .. }) => Err(missing(endpoint, problem)),
            Err(_) => Err(missing(endpoint, None)),
        }
    }
}

fn missing(endpoint: &EndpointName, problem: Option<Failure>) -> Failure {
    let failure = Failure::free(
        FailureKind::KeyMissing,
        format!("There is no key for {endpoint}, so nothing was sent. Enter it in Preferences, Endpoints"),
    );
    match problem {
        Some(problem) => failure.with_detail(problem.sentence),
        None => failure,
    }
}

fn work(vault: &Vault, job: KeyJob, from_environment: bool) -> Option<Event> {
    let tell = |endpoint: EndpointName, place: KeyPlace, problem: Option<Failure>| {
        let place = match place {
            _ if endpoint.is_demo() => KeyPlace::NotNeeded,
            _ if from_environment => KeyPlace::Environment,
            place => place,
        };
        Some(Event::KeyFound { endpoint, place, problem })
    };
    match job {
        KeyJob::Read(endpoint, answer) => {
            // A run that was cancelled meanwhile does not listen any more.
            drop(answer.send(vault.find(&endpoint)));
            None
        }
        KeyJob::Flush(done) => {
            let _nobody_waits = done.send(());
            None
        }
        KeyJob::Save(endpoint, key) => {
            let found = vault.save(&endpoint, key);
            tell(endpoint, found.place, found.problem)
        }
        KeyJob::Forget(endpoint) => {
            let problem = vault.forget(&endpoint);
            let place = if problem.is_none() { KeyPlace::Missing } else { vault.find(&endpoint).place };
            tell(endpoint, place, problem)
        }
        KeyJob::Rename(old, new) => {
            let problem = vault.rename(&old, &new);
            let found = vault.find(&new);
            tell(new, found.place, problem.or(found.problem))
        }
        KeyJob::Find(endpoint) if endpoint.is_demo() || from_environment => tell(endpoint, KeyPlace::Unknown, None),
        KeyJob::Find(endpoint) => {
            let found = vault.find(&endpoint);
            tell(endpoint, found.place, found.problem)
        }
    }
}
