//! The filmstrip: the images around the one shown large.

use egui::accesskit::Role;
use egui::{Rect, Sense, Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2};

use super::cx::Cx;
use super::theme::{Metric, palette};
use super::tile::{Look, paint_thumbnail};
use crate::domain::{ImageFacts, ImageId, Mark};
use crate::message::Action;

/// Height of a frame.
const FRAME: f32 = 68.0;
/// The narrowest and the widest frame, as shares of the height.
const SHAPES: std::ops::RangeInclusive<f32> = 0.5..=1.8;

/// The strip in `rect`, with the image shown large in its middle when there are more than fit.
pub(super) fn filmstrip_ui(ui: &mut Ui, cx: &mut Cx<'_>, rect: Rect, images: &[ImageId], shown: Option<ImageId>) {
    let colours = palette(ui);
    ui.painter().rect_filled(rect, 0.0, colours.panel);
    ui.painter().hline(rect.x_range(), rect.top() + 0.5, Stroke::new(Metric::HAIR, colours.line));
    let sheet = cx.session.sheet();
    let frames: Vec<(ImageId, &ImageFacts)> =
        images.iter().filter_map(|&image| Some((image, sheet.facts(image)?))).collect();
    let widths: Vec<f32> = frames.iter().map(|(_, facts)| width(facts)).collect();
    let whole = widths.iter().map(|width| width + Metric::GAP).sum::<f32>() - Metric::GAP;
    let place = frames.iter().position(|(image, _)| Some(*image) == shown).unwrap_or(0);
    let before: f32 = widths.iter().take(place).map(|width| width + Metric::GAP).sum();
    let inner = rect.shrink2(vec2(Metric::PAD, 0.0));
    let mut left = if whole <= inner.width() {
        rect.center().x - whole / 2.0
    } else {
        // In the middle, but with nothing empty at the ends.
        let middle = rect.center().x - before - widths.get(place).copied().unwrap_or(FRAME) / 2.0;
        middle.max(inner.right() - whole).min(inner.left())
    };
    ui.ctx().allow_widget_id_changes_in(rect);
    for ((image, facts), width) in frames.into_iter().zip(widths) {
        let frame = Rect::from_min_size(pos2(left, rect.center().y - FRAME / 2.0), vec2(width, FRAME));
        left += width + Metric::GAP;
        if frame.intersects(rect) {
            frame_ui(ui, cx, frame, (image, facts), Some(image) == shown);
        }
    }
}

fn width(facts: &ImageFacts) -> f32 {
    let ratio = if facts.height > 0 { facts.width as f32 / facts.height as f32 } else { 1.0 };
    (FRAME * ratio.clamp(*SHAPES.start(), *SHAPES.end())).round()
}

fn frame_ui(ui: &mut Ui, cx: &mut Cx<'_>, rect: Rect, (image, facts): (ImageId, &ImageFacts), is_shown: bool) {
    let colours = palette(ui);
    paint_thumbnail(ui, cx, image, Look::judged(facts), (rect, colours));
    let mut gap = 1.0;
    let mut ring = |width: f32, colour| {
        let radius = f32::from(Metric::RADIUS_IMAGE) + gap;
        ui.painter().rect_stroke(rect.expand(gap), radius, Stroke::new(width, colour), StrokeKind::Outside);
        gap += width;
    };
    if facts.mark == Mark::Pick {
        ring(3.0, colours.pencil);
    }
    if is_shown {
        ring(2.0, colours.selected_image);
    }
    let response = ui.interact(rect, ui.scope_id().with(("frame", image)), Sense::CLICK);
    let number = u32::from(image.slot) + 1;
    let name = if facts.mark == Mark::None {
        format!("Frame {number}")
    } else {
        format!("Frame {number}, {}", facts.mark.word())
    };
    response.widget_info(|| WidgetInfo::selected(Role::Button, true, is_shown, &name));
    if response.clicked() {
        cx.act(Action::Click { image, extend: false, toggle: false });
    }
}
