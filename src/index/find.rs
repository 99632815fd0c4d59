//! Finding: from a question to the images that answer it, and how many there would be with other filters.

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension as _, Result, Row, params_from_iter};

use super::letters::{quoted, spaced};
use super::store::Index;
use crate::domain::{
    Failure, Found, ImageId, Mark, Query, RunId, Span, Tallies, Timestamp, Words, is_unspaced, ranked,
};

/// Images told of before all are found: as many as the largest screen shows at once.
pub const FIRST: usize = 200;

/// After so many rows it is looked whether anybody still wants the answer.
const ROWS_BETWEEN: usize = 256;

/// The number of a name that is not in the index.
const NOBODY: i64 = -1;

impl Index {
    /// The images that answer a question. `on_first` gets the first [`FIRST`] of them as soon as they are known; when
    /// `goes_on` says no, the rest is not looked for and there is no answer.
    pub fn find(
        &self,
        query: &Query,
        on_first: impl FnOnce(&[ImageId]),
        goes_on: impl Fn() -> bool,
    ) -> std::result::Result<Option<Found>, Failure> {
        self.read("The search did not work", |connection| find(connection, query, on_first, goes_on))
    }
}

fn find(
    connection: &Connection,
    query: &Query,
    on_first: impl FnOnce(&[ImageId]),
    goes_on: impl Fn() -> bool,
) -> Result<Option<Found>> {
    let (sql, values) = statement(&query.words);
    let mut pass = Pass::new(connection, query)?;
    let mut on_first = Some(on_first);
    let mut images = Vec::new();
    let mut shown = 0;
    let is_open = query.is_open();
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query(params_from_iter(values))?;
    let mut seen = 0_usize;
    while let Some(row) = rows.next()? {
        let taken = pass.take(row)?;
        seen += 1;
        if seen.is_multiple_of(ROWS_BETWEEN) && !goes_on() {
            return Ok(None);
        }
        if is_open || !taken.is_found {
            continue;
        }
        images.push(taken.image);
        shown += usize::from(taken.is_shown);
        if shown == FIRST
            && let Some(on_first) = on_first.take()
        {
            on_first(&images);
        }
    }
    Ok(Some(Found { images, tallies: Some(pass.tallies(connection)?) }))
}

/// The words as the two tables want them: a match for each, empty when that table is not asked.
fn matches(words: &str) -> (String, String) {
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
    (parts.join(" AND "), starts.join(" AND "))
}

/// The statement that walks through what has these words, newest first, with its values.
fn statement(words: &str) -> (&'static str, Vec<String>) {
    let (parts, starts) = matches(words);
    match (parts.is_empty(), starts.is_empty()) {
        (true, true) => (
            "SELECT run, slot, mark, binned, model, endpoint, width, height, made_at FROM images ORDER BY id DESC",
            vec![],
        ),
        // The text table is walked through, and each row looked up: in the order of the sheet, so that the first are
        // known before the last are found.
        (false, true) => (
            "SELECT run, slot, mark, binned, images.model, endpoint, width, height, made_at
             FROM parts CROSS JOIN images ON images.id = parts.rowid WHERE parts MATCH ? ORDER BY parts.rowid DESC",
            vec![parts],
        ),
        (true, false) => (
            "SELECT run, slot, mark, binned, images.model, endpoint, width, height, made_at
             FROM words CROSS JOIN images ON images.id = words.rowid WHERE words MATCH ? ORDER BY words.rowid DESC",
            vec![starts],
        ),
        (false, false) => (
            "SELECT run, slot, mark, binned, images.model, endpoint, width, height, made_at
             FROM parts CROSS JOIN images ON images.id = parts.rowid
             WHERE parts MATCH ? AND parts.rowid IN (SELECT rowid FROM words WHERE words MATCH ?)
             ORDER BY parts.rowid DESC",
            vec![parts, starts],
        ),
    }
}

/// One walk through everything that has the words.
struct Pass<'q> {
    query: &'q Query,
    model: Option<i64>,
    endpoint: Option<i64>,
    models: BTreeMap<i64, usize>,
    endpoints: BTreeMap<i64, usize>,
    sizes: BTreeMap<(u32, u32), usize>,
    spans: Vec<usize>,
}

/// What became of one row.
struct Taken {
    image: ImageId,
    /// All filters but that of marks let it through: marks change faster than the index.
    is_found: bool,
    /// That one does, too.
    is_shown: bool,
}

impl<'q> Pass<'q> {
    fn new(connection: &Connection, query: &'q Query) -> Result<Self> {
        let number = |name: Option<&String>| -> Result<Option<i64>> {
            let Some(name) = name else { return Ok(None) };
            let mut known = connection.prepare_cached("SELECT id FROM names WHERE name = ?")?;
            Ok(Some(known.query_row([name], |row| row.get(0)).optional()?.unwrap_or(NOBODY)))
        };
        Ok(Self {
            query,
            model: number(query.narrow.model.as_ref())?,
            endpoint: number(query.narrow.endpoint.as_ref())?,
            models: BTreeMap::new(),
            endpoints: BTreeMap::new(),
            sizes: BTreeMap::new(),
            spans: vec![0; query.spans.len()],
        })
    }

    fn take(&mut self, row: &Row<'_>) -> Result<Taken> {
        let image = ImageId { run: RunId::from_number(row.get::<_, i64>(0)?.cast_unsigned()), slot: row.get(1)? };
        let (mark, binned) = (mark(row.get(2)?), row.get(3)?);
        let (model, endpoint): (i64, i64) = (row.get(4)?, row.get(5)?);
        let size: (u32, u32) = (row.get(6)?, row.get(7)?);
        let made_at = Timestamp(u64::try_from(row.get::<_, i64>(8)?).unwrap_or_default());
        let narrow = &self.query.narrow;
        let fits = [
            self.model.is_none_or(|wanted| wanted == model),
            self.endpoint.is_none_or(|wanted| wanted == endpoint),
            narrow.size.is_none_or(|wanted| wanted == size),
            narrow.made.is_none_or(|span| span.holds(made_at)),
        ];
        let is_shown = self.query.filter.takes(mark, binned);
        if is_shown {
            // One filter's choices are counted under all the others.
            let but = |this: usize| fits.iter().enumerate().all(|(filter, fits)| filter == this || *fits);
            if but(0) {
                *self.models.entry(model).or_default() += 1;
            }
            if but(1) {
                *self.endpoints.entry(endpoint).or_default() += 1;
            }
            if but(2) && size.0 > 0 && size.1 > 0 {
                *self.sizes.entry(size).or_default() += 1;
            }
            if but(3) {
                let held = |span: &Span| usize::from(span.holds(made_at));
                self.spans.iter_mut().zip(&self.query.spans).for_each(|(count, span)| *count += held(span));
            }
        }
        let is_found = fits.iter().all(|fits| *fits);
        Ok(Taken { image, is_found, is_shown: is_found && is_shown })
    }

    fn tallies(self, connection: &Connection) -> Result<Tallies> {
        let mut named = connection.prepare_cached("SELECT name FROM names WHERE id = ?")?;
        let mut names = |counts: &BTreeMap<i64, usize>| -> Result<Vec<(String, usize)>> {
            let mut by_name = BTreeMap::new();
            for (number, count) in counts {
                let name: Option<String> = named.query_row([number], |row| row.get(0)).optional()?;
                by_name.extend(name.map(|name| (name, *count)));
            }
            Ok(ranked(&by_name))
        };
        let (models, endpoints) = (names(&self.models)?, names(&self.endpoints)?);
        Ok(Tallies { models, endpoints, sizes: ranked(&self.sizes), spans: self.spans })
    }
}

const fn mark(number: u8) -> Mark {
    match number {
        1 => Mark::Pick,
        2 => Mark::Reject,
        _ => Mark::None,
    }
}

#[cfg(test)]
mod tests;
