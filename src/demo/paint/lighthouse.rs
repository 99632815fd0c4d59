//! A lighthouse on a headland, its lamp lit, above the sea.

mod tower;

use super::canvas::Canvas;
use super::chance::{cell_unit, fbm, noise, ridged};
use super::finish::Finish;
use super::light::{Light, lerp, step};
use super::plan::Plan;
use super::ridges::{self, Range};
use super::shape::{Point, Shape};
use super::sky::Sky;
use super::soft::Field;
use super::water::Water;

pub(super) const SUBJECT: &str = "A lighthouse on a rocky headland, its lamp lit above the sea";

/// Paints it.
pub(super) fn paint(canvas: &mut Canvas, plan: &Plan) -> Finish {
    let mut chance = plan.chance.part(100);
    let layout = plan.layout(4);
    let horizon = canvas.height * [0.66, 0.58, 0.72, 0.62].get(layout).copied().unwrap_or(0.64);
    let on_right = layout.is_multiple_of(2);
    let mut sky = Sky::for_hour(canvas, plan, horizon);
    // The sun stands across from the tower, so that one side of it is lit.
    let aside = chance.between(0.16, 0.34) * canvas.width;
    sky.sun.0 = if on_right { aside } else { canvas.width - aside };
    sky.paint(canvas, plan);
    let far = Range { base: horizon + 0.002, rise: 0.07, pace: 2.2, sharp: 0.25, near: 0.2, ..Range::PLAIN };
    let middle = Range { rise: 0.035, pace: 3.1, near: 0.42, ..far };
    let isles = [far, middle];
    ridges::paint(canvas, plan, &sky, isles.get(..if layout == 1 { 1 } else { 2 }).unwrap_or(&isles));
    let calm = plan.wish.says(&["calm", "still", "exposure", "serene", "mirror", "quiet"]);
    let deep = plan.palette.near.mix(plan.palette.sky[1], 0.35) * 0.8;
    let place = Headland::new(canvas, plan, horizon, on_right);
    // The tower is painted twice: first for the water to mirror it, then in front of the water.
    place.paint(canvas, plan, &sky, false);
    Water { shore: horizon, rough: if calm { 0.32 } else { 0.85 }, deep }.paint(canvas, plan, &sky);
    place.paint(canvas, plan, &sky, true);
    if calm {
        veil(canvas, plan, horizon);
    }
    Finish { bloom: 0.75, ..Finish::LENS }
}

/// Water smoothed to mist along the shore, as a long exposure shows it.
fn veil(canvas: &mut Canvas, plan: &Plan, horizon: f32) {
    let seed = plan.chance.part(101).seed();
    let mist = plan.palette.haze.mix(plan.palette.sky[2], 0.5);
    let bottom = canvas.height;
    canvas.shade_rows(horizon, bottom, |x, y, light| {
        let down = (y - horizon) / (bottom - horizon);
        let drift = fbm(x * 2.2, y * 13.0, 3, seed);
        light.mix(mist, (step(0.05, 0.7, drift) * step(0.15, 0.5, down) * 0.3).clamp(0.0, 1.0))
    });
}

/// The rock and the tower upon it.
struct Headland {
    foot: Point,
    size: f32,
    mirrored: f32,
    crest: Vec<Point>,
    seed: u32,
    striped: bool,
    house: bool,
    /// How far the shore comes towards the viewer.
    drop: f32,
}

impl Headland {
    fn new(canvas: &Canvas, plan: &Plan, horizon: f32, on_right: bool) -> Self {
        let mut chance = plan.chance.part(102);
        let mirrored = if on_right { 1.0 } else { -1.0 };
        let across = chance.between(0.6, 0.72) * canvas.width;
        let size = chance.between(0.3, 0.4) * canvas.height.min(1.35);
        let seed = chance.seed();
        let rise = chance.between(0.09, 0.17);
        let outer = chance.between(0.2, 0.32);
        let steps = 260;
        // From the water's edge over the top to the far side of the picture.
        let crest = (0..=steps)
            .map(|index| {
                let t = index as f32 / steps as f32;
                let x = across - outer + (canvas.width - across + outer + 0.05) * t;
                let from_edge = x - (across - outer);
                let up = rise * step(0.0, outer * 0.75, from_edge) + 0.02 * noise(x * 5.0, 3.0, seed);
                let ragged = 0.018 * fbm(x * 19.0, 1.0, 4, seed) + 0.012 * ridged(x * 11.0, 5.0, 3, seed);
                let flat = step(0.05, 0.1, (x - across).abs());
                (
                    x,
                    horizon + 0.016
                        - up * step(0.0, 0.03, from_edge)
                        - ragged * (0.15 + 0.85 * flat) * step(0.0, 0.02, from_edge),
                )
            })
            .collect::<Vec<Point>>();
        let foot_y =
            crest.iter().min_by(|a, b| (a.0 - across).abs().total_cmp(&(b.0 - across).abs())).map_or(horizon, |p| p.1);
        let striped =
            !plan.wish.says(&["white", "stone", "old"]) && chance.is(0.6) || plan.wish.says(&["red", "striped"]);
        Self {
            foot: (across, foot_y + 0.008),
            size,
            mirrored,
            crest,
            seed,
            striped,
            house: chance.is(0.75),
            drop: chance.between(0.35, 0.7),
        }
    }

    /// A place given as if the tower stood on the right, on this canvas.
    fn set(&self, canvas: &Canvas, (x, y): Point) -> Point {
        (if self.mirrored > 0.0 { x } else { canvas.width - x }, y)
    }

    fn shape(&self, canvas: &Canvas, points: &[Point]) -> Shape {
        Shape::polygon(points.iter().map(|&place| self.set(canvas, place)).collect())
    }

    fn paint(&self, canvas: &mut Canvas, plan: &Plan, sky: &Sky, in_front: bool) {
        self.tower(canvas, plan, sky);
        if self.house {
            self.cottage(canvas, plan);
        }
        self.rock(canvas, plan, sky, in_front);
        self.lamp(canvas, plan);
    }

    /// The line where rock and water meet, from the tip to the edge of the picture.
    fn shore(&self, canvas: &Canvas, horizon: f32) -> Vec<Point> {
        let first = self.crest.first().copied().unwrap_or_default();
        let last = canvas.width + 0.05;
        let drop = (canvas.height - horizon) * self.drop;
        let place = |index: usize| {
            let t = index as f32 / 150.0;
            let x = lerp(first.0, last, t);
            let ragged = 0.03 * fbm(x * 8.0, 4.0, 5, self.seed) + 0.018 * noise(x * 30.0, 2.0, self.seed);
            (x, horizon + 0.014 + (drop * t.powf(0.75) + ragged) * step(0.0, 0.12, t))
        };
        (0..=150).map(place).collect()
    }

    fn rock(&self, canvas: &mut Canvas, plan: &Plan, sky: &Sky, in_front: bool) {
        let shore = self.shore(canvas, sky.horizon);
        if in_front {
            self.foot(canvas, plan, &shore);
        }
        let mut outline: Vec<Point> = self.crest.clone();
        outline.extend(shore.iter().rev());
        self.stone(canvas, plan, sky, &self.shape(canvas, &outline));
        if in_front {
            self.boulders(canvas, plan, sky, &shore);
        }
    }

    /// Rock in this light: broken columns, the faces towards the sun brighter.
    fn stone(&self, canvas: &mut Canvas, plan: &Plan, sky: &Sky, shape: &Shape) {
        let palette = plan.palette.clone();
        let sun = if sky.sun.0 < canvas.width * 0.5 { -1.0 } else { 1.0 };
        let seed = self.seed;
        let mask = canvas.mask(shape);
        canvas.cover(&mask, |x, y, _| {
            let sway = noise(x * 5.0, y * 5.0, seed) * 0.25 + fbm(x * 26.0, y * 26.0, 2, seed ^ 3) * 0.12;
            let mut facing = 0.0;
            let mut crack = 1.0_f32;
            // Two sizes of columns; each has a lit face, a dark face and a broken top.
            for (pace, share) in [(17.0, 0.6), (41.0, 0.4)] {
                let place = x * pace + sway * pace * 0.09;
                let column = place.floor() as i32;
                let across = place - place.floor();
                let turn = cell_unit(column, 1, seed);
                let tall = (y + 0.06 * cell_unit(column, 2, seed)) * pace * (0.28 + 0.3 * cell_unit(column, 4, seed));
                let block = cell_unit(column, tall.floor() as i32, seed);
                let side = if (across < 0.3 + 0.4 * turn) == (sun < 0.0) { 0.75 } else { 0.2 };
                let lip = step(0.22, 0.0, tall - tall.floor()) * 0.5;
                facing += share * (side * (0.45 + 0.55 * block) + lip);
                crack = crack.min(step(0.0, 0.09, across.min(1.0 - across)) * 0.45 + 0.55);
            }
            let rough = fbm(x * 55.0, y * 55.0, 3, seed ^ 9);
            facing = (facing * (1.0 + 0.35 * rough)).clamp(0.0, 1.0);
            let warm = sky.towards_sun(x, y);
            let stone = palette.near.mix(palette.far, 0.3) * (0.35 + 0.75 * facing) * crack;
            let lit = palette.key.through(palette.far.mix(palette.sun, 0.5))
                * (0.3 * facing * facing * facing * (0.3 + warm));
            let high = step(sky.horizon + 0.02, sky.horizon - 0.08, y);
            let moss = high * step(0.0, 0.5, fbm(x * 9.0, y * 14.0, 3, seed ^ 0x15) + 0.15);
            let green = palette.lit(Light::hex(0x4a_55_34), 0.25);
            (stone + lit).mix(green, moss * 0.35).mix(palette.haze, 0.05 + 0.1 * warm)
        });
    }

    /// The dark mirror of the rock under its shore, and foam along it.
    fn foot(&self, canvas: &mut Canvas, plan: &Plan, shore: &[Point]) {
        let lower = shore.iter().rev().map(|&(x, y)| (x, y + 0.05 + (y - self.foot.1).max(0.0) * 0.55));
        let shape = self.shape(canvas, &shore.iter().copied().chain(lower).collect::<Vec<Point>>());
        let mask = canvas.mask(&shape);
        let shade = Field::blurred(canvas, &mask, 0.02);
        let line: Vec<(Point, f32)> = shore.iter().map(|&place| (self.set(canvas, place), 0.012)).collect();
        let rim = canvas.mask(&Shape::stroke(&line));
        let foam = Field::blurred(canvas, &rim, 0.022);
        let dark = plan.palette.near.mix(plan.palette.sky[1], 0.15) * 0.7;
        let white = plan.palette.haze.mix(plan.palette.sky[3], 0.4);
        let seed = self.seed;
        let (top, bottom) = (self.foot.1, canvas.height);
        canvas.shade_rows(top, bottom, |x, y, light| {
            let patches = 0.65 + 0.6 * fbm(x * 9.0, y * 24.0, 3, seed ^ 0x28);
            let light = light.mix(dark, (shade.at(x, y) * 0.72).clamp(0.0, 1.0));
            light.mix(white, (foam.at(x, y) * patches * 0.85).clamp(0.0, 0.8))
        });
    }

    /// Boulders standing in the water before the shore.
    fn boulders(&self, canvas: &mut Canvas, plan: &Plan, sky: &Sky, shore: &[Point]) {
        let mut chance = plan.chance.part(104);
        let count = 5 + chance.below(4);
        for _ in 0..count {
            let along = chance.between(0.0, 0.75);
            let Some(&(x, y)) = shore.get((along * 150.0) as usize) else { continue };
            let near = chance.unit();
            let size = lerp(0.018, 0.075, near * (0.3 + 0.7 * along)) * chance.between(0.6, 1.1);
            let place = (x - chance.between(-0.05, 0.12), y + 0.015 + (canvas.height - y) * near * 0.3);
            let seed = chance.seed();
            let outline: Vec<Point> = (0..60)
                .map(|corner| corner as f32 / 60.0 * std::f32::consts::TAU)
                .map(|turn| {
                    let (sin, cos) = turn.sin_cos();
                    let bulge = 1.0 + 0.3 * fbm(cos * 1.7 + 3.0, sin * 1.7, 3, seed);
                    (
                        place.0 + cos * bulge * size * 1.5,
                        place.1 + if sin > 0.0 { sin * 0.1 } else { sin * bulge * 0.75 } * size,
                    )
                })
                .collect();
            let centre = self.set(canvas, place);
            let dark = plan.palette.near * 0.6;
            canvas
                .dab((centre.0, centre.1 + size * 0.25), size * 1.9, |part, under| under.mix(dark, part * part * 0.5));
            let foam = plan.palette.haze.mix(plan.palette.sky[3], 0.4);
            for side in [-1.1, -0.4, 0.4, 1.1] {
                canvas.dab((centre.0 + side * size, centre.1 + size * 0.08), size * 0.75, |part, under| {
                    under.mix(foam, part * part * 0.22)
                });
            }
            self.stone(canvas, plan, sky, &self.shape(canvas, &outline));
        }
    }
}
