//! One tile of the sheet: an image, a wait or a failure, with its marks, its name and its clicks.

mod failed;
#[cfg(test)]
mod looks;
mod name;
mod plate;
mod stored;
mod waiting;
mod words;

use egui::accesskit::Role;
use egui::{Id, Rect, Response, Sense, Shape, Stroke, StrokeKind, Ui, WidgetInfo, vec2};

pub(super) use name::image_name;
pub(super) use plate::paint_on_plate;
pub(super) use stored::{Look, paint_thumbnail};
pub(super) use words::{Place, lay, paint_words};

use super::cx::Cx;
use super::image_menu::ask_for_menu;
use super::theme::{Metric, Palette};
use crate::domain::{Difference, ImageId, Mark, Run, Slot};
use crate::message::Action;

/// A rejected image is still there, but out of the way.
pub(super) const REJECTED_OPACITY: f32 = 0.28;
/// Between an image and the ring around it.
const RING_GAP: f32 = 1.0;
/// Width of the ring around a selected image.
const RING_SELECTED: f32 = 2.0;
/// Width of the grease pencil's ring around a pick.
const RING_PICK: f32 = 3.0;
/// Width of the ring under the pointer.
const RING_HOVER: f32 = 1.0;

/// What one tile shows, and where.
pub(super) struct Tile<'a> {
    /// Which image.
    pub image: ImageId,
    /// Its run.
    pub run: &'a Run,
    /// What became of it.
    pub slot: &'a Slot,
    /// Where it lies.
    pub rect: Rect,
    /// Its number on the sheet, from 1.
    pub position: usize,
    /// Tiles on the sheet.
    pub of: usize,
    /// It is selected, or the rubber band covers it.
    pub selected: bool,
    /// Colours that can be read on the surround.
    pub palette: &'static Palette,
}

/// The tile's id: the same wherever it lies.
pub(super) fn tile_id(grid: Id, image: ImageId) -> Id {
    grid.with(image)
}

/// Draws a tile and takes its clicks. Its thumbnail is handed back, to be painted under all tiles: so those of one texture
/// are drawn in one call.
pub(super) fn tile_ui(ui: &mut Ui, cx: &mut Cx<'_>, grid: Id, tile: &Tile<'_>) -> Option<Shape> {
    // Not focusable: the whole grid is one stop of the Tab key.
    let response = ui.interact(tile.rect, tile_id(grid, tile.image), Sense::CLICK);
    let name = image_name(tile);
    let differences = differences(tile);
    response.widget_info(|| WidgetInfo::labeled(Role::ListBoxOption, true, &name));
    ui.ctx().accesskit_node_builder(response.id, |node| {
        node.set_selected(tile.selected);
        node.set_position_in_set(tile.position);
        node.set_size_of_set(tile.of);
        if !differences.is_empty() {
            node.set_description(differences.as_str());
        }
    });
    clicks(ui, cx, tile, &response);
    ask_for_menu(ui, cx, tile.image, &response);
    let is_cursor = cx.session.sheet().cursor() == Some(tile.image);
    let mut thumbnail = None;
    match tile.slot {
        Slot::Stored(facts) => thumbnail = stored::stored_ui(ui, cx, tile, facts, response.hovered()),
        Slot::Waiting => waiting::waiting_ui(ui, cx, tile, response.contains_pointer() || is_cursor),
        Slot::Failed(failure) => failed::failed_ui(ui, cx, tile, failure),
        // Never shown: nothing is left of it.
        Slot::Gone => {}
    }
    rings(ui, tile, &response, is_cursor);
    if !differences.is_empty() {
        response.on_hover_text(differences);
    }
    thumbnail
}

/// What came otherwise than it was asked for, in sentences.
fn differences(tile: &Tile<'_>) -> String {
    let differences = tile.run.differences(tile.image.slot);
    differences.iter().map(Difference::sentence).collect::<Vec<_>>().join(". ")
}

fn clicks(ui: &Ui, cx: &mut Cx<'_>, tile: &Tile<'_>, response: &Response) {
    if response.double_clicked() {
        cx.act(Action::Open(tile.image));
    } else if response.clicked() {
        let modifiers = ui.input(|input| input.modifiers);
        cx.act(Action::Click { image: tile.image, extend: modifiers.shift, toggle: modifiers.command });
        if let Some(images) = cx.memory.images_id {
            ui.memory_mut(|memory| memory.request_focus(images));
        }
    }
}

/// The rings around a tile: picked next to the image, selected around that, and a thin one under the pointer.
fn rings(ui: &Ui, tile: &Tile<'_>, response: &Response, is_cursor: bool) {
    let palette = tile.palette;
    let picked = matches!(tile.slot, Slot::Stored(facts) if facts.mark == Mark::Pick);
    let mut gap = RING_GAP;
    let mut ring = |width: f32, colour| {
        let radius = f32::from(Metric::RADIUS_IMAGE) + gap;
        ui.painter().rect_stroke(tile.rect.expand(gap), radius, Stroke::new(width, colour), StrokeKind::Outside);
        gap += width;
    };
    if picked {
        ring(RING_PICK, palette.pencil);
    }
    if tile.selected {
        ring(RING_SELECTED, palette.selected_image);
    } else if is_cursor || response.hovered() {
        ring(RING_HOVER, palette.dim);
    }
}

/// A rectangle of the given shape, as large as fits into `room`, in its middle.
pub(super) fn fitted(room: Rect, ratio: f32) -> Rect {
    let (width, height) = (room.width(), room.height());
    // A point of rounding is no shape: the image fills the room to its edges.
    if (width - height * ratio).abs() <= 1.5 {
        return room;
    }
    let size = if width / height > ratio { vec2(height * ratio, height) } else { vec2(width, width / ratio) };
    Rect::from_center_size(room.center(), size)
}

#[cfg(test)]
mod tests {
    use egui::pos2;

    use super::*;

    #[test]
    fn a_shape_fits_into_any_room_and_rounding_is_no_shape() {
        let room = Rect::from_min_size(pos2(10.0, 10.0), vec2(95.0, 166.0));
        assert_eq!(fitted(room, 1024.0 / 1792.0), room);
        let wide = fitted(room, 2.0);
        assert_eq!((wide.width(), wide.height()), (95.0, 47.5));
        assert_eq!(wide.center(), room.center());
        let tall = fitted(room, 0.25);
        assert_eq!((tall.width(), tall.height()), (41.5, 166.0));
    }
}
