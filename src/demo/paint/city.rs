//! A city of lit windows: a skyline over water, a street between towers, or towers in the haze.

use super::canvas::Canvas;
use super::chance::{Chance, cell_unit, noise};
use super::finish::Finish;
use super::light::{Light, lerp, step};
use super::plan::Plan;
use super::shape::Shape;
use super::sky::Sky;
use super::tint::Tint;
use super::water::Water;
use super::wish::Hour;

pub(super) const SUBJECT: &str = "A city of tall buildings with lit windows, layer behind layer in the haze";

/// Rows of buildings, one behind the other.
const LAYERS: u64 = 5;

/// Paints it.
pub(super) fn paint(canvas: &mut Canvas, plan: &Plan) -> Finish {
    let layout = plan.layout(3);
    let mut chance = plan.chance.part(200);
    let ground = canvas.height * [0.74, 0.84, 0.84].get(layout).copied().unwrap_or(0.8);
    let focus = canvas.width * chance.between(0.36, 0.64);
    let mut sky = Sky::for_hour(canvas, plan, ground);
    sky.sun.1 = match plan.hour {
        Hour::Night => canvas.height * 0.2,
        _ => ground - canvas.height * chance.between(0.16, 0.3),
    };
    sky.sun.0 = if layout == 1 { focus } else { sky.sun.0 };
    sky.paint(canvas, plan);
    let town = |layer: u64, stand: f32| Town { near: layer as f32 / 4.0, ground, stand, focus, layout };
    for layer in 0..LAYERS {
        veil(canvas, plan, &sky, ground, layer as f32 / 4.0);
        town(layer, ground).paint(canvas, plan, &sky, &mut plan.chance.part(210 + layer));
    }
    let deep = plan.palette.near.mix(plan.palette.sky[0], 0.4) * 0.6;
    let wet = plan.wish.says(&["rain", "rainy", "wet", "reflection", "river", "cyberpunk", "neon"]);
    let rough = if layout == 0 {
        0.55
    } else if wet {
        0.2
    } else {
        0.3
    };
    Water { shore: ground + 0.002, rough, deep }.paint(canvas, plan, &sky);
    if layout != 0 {
        // Near buildings come down to the viewer's side of the street.
        for layer in LAYERS - 2..LAYERS {
            let stand = ground + (canvas.height - ground) * if layer == LAYERS - 1 { 0.8 } else { 0.28 };
            town(layer, stand).paint(canvas, plan, &sky, &mut plan.chance.part(210 + layer));
        }
    }
    if layout == 0 {
        promenade(canvas, plan, ground);
    } else {
        traffic(canvas, plan, ground, focus);
    }
    if plan.wish.says(&["flying", "futuristic", "cyberpunk", "future", "sci", "scifi"]) {
        flyers(canvas, plan, ground);
    }
    Finish { bloom: 0.85, ..Finish::LENS }
}

/// Air between one layer and the next, glowing from the streets below.
fn veil(canvas: &mut Canvas, plan: &Plan, sky: &Sky, ground: f32, near: f32) {
    let palette = plan.palette.clone();
    let street = palette.lamp.mix(palette.accent, 0.25).through(palette.haze + Light::grey(0.25));
    let dark = dark(plan);
    canvas.shade_rows(0.0, ground + 0.1, |x, y, light| {
        let low = step(0.62, 0.0, ground - y);
        let air = palette.haze.mix(palette.sun, 0.4 * sky.towards_sun(x, y)).mix(street, 0.3 * dark * low);
        light.mix(air, low * low * lerp(0.4, 0.16, near))
    });
}

/// How much of the light comes from lamps at this hour.
const fn dark(plan: &Plan) -> f32 {
    match plan.hour {
        Hour::Night => 1.0,
        Hour::Dusk => 0.8,
        Hour::Mist => 0.5,
        Hour::Dawn => 0.35,
        Hour::Golden => 0.3,
        Hour::Day => 0.05,
    }
}

/// One layer of buildings.
struct Town {
    near: f32,
    /// Height of the street, from which buildings are measured, and where these meet the ground.
    ground: f32,
    stand: f32,
    focus: f32,
    layout: usize,
}

/// One building.
#[derive(Clone, Copy)]
struct House {
    x: f32,
    wide: f32,
    top: f32,
    ground: f32,
    seed: u32,
    /// Where its two faces meet, as a share of its width.
    corner: f32,
}

impl Town {
    /// How tall buildings are at a place, in units.
    fn tall(&self, canvas: &Canvas, x: f32) -> f32 {
        let aside = (x - self.focus).abs() / canvas.width;
        let full = self.ground;
        match self.layout {
            // The far ones make the skyline; the near ones stay low at the water.
            0 => full * lerp(0.3 + 0.42 * (-aside * aside * 18.0).exp(), 0.14, self.near.powf(1.5)),
            // A street: the nearer, the further apart and the taller.
            1 => {
                let open = lerp(0.0, 0.36, self.near.powf(1.2));
                if aside < open { 0.0 } else { full * lerp(0.34, 1.25, self.near * (0.55 + aside)) }
            }
            _ => {
                let edge = step(0.12, 0.5, aside);
                full * lerp(0.42 + 0.3 * (-aside * aside * 22.0).exp(), 0.12 + 0.85 * edge, self.near)
            }
        }
    }

    fn paint(&self, canvas: &mut Canvas, plan: &Plan, sky: &Sky, chance: &mut Chance) {
        let mut x = -0.06 * chance.unit();
        let width = lerp(0.04, 0.15, self.near);
        while x < canvas.width {
            let wide = width * chance.between(0.55, 1.3);
            let tall = self.tall(canvas, x + wide * 0.5) * chance.between(0.55, 1.12);
            if tall > 0.02 {
                let house = House {
                    x,
                    wide,
                    top: self.ground - tall,
                    ground: self.stand + 0.004,
                    seed: chance.seed(),
                    corner: if x + wide * 0.5 < self.focus { 0.72 } else { 0.28 },
                };
                self.house(canvas, plan, sky, house, chance);
            }
            x += wide * chance.between(0.86, 1.12);
        }
    }

    fn house(&self, canvas: &mut Canvas, plan: &Plan, sky: &Sky, house: House, chance: &mut Chance) {
        let House { x, wide, top, ground, .. } = house;
        let mut shape = Shape::rect(x, top, wide, ground - top);
        let tall = self.ground - top;
        match chance.below(5) {
            0 => {
                shape.join(Shape::rect(x + wide * 0.2, top - tall * 0.1, wide * 0.6, tall * 0.11));
                shape.join(Shape::rect(x + wide * 0.485, top - tall * 0.28, wide * 0.03, tall * 0.2));
            }
            1 => shape.join(Shape::polygon(vec![(x, top), (x + wide, top), (x + wide, top - wide * 0.35)])),
            2 => shape.join(Shape::polygon(vec![
                (x + wide * 0.15, top),
                (x + wide * 0.85, top),
                (x + wide * 0.56, top - tall * 0.16),
                (x + wide * 0.44, top - tall * 0.16),
            ])),
            3 => {
                shape.join(Shape::rect(x + wide * 0.12, top - wide * 0.1, wide * 0.3, wide * 0.11));
                shape.join(Shape::rect(x + wide * 0.7, top - wide * 0.3, wide * 0.02, wide * 0.31));
            }
            _ => {}
        }
        let near = self.near;
        let palette = plan.palette.clone();
        let air = palette.haze.mix(palette.sky[2], 0.3);
        let wall = palette.far.mix(palette.near, 0.25 + 0.75 * near) * lerp(0.8, 1.15, cell_unit(1, 1, house.seed));
        let panes = Panes::new(plan, house, near);
        let from_left = sky.sun.0 < x;
        let dark = dark(plan);
        let pixel = canvas.pixel();
        canvas.fill_with(&shape, |px, py, _| {
            let across = (px - x) / wide;
            let left_face = across < house.corner;
            let sunny = left_face == from_left;
            let light = palette.key.through(wall.mix(palette.sun, 0.2)) * if sunny { 0.5 } else { 0.04 };
            let mut face = wall * if left_face == (house.corner > 0.5) { 1.0 } else { 0.72 } + light;
            let edge = if left_face { across / house.corner } else { (across - house.corner) / (1.0 - house.corner) };
            face = face * (1.0 - 0.1 * (edge - 0.5).abs());
            if py > top {
                face += panes.light((px - x, py - top), left_face, pixel);
            }
            let low = step(0.55, 0.0, self.ground - py);
            face.mix(air, (1.0 - near).powi(2) * 0.62).mix(palette.lamp * 0.35, low * low * 0.12 * dark)
        });
        if chance.is(0.3) && dark > 0.5 && near < 0.8 {
            canvas.glow((x + wide * 0.5, top - tall * 0.1), 0.006, Light::hex(0xff_38_28) * 1.2);
        }
    }
}

/// The windows of one building.
struct Panes {
    wide: f32,
    tall: f32,
    /// Share of a cell that is glass.
    glass: (f32, f32),
    /// How many are lit.
    lit: f32,
    colours: [Light; 3],
    seed: u32,
    dim: Light,
}

impl Panes {
    fn new(plan: &Plan, house: House, near: f32) -> Self {
        let palette = &plan.palette;
        let die = |tag: i32| cell_unit(tag, 77, house.seed);
        let size = lerp(0.0075, 0.02, near) * lerp(0.8, 1.25, die(1));
        let count = (house.wide / size).round().max(2.0);
        let (tall, glass) = match (die(2) * 3.0) as u8 {
            0 => (size * 1.5, (0.62, 0.55)),
            1 => (size * 1.15, (0.9, 0.42)),
            _ => (size * 2.2, (0.5, 0.78)),
        };
        let cool = Light::hex(0xcf_e2_ff);
        let neon = plan.wish.tints.contains(&Tint::Vivid);
        let third = if neon { Light::hex(0xff_4f_b0) } else { Light::hex(0xff_dd_a8) };
        let second = if neon { Light::hex(0x4f_e8_ff) } else { cool };
        let strength = lerp(0.7, 1.5, near) * (0.25 + 0.75 * dark(plan));
        Self {
            wide: house.wide / count,
            tall,
            glass,
            lit: lerp(0.16, 0.5, die(3)) * (0.12 + 0.88 * dark(plan)),
            colours: [palette.lamp * strength, second * (strength * 0.62), third * (strength * 0.9)],
            seed: house.seed,
            dim: palette.sky[2] * 0.14,
        }
    }

    /// Light from the window at a place on the front, from its top left corner.
    fn light(&self, (x, y): (f32, f32), left_face: bool, pixel: f32) -> Light {
        let (column, row) = (x / self.wide, y / self.tall);
        let (ix, iy) = (column.floor() as i32, row.floor() as i32);
        let inside = |part: f32, glass: f32, size: f32| {
            let away = ((part - part.floor()) - 0.5).abs() * 2.0;
            let soft = (pixel / size * 2.0).min(1.0);
            step(glass + soft, glass - soft, away)
        };
        let pane = inside(column, self.glass.0, self.wide) * inside(row, self.glass.1, self.tall);
        let die = cell_unit(ix, iy, self.seed);
        // Whole floors work late together.
        let floor = cell_unit(iy, 5, self.seed ^ 0xb);
        let on = die < self.lit * if floor > 0.8 { 1.7 } else { 0.85 };
        let colour = if cell_unit(ix, iy, self.seed ^ 3) < 0.7 {
            self.colours[0]
        } else if floor < 0.5 {
            self.colours[1]
        } else {
            self.colours[2]
        };
        let bright = 0.35 + 0.9 * cell_unit(iy, ix, self.seed ^ 8);
        let lamp = if on { colour * bright } else { self.dim };
        lamp * (pane * if left_face { 1.0 } else { 0.85 })
    }
}

/// Lamps along the water's edge, and their reflections.
fn promenade(canvas: &mut Canvas, plan: &Plan, ground: f32) {
    let strength = 0.25 + 0.75 * dark(plan);
    let dark_line = plan.palette.near * 0.55;
    canvas.fill(&Shape::rect(0.0, ground - 0.004, canvas.width, 0.012), dark_line);
    let mut x = 0.02;
    while x < canvas.width {
        let lamp = plan.palette.lamp * strength;
        canvas.glow((x, ground - 0.01), 0.022, lamp * 0.5);
        canvas.glow((x, ground - 0.01), 0.005, lamp * 2.0);
        for step in 0..14 {
            let down = step as f32 * 0.011;
            let sway = noise(x * 30.0, down * 60.0, 5) * 0.006 * (1.0 + down * 9.0);
            canvas.glow((x + sway, ground + 0.014 + down), 0.009, lamp * (0.24 / (1.0 + step as f32 * 0.28)));
        }
        x += 0.062;
    }
}

/// Head lights and tail lights on the street below.
fn traffic(canvas: &mut Canvas, plan: &Plan, ground: f32, focus: f32) {
    let mut chance = plan.chance.part(202);
    let strength = 0.3 + 0.7 * dark(plan);
    let depth = canvas.height - ground;
    for _ in 0..46 {
        let away = chance.unit().powf(0.6);
        let y = ground + depth * (1.0 - away).powi(2) * 0.9;
        let spread = 0.03 + (y - ground) * 2.2;
        let side = chance.sign();
        let x = focus + side * spread * chance.between(0.1, 0.9);
        let size = 0.003 + (y - ground) * 0.07;
        let colour = if side < 0.0 { Light::hex(0xff_ee_d0) } else { Light::hex(0xff_30_20) };
        for lamp in [-1.0, 1.0] {
            canvas.glow((x + lamp * size * 1.6, y), size * 2.4, colour * (0.3 * strength));
            canvas.glow((x + lamp * size * 1.6, y), size * 0.7, colour * (1.3 * strength));
            for step in 1..7 {
                canvas.glow(
                    (x + lamp * size * 1.6, y + size * 1.5 * step as f32),
                    size * 1.1,
                    colour * (0.12 * strength),
                );
            }
        }
    }
}

/// Craft in lanes between the towers, with light trailing behind them.
fn flyers(canvas: &mut Canvas, plan: &Plan, ground: f32) {
    let mut chance = plan.chance.part(203);
    let dark_body = plan.palette.near * 0.7;
    for index in 0..9 {
        let near = (index as f32 + 1.0) / 9.0;
        let side = chance.sign();
        let size = lerp(0.007, 0.034, near * near);
        let x = canvas.width * chance.between(0.08, 0.92);
        let y = ground * chance.between(0.18, 0.72);
        let trail = if chance.is(0.5) { Light::hex(0xff_5a_3c) } else { Light::hex(0x5c_d8_ff) };
        for step in 0..40 {
            let t = step as f32 / 40.0;
            let place = (x - side * size * (1.2 + t * 9.0), y + t * size * 0.35);
            canvas.glow(place, size * lerp(0.3, 0.08, t), trail * (0.34 * (1.0 - t)));
        }
        canvas.fill(&Shape::ellipse((x, y), size * 1.3, size * 0.26), dark_body);
        canvas.fill(
            &Shape::ellipse((x - side * size * 0.1, y - size * 0.2), size * 0.62, size * 0.24),
            dark_body.mix(plan.palette.sky[2], 0.4),
        );
        canvas.glow((x + side * size * 1.25, y), size * 0.5, Light::hex(0xff_f2_d8) * 0.8);
        canvas.glow((x, y + size * 0.25), size * 0.6, trail * 0.4);
    }
}
