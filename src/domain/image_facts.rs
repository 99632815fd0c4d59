//! What is known about one stored image.

use std::fmt;
use std::sync::Arc;

use super::mark::Mark;
use super::run::Timestamp;

/// The file format, told by the bytes, never by a name or header.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// Portable Network Graphics.
    Png,
    /// JPEG.
    Jpeg,
    /// WebP.
    Webp,
    /// GIF; the first picture is shown.
    Gif,
    /// AVIF: kept, not shown.
    Avif,
    /// SVG: kept, not shown.
    Svg,
    /// Bytes of no known kind: kept, not shown.
    Unknown,
}

impl Format {
    /// The suffix of a file's name.
    pub const fn suffix(self) -> &'static str {
        match self {
            Self::Png => "png",
            Self::Jpeg => "jpg",
            Self::Webp => "webp",
            Self::Gif => "gif",
            Self::Avif => "avif",
            Self::Svg => "svg",
            Self::Unknown => "bin",
        }
    }

    /// The word for disk and command line: `png`, `jpeg`, ...
    pub const fn word(self) -> &'static str {
        match self {
            Self::Jpeg => "jpeg",
            Self::Unknown => "unknown",
            other => other.suffix(),
        }
    }

    /// The format of that word or suffix.
    pub fn from_word(word: &str) -> Self {
        match word.to_ascii_lowercase().as_str() {
            "png" => Self::Png,
            "jpeg" | "jpg" => Self::Jpeg,
            "webp" => Self::Webp,
            "gif" => Self::Gif,
            "avif" => Self::Avif,
            "svg" => Self::Svg,
            _ => Self::Unknown,
        }
    }
}

/// As people read it: `PNG`.
impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Png => "PNG",
            Self::Jpeg => "JPEG",
            Self::Webp => "WebP",
            Self::Gif => "GIF",
            Self::Avif => "AVIF",
            Self::Svg => "SVG",
            Self::Unknown => "Unknown format",
        })
    }
}

/// One stored image: bytes as received, on disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImageFacts {
    /// Length of the file in bytes.
    pub size_bytes: u64,
    /// Pixels across, read from the bytes; 0 when the format cannot be read.
    pub width: u32,
    /// Pixels down, read from the bytes; 0 when the format cannot be read.
    pub height: u32,
    /// Format told by the bytes.
    pub format: Format,
    /// The prompt as the model rewrote it.
    pub revised_prompt: Option<Arc<str>>,
    /// The verdict.
    pub mark: Mark,
    /// When it was stored.
    pub made_at: Timestamp,
    /// From sending the request to the image stored, in milliseconds.
    pub took_millis: u64,
}
