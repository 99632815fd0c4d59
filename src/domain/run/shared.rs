//! What many runs have in common, held once: a hundred thousand images come from far fewer prompts, models and settings.

use std::collections::HashSet;
use std::hash::Hash;
use std::sync::Arc;

use super::super::endpoint::EndpointName;
use super::super::request::Request;
use super::{Run, Slot};

/// Different values remembered of each kind. Beyond it, what comes is held for itself: nothing is lost but room.
const REMEMBERED_MAX: usize = 1 << 16;

/// Remembers what runs said, for as long as they are being read; what was shared stays shared without it.
#[derive(Debug, Default)]
pub struct Shared {
    requests: HashSet<Arc<Request>>,
    endpoints: HashSet<EndpointName>,
    texts: HashSet<Arc<str>>,
}

impl Shared {
    /// Lets a run hold what is the same in an earlier one together with that.
    pub fn share(&mut self, run: &mut Run) {
        share(&mut self.requests, &mut run.request);
        share(&mut self.endpoints, &mut run.endpoint);
        if let Some(answered) = &mut run.model_answered {
            share(&mut self.texts, answered);
        }
        for slot in &mut run.slots {
            if let Slot::Stored(facts) = slot
                && let Some(revised) = &mut facts.revised_prompt
            {
                share(&mut self.texts, revised);
            }
        }
    }
}

fn share<T: Clone + Eq + Hash>(known: &mut HashSet<T>, value: &mut T) {
    if let Some(same) = known.get(value) {
        *value = same.clone();
    } else if known.len() < REMEMBERED_MAX {
        known.insert(value.clone());
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::super::Timestamp;
    use super::*;
    use crate::domain::{Catalogue, Draft, Format, ImageFacts, Mark, RunId};

    fn run(number: u64, prompt: &str) -> Run {
        let draft = Draft { prompt: prompt.to_owned(), model: "any".to_owned(), ..Draft::default() };
        let facts = ImageFacts {
            size_bytes: 1,
            width: 64,
            height: 64,
            format: Format::Png,
            revised_prompt: Some(format!("{prompt}, at dusk").into()),
            mark: Mark::None,
            made_at: Timestamp(0),
            took_millis: 0,
        };
        Run {
            id: RunId::from_number(number),
            request: draft.check(Catalogue::load(None).unwrap().find("any"), &[]).unwrap().into(),
            endpoint: EndpointName::demo(),
            demo: true,
            made_at: Timestamp(number),
            model_answered: Some("any-2".into()),
            notes: Vec::new(),
            slots: vec![Slot::Stored(facts)],
            binned: BTreeSet::new(),
        }
    }

    #[test]
    fn what_is_the_same_is_held_once_and_nothing_changes() {
        let mut shared = Shared::default();
        let [mut first, mut other, mut again] = [run(1, "a fox"), run(2, "an owl"), run(3, "a fox")];
        for run in [&mut first, &mut other, &mut again] {
            let before = run.clone();
            shared.share(run);
            assert_eq!(*run, before);
        }
        let revised = |run: &Run| run.facts(0).unwrap().revised_prompt.clone().unwrap();
        assert!(Arc::ptr_eq(&first.request, &again.request) && Arc::ptr_eq(&revised(&first), &revised(&again)));
        assert!(!Arc::ptr_eq(&first.request, &other.request));
        let answered = |run: &Run| run.model_answered.clone().unwrap();
        assert!(Arc::ptr_eq(&answered(&first), &answered(&other)));
        assert!(std::ptr::eq(first.endpoint.as_str(), other.endpoint.as_str()));
    }

    #[test]
    fn an_image_of_the_sheet_takes_little_room() {
        // A hundred thousand of them are held by the window: whoever makes this larger looks at its memory.
        assert!(size_of::<Slot>() <= 56, "{}", size_of::<Slot>());
        assert!(size_of::<Run>() <= 136, "{}", size_of::<Run>());
    }
}
