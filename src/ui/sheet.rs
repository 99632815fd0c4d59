//! The sheet: all runs, newest first. Only what is in view is built.

mod band;
mod empty;
mod layout;
mod pill;
mod scroll;
mod view;

use egui::accesskit::Role;
use egui::{EventFilter, Id, Rect, ScrollArea, Sense, Ui, UiBuilder, WidgetInfo, vec2};

use self::band::Band;
use self::layout::{Block, Layout, Measure, RunShape};
use self::scroll::Anchor;
use super::cx::Cx;
use super::memory::Focus;
use super::theme::{Metric, surround, surround_text};
use super::tile::tile_id;
use crate::domain::{ImageId, RunId};
use crate::message::Action;
use crate::state::{Lines, Session, Sheet, VisibleRun, cells, line_count, ratios};

/// Height of the tray with its margins: what it may cover at the bottom.
const TRAY_COVERS: i64 = 70;

/// What the sheet remembers from frame to frame.
#[derive(Default)]
pub(super) struct SheetMemory {
    layout: Layout,
    /// How far down it is, in points.
    offset: f32,
    anchor: Option<Anchor>,
    /// The tile under the cursor while it is in view, and how far below the window's top it lies.
    held: Option<(ImageId, i64)>,
    band: Option<Band>,
    /// The room for tiles that the state was told of.
    lines_told: Lines,
    /// The pill was pressed.
    to_top: bool,
    /// The person's own run began above what is in view.
    unseen_run: bool,
}

/// The sheet in the rest of `ui`.
pub(super) fn sheet_ui(ui: &mut Ui, cx: &mut Cx<'_>) {
    let choice = cx.session.settings().surround;
    let theme = super::theme::palette(ui);
    let palette = surround_text(choice, theme);
    let area = ui.available_rect_before_wrap();
    ui.painter().rect_filled(area, 0.0, surround(choice, theme));
    let grid = grid_id();
    cx.memory.images_id = Some(grid);
    if let Some(empty) = empty::which(cx.session) {
        cx.memory.scroll_to = None;
        return empty::empty_ui(ui, cx, &empty, palette);
    }
    // Taken out for the time of the frame, so that tiles can use the rest of the memory.
    let mut memory = std::mem::take(&mut cx.memory.sheet);
    let offset = arrange(cx, &mut memory, area);
    let under = background(ui, cx, &mut memory, grid, area);

    // Scrolling puts other images where images were: that is no mistake.
    ui.ctx().allow_widget_id_changes_in(area);
    let mut scroll = ScrollArea::vertical().id_salt("sheet").auto_shrink(false);
    if let Some(offset) = offset {
        // The end it knows is the last frame's: below it lies what came since, not the end of a rubber band.
        ui.spacing_mut().scroll.kinetic.rubber_band = false;
        scroll = scroll.vertical_scroll_offset(offset as f32);
    }
    let output = scroll.show_viewport(ui, |ui, viewport| {
        ui.set_height(memory.layout.height() as f32);
        ui.set_width(area.width());
        let scope = UiBuilder::new().accessibility_parent(grid).max_rect(ui.max_rect());
        ui.scope_builder(scope, |ui| {
            let window = view::Window::new(ui, area, viewport, palette);
            view::view_ui(ui, cx, &mut memory, grid, &window);
            if memory.band.is_some() {
                view::band_pull(ui, area);
            }
        });
    });
    memory.offset = output.state.clamped_offset().y;
    memory.anchor = anchor(cx.session, &memory);
    memory.held = held(cx.session, &memory, area.height() as i64);
    view::band_end(cx, &mut memory, &under);
    let newest_in_view = memory.layout.block(0).is_none_or(|block| (memory.offset as i64) < block.top + block.height);
    let arrived = cx.session.sheet().new_arrivals();
    memory.unseen_run &= !newest_in_view;
    if newest_in_view {
        if arrived > 0 {
            cx.act(Action::SeenNew);
        }
    } else if (arrived > 0 || memory.unseen_run) && pill::pill_ui(ui, area, arrived) {
        memory.to_top = true;
    }
    cx.memory.sheet = memory;
}

/// Where an image's tile was last drawn, when it is in view.
pub(super) fn seen(ui: &Ui, image: ImageId) -> Option<Rect> {
    ui.ctx().read_response(tile_id(grid_id(), image)).map(|tile| tile.rect)
}

/// The grid's id, known to whoever must give it the keyboard.
fn grid_id() -> Id {
    Id::unique("sheet of images")
}

/// Lays the sheet out again when something changed, and says where it must be scrolled to, when anywhere.
fn arrange(cx: &mut Cx<'_>, memory: &mut SheetMemory, area: Rect) -> Option<i64> {
    let session = cx.session;
    let sheet = session.sheet();
    let width = (area.width() - 2.0 * Metric::SHEET_PAD).max(1.0) as u32;
    let tile = session.settings().tile_points;
    let lines = Lines { width: width.into(), tile: tile.into() };
    if memory.lines_told != lines {
        memory.lines_told = lines;
        cx.act(Action::Lines { width, tile });
    }
    let height = area.height() as i64;
    let mut offset = None;
    if memory.layout.measure() != (Measure { revision: sheet.revision(), lines }) {
        lay_out(session, &mut memory.layout, lines);
        offset = Some(kept_offset(session, memory)).filter(|&offset| offset != memory.offset as i64);
    }
    if let Some(image) = cx.memory.scroll_to.take()
        && let Some(tile) = tile_span(session, &memory.layout, image)
    {
        let covered = if sheet.shown_picks() > 0 { TRAY_COVERS } else { 0 };
        let from = offset.unwrap_or(memory.offset as i64);
        offset = Some(scroll::into_view(tile, from, height, covered));
    }
    if cx.memory.show_run.take().is_some() {
        // An own run is shown, unless the person is judging further down: then the pill leads there.
        let from_composer = std::mem::take(&mut cx.memory.from_composer);
        let at_work =
            !from_composer && sheet.cursor().is_some_and(|cursor| is_in_view(session, memory, cursor, height));
        memory.to_top |= !at_work;
        memory.unseen_run = at_work;
    }
    if std::mem::take(&mut memory.to_top) {
        offset = Some(0);
    }
    offset.map(|offset| scroll::clamped(offset, &memory.layout, height))
}

/// Where the sheet must be scrolled to, so that what is judged stays where it is: the tile under the cursor, and when that
/// is out of view, the run at the top. The top stays the top.
fn kept_offset(session: &Session, memory: &SheetMemory) -> i64 {
    let held = memory.held.and_then(|(image, below)| Some(tile_top(session, &memory.layout, image)?.1 - below));
    let anchored = || {
        let anchor = memory.anchor.filter(|_| memory.offset >= 1.0)?;
        match place_of(session, anchor.run) {
            Ok(place) => memory.layout.block(place).map(|block| anchor.offset(block)),
            // All of it was deleted: what took its place is at the top.
            Err(place) => memory.layout.block(place).map(|block| block.top),
        }
    };
    held.or_else(anchored).unwrap_or(0)
}

/// The tile under the cursor, when some of it is in view.
fn held(session: &Session, memory: &SheetMemory, height: i64) -> Option<(ImageId, i64)> {
    let image = session.sheet().cursor()?;
    let below = tile_top(session, &memory.layout, image)?.1 - memory.offset as i64;
    (below < height && below + memory.layout.measure().lines.tile > 0).then_some((image, below))
}

/// Is some of an image's tile in view, where the sheet is kept?
fn is_in_view(session: &Session, memory: &SheetMemory, image: ImageId, height: i64) -> bool {
    let top = kept_offset(session, memory);
    tile_span(session, &memory.layout, image).is_some_and(|(above, below)| above < top + height && below > top)
}

/// Lays out what changed since the last frame: some runs, or everything.
fn lay_out(session: &Session, layout: &mut Layout, lines: Lines) {
    let sheet = session.sheet();
    let revision = sheet.revision();
    let same_room = layout.measure().lines == lines;
    let changed = sheet.changed_since(layout.measure().revision).filter(|_| same_room);
    if let Some(changed) = changed {
        let shape = |run| Some(shape(sheet, sheet.visible().get(place_of(session, run).ok()?)?, lines));
        layout.follow(revision, changed.into_iter().map(|run| (run, shape(run))));
    } else {
        let runs = sheet.visible().iter().map(|visible| shape(sheet, visible, lines));
        *layout = Layout::new(Measure { revision, lines }, runs);
    }
}

/// What the layout must know of a run.
fn shape(sheet: &Sheet, visible: &VisibleRun, lines: Lines) -> RunShape {
    RunShape {
        run: visible.run,
        notes: usize::from(visible.notes),
        tiles: visible.slots.len(),
        lines: line_count(sheet, visible, lines),
    }
}

/// A run's place among those shown, newest first; the place it would have when it is not.
fn place_of(session: &Session, run: RunId) -> Result<usize, usize> {
    session.sheet().visible().binary_search_by(|visible| run.cmp(&visible.run))
}

/// The run of an image and where its tile begins on the sheet; `true` in the first line of the run.
fn tile_top(session: &Session, layout: &Layout, image: ImageId) -> Option<(Block, i64, bool)> {
    let place = place_of(session, image.run).ok()?;
    let sheet = session.sheet();
    let (run, visible) = (sheet.run(image.run)?, sheet.visible().get(place)?);
    let column = visible.slots.contains(image.slot).then(|| visible.slots.before(image.slot))?;
    let block = layout.block(place)?;
    let lines = layout.measure().lines;
    let cell = cells(ratios(run, visible), lines).nth(column)?;
    let tiles = block.top + layout::tiles_top(run.notes.len());
    Some((block, tiles + cell.line * (lines.tile + Lines::GAP), cell.line == 0))
}

/// Top and bottom of an image's tile on the sheet, with the run's header when it is in the first line.
fn tile_span(session: &Session, layout: &Layout, image: ImageId) -> Option<(i64, i64)> {
    let (block, top, first_line) = tile_top(session, layout, image)?;
    Some((if first_line { block.top + scroll::MARGIN } else { top }, top + layout.measure().lines.tile))
}

/// The run at the top of the window.
fn anchor(session: &Session, memory: &SheetMemory) -> Option<Anchor> {
    let top = memory.offset as i64;
    let first = memory.layout.between(top, top + 1).start;
    let block = memory.layout.block(first)?;
    let run = session.sheet().visible().get(first)?.run;
    Some(Anchor { run, within: top - block.top, height: block.height })
}

/// The one stop of the Tab key, and what lies under the tiles: clicks beside them, and the rubber band.
fn background(ui: &Ui, cx: &mut Cx<'_>, memory: &mut SheetMemory, grid: Id, area: Rect) -> egui::Response {
    let list = ui.interact(area, grid, Sense::focusable_noninteractive());
    list.widget_info(|| WidgetInfo::labeled(Role::ListBox, true, "Sheet"));
    ui.ctx().accesskit_node_builder(grid, |node| {
        node.set_multiselectable();
        node.set_size_of_set(memory.layout.tiles());
    });
    if cx.memory.gives_focus(Focus::Images) {
        list.request_focus();
    }
    if list.has_focus() {
        let filter = EventFilter { horizontal_arrows: true, vertical_arrows: true, escape: true, tab: false };
        ui.memory_mut(|memory| memory.set_focus_lock_filter(grid, filter));
        if cx.session.sheet().cursor().is_none() {
            super::widgets::ring(ui, &list, area.shrink(2.0 * Metric::RING), 0);
        }
    }
    let under = ui.interact(area, grid.with("under"), Sense::CLICK | Sense::DRAG);
    let modifiers = ui.input(|input| input.modifiers);
    let keeps = modifiers.shift || modifiers.command;
    if under.drag_started()
        && let Some(at) = ui.input(|input| input.pointer.press_origin())
    {
        memory.band = Some(Band::begin(at, area, f64::from(memory.offset), keeps));
    }
    if under.clicked() {
        ui.memory_mut(|memory| memory.request_focus(grid));
        if !keeps {
            cx.act(Action::SelectNone);
        }
    }
    under
}

/// Says to a screen reader which tile the keyboard is on; only of a tile that is there.
fn tell_cursor(ui: &Ui, grid: Id, cursor: ImageId) {
    let tile = tile_id(grid, cursor);
    if ui.ctx().has_accesskit_node(tile) {
        ui.ctx().accesskit_node_builder(grid, |node| node.set_active_descendant(tile.accesskit_id()));
    }
}

/// The size of the pill's row at the top of the sheet.
const fn pill_room() -> egui::Vec2 {
    vec2(160.0, Metric::CONTROL)
}

#[cfg(test)]
mod tests;
