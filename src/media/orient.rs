//! Turning a picture the way its camera note says it is to be seen.

use image::metadata::Orientation;

/// The turned picture lies on its side: width and height change places.
pub(super) const fn swaps_sides(orientation: Orientation) -> bool {
    matches!(
        orientation,
        Orientation::Rotate90 | Orientation::Rotate270 | Orientation::Rotate90FlipH | Orientation::Rotate270FlipH
    )
}

/// The words in the order they are to be seen. `width` and `height` are those of the file and fit the words.
pub(super) fn orient(words: Vec<u32>, width: u32, height: u32, orientation: Orientation) -> Vec<u32> {
    if orientation == Orientation::NoTransforms {
        return words;
    }
    let (w, h) = (width as usize, height as usize);
    let (across, down) = if swaps_sides(orientation) { (h, w) } else { (w, h) };
    let mut turned = Vec::with_capacity(words.len());
    for y in 0..down {
        for x in 0..across {
            let (from_x, from_y) = match orientation {
                Orientation::NoTransforms => (x, y),
                Orientation::FlipHorizontal => (w - 1 - x, y),
                Orientation::FlipVertical => (x, h - 1 - y),
                Orientation::Rotate180 => (w - 1 - x, h - 1 - y),
                Orientation::Rotate90 => (y, h - 1 - x),
                Orientation::Rotate270 => (w - 1 - y, x),
                Orientation::Rotate90FlipH => (y, x),
                Orientation::Rotate270FlipH => (w - 1 - y, h - 1 - x),
            };
            turned.push(words.get(from_y * w + from_x).copied().unwrap_or_default());
        }
    }
    turned
}

#[cfg(test)]
mod tests {
    use image::{DynamicImage, RgbaImage};

    use super::*;

    #[test]
    fn all_eight_ways_agree_with_the_image_crate() {
        let words: Vec<u32> = (0..6).map(|n| 0x0102_0304 * n).collect();
        let bytes = words.iter().flat_map(|word| word.to_ne_bytes()).collect();
        for exif in 1..=8 {
            let orientation = Orientation::from_exif(exif).unwrap();
            let mut picture = DynamicImage::ImageRgba8(RgbaImage::from_raw(3, 2, Vec::clone(&bytes)).unwrap());
            picture.apply_orientation(orientation);
            let ours = orient(words.clone(), 3, 2, orientation);
            let ours: Vec<u8> = ours.iter().flat_map(|word| word.to_ne_bytes()).collect();
            assert_eq!(ours, picture.as_bytes(), "{orientation:?}");
            assert_eq!(picture.width() == 2, swaps_sides(orientation), "{orientation:?}");
        }
    }
}
