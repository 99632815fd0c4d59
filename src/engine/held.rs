//! Images that came in but could not be stored: kept until they can be, so that nobody has to pay twice.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;

use crate::domain::{Failure, ImageId};
use crate::library::Passage;

/// Bytes held in memory: ten of the largest pictures people ask for. What is beyond it lies in the inbox alone.
const HELD_MAX_BYTES: usize = 256 << 20;

/// An image and what is known of it.
pub(super) struct Picture {
    pub(super) bytes: Bytes,
    pub(super) revised_prompt: Option<String>,
    pub(super) took: Duration,
}

/// One image that waits to be stored.
struct Waiting {
    picture: Option<Picture>,
    /// Why it could not be stored.
    why: Failure,
    /// Somebody is trying to store it right now.
    is_tried: bool,
    passage: Option<Arc<Passage>>,
}

/// What can be done about an image that could not be stored.
pub(super) enum Try {
    /// Store these bytes; then say [`Held::stored`] or [`Held::put`].
    Picture(Picture),
    /// Read the answer once more.
    Answer(Arc<Passage>),
    /// Nothing now: it is being stored, or its answer is still coming in.
    Wait,
}

/// All of them.
#[derive(Default)]
pub(super) struct Held(Mutex<BTreeMap<ImageId, Waiting>>);

impl Held {
    /// Keeps an image for later.
    pub(super) fn put(&self, image: ImageId, picture: Picture, why: Failure, passage: Option<Arc<Passage>>) {
        let mut held = self.lock();
        let bytes: usize = held.values().filter_map(|waiting| waiting.picture.as_ref()).map(|it| it.bytes.len()).sum();
        let fits = bytes + picture.bytes.len() <= HELD_MAX_BYTES;
        let passage = passage.or_else(|| held.get(&image).and_then(|known| known.passage.clone()));
        held.insert(image, Waiting { picture: fits.then_some(picture), why, is_tried: false, passage });
    }

    /// The image is held.
    pub(super) fn has(&self, image: ImageId) -> bool {
        self.lock().contains_key(&image)
    }

    /// Something of this call is held.
    pub(super) fn has_any_of(&self, passage: &Arc<Passage>) -> bool {
        self.lock().values().any(|waiting| waiting.belongs_to(passage))
    }

    /// Every image that is held, with the reason: their runs say nothing of it.
    pub(super) fn failures(&self) -> Vec<(ImageId, Failure)> {
        self.lock().iter().map(|(image, waiting)| (*image, waiting.why.clone())).collect()
    }

    /// Begins to store an image.
    pub(super) fn begin(&self, image: ImageId) -> Option<Try> {
        let mut held = self.lock();
        let waiting = held.get_mut(&image)?;
        if waiting.is_tried {
            return Some(Try::Wait);
        }
        if let Some(picture) = waiting.picture.take() {
            waiting.is_tried = true;
            return Some(Try::Picture(picture));
        }
        match &waiting.passage {
            Some(passage) if passage.is_kept() => Some(Try::Answer(Arc::clone(passage))),
            _ => Some(Try::Wait),
        }
    }

    /// An image is stored. Returns its call when that was the last of it.
    pub(super) fn stored(&self, image: ImageId) -> Option<Arc<Passage>> {
        let mut held = self.lock();
        let passage = held.remove(&image)?.passage?;
        let is_last = !held.values().any(|waiting| waiting.belongs_to(&passage));
        (is_last && passage.is_kept()).then_some(passage)
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<ImageId, Waiting>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Waiting {
    fn belongs_to(&self, passage: &Arc<Passage>) -> bool {
        self.passage.as_ref().is_some_and(|known| Arc::ptr_eq(known, passage))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{FailureKind, RunId};

    fn why() -> Failure {
        Failure::maybe_billed(FailureKind::Disk, "The disk is full.")
    }

    fn picture(bytes: usize) -> Picture {
        Picture { bytes: vec![7; bytes].into(), revised_prompt: None, took: Duration::ZERO }
    }

    #[test]
    fn an_image_is_tried_by_one_at_a_time_and_gone_when_it_is_stored() {
        let held = Held::default();
        let image = ImageId { run: RunId::from_number(1), slot: 0 };
        assert!(held.begin(image).is_none());
        held.put(image, picture(3), why(), None);
        let Some(Try::Picture(tried)) = held.begin(image) else { panic!() };
        assert!(matches!(held.begin(image), Some(Try::Wait)));
        held.put(image, tried, why(), None);
        assert!(matches!(held.begin(image), Some(Try::Picture(_))));
        assert!(held.stored(image).is_none(), "it came without a call");
        assert!(!held.has(image));
    }

    #[test]
    fn memory_is_bounded() {
        let held = Held::default();
        let image = |slot| ImageId { run: RunId::from_number(1), slot };
        held.put(image(0), picture(HELD_MAX_BYTES), why(), None);
        held.put(image(1), picture(1), why(), None);
        assert!(matches!(held.begin(image(0)), Some(Try::Picture(_))));
        assert!(matches!(held.begin(image(1)), Some(Try::Wait)), "known, but its bytes are not in memory");
    }
}
