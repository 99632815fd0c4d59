//! A decoded picture, ready to be shown.

use std::fmt;

/// Premultiplied sRGB RGBA pixels, row by row from the top left, four bytes a pixel in memory order.
///
/// Kept as `u32` words so that the window can take them over as its own colour type without a copy.
#[derive(Clone, PartialEq, Eq)]
pub struct Pixels {
    width: u32,
    height: u32,
    words: Vec<u32>,
    smaller: Vec<Self>,
}

/// The number of words did not fit the stated width and height.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{words} pixels do not make a picture of {width} by {height}")]
pub struct PixelsError {
    /// Stated width in pixels.
    pub width: u32,
    /// Stated height in pixels.
    pub height: u32,
    /// Pixels given.
    pub words: usize,
}

impl Pixels {
    /// A picture from its pixels. Width and height must not be 0 and must multiply to the number of words.
    pub fn new(width: u32, height: u32, words: Vec<u32>) -> Result<Self, PixelsError> {
        let wanted = u64::from(width) * u64::from(height);
        if wanted == 0 || wanted != words.len() as u64 {
            return Err(PixelsError { width, height, words: words.len() });
        }
        Ok(Self { width, height, words, smaller: Vec::new() })
    }

    /// Width in pixels, at least 1.
    pub const fn width(&self) -> u32 {
        self.width
    }

    /// Height in pixels, at least 1.
    pub const fn height(&self) -> u32 {
        self.height
    }

    /// The pixels as words.
    pub fn words(&self) -> &[u32] {
        &self.words
    }

    /// The pixels as bytes: R, G, B, A, premultiplied.
    pub fn bytes(&self) -> &[u8] {
        bytemuck::cast_slice(&self.words)
    }

    /// Gives the words away.
    pub fn into_words(self) -> Vec<u32> {
        self.words
    }

    /// The same picture with smaller copies of itself, largest first, to be drawn where it is seen from afar.
    #[must_use]
    pub fn with_smaller(mut self, smaller: Vec<Self>) -> Self {
        self.smaller = smaller;
        self
    }

    /// The smaller copies that were made of it, largest first.
    pub fn smaller(&self) -> &[Self] {
        &self.smaller
    }

    /// Gives the smaller copies away.
    pub fn take_smaller(&mut self) -> Vec<Self> {
        std::mem::take(&mut self.smaller)
    }

    /// Memory held, in bytes, with the smaller copies.
    pub fn size_bytes(&self) -> usize {
        self.words.len() * 4 + self.smaller.iter().map(Self::size_bytes).sum::<usize>()
    }
}

impl fmt::Debug for Pixels {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Pixels({} by {})", self.width, self.height)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_length_must_fit() {
        assert!(Pixels::new(2, 2, vec![0; 4]).is_ok());
        assert!(Pixels::new(2, 2, vec![0; 3]).is_err());
        assert!(Pixels::new(0, 2, vec![]).is_err());
    }
}
