//! What kind of answer a body is, told by its first bytes, whatever its headers say.

/// What the body is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Json,
    Events,
    Picture,
    Text,
}

/// Enough bytes to tell an event stream or a picture.
const TELLING: usize = 6;

/// Lines an event stream may begin with; a comment begins with the colon.
const EVENTS: [&[u8]; 5] = [b":", b"data:", b"event:", b"id:", b"retry:"];

/// How pictures begin: PNG, JPEG, WebP, GIF.
const PICTURES: [&[u8]; 4] = [b"\x89PNG\r\n", b"\xff\xd8\xff", b"RIFF", b"GIF8"];

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// The kind, and the text from its first telling byte on. `None` asks for more; with `all` there is no more.
pub(super) fn kind(held: &[u8], all: bool) -> (Option<Kind>, &[u8]) {
    // Gateways send spaces for minutes to keep proxies awake.
    let mut text = held.trim_ascii_start();
    // However many marks there are: whoever drops what tells nothing cannot know later whether one came before.
    while let Some(rest) = text.strip_prefix(BYTE_ORDER_MARK) {
        text = rest.trim_ascii_start();
    }
    let begins = |starts: &[&[u8]]| starts.iter().any(|start| text.starts_with(start));
    let kind = match text.first() {
        None => all.then_some(Kind::Text),
        Some(b'{' | b'[') => Some(Kind::Json),
        Some(b'<') => Some(Kind::Text),
        Some(_) if begins(&EVENTS) => Some(Kind::Events),
        Some(_) if begins(&PICTURES) => Some(Kind::Picture),
        Some(_) if text.len() >= TELLING || all => Some(Kind::Text),
        Some(_) => None,
    };
    (kind, text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_is_known_by_its_first_bytes() {
        for (body, want) in [
            (&b" \n\t{\"a\":1}"[..], Some(Kind::Json)),
            (b"\xef\xbb\xbf [1]", Some(Kind::Json)),
            (b" \xef\xbb\xbf \xef\xbb\xbf\r {", Some(Kind::Json)),
            (b": PING\n", Some(Kind::Events)),
            (b"data:{}", Some(Kind::Events)),
            (b"dat", None),
            (b"database is down", Some(Kind::Text)),
            (b"\x89PNG\r\n\x1a\n", Some(Kind::Picture)),
            (b"\xff\xd8\xff\xe0", Some(Kind::Picture)),
            (b"<html>", Some(Kind::Text)),
            (b"   ", None),
            (b"\xef\xbb", None),
        ] {
            assert_eq!(kind(body, false).0, want, "{body:?}");
            assert_eq!(kind(body, true).0, Some(want.unwrap_or(Kind::Text)), "{body:?}");
        }
    }
}
