//! Colour words: what each does to a palette.

use super::light::{Lab, Light};

/// A change of palette that a word asks for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Tint {
    /// Towards a hue.
    Hue(u32),
    /// Lighter and softer.
    Pastel,
    /// Deeper and louder.
    Vivid,
    /// Hardly any colour.
    Grey,
    /// Towards candle light.
    Warm,
    /// Towards moonlight.
    Cold,
    /// Darker.
    Dark,
}

const NAMED: &[(&[&str], Tint)] = &[
    (&["red", "crimson", "scarlet", "ruby", "vermilion"], Tint::Hue(0xc8_20_2c)),
    (&["orange", "tangerine", "copper", "rust", "terracotta"], Tint::Hue(0xe0_6c_28)),
    (&["yellow", "mustard", "lemon", "saffron"], Tint::Hue(0xe8_b8_30)),
    (&["gold", "amber", "ochre", "honey"], Tint::Hue(0xd9_9a_33)),
    (&["green", "emerald", "olive", "moss", "sage"], Tint::Hue(0x3f_8a_4a)),
    (&["teal", "turquoise", "cyan", "aqua", "mint"], Tint::Hue(0x1c_8f_92)),
    (&["blue", "azure", "cobalt", "indigo", "navy", "ultramarine"], Tint::Hue(0x24_54_b8)),
    (&["purple", "violet", "lilac", "plum"], Tint::Hue(0x72_48_b0)),
    (&["pink", "rose", "magenta", "fuchsia", "peach"], Tint::Hue(0xe0_5c_8c)),
    (&["brown", "sepia", "umber", "chocolate", "earthy"], Tint::Hue(0x8a_5a_34)),
    (&["cream", "ivory", "beige", "linen"], Tint::Hue(0xd8_c0_94)),
    (&["pastel", "soft", "pale", "delicate"], Tint::Pastel),
    (&["neon", "vivid", "vibrant", "colorful", "colourful", "saturated", "cyberpunk"], Tint::Vivid),
    (&["monochrome", "grey", "gray", "greyscale", "charcoal", "noir", "muted"], Tint::Grey),
    (&["warm", "cosy", "cozy", "candlelight", "fire"], Tint::Warm),
    (&["cold", "cool", "icy", "frozen", "arctic"], Tint::Cold),
    (&["black", "dark", "moody", "gloomy"], Tint::Dark),
];

impl Tint {
    /// The tint a word names.
    pub(super) fn named(word: &str) -> Option<Self> {
        NAMED.iter().find(|(words, _)| words.contains(&word)).map(|&(_, tint)| tint)
    }

    /// The colour itself, when the word names one.
    pub(super) fn colour(self) -> Option<Light> {
        match self {
            Self::Hue(code) => Some(Light::hex(code)),
            _ => None,
        }
    }

    /// A colour under this tint; `strength` from 0 to 1.
    pub(super) fn on(self, light: Light, strength: f32) -> Light {
        let Lab { l, a, b } = light.to_lab();
        let changed = match self {
            Self::Hue(code) => {
                let hue = Light::hex(code).to_lab();
                // Very dark and very light colours can carry less of a hue.
                let room = (4.0 * l * (1.15 - l)).clamp(0.15, 1.0);
                Lab {
                    l: l + (hue.l - l) * 0.1 * strength,
                    a: pull(a, hue.a * room, strength),
                    b: pull(b, hue.b * room, strength),
                }
            }
            Self::Pastel => Lab { l: l + (0.86 - l) * 0.45 * strength, a: a * 0.8, b: b * 0.8 },
            Self::Vivid => Lab { l, a: a * 1.35, b: b * 1.35 },
            Self::Grey => Lab { l, a: a * 0.12, b: b * 0.12 },
            Self::Warm => Lab { l, a: a + 0.012 * strength, b: b + 0.035 * strength },
            Self::Cold => Lab { l, a: a - 0.014 * strength, b: b - 0.04 * strength },
            Self::Dark => Lab { l: l * (1.0 - 0.2 * strength), a, b },
        };
        changed.to_light()
    }
}

fn pull(from: f32, to: f32, strength: f32) -> f32 {
    from + (to - from) * strength
}
