//! The tables, and the number that tells their version.

use rusqlite::{Connection, Result};

/// The version of the tables below. An index of another version is made anew: nothing is lost with it.
pub(super) const VERSION: i64 = 3;

/// Room between the numbers of two runs, so that an older run can be put between them.
pub(super) const RUN_STEP: i64 = 1 << 20;

/// Numbers of one run's images; a run has at most a thousand.
pub(super) const SLOTS: i64 = 1 << 10;

/// `runs.seq` is a run's place in time; an image's id is made from it, so that ids going up are the sheet from its top: the
/// text tables are read a third faster that way than downwards. `images` holds numbers only, so that a search reads few
/// pages; `names` are those of models and endpoints. Images of a run that follow each other with the same words share one
/// text, which goes by the id of the first: most runs have one. The two text tables keep no copy of the text: `words` finds
/// the beginnings of words and, letter by letter, what is written without spaces; `parts` finds any three letters in a row.
const TABLES: &str = "
CREATE TABLE runs (
    run INTEGER PRIMARY KEY,
    seq INTEGER NOT NULL UNIQUE,
    stamp INTEGER NOT NULL
);
CREATE TABLE names (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE
);
CREATE TABLE images (
    id INTEGER PRIMARY KEY,
    run INTEGER NOT NULL,
    slot INTEGER NOT NULL,
    mark INTEGER NOT NULL,
    binned INTEGER NOT NULL,
    model INTEGER NOT NULL,
    endpoint INTEGER NOT NULL,
    width INTEGER NOT NULL,
    height INTEGER NOT NULL,
    made_at INTEGER NOT NULL,
    text INTEGER NOT NULL
);
CREATE TABLE texts (
    id INTEGER PRIMARY KEY,
    prompt TEXT NOT NULL,
    revised TEXT
);
CREATE VIRTUAL TABLE words USING fts5(
    prompt, revised, model,
    content = '', contentless_delete = 1, prefix = '1 2', tokenize = 'unicode61 remove_diacritics 2'
);
CREATE VIRTUAL TABLE parts USING fts5(
    prompt, revised, model,
    content = '', contentless_delete = 1, tokenize = 'trigram remove_diacritics 1'
);
";

/// The tables that hold what is in the library.
pub(super) const TABLES_FILLED: [&str; 6] = ["runs", "names", "images", "texts", "words", "parts"];

/// What makes the index fast enough and safe enough for a cache.
pub(super) fn prepare(connection: &Connection) -> Result<()> {
    // Readers go on while one writes. The last changes may be lost with the power; the folders still have them.
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "NORMAL")
}

/// The version of the tables in a file; 0 in a new one.
pub(super) fn version(connection: &Connection) -> Result<i64> {
    connection.pragma_query_value(None, "user_version", |row| row.get(0))
}

/// Makes the tables in an empty file.
pub(super) fn create(connection: &mut Connection) -> Result<()> {
    let transaction = connection.transaction()?;
    transaction.execute_batch(TABLES)?;
    transaction.pragma_update(None, "user_version", VERSION)?;
    transaction.commit()
}
