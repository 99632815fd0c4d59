//! What was typed into the search box, read as words: whatever it is, it is never an error.

use super::letters::{folded, is_accent};

/// Words of a query that count; what is typed beyond them cannot make a search slow.
const WORDS_MAX: usize = 12;
/// Letters of one word that count, for the same reason.
const LETTERS_MAX: usize = 120;

/// The words of a query: all of them must be found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Words(Vec<Word>);

/// One word, or several that stand together in quotes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    /// Without the signs around it; between words of quotes one space.
    pub text: String,
    /// Any part of a text will do. Others must begin a word: what is short, or half of all would be found, and what has
    /// letters of a script without spaces further on.
    pub anywhere: bool,
    /// In small letters without accents.
    folded: String,
}

/// Fewer letters than these must begin a word.
const PART_MIN: usize = 3;

impl Words {
    /// Reads what was typed. Signs around a word do not count, nor does what has no letter at all. What stands in quotes
    /// stands together, also while the second quote is not typed yet. A capital AND between words says what a space does.
    pub fn new(typed: &str) -> Self {
        let mut words = Vec::new();
        for (place, part) in typed.split(['"', '“', '”', '„', '«', '»']).enumerate() {
            if place % 2 == 1 {
                let together: Vec<&str> = part.split_whitespace().collect();
                words.extend(Word::new(&together.join(" ")));
            } else {
                words.extend(part.split_whitespace().filter_map(Word::new));
            }
        }
        if words.iter().any(|word| word.text != "AND") {
            words.retain(|word| word.text != "AND");
        }
        words.truncate(WORDS_MAX);
        Self(words)
    }

    /// Nothing is looked for.
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// One by one.
    pub fn iter(&self) -> impl Iterator<Item = &Word> {
        self.0.iter()
    }

    /// Each word is somewhere in one of the texts, whatever accents are typed or left out.
    pub fn are_in(&self, texts: &[&str]) -> bool {
        if self.is_empty() {
            return true;
        }
        let texts: Vec<String> = texts.iter().map(|text| folded(text)).collect();
        self.0.iter().all(|word| {
            let wanted = &word.folded;
            texts.iter().any(|text| if word.anywhere { text.contains(wanted) } else { begins_word(text, wanted) })
        })
    }
}

impl Word {
    fn new(typed: &str) -> Option<Self> {
        let text = typed.trim_matches(|sign: char| !sign.is_alphanumeric()).chars();
        let text: String = text.filter(|letter| !letter.is_control()).take(LETTERS_MAX).collect();
        let folded = folded(&text);
        if folded.is_empty() {
            return None;
        }
        let letters = text.chars().filter(|letter| !is_accent(*letter)).count();
        let has_unspaced = text.chars().any(is_unspaced);
        let anywhere = text.starts_with(is_unspaced) || letters >= PART_MIN && !has_unspaced;
        Some(Self { text, anywhere, folded })
    }
}

fn begins_word(text: &str, wanted: &str) -> bool {
    text.match_indices(wanted)
        .any(|(at, _)| text.get(..at).is_some_and(|before| !before.ends_with(char::is_alphanumeric)))
}

/// Scripts that are written without spaces: Chinese characters, kana, and those of Thailand, Laos, Myanmar and Cambodia.
pub const fn is_unspaced(letter: char) -> bool {
    matches!(
        letter,
        '\u{0e00}'..='\u{0eff}'
            | '\u{1000}'..='\u{109f}'
            | '\u{1780}'..='\u{17ff}'
            | '\u{2e80}'..='\u{312f}'
            | '\u{31a0}'..='\u{4dbf}'
            | '\u{4e00}'..='\u{9fff}'
            | '\u{f900}'..='\u{faff}'
            | '\u{ff66}'..='\u{ff9f}'
            | '\u{20000}'..='\u{3ffff}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_is_typed_is_words() {
        let check = |typed: &str, words: &[&str]| {
            let read: Vec<String> = Words::new(typed).iter().map(|word| word.text.clone()).collect();
            assert_eq!(read, words, "{typed:?}");
        };
        check("", &[]);
        check(" \t\n", &[]);
        check("red fox", &["red", "fox"]);
        check("red,  fox.", &["red", "fox"]);
        check("\"red fox\" snow", &["red fox", "snow"]);
        check("\"red  fo", &["red fo"]);
        check("“red fox” «snow»", &["red fox", "snow"]);
        check("fox* (hare) -- 50%", &["fox", "hare", "50"]);
        check("dall-e-3 16:9 don't", &["dall-e-3", "16:9", "don't"]);
        check("fox AND hare", &["fox", "hare"]);
        check("fox and hare", &["fox", "and", "hare"]);
        check("AND", &["AND"]);
        check("OR NOT NEAR(a b)", &["OR", "NOT", "NEAR(a", "b"]);
        check("* \" \"\" ^ : -", &[]);
        check("赤い狐。", &["赤い狐"]);
        check("'; DROP TABLE images; --", &["DROP", "TABLE", "images"]);
        assert_eq!(Words::new(&"fox ".repeat(500)).iter().count(), WORDS_MAX);
        assert_eq!(Words::new(&"f".repeat(5_000)).iter().next().unwrap().text.len(), LETTERS_MAX);
    }

    #[test]
    fn short_words_begin_a_word_and_long_ones_are_anywhere() {
        let check = |typed: &str, text: &str, found: bool| {
            assert_eq!(Words::new(typed).are_in(&[text, "dall-e-3"]), found, "{typed:?} in {text:?}");
        };
        check("fo", "a red FOX", true);
        check("ox", "a red fox", false);
        check("oxg", "a foxglove", true);
        check("red fox", "a fox, red", true);
        check("\"red fox\"", "a fox, red", false);
        check("fox dall", "a fox", true);
        check("狐", "赤い狐", true);
        check("b狐", "ab狐", false);
        check("b狐", "a b狐x", true);
        check("zebra", "a fox", false);
        check("é", "élan", true);
        check("e", "élan", true);
        check("creme brulee", "Crème brûlée", true);
        check("CRÈME", "creme fraiche", true);
        check("cre\u{300}me", "a crème", true);
    }
}
