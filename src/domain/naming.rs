//! File names that every system takes, made from a pattern or a prompt.

use sanitise_file_name::{Options, sanitise_with_options};

/// The longest stem in bytes: leaves room for ` (999).suffix` under the 255 bytes file systems take, and stays readable.
const STEM_MAX_BYTES: usize = 120;

/// The longest part of a prompt in a run's folder name, in bytes.
const FOLDER_PROMPT_MAX_BYTES: usize = 60;

/// The most characters of a prompt where an image is called by it.
const PROMPT_CHARS: usize = 60;

/// How saved picks are named. Words in braces are replaced: see [`NamePattern::WORDS`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamePattern(String);

/// Why a text is no pattern, as a sentence for the field.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NamePatternError {
    /// Nothing was typed.
    #[error("Enter a pattern, like {{date}} {{prompt}} {{n}}")]
    Empty,
    /// A word in braces that nothing replaces.
    #[error("{{{0}}} is not known; use {{date}}, {{time}}, {{prompt}}, {{model}}, {{size}} or {{n}}")]
    UnknownWord(String),
    /// A brace that is not closed.
    #[error("A brace is open or closed without its partner")]
    Brace,
}

/// What the words of a pattern become.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NameFacts {
    /// `2026-11-22`
    pub date: String,
    /// `1305`
    pub time: String,
    /// The whole prompt.
    pub prompt: String,
    /// The model's id.
    pub model: String,
    /// `1024x1024`
    pub size: String,
    /// The image's number in its run, from 1.
    pub n: u32,
}

impl NamePattern {
    /// The words that are replaced.
    pub const WORDS: [&str; 6] = ["date", "time", "prompt", "model", "size", "n"];

    /// Reads a pattern.
    pub fn parse(text: &str) -> Result<Self, NamePatternError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(NamePatternError::Empty);
        }
        for piece in pieces(text) {
            match piece {
                Piece::Word(word) if !Self::WORDS.contains(&word) => {
                    return Err(NamePatternError::UnknownWord(word.to_owned()));
                }
                Piece::Stray => return Err(NamePatternError::Brace),
                _ => {}
            }
        }
        Ok(Self(text.to_owned()))
    }

    /// The pattern as typed.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// A file's stem for these facts: no separator, no reserved name, at most 120 bytes, never empty.
    ///
    /// Long prompts are cut so that what stands after them (the number, say) stays.
    pub fn stem(&self, facts: &NameFacts) -> String {
        let fixed: usize = self.expand(facts, "").len();
        let line = one_line(&facts.prompt);
        let prompt = cut(&line, STEM_MAX_BYTES.saturating_sub(fixed));
        let stem = safe(&self.expand(facts, prompt));
        cut(&stem, STEM_MAX_BYTES).trim_end_matches([' ', '.']).to_owned()
    }

    fn expand(&self, facts: &NameFacts, prompt: &str) -> String {
        let mut stem = String::new();
        for piece in pieces(&self.0) {
            match piece {
                Piece::Text(text) => stem.push_str(text),
                Piece::Word("date") => stem.push_str(&facts.date),
                Piece::Word("time") => stem.push_str(&facts.time),
                Piece::Word("prompt") => stem.push_str(prompt),
                Piece::Word("model") => stem.push_str(&facts.model),
                Piece::Word("size") => stem.push_str(&facts.size),
                Piece::Word("n") => stem.push_str(&facts.n.to_string()),
                Piece::Word(_) | Piece::Stray => {}
            }
        }
        stem
    }
}

impl Default for NamePattern {
    fn default() -> Self {
        Self("{date} {prompt} {n}".to_owned())
    }
}

enum Piece<'a> {
    Text(&'a str),
    Word(&'a str),
    Stray,
}

fn pieces(pattern: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = pattern;
    while !rest.is_empty() {
        let Some((text, after)) = rest.split_once('{') else {
            pieces.push(if rest.contains('}') { Piece::Stray } else { Piece::Text(rest) });
            break;
        };
        if text.contains('}') {
            pieces.push(Piece::Stray);
        } else if !text.is_empty() {
            pieces.push(Piece::Text(text));
        }
        match after.split_once('}') {
            Some((word, after)) if !word.contains('{') => {
                pieces.push(Piece::Word(word));
                rest = after;
            }
            _ => {
                pieces.push(Piece::Stray);
                break;
            }
        }
    }
    pieces
}

/// The prompt's part of a run's folder name: one line, lower-case kept as typed, cut at a word, safe everywhere.
pub fn folder_stem(prompt: &str) -> String {
    let stem = safe(cut(&one_line(prompt), FOLDER_PROMPT_MAX_BYTES));
    let stem = stem.trim_end_matches([' ', '.', ',']);
    if stem.contains(char::is_alphanumeric) { stem.to_owned() } else { "run".to_owned() }
}

/// The start of a prompt on one line, cut between words.
pub fn prompt_start(prompt: &str) -> String {
    let mut start = String::new();
    let mut length = 0;
    for word in prompt.split_whitespace() {
        let word_length = word.chars().count();
        if length + word_length > PROMPT_CHARS {
            if length == 0 {
                start.extend(word.chars().take(PROMPT_CHARS));
            }
            start.push('…');
            return start;
        }
        if !start.is_empty() {
            start.push(' ');
        }
        start.push_str(word);
        length += word_length + 1;
    }
    start
}

/// The `attempt`-th name for a stem: itself, then `stem (2)`, `stem (3)`, ...
pub fn numbered(stem: &str, attempt: u32) -> String {
    if attempt <= 1 { stem.to_owned() } else { format!("{stem} ({attempt})") }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The longest start of `text` within `max_bytes`, cut at a space when one is near.
fn cut(text: &str, max_bytes: usize) -> &str {
    if text.len() <= max_bytes {
        return text;
    }
    let mut end = max_bytes;
    while end > 0 && !text.is_char_boundary(end) {
        end -= 1;
    }
    let head = text.get(..end).unwrap_or_default();
    match head.rfind(' ') {
        Some(space) if space * 3 >= end * 2 => head.get(..space).unwrap_or(head),
        _ => head,
    }
}

fn safe(text: &str) -> String {
    // Invisible marks that turn the direction of text could make `gnp.exe` read as `exe.png`.
    let text: String = text
        .chars()
        .filter(
            |c| !matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}'),
        )
        .collect();
    let options = Options { extension_cleverness: false, ..Options::DEFAULT };
    sanitise_with_options(text.trim_start_matches(['.', '~', ' ']), &options)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn facts(prompt: &str) -> NameFacts {
        NameFacts {
            date: "2026-11-22".to_owned(),
            time: "1305".to_owned(),
            prompt: prompt.to_owned(),
            model: "dall-e-3".to_owned(),
            size: "1024x1024".to_owned(),
            n: 3,
        }
    }

    #[test]
    fn the_default_pattern_reads_well() {
        let stem = NamePattern::default().stem(&facts("A lighthouse\n at dusk"));
        assert_eq!(stem, "2026-11-22 A lighthouse at dusk 3");
    }

    #[test]
    fn a_long_prompt_leaves_the_number() {
        let stem = NamePattern::default().stem(&facts(&"word ".repeat(500)));
        assert!(stem.ends_with(" 3"), "{stem}");
        assert!(stem.len() <= STEM_MAX_BYTES);
    }

    #[test]
    fn patterns_are_checked() {
        assert!(NamePattern::parse("{prompt}-{n}").is_ok());
        assert_eq!(NamePattern::parse(" "), Err(NamePatternError::Empty));
        assert_eq!(NamePattern::parse("{seed}"), Err(NamePatternError::UnknownWord("seed".to_owned())));
        for text in ["{n", "n}", "{{n}}", "a}{n}"] {
            assert!(NamePattern::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn names_that_systems_refuse_are_mended() {
        for prompt in ["CON", "../../etc/passwd", "a:b*c?d", "nul\0", "...", "", "a\u{202e}gnp.exe"] {
            let stem = NamePattern::parse("{prompt}").unwrap().stem(&facts(prompt));
            assert!(
                !stem.is_empty() && !stem.contains(['/', '\\', ':', '\0', '*', '?', '\u{202e}']),
                "{prompt:?}: {stem:?}"
            );
            assert!(!stem.eq_ignore_ascii_case("con") && !stem.starts_with('.'), "{stem:?}");
        }
    }

    #[test]
    fn folders_are_named_after_the_prompt() {
        assert_eq!(folder_stem("a lighthouse at dusk"), "a lighthouse at dusk");
        assert_eq!(folder_stem("..."), "run");
        assert!(folder_stem(&"狐".repeat(300)).len() <= FOLDER_PROMPT_MAX_BYTES);
        assert_eq!((numbered("x", 1), numbered("x", 3)), ("x".to_owned(), "x (3)".to_owned()));
    }

    #[test]
    fn a_long_prompt_is_cut_between_words() {
        assert_eq!(prompt_start("  a lighthouse\nat dusk "), "a lighthouse at dusk");
        let start = prompt_start(&"lighthouse ".repeat(20));
        assert!(start.ends_with("lighthouse…") && start.chars().count() <= PROMPT_CHARS + 1, "{start}");
        assert_eq!(prompt_start(&"灯".repeat(200)).chars().count(), PROMPT_CHARS + 1);
    }

    proptest! {
        #[test]
        fn any_prompt_makes_a_usable_name(prompt in "\\PC{0,300}|[\\x00-\\x7f]{0,300}") {
            for stem in [NamePattern::default().stem(&facts(&prompt)), folder_stem(&prompt)] {
                prop_assert!(!stem.is_empty() && stem.len() <= STEM_MAX_BYTES);
                prop_assert!(!stem.contains(['/', '\\', '\0']) && !stem.starts_with('.') && !stem.ends_with([' ', '.']));
            }
        }
    }
}
