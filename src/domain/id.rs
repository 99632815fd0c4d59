//! Names that never change: a run's and an image's.

use std::fmt;
use std::str::FromStr;

/// A run's identity for ever: also written into its `run.json`.
///
/// 42 bits of milliseconds since 1970, then 22 bits that tell apart runs made in one millisecond
/// or by two programs at once. Sorting by id is sorting by time of making.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RunId(u64);

/// Bits below the millisecond in a [`RunId`].
const LOW_BITS: u32 = 22;

impl RunId {
    /// The run with this number; numbers come from [`RunIds`] or from disk.
    pub const fn from_number(number: u64) -> Self {
        Self(number)
    }

    /// The bare number.
    pub const fn number(self) -> u64 {
        self.0
    }
}

impl fmt::Display for RunId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

impl FromStr for RunId {
    type Err = std::num::ParseIntError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        u64::from_str_radix(text, 16).map(Self)
    }
}

/// One image's place for ever: its run and its place in the run, counted from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ImageId {
    /// The run it belongs to.
    pub run: RunId,
    /// Its place in the run, from 0. People see `slot + 1`.
    pub slot: u16,
}

/// Hands out run ids that never repeat and never go back, whatever the clock does.
#[derive(Clone, Debug)]
pub struct RunIds {
    salt: u64,
    last: u64,
}

impl RunIds {
    /// A source of ids; `salt` (a process id, say) keeps two programs apart.
    pub const fn new(salt: u32) -> Self {
        Self { salt: (salt as u64) & 0x3ff, last: 0 }
    }

    /// The next id for a run made at `now_millis` since 1970.
    pub fn next(&mut self, now_millis: u64) -> RunId {
        let fresh = (now_millis << LOW_BITS) | (self.salt << 12);
        self.last = if fresh > self.last { fresh } else { self.last + 1 };
        RunId(self.last)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_grow_even_when_the_clock_stands_still_or_goes_back() {
        let mut ids = RunIds::new(7);
        let a = ids.next(1_000);
        let b = ids.next(1_000);
        let c = ids.next(10);
        assert!(a < b && b < c);
    }

    #[test]
    fn an_id_survives_its_text() {
        let id = RunIds::new(3).next(1_795_367_067_123);
        assert_eq!(id.to_string().parse::<RunId>(), Ok(id));
    }

    #[test]
    fn two_programs_in_one_millisecond_differ() {
        assert_ne!(RunIds::new(1).next(5), RunIds::new(2).next(5));
    }
}
