//! Thumbnails on the graphics card: many to a texture, so that a screen of them is drawn in a few calls, and nothing is
//! allocated while one scrolls.

use std::collections::BTreeMap;

use egui::{Color32, ColorImage, Context, Rect, TextureHandle, TextureId, TextureOptions, Vec2, pos2, vec2};

use super::colour_image;
use crate::domain::{ImageId, Pixels};

/// Bytes of thumbnails kept on the card: three screens of tiles at twice the pixels.
pub(super) const BUDGET: usize = 96 << 20;
/// The longest side of a shared texture in pixels. A card that takes no such texture gets one for each thumbnail.
const SIDE: usize = 2048;
/// Bytes of a shared texture, if that is a line of thumbnails or more: two or three hold a screen, and making one, every
/// page of which is touched, stays within a frame.
const ATLAS_BYTES: usize = 4 << 20;
/// The largest thumbnails that share: three to a texture. Larger ones have a texture each.
const SHARED_UP_TO: u32 = 640;
/// Repeated edge pixels around each thumbnail, so that none shines into its neighbour.
const GUTTER: usize = 1;
/// Thumbnails that leave together when there is no room: looking for the oldest costs a look at all.
const LEAVE_AT_ONCE: usize = 32;

/// A thumbnail that can be drawn now.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ThumbnailView {
    /// The texture.
    pub texture: TextureId,
    /// Which part of the texture it is.
    pub source: Rect,
    /// Its width and height in pixels.
    pub size: Vec2,
}

/// An image and the longest side that was wished for.
type Key = (ImageId, u32);

/// A texture with room for thumbnails of one size.
struct Atlas {
    texture: TextureHandle,
    /// Slots beside each other.
    columns: usize,
    /// Its width and height.
    sides: [usize; 2],
    /// What lies where.
    slots: Vec<Option<Key>>,
    free: Vec<usize>,
}

enum Place {
    /// Which atlas of its size, and which slot of it.
    Shared(usize, usize),
    Own(TextureHandle),
}

struct Thumbnail {
    place: Place,
    size: [usize; 2],
    used: u64,
}

/// All of them. What was used in this or the last frame is never dropped, so that what is seen never flickers.
#[derive(Default)]
pub(super) struct Thumbnails {
    all: BTreeMap<Key, Thumbnail>,
    /// By the size of their thumbnails. A dropped one leaves its place, so that the others keep theirs.
    atlases: BTreeMap<u32, Vec<Option<Atlas>>>,
    size_bytes: usize,
}

const fn slot_side(asked: u32) -> usize {
    asked as usize + 2 * GUTTER
}

/// Slots of a shared texture, beside and below each other: it is no larger than they are.
const fn grid(asked: u32) -> [usize; 2] {
    let columns = SIDE / slot_side(asked);
    let line_bytes = columns * slot_side(asked) * slot_side(asked) * 4;
    let rows = ATLAS_BYTES / line_bytes;
    [columns, if rows == 0 { 1 } else { rows }]
}

/// Bytes of a shared texture.
const fn atlas_bytes(asked: u32) -> usize {
    let [columns, rows] = grid(asked);
    columns * rows * slot_side(asked) * slot_side(asked) * 4
}

impl Atlas {
    fn new(ctx: &Context, asked: u32) -> Self {
        let [columns, rows] = grid(asked);
        let sides = [columns, rows].map(|slots| slots * slot_side(asked));
        let empty = ColorImage::filled(sides, Color32::TRANSPARENT);
        let slots = columns * rows;
        Self {
            texture: ctx.load_texture("thumbnails", empty, TextureOptions::LINEAR),
            columns,
            sides,
            slots: vec![None; slots],
            free: (0..slots).rev().collect(),
        }
    }

    /// The corner of a slot.
    const fn corner(&self, slot: usize, asked: u32) -> [usize; 2] {
        let side = slot_side(asked);
        [slot % self.columns * side, slot / self.columns * side]
    }
}

impl Thumbnails {
    pub(super) const fn size_bytes(&self) -> usize {
        self.size_bytes
    }

    pub(super) fn has(&self, image: ImageId, asked: u32) -> bool {
        self.all.contains_key(&(image, asked))
    }

    /// One of this size or larger, else the largest there is.
    pub(super) fn best(&mut self, image: ImageId, asked: u32, frame: u64) -> Option<ThumbnailView> {
        let larger = self.all.range((image, asked)..=(image, u32::MAX)).next().map(|(key, _)| *key);
        let key = larger.or_else(|| self.all.range((image, 0)..(image, asked)).next_back().map(|(key, _)| *key));
        self.view(key?, frame)
    }

    /// The smallest of at least this size.
    pub(super) fn made(&mut self, image: ImageId, least: u32, frame: u64) -> Option<ThumbnailView> {
        let (key, _) = self.all.range((image, least)..=(image, u32::MAX)).next()?;
        self.view(*key, frame)
    }

    /// It will be needed soon: it stays. `false` when it is not there.
    pub(super) fn touch(&mut self, image: ImageId, asked: u32, frame: u64) -> bool {
        let thumbnail = self.all.get_mut(&(image, asked));
        thumbnail.map(|thumbnail| thumbnail.used = frame).is_some()
    }

    fn view(&mut self, key: Key, frame: u64) -> Option<ThumbnailView> {
        let thumbnail = self.all.get_mut(&key)?;
        thumbnail.used = frame;
        let size = vec2(thumbnail.size[0] as f32, thumbnail.size[1] as f32);
        Some(match &thumbnail.place {
            Place::Own(texture) => {
                let source = Rect::from_min_max(pos2(0.0, 0.0), pos2(1.0, 1.0));
                ThumbnailView { texture: texture.id(), source, size }
            }
            Place::Shared(atlas, slot) => {
                let atlas = self.atlases.get(&key.1)?.get(*atlas)?.as_ref()?;
                let [x, y] = atlas.corner(*slot, key.1).map(|side| (side + GUTTER) as f32);
                let [width, height] = atlas.sides.map(|side| side as f32);
                let source = Rect::from_min_size(pos2(x / width, y / height), size / vec2(width, height));
                ThumbnailView { texture: atlas.texture.id(), source, size }
            }
        })
    }

    /// A thumbnail came in. One that is there already is written over in place.
    pub(super) fn insert(&mut self, ctx: &Context, key: Key, pixels: Pixels, frame: u64) {
        self.remove(key);
        let size = [pixels.width() as usize, pixels.height() as usize];
        let card_takes_it = ctx.input(|input| input.max_texture_side) >= SIDE;
        let fits = size.iter().all(|&side| side <= key.1 as usize);
        let shares = card_takes_it && fits && key.1 <= SHARED_UP_TO;
        let place = if shares {
            let Some((place, slot)) = self.room(ctx, key.1, frame) else { return };
            let Some(Some(atlas)) = self.atlases.get_mut(&key.1).and_then(|atlases| atlases.get_mut(place)) else {
                return;
            };
            if let Some(held) = atlas.slots.get_mut(slot) {
                *held = Some(key);
            }
            let corner = atlas.corner(slot, key.1);
            atlas.texture.set_partial(corner, with_gutter(&pixels), TextureOptions::LINEAR);
            Place::Shared(place, slot)
        } else {
            self.size_bytes += pixels.size_bytes();
            Place::Own(ctx.load_texture("thumbnail", colour_image(pixels), TextureOptions::LINEAR))
        };
        self.all.insert(key, Thumbnail { place, size, used: frame });
        if !shares && self.size_bytes > BUDGET {
            self.leave(None, frame);
            self.drop_unseen(0, frame);
        }
    }

    /// A free slot for a thumbnail of this size.
    fn room(&mut self, ctx: &Context, asked: u32, frame: u64) -> Option<(usize, usize)> {
        if let Some(found) = self.free_slot(asked) {
            return Some(found);
        }
        if self.size_bytes + atlas_bytes(asked) > BUDGET {
            self.leave(Some(asked), frame);
            if let Some(found) = self.free_slot(asked) {
                return Some(found);
            }
            // No other of this size may go: textures of other sizes that nobody looks at make room, if there are any.
            self.drop_unseen(atlas_bytes(asked), frame);
            self.leave(None, frame);
        }
        let atlases = self.atlases.entry(asked).or_default();
        self.size_bytes += atlas_bytes(asked);
        let atlas = Some(Atlas::new(ctx, asked));
        match atlases.iter_mut().find(|atlas| atlas.is_none()) {
            Some(empty) => *empty = atlas,
            None => atlases.push(atlas),
        }
        self.free_slot(asked)
    }

    fn free_slot(&mut self, asked: u32) -> Option<(usize, usize)> {
        let atlases = self.atlases.get_mut(&asked)?;
        let mut places = atlases.iter_mut().enumerate();
        places.find_map(|(place, atlas)| Some((place, atlas.as_mut()?.free.pop()?)))
    }

    /// The longest unused leave: of one size those that share, or those with a texture of their own until the budget is
    /// kept. Nothing seen leaves.
    fn leave(&mut self, asked: Option<u32>, frame: u64) {
        let shared = |thumbnail: &Thumbnail| matches!(thumbnail.place, Place::Shared(..));
        let of_size = |key: &Key, thumbnail: &Thumbnail| match asked {
            Some(asked) => key.1 == asked && shared(thumbnail),
            None => !shared(thumbnail),
        };
        let unseen = self.all.iter().filter(|(key, thumbnail)| thumbnail.used + 1 < frame && of_size(key, thumbnail));
        let mut oldest: Vec<(u64, Key)> = unseen.map(|(key, thumbnail)| (thumbnail.used, *key)).collect();
        oldest.sort_unstable();
        for (_, key) in oldest.into_iter().take(LEAVE_AT_ONCE) {
            if asked.is_none() && self.size_bytes <= BUDGET {
                break;
            }
            self.remove(key);
        }
    }

    /// Drops shared textures none of whose thumbnails is seen, the longest unused first, until so many more bytes fit.
    fn drop_unseen(&mut self, more_bytes: usize, frame: u64) {
        let mut unseen: Vec<(u64, u32, usize)> = Vec::new();
        for (&asked, atlases) in &self.atlases {
            for (place, atlas) in atlases.iter().enumerate() {
                let Some(atlas) = atlas else { continue };
                let used = atlas.slots.iter().flatten().filter_map(|key| self.all.get(key)).map(|held| held.used).max();
                if used.unwrap_or(0) + 1 < frame {
                    unseen.push((used.unwrap_or(0), asked, place));
                }
            }
        }
        unseen.sort_unstable();
        for (_, asked, place) in unseen {
            if self.size_bytes + more_bytes <= BUDGET {
                break;
            }
            let atlas = self.atlases.get_mut(&asked).and_then(|atlases| atlases.get_mut(place)).and_then(Option::take);
            for key in atlas.into_iter().flat_map(|atlas| atlas.slots).flatten() {
                self.all.remove(&key);
            }
            self.size_bytes = self.size_bytes.saturating_sub(atlas_bytes(asked));
        }
    }

    fn remove(&mut self, key: Key) {
        let Some(thumbnail) = self.all.remove(&key) else { return };
        match thumbnail.place {
            Place::Own(texture) => self.size_bytes = self.size_bytes.saturating_sub(texture.byte_size()),
            Place::Shared(place, slot) => {
                let atlas = self.atlases.get_mut(&key.1).and_then(|atlases| atlases.get_mut(place));
                if let Some(Some(atlas)) = atlas {
                    if let Some(held) = atlas.slots.get_mut(slot) {
                        *held = None;
                    }
                    atlas.free.push(slot);
                }
            }
        }
    }
}

/// The pixels with their edges repeated once around.
fn with_gutter(pixels: &Pixels) -> ColorImage {
    let words: &[Color32] = bytemuck::cast_slice(pixels.words());
    let (width, height) = (pixels.width() as usize, pixels.height() as usize);
    let mut colours = Vec::with_capacity((width + 2 * GUTTER) * (height + 2 * GUTTER));
    let rows = words.chunks_exact(width);
    let (first, last) = (rows.clone().next(), rows.clone().next_back());
    for row in first.into_iter().chain(rows).chain(last) {
        colours.extend(row.first());
        colours.extend_from_slice(row);
        colours.extend(row.last());
    }
    ColorImage::new([width + 2 * GUTTER, height + 2 * GUTTER], colours)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::RunId;

    fn image(slot: u16) -> ImageId {
        ImageId { run: RunId::from_number(7), slot }
    }

    fn pixels(width: u32, height: u32) -> Pixels {
        Pixels::new(width, height, (0..width * height).collect()).expect("fits")
    }

    /// The parts of one texture that the thumbnails in use take, in pixels, gutters included.
    fn taken(thumbnails: &mut Thumbnails, keys: impl Iterator<Item = Key>) -> Vec<(TextureId, Rect)> {
        let views = keys.filter_map(|key| thumbnails.view(key, 1));
        views
            .map(|view| {
                let whole = view.size / view.source.size();
                let source = Rect::from_min_size((view.source.min.to_vec2() * whole).to_pos2(), view.size);
                (view.texture, source.expand(GUTTER as f32))
            })
            .collect()
    }

    #[test]
    fn thumbnails_share_a_texture_and_none_lies_on_another() {
        let ctx = Context::default();
        let mut thumbnails = Thumbnails::default();
        let [columns, rows] = grid(192);
        let room = (columns * rows) as u16;
        for slot in 0..room {
            let (width, height) = if slot % 3 == 0 { (192, 110) } else { (192, 192) };
            thumbnails.insert(&ctx, (image(slot), 192), pixels(width, height), 1);
        }
        let taken = taken(&mut thumbnails, (0..room).map(|slot| (image(slot), 192)));
        let whole = vec2(columns as f32, rows as f32) * slot_side(192) as f32;
        let whole = Rect::from_min_size(pos2(0.0, 0.0), whole).expand(0.01);
        assert!(room >= 20 && atlas_bytes(192) <= ATLAS_BYTES, "{room}");
        for (at, (texture, rect)) in taken.iter().enumerate() {
            assert!(whole.contains_rect(*rect), "{rect:?}");
            assert_eq!(*texture, taken[0].0, "all fit into one");
            for (_, other) in &taken[..at] {
                assert!(!rect.shrink(0.01).intersects(other.shrink(0.01)), "{rect:?} and {other:?}");
            }
        }
        assert_eq!(thumbnails.size_bytes(), atlas_bytes(192));
        thumbnails.insert(&ctx, (image(room), 192), pixels(192, 192), 1);
        assert_eq!(thumbnails.size_bytes(), 2 * atlas_bytes(192));
    }

    #[test]
    fn edges_are_repeated_around() {
        let with = with_gutter(&pixels(2, 2));
        let words: Vec<u32> = bytemuck::cast_slice(&with.pixels).to_vec();
        assert_eq!((with.size, words), ([4, 4], vec![0, 0, 1, 1, 0, 0, 1, 1, 2, 2, 3, 3, 2, 2, 3, 3]));
    }

    #[test]
    fn scrolling_on_and_on_stays_within_the_budget_without_new_textures() {
        let ctx = Context::default();
        let mut thumbnails = Thumbnails::default();
        let screen = 40;
        let mut most = 0;
        for frame in 0..60_u64 {
            for slot in 0..screen {
                let key = (image(frame as u16 * screen + slot), 256);
                if !thumbnails.touch(key.0, key.1, frame) {
                    thumbnails.insert(&ctx, key, pixels(256, 256), frame);
                }
            }
            // The screen before is still there in full.
            for slot in 0..if frame > 0 { screen } else { 0 } {
                assert!(thumbnails.has(image((frame as u16 - 1) * screen + slot), 256), "{frame} {slot}");
            }
            most = most.max(thumbnails.size_bytes());
        }
        assert!(most <= BUDGET, "{most}");
        assert!(!thumbnails.has(image(0), 256), "the oldest left");
    }

    #[test]
    fn another_size_gets_its_room_from_what_nobody_looks_at() {
        let ctx = Context::default();
        let mut thumbnails = Thumbnails::default();
        let mut slot = 0;
        while thumbnails.size_bytes() + atlas_bytes(512) <= BUDGET {
            thumbnails.insert(&ctx, (image(slot), 512), pixels(512, 512), 1);
            slot += 1;
        }
        for other in 0..20 {
            thumbnails.insert(&ctx, (image(other), 128), pixels(128, 128), 5);
        }
        assert!((0..20).all(|other| thumbnails.has(image(other), 128)));
        assert!(thumbnails.size_bytes() <= BUDGET, "{}", thumbnails.size_bytes());
        for own in 0..40 {
            thumbnails.insert(&ctx, (image(own), 1024), pixels(1024, 1024), 7 + u64::from(own));
        }
        assert!(thumbnails.size_bytes() <= BUDGET + 4 * 1024 * 1024, "{}", thumbnails.size_bytes());
        assert!(thumbnails.has(image(39), 1024));
    }
}
