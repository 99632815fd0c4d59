//! Decoding with limits: a picture's bytes into pixels, the memory reserved only when its size is admitted.

use std::io::Cursor;
use std::panic::{UnwindSafe, catch_unwind};

use image::codecs::gif::GifDecoder;
use image::codecs::jpeg::JpegDecoder;
use image::codecs::webp::WebPDecoder;
use image::{ColorType, ImageDecoder, Limits};

use super::limits::{FILE_BYTES_MAX, SIDE_MAX, admit};
use super::orient::{orient, swaps_sides};
use super::picture::{Alpha, Picture, zeroed};
use super::rows::{Header, Progress};
use super::sniff::sniff;
use super::trouble::Trouble;
use super::widen::{premultiply, widen};
use crate::domain::{Failure, Format, Pixels};

/// Width and height in pixels as the picture is seen (turned as its camera note says), from the header alone.
///
/// `None` when the bytes are none of the formats shown, or the header is broken. No limit applies.
pub fn dimensions(bytes: &[u8]) -> Option<(u32, u32)> {
    let measured = guarded(|| match sniff(bytes) {
        Format::Png => Ok(Header::read(Cursor::new(bytes))?.dimensions()),
        format => visit(bytes, format, Measure),
    });
    measured.ok()
}

/// The picture as premultiplied words; of an animation, its first picture.
///
/// Everything at or under 8 bits a channel keeps its values; 16 bits are rounded. Colour profiles are not applied.
/// Fails with `not_an_image`, `too_large` ([`super::SIDE_MAX`], [`super::PIXELS_MAX`], [`super::FILE_BYTES_MAX`],
/// memory) or `unsupported` (AVIF, SVG). Never panics, whatever the bytes.
pub fn decode(bytes: &[u8]) -> Result<Pixels, Failure> {
    let format = sniff(bytes);
    guarded(|| pixels(picture(bytes, format, Alpha::Premultiplied)?)).map_err(|trouble| told(trouble, format))
}

/// Width, height and straight (not premultiplied) RGBA bytes: the full quality, for the clipboard.
///
/// Fails as [`decode`] does.
pub fn straight_rgba(bytes: &[u8]) -> Result<(u32, u32, Vec<u8>), Failure> {
    let format = sniff(bytes);
    let made = guarded(|| {
        let picture = picture(bytes, format, Alpha::Straight)?;
        Ok((picture.width, picture.height, bytemuck::cast_slice(&picture.words).to_vec()))
    });
    made.map_err(|trouble| told(trouble, format))
}

/// The picture as it goes to the window.
pub(super) fn pixels(picture: Picture) -> Result<Pixels, Trouble> {
    Pixels::new(picture.width, picture.height, picture.words).map_err(|error| Trouble::Damaged(error.to_string()))
}

/// The failure to show; the decoder's own words go to the log.
pub(super) fn told(trouble: Trouble, format: Format) -> Failure {
    tracing::debug!(%trouble, %format, "picture not decoded");
    trouble.into_failure(format)
}

/// Runs a decoder; its panic becomes a damaged picture. Decoders are known to panic on bytes made to harm them.
pub(super) fn guarded<T>(work: impl FnOnce() -> Result<T, Trouble> + UnwindSafe) -> Result<T, Trouble> {
    catch_unwind(work).unwrap_or_else(|_| Err(Trouble::Damaged("the decoder gave up".to_owned())))
}

fn picture(bytes: &[u8], format: Format, alpha: Alpha) -> Result<Picture, Trouble> {
    if bytes.len() > FILE_BYTES_MAX {
        return Err(Trouble::TooManyBytes);
    }
    if format != Format::Png {
        return visit(bytes, format, Read(alpha));
    }
    let mut rows = Header::read(Cursor::new(bytes))?.rows(Vec::new(), alpha)?;
    match rows.advance()? {
        Progress::Done => Ok(rows.finish()),
        // Bytes in memory never ask to wait.
        Progress::Waiting => Err(Trouble::Damaged("the file waits".to_owned())),
    }
}

/// What is done with a decoder whose header has been read.
pub(super) trait Visit {
    type Out;

    /// `hidden_per_pixel`: bytes a pixel that this decoder takes without asking, beside the samples it hands over.
    fn with(self, decoder: impl ImageDecoder, hidden_per_pixel: u64) -> Result<Self::Out, Trouble>;
}

/// Every format but PNG, which has a way of its own.
pub(super) fn visit<V: Visit>(bytes: &[u8], format: Format, visit: V) -> Result<V::Out, Trouble> {
    let source = Cursor::new(bytes);
    match format {
        // A progressive file is collected as 16-bit coefficients of three channels before it is put together.
        Format::Jpeg => visit.with(JpegDecoder::new(source)?, 6),
        Format::Webp => {
            let decoder = WebPDecoder::new(source)?;
            // An animation is put together on a canvas beside its frame; a still one is decoded into one copy.
            let hidden = if decoder.has_animation() { 8 } else { 4 };
            visit.with(decoder, hidden)
        }
        // A frame smaller than the screen is decoded beside it.
        Format::Gif => visit.with(GifDecoder::new(source)?, 4),
        Format::Avif | Format::Svg => Err(Trouble::NotShown),
        Format::Png | Format::Unknown => Err(Trouble::Damaged("unknown format".to_owned())),
    }
}

struct Measure;

impl Visit for Measure {
    type Out = (u32, u32);

    fn with(self, mut decoder: impl ImageDecoder, _: u64) -> Result<(u32, u32), Trouble> {
        let (width, height) = decoder.dimensions();
        if width == 0 || height == 0 {
            return Err(Trouble::Damaged("no pixels".to_owned()));
        }
        Ok(if decoder.orientation().is_ok_and(swaps_sides) { (height, width) } else { (width, height) })
    }
}

struct Read(Alpha);

impl Visit for Read {
    type Out = Picture;

    fn with(self, mut decoder: impl ImageDecoder, hidden_per_pixel: u64) -> Result<Picture, Trouble> {
        let (width, height) = decoder.dimensions();
        let color = decoder.color_type();
        let direct = color == ColorType::Rgba8;
        let samples_per_pixel = if direct { 0 } else { u64::from(color.bytes_per_pixel()) };
        admit(width, height, samples_per_pixel + hidden_per_pixel)?;
        // A broken camera note does not spoil the picture.
        let orientation = decoder.orientation().unwrap_or(image::metadata::Orientation::NoTransforms);
        let mut limits = Limits::no_limits();
        limits.max_image_width = Some(SIDE_MAX);
        limits.max_image_height = Some(SIDE_MAX);
        limits.max_alloc = Some(u64::from(width) * u64::from(height) * hidden_per_pixel.max(4));
        decoder.set_limits(limits)?;

        let pixels = width as usize * height as usize;
        let mut words = zeroed::<u32>(pixels)?;
        if direct {
            decoder.read_image(bytemuck::cast_slice_mut(&mut words))?;
        } else {
            let mut samples = zeroed::<u8>(pixels * usize::from(color.bytes_per_pixel()))?;
            decoder.read_image(&mut samples)?;
            widen(&samples, color, &mut words).ok_or_else(|| Trouble::Damaged(format!("{color:?} samples")))?;
        }
        if color.has_alpha() && self.0 == Alpha::Premultiplied {
            premultiply(&mut words);
        }
        let words = orient(words, width, height, orientation);
        let (width, height) = if swaps_sides(orientation) { (height, width) } else { (width, height) };
        Ok(Picture { width, height, words })
    }
}
