//! Space: a planet lit from one side, before stars and glowing clouds of gas.

use super::canvas::Canvas;
use super::chance::{Chance, fbm, noise, ridged};
use super::finish::Finish;
use super::light::{Gradient, Light, lerp, step};
use super::plan::Plan;
use super::shape::Shape;
use super::soft::Field;

pub(super) const SUBJECT: &str = "A planet lit from one side, before stars and a glowing nebula";

/// Gas and planet: cold gas, warm gas, planet's light side, its bands.
const TONES: [[u32; 4]; 5] = [
    [0x1c_2f_6e, 0xc2_54_7e, 0xe8_b9_8a, 0xa8_5a_4c],
    [0x0f_4a_5e, 0xe0_8a_4a, 0x8f_c4_c8, 0x3d_6f_86],
    [0x3a_1a_66, 0x3f_8f_d0, 0xe6_d3_b0, 0xc0_8a_5e],
    [0x5a_1c_3c, 0xe0_a0_50, 0xb8_a0_d8, 0x6a_4c_9a],
    [0x12_3a_3a, 0x6f_c0_8a, 0xd8_d0_c0, 0x8a_7a_6a],
];

/// Paints it.
pub(super) fn paint(canvas: &mut Canvas, plan: &Plan) -> Finish {
    let mut chance = plan.chance.part(800);
    let layout = plan.layout(4);
    let row = TONES.get(plan.turn % TONES.len()).copied().unwrap_or_default().map(Light::hex);
    let mut tones = row;
    for tint in &plan.wish.tints {
        tones = tones.map(|tone| tint.on(tone, 0.6));
    }
    let [cold, warm, bright, band] = tones;
    nebula(canvas, &mut chance, cold, warm);
    stars(canvas, &mut chance);
    let from = chance.sign();
    let planet = |at: (f32, f32), radius: f32, ring: bool| Planet {
        at,
        radius,
        from,
        bright,
        band,
        air: cold.mix(warm, 0.3) + Light::grey(0.1),
        ring,
    };
    let (width, height) = (canvas.width, canvas.height);
    match layout {
        0 => {
            planet((width * 0.5 - from * width * 0.1, height * 0.54), 0.27, true).paint(canvas, &mut chance);
            planet((width * 0.5 + from * width * 0.3, height * 0.24), 0.045, false).paint(canvas, &mut chance);
        }
        1 => {
            // The edge of a world from close by.
            planet((width * 0.5 - from * 0.2, height + 0.62), 0.98, false).paint(canvas, &mut chance);
            planet((width * 0.5 + from * width * 0.2, height * 0.3), 0.11, false).paint(canvas, &mut chance);
        }
        2 => planet((width * 0.5, height * 0.5), 0.2, true).paint(canvas, &mut chance),
        _ => {
            planet((width * 0.5 - from * width * 0.46, height * 0.62), 0.52, false).paint(canvas, &mut chance);
            planet((width * 0.5 + from * width * 0.22, height * 0.36), 0.075, true).paint(canvas, &mut chance);
            planet((width * 0.5 + from * width * 0.05, height * 0.72), 0.028, false).paint(canvas, &mut chance);
        }
    }
    Finish { bloom: 0.6, vignette: 0.35, ..Finish::LENS }
}

fn nebula(canvas: &mut Canvas, chance: &mut Chance, cold: Light, warm: Light) {
    let seed = chance.seed();
    let (lean, lift) = (chance.between(-0.9, 0.9), chance.between(0.35, 0.65));
    let (width, height) = (canvas.width, canvas.height);
    let gas = Field::new(canvas, 280.0, |x, y| {
        let bend = (fbm(x * 1.7, y * 1.7, 4, seed), fbm(x * 1.7 + 9.0, y * 1.7, 4, seed ^ 1));
        let (u, v) = (x * 1.4 + bend.0 * 0.9, y * 1.4 + bend.1 * 0.9);
        let lane = (y - height * lift - (x - width * 0.5) * lean) / 0.42;
        (-lane * lane).exp() * (0.5 + 0.75 * fbm(u, v, 5, seed ^ 2)) + 0.16 * fbm(u * 0.7, v * 0.7, 3, seed ^ 3)
    });
    let dust = Field::new(canvas, 280.0, |x, y| {
        let bend = fbm(x * 2.2, y * 2.2, 3, seed ^ 5) * 0.5;
        ridged(x * 1.9 + bend, y * 1.9 - bend, 5, seed ^ 4)
    });
    let glow = Gradient::new(&[
        (0.0, Light::hex(0x03_04_0a)),
        (0.28, cold * 0.28),
        (0.52, cold.mix(warm, 0.3) * 0.72),
        (0.76, warm),
        (1.0, warm.mix(Light::grey(1.0), 0.6) * 1.3),
    ]);
    canvas.shade(|x, y, _| {
        let thick = gas.at(x, y);
        let veins = step(0.42, 0.78, dust.at(x, y));
        glow.at(thick * (1.15 - 0.55 * veins)) * (1.0 - 0.35 * veins * step(0.15, 0.5, thick))
    });
}

fn stars(canvas: &mut Canvas, chance: &mut Chance) {
    let (width, height) = (canvas.width, canvas.height);
    for _ in 0..(1100.0 * width * height) as usize {
        let place = (chance.between(0.0, width), chance.between(0.0, height));
        let size = chance.unit().powi(12);
        let hue = Light::hex(0x9f_bf_ff).mix(Light::hex(0xff_c8_90), chance.unit());
        canvas.glow(
            place,
            0.0011 + 0.0022 * size,
            hue.mix(Light::grey(1.0), 0.35) * (0.12 + 0.5 * chance.unit() + 1.6 * size),
        );
        if size > 0.93 {
            canvas.glow(place, 0.022, hue * 0.16);
            for (dx, dy) in [(1.0, 0.0), (0.0, 1.0)] {
                for step in -12..=12_i32 {
                    let out = step as f32 * 0.0016;
                    canvas.glow(
                        (place.0 + dx * out, place.1 + dy * out),
                        0.0014,
                        hue * (0.5 * (1.0 - step.abs() as f32 / 13.0)),
                    );
                }
            }
        }
    }
}

struct Planet {
    at: (f32, f32),
    radius: f32,
    /// The side the sun is on.
    from: f32,
    bright: Light,
    band: Light,
    air: Light,
    ring: bool,
}

impl Planet {
    fn paint(&self, canvas: &mut Canvas, chance: &mut Chance) {
        let (seed, tilt) = (chance.seed(), chance.between(-0.45, 0.45));
        let rocky = !self.ring && chance.is(0.5);
        let Self { at: (cx, cy), radius, from, bright, band, air, .. } = *self;
        // A thin shell of air glows around the lit side.
        let reach = radius * 1.16;
        let (sun_x, sun_y, sun_z) = (from * 0.78, -0.42, 0.46);
        let pixel = canvas.pixel();
        let (top, bottom) = ((cy - reach).max(0.0), cy + reach);
        if self.ring {
            self.ring(canvas, tilt, false);
        }
        canvas.shade_rows(top, bottom, |x, y, under| {
            let (dx, dy) = ((x - cx) / radius, (y - cy) / radius);
            let away = (dx * dx + dy * dy).sqrt();
            if away > 1.16 {
                return under;
            }
            let side = ((dx * sun_x + dy * sun_y) / away.max(1e-3)).clamp(-1.0, 1.0);
            let halo = step(1.16, 1.0, away) * step(-0.3, 0.9, side);
            let mut light = under + air * (halo * halo * halo * 0.4);
            let cover = ((1.0 - away) * radius / pixel + 0.5).clamp(0.0, 1.0);
            if cover > 0.0 {
                let dz = (1.0 - (away * away).min(1.0)).sqrt();
                let facing = dx * sun_x + dy * sun_y + dz * sun_z;
                let day = step(-0.12, 0.75, facing);
                let (u, v) = (dx * tilt.cos() + dy * tilt.sin(), dy * tilt.cos() - dx * tilt.sin());
                let ground = if rocky {
                    // Land and scars, wrapped round the ball.
                    let (px, py) = (u / (0.45 + dz * 0.75) * 1.6, v / (0.45 + dz * 0.75) * 1.6);
                    let land = fbm(px, py, 6, seed);
                    let scar = ridged(px * 2.0, py * 2.0, 4, seed ^ 3);
                    bright.mix(band, step(-0.15, 0.25, land)) * (0.7 + 0.5 * scar)
                } else {
                    let swirl = 0.07 * fbm(u * 3.0, v * 7.0, 4, seed);
                    let stripe = noise(0.5, (v + swirl) * 6.5, seed) + 0.5 * noise(3.5, (v + swirl) * 17.0, seed ^ 2);
                    bright.mix(band, step(-0.5, 0.55, stripe)) * (0.94 + 0.12 * fbm(u * 9.0, v * 40.0, 2, seed ^ 5))
                };
                let rim = (1.0 - dz).powi(3);
                let body = ground * (day * 1.15 + 0.006) + air * (rim * day * 0.8 + rim * 0.02);
                light = light.mix(body, cover);
            }
            light
        });
        if self.ring {
            self.ring(canvas, tilt, true);
        }
    }

    /// The half of the ring behind the planet, or the half before it.
    fn ring(&self, canvas: &mut Canvas, tilt: f32, before: bool) {
        let (cx, cy) = self.at;
        let (sin, cos) = tilt.sin_cos();
        let flat = 0.26;
        let reach = self.radius * 2.3;
        let area = Shape::ellipse(self.at, reach, reach);
        let (dust, radius, from) = (self.bright.mix(self.band, 0.4), self.radius, self.from);
        canvas.fill_with(&area, |x, y, under| {
            let (dx, dy) = (x - cx, y - cy);
            let (u, v) = (dx * cos + dy * sin, (dy * cos - dx * sin) / flat);
            if (v > 0.0) != before {
                return under;
            }
            let away = (u * u + v * v).sqrt() / radius;
            let part = (away - 1.3) / 0.95;
            if !(0.0..=1.0).contains(&part) {
                return under;
            }
            let grooves = 0.6 + 0.4 * noise(part * 26.0, 0.5, 91) + 0.25 * noise(part * 70.0, 3.5, 17);
            let gap = 1.0 - 0.85 * step(0.03, 0.0, (part - 0.62).abs());
            let ends = step(0.0, 0.06, part) * step(1.0, 0.9, part);
            // The planet's own shadow falls on the far half.
            let dark = if before {
                1.0
            } else {
                1.0 - 0.9 * step(1.0, 0.85, ((u + from * 0.42 * radius).abs() / radius).max(0.0))
            };
            let thick = (grooves * gap * ends).clamp(0.0, 1.0) * 0.85;
            under.mix(dust * lerp(0.3, 1.0, 0.5 + 0.5 * (u / (radius * 2.2)) * from) * dark, thick)
        });
    }
}
