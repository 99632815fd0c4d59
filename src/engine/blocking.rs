//! Runs work beside the async tasks, and turns a panic in it into a failure: the job fails, the engine lives.

use super::outbox::Outbox;
use crate::domain::{Failure, FailureKind};
use crate::message::Event;

/// The sentence for a fault of this program itself.
const BROKEN: &str = "Something in this program broke. Please report it; what was stored before is safe";

/// Waits for `work` on a thread that may block.
pub(super) async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Failure> {
    tokio::task::spawn_blocking(work).await.map_err(|error| broken(&error))
}

/// Does `work` in a task of its own; when it panics, the window is told what was being done.
pub(super) async fn or_trouble(outbox: &Outbox, doing: &str, work: impl Future<Output = ()> + Send + 'static) {
    if let Err(error) = tokio::spawn(work).await {
        outbox.send(Event::Trouble { doing: doing.to_owned(), failure: broken(&error) }).await;
    }
}

/// The failure for work that panicked.
pub(super) fn broken(error: &tokio::task::JoinError) -> Failure {
    tracing::error!(panicked = error.is_panic(), "a task of the engine did not finish");
    Failure::maybe_billed(FailureKind::Unsupported, BROKEN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_panic_becomes_a_failure() {
        let failure = blocking(|| -> u8 { panic!("on purpose") }).await.unwrap_err();
        assert_eq!((failure.kind, failure.maybe_billed), (FailureKind::Unsupported, true));
        assert_eq!(blocking(|| 7).await, Ok(7));
    }

    #[tokio::test]
    async fn a_panic_in_a_task_is_told_and_ends_nothing_else() {
        let (out, mut events) = super::super::outbox::outbox(Box::new(|| ()));
        or_trouble(&out, "Saving", async {}).await;
        assert_eq!(events.drain(9, usize::MAX), []);
        or_trouble(&out, "Saving", async { panic!("on purpose") }).await;
        let told = events.drain(9, usize::MAX);
        let [Event::Trouble { doing, failure }] = told.as_slice() else { panic!("{told:?}") };
        assert_eq!((doing.as_str(), failure.kind), ("Saving", FailureKind::Unsupported));
    }
}
