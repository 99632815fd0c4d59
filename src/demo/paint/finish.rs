//! The last steps of every picture: bloom, vignette, the curve of film or paper, grain, and eight bits.

use super::canvas::Canvas;
use super::chance::{fbm, pixel_cell};
use super::light::{Light, step, to_screen};
use super::plan::Plan;
use super::soft::Field;
use super::wish::Medium;

/// How a picture is finished.
#[derive(Clone, Copy, Debug)]
pub(super) struct Finish {
    /// How much bright light spills over its edges.
    pub(super) bloom: f32,
    /// Darkening of the corners.
    pub(super) vignette: f32,
    /// Everything brighter or darker.
    pub(super) exposure: f32,
    /// Where light begins to roll off towards white: early on film, late on paper.
    pub(super) shoulder: f32,
}

impl Finish {
    /// For lamps, suns and water.
    pub(super) const LENS: Self = Self { bloom: 0.5, vignette: 0.28, exposure: 1.0, shoulder: 0.6 };
    /// For things drawn on paper.
    pub(super) const PAPER: Self = Self { bloom: 0.0, vignette: 0.08, exposure: 1.0, shoulder: 0.9 };
}

/// Entries of the table from light to the screen's eight bits.
const CURVE: usize = 4096;

/// Light spilling from what is brighter than paper.
fn bloom(canvas: &mut Canvas, amount: f32) {
    let spill = |light: Light, part: fn(Light) -> f32| {
        let bright = step(0.62, 1.3, light.luma());
        part(light).min(3.0) * bright
    };
    let sheets = [|light: Light| light.r, |light: Light| light.g, |light: Light| light.b].map(|part| {
        let mut near = Field::new(canvas, 160.0, |x, y| spill(canvas.at(x, y), part));
        near.blur(0.016);
        let mut far = near.clone();
        far.blur(0.09);
        (near, far)
    });
    let [red, green, blue] = &sheets;
    canvas.shade(|x, y, light| {
        let both = |(near, far): &(Field, Field)| (near.at(x, y) * 0.45 + far.at(x, y) * 0.75) * amount;
        light + Light { r: both(red), g: both(green), b: both(blue) }
    });
}

/// Straight up to `start`, then rolling off towards white and never past it.
#[inline]
fn shoulder(value: f32, start: f32) -> f32 {
    if value <= start {
        return value.max(0.0);
    }
    let over = (value - start) / (1.0 - start);
    start + (1.0 - start) * over / (1.0 + over)
}

/// Turns the canvas into red, green and blue bytes, row by row.
pub(super) fn develop(canvas: &mut Canvas, plan: &Plan, finish: Finish, saturation: f32) -> Vec<u8> {
    if finish.bloom > 0.0 {
        bloom(canvas, finish.bloom);
    }
    let seed = plan.chance.part(0xf11).seed();
    let (grain, rough) = match plan.wish.medium {
        Medium::Photograph => (1.6, 0.0),
        Medium::Film => (5.5, 0.0),
        Medium::Print => (3.2, 0.02),
        Medium::Gouache => (1.8, 0.075),
    };
    let curve: Vec<f32> = (0..=CURVE).map(|at| to_screen((at as f32 / CURVE as f32).powi(2)) * 255.0).collect();
    let fibres = Field::new(canvas, 420.0, |x, y| {
        if rough > 0.0 { fbm(x * 90.0, y * 110.0, 3, seed) + 0.8 * fbm(x * 7.0, y * 9.0, 2, seed ^ 5) } else { 0.0 }
    });
    let (middle_x, middle_y) = (canvas.width * 0.5, canvas.height * 0.5);
    let reach = middle_x * middle_x + middle_y * middle_y;
    let pixel = canvas.pixel();
    let mut bytes = Vec::with_capacity(canvas.pixels.len() * 3);
    for (row, line) in canvas.pixels.chunks_exact(canvas.columns).enumerate() {
        let y = (row as f32 + 0.5) * pixel;
        for (column, &light) in line.iter().enumerate() {
            let x = (column as f32 + 0.5) * pixel;
            let far = ((x - middle_x).powi(2) + (y - middle_y).powi(2)) / reach;
            let mut gain = finish.exposure * (1.0 - finish.vignette * far * far.sqrt());
            if rough > 0.0 {
                gain *= 1.0 + rough * fibres.at(x, y);
            }
            let noise = pixel_cell(column, row, seed);
            // Two dice make a softer grain than one; grain shows most in the middle tones.
            let dice = ((noise & 0xffff) + (noise >> 16)) as f32 / 65_536.0 - 1.0;
            let light = if (saturation - 1.0).abs() > 0.01 { light.saturated(saturation) } else { light };
            let level = |value: f32| {
                let at = shoulder(value * gain, finish.shoulder).sqrt() * CURVE as f32;
                let tone = curve.get(at as usize).copied().unwrap_or(255.0);
                let middle = 1.0 - (tone / 127.5 - 1.0).powi(2) * 0.7;
                (tone + dice * grain * middle + 0.5).clamp(0.0, 255.0) as u8
            };
            bytes.extend([level(light.r), level(light.g), level(light.b)]);
        }
    }
    bytes
}
