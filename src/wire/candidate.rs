//! A string of the answer that may hold an image: told from a link by how it begins, then decoded as it arrives.

use super::base64::{Damage, Decoder};
use super::limits::TEXT_BYTES;

/// Where the string stands, which decides the doubtful cases.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meant {
    /// Under a key that promises base64.
    Base64,
    /// Under a key that promises a link, or in a bare list.
    Link,
}

/// What the string was.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// Empty, or white space only: the same as no string at all.
    Absent,
    /// An image's bytes.
    Image(Vec<u8>),
    /// A link, absolute or relative.
    Link(String),
    /// Meant as an image, but its bytes cannot be had.
    Broken(Damage),
}

enum Holding {
    /// Too few characters to tell.
    Undecided(Vec<u8>),
    Base64(Decoder),
    Text(Vec<u8>),
    /// `data:` without base64: percent-encoded bytes.
    Percent(Vec<u8>),
    Broken(Damage),
}

/// One such string.
pub(super) struct Candidate {
    meant: Meant,
    holding: Holding,
    limit: usize,
    likely: usize,
}

/// Enough characters to tell a link from base64.
const TELLING: usize = 12;

/// The longest `data:…,` head.
const HEAD_BYTES: usize = 256;

/// How pictures begin in base64: PNG, JPEG, WebP, GIF.
const BASE64_STARTS: [&[u8]; 4] = [b"iVBORw0KGg", b"/9j/", b"UklGR", b"R0lGOD"];

impl Candidate {
    /// A string about to come; an image may have `limit` bytes.
    pub(super) const fn new(meant: Meant, limit: usize) -> Self {
        Self { meant, holding: Holding::Undecided(Vec::new()), limit, likely: 0 }
    }

    /// An image has probably so many bytes: its memory need not grow.
    pub(super) const fn likely(mut self, bytes: usize) -> Self {
        self.likely = bytes;
        self
    }

    /// Takes the next characters, JSON escapes already undone.
    pub(super) fn push(&mut self, text: &[u8]) {
        match &mut self.holding {
            Holding::Base64(decoder) => decoder.push(text),
            Holding::Text(held) | Holding::Percent(held) => {
                let limit = if matches!(self.meant, Meant::Base64) { self.limit } else { self.limit.min(TEXT_BYTES) };
                if held.len() + text.len() > limit {
                    self.holding = Holding::Broken(Damage::TooLarge);
                } else {
                    held.extend_from_slice(text);
                }
            }
            Holding::Broken(_) => {}
            Holding::Undecided(held) => {
                // Only as much as the decision needs is held back, however long the piece.
                let text = if held.is_empty() { text.trim_ascii_start() } else { text };
                let (now, later) = text.split_at(text.len().min(HEAD_BYTES.saturating_sub(held.len())));
                held.extend_from_slice(now);
                let held = std::mem::take(held);
                self.decide(held, false);
                if !later.is_empty() {
                    self.push(later);
                }
            }
        }
    }

    /// Decodes on in `room`, whatever it holds, and takes it for that, once this is known to be an image.
    pub(super) fn go_on_in(&mut self, room: &mut Vec<u8>) {
        if let Holding::Base64(decoder) = &mut self.holding {
            decoder.go_on_in(std::mem::take(room));
        }
    }

    fn decide(&mut self, held: Vec<u8>, all: bool) {
        let text = held.trim_ascii_start();
        let begins = |word: &[u8]| text.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word));
        if text.len() < TELLING && !all {
            self.holding = Holding::Undecided(held);
        } else if begins(b"data:") {
            match memchr::memchr(b',', text) {
                Some(comma) => {
                    let (head, rest) = text.split_at(comma);
                    let rest = rest.get(1..).unwrap_or_default();
                    let is_base64 = head.trim_ascii_end().to_ascii_lowercase().ends_with(b";base64");
                    self.holding = if is_base64 { self.decoder() } else { Holding::Percent(Vec::new()) };
                    self.push(rest);
                }
                None if all || held.len() >= HEAD_BYTES => self.holding = Holding::Broken(Damage::NotBase64),
                None => self.holding = Holding::Undecided(held),
            }
        } else {
            let is_link = begins(b"http://") || begins(b"https://");
            let is_image = match self.meant {
                Meant::Base64 => !is_link,
                Meant::Link => !is_link && BASE64_STARTS.iter().any(|start| text.starts_with(start)),
            };
            self.holding = if is_image { self.decoder() } else { Holding::Text(Vec::new()) };
            self.push(text);
        }
    }

    fn decoder(&self) -> Holding {
        Holding::Base64(Decoder::new(self.limit, self.likely))
    }

    /// The image's bytes since the last call, and how many there were before them; `None` while it may be none.
    pub(super) fn part(&mut self) -> Option<(usize, &[u8])> {
        match &mut self.holding {
            Holding::Base64(decoder) => decoder.part(),
            Holding::Undecided(_) | Holding::Text(_) | Holding::Percent(_) | Holding::Broken(_) => None,
        }
    }

    /// What it was, once its last character is in.
    pub(super) fn finish(mut self) -> Outcome {
        if let Holding::Undecided(held) = &mut self.holding {
            let held = std::mem::take(held);
            if held.trim_ascii().is_empty() {
                return Outcome::Absent;
            }
            self.decide(held, true);
        }
        match self.holding {
            Holding::Base64(decoder) => decoder.finish().map_or_else(Outcome::Broken, Outcome::Image),
            Holding::Percent(text) => match unescape_percent(&text) {
                bytes if bytes.is_empty() => Outcome::Broken(Damage::NotBase64),
                bytes => Outcome::Image(bytes),
            },
            Holding::Text(text) => match String::from_utf8_lossy(&text).trim() {
                "" => Outcome::Absent,
                link => Outcome::Link(link.to_owned()),
            },
            Holding::Broken(damage) => Outcome::Broken(damage),
            Holding::Undecided(_) => Outcome::Absent,
        }
    }
}

/// Undoes `%2F`; anything else stays as it is.
fn unescape_percent(text: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text;
    while let [first, tail @ ..] = rest {
        let hex = tail.get(..2).and_then(|hex| str::from_utf8(hex).ok());
        match hex.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(byte) if *first == b'%' => {
                bytes.push(byte);
                rest = tail.get(2..).unwrap_or_default();
            }
            _ => {
                bytes.push(*first);
                rest = tail;
            }
        }
    }
    bytes
}

/// The bytes of a `data:` address; `None` when it is something else.
pub(super) fn data_address(address: &str, limit: usize) -> Option<Result<Vec<u8>, Damage>> {
    let mut candidate = Candidate::new(Meant::Base64, limit);
    candidate.push(address.as_bytes());
    match candidate.finish() {
        _ if !address.trim_start().get(..5)?.eq_ignore_ascii_case("data:") => None,
        Outcome::Image(bytes) => Some(Ok(bytes)),
        Outcome::Broken(damage) => Some(Err(damage)),
        Outcome::Absent | Outcome::Link(_) => Some(Err(Damage::NotBase64)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PNG: &[u8] = b"\x89PNG\r\n\x1a\nrest of a picture";
    const TEXT: &str = "iVBORw0KGgpyZXN0IG9mIGEgcGljdHVyZQ==";

    #[track_caller]
    fn check(meant: Meant, text: &str, want: &Outcome) {
        for piece in [1, 7, 10_000] {
            let mut candidate = Candidate::new(meant, 1000);
            for piece in text.as_bytes().chunks(piece) {
                candidate.push(piece);
            }
            assert_eq!(&candidate.finish(), want, "{meant:?} {text}");
        }
    }

    #[test]
    fn images_and_links_are_told_apart() {
        let image = Outcome::Image(PNG.to_vec());
        for meant in [Meant::Base64, Meant::Link] {
            check(meant, TEXT, &image);
            check(meant, &format!("data:image/webp;base64,{TEXT}"), &image);
            check(meant, &format!("DATA:image/png;charset=utf-8;BASE64,{TEXT}"), &image);
            check(meant, &format!("\n {TEXT}"), &image);
            check(meant, "data:image/svg+xml,%3Csvg/%3E", &Outcome::Image(b"<svg/>".to_vec()));
            check(meant, "https://host/a.png?x=1", &Outcome::Link("https://host/a.png?x=1".to_owned()));
            check(meant, "", &Outcome::Absent);
            check(meant, "  \n", &Outcome::Absent);
            check(meant, "data:image/png;base64,", &Outcome::Broken(Damage::NotBase64));
            check(meant, &format!("data:{}", "x".repeat(400)), &Outcome::Broken(Damage::NotBase64));
        }
        check(Meant::Link, "/files/a.png", &Outcome::Link("/files/a.png".to_owned()));
        check(Meant::Link, "a.png", &Outcome::Link("a.png".to_owned()));
        check(Meant::Base64, "QUJD", &Outcome::Image(b"ABC".to_vec()));
        check(Meant::Base64, "not base64 at all!", &Outcome::Broken(Damage::NotBase64));
        check(Meant::Base64, &"QUJD".repeat(400), &Outcome::Broken(Damage::TooLarge));
        check(Meant::Link, &format!("https://{}", "x".repeat(1000)), &Outcome::Broken(Damage::TooLarge));
    }

    #[test]
    fn data_addresses_are_read_here() {
        assert_eq!(data_address(&format!("data:image/png;base64,{TEXT}"), 1000), Some(Ok(PNG.to_vec())));
        assert_eq!(data_address("data:,a%20b", 1000), Some(Ok(b"a b".to_vec())));
        assert_eq!(data_address("https://host/", 1000), None);
    }
}
