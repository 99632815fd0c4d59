//! Water: it mirrors what is already painted above the shore line, broken by waves that grow towards the viewer.

use super::canvas::Canvas;
use super::chance::{cell_unit, fbm, noise};
use super::light::{Light, lerp, step};
use super::plan::Plan;
use super::sky::Sky;

/// Places mirrored for one pixel.
const TAPS: u8 = 5;

/// A sheet of water from the shore line to the bottom of the picture.
#[derive(Clone, Copy, Debug)]
pub(super) struct Water {
    /// Height of the line where it begins.
    pub(super) shore: f32,
    /// 0 is a mirror, 1 a breeze.
    pub(super) rough: f32,
    /// Its own colour, seen where it is looked into.
    pub(super) deep: Light,
}

impl Water {
    /// Paints the water; everything above the shore line must be there already.
    pub(super) fn paint(&self, canvas: &mut Canvas, plan: &Plan, sky: &Sky) {
        let above = canvas.clone();
        let mut chance = plan.chance.part(20);
        let (seed, slide) = (chance.seed(), chance.between(0.0, 30.0));
        let Self { shore, rough, deep } = *self;
        let depth = (canvas.height - shore).max(0.05);
        let stretch = (shore / depth).min(1.0);
        let palette = &plan.palette;
        let (unit, pixel) = (canvas.unit, canvas.pixel());
        let middle = canvas.width * 0.5;
        canvas.shade_rows(shore, canvas.height, |x, y, _| {
            let down = (y - shore).max(0.0);
            // A level surface: rows grow wider apart towards the viewer.
            let away = 1.0 / (down + 0.035);
            let (u, v) = ((x - middle) * away * 1.7 + slide, away * 4.6);
            let near = step(0.0, 0.07, down);
            let swell = noise(u * 0.7, v * 0.55, seed);
            let chop = fbm(u * 2.6 + swell, v * 2.1, 3, seed ^ 3) * near;
            let wave = swell * 0.5 + chop * 0.75;
            let reach = rough * (0.012 + down * 0.36);
            let smear = 0.012 + down * 0.22;
            let mut mirrored = Light::BLACK;
            // Each place mirrors a tall stretch of what stands behind it: that makes the long reflections.
            let dice = cell_unit((x * unit) as i32, (y * unit) as i32, seed);
            for tap in 0..TAPS {
                let spread = ((tap as f32 + dice) / TAPS as f32 - 0.42) * smear;
                let up = (down * stretch + wave * reach + spread).abs().max(pixel);
                let aside = x + (chop * 0.22 + swell * 0.08) * reach;
                mirrored += above.at(aside.max(0.0), (shore - up).max(0.0));
            }
            let mirrored = mirrored * (1.0 / TAPS as f32);
            let grazing = lerp(0.92, 0.5, step(0.0, 0.75, down / depth));
            let tilt = wave * rough.min(1.0);
            let share = (grazing - tilt * 0.5).clamp(0.08, 0.97);
            let mut light = deep.mix(mirrored, share);
            // Sparks where a wave turns just so towards the sun.
            let lane = (x - sky.sun.0 + swell * 0.02) / (0.02 + sky.disc * 0.8 + down * 0.26);
            let spark = step(0.12, 0.62, wave + chop * 0.3)
                * (-lane * lane).exp()
                * rough.min(1.0)
                * (0.35 + near * 0.65)
                * step(0.62, 0.2, down);
            light += palette.sun.through(palette.key + Light::grey(0.15)) * (spark * 0.9);
            let air = step(0.06, 0.0, down);
            light.mix(palette.haze.mix(mirrored, 0.55), air * 0.5)
        });
    }
}
