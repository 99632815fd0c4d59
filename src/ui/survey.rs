//! The survey: 2 to 10 images side by side, seen through one lens.

use egui::accesskit::Role;
use egui::{Id, Rect, Sense, Ui, WidgetInfo, pos2, vec2};

use super::cx::Cx;
use super::filmstrip::filmstrip_ui;
use super::icons::Icon;
use super::image_menu::ask_for_menu;
use super::picture::Pane;
use super::theme::{Metric, Type, palette, surround};
use super::tile::prompt_start;
use super::viewer::{
    Around, bar_ui, caption, handle, hints, hints_ui, hold_keys, image_in_pane, on_surround, pane_of, rings, snapped,
    zoom_verbs,
};
use crate::domain::{ImageFacts, ImageId, Mark, Run};
use crate::message::Action;

/// Width and height of the cross of a pane.
const CROSS: f32 = 28.0;

/// The survey in the whole of `ui`.
pub(super) fn survey_ui(ui: &mut Ui, cx: &mut Cx<'_>) {
    let around = Around::new(ui.available_rect_before_wrap());
    let session = cx.session;
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
    let panes: Vec<Pane> = images
        .iter()
        .zip(&rects)
        .map(|((_, _, facts), rect)| pane_of(ui, snapped(*rect, pixels_per_point), facts))
        .collect();
    let mut lens = session.viewer().lens();
    zoom_verbs(ui, cx, &panes, &lens);

    let stop = Id::unique("images side by side");
    cx.memory.images_id = Some(stop);
    let list = ui.interact(around.room, stop, Sense::focusable_noninteractive());
    list.widget_info(|| WidgetInfo::labeled(Role::ListBox, true, "Survey"));
    hold_keys(ui, stop);

    // First what the hand does, so that all panes follow it in the same frame.
    let mut responses = Vec::new();
    for (index, ((image, run, facts), pane)) in images.iter().zip(&panes).enumerate() {
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
        if let Some(looks) = handle(ui, &response, pane, &lens) {
            lens = looks;
            cx.act(Action::Look(looks));
        }
        responses.push(response);
    }
    let colours = on_surround(ui, cx);
    for (((image, _, facts), pane), response) in images.iter().zip(&panes).zip(&responses) {
        image_in_pane(ui, cx, *image, pane, &lens);
        let current = session.viewer().image() == Some(*image);
        rings(ui, pane, &lens, (facts.mark, current), colours);
        let seen = pane.seen(&lens);
        caption(ui, seen, *image, facts.mark, colours);
        drop_ui(ui, cx, *image, seen, response.contains_pointer() || current);
    }
    let title = images.first().map_or("", |(_, run, _)| run.request.prompt.as_str());
    bar_ui(ui, cx, around.bar, title, panes.first());
    let strip: Vec<ImageId> = images.iter().map(|(image, _, _)| *image).collect();
    filmstrip_ui(ui, cx, around.strip, &strip, session.viewer().image());
    hints_ui(ui, around.status, &hints(ui, images.len().max(2)));
}

fn pane_name(position: usize, of: usize, run: &Run, facts: &ImageFacts) -> String {
    let mark = if facts.mark == Mark::None { String::new() } else { format!("{}, ", facts.mark.word()) };
    let prompt = prompt_start(run.request.prompt.as_str());
    format!("{position} of {of}, {mark}{prompt}, {} by {}", facts.width, facts.height)
}

/// The cross that takes a pane out.
fn drop_ui(ui: &mut Ui, cx: &mut Cx<'_>, image: ImageId, seen: Rect, is_pointed_at: bool) {
    let rect = Rect::from_min_size(seen.right_top() + vec2(-CROSS - 6.0, 6.0), vec2(CROSS, CROSS));
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

/// Images shown at this share of the largest possible area count as shown equally large.
const NEARLY: f32 = 0.97;

/// Divides a room into equal panes, in reading order, such that images of these shapes are shown as large as they
/// can be; the last row is centred.
pub(super) fn best_fit(ratios: &[f32], room: Rect, gap: f32) -> Vec<Rect> {
    let count = ratios.len();
    let pane = |columns: usize| {
        let rows = count.div_ceil(columns);
        // Whole points, so that no pane is a pixel larger than its neighbour.
        let share = |length: f32, parts: usize| ((length - gap * (parts - 1) as f32) / parts as f32).floor().max(1.0);
        vec2(share(room.width(), columns), share(room.height(), rows))
    };
    let seen = |columns: usize| {
        let pane = pane(columns);
        ratios.iter().map(|&ratio| pane.x.min(pane.y * ratio).powi(2) / ratio).sum::<f32>()
    };
    // Arrangements that show the images about equally large: the one with the fewest empty places looks best.
    let largest = (1..=count).map(seen).fold(0.0, f32::max);
    let empty = |columns: usize| count.div_ceil(columns) * columns - count;
    let Some(columns) =
        (1..=count).filter(|&columns| seen(columns) >= largest * NEARLY).min_by_key(|&columns| empty(columns))
    else {
        return Vec::new();
    };
    let size = pane(columns);
    (0..count)
        .map(|index| {
            let (row, column) = (index / columns, index % columns);
            let in_row = columns.min(count - row * columns);
            let row_width = in_row as f32 * (size.x + gap) - gap;
            let left = room.center().x - row_width / 2.0 + column as f32 * (size.x + gap);
            Rect::from_min_size(pos2(left, room.top() + row as f32 * (size.y + gap)), size)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use egui::Key;
    use egui_kittest::Harness;
    use egui_kittest::kittest::Queryable as _;
    use proptest::prelude::*;

    use super::*;
    use crate::domain::RunId;
    use crate::message::Verb;
    use crate::ui::Textures;
    use crate::ui::stage::{Stage, paint, run, stored};

    fn stage(images: u32) -> Stage {
        let marks = &"p..p......".chars().take(images as usize).collect::<String>();
        let mut stage = Stage::with(vec![stored(
            run(1, "Botanical plate of an imagined fern, gouache", "1024x1024", images),
            marks,
        )]);
        stage.act(Action::Do(Verb::SelectAll));
        stage.act(Action::Do(Verb::Survey));
        stage
    }

    fn window(images: u32) -> Harness<'static, Stage> {
        let mut harness = stage(images).window([1360.0, 860.0], 1.0, survey_ui);
        harness.run();
        harness
    }

    #[test]
    fn every_pane_is_announced_and_the_tree_alone_can_judge() {
        let mut harness = window(5);
        harness.get_by_label("4 of 5, picked, Botanical plate of an imagined fern, gouache, 1024 by 1024");
        harness.get_by_label_contains("2 of 5, Botanical").click_accesskit();
        harness.run_steps(2);
        harness.key_press(Key::P);
        harness.run_steps(2);
        harness.get_by_label_contains("2 of 5, picked");
        harness.get_by_label("Drop 3").click_accesskit();
        harness.run_steps(2);
        assert_eq!(harness.state().session.viewer().survey().len(), 4);
    }

    #[test]
    fn x_drops_and_the_rest_grow_and_enter_keeps_the_last() {
        let mut harness = window(3);
        let area = |harness: &Harness<'_, Stage>| harness.get_by_label_contains("1 of ").rect().area();
        let before = area(&harness);
        for left in [2, 1] {
            harness.key_press(Key::X);
            harness.run_steps(3);
            assert_eq!(harness.state().session.viewer().survey().len(), left);
        }
        assert!(area(&harness) > 2.0 * before);
        harness.key_press(Key::Enter);
        harness.run_steps(3);
        let sheet = harness.state().session.sheet();
        let picks: Vec<u16> = sheet.visible_picks().iter().map(|image| image.slot).collect();
        assert_eq!(picks, [2]);
        assert_eq!(harness.state().session.desk().page(), crate::message::Page::Sheet);
    }

    #[test]
    fn all_panes_follow_one_wheel() {
        let mut harness = window(2);
        harness.hover_at(pos2(200.0, 300.0));
        harness.run_steps(2);
        harness.key_press(Key::Z);
        harness.run_steps(4);
        let shown = harness.state().session.viewer().lens();
        assert_eq!(shown.zoom, crate::message::Zoom::Factor(1.0));
        // The same image twice would be the same pixels twice: here every picture is the same.
        harness.state_mut().painter =
            |_, width, height| paint(ImageId { run: RunId::from_number(1), slot: 0 }, width, height);
        harness.state_mut().textures = Textures::new();
        harness.remove_cursor();
        harness.run_steps(4);
        let picture = harness.render().unwrap();
        let panes: Vec<Rect> = ["1 of 2", "2 of 2"].map(|name| harness.get_by_label_contains(name).rect()).into();
        let mut far = 0;
        for y in (200..600).step_by(16) {
            for x in (100..500).step_by(16) {
                let other = x + (panes[1].left() - panes[0].left()).round() as u32;
                let (a, b) = (picture.get_pixel(x, y).0, picture.get_pixel(other, y).0);
                far += usize::from(a.iter().zip(b).any(|(a, b)| a.abs_diff(b) > 6));
            }
        }
        assert_eq!(far, 0, "of 625 pixels");
    }

    fn columns(ratios: &[f32], width: f32, height: f32) -> usize {
        let panes = best_fit(ratios, Rect::from_min_size(pos2(0.0, 0.0), vec2(width, height)), 12.0);
        panes.iter().filter(|pane| pane.top() < panes[0].bottom()).count()
    }

    #[test]
    fn panes_are_divided_as_a_person_would() {
        assert_eq!(columns(&[1.0; 2], 1336.0, 674.0), 2);
        assert_eq!(columns(&[1.0; 2], 600.0, 1000.0), 1);
        assert_eq!(columns(&[1.0; 4], 1336.0, 686.0), 2);
        assert_eq!(columns(&[1.0; 5], 1336.0, 674.0), 3);
        assert_eq!(columns(&[0.57; 4], 1336.0, 674.0), 4);
        assert_eq!(columns(&[1.75; 4], 1336.0, 674.0), 2);
        assert_eq!(columns(&[1.0; 10], 1336.0, 674.0), 5);
        assert!(best_fit(&[], Rect::ZERO, 12.0).is_empty());
    }

    proptest! {
        #[test]
        fn panes_never_overlap_nor_leave_the_room(
            ratios in prop::collection::vec(0.3_f32..3.0, 1..11), width in 300.0_f32..3000.0, height in 300.0_f32..2000.0,
        ) {
            let room = Rect::from_min_size(pos2(10.0, 20.0), vec2(width, height));
            let panes = best_fit(&ratios, room, 12.0);
            prop_assert_eq!(panes.len(), ratios.len());
            for (index, pane) in panes.iter().enumerate() {
                prop_assert!(room.expand(0.5).contains_rect(*pane));
                for other in panes.iter().skip(index + 1) {
                    prop_assert!(!pane.shrink(0.5).intersects(*other));
                }
            }
        }
    }
}
