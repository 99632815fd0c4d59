//! Times to look back to, as people say them, in a time zone that is passed in.

use std::fmt;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{ToSpan as _, Zoned};

use super::super::super::local_time::month_name;
use super::super::Timestamp;
use super::Span;

/// Months told apart; what is older is one choice.
const MONTHS_APART: i16 = 12;

/// A time to look back to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// Since midnight.
    Today,
    /// Today and so many days before.
    Days(i8),
    /// A month of the calendar.
    Month {
        /// Its year.
        year: i16,
        /// From 1.
        month: i8,
    },
    /// Before this month of the calendar.
    Before {
        /// Its year.
        year: i16,
        /// From 1.
        month: i8,
    },
}

impl When {
    /// What can be chosen now, the nearest first.
    pub fn choices(now: Timestamp, zone: &TimeZone) -> Vec<Self> {
        let today = date(now, zone);
        let mut choices = vec![Self::Today, Self::Days(7), Self::Days(30)];
        let months = (0..MONTHS_APART).map(|back| months_before(today, back));
        choices.extend(months.map(|first| Self::Month { year: first.year(), month: first.month() }));
        let first = months_before(today, MONTHS_APART - 1);
        choices.push(Self::Before { year: first.year(), month: first.month() });
        choices
    }

    /// From when to when it is.
    pub fn span(self, now: Timestamp, zone: &TimeZone) -> Span {
        let today = date(now, zone);
        let (from, to) = match self {
            Self::Today => (Some(today), None),
            Self::Days(days) => (Some(today.saturating_sub((i32::from(days) - 1).days())), None),
            Self::Month { year, month } => {
                let first = Date::new(year, month, 1).unwrap_or(Date::MIN);
                (Some(first), Some(first.saturating_add(1.month())))
            }
            Self::Before { year, month } => (None, Some(Date::new(year, month, 1).unwrap_or(Date::MIN))),
        };
        let from = from.map_or(Timestamp(0), |from| midnight(from, zone));
        // The computer's clock may have been wrong: what was made "tomorrow" was made just now.
        let to = to.map_or(Timestamp(u64::MAX), |to| midnight(to, zone));
        Span { from, to }
    }
}

/// `Last 7 days`, `November 2026`.
impl fmt::Display for When {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Today => f.write_str("Today"),
            Self::Days(days) => write!(f, "Last {days} days"),
            Self::Month { year, month } => write!(f, "{} {year}", month_name(*month)),
            Self::Before { year, month } => write!(f, "Before {} {year}", month_name(*month)),
        }
    }
}

fn date(moment: Timestamp, zone: &TimeZone) -> Date {
    let millis = i64::try_from(moment.0).unwrap_or(i64::MAX);
    let instant = jiff::Timestamp::from_millisecond(millis).unwrap_or(jiff::Timestamp::MAX);
    Zoned::new(instant, zone.clone()).date()
}

/// The first day of the month so many months ago.
fn months_before(today: Date, back: i16) -> Date {
    today.first_of_month().saturating_sub(i32::from(back).months())
}

/// The first moment of a day; before 1970 there is none.
fn midnight(day: Date, zone: &TimeZone) -> Timestamp {
    let millis = day.to_zoned(zone.clone()).map_or(0, |start| start.timestamp().as_millisecond());
    Timestamp(u64::try_from(millis).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 22 Nov 2026, 13:05 in this zone.
    const NOW: Timestamp = Timestamp(1_795_349_107_000);
    const DAY: u64 = 86_400_000;

    fn zone() -> TimeZone {
        TimeZone::fixed(jiff::tz::offset(1))
    }

    #[test]
    fn a_day_begins_at_midnight_of_the_zone() {
        let midnight = NOW.0 - (13 * 60 + 5) * 60_000 - 7_000;
        let today = When::Today.span(NOW, &zone());
        assert_eq!(today.from, Timestamp(midnight));
        assert!(today.holds(NOW) && !today.holds(Timestamp(midnight - 1)));
        let week = When::Days(7).span(NOW, &zone());
        assert_eq!(week.from, Timestamp(midnight - 6 * DAY), "today is one of the seven");
    }

    #[test]
    fn months_meet_and_nothing_is_left_out() {
        let choices = When::choices(NOW, &zone());
        let names: Vec<String> = choices.iter().map(ToString::to_string).collect();
        assert_eq!(names[..5], ["Today", "Last 7 days", "Last 30 days", "November 2026", "October 2026"]);
        assert_eq!(names[14..], ["December 2025", "Before December 2025"]);
        let spans: Vec<Span> = choices[3..].iter().map(|when| when.span(NOW, &zone())).collect();
        for pair in spans.windows(2) {
            assert_eq!(pair[0].from, pair[1].to);
        }
        assert_eq!(spans.last().unwrap().from, Timestamp(0));
        assert!(spans[0].holds(NOW));
    }

    #[test]
    fn absurd_moments_do_not_panic() {
        for now in [Timestamp(0), Timestamp(u64::MAX)] {
            for when in When::choices(now, &TimeZone::UTC) {
                when.span(now, &TimeZone::UTC);
            }
        }
        When::Month { year: 0, month: 99 }.span(NOW, &zone());
    }
}
