//! Finding: from a question to the images that answer it, and how many there would be with other filters.

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension as _, Result, Row};

use super::store::Index;
use super::walk::Walk;
use crate::domain::{Failure, Found, ImageId, Mark, Narrow, Query, RunId, Span, Tallies, Timestamp, ranked};

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
    let walk = Walk::new(&query.words);
    let wanted = Wanted::new(connection, &query.narrow)?;
    let is_open = query.is_open();
    let mut seen = 0_usize;
    let mut is_wanted = move || {
        seen += 1;
        !seen.is_multiple_of(ROWS_BETWEEN) || goes_on()
    };
    if !is_open && let Some(first) = first(connection, &walk, &wanted, query)? {
        on_first(&first);
    }
    let mut pass = Pass::new(query, wanted);
    let mut images = Vec::new();
    let is_done = walk.each(connection, FACTS, "", &[], |row| {
        let (image, is_found) = pass.take(row)?;
        if is_found && !is_open {
            images.push(image);
        }
        Ok(is_wanted())
    })?;
    if !is_done {
        return Ok(None);
    }
    Ok(Some(Found { images, tallies: Some(pass.tallies(connection)?) }))
}

/// What is read of every image that has the words; [`Pass::take`] goes by their order.
const FACTS: &str = "run, slot, mark, binned, images.model, endpoint, width, height, made_at";

/// The first [`FIRST`] of the images found, with the filters left to the database and nothing counted; `None` when there are
/// not so many. A walk of its own, since nothing else answers within a small part of a frame.
fn first(connection: &Connection, walk: &Walk, wanted: &Wanted, query: &Query) -> Result<Option<Vec<ImageId>>> {
    let (narrow, values) = wanted.condition(&query.narrow);
    let (mut images, mut shown) = (Vec::new(), 0);
    let is_done = walk.each(connection, "run, slot, mark, binned", &narrow, &values, |row| {
        images.push(image(row)?);
        shown += usize::from(query.filter.takes(mark(row.get(2)?), row.get(3)?));
        Ok(shown < FIRST)
    })?;
    Ok((!is_done).then_some(images))
}

fn image(row: &Row<'_>) -> Result<ImageId> {
    Ok(ImageId { run: RunId::from_number(row.get::<_, i64>(0)?.cast_unsigned()), slot: row.get(1)? })
}

/// The numbers of the names that are filtered for.
struct Wanted {
    model: Option<i64>,
    endpoint: Option<i64>,
}

impl Wanted {
    fn new(connection: &Connection, narrow: &Narrow) -> Result<Self> {
        let number = |name: Option<&String>| -> Result<Option<i64>> {
            let Some(name) = name else { return Ok(None) };
            let mut known = connection.prepare_cached("SELECT id FROM names WHERE name = ?")?;
            Ok(Some(known.query_row([name], |row| row.get(0)).optional()?.unwrap_or(NOBODY)))
        };
        Ok(Self { model: number(narrow.model.as_ref())?, endpoint: number(narrow.endpoint.as_ref())? })
    }

    /// The filters as a condition on `images`, with its values; [`Pass::take`] is the same row by row.
    fn condition(&self, narrow: &Narrow) -> (String, Vec<i64>) {
        let mut condition = String::new();
        let mut values = Vec::new();
        let mut must = |what: &str, value: i64| {
            condition.push_str(" AND images.");
            condition.push_str(what);
            values.push(value);
        };
        self.model.into_iter().for_each(|model| must("model = ?", model));
        self.endpoint.into_iter().for_each(|endpoint| must("endpoint = ?", endpoint));
        if let Some((width, height)) = narrow.size {
            must("width = ?", i64::from(width));
            must("height = ?", i64::from(height));
        }
        if let Some(Span { from, to }) = narrow.made {
            must("made_at >= ?", i64::try_from(from.0).unwrap_or(i64::MAX));
            must("made_at < ?", i64::try_from(to.0).unwrap_or(i64::MAX));
        }
        (condition, values)
    }
}

/// One walk through everything that has the words.
struct Pass<'q> {
    query: &'q Query,
    wanted: Wanted,
    models: BTreeMap<i64, usize>,
    endpoints: BTreeMap<i64, usize>,
    sizes: BTreeMap<(u32, u32), usize>,
    spans: Vec<usize>,
}

impl<'q> Pass<'q> {
    fn new(query: &'q Query, wanted: Wanted) -> Self {
        Self {
            query,
            wanted,
            models: BTreeMap::new(),
            endpoints: BTreeMap::new(),
            sizes: BTreeMap::new(),
            spans: vec![0; query.spans.len()],
        }
    }

    /// Counts one image; says whether all filters but that of marks let it through: marks change faster than the index.
    fn take(&mut self, row: &Row<'_>) -> Result<(ImageId, bool)> {
        let image = image(row)?;
        let (mark, binned) = (mark(row.get(2)?), row.get(3)?);
        let (model, endpoint): (i64, i64) = (row.get(4)?, row.get(5)?);
        let size: (u32, u32) = (row.get(6)?, row.get(7)?);
        let made_at = Timestamp(u64::try_from(row.get::<_, i64>(8)?).unwrap_or_default());
        let narrow = &self.query.narrow;
        let fits = [
            self.wanted.model.is_none_or(|wanted| wanted == model),
            self.wanted.endpoint.is_none_or(|wanted| wanted == endpoint),
            narrow.size.is_none_or(|wanted| wanted == size),
            narrow.made.is_none_or(|span| span.holds(made_at)),
        ];
        if self.query.filter.takes(mark, binned) {
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
        Ok((image, fits.iter().all(|fits| *fits)))
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
