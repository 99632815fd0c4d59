//! Runs and indexes for tests.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::store::Index;
use crate::domain::{
    Count, EndpointName, Format, ImageFacts, ImageId, Mark, ModelId, Prompt, Query, Request, Run, RunId, SendCount,
    Size, Slot, Timestamp,
};

/// An empty index in a folder that goes with the test's end.
pub(super) fn index() -> Index {
    let folder = tempfile::tempdir().unwrap();
    Index::open(folder.path(), folder.path()).unwrap()
}

/// Every image that has these words.
pub(super) fn all(index: &Index, words: &str) -> Vec<ImageId> {
    // Wider than any calendar: so that a question without words is answered in full, too.
    let always = crate::domain::Span { from: Timestamp(0), to: Timestamp(u64::MAX) };
    let narrow = crate::domain::Narrow { made: Some(always), ..crate::domain::Narrow::default() };
    let query = Query { words: words.to_owned(), narrow, ..Query::default() };
    index.find(&query, |_| (), || true).unwrap().unwrap().images
}

pub(super) fn stored() -> Slot {
    Slot::Stored(ImageFacts {
        size_bytes: 1,
        width: 1024,
        height: 768,
        format: Format::Png,
        revised_prompt: None,
        mark: Mark::None,
        made_at: Timestamp(1_795_349_107_123),
        took_millis: 1,
    })
}

pub(super) fn run(number: u64, prompt: &str, slots: Vec<Slot>) -> Run {
    Run {
        id: RunId::from_number(number),
        request: Arc::new(Request {
            prompt: Prompt::new(prompt).unwrap(),
            model: ModelId::new("dall-e-3").unwrap(),
            size: Some(Size::Exact { width: 1024, height: 1024 }),
            quality: None,
            style: None,
            images: Count::new(1).unwrap(),
            response_format: None,
            per_call: 1,
            send_count: SendCount::WhenMany,
            left_out: Vec::new(),
        }),
        endpoint: EndpointName::new("Ramclouds").unwrap(),
        demo: false,
        made_at: Timestamp(1_795_349_107_123),
        model_answered: None,
        notes: Vec::new(),
        slots,
        binned: BTreeSet::new(),
    }
}
