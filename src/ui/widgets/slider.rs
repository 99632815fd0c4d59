//! A slider: the toolkit's for keys, pointer and screen readers, painted by us.

use egui::{Color32, CornerRadius, Event, PointerButton, Pos2, Rect, Response, Slider, Stroke, Ui};
use egui::{emath::Numeric, pos2, remap_clamp};
use std::ops::RangeInclusive;

use super::ring::ring;
use crate::ui::theme::{Metric, palette};

/// Radius of the handle, in points.
const KNOB: f32 = 7.0;

/// A slider as wide as `width` points. Name it with `labelled_by` or `accessible_name`.
pub(in crate::ui) fn slider<Number: Numeric>(
    ui: &mut Ui,
    salt: &str,
    value: &mut Number,
    range: RangeInclusive<Number>,
    width: f32,
) -> Response {
    let (start, end) = (range.start().to_f64(), range.end().to_f64());
    // The toolkit paints rail and handle in one colour, so it paints nothing here and we paint over it.
    let mut response = ui
        .push_id(salt, |ui| {
            let visuals = ui.visuals_mut();
            visuals.selection.bg_fill = Color32::TRANSPARENT;
            for state in [
                &mut visuals.widgets.inactive,
                &mut visuals.widgets.hovered,
                &mut visuals.widgets.active,
                &mut visuals.widgets.noninteractive,
            ] {
                state.bg_fill = Color32::TRANSPARENT;
                state.fg_stroke = Stroke::NONE;
            }
            ui.spacing_mut().slider_width = width;
            ui.add(Slider::new(value, range).show_value(false).step_by(1.0).smart_aim(false))
        })
        .inner;
    let palette = palette(ui);
    let rect = response.rect;
    let y = rect.center().y;
    // The same inset as the toolkit's handle, so that the pointer and the picture agree.
    let inset = rect.height() / 2.5;
    if let Some(at) = struck(ui, &response) {
        let there = remap_clamp(at.x, rect.left() + inset..=rect.right() - inset, start as f32..=end as f32);
        *value = Number::from_f64(f64::from(there.round()));
        response.mark_changed();
    }
    let x = remap_clamp(value.to_f64() as f32, start as f32..=end as f32, rect.left() + inset..=rect.right() - inset);
    let rail = |left: f32, right: f32| Rect::from_min_max(pos2(left, y - 2.0), pos2(right, y + 2.0));
    let painter = ui.painter();
    painter.rect_filled(rail(rect.left(), rect.right()), CornerRadius::same(2), palette.line);
    painter.rect_filled(rail(rect.left(), x), CornerRadius::same(2), palette.dim);
    let radius = if response.hovered() || response.dragged() { KNOB + 0.5 } else { KNOB };
    painter.circle(pos2(x, y), radius, palette.knob, Stroke::new(Metric::HAIR, palette.knob_line));
    let knob = Rect::from_center_size(pos2(x, y), egui::Vec2::splat(2.0 * KNOB));
    ring(ui, &response, knob, KNOB as u8);
    response
}

/// Where the rail was pressed and let go within one frame. The toolkit's slider follows a press from the next frame on, so
/// it misses that one: a quick click while a frame takes long, or one that a program makes.
fn struck(ui: &Ui, response: &Response) -> Option<Pos2> {
    if response.interact_pointer_pos().is_some() || !response.enabled() {
        return None;
    }
    let (mut down, mut struck) = (None, None);
    ui.input(|input| {
        for event in &input.events {
            let Event::PointerButton { pos, button: PointerButton::Primary, pressed, .. } = event else { continue };
            if *pressed {
                down = Some(*pos);
            } else {
                struck = down.take();
            }
        }
    });
    struck.filter(|&at| {
        response.interact_rect.contains(at) && ui.ctx().layer_id_at(at).is_none_or(|layer| layer == response.layer_id)
    })
}

#[cfg(test)]
mod tests {
    use egui_kittest::Harness;
    use egui_kittest::kittest::Queryable as _;

    use super::*;

    fn press_at(harness: &mut Harness<'_, u32>, share: f32, in_one_frame: bool) {
        let rect = harness.get_by_label("Images").rect();
        let pos = pos2(rect.left() + share * rect.width(), rect.center().y);
        let button = |pressed| Event::PointerButton {
            pos,
            button: PointerButton::Primary,
            pressed,
            modifiers: egui::Modifiers::NONE,
        };
        let events = [Event::PointerMoved(pos), button(true), button(false)];
        if in_one_frame {
            harness.input_mut().events.extend(events);
        } else {
            for event in events {
                harness.event(event);
            }
        }
        harness.run();
    }

    #[test]
    fn a_click_on_the_rail_counts_however_short_it_is() {
        for in_one_frame in [false, true] {
            let show = |ui: &mut Ui, value: &mut u32| {
                slider(ui, "images", value, 1..=10, 200.0).accessible_name("Images");
            };
            let mut harness = Harness::builder().build_ui_state(show, 1);
            harness.run();
            press_at(&mut harness, 1.0, in_one_frame);
            assert_eq!(*harness.state(), 10, "in one frame: {in_one_frame}");
            press_at(&mut harness, 0.5, in_one_frame);
            assert!((5..=6).contains(harness.state()), "in one frame: {in_one_frame}, {}", harness.state());
            // Beside the rail is no click.
            let beside = harness.get_by_label("Images").rect().center_bottom() + egui::vec2(0.0, 30.0);
            let before = *harness.state();
            for pressed in [true, false] {
                harness.input_mut().events.push(Event::PointerButton {
                    pos: beside,
                    button: PointerButton::Primary,
                    pressed,
                    modifiers: egui::Modifiers::NONE,
                });
            }
            harness.run();
            assert_eq!(*harness.state(), before);
        }
    }
}
