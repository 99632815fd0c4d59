//! One request on the wire: its answer is read as it comes in, and each image is kept the moment it is whole.

use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::stream::{FuturesUnordered, StreamExt as _};

use super::call::until;
use super::generate::{Job, cancelled};
use super::landing::Landing;
use super::retry::Again;
use crate::domain::{Failure, FailureKind, ImageFacts, ImageId, Request};
use crate::message::Event;
use crate::wire::{self, Client, Ending, Found, Reader, Target};

/// Progress is told this often: enough for a number that moves, few enough not to keep a window awake.
const PROGRESS_EVERY: Duration = Duration::from_millis(200);
/// A stored image is told this late at most: its rewritten prompt usually stands right behind it in the answer.
const PROMPT_WAIT: Duration = Duration::from_millis(100);

/// Why a request came to nothing, and whether it may go out again.
pub(super) struct Stop {
    pub(super) failure: Failure,
    pub(super) again: Again,
}

impl From<Failure> for Stop {
    fn from(failure: Failure) -> Self {
        Self { failure, again: Again::Never }
    }
}
pub(super) async fn attempt(_: &Job, _: &Landing, _: &Client, _: &Target, _: &Request) -> Result<(), Stop> { loop {} }
