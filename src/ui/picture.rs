//! Pictures in panes, seen through a lens: where they lie, how they are zoomed and panned, how they are drawn.

use egui::emath::GuiRounding as _;
use egui::{Color32, Painter, Pos2, Rect, Vec2, vec2};

use super::textures::{PictureView, Sampling};
use crate::message::{Lens, Zoom};
use crate::state::Viewer;

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

    /// The zoom of the lens as screen pixels for one image pixel.
    pub(super) fn factor(&self, zoom: Zoom) -> f32 {
        match zoom {
            Zoom::Fit => self.fit(),
            Zoom::Factor(factor) => factor,
            Zoom::Times(times) => self.fit() * times,
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
            Zoom::Factor(_) | Zoom::Times(_) => Vec2::from(lens.centre),
        };
        Rect::from_min_size(self.rect.center() - size * centre, size)
    }

    /// The same, brought onto whole screen pixels as it is drawn: 100 % would be blurred by half a pixel.
    pub(super) fn drawn(&self, lens: &Lens) -> Rect {
        let placed = self.placed(lens);
        Rect::from_min_size(placed.min.round_to_pixels(self.pixels_per_point), placed.size())
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

    /// The longest side of the whole image on the screen, in screen pixels.
    pub(super) fn longest_side_pixels(&self, zoom: Zoom) -> f32 {
        (self.image * self.factor(zoom)).max_elem()
    }
}

/// The panes that one lens is held over: the one of the viewer, or all of a survey.
#[derive(Clone, Copy, Debug)]
pub(super) struct Panes<'a> {
    all: &'a [Pane],
    side_by_side: bool,
}

impl<'a> Panes<'a> {
    /// The viewer's.
    pub(super) const fn one(pane: &'a Pane) -> Self {
        Self { all: std::slice::from_ref(pane), side_by_side: false }
    }

    /// A survey's, also when one is left. From fit on, all images grow alike, whatever their sizes.
    pub(super) const fn side_by_side(all: &'a [Pane]) -> Self {
        Self { all, side_by_side: true }
    }

    /// The pane at a place on the screen.
    pub(super) fn at(&self, at: Pos2) -> Option<&'a Pane> {
        self.all.iter().find(|pane| pane.rect.contains(at))
    }

    /// The first of them.
    pub(super) const fn first(&self) -> Option<&'a Pane> {
        self.all.first()
    }

    /// The lens with another zoom of `pane`, such that its image's point under `at` stays there.
    #[must_use]
    pub(super) fn zoomed(&self, lens: &Lens, (pane, at): (&Pane, Pos2), factor: f32) -> Lens {
        let fit = pane.fit();
        let factor = factor.clamp(Viewer::ZOOM_MIN.min(fit), Viewer::ZOOM_MAX.max(fit));
        let zoom = match lens.zoom {
            Zoom::Fit | Zoom::Times(_) if self.side_by_side => Zoom::Times(factor / fit),
            _ => Zoom::Factor(factor),
        };
        self.about(lens, (pane, at), zoom)
    }

    /// 100 % about `at`, or back to fit when it is there already.
    #[must_use]
    pub(super) fn toggled(&self, lens: &Lens, at: (&Pane, Pos2)) -> Lens {
        match lens.zoom {
            Zoom::Factor(factor) if (factor - 1.0).abs() < 0.001 => Lens::default(),
            _ => self.about(lens, at, Zoom::Factor(1.0)),
        }
    }

    /// The lens with another zoom, such that the image's point under `at` stays there.
    #[must_use]
    pub(super) fn about(&self, lens: &Lens, (pane, at): (&Pane, Pos2), zoom: Zoom) -> Lens {
        let point = pane.image_point(lens, at);
        let centre = point - (at - pane.rect.center()) / pane.shown_size(zoom);
        self.settled(&Lens { zoom, centre: centre.into() })
    }

    /// The lens after the image in `pane` was dragged by `delta` points.
    #[must_use]
    pub(super) fn panned(&self, lens: &Lens, pane: &Pane, delta: Vec2) -> Lens {
        if lens.zoom == Zoom::Fit {
            return *lens;
        }
        let centre = Vec2::from(lens.centre) - delta / pane.shown_size(lens.zoom);
        self.settled(&Lens { centre: centre.into(), ..*lens })
    }

    /// The lens with no empty space beside the images that all of them could fill: what is smaller than its pane in
    /// every pane is centred.
    #[must_use]
    pub(super) fn settled(&self, lens: &Lens) -> Lens {
        let shares = self.all.iter().map(|pane| pane.rect.size() / pane.shown_size(lens.zoom));
        // The image that reaches furthest beyond its pane may be seen to its edge.
        let least = shares.reduce(Vec2::min).unwrap_or(Vec2::splat(1.0)).min(Vec2::splat(1.0));
        let side = |centre: f32, share: f32| centre.clamp(share / 2.0, 1.0 - share / 2.0);
        let [x, y] = lens.centre;
        Lens { zoom: lens.zoom, centre: [side(x, least.x), side(y, least.y)] }
    }
}

/// How pixels are to be drawn at this zoom.
pub(super) fn sampling(factor: f32) -> Sampling {
    if factor >= PIXELS_FROM { Sampling::Squares } else { Sampling::Smooth }
}

/// Draws what is there of a picture, cut to the pane. `tint` is white, or fainter for a rejected image.
pub(super) fn draw(painter: &Painter, pane: &Pane, lens: &Lens, view: &PictureView, tint: Color32) {
    let placed = pane.drawn(lens);
    let painter = painter.with_clip_rect(pane.rect.intersect(painter.clip_rect()));
    let corner = |part: Pos2| placed.min + part.to_vec2() * placed.size();
    for piece in &view.pieces {
        let rect = Rect::from_min_max(corner(piece.part.min), corner(piece.part.max));
        if rect.intersects(painter.clip_rect()) {
            painter.image(piece.texture, rect, piece.uv, tint);
        }
    }
}

#[cfg(test)]
mod tests;
