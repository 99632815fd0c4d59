//! A picture in another format, for a copy saved elsewhere: its bits, colours and colour profile as far as the format goes.

use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::{PngDecoder, PngEncoder};
use image::metadata::Orientation;
use image::{ColorType, DynamicImage, GrayImage, ImageDecoder, ImageEncoder, Limits, RgbImage};

use super::decode::{Visit, guarded, visit};
use super::limits::{FILE_BYTES_MAX, METADATA_BYTES_MAX, SIDE_MAX, admit};
use super::sniff::sniff;
use super::trouble::Trouble;
use crate::domain::{Failure, Format};

/// Quality of a JPEG, of 100: from here on no eye sees what is lost, and files only grow.
const JPEG_QUALITY: u8 = 95;

/// The longest camera notes a JPEG can hold in the one segment they have, in bytes.
const JPEG_NOTES_MAX: usize = 65_000;

/// A picture as a file of another format.
#[derive(Debug)]
pub struct Encoded {
    /// The file.
    pub bytes: Vec<u8>,
    /// The picture was see-through in places, which the format cannot be: it stands on white.
    pub flattened: bool,
}

/// Makes a PNG or a JPEG of a picture; of an animation, of its first picture. Takes seconds for the largest ones.
///
/// PNG keeps all 16 bits a channel; JPEG has 8, and no transparency. Pixels are turned the way they are to be seen, and
/// the camera's notes say so. Fails for what cannot be decoded, with the sentence to show.
pub fn encode(bytes: &[u8], to: Format) -> Result<Encoded, Failure> {
    let from = sniff(bytes);
    guarded(|| encoded(bytes, from, to)).map_err(|trouble| {
        tracing::debug!(%trouble, %from, %to, "picture not encoded");
        trouble.into_failure_of_saving(from, to)
    })
}

fn encoded(bytes: &[u8], from: Format, to: Format) -> Result<Encoded, Trouble> {
    if bytes.len() > FILE_BYTES_MAX {
        return Err(Trouble::TooManyBytes);
    }
    if from != Format::Png {
        return visit(bytes, from, Encode(to));
    }
    let mut limits = Limits::no_limits();
    // What its texts and colour profile may take; pixels are admitted by their number.
    limits.max_alloc = Some(METADATA_BYTES_MAX);
    Encode(to).with(PngDecoder::with_limits(Cursor::new(bytes), limits)?, 0)
}

struct Encode(Format);

impl Visit for Encode {
    type Out = Encoded;

    fn with(self, mut decoder: impl ImageDecoder, hidden_per_pixel: u64) -> Result<Encoded, Trouble> {
        let (width, height) = decoder.dimensions();
        admit(width, height, u64::from(decoder.color_type().bytes_per_pixel()) + hidden_per_pixel)?;
        let mut limits = Limits::no_limits();
        limits.max_image_width = Some(SIDE_MAX);
        limits.max_image_height = Some(SIDE_MAX);
        decoder.set_limits(limits)?;
        // Broken notes do not spoil the picture.
        let profile = decoder.icc_profile().ok().flatten();
        let mut notes = decoder.exif_metadata().ok().flatten().unwrap_or_default();
        let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
        let mut picture = DynamicImage::from_decoder(decoder)?;
        picture.apply_orientation(orientation);
        let _turned = Orientation::remove_from_exif_chunk(&mut notes);
        write(picture, self.0, profile, notes)
    }
}

fn write(picture: DynamicImage, to: Format, profile: Option<Vec<u8>>, notes: Vec<u8>) -> Result<Encoded, Trouble> {
    let (picture, flattened) = if to == Format::Jpeg { in_eight_bits_on_white(picture) } else { (picture, false) };
    let profile = profile.filter(|profile| is_of(profile, picture.color())).unwrap_or_default();
    let mut bytes = Vec::new();
    match to {
        Format::Png => {
            let mut encoder = PngEncoder::new(&mut bytes);
            keep(&mut encoder, profile, notes);
            picture.write_with_encoder(encoder)?;
        }
        Format::Jpeg => {
            let mut encoder = JpegEncoder::new_with_quality(&mut bytes, JPEG_QUALITY);
            keep(&mut encoder, profile, if notes.len() > JPEG_NOTES_MAX { Vec::new() } else { notes });
            picture.write_with_encoder(encoder)?;
        }
        _ => return Err(Trouble::NotShown),
    }
    Ok(Encoded { bytes, flattened })
}

/// Hands profile and notes on; an encoder that takes none goes without.
fn keep(encoder: &mut impl ImageEncoder, profile: Vec<u8>, notes: Vec<u8>) {
    if !profile.is_empty() {
        encoder.set_icc_profile(profile).ok();
    }
    if !notes.is_empty() {
        encoder.set_exif_metadata(notes).ok();
    }
}

/// The profile is one of these samples: that of a print file, whose pixels were turned into RGB, would spoil all colours.
fn is_of(profile: &[u8], color: ColorType) -> bool {
    let space: &[u8] = if color.has_color() { b"RGB " } else { b"GRAY" };
    profile.get(16..20) == Some(space)
}

/// The picture as a JPEG can hold it; `true` when something could be seen through.
fn in_eight_bits_on_white(picture: DynamicImage) -> (DynamicImage, bool) {
    let (width, height) = (picture.width(), picture.height());
    match (picture.color().has_alpha(), picture.color().has_color()) {
        (false, false) => (picture.to_luma8().into(), false),
        (false, true) => (picture.to_rgb8().into(), false),
        (true, false) => {
            let (samples, flattened) = on_white::<2, 1>(picture.to_luma_alpha8().into_raw());
            (GrayImage::from_raw(width, height, samples).unwrap_or_default().into(), flattened)
        }
        (true, true) => {
            let (samples, flattened) = on_white::<4, 3>(picture.to_rgba8().into_raw());
            (RgbImage::from_raw(width, height, samples).unwrap_or_default().into(), flattened)
        }
    }
}

/// `WITH` samples a pixel, the last one alpha, into the `COLOURS` before it on white.
fn on_white<const WITH: usize, const COLOURS: usize>(samples: Vec<u8>) -> (Vec<u8>, bool) {
    let mut flattened = false;
    let mut on_white = Vec::with_capacity(samples.len() / WITH * COLOURS);
    let (pixels, _) = samples.as_chunks::<WITH>();
    for pixel in pixels {
        let alpha = u16::from(pixel.last().copied().unwrap_or(u8::MAX));
        flattened |= alpha < 255;
        let mixed = pixel.iter().take(COLOURS).map(|&colour| {
            let sum = u16::from(colour) * alpha + 255 * (255 - alpha);
            ((sum + 127) / 255) as u8
        });
        on_white.extend(mixed);
    }
    (on_white, flattened)
}

#[cfg(test)]
mod tests;
