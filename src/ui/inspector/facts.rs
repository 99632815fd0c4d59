//! The table of facts: what was asked for and what came back.

use egui::Ui;
use jiff::tz::TimeZone;

use super::{painted, spoken};
use crate::domain::{Difference, ImageFacts, LocalTime, Run, Slot};
use crate::ui::cx::Cx;
use crate::ui::theme::Type;
use crate::ui::widgets::{Tone, wrapped};

/// Width of the column of names, in points.
const NAMES: f32 = 72.0;
/// Between two facts.
const ROW_GAP: f32 = 4.0;

/// A name and what it is.
pub(in crate::ui) type Fact = (&'static str, String);

pub(super) fn facts_ui(ui: &mut Ui, cx: &Cx<'_>, run: &Run, slot: &Slot) {
    for (name, value) in facts_of(run, Some(slot), cx.zone) {
        ui.horizontal_top(|ui| {
            ui.spacing_mut().item_spacing.x = 0.0;
            painted(ui, name, NAMES);
            let response = ui.vertical(|ui| wrapped(ui, value.as_str(), Type::Small, Tone::Text)).inner;
            spoken(ui, &response, name, &value);
        });
        ui.add_space(ROW_GAP);
    }
}

/// Every fact about a place of a run, what was asked for beside what came where they differ.
pub(in crate::ui) fn facts_of(run: &Run, slot: Option<&Slot>, zone: &TimeZone) -> Vec<Fact> {
    let stored = if let Some(Slot::Stored(facts)) = slot { Some(facts) } else { None };
    let made = LocalTime::new(stored.map_or(run.made_at, |facts| facts.made_at), zone);
    facts(run, stored, &made)
}

fn facts(run: &Run, stored: Option<&ImageFacts>, made: &LocalTime) -> Vec<Fact> {
    let request = &run.request;
    let asked_model = request.model.as_str();
    let model = match run.model_answered.as_deref() {
        Some(answered) if answered != asked_model => format!("{answered} (asked {asked_model})"),
        _ => asked_model.to_owned(),
    };
    let mut facts = vec![("Model", model), ("Size", size(run, stored))];
    let images = run.differences_of_run().into_iter().find_map(|difference| match difference {
        Difference::Images { asked, got } => Some(("Images", format!("{got} (asked {asked})"))),
        _ => None,
    });
    facts.extend(images);
    facts.extend(request.quality.clone().map(|quality| ("Quality", quality)));
    facts.extend(request.style.clone().map(|style| ("Style", style)));
    facts.push(("Made", made.date_and_clock()));
    if let Some(stored) = stored {
        facts.push(("File", format!("{}, {}", stored.format, bytes(stored.size_bytes))));
        if stored.took_millis > 0 {
            facts.push(("Took", took(stored.took_millis)));
        }
    }
    let endpoint = if run.demo { "Demo, not a model".to_owned() } else { run.endpoint.to_string() };
    facts.push(("Endpoint", endpoint));
    facts
}

/// The real size; and the one asked for, when it is another.
fn size(run: &Run, stored: Option<&ImageFacts>) -> String {
    let asked = run.request.size;
    let got = stored.filter(|facts| facts.width > 0).map(|facts| (facts.width, facts.height));
    match (got, asked) {
        (Some((width, height)), Some(asked)) if asked.exact().is_some_and(|asked| asked != (width, height)) => {
            format!("{width} × {height} (asked {})", asked.shown())
        }
        (Some((width, height)), _) => format!("{width} × {height}"),
        (None, Some(asked)) => asked.shown(),
        (None, None) => "The server chooses".to_owned(),
    }
}

/// `1.9 MB`, `312 kB`.
pub(super) fn bytes(bytes: u64) -> String {
    if bytes < 1_000_000 { format!("{} kB", bytes.div_ceil(1000)) } else { format!("{:.1} MB", bytes as f64 / 1e6) }
}

/// `11.4 s`, `2 min 5 s`.
fn took(millis: u64) -> String {
    let seconds = millis / 1000;
    if seconds < 60 {
        format!("{:.1} s", millis as f64 / 1000.0)
    } else {
        format!("{} min {} s", seconds / 60, seconds % 60)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::stage::{NOW, facts as image, run};

    fn table(run: &Run, stored: Option<&ImageFacts>) -> String {
        let made = LocalTime::new(NOW, &TimeZone::UTC);
        let facts = facts(run, stored, &made);
        facts.iter().fold(String::new(), |table, (name, value)| table + name + ": " + value + "\n")
    }

    #[test]
    fn what_was_asked_and_what_came_stand_side_by_side_when_they_differ() {
        let mut run = run(1, "a fox", "1024x1024", 1);
        let same = table(&run, Some(&image(1024, 1024)));
        assert!(same.contains("Size: 1024 × 1024\n") && same.contains("Model: dall-e-3\n"), "{same}");
        run.model_answered = Some("flux".into());
        let other = table(&run, Some(&image(512, 768)));
        assert!(other.contains("Size: 512 × 768 (asked 1024 × 1024)\n"), "{other}");
        assert!(other.contains("Model: flux (asked dall-e-3)\n"), "{other}");
        assert!(table(&run, None).contains("Size: 1024 × 1024\n"));
    }

    #[test]
    fn numbers_read_well() {
        assert_eq!((bytes(312_400).as_str(), bytes(1_900_000).as_str()), ("313 kB", "1.9 MB"));
        assert_eq!((took(11_400).as_str(), took(125_000).as_str()), ("11.4 s", "2 min 5 s"));
    }
}
