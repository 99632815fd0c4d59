//! Skies: graded air, sun or moon with its glow, clouds lit from where the sun stands, stars.

use super::canvas::Canvas;
use super::chance::{fbm, noise};
use super::light::{Light, lerp, step};
use super::plan::Plan;
use super::soft::Field;
use super::wish::Hour;

/// What is up there.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sky {
    /// Height of the horizon.
    pub(super) horizon: f32,
    /// Where sun or moon stands; below the horizon only the glow is seen.
    pub(super) sun: (f32, f32),
    /// Radius of its disc.
    pub(super) disc: f32,
    /// Share of the sky that is cloud, 0 to 1.
    pub(super) clouds: f32,
}

impl Sky {
    /// A sky that fits the hour, with the sun off the middle.
    pub(super) fn for_hour(canvas: &Canvas, plan: &Plan, horizon: f32) -> Self {
        let mut chance = plan.chance.part(1);
        let third = [0.3, 0.68, 0.5, 0.76, 0.24].get(plan.layout(5)).copied().unwrap_or(0.5);
        let x = canvas.width * (third + chance.between(-0.06, 0.06));
        let (lift, disc) = match plan.hour {
            Hour::Dawn => (chance.between(0.05, 0.16), 0.028),
            Hour::Golden => (chance.between(0.08, 0.22), 0.034),
            Hour::Dusk => (chance.between(0.015, 0.1), 0.036),
            Hour::Day => (chance.between(0.5, 0.75), 0.026),
            Hour::Night => (chance.between(0.42, 0.72), chance.between(0.03, 0.05)),
            Hour::Mist => (chance.between(0.22, 0.42), 0.04),
        };
        let clouds = if plan.wish.says(&["cloud", "cloudy", "storm", "stormy", "dramatic"]) {
            0.75
        } else if plan.wish.says(&["clear", "cloudless", "stars", "starry"]) {
            0.12
        } else {
            chance.between(0.3, 0.62)
        };
        Self { horizon, sun: (x, horizon * (1.0 - lift)), disc, clouds }
    }

    /// How strongly the sun colours the air in this direction, 0 to 1.
    #[inline]
    pub(super) fn towards_sun(&self, x: f32, y: f32) -> f32 {
        let (dx, dy) = ((x - self.sun.0) * 0.75, y - self.sun.1);
        let away = (dx * dx + dy * dy).sqrt();
        1.0 / (1.0 + away * away * 9.0 + away * 1.2)
    }

    /// Paints the whole sky, and plain air below the horizon.
    pub(super) fn paint(&self, canvas: &mut Canvas, plan: &Plan) {
        let palette = &plan.palette;
        let air = palette.sky_gradient();
        let moon = plan.hour == Hour::Night;
        let veiled = plan.hour == Hour::Mist;
        let seed = plan.chance.part(2).seed();
        let (sun_x, sun_y) = self.sun;
        let (halo, core) = if moon {
            (0.16, 0.35)
        } else if veiled {
            (0.2, 0.3)
        } else if plan.hour == Hour::Day {
            (0.1, 0.5)
        } else {
            (0.26, 0.8)
        };
        let disc_light = if moon {
            palette.sun * 1.25
        } else {
            palette.sun.mix(Light::grey(1.0), 0.3) * if veiled { 1.2 } else { 2.2 }
        };
        let pixel = canvas.pixel();
        let bottom = self.horizon;
        canvas.shade(|x, y, _| {
            if y > bottom + 0.02 {
                // Under the horizon there is air until something is painted over it.
                return palette.haze;
            }
            // Uneven air: the steps of a gradient never run dead level.
            let drift = noise(x * 1.3, y * 2.1, seed) * 0.02;
            let mut light = air.at(y / bottom + drift);
            let (dx, dy) = (x - sun_x, y - sun_y);
            let away = (dx * dx + dy * dy).sqrt();
            let flat = (dx * dx * 0.35 + dy * dy * 1.5).sqrt();
            let glow = halo / (1.0 + flat * flat * 14.0) + core * 0.5 / (1.0 + away * away * 190.0);
            light += palette.sun * (glow * 0.62);
            let edge = ((self.disc - away) / pixel + 0.5).clamp(0.0, 1.0);
            if edge > 0.0 {
                let mut face = disc_light;
                if moon {
                    let seas = fbm(dx / self.disc * 1.1 + 4.0, dy / self.disc * 1.1, 3, seed);
                    face = face * (0.86 - 0.3 * step(0.0, 0.5, seas));
                }
                light = light.mix(face, edge);
            }
            light
        });
        if moon {
            self.stars(canvas, plan);
        }
        self.cloud(canvas, plan);
    }

    fn stars(&self, canvas: &mut Canvas, plan: &Plan) {
        let mut chance = plan.chance.part(3);
        let count = (330.0 * canvas.width * self.horizon) as usize;
        for _ in 0..count {
            let place = (chance.between(0.0, canvas.width), self.horizon * chance.unit());
            let high = 1.0 - place.1 / self.horizon;
            let size = chance.unit().powi(6);
            let hue = Light::hex(0x9f_c0_ff).mix(Light::hex(0xff_dc_b0), chance.unit());
            let bright = (0.12 + 0.9 * size) * (0.15 + 0.85 * high);
            let near = ((place.0 - self.sun.0).powi(2) + (place.1 - self.sun.1).powi(2)).sqrt();
            if near > self.disc * 1.6 {
                canvas.glow(place, 0.0012 + 0.0016 * size, hue * bright);
            }
        }
    }

    fn cloud(&self, canvas: &mut Canvas, plan: &Plan) {
        if self.clouds <= 0.0 {
            return;
        }
        let palette = &plan.palette;
        let mut chance = plan.chance.part(4);
        let (seed, drift) = (chance.seed(), chance.between(0.0, 40.0));
        let stretch = chance.between(0.55, 1.0);
        let (sun_x, sun_y) = self.sun;
        let cover = lerp(0.4, -0.42, self.clouds);
        let middle = canvas.width * 0.5;
        let thickness = |x: f32, y: f32| {
            // A flat sheet of cloud seen from below: it crowds together towards the horizon.
            let near = (self.horizon - y).max(0.0) + 0.13;
            let (u, v) = ((x - middle) / near * 0.5 * stretch + drift, 0.62 / near);
            let bend = noise(u * 0.8, v * 0.8, seed ^ 0x4d) * 0.6;
            fbm(u + bend, v + bend * 0.5, 5, seed) + 0.25 * noise(u * 0.35, v * 0.35, seed ^ 9)
        };
        let depth = Field::new(canvas, 300.0, |x, y| if y > self.horizon + 0.02 { 0.0 } else { thickness(x, y) });
        let [_, high, middle_sky, low] = palette.sky;
        let shaded = high.mix(middle_sky, 0.3).mix(palette.haze, 0.15) * 0.66;
        let white = if plan.hour == Hour::Night { 0.09 } else { 0.6 };
        let lit = low.mix(palette.sun, 0.55) + palette.sun * (white * 0.35);
        canvas.shade_rows(0.0, self.horizon + 0.01, |x, y, light| {
            let here = depth.at(x, y);
            let body = step(cover, cover + 0.5, here);
            if body <= 0.003 {
                return light;
            }
            let (dx, dy) = (sun_x - x, sun_y - y);
            let away = (dx * dx + dy * dy).sqrt().max(1e-3);
            let reach = 0.022 + 0.03 * (self.horizon - y).max(0.0);
            let there = depth.at(x + dx / away * reach, y + dy / away * reach);
            let thin = 1.0 - step(cover + 0.1, cover + 0.75, here);
            let facing = (0.35 + (here - there) * 1.5 + 0.35 * thin).clamp(0.0, 1.0);
            let warm = self.towards_sun(x, y);
            let bright = lit * (0.55 + 0.95 * warm);
            let colour = shaded.mix(bright, facing * (0.35 + 0.65 * warm));
            let far = step(0.0, 0.16, self.horizon - y);
            light.mix(colour, body * (0.25 + 0.65 * far))
        });
    }
}
