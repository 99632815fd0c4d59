//! All runs, which of them are shown, and where the cursor and the selection are.

use std::collections::VecDeque;

use crate::domain::{Filter, Found, ImageFacts, ImageId, Mark, Run, RunId, Slot};
use crate::message::{Direction, IndexState};

mod brief;
mod changes;
mod counts;
mod cursor;
mod finding;
mod lines;
mod places;
mod selection;
mod shown;
mod sum;

use brief::Brief;
use changes::Changes;
pub use counts::Counts;
pub(super) use cursor::Focus;
pub use finding::Finding;
use lines::ratio;
pub use lines::{Cell, Lines, cells, line_count, ratios};
pub use places::Places;
use selection::Selection;
use shown::Tally;
pub use shown::VisibleRun;
pub use sum::SelectionSum;

/// The sheet.
#[derive(Clone, Debug, Default)]
pub struct Sheet {
    /// Oldest first; shown the other way round. It grows at both ends: new runs here, and older ones while they are read.
    runs: VecDeque<Run>,
    /// One of each run, in the same order.
    briefs: VecDeque<Brief>,
    visible: Vec<VisibleRun>,
    tally: Tally,
    shown_picks: usize,
    filter: Filter,
    finding: Finding,
    cursor: Option<ImageId>,
    anchor: Option<ImageId>,
    selection: Selection,
    lines: Lines,
    new_arrivals: usize,
    changes: Changes,
}

impl Sheet {
    /// The runs shown, newest first, with their shown places.
    pub fn visible(&self) -> &[VisibleRun] {
        &self.visible
    }

    /// Every image and placeholder shown, in reading order.
    pub fn visible_images(&self) -> impl DoubleEndedIterator<Item = ImageId> + '_ {
        self.visible.iter().flat_map(VisibleRun::images)
    }

    /// Grows whenever the runs shown, their places or their contents change.
    pub const fn revision(&self) -> u64 {
        self.changes.revision()
    }

    /// The runs that changed after a revision, each once; `None` when everything may have.
    pub fn changed_since(&self, revision: u64) -> Option<Vec<RunId>> {
        self.changes.since(revision)
    }

    /// A run by its id.
    pub fn run(&self, id: RunId) -> Option<&Run> {
        self.place(id).and_then(|place| self.runs.get(place))
    }

    /// What became of one image asked for.
    pub fn slot(&self, image: ImageId) -> Option<&Slot> {
        self.run(image.run)?.slots.get(usize::from(image.slot))
    }

    /// The facts of a stored image.
    pub fn facts(&self, image: ImageId) -> Option<&ImageFacts> {
        self.run(image.run)?.facts(image.slot)
    }

    /// The mark of a stored image.
    pub fn mark(&self, image: ImageId) -> Option<Mark> {
        self.facts(image).map(|facts| facts.mark)
    }

    /// The image, or the failure, is in the library's bin.
    pub fn is_binned(&self, image: ImageId) -> bool {
        self.run(image.run).is_some_and(|run| run.binned.contains(&image.slot))
    }

    /// How many there are of each kind, in the whole library.
    pub const fn counts(&self) -> Counts {
        self.tally.all
    }

    /// Bytes of all stored images that are not in the bin.
    pub const fn size_bytes(&self) -> u64 {
        self.tally.size_bytes
    }

    /// Runs in all.
    pub fn run_count(&self) -> usize {
        self.runs.len()
    }

    /// Which images are shown.
    pub const fn filter(&self) -> Filter {
        self.filter
    }

    /// The search.
    pub const fn finding(&self) -> &Finding {
        &self.finding
    }

    /// How many there are of each kind in what the search lets through.
    pub const fn found(&self) -> Counts {
        self.tally.found
    }

    /// The image under the keyboard's cursor.
    pub const fn cursor(&self) -> Option<ImageId> {
        self.cursor
    }

    /// The image is selected.
    pub fn is_selected(&self, image: ImageId) -> bool {
        self.selection.contains(image)
    }

    /// The selected images in reading order: newest run first, then by place.
    pub fn selected(&self) -> impl Iterator<Item = ImageId> + '_ {
        let runs = self.selection.runs().iter().rev();
        runs.flat_map(|(run, places)| places.iter().map(|slot| ImageId { run: *run, slot }))
    }

    /// All of them.
    pub fn selection(&self) -> Vec<ImageId> {
        self.selected().collect()
    }

    /// Grows whenever the selection may have changed.
    pub const fn selection_revision(&self) -> u64 {
        self.selection.revision()
    }

    /// How many they are.
    pub fn selected_count(&self) -> usize {
        self.selection.len()
    }

    /// Images stored since the newest were last in view.
    pub const fn new_arrivals(&self) -> usize {
        self.new_arrivals
    }

    /// Picks among the images shown, in reading order. What is in the bin is no pick.
    pub fn visible_picks(&self) -> Vec<ImageId> {
        self.visible_with(Mark::Pick)
    }

    /// How many picks are among the images shown.
    pub const fn shown_picks(&self) -> usize {
        self.shown_picks
    }

    /// Rejected images among those shown, in reading order.
    pub fn visible_rejected(&self) -> Vec<ImageId> {
        self.visible_with(Mark::Reject)
    }

    /// Everything in the bin, newest first.
    pub fn binned(&self) -> Vec<ImageId> {
        let runs = self.runs.iter().rev();
        runs.flat_map(|run| run.binned.iter().map(|&slot| ImageId { run: run.id, slot })).collect()
    }

    fn place(&self, id: RunId) -> Option<usize> {
        self.runs.binary_search_by_key(&id, |run| run.id).ok()
    }

    pub(super) fn load(&mut self, mut runs: Vec<Run>) {
        runs.sort_by_key(|run| run.id);
        let runs = runs.into();
        let (filter, lines, changes) = (self.filter, self.lines, std::mem::take(&mut self.changes));
        let (mut selection, finding) = (std::mem::take(&mut self.selection), self.finding.in_new_library());
        selection.clear();
        *self = Self { runs, filter, finding, selection, lines, changes, ..Self::default() };
        self.count_all();
        self.show_visible();
    }

    /// Runs oldest first.
    pub(super) const fn runs(&self) -> &VecDeque<Run> {
        &self.runs
    }

    pub(super) fn add(&mut self, run: Run) {
        if self.place(run.id).is_none() {
            self.add_new(run);
        }
    }

    /// Changes a run; what is shown follows. `false` when the run is not known.
    pub(super) fn change(&mut self, id: RunId, change: impl FnOnce(&mut Run)) -> bool {
        let Some(place) = self.place(id) else { return false };
        self.change_at(place, change);
        true
    }

    /// Puts something into a place of a run, making room when the server sent more than asked.
    pub(super) fn put(&mut self, image: ImageId, slot: Slot) -> bool {
        let arrived = matches!(slot, Slot::Stored(_));
        if arrived && self.facts(image).is_none() {
            self.finding.stored(image);
        }
        let known = self.change(image.run, |run| {
            let place = usize::from(image.slot);
            while run.slots.len() <= place {
                run.slots.push(Slot::Waiting);
            }
            if let Some(old) = run.slots.get_mut(place) {
                *old = slot;
            }
        });
        if known && arrived {
            self.new_arrivals += 1;
        }
        known
    }

    pub(super) const fn seen_new(&mut self) {
        self.new_arrivals = 0;
    }

    pub(super) fn set_marks(&mut self, marks: impl Iterator<Item = (ImageId, Mark)>) {
        self.change_all(marks, |run, slot, mark| {
            if let Some(Slot::Stored(facts)) = run.slots.get_mut(usize::from(slot)) {
                facts.mark = mark;
            }
        });
    }

    /// Puts places into the bin or takes them out.
    pub(super) fn set_binned(&mut self, images: impl Iterator<Item = (ImageId, bool)>) {
        self.change_all(images, |run, slot, binned| {
            if binned {
                run.binned.insert(slot);
            } else {
                run.binned.remove(&slot);
            }
        });
    }

    /// These went from the bin into the system's trash.
    pub(super) fn set_gone(&mut self, images: &[ImageId]) {
        self.change_all(images.iter().map(|&image| (image, ())), |run, slot, ()| {
            run.binned.remove(&slot);
            if let Some(slot) = run.slots.get_mut(usize::from(slot)) {
                *slot = Slot::Gone;
            }
        });
    }

    pub(super) fn show(&mut self, filter: Filter) {
        self.filter = filter;
        self.show_visible();
    }

    /// Changes what is looked for.
    pub(super) fn look_for(&mut self, change: impl FnOnce(&mut Finding)) {
        change(&mut self.finding);
        self.show_visible();
    }

    /// The question to the index as it is now: changes nothing of what is shown.
    pub(super) const fn finding_mut(&mut self) -> &mut Finding {
        &mut self.finding
    }

    /// An answer of the index; one to an earlier question is dropped.
    pub(super) fn found_by_index(&mut self, number: u64, found: Found) {
        if self.finding.answered(number, found) && self.finding.is_active() {
            self.show_visible();
        }
    }

    /// What the search can rely on changed.
    pub(super) fn set_index(&mut self, index: IndexState) {
        self.finding.set_index(index);
        if self.finding.is_active() {
            self.show_visible();
        }
    }

    pub(super) const fn set_lines(&mut self, lines: Lines) {
        self.lines = lines;
    }
}
