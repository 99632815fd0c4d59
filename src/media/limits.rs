//! How large a picture may be before it is decoded, checked from its header alone.

use super::trouble::Trouble;

/// The longest side shown, in pixels: twice the 8,192 that graphics drivers promise, and as far as WebP goes.
pub const SIDE_MAX: u32 = 16_384;

/// The most pixels shown: 8,192 by 8,192, four times the largest size any image model offers. 256 MiB once decoded.
pub const PIXELS_MAX: u64 = 8_192 * 8_192;

/// The longest file decoded, in bytes: the largest picture without any compression. More is not picture.
pub const FILE_BYTES_MAX: usize = 256 << 20;

/// What a decoder may need beside the finished pixels, in bytes: twice the largest picture, which 16 bits a channel take.
const WORKSPACE_MAX: u64 = 512 << 20;

/// The most memory for a file's texts and colour profile, which may be packed a thousandfold: none needs more.
pub(super) const METADATA_BYTES_MAX: u64 = 16 << 20;

/// Refuses a picture of this size before anything is reserved for it.
///
/// `workspace_per_pixel` is what its decoder needs beside the finished pixels, in bytes.
pub(super) fn admit(width: u32, height: u32, workspace_per_pixel: u64) -> Result<(), Trouble> {
    let pixels = u64::from(width) * u64::from(height);
    if pixels == 0 {
        return Err(Trouble::Damaged("no pixels".to_owned()));
    }
    if width > SIDE_MAX || height > SIDE_MAX || pixels > PIXELS_MAX || pixels * workspace_per_pixel > WORKSPACE_MAX {
        return Err(Trouble::TooManyPixels { width, height });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_are_admitted_up_to_each_limit() {
        for (width, height, workspace, admitted) in [
            (1, 1, 0, true),
            (8_192, 8_192, 8, true),
            (8_192, 8_193, 0, false),
            (16_384, 4_096, 0, true),
            (16_385, 1, 0, false),
            (1, 16_385, 0, false),
            (8_192, 8_192, 9, false),
            (u32::MAX, u32::MAX, 0, false),
            (0, 5, 0, false),
        ] {
            assert_eq!(admit(width, height, workspace).is_ok(), admitted, "{width} by {height}, {workspace}");
        }
    }
}
