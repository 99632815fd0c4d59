//! Keeping the index up to date: run by run, and all of it at once.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use rusqlite::{CachedStatement, Connection, OptionalExtension as _, Result, Transaction, params};
use sha2::{Digest as _, Sha256};

use super::letters::spaced;
use super::schema::{RUN_STEP, SLOTS, TABLES_FILLED};
use super::store::Index;
use crate::domain::{Failure, ImageFacts, Mark, Run, RunId, Slot};

/// What was changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// Runs written.
    pub runs: usize,
    /// Images written.
    pub images: usize,
    /// Runs taken out: they are not in the library any more.
    pub gone: usize,
}

/// Tells whether a run is in the index as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stamp(i64);

impl Stamp {
    /// That of a run as it is now.
    pub fn of(run: &Run) -> Self {
        Self(stamp(run))
    }
}

impl Index {
    /// Writes runs as they are now.
    pub fn put(&self, runs: &[Run]) -> std::result::Result<Changes, Failure> {
        self.with("The index could not be changed", |connection| {
            let transaction = connection.transaction()?;
            let mut changes = Changes::default();
            for run in runs {
                changes.images += put_run(&transaction, run)?;
                changes.runs += 1;
            }
            transaction.commit()?;
            Ok(changes)
        })
    }

    /// Brings the index to what the library is: `read` gives the runs that are not in it as they are, the rest is taken
    /// out.
    pub fn reconcile(
        &self,
        stamps: &BTreeMap<RunId, Stamp>,
        read: impl FnMut(RunId) -> Option<Run>,
    ) -> std::result::Result<Changes, Failure> {
        self.with("The index could not be brought up to date", |connection| reconcile(connection, stamps, read))
    }

    /// Makes the whole index again. Others that read go on with the old one until it is done.
    pub fn rebuild(&self, runs: &[Run]) -> std::result::Result<Changes, Failure> {
        self.with("The index could not be made again", |connection| {
            let transaction = connection.transaction()?;
            for table in TABLES_FILLED {
                transaction.execute(&format!("DELETE FROM {table}"), [])?;
            }
            let mut changes = Changes::default();
            let mut newest_first: Vec<&Run> = runs.iter().collect();
            newest_first.sort_by_key(|run| Reverse(run.id));
            // In the order of the ids: a text table writes out all it has gathered when one goes back.
            for (place, run) in (1_i64..=i64::try_from(runs.len()).unwrap_or(i64::MAX)).rev().zip(newest_first) {
                changes.images += write_run(&transaction, run, place * RUN_STEP)?;
                changes.runs += 1;
            }
            for table in ["words", "parts"] {
                // One tree instead of one for every few hundred rows.
                transaction.execute(&format!("INSERT INTO {table}({table}) VALUES ('optimize')"), [])?;
            }
            transaction.commit()?;
            Ok(changes)
        })
    }
}

fn reconcile(
    connection: &mut Connection,
    stamps: &BTreeMap<RunId, Stamp>,
    mut read: impl FnMut(RunId) -> Option<Run>,
) -> Result<Changes> {
    let transaction = connection.transaction()?;
    let mut known: BTreeMap<i64, i64> = {
        let mut statement = transaction.prepare("SELECT run, stamp FROM runs")?;
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        rows.collect::<Result<_>>()?
    };
    let mut changes = Changes::default();
    // Newest first: in the order of the ids, as when all is made again.
    for (&id, &Stamp(stamp)) in stamps.iter().rev() {
        if known.get(&key(id)) == Some(&stamp) {
            known.remove(&key(id));
        } else if let Some(run) = read(id) {
            known.remove(&key(id));
            changes.images += put_run(&transaction, &run)?;
            changes.runs += 1;
        }
    }
    for gone in known.into_keys() {
        take_out(&transaction, gone)?;
        changes.gone += 1;
    }
    transaction.commit()?;
    Ok(changes)
}

/// A run's key: the number's bits.
const fn key(run: RunId) -> i64 {
    run.number().cast_signed()
}

/// Puts a run in the place of what was there; says how many images it has.
fn put_run(transaction: &Transaction<'_>, run: &Run) -> Result<usize> {
    let mut known = transaction.prepare_cached("SELECT seq FROM runs WHERE run = ?")?;
    let seq = known.query_row([key(run.id)], |row| row.get(0)).optional()?;
    let seq = if let Some(seq) = seq {
        take_out(transaction, key(run.id))?;
        seq
    } else {
        free_place(transaction, run.id)?
    };
    write_run(transaction, run, seq)
}

/// A number between those of the runs made before and after.
fn free_place(transaction: &Transaction<'_>, run: RunId) -> Result<i64> {
    let mut before = transaction.prepare_cached("SELECT max(seq) FROM runs WHERE run < ?")?;
    let mut after = transaction.prepare_cached("SELECT min(seq) FROM runs WHERE run > ?")?;
    let before = before.query_row([key(run)], |row| row.get::<_, Option<i64>>(0))?;
    let after = after.query_row([key(run)], |row| row.get::<_, Option<i64>>(0))?;
    let (before, after) = match (before, after) {
        (Some(before), Some(after)) => (before, after),
        (Some(before), None) => return Ok(before + RUN_STEP),
        (None, Some(after)) => return Ok(after - RUN_STEP),
        (None, None) => return Ok(RUN_STEP),
    };
    let middle = before.midpoint(after);
    if middle > before {
        return Ok(middle);
    }
    // No number is left between the two: all are spread out again.
    spread(transaction)?;
    free_place(transaction, run)
}

/// Gives every run a new number with room around it.
fn spread(transaction: &Transaction<'_>) -> Result<()> {
    transaction.execute_batch(
        "DROP TABLE IF EXISTS temp.kept;
         CREATE TEMP TABLE kept AS SELECT images.*, prompt, revised, name AS model_name
             FROM images JOIN texts ON texts.id = images.text JOIN names ON names.id = model;
         DROP TABLE IF EXISTS temp.places;
         CREATE TEMP TABLE places AS SELECT run, row_number() OVER (ORDER BY run) AS place FROM runs;
         UPDATE runs SET seq = seq - (1 << 50);",
    )?;
    transaction.execute(
        "UPDATE runs SET seq = ?1 * (SELECT place FROM temp.places WHERE temp.places.run = runs.run)",
        [RUN_STEP],
    )?;
    for table in ["images", "texts", "words", "parts"] {
        transaction.execute(&format!("DELETE FROM {table}"), [])?;
    }
    let mut rows = Rows::new(transaction)?;
    let mut statement = transaction.prepare(
        "SELECT runs.seq, kept.run, slot, mark, binned, model, endpoint, width, height, made_at, prompt, revised, model_name
         FROM temp.kept JOIN runs ON runs.run = kept.run ORDER BY runs.seq DESC, slot",
    )?;
    let mut kept = statement.query([])?;
    while let Some(row) = kept.next()? {
        rows.insert(&Row {
            seq: row.get(0)?,
            run: row.get(1)?,
            slot: row.get(2)?,
            mark: row.get(3)?,
            binned: row.get(4)?,
            model: row.get(5)?,
            endpoint: row.get(6)?,
            width: row.get(7)?,
            height: row.get(8)?,
            made_at: row.get(9)?,
            prompt: &row.get::<_, String>(10)?,
            revised: row.get::<_, Option<String>>(11)?.as_deref(),
            model_name: &row.get::<_, String>(12)?,
        })?;
    }
    Ok(())
}

fn take_out(transaction: &Transaction<'_>, run: i64) -> Result<()> {
    let mut known = transaction.prepare_cached("SELECT seq FROM runs WHERE run = ?")?;
    let Some(seq) = known.query_row([run], |row| row.get::<_, i64>(0)).optional()? else { return Ok(()) };
    let ids = params![first_id(seq), first_id(seq) + SLOTS - 1];
    for table in ["words", "parts"] {
        let sql = format!("DELETE FROM {table} WHERE rowid IN (SELECT text FROM images WHERE id BETWEEN ? AND ?)");
        transaction.prepare_cached(&sql)?.execute(ids)?;
    }
    for table in ["images", "texts"] {
        transaction.prepare_cached(&format!("DELETE FROM {table} WHERE id BETWEEN ? AND ?"))?.execute(ids)?;
    }
    transaction.prepare_cached("DELETE FROM runs WHERE run = ?")?.execute([run])?;
    Ok(())
}

/// The least id an image of a run in this place can have: the newest run has the least ids of all.
const fn first_id(seq: i64) -> i64 {
    -seq * SLOTS
}

/// The number a name goes by.
fn name_number(transaction: &Transaction<'_>, name: &str) -> Result<i64> {
    transaction.prepare_cached("INSERT OR IGNORE INTO names (name) VALUES (?)")?.execute([name])?;
    transaction.prepare_cached("SELECT id FROM names WHERE name = ?")?.query_row([name], |row| row.get(0))
}

fn write_run(transaction: &Transaction<'_>, run: &Run, seq: i64) -> Result<usize> {
    let mut enter = transaction.prepare_cached("INSERT INTO runs (run, seq, stamp) VALUES (?, ?, ?)")?;
    enter.execute([key(run.id), seq, stamp(run)])?;
    let model = name_number(transaction, run.request.model.as_str())?;
    let endpoint = name_number(transaction, run.endpoint.as_str())?;
    let mut rows = Rows::new(transaction)?;
    let mut count = 0;
    for (slot, state) in (0_u16..).zip(&run.slots) {
        let Slot::Stored(ImageFacts { revised_prompt, mark, width, height, made_at, .. }) = state else { continue };
        rows.insert(&Row {
            seq,
            run: key(run.id),
            slot,
            mark: mark_number(*mark),
            binned: run.binned.contains(&slot),
            model,
            endpoint,
            width: *width,
            height: *height,
            made_at: i64::try_from(made_at.0).unwrap_or(i64::MAX),
            prompt: run.request.prompt.as_str(),
            revised: revised_prompt.as_deref(),
            model_name: run.request.model.as_str(),
        })?;
        count += 1;
    }
    Ok(count)
}

/// One image as it is written.
struct Row<'a> {
    seq: i64,
    run: i64,
    slot: u16,
    mark: u8,
    binned: bool,
    model: i64,
    endpoint: i64,
    width: u32,
    height: u32,
    made_at: i64,
    prompt: &'a str,
    revised: Option<&'a str>,
    model_name: &'a str,
}

/// The statements that write an image.
struct Rows<'t> {
    /// The text written last: of which run, its id, and how the prompt was rewritten.
    last: Option<(i64, i64, Option<String>)>,
    image: CachedStatement<'t>,
    texts: CachedStatement<'t>,
    words: CachedStatement<'t>,
    parts: CachedStatement<'t>,
}

impl<'t> Rows<'t> {
    fn new(transaction: &'t Transaction<'_>) -> Result<Self> {
        Ok(Self {
            last: None,
            image: transaction.prepare_cached(
                "INSERT INTO images (id, run, slot, mark, binned, model, endpoint, width, height, made_at, text) \
                 VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            )?,
            texts: transaction.prepare_cached("INSERT INTO texts (id, prompt, revised) VALUES (?, ?, ?)")?,
            words: transaction
                .prepare_cached("INSERT INTO words (rowid, prompt, revised, model) VALUES (?, ?, ?, ?)")?,
            parts: transaction
                .prepare_cached("INSERT INTO parts (rowid, prompt, revised, model) VALUES (?, ?, ?, ?)")?,
        })
    }

    fn insert(&mut self, row: &Row<'_>) -> Result<()> {
        // Ids go up as the sheet goes down.
        let id = first_id(row.seq) + i64::from(row.slot);
        let shared =
            self.last.as_ref().filter(|(run, _, revised)| *run == row.run && revised.as_deref() == row.revised);
        let text = shared.map_or(id, |(_, text, _)| *text);
        self.image.execute(params![
            id,
            row.run,
            row.slot,
            row.mark,
            row.binned,
            row.model,
            row.endpoint,
            row.width,
            row.height,
            row.made_at,
            text,
        ])?;
        if text == id {
            self.texts.execute(params![id, row.prompt, row.revised])?;
            let revised = row.revised.unwrap_or_default();
            self.words.execute(params![id, spaced(row.prompt), spaced(revised), row.model_name])?;
            self.parts.execute(params![id, row.prompt, revised, row.model_name])?;
            self.last = Some((row.run, id, row.revised.map(str::to_owned)));
        }
        Ok(())
    }
}

const fn mark_number(mark: Mark) -> u8 {
    match mark {
        Mark::None => 0,
        Mark::Pick => 1,
        Mark::Reject => 2,
    }
}

/// Changes with everything of a run that the index holds.
fn stamp(run: &Run) -> i64 {
    let mut hasher = Sha256::new();
    let mut text = |part: &str| {
        hasher.update((part.len() as u64).to_le_bytes());
        hasher.update(part.as_bytes());
    };
    let request = &run.request;
    text(request.prompt.as_str());
    text(request.model.as_str());
    text(run.endpoint.as_str());
    for (slot, state) in (0_u16..).zip(&run.slots) {
        let Slot::Stored(facts) = state else { continue };
        text(&format!(
            "{slot} {} {} {} {} {}",
            facts.mark.word(),
            facts.width,
            facts.height,
            facts.made_at.0,
            run.binned.contains(&slot)
        ));
        text(facts.revised_prompt.as_deref().unwrap_or("\0"));
    }
    let digest = hasher.finalize();
    digest.iter().take(8).fold(0_i64, |stamp, byte| (stamp << 8) | i64::from(*byte))
}

#[cfg(test)]
mod tests;
