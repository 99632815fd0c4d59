//! What a screen reader says about a tile.

use super::Tile;
use crate::domain::{Mark, Slot};

/// The most characters of a prompt in a tile's name.
const PROMPT_CHARS: usize = 60;

/// `3 of 12, picked, a lighthouse at dusk, 1024 by 1024`.
pub(in crate::ui) fn image_name(tile: &Tile<'_>) -> String {
    let mut parts = vec![format!("{} of {}", tile.position, tile.of)];
    match tile.slot {
        Slot::Stored(facts) if facts.mark != Mark::None => parts.push(facts.mark.word().to_owned()),
        Slot::Stored(_) => {}
        Slot::Waiting => parts.push("waiting".to_owned()),
        Slot::Gone => parts.push("emptied from the bin".to_owned()),
        Slot::Failed(failure) => parts.push(format!("failed: {}", failure.title())),
    }
    parts.push(prompt_start(tile.run.request.prompt.as_str()));
    if let Slot::Stored(facts) = tile.slot
        && facts.width > 0
    {
        parts.push(format!("{} by {}", facts.width, facts.height));
    }
    parts.join(", ")
}

/// The start of a prompt on one line, cut between words.
pub(in crate::ui) fn prompt_start(prompt: &str) -> String {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_prompt_is_cut_between_words() {
        assert_eq!(prompt_start("  a lighthouse\nat dusk "), "a lighthouse at dusk");
        let start = prompt_start(&"lighthouse ".repeat(20));
        assert!(start.ends_with("lighthouse…") && start.chars().count() <= PROMPT_CHARS + 1, "{start}");
        assert_eq!(prompt_start(&"灯".repeat(200)).chars().count(), PROMPT_CHARS + 1);
    }
}
