//! One press of Generate: what was asked, and what became of each image.

mod query;
mod shared;

use std::collections::BTreeSet;
use std::sync::Arc;

pub use query::{Filter, Found, Narrow, Query, Span, Tallies, When, Words, is_unspaced, ranked};
pub use shared::Shared;

use super::endpoint::EndpointName;
use super::failure::Failure;
use super::id::{ImageId, RunId};
use super::image_facts::ImageFacts;
use super::request::Request;

/// Milliseconds since 1970, UTC. Local time is made where it is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(pub u64);

/// What became of one image asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Slot {
    /// Asked for or about to be: nothing has come back yet.
    Waiting,
    /// Stored on disk.
    Stored(ImageFacts),
    /// Failed, with the reason.
    Failed(Box<Failure>),
    /// Emptied from the library's bin: only its place is left.
    Gone,
}

/// A run: a request, where it went, and its images.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// Its name for ever.
    pub id: RunId,
    /// What was asked; one and the same for runs that asked the same, as far as [`Shared`] saw to it.
    pub request: Arc<Request>,
    /// The endpoint it was sent to.
    pub endpoint: EndpointName,
    /// Made by the demo endpoint, not by a model.
    pub demo: bool,
    /// When Generate was pressed.
    pub made_at: Timestamp,
    /// The model the server says it used, when it says so.
    pub model_answered: Option<Arc<str>>,
    /// Things worth knowing that are no failure: "sent without style".
    pub notes: Vec<String>,
    /// One for each image asked for; more when the server sent more.
    pub slots: Vec<Slot>,
    /// The places whose image or failure is in the library's bin.
    pub binned: BTreeSet<u16>,
}

impl Run {
    /// The image ids of this run, in order.
    pub fn image_ids(&self) -> impl Iterator<Item = ImageId> + use<> {
        let run = self.id;
        (0..self.slots.len() as u16).map(move |slot| ImageId { run, slot })
    }

    /// The facts of the image in `slot`, when it is stored.
    pub fn facts(&self, slot: u16) -> Option<&ImageFacts> {
        match self.slots.get(usize::from(slot)) {
            Some(Slot::Stored(facts)) => Some(facts),
            _ => None,
        }
    }

    /// How many images are stored.
    pub fn stored(&self) -> usize {
        self.slots.iter().filter(|slot| matches!(slot, Slot::Stored(_))).count()
    }

    /// Nothing is awaited any more.
    pub fn is_done(&self) -> bool {
        !self.slots.iter().any(|slot| matches!(slot, Slot::Waiting))
    }
}
