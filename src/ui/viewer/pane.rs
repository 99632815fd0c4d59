//! One image in its pane: drawn sharp at any zoom, zoomed by the wheel, dragged by the hand.

use egui::{Align, Align2, Color32, Rect, Response, Stroke, StrokeKind, Ui, Vec2, pos2, vec2};

use crate::domain::{Difference, ImageFacts, ImageId, Mark, Run};
use crate::message::{Action, Lens, Verb, Zoom};
use crate::state::Viewer;
use crate::ui::cx::Cx;
use crate::ui::icons::Icon;
use crate::ui::picture::{Pane, Panes, draw, sampling};
use crate::ui::theme::{Palette, Type};
use crate::ui::tile::{Place, paint_on_plate, paint_words};

/// Points of wheel travel that double the zoom.
const WHEEL_DOUBLE: f32 = 200.0;
/// Below this share of its own size an image is drawn from a smaller copy: the card cannot shrink that far cleanly.
const SHRINK: f32 = 0.75;
/// A smaller copy this close to the size on the screen is sharp.
const CLOSE: f32 = 0.9;
/// A copy so much larger is not: the card would leave pixels of it out.
const FAR: f32 = 1.4;
/// From an image's edges to its caption's plate, beside the plate's own distance.
const CAPTION_INSET: f32 = 4.0;
/// Width of the ring around the pane that keys act on.
const RING_SELECTED: f32 = 2.0;
/// Width of the grease pencil's ring around a pick.
const RING_PICK: f32 = 3.0;

/// The pane of an image in a rectangle of the window.
pub(in crate::ui) fn pane_of(ui: &Ui, rect: Rect, facts: &ImageFacts) -> Pane {
    Pane::new(rect, vec2(facts.width as f32, facts.height as f32), ui.pixels_per_point())
}

/// Draws an image through the lens, and wishes for what would make it sharper. A hand that moves it is not waited for:
/// only an image at rest is made anew in just the size it is shown.
pub(in crate::ui) fn image_in_pane(
    ui: &Ui,
    cx: &mut Cx<'_>,
    image: ImageId,
    (pane, lens): (&Pane, &Lens),
    is_at_rest: bool,
) {
    let target = pane.longest_side_pixels(lens.zoom);
    let full = pane.image.max_elem();
    let painter = ui.painter();
    if target < full * SHRINK {
        let view =
            if is_at_rest { cx.textures.thumbnail(image, target) } else { cx.textures.made_thumbnail(image, target) };
        let is_close = |side: f32| side >= target * CLOSE && side <= target * FAR;
        if let Some(view) = view.filter(|view| is_close(view.size.max_elem())) {
            // What Z will ask for, when the screen has all it needs.
            cx.textures.expect_picture(image);
            return draw(painter, pane, lens, &view.into(), Color32::WHITE);
        }
    }
    if let Some(view) = cx.textures.picture(ui.ctx(), image, sampling(pane.factor(lens.zoom)), target) {
        draw(painter, pane, lens, &view, Color32::WHITE);
    } else if let Some(view) = cx.textures.stand_in(image) {
        draw(painter, pane, lens, &view.into(), Color32::WHITE);
    } else if let Some(sentence) = cx.textures.problem(image) {
        let palette = super::on_surround(ui, cx);
        let middle = pane.rect.center();
        painter.text(
            middle - vec2(0.0, 14.0),
            Align2::CENTER_BOTTOM,
            Icon::IMAGE_OFF.text(),
            Type::Icon(28.0).font(),
            palette.faint,
        );
        let width = (pane.rect.width() - 48.0).min(420.0);
        let place = Place { at: middle, width, lines: 4, align: Align::Center };
        paint_words(painter, sentence, Type::Body, palette.dim, place);
    } else {
        painter.rect_filled(pane.seen(lens), 0.0, super::on_surround(ui, cx).blank);
    }
}

/// What the hand did to the image under it.
pub(in crate::ui) fn handle(ui: &Ui, response: &Response, panes: Panes<'_>, pane: &Pane, lens: &Lens) -> Option<Lens> {
    if response.double_clicked()
        && let Some(at) = response.interact_pointer_pos()
    {
        return Some(panes.toggled(lens, (pane, at)));
    }
    if response.dragged() {
        return Some(panes.panned(lens, pane, response.drag_delta()));
    }
    if response.contains_pointer() {
        let (wheel, pinch, at) =
            ui.input(|input| (input.smooth_scroll_delta().y, input.zoom_delta(), input.pointer.latest_pos()));
        let factor = pinch * (wheel / WHEEL_DOUBLE).exp2();
        if let Some(at) = at.filter(|_| (factor - 1.0).abs() > 1e-4) {
            return Some(panes.zoomed(lens, (pane, at), pane.factor(lens.zoom) * factor));
        }
    }
    None
}

/// Keys that zoom do so about the pointer: their verbs become looks here, where the pointer is known.
pub(in crate::ui) fn zoom_verbs(ui: &Ui, cx: &mut Cx<'_>, panes: Panes<'_>, lens: &Lens) {
    let pointer = ui.input(|input| input.pointer.latest_pos());
    let under = pointer.and_then(|at| Some((panes.at(at)?, at)));
    let Some((pane, at)) = under.or_else(|| panes.first().map(|pane| (pane, pane.rect.center()))) else { return };
    for action in cx.actions.iter_mut() {
        let factor = pane.factor(lens.zoom);
        let looks = match action {
            Action::Do(Verb::ZoomActual) => panes.toggled(lens, (pane, at)),
            Action::Do(Verb::ZoomIn) => panes.zoomed(lens, (pane, at), factor * Viewer::ZOOM_STEP),
            Action::Do(Verb::ZoomOut) => panes.zoomed(lens, (pane, at), factor / Viewer::ZOOM_STEP),
            _ => continue,
        };
        *action = Action::Look(looks);
    }
}

/// The number, the mark and what differs from what was asked, at the bottom left. What most servers do to every prompt
/// is told among the facts. Answers with where it begins.
pub(in crate::ui) fn caption(ui: &Ui, seen: Rect, run: &Run, slot: u16, palette: &Palette) -> f32 {
    let mut parts = vec![(u32::from(slot) + 1).to_string()];
    let mark = run.facts(slot).map_or(Mark::None, |facts| facts.mark);
    parts.extend((mark != Mark::None).then(|| mark.word().to_owned()));
    let differences = run.differences(slot);
    parts.extend(differences.iter().filter(|difference| !difference.is_usual()).map(Difference::short));
    let words = parts.join(" · ");
    let image = seen.shrink(CAPTION_INSET);
    paint_on_plate(ui, image, Align2::LEFT_BOTTOM, &words, (Type::BodyMedium, palette, 1.0)).top()
}

/// The rings of a pane: around the image when it is smaller, around the pane when it is not.
pub(in crate::ui) fn rings(ui: &Ui, pane: &Pane, lens: &Lens, (mark, current): (Mark, bool), palette: &Palette) {
    let rect = pane.seen(lens);
    let mut gap = 0.0;
    let mut ring = |width: f32, colour| {
        ui.painter().rect_stroke(rect.expand(gap), 0.0, Stroke::new(width, colour), StrokeKind::Outside);
        gap += width;
    };
    if mark == Mark::Pick {
        ring(RING_PICK, palette.pencil);
    }
    if current {
        ring(RING_SELECTED, palette.selected_image);
    }
}

/// The zoom of the lens as a choice of the segmented control, and the choices.
pub(in crate::ui) fn zoom_choices(zoom: Zoom) -> (u8, [(u8, String); 3]) {
    let near = |factor: f32, wanted: f32| (factor - wanted).abs() < 0.005;
    let on = match zoom {
        Zoom::Fit => 0,
        Zoom::Factor(factor) if near(factor, 1.0) => 1,
        Zoom::Factor(factor) if near(factor, 2.0) => 2,
        Zoom::Factor(_) | Zoom::Times(_) => 3,
    };
    (on, [(0, "Fit".to_owned()), (1, "100 %".to_owned()), (2, "200 %".to_owned())])
}

/// The lens after a choice of the segmented control: about the middle of the first pane.
pub(in crate::ui) fn chosen(choice: u8, panes: Panes<'_>, lens: &Lens) -> Lens {
    let zoom = Zoom::Factor(f32::from(choice));
    match (choice, panes.first()) {
        (0, _) => Lens::default(),
        (_, Some(pane)) => panes.about(lens, (pane, pane.rect.center()), zoom),
        (_, None) => Lens { zoom, ..*lens },
    }
}

/// Brings a rectangle's corners onto whole screen pixels.
pub(in crate::ui) fn snapped(rect: Rect, pixels_per_point: f32) -> Rect {
    let snap = |v: Vec2| (v * pixels_per_point).round() / pixels_per_point;
    let (min, max) = (snap(rect.min.to_vec2()), snap(rect.max.to_vec2()));
    Rect::from_min_max(pos2(min.x, min.y), pos2(max.x, max.y))
}
