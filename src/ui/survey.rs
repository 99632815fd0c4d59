//! The survey: 2 to 10 images side by side, seen through one lens.

mod best_fit;

use egui::accesskit::Role;
use egui::{Id, Rect, Sense, Ui, WidgetInfo, vec2};

pub(super) use self::best_fit::best_fit;

use super::cx::Cx;
use super::filmstrip::filmstrip_ui;
use super::icons::Icon;
use super::image_menu::ask_for_menu;
use super::picture::{Pane, Panes};
use super::theme::{Metric, Type, palette, surround};
use super::viewer::{
    Around, Bar, Beside, bar_ui, caption, facts_over_ui, handle, hints, hints_ui, hold_keys, image_in_pane,
    on_surround, pane_of, rings, snapped, zoom_verbs,
};
use crate::domain::{ImageFacts, ImageId, Mark, Run, prompt_start};
use crate::message::Action;

/// Width and height of the cross of a pane.
const CROSS: f32 = 28.0;

/// The survey in the whole of `ui`; answers with the room of the images.
pub(super) fn survey_ui(ui: &mut Ui, cx: &mut Cx<'_>) -> Rect {
    let session = cx.session;
    let around = Around::new(ui.available_rect_before_wrap(), session.desk());
    let sheet = session.sheet();
    ui.painter().rect_filled(around.room, 0.0, surround(session.settings().surround, palette(ui)));
    let images: Vec<(ImageId, &Run, &ImageFacts)> = session
        .viewer()
        .survey()
        .iter()
        .filter_map(|&image| Some((image, sheet.run(image.run)?, sheet.facts(image)?)))
        .collect();
    let ratios: Vec<f32> = images.iter().map(|(_, _, facts)| ratio(facts)).collect();
    let rects = best_fit(&ratios, around.room.shrink(Metric::PAD), Metric::PAD);
    let pixels_per_point = ui.pixels_per_point();
    let all: Vec<Pane> = images
        .iter()
        .zip(&rects)
        .map(|((_, _, facts), rect)| pane_of(ui, snapped(*rect, pixels_per_point), facts))
        .collect();
    let panes = Panes::side_by_side(&all);
    let mut lens = panes.settled(&session.viewer().survey_lens());
    zoom_verbs(ui, cx, panes, &lens);

    let stop = Id::unique("images side by side");
    cx.memory.images_id = Some(stop);
    let list = ui.interact(around.room, stop, Sense::focusable_noninteractive());
    list.widget_info(|| WidgetInfo::labeled(Role::ListBox, true, "Survey"));
    hold_keys(ui, stop);

    // First what the hand does, so that all panes follow it in the same frame.
    let mut responses = Vec::new();
    let mut is_at_rest = true;
    for (index, ((image, run, facts), pane)) in images.iter().zip(&all).enumerate() {
        let response = ui.interact(pane.rect, stop.with(*image), Sense::CLICK | Sense::DRAG);
        let name = pane_name(index + 1, images.len(), run, facts);
        let current = session.viewer().image() == Some(*image);
        response.widget_info(|| WidgetInfo::labeled(Role::ListBoxOption, true, &name));
        ui.ctx().accesskit_node_builder(response.id, |node| {
            node.set_selected(current);
            node.set_position_in_set(index + 1);
            node.set_size_of_set(images.len());
        });
        if response.clicked() {
            cx.act(Action::Click { image: *image, extend: false, toggle: false });
            ui.memory_mut(|memory| memory.request_focus(stop));
        }
        ask_for_menu(ui, cx, *image, &response);
        if let Some(looks) = handle(ui, &response, panes, pane, &lens) {
            lens = looks;
            is_at_rest = false;
            cx.act(Action::Look(looks));
        }
        is_at_rest &= !response.dragged();
        responses.push(response);
    }
    let colours = on_surround(ui, cx);
    for (((image, run, facts), pane), response) in images.iter().zip(&all).zip(&responses) {
        image_in_pane(ui, cx, *image, (pane, &lens), is_at_rest);
        let current = session.viewer().image() == Some(*image);
        rings(ui, pane, &lens, (facts.mark, current), colours);
        let seen = pane.seen(&lens);
        let caption = caption(ui, seen, run, image.slot, colours);
        let cross = Rect::from_min_size(seen.right_top() + vec2(-CROSS - 6.0, 6.0), vec2(CROSS, CROSS));
        facts_over_ui(ui, cx, pane, (run, image.slot), Beside { cross: Some(cross), caption });
        drop_ui(ui, cx, *image, cross, response.contains_pointer() || current);
    }
    if !around.is_bare {
        let current = images.iter().zip(&all).find(|((image, ..), _)| Some(*image) == session.viewer().image());
        let bar = Bar { title: &title(&images), lens, panes, current: current.map(|(_, pane)| pane) };
        bar_ui(ui, cx, around.bar, &bar);
        let strip: Vec<ImageId> = images.iter().map(|(image, _, _)| *image).collect();
        filmstrip_ui(ui, cx, around.strip, &strip, session.viewer().image());
        let in_bin = session.viewer().image().is_some_and(|image| sheet.is_binned(image));
        hints_ui(ui, cx, around.status, &hints(images.len().max(2), in_bin));
    }
    around.room
}

/// The prompt, when all have the same.
fn title(images: &[(ImageId, &Run, &ImageFacts)]) -> String {
    let mut prompts = images.iter().map(|(_, run, _)| run.request.prompt.as_str());
    match prompts.next() {
        Some(first) if prompts.all(|prompt| prompt == first) => first.to_owned(),
        _ => format!("{} images side by side", images.len()),
    }
}

fn pane_name(position: usize, of: usize, run: &Run, facts: &ImageFacts) -> String {
    let mark = if facts.mark == Mark::None { String::new() } else { format!("{}, ", facts.mark.word()) };
    let prompt = prompt_start(run.request.prompt.as_str());
    format!("{position} of {of}, {mark}{prompt}, {} by {}", facts.width, facts.height)
}

/// The cross that takes a pane out.
fn drop_ui(ui: &mut Ui, cx: &mut Cx<'_>, image: ImageId, rect: Rect, is_pointed_at: bool) {
    let response = ui.interact(rect, ui.scope_id().with(("drop", image)), Sense::CLICK);
    let name = format!("Drop {}", u32::from(image.slot) + 1);
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &name));
    if is_pointed_at || response.hovered() {
        let colours = palette(ui);
        let fill = if response.hovered() { colours.raised_hover } else { colours.raised };
        ui.painter().rect_filled(rect, Metric::RADIUS, fill.gamma_multiply(0.85));
        let font = Type::Icon(Metric::ICON).font();
        ui.painter().text(rect.center(), egui::Align2::CENTER_CENTER, Icon::CROSS.text(), font, colours.text);
    }
    if response.on_hover_text("Take it out of the comparison").clicked() {
        cx.act(Action::DropFromSurvey(image));
    }
}

fn ratio(facts: &ImageFacts) -> f32 {
    if facts.width > 0 && facts.height > 0 { facts.width as f32 / facts.height as f32 } else { 1.0 }
}

#[cfg(test)]
mod tests;
