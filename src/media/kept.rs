//! Thumbnails as files to be kept: small, quick to read, and as good to look at as the thumbnail itself.

use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::{ExtendedColorType, ImageEncoder as _};

use super::decode::{decode, straight_rgba};
use super::sniff::sniff;
use crate::domain::{Failure, Format, Pixels};

/// Nobody sees a difference from here on, at a tenth of the bytes of a file without loss.
const QUALITY: u8 = 88;

/// A thumbnail as the bytes of a file for [`kept`]; `None` when the encoder refuses.
pub fn keep(pixels: &Pixels) -> Option<Vec<u8>> {
    let (width, height) = (pixels.width(), pixels.height());
    let mut file = Vec::new();
    if pixels.bytes().iter().skip(3).step_by(4).all(|&alpha| alpha == u8::MAX) {
        let rgb: Vec<u8> = pixels.words().iter().flat_map(|word| word.to_ne_bytes().into_iter().take(3)).collect();
        let encoder = JpegEncoder::new_with_quality(&mut file, QUALITY);
        encoder.write_image(&rgb, width, height, ExtendedColorType::Rgb8).ok()?;
    } else {
        // Colours stay multiplied by alpha: nothing but `kept` reads the file.
        let encoder = PngEncoder::new_with_quality(&mut file, CompressionType::Fast, FilterType::Adaptive);
        encoder.write_image(pixels.bytes(), width, height, ExtendedColorType::Rgba8).ok()?;
    }
    Some(file)
}

/// The thumbnail that was kept.
pub fn kept(file: &[u8]) -> Result<Pixels, Failure> {
    if sniff(file) != Format::Png {
        return decode(file);
    }
    let (width, height, premultiplied) = straight_rgba(file)?;
    let words = premultiplied.as_chunks::<4>().0.iter().map(|bytes| u32::from_ne_bytes(*bytes)).collect();
    Pixels::new(width, height, words)
        .map_err(|error| Failure::free(crate::domain::FailureKind::NotAnImage, error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_opaque_thumbnail_comes_back_small_and_alike() {
        let words = (0..160 * 120_u32).map(|at| {
            let (x, y) = (at % 160, at / 160);
            u32::from_ne_bytes([x as u8, (y * 2) as u8, (x / 2 + y) as u8, 255])
        });
        let pixels = Pixels::new(160, 120, words.collect()).unwrap();
        let file = keep(&pixels).unwrap();
        assert!(file.len() < pixels.size_bytes() / 10, "{}", file.len());
        let back = kept(&file).unwrap();
        assert_eq!((back.width(), back.height()), (160, 120));
        let apart = pixels.bytes().iter().zip(back.bytes()).map(|(a, b)| u64::from(a.abs_diff(*b)));
        assert!(apart.sum::<u64>() < 2 * 160 * 120 * 3, "two steps of 255 at most, on average");
    }

    #[test]
    fn a_clear_thumbnail_comes_back_exactly() {
        let words = (0..64_u32).map(|at| {
            let alpha = (at * 4) as u8;
            u32::from_ne_bytes([alpha / 2, alpha / 3, alpha, alpha])
        });
        let pixels = Pixels::new(8, 8, words.collect()).unwrap();
        assert_eq!(kept(&keep(&pixels).unwrap()).unwrap(), pixels);
    }
}
