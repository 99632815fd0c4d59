//! The tower itself: its round wall, gallery and lamp room, the keeper's house, and the light.

use super::super::canvas::Canvas;
use super::super::chance::{fbm, noise};
use super::super::light::{Light, lerp, step};
use super::super::plan::Plan;
use super::super::shape::{Point, Shape};
use super::super::sky::Sky;
use super::super::wish::Hour;
use super::Headland;

impl Headland {
    /// The sides of the tower at a height from 0 (foot) to 1 (gallery).
    fn half_width(&self, up: f32) -> f32 {
        self.size * lerp(0.115, 0.066, up.powf(0.8))
    }

    pub(super) fn tower(&self, canvas: &mut Canvas, plan: &Plan, sky: &Sky) {
        let (x, foot) = self.foot;
        let tall = self.size;
        let outline: Vec<Point> = (0..=20)
            .map(|step| step as f32 / 20.0)
            .map(|up| (x - self.half_width(up), foot - tall * up))
            .chain((0..=20).rev().map(|step| step as f32 / 20.0).map(|up| (x + self.half_width(up), foot - tall * up)))
            .collect();
        let shape = self.shape(canvas, &outline);
        let palette = plan.palette.clone();
        let sun = if sky.sun.0 < canvas.width * 0.5 { -1.0 } else { 1.0 };
        let middle = self.set(canvas, (x, foot)).0;
        let white = Light::hex(0xf4_ee_e2);
        let band = if plan.hour == Hour::Day {
            Light::hex(0xc4_3a_2c)
        } else {
            palette.accent.mix(Light::hex(0xb8_3a_30), 0.6)
        };
        let seed = self.seed;
        canvas.fill_with(&shape, |px, py, _| {
            let up = ((foot - py) / tall).clamp(0.0, 1.0);
            let across = ((px - middle) / self.half_width(up)).clamp(-1.0, 1.0);
            let depth = (1.0 - across * across).sqrt();
            let facing = (across * sun * 0.85 + depth * 0.28).clamp(0.0, 1.0);
            let stripe = if self.striped { step(-0.02, 0.02, (up * 5.0 + 0.5).fract() - 0.5) } else { 0.0 };
            let worn = 0.93 + 0.07 * fbm(px * 60.0, py * 22.0, 2, seed);
            let paint = white.mix(band, stripe) * worn;
            let shade = palette.lit(paint, facing) * (0.55 + 0.45 * depth);
            shade.mix(palette.haze, 0.06)
        });
        // Dark small windows with a little warm light, one above the other.
        for (up, lit) in [(0.2, true), (0.47, true), (0.72, false)] {
            let pane = (self.size * 0.016, self.size * 0.027);
            let place = self.set(canvas, (x + self.half_width(up) * 0.15 * self.mirrored, foot - tall * up));
            let glass = if lit && plan.hour != Hour::Day { palette.lamp * 1.7 } else { palette.near * 0.8 };
            canvas.fill(&Shape::rounded(place, pane.0 * 1.35, pane.1 * 1.25, pane.0), palette.near);
            canvas.fill(&Shape::rounded(place, pane.0, pane.1, pane.0 * 0.9), glass);
            if lit && plan.hour != Hour::Day {
                canvas.glow(place, self.size * 0.12, palette.lamp * 0.25);
            }
        }
        self.head(canvas, plan, middle);
    }

    /// Gallery, lamp room and dome.
    fn head(&self, canvas: &mut Canvas, plan: &Plan, x: f32) {
        let palette = &plan.palette;
        let (size, top) = (self.size, self.foot.1 - self.size);
        let iron = palette.lit(Light::hex(0x2a_2c_33), 0.35) + palette.near * 0.35;
        let half = size * 0.066;
        canvas.fill(&Shape::rect(x - half * 1.55, top - size * 0.012, half * 3.1, size * 0.026), iron);
        canvas.fill(&Shape::rect(x - half * 1.55, top - size * 0.05, half * 3.1, size * 0.006), iron);
        for post in 0..7 {
            let at = x - half * 1.5 + half * 3.0 * post as f32 / 6.0;
            canvas.fill(&Shape::rect(at - size * 0.0025, top - size * 0.05, size * 0.005, size * 0.045), iron);
        }
        let room = (size * 0.05, size * 0.11);
        let glass = palette.lamp.mix(Light::hex(0xff_f0_c8), 0.4);
        canvas.fill_with(&Shape::rect(x - room.0, top - size * 0.012 - room.1, room.0 * 2.0, room.1), |px, _, _| {
            let away = ((px - x) / room.0).abs();
            glass * lerp(2.6, 0.8, away)
        });
        for bar in [-1.0, -0.34, 0.34, 1.0] {
            let wide = size * 0.005;
            canvas.fill(&Shape::rect(x + bar * room.0 - wide * 0.5, top - size * 0.012 - room.1, wide, room.1), iron);
        }
        let roof = top - size * 0.012 - room.1;
        let dome: Vec<Point> = (0..=24)
            .map(|corner| corner as f32 / 24.0 * std::f32::consts::PI)
            .map(|turn| (x - turn.cos() * room.0 * 1.22, roof - turn.sin() * room.0 * 0.95))
            .collect();
        canvas.fill(&Shape::polygon(dome), iron.mix(palette.accent.through(palette.ambient), 0.35));
        canvas.fill(&Shape::rect(x - size * 0.004, roof - room.0 * 1.75, size * 0.008, room.0), iron);
        canvas.fill(&Shape::circle((x, roof - room.0 * 1.05), size * 0.011), iron);
    }

    /// The keeper's house beside the tower, with a fire lit.
    pub(super) fn cottage(&self, canvas: &mut Canvas, plan: &Plan) {
        let palette = plan.palette.clone();
        let size = self.size;
        let (left, foot) = (self.foot.0 + size * 0.13, self.foot.1 + size * 0.01);
        let (wide, tall, ridge) = (size * 0.3, size * 0.11, size * 0.085);
        let wall = self.shape(
            canvas,
            &[(left, foot), (left, foot - tall), (left + wide, foot - tall), (left + wide, foot + size * 0.03)],
        );
        canvas.fill(&wall, palette.lit(Light::hex(0xe4_dc_cc), 0.18) * 0.85);
        let (eaves, peak) = (foot - tall, foot - tall - ridge);
        let roof = self.shape(
            canvas,
            &[
                (left - size * 0.02, eaves),
                (left + size * 0.04, peak),
                (left + wide - size * 0.03, peak),
                (left + wide + size * 0.02, eaves),
            ],
        );
        canvas.fill(&roof, palette.lit(Light::hex(0x5c_4a_48), 0.3).mix(palette.near, 0.4));
        let stack = left + wide * 0.78;
        let chimney = [
            (stack, peak + size * 0.01),
            (stack, peak - size * 0.04),
            (stack + size * 0.03, peak - size * 0.04),
            (stack + size * 0.03, peak + size * 0.01),
        ];
        canvas.fill(&self.shape(canvas, &chimney), palette.near.mix(palette.far, 0.3));
        for at in [0.2, 0.62] {
            let (x, y) = self.set(canvas, (left + wide * at + size * 0.02, foot - tall * 0.55));
            let lit = plan.hour != Hour::Day;
            let glass = if lit { palette.lamp * 1.9 } else { palette.near };
            canvas.fill(&Shape::rect(x - size * 0.014, y - size * 0.02, size * 0.028, size * 0.04), glass);
            if lit {
                canvas.glow((x, y), size * 0.14, palette.lamp * 0.22);
            }
        }
    }

    /// The light itself: a glow, and two beams into the dusk.
    pub(super) fn lamp(&self, canvas: &mut Canvas, plan: &Plan) {
        let palette = plan.palette.clone();
        let (x, y) = self.set(canvas, (self.foot.0, self.foot.1 - self.size * 1.065));
        let dark = match plan.hour {
            Hour::Night => 1.0,
            Hour::Dusk => 0.75,
            Hour::Mist => 0.6,
            Hour::Dawn => 0.4,
            Hour::Golden => 0.3,
            Hour::Day => 0.08,
        };
        for (reach, strength) in [(0.95, 0.09), (0.5, 0.14), (0.25, 0.3), (0.11, 1.0)] {
            canvas.dab((x, y), self.size * reach, |part, under| {
                under + palette.lamp * (part.powi(3) * strength * (dark + 0.15))
            });
        }
        let lean = -0.09 * self.mirrored;
        let seed = self.seed;
        let bottom = canvas.height;
        canvas.shade_rows(0.0, bottom, |px, py, light| {
            let dx = px - x;
            let away = dx.abs().max(1e-4);
            let spread = 0.006 + away * 0.075;
            let off = (py - y - lean * dx) / spread;
            if off.abs() > 2.6 {
                return light;
            }
            let dust = 0.85 + 0.25 * noise(px * 7.0, py * 9.0, seed);
            let fade = step(0.0, self.size * 0.1, away) / (1.0 + away * 3.2);
            light + palette.lamp * ((-off * off).exp() * fade * dust * dark * 0.36)
        });
    }
}
