//! How long a picture seems to take, so that the window's clocks and placeholders can be seen at work.

use std::time::Duration;

/// The time from one picture of an answer to the next. Painting itself is inside it, not on top of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    /// The least time a picture takes.
    pub shortest: Duration,
    /// The most it takes, unless painting takes longer.
    pub longest: Duration,
}

impl Default for Pace {
    /// From 1.2 to 2.5 seconds: long enough to watch, short enough to play with.
    fn default() -> Self {
        Self { shortest: Duration::from_millis(1200), longest: Duration::from_millis(2500) }
    }
}

impl Pace {
    /// As fast as painting goes: for tests and benchmarks.
    pub const fn instant() -> Self {
        Self { shortest: Duration::ZERO, longest: Duration::ZERO }
    }

    /// The time picture `index` takes; neighbours differ.
    pub(super) fn of(self, index: u32) -> Duration {
        // Steps of the golden ratio spread evenly over the range in any order.
        let part = (f64::from(index) * 0.618_033_988_75 + 0.35).fract();
        self.shortest + self.longest.saturating_sub(self.shortest).mul_f64(part)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_take_different_times_within_the_range() {
        let pace = Pace::default();
        let times: Vec<Duration> = (0..10).map(|index| pace.of(index)).collect();
        assert!(times.iter().all(|time| (pace.shortest..=pace.longest).contains(time)), "{times:?}");
        assert!(times.windows(2).all(|pair| pair[0] != pair[1]), "{times:?}");
        assert_eq!(Pace::instant().of(3), Duration::ZERO);
    }
}
