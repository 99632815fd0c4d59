//! Images that came in but could not be stored: kept until they can be, so that nobody has to pay twice. In memory, and
//! in another place on a disk, so that they outlast this program.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;

use crate::domain::{Failure, FailureKind, ImageFacts, ImageId, Timestamp};
use crate::library::{Kept, Library, NewImage, Passage, Rescue};
use crate::media;

/// Bytes held in memory: ten of the largest pictures people ask for. What is beyond it lies in the inbox alone.
const HELD_MAX_BYTES: usize = 256 << 20;

/// An image and what is known of it.
pub(super) struct Picture {
    pub(super) bytes: Bytes,
    pub(super) revised_prompt: Option<String>,
    pub(super) took: Duration,
    /// When it came in.
    pub(super) made_at: Timestamp,
}

/// An image that could not be stored.
pub(super) struct Unstored {
    pub(super) picture: Picture,
    /// Why, and where it is until it can be.
    pub(super) why: Failure,
    pub(super) kept: Option<Kept>,
}

impl Unstored {
    /// It is paid for, and storing it later can help.
    pub(super) fn can_be_held(&self) -> bool {
        is_of_the_disk(&self.why)
    }
}

fn is_of_the_disk(failure: &Failure) -> bool {
    failure.kind == FailureKind::Disk && failure.retry_safe
}

/// One image that waits to be stored.
struct Waiting {
    picture: Option<Picture>,
    /// Why it could not be stored.
    why: Failure,
    /// Somebody is trying to store it right now.
    is_tried: bool,
    passage: Option<Arc<Passage>>,
    /// Where it is besides.
    kept: Option<Kept>,
}

/// What can be done about an image that could not be stored.
pub(super) enum Try {
    /// Store these bytes; then say [`Held::stored`] or [`Held::put`].
    Picture(Picture),
    /// Read it from where it is kept; then as with a picture.
    Kept(Kept),
    /// Read the answer once more.
    Answer(Arc<Passage>),
    /// Nothing now: it is being stored, or its answer is still coming in.
    Wait,
}

/// All of them.
#[derive(Default)]
pub(super) struct Held {
    waiting: Mutex<BTreeMap<ImageId, Waiting>>,
    rescue: Rescue,
}

impl Held {
    pub(super) fn new(rescue: Rescue) -> Self {
        Self { waiting: Mutex::default(), rescue }
    }

    /// The other places.
    pub(super) const fn rescue(&self) -> &Rescue {
        &self.rescue
    }

    /// Stores an image, or keeps it in another place where the library's disk refuses it. Blocks.
    ///
    /// `is_again`: what is stored already is found. `kept`: where it is already.
    pub(super) fn store(
        &self,
        library: &Library,
        image: ImageId,
        picture: Picture,
        (is_again, kept): (bool, Option<Kept>),
    ) -> Result<(ImageId, ImageFacts), Box<Unstored>> {
        let facts = facts_of(&picture);
        let stored = if is_again {
            library.store_again(image, &picture.bytes, facts.clone())
        } else {
            library.store_image(image, &picture.bytes, facts.clone()).map(|facts| (image, facts))
        };
        let kept = kept.or_else(|| self.lock().get(&image).and_then(|waiting| waiting.kept.clone()));
        let why = match stored {
            Ok(stored) => {
                if let Some(kept) = kept {
                    self.rescue.forget(&kept);
                }
                return Ok(stored);
            }
            Err(why) => why,
        };
        if !is_of_the_disk(&why) {
            return Err(Box::new(Unstored { picture, why, kept }));
        }
        let kept = kept.or_else(|| self.rescue.keep(library, image, &picture.bytes, &facts));
        // It came in, whatever the disk knows of that.
        let why = Failure { maybe_billed: true, ..why };
        let why = kept.as_ref().map_or_else(|| why.clone(), |kept| kept.tell(why.clone()));
        Err(Box::new(Unstored { picture, why, kept }))
    }

    /// Keeps an image for later.
    pub(super) fn put(&self, image: ImageId, unstored: Unstored, passage: Option<Arc<Passage>>) {
        let Unstored { picture, why, kept } = unstored;
        let mut held = self.lock();
        let bytes: usize = held.values().filter_map(|waiting| waiting.picture.as_ref()).map(|it| it.bytes.len()).sum();
        let fits = bytes + picture.bytes.len() <= HELD_MAX_BYTES;
        let known = held.get(&image);
        let passage = passage.or_else(|| known.and_then(|known| known.passage.clone()));
        let kept = kept.or_else(|| known.and_then(|known| known.kept.clone()));
        held.insert(image, Waiting { picture: fits.then_some(picture), why, is_tried: false, passage, kept });
    }

    /// The image is held.
    pub(super) fn has(&self, image: ImageId) -> bool {
        self.lock().contains_key(&image)
    }

    /// Something of this call is held.
    pub(super) fn has_any_of(&self, passage: &Arc<Passage>) -> bool {
        self.lock().values().any(|waiting| waiting.belongs_to(passage))
    }

    /// The images of this call that are nowhere but in memory, or not even there.
    pub(super) fn unkept(&self, passage: &Arc<Passage>) -> Vec<ImageId> {
        let held = self.lock();
        let unkept = held.iter().filter(|(_, waiting)| waiting.belongs_to(passage) && waiting.kept.is_none());
        unkept.map(|(image, _)| *image).collect()
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
        if let Some(kept) = &waiting.kept {
            return Some(Try::Kept(kept.clone()));
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
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Waiting {
    fn belongs_to(&self, passage: &Arc<Passage>) -> bool {
        self.passage.as_ref().is_some_and(|known| Arc::ptr_eq(known, passage))
    }
}

/// What is told by an image's bytes, and what else is known of it.
fn facts_of(picture: &Picture) -> NewImage {
    let (width, height) = media::dimensions(&picture.bytes).unwrap_or_default();
    NewImage {
        format: media::sniff(&picture.bytes),
        width,
        height,
        revised_prompt: picture.revised_prompt.clone(),
        made_at: picture.made_at,
        took_millis: u64::try_from(picture.took.as_millis()).unwrap_or(u64::MAX),
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
        let (took, made_at) = (Duration::ZERO, Timestamp(7));
        Picture { bytes: vec![7; bytes].into(), revised_prompt: None, took, made_at }
    }

    fn unstored(picture: Picture) -> Unstored {
        Unstored { picture, why: why(), kept: None }
    }

    #[test]
    fn an_image_is_tried_by_one_at_a_time_and_gone_when_it_is_stored() {
        let held = Held::default();
        let image = ImageId { run: RunId::from_number(1), slot: 0 };
        assert!(held.begin(image).is_none());
        held.put(image, unstored(picture(3)), None);
        let Some(Try::Picture(tried)) = held.begin(image) else { panic!() };
        assert!(matches!(held.begin(image), Some(Try::Wait)));
        held.put(image, unstored(tried), None);
        assert!(matches!(held.begin(image), Some(Try::Picture(_))));
        assert!(held.stored(image).is_none(), "it came without a call");
        assert!(!held.has(image));
    }

    #[test]
    fn memory_is_bounded() {
        let held = Held::default();
        let image = |slot| ImageId { run: RunId::from_number(1), slot };
        held.put(image(0), unstored(picture(HELD_MAX_BYTES)), None);
        held.put(image(1), unstored(picture(1)), None);
        assert!(matches!(held.begin(image(0)), Some(Try::Picture(_))));
        assert!(matches!(held.begin(image(1)), Some(Try::Wait)), "known, but its bytes are not in memory");
    }
}
