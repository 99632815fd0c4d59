//! Palettes mixed by hand for each hour of the day, bent by the prompt's colour words.

use super::chance::Chance;
use super::light::{Gradient, Light};
use super::tint::Tint;
use super::wish::{Hour, Scene, Wish};

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
    [0x6f_93_b8, 0xa4_b9_cb, 0xf0_c9_b5, 0xff_e3_bd, 0xff_e0_a8, 0xf2_d3_bf, 0x8f_9d_b4, 0x2e_3a_48],
    [0x6e_76_ac, 0xb8_a4_c8, 0xf5_bf_bc, 0xff_e2_c0, 0xff_d6_ac, 0xee_c6_c4, 0x9a_8f_b2, 0x33_30_4c],
    [0x3f_84_94, 0x93_bf_bc, 0xee_df_b6, 0xff_ec_c0, 0xff_f0_b8, 0xe8_dd_bc, 0x7b_a3_a0, 0x1f_3c_40],
];
const DAY: [Row; 3] = [
    [0x1f_68_ae, 0x5a_9f_d2, 0xa4_cd_e4, 0xe6_f0_ee, 0xff_f6_e0, 0xcf_e2_ea, 0x7f_9f_b6, 0x2c_44_38],
    [0x1b_7c_94, 0x5f_b4_bd, 0xb2_dc_d4, 0xf2_f1_de, 0xff_f4_d4, 0xd8_e6_dc, 0x7f_a8_a4, 0x2b_4a_3a],
    [0x35_56_9e, 0x7d_9b_cc, 0xbf_d0_e2, 0xf4_ec_e0, 0xff_f2_d8, 0xd8_df_e6, 0x8d_9c_ba, 0x39_42_4e],
];
const GOLDEN: [Row; 3] = [
    [0x4f_7a_a8, 0xa7_b4_a8, 0xf0_c0_78, 0xff_df_9a, 0xff_d0_70, 0xf2_c9_8c, 0xb5_8f_6a, 0x3d_2c_22],
    [0x3c_6f_86, 0xb3_a8_84, 0xf4_a8_5c, 0xff_d4_88, 0xff_be_58, 0xee_b0_70, 0xa8_80_5c, 0x35_28_1c],
    [0x6b_6f_9e, 0xc9_9a_90, 0xff_b2_6a, 0xff_e2_9c, 0xff_cf_74, 0xf7_bd_88, 0xb0_7f_70, 0x40_28_2c],
];
const DUSK: [Row; 3] = [
    [0x17_26_4c, 0x4a_4c_8c, 0xc4_70_8a, 0xff_ae_6c, 0xff_b0_50, 0xd4_8a_86, 0x6a_56_84, 0x0f_15_26],
    [0x19_16_42, 0x50_39_7c, 0xb0_58_90, 0xf9_a1_82, 0xff_9c_68, 0xbd_75_96, 0x5f_44_80, 0x12_0e_22],
    [0x0e_33_46, 0x2c_66_78, 0xd0_91_7e, 0xff_ca_8e, 0xff_c0_78, 0xcf_9f_8c, 0x4e_64_74, 0x0a_1a_22],
];
const NIGHT: [Row; 3] = [
    [0x05_0b_1e, 0x0d_1e_40, 0x1e_3c_62, 0x4a_6c_8c, 0xdf_e8_f4, 0x34_50_6e, 0x1c_33_50, 0x05_0a_14],
    [0x0a_08_22, 0x1a_14_44, 0x38_2a_6a, 0x6c_5a_96, 0xe8_e2_f8, 0x4a_3f_76, 0x2a_23_52, 0x08_07_1a],
    [0x03_14_1c, 0x08_30_3a, 0x17_4e_56, 0x46_80_80, 0xe4_f2_ea, 0x2f_5f_62, 0x12_3c_44, 0x04_0f_14],
];
const MIST: [Row; 3] = [
    [0x6d_7c_88, 0x93_a2_a9, 0xbc_c5_c6, 0xdc_df_db, 0xf8_f2_e2, 0xc6_cd_cd, 0x87_96_a0, 0x26_30_36],
    [0x7a_7a_88, 0xa1_9c_a6, 0xc9_c0_c0, 0xe6_dc_d2, 0xff_f0_dc, 0xd2_c8_c6, 0x93_90_9e, 0x2c_2a_34],
    [0x5c_74_74, 0x86_9c_98, 0xb6_c4_ba, 0xdd_e2_d4, 0xf6_f2_da, 0xc2_ce_c4, 0x7c_93_8f, 0x1e_2e_2c],
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
            let place = usize::from(hues.len() > 1 && (index == 0 || index >= 6));
            if let Some(tint) = hues.get(place) {
                // Among flowers a colour is theirs, and only echoes in the air.
                let part = if wish.scene == Scene::Meadow { 0.2 } else { 1.0 };
                *colour = tint.on(*colour, part * if index == 4 { 0.25 } else { 0.5 });
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
    [0xf1_e4_cc, 0x1d_1b_22, 0xd6_45_2f, 0xe9_a2_3b, 0xfb_f3_e2],
    [0xe9_e2_d0, 0x18_30_4a, 0x2f_7f_86, 0xe2_72_5b, 0xfa_f4_e6],
    [0x14_17_1f, 0x09_0a_0f, 0xe0_41_2f, 0xf0_b0_4a, 0xf6_e7_cf],
    [0xf4_d9_c6, 0x3a_1f_3d, 0xd4_56_7a, 0xf2_a6_5a, 0xff_f0_e2],
    [0x22_30_4a, 0x11_18_26, 0xe8_b0_4b, 0x6f_b1_a8, 0xf3_e9_d2],
    [0xe6_dc_c4, 0x26_35_2b, 0x5f_8a_4e, 0xd9_8e_3c, 0xf8_f2_e0],
    [0x2b_14_30, 0x14_08_18, 0xff_5d_3a, 0xc2_31_6e, 0xff_e0_b8],
    [0xdf_e6_e2, 0x1f_2b_45, 0x4a_69_b0, 0xe0_7b_54, 0xf7_f5_ec],
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
