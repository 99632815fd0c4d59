//! The fuzz targets on their seeds and on a fixed number of mutations of them: the same ones in every run.
//!
//! `fuzz/` runs the same functions for as long as one likes.
#![cfg(test)]

#[path = "../../fuzz/src/targets.rs"]
#[expect(unreachable_pub, reason = "in its own crate the targets are shown to the fuzzer's programs")]
mod targets;

mod mutate;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use mutate::Mutator;

/// Every seed of a target, by name, so that the order is the same everywhere.
fn seeds(target: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(target);
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files.iter().map(|file| std::fs::read(file).unwrap()).collect()
}

/// Runs a target on its seeds and on `count` mutations. What it dies of is printed whole, to become a test of its own.
#[track_caller]
fn run(target: &str, check: fn(&[u8]), count: usize) {
    let seeds = seeds(target);
    assert!(seeds.len() >= 5, "{target} has {} seeds", seeds.len());
    let mut mutator = Mutator::new(&seeds);
    let mutations = std::iter::from_fn(|| Some(mutator.next())).take(count);
    for data in seeds.iter().cloned().chain(mutations) {
        let lives = catch_unwind(AssertUnwindSafe(|| check(&data))).is_ok();
        assert!(lives, "{target} dies of b\"{}\"", data.escape_ascii());
    }
}

#[test]
fn the_answer_reader_takes_anything() {
    run("answer", targets::answer, 6_000);
}

#[test]
fn the_event_stream_takes_anything() {
    run("events", targets::events, 6_000);
}

#[test]
fn failures_are_sorted_whatever_is_said() {
    run("fault", targets::fault, 6_000);
}

#[test]
fn pictures_are_decoded_or_refused() {
    run("picture", targets::picture, 3_000);
}

/// The net has no hole: a target that dies is told.
#[test]
fn a_target_that_dies_is_told() {
    let told = catch_unwind(|| run("answer", |data| assert!(!data.starts_with(b"\x00")), 2_000));
    assert!(told.is_err());
}
