//! One picture in a pane, seen through a lens: where it lies, how it is zoomed and panned, how it is drawn.

use egui::emath::GuiRounding as _;
use egui::{Color32, Painter, Pos2, Rect, Vec2, pos2, vec2};

use super::textures::{PictureView, Sampling};
use crate::message::{Lens, Zoom};

/// The smallest zoom: an image of 16,384 pixels is still a speck to point at.
pub(super) const ZOOM_MIN: f32 = 0.02;
/// The largest zoom: single pixels are large enough to count.
pub(super) const ZOOM_MAX: f32 = 16.0;
/// One press of `+` or `-`.
pub(super) const ZOOM_STEP: f32 = 1.25;
/// From this zoom on people look at pixels, not at the picture: they are shown as squares.
pub(super) const PIXELS_FROM: f32 = 2.0;

/// A pane on the screen and the image in it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Pane {
    /// Where, in points.
    pub rect: Rect,
    /// The image's width and height in its own pixels, each at least 1.
    pub image: Vec2,
    /// Screen pixels for one point.
    pub pixels_per_point: f32,
}

impl Pane {
    /// A pane; a size of nothing counts as one pixel.
    pub(super) fn new(rect: Rect, image: Vec2, pixels_per_point: f32) -> Self {
        Self { rect, image: image.max(Vec2::splat(1.0)), pixels_per_point: pixels_per_point.max(0.1) }
    }

    /// The zoom at which the whole image just fits: screen pixels for one image pixel.
    pub(super) fn fit(&self) -> f32 {
        let room = self.rect.size().max(Vec2::splat(1.0)) * self.pixels_per_point;
        (room.x / self.image.x).min(room.y / self.image.y)
    }

    /// The zoom of the lens as a number.
    pub(super) fn factor(&self, zoom: Zoom) -> f32 {
        match zoom {
            Zoom::Fit => self.fit(),
            Zoom::Factor(factor) => factor,
        }
    }

    /// The whole image's size on the screen, in points.
    fn shown_size(&self, zoom: Zoom) -> Vec2 {
        self.image * (self.factor(zoom) / self.pixels_per_point)
    }

    /// Where the whole image lies, in points; parts may be outside the pane.
    pub(super) fn placed(&self, lens: &Lens) -> Rect {
        let size = self.shown_size(lens.zoom);
        let centre = match lens.zoom {
            Zoom::Fit => vec2(0.5, 0.5),
            Zoom::Factor(_) => Vec2::from(lens.centre),
        };
        Rect::from_min_size(self.rect.center() - size * centre, size)
    }

    /// The part of the pane that the image fills; the whole pane when the image is out of sight.
    pub(super) fn seen(&self, lens: &Lens) -> Rect {
        let seen = self.placed(lens).intersect(self.rect);
        if seen.is_positive() { seen } else { self.rect }
    }

    /// The point of the image, 0.0 to 1.0 of its sides, that lies at a place on the screen.
    pub(super) fn image_point(&self, lens: &Lens, at: Pos2) -> Vec2 {
        let placed = self.placed(lens);
        (at - placed.min) / placed.size()
    }

    /// The lens with another zoom, such that the image's point under `at` stays there.
    #[must_use]
    pub(super) fn zoomed(&self, lens: &Lens, at: Pos2, factor: f32) -> Lens {
        let factor = factor.clamp(ZOOM_MIN.min(self.fit()), ZOOM_MAX.max(self.fit()));
        let point = self.image_point(lens, at);
        let zoom = Zoom::Factor(factor);
        let centre = point - (at - self.rect.center()) / self.shown_size(zoom);
        self.settled(&Lens { zoom, centre: centre.into() })
    }

    /// The lens after the image was dragged by `delta` points.
    #[must_use]
    pub(super) fn panned(&self, lens: &Lens, delta: Vec2) -> Lens {
        let Zoom::Factor(_) = lens.zoom else { return *lens };
        let centre = Vec2::from(lens.centre) - delta / self.shown_size(lens.zoom);
        self.settled(&Lens { centre: centre.into(), ..*lens })
    }

    /// The lens with no empty space beside the image that could be filled: an image smaller than the pane is centred.
    #[must_use]
    pub(super) fn settled(&self, lens: &Lens) -> Lens {
        let share = self.rect.size() / self.shown_size(lens.zoom);
        let side = |centre: f32, share: f32| {
            if share >= 1.0 { 0.5 } else { centre.clamp(share / 2.0, 1.0 - share / 2.0) }
        };
        let [x, y] = lens.centre;
        Lens { zoom: lens.zoom, centre: [side(x, share.x), side(y, share.y)] }
    }

    /// 100 % about `at`, or back to fit when it is there already.
    #[must_use]
    pub(super) fn toggled(&self, lens: &Lens, at: Pos2) -> Lens {
        match lens.zoom {
            Zoom::Factor(factor) if (factor - 1.0).abs() < 0.001 => Lens::default(),
            _ => self.zoomed(lens, at, 1.0),
        }
    }

    /// The longest side of the whole image on the screen, in screen pixels.
    pub(super) fn longest_side_pixels(&self, zoom: Zoom) -> f32 {
        (self.image * self.factor(zoom)).max_elem()
    }
}

/// How pixels are to be drawn at this zoom.
pub(super) fn sampling(zoom: Zoom) -> Sampling {
    match zoom {
        Zoom::Factor(factor) if factor >= PIXELS_FROM => Sampling::Squares,
        _ => Sampling::Smooth,
    }
}

/// Draws what is there of a picture, cut to the pane. `tint` is white, or fainter for a rejected image.
pub(super) fn draw(painter: &Painter, pane: &Pane, lens: &Lens, view: &PictureView, tint: Color32) {
    let placed = pane.placed(lens);
    // Image pixels on screen pixels, or 100 % would be blurred by half a pixel.
    let placed = Rect::from_min_size(placed.min.round_to_pixels(pane.pixels_per_point), placed.size());
    let painter = painter.with_clip_rect(pane.rect.intersect(painter.clip_rect()));
    let corner = |part: Pos2| placed.min + part.to_vec2() * placed.size();
    for piece in &view.pieces {
        let rect = Rect::from_min_max(corner(piece.part.min), corner(piece.part.max));
        if rect.intersects(painter.clip_rect()) {
            painter.image(piece.texture, rect, Rect::from_min_max(pos2(0.0, 0.0), pos2(1.0, 1.0)), tint);
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn pane(width: f32, height: f32, image: [f32; 2], pixels_per_point: f32) -> Pane {
        Pane::new(Rect::from_min_size(pos2(20.0, 44.0), vec2(width, height)), image.into(), pixels_per_point)
    }

    #[test]
    fn fit_shows_the_whole_image_in_the_middle() {
        let pane = pane(800.0, 600.0, [1792.0, 1024.0], 1.0);
        let placed = pane.placed(&Lens::default());
        assert!((placed.width() - 800.0).abs() < 0.01 && placed.height() < 600.0);
        assert!((placed.center() - pane.rect.center()).length() < 0.01);
    }

    #[test]
    fn a_hundred_percent_is_one_screen_pixel_for_one_image_pixel() {
        let pane = pane(400.0, 300.0, [1024.0, 1024.0], 2.0);
        let lens = Lens { zoom: Zoom::Factor(1.0), centre: [0.5, 0.5] };
        assert!((pane.placed(&lens).width() * 2.0 - 1024.0).abs() < 0.01);
    }

    #[test]
    fn z_goes_to_a_hundred_percent_and_back() {
        let pane = pane(400.0, 300.0, [1024.0, 1024.0], 1.0);
        let close = pane.toggled(&Lens::default(), pane.rect.center());
        assert_eq!(close.zoom, Zoom::Factor(1.0));
        assert_eq!(pane.toggled(&close, pane.rect.center()), Lens::default());
    }

    #[test]
    fn a_small_image_cannot_be_pushed_out_of_the_middle() {
        let pane = pane(800.0, 600.0, [256.0, 256.0], 1.0);
        let lens = Lens { zoom: Zoom::Factor(1.0), centre: [0.5, 0.5] };
        assert_eq!(pane.panned(&lens, vec2(50.0, -20.0)), lens);
    }

    #[test]
    fn dragging_moves_the_image_with_the_hand() {
        let pane = pane(400.0, 300.0, [2000.0, 2000.0], 1.0);
        let lens = Lens { zoom: Zoom::Factor(1.0), centre: [0.5, 0.5] };
        let moved = pane.placed(&pane.panned(&lens, vec2(30.0, -12.0))).min - pane.placed(&lens).min;
        assert!((moved - vec2(30.0, -12.0)).length() < 0.01);
    }

    proptest! {
        #[test]
        fn zooming_keeps_the_point_under_the_pointer(
            at in (0.0_f32..1.0, 0.0_f32..1.0), factor in 1.5_f32..8.0, next in 1.5_f32..8.0,
            centre in (0.4_f32..0.6, 0.4_f32..0.6), ppp in prop::sample::select(vec![1.0_f32, 1.25, 2.0]),
        ) {
            let pane = pane(500.0, 400.0, [4000.0, 3000.0], ppp);
            let at = pane.rect.min + vec2(at.0, at.1) * pane.rect.size();
            let lens = Lens { zoom: Zoom::Factor(factor), centre: [centre.0, centre.1] };
            let before = pane.image_point(&lens, at);
            let after = pane.image_point(&pane.zoomed(&lens, at, next), at);
            // In image pixels: less than one.
            prop_assert!(((after - before) * pane.image).length() < 1.0);
        }

        #[test]
        fn panes_of_a_survey_show_the_same_point_in_their_middle(
            steps in prop::collection::vec((0_usize..3, 0.0_f32..1.0, 0.0_f32..1.0, 0.1_f32..8.0), 1..12),
        ) {
            let panes = [
                pane(500.0, 400.0, [1024.0, 1024.0], 1.0),
                Pane::new(Rect::from_min_size(pos2(540.0, 44.0), vec2(500.0, 400.0)), vec2(1792.0, 1024.0), 1.0),
                Pane::new(Rect::from_min_size(pos2(20.0, 480.0), vec2(500.0, 380.0)), vec2(640.0, 2000.0), 1.0),
            ];
            let mut lens = Lens::default();
            for (which, x, y, factor) in steps {
                let pane = panes[which];
                lens = pane.zoomed(&lens, pane.rect.min + vec2(x, y) * pane.rect.size(), factor);
            }
            for pane in panes {
                let middle = pane.image_point(&lens, pane.rect.center());
                let off = (middle - Vec2::from(lens.centre)) * pane.placed(&lens).size() * pane.pixels_per_point;
                prop_assert!(off.length() < 1.0, "{off:?}");
            }
        }
    }
}
