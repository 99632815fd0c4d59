//! Glimpses of all images of the library, for the places whose thumbnails are on their way.

use std::collections::BTreeMap;

use crate::domain::{Glimpse, ImageId, RunId};

/// Runs whose images have glimpses: several times as many as a very large library has. Beyond that the oldest have none.
const MAX_RUNS: usize = 200_000;

/// By run and place: half the room that an entry for each image would take.
#[derive(Default)]
pub(super) struct Glimpses(BTreeMap<RunId, Vec<Option<Glimpse>>>);

impl Glimpses {
    pub(super) fn get(&self, image: ImageId) -> Option<Glimpse> {
        *self.0.get(&image.run)?.get(usize::from(image.slot))?
    }

    pub(super) fn put(&mut self, image: ImageId, glimpse: Glimpse) {
        let run = self.0.entry(image.run).or_default();
        let place = usize::from(image.slot);
        if run.len() <= place {
            run.reserve_exact(place + 1 - run.len());
            run.resize(place + 1, None);
        }
        if let Some(held) = run.get_mut(place) {
            *held = Some(glimpse);
        }
        while self.0.len() > MAX_RUNS {
            self.0.pop_first();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_between_have_none() {
        let mut glimpses = Glimpses::default();
        let image = |slot| ImageId { run: RunId::from_number(7), slot };
        let grey = Glimpse::from_bytes([99; Glimpse::BYTES]);
        glimpses.put(image(3), grey);
        glimpses.put(image(1), grey);
        let known: Vec<u16> = (0..6).filter(|&slot| glimpses.get(image(slot)) == Some(grey)).collect();
        assert_eq!(known, [1, 3]);
    }
}
