//! The line above a run's tiles: prompt, model and settings, time; and its notes.

use egui::{Align, Rect, Sense, Ui, pos2, vec2};
use jiff::tz::TimeZone;

use super::theme::{Metric, Palette, Type};
use super::tile::{Place, paint_words};
use crate::domain::{Difference, LocalTime, Run, Timestamp};

/// The prompt takes at most this share of the line.
const PROMPT_SHARE: f32 = 0.6;
/// Between prompt, settings and time.
const GAP: f32 = 10.0;
/// A run is "now" while it runs, and this long after, in milliseconds.
const NOW_MILLIS: u64 = 60_000;

/// Paints the header into a line of the sheet and the notes under it.
pub(super) fn run_header_ui(ui: &Ui, run: &Run, line: Rect, time: String, palette: &Palette) {
    let painter = ui.painter();
    let words = |at, width, align| Place { at, width, lines: 1, align };
    let time_rect =
        paint_words(painter, &time, Type::Small, palette.dim, words(line.right_top(), f32::INFINITY, Align::RIGHT));
    let room = time_rect.left() - line.left() - GAP;
    let prompt = run.request.prompt.as_str().split_whitespace().collect::<Vec<_>>().join(" ");
    let settings = settings_line(run);
    let wanted = {
        let galley = painter.layout_no_wrap(settings.clone(), Type::Small.font(), palette.dim);
        galley.size().x + GAP
    };
    // The prompt gives way to the settings, but not below its share.
    let prompt_width = (room - wanted).max(room * PROMPT_SHARE).max(0.0);
    let prompt_place = words(line.left_top(), prompt_width, Align::LEFT);
    let prompt_rect = paint_words(painter, &prompt, Type::BodyMedium, palette.text, prompt_place);
    let left = prompt_rect.right() + GAP;
    if time_rect.left() - GAP > left {
        let place = words(pos2(left, line.top()), time_rect.left() - GAP - left, Align::LEFT);
        paint_words(painter, &settings, Type::Small, palette.dim, place);
    }
    for (row, note) in run.notes.iter().enumerate() {
        let at = line.left_bottom() + vec2(0.0, row as f32 * Metric::LINE);
        paint_words(painter, note, Type::Small, palette.dim, words(at, line.width(), Align::LEFT));
    }
    let hover = ui.interact(prompt_rect, ui.scope_id().with((run.id, "prompt")), Sense::hover());
    if prompt_rect.width() + 1.0 >= prompt_width {
        hover.on_hover_text(run.request.prompt.as_str());
    }
}

/// `dall-e-3 · 1024×1024 · hd · vivid`
pub(super) fn settings_line(run: &Run) -> String {
    let request = &run.request;
    let mut parts = Vec::new();
    if run.demo {
        parts.push("demo".to_owned());
    }
    parts.push(request.model.to_string());
    parts.extend(request.size.map(|size| size.shown().replace(' ', "")));
    parts.extend(request.quality.clone());
    parts.extend(request.style.clone());
    parts.extend(run.differences_of_run().iter().map(Difference::short));
    parts.join(" · ")
}

/// `now`, `12:41` today, `22 Nov` this year, `22 Nov 2025`.
pub(super) fn when(run: &Run, now: Timestamp, zone: &TimeZone) -> String {
    if !run.is_done() || now.0.saturating_sub(run.made_at.0) < NOW_MILLIS {
        return "now".to_owned();
    }
    let (made, today) = (LocalTime::new(run.made_at, zone), LocalTime::new(now, zone));
    if made.same_day(&today) {
        return made.clock();
    }
    let (made, today) = (made.date(), today.date());
    match (made.rsplit_once(' '), today.rsplit_once(' ')) {
        (Some((day, year)), Some((_, this_year))) if year == this_year => day.to_owned(),
        _ => made,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::ui::stage;

    #[test]
    fn a_header_says_when_in_the_shortest_way() {
        let now = Timestamp(1_795_349_107_000);
        let check = |hours_ago: u64, waits: bool, expected: &str| {
            let mut run = stage::run(1, "a fox", "1024x1024", 2);
            run.made_at = Timestamp(now.0 - hours_ago * 3_600_000);
            if !waits {
                run.slots = vec![crate::domain::Slot::Stored(stage::facts(1024, 1024))];
            }
            assert_eq!(when(&run, now, &TimeZone::UTC), expected);
        };
        check(0, false, "now");
        check(3, true, "now");
        check(3, false, "09:05");
        check(40, false, "20 Nov");
        check(24 * 400, false, "18 Oct 2025");
    }

    #[test]
    fn settings_are_listed_as_sent() {
        let mut run = stage::run(1, "a fox", "1024x1792", 2);
        Arc::make_mut(&mut run.request).quality = Some("hd".to_owned());
        assert_eq!(settings_line(&run), "dall-e-3 · 1024×1792 · hd");
        run.demo = true;
        Arc::make_mut(&mut run.request).size = None;
        assert_eq!(settings_line(&run), "demo · dall-e-3 · hd");
    }
}
