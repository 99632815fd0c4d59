//! Samples of every kind a decoder gives, made into words of four 8-bit channels.

use image::ColorType;

/// Fills `words` from decoded samples, alpha straight. `None` for a kind that none of our formats has.
pub(super) fn widen(samples: &[u8], color: ColorType, words: &mut [u32]) -> Option<()> {
    match color {
        ColorType::L8 => each(samples, words, |[l]| [l, l, l, 255]),
        ColorType::La8 => each(samples, words, |[l, a]| [l, l, l, a]),
        ColorType::Rgb8 => opaque(samples, words),
        ColorType::Rgba8 => each(samples, words, |rgba: [u8; 4]| rgba),
        ColorType::L16 => each(samples, words, |[l0, l1]| {
            let l = narrow([l0, l1]);
            [l, l, l, 255]
        }),
        ColorType::La16 => each(samples, words, |[l0, l1, a0, a1]| {
            let l = narrow([l0, l1]);
            [l, l, l, narrow([a0, a1])]
        }),
        ColorType::Rgb16 => {
            each(samples, words, |[r0, r1, g0, g1, b0, b1]| {
                [narrow([r0, r1]), narrow([g0, g1]), narrow([b0, b1]), 255]
            });
        }
        ColorType::Rgba16 => each(samples, words, |[r0, r1, g0, g1, b0, b1, a0, a1]| {
            [narrow([r0, r1]), narrow([g0, g1]), narrow([b0, b1]), narrow([a0, a1])]
        }),
        _ => return None,
    }
    Some(())
}

fn each<const N: usize>(samples: &[u8], words: &mut [u32], pixel: impl Fn([u8; N]) -> [u8; 4]) {
    let (pixels, _) = samples.as_chunks::<N>();
    for (word, sample) in words.iter_mut().zip(pixels) {
        *word = u32::from_ne_bytes(pixel(*sample));
    }
}

/// Nearly every picture is of this kind: four bytes are read for a pixel of three, which takes half the time of [`each`].
fn opaque(samples: &[u8], words: &mut [u32]) {
    const ALPHA: u32 = u32::from_ne_bytes([0, 0, 0, 255]);
    let pixels = samples.windows(4).step_by(3).filter_map(<[u8]>::first_chunk);
    for (word, pixel) in words.iter_mut().zip(pixels) {
        *word = u32::from_ne_bytes(*pixel) | ALPHA;
    }
    // Nothing stands behind the last one.
    if let (Some(word), Some([r, g, b])) = (words.last_mut(), samples.last_chunk()) {
        *word = u32::from_ne_bytes([*r, *g, *b, 255]);
    }
}

/// 16 bits to 8, rounded; the sample is in this computer's byte order.
fn narrow(sample: [u8; 2]) -> u8 {
    ((u32::from(u16::from_ne_bytes(sample)) + 128) / 257) as u8
}

/// Multiplies the colours of each word by its alpha, rounded. Opaque words pass untouched.
pub(super) fn premultiply(words: &mut [u32]) {
    for word in words {
        let [r, g, b, a] = word.to_ne_bytes();
        if a == 255 {
            continue;
        }
        let by_alpha = |channel: u8| ((u32::from(channel) * u32::from(a) + 127) / 255) as u8;
        *word = u32::from_ne_bytes([by_alpha(r), by_alpha(g), by_alpha(b), a]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(color: ColorType, samples: &[u8], rgba: [u8; 4]) {
        let mut words = [0];
        assert_eq!(widen(samples, color, &mut words), Some(()), "{color:?}");
        assert_eq!(words[0].to_ne_bytes(), rgba, "{color:?}");
    }

    #[test]
    fn every_kind_of_sample_becomes_red_green_blue_alpha() {
        check(ColorType::L8, &[7], [7, 7, 7, 255]);
        check(ColorType::La8, &[7, 9], [7, 7, 7, 9]);
        check(ColorType::Rgb8, &[1, 2, 3], [1, 2, 3, 255]);
        check(ColorType::Rgba8, &[1, 2, 3, 4], [1, 2, 3, 4]);
        let wide = |samples: &[u16]| samples.iter().flat_map(|s| s.to_ne_bytes()).collect::<Vec<_>>();
        check(ColorType::L16, &wide(&[65_535]), [255, 255, 255, 255]);
        check(ColorType::La16, &wide(&[257, 65_535]), [1, 1, 1, 255]);
        check(ColorType::Rgb16, &wide(&[0, 128, 129]), [0, 0, 1, 255]);
        check(ColorType::Rgba16, &wide(&[0x8000, 0, 65_535, 0x4000]), [128, 0, 255, 64]);
        assert_eq!(widen(&[0; 16], ColorType::Rgba32F, &mut [0]), None);
    }

    #[test]
    fn every_opaque_pixel_of_a_row_is_its_own() {
        let samples: Vec<u8> = (1..=30).collect();
        for length in 1..=10 {
            let mut words = vec![0; length];
            assert_eq!(widen(&samples[..length * 3], ColorType::Rgb8, &mut words), Some(()));
            for (word, rgb) in words.iter().zip(samples.chunks(3)) {
                assert_eq!(word.to_ne_bytes(), [rgb[0], rgb[1], rgb[2], 255], "{length}");
            }
        }
    }

    #[test]
    fn colours_never_exceed_their_alpha() {
        for (straight, premultiplied) in [
            ([255, 128, 0, 255], [255, 128, 0, 255]),
            ([255, 128, 0, 0], [0, 0, 0, 0]),
            ([255, 255, 255, 1], [1, 1, 1, 1]),
            ([255, 100, 50, 128], [128, 50, 25, 128]),
        ] {
            let mut words = [u32::from_ne_bytes(straight)];
            premultiply(&mut words);
            assert_eq!(words[0].to_ne_bytes(), premultiplied, "{straight:?}");
        }
    }
}
