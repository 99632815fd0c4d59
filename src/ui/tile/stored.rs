//! A stored image on its tile.

use egui::{Align2, Color32, Rect, Ui, pos2, vec2};

use super::{REJECTED_OPACITY, Tile, fitted};
use crate::domain::{Difference, ImageFacts, ImageId, Mark};
use crate::ui::cx::Cx;
use crate::ui::theme::{Metric, Palette, Type};

/// A badge without room for words.
const DIFFERS: &str = "≠";
/// Width kept free for the number at the left, and both edges.
const NUMBER: f32 = 36.0;

/// What of an image its thumbnail shows.
#[derive(Clone, Copy, Debug)]
pub(in crate::ui) struct Shape {
    /// Width divided by height.
    pub ratio: f32,
    /// 1.0, or less when it is rejected.
    pub opacity: f32,
}

impl Shape {
    /// An image as it is.
    pub(in crate::ui) fn of(facts: &ImageFacts) -> Self {
        let known = facts.width > 0 && facts.height > 0;
        Self { ratio: if known { facts.width as f32 / facts.height as f32 } else { 1.0 }, opacity: 1.0 }
    }

    /// An image as its verdict says: a rejected one is faint.
    pub(in crate::ui) fn judged(facts: &ImageFacts) -> Self {
        let opacity = if facts.mark == Mark::Reject { REJECTED_OPACITY } else { 1.0 };
        Self { opacity, ..Self::of(facts) }
    }
}

pub(super) fn stored_ui(ui: &Ui, cx: &mut Cx<'_>, tile: &Tile<'_>, facts: &ImageFacts) {
    let shape = Shape::judged(facts);
    let rect = paint_thumbnail(ui, cx, tile.image, shape, (tile.rect, tile.palette));
    number(ui, rect, tile.image.slot, tile.palette, shape.opacity);
    badge(ui, rect, tile, shape.opacity);
}

/// Paints an image's thumbnail as large as fits into `room`, and says where it lies. While it is on its way, its
/// place is a quiet grey of the right shape.
pub(in crate::ui) fn paint_thumbnail(
    ui: &Ui,
    cx: &mut Cx<'_>,
    image: ImageId,
    shape: Shape,
    (room, palette): (Rect, &Palette),
) -> Rect {
    let rect = fitted(room, shape.ratio);
    let longest = rect.size().max_elem() * ui.pixels_per_point();
    if let Some(view) = cx.textures.thumbnail(image, longest) {
        let whole = Rect::from_min_max(pos2(0.0, 0.0), pos2(1.0, 1.0));
        let tint = Color32::WHITE.gamma_multiply(shape.opacity);
        let filled = egui::epaint::RectShape::filled(rect, Metric::RADIUS_IMAGE, tint);
        ui.painter().add(filled.with_texture(view.texture, whole));
    } else {
        ui.painter().rect_filled(rect, Metric::RADIUS_IMAGE, palette.blank);
        if let Some(sentence) = cx.textures.problem(image) {
            let place = super::Place {
                at: pos2(rect.center().x, rect.center().y - Type::Tiny.line()),
                width: rect.width() - 2.0 * Metric::GAP,
                lines: 3,
                align: egui::Align::Center,
            };
            super::paint_words(ui.painter(), sentence, Type::Tiny, palette.dim, place);
        }
    }
    rect
}

/// What came otherwise than it was asked for, bottom right: in words where they fit, else a sign.
fn badge(ui: &Ui, rect: Rect, tile: &Tile<'_>, opacity: f32) {
    let differences = tile.run.differences(tile.image.slot);
    if differences.is_empty() {
        return;
    }
    let words = differences.iter().map(Difference::short).collect::<Vec<_>>().join(" · ");
    let font = Type::Tiny.font();
    let width = ui.painter().layout_no_wrap(words.clone(), font.clone(), tile.palette.on_image).size().x;
    let words = if width <= rect.width() - NUMBER { words } else { DIFFERS.to_owned() };
    let at = rect.right_bottom() + vec2(-6.0, -4.0);
    let shadow = tile.palette.on_image_shadow.gamma_multiply(opacity);
    ui.painter().text(at + vec2(0.0, 1.0), Align2::RIGHT_BOTTOM, &words, font.clone(), shadow);
    ui.painter().text(at, Align2::RIGHT_BOTTOM, words, font, tile.palette.on_image.gamma_multiply(opacity));
}

/// The number people see, bottom left, readable on any image.
fn number(ui: &Ui, rect: Rect, slot: u16, palette: &Palette, opacity: f32) {
    let text = (u32::from(slot) + 1).to_string();
    let at = rect.left_bottom() + vec2(6.0, -4.0);
    let font = Type::Tiny.font();
    let shadow = palette.on_image_shadow.gamma_multiply(opacity);
    ui.painter().text(at + vec2(0.0, 1.0), Align2::LEFT_BOTTOM, &text, font.clone(), shadow);
    ui.painter().text(at, Align2::LEFT_BOTTOM, text, font, palette.on_image.gamma_multiply(opacity));
}
