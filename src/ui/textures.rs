//! Pictures on the graphics card: a bounded cache, and what the window still wishes for.

mod glimpses;
mod pictures;
mod thumbnails;

use std::collections::BTreeMap;

use egui::{Color32, ColorImage, Context};

use self::glimpses::Glimpses;
use self::pictures::Pictures;
pub(super) use self::pictures::{PictureView, Sampling};
pub(super) use self::thumbnails::ThumbnailView;
use self::thumbnails::Thumbnails;
use crate::domain::{Failure, Glimpse, ImageId, Pixels};
use crate::message::Wishes;

/// Thumbnails wished for at once; more than fit on any screen, few enough to compare every frame.
const MAX_WISHES: usize = 512;
/// Pictures known not to be showable; beyond that the oldest runs are asked for again.
const MAX_PROBLEMS: usize = 4096;
/// The longest sides thumbnails are made at, in pixels. Steps of at most a third keep drawing sharp without making
/// one for each position of the tile slider.
const SIZES: [u32; 15] = [64, 96, 128, 160, 192, 256, 320, 384, 512, 640, 768, 1024, 1280, 1536, 2048];
/// The largest of them.
const LARGEST: u32 = 3072;

/// The cache. What was used in this or the last frame is never dropped, so that what is seen never flickers.
#[derive(Default)]
pub struct Textures {
    thumbnails: Thumbnails,
    pictures: Pictures,
    problems: BTreeMap<ImageId, String>,
    glimpses: Glimpses,
    frame: u64,
    /// Thumbnails asked for in this frame that are not there in their size; `None` when none was asked for.
    missing: Option<usize>,
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
        self.missing = None;
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

    /// How many thumbnails in view are not there yet in their size; `None` when there are none in view.
    pub const fn missing(&self) -> Option<usize> {
        self.missing
    }

    /// The best thumbnail there is for an image shown `longest_side` screen pixels long. One of the right size is
    /// wished for when it is not there; until then an older size is better than an empty place.
    pub fn thumbnail(&mut self, image: ImageId, longest_side: f32) -> Option<ThumbnailView> {
        let asked = self.thumbnail_size(longest_side);
        let is_missing = !self.thumbnails.has(image, asked) && !self.problems.contains_key(&image);
        if is_missing {
            self.wishes.thumbnails.push((image, asked));
        }
        *self.missing.get_or_insert_default() += usize::from(is_missing);
        self.thumbnails.best(image, asked, self.frame)
    }

    /// A thumbnail made before that is not much larger or smaller than `longest_side`; none is wished for.
    pub fn made_thumbnail(&mut self, image: ImageId, longest_side: f32) -> Option<ThumbnailView> {
        self.thumbnails.made(image, longest_side as u32, self.frame)
    }

    /// The largest thumbnail there is, to stand in for a picture on its way.
    pub fn stand_in(&mut self, image: ImageId) -> Option<ThumbnailView> {
        self.thumbnails.best(image, u32::MAX, self.frame)
    }

    /// The image is not there yet; when it comes, it is shown `longest_side` screen pixels long.
    pub fn await_thumbnail(&mut self, image: ImageId, longest_side: f32) {
        self.wishes.awaited.push((image, self.thumbnail_size(longest_side)));
    }

    /// Wishes for a thumbnail that will soon be needed, after all that are needed now.
    pub fn expect_thumbnail(&mut self, image: ImageId, longest_side: f32) {
        let asked = self.thumbnail_size(longest_side);
        if !self.thumbnails.touch(image, asked, self.frame) && !self.problems.contains_key(&image) {
            self.wishes.thumbnails.push((image, asked));
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

    /// A glimpse of an image of the library.
    pub fn add_glimpse(&mut self, image: ImageId, glimpse: Glimpse) {
        self.glimpses.put(image, glimpse);
    }

    /// What an image looks like from afar, for the time until its thumbnail is there.
    pub fn glimpse(&self, image: ImageId) -> Option<Glimpse> {
        self.glimpses.get(image)
    }

    /// A picture cannot be shown: it is not wished for any more.
    pub fn picture_failed(&mut self, image: ImageId, failure: &Failure) {
        self.problems.insert(image, failure.sentence.clone());
        while self.problems.len() > MAX_PROBLEMS {
            self.problems.pop_first();
        }
    }

    /// What could not be shown is tried once more when it is looked at: its file may be whole again.
    pub fn forget_problems(&mut self) {
        self.problems.clear();
    }

    /// Why the picture cannot be shown.
    pub fn problem(&self, image: ImageId) -> Option<&str> {
        self.problems.get(&image).map(String::as_str)
    }

    /// A thumbnail came in. `asked` is the longest side that was wished for.
    pub fn insert_thumbnail(&mut self, ctx: &Context, image: ImageId, asked: u32, pixels: Pixels) {
        if self.glimpse(image).is_none() {
            self.add_glimpse(image, Glimpse::of(&pixels));
        }
        self.thumbnails.insert(ctx, (image, asked), pixels, self.frame);
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
        self.thumbnails.size_bytes() + self.pictures.size_bytes()
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
