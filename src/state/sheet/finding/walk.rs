//! Looks what of each run is found, for one run or for all: then beside the answer of the index, in which no run is looked
//! for.

use super::super::brief::{Brief, Found};
use super::super::places::Places;
use super::{Finding, ImageId, IndexState, Run, RunId};

impl Finding {
    /// What of a run is found.
    pub(in super::super) fn found_of(&self, run: &Run) -> Found {
        if !self.is_active() {
            return Found::All;
        }
        let sieve = self.sieve(run);
        let taken = (0_u16..).zip(&run.slots).filter(|(at, slot)| sieve.takes(*at, slot));
        Found::These(taken.map(|(at, _)| at).collect())
    }

    /// Looks at all runs, newest first.
    pub(in super::super) fn walk(&self) -> Walk<'_> {
        Walk {
            finding: self,
            is_active: self.is_active(),
            answer: self.answer.as_deref(),
            head: self.head.as_deref(),
            head_end: self.head.as_ref().and_then(|head| head.last()).map(|last| last.run),
            oldest_fresh: self.fresh.first().map(|image| image.run),
        }
    }
}

/// How far one has come.
pub(in super::super) struct Walk<'a> {
    finding: &'a Finding,
    is_active: bool,
    /// The rest of the whole answer.
    answer: Option<&'a [ImageId]>,
    /// The rest of the first of an answer.
    head: Option<&'a [ImageId]>,
    /// The run in which that ends.
    head_end: Option<RunId>,
    /// Runs older than this have no image that the index may not know.
    oldest_fresh: Option<RunId>,
}

impl Walk<'_> {
    /// What of the next run is found.
    pub(in super::super) fn found_of(&mut self, run: &Run, brief: &Brief) -> Found {
        if !self.is_active {
            return Found::All;
        }
        let (head, answer) = (next(&mut self.head, run.id), next(&mut self.answer, run.id));
        let is_known = brief.is_all_stored() && self.oldest_fresh.is_none_or(|oldest| run.id < oldest);
        let by_index = match self.head_end {
            Some(end) if run.id > end => head,
            Some(end) if run.id == end => None,
            _ => answer,
        };
        let stays =
            self.finding.index == IndexState::Ready && !self.finding.is_waited_for && self.head_end != Some(run.id);
        match by_index {
            Some(places) if is_known => Found::These(places),
            None if is_known && stays => Found::All,
            _ => self.finding.found_of(run),
        }
    }
}

/// Takes the part that is of this run off a list in reading order.
fn next(list: &mut Option<&[ImageId]>, run: RunId) -> Option<Places> {
    let images = list.as_mut()?;
    let mut places = Places::default();
    while let Some((first, rest)) = images.split_first().filter(|(first, _)| first.run >= run) {
        if first.run == run {
            places.insert(first.slot);
        }
        *images = rest;
    }
    Some(places)
}
