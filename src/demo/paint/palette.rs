//! Palettes mixed by hand for each hour of the day, bent by the prompt's colour words.

use super::chance::Chance;
use super::light::{Gradient, Light};
use super::tint::Tint;
use super::wish::{Hour, Wish};

/// The colours of a scene out of doors, and its light.
#[derive(Clone, Debug)]
pub(super) struct Palette {
    /// The sky from overhead to the horizon.
    pub(super) sky: [Light; 4],
    /// Sun or moon.
    pub(super) sun: Light,
    /// The air between near and far.
    pub(super) haze: Light,
    /// Land far away, and close by.
    pub(super) far: Light,
    pub(super) near: Light,
    /// Lit windows and lamps.
    pub(super) lamp: Light,
    /// The loudest colour.
    pub(super) accent: Light,
    /// Light from the whole sky, and light straight from sun or moon, on a white surface.
    pub(super) ambient: Light,
    pub(super) key: Light,
}

/// Overhead, high, middle, low, sun, haze, far, near.
type Row = [u32; 8];

const DAWN: [Row; 3] = [
    [0x6f93b8, 0xa4b9cb, 0xf0c9b5, 0xffe3bd, 0xffe0a8, 0xf2d3bf, 0x8f9db4, 0x2e3a48],
    [0x6e76ac, 0xb8a4c8, 0xf5bfbc, 0xffe2c0, 0xffd6ac, 0xeec6c4, 0x9a8fb2, 0x33304c],
    [0x3f8494, 0x93bfbc, 0xeedfb6, 0xffecc0, 0xfff0b8, 0xe8ddbc, 0x7ba3a0, 0x1f3c40],
];
const DAY: [Row; 3] = [
    [0x1f68ae, 0x5a9fd2, 0xa4cde4, 0xe6f0ee, 0xfff6e0, 0xcfe2ea, 0x7f9fb6, 0x2c4438],
    [0x1b7c94, 0x5fb4bd, 0xb2dcd4, 0xf2f1de, 0xfff4d4, 0xd8e6dc, 0x7fa8a4, 0x2b4a3a],
    [0x35569e, 0x7d9bcc, 0xbfd0e2, 0xf4ece0, 0xfff2d8, 0xd8dfe6, 0x8d9cba, 0x39424e],
];
const GOLDEN: [Row; 3] = [
    [0x4f7aa8, 0xa7b4a8, 0xf0c078, 0xffdf9a, 0xffd070, 0xf2c98c, 0xb58f6a, 0x3d2c22],
    [0x3c6f86, 0xb3a884, 0xf4a85c, 0xffd488, 0xffbe58, 0xeeb070, 0xa8805c, 0x35281c],
    [0x6b6f9e, 0xc99a90, 0xffb26a, 0xffe29c, 0xffcf74, 0xf7bd88, 0xb07f70, 0x40282c],
];
const DUSK: [Row; 3] = [
    [0x17264c, 0x4a4c8c, 0xc4708a, 0xffae6c, 0xffb050, 0xd48a86, 0x6a5684, 0x0f1526],
    [0x191642, 0x50397c, 0xb05890, 0xf9a182, 0xff9c68, 0xbd7596, 0x5f4480, 0x120e22],
    [0x0e3346, 0x2c6678, 0xd0917e, 0xffca8e, 0xffc078, 0xcf9f8c, 0x4e6474, 0x0a1a22],
];
const NIGHT: [Row; 3] = [
    [0x050b1e, 0x0d1e40, 0x1e3c62, 0x4a6c8c, 0xdfe8f4, 0x34506e, 0x1c3350, 0x050a14],
    [0x0a0822, 0x1a1444, 0x382a6a, 0x6c5a96, 0xe8e2f8, 0x4a3f76, 0x2a2352, 0x08071a],
    [0x03141c, 0x08303a, 0x174e56, 0x468080, 0xe4f2ea, 0x2f5f62, 0x123c44, 0x040f14],
];
const MIST: [Row; 3] = [
    [0x6d7c88, 0x93a2a9, 0xbcc5c6, 0xdcdfdb, 0xf8f2e2, 0xc6cdcd, 0x8796a0, 0x263036],
    [0x7a7a88, 0xa19ca6, 0xc9c0c0, 0xe6dcd2, 0xfff0dc, 0xd2c8c6, 0x93909e, 0x2c2a34],
    [0x5c7474, 0x869c98, 0xb6c4ba, 0xdde2d4, 0xf6f2da, 0xc2cec4, 0x7c938f, 0x1e2e2c],
];

impl Palette {
    /// The palette of one picture.
    pub(super) fn mixed(wish: &Wish, hour: Hour, choice: usize) -> Self {
        let (rows, bright, direct) = match hour {
            Hour::Dawn => (&DAWN, 0.75, 1.0),
            Hour::Day => (&DAY, 0.85, 1.15),
            Hour::Golden => (&GOLDEN, 0.6, 1.2),
            Hour::Dusk => (&DUSK, 0.55, 0.8),
            Hour::Night => (&NIGHT, 0.9, 0.22),
            Hour::Mist => (&MIST, 0.8, 0.35),
        };
        let mut colours = rows.get(choice % rows.len()).copied().unwrap_or_default().map(Light::hex);
        let mut lamp = Light::hex(0xff_b3_4d);
        let mut accent = Light::hex([0xd8_4a_3a, 0xe8_a0_30, 0x2f_8f_8a].get(choice % 3).copied().unwrap_or_default());
        let hues: Vec<Tint> = wish.tints.iter().copied().filter(|tint| matches!(tint, Tint::Hue(_))).collect();
        for (index, colour) in colours.iter_mut().enumerate() {
            // The first hue named colours the air, the second what stands in it.
            let place = if hues.len() > 1 && (index == 0 || index >= 6) { 1 } else { 0 };
            if let Some(tint) = hues.get(place) {
                *colour = tint.on(*colour, if index == 4 { 0.25 } else { 0.5 });
            }
        }
        if let Some(colour) = hues.first().and_then(|tint| tint.colour()) {
            accent = colour;
        }
        for tint in wish.tints.iter().filter(|tint| !matches!(tint, Tint::Hue(_))) {
            for colour in &mut colours {
                *colour = tint.on(*colour, 1.0);
            }
            if *tint != Tint::Dark {
                accent = tint.on(accent, 1.0);
                lamp = tint.on(lamp, 0.4);
            }
        }
        let [top, high, middle, low, sun, haze, far, near] = colours;
        let ambient = (top + high + middle) * (bright / 2.2) + Light::grey(0.02);
        Self { sky: [top, high, middle, low], sun, haze, far, near, lamp, accent, ambient, key: sun * direct }
    }

    /// The sky from overhead (0) to the horizon (1).
    pub(super) fn sky_gradient(&self) -> Gradient {
        let [top, high, middle, low] = self.sky;
        Gradient::new(&[(0.0, top), (0.38, high), (0.74, middle), (1.0, low)])
    }

    /// What a surface of this colour looks like in this light; `facing` is how much it turns to the sun, 0 to 1.
    pub(super) fn lit(&self, surface: Light, facing: f32) -> Light {
        surface.through(self.ambient + self.key * facing)
    }
}

/// Five colours that go together, for pictures without a sky: ground, dark, main, second, light.
#[derive(Clone, Copy, Debug)]
pub(super) struct Inks {
    pub(super) ground: Light,
    pub(super) dark: Light,
    pub(super) main: Light,
    pub(super) second: Light,
    pub(super) light: Light,
}

const INKS: [[u32; 5]; 8] = [
    [0xf1e4cc, 0x1d1b22, 0xd6452f, 0xe9a23b, 0xfbf3e2],
    [0xe9e2d0, 0x18304a, 0x2f7f86, 0xe2725b, 0xfaf4e6],
    [0x14171f, 0x090a0f, 0xe0412f, 0xf0b04a, 0xf6e7cf],
    [0xf4d9c6, 0x3a1f3d, 0xd4567a, 0xf2a65a, 0xfff0e2],
    [0x22304a, 0x111826, 0xe8b04b, 0x6fb1a8, 0xf3e9d2],
    [0xe6dcc4, 0x26352b, 0x5f8a4e, 0xd98e3c, 0xf8f2e0],
    [0x2b1430, 0x140818, 0xff5d3a, 0xc2316e, 0xffe0b8],
    [0xdfe6e2, 0x1f2b45, 0x4a69b0, 0xe07b54, 0xf7f5ec],
];

impl Inks {
    /// Inks for a prompt; colour words take the lead.
    pub(super) fn mixed(wish: &Wish, chance: &mut Chance) -> Self {
        let dark_ground = wish.tints.contains(&Tint::Dark) || wish.hour == Some(Hour::Night);
        let choices: Vec<&[u32; 5]> = INKS.iter().filter(|row| (row[0] < 0x60_00_00) == dark_ground).collect();
        let row = choices.get(chance.below(choices.len())).map_or([0; 5], |row| **row);
        let [mut ground, mut dark, mut main, mut second, mut light] = row.map(Light::hex);
        let mut hues = wish.tints.iter().filter_map(|tint| tint.colour());
        if let Some(hue) = hues.next() {
            main = main.mix(hue, 0.92);
            let tint = wish.tints.iter().find(|tint| tint.colour().is_some());
            second = tint.map_or(second, |tint| tint.on(second, 0.35));
            dark = tint.map_or(dark, |tint| tint.on(dark, 0.4));
            ground = tint.map_or(ground, |tint| tint.on(ground, 0.12));
        }
        if let Some(hue) = hues.next() {
            second = second.mix(hue, 0.85);
        }
        for tint in wish.tints.iter().filter(|tint| !matches!(tint, Tint::Hue(_) | Tint::Dark)) {
            for ink in [&mut ground, &mut dark, &mut main, &mut second, &mut light] {
                *ink = tint.on(*ink, 0.7);
            }
        }
        Self { ground, dark, main, second, light }
    }
}
