//! Preferences as plain values.

use std::path::PathBuf;

use super::endpoint::{Endpoint, EndpointName};
use super::image_facts::Format;
use super::naming::NamePattern;

/// Light, dark, or as the system says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ThemeChoice {
    /// Follow the system.
    #[default]
    System,
    /// Always light.
    Light,
    /// Always dark.
    Dark,
}

/// The grey around images on the sheet and in the viewer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Surround {
    /// What suits the theme.
    #[default]
    Theme,
    /// Black.
    Black,
    /// Dark grey.
    Dark,
    /// Middle grey.
    Mid,
    /// Light grey.
    Light,
    /// White.
    White,
}

impl Surround {
    /// Every choice, as listed in Preferences.
    pub const ALL: [Self; 6] = [Self::Theme, Self::Black, Self::Dark, Self::Mid, Self::Light, Self::White];

    /// Its name in Preferences and in the settings file.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Theme => "Theme",
            Self::Black => "Black",
            Self::Dark => "Dark",
            Self::Mid => "Mid",
            Self::Light => "Light",
            Self::White => "White",
        }
    }
}

/// The format picks are saved in. The library keeps what came, whatever this is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SaveFormat {
    /// The bytes the server sent.
    #[default]
    AsReceived,
    /// PNG; what is one already stays as it is.
    Png,
    /// JPEG; what is one already stays as it is.
    Jpeg,
}

impl SaveFormat {
    /// Every choice, as listed in Preferences.
    pub const ALL: [Self; 3] = [Self::AsReceived, Self::Png, Self::Jpeg];

    /// Its name in Preferences and in the settings file.
    pub const fn label(self) -> &'static str {
        match self {
            Self::AsReceived => "As received",
            Self::Png => "PNG",
            Self::Jpeg => "JPEG",
        }
    }

    /// The format to be made of a picture of another one.
    pub const fn wanted(self) -> Option<Format> {
        match self {
            Self::AsReceived => None,
            Self::Png => Some(Format::Png),
            Self::Jpeg => Some(Format::Jpeg),
        }
    }
}

/// What an endpoint taught us about a model by refusing something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Learned {
    /// The endpoint that refused.
    pub endpoint: EndpointName,
    /// The model it was asked for.
    pub model: String,
    /// The parameter to leave out; `n` means one image a request.
    pub parameter: String,
}

/// Everything Preferences can change.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// The endpoints, in the order listed. Never holds the demo endpoint.
    pub endpoints: Vec<Endpoint>,
    /// The endpoint new runs go to.
    pub current: EndpointName,
    /// Where images are kept; `None` is the default `<Pictures>/Proofsheet`.
    pub library: Option<PathBuf>,
    /// How saved picks are named.
    pub name_pattern: NamePattern,
    /// The format picks are saved in.
    pub save_format: SaveFormat,
    /// Light or dark.
    pub theme: ThemeChoice,
    /// The grey around images.
    pub surround: Surround,
    /// Tile height on the sheet, in points, [`Settings::TILE_MIN`] to [`Settings::TILE_MAX`].
    pub tile_points: u16,
    /// Proxy address for all requests; `None` takes the system's.
    pub proxy: Option<String>,
    /// First start has been completed.
    pub welcomed: bool,
    /// What endpoints taught us.
    pub learned: Vec<Learned>,
    /// The last folder picks were saved to.
    pub last_save_folder: Option<PathBuf>,
}

impl Settings {
    /// The smallest tile height in points.
    pub const TILE_MIN: u16 = 96;
    /// The largest tile height in points.
    pub const TILE_MAX: u16 = 400;
    /// The tile height of the design.
    pub const TILE_DEFAULT: u16 = 166;

    /// The endpoint with this name, the demo endpoint not among them.
    pub fn endpoint(&self, name: &EndpointName) -> Option<&Endpoint> {
        self.endpoints.iter().find(|endpoint| &endpoint.name == name)
    }
}

impl Default for Settings {
    fn default() -> Self {
        let endpoint = Endpoint::default();
        Self {
            current: endpoint.name.clone(),
            endpoints: vec![endpoint],
            library: None,
            name_pattern: NamePattern::default(),
            save_format: SaveFormat::default(),
            theme: ThemeChoice::default(),
            surround: Surround::default(),
            tile_points: Self::TILE_DEFAULT,
            proxy: None,
            welcomed: false,
            learned: Vec::new(),
            last_save_folder: None,
        }
    }
}
