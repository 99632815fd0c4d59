//! The format of a file, told by its first bytes, never by a name or header.

use crate::domain::Format;

/// How much of a text is searched for `<svg`, in bytes: licence comments stand before it, whole books do not.
const SVG_SEARCH: usize = 16 << 10;

/// The format these bytes are in; [`Format::Unknown`] when it is none of those kept by name.
pub fn sniff(bytes: &[u8]) -> Format {
    match bytes {
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Format::Png,
        [0xff, 0xd8, 0xff, ..] => Format::Jpeg,
        [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => Format::Gif,
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Format::Webp,
        [a, b, c, d, b'f', b't', b'y', b'p', brands @ ..] if is_avif(u32::from_be_bytes([*a, *b, *c, *d]), brands) => {
            Format::Avif
        }
        _ if is_svg(bytes) => Format::Svg,
        _ => Format::Unknown,
    }
}

/// The `ftyp` box names AVIF as its main or a compatible brand. `rest` begins after the word `ftyp`.
fn is_avif(box_bytes: u32, rest: &[u8]) -> bool {
    let brands = rest.get(..(box_bytes as usize).saturating_sub(8)).unwrap_or(rest);
    let named = |brand: &[u8; 4]| matches!(brand, b"avif" | b"avis");
    let (words, _) = brands.as_chunks::<4>();
    // The second word is the version of the main brand.
    words.iter().enumerate().any(|(at, word)| at != 1 && named(word))
}

/// The first element of the text is `svg`.
fn is_svg(bytes: &[u8]) -> bool {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut rest = bytes.get(..SVG_SEARCH).unwrap_or(bytes).trim_ascii_start();
    loop {
        let end: &[u8] = if rest.starts_with(b"<?") {
            b"?>"
        } else if rest.starts_with(b"<!--") {
            b"-->"
        } else if rest.starts_with(b"<!") {
            b">"
        } else {
            break;
        };
        let Some(at) = memchr::memmem::find(rest, end) else { return false };
        rest = rest.get(at + end.len()..).unwrap_or_default().trim_ascii_start();
    }
    let Some(after) = rest.strip_prefix(b"<svg") else { return false };
    after.first().is_some_and(|next| next.is_ascii_whitespace() || matches!(next, b'>' | b'/' | b':'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(bytes: &[u8], format: Format) {
        assert_eq!(sniff(bytes), format, "{:?}", String::from_utf8_lossy(bytes));
    }

    #[test]
    fn formats_are_told_by_their_first_bytes() {
        check(b"\x89PNG\r\n\x1a\n", Format::Png);
        check(b"\x89PNG\n\x1a\n", Format::Unknown);
        check(b"\xff\xd8\xff\xe0", Format::Jpeg);
        check(b"GIF87a", Format::Gif);
        check(b"GIF89a", Format::Gif);
        check(b"GIF90a", Format::Unknown);
        check(b"RIFF\x10\0\0\0WEBPVP8 ", Format::Webp);
        check(b"RIFF\x10\0\0\0WAVEfmt ", Format::Unknown);
        check(b"", Format::Unknown);
        check(b"{\"error\":\"no\"}", Format::Unknown);
    }

    #[test]
    fn avif_is_told_from_other_boxed_files() {
        check(b"\0\0\0\x1cftypavif\0\0\0\0avifmif1", Format::Avif);
        check(b"\0\0\0\x1cftypmif1\0\0\0\0miafavif", Format::Avif);
        check(b"\0\0\0\x18ftypisom\0\0\x02\0isomiso2", Format::Unknown);
        check(b"\0\0\0\x14ftypisom\0\0\x02\0isomavif", Format::Unknown);
    }

    #[test]
    fn svg_is_found_behind_what_may_stand_before_it() {
        check(b"<svg xmlns='http://www.w3.org/2000/svg'/>", Format::Svg);
        check(b"\xef\xbb\xbf \n<?xml version='1.0'?>\n<!-- by hand -->\n<!DOCTYPE svg>\n<svg>", Format::Svg);
        check(b"<svgx>", Format::Unknown);
        check(b"<html><svg>", Format::Unknown);
        check(b"<!-- never closed <svg>", Format::Unknown);
    }
}
