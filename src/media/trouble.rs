//! Why a picture cannot be shown, and the sentence for it.

use image::ImageError;

use super::limits::FILE_BYTES_MAX;
use crate::domain::{Failure, FailureKind, Format};

/// Why a picture was not decoded.
#[derive(Debug, thiserror::Error)]
pub(super) enum Trouble {
    /// Not a picture, or a broken one; the text is the decoder's own, for the log.
    #[error("{0}")]
    Damaged(String),
    /// More pixels than are shown.
    #[error("{width} by {height} pixels")]
    TooManyPixels { width: u32, height: u32 },
    /// More bytes than are decoded.
    #[error("too many bytes")]
    TooManyBytes,
    /// The memory was not there.
    #[error("not enough memory")]
    Memory,
    /// A kind of picture that is kept but not shown.
    #[error("a format that is not shown")]
    NotShown,
}

impl From<ImageError> for Trouble {
    fn from(error: ImageError) -> Self {
        match error {
            ImageError::Limits(_) => Self::Memory,
            other => Self::Damaged(other.to_string()),
        }
    }
}

impl Trouble {
    /// The failure to show. The bytes were made and kept, so asking again may cost again.
    pub(super) fn into_failure(self, format: Format) -> Failure {
        const KEPT: &str = "The file is kept as it came, and may have been charged.";
        let (kind, what) = match self {
            Self::Damaged(_) if format == Format::Unknown => {
                (FailureKind::NotAnImage, "What the server sent is not a picture.".to_owned())
            }
            Self::Damaged(_) => {
                (FailureKind::NotAnImage, format!("This {format} file is damaged and cannot be shown."))
            }
            Self::TooManyPixels { width, height } => (
                FailureKind::TooLarge,
                format!("This picture is {width} by {height} pixels, more than can be shown here."),
            ),
            Self::TooManyBytes => (
                FailureKind::TooLarge,
                format!("This picture's file is longer than the {} MB shown here.", FILE_BYTES_MAX >> 20),
            ),
            Self::Memory => (FailureKind::TooLarge, "Showing this picture takes more memory than there is.".to_owned()),
            Self::NotShown => {
                (FailureKind::Unsupported, format!("{format} files are not shown here; another program may open it."))
            }
        };
        Failure::maybe_billed(kind, format!("{what} {KEPT}"))
    }

    /// The failure of a copy in another format. The original is where it was, so nothing is charged and nothing lost.
    pub(super) fn into_failure_of_saving(self, from: Format, to: Format) -> Failure {
        let (kind, what) = match self {
            Self::Damaged(_) if from == Format::Unknown => {
                (FailureKind::NotAnImage, format!("What the server sent is not a picture, so there is no {to} of it."))
            }
            Self::Damaged(_) => {
                (FailureKind::NotAnImage, format!("This {from} file is damaged, so no {to} could be made of it."))
            }
            Self::TooManyPixels { width, height } => {
                (FailureKind::TooLarge, format!("No {to} could be made of this picture of {width} by {height} pixels."))
            }
            Self::TooManyBytes | Self::Memory => {
                (FailureKind::TooLarge, format!("This {from} file is too large for a {to} to be made of it."))
            }
            Self::NotShown => (FailureKind::Unsupported, format!("No {to} can be made of {from} files.")),
        };
        Failure::free(kind, format!("{what} Choose \"As received\" in Preferences, Saving, and save it again."))
    }
}
