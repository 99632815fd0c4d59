//! Files in whatever state a cache folder leaves them.

use super::super::sample::{self, run, stored};
use super::*;

fn all(index: &Index) -> usize {
    sample::all(index, "").len()
}

/// A cache folder with an index of one image; the index is closed.
fn with_one() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let index = Index::open(folder.path(), Path::new("/library")).unwrap();
    index.put(&[run(1, "a fox", vec![stored()])]).unwrap();
    let file = index.file().unwrap().to_owned();
    (folder, file)
}

fn reopen(folder: &tempfile::TempDir) -> Index {
    Index::open(folder.path(), Path::new("/library")).unwrap()
}

#[test]
fn an_index_is_there_again_and_each_library_has_its_own() {
    let (folder, file) = with_one();
    let index = reopen(&folder);
    assert_eq!((all(&index), index.is_new(), index.file()), (1, false, Some(file.as_path())));
    let other = Index::open(folder.path(), Path::new("/other")).unwrap();
    assert_eq!((all(&other), other.is_new()), (0, true));
}

#[test]
fn what_is_damaged_or_of_another_version_is_put_aside_and_made_anew() {
    let harms: [fn(&Path); 5] = [
        |file| fs::write(file, "no database at all").unwrap(),
        |file| {
            let mut bytes = fs::read(file).unwrap();
            bytes[100..4096].fill(0xff);
            fs::write(file, bytes).unwrap();
        },
        |file| {
            let bytes = fs::read(file).unwrap();
            fs::write(file, &bytes[..bytes.len() / 3]).unwrap();
        },
        |file| Connection::open(file).unwrap().pragma_update(None, "user_version", VERSION + 1).unwrap(),
        |file| Connection::open(file).unwrap().execute_batch("DROP TABLE images").unwrap(),
    ];
    for (number, harm) in harms.iter().enumerate() {
        let (folder, file) = with_one();
        harm(&file);
        let index = reopen(&folder);
        assert_eq!((all(&index), index.is_new()), (0, true), "harm {number}");
        assert_eq!(index.file(), Some(file.as_path()), "harm {number}");
        assert!(with_ending(&file, ".aside").exists(), "harm {number}");
        index.put(&[run(1, "a fox", vec![stored()])]).unwrap();
        assert_eq!(all(&reopen(&folder)), 1, "harm {number}");
    }
}

#[test]
fn an_index_that_breaks_while_it_is_open_goes_on_empty() {
    let (folder, file) = with_one();
    let index = reopen(&folder);
    Connection::open(&file).unwrap().execute_batch("DROP TABLE images").unwrap();
    assert!(index.put(&[run(2, "a hare", vec![stored()])]).is_err());
    index.put(&[run(2, "a hare", vec![stored()])]).unwrap();
    assert_eq!(all(&index), 1);
    assert!(with_ending(&file, ".aside").exists());
}

#[test]
fn where_no_file_can_be_it_is_kept_in_memory() {
    let folder = tempfile::tempdir().unwrap();
    let no_folder = folder.path().join("file");
    fs::write(&no_folder, "").unwrap();
    let index = Index::open(&no_folder, Path::new("/library")).unwrap();
    assert_eq!(index.file(), None);
    index.put(&[run(1, "a fox", vec![stored()])]).unwrap();
    assert_eq!(all(&index), 1);
}

#[test]
fn a_locked_file_holds_nobody_up() {
    let (folder, file) = with_one();
    let other = Connection::open(&file).unwrap();
    other.execute_batch("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; DELETE FROM runs;").unwrap();
    let index = Index::open_waiting(folder.path(), Path::new("/library"), Duration::ZERO).unwrap();
    let stored = index.put(&[run(1, "a fox", vec![stored()])]);
    assert!(index.file().is_none() == stored.is_ok(), "in memory, or it says that it cannot be written");
    drop(other);
    assert_eq!(all(&reopen(&folder)), 1, "what was there is there");
}

#[test]
fn a_search_goes_on_while_something_is_written() {
    let (folder, _) = with_one();
    let index = reopen(&folder);
    let seen = index.with("writing", |connection| {
        let transaction = connection.transaction()?;
        transaction.execute("DELETE FROM images", [])?;
        // On another thread, as the window's questions are.
        let seen = std::thread::scope(|scope| scope.spawn(|| all(&index)).join().unwrap());
        transaction.commit()?;
        Ok(seen)
    });
    assert_eq!((seen.unwrap(), all(&index)), (1, 0), "before and after");
}

#[test]
fn an_index_that_is_found_damaged_by_a_search_says_so_once() {
    let (folder, file) = with_one();
    let index = reopen(&folder);
    Connection::open(&file).unwrap().execute_batch("DROP TABLE images").unwrap();
    assert!(index.find(&crate::domain::Query::default(), |_| (), || true).is_err());
    assert_eq!((index.was_emptied(), index.was_emptied()), (true, false));
    index.put(&[run(2, "a hare", vec![stored()])]).unwrap();
    assert_eq!(all(&index), 1, "it is whole again, and searched");
}
