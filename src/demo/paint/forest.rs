//! A forest in fog: trees behind trees, each row paler, with light falling in between.

use super::canvas::Canvas;
use super::chance::{Chance, fbm, noise};
use super::finish::Finish;
use super::light::{Light, lerp, step};
use super::plan::Plan;
use super::shape::{Point, Shape};
use super::sky::Sky;
use super::wish::Hour;

pub(super) const SUBJECT: &str = "A forest in the fog, rows of trees growing paler in the distance";

/// Paints it.
pub(super) fn paint(canvas: &mut Canvas, plan: &Plan) -> Finish {
    let mut chance = plan.chance.part(300);
    let layout = plan.layout(3);
    let trunks = plan.wish.says(&["birch", "redwood", "bamboo", "beech", "wood", "grove"])
        || (layout == 1 && !plan.wish.says(&["pine", "conifer", "fir", "spruce"]));
    let ground = canvas.height * if trunks { 0.76 } else { 0.7 };
    let mut sky = Sky::for_hour(canvas, plan, canvas.height * 0.86);
    sky.sun.1 = canvas.height * chance.between(0.26, 0.42);
    sky.clouds = 0.0;
    sky.paint(canvas, plan);
    let air = plan.palette.haze;
    canvas.shade(|x, y, light| {
        let warm = air.mix(plan.palette.sun, 0.6 * sky.towards_sun(x, y));
        light.mix(warm, 0.35 + 0.4 * step(0.2, 0.75, y / (ground * 1.3)))
    });
    let rows = 7;
    for row in 0..rows {
        let near = row as f32 / (rows - 1) as f32;
        let wood = Row { near, trunks, ground: ground + (canvas.height * 1.03 - ground) * near.powf(1.5), layout };
        wood.paint(canvas, plan, &sky, &mut chance);
        fog(canvas, plan, &sky, &wood, chance.seed());
        if row == rows - 3 {
            shafts(canvas, plan, &sky);
        }
    }
    Finish { bloom: 0.6, ..Finish::LENS }
}

/// One row of trees and the ground they stand on.
struct Row {
    near: f32,
    trunks: bool,
    ground: f32,
    layout: usize,
}

impl Row {
    fn colour(&self, plan: &Plan, sky: &Sky, x: f32, y: f32) -> Light {
        let palette = &plan.palette;
        let air = palette.haze.mix(palette.sun, 0.5 * sky.towards_sun(x, y));
        let green = palette.near.mix(palette.lit(Light::hex(0x2f_48_30), 0.2), 0.35);
        air.mix(green, lerp(0.14, 1.0, self.near.powf(1.15)))
    }

    fn floor(&self, x: f32, seed: u32) -> f32 {
        let bowl = if self.layout == 2 { -0.05 } else { 0.04 };
        self.ground + 0.03 * noise(x * 2.0, 1.0, seed) + 0.006 * noise(x * 14.0, 2.0, seed)
            - 0.012 * self.near * fbm(x * 90.0, 3.0, 2, seed).abs()
            + bowl * (x - 0.5).powi(2)
    }

    fn paint(&self, canvas: &mut Canvas, plan: &Plan, sky: &Sky, chance: &mut Chance) {
        let seed = chance.seed();
        let mut wood = Shape::empty();
        let (width, bottom) = (canvas.width, canvas.height);
        let mut ground: Vec<Point> =
            (0..=400).map(|index| index as f32 / 400.0 * width).map(|x| (x, self.floor(x, seed))).collect();
        ground.extend([(width, bottom), (0.0, bottom)]);
        wood.add(ground);
        let gap = if self.trunks { lerp(0.045, 0.3, self.near) } else { lerp(0.035, 0.2, self.near) };
        let mut x = -gap * chance.unit();
        while x < width + 0.1 {
            // A clearing stays open in the middle, where the light comes from.
            let aside = (x - sky.sun.0).abs() / width;
            let open = self.near > 0.45 && aside < 0.13 + 0.16 * self.near;
            if !open {
                let place = (x, self.floor(x, seed) + 0.01);
                if self.trunks {
                    trunk(&mut wood, place, lerp(0.006, 0.034, self.near) * chance.between(0.6, 1.25), chance);
                } else {
                    let tall = lerp(0.34, 0.98, self.near) * chance.between(0.55, 1.15);
                    fir(&mut wood, place, tall, chance);
                }
            }
            x += gap * chance.between(0.45, 1.35);
        }
        let sun_left = sky.sun.0;
        let near = self.near;
        canvas.fill_with(&wood, |px, py, _| {
            let base = self.colour(plan, sky, px, py);
            let grain = noise(px * 90.0, py * 12.0, seed) * 0.08 * near;
            let warm = sky.towards_sun(px, py) * step(0.6, 0.0, (px - sun_left).abs());
            base * (1.0 + grain) + plan.palette.key.through(plan.palette.sun) * (warm * 0.06 * (1.0 - near))
        });
    }
}

/// A fir: a narrow stem under tiers of hanging branches.
pub(super) fn fir(wood: &mut Shape, (x, y): Point, tall: f32, chance: &mut Chance) {
    let tiers = (34.0 * tall.sqrt()) as usize + 6;
    let broad = tall * chance.between(0.15, 0.22);
    let mut sides = [Vec::new(), Vec::new()];
    for (side, line) in [-1.0, 1.0].into_iter().zip(&mut sides) {
        line.push((x, y - tall));
        for tier in 1..=tiers {
            let t = tier as f32 / tiers as f32;
            let out = broad * (t.powf(0.85) * 0.96 + 0.04) * chance.between(0.6, 1.15);
            let at = y - tall * (1.0 - t * 0.88);
            let drop = tall / tiers as f32 * (0.45 + 0.4 * t);
            line.push((x + side * out, at + drop));
            line.push((x + side * out * 0.66, at + drop * 0.62));
            line.push((x + side * out * 0.42, at + drop * 0.05));
        }
        line.push((x + side * broad * 0.06, y - tall * 0.1));
        line.push((x + side * broad * 0.08, y));
    }
    let [mut left, right] = sides;
    left.extend(right.into_iter().rev());
    wood.add(left);
}

/// A tall bare trunk that leaves the picture at the top, with a few branches.
fn trunk(wood: &mut Shape, (x, y): Point, half: f32, chance: &mut Chance) {
    let lean = chance.between(-0.035, 0.035);
    let bend = chance.between(-0.02, 0.02);
    let at = |t: f32| (x + lean * t + bend * (t * 3.0).sin(), y - t * (y + 0.1));
    let line: Vec<(Point, f32)> = (0..=30)
        .map(|index| index as f32 / 30.0)
        .map(|t| (at(t), half * (1.0 - 0.5 * t) * (1.0 + 1.1 * (1.0 - t).powi(14))))
        .collect();
    wood.join(Shape::stroke(&line));
    for _ in 0..7 + chance.below(5) {
        let t = chance.between(0.32, 0.95);
        let side = chance.sign();
        let reach = half * chance.between(2.5, 7.0);
        let from = at(t);
        let branch: Vec<(Point, f32)> = (0..=12)
            .map(|index| index as f32 / 12.0)
            .map(|s| {
                let place = (
                    from.0 + side * reach * s,
                    from.1 - reach * (0.62 * s + 0.12 * s * s) + reach * 0.03 * (s * 11.0).sin(),
                );
                (place, half * 0.2 * (1.0 - s) + 0.0006)
            })
            .collect();
        wood.join(Shape::stroke(&branch));
    }
}

/// Fog lying between this row and the next.
fn fog(canvas: &mut Canvas, plan: &Plan, sky: &Sky, row: &Row, seed: u32) {
    let palette = plan.palette.clone();
    let thick = lerp(0.5, 0.1, row.near.powf(0.7)) * if plan.hour == Hour::Mist { 1.2 } else { 0.9 };
    let ground = row.ground;
    canvas.shade_rows(ground - 0.46, ground + 0.38, |x, y, light| {
        let lie = step(0.42, 0.0, (y - ground + 0.04).abs());
        if lie <= 0.0 {
            return light;
        }
        let drift = 0.75 + 0.5 * fbm(x * 1.6, y * 4.5, 3, seed);
        let sun = sky.towards_sun(x, y);
        let air = palette.haze.mix(palette.sun, 0.55 * sun) * (0.9 + 0.25 * sun);
        light.mix(air, (lie * thick * drift).clamp(0.0, 0.9))
    });
}

/// Beams between the trees.
fn shafts(canvas: &mut Canvas, plan: &Plan, sky: &Sky) {
    let strength = match plan.hour {
        Hour::Golden => 0.42,
        Hour::Dawn => 0.34,
        Hour::Day => 0.3,
        Hour::Mist => 0.16,
        Hour::Dusk => 0.2,
        Hour::Night => 0.07,
    };
    let seed = plan.chance.part(301).seed();
    let (sun_x, sun_y) = (sky.sun.0, sky.sun.1 - 0.55);
    let light_colour = plan.palette.sun;
    canvas.shade(|x, y, light| {
        let (dx, dy) = (x - sun_x, y - sun_y);
        let away = (dx * dx + dy * dy).sqrt();
        let turn = dx / (dy.abs() + 0.05);
        let beam = step(0.05, 0.75, noise(turn * 5.0, 0.5, seed) + 0.4 * noise(turn * 11.0, 3.5, seed));
        let fade = (-turn * turn * 2.2).exp() * step(0.45, 0.75, away) * step(1.3, 0.6, away);
        light + light_colour * (beam * fade * strength)
    });
}
