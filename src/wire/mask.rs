//! Keys taken out of the server's words, and the words made fit to be shown.

use crate::domain::Secret;

/// What stands where a key was.
const MASK: &str = "[key]";

/// So many characters in common with the key give it away.
const TELLING: usize = 8;

/// A word of this length after `sk-` is taken for a key, whoever it belongs to.
const KEY_LENGTH: usize = 8;

/// `text` with every key masked: the one that was sent, whole or in part, and whatever looks like one.
pub fn mask(text: &str, key: Option<&Secret>) -> String {
    let key = key.map(Secret::expose).filter(|key| key.len() >= 4);
    let text = key.map_or_else(|| text.to_owned(), |key| text.replace(key, MASK));
    let mut masked = String::with_capacity(text.len());
    let mut after_bearer = false;
    for word in text.split_inclusive(|c: char| !is_key_character(c)) {
        let bare = word.trim_end_matches(|c: char| !is_key_character(c));
        let end = word.strip_prefix(bare).unwrap_or_default();
        if bare.is_empty() {
            masked.push_str(end);
            continue;
        }
        let gives_away = after_bearer && bare.len() >= KEY_LENGTH || is_key(bare, key);
        masked.push_str(if gives_away { MASK } else { bare });
        masked.push_str(end);
        after_bearer = bare.eq_ignore_ascii_case("bearer");
    }
    masked
}

/// `text`, which is no message but the server's content, without the key that was sent. Only that is looked for: what
/// merely resembles a key may be somebody's prompt.
pub(super) fn without_key(text: String, key: Option<&Secret>) -> String {
    if !holds_key(&text, key) {
        return text;
    }
    let Some(key) = key.map(Secret::expose) else { return text };
    let words = text.split_inclusive(|c: char| !is_key_character(c)).map(|word| {
        let bare = word.trim_end_matches(|c: char| !is_key_character(c));
        let end = word.strip_prefix(bare).unwrap_or_default();
        if shares(bare, key) { format!("{MASK}{end}") } else { word.to_owned() }
    });
    words.collect::<String>().replace(key, MASK)
}

/// The key, or a part of it that gives it away, is somewhere in the text.
pub(super) fn holds_key(text: &str, key: Option<&Secret>) -> bool {
    key.map(Secret::expose).is_some_and(|key| text.contains(key) && !key.is_empty() || shares(text, key))
}

/// The two have enough characters in a row in common.
fn shares(text: &str, key: &str) -> bool {
    key.as_bytes().windows(TELLING).any(|part| memchr::memmem::find(text.as_bytes(), part).is_some())
}

const fn is_key_character(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '*' | '.' | '…')
}

fn is_key(word: &str, key: Option<&str>) -> bool {
    let looks_so = word.find("sk-").is_some_and(|start| {
        let stands_alone = start == 0 || !word.as_bytes().get(start - 1).is_some_and(u8::is_ascii_alphanumeric);
        stands_alone && word.len() - start >= KEY_LENGTH
    });
    let Some(key) = key else { return looks_so };
    // `abcd****wxyz` and `abcd...wxyz`: the ends of the key around something left out.
    let left_out = word.contains("**") || word.contains("..") || word.contains('…');
    let ends_match = |count: usize| {
        let (start, end) = (key.get(..count), key.get(key.len().saturating_sub(count)..));
        start.is_some_and(|start| word.starts_with(start)) || end.is_some_and(|end| word.ends_with(end))
    };
    looks_so || shares(word, key) || left_out && ends_match(3)
}

/// One line without control characters and direction overrides, at most `limit` bytes.
pub(super) fn one_line(text: &str, limit: usize) -> String {
    let words = text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty());
    let mut line = words.collect::<Vec<_>>().join(" ").replace(is_direction, "");
    if line.len() > limit {
        line.truncate(line.floor_char_boundary(limit.saturating_sub('…'.len_utf8())));
        line.push('…');
    }
    line
}

/// Characters that turn the reading direction, or are not seen at all.
fn is_direction(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, key: &str, want: &str) {
        assert_eq!(mask(text, Some(&Secret::new(key))), want);
    }

    #[test]
    fn the_key_is_masked_whole_and_in_part() {
        let key = "sk-proj-A1b2C3d4E5f6G7h8";
        check("Incorrect API key provided: sk-proj-A1b2C3d4E5f6G7h8.", key, "Incorrect API key provided: [key].");
        check("key=sk-proj-A1b2C3d4E5f6G7h8&x", key, "key=[key]&x");
        check("provided: sk-proj-A*********G7h8. You", key, "provided: [key] You");
        check("the key C3d4E5f6G7 is unknown", key, "the key [key] is unknown");
        let key = "abcdef0123456789";
        check("Received abc***789", key, "Received [key]");
        check("Received abc...789, no", key, "Received [key], no");
        check("Authorization: Bearer somebody.elses", key, "Authorization: Bearer [key]");
        check("another one: sk-or-v1-0000000000", key, "another one: [key]");
        check("无效的令牌 abcdef0123456789（错误）", key, "无效的令牌 [key]（错误）");
    }

    #[test]
    fn the_servers_content_loses_the_key_and_nothing_else() {
        let key = Secret::new("abcdef0123456789");
        let check = |text: &str, want: &str| assert_eq!(without_key(text.to_owned(), Some(&key)), want);
        check("a fox, abcdef0123456789, at dusk", "a fox, [key], at dusk");
        check("a fox (cdef01234567) at dusk", "a fox ([key]) at dusk");
        check("狐abcdef0123456789狐", "狐[key]狐");
        let text = "The ring bearer carefully takes sk-zzzzzzzzzz, cdef012";
        check(text, text);
        assert_eq!(without_key(text.to_owned(), None), text);
        assert!(!holds_key(text, Some(&Secret::new(""))));
    }

    #[test]
    fn other_words_stay() {
        let text = "The task-force at risk-averse... disk-full, ask-me. The bearer of it. 狐…";
        check(text, "abcdef0123456789", text);
        assert_eq!(mask("sk-short and sk-123456", None), "[key] and [key]");
        assert_eq!(mask("sk-1", None), "sk-1");
    }

    #[test]
    fn lines_are_made_fit_to_be_shown() {
        assert_eq!(one_line(" a\r\n\tb\0c \u{202e}d ", 100), "a b c d");
        assert_eq!(one_line("狐狐狐狐", 8), "狐…");
        assert!(one_line(&"word ".repeat(1000), 240).len() <= 240);
        assert!(one_line(&"x".repeat(1000), 240).len() <= 240);
    }
}
