//! Moments as people read them, in a time zone that is passed in.

use jiff::tz::TimeZone;
use jiff::{Zoned, civil};

use super::run::Timestamp;

/// A moment in a person's own time zone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LocalTime(civil::DateTime);

impl LocalTime {
    /// A moment in a zone; a moment beyond the calendar is shown as its last minute.
    pub fn new(moment: Timestamp, zone: &TimeZone) -> Self {
        let millis = i64::try_from(moment.0).unwrap_or(i64::MAX);
        let instant = jiff::Timestamp::from_millisecond(millis).unwrap_or(jiff::Timestamp::MAX);
        Self(Zoned::new(instant, zone.clone()).datetime())
    }

    /// `13:05`
    pub fn clock(&self) -> String {
        format!("{:02}:{:02}", self.0.hour(), self.0.minute())
    }

    /// `2026-11-22`
    pub fn day(&self) -> String {
        format!("{:04}-{:02}-{:02}", self.0.year(), self.0.month(), self.0.day())
    }

    /// `2026-11`: the folder of a month.
    pub fn month(&self) -> String {
        format!("{:04}-{:02}", self.0.year(), self.0.month())
    }

    /// `22 1305`: how a run's folder begins.
    pub fn day_and_minute(&self) -> String {
        format!("{:02} {:02}{:02}", self.0.day(), self.0.hour(), self.0.minute())
    }

    /// `22 Nov 2026`
    pub fn date(&self) -> String {
        let month = month_name(self.0.month());
        format!("{} {} {}", self.0.day(), month.get(..3).unwrap_or(month), self.0.year())
    }

    /// `22 Nov 2026, 13:05`
    pub fn date_and_clock(&self) -> String {
        format!("{}, {}", self.date(), self.clock())
    }

    /// Both fall on one day.
    pub fn same_day(&self, other: &Self) -> bool {
        self.0.date() == other.0.date()
    }
}

/// `November` is the eleventh.
pub(super) fn month_name(month: i8) -> &'static str {
    const MONTHS: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    MONTHS.get(usize::from(month.unsigned_abs()).saturating_sub(1)).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_written_in_its_zone() {
        let zone = TimeZone::fixed(jiff::tz::offset(1));
        let time = LocalTime::new(Timestamp(1_795_349_107_000), &zone);
        assert_eq!(time.date_and_clock(), "22 Nov 2026, 13:05");
        assert_eq!((time.month(), time.day_and_minute()), ("2026-11".to_owned(), "22 1305".to_owned()));
        assert_eq!(time.day(), "2026-11-22");
    }

    #[test]
    fn absurd_moments_do_not_panic() {
        LocalTime::new(Timestamp(u64::MAX), &TimeZone::UTC);
        LocalTime::new(Timestamp(0), &TimeZone::UTC);
    }
}
