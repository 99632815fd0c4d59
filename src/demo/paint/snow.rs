//! A cabin in the snow: warm windows, white hills, firs, and snow in the air.

use super::canvas::Canvas;
use super::chance::{Chance, fbm, noise};
use super::finish::Finish;
use super::forest::fir;
use super::light::{Light, lerp, step};
use super::plan::Plan;
use super::ridges::{self, Range};
use super::shape::{Point, Shape};
use super::sky::Sky;
use super::soft::Field;
use super::wish::Hour;

pub(super) const SUBJECT: &str = "A small cabin with lit windows among snow-covered hills and firs";

/// Paints it.
pub(super) fn paint(canvas: &mut Canvas, plan: &Plan) -> Finish {
    let mut chance = plan.chance.part(900);
    let layout = plan.layout(3);
    let tall = canvas.height;
    let horizon = tall * [0.56, 0.62, 0.5].get(layout).copied().unwrap_or(0.56);
    let sky = Sky::for_hour(canvas, plan, horizon);
    let sky = Sky { clouds: if plan.hour == Hour::Night { 0.15 } else { sky.clouds }, ..sky };
    sky.paint(canvas, plan);
    if plan.wish.says(&["aurora", "northern", "borealis", "polar"]) || plan.hour == Hour::Night && layout != 1 {
        aurora(canvas, plan, horizon, chance.seed());
    }
    let peak = canvas.width * if sky.sun.0 < canvas.width * 0.5 { 0.68 } else { 0.3 };
    let far = Range {
        base: horizon + 0.03,
        rise: 0.3,
        pace: 1.8,
        sharp: 1.0,
        near: 0.3,
        snow: 0.1,
        peak: (peak, 0.6),
        ..Range::PLAIN
    };
    let wood = Range { base: horizon + 0.07, rise: 0.09, pace: 1.5, near: 0.5, trees: 0.035, ..Range::PLAIN };
    ridges::paint(canvas, plan, &sky, &[far, wood]);
    let home =
        canvas.width * if layout.is_multiple_of(2) { chance.between(0.34, 0.44) } else { chance.between(0.58, 0.68) };
    let seed = chance.seed();
    let hill = |row: usize, x: f32| {
        let part = row as f32 / 3.0;
        let base = lerp(horizon + 0.06, tall * 0.86, part);
        base + (0.05 + 0.04 * part) * noise(x * 1.5 + row as f32 * 5.0, row as f32, seed)
            + 0.01 * noise(x * 6.0, 3.0, seed)
    };
    for row in 0..4 {
        drift(canvas, plan, &sky, |x| hill(row, x), row as f32 / 3.0, seed ^ row as u32);
        let near = row as f32 / 3.0;
        for _ in 0..[16, 11, 6, 0].get(row).copied().unwrap_or(0) {
            let x = chance.between(-0.02, canvas.width + 0.02);
            let size = lerp(0.09, 0.3, near) * chance.between(0.7, 1.25);
            let keep = if row == 0 { 0.05 } else { 0.2 + 0.1 * near };
            if (x - home).abs() > keep {
                white_fir(canvas, plan, (x, hill(row, x) + 0.012), size, near, &mut chance);
            }
        }
        if row == 1 {
            cabin(canvas, plan, (home, hill(1, home) + 0.035), 0.2 * chance.between(0.9, 1.15));
        }
    }
    flakes(canvas, plan, &mut chance);
    Finish { bloom: 0.8, ..Finish::LENS }
}

/// Curtains of light in the sky.
fn aurora(canvas: &mut Canvas, plan: &Plan, horizon: f32, seed: u32) {
    let green = plan.wish.tints.iter().find_map(|tint| tint.colour()).unwrap_or(Light::hex(0x3f_e0_8c));
    let (violet, air) = (Light::hex(0x7a_4c_d8), plan.palette.sky[1]);
    canvas.shade_rows(0.0, horizon, |x, y, light| {
        let mut glow = light;
        for curtain in 0..3 {
            let lift = curtain as f32;
            let fold = 0.16 * noise(x * 1.3 + lift * 4.0, lift, seed) + 0.05 * noise(x * 4.2, lift + 3.0, seed);
            let foot = horizon * (0.72 - 0.17 * lift) + fold;
            let up = foot - y;
            let body = step(-0.02, 0.03, up) * (-up.max(0.0) * 5.5).exp();
            let rays = 0.55 + 0.45 * noise(x * 22.0 + fold * 30.0, lift * 2.0, seed ^ 4) * (1.0 - up).max(0.0);
            let bright = body * rays * (0.5 + 0.5 * noise(x * 1.9, lift + 8.0, seed ^ 9)).max(0.05);
            glow += green.mix(violet, step(0.02, 0.26, up)) * (bright * 0.55) + air * (bright * 0.1);
        }
        glow
    });
}

/// One white hill.
fn drift(canvas: &mut Canvas, plan: &Plan, sky: &Sky, line: impl Fn(f32) -> f32, near: f32, seed: u32) {
    let (width, bottom) = (canvas.width, canvas.height);
    let mut outline: Vec<Point> = (0..=160).map(|index| index as f32 / 160.0 * width).map(|x| (x, line(x))).collect();
    outline.extend([(width, bottom), (0.0, bottom)]);
    let heights: Vec<f32> = outline.iter().take(161).map(|place| place.1).collect();
    let palette = plan.palette.clone();
    let white = Light::hex(0xee_f3_fa);
    let from = if sky.sun.0 < width * 0.5 { -1.0 } else { 1.0 };
    canvas.fill_with(&Shape::polygon(outline), |x, y, _| {
        let index = (x / width * 160.0) as usize;
        let here = heights.get(index).copied().unwrap_or(y);
        let next = heights.get(index + 1).copied().unwrap_or(here);
        let down = (y - here).max(0.0);
        let slope = (next - here) / (width / 160.0);
        let soft = fbm(x * 3.0, y * 7.0, 3, seed) * 0.16 + 0.06 * noise(x * 40.0, y * 90.0, seed);
        let facing = (0.4 - slope * from * 1.6 + soft - down * 0.7).clamp(0.0, 1.0);
        let blue = palette.sky[1].mix(palette.ambient, 0.5);
        let shade = white.through(blue.mix(palette.ambient, 0.6)) * 0.82;
        let lit = palette.lit(white, 0.35 + 0.6 * facing);
        let sparkle = step(0.86, 1.0, noise(x * 300.0, y * 300.0, seed)) * 0.14 * near;
        let colour = shade.mix(lit, facing) * (1.0 + sparkle);
        let air = palette.haze.mix(palette.sun, 0.4 * sky.towards_sun(x, y));
        colour.mix(air, (1.0 - near) * 0.35 * step(0.0, 0.1, down) + (1.0 - near) * 0.12)
    });
}

/// A fir with snow on its branches.
fn white_fir(canvas: &mut Canvas, plan: &Plan, foot: Point, tall: f32, near: f32, chance: &mut Chance) {
    let mut shape = Shape::empty();
    fir(&mut shape, foot, tall, chance);
    let palette = plan.palette.clone();
    let green = palette.near.mix(palette.lit(Light::hex(0x2f_4a_40), 0.2), 0.4).mix(palette.haze, 0.42 * (1.0 - near));
    let snow = palette.lit(Light::hex(0xee_f3_fa), 0.5).mix(palette.haze, 0.2 * (1.0 - near));
    let seed = chance.seed();
    let dark = palette.near.mix(palette.sky[0], 0.4);
    canvas.dab((foot.0, foot.1 + 0.003), tall * 0.16, |part, under| under.mix(dark, part * 0.3));
    canvas.fill_with(&shape, |x, y, _| {
        let up = (foot.1 - y) / tall;
        let load =
            noise(x / tall * 15.0, y / tall * 34.0, seed) + 0.5 * noise(x / tall * 40.0, y / tall * 60.0, seed ^ 2);
        let side = (x - foot.0) / tall * 2.0;
        green.mix(snow, step(0.0, 0.4, load + 0.1 + 0.25 * up - side.abs() * 0.2) * 0.92)
    });
}

/// The cabin: logs, a roof under snow, windows with a fire behind them, smoke.
fn cabin(canvas: &mut Canvas, plan: &Plan, (x, y): Point, size: f32) {
    let palette = plan.palette.clone();
    let lamp = palette.lamp;
    let (half, wall, peak) = (size * 0.5, size * 0.4, size * 0.42);
    // Light on the snow before the house.
    let spill = Shape::polygon(vec![
        (x - half * 0.7, y),
        (x + half * 0.7, y),
        (x + half * 1.3, y + size * 0.42),
        (x - half * 1.3, y + size * 0.42),
    ]);
    let soft = Field::blurred(canvas, &canvas.mask(&spill), 0.05);
    let warm = if plan.hour == Hour::Day { 0.05 } else { 0.55 };
    canvas.shade_rows(y - size * 0.2, y + size, |px, py, light| light + lamp * (soft.at(px, py) * warm * 0.42));
    let logs = palette.lit(Light::hex(0x6e_48_30), 0.2).mix(palette.near, 0.25);
    let body = Shape::polygon(vec![
        (x - half, y),
        (x - half, y - wall),
        (x, y - wall - peak * 0.86),
        (x + half, y - wall),
        (x + half, y),
    ]);
    canvas.fill_with(&body, |px, py, _| {
        let row = ((y - py) / (size * 0.05)).fract();
        logs * (0.62 + 0.5 * (row * std::f32::consts::PI).sin()) * (0.92 + 0.1 * noise(px * 70.0, py * 12.0, 3))
    });
    let snow = palette.lit(Light::hex(0xf2_f6_fc), 0.5);
    let eave = half * 1.22;
    let ridge = y - wall - peak;
    for side in [-1.0, 1.0] {
        let thick = size * 0.085;
        let edge = y - wall + size * 0.06;
        let roof = Shape::polygon(vec![
            (x, ridge),
            (x + side * eave, edge),
            (x + side * eave, edge - thick),
            (x, ridge - thick * 1.2),
        ]);
        let shade = if (side > 0.0) == (plan.turn.is_multiple_of(2)) { 0.82 } else { 1.06 };
        canvas.fill_with(&roof, |px, py, _| snow * (shade * (0.95 + 0.08 * noise(px * 30.0, py * 30.0, 8))));
        canvas.fill(&Shape::circle((x + side * eave, edge - thick * 0.5), thick * 0.5), snow * shade);
        canvas.fill(
            &Shape::polygon(vec![
                (x, ridge + size * 0.005),
                (x + side * eave, edge),
                (x + side * eave, edge + size * 0.018),
                (x, ridge + size * 0.03),
            ]),
            logs * 0.45,
        );
    }
    let stack = x + half * 0.5;
    canvas.fill(&Shape::rect(stack, ridge - size * 0.05, size * 0.09, size * 0.26), palette.near.mix(palette.far, 0.3));
    canvas.fill(
        &Shape::rounded((stack + size * 0.045, ridge - size * 0.06), size * 0.06, size * 0.02, size * 0.02),
        snow,
    );
    for puff in 0..26 {
        let t = puff as f32 / 26.0;
        let at = (stack + size * (0.045 + 0.5 * t * t + 0.05 * (t * 14.0).sin()), ridge - size * (0.1 + 1.2 * t));
        let smoke = palette.haze.mix(palette.sky[2], 0.4);
        canvas.dab(at, size * (0.05 + 0.16 * t), |part, under| under.mix(smoke, part * 0.24 * (1.0 - t)));
    }
    let lit = if plan.hour == Hour::Day { 0.7 } else { 1.9 };
    for at in [-0.27, 0.27] {
        let pane = (x + at * size, y - wall * 0.52);
        canvas.fill(&Shape::rect(pane.0 - size * 0.085, pane.1 - size * 0.085, size * 0.17, size * 0.17), logs * 0.4);
        canvas.fill_with(
            &Shape::rect(pane.0 - size * 0.07, pane.1 - size * 0.07, size * 0.14, size * 0.14),
            |_, py, _| lamp * (lit * lerp(0.75, 1.2, step(pane.1 - size * 0.07, pane.1 + size * 0.07, py))),
        );
        canvas.fill(&Shape::rect(pane.0 - size * 0.006, pane.1 - size * 0.07, size * 0.012, size * 0.14), logs * 0.4);
        canvas.fill(&Shape::rect(pane.0 - size * 0.07, pane.1 - size * 0.006, size * 0.14, size * 0.012), logs * 0.4);
        canvas.glow(pane, size * 0.5, lamp * (0.2 * warm));
    }
    canvas.fill(&Shape::rect(x - size * 0.07, y - wall * 0.72, size * 0.14, wall * 0.72), logs * 0.5);
    canvas.fill(&Shape::circle((x, y - wall - peak * 0.25), size * 0.05), logs * 0.4);
    canvas.fill(&Shape::circle((x, y - wall - peak * 0.25), size * 0.038), lamp * lit);
}

/// Snow in the air, near flakes large and soft.
fn flakes(canvas: &mut Canvas, plan: &Plan, chance: &mut Chance) {
    let white = plan.palette.lit(Light::grey(1.0), 0.7) + Light::grey(0.08);
    for _ in 0..(520.0 * canvas.width * canvas.height) as usize {
        let near = chance.unit().powi(5);
        let at = (chance.between(0.0, canvas.width), chance.between(0.0, canvas.height));
        let strength = lerp(0.55, 0.16, near);
        canvas.dab(at, lerp(0.0017, 0.013, near), |part, under| under.mix(white, (part * strength * 1.6).min(0.9)));
    }
}
