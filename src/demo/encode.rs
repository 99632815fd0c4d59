//! Painted pixels as PNG bytes.
//!
//! The `image` crate belongs to the room `media`, which only reads pictures; this is the one place that makes one,
//! and it uses nothing but the PNG encoder.

use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::{ExtendedColorType, ImageEncoder as _};

use super::paint::Picture;

/// The picture as a PNG file; `None` if the encoder refuses it.
pub(super) fn png(picture: &Picture) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(picture.rgb.len() / 2);
    // Grain does not compress: the quick setting gives nearly the same size in a fraction of the time.
    let encoder = PngEncoder::new_with_quality(&mut bytes, CompressionType::Fast, FilterType::Adaptive);
    encoder.write_image(&picture.rgb, picture.width, picture.height, ExtendedColorType::Rgb8).ok()?;
    Some(bytes)
}
