//! Base64 decoded as it arrives, liberal in what it takes: line breaks, missing padding, the URL-safe alphabet.

use base64_simd::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};

/// Why no bytes came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Damage {
    /// A character that base64 does not have, something behind the padding, or nothing at all.
    NotBase64,
    /// More bytes than the limit.
    TooLarge,
}

/// A decoder that is fed pieces of any length.
pub(super) struct Decoder {
    bytes: Vec<u8>,
    /// How many of them [`Decoder::part`] has handed out.
    seen: usize,
    limit: usize,
    /// Up to three characters that wait for their group of four, as six-bit values.
    waiting: u32,
    waiting_count: u8,
    padded: bool,
    /// The alphabet that fitted last: bulk decoding is tried with it first.
    is_url_safe: bool,
    damage: Option<Damage>,
}

/// The value of a character in either alphabet.
const fn value(character: u8) -> Option<u32> {
    Some(match character {
        b'A'..=b'Z' => character - b'A',
        b'a'..=b'z' => character - b'a' + 26,
        b'0'..=b'9' => character - b'0' + 52,
        b'+' | b'-' => 62,
        b'/' | b'_' => 63,
        _ => return None,
    } as u32)
}

impl Decoder {
    /// A decoder for at most `limit` bytes; probably it will be `likely`.
    pub(super) fn new(limit: usize, likely: usize) -> Self {
        let bytes = Vec::with_capacity(likely);
        Self { bytes, seen: 0, limit, waiting: 0, waiting_count: 0, padded: false, is_url_safe: false, damage: None }
    }

    /// Takes the next characters.
    pub(super) fn push(&mut self, mut text: &[u8]) {
        while self.damage.is_none() && !text.is_empty() {
            if self.waiting_count > 0 || self.padded {
                let Some((first, rest)) = text.split_first() else { break };
                self.push_one(*first);
                text = rest;
                continue;
            }
            // A line of base64 is decoded in one go; what is left over, and line ends, go one by one.
            let line = memchr::memchr3(b'\n', b'\r', b'=', text).map_or(text, |end| head(text, end));
            let bulk = head(line, line.len() / 4 * 4);
            if bulk.is_empty() {
                let Some((first, rest)) = text.split_first() else { break };
                self.push_one(*first);
                text = rest;
                continue;
            }
            self.push_bulk(bulk);
            text = text.get(bulk.len()..).unwrap_or_default();
        }
    }

    /// Goes on in this memory, whatever it holds, where that is no less than its own.
    pub(super) fn go_on_in(&mut self, mut room: Vec<u8>) {
        if self.damage.is_none() && room.capacity() >= self.bytes.capacity() {
            room.clear();
            room.extend_from_slice(&self.bytes);
            self.bytes = room;
        }
    }

    fn push_bulk(&mut self, groups: &[u8]) {
        if self.bytes.len() + groups.len() / 4 * 3 > self.limit {
            self.fail(Damage::TooLarge);
            return;
        }
        let before = self.bytes.len();
        for is_url_safe in [self.is_url_safe, !self.is_url_safe] {
            let alphabet = if is_url_safe { &URL_SAFE_NO_PAD } else { &STANDARD_NO_PAD };
            if alphabet.decode_append(groups, &mut self.bytes).is_ok() {
                self.is_url_safe = is_url_safe;
                return;
            }
            self.bytes.truncate(before);
        }
        // Both alphabets mixed, or a foreign character: character by character decides.
        for &character in groups {
            self.push_one(character);
        }
    }

    fn push_one(&mut self, character: u8) {
        match value(character) {
            _ if self.damage.is_some() => {}
            Some(value) if !self.padded => {
                self.waiting = self.waiting << 6 | value;
                self.waiting_count += 1;
                if self.waiting_count == 4 {
                    let [_, bytes @ ..] = self.waiting.to_be_bytes();
                    self.bytes.extend_from_slice(&bytes);
                    (self.waiting, self.waiting_count) = (0, 0);
                    if self.bytes.len() > self.limit {
                        self.fail(Damage::TooLarge);
                    }
                }
            }
            None if character == b'=' => self.padded = true,
            None if character.is_ascii_whitespace() => {}
            _ => self.fail(Damage::NotBase64),
        }
    }

    fn fail(&mut self, damage: Damage) {
        self.damage = Some(damage);
        self.bytes = Vec::new();
    }

    /// The bytes that came out since the last call, and how many there were before them; `None` when there are none.
    pub(super) fn part(&mut self) -> Option<(usize, &[u8])> {
        let at = std::mem::replace(&mut self.seen, self.bytes.len());
        self.bytes.get(at..).filter(|part| !part.is_empty()).map(|part| (at, part))
    }

    /// The bytes, once the last character is in.
    pub(super) fn finish(mut self) -> Result<Vec<u8>, Damage> {
        match (self.damage, self.waiting_count) {
            (Some(damage), _) => return Err(damage),
            (None, 0) => {}
            (None, 2) => self.bytes.push((self.waiting >> 4) as u8),
            (None, 3) => self.bytes.extend_from_slice(&[(self.waiting >> 10) as u8, (self.waiting >> 2) as u8]),
            (None, _) => return Err(Damage::NotBase64),
        }
        if self.bytes.len() > self.limit {
            return Err(Damage::TooLarge);
        }
        if self.bytes.is_empty() { Err(Damage::NotBase64) } else { Ok(self.bytes) }
    }
}

fn head(text: &[u8], length: usize) -> &[u8] {
    text.get(..length).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use base64_simd::{STANDARD, URL_SAFE};
    use proptest::prelude::*;

    use super::*;

    fn decode(text: &[u8], piece: usize) -> Result<Vec<u8>, Damage> {
        let mut decoder = Decoder::new(10_000, 0);
        for piece in text.chunks(piece.max(1)) {
            decoder.push(piece);
        }
        decoder.finish()
    }

    #[test]
    fn every_dialect_gives_the_same_bytes() {
        let bytes: Vec<u8> = (0..=255).chain(0..=250).collect();
        let text = STANDARD.encode_to_string(&bytes);
        let lines: Vec<&str> = text.as_bytes().chunks(76).map(|line| str::from_utf8(line).unwrap()).collect();
        let mixed = format!("{}{}", text.get(..100).unwrap(), URL_SAFE.encode_to_string(&bytes).get(100..).unwrap());
        for dialect in [
            text.clone(),
            text.trim_end_matches('=').to_owned(),
            URL_SAFE.encode_to_string(&bytes),
            URL_SAFE_NO_PAD.encode_to_string(&bytes),
            lines.join("\n"),
            lines.join("\r\n"),
            format!(" {text}\n"),
            mixed,
        ] {
            for piece in [1, 2, 3, 5, 64, 100_000] {
                assert_eq!(decode(dialect.as_bytes(), piece).as_ref(), Ok(&bytes), "{piece} {dialect}");
            }
        }
    }

    #[test]
    fn parts_are_handed_out_once_and_make_up_the_whole() {
        let bytes: Vec<u8> = (0..=255).collect();
        let text = STANDARD.encode_to_string(&bytes);
        let mut decoder = Decoder::new(10_000, 0);
        assert_eq!(decoder.part(), None);
        let mut parts = Vec::new();
        for piece in text.as_bytes().chunks(7) {
            decoder.push(piece);
            if let Some((at, part)) = decoder.part() {
                assert_eq!(at, parts.len());
                parts.extend_from_slice(part);
            }
            assert_eq!(decoder.part(), None);
        }
        // The last byte or two come out with the end.
        assert_eq!(parts, bytes[..255]);
        assert_eq!(decoder.finish(), Ok(bytes));
    }

    #[test]
    fn memory_that_was_used_before_changes_nothing_but_the_address() {
        let bytes: Vec<u8> = (0..=255).collect();
        let text = STANDARD.encode_to_string(&bytes);
        let (first, rest) = text.as_bytes().split_at(90);
        let mut decoder = Decoder::new(10_000, 0);
        decoder.push(first);
        assert_eq!(decoder.part().map(|(at, part)| (at, part.len())), Some((0, 66)));
        let room = vec![9; 5_000];
        let place = room.as_ptr();
        decoder.go_on_in(room);
        decoder.go_on_in(vec![9; 100]);
        decoder.push(rest);
        assert_eq!(decoder.part(), Some((66, &bytes[66..255])));
        let decoded = decoder.finish().unwrap();
        assert_eq!((decoded.as_ptr(), &decoded), (place, &bytes));
    }

    #[test]
    fn what_is_no_base64_is_told() {
        for text in ["", "=", "A", "AAAAA", "AA*A", "AAA=AAAA", "狐狐狐狐", "<html></html>"] {
            for piece in [1, 3, 100] {
                assert_eq!(decode(text.as_bytes(), piece), Err(Damage::NotBase64), "{text}");
            }
        }
        assert_eq!(decode(STANDARD.encode_to_string([7; 10_001]).as_bytes(), 1000), Err(Damage::TooLarge));
        assert_eq!(decode(STANDARD.encode_to_string([7; 10_001]).as_bytes(), 1), Err(Damage::TooLarge));
        assert_eq!(
            decode(STANDARD.encode_to_string([7; 10_000]).as_bytes(), 1000).map(|bytes| bytes.len()),
            Ok(10_000)
        );
    }

    proptest! {
        #[test]
        fn any_bytes_in_any_pieces_survive(bytes in prop::collection::vec(any::<u8>(), 1..600), piece in 1usize..90) {
            prop_assert_eq!(decode(STANDARD.encode_to_string(&bytes).as_bytes(), piece), Ok(bytes));
        }

        #[test]
        fn no_text_makes_it_panic(text in prop::collection::vec(any::<u8>(), 0..200), piece in 1usize..20) {
            let _bytes = decode(&text, piece);
        }
    }
}
