//! The selected images, and a number that tells whether they are still the same ones.

use super::places::Places;
use super::{ImageId, RunId};

/// Selected places, run by run, oldest run first; no run without any.
pub(super) type Chosen = Vec<(RunId, Places)>;

/// What is selected. Whoever works out something from all of it keeps the number with it, and looks again only when that
/// has grown.
#[derive(Clone, Debug, Default)]
pub(super) struct Selection {
    runs: Chosen,
    images: usize,
    revision: u64,
}

impl Selection {
    /// Grows whenever the selection may have changed.
    pub(super) const fn revision(&self) -> u64 {
        self.revision
    }

    /// How many images are selected.
    pub(super) const fn len(&self) -> usize {
        self.images
    }

    /// None is.
    pub(super) const fn is_empty(&self) -> bool {
        self.images == 0
    }

    /// Run by run, oldest first.
    pub(super) fn runs(&self) -> &[(RunId, Places)] {
        &self.runs
    }

    /// This image is selected.
    pub(super) fn contains(&self, image: ImageId) -> bool {
        let run = self.place(image.run).ok().and_then(|at| self.runs.get(at));
        run.is_some_and(|(_, places)| places.contains(image.slot))
    }

    /// Nothing is selected any more.
    pub(super) fn clear(&mut self) {
        self.set(Vec::new());
    }

    /// These are selected, and no others.
    pub(super) fn set(&mut self, runs: Chosen) {
        self.runs = runs;
        self.count();
    }

    /// Selects these too, in whatever order they come.
    pub(super) fn add(&mut self, images: impl IntoIterator<Item = ImageId>) {
        let mut runs = std::mem::take(&mut self.runs);
        for image in images {
            match runs.last_mut() {
                Some((run, places)) if *run == image.run => {
                    places.insert(image.slot);
                }
                _ => runs.push((image.run, [image.slot].into_iter().collect())),
            }
        }
        runs.sort_by_key(|(run, _)| *run);
        runs.dedup_by(|(run, more), (known, places)| {
            let same = run == known;
            if same {
                for slot in more.iter() {
                    places.insert(slot);
                }
            }
            same
        });
        self.set(runs);
    }

    /// Takes an image out; `false` when it was not selected.
    pub(super) fn remove(&mut self, image: ImageId) -> bool {
        let Ok(at) = self.place(image.run) else { return false };
        let was_there = self.runs.get_mut(at).is_some_and(|(_, places)| places.remove(image.slot));
        self.runs.retain(|(_, places)| !places.is_empty());
        self.count();
        was_there
    }

    /// Of this run, only these places stay selected.
    pub(super) fn keep_of(&mut self, run: RunId, places: &Places) {
        if let Ok(at) = self.place(run)
            && let Some((_, chosen)) = self.runs.get_mut(at)
        {
            chosen.keep(places);
            if chosen.is_empty() {
                self.runs.remove(at);
            }
            self.count();
        }
    }

    /// Looks at all runs, oldest first.
    pub(super) fn keep_each(&mut self, mut keep: impl FnMut(RunId, &mut Places)) {
        self.runs.retain_mut(|(run, places)| {
            keep(*run, places);
            !places.is_empty()
        });
        self.count();
    }

    fn place(&self, run: RunId) -> Result<usize, usize> {
        self.runs.binary_search_by_key(&run, |(run, _)| *run)
    }

    fn count(&mut self) {
        self.images = self.runs.iter().map(|(_, places)| places.len()).sum();
        self.revision += 1;
    }
}
