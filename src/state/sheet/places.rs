//! Places of one run, a bit each: what is shown or selected of a hundred thousand images is a few bytes a run.

/// Bits of one word.
const WORD: u16 = 64;

/// Some places of a run, ascending.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Places {
    /// The first 64 places: more than all but the strangest runs have.
    first: u64,
    /// Those beyond, without empty words at the end.
    beyond: Option<Box<Words>>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Words(Vec<u64>);

impl Places {
    /// Those among the first 64 whose bits are set.
    pub(super) const fn from_bits(first: u64) -> Self {
        Self { first, beyond: None }
    }

    /// The first 64 as bits.
    pub(super) const fn first_bits(&self) -> u64 {
        self.first
    }

    fn words(&self) -> impl DoubleEndedIterator<Item = u64> + '_ {
        let beyond = self.beyond.iter().flat_map(|words| words.0.iter().copied());
        std::iter::once(self.first).chain(beyond)
    }

    fn word(&self, at: u16) -> u64 {
        match at.checked_sub(1) {
            None => self.first,
            Some(at) => self.beyond.as_ref().and_then(|words| words.0.get(usize::from(at))).copied().unwrap_or(0),
        }
    }

    /// This place is among them.
    pub fn contains(&self, place: u16) -> bool {
        self.word(place / WORD) >> (place % WORD) & 1 == 1
    }

    /// There are none.
    pub const fn is_empty(&self) -> bool {
        self.first == 0 && self.beyond.is_none()
    }

    /// How many they are.
    pub fn len(&self) -> usize {
        self.words().map(|word| word.count_ones() as usize).sum()
    }

    /// How many of them come before this place.
    pub fn before(&self, place: u16) -> usize {
        let below = |word: u64| (word & ((1 << (place % WORD)) - 1)).count_ones() as usize;
        let whole = self.words().take(usize::from(place / WORD));
        whole.map(|word| word.count_ones() as usize).sum::<usize>() + below(self.word(place / WORD))
    }

    /// All of them, ascending.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = u16> + '_ {
        let count = 1 + self.beyond.as_ref().map_or(0, |words| words.0.len()) as u16;
        (0..count).flat_map(|at| Bits(self.word(at)).map(move |bit| at * WORD + bit))
    }

    /// Adds a place; `false` when it was there.
    pub(super) fn insert(&mut self, place: u16) -> bool {
        let is_new = !self.contains(place);
        *self.word_mut(place / WORD) |= 1 << (place % WORD);
        is_new
    }

    /// Takes a place out; `false` when it was not there.
    pub(super) fn remove(&mut self, place: u16) -> bool {
        let was_there = self.contains(place);
        if was_there {
            *self.word_mut(place / WORD) &= !(1 << (place % WORD));
            self.trim();
        }
        was_there
    }

    /// Keeps what is among the others too.
    pub(super) fn keep(&mut self, others: &Self) {
        self.first &= others.first;
        if let Some(words) = &mut self.beyond {
            for (at, word) in (1..).zip(&mut words.0) {
                *word &= others.word(at);
            }
            self.trim();
        }
    }

    fn word_mut(&mut self, at: u16) -> &mut u64 {
        let Some(at) = at.checked_sub(1) else { return &mut self.first };
        let words = &mut self.beyond.get_or_insert_default().0;
        if words.len() <= usize::from(at) {
            words.resize(usize::from(at) + 1, 0);
        }
        words.get_mut(usize::from(at)).unwrap_or(&mut self.first)
    }

    fn trim(&mut self) {
        if let Some(words) = &mut self.beyond {
            while words.0.pop_if(|word| *word == 0).is_some() {}
            if words.0.is_empty() {
                self.beyond = None;
            }
        }
    }
}

impl FromIterator<u16> for Places {
    fn from_iter<T: IntoIterator<Item = u16>>(places: T) -> Self {
        let mut all = Self::default();
        for place in places {
            all.insert(place);
        }
        all
    }
}

/// The set bits of a word, lowest first.
struct Bits(u64);

impl Iterator for Bits {
    type Item = u16;

    fn next(&mut self) -> Option<u16> {
        let bit = (self.0 != 0).then(|| self.0.trailing_zeros() as u16)?;
        self.0 &= self.0 - 1;
        Some(bit)
    }
}

impl DoubleEndedIterator for Bits {
    fn next_back(&mut self) -> Option<u16> {
        let bit = (self.0 != 0).then(|| WORD - 1 - self.0.leading_zeros() as u16)?;
        self.0 &= !(1 << bit);
        Some(bit)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn places_are_a_set(
            steps in prop::collection::vec((any::<bool>(), prop_oneof![0_u16..12, 50_u16..300]), 0..60),
            others in prop::collection::btree_set(prop_oneof![0_u16..12, 50_u16..300], 0..40), at in 0_u16..310,
        ) {
            let (mut places, mut set) = (Places::default(), BTreeSet::new());
            for (adds, place) in steps {
                if adds {
                    prop_assert_eq!(places.insert(place), set.insert(place));
                } else {
                    prop_assert_eq!(places.remove(place), set.remove(&place));
                }
                prop_assert_eq!(&places, &set.iter().copied().collect::<Places>());
            }
            prop_assert_eq!((places.len(), places.is_empty()), (set.len(), set.is_empty()));
            prop_assert_eq!((places.contains(at), places.before(at)), (set.contains(&at), set.range(..at).count()));
            prop_assert_eq!(places.iter().collect::<Vec<_>>(), set.iter().copied().collect::<Vec<_>>());
            prop_assert_eq!(places.iter().rev().collect::<Vec<_>>(), set.iter().rev().copied().collect::<Vec<_>>());
            places.keep(&others.iter().copied().collect());
            prop_assert_eq!(places, set.intersection(&others).copied().collect::<Places>());
        }
    }
}
