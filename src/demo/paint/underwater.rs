//! Under water: light falling from the surface, kelp and rock in the blue, a school of fish.

use super::canvas::Canvas;
use super::chance::{Chance, fbm, noise, ridged};
use super::finish::Finish;
use super::light::{Gradient, Light, lerp, step};
use super::plan::Plan;
use super::shape::{Point, Shape, curve};

pub(super) const SUBJECT: &str = "Light falling through deep water over kelp, coral and a school of fish";

/// Surface, open water, depth.
const WATERS: [[u32; 3]; 4] = [
    [0xc8_f2_e6, 0x1f_8f_ae, 0x05_24_42],
    [0xd8_f6_d0, 0x2a_9a_8a, 0x06_30_2f],
    [0xbf_e4_ff, 0x2f_6f_c0, 0x0a_16_40],
    [0xe8_f0_d0, 0x3f_9a_a0, 0x10_1f_3c],
];

/// Paints it.
pub(super) fn paint(canvas: &mut Canvas, plan: &Plan) -> Finish {
    let mut chance = plan.chance.part(950);
    let mut tones = WATERS.get(plan.layout(4)).copied().unwrap_or_default().map(Light::hex);
    for tint in &plan.wish.tints {
        tones = tones.map(|tone| tint.on(tone, 0.6));
    }
    let [surface, open, deep] = tones;
    let sun = canvas.width * chance.between(0.25, 0.75);
    water(canvas, (surface, open, deep), sun, chance.seed());
    let whales = plan.wish.says(&["whale", "humpback", "orca"]);
    let jelly = plan.wish.says(&["jellyfish", "medusa"]) || (plan.layout(3) == 2 && !whales);
    for row in 0..4 {
        let near = row as f32 / 3.0;
        let tone = open.mix(deep, lerp(0.35, 1.0, near)) * lerp(0.9, 0.28, near);
        bed(canvas, near, tone, surface, &mut chance);
        match row {
            0 if whales => {
                whale(canvas, open.mix(deep, 0.6), surface, &mut chance);
            }
            1 => school(canvas, (open.mix(deep, 0.55), surface), &mut chance),
            2 if jelly => {
                for _ in 0..3 {
                    let size = chance.between(0.05, 0.11);
                    let at = (canvas.width * chance.between(0.15, 0.85), canvas.height * chance.between(0.2, 0.55));
                    jellyfish(canvas, at, size, surface.mix(Light::hex(0xff_9a_c8), 0.55), &mut chance);
                }
            }
            _ => {}
        }
    }
    bubbles(canvas, surface, &mut chance);
    Finish { bloom: 0.6, vignette: 0.4, ..Finish::LENS }
}

fn water(canvas: &mut Canvas, (surface, open, deep): (Light, Light, Light), sun: f32, seed: u32) {
    let fall = Gradient::new(&[
        (0.0, surface),
        (0.12, surface.mix(open, 0.6)),
        (0.42, open.mix(deep, 0.25)),
        (0.8, deep.mix(open, 0.16)),
        (1.0, deep * 0.7),
    ]);
    let height = canvas.height;
    canvas.shade(|x, y, _| {
        let away = ((x - sun) * 0.8).abs();
        let mut light = fall.at((y / height) * (0.82 + 0.5 * away) + 0.03 * fbm(x * 2.0, y * 2.0, 3, seed));
        // The sun through a moving surface.
        let (u, v) = ((x - sun) / (y * 2.2 + 0.14), 1.0 / (y + 0.09));
        let net = ridged(u * 3.2 + 0.3 * noise(u * 3.0, v, seed), v * 0.9, 3, seed ^ 2);
        light += surface * (step(0.62, 0.96, net) * step(0.2, 0.0, y) * 0.8);
        let glow = 1.0 / (1.0 + ((x - sun).powi(2) * 9.0 + y * y * 5.0));
        light += surface * (glow * glow * 0.5);
        // Beams fan out from a point above the surface.
        let turn = (x - sun) / (y + 0.5);
        let beam = step(-0.05, 0.8, noise(turn * 6.5, 1.5, seed ^ 7) + 0.5 * noise(turn * 15.0, 4.5, seed ^ 8));
        let reach = (-y * 2.1 / height).exp() * (-turn * turn * 1.6).exp();
        light + surface * (beam * reach * 0.42)
    });
}

/// One row of rock, coral and kelp.
fn bed(canvas: &mut Canvas, near: f32, tone: Light, surface: Light, chance: &mut Chance) {
    let (width, height) = (canvas.width, canvas.height);
    let seed = chance.seed();
    let base = height * lerp(0.78, 0.98, near);
    let side = chance.sign();
    let ground = |x: f32| {
        let mass = lerp(0.04, 0.2, near) * step(0.1, 0.6, ((x / width - 0.5) * side + 0.1).max(0.0) * 1.4);
        base - mass - 0.07 * fbm(x * 2.2, near * 5.0, 4, seed) - 0.03 * ridged(x * 7.0, near, 3, seed)
    };
    let mut outline: Vec<Point> = (0..=260).map(|index| index as f32 / 260.0 * width).map(|x| (x, ground(x))).collect();
    outline.extend([(width, height), (0.0, height)]);
    let mut shape = Shape::polygon(outline);
    let plants = (lerp(16.0, 7.0, near) * width) as usize;
    for _ in 0..plants {
        let x = chance.between(0.0, width);
        let clear = (x / width - 0.5).abs() > 0.2 * near;
        if clear {
            let foot = (x, ground(x) + 0.02);
            if chance.is(0.55) {
                kelp(
                    &mut shape,
                    foot,
                    lerp(0.16, 0.62, near) * chance.between(0.6, 1.3),
                    lerp(0.005, 0.015, near),
                    chance,
                );
            } else {
                coral(&mut shape, foot, lerp(0.05, 0.17, near) * chance.between(0.6, 1.3), -1.57, 5, chance);
            }
        }
    }
    let columns = canvas.columns as f32 / width;
    let heights: Vec<f32> = (0..=canvas.columns).map(|column| ground(column as f32 / columns)).collect();
    canvas.fill_with(&shape, |x, y, under| {
        let ground = heights.get((x * columns) as usize).copied().unwrap_or(y);
        let lit = step(0.7, 0.1, y / height) * 0.35 + 0.14 * fbm(x * 12.0, y * 12.0, 3, seed);
        let top = step(0.05, 0.0, (y - ground).abs()) * 0.08;
        tone * (1.0 + lit) + surface * (top * (1.0 - near)) + under * (0.18 * (1.0 - near))
    });
}

fn kelp(shape: &mut Shape, foot: Point, tall: f32, half: f32, chance: &mut Chance) {
    let sway = chance.between(-0.25, 0.25) * tall;
    let phase = chance.between(0.0, 6.0);
    let at = |t: f32| (foot.0 + sway * t * t + tall * 0.05 * (phase + t * 7.0).sin() * t, foot.1 - tall * t);
    let stem: Vec<(Point, f32)> =
        (0..=24).map(|step| step as f32 / 24.0).map(|t| (at(t), half * 0.35 * (1.0 - t) + 0.0006)).collect();
    shape.join(Shape::stroke(&stem));
    let leaf = curve(&[(0.0, 0.0), (0.3, -0.14), (0.7, -0.1), (1.0, 0.02), (0.7, 0.12), (0.3, 0.1), (0.0, 0.0)], 5);
    let blade = Shape::polygon(leaf);
    for index in 2..16 {
        let t = index as f32 / 16.0;
        let side = if index % 2 == 0 { 1.0 } else { -1.0 };
        let size = half * 7.0 * (1.15 - t);
        let turn = -1.57 + side * (0.75 + 0.25 * (phase + t * 9.0).sin());
        shape.join(blade.placed(at(t), (size, size), turn));
    }
}

fn coral(shape: &mut Shape, foot: Point, tall: f32, turn: f32, depth: usize, chance: &mut Chance) {
    let tip = (foot.0 + turn.cos() * tall * 0.4, foot.1 + turn.sin() * tall * 0.4);
    let half = tall * 0.06;
    shape.join(Shape::stroke(&[(foot, half), (tip, half * 0.78)]));
    shape.join(Shape::circle(tip, half * 0.78));
    if depth > 0 {
        for side in [-1.0, 1.0] {
            coral(
                shape,
                tip,
                tall * chance.between(0.66, 0.82),
                turn + side * chance.between(0.2, 0.6),
                depth - 1,
                chance,
            );
        }
    }
}

/// A whale passing above, its back in the light.
fn whale(canvas: &mut Canvas, dark: Light, surface: Light, chance: &mut Chance) {
    let side = chance.sign();
    let size = 0.34 * canvas.width.min(1.4);
    let at = (canvas.width * 0.5 + side * 0.06, canvas.height * chance.between(0.3, 0.42));
    let body = [
        (1.0, 0.02),
        (0.86, -0.12),
        (0.5, -0.2),
        (0.0, -0.19),
        (-0.5, -0.09),
        (-0.86, 0.0),
        (-1.2, -0.2),
        (-1.26, -0.16),
        (-1.04, 0.05),
        (-1.22, 0.16),
        (-1.16, 0.19),
        (-0.84, 0.08),
        (-0.4, 0.1),
        (0.1, 0.22),
        (0.6, 0.2),
        (0.9, 0.12),
        (1.0, 0.02),
    ];
    let fin = [(0.36, 0.12), (0.3, 0.36), (0.08, 0.56), (0.0, 0.56), (0.1, 0.36), (0.14, 0.16), (0.36, 0.12)];
    let lean = -0.12 * side;
    let seed = chance.seed();
    for (outline, depth) in [(curve(&body, 8), 1.0), (curve(&fin, 8), 0.75)] {
        let shape = Shape::polygon(outline).placed(at, (size * side, size), lean);
        canvas.fill_with(&shape, |x, y, under| {
            let up = (at.1 - y) / size;
            let lit = step(-0.02, 0.2, up + 0.02 * fbm(x * 30.0, y * 30.0, 3, seed));
            let net = ridged(x * 9.0, y * 14.0, 3, seed);
            let folds = step(0.05, 0.2, -up) * 0.12 * (0.5 + 0.5 * ((y - at.1) * 260.0).sin());
            (dark * depth).mix(surface, 0.3 * lit + 0.12 * lit * step(0.6, 0.9, net) + folds).mix(under, 0.3)
        });
    }
}

/// Fish that swim together.
fn school(canvas: &mut Canvas, (dark, bright): (Light, Light), chance: &mut Chance) {
    let side = chance.sign();
    let middle = (canvas.width * chance.between(0.35, 0.65), canvas.height * chance.between(0.34, 0.5));
    let body = curve(
        &[
            (1.0, 0.0),
            (0.5, -0.2),
            (0.0, -0.22),
            (-0.6, -0.05),
            (-1.0, -0.28),
            (-0.9, 0.0),
            (-1.0, 0.28),
            (-0.6, 0.05),
            (0.0, 0.22),
            (0.5, 0.18),
            (1.0, 0.0),
        ],
        5,
    );
    let fish = Shape::polygon(body);
    for _ in 0..70 {
        let (turn, out) = (chance.between(0.0, std::f32::consts::TAU), chance.unit().sqrt());
        let at = (middle.0 + turn.cos() * out * 0.3 * canvas.width.min(1.4), middle.1 + turn.sin() * out * 0.13);
        let size = chance.between(0.009, 0.02);
        let lean = chance.between(-0.2, 0.2) + 0.25 * turn.cos();
        let shape = fish.placed(at, (size * side, size), lean);
        canvas.fill_with(&shape, |_, y, _| dark.mix(bright, 0.55 * step(size * 0.1, -size * 0.22, y - at.1)));
    }
}

fn jellyfish(canvas: &mut Canvas, (x, y): Point, size: f32, colour: Light, chance: &mut Chance) {
    canvas.glow((x, y), size * 3.2, colour * 0.16);
    for arm in 0..9 {
        let start = (x + (arm as f32 / 8.0 - 0.5) * size * 1.5, y + size * 0.1);
        let phase = chance.between(0.0, 6.0);
        let tall = size * chance.between(2.2, 4.2);
        let line: Vec<(Point, f32)> = (0..=40)
            .map(|step| step as f32 / 40.0)
            .map(|t| {
                (
                    (start.0 + size * 0.28 * (phase + t * 8.0).sin() * t, start.1 + tall * t),
                    size * 0.03 * (1.0 - t) + 0.0004,
                )
            })
            .collect();
        canvas.fill_with(&Shape::stroke(&line), |_, py, under| {
            under + colour * (0.4 * (1.0 - (py - start.1) / tall).max(0.0))
        });
    }
    let dome = curve(
        &[
            (-1.0, 0.2),
            (-0.95, -0.35),
            (-0.5, -0.9),
            (0.0, -1.0),
            (0.5, -0.9),
            (0.95, -0.35),
            (1.0, 0.2),
            (0.6, 0.08),
            (0.2, 0.2),
            (-0.2, 0.08),
            (-0.6, 0.2),
            (-1.0, 0.2),
        ],
        8,
    );
    canvas.fill_with(&Shape::polygon(dome).placed((x, y), (size, size), 0.0), |px, py, under| {
        let (u, v) = ((px - x) / size, (py - y) / size + 0.35);
        let edge = step(0.35, 1.0, (u * u + v * v * 1.4).sqrt());
        let rib = 0.75 + 0.25 * (u * 14.0).cos();
        under * 0.6 + colour * (0.22 + 0.6 * edge) * rib
    });
}

fn bubbles(canvas: &mut Canvas, surface: Light, chance: &mut Chance) {
    for _ in 0..4 {
        let start = (canvas.width * chance.unit(), canvas.height * chance.between(0.4, 1.0));
        for index in 0..12 {
            let up = index as f32 * chance.between(0.02, 0.035);
            let at = (start.0 + 0.015 * (up * 30.0).sin(), start.1 - up);
            let size = chance.between(0.002, 0.008);
            let ring = Shape::arc(at, size * 0.78, size, 0.0, std::f32::consts::TAU);
            canvas.fill_with(&ring, |_, _, under| under + surface * 0.3);
            canvas.glow((at.0 - size * 0.35, at.1 - size * 0.35), size * 0.5, surface * 0.8);
        }
    }
    for _ in 0..(300.0 * canvas.width) as usize {
        let at = (chance.between(0.0, canvas.width), chance.between(0.0, canvas.height));
        canvas.glow(at, chance.between(0.0008, 0.0024), surface * (0.12 * (1.0 - at.1 / canvas.height) + 0.03));
    }
}
