//! The walk through everything that has the words of a question, in the order of the sheet.

use std::cmp::Ordering;

use rusqlite::types::Value;
use rusqlite::{Connection, Result, Row, Rows, params_from_iter};

use super::letters::{quoted, spaced};
use super::schema::SLOTS;
use crate::domain::{Words, is_unspaced};

/// The words as the two text tables want them: a match for all of them, empty when that table is not asked.
pub(super) struct Walk {
    parts: String,
    starts: String,
}

impl Walk {
    pub(super) fn new(words: &str) -> Self {
        let (mut parts, mut starts) = (Vec::new(), Vec::new());
        for word in Words::new(words).iter() {
            if word.text.chars().any(is_unspaced) {
                // A phrase of single letters; what stands at its end may go on.
                let letters = spaced(&word.text);
                let phrase = letters.split_whitespace().map(quoted).collect::<Vec<_>>().join(" + ");
                starts.push(format!("{phrase} *"));
            } else if word.anywhere {
                parts.push(quoted(&word.text));
            } else {
                starts.push(format!("{} *", quoted(&word.text)));
            }
        }
        Self { parts: parts.join(" AND "), starts: starts.join(" AND ") }
    }

    /// Takes up these columns of each image that has the words and meets a condition on `images`, ` AND ...` with its
    /// `values`; until `each` says no, and then the answer is `false`.
    pub(super) fn each(
        &self,
        connection: &Connection,
        columns: &str,
        condition: &str,
        values: &[i64],
        each: impl FnMut(&Row<'_>) -> Result<bool>,
    ) -> Result<bool> {
        // The images of a text follow each other from its id on.
        let of_text = |text: &str| {
            format!("images.id BETWEEN {text} AND {text} + {} AND images.text = {text}{condition}", SLOTS - 1)
        };
        let values = values.iter().copied().map(Value::from);
        let (table, matched) = match (self.parts.is_empty(), self.starts.is_empty()) {
            (true, true) => {
                let sql = format!("SELECT {columns} FROM images WHERE true{condition} ORDER BY id");
                let mut statement = connection.prepare_cached(&sql)?;
                return all(statement.query(params_from_iter(values))?, each);
            }
            (false, true) => ("parts", &self.parts),
            (true, false) => ("words", &self.starts),
            (false, false) => {
                let sql = format!("SELECT {columns} FROM images WHERE {} ORDER BY id", of_text("?1"));
                return self.each_of_both(connection, &sql, &values.collect::<Vec<_>>(), each);
            }
        };
        // The text table is walked through, and the images of each text looked up, so that the first are known before the
        // last are found.
        let sql = format!(
            "SELECT {columns} FROM {table} CROSS JOIN images ON {} WHERE {table} MATCH ? ORDER BY {table}.rowid",
            of_text(&format!("{table}.rowid"))
        );
        let mut statement = connection.prepare_cached(&sql)?;
        let values = values.chain([Value::from(matched.clone())]);
        all(statement.query(params_from_iter(values))?, each)
    }

    /// The same where both tables have a say. They are walked side by side: asked for what is in both, SQLite looks for
    /// each text of the one anew in the other, which takes half a minute with a hundred thousand images.
    fn each_of_both(
        &self,
        connection: &Connection,
        of_text: &str,
        values: &[Value],
        mut each: impl FnMut(&Row<'_>) -> Result<bool>,
    ) -> Result<bool> {
        let mut parts = connection.prepare_cached("SELECT rowid FROM parts WHERE parts MATCH ? ORDER BY rowid")?;
        let mut starts = connection.prepare_cached("SELECT rowid FROM words WHERE words MATCH ? ORDER BY rowid")?;
        let mut images = connection.prepare_cached(of_text)?;
        let (mut parts, mut starts) = (parts.query([&self.parts])?, starts.query([&self.starts])?);
        let next = |rows: &mut Rows<'_>| rows.next()?.map(|row| row.get::<_, i64>(0)).transpose();
        let (mut part, mut start) = (next(&mut parts)?, next(&mut starts)?);
        while let (Some(in_parts), Some(in_starts)) = (part, start) {
            match in_parts.cmp(&in_starts) {
                Ordering::Less => part = next(&mut parts)?,
                Ordering::Greater => start = next(&mut starts)?,
                Ordering::Equal => {
                    let values = [Value::from(in_parts)].into_iter().chain(values.iter().cloned());
                    if !all(images.query(params_from_iter(values))?, &mut each)? {
                        return Ok(false);
                    }
                    (part, start) = (next(&mut parts)?, next(&mut starts)?);
                }
            }
        }
        Ok(true)
    }
}

/// `false` when it was left before its end.
fn all(mut rows: Rows<'_>, mut each: impl FnMut(&Row<'_>) -> Result<bool>) -> Result<bool> {
    while let Some(row) = rows.next()? {
        if !each(row)? {
            return Ok(false);
        }
    }
    Ok(true)
}
