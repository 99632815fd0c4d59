//! Smaller copies of a picture, each half as large as the one before: seen from afar it is drawn from them, so that it
//! neither shimmers nor costs more than it shows.

use super::thumbnail::thumbnail;
use crate::domain::Pixels;

/// The longest side of the smallest copy made, in pixels, at least: below that a thumbnail serves as well.
const SMALLEST: u32 = 128;

/// The picture with its copies at a half, a quarter and so on; together they hold a third of its pixels.
pub fn with_levels(pixels: Pixels) -> Pixels {
    let mut smaller: Vec<Pixels> = Vec::new();
    loop {
        let last = smaller.last().unwrap_or(&pixels);
        let half = last.width().max(last.height()) / 2;
        if half < SMALLEST {
            break;
        }
        let next = thumbnail(last, half);
        smaller.push(next);
    }
    pixels.with_smaller(smaller)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checks(width: u32, height: u32) -> Pixels {
        let word = |n: u32| if (n % width + n / width).is_multiple_of(2) { u32::MAX } else { 0xff00_0000 };
        Pixels::new(width, height, (0..width * height).map(word).collect()).unwrap()
    }

    #[test]
    fn each_copy_is_half_the_one_before_in_the_same_shape() {
        let picture = with_levels(checks(1792, 1024));
        let sizes: Vec<(u32, u32)> = picture.smaller().iter().map(|copy| (copy.width(), copy.height())).collect();
        assert_eq!(sizes, [(896, 512), (448, 256), (224, 128)]);
        assert_eq!((picture.width(), picture.height()), (1792, 1024));
        assert!(with_levels(checks(200, 100)).smaller().is_empty());
        assert!(picture.size_bytes() < 1792 * 1024 * 4 * 4 / 3 + 4096);
    }

    #[test]
    fn what_is_finer_than_a_copy_can_show_is_even() {
        for copy in with_levels(checks(512, 512)).smaller() {
            let side = copy.width();
            for (place, word) in (0..).zip(copy.words()) {
                let (x, y) = (place % side, place / side);
                if x > 1 && y > 1 && x + 2 < side && y + 2 < side {
                    let [red, ..] = word.to_ne_bytes();
                    assert!((120..=136).contains(&red), "{red} at {x}, {y} of {side}");
                }
            }
        }
    }
}
