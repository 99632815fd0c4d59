//! Pictures as models make them, for the benchmarks: light and shade, shapes with edges, and grain.

use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::{ExtendedColorType, ImageEncoder as _};

/// How far a pixel may be from its light by grain: so much that 1024 by 1024 pixels take 1.3 to 2 MB, as real ones do.
const GRAIN: u32 = 9;

/// A PNG file of this size, different for each seed.
pub(crate) fn png(width: u32, height: u32, seed: u32) -> Vec<u8> {
    let mut grain = seed.wrapping_mul(0x9e37_79b9) | 1;
    let mut samples = Vec::with_capacity(width as usize * height as usize * 3);
    for y in 0..height {
        for x in 0..width {
            let (u, v) = (x as f32 / width as f32, y as f32 / height as f32);
            let wave = (u * (5.0 + seed as f32) + (v * 7.0).sin()).sin() * 30.0 + (v * 23.0 + u * 3.0).cos() * 12.0;
            let disc = (u - 0.3 - seed as f32 * 0.03).hypot(v - 0.5) < 0.22;
            let light = [60.0 + 120.0 * v, 90.0 + 80.0 * u, 200.0 - 110.0 * v];
            for channel in light {
                grain ^= grain << 13;
                grain ^= grain >> 17;
                grain ^= grain << 5;
                let shade = if disc { channel * 0.5 + 90.0 } else { channel } + wave;
                samples.push((shade + (grain % GRAIN) as f32 - GRAIN as f32 / 2.0).clamp(0.0, 255.0) as u8);
            }
        }
    }
    let mut file = Vec::new();
    let encoder = PngEncoder::new_with_quality(&mut file, CompressionType::Default, FilterType::Adaptive);
    encoder.write_image(&samples, width, height, ExtendedColorType::Rgb8).unwrap();
    file
}

/// Ten of them.
pub(crate) fn ten(width: u32, height: u32) -> Vec<Vec<u8>> {
    (0..10).map(|seed| png(width, height, seed)).collect()
}
