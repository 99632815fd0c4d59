//! A stored image on its tile.

use egui::epaint::RectShape;
use egui::{Align2, Color32, Mesh, Rect, Ui, pos2, vec2};

use super::{REJECTED_OPACITY, Tile, fitted, paint_on_plate};
use crate::domain::{Difference, Glimpse, ImageFacts, ImageId, Mark};
use crate::ui::cx::Cx;
use crate::ui::theme::{Metric, Palette, Type, image_colour};

/// A badge without room for words.
const DIFFERS: &str = "≠";
/// Width kept free for the number at the left, and the plates' edges.
const NUMBER: f32 = 48.0;
/// Words on a rejected image are faint too, but can still be read.
const REJECTED_WORDS: f32 = 0.8;

/// What of an image its thumbnail shows.
#[derive(Clone, Copy, Debug)]
pub(in crate::ui) struct Look {
    /// Width divided by height.
    pub ratio: f32,
    /// 1.0, or less when it is rejected.
    pub opacity: f32,
}

impl Look {
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

/// Draws what lies over the image, and answers with the image itself, which the sheet draws under everything at once.
pub(super) fn stored_ui(
    ui: &Ui,
    cx: &mut Cx<'_>,
    tile: &Tile<'_>,
    facts: &ImageFacts,
    is_pointed_at: bool,
) -> Option<egui::Shape> {
    let shape = Look::judged(facts);
    let (rect, thumbnail) = lay_thumbnail(ui, cx, tile.image, shape, (tile.rect, tile.palette));
    let opacity = shape.opacity.max(REJECTED_WORDS);
    number(ui, rect, tile.image.slot, tile.palette, opacity);
    badge(ui, rect, tile, is_pointed_at, opacity);
    thumbnail
}

/// Paints an image's thumbnail as large as fits into `room`, and says where it lies. While it is on its way, its
/// place is a quiet grey of the right shape.
pub(in crate::ui) fn paint_thumbnail(
    ui: &Ui,
    cx: &mut Cx<'_>,
    image: ImageId,
    shape: Look,
    place: (Rect, &Palette),
) -> Rect {
    let (rect, thumbnail) = lay_thumbnail(ui, cx, image, shape, place);
    if let Some(thumbnail) = thumbnail {
        ui.painter().add(thumbnail);
    }
    rect
}

/// Where an image's thumbnail lies, and the thumbnail, still to be painted; while it is on its way, its place is painted.
fn lay_thumbnail(
    ui: &Ui,
    cx: &mut Cx<'_>,
    image: ImageId,
    shape: Look,
    (room, palette): (Rect, &Palette),
) -> (Rect, Option<egui::Shape>) {
    let rect = fitted(room, shape.ratio);
    let longest = rect.size().max_elem() * ui.pixels_per_point();
    if let Some(view) = cx.textures.thumbnail(image, longest) {
        let tint = Color32::WHITE.gamma_multiply(shape.opacity);
        let filled = RectShape::filled(rect, Metric::RADIUS_IMAGE, tint);
        return (rect, Some(filled.with_texture(view.texture, view.source).into()));
    }
    if let Some(glimpse) = cx.textures.glimpse(image) {
        return (rect, Some(from_afar(glimpse, rect, shape.opacity)));
    }
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
    (rect, None)
}

/// An image's colours run into each other over its place.
fn from_afar(glimpse: Glimpse, rect: Rect, opacity: f32) -> egui::Shape {
    let mut mesh = Mesh::default();
    let last = Glimpse::SIDE - 1;
    for row in 0..Glimpse::SIDE {
        for column in 0..Glimpse::SIDE {
            let [red, green, blue] = glimpse.colour(row, column);
            let share = vec2(column as f32 / last as f32, row as f32 / last as f32);
            let colour = image_colour([red, green, blue]).gamma_multiply(opacity);
            mesh.colored_vertex(rect.min + share * rect.size(), colour);
        }
    }
    for row in 0..last {
        for column in 0..last {
            let at = (row * Glimpse::SIDE + column) as u32;
            let below = at + Glimpse::SIDE as u32;
            mesh.add_triangle(at, at + 1, below);
            mesh.add_triangle(at + 1, below + 1, below);
        }
    }
    mesh.into()
}

/// What came otherwise than it was asked for, bottom right: in words where they fit, else a sign.
fn badge(ui: &Ui, rect: Rect, tile: &Tile<'_>, is_pointed_at: bool, opacity: f32) {
    let differences = tile.run.differences(tile.image.slot);
    let told = differences.iter().filter(|difference| is_pointed_at || !difference.is_usual());
    let words = told.map(Difference::short).collect::<Vec<_>>().join(" · ");
    if words.is_empty() {
        return;
    }
    let width = ui.painter().layout_no_wrap(words.clone(), Type::Tiny.font(), tile.palette.on_image).size().x;
    let words = if width <= rect.width() - NUMBER { words } else { DIFFERS.to_owned() };
    paint_on_plate(ui, rect, Align2::RIGHT_BOTTOM, &words, (Type::Tiny, tile.palette, opacity));
}

/// The number people see, bottom left.
fn number(ui: &Ui, rect: Rect, slot: u16, palette: &Palette, opacity: f32) {
    let text = (u32::from(slot) + 1).to_string();
    paint_on_plate(ui, rect, Align2::LEFT_BOTTOM, &text, (Type::Tiny, palette, opacity));
}
