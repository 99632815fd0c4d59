//! What a model made of a prompt, word by word.

use similar::{Algorithm, DiffTag, capture_diff_slices};

/// The most words compared on either side: a few milliseconds. A longer text is shown without what changed.
const WORDS_MAX: usize = 800;
/// A single word kept between two changes that is no longer than this, in letters, says nothing: `a`, `of`, `the`.
const FILLER_MAX: usize = 3;

/// What became of some words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wording {
    /// In both.
    Kept,
    /// Asked for, and not in what the model drew from.
    LeftOut,
    /// The model's own.
    Added,
}

/// Words one after the other of which the same became, with the spaces after them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stretch {
    /// What became of them.
    pub wording: Wording,
    /// The words.
    pub words: String,
}

/// The way from the prompt asked to the prompt revised; `None` when a text is too long to be compared.
///
/// Case and punctuation make no other word. Of scripts without spaces, each sign is a word.
pub fn rewording(asked: &str, revised: &str) -> Option<Vec<Stretch>> {
    let (asked, revised) = (words(asked), words(revised));
    if asked.len() > WORDS_MAX || revised.len() > WORDS_MAX {
        return None;
    }
    let keys = |words: &[&str]| words.iter().map(|word| key(word)).collect::<Vec<_>>();
    let mut steps: Vec<(Wording, &str)> = Vec::new();
    for step in capture_diff_slices(Algorithm::Myers, &keys(&asked), &keys(&revised)) {
        let (tag, old, new) = step.as_tag_tuple();
        let old = asked.get(old).unwrap_or_default().iter().map(|word| (Wording::LeftOut, *word));
        let new = revised.get(new).unwrap_or_default().iter();
        match tag {
            DiffTag::Equal => steps.extend(new.map(|word| (Wording::Kept, *word))),
            DiffTag::Delete | DiffTag::Insert | DiffTag::Replace => {
                steps.extend(old);
                steps.extend(new.map(|word| (Wording::Added, *word)));
            }
        }
    }
    Some(stretches(&without_fillers(steps)))
}

/// A kept `the` between two changes is no news: it belongs to both sides.
fn without_fillers(steps: Vec<(Wording, &str)>) -> Vec<(Wording, &str)> {
    let changed = |step: Option<&(Wording, &str)>| step.is_some_and(|(wording, _)| *wording != Wording::Kept);
    let is_filler = |place: usize, word: &str| {
        place > 0
            && changed(steps.get(place - 1))
            && changed(steps.get(place + 1))
            && key(word).chars().count() <= FILLER_MAX
    };
    let mut kept = Vec::with_capacity(steps.len());
    for (place, &(wording, word)) in steps.iter().enumerate() {
        if wording == Wording::Kept && is_filler(place, word) {
            kept.extend([(Wording::LeftOut, word), (Wording::Added, word)]);
        } else {
            kept.push((wording, word));
        }
    }
    kept
}

/// Neighbours of one kind together; of a change, first what was left out, then what was added.
fn stretches(steps: &[(Wording, &str)]) -> Vec<Stretch> {
    let mut found: Vec<Stretch> = Vec::new();
    for change in steps.chunk_by(|(a, _), (b, _)| (*a == Wording::Kept) == (*b == Wording::Kept)) {
        for wording in [Wording::Kept, Wording::LeftOut, Wording::Added] {
            let words: String = change.iter().filter(|(of, _)| *of == wording).map(|(_, word)| *word).collect();
            if !words.is_empty() {
                found.push(Stretch { wording, words });
            }
        }
    }
    found
}

/// The words of a text, each with the spaces after it.
fn words(text: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut rest = text.trim();
    while !rest.is_empty() {
        let (word, after) = rest.split_at(word_end(rest));
        words.push(word);
        rest = after;
    }
    words
}

/// Where the first word and the spaces after it end.
fn word_end(text: &str) -> usize {
    let mut in_space = false;
    let mut signs = text.char_indices().peekable();
    while let Some((_, sign)) = signs.next() {
        let Some(&(next_at, next)) = signs.peek() else { break };
        in_space |= sign.is_whitespace();
        let ends = if in_space { !next.is_whitespace() } else { stands_alone(sign) || stands_alone(next) };
        if ends && !(stands_alone(sign) && (next.is_whitespace() || is_mark(next))) {
            return next_at;
        }
    }
    text.len()
}

/// A sign of a script that puts no spaces between words.
const fn stands_alone(sign: char) -> bool {
    matches!(sign, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

/// Punctuation, which belongs to the word before it.
const fn is_mark(sign: char) -> bool {
    sign.is_ascii_punctuation()
        || matches!(sign, '\u{3000}'..='\u{303f}' | '\u{ff00}'..='\u{ff0f}' | '\u{ff1a}'..='\u{ff20}')
}

/// By this two words are the same.
fn key(word: &str) -> String {
    let bare = word.trim_matches(|sign: char| !sign.is_alphanumeric());
    if bare.is_empty() { word.trim().to_owned() } else { bare.to_lowercase() }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// `[left out]`, `{added}`, the rest kept.
    fn shown(asked: &str, revised: &str) -> String {
        let mut text = String::new();
        for Stretch { wording, words } in rewording(asked, revised).unwrap() {
            let words = words.trim_end();
            match wording {
                Wording::Kept => text.push_str(words),
                Wording::LeftOut => text.extend(["[", words, "]"]),
                Wording::Added => text.extend(["{", words, "}"]),
            }
            text.push('|');
        }
        text
    }

    #[test]
    fn what_was_left_out_and_added_stands_where_it_changed() {
        assert_eq!(shown("a red fox in snow", "a red fox in snow"), "a red fox in snow|");
        assert_eq!(shown("a red fox in snow", "A tall red fox, in deep snow."), "A|{tall}|red fox, in|{deep}|snow.|");
        assert_eq!(shown("a fox, oil painting", "a fox"), "a fox|[oil painting]|");
        assert_eq!(shown("", "a fox"), "{a fox}|");
    }

    #[test]
    fn case_and_punctuation_change_no_word_and_a_filler_is_no_news() {
        assert_eq!(shown("lighthouse at dusk", "Lighthouse, at dusk!"), "Lighthouse, at dusk!|");
        assert_eq!(
            shown("old man and the sea", "young girl and a boat"),
            "[old man and the sea]|{young girl and a boat}|"
        );
    }

    #[test]
    fn signs_without_spaces_are_words_of_their_own() {
        assert_eq!(words("灯塔在黄昏。 a fox"), ["灯", "塔", "在", "黄", "昏。 ", "a ", "fox"]);
        assert_eq!(shown("黄昏的灯塔", "黄昏中的白色灯塔"), "黄昏|[的]|{中的白色}|灯塔|");
    }

    #[test]
    fn a_text_too_long_to_compare_is_not_compared() {
        assert_eq!(rewording(&"word ".repeat(WORDS_MAX + 1), "a fox"), None);
        assert!(rewording(&"word ".repeat(WORDS_MAX), &"other ".repeat(WORDS_MAX)).is_some());
    }

    proptest! {
        #[test]
        fn both_texts_can_be_read_from_it(asked in "[abc ,.灯塔]{0,40}", revised in "[abc ,.灯塔]{0,40}") {
            let stretches = rewording(&asked, &revised).unwrap();
            let side = |without: Wording| {
                let stretches = stretches.iter().filter(|stretch| stretch.wording != without);
                stretches.map(|stretch| stretch.words.as_str()).collect::<String>()
            };
            let drawn_from = side(Wording::LeftOut);
            prop_assert_eq!(drawn_from.trim(), revised.trim());
            // Kept words are written as in the revised prompt: letters are the same, spaces and marks need not be.
            let letters = |text: &str| text.chars().filter(|sign| sign.is_alphanumeric()).collect::<String>();
            prop_assert_eq!(letters(&side(Wording::Added)), letters(&asked));
        }
    }
}
