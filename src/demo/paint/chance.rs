//! Repeatable chance: a generator seeded from words, and the smooth noise that clouds, rock and waves are made of.

/// A stream of numbers that is the same for the same seed, on every machine.
#[derive(Clone, Debug)]
pub(super) struct Chance(u64);

impl Chance {
    /// A stream of its own for each seed.
    pub(super) const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A stream for one part of a picture, so that changing one part leaves the others as they were.
    pub(super) fn part(&self, tag: u64) -> Self {
        Self(scramble(self.0 ^ tag.wrapping_mul(0x9e37_79b9_7f4a_7c15)))
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        scramble(self.0)
    }

    /// From 0 to just below 1.
    pub(super) fn unit(&mut self) -> f32 {
        (self.next() >> 40) as f32 / 16_777_216.0
    }

    /// From `low` to just below `high`.
    pub(super) fn between(&mut self, low: f32, high: f32) -> f32 {
        low + (high - low) * self.unit()
    }

    /// A whole number below `count` (0 when `count` is 0).
    pub(super) fn below(&mut self, count: usize) -> usize {
        (self.unit() * count as f32) as usize
    }

    /// True this often.
    pub(super) fn is(&mut self, probability: f32) -> bool {
        self.unit() < probability
    }

    /// One or minus one.
    pub(super) fn sign(&mut self) -> f32 {
        if self.is(0.5) { 1.0 } else { -1.0 }
    }

    /// A seed for the noise functions.
    pub(super) fn seed(&mut self) -> u32 {
        (self.next() >> 32) as u32
    }
}

const fn scramble(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// A number for a text (FNV-1a): words choose scenes with it.
pub(super) fn text_seed(text: &str) -> u64 {
    let hash = text
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    scramble(hash)
}

/// A well mixed number for a cell of a grid.
#[inline]
fn cell(x: i32, y: i32, seed: u32) -> u32 {
    let mut h = (x as u32).wrapping_mul(0x9e37_79b1) ^ (y as u32).wrapping_mul(0x85eb_ca77) ^ seed;
    h ^= h >> 16;
    h = h.wrapping_mul(0x7feb_352d);
    h ^= h >> 15;
    h = h.wrapping_mul(0x846c_a68b);
    h ^ (h >> 16)
}

/// The cell of a pixel.
#[inline]
pub(super) fn pixel_cell(column: usize, row: usize, seed: u32) -> u32 {
    cell((column as u32).cast_signed(), (row as u32).cast_signed(), seed)
}

/// A number from 0 to 1 for a cell of a grid.
#[inline]
pub(super) fn cell_unit(x: i32, y: i32, seed: u32) -> f32 {
    (cell(x, y, seed) >> 8) as f32 / 16_777_216.0
}

#[inline]
fn slope(h: u32, dx: f32, dy: f32) -> f32 {
    let gx = (h & 0xffff) as f32 / 32_768.0 - 1.0;
    let gy = (h >> 16) as f32 / 32_768.0 - 1.0;
    gx * dx + gy * dy
}

/// Smooth noise, about -1 to 1, with one bump per unit.
#[inline]
pub(super) fn noise(x: f32, y: f32, seed: u32) -> f32 {
    let (fx, fy) = (x.floor(), y.floor());
    let (ix, iy) = (fx as i32, fy as i32);
    let (dx, dy) = (x - fx, y - fy);
    let u = dx * dx * dx * (dx * (dx * 6.0 - 15.0) + 10.0);
    let v = dy * dy * dy * (dy * (dy * 6.0 - 15.0) + 10.0);
    let a = slope(cell(ix, iy, seed), dx, dy);
    let b = slope(cell(ix + 1, iy, seed), dx - 1.0, dy);
    let c = slope(cell(ix, iy + 1, seed), dx, dy - 1.0);
    let d = slope(cell(ix + 1, iy + 1, seed), dx - 1.0, dy - 1.0);
    let top = a + (b - a) * u;
    let bottom = c + (d - c) * u;
    (top + (bottom - top) * v) * 1.5
}

/// Noise upon finer noise, about -1 to 1.
#[inline]
pub(super) fn fbm(mut x: f32, mut y: f32, octaves: u32, seed: u32) -> f32 {
    let (mut sum, mut weight, mut total) = (0.0, 0.5, 0.0);
    for octave in 0..octaves {
        sum += weight * noise(x, y, seed.wrapping_add(octave));
        total += weight;
        weight *= 0.5;
        // Turned a little each time, so that the grid never shows.
        (x, y) = (x * 1.6 + y * 1.2 + 3.7, y * 1.6 - x * 1.2 + 9.1);
    }
    sum / total * 1.25
}

/// Sharp crests and round valleys, 0 to 1: mountains, folded light.
#[inline]
pub(super) fn ridged(mut x: f32, mut y: f32, octaves: u32, seed: u32) -> f32 {
    let (mut sum, mut weight, mut total) = (0.0, 0.5, 0.0);
    for octave in 0..octaves {
        let crest = 1.0 - noise(x, y, seed.wrapping_add(octave)).abs();
        sum += weight * crest * crest;
        total += weight;
        weight *= 0.5;
        (x, y) = (x * 1.7 + y * 1.1 + 5.3, y * 1.7 - x * 1.1 + 1.9);
    }
    sum / total
}
