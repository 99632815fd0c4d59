//! What every benchmark prints: goal beside result, as ratios of medians taken in one run.

use std::fmt::Write as _;

/// One table. It is printed when it is finished, goals that were missed marked.
pub(crate) struct Table {
    text: String,
}

/// What a result is held to.
#[derive(Clone, Copy)]
pub(crate) enum Goal {
    /// A ratio that is not to be passed.
    AtMost(f64),
    /// For comparison only.
    None,
}

impl Table {
    /// A table with this heading; the conditions stand below it.
    pub(crate) fn new(heading: &str, conditions: &str) -> Self {
        let text =
            format!("\n## {heading}\n\n{conditions}\n\n| what | goal | result | | measured |\n|---|---|---|---|---|\n");
        Self { text }
    }

    /// A line: the ratio against its goal, and the measured values it comes from.
    pub(crate) fn line(&mut self, what: &str, goal: Goal, ratio: f64, measured: &str) {
        let (wanted, verdict) = match goal {
            Goal::AtMost(most) => (format!("<= {most}"), if ratio <= most { "reached" } else { "MISSED" }),
            Goal::None => (String::new(), ""),
        };
        let _infallible = writeln!(self.text, "| {what} | {wanted} | {ratio:.2} | {verdict} | {measured} |");
    }

    /// Prints it, with what is to be known about the numbers.
    pub(crate) fn print(self, notes: &[&str]) {
        println!("{}", self.text);
        for note in notes {
            println!("- {note}");
        }
    }
}

/// The middle one.
pub(crate) fn median(values: &[f64]) -> f64 {
    quantile(values, 0.5)
}

/// The value below which this share of all values lies.
pub(crate) fn quantile(values: &[f64], share: f64) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let place = ((sorted.len() as f64 * share) as usize).min(sorted.len().saturating_sub(1));
    sorted.get(place).copied().unwrap_or(f64::NAN)
}
