//! A botanical plate: fronds and flowers drawn on paper.

use super::canvas::Canvas;
use super::chance::{Chance, fbm};
use super::finish::Finish;
use super::light::{Light, lerp, step};
use super::palette::Inks;
use super::plan::Plan;
use super::shape::{Point, Shape, curve};
use super::soft::Field;

pub(super) const SUBJECT: &str = "A botanical plate of imagined leaves and flowers, drawn on paper inside a fine frame";

/// Paints it.
pub(super) fn paint(canvas: &mut Canvas, plan: &Plan) -> Finish {
    let mut chance = plan.chance.part(600);
    let inks = Inks::mixed(&plan.wish, &mut chance);
    let night = plan.wish.says(&["black", "dark", "night"]);
    let paper =
        if night { inks.dark.mix(Light::hex(0x16_24_20), 0.5) } else { Light::hex(0xf0_e4_cb).mix(inks.ground, 0.3) };
    sheet(canvas, plan, paper, night);
    let leaf = if night { Light::hex(0x8f_b0_84) } else { Light::hex(0x3f_69_42) };
    let named = plan.wish.tints.iter().find_map(|tint| tint.colour());
    let pens = Pens {
        leaf: leaf.mix(named.unwrap_or(leaf), if named.is_some() { 0.4 } else { 0.0 }),
        young: Light::hex(0xa3_b0_5a).mix(leaf, 0.3),
        petal: if named.is_some() { inks.main } else { inks.second.mix(inks.main, 0.5) },
        heart: Light::hex(0xe2_a8_36),
        line: if night { inks.light * 0.7 } else { Light::hex(0x2c_33_2a) },
        paper,
    };
    let size = canvas.height.min(1.5);
    let foot = (canvas.width * 0.5, canvas.height * 0.9);
    let flowers =
        plan.wish.says(&["flower", "floral", "poppy", "rose", "tulip", "orchid", "bloom", "bouquet", "daisy"]);
    let layout = plan.layout(4);
    if flowers || layout == 3 {
        let stems: &[(f32, f32)] = if layout.is_multiple_of(2) {
            &[(-0.2, 0.52), (0.19, 0.6), (0.0, 0.74)]
        } else {
            &[(0.13, 0.56), (-0.1, 0.72)]
        };
        for &(lean, tall) in stems {
            pens.flower(canvas, foot, (lean * size, tall * size), &mut chance);
        }
        pens.frond(canvas, foot, (-0.34 * size, 0.36 * size), 0.6, &mut chance);
        pens.frond(canvas, foot, (0.34 * size, 0.34 * size), 0.6, &mut chance);
    } else {
        match layout {
            0 => {
                pens.frond(canvas, foot, (-0.36 * size, 0.46 * size), 0.62, &mut chance);
                pens.frond(canvas, foot, (0.37 * size, 0.42 * size), 0.6, &mut chance);
                pens.frond(canvas, foot, (0.05 * size, 0.78 * size), 0.85, &mut chance);
                pens.crozier(canvas, (foot.0 - 0.05, foot.1), 0.24 * size, -1.0);
            }
            1 => {
                pens.frond(
                    canvas,
                    (foot.0 - 0.16 * size, foot.1 - 0.02),
                    (0.34 * size, 0.76 * size),
                    0.95,
                    &mut chance,
                );
                pens.crozier(canvas, (foot.0 - 0.2 * size, foot.1), 0.3 * size, -1.0);
                pens.leaflets(canvas, (foot.0 + 0.26 * size, foot.1 - 0.2 * size), 0.17 * size, &mut chance);
            }
            _ => {
                for (aside, tall) in [(-0.27, 0.6), (0.0, 0.72), (0.27, 0.56)] {
                    let start = (foot.0 + aside * size, foot.1 - 0.03);
                    pens.frond(canvas, start, (aside * 0.2 * size + 0.03, tall * size), 0.55, &mut chance);
                }
            }
        }
    }
    frame(canvas, pens.line.mix(paper, 0.45));
    Finish { ..Finish::PAPER }
}

/// The sheet: uneven, a little darker towards its edges.
fn sheet(canvas: &mut Canvas, plan: &Plan, paper: Light, night: bool) {
    let seed = plan.chance.part(601).seed();
    let stain = if night { paper * 0.6 } else { Light::hex(0xc9_a6_6c) };
    let (width, height) = (canvas.width, canvas.height);
    let blots = Field::new(canvas, 90.0, |x, y| fbm(x * 2.4, y * 2.4, 5, seed));
    canvas.shade(|x, y, _| {
        let edge = x.min(width - x).min(y).min(height - y);
        let aged = 0.26 * step(0.14, 0.0, edge + 0.03 * blots.at(x, y)) + 0.14 * step(0.05, 0.6, blots.at(x, y));
        paper.mix(stain, aged) * (1.0 + 0.025 * blots.at(y, x))
    });
}

/// A fine double line round the plate.
fn frame(canvas: &mut Canvas, colour: Light) {
    let (width, height) = (canvas.width, canvas.height);
    for (inset, thick) in [(0.045, 0.0022), (0.054, 0.0009)] {
        let (w, h) = (width - 2.0 * inset, height - 2.0 * inset);
        for (x, y, wide, tall) in [
            (inset, inset, w, thick),
            (inset, height - inset - thick, w, thick),
            (inset, inset, thick, h),
            (width - inset - thick, inset, thick, h),
        ] {
            canvas.fill(&Shape::rect(x, y, wide, tall), colour);
        }
    }
}

/// The colours a plate is drawn with.
struct Pens {
    leaf: Light,
    young: Light,
    petal: Light,
    heart: Light,
    line: Light,
    paper: Light,
}

impl Pens {
    /// One wash of colour: paler inside, darker where the brush's water dried at the edge.
    fn wash(
        &self,
        canvas: &mut Canvas,
        shape: &Shape,
        (from, to): (Point, Point),
        (start, end): (Light, Light),
        seed: u32,
    ) {
        let (dx, dy) = (to.0 - from.0, to.1 - from.1);
        let length = (dx * dx + dy * dy).max(1e-6);
        let mask = canvas.mask(shape);
        let line = self.line;
        let edge =
            if mask.rows() > 10 { Some(Field::blurred(canvas, &mask, length.sqrt().min(0.08) * 0.12)) } else { None };
        canvas.cover(&mask, |x, y, under| {
            let along = (((x - from.0) * dx + (y - from.1) * dy) / length).clamp(0.0, 1.0);
            let pool = fbm(x * 16.0, y * 16.0, 3, seed);
            let colour = start.mix(end, (along + 0.3 * pool).clamp(0.0, 1.0));
            let rim = edge.as_ref().map_or(0.0, |edge| step(0.85, 0.35, edge.at(x, y)));
            // Washes let the sheet shine through.
            let wet = under.mix(colour, 0.88).mix(line.through(colour), 0.16 * rim);
            wet * (1.0 + 0.1 * pool)
        });
    }

    fn stem(&self, canvas: &mut Canvas, line: &[Point], half: f32) {
        let last = line.len().max(2) as f32 - 1.0;
        let brush: Vec<(Point, f32)> = line
            .iter()
            .enumerate()
            .map(|(index, &place)| (place, half * lerp(1.0, 0.28, index as f32 / last)))
            .collect();
        canvas.fill(&Shape::stroke(&brush), self.leaf.mix(self.line, 0.35));
    }

    /// A fern's frond from a foot, leaning and rising by `reach`.
    fn frond(&self, canvas: &mut Canvas, foot: Point, (lean, tall): Point, wide: f32, chance: &mut Chance) {
        let tip = (foot.0 + lean, foot.1 - tall);
        let bow = lean * 0.35;
        let line = curve(
            &[
                foot,
                (foot.0 + lean * 0.12 - bow * 0.2, foot.1 - tall * 0.36),
                (foot.0 + lean * 0.45, foot.1 - tall * 0.72),
                tip,
            ],
            16,
        );
        self.stem(canvas, &line, 0.0044);
        let length = (lean * lean + tall * tall).sqrt();
        let pairs = (length * 32.0).clamp(12.0, 26.0) as usize;
        let count = line.len();
        for pair in 0..pairs {
            let t = (pair as f32 + 0.6) / pairs as f32;
            let up = 0.2 + 0.8 * t;
            let index = ((up * (count - 1) as f32) as usize).min(count.saturating_sub(2));
            let (Some(&here), Some(&next)) = (line.get(index), line.get(index + 1)) else { continue };
            let along = (next.1 - here.1).atan2(next.0 - here.0);
            let envelope = (t * 5.0 + 0.25).min(1.0) * (1.0 - t).powf(0.72) + 0.03;
            for side in [-1.0, 1.0] {
                let reach = length.min(0.8) * 0.33 * wide * envelope * chance.between(0.92, 1.06);
                let turn = along + side * lerp(1.25, 0.62, t);
                self.pinna(canvas, here, (reach, turn, side), t, chance);
            }
        }
    }

    /// One side leaf of a frond: a row of small lobes along its own rib.
    fn pinna(&self, canvas: &mut Canvas, at: Point, (reach, turn, side): (f32, f32, f32), t: f32, chance: &mut Chance) {
        let lobes = ((reach * 110.0) as usize).clamp(3, 22);
        let droop = side * reach * 0.9;
        let rib = |s: f32| {
            let bend = turn + droop * s * 1.4;
            (at.0 + bend.cos() * reach * s, at.1 + bend.sin() * reach * s)
        };
        let mut shape = Shape::empty();
        for lobe in 0..lobes {
            let s = (lobe as f32 + 0.5) / lobes as f32;
            let place = rib(s);
            let size = reach.max(0.03) * (0.105 * (1.0 - s).powf(0.55) + 0.025);
            for flank in [-1.0, 1.0] {
                let angle = turn + droop * s * 1.4 + flank * 1.05;
                let middle = (place.0 + angle.cos() * size * 0.55, place.1 + angle.sin() * size * 0.55);
                shape.join(Shape::ellipse((0.0, 0.0), size * 0.66, size * 0.3).placed(middle, (1.0, 1.0), angle));
            }
        }
        let spine: Vec<(Point, f32)> =
            (0..=8).map(|step| step as f32 / 8.0).map(|s| (rib(s), 0.0016 * (1.0 - s) + 0.0006)).collect();
        shape.join(Shape::stroke(&spine));
        let tone =
            self.leaf.mix(self.young, t * 0.55 + chance.between(-0.1, 0.18)).mix(self.line, chance.between(0.0, 0.14));
        self.wash(canvas, &shape, (at, rib(1.0)), (tone * 0.82, tone.mix(self.young, 0.35)), chance.seed());
        canvas.fill(&Shape::stroke(&spine), self.leaf.mix(self.line, 0.5));
    }

    /// A young frond still rolled up.
    fn crozier(&self, canvas: &mut Canvas, foot: Point, tall: f32, side: f32) {
        let mut line: Vec<Point> = curve(
            &[foot, (foot.0 + side * tall * 0.12, foot.1 - tall * 0.5), (foot.0 + side * tall * 0.1, foot.1 - tall)],
            14,
        );
        let end = line.last().copied().unwrap_or(foot);
        let radius = tall * 0.15;
        for step in 1..=60 {
            let t = step as f32 / 60.0;
            let turn = t * 11.0;
            let r = radius * (1.0 - t * 0.86);
            let middle = (end.0 + side * radius, end.1);
            line.push((middle.0 - side * turn.cos() * r, middle.1 - turn.sin() * r));
        }
        let last = line.len() as f32;
        let brush: Vec<(Point, f32)> = line
            .iter()
            .enumerate()
            .map(|(index, &place)| (place, 0.006 * (1.0 - 0.62 * index as f32 / last)))
            .collect();
        let tone = self.young.mix(self.leaf, 0.35);
        self.wash(canvas, &Shape::stroke(&brush), (foot, end), (self.leaf, tone), 7);
        for (index, &(x, y)) in line.iter().enumerate().skip(16).step_by(3) {
            let size = 0.005 * (1.0 - 0.5 * index as f32 / last);
            canvas.fill(&Shape::ellipse((x - side * size, y), size * 1.2, size * 0.7), self.leaf.mix(self.young, 0.3));
        }
    }

    /// A single broad leaf with veins, as plates show a detail.
    fn leaflets(&self, canvas: &mut Canvas, foot: Point, size: f32, chance: &mut Chance) {
        let outline = curve(
            &[
                (0.0, 0.0),
                (0.35, -0.3),
                (0.75, -0.5),
                (0.5, -1.1),
                (0.0, -1.7),
                (-0.5, -1.1),
                (-0.75, -0.5),
                (-0.35, -0.3),
                (0.0, 0.0),
            ],
            12,
        );
        let turn = chance.between(-0.3, 0.3);
        let shape = Shape::polygon(outline).placed(foot, (size * 0.7, size), turn);
        let tip = (foot.0 + turn.sin() * size * 1.7, foot.1 - turn.cos() * size * 1.7);
        self.wash(canvas, &shape, (foot, tip), (self.leaf, self.young), chance.seed());
        let at = |s: f32, side: f32, out: f32| {
            let (x, y) = (side * out * size * 0.7, -s * size * 1.7 - out * size * 0.35);
            (foot.0 + x * turn.cos() - y * turn.sin(), foot.1 + x * turn.sin() + y * turn.cos())
        };
        let pale = self.paper.mix(self.young, 0.45);
        canvas.fill(
            &Shape::stroke(&[(at(-0.12, 0.0, 0.0), 0.003), (at(0.5, 0.0, 0.0), 0.0018), (at(0.97, 0.0, 0.0), 0.0006)]),
            pale,
        );
        for vein in 1..8 {
            let s = vein as f32 / 9.0;
            let out = 0.62 * (std::f32::consts::PI * (s * 0.8 + 0.18)).sin();
            for side in [-1.0, 1.0] {
                canvas.fill(&Shape::stroke(&[(at(s, side, 0.0), 0.0013), (at(s, side, out), 0.0004)]), pale);
            }
        }
    }

    /// A flower on its stem, seen a little from the side.
    fn flower(&self, canvas: &mut Canvas, foot: Point, (lean, tall): Point, chance: &mut Chance) {
        let head = (foot.0 + lean, foot.1 - tall);
        let line = curve(
            &[foot, (foot.0 + lean * 0.1, foot.1 - tall * 0.4), (foot.0 + lean * 0.6, foot.1 - tall * 0.8), head],
            16,
        );
        self.stem(canvas, &line, 0.0052);
        for (index, side) in [(0.3, -1.0_f32), (0.42, 1.0), (0.56, -1.0)] {
            let Some(&place) = line.get((index * line.len() as f32) as usize) else { continue };
            let size = tall * 0.2 * chance.between(0.8, 1.15);
            let turn = if side < 0.0 { 3.7 } else { -0.55 } + chance.between(-0.15, 0.15);
            let leaf =
                curve(&[(0.0, 0.0), (0.3, -0.13), (0.7, -0.12), (1.0, 0.05), (0.65, 0.1), (0.3, 0.12), (0.0, 0.0)], 8);
            let shape = Shape::polygon(leaf).placed(place, (size, -size * side), turn);
            let tip = (place.0 + turn.cos() * size, place.1 + turn.sin() * size);
            self.wash(canvas, &shape, (place, tip), (self.leaf * 0.85, self.young), chance.seed());
            canvas.fill(&Shape::stroke(&[(place, 0.0018), (tip, 0.0004)]), self.leaf.mix(self.line, 0.5));
        }
        let size = tall.min(0.7) * chance.between(0.2, 0.25);
        for ring in 0..3 {
            let count = [9, 8, 6].get(ring).copied().unwrap_or(6);
            let reach = size * (1.0 - 0.24 * ring as f32);
            let start = chance.between(0.0, 1.0);
            for petal in 0..count {
                let turn = (petal as f32 + start) / count as f32 * std::f32::consts::TAU;
                let wide = chance.between(0.3, 0.4);
                let outline = curve(
                    &[
                        (0.06, 0.0),
                        (0.4, -wide * 0.75),
                        (0.8, -wide),
                        (1.0, -0.06),
                        (0.95, 0.08),
                        (0.8, wide),
                        (0.4, wide * 0.75),
                        (0.06, 0.0),
                    ],
                    8,
                );
                // Tilted: the far petals look shorter.
                let squash = |(x, y): Point| (x, y * 0.74);
                let (sin, cos) = turn.sin_cos();
                let points = outline.iter().map(|&(x, y)| {
                    let flat = squash((x * cos - y * sin, x * sin + y * cos));
                    (head.0 + flat.0 * reach, head.1 + flat.1 * reach)
                });
                let shape = Shape::polygon(points.collect());
                let tip = squash((cos * reach, sin * reach));
                let deep = self.petal.mix(self.line, 0.1 + 0.1 * chance.unit()) * (0.82 - 0.12 * ring as f32);
                let pale = self.petal.mix(self.paper, 0.28 + 0.16 * chance.unit());
                self.wash(canvas, &shape, (head, (head.0 + tip.0, head.1 + tip.1)), (deep, pale), chance.seed());
            }
        }
        for _ in 0..46 {
            let (turn, out) = (chance.between(0.0, std::f32::consts::TAU), size * 0.2 * chance.unit().sqrt());
            let at = (head.0 + turn.cos() * out, head.1 + turn.sin() * out * 0.74);
            canvas.fill(&Shape::circle(at, size * 0.022), self.heart.mix(self.line, chance.between(0.0, 0.5)));
        }
    }
}
