//! Runs disk, keyring and decoding work beside the async tasks, and turns a panic there into a failure.

use crate::domain::{Failure, FailureKind};

/// The sentence for a fault of this program itself.
const BROKEN: &str = "Something in this program broke. Please report it; what was stored before is safe";

/// Waits for `work` on a thread that may block.
pub(super) async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Failure> {
    tokio::task::spawn_blocking(work).await.map_err(|error| broken(&error))
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
}
