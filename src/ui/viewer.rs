//! The viewer: one image, large.

mod facts;
mod frame;
mod pane;

use egui::accesskit::Role;
use egui::{EventFilter, Id, Rect, Sense, Ui, WidgetInfo};

pub(super) use facts::{Beside, facts_over_ui};
pub(super) use frame::{Around, Bar, bar_ui, hints, hints_ui};
pub(super) use pane::{caption, handle, image_in_pane, pane_of, rings, snapped, zoom_verbs};

use super::cx::Cx;
use super::filmstrip::filmstrip_ui;
use super::image_menu::ask_for_menu;
use super::picture::Panes;
use super::theme::{Metric, Palette, palette, surround, surround_text};
use crate::domain::{ImageId, Mark, prompt_start};
use crate::message::{Action, Zoom};
use crate::state::{Sheet, VisibleRun};

/// Images shown on the filmstrip to each side of the one shown large; more than any window is wide.
const STRIP_REACH: usize = 60;

/// The viewer in the whole of `ui`; answers with the room of the image.
pub(super) fn viewer_ui(ui: &mut Ui, cx: &mut Cx<'_>) -> Rect {
    let area = ui.available_rect_before_wrap();
    let session = cx.session;
    let around = Around::new(area, session.desk());
    let sheet = session.sheet();
    ui.painter().rect_filled(around.room, 0.0, surround(session.settings().surround, palette(ui)));
    let stop = stop_id();
    cx.memory.images_id = Some(stop);
    let shown = session.viewer().image().and_then(|image| Some((image, sheet.run(image.run)?, sheet.facts(image)?)));
    let Some((image, run, facts)) = shown else {
        return around.room;
    };
    let pane = pane_of(ui, snapped(around.room.shrink(Metric::PAD), ui.pixels_per_point()), facts);
    // Kept from image to image; a smaller one is not pushed out of sight by it.
    let panes = Panes::one(&pane);
    let lens = panes.settled(&session.viewer().lens());
    zoom_verbs(ui, cx, panes, &lens);
    let response = ui.interact(around.room, stop, Sense::click_and_drag());
    let mark = if facts.mark == Mark::None { String::new() } else { format!("{}, ", facts.mark.word()) };
    let number = u32::from(image.slot) + 1;
    let name = format!(
        "Image {number}, {mark}{}, {} by {}",
        prompt_start(run.request.prompt.as_str()),
        facts.width,
        facts.height
    );
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, &name));
    hold_keys(ui, stop);
    ask_for_menu(ui, cx, image, &response);
    let looks = handle(ui, &response, panes, &pane, &lens);
    if let Some(looks) = looks {
        cx.act(Action::Look(looks));
    }
    let is_at_rest = looks.is_none() && !response.dragged();
    if lens.zoom != Zoom::Fit {
        let icon = if response.dragged() { egui::CursorIcon::Grabbing } else { egui::CursorIcon::Grab };
        response.on_hover_cursor(icon);
    }
    // What is seen already follows the hand: a frame later would feel heavy.
    let lens = looks.unwrap_or(lens);
    image_in_pane(ui, cx, image, (&pane, &lens), is_at_rest);
    let colours = on_surround(ui, cx);
    rings(ui, &pane, &lens, (facts.mark, false), colours);
    let caption = caption(ui, pane.seen(&lens), run, image.slot, colours);
    facts_over_ui(ui, cx, &pane, (run, image.slot), Beside { cross: None, caption });

    let near = neighbours(sheet, image, STRIP_REACH);
    let strip: Vec<ImageId> =
        near.before.iter().rev().copied().chain([image]).chain(near.after.iter().copied()).collect();
    let target = pane.longest_side_pixels(lens.zoom);
    for &next in near.after.iter().take(1).chain(near.before.iter().take(1)) {
        cx.textures.expect_thumbnail(next, target);
        cx.textures.expect_picture(next);
    }
    if !around.is_bare {
        let title = run.request.prompt.as_str();
        bar_ui(ui, cx, around.bar, &Bar { title, lens, panes, current: Some(&pane) });
        filmstrip_ui(ui, cx, around.strip, &strip, Some(image));
        hints_ui(ui, cx, around.status, &hints(1, sheet.is_binned(image)));
    }
    around.room
}

/// What holds the keyboard while an image is shown large.
fn stop_id() -> Id {
    Id::unique("image shown large")
}

/// Arrows and Esc are for the images, not for moving between controls.
pub(super) fn hold_keys(ui: &Ui, stop: Id) {
    let filter = EventFilter { horizontal_arrows: true, vertical_arrows: true, escape: true, tab: false };
    ui.memory_mut(|memory| {
        if memory.has_focus(stop) {
            memory.set_focus_lock_filter(stop, filter);
        }
    });
}

/// Colours that can be read on the surround.
pub(super) fn on_surround(ui: &Ui, cx: &Cx<'_>) -> &'static Palette {
    surround_text(cx.session.settings().surround, palette(ui))
}

/// The stored images shown before and after one, nearest first.
struct Neighbours {
    before: Vec<ImageId>,
    after: Vec<ImageId>,
}

fn neighbours(sheet: &Sheet, image: ImageId, most: usize) -> Neighbours {
    let runs = sheet.visible();
    let place = runs.binary_search_by(|run| image.run.cmp(&run.run)).unwrap_or(0);
    let stored = |image: &ImageId| sheet.facts(*image).is_some();
    let of = |run: &VisibleRun| run.slots.iter().map(|slot| ImageId { run: run.run, slot }).collect::<Vec<_>>();
    let forward = runs.iter().skip(place).flat_map(of);
    let after = forward.skip_while(|&shown| shown != image).skip(1).filter(stored).take(most).collect();
    let backward = runs.iter().take(place + 1).rev().flat_map(|run| of(run).into_iter().rev());
    let before = backward.skip_while(|&shown| shown != image).skip(1).filter(stored).take(most).collect();
    Neighbours { before, after }
}

#[cfg(test)]
mod tests;
