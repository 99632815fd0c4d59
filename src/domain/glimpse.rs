//! A glimpse of an image: so small that one of every image is at hand, so that no place is empty while its picture is
//! still being made.

use super::pixels::Pixels;

/// Four by four colours, without transparency.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Glimpse([u8; Self::BYTES]);

impl Glimpse {
    /// Colours in a row, and rows.
    pub const SIDE: usize = 4;
    /// Its size: a hundred thousand take 5 MB.
    pub const BYTES: usize = Self::SIDE * Self::SIDE * 3;

    /// From its bytes: red, green, blue, row by row.
    pub const fn from_bytes(bytes: [u8; Self::BYTES]) -> Self {
        Self(bytes)
    }

    /// Its bytes.
    pub const fn bytes(&self) -> [u8; Self::BYTES] {
        self.0
    }

    /// The colour in a row and a column, both from 0; black beyond.
    pub fn colour(&self, row: usize, column: usize) -> [u8; 3] {
        self.0.as_chunks::<3>().0.get(row * Self::SIDE + column).copied().unwrap_or_default()
    }

    /// A glimpse of a picture: the mean of each sixteenth of it. Clear places are as dark as the picture's premultiplied
    /// colours make them.
    pub fn of(pixels: &Pixels) -> Self {
        let (width, height) = (pixels.width() as usize, pixels.height() as usize);
        let mut bytes = [0; Self::BYTES];
        for (place, colour) in bytes.as_chunks_mut::<3>().0.iter_mut().enumerate() {
            let part = |at: usize, length: usize| {
                let from = at * length / Self::SIDE;
                from..((at + 1) * length / Self::SIDE).max(from + 1)
            };
            let (rows, columns) = (part(place / Self::SIDE, height), part(place % Self::SIDE, width));
            let line = |row: usize| pixels.words().get(row * width + columns.start..row * width + columns.end);
            let mut sums = [0_u64; 3];
            for word in rows.clone().flat_map(|row| line(row).unwrap_or_default()) {
                let [red, green, blue, _] = word.to_ne_bytes();
                sums = [sums[0] + u64::from(red), sums[1] + u64::from(green), sums[2] + u64::from(blue)];
            }
            let count = (rows.len() * columns.len()).max(1) as u64;
            *colour = sums.map(|sum| (sum / count) as u8);
        }
        Self(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_sixteenth_has_its_own_mean() {
        let (width, height) = (40, 20);
        let words = (0..width * height).map(|at| {
            let (x, y) = (at % width, at / width);
            u32::from_ne_bytes([(x / 10 * 60) as u8, (y / 5 * 60) as u8, (at % 2 * 200) as u8, 255])
        });
        let glimpse = Glimpse::of(&Pixels::new(width, height, words.collect()).unwrap());
        for row in 0..4 {
            for column in 0..4 {
                assert_eq!(glimpse.colour(row, column), [column as u8 * 60, row as u8 * 60, 100]);
            }
        }
        assert_eq!(Glimpse::from_bytes(glimpse.bytes()), glimpse);
    }

    #[test]
    fn a_picture_smaller_than_its_glimpse_has_one_too() {
        let one = Glimpse::of(&Pixels::new(1, 1, vec![u32::from_ne_bytes([9, 8, 7, 255])]).unwrap());
        assert_eq!(one.colour(0, 0), [9, 8, 7]);
        assert_eq!(one.colour(9, 9), [0, 0, 0]);
    }
}
