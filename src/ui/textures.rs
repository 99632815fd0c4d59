//! Pictures on the graphics card: a bounded cache, and what the window still wishes for.

mod pictures;

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use egui::{Color32, ColorImage, Context, TextureHandle, TextureId, TextureOptions, Vec2};

use self::pictures::Pictures;
pub(super) use self::pictures::{PictureView, Sampling};
use crate::domain::{Failure, ImageId, Pixels};
use crate::message::Wishes;

/// Bytes of thumbnails kept on the card: a screen of tiles at twice the pixels, ten times over.
const THUMBNAIL_BUDGET: usize = 96 << 20;
/// Thumbnails wished for at once; more than fit on any screen, few enough to compare every frame.
const MAX_WISHES: usize = 512;
/// Pictures known not to be showable; beyond that the oldest runs are asked for again.
const MAX_PROBLEMS: usize = 4096;
/// The longest sides thumbnails are made at, in pixels. Steps of at most a third keep drawing sharp without making
/// one for each position of the tile slider.
const SIZES: [u32; 15] = [64, 96, 128, 160, 192, 256, 320, 384, 512, 640, 768, 1024, 1280, 1536, 2048];
/// The largest of them.
const LARGEST: u32 = 3072;

/// A thumbnail that can be drawn now.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ThumbnailView {
    /// The texture.
    pub texture: TextureId,
    /// Its width and height in pixels.
    pub size: Vec2,
}

struct Thumbnail {
    texture: TextureHandle,
    used: u64,
}

/// The cache. What was used in this or the last frame is never dropped, so that what is seen never flickers.
#[derive(Default)]
pub struct Textures {
    thumbnails: BTreeMap<(ImageId, u32), Thumbnail>,
    thumbnail_bytes: usize,
    pictures: Pictures,
    problems: BTreeMap<ImageId, String>,
    frame: u64,
    /// The longest side the card takes; not known before the first frame.
    texture_limit: Option<u32>,
    wishes: Wishes,
    wished: Wishes,
}

impl Textures {
    /// An empty cache.
    pub fn new() -> Self {
        Self::default()
    }

    /// A new frame begins: wishes are collected anew. `texture_limit` is the longest side the card takes, in pixels.
    pub fn begin_frame(&mut self, texture_limit: usize) {
        self.frame += 1;
        self.texture_limit = u32::try_from(texture_limit).ok();
        self.wishes = Wishes::default();
        self.pictures.begin_frame(self.frame);
    }

    /// The size of [`SIZES`] that covers `pixels`, or the largest the card takes.
    fn thumbnail_size(&self, pixels: f32) -> u32 {
        let pixels = pixels.ceil().max(1.0) as u32;
        let size = SIZES.into_iter().find(|&size| size >= pixels).unwrap_or(LARGEST);
        size.min(self.texture_limit.unwrap_or(LARGEST))
    }

    /// The frame is built: what is wished for now, when that differs from the last time.
    pub fn end_frame(&mut self) -> Option<Wishes> {
        self.wishes.thumbnails.truncate(MAX_WISHES);
        self.wishes.awaited.truncate(MAX_WISHES);
        (self.wishes != self.wished).then(|| {
            self.wished = self.wishes.clone();
            self.wished.clone()
        })
    }

    /// The best thumbnail there is for an image shown `longest_side` screen pixels long. One of the right size is
    /// wished for when it is not there; until then an older size is better than an empty place.
    pub fn thumbnail(&mut self, image: ImageId, longest_side: f32) -> Option<ThumbnailView> {
        let asked = self.thumbnail_size(longest_side);
        if !self.thumbnails.contains_key(&(image, asked)) && !self.problems.contains_key(&image) {
            self.wishes.thumbnails.push((image, asked));
        }
        let larger = self.thumbnails.range((image, asked)..=(image, u32::MAX)).next().map(|(key, _)| *key);
        let smaller = self.thumbnails.range((image, 0)..(image, asked)).next_back().map(|(key, _)| *key);
        let thumbnail = self.thumbnails.get_mut(&larger.or(smaller)?)?;
        thumbnail.used = self.frame;
        Some(ThumbnailView { texture: thumbnail.texture.id(), size: thumbnail.texture.size_vec2() })
    }

    /// A thumbnail made before that is not much larger or smaller than `longest_side`; none is wished for.
    pub fn made_thumbnail(&mut self, image: ImageId, longest_side: f32) -> Option<ThumbnailView> {
        let least = longest_side as u32;
        let (_, thumbnail) = self.thumbnails.range_mut((image, least)..=(image, u32::MAX)).next()?;
        thumbnail.used = self.frame;
        Some(ThumbnailView { texture: thumbnail.texture.id(), size: thumbnail.texture.size_vec2() })
    }

    /// The largest thumbnail there is, to stand in for a picture on its way.
    pub fn stand_in(&mut self, image: ImageId) -> Option<ThumbnailView> {
        let (_, thumbnail) = self.thumbnails.range_mut((image, 0)..=(image, u32::MAX)).next_back()?;
        thumbnail.used = self.frame;
        Some(ThumbnailView { texture: thumbnail.texture.id(), size: thumbnail.texture.size_vec2() })
    }

    /// The image is not there yet; when it comes, it is shown `longest_side` screen pixels long.
    pub fn await_thumbnail(&mut self, image: ImageId, longest_side: f32) {
        self.wishes.awaited.push((image, self.thumbnail_size(longest_side)));
    }

    /// Wishes for a thumbnail that will soon be needed, after all that are needed now.
    pub fn expect_thumbnail(&mut self, image: ImageId, longest_side: f32) {
        let key = (image, self.thumbnail_size(longest_side));
        match self.thumbnails.get_mut(&key) {
            Some(thumbnail) => thumbnail.used = self.frame,
            None if self.problems.contains_key(&image) => {}
            None => self.wishes.thumbnails.push(key),
        }
    }

    /// The full picture for an image shown `longest_side` screen pixels long, when it is there; otherwise, or when it is
    /// there for another way of drawing, it is wished for.
    pub(super) fn picture(
        &mut self,
        ctx: &Context,
        image: ImageId,
        sampling: Sampling,
        longest_side: f32,
    ) -> Option<PictureView> {
        if !self.pictures.is_for(image, sampling) && !self.problems.contains_key(&image) {
            self.wishes.pictures.push(image);
            self.pictures.will_be_drawn(image, sampling);
        }
        self.pictures.view(ctx, image, longest_side)
    }

    /// Wishes for a picture that will soon be looked at.
    pub fn expect_picture(&mut self, image: ImageId) {
        if !self.pictures.keep(image) && !self.problems.contains_key(&image) {
            self.wishes.pictures.push(image);
        }
    }

    /// A picture cannot be shown: it is not wished for any more.
    pub fn picture_failed(&mut self, image: ImageId, failure: &Failure) {
        self.problems.insert(image, failure.sentence.clone());
        while self.problems.len() > MAX_PROBLEMS {
            self.problems.pop_first();
        }
    }

    /// Why the picture cannot be shown.
    pub fn problem(&self, image: ImageId) -> Option<&str> {
        self.problems.get(&image).map(String::as_str)
    }

    /// A thumbnail came in. `asked` is the longest side that was wished for.
    pub fn insert_thumbnail(&mut self, ctx: &Context, image: ImageId, asked: u32, pixels: Pixels) {
        let size_bytes = pixels.size_bytes();
        let colours = colour_image(pixels);
        match self.thumbnails.entry((image, asked)) {
            Entry::Occupied(mut entry) => {
                let old = entry.get_mut();
                self.thumbnail_bytes = self.thumbnail_bytes.saturating_sub(old.texture.byte_size());
                old.texture.set(colours, TextureOptions::LINEAR);
                old.used = self.frame;
            }
            Entry::Vacant(entry) => {
                let texture = ctx.load_texture("thumbnail", colours, TextureOptions::LINEAR);
                entry.insert(Thumbnail { texture, used: self.frame });
            }
        }
        self.thumbnail_bytes += size_bytes;
        while self.thumbnail_bytes > THUMBNAIL_BUDGET {
            let oldest = self.thumbnails.iter().min_by_key(|(_, thumbnail)| thumbnail.used);
            let Some((&key, _)) = oldest.filter(|(_, thumbnail)| thumbnail.used + 1 < self.frame) else { break };
            if let Some(dropped) = self.thumbnails.remove(&key) {
                self.thumbnail_bytes = self.thumbnail_bytes.saturating_sub(dropped.texture.byte_size());
            }
        }
    }

    /// A full picture came in.
    pub fn insert_picture(&mut self, image: ImageId, pixels: Pixels) {
        self.pictures.insert(image, pixels);
    }

    /// Pieces that the whole picture is cut into on the card.
    #[cfg(test)]
    pub(super) fn pieces(&self, image: ImageId) -> usize {
        self.pictures.pieces(image)
    }

    /// Bytes held on the card.
    pub const fn size_bytes(&self) -> usize {
        self.thumbnail_bytes + self.pictures.size_bytes()
    }
}

/// The pixels as the window's own type, without touching them.
fn colour_image(pixels: Pixels) -> ColorImage {
    let size = [pixels.width() as usize, pixels.height() as usize];
    let colours: Vec<Color32> = bytemuck::allocation::cast_vec(pixels.into_words());
    ColorImage::new(size, colours)
}

#[cfg(test)]
mod tests;
