//! What is shown of the runs, kept up to date run by run: a verdict or an arrival costs no more among a hundred thousand
//! images than among a hundred.

use std::cmp::Reverse;

use super::brief::{Brief, Found};
use super::counts::Counts;
use super::finding::Finding;
use super::places::Places;
use super::{Filter, ImageId, Mark, Run, RunId, Sheet};

/// Runs changed in one step that are looked at one by one. Each may move all that lie behind it, so that beyond this
/// number one look at everything is cheaper.
const APART_MAX: usize = 64;

/// A run with the places of it that the filter and the search let through.
#[derive(Clone, Debug, PartialEq)]
pub struct VisibleRun {
    /// Which run.
    pub run: RunId,
    /// Its shown places, never none.
    pub slots: Places,
    /// Shown images that are picked; none in the bin.
    pub(super) picks: u16,
    /// Shown images without a mark.
    pub(super) open: u16,
    /// Notes under its header.
    pub notes: u16,
    /// Width divided by height of every tile, when all are alike: then nothing else must be known to lay them out. Else 0.
    pub(super) ratio: f32,
}

impl VisibleRun {
    /// Its shown images.
    pub(super) fn images(&self) -> impl DoubleEndedIterator<Item = ImageId> + '_ {
        self.slots.iter().map(|slot| ImageId { run: self.run, slot })
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
        run.is_some_and(|run| run.slots.contains(image.slot))
    }

    /// What is shown from this place of the sheet on, in reading order, the image itself first when it is shown.
    pub(in crate::state) fn images_from(&self, image: ImageId) -> impl Iterator<Item = ImageId> + '_ {
        let first = self.visible_place(image.run).unwrap_or_else(|place| place);
        let runs = self.visible.get(first..).unwrap_or_default().iter();
        runs.flat_map(move |run| {
            let before = if run.run == image.run { run.slots.before(image.slot) } else { 0 };
            run.images().skip(before)
        })
    }

    /// What is shown before this place of the sheet, nearest first.
    pub(in crate::state) fn images_before(&self, image: ImageId) -> impl Iterator<Item = ImageId> + '_ {
        let end = self.visible_place(image.run).map_or_else(|place| place, |place| place + 1);
        let runs = self.visible.get(..end).unwrap_or_default().iter().rev();
        runs.flat_map(move |run| {
            let after = if run.run == image.run { run.slots.len() - run.slots.before(image.slot) } else { 0 };
            run.images().rev().skip(after)
        })
    }

    /// The runs shown, oldest first, each with its brief and what is shown of it.
    pub(super) fn shown_runs(&self) -> impl Iterator<Item = (&Run, &Brief, &VisibleRun)> {
        // All are in the same order: no run is looked for.
        let mut runs = self.runs.iter().zip(&self.briefs);
        let visible = self.visible.iter().rev();
        visible.filter_map(move |shown| {
            let (run, brief) = runs.find(|(run, _)| run.id == shown.run)?;
            Some((run, brief, shown))
        })
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
        // As they are shown: into a sheet of which nothing is shown, each then comes in at the end.
        changed.sort_unstable_by_key(|&id| Reverse(id));
        changed.dedup();
        self.show_runs(&changed);
    }

    /// Changes a run and the counts, not yet what is shown.
    fn change_quietly(&mut self, place: usize, change: impl FnOnce(&mut Run)) -> Option<RunId> {
        let (run, brief) = (self.runs.get_mut(place)?, self.briefs.get_mut(place)?);
        self.tally.take(Tally::of(run, brief, &self.finding));
        change(run);
        *brief = Brief::of(run);
        self.tally.add(Tally::of(run, brief, &self.finding));
        Some(run.id)
    }

    /// A run comes in, or takes the place of what was known of it.
    fn enter(&mut self, run: Run) {
        let brief = Brief::of(&run);
        self.tally.add(Tally::of(&run, &brief, &self.finding));
        match self.runs.binary_search_by_key(&run.id, |known| known.id) {
            Ok(place) => {
                if let (Some(known), Some(old)) = (self.runs.get_mut(place), self.briefs.get_mut(place)) {
                    self.tally.take(Tally::of(known, old, &self.finding));
                    (*known, *old) = (run, brief);
                }
            }
            Err(place) => {
                self.runs.insert(place, run);
                self.briefs.insert(place, brief);
            }
        }
    }

    /// Adds a run that is not known.
    pub(super) fn add_new(&mut self, run: Run) {
        let id = run.id;
        self.enter(run);
        self.show_runs(&[id]);
    }

    /// Takes in runs that were read from the library: others than those known, most of them older, or the same as they are
    /// now.
    pub(in crate::state) fn read(&mut self, runs: Vec<Run>) {
        let mut ids: Vec<RunId> = runs.iter().map(|run| run.id).collect();
        for run in runs {
            self.enter(run);
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
            let known = self.place(id).and_then(|place| Some((self.runs.get(place)?, self.briefs.get(place)?)));
            let shown = known.and_then(|(run, brief)| brief.visible(run, self.filter, &self.finding.found_of(run)));
            let places = shown.as_ref().map(|shown| shown.slots.clone()).unwrap_or_default();
            self.shown_picks += shown.as_ref().map_or(0, |shown| usize::from(shown.picks));
            let before = match (self.visible_place(id), shown) {
                (Ok(place), Some(shown)) => self.visible.get_mut(place).map(|run| std::mem::replace(run, shown)),
                (Ok(place), None) => Some(self.visible.remove(place)),
                (Err(place), Some(shown)) => {
                    self.visible.insert(place, shown);
                    None
                }
                (Err(_), None) => None,
            };
            let picks = before.map_or(0, |before| usize::from(before.picks));
            self.shown_picks = self.shown_picks.saturating_sub(picks);
            self.selection.keep_of(id, &places);
        }
        self.keep_cursor();
    }

    /// Counts everything anew.
    pub(super) fn count_all(&mut self) {
        self.briefs = self.runs.iter().map(Brief::of).collect();
        self.tally = Tally::default();
        for (run, brief) in self.runs.iter().zip(&self.briefs) {
            self.tally.add(Tally::of(run, brief, &self.finding));
        }
    }

    /// Works out again what is found and shown of all runs.
    pub(super) fn show_visible(&mut self) {
        self.changes.all();
        self.visible.clear();
        (self.tally.found, self.shown_picks) = (Counts::default(), 0);
        let mut walk = self.finding.walk();
        for (run, brief) in self.runs.iter().zip(&self.briefs).rev() {
            let found = walk.found_of(run, brief);
            self.tally.found.add(brief.counts(run, &found));
            if let Some(shown) = brief.visible(run, self.filter, &found) {
                self.shown_picks += usize::from(shown.picks);
                self.visible.push(shown);
            }
        }
        self.keep_selection();
        self.keep_cursor();
    }

    /// What is not shown is not selected any more.
    pub(super) fn keep_selection(&mut self) {
        let mut shown = self.visible.iter().rev().peekable();
        self.selection.keep_each(|run, places| {
            while shown.next_if(|shown| shown.run < run).is_some() {}
            match shown.peek().filter(|shown| shown.run == run) {
                Some(shown) => places.keep(&shown.slots),
                None => *places = Places::default(),
            }
        });
    }

    /// A cursor that is no longer shown goes to the next image that is, at the end to the one before.
    fn keep_cursor(&mut self) {
        let Some(cursor) = self.cursor.filter(|&cursor| !self.is_shown(cursor)) else { return };
        let next = self.images_from(cursor).next();
        self.cursor = next.or_else(|| self.images_before(cursor).next());
        self.anchor = self.cursor;
        if self.selection.is_empty() {
            self.selection.add(self.cursor);
        }
    }
}

/// What is added up over all runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Tally {
    pub all: Counts,
    /// Of what the search lets through.
    pub found: Counts,
    /// Bytes of the stored images that are not in the bin.
    pub size_bytes: u64,
}

impl Tally {
    fn of(run: &Run, brief: &Brief, finding: &Finding) -> Self {
        let all = brief.counts(run, &Found::All);
        let found = if finding.is_active() { brief.counts(run, &finding.found_of(run)) } else { all };
        let binned = run.binned.iter().filter_map(|&slot| run.facts(slot)).map(|facts| facts.size_bytes);
        Self { all, found, size_bytes: brief.size_bytes.saturating_sub(binned.sum()) }
    }

    const fn add(&mut self, more: Self) {
        self.all.add(more.all);
        self.found.add(more.found);
        self.size_bytes += more.size_bytes;
    }

    const fn take(&mut self, less: Self) {
        self.all.take(less.all);
        self.found.take(less.found);
        self.size_bytes = self.size_bytes.saturating_sub(less.size_bytes);
    }
}

#[cfg(test)]
mod tests;
