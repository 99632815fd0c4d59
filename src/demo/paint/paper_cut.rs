//! Cut paper in layers: hills and leaves around an opening, an animal standing in it, a soft shadow under every sheet.

use super::animal;
use super::canvas::Canvas;
use super::chance::{Chance, fbm, noise};
use super::finish::Finish;
use super::forest::fir;
use super::light::{Light, lerp, step};
use super::palette::Inks;
use super::plan::Plan;
use super::shape::{Point, Shape, curve};
use super::soft::Field;

pub(super) const SUBJECT: &str = "Layers of cut paper, hills and leaves around an opening with a paper moon";

/// Paints it.
pub(super) fn paint(canvas: &mut Canvas, plan: &Plan) -> Finish {
    let mut chance = plan.chance.part(1000);
    let inks = Inks::mixed(&plan.wish, &mut chance);
    let seed = chance.seed();
    let fibres = Field::new(canvas, 420.0, |x, y| {
        0.035 * noise(x * 170.0, y * 190.0, seed) + 0.03 * fbm(x * 24.0, y * 30.0, 3, seed ^ 2)
    });
    let desk = Desk { inks, seed, from: chance.sign(), fibres };
    let layout = plan.layout(3);
    let (width, height) = (canvas.width, canvas.height);
    let middle = (width * chance.between(0.44, 0.56), height * 0.48);
    let dawn = inks.light.mix(inks.second, 0.35);
    canvas.shade(|x, y, _| {
        let (dx, dy) = (x - middle.0, y - middle.1);
        let away = (dx * dx + dy * dy).sqrt();
        dawn.mix(inks.light, step(0.5, 0.0, away)) * (1.0 + 0.015 * noise(x * 300.0, y * 300.0, 4))
    });
    let moon = (middle.0 + desk.from * 0.14, middle.1 - 0.13);
    desk.lay(canvas, &Shape::circle(moon, 0.15), inks.second.mix(inks.light, 0.3), 0.6);
    let rows = 4;
    let stage = |row: usize| middle.1 + 0.06 + row as f32 * 0.075;
    for row in 0..rows {
        let part = row as f32 / (rows - 1) as f32;
        let colour = inks.light.mix(inks.main, 0.3 + 0.55 * part).mix(inks.dark, 0.4 * part * part);
        let crest = desk.crest(canvas, stage(row), row as u32);
        let mut hill = Shape::polygon(crest.clone());
        for _ in 0..6 {
            let Some(&place) = crest.get(8 + chance.below(crest.len().saturating_sub(18))) else { continue };
            if row != 1 && (place.0 - middle.0).abs() > 0.1 {
                fir(&mut hill, (place.0, place.1 + 0.02), chance.between(0.06, 0.13) * (0.7 + part * 0.8), &mut chance);
            }
        }
        desk.lay(canvas, &hill, colour, 0.8);
        if row == 1 {
            let beast = animal::named(&plan.wish);
            let size = 0.2;
            let foot = desk.height_at(canvas, stage(1), 1, middle.0);
            let shape = beast.placed((middle.0, foot + 0.01), (size * -desk.from, size), 0.0);
            desk.lay(canvas, &shape, inks.second.mix(inks.main, 0.6), 0.9);
        }
    }
    // Sheets with an opening, each a little wider than the one behind it.
    for ring in 0..4 {
        let part = ring as f32 / 3.0;
        let colour = inks.main.mix(inks.dark, 0.25 + 0.62 * part).mix(inks.second, 0.18 * (1.0 - part));
        let sheet = match layout {
            0 => desk.opening(canvas, middle, 0.3 + 0.075 * ring as f32, ring as u32),
            1 => Desk::leaves(canvas, middle, 0.33 + 0.07 * ring as f32, &mut chance),
            _ => desk.valley(canvas, part, ring as u32),
        };
        desk.lay(canvas, &sheet, colour, 1.0);
    }
    Finish { vignette: 0.2, ..Finish::PAPER }
}

/// The light on the desk and the paper.
struct Desk {
    inks: Inks,
    seed: u32,
    /// The side the light comes from.
    from: f32,
    /// The paper's own unevenness.
    fibres: Field,
}

impl Desk {
    /// Lays a cut sheet down: its shadow first, then the paper with its bright cut edge.
    fn lay(&self, canvas: &mut Canvas, shape: &Shape, colour: Light, lift: f32) {
        let mask = canvas.mask(shape);
        let thrown = canvas.mask(&shape.placed((-self.from * 0.014 * lift, 0.018 * lift), (1.0, 1.0), 0.0));
        let shadow = Field::blurred(canvas, &thrown, 0.026 * lift);
        let dark = self.inks.dark * 0.55;
        let (top, bottom) = thrown.span(canvas.unit, 0.06);
        canvas.shade_rows(top, bottom, |x, y, light| {
            light.mix(dark.through(light.mix(Light::grey(1.0), 0.35)), (shadow.at(x, y) * 0.72).clamp(0.0, 0.8))
        });
        let inner = Field::blurred(canvas, &mask, 0.012);
        let (fibres, from) = (&self.fibres, self.from);
        let height = canvas.height;
        canvas.cover(&mask, |x, y, _| {
            let fibre = fibres.at(x, y);
            let slope = inner.at(x + from * 0.007, y - 0.007) - inner.at(x - from * 0.007, y + 0.007);
            let edge = (-slope).max(0.0) * 0.55;
            let fall = 1.08 - 0.16 * (y / height);
            colour * ((1.0 + fibre) * fall) + Light::grey(edge * 0.32).through(colour + Light::grey(0.25))
        });
    }

    fn height_at(&self, canvas: &Canvas, base: f32, row: u32, x: f32) -> f32 {
        let swing = 0.05 + 0.02 * row as f32 / 3.0;
        base + swing * noise(x / canvas.width * 3.4 + row as f32 * 7.0, 0.5, self.seed)
    }

    /// A hill's outline down to the bottom of the picture.
    fn crest(&self, canvas: &Canvas, base: f32, row: u32) -> Vec<Point> {
        let (width, height) = (canvas.width, canvas.height);
        let mut line: Vec<Point> = (0..=80)
            .map(|index| index as f32 / 80.0 * width)
            .map(|x| (x, self.height_at(canvas, base, row, x)))
            .collect();
        line.extend([(width + 0.05, height + 0.05), (-0.05, height + 0.05)]);
        line
    }

    /// A sheet with a soft, uneven hole; drawn as a frame with a slit, so that it stays one outline.
    fn opening(&self, canvas: &Canvas, (x, y): Point, radius: f32, ring: u32) -> Shape {
        let (width, height) = (canvas.width, canvas.height);
        let tall = (height / width).max(1.0).powf(0.7);
        let broad = (width / height).max(1.0).powf(0.7);
        let at = |index: usize| {
            let turn = std::f32::consts::FRAC_PI_2 + index as f32 / 160.0 * std::f32::consts::TAU;
            let (sin, cos) = turn.sin_cos();
            let wobble = 1.0
                + 0.16 * noise(cos * 1.6 + ring as f32 * 3.0, sin * 1.6, self.seed)
                + 0.05 * noise(cos * 5.0, sin * 5.0, self.seed ^ ring);
            (x + cos * radius * wobble * broad, y + sin * radius * wobble * tall)
        };
        let mut outline: Vec<Point> = vec![
            (x, height + 0.1),
            (-0.1, height + 0.1),
            (-0.1, -0.1),
            (width + 0.1, -0.1),
            (width + 0.1, height + 0.1),
            (x, height + 0.1),
        ];
        outline.extend((0..=160).rev().map(at));
        Shape::polygon(outline)
    }

    /// Leaves that reach in from the edges.
    fn leaves(canvas: &Canvas, middle: Point, radius: f32, chance: &mut Chance) -> Shape {
        let leaf = Shape::polygon(curve(
            &[(0.0, 0.0), (0.25, -0.16), (0.65, -0.15), (1.0, 0.0), (0.65, 0.15), (0.25, 0.16), (0.0, 0.0)],
            8,
        ));
        let mut shape = Shape::empty();
        let reach = (canvas.width * canvas.width + canvas.height * canvas.height).sqrt() * 0.5;
        let (broad, tall) =
            ((canvas.width / canvas.height).max(1.0).sqrt(), (canvas.height / canvas.width).max(1.0).sqrt());
        for index in 0..26 {
            let turn = (index as f32 + chance.unit() * 0.8) / 26.0 * std::f32::consts::TAU;
            let (sin, cos) = turn.sin_cos();
            let inner = radius * chance.between(0.92, 1.3);
            let tip = (middle.0 + cos * inner * broad, middle.1 + sin * inner * tall);
            let size = (reach * 1.15 - inner).max(0.2);
            let root = (tip.0 + cos * size, tip.1 + sin * size);
            let facing = turn + std::f32::consts::PI + chance.between(-0.25, 0.25);
            shape.join(leaf.placed(root, (size, size.min(0.42)), facing));
        }
        shape
    }

    /// Slopes that close in from both sides.
    fn valley(&self, canvas: &Canvas, part: f32, ring: u32) -> Shape {
        let (width, height) = (canvas.width, canvas.height);
        let mut shape = Shape::empty();
        for side in [-1.0, 1.0] {
            let edge = if side < 0.0 { 0.0 } else { width };
            let mut outline: Vec<Point> = (0..=60)
                .map(|index| index as f32 / 60.0)
                .map(|t| {
                    let y = lerp(-0.1, height + 0.1, t);
                    let open = lerp(0.3, 0.12, part) * width * (0.45 + 1.1 * (t - 0.35).powi(2) * 2.0 + 0.3 * t);
                    let wave = 0.06 * noise(t * 4.0 + ring as f32 * 5.0, side, self.seed)
                        + 0.02 * noise(t * 13.0, side, self.seed ^ ring);
                    (edge - side * (open + wave).max(0.02), y)
                })
                .collect();
            outline.extend([(edge + side * 0.1, height + 0.1), (edge + side * 0.1, -0.1)]);
            shape.add(outline);
        }
        let mut floor = self.crest(canvas, height * lerp(0.8, 0.97, part), ring + 4);
        floor.dedup();
        shape.add(floor);
        shape
    }
}
