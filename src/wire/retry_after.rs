//! How long the server asks to wait: seconds, milliseconds or a date, never longer than the limit.

use std::time::Duration;

use jiff::Timestamp;
use jiff::fmt::rfc2822;

use super::limits::RETRY_AFTER;

/// Reads `Retry-After` (seconds or a date, counted from `now`) and the `retry-after-ms` some servers send instead.
///
/// A negative, past or senseless value is none; a huge one becomes the limit of one hour.
pub(super) fn retry_after(header: Option<&str>, millis: Option<&str>, now: Timestamp) -> Option<Duration> {
    let seconds = match (millis.and_then(number), header) {
        (Some(millis), _) => millis / 1000.0,
        (None, Some(text)) => number(text).or_else(|| until(text, now))?,
        (None, None) => return None,
    };
    (seconds > 0.0).then(|| Duration::from_secs_f64(seconds.min(RETRY_AFTER.as_secs_f64())))
}

fn number(text: &str) -> Option<f64> {
    let text = text.trim().trim_end_matches('s');
    text.parse::<f64>().ok().filter(|number| !number.is_nan())
}

fn until(text: &str, now: Timestamp) -> Option<f64> {
    let date = rfc2822::DateTimeParser::new().parse_timestamp(text.trim()).ok()?;
    Some((date.as_second() - now.as_second()) as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(header: &str, millis: &str, want: Option<u64>) {
        let now: Timestamp = "2026-11-22T12:00:00Z".parse().unwrap();
        let some = |text: &'static str| (!text.is_empty()).then_some(text);
        let (header, millis) = (header.to_owned().leak(), millis.to_owned().leak());
        assert_eq!(retry_after(some(header), some(millis), now).map(|wait| wait.as_millis() as u64), want, "{header}");
    }

    #[test]
    fn every_form_is_read_and_bounded() {
        check("20", "", Some(20_000));
        check(" 1.5 ", "", Some(1500));
        check("20s", "", Some(20_000));
        check("", "250", Some(250));
        check("9", "250", Some(250));
        check("1000000000", "", Some(3_600_000));
        check("1e400", "", Some(3_600_000));
        check("-5", "", None);
        check("0", "", None);
        check("NaN", "", None);
        check("soon", "", None);
        check("", "", None);
        check("Sun, 22 Nov 2026 12:00:30 GMT", "", Some(30_000));
        check("Sun, 22 Nov 2026 11:00:00 GMT", "", None);
        check("Sun, 22 Nov 2099 12:00:00 GMT", "", Some(3_600_000));
    }
}
