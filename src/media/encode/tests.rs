//! Copies in another format, read back by the image crate: pixels, bits, profile, turn.

use image::{ImageFormat, Luma, Rgba, RgbaImage};

use super::*;
use crate::domain::FailureKind;

const CMYK: &[u8] = include_bytes!("../tests/cmyk.jpg");
const LOSSY: &[u8] = include_bytes!("../tests/lossy.webp");
const ANIMATED: &[u8] = include_bytes!("../tests/animated.webp");

/// Camera notes that say: lies on its side, turn it by 90 degrees.
const ON_ITS_SIDE: &[u8] = &[b'I', b'I', 42, 0, 8, 0, 0, 0, 1, 0, 0x12, 0x01, 3, 0, 1, 0, 0, 0, 6, 0, 0, 0, 0, 0, 0, 0];

/// As much of a colour profile as is looked at: its colour space.
fn profile(space: [u8; 4]) -> Vec<u8> {
    let mut profile = vec![7; 200];
    profile[16..20].copy_from_slice(&space);
    profile
}

fn file(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut file = Cursor::new(Vec::new());
    picture.write_to(&mut file, format).unwrap();
    file.into_inner()
}

/// A PNG with this profile and these notes.
fn png(picture: &DynamicImage, profile: &[u8], notes: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = PngEncoder::new(&mut bytes);
    keep(&mut encoder, profile.to_vec(), notes.to_vec());
    picture.write_with_encoder(encoder).unwrap();
    bytes
}

/// A JPEG of one colour with this profile and these notes.
fn jpeg(width: u32, height: u32, profile: &[u8], notes: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = JpegEncoder::new_with_quality(&mut bytes, 100);
    keep(&mut encoder, profile.to_vec(), notes.to_vec());
    let picture = RgbImage::from_pixel(width, height, image::Rgb([200, 40, 90]));
    DynamicImage::ImageRgb8(picture).write_with_encoder(encoder).unwrap();
    bytes
}

fn back(encoded: &Encoded, format: ImageFormat) -> DynamicImage {
    image::load_from_memory_with_format(&encoded.bytes, format).unwrap()
}

fn profile_of(bytes: &[u8], to: Format) -> Option<Vec<u8>> {
    match to {
        Format::Png => PngDecoder::new(Cursor::new(bytes)).unwrap().icc_profile().unwrap(),
        _ => image::codecs::jpeg::JpegDecoder::new(Cursor::new(bytes)).unwrap().icc_profile().unwrap(),
    }
}

#[test]
fn a_png_of_a_lossless_file_has_its_very_pixels() {
    let picture = RgbaImage::from_fn(9, 5, |x, y| Rgba([20 * x as u8, 40 * y as u8, 200, 60 + 20 * x as u8]));
    let picture = DynamicImage::ImageRgba8(picture);
    let encoded = encode(&file(&picture, ImageFormat::WebP), Format::Png).unwrap();
    assert_eq!(back(&encoded, ImageFormat::Png), picture);
    assert!(!encoded.flattened, "PNG has transparency");
}

#[test]
fn sixteen_bits_a_channel_stay_sixteen_in_a_png() {
    // No server sends anything but PNG with 16 bits today; the way through is the same for all formats.
    let picture = image::ImageBuffer::from_fn(4, 4, |x, y| Luma([1_000 * x as u16 + y as u16]));
    let picture = DynamicImage::ImageLuma16(picture);
    let encoded = encode(&file(&picture, ImageFormat::Png), Format::Png).unwrap();
    assert_eq!(back(&encoded, ImageFormat::Png), picture);
    let eight = back(&encode(&file(&picture, ImageFormat::Png), Format::Jpeg).unwrap(), ImageFormat::Jpeg);
    assert_eq!(eight.color(), ColorType::L8);
}

#[test]
fn what_is_clear_stands_on_white_in_a_jpeg_and_that_is_said() {
    let clear = RgbaImage::from_fn(32, 16, |x, _| if x < 16 { Rgba([0, 0, 0, 0]) } else { Rgba([0, 0, 255, 128]) });
    let encoded = encode(&file(&clear.into(), ImageFormat::Png), Format::Jpeg).unwrap();
    assert!(encoded.flattened);
    let seen = back(&encoded, ImageFormat::Jpeg).to_rgb8();
    let near = |place: u32, wanted: [u8; 3]| {
        let pixel = seen.get_pixel(place, 8).0;
        assert!(pixel.iter().zip(wanted).all(|(&a, b)| a.abs_diff(b) <= 4), "{pixel:?} for {wanted:?}");
    };
    near(4, [255, 255, 255]);
    near(28, [127, 127, 255]);
    // An alpha channel nobody can see through is nothing to tell.
    let opaque = RgbaImage::from_pixel(8, 8, Rgba([9, 9, 9, 255]));
    assert!(!encode(&file(&opaque.into(), ImageFormat::Png), Format::Jpeg).unwrap().flattened);
    let grey = DynamicImage::ImageLumaA8(image::GrayAlphaImage::from_pixel(8, 8, image::LumaA([0, 0])));
    let encoded = encode(&file(&grey, ImageFormat::Png), Format::Jpeg).unwrap();
    let seen = back(&encoded, ImageFormat::Jpeg);
    assert_eq!((encoded.flattened, seen.color(), seen.to_luma8().get_pixel(3, 3).0), (true, ColorType::L8, [255]));
}

#[test]
fn a_colour_profile_goes_along_when_it_is_of_these_colours() {
    let picture = DynamicImage::ImageRgb8(RgbImage::from_pixel(8, 8, image::Rgb([9, 99, 199])));
    let (rgb, print) = (profile(*b"RGB "), profile(*b"CMYK"));
    for (source, to) in [(png(&picture, &rgb, &[]), Format::Jpeg), (jpeg(8, 8, &rgb, &[]), Format::Png)] {
        assert_eq!(profile_of(&encode(&source, to).unwrap().bytes, to), Some(rgb.clone()), "{to}");
    }
    for (source, to) in [(png(&picture, &print, &[]), Format::Jpeg), (jpeg(8, 8, &print, &[]), Format::Png)] {
        assert_eq!(profile_of(&encode(&source, to).unwrap().bytes, to), None, "{to}");
    }
}

#[test]
fn pixels_are_turned_once() {
    let encoded = encode(&jpeg(16, 8, &[], ON_ITS_SIDE), Format::Png).unwrap();
    let mut decoder = PngDecoder::new(Cursor::new(&encoded.bytes)).unwrap();
    assert_eq!(decoder.dimensions(), (8, 16));
    assert_eq!(decoder.orientation().unwrap(), Orientation::NoTransforms, "nobody turns it again");
    assert!(decoder.exif_metadata().unwrap().is_some(), "the notes are there");
    // Notes too long for a JPEG are left out, and no broken file is written.
    let mut notes = ON_ITS_SIDE.to_vec();
    notes.resize(JPEG_NOTES_MAX + 1, 0);
    let picture = DynamicImage::ImageRgb8(RgbImage::new(16, 8));
    let encoded = encode(&png(&picture, &[], &notes), Format::Jpeg).unwrap();
    assert_eq!(back(&encoded, ImageFormat::Jpeg).height(), 16);
}

#[test]
fn every_kind_that_is_shown_can_be_had_in_both() {
    let mut gif = Vec::new();
    let clear = RgbaImage::from_pixel(16, 8, Rgba([1, 2, 3, 255]));
    image::codecs::gif::GifEncoder::new(&mut gif)
        .encode(clear.as_raw(), 16, 8, image::ExtendedColorType::Rgba8)
        .unwrap();
    for source in [CMYK, LOSSY, ANIMATED, &gif] {
        for (to, format) in [(Format::Png, ImageFormat::Png), (Format::Jpeg, ImageFormat::Jpeg)] {
            let encoded = encode(source, to).unwrap();
            let picture = back(&encoded, format);
            assert_eq!((picture.width(), picture.height()), (16, 8), "{to}");
            assert_eq!(sniff(&encoded.bytes), to);
        }
    }
}

#[test]
fn what_cannot_be_made_is_a_failure_that_says_what_to_do() {
    let svg = b"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"4\" height=\"4\"></svg>";
    for (bytes, kind) in [
        (svg.as_slice(), FailureKind::Unsupported),
        (b"no picture at all", FailureKind::NotAnImage),
        (&LOSSY[..LOSSY.len() / 3], FailureKind::NotAnImage),
    ] {
        let failure = encode(bytes, Format::Jpeg).unwrap_err();
        assert_eq!(failure.kind, kind, "{}", failure.sentence);
        assert!(failure.sentence.contains("As received") && !failure.maybe_billed, "{}", failure.sentence);
    }
}
