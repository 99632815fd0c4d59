//! A run in a few bytes: what a filter, a count or a selection of everything must know of it. A look at all runs goes
//! through these side by side, and not through a hundred thousand images all over the memory.

use super::counts::Counts;
use super::places::Places;
use super::shown::VisibleRun;
use super::{Filter, Mark, Run, RunId, Slot, ratio};

/// Places a brief has room for; of the few runs with more, each place is looked at.
pub(super) const BRIEF_PLACES: usize = 16;

/// What is known of a run's places, a bit each, and of all of them.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Brief {
    pub run: RunId,
    /// Bytes of all stored images, those in the bin too.
    pub size_bytes: u64,
    stored: u16,
    picked: u16,
    rejected: u16,
    binned: u16,
    /// Places with something in them: not those emptied from the bin.
    there: u16,
    /// Notes under its header.
    notes: u16,
    /// Width divided by height of every tile, when all are alike; else 0.
    ratio: f32,
    /// It has more places than fit here.
    is_long: bool,
}

impl Brief {
    pub(super) fn of(run: &Run) -> Self {
        let tiles = (0_u16..).zip(&run.slots).filter(|(_, slot)| **slot != Slot::Gone);
        let mut brief = Self {
            run: run.id,
            size_bytes: 0,
            stored: 0,
            picked: 0,
            rejected: 0,
            binned: 0,
            there: 0,
            notes: u16::try_from(run.notes.len()).unwrap_or(u16::MAX),
            ratio: common(tiles.map(|(at, _)| ratio(run, at))).unwrap_or_default(),
            is_long: run.slots.len() > BRIEF_PLACES,
        };
        for (at, slot) in run.slots.iter().enumerate() {
            let bit = 1_u16.checked_shl(at as u32).unwrap_or_default();
            brief.there |= if *slot == Slot::Gone { 0 } else { bit };
            let Slot::Stored(facts) = slot else { continue };
            brief.size_bytes += facts.size_bytes;
            brief.stored |= bit;
            match facts.mark {
                Mark::None => {}
                Mark::Pick => brief.picked |= bit,
                Mark::Reject => brief.rejected |= bit,
            }
        }
        let places = run.binned.iter().filter(|&&at| usize::from(at) < run.slots.len());
        let binned = places.filter_map(|&at| 1_u16.checked_shl(at.into()));
        brief.binned = binned.fold(0, |all, bit| all | bit);
        brief
    }

    /// Every image of the run is stored, as far as it is there at all.
    pub(super) const fn is_all_stored(&self) -> bool {
        !self.is_long && self.there == self.stored
    }

    /// How its places count, of those that are found.
    pub(super) fn counts(&self, run: &Run, found: &Found) -> Counts {
        if self.is_long {
            return Counts::of(run, |at| found.takes(at));
        }
        let found = found.bits();
        let kept = self.stored & !self.binned & found;
        let count = |bits: u16| bits.count_ones() as usize;
        let (picks, rejected) = (count(kept & self.picked), count(kept & self.rejected));
        let all = count(kept);
        Counts { all, picks, rejected, unmarked: all - picks - rejected, binned: count(self.binned & found) }
    }

    /// What the filter shows of the places that are found.
    pub(super) fn visible(&self, run: &Run, filter: Filter, found: &Found) -> Option<VisibleRun> {
        let (places, picks, open) = if self.is_long {
            looked_at(run, filter, found)
        } else {
            let shown = self.shown(filter) & found.bits();
            let picks = shown & self.stored & self.picked;
            let open = shown & self.stored & !self.picked & !self.rejected;
            (Places::from_bits(shown.into()), picks.count_ones() as usize, open.count_ones() as usize)
        };
        if places.is_empty() {
            return None;
        }
        let picks = if filter == Filter::Bin { 0 } else { picks };
        let small = |count: usize| u16::try_from(count).unwrap_or(u16::MAX);
        let (picks, open) = (small(picks), small(open));
        Some(VisibleRun { run: self.run, slots: places, picks, open, notes: self.notes, ratio: self.ratio })
    }

    /// What the filter lets through. What is not stored has no mark.
    const fn shown(&self, filter: Filter) -> u16 {
        match filter {
            Filter::Bin => self.there & self.binned,
            Filter::All => self.there & !self.binned,
            Filter::Unmarked => self.stored & !self.picked & !self.rejected & !self.binned,
            Filter::Picks => self.picked & !self.binned,
            Filter::Rejected => self.rejected & !self.binned,
        }
    }

    /// The stored ones among these places.
    pub(super) fn stored_of(&self, run: &Run, places: &Places) -> Places {
        let mut stored = if self.is_long {
            (0..run.slots.len() as u16).filter(|&at| run.facts(at).is_some()).collect()
        } else {
            Places::from_bits(self.stored.into())
        };
        stored.keep(places);
        stored
    }

    /// How many of these places are picked, are rejected, and are in the bin.
    pub(super) fn marked_of(&self, run: &Run, places: &Places) -> [usize; 3] {
        if self.is_long {
            let count =
                |mark: Mark| places.iter().filter(|&at| run.facts(at).is_some_and(|facts| facts.mark == mark)).count();
            return [
                count(Mark::Pick),
                count(Mark::Reject),
                places.iter().filter(|at| run.binned.contains(at)).count(),
            ];
        }
        [self.picked, self.rejected, self.binned]
            .map(|bits| (u64::from(bits) & places.first_bits()).count_ones() as usize)
    }

    /// These are all its stored images, and perhaps more.
    pub(super) fn is_whole(&self, places: &Places) -> bool {
        !self.is_long && u64::from(self.stored) & !places.first_bits() == 0
    }
}

/// The same, place by place.
fn looked_at(run: &Run, filter: Filter, found: &Found) -> (Places, usize, usize) {
    let (mut places, mut picks, mut open) = (Places::default(), 0, 0);
    for (at, slot) in (0_u16..).zip(&run.slots) {
        let is_binned = run.binned.contains(&at);
        let is_shown = match slot {
            Slot::Gone => false,
            Slot::Stored(facts) => filter.takes(facts.mark, is_binned),
            _ if is_binned => filter == Filter::Bin,
            _ => filter == Filter::All,
        };
        if is_shown && found.takes(at) {
            places.insert(at);
            if let Slot::Stored(facts) = slot {
                picks += usize::from(facts.mark == Mark::Pick);
                open += usize::from(facts.mark == Mark::None);
            }
        }
    }
    (places, picks, open)
}

/// The places of a run that the search lets through.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Found {
    All,
    These(Places),
}

impl Found {
    fn takes(&self, at: u16) -> bool {
        match self {
            Self::All => true,
            Self::These(places) => places.contains(at),
        }
    }

    /// The first as bits.
    const fn bits(&self) -> u16 {
        match self {
            Self::All => u16::MAX,
            Self::These(places) => places.first_bits() as u16,
        }
    }
}

/// The one value that all have.
fn common(mut values: impl Iterator<Item = f32>) -> Option<f32> {
    let first = values.next()?;
    values.all(|other| other.to_bits() == first.to_bits()).then_some(first)
}
