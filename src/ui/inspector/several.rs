//! Several images selected: how many, how judged, how large; and what can be done with all of them.

use std::rc::Rc;

use egui::{Rect, Sense, Ui, pos2, vec2};

use super::BLOCK_GAP;
use super::facts::bytes;
use crate::domain::{ImageId, Mark};
use crate::message::Verb;
use crate::state::{Compared, Comparison, SelectionSum, Sheet};
use crate::ui::cx::Cx;
use crate::ui::shortcuts::keys;
use crate::ui::theme::{Metric, Type, palette};
use crate::ui::tile::{Look, paint_thumbnail};
use crate::ui::widgets::{Button, Tone, label};

/// Images shown in small.
const SHOWN: usize = 9;
/// Images beside each other.
const COLUMNS: usize = 3;

/// A selection summed up.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::ui) struct Sum {
    of_all: SelectionSum,
    /// The first stored ones.
    shown: Vec<ImageId>,
}

/// The last sum, and the state of the sheet it is of: a hundred thousand images are not added up in every frame.
#[derive(Default)]
pub(in crate::ui) struct Summed {
    of: Option<(u64, u64)>,
    sum: Rc<Sum>,
}

impl Summed {
    fn of(&mut self, sheet: &Sheet) -> Rc<Sum> {
        let now = Some((sheet.revision(), sheet.selection_revision()));
        if self.of != now {
            self.of = now;
            self.sum = Rc::new(Sum::of(sheet));
        }
        Rc::clone(&self.sum)
    }
}

impl Sum {
    fn of(sheet: &Sheet) -> Self {
        let stored = sheet.selected().filter(|&image| sheet.facts(image).is_some());
        Self { of_all: sheet.selection_sum(), shown: stored.take(SHOWN).collect() }
    }

    /// `2 picked, 1 rejected · 5.7 MB`
    fn words(&self) -> String {
        let SelectionSum { selected, stored, picked, rejected, size_bytes, .. } = self.of_all;
        let unmarked = stored.saturating_sub(picked + rejected);
        let without = selected.saturating_sub(stored);
        let counts = [
            (picked, Mark::Pick.word()),
            (rejected, Mark::Reject.word()),
            (unmarked, "unmarked"),
            (without, "without an image"),
        ];
        let some = counts.into_iter().filter(|(count, _)| *count > 0);
        let words = some.map(|(count, word)| format!("{count} {word}")).collect::<Vec<String>>().join(", ");
        if size_bytes > 0 { format!("{words} · {}", bytes(size_bytes)) } else { words }
    }
}

pub(super) fn several_ui(ui: &mut Ui, cx: &mut Cx<'_>) {
    let sum = cx.memory.summed.of(cx.session.sheet());
    mosaic_ui(ui, cx, &sum.shown);
    ui.add_space(BLOCK_GAP);
    label(ui, format!("{} images selected", sum.of_all.selected), Type::BodyMedium, Tone::Text);
    ui.add_space(Metric::LABEL_GAP);
    label(ui, sum.words(), Type::Small, Tone::Dim);
    ui.add_space(BLOCK_GAP);
    for &(verb, words) in verbs(sum.of_all.binned == sum.of_all.selected) {
        let comparison = Comparison { of: Compared::Selection, count: sum.of_all.stored };
        let (words, why_not) = match verb {
            Verb::Survey => (comparison.words(), comparison.why_not()),
            _ => (words.to_owned(), None),
        };
        let any = sum.of_all.stored > 0 || matches!(verb, Verb::Delete | Verb::Restore);
        let button = Button::plain(&words).width(ui.available_width()).enabled(why_not.is_none() && any);
        let button = match keys(ui, verb) {
            Some(keys) => button.keys(keys),
            None => button,
        };
        let only_shown = cx.session.only_shown().filter(|_| verb.changes_library());
        let tooltip = why_not.unwrap_or_else(|| verb.tooltip().to_owned());
        if button.tooltip(tooltip).unless(only_shown).show(ui).clicked() {
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
        (Verb::Copy, "Copy all"),
        (Verb::Delete, "Delete all"),
    ]
}

/// The first images in small.
fn mosaic_ui(ui: &mut Ui, cx: &mut Cx<'_>, shown: &[ImageId]) {
    let gap = Metric::GAP / 2.0;
    let side = (ui.available_width() - gap * (COLUMNS - 1) as f32) / COLUMNS as f32;
    let rows = shown.len().div_ceil(COLUMNS);
    let (rect, _) = ui.allocate_exact_size(
        vec2(ui.available_width(), rows as f32 * (side + gap) - if rows > 0 { gap } else { 0.0 }),
        Sense::hover(),
    );
    for (place, &image) in shown.iter().enumerate() {
        let Some(facts) = cx.session.sheet().facts(image) else { continue };
        let (row, column) = (place / COLUMNS, place % COLUMNS);
        let at = pos2(rect.left() + column as f32 * (side + gap), rect.top() + row as f32 * (side + gap));
        let room = Rect::from_min_size(at, vec2(side, side));
        paint_thumbnail(ui, cx, image, Look::judged(facts), (room, palette(ui)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_selection_is_summed_up() {
        let of_all = SelectionSum { selected: 4, stored: 3, picked: 2, rejected: 1, size_bytes: 5_700_000, binned: 0 };
        assert_eq!(Sum { of_all, ..Sum::default() }.words(), "2 picked, 1 rejected, 1 without an image · 5.7 MB");
        let of_all = SelectionSum { selected: 2, ..SelectionSum::default() };
        assert_eq!(Sum { of_all, ..Sum::default() }.words(), "2 without an image");
    }

    #[test]
    fn a_sum_follows_selection_and_marks_and_is_not_made_twice() {
        use crate::message::Action;
        use crate::ui::stage::Stage;
        let mut stage = Stage::day();
        stage.act(Action::Do(Verb::SelectAll));
        let mut summed = Summed::default();
        let first = summed.of(stage.session.sheet());
        assert!(Rc::ptr_eq(&first, &summed.of(stage.session.sheet())), "nothing changed");
        let image = first.shown[0];
        stage.act(Action::MarkImage(image, Mark::Reject));
        let marked = summed.of(stage.session.sheet());
        assert_eq!(*marked, Sum::of(stage.session.sheet()));
        assert_ne!(marked, first);
        stage.act(Action::SelectNone);
        assert_eq!(summed.of(stage.session.sheet()).of_all.selected, 0);
    }
}
