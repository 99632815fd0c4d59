//! Several images selected: how many, how judged, how large; and what can be done with all of them.

use egui::{Rect, Sense, Ui, pos2, vec2};

use super::BLOCK_GAP;
use super::facts::bytes;
use crate::domain::{ImageFacts, ImageId, Mark};
use crate::message::Verb;
use crate::state::Viewer;
use crate::ui::cx::Cx;
use crate::ui::shortcuts::keys;
use crate::ui::theme::{Metric, Type, palette};
use crate::ui::tile::{Look, paint_thumbnail};
use crate::ui::widgets::{Button, Tone, label};

/// Images shown in small.
const SHOWN: usize = 9;
/// Images beside each other.
const COLUMNS: usize = 3;

pub(super) fn several_ui(ui: &mut Ui, cx: &mut Cx<'_>, images: &[ImageId]) {
    let session = cx.session;
    let stored: Vec<(ImageId, &ImageFacts)> =
        images.iter().filter_map(|&image| Some((image, session.sheet().facts(image)?))).collect();
    mosaic_ui(ui, cx, &stored);
    ui.add_space(BLOCK_GAP);
    label(ui, format!("{} images selected", images.len()), Type::BodyMedium, Tone::Text);
    ui.add_space(Metric::LABEL_GAP);
    label(ui, summary(&stored, images.len()), Type::Small, Tone::Dim);
    ui.add_space(BLOCK_GAP);
    for &(verb, words) in verbs(images.iter().all(|&image| session.sheet().is_binned(image))) {
        let fits = verb != Verb::Survey || (2..=Viewer::SURVEY_MAX).contains(&stored.len());
        let any = !stored.is_empty() || matches!(verb, Verb::Delete | Verb::Restore);
        let button = Button::plain(words).width(ui.available_width()).enabled(fits && any);
        let button = match keys(ui, verb) {
            Some(keys) => button.keys(keys),
            None => button,
        };
        let tooltip = if fits { verb.tooltip() } else { "Select 2 to 10 images to compare them" };
        if button.tooltip(tooltip).show(ui).clicked() {
            cx.ask(verb);
        }
        ui.add_space(Metric::GAP);
    }
}

/// What can be done with all of them, with its words.
const fn verbs(in_bin: bool) -> &'static [(Verb, &'static str)] {
    if in_bin {
        return &[(Verb::Restore, "Restore all"), (Verb::Survey, "Compare")];
    }
    &[
        (Verb::Mark(Mark::Pick), "Pick all"),
        (Verb::Mark(Mark::Reject), "Reject all"),
        (Verb::Mark(Mark::None), "Unmark all"),
        (Verb::Survey, "Compare"),
        (Verb::Delete, "Delete all"),
    ]
}

/// The first images in small.
fn mosaic_ui(ui: &mut Ui, cx: &mut Cx<'_>, stored: &[(ImageId, &ImageFacts)]) {
    let gap = Metric::GAP / 2.0;
    let side = (ui.available_width() - gap * (COLUMNS - 1) as f32) / COLUMNS as f32;
    let rows = stored.len().min(SHOWN).div_ceil(COLUMNS);
    let (rect, _) = ui.allocate_exact_size(
        vec2(ui.available_width(), rows as f32 * (side + gap) - if rows > 0 { gap } else { 0.0 }),
        Sense::hover(),
    );
    for (place, (image, facts)) in stored.iter().take(SHOWN).enumerate() {
        let (row, column) = (place / COLUMNS, place % COLUMNS);
        let at = pos2(rect.left() + column as f32 * (side + gap), rect.top() + row as f32 * (side + gap));
        let room = Rect::from_min_size(at, vec2(side, side));
        paint_thumbnail(ui, cx, *image, Look::judged(facts), (room, palette(ui)));
    }
}

/// `2 picked, 1 rejected · 5.7 MB`
fn summary(stored: &[(ImageId, &ImageFacts)], selected: usize) -> String {
    let count = |mark: Mark| stored.iter().filter(|(_, facts)| facts.mark == mark).count();
    let mut words = Vec::new();
    for mark in [Mark::Pick, Mark::Reject] {
        if count(mark) > 0 {
            words.push(format!("{} {}", count(mark), mark.word()));
        }
    }
    if count(Mark::None) > 0 {
        words.push(format!("{} unmarked", count(Mark::None)));
    }
    if stored.len() < selected {
        words.push(format!("{} without an image", selected - stored.len()));
    }
    let size = stored.iter().map(|(_, facts)| facts.size_bytes).sum::<u64>();
    if size > 0 { format!("{} · {}", words.join(", "), bytes(size)) } else { words.join(", ") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::RunId;
    use crate::ui::stage::facts;

    #[test]
    fn a_selection_is_summed_up() {
        let image = |slot| ImageId { run: RunId::from_number(1), slot };
        let picked = ImageFacts { mark: Mark::Pick, ..facts(64, 64) };
        let rejected = ImageFacts { mark: Mark::Reject, ..facts(64, 64) };
        let stored = [(image(0), &picked), (image(1), &picked), (image(2), &rejected)];
        assert_eq!(summary(&stored, 4), "2 picked, 1 rejected, 1 without an image · 5.7 MB");
        assert_eq!(summary(&[], 2), "2 without an image");
    }
}
