//! Land in perspective: dunes in the desert, and hills of flowers and grass.

use super::canvas::Canvas;
use super::chance::{Chance, fbm, noise};
use super::finish::Finish;
use super::forest::fir;
use super::light::{Light, lerp, step};
use super::plan::Plan;
use super::relief::{self, Spot, View};
use super::ridges::{self, Range};
use super::shape::Shape;
use super::sky::Sky;
use super::tint::Tint;
use super::wish::Hour;

pub(super) const DESERT: &str = "Wind-shaped dunes with sharp crests, one side in the light and one in shadow";
pub(super) const MEADOW: &str = "Rolling hills of grass and flowers under a wide sky";

/// Dunes.
pub(super) fn desert(canvas: &mut Canvas, plan: &Plan) -> Finish {
    let mut chance = plan.chance.part(400);
    let layout = plan.layout(3);
    let horizon = canvas.height * [0.42, 0.34, 0.5].get(layout).copied().unwrap_or(0.42);
    let mut sky = Sky::for_hour(canvas, plan, horizon);
    sky.clouds *= 0.7;
    sky.paint(canvas, plan);
    if layout == 2 {
        let mesa = Range { base: horizon + 0.01, rise: 0.1, pace: 1.6, sharp: 0.8, near: 0.1, ..Range::PLAIN };
        ridges::paint(canvas, plan, &sky, &[mesa]);
    }
    let seed = chance.seed();
    let from = if sky.sun.0 < canvas.width * 0.5 { -1.0 } else { 1.0 };
    let turn = -from * chance.between(0.75, 1.25);
    let slide = chance.between(0.0, 20.0);
    let tall = chance.between(0.5, 0.66);
    let height = move |x: f32, z: f32| dune(x + slide, z, turn, seed) * tall;
    let palette = plan.palette.clone();
    let named = plan.wish.tints.iter().find_map(|tint| tint.colour());
    let sand = Light::hex(0xdd_a9_6c).mix(named.unwrap_or(palette.sun), if named.is_some() { 0.45 } else { 0.2 });
    let low = if matches!(plan.hour, Hour::Day | Hour::Mist) { 0.62 } else { 0.3 };
    let middle = canvas.width * 0.5;
    relief::paint(canvas, View { horizon, eye: 0.74, far: 22.0 }, height, move |spot: &Spot| {
        let ripple = (spot.x * 46.0 + spot.z * 30.0 + 5.0 * noise(spot.x * 2.6, spot.z * 2.6, seed)).sin()
            * (0.6 + 0.4 * noise(spot.x * 9.0, spot.z * 9.0, seed ^ 7));
        let fade = 1.0 / (1.0 + spot.z * spot.z * spot.z * 0.2);
        let right = spot.right + ripple * 0.16 * fade * step(0.0, 0.25, 0.3 - spot.away.abs() * 0.2);
        let scale = 1.0 / (right * right + spot.away * spot.away + 1.0).sqrt();
        let facing = ((from * -right + spot.away * 0.3 + low) * scale).clamp(0.0, 1.2);
        let lit = step(0.1, 0.85, facing);
        let grain = 1.0 + 0.05 * noise(spot.x * 160.0, spot.z * 160.0, seed ^ 3) * fade;
        let shade = palette.ambient.through(sand).mix(palette.near.mix(palette.sky[0], 0.3), 0.45) * 0.62;
        let bright = sand.through(palette.key + palette.ambient * 0.5) * 0.9;
        let glance = step(0.7, 1.1, facing) * 0.3;
        let light = shade.mix(bright, lit) * grain + palette.key.through(sand) * glance;
        let x = middle + spot.x / spot.z;
        let air = palette.haze.mix(palette.sun, 0.5 * sky.towards_sun(x, horizon));
        light.mix(air, (1.0 - (-spot.z * 0.075).exp()).clamp(0.0, 0.92))
    });
    if plan.wish.says(&["camel", "caravan", "people", "traveller", "nomad"]) || layout == 0 {
        walkers(canvas, plan, horizon, &mut chance);
    }
    Finish { bloom: 0.4, ..Finish::LENS }
}

/// The height of sand: long waves that rise slowly, break in a sharp crest and fall steeply, bent by the wind.
fn dune(x: f32, z: f32, turn: f32, seed: u32) -> f32 {
    let bend = 0.9 * noise(x * 0.35, z * 0.3, seed) + 0.25 * noise(x * 1.1, z * 0.9, seed ^ 2);
    let along = z * 0.36 + x * turn * 0.5 + bend;
    let part = along - along.floor();
    const CREST: f32 = 0.66;
    let up = if part < CREST {
        let t = part / CREST;
        t * t * (1.6 - 0.6 * t)
    } else {
        let t = (1.0 - part) / (1.0 - CREST);
        t * t * (3.0 - 2.0 * t)
    };
    let size = 0.55 + 0.45 * noise(x * 0.5, along.floor() * 1.7, seed ^ 5);
    up * size + 0.1 * noise(x * 0.6, z * 0.6, seed ^ 6)
}

/// Small figures far away, which tell how large the dunes are.
fn walkers(canvas: &mut Canvas, plan: &Plan, horizon: f32, chance: &mut Chance) {
    let dark = plan.palette.near;
    let start = canvas.width * chance.between(0.3, 0.6);
    for index in 0..5 {
        let (x, y) = (start + index as f32 * 0.022, horizon + 0.045 + 0.004 * (index as f32 * 1.7).sin());
        canvas.fill(&Shape::ellipse((x, y - 0.006), 0.0022, 0.0062), dark);
        canvas.fill(&Shape::circle((x, y - 0.0142), 0.0021), dark);
        canvas.fill(
            &Shape::polygon(vec![(x, y), (x + 0.002, y), (x + 0.03, y + 0.004)]),
            dark.mix(plan.palette.haze, 0.5),
        );
    }
}

/// Hills of grass and flowers.
pub(super) fn meadow(canvas: &mut Canvas, plan: &Plan) -> Finish {
    let mut chance = plan.chance.part(410);
    let layout = plan.layout(3);
    let horizon = canvas.height * [0.42, 0.5, 0.36].get(layout).copied().unwrap_or(0.42);
    let sky = Sky::for_hour(canvas, plan, horizon);
    sky.paint(canvas, plan);
    let far = Range { base: horizon + 0.03, rise: 0.16, pace: 1.3, sharp: 0.2, near: 0.2, ..Range::PLAIN };
    ridges::paint(canvas, plan, &sky, &[far, Range { rise: 0.09, pace: 1.8, near: 0.4, trees: 0.012, ..far }]);
    let seed = chance.seed();
    let slide = chance.between(0.0, 20.0);
    let height = move |x: f32, z: f32| {
        0.3 * noise((x + slide) * 0.35, z * 0.3, seed) + 0.12 * noise((x + slide) * 0.9, z * 0.7, seed ^ 2)
    };
    let palette = plan.palette.clone();
    let grass = Light::hex(0x7c_92_42).mix(Light::hex(0xb0_a0_50), if plan.hour == Hour::Golden { 0.6 } else { 0.15 });
    let rows = plan.wish.says(&["lavender", "vineyard", "farm", "row", "tulip"]) || layout == 1;
    let named = plan.wish.tints.iter().find_map(|tint| tint.colour());
    let lavender = plan.wish.says(&["lavender"]) || plan.wish.tints.contains(&Tint::Hue(0x72_48_b0));
    let flower = named.unwrap_or(if lavender { Light::hex(0x72_48_b0) } else { palette.accent });
    let from = if sky.sun.0 < canvas.width * 0.5 { -1.0 } else { 1.0 };
    let (lean, middle) = (chance.between(-0.2, 0.2), canvas.width * 0.5);
    relief::paint(canvas, View { horizon, eye: 0.55, far: 16.0 }, height, move |spot: &Spot| {
        let fade = 1.0 / (1.0 + spot.z * spot.z * 0.12);
        let scale = 1.0 / (spot.right * spot.right + spot.away * spot.away + 1.0).sqrt();
        let facing = ((from * -spot.right * 1.2 + 0.5) * scale).clamp(0.0, 1.0);
        let patch = fbm(spot.x * 1.3, spot.z * 1.1, 3, seed ^ 4);
        let blade = fbm(spot.x * 60.0, spot.z * 22.0, 2, seed ^ 8) * fade;
        let mut ground = grass * (0.8 + 0.35 * patch + 0.5 * blade);
        if rows {
            let wave = ((spot.x + lean * spot.z + 0.1 * noise(spot.x, spot.z, seed)) * 15.0).sin();
            let bush = step(-0.35, 0.5, wave + 0.5 * blade);
            ground = (grass * 0.55).mix(flower * (0.8 + 0.7 * blade + 0.25 * wave), bush * 0.9);
        } else {
            let bloom = step(0.12, 0.5, patch + 0.2)
                * step(0.2, 0.55, noise(spot.x * 42.0, spot.z * 30.0, seed ^ 0xc) + 0.2 * (1.0 - fade));
            ground = ground.mix(flower * 1.25, bloom * 0.75);
        }
        let light = palette.lit(ground, 0.15 + facing) * 1.05;
        let x = middle + spot.x / spot.z;
        let air = palette.haze.mix(palette.sun, 0.5 * sky.towards_sun(x, horizon));
        light.mix(air, (1.0 - (-spot.z * 0.11).exp()).clamp(0.0, 0.9))
    });
    trees(canvas, plan, &sky, &mut chance, move |x, z| horizon + (0.55 - height(x, z)) / z);
    blades(canvas, plan, &sky, flower, &mut chance);
    Finish { bloom: 0.4, ..Finish::LENS }
}

/// Grass and flowers right before the viewer, against the light.
fn blades(canvas: &mut Canvas, plan: &Plan, sky: &Sky, flower: Light, chance: &mut Chance) {
    let palette = plan.palette.clone();
    let bottom = canvas.height + 0.02;
    let stalk = palette.near.mix(palette.lit(Light::hex(0x5c_70_30), 0.3), 0.55);
    for _ in 0..(150.0 * canvas.width) as usize {
        let x = chance.between(-0.02, canvas.width + 0.02);
        let tall = chance.between(0.04, 0.15) * (0.7 + 0.5 * ((x * 5.0).sin().abs()));
        let lean = chance.between(-0.35, 0.35) * tall;
        let line: Vec<_> = (0..=10)
            .map(|index| index as f32 / 10.0)
            .map(|t| ((x + lean * t * t, bottom - tall * t), 0.0024 * (1.0 - t) + 0.0003))
            .collect();
        let warm = sky.towards_sun(x, bottom - tall);
        let colour = stalk.mix(palette.sun.through(Light::hex(0xb8_c0_60)), 0.5 * warm) * chance.between(0.7, 1.15);
        canvas.fill(&Shape::stroke(&line), colour);
        if chance.is(0.24) {
            let (hx, hy) = (x + lean, bottom - tall);
            let size = chance.between(0.007, 0.014);
            let face = palette.lit(flower, 0.3 + warm) * chance.between(0.8, 1.25);
            for petal in 0..5 {
                let turn = petal as f32 * 1.2566 + x * 9.0;
                let at = (hx + turn.cos() * size * 0.6, hy + turn.sin() * size * 0.42);
                canvas.fill(&Shape::ellipse(at, size * 0.62, size * 0.48), face * (0.85 + 0.06 * petal as f32));
            }
            canvas.fill(&Shape::circle((hx, hy), size * 0.24), palette.near.mix(palette.sun, 0.3));
        }
    }
}

/// A few trees on the hills, with their shadows: cypresses, or round crowns.
fn trees(canvas: &mut Canvas, plan: &Plan, sky: &Sky, chance: &mut Chance, screen: impl Fn(f32, f32) -> f32) {
    let narrow = plan.wish.says(&["tuscany", "cypress", "italy", "vineyard"]) || plan.layout(2) == 0;
    let palette = plan.palette.clone();
    let mut places: Vec<(f32, f32)> =
        (0..9).map(|_| (chance.between(-0.5, 0.5) * canvas.width, chance.between(2.2, 8.0))).collect();
    places.sort_by(|a, b| b.1.total_cmp(&a.1));
    for (side, z) in places {
        let (x, y) = (canvas.width * 0.5 + side, screen(side * z, z));
        let tall = lerp(0.5, 0.75, chance.unit()) / z;
        let mut shape = Shape::empty();
        if narrow {
            shape.join(Shape::ellipse((x, y - tall * 0.5), tall * 0.11, tall * 0.52));
            fir(&mut shape, (x, y), tall * 1.02, &mut chance.part(z as u64));
        } else {
            for _ in 0..60 {
                let (turn, out) = (chance.between(0.0, 6.3), chance.unit().sqrt());
                let at = (x + turn.cos() * out * 0.27 * tall, y - tall * (0.66 + turn.sin() * out * 0.24));
                shape.join(Shape::circle(at, tall * chance.between(0.03, 0.085)));
            }
            shape.join(Shape::rect(x - tall * 0.03, y - tall * 0.5, tall * 0.06, tall * 0.5));
        }
        let away = if sky.sun.0 < x { 1.0 } else { -1.0 };
        let dark = palette.near.mix(palette.lit(Light::hex(0x3a_4c_26), 0.0), 0.4);
        for step in 0..9 {
            let t = step as f32 / 9.0;
            canvas.dab((x + away * tall * t * 0.9, y + tall * 0.05 * t), tall * 0.12, |part, under| {
                under.mix(dark, part * 0.16 * (1.0 - t))
            });
        }
        let air = palette.haze.mix(palette.sun, 0.4 * sky.towards_sun(x, y));
        let thick = 1.0 - (-z * 0.055).exp();
        let leaf = Light::hex(0x6e_84_3a);
        let seed = chance.seed();
        canvas.fill_with(&shape, |px, py, _| {
            let facing = (0.35 - away * (px - x) / tall * 2.4
                + 0.35 * fbm(px * 14.0 / tall * 0.3, py * 14.0 / tall * 0.3, 2, seed))
            .clamp(0.0, 1.0);
            dark.mix(palette.lit(leaf, facing), 0.3 + 0.65 * facing).mix(air, thick)
        });
    }
}
