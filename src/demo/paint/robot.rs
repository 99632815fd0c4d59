//! A friendly robot at a desk, its face lit by what it works on.

use super::canvas::Canvas;
use super::chance::{Chance, fbm};
use super::finish::Finish;
use super::light::{Gradient, Light, lerp, step};
use super::palette::Inks;
use super::plan::Plan;
use super::shape::{Point, Shape, curve};
use super::soft::Field;

pub(super) const SUBJECT: &str =
    "A friendly robot with round eyes working at a laptop on a desk, its screen lighting its face";

/// Wall far from the lamp, wall near it, body, trim.
const ROOMS: [[u32; 4]; 5] = [
    [0x14_21_3a, 0x3c_5a_86, 0xe9_e2_d4, 0xe2_78_4a],
    [0x2a_18_36, 0x7a_4a_78, 0xf0_d8_c4, 0x45_b0_a8],
    [0x0f_2c_30, 0x3f_7f_78, 0xf2_c3_5c, 0xd8_52_3f],
    [0x2c_24_20, 0x8a_6a_50, 0x9f_c4_c0, 0xe8_a2_3c],
    [0x1a_1d_2c, 0x56_60_88, 0xd0_d8_e6, 0xf0_b8_3f],
];

/// Paints it.
pub(super) fn paint(canvas: &mut Canvas, plan: &Plan) -> Finish {
    let mut chance = plan.chance.part(1100);
    let mut tones = ROOMS.get(plan.turn % ROOMS.len()).copied().unwrap_or_default().map(Light::hex);
    for tint in &plan.wish.tints {
        tones = tones.map(|tone| tint.on(tone, 0.5));
    }
    let [far, near, body, trim] = tones;
    let inks = Inks { ground: near, dark: far, main: body, second: trim, light: Light::hex(0xff_f0_d8) };
    let side = if plan.layout(2) == 0 { 1.0 } else { -1.0 };
    let desk = canvas.height * 0.76;
    let size = canvas.height.min(1.3) * [0.42, 0.46, 0.38].get(plan.layout(3)).copied().unwrap_or(0.42);
    let middle = canvas.width * 0.5 - side * 0.07;
    room(canvas, &inks, side, desk, &mut chance);
    let robot = Robot {
        at: (middle, desk),
        size,
        side,
        inks,
        glow: Light::hex([0x8f_e8_ff, 0xb8_ff_d8, 0xff_d8_9a].get(plan.layout(3)).copied().unwrap_or(0x8f_e8_ff)),
    };
    robot.shadow(canvas);
    robot.body(canvas);
    robot.head(canvas, plan.layout(3));
    table(canvas, &inks, side, desk);
    robot.laptop(canvas);
    robot.hands(canvas);
    things(canvas, &inks, side, desk, &mut chance);
    Finish { bloom: 0.8, vignette: 0.4, ..Finish::LENS }
}

/// Wall, window with a night town, shelf.
fn room(canvas: &mut Canvas, inks: &Inks, side: f32, desk: f32, chance: &mut Chance) {
    let seed = chance.seed();
    let (width, height) = (canvas.width, canvas.height);
    let lamp = (width * (0.5 + side * 0.4), height * 0.32);
    let wall = Gradient::new(&[
        (0.0, inks.ground * 1.15 + inks.light * 0.14),
        (0.4, inks.ground * 0.62),
        (1.0, inks.dark * 0.75),
    ]);
    canvas.shade(|x, y, _| {
        let (dx, dy) = ((x - lamp.0) / width, (y - lamp.1) / height);
        wall.at((dx * dx + dy * dy).sqrt() * 1.25 + 0.03 * fbm(x * 4.0, y * 4.0, 3, seed))
    });
    // A window on the dark side, with lights outside.
    let pane = (width * (0.5 - side * 0.3), height * 0.27);
    let (half_w, half_h) = (0.135, 0.17);
    let frame = inks.dark.mix(inks.ground, 0.35);
    canvas.fill(&Shape::rounded(pane, half_w + 0.014, half_h + 0.014, 0.014), frame * 1.3);
    canvas.fill_with(&Shape::rounded(pane, half_w, half_h, 0.006), |x, y, _| {
        let t = (y - pane.1 + half_h) / (2.0 * half_h);
        let night = Light::hex(0x10_1c_3c).mix(Light::hex(0x6a_4c_78), t * t);
        night + Light::hex(0xff_b0_70) * (0.12 * step(0.6, 1.0, t) * (1.0 + fbm(x * 9.0, y * 9.0, 2, seed)))
    });
    for _ in 0..40 {
        let at = (pane.0 + chance.between(-half_w, half_w) * 0.95, pane.1 + half_h * chance.between(0.1, 0.95));
        let hue = Light::hex(0xff_c8_70).mix(Light::hex(0x8f_d0_ff), chance.unit());
        canvas.dab(at, chance.between(0.004, 0.011), |part, under| under.mix(hue, (part * 2.0).min(0.5)));
    }
    canvas.fill(&Shape::rect(pane.0 - 0.004, pane.1 - half_h, 0.008, half_h * 2.0), frame);
    canvas.fill(&Shape::rect(pane.0 - half_w, pane.1 - 0.004, half_w * 2.0, 0.008), frame);
    // A shelf with books on the lit side.
    let shelf = (width * (0.5 + side * 0.3), desk - 0.36);
    let board = Shape::rect(shelf.0 - 0.16, shelf.1, 0.32, 0.014);
    let shadow = Field::blurred(canvas, &canvas.mask(&board.placed((0.0, 0.02), (1.0, 1.0), 0.0)), 0.02);
    canvas.shade(|x, y, light| light * (1.0 - 0.5 * shadow.at(x, y).min(1.0)));
    let mut x = shelf.0 - 0.14;
    while x < shelf.0 + 0.11 {
        let (wide, tall) = (chance.between(0.012, 0.03), chance.between(0.07, 0.12));
        let cover = [inks.main, inks.second, inks.dark, inks.ground, inks.second.mix(inks.dark, 0.5)]
            .get(chance.below(5))
            .copied()
            .unwrap_or(inks.main);
        canvas.fill_with(&Shape::rect(x, shelf.1 - tall, wide, tall), |px, py, _| {
            let round = 1.0 - ((px - x) / wide - 0.5).powi(2) * 1.6;
            let band = if ((py - shelf.1 + tall * 0.75) / tall).abs() < 0.04 { 1.5 } else { 1.0 };
            cover * (0.42 * round * band)
        });
        x += wide + 0.003;
    }
    canvas.fill(&board, inks.dark.mix(inks.second, 0.25) * 0.8);
}

/// The desk's top and front.
fn table(canvas: &mut Canvas, inks: &Inks, side: f32, desk: f32) {
    let wood = Light::hex(0x8a_5a_3a).mix(inks.second, 0.2);
    let (width, height) = (canvas.width, canvas.height);
    canvas.shade_rows(desk, height, |x, y, light| {
        let cover = ((y - desk) * 600.0).clamp(0.0, 1.0);
        let down = (y - desk) / (height - desk);
        let grain = 1.0 + 0.12 * fbm(x * 3.0, y * 50.0, 4, 12) + 0.04 * fbm(x * 20.0, y * 260.0, 2, 5);
        let near = step(1.1, 0.0, (x / width - 0.5 - side * 0.32).abs());
        let edge = step(0.0, 0.012, y - desk);
        light.mix(wood * (grain * lerp(0.3, 0.75, near) * lerp(1.1, 0.6, down) * lerp(1.35, 1.0, edge)), cover)
    });
}

/// A cup that steams, a plant in a pot, pencils.
fn things(canvas: &mut Canvas, inks: &Inks, side: f32, desk: f32, chance: &mut Chance) {
    let (x, y) = (canvas.width * 0.5 + side * 0.33, desk + 0.075);
    let dark = inks.dark * 0.4;
    canvas.dab((x - side * 0.03, y), 0.085, |part, under| under.mix(dark, part * 0.5));
    let cup = Shape::rounded((x, y - 0.04), 0.036, 0.042, 0.012);
    canvas
        .fill(&Shape::arc((x + side * 0.036, y - 0.042), 0.013, 0.021, 0.0, std::f32::consts::TAU), inks.second * 0.7);
    canvas.fill_with(&cup, |px, _, _| inks.second * lerp(0.35, 1.05, step(-0.04, 0.04, (px - x) * side)));
    canvas.fill(&Shape::ellipse((x, y - 0.08), 0.036, 0.008), inks.second * 1.1);
    canvas.fill(&Shape::ellipse((x, y - 0.079), 0.031, 0.006), Light::hex(0x3a_20_12));
    for puff in 0..22 {
        let t = puff as f32 / 22.0;
        let at = (x + 0.012 * (t * 9.0).sin(), y - 0.09 - 0.12 * t);
        canvas.dab(at, 0.012 + 0.016 * t, |part, under| under + inks.light * (part * 0.035 * (1.0 - t)));
    }
    let pot = (canvas.width * 0.5 - side * 0.38, desk + 0.05);
    canvas.dab((pot.0 - side * 0.03, pot.1), 0.1, |part, under| under.mix(dark, part * 0.5));
    for _ in 0..11 {
        let turn = -1.57 + chance.between(-0.95, 0.95);
        let size = chance.between(0.11, 0.19);
        let leaf =
            curve(&[(0.0, 0.0), (0.35, -0.12), (0.75, -0.12), (1.0, 0.0), (0.75, 0.12), (0.35, 0.1), (0.0, 0.0)], 6);
        let shape = Shape::polygon(leaf).placed((pot.0, pot.1 - 0.07), (size, size), turn);
        let lit = step(-0.8, 0.9, turn.cos() * side);
        canvas.fill_with(&shape, |_, py, _| {
            Light::hex(0x3f_7a_4c).mix(inks.dark, 0.3) * lerp(0.35, 1.0, lit) * (0.75 + (pot.1 - py) * 2.2)
        });
    }
    let side_of_pot = vec![
        (pot.0 - 0.045, pot.1 - 0.08),
        (pot.0 + 0.045, pot.1 - 0.08),
        (pot.0 + 0.034, pot.1),
        (pot.0 - 0.034, pot.1),
    ];
    canvas.fill_with(&Shape::polygon(side_of_pot), |px, _, _| {
        inks.main.mix(inks.second, 0.3) * lerp(0.2, 0.62, step(-0.05, 0.05, (px - pot.0) * side))
    });
}

struct Robot {
    /// Where it sits at the desk.
    at: Point,
    size: f32,
    /// The side the room's lamp is on.
    side: f32,
    inks: Inks,
    /// The light of its eyes and its screen.
    glow: Light,
}

impl Robot {
    /// A place on the robot: across and up, in its own size.
    fn place(&self, x: f32, up: f32) -> Point {
        (self.at.0 + x * self.size, self.at.1 - up * self.size)
    }

    /// A round-edged part with light from the lamp, light from the screen below, and a bright rim.
    fn part(&self, canvas: &mut Canvas, centre: Point, (half_w, half_h): (f32, f32), radius: f32, colour: Light) {
        let shape = Shape::rounded(centre, half_w, half_h, radius);
        let mask = canvas.mask(&shape);
        let soft = Field::blurred(canvas, &mask, radius.min(half_w).min(half_h) * 0.75);
        let (side, glow, key) = (self.side, self.glow, self.inks.light);
        let reach = radius * 0.4;
        canvas.cover(&mask, |x, y, _| {
            // The blurred outline is a height; its slope is the way the surface faces.
            let right = (soft.at(x - reach, y) - soft.at(x + reach, y)).clamp(-1.0, 1.0);
            let up = (soft.at(x, y + reach) - soft.at(x, y - reach)).clamp(-1.0, 1.0);
            let across = (x - centre.0) / half_w;
            let rise = (centre.1 - y) / half_h;
            let facing = (0.42 + 0.5 * right * side + 0.42 * up + 0.13 * across * side + 0.16 * rise).clamp(0.0, 1.15);
            let screen = (0.22 - 0.55 * up - 0.3 * rise).clamp(0.0, 1.0);
            let shine = (0.5 * right * side + 0.6 * up).clamp(0.0, 1.0).powi(3);
            colour.through(key * (0.1 + 0.85 * facing) + glow * (0.26 * screen)) + key * (shine * 0.3)
        });
    }

    fn shadow(&self, canvas: &mut Canvas) {
        let shape =
            Shape::rounded(self.place(-0.12 * self.side, 0.75), self.size * 0.5, self.size * 0.72, self.size * 0.3);
        let soft = Field::blurred(canvas, &canvas.mask(&shape), 0.09);
        canvas.shade(|x, y, light| light * (1.0 - 0.42 * soft.at(x, y).min(1.0)));
    }

    fn body(&self, canvas: &mut Canvas) {
        let s = self.size;
        let Inks { main, second, dark, .. } = self.inks;
        for side in [-1.0, 1.0] {
            let arm = [
                (self.place(side * 0.42, 0.5), s * 0.075),
                (self.place(side * 0.56, 0.24), s * 0.07),
                (self.place(side * 0.5, -0.02), s * 0.065),
            ];
            let tone = dark.mix(main, 0.35) * if side * self.side > 0.0 { 0.9 } else { 0.5 };
            canvas.fill(&Shape::stroke(&arm), tone);
            self.part(canvas, self.place(side * 0.42, 0.5), (s * 0.115, s * 0.115), s * 0.11, second);
        }
        self.part(canvas, self.place(0.0, 0.66), (s * 0.1, s * 0.08), s * 0.02, dark.mix(main, 0.3));
        self.part(canvas, self.place(0.0, 0.28), (s * 0.36, s * 0.36), s * 0.13, main);
        self.part(canvas, self.place(0.0, 0.42), (s * 0.19, s * 0.1), s * 0.04, dark.mix(main, 0.12));
        for (index, colour) in [second, self.glow, Light::hex(0xff_d0_60)].into_iter().enumerate() {
            let at = self.place((index as f32 - 1.0) * 0.1, 0.42);
            canvas.fill(&Shape::circle(at, s * 0.026), colour * 1.1);
            canvas.glow(at, s * 0.08, colour * 0.25);
        }
    }

    fn head(&self, canvas: &mut Canvas, kind: usize) {
        let s = self.size;
        let Inks { main, second, dark, .. } = self.inks;
        let (half, round) = match kind {
            0 => ((0.44, 0.31), 0.16),
            1 => ((0.37, 0.35), 0.34),
            _ => ((0.48, 0.27), 0.1),
        };
        let middle = self.place(0.0, 1.02);
        for side in [-1.0, 1.0] {
            self.part(canvas, self.place(side * (half.0 + 0.03), 1.02), (s * 0.06, s * 0.13), s * 0.05, second);
        }
        let top = self.place(0.0, 1.02 + half.1);
        let bend = (top.0 + s * 0.05 * self.side, top.1 - s * 0.16);
        canvas.fill(&Shape::stroke(&[((top.0, top.1 + s * 0.02), s * 0.02), (bend, s * 0.013)]), dark.mix(main, 0.4));
        canvas.fill(&Shape::circle(bend, s * 0.048), second * 1.25);
        canvas.glow(bend, s * 0.2, second * 0.35);
        self.part(canvas, middle, (s * half.0, s * half.1), s * round, main);
        // The dark face plate with its eyes.
        let plate = (middle.0, middle.1 + s * 0.012);
        let glass = Shape::rounded(plate, s * half.0 * 0.82, s * half.1 * 0.74, s * round * 0.8);
        let side = self.side;
        canvas.fill_with(&glass, |x, y, _| {
            let sheen = step(0.03, 0.0, ((x - plate.0) * side - (y - plate.1) * 0.5 - s * 0.2).abs() - s * 0.03);
            dark * 0.22 + self.inks.light * (0.05 * sheen) + self.glow * (0.06 * step(-0.1, 0.25, (y - plate.1) / s))
        });
        for eye in [-1.0, 1.0] {
            let at = (middle.0 + eye * s * half.0 * 0.4, middle.1 - s * 0.01);
            let radius = s * 0.088;
            canvas.glow(at, radius * 3.4, self.glow * 0.24);
            canvas.fill_with(&Shape::ellipse(at, radius, radius * 1.12), |x, y, _| {
                let away = ((x - at.0).powi(2) + (y - at.1).powi(2)).sqrt() / radius;
                self.glow * lerp(1.5, 0.75, away)
            });
            // It looks down at its work.
            canvas.fill(&Shape::circle((at.0, at.1 + radius * 0.3), radius * 0.5), dark * 0.2);
            canvas.fill(
                &Shape::circle((at.0 + side * radius * 0.2, at.1 + radius * 0.1), radius * 0.17),
                Light::grey(1.6),
            );
        }
        let mouth: Vec<(Point, f32)> = (0..=20)
            .map(|step| step as f32 / 10.0 - 1.0)
            .map(|t| ((middle.0 + t * s * 0.1, middle.1 + s * (0.16 + 0.03 * (1.0 - t * t))), s * 0.011))
            .collect();
        canvas.fill(&Shape::stroke(&mouth), self.glow * 1.1);
    }

    /// The laptop from behind, its screen's light on the robot.
    fn laptop(&self, canvas: &mut Canvas) {
        let s = self.size;
        let (x, y) = (self.at.0 + self.side * s * 0.04, self.at.1 + 0.09);
        canvas.dab((x, y), s * 0.75, |part, under| under * (1.0 - 0.45 * part * part));
        for (reach, strength) in [(s * 1.25, 0.07), (s * 0.75, 0.1)] {
            canvas.glow((x, y - s * 0.36), reach, self.glow * strength);
        }
        let lid = Shape::polygon(vec![
            (x - s * 0.46, y - s * 0.43),
            (x + s * 0.46, y - s * 0.43),
            (x + s * 0.5, y),
            (x - s * 0.5, y),
        ]);
        let metal = Light::hex(0xb8_bc_c4).mix(self.inks.dark, 0.35);
        let side = self.side;
        canvas.fill_with(&lid, |px, py, _| {
            let bright = 0.32 + 0.3 * step(-s, s, (px - x) * side) + 0.2 * step(y, y - s * 0.4, py);
            metal * bright + self.glow * (0.5 * step(0.012, 0.0, (py - y + s * 0.43).abs()))
        });
        canvas.fill(&Shape::rect(x - s * 0.52, y, s * 1.04, s * 0.028), metal * 0.5);
        // The maker's mark: a small ring.
        canvas.fill(&Shape::arc((x, y - s * 0.21), s * 0.04, s * 0.055, 0.0, std::f32::consts::TAU), self.glow * 0.9);
        canvas.glow((x, y - s * 0.21), s * 0.16, self.glow * 0.15);
    }

    fn hands(&self, canvas: &mut Canvas) {
        let s = self.size;
        for side in [-1.0, 1.0] {
            let at = (self.at.0 + side * s * 0.57 + self.side * s * 0.02, self.at.1 + 0.055);
            self.part(canvas, at, (s * 0.085, s * 0.075), s * 0.07, self.inks.second);
        }
    }
}
