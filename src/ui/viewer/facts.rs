//! The facts over an image: what was asked for and what came, without leaving it.

use egui::accesskit::Role;
use egui::{Align, Rect, Sense, Ui, WidgetInfo, pos2, vec2};

use crate::domain::Run;
use crate::ui::cx::Cx;
use crate::ui::inspector::facts_of;
use crate::ui::picture::Pane;
use crate::ui::theme::{Metric, Type, palette};
use crate::ui::tile::{Place, lay, paint_words};

/// The table is as wide as its words, at most so many points; a narrower pane cuts it.
const WIDEST: f32 = 340.0;
/// Width of the column of names.
const NAMES: f32 = 76.0;
/// The table hides at most this share of its pane's height: beside others, the image is what is compared.
const HIGHEST: f32 = 0.5;
/// How much of the image the table's ground hides.
const GROUND: f32 = 0.86;

/// What the table keeps clear of.
#[derive(Clone, Copy)]
pub(in crate::ui) struct Beside {
    /// Pressed at the top of the image; the table begins below it when it would lie under it.
    pub cross: Option<Rect>,
    /// The image's caption begins here; the table ends above it.
    pub caption: f32,
}

/// The table at the top left of a pane, when facts are shown: as many of them as there is room for.
pub(in crate::ui) fn facts_over_ui(ui: &Ui, cx: &Cx<'_>, pane: &Pane, (run, slot): (&Run, u16), beside: Beside) {
    if !cx.session.viewer().facts_shown() {
        return;
    }
    let mut facts = facts_of(run, run.slots.get(usize::from(slot)), cx.zone);
    if run.reworded(slot).is_some() {
        facts.push(("Prompt", "reworded by the model".to_owned()));
    }
    let colours = palette(ui);
    let painter = ui.painter();
    let line = |at, width| Place { at, width, lines: 1, align: Align::LEFT };
    let room = pane.rect.shrink(Metric::PAD);
    let free = line(room.min, f32::INFINITY);
    let widths = facts.iter().map(|(_, value)| lay(painter, value, Type::Small, colours.text, &free).size().x);
    let width = NAMES + widths.fold(0.0, f32::max).ceil() + 2.0 * Metric::CONTROL_PAD;
    let width = width.min(WIDEST).min(room.width());
    let under = |cross: &Rect| cross.left() < room.left() + width + Metric::LABEL_GAP && cross.bottom() > room.top();
    let top = beside.cross.filter(under).map_or(room.top(), |cross| cross.bottom() + Metric::LABEL_GAP);
    let height = (room.height() * HIGHEST).min(beside.caption - top) - 2.0 * Metric::GAP;
    facts.truncate((height / Metric::LINE) as usize);
    if facts.is_empty() || room.width() < NAMES {
        return;
    }
    let size = vec2(width, facts.len() as f32 * Metric::LINE + 2.0 * Metric::GAP);
    let rect = Rect::from_min_size(pos2(room.left(), top), size);
    let response = ui.interact(rect, ui.scope_id().with(("facts over", run.id, slot)), Sense::hover());
    let spoken: Vec<String> = facts.iter().map(|(name, value)| format!("{name}: {value}")).collect();
    let name = format!("Facts. {}", spoken.join(". "));
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &name));
    painter.rect_filled(rect, Metric::RADIUS, colours.panel.gamma_multiply(GROUND));
    for (row, (name, value)) in facts.iter().enumerate() {
        let top = rect.top() + Metric::GAP + row as f32 * Metric::LINE;
        let words = |left: f32, right: f32| line(pos2(left, top), right - left);
        let left = rect.left() + Metric::CONTROL_PAD;
        paint_words(painter, name, Type::Small, colours.dim, words(left, left + NAMES));
        let value_place = words(left + NAMES, rect.right() - Metric::CONTROL_PAD);
        paint_words(painter, value, Type::Small, colours.text, value_place);
    }
}
