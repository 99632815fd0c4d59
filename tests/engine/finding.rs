//! The search through the engine: the newest question is answered, and again whenever the index changes.

use std::path::PathBuf;

use proofsheet::domain::{Filter, Found, ImageId, Mark, Narrow, Query};
use proofsheet::index::Index;
use proofsheet::library::Places;
use proofsheet::message::{Command, Event, IndexState};
use rusqlite::Connection;

use super::answers::pictures;
use super::bench::{Bench, draft, endpoint};
use super::server::Server;

fn ask(bench: &Bench, number: u64, query: Query) {
    bench.give(Command::Find { number, query: Some(Box::new(query)) });
}

fn words(words: &str) -> Query {
    Query { words: words.to_owned(), ..Query::default() }
}

/// The whole answer to a question, once it names so many images.
#[track_caller]
fn answer(bench: &mut Bench, number: u64, images: usize) -> Found {
    let fits = |event: &Event| {
        matches!(event, Event::Found { number: of, found }
        if *of == number && found.tallies.is_some() && found.images.len() == images)
    };
    let Event::Found { found, .. } = bench.until(fits) else { panic!("an answer") };
    found
}

#[test]
fn a_question_is_answered_and_again_when_more_is_stored() {
    let server = Server::always(pictures([1, 2]));
    let mut bench = Bench::new();
    bench.until(|event| *event == Event::Index(IndexState::Ready));
    ask(&bench, 7, words("fox"));
    assert_eq!(answer(&mut bench, 7, 0).images, []);
    let run = bench.generate(&endpoint(&server), &draft(2)).id;
    let found = answer(&mut bench, 7, 2);
    assert_eq!(found.images, [ImageId { run, slot: 0 }, ImageId { run, slot: 1 }]);
    assert_eq!(found.tallies.unwrap().models, [("gateway-model".to_owned(), 2)]);
    bench.events.clear();
    bench.give(Command::SetMarks(vec![(ImageId { run, slot: 0 }, Mark::Pick)]));
    ask(&bench, 8, Query { filter: Filter::Picks, ..words("red") });
    let fits = |event: &Event| {
        matches!(event, Event::Found { number: 8, found }
        if found.tallies.as_ref().is_some_and(|tallies| tallies.models == [("gateway-model".to_owned(), 1)]))
    };
    bench.until(fits);
    ask(&bench, 9, Query { narrow: Narrow { model: Some("other".to_owned()), ..Narrow::default() }, ..words("") });
    assert_eq!(answer(&mut bench, 9, 0).images, []);
}

#[test]
fn a_question_taken_back_is_not_answered_again() {
    let server = Server::always(pictures([1]));
    let mut bench = Bench::new();
    bench.until(|event| *event == Event::Index(IndexState::Ready));
    ask(&bench, 1, words("fox"));
    answer(&mut bench, 1, 0);
    bench.give(Command::Find { number: 2, query: None });
    bench.generate(&endpoint(&server), &draft(1));
    ask(&bench, 3, words("fox"));
    answer(&mut bench, 3, 1);
    let told = bench.count(|event| matches!(event, Event::Found { number: 1, .. }));
    assert_eq!(told, 1);
}

/// The file of the bench's index.
fn index_file(bench: &Bench) -> PathBuf {
    let places = Places::find(Some(&bench.folder.path().join("home"))).unwrap();
    Index::open(&places.cache, &bench.library()).unwrap().file().unwrap().to_owned()
}

#[test]
fn the_search_goes_on_while_another_program_makes_the_index_again() {
    let server = Server::always(pictures([1, 2]));
    let mut bench = Bench::new();
    bench.generate(&endpoint(&server), &draft(2));
    ask(&bench, 1, words("fox"));
    answer(&mut bench, 1, 2);
    // In the middle of what `rebuild` does: everything is deleted, nothing is written yet, and nobody else may write.
    let other = Connection::open(index_file(&bench)).unwrap();
    other.execute_batch("BEGIN IMMEDIATE; DELETE FROM images; DELETE FROM words; DELETE FROM parts;").unwrap();
    ask(&bench, 2, words("red"));
    answer(&mut bench, 2, 2);
    other.execute_batch("ROLLBACK").unwrap();
    drop(other);
    // And the whole of it, beside the open window.
    let home = bench.folder.path().join("home");
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_proofsheet"))
        .args(["rebuild", "--home"])
        .arg(&home)
        .arg("--library")
        .arg(bench.library())
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    ask(&bench, 3, words("red fox"));
    answer(&mut bench, 3, 2);
    let run = bench.generate(&endpoint(&server), &draft(2)).id;
    let found = answer(&mut bench, 3, 4);
    assert_eq!(found.images[0], ImageId { run, slot: 0 }, "what comes later is entered");
}

#[test]
fn an_index_that_breaks_under_the_window_is_made_again_and_answers() {
    let server = Server::always(pictures([1, 2]));
    let mut bench = Bench::new();
    bench.generate(&endpoint(&server), &draft(2));
    ask(&bench, 1, words("fox"));
    answer(&mut bench, 1, 2);
    Connection::open(index_file(&bench)).unwrap().execute_batch("DROP TABLE images").unwrap();
    bench.events.clear();
    ask(&bench, 2, words("red"));
    bench.until(|event| matches!(event, Event::Index(IndexState::Missing(_))));
    bench.until(|event| *event == Event::Index(IndexState::Ready));
    answer(&mut bench, 2, 2);
}
