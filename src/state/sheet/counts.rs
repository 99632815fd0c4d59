//! How many images there are of each kind.

use super::{Mark, Run, Slot};

/// How many images there are of each kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Stored images.
    pub all: usize,
    /// Marked pick.
    pub picks: usize,
    /// Marked reject.
    pub rejected: usize,
    /// Not judged yet.
    pub unmarked: usize,
    /// Images and failures in the bin; they count nowhere else.
    pub binned: usize,
}

impl Counts {
    /// Those of one run, as far as its places are found.
    pub(super) fn of(run: &Run, found: impl Fn(u16) -> bool) -> Self {
        let mut counts = Self::default();
        for (at, slot) in (0_u16..).zip(&run.slots).filter(|(at, _)| found(*at)) {
            if run.binned.contains(&at) {
                counts.binned += 1;
            } else if let Slot::Stored(facts) = slot {
                counts.all += 1;
                match facts.mark {
                    Mark::None => counts.unmarked += 1,
                    Mark::Pick => counts.picks += 1,
                    Mark::Reject => counts.rejected += 1,
                }
            }
        }
        counts
    }

    pub(super) const fn add(&mut self, more: Self) {
        self.all += more.all;
        self.picks += more.picks;
        self.unmarked += more.unmarked;
        self.rejected += more.rejected;
        self.binned += more.binned;
    }

    pub(super) const fn take(&mut self, less: Self) {
        self.all = self.all.saturating_sub(less.all);
        self.picks = self.picks.saturating_sub(less.picks);
        self.unmarked = self.unmarked.saturating_sub(less.unmarked);
        self.rejected = self.rejected.saturating_sub(less.rejected);
        self.binned = self.binned.saturating_sub(less.binned);
    }
}
