//! The selection summed up, run by run: a hundred thousand images are not looked at one by one for it.

use super::Sheet;

/// What the selected images are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SelectionSum {
    /// Selected places.
    pub selected: usize,
    /// Those with an image.
    pub stored: usize,
    /// Images marked pick.
    pub picked: usize,
    /// Images marked reject.
    pub rejected: usize,
    /// Places in the bin.
    pub binned: usize,
    /// Bytes of the images.
    pub size_bytes: u64,
}

impl Sheet {
    /// The selection summed up.
    pub fn selection_sum(&self) -> SelectionSum {
        let mut sum = SelectionSum { selected: self.selection.len(), ..SelectionSum::default() };
        // Both are in the same order.
        let mut known = self.runs.iter().zip(&self.briefs);
        for (id, places) in self.selection.runs() {
            let Some((run, brief)) = known.find(|(run, _)| run.id == *id) else { continue };
            let stored = brief.stored_of(run, places);
            sum.stored += stored.len();
            sum.size_bytes += if brief.is_whole(places) {
                brief.size_bytes
            } else {
                stored.iter().filter_map(|slot| run.facts(slot)).map(|facts| facts.size_bytes).sum()
            };
            let [picked, rejected, binned] = brief.marked_of(run, places);
            sum.picked += picked;
            sum.rejected += rejected;
            sum.binned += binned;
        }
        sum
    }
}
