//! Words on an image, on a plate of their own: they can be read on any picture.

use egui::{Align2, Rect, Ui, vec2};

use crate::ui::theme::{Metric, Palette, Type};

/// From the image's edges to the plate.
const INSET: f32 = 4.0;
/// From the plate's edges to its words, across and down.
const PAD: egui::Vec2 = vec2(4.0, 1.0);

/// Paints words into a corner of an image, and says where their plate lies. Plate and words are as faint as asked.
pub(in crate::ui) fn paint_on_plate(
    ui: &Ui,
    image: Rect,
    corner: Align2,
    words: &str,
    (face, palette, opacity): (Type, &Palette, f32),
) -> Rect {
    let colour = palette.on_image.gamma_multiply(opacity);
    let galley = ui.painter().layout_no_wrap(words.to_owned(), face.font(), colour);
    // One sign stands on a square, not on a sliver.
    let height = galley.size().y + 2.0 * PAD.y;
    let size = vec2((galley.size().x + 2.0 * PAD.x).max(height), height);
    let plate = corner.align_size_within_rect(size, image.shrink(INSET));
    ui.painter().rect_filled(plate, Metric::RADIUS_IMAGE, palette.on_image_plate.gamma_multiply(opacity));
    ui.painter().galley(plate.center() - galley.size() / 2.0, galley, colour);
    plate
}
