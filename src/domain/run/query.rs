//! What is looked for on the sheet, and what was found.

mod letters;
mod when;
mod words;

use std::collections::BTreeMap;

pub use when::When;
pub use words::{Words, is_unspaced};

use super::super::id::ImageId;
use super::super::mark::Mark;
use super::super::params::Size;
use super::{Run, Slot, Timestamp};

/// Which images the sheet shows, by what was decided about them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Filter {
    /// Every image.
    #[default]
    All,
    /// Those not judged yet.
    Unmarked,
    /// Only picks.
    Picks,
    /// Only rejected ones.
    Rejected,
    /// What is in the library's bin.
    Bin,
}

impl Filter {
    /// A stored image with this mark is shown.
    pub fn takes(self, mark: Mark, binned: bool) -> bool {
        match self {
            Self::Bin => binned,
            _ if binned => false,
            Self::All => true,
            Self::Unmarked => mark == Mark::None,
            Self::Picks => mark == Mark::Pick,
            Self::Rejected => mark == Mark::Reject,
        }
    }
}

/// A stretch of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// Its first moment.
    pub from: Timestamp,
    /// The first moment after it.
    pub to: Timestamp,
}

impl Span {
    /// The moment is in it.
    pub fn holds(self, moment: Timestamp) -> bool {
        (self.from..self.to).contains(&moment)
    }
}

/// What narrows the sheet down, beside words and marks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Narrow {
    /// The id of the model asked for.
    pub model: Option<String>,
    /// The endpoint's name.
    pub endpoint: Option<String>,
    /// Pixels across and down: the image's own, or those asked for while there is none.
    pub size: Option<(u32, u32)>,
    /// When it was made.
    pub made: Option<Span>,
}

impl Narrow {
    /// Everything goes through.
    pub fn is_open(&self) -> bool {
        *self == Self::default()
    }

    /// A place of a run goes through.
    pub fn takes(&self, run: &Run, slot: &Slot) -> bool {
        let (size, made_at) = match slot {
            Slot::Stored(facts) => (Some((facts.width, facts.height)), facts.made_at),
            _ => (run.request.size.and_then(Size::exact), run.made_at),
        };
        self.model.as_ref().is_none_or(|model| model == run.request.model.as_str())
            && self.endpoint.as_ref().is_none_or(|endpoint| endpoint == run.endpoint.as_str())
            && self.size.is_none_or(|wanted| Some(wanted) == size)
            && self.made.is_none_or(|span| span.holds(made_at))
    }
}

/// A whole question to the index.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    /// As typed; [`Words`] says how it is read.
    pub words: String,
    /// What else must be so.
    pub narrow: Narrow,
    /// What the tallies count; it takes nothing out of what is found.
    pub filter: Filter,
    /// The stretches of time that are counted.
    pub spans: Vec<Span>,
}

impl Query {
    /// It finds everything: only the tallies are asked for.
    pub fn is_open(&self) -> bool {
        self.narrow.is_open() && Words::new(&self.words).is_empty()
    }
}

/// How many images there would be with one filter set otherwise: all others hold. The most frequent first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tallies {
    /// By model.
    pub models: Vec<(String, usize)>,
    /// By endpoint.
    pub endpoints: Vec<(String, usize)>,
    /// By size in pixels; an image whose size is not known is in none.
    pub sizes: Vec<((u32, u32), usize)>,
    /// For each stretch of time that was asked for.
    pub spans: Vec<usize>,
}

/// Choices of one filter that are told; nobody reads a list longer than that.
const CHOICES_MAX: usize = 200;

/// The most frequent first, and no more than can be read.
pub fn ranked<T: Ord + Clone>(counts: &BTreeMap<T, usize>) -> Vec<(T, usize)> {
    let mut ranked: Vec<(T, usize)> = counts.iter().map(|(value, count)| (value.clone(), *count)).collect();
    ranked.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    ranked.truncate(CHOICES_MAX);
    ranked
}

/// An answer of the index.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// In the order of the sheet: newest run first, then by place. Empty for a question that finds everything.
    pub images: Vec<ImageId>,
    /// `None`: these are only the first; the whole answer follows.
    pub tallies: Option<Tallies>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_takes_what_it_says() {
        let marks = [Mark::None, Mark::Pick, Mark::Reject];
        let taken = |filter: Filter| marks.map(|mark| filter.takes(mark, false));
        assert_eq!(taken(Filter::All), [true, true, true]);
        assert_eq!(taken(Filter::Unmarked), [true, false, false]);
        assert_eq!(taken(Filter::Picks), [false, true, false]);
        assert_eq!(taken(Filter::Rejected), [false, false, true]);
        assert_eq!(taken(Filter::Bin), [false; 3]);
        for filter in [Filter::All, Filter::Unmarked, Filter::Picks, Filter::Rejected] {
            assert!(!filter.takes(Mark::Pick, true) && !filter.takes(Mark::None, true));
        }
        assert!(Filter::Bin.takes(Mark::Reject, true));
    }

    #[test]
    fn the_frequent_come_first_and_there_is_an_end() {
        let counts = BTreeMap::from([("a", 1), ("b", 3), ("c", 1)]);
        assert_eq!(ranked(&counts), [("b", 3), ("a", 1), ("c", 1)]);
        let many: BTreeMap<usize, usize> = (0..1_000).map(|size| (size, size)).collect();
        assert_eq!(ranked(&many).len(), CHOICES_MAX);
        assert_eq!(ranked(&many).first(), Some(&(999, 999)));
    }

    #[test]
    fn a_span_ends_before_its_end() {
        let span = Span { from: Timestamp(10), to: Timestamp(20) };
        let held = [9, 10, 19, 20].map(|at| span.holds(Timestamp(at)));
        assert_eq!(held, [false, true, true, false]);
    }
}
