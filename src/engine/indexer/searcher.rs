//! Answers what the window looks for from the index: the newest question only, and again whenever the index changes.

use std::sync::Arc;

use tokio::sync::watch;

use super::super::blocking::blocking;
use super::super::outbox::Outbox;
use super::Indexer;
use crate::domain::{Failure, Found, ImageId, Query};
use crate::index::Index;
use crate::message::{Event, IndexState};

/// A question that stands until another one comes.
#[derive(Clone, Default)]
struct Asked {
    number: u64,
    query: Option<Query>,
}

/// The one who answers.
pub(in crate::engine) struct Searcher {
    asked: watch::Sender<Asked>,
}

impl Searcher {
    /// Starts the task that searches.
    pub(in crate::engine) fn start(indexer: Indexer, outbox: Outbox) -> Self {
        let (asked, questions) = watch::channel(Asked::default());
        tokio::spawn(answer(questions, indexer, outbox));
        Self { asked }
    }

    /// This is what is looked for now.
    pub(in crate::engine) fn ask(&self, number: u64, query: Option<Query>) {
        self.asked.send_replace(Asked { number, query });
    }
}

async fn answer(mut questions: watch::Receiver<Asked>, indexer: Indexer, outbox: Outbox) {
    let mut editions = indexer.editions();
    let mut answered = 0;
    loop {
        // Both are marked as seen before the work begins: what changes meanwhile is answered next.
        let changed = tokio::select! {
            changed = questions.changed() => changed,
            changed = editions.changed() => changed,
        };
        if changed.is_err() {
            return;
        }
        let Asked { number, query } = questions.borrow_and_update().clone();
        editions.borrow_and_update();
        let (Some(query), Some(index)) = (query, indexer.index()) else { continue };
        // The first of an answer is for a new question: to one that was answered it would take away what is shown.
        let is_new = number != answered;
        let (search, out) = (Search { number, query, is_new, questions: questions.clone() }, outbox.clone());
        let found = blocking(move || search.run(&index, &out)).await.and_then(|found| found);
        match found {
            Ok(Some(found)) => {
                answered = number;
                outbox.send(Event::Found { number, found }).await;
            }
            // Another question came.
            Ok(None) => {}
            Err(failure) => {
                tracing::warn!(words = ?failure.server_words, "the index did not answer");
                outbox.send(Event::Index(IndexState::Missing(failure))).await;
                indexer.mend();
            }
        }
    }
}

/// One question on its way through the index.
struct Search {
    number: u64,
    query: Query,
    is_new: bool,
    questions: watch::Receiver<Asked>,
}

impl Search {
    /// `None`: nobody waits for the answer any more.
    fn run(self, index: &Arc<Index>, outbox: &Outbox) -> Result<Option<Found>, Failure> {
        let Self { number, query, is_new, questions } = self;
        let on_first = |images: &[ImageId]| {
            if is_new {
                let found = Found { images: images.to_vec(), tallies: None };
                // No room: the window sleeps, and the whole answer waits for it.
                outbox.offer(Event::Found { number, found });
            }
        };
        index.find(&query, on_first, || !questions.has_changed().unwrap_or(true))
    }
}
