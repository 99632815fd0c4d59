//! The parameters of an images request, one checked type each.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

/// A prompt that may be sent: trimmed, not empty. Its length is checked against the model's limit by `Draft::check`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Prompt(Arc<str>);

impl Prompt {
    /// The prompt without surrounding white space; `None` when nothing is left.
    pub fn new(text: &str) -> Option<Self> {
        let text = text.trim();
        (!text.is_empty()).then(|| Self(text.into()))
    }

    /// The words.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A model's id exactly as the server knows it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ModelId(Arc<str>);

impl ModelId {
    /// The id without surrounding white space; `None` when empty or with a line break.
    pub fn new(text: &str) -> Option<Self> {
        let text = text.trim();
        (!text.is_empty() && !text.contains(['\n', '\r'])).then(|| Self(text.into()))
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ModelId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The size asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Size {
    /// The model chooses.
    Auto,
    /// Width and height in pixels, each from 1 to 65,535.
    Exact {
        /// Pixels across.
        width: u32,
        /// Pixels down.
        height: u32,
    },
}

/// A text that is no size.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("A size is written like 1024x1024, or auto")]
pub struct SizeError;

impl Size {
    /// Width and height, when they are known before the answer.
    pub const fn exact(self) -> Option<(u32, u32)> {
        match self {
            Self::Auto => None,
            Self::Exact { width, height } => Some((width, height)),
        }
    }

    /// As people read it: `1024 × 1024`, or `Auto`.
    pub fn shown(self) -> String {
        match self {
            Self::Auto => "Auto".to_owned(),
            Self::Exact { width, height } => format!("{width} × {height}"),
        }
    }

    /// Width divided by height; a square when the model chooses.
    pub fn ratio(self) -> f32 {
        match self {
            Self::Auto => 1.0,
            Self::Exact { width, height } => width as f32 / height as f32,
        }
    }
}

impl FromStr for Size {
    type Err = SizeError;

    fn from_str(text: &str) -> Result<Self, SizeError> {
        let text = text.trim();
        if text.eq_ignore_ascii_case("auto") {
            return Ok(Self::Auto);
        }
        let (width, height) = text.split_once(['x', 'X', '×', '*']).ok_or(SizeError)?;
        let side =
            |side: &str| side.trim().parse::<u16>().ok().filter(|&side| side > 0).map(u32::from).ok_or(SizeError);
        Ok(Self::Exact { width: side(width)?, height: side(height)? })
    }
}

/// As the API writes it: `1024x1024`, or `auto`.
impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Auto => f.write_str("auto"),
            Self::Exact { width, height } => write!(f, "{width}x{height}"),
        }
    }
}

/// How many images one run asks for: 1 to 10.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Count(u8);

impl Count {
    /// The most images the API takes in one request, and the most one run asks for.
    pub const MAX: u8 = 10;

    /// A count from 1 to [`Count::MAX`].
    pub fn new(count: u32) -> Option<Self> {
        u8::try_from(count).ok().filter(|count| (1..=Self::MAX).contains(count)).map(Self)
    }

    /// The bare number.
    pub const fn get(self) -> u8 {
        self.0
    }
}

/// How the images come back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ResponseFormat {
    /// As addresses to fetch from.
    Url,
    /// Inside the answer, in base64.
    B64Json,
}

impl ResponseFormat {
    /// The API's word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Url => "url",
            Self::B64Json => "b64_json",
        }
    }
}

impl FromStr for ResponseFormat {
    type Err = ();

    fn from_str(word: &str) -> Result<Self, ()> {
        match word {
            "url" => Ok(Self::Url),
            "b64_json" => Ok(Self::B64Json),
            _ => Err(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_as_people_write_them() {
        let square = Size::Exact { width: 1024, height: 1024 };
        for text in ["1024x1024", " 1024 x 1024 ", "1024X1024", "1024×1024", "1024*1024"] {
            assert_eq!(text.parse(), Ok(square), "{text}");
        }
        assert_eq!("Auto".parse(), Ok(Size::Auto));
        for text in ["", "1024", "x", "0x5", "-1x5", "1024x1024x3", "99999x1", "big"] {
            assert_eq!(text.parse::<Size>(), Err(SizeError), "{text}");
        }
    }

    #[test]
    fn a_size_survives_its_text() {
        let size = Size::Exact { width: 1792, height: 1024 };
        assert_eq!(size.to_string().parse(), Ok(size));
    }

    #[test]
    fn counts_end_at_ten() {
        assert!(Count::new(0).is_none());
        assert_eq!(Count::new(10).map(Count::get), Some(10));
        assert!(Count::new(11).is_none());
        assert!(Count::new(256 + 1).is_none());
    }

    #[test]
    fn a_prompt_of_spaces_is_none() {
        assert!(Prompt::new(" \n\t ").is_none());
        assert_eq!(Prompt::new("  a fox \n").map(|prompt| prompt.as_str().to_owned()), Some("a fox".to_owned()));
    }
}
