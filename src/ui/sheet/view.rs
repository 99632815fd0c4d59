//! The part of the sheet that is in view: headers and tiles of a few runs, and what soon will be.

use egui::emath::GuiRounding as _;
use egui::{Id, Rect, Response, Shape, Ui, pos2, vec2};

use super::layout::{self, Block};
use super::{SheetMemory, band, tell_cursor};
use crate::domain::{ImageId, Run, Slot};
use crate::message::Action;
use crate::state::{Lines, VisibleRun, cells, ratios};
use crate::ui::cx::Cx;
use crate::ui::run_header;
use crate::ui::theme::{Metric, Palette};
use crate::ui::tile::{Tile, tile_ui};

/// Rings of tiles reach beyond their run.
const REACH: i64 = 8;

/// The window onto the sheet in this frame.
pub(super) struct Window {
    /// Where it is on the screen.
    pub area: Rect,
    /// How far down the sheet it begins, on whole screen pixels.
    pub scrolled: f64,
    /// Colours that can be read on the surround.
    pub palette: &'static Palette,
}

impl Window {
    pub(super) fn new(ui: &Ui, area: Rect, viewport: Rect, palette: &'static Palette) -> Self {
        let scrolled = f64::from(viewport.top().round_to_pixels(ui.pixels_per_point()));
        Self { area, scrolled, palette }
    }

    /// Where a place of the sheet is on the screen. Subtracted before it gets small, so that it is exact far down.
    fn y(&self, top: i64) -> f32 {
        self.area.top() + (top as f64 - self.scrolled) as f32
    }

    const fn top(&self) -> i64 {
        self.scrolled as i64
    }

    fn bottom(&self) -> i64 {
        self.top() + self.area.height().ceil() as i64 + 1
    }
}

/// Draws what is in view.
pub(super) fn view_ui(ui: &mut Ui, cx: &mut Cx<'_>, memory: &mut SheetMemory, grid: Id, window: &Window) {
    let session = cx.session;
    let sheet = session.sheet();
    let pointer = ui.input(|input| input.pointer.latest_pos());
    let banded = match (&memory.band, pointer) {
        (Some(band), Some(pointer)) => Some(band.rect(pointer, window.area, window.scrolled)),
        _ => None,
    };
    if let (Some(banded), Some(band)) = (banded, memory.band.as_mut()) {
        band.covers.clear();
        let top = (f64::from(banded.top() - window.area.top()) + window.scrolled) as i64;
        let bottom = (f64::from(banded.bottom() - window.area.top()) + window.scrolled) as i64;
        for place in memory.layout.between(top, bottom + 1) {
            let Some(block) = memory.layout.block(place) else { continue };
            let Some((run, visible)) = run_at(cx, place) else { continue };
            let hit = tiles(run, visible, block, memory.layout.measure().lines, window)
                .filter(|(_, rect)| rect.intersects(banded));
            band.covers.extend(hit.map(|(image, _)| image));
        }
    }
    let covered = memory.band.as_ref();
    let under = ui.painter().add(Shape::Noop);
    let mut thumbnails: Vec<Shape> = Vec::new();
    for place in memory.layout.between(window.top() - REACH, window.bottom() + REACH) {
        let Some(block) = memory.layout.block(place) else { continue };
        let Some((run, visible)) = run_at(cx, place) else { continue };
        let left = window.area.left() + Metric::SHEET_PAD;
        let line = Rect::from_min_size(
            pos2(left, window.y(block.top + layout::RUN_TOP)),
            vec2(window.area.width() - 2.0 * Metric::SHEET_PAD, layout::HEADER as f32),
        );
        let time = run_header::when(run, cx.now, cx.zone);
        run_header::run_header_ui(ui, run, line, time, window.palette);
        let in_view = |rect: &Rect| rect.expand(REACH as f32).intersects(window.area);
        for (index, (image, rect)) in tiles(run, visible, block, memory.layout.measure().lines, window).enumerate() {
            let Some(slot) = run.slots.get(usize::from(image.slot)).filter(|_| in_view(&rect)) else { continue };
            let kept = covered.is_none_or(|band| band.add) && sheet.is_selected(image);
            let selected = kept || covered.is_some_and(|band| band.covers.contains(&image));
            let position = block.tiles_before + index + 1;
            let of = memory.layout.tiles();
            let tile = Tile { image, run, slot, rect, position, of, selected, palette: window.palette };
            thumbnails.extend(tile_ui(ui, cx, grid, &tile));
        }
    }
    // Those of one texture behind each other become one mesh.
    thumbnails.sort_by_key(Shape::texture_id);
    ui.painter().set(under, Shape::Vec(thumbnails));
    if let Some(cursor) = sheet.cursor() {
        tell_cursor(ui, grid, cursor);
    }
    if let Some(rect) = banded {
        band::band_ui(ui, rect, window.palette);
    }
    expect(cx, memory, window, ui.pixels_per_point());
}

/// The run at a place of the sheet, newest first, and what of it is shown.
fn run_at<'a>(cx: &Cx<'a>, place: usize) -> Option<(&'a Run, &'a VisibleRun)> {
    let sheet = cx.session.sheet();
    let visible = sheet.visible().get(place)?;
    Some((sheet.run(visible.run)?, visible))
}

/// The shown tiles of a run and where they are on the screen.
fn tiles<'a>(
    run: &'a Run,
    visible: &'a VisibleRun,
    block: Block,
    lines: Lines,
    window: &'a Window,
) -> impl Iterator<Item = (ImageId, Rect)> + 'a {
    let top = block.top + layout::tiles_top(run.notes.len());
    let left = window.area.left() + Metric::SHEET_PAD;
    cells(ratios(run, visible), lines).zip(visible.slots.iter()).map(move |(cell, slot)| {
        let at = pos2(left + cell.left as f32, window.y(top + cell.line * (lines.tile + Lines::GAP)));
        (ImageId { run: run.id, slot }, Rect::from_min_size(at, vec2(cell.width as f32, lines.tile as f32)))
    })
}

/// Wishes for the thumbnails of the next window down, then of the one before, so that scrolling finds them there.
fn expect(cx: &mut Cx<'_>, memory: &SheetMemory, window: &Window, pixels_per_point: f32) {
    let height = window.bottom() - window.top();
    let below = memory.layout.between(window.bottom(), window.bottom() + height);
    let above = memory.layout.between(window.top() - height, window.top());
    for place in below.chain(above.rev()) {
        let Some(block) = memory.layout.block(place) else { continue };
        let Some((run, visible)) = run_at(cx, place) else { continue };
        for (image, rect) in tiles(run, visible, block, memory.layout.measure().lines, window) {
            if let Some(Slot::Stored(_)) = run.slots.get(usize::from(image.slot)) {
                cx.textures.expect_thumbnail(image, rect.size().max_elem() * pixels_per_point);
            }
        }
    }
}

/// Moves the sheet while the band is drawn beyond its edge.
pub(super) fn band_pull(ui: &Ui, area: Rect) {
    let Some(pointer) = ui.input(|input| input.pointer.latest_pos()) else { return };
    let pull = band::pull(pointer, area);
    if pull != 0.0 {
        ui.scroll_with_delta_animation(vec2(0.0, -pull), egui::style::ScrollAnimation::none());
        ui.ctx().request_repaint();
    }
}

/// The button was let go: what the band covers is the selection.
pub(super) fn band_end(cx: &mut Cx<'_>, memory: &mut SheetMemory, under: &Response) {
    if under.dragged() || under.drag_started() {
        return;
    }
    if let Some(band) = memory.band.take()
        && under.drag_stopped()
    {
        cx.act(Action::Select { images: band.covers, add: band.add });
    }
}
