//! Finding: from the words typed to the images that have them all.

use rusqlite::{Connection, Result, params_from_iter};

use super::letters::{is_unspaced, quoted, spaced};
use super::store::Index;
use crate::domain::{Failure, ImageId, RunId};

/// Words of a query that count; what is typed beyond them cannot make a search slow.
const WORDS_MAX: usize = 12;

/// What is looked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    /// As typed. Each word must be somewhere in the prompt, the revised prompt or the model's id.
    pub words: String,
    /// At most so many images, the newest; `None`: all.
    pub most: Option<u32>,
}

/// What was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// In the order of the sheet: newest run first, then by place.
    pub images: Vec<ImageId>,
}

/// One word, and the table that can find it.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Word {
    /// Any three letters in a row are found.
    Part(String),
    /// Too short for that: the beginning of a word, or letters of a script without spaces.
    Start(String),
}

impl Word {
    fn new(word: &str) -> Option<Self> {
        if word.chars().any(is_unspaced) {
            // A phrase of single letters; what stands at its end may go on.
            let letters = spaced(word);
            let phrase = letters.split_whitespace().map(quoted).collect::<Vec<_>>().join(" + ");
            return Some(Self::Start(format!("{phrase} *")));
        }
        // Without a letter or digit there is nothing the tokenizer would keep.
        if !word.chars().any(char::is_alphanumeric) {
            return None;
        }
        if word.chars().count() >= 3 {
            return Some(Self::Part(quoted(word)));
        }
        Some(Self::Start(format!("{} *", quoted(word))))
    }
}

/// The words as the two tables want them: a match for each, empty when that table is not asked.
fn matches(words: &str) -> (String, String) {
    let words: Vec<Word> = words.split_whitespace().filter_map(Word::new).take(WORDS_MAX).collect();
    let join = |pick: fn(&Word) -> Option<&String>| words.iter().filter_map(pick).cloned().collect::<Vec<_>>();
    let parts = join(|word| if let Word::Part(text) = word { Some(text) } else { None });
    let starts = join(|word| if let Word::Start(text) = word { Some(text) } else { None });
    (parts.join(" AND "), starts.join(" AND "))
}

impl Index {
    /// The images that match, newest first.
    pub fn find(&self, query: &Query) -> std::result::Result<Found, Failure> {
        self.read("The search did not work", |connection| find(connection, query))
    }
}

fn find(connection: &Connection, query: &Query) -> Result<Found> {
    let (parts, starts) = matches(&query.words);
    let mut values: Vec<String> = Vec::new();
    let ids = match (parts.is_empty(), starts.is_empty()) {
        (true, true) => "SELECT id FROM images ORDER BY id DESC",
        (false, true) => {
            values.push(parts);
            "SELECT rowid AS id FROM parts WHERE parts MATCH ? ORDER BY rowid DESC"
        }
        (true, false) => {
            values.push(starts);
            "SELECT rowid AS id FROM words WHERE words MATCH ? ORDER BY rowid DESC"
        }
        (false, false) => {
            values.extend([parts, starts]);
            "SELECT rowid AS id FROM parts WHERE parts MATCH ?
             AND rowid IN (SELECT rowid FROM words WHERE words MATCH ?) ORDER BY rowid DESC"
        }
    };
    let most = query.most.map_or_else(|| "-1".to_owned(), |most| most.to_string());
    let sql = format!(
        "SELECT images.run, images.slot FROM ({ids} LIMIT {most}) AS found
         JOIN images ON images.id = found.id ORDER BY images.id DESC"
    );
    let mut statement = connection.prepare_cached(&sql)?;
    let rows = statement.query_map(params_from_iter(values), |row| {
        Ok(ImageId { run: RunId::from_number(row.get::<_, i64>(0)?.cast_unsigned()), slot: row.get(1)? })
    })?;
    Ok(Found { images: rows.collect::<Result<_>>()? })
}

#[cfg(test)]
mod tests;
