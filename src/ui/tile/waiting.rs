//! A tile that waits for its image: a clock, how far it seems to be, and a way to stop it.

use std::time::Duration;

use egui::accesskit::Role;
use egui::{Align, Painter, Rect, Sense, Shape, Stroke, Ui, WidgetInfo, pos2, vec2};

use super::{Place, Tile, paint_words};
use crate::domain::{ImageId, Slot, Timestamp};
use crate::message::Action;
use crate::state::{Phase, Progress, Session};
use crate::ui::cx::Cx;
use crate::ui::icons::Icon;
use crate::ui::theme::{Metric, Palette, Type};

/// How long an image usually takes when nothing is known yet, in milliseconds.
const USUAL_MILLIS: u64 = 12_000;
/// Runs looked through for how long images of this model took.
const USUAL_FROM_RUNS: usize = 12;
/// Width and height of the bar.
const BAR: egui::Vec2 = vec2(96.0, 3.0);
/// Width and height of the cross.
const CROSS: f32 = 22.0;
/// An answer that is coming in is nearly there: the bar starts from here.
const RECEIVING_FROM: f32 = 0.85;

pub(super) fn waiting_ui(ui: &mut Ui, cx: &mut Cx<'_>, tile: &Tile<'_>, is_pointed_at: bool) {
    let Tile { rect, palette, image, .. } = *tile;
    dashed(ui.painter(), rect, palette);
    cx.textures.await_thumbnail(image, rect.size().max_elem() * ui.pixels_per_point());
    let progress = cx.session.jobs().progress(image);
    let words = words(progress, cx.now);
    let share = progress.map_or(0.0, |progress| share(progress, cx.now, usual_millis(cx.session, image)));

    let below = words.below.as_deref();
    let lines = if below.is_some() { 2.0 } else { 1.0 };
    let height = lines * Type::Small.line() + Metric::GAP + BAR.y;
    let width = rect.width() - 2.0 * Metric::GAP;
    let top = rect.center().y - height / 2.0;
    let place = |y| Place { at: pos2(rect.center().x, y), width, lines: 1, align: Align::Center };
    paint_words(ui.painter(), &words.clock, Type::Small, palette.dim, place(top));
    let bar_top = top + Type::Small.line() + Metric::GAP;
    let bar = Rect::from_min_size(pos2(rect.center().x, bar_top), vec2(0.0, BAR.y));
    let bar = bar.expand2(vec2(BAR.x.min(width).max(0.0) / 2.0, 0.0));
    if !matches!(progress, Some(Progress { phase: Phase::Waiting { .. } | Phase::Cancelling { .. }, .. })) {
        ui.painter().rect_filled(bar, BAR.y / 2.0, palette.blank_line);
    }
    if share > 0.0 {
        let done = Rect::from_min_size(bar.min, vec2((bar.width() * share).max(BAR.y), bar.height()));
        ui.painter().rect_filled(done, BAR.y / 2.0, palette.dim);
    }
    if let Some(below) = below {
        paint_words(ui.painter(), below, Type::Tiny, palette.dim, place(bar.bottom() + 4.0));
    }
    cancel(ui, cx, tile, is_pointed_at);
    if let Some(progress) = progress {
        // The clock's next second.
        let into = cx.now.0.saturating_sub(progress.since.0) % 1000;
        ui.ctx().request_repaint_after(Duration::from_millis(1000 - into));
    }
}

struct Words {
    clock: String,
    below: Option<String>,
}

fn words(progress: Option<Progress>, now: Timestamp) -> Words {
    let Some(progress) = progress else { return Words { clock: "waiting".to_owned(), below: None } };
    let clock = clock(now.0.saturating_sub(progress.since.0) / 1000);
    match progress.phase {
        Phase::Queued => Words { clock: "waiting".to_owned(), below: None },
        Phase::Sent => Words { clock, below: None },
        Phase::Receiving { received_bytes } => Words { clock, below: Some(received(received_bytes)) },
        Phase::Waiting { until } => {
            let left = until.0.saturating_sub(now.0).div_ceil(1000);
            Words { clock: format!("waits {}", self::clock(left)), below: Some("then asks again".to_owned()) }
        }
        Phase::Cancelling { sent } => {
            Words { clock: "stopping".to_owned(), below: sent.then(|| "may still be charged".to_owned()) }
        }
    }
}

/// `14 s`, `2:05`.
fn clock(seconds: u64) -> String {
    if seconds < 60 { format!("{seconds} s") } else { format!("{}:{:02}", seconds / 60, seconds % 60) }
}

fn received(bytes: u64) -> String {
    if bytes < 100_000 { format!("{} kB", bytes.div_ceil(1000)) } else { format!("{:.1} MB", bytes as f64 / 1e6) }
}

/// How far it seems to be. Nobody knows: half at the usual time, and never the end before it is there.
fn share(progress: Progress, now: Timestamp, usual_millis: u64) -> f32 {
    let passed = now.0.saturating_sub(progress.since.0) as f32;
    let guess = passed / (passed + usual_millis.max(1) as f32);
    match progress.phase {
        Phase::Queued | Phase::Cancelling { .. } | Phase::Waiting { .. } => 0.0,
        Phase::Sent => guess,
        Phase::Receiving { .. } => guess.max(RECEIVING_FROM),
    }
}

/// How long the last images of this model took: their median.
fn usual_millis(session: &Session, image: ImageId) -> u64 {
    let sheet = session.sheet();
    let Some(model) = sheet.run(image.run).map(|run| &run.request.model) else { return USUAL_MILLIS };
    let runs = sheet.visible().iter().take(USUAL_FROM_RUNS).filter_map(|visible| sheet.run(visible.run));
    let slots = runs.filter(|run| run.request.model == *model).flat_map(|run| &run.slots);
    let mut took: Vec<u64> = slots
        .filter_map(|slot| match slot {
            Slot::Stored(facts) => Some(facts.took_millis).filter(|&millis| millis > 0),
            _ => None,
        })
        .collect();
    took.sort_unstable();
    took.get(took.len() / 2).copied().unwrap_or(USUAL_MILLIS)
}

fn dashed(painter: &Painter, rect: Rect, palette: &Palette) {
    painter.rect_filled(rect, Metric::RADIUS_IMAGE, palette.blank);
    let edge = rect.shrink(0.5);
    let corners = [edge.left_top(), edge.right_top(), edge.right_bottom(), edge.left_bottom(), edge.left_top()];
    let stroke = Stroke::new(Metric::HAIR, palette.blank_line);
    painter.extend(Shape::dashed_line(&corners, stroke, 3.0, 3.0));
}

/// The cross, top right: seen under the pointer and under the cursor, always there for a screen reader.
fn cancel(ui: &mut Ui, cx: &mut Cx<'_>, tile: &Tile<'_>, is_pointed_at: bool) {
    let Some(phase) = cx.session.jobs().progress(tile.image).map(|job| job.phase) else { return };
    if matches!(phase, Phase::Cancelling { .. }) {
        return;
    }
    // A pause the server asked for is long and free to leave: its way out is always seen.
    let is_pointed_at = is_pointed_at || matches!(phase, Phase::Waiting { .. });
    let rect = Rect::from_min_size(tile.rect.right_top() + vec2(-CROSS - 2.0, 2.0), vec2(CROSS, CROSS));
    let response = ui.interact(rect, ui.scope_id().with((tile.image, "cancel")), Sense::CLICK);
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, "Cancel"));
    if is_pointed_at || response.hovered() {
        let palette = tile.palette;
        if response.hovered() {
            ui.painter().rect_filled(rect, Metric::RADIUS_SMALL, palette.wash);
        }
        let colour = if response.hovered() { palette.text } else { palette.dim };
        let font = Type::Icon(13.0).font();
        ui.painter().text(rect.center(), egui::Align2::CENTER_CENTER, Icon::CROSS.text(), font, colour);
    }
    let tooltip = match phase {
        Phase::Sent | Phase::Receiving { .. } => "Stop this request; it may still be charged",
        _ => "Stop this request; nothing was charged",
    };
    if response.on_hover_text(tooltip).clicked() {
        cx.act(Action::CancelImage(tile.image));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(1_000_000);

    fn progress(phase: Phase, seconds: u64) -> Progress {
        Progress { phase, since: Timestamp(NOW.0 - seconds * 1000) }
    }

    #[test]
    fn each_phase_says_what_is_going_on() {
        let check = |phase, clock: &str, below: Option<&str>| {
            let words = words(Some(progress(phase, 74)), NOW);
            assert_eq!((words.clock.as_str(), words.below.as_deref()), (clock, below), "{phase:?}");
        };
        check(Phase::Queued, "waiting", None);
        check(Phase::Sent, "1:14", None);
        check(Phase::Receiving { received_bytes: 1_240_000 }, "1:14", Some("1.2 MB"));
        check(Phase::Receiving { received_bytes: 5_200 }, "1:14", Some("6 kB"));
        check(Phase::Waiting { until: Timestamp(NOW.0 + 4_200) }, "waits 5 s", Some("then asks again"));
        check(Phase::Cancelling { sent: false }, "stopping", None);
        check(Phase::Cancelling { sent: true }, "stopping", Some("may still be charged"));
    }

    #[test]
    fn the_bar_is_half_way_at_the_usual_time_and_never_done() {
        assert!((share(progress(Phase::Sent, 10), NOW, 10_000) - 0.5).abs() < 1e-6);
        assert!(share(progress(Phase::Sent, 900), NOW, 10_000) < 1.0);
        assert!(share(progress(Phase::Receiving { received_bytes: 1 }, 1), NOW, 10_000) >= RECEIVING_FROM);
        assert!(share(progress(Phase::Queued, 30), NOW, 10_000) < 1e-6);
    }
}
