//! A poster: arcs, discs and bars in a few inks, each with the grain of a print.

use std::f32::consts::{FRAC_PI_2, PI, TAU};

use super::canvas::Canvas;
use super::chance::{Chance, cell_unit, fbm};
use super::finish::Finish;
use super::light::{Light, step};
use super::palette::Inks;
use super::plan::Plan;
use super::shape::{Point, Shape, curve};
use super::soft::Field;

pub(super) const SUBJECT: &str = "An abstract poster of bold arcs, discs and bars in a few inks, with printed grain";

/// Paints it.
pub(super) fn paint(canvas: &mut Canvas, plan: &Plan) -> Finish {
    let mut chance = plan.chance.part(700);
    let press = Press { inks: Inks::mixed(&plan.wish, &mut chance), seed: chance.seed() };
    press.ground(canvas);
    let music = plan.wish.says(&["jazz", "music", "concert", "piano", "album", "band", "festival", "vinyl"]);
    match plan.layout(4) {
        0 => press.rising(canvas, &mut chance, music),
        1 => press.tiles(canvas, &mut chance),
        2 => press.waves(canvas, &mut chance, music),
        _ => press.record(canvas, &mut chance, music),
    }
    Finish { vignette: 0.1, ..Finish::PAPER }
}

/// The inks, and how they are laid on.
struct Press {
    inks: Inks,
    seed: u32,
}

impl Press {
    fn ground(&self, canvas: &mut Canvas) {
        let Inks { ground, second, .. } = self.inks;
        let seed = self.seed;
        let height = canvas.height;
        canvas.shade(|x, y, _| {
            ground.mix(second, 0.2 * step(0.1, 1.0, y / height)) * (1.0 + 0.03 * fbm(x * 3.0, y * 3.0, 3, seed))
        });
    }

    /// One ink over a shape, dissolving in dots from one end of a line to the other.
    fn ink(&self, canvas: &mut Canvas, shape: &Shape, (from, to): (Point, Point), (start, end): (Light, Light)) {
        let (dx, dy) = (to.0 - from.0, to.1 - from.1);
        let length = (dx * dx + dy * dy).max(1e-6);
        let seed = self.seed;
        // Dots of the print, about one for every two pixels of a picture of a thousand.
        let dots = canvas.unit.min(640.0);
        canvas.fill_with(shape, |x, y, _| {
            let along = (((x - from.0) * dx + (y - from.1) * dy) / length).clamp(0.0, 1.0);
            let dot = cell_unit((x * dots) as i32, (y * dots) as i32, seed);
            let cloud = 0.08 * fbm(x * 5.0, y * 5.0, 2, seed ^ 6);
            let part = along + cloud;
            // Half smooth, half in dots.
            let grainy = step(part - 0.34, part + 0.34, 1.0 - dot);
            start.mix(end, 0.5 * part.clamp(0.0, 1.0) + 0.5 * (1.0 - grainy))
        });
    }

    /// The shadow a shape throws on what lies below it.
    fn shade(&self, canvas: &mut Canvas, shape: &Shape, (dx, dy): Point, strength: f32) {
        let mask = canvas.mask(&shape.placed((dx, dy), (1.0, 1.0), 0.0));
        let soft = Field::blurred(canvas, &mask, 0.025);
        let dark = self.inks.dark;
        let (top, bottom) = mask.span(canvas.unit, 0.06);
        canvas.shade_rows(top, bottom, |x, y, light| {
            light.mix(dark.through(light), (soft.at(x, y) * strength).clamp(0.0, 1.0))
        });
    }

    /// A sun behind sweeping arcs, and keys below.
    fn rising(&self, canvas: &mut Canvas, chance: &mut Chance, music: bool) {
        let Inks { ground, dark, main, second, light } = self.inks;
        let (width, height) = (canvas.width, canvas.height);
        let sun = (width * chance.between(0.55, 0.7), height * 0.36);
        let disc = Shape::circle(sun, 0.29);
        self.ink(canvas, &disc, ((sun.0 - 0.2, sun.1 - 0.3), (sun.0 + 0.2, sun.1 + 0.3)), (second, main));
        let foot = (width * chance.between(0.05, 0.22), height * 0.98);
        let colours = [dark, main, light, second, dark.mix(main, 0.55), ground.mix(light, 0.5)];
        let mut radius = 0.88 * height.min(1.2);
        for (index, &colour) in colours.iter().cycle().take(7).enumerate() {
            let arc = Shape::arc(foot, 0.0, radius, PI, TAU);
            self.shade(canvas, &arc, (0.012, 0.004), 0.55);
            let next = colours.get((index + 1) % colours.len()).copied().unwrap_or(main);
            self.ink(
                canvas,
                &arc,
                ((foot.0 - radius, foot.1), (foot.0 + radius, foot.1 - radius * 0.6)),
                (colour, colour.mix(next, 0.42)),
            );
            radius *= chance.between(0.74, 0.86);
        }
        if music {
            self.keys(canvas, height * 0.86);
        } else {
            self.bars(canvas, chance, (width * 0.08, height * 0.1));
        }
    }

    /// Piano keys along the foot of the poster.
    fn keys(&self, canvas: &mut Canvas, top: f32) {
        let Inks { dark, light, main, .. } = self.inks;
        let (width, height) = (canvas.width, canvas.height);
        let bed = Shape::rect(-0.1, top, width + 0.2, height - top + 0.1);
        self.shade(canvas, &bed, (0.0, -0.014), 0.7);
        self.ink(canvas, &bed, ((0.0, top), (0.0, height)), (light, light.mix(main, 0.35)));
        let count = (width * 16.0) as usize;
        let wide = width / count as f32;
        for key in 0..count {
            let x = key as f32 * wide;
            canvas.fill(&Shape::rect(x, top, wide * 0.05, height - top), dark.mix(light, 0.25));
            if matches!(key % 7, 0 | 1 | 3 | 4 | 5) {
                let black = Shape::rect(x + wide * 0.68, top, wide * 0.64, (height - top) * 0.6);
                self.ink(canvas, &black, ((x, top), (x + wide, height)), (dark, dark.mix(main, 0.25)));
            }
        }
    }

    /// A block of thin bars, like a line of type.
    fn bars(&self, canvas: &mut Canvas, chance: &mut Chance, (x, y): Point) {
        for line in 0..5 {
            let wide = chance.between(0.1, 0.3);
            canvas.fill(&Shape::rect(x, y + line as f32 * 0.02, wide, 0.007), self.inks.dark);
        }
    }

    /// A board of tiles, each with its own arc.
    fn tiles(&self, canvas: &mut Canvas, chance: &mut Chance) {
        let Inks { ground, dark, main, second, light } = self.inks;
        let columns = if canvas.width > 1.3 { 6 } else { 4 };
        let side = canvas.width / columns as f32;
        let rows = (canvas.height / side).ceil() as usize;
        let inks = [main, second, dark, light, ground, main.mix(dark, 0.5)];
        let mut last = 0;
        for row in 0..rows {
            for column in 0..columns {
                let (x, y) = (column as f32 * side, row as f32 * side);
                last = (last + 1 + chance.below(inks.len() - 1)) % inks.len();
                let back = inks.get(last).copied().unwrap_or(ground);
                let front = inks.get((last + 1 + chance.below(inks.len() - 1)) % inks.len()).copied().unwrap_or(main);
                let third = inks.get((last + 2) % inks.len()).copied().unwrap_or(second);
                let tile = Shape::rect(x, y, side, side);
                self.ink(canvas, &tile, ((x, y), (x + side, y + side)), (back, back.mix(dark, 0.25)));
                self.motif(canvas, chance, (x, y, side), [front, third, back]);
            }
        }
    }

    /// What stands on one tile.
    fn motif(&self, canvas: &mut Canvas, chance: &mut Chance, (x, y, side): (f32, f32, f32), inks: [Light; 3]) {
        let [front, third, back] = inks;
        let corner = chance.below(4);
        let at = (x + side * (corner % 2) as f32, y + side * (corner / 2) as f32);
        let inward = (x + side * 0.5 * (2.0 - (corner % 2) as f32), y + side);
        let turn = [0.0, 0.25, 0.75, 0.5].get(corner).copied().unwrap_or(0.0) * TAU;
        let quarter = |inner: f32, outer: f32| Shape::arc(at, inner * side, outer * side, turn, turn + FRAC_PI_2);
        let across = ((x, y), (x + side, y + side));
        match chance.below(5) {
            0 => {
                self.ink(canvas, &quarter(0.0, 1.0), (at, inward), (front, third));
                self.ink(canvas, &quarter(0.0, 0.5), (at, inward), (third, back));
            }
            1 => {
                for ring in 0..4 {
                    let inner = 0.22 + ring as f32 * 0.2;
                    self.ink(canvas, &quarter(inner, inner + 0.11), (at, inward), (front, third));
                }
            }
            2 => {
                let middle = (x + side * 0.5, y + side * 0.5);
                self.ink(canvas, &Shape::circle(middle, side * 0.36), across, (front, third));
                self.ink(canvas, &Shape::circle(middle, side * 0.13), (middle, (x, y)), (back, self.inks.dark));
            }
            3 => {
                let wedge = Shape::polygon(vec![(x, y + side), (x + side, y), (x + side, y + side)]);
                self.ink(canvas, &wedge, across, (front, third));
            }
            _ => {
                for bar in 0..4 {
                    let strip = Shape::rect(x + side * (0.04 + 0.25 * bar as f32), y, side * 0.16, side);
                    self.ink(canvas, &strip, ((x, y), (x, y + side)), (front, third));
                }
            }
        }
    }

    /// Bands that swing across the sheet, over a disc.
    fn waves(&self, canvas: &mut Canvas, chance: &mut Chance, music: bool) {
        let Inks { dark, main, second, light, ground } = self.inks;
        let (width, height) = (canvas.width, canvas.height);
        let sun = (width * chance.between(0.25, 0.75), height * 0.27);
        self.ink(canvas, &Shape::circle(sun, 0.2), ((sun.0, sun.1 - 0.2), (sun.0, sun.1 + 0.2)), (main, second));
        let colours = [light, second, main, dark.mix(main, 0.6), dark.mix(main, 0.25), dark];
        let swing = chance.between(0.09, 0.15);
        let start = chance.between(0.0, 6.0);
        for (index, &colour) in colours.iter().enumerate() {
            let base = height * (0.36 + 0.115 * index as f32);
            let phase = start + index as f32 * chance.between(0.7, 1.3);
            let crest: Vec<Point> = (0..=8)
                .map(|step| step as f32 / 8.0)
                .map(|t| {
                    (t * (width + 0.4) - 0.2, base + swing * (phase + t * 4.6).sin() * (1.0 - 0.07 * index as f32))
                })
                .collect();
            let mut outline = curve(&crest, 20);
            outline.extend([(width + 0.3, height + 0.1), (-0.3, height + 0.1)]);
            let band = Shape::polygon(outline);
            self.shade(canvas, &band, (0.0, -0.016), 0.55);
            let next = colours.get(index + 1).copied().unwrap_or(ground);
            self.ink(canvas, &band, ((0.0, base - swing), (width * 0.3, base + 0.26)), (colour, next));
        }
        if music {
            for string in 0..5 {
                let line = |t: f32| (t * width, height * 0.16 + string as f32 * 0.018 + 0.05 * (start + t * 5.0).sin());
                let brush: Vec<(Point, f32)> = (0..=60).map(|step| (line(step as f32 / 60.0), 0.0012)).collect();
                canvas.fill(&Shape::stroke(&brush), dark);
            }
            for note in 0..7 {
                let t = (note as f32 + 0.6) / 7.6;
                let at = (t * width, height * 0.16 + chance.below(5) as f32 * 0.018 + 0.05 * (start + t * 5.0).sin());
                canvas.fill(&Shape::ellipse((0.0, 0.0), 0.014, 0.0095).placed(at, (1.0, 1.0), -0.35), dark);
                canvas.fill(&Shape::rect(at.0 + 0.0105, at.1 - 0.075, 0.003, 0.075), dark);
            }
        }
    }

    /// A record with its grooves, cut by beams.
    fn record(&self, canvas: &mut Canvas, chance: &mut Chance, music: bool) {
        let Inks { dark, main, second, light, ground } = self.inks;
        let (width, height) = (canvas.width, canvas.height);
        let middle = (width * chance.between(0.36, 0.62), height * chance.between(0.42, 0.56));
        for (index, &colour) in [main, second, light, main.mix(dark, 0.4), second].iter().enumerate() {
            let turn = 0.5 + index as f32 * 1.23 + chance.between(-0.15, 0.15);
            let reach = width + height;
            let spread = chance.between(0.12, 0.3);
            let at = |angle: f32| (middle.0 + angle.cos() * reach, middle.1 + angle.sin() * reach);
            let beam = Shape::polygon(vec![middle, at(turn - spread), at(turn + spread)]);
            self.ink(canvas, &beam, (middle, at(turn)), (colour, colour.mix(ground, 0.7)));
        }
        let disc = Shape::circle(middle, 0.33);
        self.shade(canvas, &disc, (0.02, 0.03), 0.8);
        self.ink(
            canvas,
            &disc,
            ((middle.0 - 0.33, middle.1 - 0.3), (middle.0 + 0.33, middle.1 + 0.3)),
            (dark.mix(light, 0.1), dark),
        );
        for groove in 0..26 {
            let radius = 0.13 + groove as f32 * 0.0075;
            let ring = Shape::arc(middle, radius, radius + 0.0016, 0.0, TAU);
            canvas.fill_with(&ring, |x, y, under| {
                let turn = (y - middle.1).atan2(x - middle.0);
                under.mix(light, 0.04 + 0.3 * (turn * 2.0 - 0.8).cos().max(0.0).powi(6))
            });
        }
        self.ink(
            canvas,
            &Shape::circle(middle, 0.115),
            ((middle.0, middle.1 - 0.1), (middle.0, middle.1 + 0.1)),
            (main, second),
        );
        self.ink(
            canvas,
            &Shape::arc(middle, 0.06, 0.09, 3.4, 5.6),
            (middle, (middle.0, middle.1 - 0.1)),
            (light, second),
        );
        canvas.fill(&Shape::circle(middle, 0.012), dark);
        if music {
            self.keys(canvas, height * 0.88);
        }
        let orbit = (middle.0 + 0.33 * chance.sign(), middle.1 - 0.3);
        self.ink(
            canvas,
            &Shape::circle(orbit, 0.075),
            ((orbit.0, orbit.1 - 0.08), (orbit.0, orbit.1 + 0.08)),
            (light, main),
        );
    }
}
