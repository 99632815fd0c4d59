//! Full pictures: each with its smaller copies, of which only those that are looked at are on the graphics card.

use std::collections::BTreeMap;

use egui::{ColorImage, Context, Pos2, Rect, TextureHandle, TextureId, TextureOptions, pos2};

use super::{ThumbnailView, colour_image};
use crate::domain::{ImageId, Pixels};

/// Bytes of full pictures kept: a survey of ten at 1024 by 1024, three times over.
const PICTURES_BUDGET: usize = 192 << 20;
/// Bytes handed to the card in one frame, beyond the first copy: four million pixels take it a few milliseconds.
const UPLOAD_BYTES: usize = 16 << 20;
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
    /// On the card: each piece with its [`Piece::part`] and [`Piece::uv`].
    There(Vec<(TextureHandle, Rect, Rect)>),
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
        if let Some(level) = picture.levels.get_mut(wanted)
            && let Level::Waiting(pixels) = level
        {
            let size_bytes = pixels.size_bytes();
            if self.uploaded_bytes == 0 || self.uploaded_bytes + size_bytes <= UPLOAD_BYTES {
                self.uploaded_bytes += size_bytes;
                let limit = ctx.input(|input| input.max_texture_side);
                // One pixel, so that there is something to take its place.
                let pixels = std::mem::replace(pixels, Pixels::new(1, 1, vec![0]).ok()?);
                let upload =
                    |(colours, part, uv)| (ctx.load_texture("picture", colours, picture.sampling.options()), part, uv);
                *level = Level::There(cut(pixels, limit).into_iter().map(upload).collect());
            } else {
                ctx.request_repaint();
            }
        }
        let there = picture.levels.iter().enumerate().filter_map(|(place, level)| match level {
            Level::There(pieces) => Some((place, pieces)),
            Level::Waiting(_) => None,
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

/// The picture in pieces of at most `limit` pixels a side, each with its part of the picture and of its texture.
fn cut(pixels: Pixels, limit: usize) -> Vec<(ColorImage, Rect, Rect)> {
    let whole = colour_image(pixels);
    let [width, height] = whole.size;
    if width <= limit && height <= limit {
        return vec![(whole, WHOLE, WHOLE)];
    }
    // Room for one pixel of the neighbour on each side: the card mixes across the edge as it does everywhere else.
    let step = limit.max(PIECE_MIN) - 2;
    let mut pieces = Vec::new();
    for top in (0..height).step_by(step) {
        for left in (0..width).step_by(step) {
            let (right, bottom) = ((left + step).min(width), (top + step).min(height));
            let (outer_left, outer_top) = (left.saturating_sub(1), top.saturating_sub(1));
            let size = [(right + 1).min(width) - outer_left, (bottom + 1).min(height) - outer_top];
            let part = share([left, top], [right, bottom], [width, height]);
            let uv = share([left - outer_left, top - outer_top], [right - outer_left, bottom - outer_top], size);
            pieces.push((whole.region_by_pixels([outer_left, outer_top], size), part, uv));
        }
    }
    pieces
}

/// A rectangle of pixels as shares of a whole.
fn share(min: [usize; 2], max: [usize; 2], whole: [usize; 2]) -> Rect {
    let [width, height] = whole.map(|side| side as f32);
    let corner = |[x, y]: [usize; 2]| pos2(x as f32 / width, y as f32 / height);
    Rect::from_min_max(corner(min), corner(max))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::RunId;

    fn image(slot: u16) -> ImageId {
        ImageId { run: RunId::from_number(7), slot }
    }

    fn pixels(width: u32, height: u32) -> Pixels {
        Pixels::new(width, height, vec![0xff80_4020; (width * height) as usize]).unwrap()
    }

    fn leveled(side: u32) -> Pixels {
        pixels(side, side).with_smaller(vec![pixels(side / 2, side / 2), pixels(side / 4, side / 4)])
    }

    #[test]
    fn a_picture_beyond_the_limit_is_cut_and_its_pieces_cover_it() {
        let pieces = cut(pixels(250, 90), 100);
        let sizes: Vec<[usize; 2]> = pieces.iter().map(|(piece, ..)| piece.size).collect();
        assert_eq!(sizes, [[99, 90], [100, 90], [55, 90]], "98 of its own each, and its neighbours' edges");
        let area: f32 = pieces.iter().map(|(_, part, _)| part.area()).sum();
        assert!((area - 1.0).abs() < 1e-5);
        assert_eq!(pieces[2].1.max, pos2(1.0, 1.0));
        assert_eq!(pieces[1].2, share([1, 0], [99, 90], [100, 90]));
    }

    #[test]
    fn the_nearest_copy_suits() {
        for (shrink, wanted) in [(0.2, 0), (1.0, 0), (1.4, 0), (1.5, 1), (2.0, 1), (2.9, 2), (40.0, 2)] {
            assert_eq!(level(shrink, 3), wanted, "{shrink}");
        }
        assert_eq!(level(9.0, 0), 0);
    }

    #[test]
    fn only_the_copies_that_are_looked_at_go_to_the_card() {
        let ctx = Context::default();
        let mut pictures = Pictures::default();
        pictures.begin_frame(1);
        pictures.insert(image(0), leveled(1024));
        let there = |pictures: &Pictures| {
            let levels = pictures.held[&image(0)].levels.iter();
            levels.map(|level| matches!(level, Level::There(_))).collect::<Vec<_>>()
        };
        assert_eq!(there(&pictures), [false, false, false]);
        let small = pictures.view(&ctx, image(0), 300.0).unwrap();
        assert_eq!(there(&pictures), [false, false, true]);
        pictures.begin_frame(2);
        let large = pictures.view(&ctx, image(0), 1024.0).unwrap();
        assert_eq!(there(&pictures), [true, false, true]);
        assert_ne!(small, large);
        assert_eq!(pictures.size_bytes(), leveled(1024).size_bytes());
    }

    #[test]
    fn one_frame_hands_over_a_few_and_shows_what_is_there_until_then() {
        let ctx = Context::default();
        let mut pictures = Pictures::default();
        let each = leveled(1024).size_bytes() * 3 / 4;
        let most = UPLOAD_BYTES.div_ceil(each) as u16 + 2;
        for slot in 0..most {
            pictures.insert(image(slot), leveled(1024));
        }
        pictures.begin_frame(1);
        for slot in 0..most {
            pictures.view(&ctx, image(slot), 256.0);
        }
        let mut frames = 1;
        loop {
            frames += 1;
            pictures.begin_frame(frames);
            for slot in 0..most {
                assert!(pictures.view(&ctx, image(slot), 1024.0).is_some(), "never blank");
            }
            assert!(pictures.uploaded_bytes <= UPLOAD_BYTES);
            if pictures.uploaded_bytes == 0 {
                break;
            }
        }
        assert_eq!(frames, 4, "two frames to hand over, one with nothing left to do");
    }

    #[test]
    fn looking_at_pixels_asks_for_the_picture_again_and_keeps_the_old_one_until_then() {
        let ctx = Context::default();
        let mut textures = super::super::Textures::new();
        textures.begin_frame(8192);
        assert!(textures.picture(&ctx, image(0), Sampling::Smooth, 64.0).is_none());
        textures.insert_picture(image(0), pixels(64, 64));
        textures.begin_frame(8192);
        assert!(textures.picture(&ctx, image(0), Sampling::Squares, 64.0).is_some());
        assert_eq!(textures.end_frame().unwrap().pictures, [image(0)]);
        textures.insert_picture(image(0), pixels(64, 64));
        textures.begin_frame(8192);
        assert!(textures.picture(&ctx, image(0), Sampling::Squares, 64.0).is_some());
        assert_eq!(textures.end_frame().unwrap().pictures, []);
    }
}
