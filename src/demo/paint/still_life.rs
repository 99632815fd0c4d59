//! A still life: a vase or two and some fruit on a table, in light from a window.

use super::canvas::Canvas;
use super::chance::{Chance, fbm, noise};
use super::finish::Finish;
use super::light::{Gradient, Light, lerp, step};
use super::palette::Inks;
use super::plan::Plan;
use super::shape::{Point, Shape, curve};
use super::soft::Field;
use super::tint::Tint;

pub(super) const SUBJECT: &str = "A still life of ceramic vessels and fruit on a table, lit from a window at one side";

/// Paints it.
pub(super) fn paint(canvas: &mut Canvas, plan: &Plan) -> Finish {
    let mut chance = plan.chance.part(500);
    let layout = plan.layout(3);
    let inks = Inks::mixed(&plan.wish, &mut chance);
    let from = if plan.layout(2) == 0 { -1.0 } else { 1.0 };
    let table = canvas.height * [0.66, 0.6, 0.7].get(layout).copied().unwrap_or(0.66);
    let room = Room { table, from, inks };
    room.walls(canvas, plan, &mut chance);
    let middle = canvas.width * 0.5;
    let size = canvas.height.min(1.25);
    let mut things = Vec::new();
    let colours =
        [inks.main, inks.second, inks.light * 0.85, inks.main.mix(inks.dark, 0.45), inks.second.mix(inks.light, 0.5)];
    let colour = |index: usize| colours.get((index + plan.turn) % 5).copied().unwrap_or(inks.main);
    let vessels: &[(f32, f32, f32)] = match layout {
        0 => &[(-0.13, 0.5, 0.08), (0.16, 0.3, 0.1)],
        1 => &[(-0.26, 0.34, 0.05), (-0.02, 0.56, 0.1), (0.25, 0.27, 0.07)],
        _ => &[(0.05, 0.44, 0.06)],
    };
    for (index, &(x, tall, y)) in vessels.iter().enumerate() {
        let foot = (middle + x * from + chance.between(-0.02, 0.02), table + y);
        things.push(Thing::vessel(
            foot,
            tall * size * chance.between(0.92, 1.08),
            chance.below(VESSELS.len()),
            colour(index),
        ));
    }
    let count = [3, 4, 5].get(layout).copied().unwrap_or(4);
    let start = middle + from * chance.between(0.0, 0.08);
    for index in 0..count {
        let radius = size * chance.between(0.05, 0.072);
        let place = (start - from * (index as f32 - 1.4) * 0.125 * size, table + 0.15 + 0.05 * chance.unit());
        things.push(Thing::fruit((place.0, place.1), radius, colour(index + 2).mix(inks.second, 0.3)));
    }
    things.sort_by(|a, b| a.foot.1.total_cmp(&b.foot.1));
    for thing in &things {
        thing.shadow(canvas, &room);
    }
    for (index, thing) in things.iter().enumerate() {
        if index == 0 && layout != 2 || layout == 2 && thing.tall > 0.3 {
            sprig(canvas, thing, &room, &mut chance);
        }
        thing.paint(canvas, &room, chance.seed());
    }
    Finish { vignette: 0.35, bloom: 0.25, ..Finish::LENS }
}

/// The place and its light.
struct Room {
    table: f32,
    /// The side the light comes from.
    from: f32,
    inks: Inks,
}

impl Room {
    fn walls(&self, canvas: &mut Canvas, plan: &Plan, chance: &mut Chance) {
        let Self { table, from, inks } = *self;
        let night = plan.wish.tints.contains(&Tint::Dark);
        let wall = inks.ground.mix(inks.dark, if night { 0.72 } else { 0.24 });
        let seed = chance.seed();
        let shade = Gradient::new(&[
            (0.0, wall * 1.2 + Light::hex(0xff_e4_bc) * 0.12),
            (0.5, wall * 0.72),
            (1.0, wall.mix(inks.dark, 0.65) * 0.55),
        ]);
        let (width, height) = (canvas.width, canvas.height);
        let window = width * if from < 0.0 { 0.2 } else { 0.8 };
        canvas.shade(|x, y, _| {
            let (dx, dy) = ((x - window) / width, (y - height * 0.18) / height);
            let away = (dx * dx * 1.1 + dy * dy * 0.7).sqrt();
            let patch = 0.05 * fbm(x * 3.0, y * 3.0, 4, seed);
            shade.at(away * 1.05 + patch)
        });
        self.window(canvas, chance);
        let top = inks.main.mix(inks.dark, 0.42).mix(inks.ground, 0.3);
        canvas.shade_rows(table, height, |x, y, light| {
            let cover = ((y - table) * 500.0).clamp(0.0, 1.0);
            let down = (y - table) / (height - table);
            let near = step(1.1, 0.0, ((x - window) / width).abs());
            let weave = 1.0 + 0.05 * fbm(x * 7.0, y * 60.0, 3, seed ^ 4) + 0.03 * noise(x * 200.0, y * 200.0, seed);
            let bright = top * (0.42 + 0.75 * near) * (1.08 - 0.35 * down) * weave;
            let glance = Light::hex(0xff_ec_d0) * (0.07 * near * step(0.35, 0.0, down));
            light.mix(bright + glance, cover)
        });
    }

    /// Light through panes, thrown on the wall.
    fn window(&self, canvas: &mut Canvas, chance: &mut Chance) {
        let lean = 0.2 * -self.from;
        let left = canvas.width * if self.from < 0.0 { 0.34 } else { 0.26 } + chance.between(-0.05, 0.05);
        let (wide, tall, top) = (0.17, 0.2, canvas.height * 0.1);
        let mut panes = Shape::empty();
        for row in 0..2 {
            for column in 0..2 {
                let at = |u: f32, v: f32| {
                    let x = left + (column as f32 + u) * (wide + 0.018);
                    (x, top + (row as f32 + v) * (tall + 0.018) + (x - left) * lean)
                };
                panes.add(vec![at(0.0, 0.0), at(1.0, 0.0), at(1.0, 1.0), at(0.0, 1.0)]);
            }
        }
        let mask = canvas.mask(&panes);
        let glow = Field::blurred(canvas, &mask, 0.02);
        let seed = chance.seed();
        let leaves = Field::new(canvas, 120.0, |x, y| 1.0 - 0.75 * step(0.05, 0.45, fbm(x * 6.0, y * 5.0, 3, seed)));
        let table = self.table;
        canvas.shade_rows(0.0, table, |x, y, light| {
            let part = glow.at(x, y) * leaves.at(x, y);
            light + light.mix(Light::hex(0xff_e2_b4), 0.4) * (part * 0.75)
        });
    }
}

/// Outlines of vessels: half widths from the foot (0) to the lip (1), for a height of one.
const VESSELS: [&[Point]; 5] = [
    &[(0.0, 0.13), (0.08, 0.17), (0.3, 0.28), (0.52, 0.25), (0.72, 0.11), (0.86, 0.075), (1.0, 0.11)],
    &[(0.0, 0.12), (0.05, 0.14), (0.4, 0.17), (0.62, 0.15), (0.74, 0.06), (1.0, 0.055)],
    &[(0.0, 0.16), (0.1, 0.26), (0.35, 0.36), (0.62, 0.36), (0.85, 0.24), (1.0, 0.19)],
    &[(0.0, 0.2), (0.06, 0.21), (0.5, 0.23), (0.9, 0.27), (1.0, 0.28)],
    &[(0.0, 0.1), (0.12, 0.2), (0.28, 0.24), (0.45, 0.15), (0.7, 0.06), (0.9, 0.07), (1.0, 0.1)],
];

/// One thing on the table: round about its upright axis.
struct Thing {
    foot: Point,
    tall: f32,
    /// Half widths from the foot up, evenly spaced.
    sides: Vec<f32>,
    colour: Light,
    fruit: bool,
}

impl Thing {
    fn vessel(foot: Point, tall: f32, kind: usize, colour: Light) -> Self {
        let line = curve(VESSELS.get(kind).copied().unwrap_or_default(), 24);
        let at = |up: f32| {
            let after = line.iter().position(|point| point.0 >= up).unwrap_or(line.len().saturating_sub(1));
            line.get(after).map_or(0.1, |point| point.1) * tall
        };
        let sides = (0..=120).map(|index| at(index as f32 / 120.0)).collect();
        Self { foot, tall, sides, colour, fruit: false }
    }

    fn fruit(foot: Point, radius: f32, colour: Light) -> Self {
        let side = |index: usize| {
            let up = index as f32 / 60.0 - 1.0;
            radius * 1.06 * (1.0 - up * up).max(0.0).sqrt()
        };
        Self { foot, tall: radius * 1.94, sides: (0..=120).map(side).collect(), colour, fruit: true }
    }

    fn half(&self, up: f32) -> f32 {
        let place = (up.clamp(0.0, 1.0) * 120.0).min(119.999);
        let index = place as usize;
        match self.sides.get(index..index + 2) {
            Some(&[a, b]) => lerp(a, b, place - index as f32),
            _ => 0.0,
        }
    }

    fn outline(&self) -> Shape {
        let (x, y) = self.foot;
        let side = |sign: f32, index: usize| {
            let up = index as f32 / 120.0;
            // Seen a little from above, the foot is round.
            (x + sign * self.half(up), y - up * self.tall)
        };
        let mut shape = Shape::polygon(
            (0..=120).map(|index| side(-1.0, index)).chain((0..=120).rev().map(|index| side(1.0, index))).collect(),
        );
        if !self.fruit {
            shape.join(Shape::ellipse((x, y), self.half(0.0), self.half(0.0) * 0.2));
        }
        shape
    }

    /// The cast shadow on the table, and the dark where it stands.
    fn shadow(&self, canvas: &mut Canvas, room: &Room) {
        let (x, y) = self.foot;
        let away = -room.from;
        let wide = self.half(0.3).max(self.half(0.02));
        let reach = self.tall * 0.85;
        let cast = Shape::polygon(vec![
            (x - wide * 0.8, y - wide * 0.1),
            (x + wide * 0.8, y + wide * 0.2),
            (x + away * reach + wide * 0.7, y + reach * 0.12 + wide * 0.1),
            (x + away * reach, y + reach * 0.02 - wide * 0.25),
        ]);
        let far = Field::blurred(canvas, &canvas.mask(&cast), 0.03);
        let contact =
            Shape::ellipse((x + away * wide * 0.15, y + 0.002), self.half(0.05).max(wide * 0.5) * 1.15, wide * 0.22);
        let near = Field::blurred(canvas, &canvas.mask(&contact), 0.012);
        let dark = room.inks.dark * 0.5;
        let table = room.table;
        canvas.shade_rows(table - 0.02, canvas.height, |px, py, light| {
            let fade = step(reach * 1.1, 0.0, (px - x).abs());
            let part =
                (far.at(px, py) * 0.62 * fade).max(near.at(px, py) * 0.85) * step(table - 0.004, table + 0.01, py);
            light.mix(dark, part.clamp(0.0, 0.9))
        });
    }

    fn paint(&self, canvas: &mut Canvas, room: &Room, seed: u32) {
        let (x, y) = self.foot;
        let shape = self.outline();
        let (from, tall, colour) = (room.from, self.tall, self.colour);
        let bounce = room.inks.main.mix(room.inks.ground, 0.4);
        let key = Light::hex(0xff_ee_d6);
        let fruit = self.fruit;
        canvas.fill_with(&shape, |px, py, _| {
            let up = ((y - py) / tall).clamp(0.0, 1.0);
            let half = self.half(up).max(1e-4);
            let across = ((px - x) / half).clamp(-0.999, 0.999);
            let depth = (1.0 - across * across).sqrt();
            // The outline's lean tips the surface up or down.
            let lean = ((self.half(up + 0.02) - self.half(up - 0.02)) / (0.04 * tall)).clamp(-3.0, 3.0);
            let scale = 1.0 / (1.0 + lean * lean).sqrt();
            let (nx, ny, nz) = (across * scale, -lean * scale, depth * scale);
            let soft = 0.03 * fbm(px * 30.0, py * 30.0, 3, seed);
            let facing = nx * from * 0.74 + ny * 0.5 + nz * 0.46;
            let light = step(-0.3, 0.98, facing + soft);
            let speckle = if fruit {
                1.0 + 0.12 * fbm(px * 60.0, py * 40.0, 2, seed)
            } else {
                1.0 + 0.05 * noise(px * 40.0, py * 90.0, seed)
            };
            let skin =
                if fruit { colour.mix(colour.through(Light::hex(0xff_c0_80)), step(0.4, 1.0, up)) } else { colour };
            let mut body = skin.through(Light::grey(0.1) + key * (1.02 * light)) * speckle;
            body += bounce.through(skin) * (0.22 * step(0.25, 0.0, up) + 0.1 * step(0.0, -0.9, nx * from));
            // Highlight, and a thin edge of light against the dark side.
            let shine = (nx * from * 0.5 + ny * 0.5 + nz * 0.72).clamp(0.0, 1.0);
            body += key * (shine.powi(if fruit { 26 } else { 44 }) * if fruit { 0.25 } else { 0.5 });
            let rim = (1.0 - nz).clamp(0.0, 1.0).powi(4);
            body += room.inks.light * (rim * 0.12 * step(0.2, -0.8, nx * from));
            body * lerp(0.72, 1.0, step(0.0, 0.14, up))
        });
        if fruit {
            let stalk = [
                ((x, y - tall * 0.93), 0.0035),
                ((x + tall * 0.05, y - tall * 1.04), 0.0025),
                ((x + tall * 0.13, y - tall * 1.1), 0.003),
            ];
            canvas.fill(&Shape::stroke(&stalk), room.inks.dark.mix(colour, 0.3));
        } else {
            // The mouth: a dark ellipse with a bright lip.
            let lip = self.half(1.0);
            let top = y - tall;
            canvas.fill(&Shape::ellipse((x, top), lip, lip * 0.2), colour * 0.9 + key * 0.06);
            canvas.fill_with(&Shape::ellipse((x, top + lip * 0.02), lip * 0.86, lip * 0.15), |px, _, _| {
                colour * lerp(0.1, 0.32, step(-lip, lip, -(px - x) * from))
            });
        }
    }
}

/// A branch with leaves standing in a vessel.
fn sprig(canvas: &mut Canvas, thing: &Thing, room: &Room, chance: &mut Chance) {
    let top = (thing.foot.0, thing.foot.1 - thing.tall);
    let green = room.inks.dark.mix(Light::hex(0x5f_7a_48), 0.6);
    for stem in 0..3 {
        let lean = (stem as f32 - 1.0) * 0.13 + chance.between(-0.06, 0.06);
        let tall = thing.tall * chance.between(0.55, 0.95);
        let line = curve(
            &[
                (top.0, top.1 + 0.03),
                (top.0 + lean * 0.35, top.1 - tall * 0.4),
                (top.0 + lean, top.1 - tall * 0.78),
                (top.0 + lean * 1.5, top.1 - tall),
            ],
            12,
        );
        let brush: Vec<(Point, f32)> = line.iter().map(|&place| (place, 0.0022)).collect();
        canvas.fill(&Shape::stroke(&brush), green * 0.6);
        for (index, &place) in line.iter().enumerate().skip(9).step_by(3) {
            for side in [-1.0, 1.0] {
                let size = 0.05 * chance.between(0.6, 1.15);
                let turn = side * chance.between(0.5, 1.1) - std::f32::consts::FRAC_PI_2 + lean;
                let lit = step(-0.6, 1.0, turn.cos() * room.from + 0.25);
                let tone = green * lerp(0.55, 1.5, lit) + Light::hex(0xff_e8_b8) * (0.1 * lit);
                let leaf = curve(
                    &[(0.0, 0.0), (0.3, -0.16), (0.7, -0.13), (1.0, 0.0), (0.7, 0.1), (0.3, 0.13), (0.0, 0.0)],
                    6,
                );
                let shape = Shape::polygon(leaf).placed(place, (size, size), turn);
                canvas.fill_with(&shape, |px, _, _| tone * (1.0 + (px - place.0) * room.from * 4.0).clamp(0.6, 1.5));
                if index % 6 == 0 && side > 0.0 {
                    let at = (place.0 + turn.cos() * size * 0.6, place.1 + turn.sin() * size * 0.6);
                    canvas.fill(&Shape::circle(at, 0.008), room.inks.second * lerp(0.6, 1.3, lit));
                }
            }
        }
    }
}
