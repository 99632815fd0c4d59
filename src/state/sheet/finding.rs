//! What is looked for, and which images the index found; what it does not know yet is looked at here.

mod walk;

use std::cell::OnceCell;
use std::cmp::Reverse;
use std::collections::BTreeSet;

use jiff::tz::TimeZone;

use crate::domain::{Filter, Found, ImageId, Narrow, Query, Run, RunId, Slot, Tallies, Timestamp, When, Words};
use crate::message::{IndexState, NarrowBy};

/// The search: what is asked, and what was answered.
#[derive(Clone, Debug, Default)]
pub struct Finding {
    typed: String,
    words: Words,
    narrow: Narrow,
    made: Option<When>,
    index: IndexState,
    /// The row of filters was asked for.
    row_wanted: bool,
    /// The index is there again and has not answered yet: until then everything is looked at here.
    is_waited_for: bool,
    /// Of the question that was asked last; answers to others are dropped.
    number: u64,
    /// The times that question counts.
    whens: Vec<When>,
    tallies: Tallies,
    /// The last whole answer, in the order of the sheet. `None`: nothing was answered since there was nothing to look for.
    answer: Option<Vec<ImageId>>,
    /// The first of an answer that is still to come whole.
    head: Option<Vec<ImageId>>,
    /// Stored while the window was open: the index learns of them a moment later.
    fresh: BTreeSet<ImageId>,
}

impl Finding {
    /// The words as typed.
    pub fn typed(&self) -> &str {
        &self.typed
    }

    /// There are words to look for: signs alone are none.
    pub const fn has_words(&self) -> bool {
        !self.words.is_empty()
    }

    /// The filters beside words and marks.
    pub const fn narrow(&self) -> &Narrow {
        &self.narrow
    }

    /// The time that is filtered for.
    pub const fn made(&self) -> Option<When> {
        self.made
    }

    /// A filter beside words and marks is set.
    pub fn is_narrowed(&self) -> bool {
        !self.narrow.is_open()
    }

    /// Something is looked for.
    pub fn is_active(&self) -> bool {
        self.has_words() || self.is_narrowed()
    }

    /// The row of filters is on the screen.
    pub fn row_shown(&self) -> bool {
        self.row_wanted || self.is_active()
    }

    /// What the search can rely on.
    pub const fn index(&self) -> &IndexState {
        &self.index
    }

    /// How many images other choices would show.
    pub const fn tallies(&self) -> &Tallies {
        &self.tallies
    }

    /// The times that can be chosen, with how many images each would show.
    pub fn whens(&self) -> impl Iterator<Item = (When, usize)> + '_ {
        self.whens.iter().copied().zip(self.tallies.spans.iter().copied())
    }

    pub(in crate::state) fn search_for(&mut self, typed: String) {
        self.words = Words::new(&typed);
        self.typed = typed;
        self.forget_idle();
    }

    pub(in crate::state) fn narrow_by(&mut self, by: NarrowBy, now: Timestamp, zone: &TimeZone) {
        match by {
            NarrowBy::Model(model) => self.narrow.model = model,
            NarrowBy::Endpoint(endpoint) => self.narrow.endpoint = endpoint,
            NarrowBy::Size(size) => self.narrow.size = size,
            NarrowBy::Made(made) => {
                self.made = made;
                self.narrow.made = made.map(|when| when.span(now, zone));
            }
        }
        self.forget_idle();
    }

    /// Shows or hides the row. A row that is hidden filters nothing.
    pub(in crate::state) fn toggle_row(&mut self) {
        self.row_wanted = !self.row_wanted && !self.is_narrowed();
        if !self.row_wanted {
            self.clear_filters();
        }
    }

    pub(in crate::state) fn clear_filters(&mut self) {
        self.narrow = Narrow::default();
        self.made = None;
        self.forget_idle();
    }

    /// With nothing to look for, an old answer must not show for a moment when something is looked for again.
    fn forget_idle(&mut self) {
        if !self.is_active() {
            self.answer = None;
            self.head = None;
            self.is_waited_for = false;
        }
    }

    /// The question as it is now, and its number. `None` where nobody would read the answer.
    pub(in crate::state) fn ask(
        &mut self,
        filter: Filter,
        (now, zone): (Timestamp, &TimeZone),
    ) -> (u64, Option<Query>) {
        self.number += 1;
        if !self.row_shown() {
            return (self.number, None);
        }
        // Midnight may have passed since it was chosen.
        self.narrow.made = self.made.map(|when| when.span(now, zone));
        self.whens = When::choices(now, zone);
        let spans = self.whens.iter().map(|when| when.span(now, zone)).collect();
        let query = Query { words: self.typed.clone(), narrow: self.narrow.clone(), filter, spans };
        (self.number, Some(query))
    }

    /// Takes an answer in; `false` when it is to an earlier question.
    pub(in crate::state) fn answered(&mut self, number: u64, found: Found) -> bool {
        if number != self.number {
            return false;
        }
        match found.tallies {
            Some(tallies) => {
                self.tallies = tallies;
                self.is_waited_for = false;
                // It answers, whatever was said of it before.
                self.index = IndexState::Ready;
                self.head = None;
                self.answer = self.is_active().then_some(found.images);
            }
            None => self.head = Some(found.images),
        }
        true
    }

    /// What the search can rely on changed. Without an index, no answer of it counts any more.
    pub(in crate::state) fn set_index(&mut self, index: IndexState) {
        if index != IndexState::Ready {
            self.answer = None;
            self.head = None;
            self.tallies = Tallies::default();
        }
        self.is_waited_for = self.is_active() && index == IndexState::Ready && self.answer.is_none();
        self.index = index;
    }

    /// An image was stored just now.
    pub(super) fn stored(&mut self, image: ImageId) {
        self.fresh.insert(image);
    }

    /// The same search in another library.
    pub(super) fn in_new_library(&self) -> Self {
        Self { number: self.number, row_wanted: self.row_wanted, ..Self::default() }
    }

    /// What of a run is found.
    pub(super) fn sieve<'a>(&'a self, run: &'a Run) -> Sieve<'a> {
        let part = |images: &'a Option<Vec<ImageId>>| images.as_deref().map(|images| of_run(images, run.id));
        Sieve {
            finding: self,
            run,
            is_active: self.is_active(),
            answer: part(&self.answer),
            head: part(&self.head),
            head_end: self.head.as_ref().and_then(|head| head.last()).map(|&last| reading_order(last)),
            has_all_words: OnceCell::new(),
        }
    }
}

/// What of one run is found.
pub(super) struct Sieve<'a> {
    finding: &'a Finding,
    run: &'a Run,
    is_active: bool,
    answer: Option<&'a [ImageId]>,
    head: Option<&'a [ImageId]>,
    /// What comes later on the sheet than this is not known yet.
    head_end: Option<(Reverse<RunId>, u16)>,
    /// The run's own texts hold all the words.
    has_all_words: OnceCell<bool>,
}

impl Sieve<'_> {
    /// This place of the run is found.
    pub(super) fn takes(&self, at: u16, slot: &Slot) -> bool {
        if !self.is_active {
            return true;
        }
        let image = ImageId { run: self.run.id, slot: at };
        let is_in = |images: &[ImageId]| images.binary_search_by_key(&at, |found| found.slot).is_ok();
        let by_index = match (self.head, self.head_end) {
            (Some(head), Some(end)) if reading_order(image) <= end => Some(is_in(head)),
            _ => self.answer.map(is_in),
        };
        let is_indexed = matches!(slot, Slot::Stored(_)) && !self.finding.fresh.contains(&image);
        match (is_indexed, by_index) {
            (true, Some(found)) => found,
            // The answer comes in a moment. Until then everything stays as it is.
            (true, None) if self.finding.index == IndexState::Ready && !self.finding.is_waited_for => true,
            (true, None) => self.fits(slot),
            (false, found) => found == Some(true) || self.fits(slot),
        }
    }

    /// The same by looking at it.
    fn fits(&self, slot: &Slot) -> bool {
        let Finding { words, narrow, .. } = self.finding;
        let (prompt, model) = (self.run.request.prompt.as_str(), self.run.request.model.as_str());
        narrow.takes(self.run, slot)
            && (*self.has_all_words.get_or_init(|| words.are_in(&[prompt, model]))
                || matches!(slot, Slot::Stored(facts) if facts.revised_prompt.as_deref()
                    .is_some_and(|revised| words.are_in(&[prompt, model, revised]))))
    }
}

/// Newest run first, then by place.
const fn reading_order(image: ImageId) -> (Reverse<RunId>, u16) {
    (Reverse(image.run), image.slot)
}

/// The part of a list in reading order that is of one run.
fn of_run(images: &[ImageId], run: RunId) -> &[ImageId] {
    let from = images.partition_point(|image| image.run > run);
    let rest = images.get(from..).unwrap_or_default();
    rest.get(..rest.partition_point(|image| image.run == run)).unwrap_or_default()
}
