//! Text as the index keeps it: scripts written without spaces come apart, so that any part of them is found.

use crate::domain::is_unspaced;

/// Puts a space around each letter of a script that is written without spaces: the tokenizer would otherwise take a whole
/// sentence for one word.
pub(super) fn spaced(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        if is_unspaced(letter) {
            out.push(' ');
            out.push(letter);
            out.push(' ');
        } else {
            out.push(letter);
        }
    }
    out
}

/// A string of FTS5, whatever is in it.
pub(super) fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_without_spaces_come_apart_and_others_stay() {
        assert_eq!(spaced("a red fox"), "a red fox");
        assert_eq!(spaced("赤い狐 x"), " 赤  い  狐  x");
        assert_eq!(spaced("빨간 여우"), "빨간 여우", "Korean has spaces");
    }

    #[test]
    fn quotes_cannot_end_a_string() {
        assert_eq!(quoted("a\" OR b"), "\"a\"\" OR b\"");
    }
}
