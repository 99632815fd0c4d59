//! Whole files through the room's face: good ones in every format, broken ones, and ones made to harm.

use image::codecs::gif::GifEncoder;
use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::PngEncoder;
use image::codecs::webp::WebPEncoder;
use image::{DynamicImage, ExtendedColorType, ImageEncoder as _, ImageFormat, RgbImage, RgbaImage};
use proptest::prelude::*;

use super::*;
use crate::domain::{FailureKind, Pixels};

const CMYK: &[u8] = include_bytes!("tests/cmyk.jpg");
const PROGRESSIVE: &[u8] = include_bytes!("tests/progressive.jpg");
const LOSSY: &[u8] = include_bytes!("tests/lossy.webp");
const ANIMATED: &[u8] = include_bytes!("tests/animated.webp");

/// A 5 by 3 picture of many colours, half of them see-through.
fn sample() -> RgbaImage {
    RgbaImage::from_fn(5, 3, |x, y| image::Rgba([50 * x as u8, 80 * y as u8, 200, if x < 2 { 128 } else { 255 }]))
}

fn encoded(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut file = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut file, format).unwrap();
    file.into_inner()
}

fn rgba(pixels: &Pixels, x: u32, y: u32) -> [u8; 4] {
    pixels.words()[(y * pixels.width() + x) as usize].to_ne_bytes()
}

/// Good files of every format, with their size.
fn good_files() -> Vec<(Vec<u8>, (u32, u32))> {
    let picture = DynamicImage::ImageRgba8(sample());
    let opaque = DynamicImage::ImageRgb8(picture.to_rgb8());
    let mut gif = Vec::new();
    GifEncoder::new(&mut gif).encode(sample().as_raw(), 5, 3, ExtendedColorType::Rgba8).unwrap();
    let small = |format| (encoded(&picture, format), (5, 3));
    vec![
        small(ImageFormat::Png),
        small(ImageFormat::WebP),
        (encoded(&opaque, ImageFormat::Jpeg), (5, 3)),
        (encoded(&opaque, ImageFormat::WebP), (5, 3)),
        (encoded(&DynamicImage::ImageLuma16(picture.to_luma16()), ImageFormat::Png), (5, 3)),
        (gif, (5, 3)),
        (CMYK.to_vec(), (16, 8)),
        (PROGRESSIVE.to_vec(), (16, 8)),
        (LOSSY.to_vec(), (16, 8)),
        (ANIMATED.to_vec(), (16, 8)),
    ]
}

#[test]
fn every_good_file_is_measured_and_decoded() {
    for (at, (bytes, size)) in good_files().into_iter().enumerate() {
        assert_eq!(dimensions(&bytes), Some(size), "file {at}");
        let pixels = decode(&bytes).unwrap_or_else(|failure| panic!("file {at}: {}", failure.sentence));
        assert_eq!((pixels.width(), pixels.height()), size, "file {at}");
    }
}

#[test]
fn lossless_files_give_their_very_pixels_premultiplied() {
    for format in [ImageFormat::Png, ImageFormat::WebP] {
        let file = encoded(&DynamicImage::ImageRgba8(sample()), format);
        let pixels = decode(&file).unwrap();
        assert_eq!(rgba(&pixels, 4, 2), [200, 160, 200, 255], "{format:?}");
        assert_eq!(rgba(&pixels, 1, 1), [25, 40, 100, 128], "{format:?}");
        let (width, height, straight) = straight_rgba(&file).unwrap();
        assert_eq!((width, height, straight), (5, 3, sample().into_raw()), "{format:?}");
    }
}

#[test]
fn sixteen_bits_grey_and_palettes_are_shown() {
    let sixteen = encoded(&DynamicImage::ImageRgba16(DynamicImage::ImageRgba8(sample()).to_rgba16()), ImageFormat::Png);
    assert_eq!(straight_rgba(&sixteen).unwrap().2, sample().into_raw());

    let grey =
        encoded(&DynamicImage::ImageLuma8(image::GrayImage::from_pixel(2, 2, image::Luma([90]))), ImageFormat::Png);
    assert_eq!(rgba(&decode(&grey).unwrap(), 1, 1), [90, 90, 90, 255]);

    // GIF is all palette; its encoder gives these few colours exactly.
    let two =
        RgbaImage::from_fn(
            2,
            1,
            |x, _| if x == 0 { image::Rgba([255, 0, 0, 255]) } else { image::Rgba([0, 0, 255, 255]) },
        );
    let gif = encoded(&DynamicImage::ImageRgba8(two), ImageFormat::Gif);
    assert_eq!(rgba(&decode(&gif).unwrap(), 1, 0), [0, 0, 255, 255]);
}

#[test]
fn print_colours_progressive_and_lossy_files_come_near_their_colour() {
    for (name, bytes) in [("cmyk", CMYK), ("progressive", PROGRESSIVE), ("lossy", LOSSY), ("animated", ANIMATED)] {
        let [r, g, b, a] = rgba(&decode(bytes).unwrap(), 8, 4);
        let near = |got: u8, wanted: u8| got.abs_diff(wanted) <= 12;
        assert!(near(r, 200) && near(g, 60) && near(b, 40) && a == 255, "{name}: {r} {g} {b} {a}");
    }
}

/// The smallest camera note: one entry, the orientation.
fn camera_note(orientation: u8) -> Vec<u8> {
    let mut note = b"II\x2a\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0".to_vec();
    note.extend([orientation, 0, 0, 0, 0, 0, 0, 0]);
    note
}

#[test]
fn the_camera_note_turns_the_picture() {
    // Left half red, right half blue, 32 by 16; a quarter turn to the right brings red to the top.
    let halves =
        RgbImage::from_fn(32, 16, |x, _| if x < 16 { image::Rgb([255, 0, 0]) } else { image::Rgb([0, 0, 255]) });
    let mut files = Vec::new();
    let mut jpeg = Vec::new();
    let mut encoder = JpegEncoder::new_with_quality(&mut jpeg, 100);
    encoder.set_exif_metadata(camera_note(6)).unwrap();
    encoder.write_image(halves.as_raw(), 32, 16, ExtendedColorType::Rgb8).unwrap();
    files.push(("jpeg", jpeg));
    let mut png = Vec::new();
    let mut encoder = PngEncoder::new(&mut png);
    encoder.set_exif_metadata(camera_note(6)).unwrap();
    encoder.write_image(halves.as_raw(), 32, 16, ExtendedColorType::Rgb8).unwrap();
    files.push(("png", png));
    let mut webp = Vec::new();
    let mut encoder = WebPEncoder::new_lossless(&mut webp);
    encoder.set_exif_metadata(camera_note(6)).unwrap();
    encoder.write_image(halves.as_raw(), 32, 16, ExtendedColorType::Rgb8).unwrap();
    files.push(("webp", webp));
    for (name, file) in files {
        assert_eq!(dimensions(&file), Some((16, 32)), "{name}");
        let pixels = decode(&file).unwrap();
        assert_eq!((pixels.width(), pixels.height()), (16, 32), "{name}");
        let (top, bottom) = (rgba(&pixels, 8, 2), rgba(&pixels, 8, 29));
        assert!(top[0] > 200 && top[2] < 50, "{name}: top {top:?}");
        assert!(bottom[2] > 200 && bottom[0] < 50, "{name}: bottom {bottom:?}");
        assert_eq!(straight_rgba(&file).unwrap().0, 16, "{name}");
    }
}

/// A PNG that states a size and breaks off where its pixels would begin.
fn png_header(width: u32, height: u32) -> Vec<u8> {
    let mut body = b"IHDR".to_vec();
    body.extend(width.to_be_bytes());
    body.extend(height.to_be_bytes());
    body.extend([8, 6, 0, 0, 0]);
    let check = !body.iter().fold(u32::MAX, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| (sum >> 1) ^ (0xedb8_8320 & (sum & 1).wrapping_neg()))
    });
    let mut file = b"\x89PNG\r\n\x1a\n\0\0\0\x0d".to_vec();
    file.extend(&body);
    file.extend(check.to_be_bytes());
    file.extend(b"\0\0\xff\xffIDAT");
    file
}

#[test]
fn a_bomb_is_refused_by_its_header() {
    let bomb = png_header(30_000, 30_000);
    assert_eq!(dimensions(&bomb), Some((30_000, 30_000)));
    for failure in [decode(&bomb).unwrap_err(), straight_rgba(&bomb).unwrap_err()] {
        assert_eq!(failure.kind, FailureKind::TooLarge);
        assert!(failure.sentence.contains("30000 by 30000"), "{}", failure.sentence);
        assert!(!failure.retry_safe && failure.maybe_billed);
    }
    // The same file at a size that is shown gets as far as its missing pixels.
    assert_eq!(decode(&png_header(300, 300)).unwrap_err().kind, FailureKind::NotAnImage);
}

#[test]
fn what_cannot_be_shown_says_why() {
    for (bytes, kind, words) in [
        (&b""[..], FailureKind::NotAnImage, "not a picture"),
        (b"<html>busy</html>", FailureKind::NotAnImage, "not a picture"),
        (b"\0\0\0\x1cftypavif\0\0\0\0avifmif1", FailureKind::Unsupported, "AVIF"),
        (b"<svg width='9' height='9'/>", FailureKind::Unsupported, "SVG"),
        (b"\xff\xd8\xff\xe0 and no more", FailureKind::NotAnImage, "JPEG file is damaged"),
        (&LOSSY[..40], FailureKind::NotAnImage, "WebP file is damaged"),
    ] {
        let failure = decode(bytes).unwrap_err();
        assert_eq!(failure.kind, kind, "{}", failure.sentence);
        assert!(failure.sentence.contains(words) && failure.sentence.contains("kept"), "{}", failure.sentence);
        assert_eq!(dimensions(bytes).is_some(), bytes.starts_with(b"RIFF"), "{words}");
    }
}

#[test]
fn a_file_longer_than_any_picture_is_refused() {
    let mut file = encoded(&DynamicImage::ImageRgba8(sample()), ImageFormat::Png);
    file.resize(FILE_BYTES_MAX + 1, 0);
    let failure = decode(&file).unwrap_err();
    assert_eq!(failure.kind, FailureKind::TooLarge);
    assert!(failure.sentence.contains("256 MB"), "{}", failure.sentence);
}

/// Whatever the bytes: no panic, and what is decoded keeps its promises.
fn survive(bytes: &[u8]) {
    let _ = sniff(bytes);
    let stated = dimensions(bytes);
    if let Ok(pixels) = decode(bytes) {
        assert_eq!(stated, Some((pixels.width(), pixels.height())));
        let small = thumbnail(&pixels, 4);
        assert!(small.width() <= 4 && small.height() <= 4);
        assert!(straight_rgba(bytes).is_ok());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn random_bytes_are_survived(start in 0_usize..7, bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let starts: [&[u8]; 7] =
            [b"", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF89a", b"RIFF\x80\0\0\0WEBP", b"\0\0\0\x20ftyp", b"<svg"];
        survive(&[starts[start], &bytes].concat());
    }

    #[test]
    fn cut_files_are_survived(file in 0_usize..10, keep in 0.0_f64..1.0) {
        let (bytes, _) = good_files().swap_remove(file);
        survive(&bytes[..(bytes.len() as f64 * keep) as usize]);
    }

    #[test]
    fn flipped_bits_are_survived(file in 0_usize..10, flips in prop::collection::vec((any::<prop::sample::Index>(), 0_u8..8), 1..6)) {
        let (mut bytes, _) = good_files().swap_remove(file);
        for (at, bit) in flips {
            let at = at.index(bytes.len());
            bytes[at] ^= 1 << bit;
        }
        survive(&bytes);
    }

    #[test]
    fn thumbnails_keep_the_shape(width in 1_u32..300, height in 1_u32..300, longest in 1_u32..300) {
        let pixels = Pixels::new(width, height, vec![0x8040_2010; (width * height) as usize]).unwrap();
        let small = thumbnail(&pixels, longest);
        prop_assert!(small.width() <= width && small.height() <= height);
        prop_assert_eq!(small.width().max(small.height()), longest.min(width.max(height)));
        let exact = f64::from(height) * f64::from(small.width()) / f64::from(width);
        prop_assert!((f64::from(small.height()) - exact).abs() <= 1.0 || width < height);
    }
}
