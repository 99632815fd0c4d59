//! Keeps thumbnails on the disk, so that no image is decoded twice for the same size.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use crate::domain::{Glimpse, ImageId, Pixels};
use crate::library::Packs;
use crate::media;

/// The kept thumbnails. Opened when the first is asked for, off the way to the first frame. All of it waits for the disk.
#[derive(Clone)]
pub(super) struct Keeper {
    cache: Arc<PathBuf>,
    packs: Arc<OnceLock<Packs>>,
}

impl Keeper {
    /// The thumbnails in this cache folder.
    pub(super) fn new(cache: PathBuf) -> Self {
        Self { cache: Arc::new(cache), packs: Arc::default() }
    }

    fn packs(&self) -> &Packs {
        self.packs.get_or_init(|| Packs::open(&self.cache))
    }

    /// The thumbnail of the image with this SHA-256, when one of this size or larger is kept.
    pub(super) fn get(&self, sha256: &str, side: u32) -> Option<Pixels> {
        let pixels = media::kept(&self.packs().get(sha256, side)?).ok()?;
        Some(media::thumbnail(&pixels, side))
    }

    /// Keeps a thumbnail.
    pub(super) fn put(&self, sha256: &str, side: u32, pixels: &Pixels) {
        if let Some(file) = media::keep(pixels) {
            self.packs().put(sha256, side, &file, Glimpse::of(pixels));
        }
    }

    /// A glimpse of every image that a thumbnail is kept of; with each its SHA-256.
    pub(super) fn glimpses(&self, images: Vec<(ImageId, String)>) -> BTreeMap<ImageId, Glimpse> {
        let packs = self.packs();
        images.into_iter().filter_map(|(image, hash)| Some((image, packs.glimpse(&hash)?))).collect()
    }
}
