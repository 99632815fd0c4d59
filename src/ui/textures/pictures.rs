//! Full pictures: each with its smaller copies, of which only those that are looked at are on the graphics card.

use std::collections::BTreeMap;

use egui::{ColorImage, Context, Pos2, Rect, TextureHandle, TextureId, TextureOptions, pos2};

use super::{ThumbnailView, colour_image};
use crate::domain::{ImageId, Pixels};

/// Bytes of full pictures kept: a survey of ten at 1024 by 1024, three times over.
const PICTURES_BUDGET: usize = 192 << 20;
/// Bytes handed to the card in one frame: four million pixels take it a few milliseconds.
const UPLOAD_BYTES: usize = 16 << 20;
/// The longest side of a piece, in pixels: a square of it is what one frame may hand over.
const PIECE_MAX: usize = 2048;
/// The narrowest pieces a picture is cut into, in pixels: each needs room for its neighbours' edges and more.
const PIECE_MIN: usize = 8;

/// How a picture larger than its own pixels is drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::ui) enum Sampling {
    /// Neighbouring pixels run into each other.
    #[default]
    Smooth,
    /// Every pixel is a square.
    Squares,
}

impl Sampling {
    const fn options(self) -> TextureOptions {
        match self {
            Self::Smooth => TextureOptions::LINEAR,
            // Drawn smaller it is still smooth.
            Self::Squares => TextureOptions { magnification: egui::TextureFilter::Nearest, ..TextureOptions::LINEAR },
        }
    }
}

/// A part of a picture.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::ui) struct Piece {
    /// The texture.
    pub texture: TextureId,
    /// Which part of the picture it is; 0.0 to 1.0 of the picture's sides.
    pub part: Rect,
    /// Which part of the texture that is: around it lie the edges of its neighbours, so that no seam is seen.
    pub uv: Rect,
}

/// A picture that can be drawn now, in as many pieces as the card's texture limit asks for.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::ui) struct PictureView {
    /// The pieces, which touch and cover it.
    pub pieces: Vec<Piece>,
}

/// All of a picture or of a texture.
const WHOLE: Rect = Rect { min: Pos2::ZERO, max: pos2(1.0, 1.0) };

impl From<ThumbnailView> for PictureView {
    /// A thumbnail stands in for the whole picture.
    fn from(view: ThumbnailView) -> Self {
        Self { pieces: vec![Piece { texture: view.texture, part: WHOLE, uv: view.source }] }
    }
}

/// One copy of a picture.
enum Level {
    /// Not looked at yet.
    Waiting(Pixels),
    /// Too large for one frame: some of its pieces are on the card, and those that are left.
    Coming(ColorImage, Vec<Placed>, Vec<Cut>),
    /// On the card.
    There(Vec<Placed>),
}

/// A piece on the card, its [`Piece::part`] and its [`Piece::uv`].
type Placed = (TextureHandle, Rect, Rect);

impl Level {
    const fn is_there(&self) -> bool {
        matches!(self, Self::There(_))
    }

    /// May go to the card in one frame.
    fn is_small(&self) -> bool {
        matches!(self, Self::Waiting(pixels) if pixels.size_bytes() <= UPLOAD_BYTES)
    }

    /// Hands over as much as a frame may still take, at least something when nothing was handed over yet.
    fn hand_over(&mut self, ctx: &Context, options: TextureOptions, uploaded_bytes: &mut usize) {
        let mut takes = |size_bytes: usize| {
            let takes = *uploaded_bytes == 0 || *uploaded_bytes + size_bytes <= UPLOAD_BYTES;
            *uploaded_bytes += if takes { size_bytes } else { 0 };
            takes
        };
        let limit = ctx.input(|input| input.max_texture_side).min(PIECE_MAX);
        let load = |colours: ColorImage| ctx.load_texture("picture", colours, options);
        let is_one = |pixels: &Pixels| pixels.width().max(pixels.height()) as usize <= limit;
        if let Self::Waiting(pixels) = self
            && is_one(pixels)
            && !takes(pixels.size_bytes())
        {
            return ctx.request_repaint();
        }
        *self = match std::mem::replace(self, Self::There(Vec::new())) {
            Self::Waiting(pixels) if is_one(&pixels) => Self::There(vec![(load(colour_image(pixels)), WHOLE, WHOLE)]),
            Self::Waiting(pixels) => {
                let whole = colour_image(pixels);
                let left = cuts(whole.size, limit);
                Self::Coming(whole, Vec::new(), left)
            }
            other => other,
        };
        if let Self::Coming(whole, there, left) = self {
            while let Some(cut) = left.pop_if(|cut| takes(cut.size_bytes())) {
                there.push((load(whole.region_by_pixels(cut.min, cut.size)), cut.part, cut.uv));
            }
            if left.is_empty() {
                *self = Self::There(std::mem::take(there));
            } else {
                ctx.request_repaint();
            }
        }
    }
}

struct Picture {
    /// The picture itself, then its copies, each half as large as the one before.
    levels: Vec<Level>,
    longest_side: f32,
    sampling: Sampling,
    size_bytes: usize,
    used: u64,
}

/// The pictures. What was used in this or the last frame is never dropped.
#[derive(Default)]
pub(super) struct Pictures {
    held: BTreeMap<ImageId, Picture>,
    size_bytes: usize,
    /// How the picture on its way will be drawn.
    sampling: BTreeMap<ImageId, Sampling>,
    frame: u64,
    uploaded_bytes: usize,
}

impl Pictures {
    pub(super) const fn begin_frame(&mut self, frame: u64) {
        self.frame = frame;
        self.uploaded_bytes = 0;
    }

    /// It is there, and for this way of drawing.
    pub(super) fn is_for(&self, image: ImageId, sampling: Sampling) -> bool {
        self.held.get(&image).is_some_and(|picture| picture.sampling == sampling)
    }

    /// When it comes in, it is drawn this way.
    pub(super) fn will_be_drawn(&mut self, image: ImageId, sampling: Sampling) {
        self.sampling.insert(image, sampling);
    }

    /// Keeps a picture that will be needed; `false` when it is not there.
    pub(super) fn keep(&mut self, image: ImageId) -> bool {
        let picture = self.held.get_mut(&image);
        picture.map(|picture| picture.used = self.frame).is_some()
    }

    /// The copy that suits a picture shown `longest_side` screen pixels long. While that one is on its way to the card,
    /// the nearest that is there.
    pub(super) fn view(&mut self, ctx: &Context, image: ImageId, longest_side: f32) -> Option<PictureView> {
        let picture = self.held.get_mut(&image)?;
        picture.used = self.frame;
        let wanted = level(picture.longest_side / longest_side, picture.levels.len());
        let options = picture.sampling.options();
        let is_first = !picture.levels.iter().any(Level::is_there);
        // What is too large for one frame is seen in a smaller copy first.
        let small = picture.levels.iter_mut().skip(wanted).find(|level| level.is_small());
        if let Some(level) = small.filter(|_| is_first) {
            level.hand_over(ctx, options, &mut self.uploaded_bytes);
        }
        if let Some(level) = picture.levels.get_mut(wanted) {
            level.hand_over(ctx, options, &mut self.uploaded_bytes);
        }
        let there = picture.levels.iter().enumerate().filter_map(|(place, level)| match level {
            Level::There(pieces) => Some((place, pieces)),
            Level::Waiting(_) | Level::Coming(..) => None,
        });
        let (_, pieces) = there.min_by_key(|(place, _)| place.abs_diff(wanted))?;
        let pieces =
            pieces.iter().map(|(texture, part, uv)| Piece { texture: texture.id(), part: *part, uv: *uv }).collect();
        Some(PictureView { pieces })
    }

    /// A picture came in. One larger than the card's limit will be cut into pieces, not reduced.
    pub(super) fn insert(&mut self, image: ImageId, mut pixels: Pixels) {
        let size_bytes = pixels.size_bytes();
        let smaller = pixels.take_smaller();
        let longest_side = pixels.width().max(pixels.height()) as f32;
        let levels = std::iter::once(pixels).chain(smaller).map(Level::Waiting).collect();
        let sampling = self.sampling.remove(&image).unwrap_or_default();
        let picture = Picture { levels, longest_side, sampling, size_bytes, used: self.frame };
        if let Some(old) = self.held.insert(image, picture) {
            self.size_bytes = self.size_bytes.saturating_sub(old.size_bytes);
        }
        self.size_bytes += size_bytes;
        while self.size_bytes > PICTURES_BUDGET {
            let oldest = self.held.iter().min_by_key(|(_, picture)| picture.used);
            let Some((&key, _)) = oldest.filter(|(_, picture)| picture.used + 1 < self.frame) else { break };
            if let Some(dropped) = self.held.remove(&key) {
                self.size_bytes = self.size_bytes.saturating_sub(dropped.size_bytes);
            }
        }
    }

    #[cfg(test)]
    pub(super) fn pieces(&self, image: ImageId) -> usize {
        match self.held.get(&image).and_then(|picture| picture.levels.first()) {
            Some(Level::There(pieces)) => pieces.len(),
            _ => 0,
        }
    }

    /// Bytes held, on the card or on their way to it.
    pub(super) const fn size_bytes(&self) -> usize {
        self.size_bytes
    }
}

/// Which of `count` copies suits a picture that is shown `shrink` times smaller than it is: the nearest in size, so
/// that the card neither leaves pixels out nor blurs what can be seen.
fn level(shrink: f32, count: usize) -> usize {
    (shrink.max(1.0).log2().round() as usize).min(count.saturating_sub(1))
}

/// A piece to be cut out of a picture.
#[derive(Clone, Copy, Debug)]
struct Cut {
    /// Its corner and size in pixels, with the edges of its neighbours.
    min: [usize; 2],
    size: [usize; 2],
    /// As in [`Piece`].
    part: Rect,
    uv: Rect,
}

impl Cut {
    const fn size_bytes(&self) -> usize {
        let [width, height] = self.size;
        width * height * size_of::<egui::Color32>()
    }
}

/// A picture of this size in pieces of at most `limit` pixels a side.
fn cuts([width, height]: [usize; 2], limit: usize) -> Vec<Cut> {
    // Room for one pixel of the neighbour on each side: the card mixes across the edge as it does everywhere else.
    let step = limit.max(PIECE_MIN) - 2;
    let mut cuts = Vec::new();
    for top in (0..height).step_by(step) {
        for left in (0..width).step_by(step) {
            let (right, bottom) = ((left + step).min(width), (top + step).min(height));
            let (outer_left, outer_top) = (left.saturating_sub(1), top.saturating_sub(1));
            let size = [(right + 1).min(width) - outer_left, (bottom + 1).min(height) - outer_top];
            let part = share([left, top], [right, bottom], [width, height]);
            let uv = share([left - outer_left, top - outer_top], [right - outer_left, bottom - outer_top], size);
            cuts.push(Cut { min: [outer_left, outer_top], size, part, uv });
        }
    }
    cuts
}

/// A rectangle of pixels as shares of a whole.
fn share(min: [usize; 2], max: [usize; 2], whole: [usize; 2]) -> Rect {
    let [width, height] = whole.map(|side| side as f32);
    let corner = |[x, y]: [usize; 2]| pos2(x as f32 / width, y as f32 / height);
    Rect::from_min_max(corner(min), corner(max))
}

#[cfg(test)]
mod tests;
