//! Open country: the sea with its sky, and mountains over a lake or a valley.

use super::canvas::Canvas;
use super::finish::Finish;
use super::light::{Light, lerp, step};
use super::plan::Plan;
use super::ridges::{self, Range};
use super::shape::{Shape, curve};
use super::sky::Sky;
use super::water::Water;

pub(super) const SEA: &str = "The open sea with a long path of light, distant islands on the horizon";
pub(super) const MOUNTAINS: &str = "Ranges of mountains one behind the other, fading into the air";

/// The sea.
pub(super) fn sea(canvas: &mut Canvas, plan: &Plan) -> Finish {
    let mut chance = plan.chance.part(110);
    let layout = plan.layout(4);
    let horizon = canvas.height * [0.46, 0.6, 0.38, 0.54].get(layout).copied().unwrap_or(0.5);
    let mut sky = Sky::for_hour(canvas, plan, horizon);
    sky.disc *= 1.15;
    sky.paint(canvas, plan);
    let base = horizon + 0.002;
    let isle = Range { base, rise: 0.05, pace: 1.6, sharp: 0.25, near: 0.15, ..Range::PLAIN };
    let tall = Range { rise: 0.13, pace: 1.1, sharp: 0.6, near: 0.3, ..isle };
    match layout {
        0 => ridges::paint(canvas, plan, &sky, &[isle]),
        1 => ridges::paint(canvas, plan, &sky, &[tall, isle]),
        3 => {
            ridges::paint(canvas, plan, &sky, &[Range { near: 0.1, ..tall }, Range { near: 0.38, rise: 0.03, ..isle }]);
        }
        _ => {}
    }
    let boat = plan.wish.says(&["boat", "sail", "ship", "sailboat", "yacht"]) || layout != 1;
    let place = (lerp(0.25, 0.75, chance.unit()) * canvas.width, horizon);
    let size = chance.between(0.07, 0.11);
    if boat {
        sailboat(canvas, plan, place, size);
    }
    let rough =
        if plan.wish.says(&["calm", "still", "serene", "mirror", "quiet"]) { 0.35 } else { chance.between(0.75, 1.15) };
    let deep = plan.palette.near.mix(plan.palette.sky[1], 0.45) * 0.75;
    Water { shore: horizon, rough, deep }.paint(canvas, plan, &sky);
    if boat {
        sailboat(canvas, plan, (place.0, place.1 + 0.008), size);
    }
    Finish { bloom: 0.7, ..Finish::LENS }
}

/// A small boat under sail.
fn sailboat(canvas: &mut Canvas, plan: &Plan, (x, y): (f32, f32), size: f32) {
    let palette = plan.palette.clone();
    let dark = palette.near * 0.9;
    let hull = curve(&[(-0.42, -0.13), (0.0, -0.1), (0.46, -0.16), (0.3, 0.0), (-0.3, 0.0), (-0.42, -0.13)], 8);
    canvas.fill(&Shape::polygon(hull).placed((x, y), (size, size), 0.0), dark);
    let main = curve(&[(0.0, -1.2), (-0.16, -0.75), (-0.36, -0.2), (0.0, -0.17)], 8);
    let fore = curve(&[(0.05, -1.08), (0.2, -0.62), (0.42, -0.2), (0.05, -0.18)], 8);
    let cloth = palette.lit(Light::hex(0xf4_e8_d4), 0.4);
    for (sail, part) in [(main, 1.0), (fore, 0.82)] {
        let shape = Shape::polygon(sail).placed((x, y), (size, size), 0.0);
        canvas.fill_with(&shape, |px, _, _| cloth * (part * lerp(0.8, 1.05, step(x - size * 0.4, x + size * 0.4, px))));
    }
    canvas.fill(&Shape::rect(x - size * 0.01, y - size * 1.25, size * 0.025, size * 1.12), dark);
}

/// Mountains.
pub(super) fn mountains(canvas: &mut Canvas, plan: &Plan) -> Finish {
    let mut chance = plan.chance.part(120);
    let layout = plan.layout(3);
    let tall = canvas.height;
    let lake = plan.wish.says(&["lake", "reflection", "mirror", "water", "fjord"]) || layout == 1;
    let horizon = tall * if lake { 0.62 } else { 0.66 };
    let sky = Sky { clouds: chance.between(0.2, 0.55), ..Sky::for_hour(canvas, plan, horizon) };
    let sky = Sky { sun: (sky.sun.0, sky.sun.1 - 0.2 * tall), ..sky };
    sky.paint(canvas, plan);
    let snow = if plan.wish.says(&["green", "jungle", "tropical"]) { 2.0 } else { chance.between(0.18, 0.42) };
    let peak = canvas.width
        * if sky.sun.0 < canvas.width * 0.5 { chance.between(0.58, 0.72) } else { chance.between(0.28, 0.42) };
    let far = Range {
        base: horizon,
        rise: 0.42 * tall,
        pace: 1.7,
        sharp: 1.0,
        near: 0.3,
        snow,
        peak: (peak, 0.75),
        ..Range::PLAIN
    };
    let middle = Range {
        base: horizon + 0.02,
        rise: 0.24 * tall,
        pace: 2.2,
        near: 0.46,
        snow: snow + 0.3,
        peak: (canvas.width - peak, 0.45),
        ..far
    };
    let hills =
        Range { base: horizon + 0.03, rise: 0.11, pace: 1.4, sharp: 0.2, near: 0.62, trees: 0.012, ..Range::PLAIN };
    if lake {
        let shore = Range { base: horizon + 0.004, rise: 0.035, near: 0.74, trees: 0.026, ..hills };
        ridges::paint(
            canvas,
            plan,
            &sky,
            &[far, Range { base: horizon, ..middle }, Range { base: horizon, rise: 0.08, ..hills }, shore],
        );
        let deep = plan.palette.near.mix(plan.palette.sky[1], 0.3) * 0.6;
        Water { shore: horizon, rough: 0.16, deep }.paint(canvas, plan, &sky);
        let bank = Range {
            base: tall + 0.03,
            rise: 0.13 * tall,
            pace: 1.1,
            sharp: 0.1,
            near: 1.0,
            trees: 0.06,
            ..Range::PLAIN
        };
        ridges::paint(canvas, plan, &sky, &[bank]);
    } else {
        let step = |part: f32, near: f32, trees: f32| Range {
            base: lerp(horizon, tall, part) + 0.05,
            rise: lerp(0.12, 0.2, part) * tall,
            pace: lerp(1.8, 1.0, part),
            sharp: 0.22,
            near,
            trees,
            ..Range::PLAIN
        };
        let spread = [
            far,
            middle,
            step(0.12, 0.5, 0.008),
            step(0.36, 0.66, 0.018),
            step(0.68, 0.84, 0.04),
            step(1.05, 1.0, 0.085),
        ];
        let soft =
            spread.map(|range| Range { sharp: if layout == 2 { range.sharp * 0.45 } else { range.sharp }, ..range });
        ridges::paint(canvas, plan, &sky, &soft);
    }
    Finish { bloom: 0.45, ..Finish::LENS }
}
