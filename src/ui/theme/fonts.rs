//! The bundled fonts, and the few sizes they are set in.

use std::sync::{Arc, LazyLock};

use egui::{FontData, FontDefinitions, FontFamily, FontId};

const REGULAR: &[u8] = include_bytes!("../../../assets/fonts/Inter-Regular.otf");
const MEDIUM: &[u8] = include_bytes!("../../../assets/fonts/Inter-Medium.otf");
const SEMI_BOLD: &[u8] = include_bytes!("../../../assets/fonts/Inter-SemiBold.otf");
const ICONS: &[u8] = include_bytes!("../../../assets/icons/lucide.ttf");

static MEDIUM_FAMILY: LazyLock<FontFamily> = LazyLock::new(|| FontFamily::Name("medium".into()));
static SEMI_BOLD_FAMILY: LazyLock<FontFamily> = LazyLock::new(|| FontFamily::Name("semibold".into()));
static ICON_FAMILY: LazyLock<FontFamily> = LazyLock::new(|| FontFamily::Name("icons".into()));

/// How words are set.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::ui) enum Type {
    /// Everything that is read.
    Body,
    /// Prompts in headers.
    BodyMedium,
    /// The product's name, the primary action.
    BodyStrong,
    /// Labels above fields, facts.
    Small,
    /// Hints and counts.
    Tiny,
    /// Key hints inside buttons.
    TinyMedium,
    /// The title of a dialog.
    Title,
    /// The one heading of an empty page.
    Heading,
    /// The server's own words, code.
    Mono,
    /// An icon of this size.
    Icon(f32),
}

impl Type {
    /// The font.
    pub(in crate::ui) fn font(self) -> FontId {
        match self {
            Self::Body => FontId::new(13.0, FontFamily::Proportional),
            Self::BodyMedium => FontId::new(13.0, MEDIUM_FAMILY.clone()),
            Self::BodyStrong => FontId::new(13.0, SEMI_BOLD_FAMILY.clone()),
            Self::Small => FontId::new(12.0, FontFamily::Proportional),
            Self::Tiny => FontId::new(11.0, FontFamily::Proportional),
            Self::TinyMedium => FontId::new(11.0, MEDIUM_FAMILY.clone()),
            Self::Title => FontId::new(16.0, SEMI_BOLD_FAMILY.clone()),
            Self::Heading => FontId::new(20.0, SEMI_BOLD_FAMILY.clone()),
            Self::Mono => FontId::new(12.0, FontFamily::Monospace),
            Self::Icon(size) => FontId::new(size, ICON_FAMILY.clone()),
        }
    }

    /// The height of a line, in points.
    pub(in crate::ui) const fn line(self) -> f32 {
        match self {
            Self::Title => 22.0,
            Self::Heading => 26.0,
            Self::Icon(size) => size,
            _ => super::Metric::LINE,
        }
    }
}

/// Inter before the toolkit's fonts; other scripts come from the system.
pub(super) fn definitions() -> FontDefinitions {
    let mut fonts = FontDefinitions::default();
    let data = [("Inter", REGULAR), ("Inter Medium", MEDIUM), ("Inter SemiBold", SEMI_BOLD), ("Lucide", ICONS)];
    for (name, bytes) in data {
        fonts.font_data.insert(name.to_owned(), Arc::new(FontData::from_static(bytes)));
    }
    let fallback = fonts.families.get(&FontFamily::Proportional).cloned().unwrap_or_default();
    for (family, names) in [
        (FontFamily::Proportional, ["Inter"].as_slice()),
        (MEDIUM_FAMILY.clone(), &["Inter Medium", "Inter"]),
        (SEMI_BOLD_FAMILY.clone(), &["Inter SemiBold", "Inter"]),
        (ICON_FAMILY.clone(), &["Lucide", "Inter"]),
    ] {
        let names = names.iter().map(|name| (*name).to_owned());
        fonts.families.insert(family, names.chain(fallback.iter().cloned()).collect());
    }
    fonts
}
