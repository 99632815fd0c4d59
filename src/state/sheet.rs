//! All runs, which of them are shown, and where the cursor and the selection are.

use std::collections::BTreeSet;

use crate::domain::{ImageFacts, ImageId, Mark, Run, RunId, Slot};
use crate::message::{Direction, Filter};

mod cursor;

pub(super) use cursor::Focus;

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
    /// Images and failures in the bin; they count nowhere else.
    pub binned: usize,
}

/// A run with the places of it that the filter and the search let through.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VisibleRun {
    /// Which run.
    pub run: RunId,
    /// Its shown places, ascending, never empty.
    pub slots: Vec<u16>,
}

/// The sheet.
#[derive(Clone, Debug, Default)]
pub struct Sheet {
    /// Oldest first, so that a new run is a push; shown the other way round.
    runs: Vec<Run>,
    visible: Vec<VisibleRun>,
    counts: Counts,
    shown_picks: usize,
    filter: Filter,
    search: String,
    cursor: Option<ImageId>,
    anchor: Option<ImageId>,
    selection: BTreeSet<ImageId>,
    lines: Vec<Vec<ImageId>>,
    new_arrivals: usize,
    revision: u64,
}

impl Sheet {
    /// The runs shown, newest first, with their shown places.
    pub fn visible(&self) -> &[VisibleRun] {
        &self.visible
    }

    /// Every image and placeholder shown, in reading order.
    pub fn visible_images(&self) -> impl Iterator<Item = ImageId> + '_ {
        self.visible.iter().flat_map(|run| run.slots.iter().map(|&slot| ImageId { run: run.run, slot }))
    }

    /// Grows whenever the runs shown, their places or their contents change.
    pub const fn revision(&self) -> u64 {
        self.revision
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
        self.counts
    }

    /// Runs in all.
    pub fn run_count(&self) -> usize {
        self.runs.len()
    }

    /// Which images are shown.
    pub const fn filter(&self) -> Filter {
        self.filter
    }

    /// The words searched for.
    pub fn search(&self) -> &str {
        &self.search
    }

    /// The image under the keyboard's cursor.
    pub const fn cursor(&self) -> Option<ImageId> {
        self.cursor
    }

    /// The image is selected.
    pub fn is_selected(&self, image: ImageId) -> bool {
        self.selection.contains(&image)
    }

    /// The selected images in reading order: newest run first, then by place.
    pub fn selection(&self) -> Vec<ImageId> {
        let mut images: Vec<ImageId> = self.selection.iter().copied().collect();
        images.sort_by_key(|image| (std::cmp::Reverse(image.run), image.slot));
        images
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

    fn visible_with(&self, mark: Mark) -> Vec<ImageId> {
        if self.filter == Filter::Bin {
            return Vec::new();
        }
        self.visible_images().filter(|&image| self.mark(image) == Some(mark)).collect()
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
        *self = Self { runs, filter: self.filter, revision: self.revision, ..Self::default() };
        self.refresh();
    }

    /// Runs oldest first.
    pub(super) fn runs(&self) -> &[Run] {
        &self.runs
    }

    pub(super) fn add(&mut self, run: Run) {
        match self.runs.binary_search_by_key(&run.id, |known| known.id) {
            Ok(_) => {}
            Err(place) => self.runs.insert(place, run),
        }
        self.refresh();
    }

    /// Changes a run; what is shown follows. `false` when the run is not known.
    pub(super) fn change(&mut self, id: RunId, change: impl FnOnce(&mut Run)) -> bool {
        let Some(run) = self.place(id).and_then(|place| self.runs.get_mut(place)) else { return false };
        change(run);
        self.refresh();
        true
    }

    /// Puts something into a place of a run, making room when the server sent more than asked.
    pub(super) fn put(&mut self, image: ImageId, slot: Slot) -> bool {
        let arrived = matches!(slot, Slot::Stored(_));
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
        for (image, mark) in marks {
            let Some(run) = self.place(image.run).and_then(|place| self.runs.get_mut(place)) else { continue };
            if let Some(Slot::Stored(facts)) = run.slots.get_mut(usize::from(image.slot)) {
                facts.mark = mark;
            }
        }
        self.refresh();
    }

    /// Puts places into the bin or takes them out.
    pub(super) fn set_binned(&mut self, images: impl Iterator<Item = (ImageId, bool)>) {
        for (image, binned) in images {
            let Some(run) = self.place(image.run).and_then(|place| self.runs.get_mut(place)) else { continue };
            if binned {
                run.binned.insert(image.slot);
            } else {
                run.binned.remove(&image.slot);
            }
        }
        self.refresh();
    }

    /// These went from the bin into the system's trash.
    pub(super) fn set_gone(&mut self, images: &[ImageId]) {
        for image in images {
            let Some(run) = self.place(image.run).and_then(|place| self.runs.get_mut(place)) else { continue };
            run.binned.remove(&image.slot);
            if let Some(slot) = run.slots.get_mut(usize::from(image.slot)) {
                *slot = Slot::Gone;
            }
        }
        self.refresh();
    }

    pub(super) fn show(&mut self, filter: Filter) {
        self.filter = filter;
        self.refresh();
    }

    pub(super) fn search_for(&mut self, words: String) {
        self.search = words;
        self.refresh();
    }

    pub(super) fn set_lines(&mut self, lines: Vec<Vec<ImageId>>) {
        self.lines = lines;
    }

    /// Works out again what is shown. A cursor that is no longer shown moves to what took its place.
    fn refresh(&mut self) {
        self.revision += 1;
        let words: Vec<String> = self.search.split_whitespace().map(str::to_lowercase).collect();
        let mut counts = Counts::default();
        let mut visible = Vec::new();
        for run in self.runs.iter().rev() {
            counts.binned += run.binned.len();
            for (at, slot) in (0_u16..).zip(&run.slots) {
                if let Slot::Stored(facts) = slot
                    && !run.binned.contains(&at)
                {
                    counts.all += 1;
                    counts.size_bytes += facts.size_bytes;
                    counts.picks += usize::from(facts.mark == Mark::Pick);
                    counts.rejected += usize::from(facts.mark == Mark::Reject);
                }
            }
            if !matches(run, &words) {
                continue;
            }
            let shown = |at: u16, slot: &Slot| match (self.filter, slot) {
                (_, Slot::Gone) => false,
                (filter, _) if run.binned.contains(&at) => filter == Filter::Bin,
                (Filter::All, _) => true,
                (Filter::Picks, Slot::Stored(facts)) => facts.mark == Mark::Pick,
                (Filter::Rejected, Slot::Stored(facts)) => facts.mark == Mark::Reject,
                _ => false,
            };
            let slots: Vec<u16> =
                (0_u16..).zip(&run.slots).filter(|(at, slot)| shown(*at, slot)).map(|(at, _)| at).collect();
            if !slots.is_empty() {
                visible.push(VisibleRun { run: run.id, slots });
            }
        }
        self.counts = counts;
        let before = std::mem::replace(&mut self.visible, visible);
        self.keep_cursor(&before);
        self.shown_picks = self.visible_picks().len();
    }

    /// The cursor goes to the next image that is still shown, at the end to the one before.
    fn keep_cursor(&mut self, before: &[VisibleRun]) {
        let shown: BTreeSet<ImageId> = self.visible_images().collect();
        self.selection.retain(|image| shown.contains(image));
        let Some(cursor) = self.cursor.filter(|cursor| !shown.contains(cursor)) else { return };
        let images = || before.iter().flat_map(|run| run.slots.iter().map(|&slot| ImageId { run: run.run, slot }));
        let was_shown = images().any(|image| image == cursor);
        let after = images().skip_while(|&image| image != cursor).find(|image| shown.contains(image));
        let next = after.or_else(|| {
            let before = images().take_while(|&image| image != cursor);
            before.filter(|image| shown.contains(image)).last()
        });
        self.cursor = next.filter(|_| was_shown);
        self.anchor = self.cursor;
        if self.selection.is_empty() {
            self.selection.extend(self.cursor);
        }
    }
}

/// Every word is somewhere in the prompt, a revised prompt or the model's id.
fn matches(run: &Run, words: &[String]) -> bool {
    if words.is_empty() {
        return true;
    }
    let mut text = run.request.prompt.as_str().to_lowercase();
    text.push('\n');
    text.push_str(&run.request.model.as_str().to_lowercase());
    for slot in &run.slots {
        if let Slot::Stored(ImageFacts { revised_prompt: Some(revised), .. }) = slot {
            text.push('\n');
            text.push_str(&revised.to_lowercase());
        }
    }
    words.iter().all(|word| text.contains(word))
}
