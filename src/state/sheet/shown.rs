//! What is shown of the runs, kept up to date run by run: a verdict or an arrival costs no more among a hundred thousand
//! images than among a hundred.

use std::cmp::Reverse;

use super::finding::Finding;
use super::{Filter, ImageId, Mark, Run, RunId, Sheet, Slot, ratios};

/// Changes told one by one, four pieces of a library that is being read; who comes later looks at everything again.
const CHANGES_MAX: usize = 1_024;
/// Runs changed in one step that are looked at one by one. Each may move all that lie behind it, so that beyond this
/// number one look at everything is cheaper.
const APART_MAX: usize = 64;

/// How many images there are of each kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Stored images.
    pub all: usize,
    /// Marked pick.
    pub picks: usize,
    /// Marked reject.
    pub rejected: usize,
    /// Bytes of all stored images.
    pub size_bytes: u64,
    /// Not judged yet.
    pub unmarked: usize,
    /// Images and failures in the bin; they count nowhere else.
    pub binned: usize,
}

impl Counts {
    /// Those of one run: all of them, and those that the search lets through.
    fn of(run: &Run, finding: &Finding) -> [Self; 2] {
        let sieve = finding.sieve(run);
        let (mut all, mut found) = (Self::default(), Self::default());
        for (at, slot) in (0_u16..).zip(&run.slots) {
            let is_binned = run.binned.contains(&at);
            all.count(slot, is_binned);
            if sieve.takes(at, slot) {
                found.count(slot, is_binned);
            }
        }
        [all, found]
    }

    /// Counts one place of a run.
    fn count(&mut self, slot: &Slot, is_binned: bool) {
        self.binned += usize::from(is_binned);
        let Slot::Stored(facts) = slot else { return };
        if is_binned {
            return;
        }
        self.all += 1;
        self.size_bytes += facts.size_bytes;
        match facts.mark {
            Mark::None => self.unmarked += 1,
            Mark::Pick => self.picks += 1,
            Mark::Reject => self.rejected += 1,
        }
    }

    fn add(&mut self, more: Self) {
        self.all += more.all;
        self.picks += more.picks;
        self.unmarked += more.unmarked;
        self.rejected += more.rejected;
        self.size_bytes += more.size_bytes;
        self.binned += more.binned;
    }

    fn take(&mut self, less: Self) {
        self.all = self.all.saturating_sub(less.all);
        self.picks = self.picks.saturating_sub(less.picks);
        self.unmarked = self.unmarked.saturating_sub(less.unmarked);
        self.rejected = self.rejected.saturating_sub(less.rejected);
        self.size_bytes = self.size_bytes.saturating_sub(less.size_bytes);
        self.binned = self.binned.saturating_sub(less.binned);
    }
}

/// A run with the places of it that the filter and the search let through.
#[derive(Clone, Debug, PartialEq)]
pub struct VisibleRun {
    /// Which run.
    pub run: RunId,
    /// Its shown places, ascending, never empty.
    pub slots: Vec<u16>,
    /// Shown images that are picked; none in the bin.
    pub(super) picks: usize,
    /// Shown images without a mark.
    pub(super) open: usize,
    /// Notes under its header.
    pub notes: usize,
    /// Width divided by height of every shown tile, when all are alike: then nothing else must be known to lay them out.
    pub(super) ratio: Option<f32>,
}

impl VisibleRun {
    /// Its shown images.
    pub(super) fn images(&self) -> impl DoubleEndedIterator<Item = ImageId> + '_ {
        self.slots.iter().map(|&slot| ImageId { run: self.run, slot })
    }
}

/// Which runs changed, and when.
#[derive(Clone, Debug, Default)]
pub(super) struct Changes {
    /// Grows with every change.
    revision: u64,
    /// What changed before this is not known one by one.
    known_from: u64,
    /// Ascending.
    told: std::collections::VecDeque<(u64, RunId)>,
}

impl Changes {
    pub(super) const fn revision(&self) -> u64 {
        self.revision
    }

    fn all(&mut self) {
        self.revision += 1;
        self.known_from = self.revision;
        self.told.clear();
    }

    fn one(&mut self, run: RunId) {
        self.revision += 1;
        self.told.push_back((self.revision, run));
        while self.told.len() > CHANGES_MAX {
            if let Some((revision, _)) = self.told.pop_front() {
                self.known_from = revision;
            }
        }
    }

    /// The runs that changed after a revision; `None` when everything may have.
    pub(super) fn since(&self, revision: u64) -> Option<Vec<RunId>> {
        if revision < self.known_from || revision > self.revision {
            return None;
        }
        let first = self.told.partition_point(|(changed, _)| *changed <= revision);
        let mut runs: Vec<RunId> = self.told.iter().skip(first).map(|(_, run)| *run).collect();
        runs.sort_unstable();
        runs.dedup();
        Some(runs)
    }
}

impl Sheet {
    /// The place of a run among those shown; where it would be when it is not.
    pub(super) fn visible_place(&self, run: RunId) -> Result<usize, usize> {
        self.visible.binary_search_by(|visible| run.cmp(&visible.run))
    }

    /// The image, or the placeholder, is shown.
    pub fn is_shown(&self, image: ImageId) -> bool {
        let run = self.visible_place(image.run).ok().and_then(|place| self.visible.get(place));
        run.is_some_and(|run| run.slots.binary_search(&image.slot).is_ok())
    }

    /// What is shown from this place of the sheet on, in reading order, the image itself first when it is shown.
    pub(in crate::state) fn images_from(&self, image: ImageId) -> impl Iterator<Item = ImageId> + '_ {
        let first = self.visible_place(image.run).unwrap_or_else(|place| place);
        let runs = self.visible.get(first..).unwrap_or_default().iter();
        runs.flat_map(move |run| {
            let before = if run.run == image.run { run.slots.partition_point(|&slot| slot < image.slot) } else { 0 };
            run.images().skip(before)
        })
    }

    /// What is shown before this place of the sheet, nearest first.
    pub(in crate::state) fn images_before(&self, image: ImageId) -> impl Iterator<Item = ImageId> + '_ {
        let end = self.visible_place(image.run).map_or_else(|place| place, |place| place + 1);
        let runs = self.visible.get(..end).unwrap_or_default().iter().rev();
        runs.flat_map(move |run| {
            let after = if run.run == image.run {
                run.slots.len() - run.slots.partition_point(|&slot| slot < image.slot)
            } else {
                0
            };
            run.images().rev().skip(after)
        })
    }

    /// The runs shown, oldest first, each with what is shown of it.
    pub(super) fn shown_runs(&self) -> impl Iterator<Item = (&Run, &VisibleRun)> {
        // Both are in the same order: no run is looked for.
        let mut runs = self.runs.iter();
        let visible = self.visible.iter().rev();
        visible.filter_map(move |shown| runs.find(|run| run.id == shown.run).map(|run| (run, shown)))
    }

    /// Shown images with a mark, in reading order.
    pub(super) fn visible_with(&self, mark: Mark) -> Vec<ImageId> {
        if self.filter == Filter::Bin {
            return Vec::new();
        }
        let runs = self.visible.iter().filter(|run| mark != Mark::Pick || run.picks > 0);
        runs.flat_map(VisibleRun::images).filter(|&image| self.mark(image) == Some(mark)).collect()
    }

    /// The first shown image without a mark after this one, else the first of all before it.
    pub(in crate::state) fn next_unmarked(&self, image: ImageId) -> Option<ImageId> {
        let place = self.visible_place(image.run).unwrap_or_else(|place| place);
        let later = |other: ImageId| other.run < image.run || other.run == image.run && other.slot > image.slot;
        let open = |&shown: &ImageId| shown != image && self.mark(shown) == Some(Mark::None);
        let after = self.visible.iter().skip(place).filter(|run| run.open > 0).flat_map(VisibleRun::images);
        let before = self.visible.iter().take(place + 1).filter(|run| run.open > 0).flat_map(VisibleRun::images);
        let (mut after, before) = (after.filter(|&shown| later(shown)), before.take_while(|&shown| !later(shown)));
        after.find(open).or_else(|| before.into_iter().find(open))
    }

    /// Changes one run, and what follows from it.
    pub(super) fn change_at(&mut self, place: usize, change: impl FnOnce(&mut Run)) {
        if let Some(id) = self.change_quietly(place, change) {
            self.show_runs(&[id]);
        }
    }

    /// Changes several places, and what follows from it.
    pub(super) fn change_all<T>(
        &mut self,
        changes: impl Iterator<Item = (ImageId, T)>,
        mut change: impl FnMut(&mut Run, u16, T),
    ) {
        let mut changed: Vec<RunId> = Vec::new();
        let mut changes = changes.peekable();
        while let Some((image, value)) = changes.next() {
            let Some(place) = self.place(image.run) else { continue };
            let id = self.change_quietly(place, |run| {
                change(run, image.slot, value);
                // The others of the same run: it is counted once.
                while let Some((next, value)) = changes.next_if(|(next, _)| next.run == image.run) {
                    change(run, next.slot, value);
                }
            });
            changed.extend(id);
        }
        changed.sort_unstable();
        changed.dedup();
        self.show_runs(&changed);
    }

    /// Changes a run and the counts, not yet what is shown.
    fn change_quietly(&mut self, place: usize, change: impl FnOnce(&mut Run)) -> Option<RunId> {
        let run = self.runs.get_mut(place)?;
        let [all, found] = Counts::of(run, &self.finding);
        self.counts.take(all);
        self.found.take(found);
        change(run);
        let [all, found] = Counts::of(run, &self.finding);
        self.counts.add(all);
        self.found.add(found);
        Some(run.id)
    }

    /// A run came in; it is in its place already.
    pub(super) fn added(&mut self, place: usize) {
        if let Some(run) = self.runs.get(place) {
            let id = run.id;
            let [all, found] = Counts::of(run, &self.finding);
            self.counts.add(all);
            self.found.add(found);
            self.show_runs(&[id]);
        }
    }

    /// Takes in runs that were read from the library: others than those known, most of them older, or the same as they are
    /// now.
    pub(in crate::state) fn read(&mut self, runs: Vec<Run>) {
        let mut ids: Vec<RunId> = Vec::with_capacity(runs.len());
        for run in runs {
            ids.push(run.id);
            let [all, found] = Counts::of(&run, &self.finding);
            self.counts.add(all);
            self.found.add(found);
            match self.runs.binary_search_by_key(&run.id, |known| known.id) {
                Ok(place) => {
                    if let Some(known) = self.runs.get_mut(place) {
                        let [all, found] = Counts::of(known, &self.finding);
                        self.counts.take(all);
                        self.found.take(found);
                        *known = run;
                    }
                }
                Err(place) => self.runs.insert(place, run),
            }
        }
        ids.sort_unstable_by_key(|&id| Reverse(id));
        self.show_runs(&ids);
    }

    /// Works out again what is shown of these runs, each named once.
    fn show_runs(&mut self, runs: &[RunId]) {
        let last = self.visible.last().map(|last| last.run);
        let moves_none = last.is_none_or(|last| runs.iter().all(|&run| run < last));
        if runs.len() > APART_MAX && !moves_none {
            return self.show_visible();
        }
        for &id in runs {
            self.changes.one(id);
            let shown = self.run(id).and_then(|run| self.visible_run(run));
            self.shown_picks += shown.as_ref().map_or(0, |shown| shown.picks);
            let before = match (self.visible_place(id), shown) {
                (Ok(place), Some(shown)) => self.visible.get_mut(place).map(|run| std::mem::replace(run, shown)),
                (Ok(place), None) => Some(self.visible.remove(place)),
                (Err(place), Some(shown)) => {
                    self.visible.insert(place, shown);
                    None
                }
                (Err(_), None) => None,
            };
            self.shown_picks = self.shown_picks.saturating_sub(before.map_or(0, |before| before.picks));
            let all = ImageId { run: id, slot: 0 }..=ImageId { run: id, slot: u16::MAX };
            let gone: Vec<ImageId> =
                self.selection.range(all).copied().filter(|&image| !self.is_shown(image)).collect();
            for image in gone {
                self.selection.remove(&image);
            }
        }
        self.keep_cursor();
    }

    /// Counts everything and works out again what is shown of all runs.
    pub(super) fn show_visible(&mut self) {
        self.changes.all();
        (self.counts, self.found) = (Counts::default(), Counts::default());
        for run in &self.runs {
            let [all, found] = Counts::of(run, &self.finding);
            self.counts.add(all);
            self.found.add(found);
        }
        self.visible = self.runs.iter().rev().filter_map(|run| self.visible_run(run)).collect();
        self.shown_picks = self.visible.iter().map(|run| run.picks).sum();
        let mut selection = std::mem::take(&mut *self.selection);
        selection.retain(|&image| self.is_shown(image));
        *self.selection = selection;
        self.keep_cursor();
    }

    /// What the filter and the search let through of a run.
    fn visible_run(&self, run: &Run) -> Option<VisibleRun> {
        let sieve = self.finding.sieve(run);
        let (mut slots, mut picks, mut open) = (Vec::new(), 0, 0);
        for (at, slot) in (0_u16..).zip(&run.slots) {
            let is_binned = run.binned.contains(&at);
            let is_shown = match slot {
                Slot::Gone => false,
                Slot::Stored(facts) => self.filter.takes(facts.mark, is_binned),
                // What is not there has no mark.
                _ if is_binned => self.filter == Filter::Bin,
                _ => self.filter == Filter::All,
            };
            if !is_shown || !sieve.takes(at, slot) {
                continue;
            }
            slots.push(at);
            if let Slot::Stored(facts) = slot {
                picks += usize::from(facts.mark == Mark::Pick && self.filter != Filter::Bin);
                open += usize::from(facts.mark == Mark::None);
            }
        }
        let mut shown = VisibleRun { run: run.id, slots, picks, open, notes: run.notes.len(), ratio: None };
        shown.ratio = common(ratios(run, &shown));
        (!shown.slots.is_empty()).then_some(shown)
    }

    /// A cursor that is no longer shown goes to the next image that is, at the end to the one before.
    fn keep_cursor(&mut self) {
        let Some(cursor) = self.cursor.filter(|&cursor| !self.is_shown(cursor)) else { return };
        let next = self.images_from(cursor).next();
        self.cursor = next.or_else(|| self.images_before(cursor).next());
        self.anchor = self.cursor;
        if self.selection.is_empty() {
            self.selection.extend(self.cursor);
        }
    }
}

/// The one value that all have.
fn common(mut values: impl Iterator<Item = f32>) -> Option<f32> {
    let first = values.next()?;
    values.all(|other| other.to_bits() == first.to_bits()).then_some(first)
}

#[cfg(test)]
mod tests;
