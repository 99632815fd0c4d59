//! What comes out of a picture that arrives in pieces is what comes out of the whole file.

use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, ImageFormat, RgbImage, RgbaImage};
use proptest::prelude::*;

use super::*;
use crate::domain::FailureKind;

type Kind = (u8, u8, usize);

/// Every kind of samples the format has: its number in the header, bits a sample, samples a pixel.
const KINDS: [Kind; 15] = [
    (0, 1, 1),
    (0, 2, 1),
    (0, 4, 1),
    (0, 8, 1),
    (0, 16, 1),
    (2, 8, 3),
    (2, 16, 3),
    (3, 1, 1),
    (3, 2, 1),
    (3, 4, 1),
    (3, 8, 1),
    (4, 8, 2),
    (4, 16, 2),
    (6, 8, 4),
    (6, 16, 4),
];

fn chunk(name: [u8; 4], data: &[u8]) -> Vec<u8> {
    let body = [name.as_slice(), data].concat();
    let check = !body.iter().fold(u32::MAX, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| (sum >> 1) ^ (0xedb8_8320 & (sum & 1).wrapping_neg()))
    });
    [&(data.len() as u32).to_be_bytes()[..], &body, &check.to_be_bytes()[..]].concat()
}

/// Not compressed at all, in blocks of a few bytes.
fn zlib(data: &[u8]) -> Vec<u8> {
    let mut out = vec![0x78, 0x01];
    let blocks: Vec<&[u8]> = data.chunks(50).collect();
    for (number, block) in blocks.iter().enumerate() {
        let length = block.len() as u16;
        out.push(u8::from(number + 1 == blocks.len()));
        out.extend(length.to_le_bytes());
        out.extend((!length).to_le_bytes());
        out.extend_from_slice(block);
    }
    let (mut a, mut b) = (1_u32, 0_u32);
    for byte in data {
        a = (a + u32::from(*byte)) % 65_521;
        b = (b + a) % 65_521;
    }
    out.extend((b << 16 | a).to_be_bytes());
    out
}

/// A file of this kind with samples of every value, in several pixel chunks and with a chunk nobody knows.
fn file((color, bits, samples): Kind, width: u32, height: u32, interlaced: bool) -> Vec<u8> {
    let mut header = [width.to_be_bytes(), height.to_be_bytes()].concat();
    header.extend([bits, color, 0, 0, u8::from(interlaced)]);
    let passes: &[(u32, u32, u32, u32)] = if interlaced {
        &[(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]
    } else {
        &[(0, 0, 1, 1)]
    };
    let mut rows = Vec::new();
    let mut next = 41_u8;
    for (x, y, step_x, step_y) in passes {
        let (across, down) = (width.saturating_sub(*x).div_ceil(*step_x), height.saturating_sub(*y).div_ceil(*step_y));
        for row in 0..if across == 0 { 0 } else { down } {
            // Filters 0 and 1: as it is, and as the difference to the pixel before.
            rows.push((row % 2) as u8);
            for _ in 0..(across as usize * samples * usize::from(bits)).div_ceil(8) {
                next = next.wrapping_mul(109).wrapping_add(57);
                rows.push(next);
            }
        }
    }
    let palette: Vec<u8> = (0..3 << bits.min(8)).map(|n| (n * 37) as u8).collect();
    let packed = zlib(&rows);
    let (first, second) = packed.split_at(packed.len() / 3);
    let mut out = SIGNATURE.to_vec();
    out.extend(chunk(*b"IHDR", &header));
    out.extend(chunk(*b"caBX", &[7; 100]));
    if color == 3 {
        out.extend(chunk(*b"PLTE", &palette));
        out.extend(chunk(*b"tRNS", &[0, 128]));
    }
    out.extend(chunk(*b"IDAT", first));
    out.extend(chunk(*b"IDAT", second));
    out.extend(chunk(*b"IEND", &[]));
    out
}

/// Decodes a file that comes in pieces; `false` beside it when it was finished before its last byte was.
fn arrive(bytes: &[u8], piece: usize) -> (Result<Pixels, Failure>, bool) {
    let feed = Feed::default();
    let mut arriving = Arriving::new(feed.clone());
    let mut pieces = bytes.chunks(piece);
    loop {
        match arriving.advance() {
            Stage::Done(made) => return (made, feed.whole().is_some()),
            // Memory that was used before.
            Stage::Needs(pixels) => arriving.give(vec![0xdead_beef; pixels.min(100_000)]),
            Stage::Waiting => match pieces.next() {
                Some(piece) => feed.push(piece),
                None => feed.end(Bytes::copy_from_slice(bytes)),
            },
        }
    }
}

/// What the `image` crate makes of the whole file, premultiplied.
fn reference(bytes: &[u8]) -> Pixels {
    let picture = image::load_from_memory(bytes).unwrap().to_rgba16();
    let words = picture.pixels().map(|pixel| {
        let [r, g, b, a] = pixel.0.map(|sample| (u32::from(sample) + 128) / 257);
        u32::from_ne_bytes([r, g, b, 255].map(|channel| ((channel * a + 127) / 255) as u8))
    });
    Pixels::new(picture.width(), picture.height(), words.collect()).unwrap()
}

#[test]
fn every_kind_of_png_is_the_same_in_any_pieces() {
    for kind in KINDS {
        for interlaced in [false, true] {
            for (width, height) in [(1, 1), (5, 3), (9, 17)] {
                let file = file(kind, width, height, interlaced);
                let want = reference(&file);
                let about = format!("{kind:?} {interlaced} {width} by {height}");
                assert!(decode(&file).unwrap() == want, "whole: {about}");
                for piece in [1, 7, 64, file.len()] {
                    assert!(arrive(&file, piece).0.unwrap() == want, "in pieces of {piece}: {about}");
                }
            }
        }
    }
}

/// A picture of 400 by 300 with something to compress.
fn photo() -> Vec<u8> {
    let picture =
        RgbImage::from_fn(400, 300, |x, y| image::Rgb([(x * y / 50) as u8, (x + y) as u8, ((x * 7) ^ (y * 13)) as u8]));
    encoded(&DynamicImage::ImageRgb8(picture), ImageFormat::Png)
}

fn encoded(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut file = io::Cursor::new(Vec::new());
    picture.write_to(&mut file, format).unwrap();
    file.into_inner()
}

#[test]
fn only_a_sliver_is_left_for_the_last_byte() {
    let file = photo();
    let feed = Feed::default();
    let mut arriving = Arriving::new(feed.clone());
    let (most, last) = file.split_at(file.len() - 1_000);
    let rows = |arriving: &Arriving| match &arriving.state {
        State::Rows(rows) => rows.done(),
        _ => 0,
    };
    let mut before = 0;
    for piece in most.chunks(2_000) {
        feed.push(piece);
        while let Stage::Needs(pixels) = arriving.advance() {
            arriving.give(Vec::with_capacity(pixels));
        }
        let now = rows(&arriving);
        assert!(now >= before);
        before = now;
    }
    assert!(before > 250, "{before} of 300 rows are done before the last thousand bytes");
    feed.push(last);
    assert!(matches!(arriving.advance(), Stage::Done(Ok(pixels)) if pixels == reference(&file)), "without the end");
}

/// A file that is broken off ends the same way, and with the same pixels if any, however it comes.
#[track_caller]
fn ends_alike(bytes: &[u8], piece: usize) {
    match (decode(bytes), arrive(bytes, piece).0) {
        (Ok(whole), Ok(made)) => assert!(whole == made, "in pieces of {piece}: {bytes:?}"),
        (Err(_), Err(_)) => {}
        (whole, made) => panic!("{whole:?} {made:?} in pieces of {piece}: {bytes:?}"),
    }
}

#[test]
fn a_png_cut_anywhere_ends_as_the_whole_decoder_says() {
    for kind in [(2, 8, 3), (3, 4, 1), (6, 16, 4)] {
        let files = [file(kind, 6, 5, false), file(kind, 6, 5, true)];
        for cut in files.iter().flat_map(|file| (0..file.len()).map(|end| &file[..end])) {
            ends_alike(cut, 1);
            ends_alike(cut, 16);
        }
    }
}

#[test]
fn what_follows_the_picture_changes_nothing() {
    let file = [photo(), vec![0xff; 5_000]].concat();
    let (made, was_whole) = arrive(&file, 900);
    assert!(made.unwrap() == decode(&file).unwrap());
    assert!(!was_whole, "the picture is there before the junk behind it is");
}

#[test]
fn a_decoder_that_is_behind_goes_on_from_the_whole() {
    let picture = RgbaImage::from_fn(900, 900, |x, y| image::Rgba([(x * y) as u8, (x ^ y) as u8, (y * 3) as u8, 200]));
    let file = encoded(&DynamicImage::ImageRgba8(picture), ImageFormat::Png);
    assert!(file.len() > super::super::feed::FEED_BYTES_MAX, "{} bytes are too few for this test", file.len());
    let feed = Feed::default();
    let mut arriving = Arriving::new(feed.clone());
    file.chunks(50_000).for_each(|piece| feed.push(piece));
    let mut ended = false;
    let made = loop {
        match arriving.advance() {
            Stage::Done(made) => break made,
            Stage::Needs(pixels) => arriving.give(vec![0; pixels / 2]),
            Stage::Waiting => {
                assert!(!std::mem::replace(&mut ended, true), "everything is there");
                feed.end(Bytes::copy_from_slice(&file));
            }
        }
    };
    assert!(ended && made.unwrap() == decode(&file).unwrap());
}

#[test]
fn other_formats_are_decoded_at_the_end() {
    let picture = DynamicImage::ImageRgb8(RgbImage::from_fn(40, 30, |x, y| image::Rgb([x as u8 * 6, y as u8 * 8, 90])));
    let mut jpeg = Vec::new();
    picture.write_with_encoder(JpegEncoder::new(&mut jpeg)).unwrap();
    let lossy = include_bytes!("../tests/lossy.webp").to_vec();
    let files = [jpeg, lossy, encoded(&picture, ImageFormat::WebP), encoded(&picture, ImageFormat::Gif)];
    for file in files {
        for piece in [1, 100, file.len()] {
            let (made, was_whole) = arrive(&file, piece);
            assert!(made.unwrap() == decode(&file).unwrap() && was_whole);
        }
        let cut = &file[..file.len() / 2];
        assert_eq!(arrive(cut, 10).0.is_ok(), decode(cut).is_ok());
    }
    for text in [&b"<svg/>"[..], b"", b"no", b"<html>busy</html>"] {
        assert_eq!(arrive(text, 3).0.unwrap_err(), decode(text).unwrap_err(), "{text:?}");
    }
}

#[test]
fn a_bomb_is_refused_before_memory_is_asked_for() {
    let mut bomb = file((6, 8, 4), 3, 3, false);
    let header: Vec<u8> = [20_000_u32.to_be_bytes(), 20_000_u32.to_be_bytes()].concat();
    bomb.splice(8.., chunk(*b"IHDR", &[&header[..], &[8, 6, 0, 0, 0]].concat()));
    bomb.extend(chunk(*b"IDAT", &[0; 10]));
    let feed = Feed::default();
    let mut arriving = Arriving::new(feed.clone());
    feed.push(&bomb);
    match arriving.advance() {
        Stage::Done(Err(failure)) => assert_eq!(failure.kind, FailureKind::TooLarge),
        other => panic!("{other:?}"),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn harmed_files_end_as_the_whole_decoder_says(
        kind in 0_usize..15,
        interlaced in any::<bool>(),
        flips in prop::collection::vec((any::<prop::sample::Index>(), 0_u8..8), 1..4),
        piece in 1_usize..40,
    ) {
        let mut file = file(KINDS[kind], 7, 4, interlaced);
        for (at, bit) in flips {
            let at = at.index(file.len());
            file[at] ^= 1 << bit;
        }
        ends_alike(&file, piece);
    }
}
