//! Ranges of hills and mountains one behind the other, each paler than the one before it.

use super::canvas::Canvas;
use super::chance::{cell_unit, fbm, noise, ridged};
use super::light::{Light, lerp, step};
use super::plan::Plan;
use super::shape::Point;
use super::sky::Sky;

/// One range, given from far to near.
#[derive(Clone, Copy, Debug)]
pub(super) struct Range {
    /// Height of its feet.
    pub(super) base: f32,
    /// How far its highest peaks rise above the feet.
    pub(super) rise: f32,
    /// Peaks in one unit.
    pub(super) pace: f32,
    /// 0 round hills, 1 sharp rock.
    pub(super) sharp: f32,
    /// 0 far away in the haze, 1 close by.
    pub(super) near: f32,
    /// Snow from this share of the rise up; 1 or more is none.
    pub(super) snow: f32,
    /// Height of the conifers along the crest.
    pub(super) trees: f32,
    /// Where its highest peak stands, and how much that peak outdoes the rest, 0 to 1.
    pub(super) peak: (f32, f32),
}

impl Range {
    /// A range without peaks, snow or trees: change what differs.
    pub(super) const PLAIN: Self =
        Self { base: 0.0, rise: 0.1, pace: 1.5, sharp: 0.0, near: 0.5, snow: 2.0, trees: 0.0, peak: (0.0, 0.0) };
}

/// A range with its crest line worked out for every column.
struct Crest {
    range: Range,
    seed: u32,
    columns: Vec<Column>,
}

/// One column of a range.
#[derive(Clone, Copy)]
struct Column {
    /// The top of its trees.
    top: f32,
    /// The ground they stand on.
    ground: f32,
    /// The peak this slope belongs to.
    peak: Point,
    /// 1 well inside that slope, 0 where it meets the next.
    sure: f32,
}

impl Crest {
    fn new(canvas: &Canvas, range: Range, seed: u32) -> Self {
        let lift = (seed % 1000) as f32 * 0.37;
        let peaks = peaks(canvas, &range, seed);
        let column = |column: usize| {
            let x = (column as f32 + 0.5) * canvas.pixel();
            let u = x * range.pace + lift;
            let round = 0.5 + 0.5 * fbm(u * 0.8, lift, 3, seed);
            let (mut peak, mut slope, mut second) = ((x, 0.0), -1.0, -1.0);
            for &other in &peaks {
                let up = other.1 - (x - other.0).abs().powf(0.9) * 0.72;
                if up > slope {
                    (peak, slope, second) = (other, up, slope);
                } else if up > second {
                    second = up;
                }
            }
            let broken =
                range.rise * (0.2 * fbm(u * 2.3, lift, 6, seed ^ 5) + 0.05 * ridged(u * 9.0, lift, 3, seed ^ 6));
            let ground =
                range.base - lerp(range.rise * round, slope.max(range.rise * 0.12) + broken, range.sharp).max(0.002);
            let bare = step(-0.5, 0.1, noise(x * 3.0, lift, seed ^ 0x77));
            let firs = if range.trees > 0.0 {
                range.trees * fir_line(x / range.trees, seed) * (0.25 + 0.75 * bare)
            } else {
                0.0
            };
            Column {
                top: ground - firs,
                ground,
                peak: (peak.0, range.base - peak.1),
                sure: step(0.0, 0.09, slope - second),
            }
        };
        Self { range, seed, columns: (0..canvas.columns).map(column).collect() }
    }
}

/// The peaks of a range: where each stands, and how high above the feet.
fn peaks(canvas: &Canvas, range: &Range, seed: u32) -> Vec<Point> {
    let (lead, share) = range.peak;
    let count = (canvas.width * range.pace * 1.6).ceil() as i32 + 3;
    let gap = canvas.width / (count - 3).max(1) as f32;
    let mut peaks: Vec<Point> = (0..count)
        .map(|index| {
            let x = (index as f32 - 1.0 + 0.8 * cell_unit(index, 1, seed)) * gap;
            let aside = (-((x - lead) * 1.6).powi(2)).exp();
            let tall = (0.35 + 0.5 * cell_unit(index, 2, seed)) * lerp(1.0, 0.45 + 0.55 * aside, share);
            (x, range.rise * tall)
        })
        .collect();
    if share > 0.0 {
        peaks.push((lead, range.rise));
    }
    peaks
}

/// The top of a row of firs, 0 to 1: overlapping spikes of different heights.
fn fir_line(x: f32, seed: u32) -> f32 {
    let mut top = 0.0_f32;
    for (row, pace) in [(0_i32, 2.1_f32), (1, 3.3)] {
        let place = x * pace;
        let index = place.floor() as i32;
        for tree in index - 1..=index + 1 {
            let middle = tree as f32 + 0.2 + 0.6 * cell_unit(tree, row, seed);
            let tall = 0.35 + 0.65 * cell_unit(tree, row + 9, seed);
            let aside = (place - middle).abs() * 2.1 / pace;
            top = top.max(tall * (1.0 - aside * 2.6 / (0.35 + tall)));
        }
    }
    top.max(0.0)
}

/// Paints the ranges, the last one in front.
pub(super) fn paint(canvas: &mut Canvas, plan: &Plan, sky: &Sky, ranges: &[Range]) {
    let mut chance = plan.chance.part(30);
    let crests: Vec<Crest> = ranges.iter().map(|&range| Crest::new(canvas, range, chance.seed())).collect();
    let palette = &plan.palette;
    let top = crests.iter().flat_map(|crest| &crest.columns).fold(canvas.height, |top, column| top.min(column.top));
    let bottom = ranges.iter().fold(0.0_f32, |low, range| low.max(range.base)) + 0.004;
    let (unit, pixel) = (canvas.unit, canvas.pixel());
    let from_left = if sky.sun.0 < canvas.width * 0.5 { 1.0 } else { -1.0 };
    canvas.shade_rows(top.max(0.0), bottom, |x, y, behind| {
        let column = (x * unit) as usize;
        let mut light = Light::BLACK;
        let mut open = 1.0;
        for crest in crests.iter().rev() {
            let Some(&here) = crest.columns.get(column) else { continue };
            let height = here.top;
            // A steep crest covers a pixel over a longer stretch.
            let next = crest.columns.get(column + 1).map_or(height, |next| next.top);
            let soft = pixel * (1.0 + ((next - height) / pixel).abs() * 0.5).min(6.0);
            let cover = ((y - height) / soft + 0.5).clamp(0.0, 1.0);
            if cover > 0.0 {
                light += surface(plan, sky, crest, (x, y), &here, from_left) * (cover * open);
                open *= 1.0 - cover;
                if open < 0.01 {
                    break;
                }
            }
        }
        let veil = sky.towards_sun(x, y);
        light + behind.mix(palette.haze, 0.15 * veil) * open
    });
}

/// The light of one place on a range.
#[inline]
fn surface(plan: &Plan, sky: &Sky, crest: &Crest, (x, y): Point, column: &Column, from_left: f32) -> Light {
    let palette = &plan.palette;
    let range = &crest.range;
    let down = (y - column.ground).max(0.0);
    let rock = palette.far.mix(palette.near, range.near);
    let mut colour = rock;
    if range.sharp > 0.3 {
        // Folds run down from the crest; the side that faces the sun is brighter.
        let scale = range.pace * 2.1;
        let bend = noise(x * scale * 0.6, y * scale * 0.6, crest.seed ^ 8) * 0.3;
        let fold = |u: f32| {
            let (u, v) = ((u + bend * 0.5) * scale, (y * 0.55 + bend * 0.3) * scale);
            ridged(u - v * 0.35, v * 0.7, 5, crest.seed ^ 2)
        };
        let here = fold(x);
        let tilt = (here - fold(x + from_left * 0.008)) * 3.2;
        // From every peak an edge winds down; one side of it lies in the light, the other in shade.
        let (peak_x, peak_y) = column.peak;
        let fall = (y - peak_y).max(0.0);
        let edge = peak_x + fall * (0.5 * fbm(y * 6.0, peak_x * 7.0, 3, crest.seed ^ 0xc) + 0.12) + (here - 0.5) * 0.05;
        let side = ((edge - x) * from_left / (0.012 + fall * 0.1)).clamp(-1.0, 1.0);
        let facing = (0.45 + side * column.sure * 0.33 + tilt).clamp(0.0, 1.0);
        let rise = range.rise.max(1e-3);
        let high = (range.base - y) / rise + (here - 0.55) * 0.5;
        let snow = step(range.snow, range.snow + 0.12, high - (0.5 - facing).max(0.0) * 0.25);
        let stone = rock * (0.45 + 0.75 * facing);
        let white = palette.lit(Light::hex(0xee_f2_f8), 0.1 + 0.9 * facing) * (0.55 + 0.5 * facing);
        let sunny = facing * facing * (0.35 + 0.65 * sky.towards_sun(x, y));
        colour = stone.mix(white, snow * 0.95) + palette.key.through(rock) * (sunny * 1.1);
    } else {
        let soft = fbm(x * range.pace * 2.2, y * range.pace * 4.0, 2, crest.seed ^ 4);
        colour = colour * (1.0 + 0.14 * soft);
    }
    // Air: more of it for far ranges, and at the feet of every range.
    let sun = sky.towards_sun(x, y);
    let air = palette.haze.mix(palette.sun, 0.55 * sun) * (0.85 + 0.35 * sun);
    let pool = step(0.0, range.rise.max(0.05) * 1.1, down);
    let thick = (1.0 - range.near).powi(2) * 0.62 + pool * (0.66 - 0.5 * range.near).max(0.0);
    let rim = step(0.012, 0.0, down) * sun * sun * 0.2 * (1.0 - range.near * 0.6);
    colour.mix(air, thick.clamp(0.0, 0.94)) + palette.sun * rim
}
