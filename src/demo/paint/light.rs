//! Colour as linear light: sums and mixes behave as they do in a room, and gradients run through `OKLab` so they stay clean.

use std::ops::{Add, AddAssign, Mul};

/// Red, green and blue as linear light; 1 is paper white, lamps go above it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Light {
    pub(super) r: f32,
    pub(super) g: f32,
    pub(super) b: f32,
}

impl Light {
    /// No light at all.
    pub(super) const BLACK: Self = Self { r: 0.0, g: 0.0, b: 0.0 };

    /// The same amount of each.
    pub(super) const fn grey(value: f32) -> Self {
        Self { r: value, g: value, b: value }
    }

    /// From the usual six digits, `0xRRGGBB`.
    pub(super) fn hex(code: u32) -> Self {
        let part = |shift: u32| to_linear(((code >> shift) & 0xff) as f32 / 255.0);
        Self { r: part(16), g: part(8), b: part(0) }
    }

    /// `self` at 0, `other` at 1, mixed as light.
    #[inline]
    pub(super) fn mix(self, other: Self, t: f32) -> Self {
        Self {
            r: self.r + (other.r - self.r) * t,
            g: self.g + (other.g - self.g) * t,
            b: self.b + (other.b - self.b) * t,
        }
    }

    /// Seen through a coloured glass.
    #[inline]
    pub(super) fn through(self, glass: Self) -> Self {
        Self { r: self.r * glass.r, g: self.g * glass.g, b: self.b * glass.b }
    }

    /// How bright it looks.
    #[inline]
    pub(super) fn luma(self) -> f32 {
        0.2126 * self.r + 0.7152 * self.g + 0.0722 * self.b
    }

    /// More colour above 1, less below, the same brightness.
    #[inline]
    pub(super) fn saturated(self, amount: f32) -> Self {
        let grey = Self::grey(self.luma());
        let mixed = grey.mix(self, amount);
        Self { r: mixed.r.max(0.0), g: mixed.g.max(0.0), b: mixed.b.max(0.0) }
    }

    /// As lightness and two colour axes in which equal steps look equal.
    pub(super) fn to_lab(self) -> Lab {
        let l = (0.412_221_46 * self.r + 0.536_332_55 * self.g + 0.051_445_995 * self.b).max(0.0).cbrt();
        let m = (0.211_903_5 * self.r + 0.680_699_5 * self.g + 0.107_396_96 * self.b).max(0.0).cbrt();
        let s = (0.088_302_46 * self.r + 0.281_718_85 * self.g + 0.629_978_7 * self.b).max(0.0).cbrt();
        Lab {
            l: 0.210_454_26 * l + 0.793_617_8 * m - 0.004_072_047 * s,
            a: 1.977_998_5 * l - 2.428_592_2 * m + 0.450_593_7 * s,
            b: 0.025_904_037 * l + 0.782_771_77 * m - 0.808_675_77 * s,
        }
    }
}

impl Add for Light {
    type Output = Self;
    #[inline]
    fn add(self, other: Self) -> Self {
        Self { r: self.r + other.r, g: self.g + other.g, b: self.b + other.b }
    }
}

impl AddAssign for Light {
    #[inline]
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl Mul<f32> for Light {
    type Output = Self;
    #[inline]
    fn mul(self, by: f32) -> Self {
        Self { r: self.r * by, g: self.g * by, b: self.b * by }
    }
}

/// A colour in `OKLab`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Lab {
    pub(super) l: f32,
    pub(super) a: f32,
    pub(super) b: f32,
}

impl Lab {
    /// Back to light; what no screen can show is cut at zero.
    pub(super) fn to_light(self) -> Light {
        let l = self.l + 0.396_337_78 * self.a + 0.215_803_76 * self.b;
        let m = self.l - 0.105_561_346 * self.a - 0.063_854_17 * self.b;
        let s = self.l - 0.089_484_18 * self.a - 1.291_485_5 * self.b;
        let (l, m, s) = (l * l * l, m * m * m, s * s * s);
        Light {
            r: (4.076_741_7 * l - 3.307_711_6 * m + 0.230_969_94 * s).max(0.0),
            g: (-1.268_438 * l + 2.609_757_4 * m - 0.341_319_4 * s).max(0.0),
            b: (-0.004_196_086_3 * l - 0.703_418_6 * m + 1.707_614_7 * s).max(0.0),
        }
    }

    fn mix(self, other: Self, t: f32) -> Self {
        Self {
            l: self.l + (other.l - self.l) * t,
            a: self.a + (other.a - self.a) * t,
            b: self.b + (other.b - self.b) * t,
        }
    }
}

/// The screen's curve undone.
fn to_linear(value: f32) -> f32 {
    if value <= 0.040_45 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
}

/// The screen's curve, 0 to 1 in and out.
pub(super) fn to_screen(value: f32) -> f32 {
    if value <= 0.003_130_8 { value * 12.92 } else { 1.055 * value.powf(1.0 / 2.4) - 0.055 }
}

/// Entries of a gradient's table: fine enough that neighbours differ by less than a step of the screen.
const STEPS: usize = 256;

/// Colours along a line from 0 to 1.
#[derive(Clone, Debug)]
pub(super) struct Gradient(Vec<Light>);

impl Gradient {
    /// Through the stops, which are in rising order.
    pub(super) fn new(stops: &[(f32, Light)]) -> Self {
        let stops: Vec<(f32, Lab)> = stops.iter().map(|&(at, light)| (at, light.to_lab())).collect();
        let colour = |t: f32| {
            let mut pairs = stops.iter().zip(stops.iter().skip(1));
            match pairs.find(|(_, (at, _))| t <= *at) {
                Some(((from, start), (to, end))) => {
                    let part = ((t - from) / (to - from).max(1e-6)).clamp(0.0, 1.0);
                    start.mix(*end, smooth(part) * 0.4 + part * 0.6).to_light()
                }
                None => stops.last().map_or(Light::BLACK, |(_, lab)| lab.to_light()),
            }
        };
        Self((0..=STEPS + 1).map(|step| colour(step as f32 / STEPS as f32)).collect())
    }

    /// The colour at `t`, clamped to the ends.
    #[inline]
    pub(super) fn at(&self, t: f32) -> Light {
        let place = t.clamp(0.0, 1.0) * STEPS as f32;
        let index = place as usize;
        match self.0.get(index..index + 2) {
            Some(&[a, b]) => a.mix(b, place - index as f32),
            _ => Light::BLACK,
        }
    }
}

/// 0 to 1 with soft ends.
#[inline]
pub(super) fn smooth(t: f32) -> f32 {
    t * t * (3.0 - 2.0 * t)
}

/// 0 below `from`, 1 above `to`, smooth between; `from` may be above `to`.
#[inline]
pub(super) fn step(from: f32, to: f32, value: f32) -> f32 {
    smooth(((value - from) / (to - from)).clamp(0.0, 1.0))
}

/// `a` at 0, `b` at 1.
#[inline]
pub(super) fn lerp(a: f32, b: f32, t: f32) -> f32 {
    a + (b - a) * t
}
