//! A library of several pieces: the newest runs are told at once, the others follow, and nothing is left out.

use std::path::Path;

use proofsheet::domain::{Catalogue, Draft, EndpointName, Format, ImageId, Mark, Run, RunId, Slot, Timestamp};
use proofsheet::index::{Index, Stamp};
use proofsheet::library::{Library, NewImage, Places};
use proofsheet::message::{Command, Event};

use super::answers::png;
use super::bench::Bench;

/// Three pieces and a bit.
const RUNS: u64 = 600;

/// Runs of one image each, a minute apart.
fn fill(root: &Path) {
    let (library, _) = Library::open(root).unwrap();
    let draft = Draft { prompt: "a fox".to_owned(), model: "any".to_owned(), images: 1, ..Draft::default() };
    let request = draft.check(Catalogue::load(None).unwrap().find("any"), &[]).unwrap();
    for number in 1..=RUNS {
        let made_at = Timestamp(1_795_000_000_000 + number * 60_000);
        let run = Run {
            id: RunId::from_number(number),
            slots: vec![Slot::Waiting],
            binned: std::collections::BTreeSet::new(),
            endpoint: EndpointName::new("here").unwrap(),
            demo: false,
            made_at,
            model_answered: None,
            notes: Vec::new(),
            request: request.clone().into(),
        };
        library.begin_run(&run).unwrap();
        let new = NewImage { format: Format::Png, width: 1, height: 1, revised_prompt: None, made_at, took_millis: 1 };
        library.store_image(ImageId { run: run.id, slot: 0 }, &png((number % 250) as u8), new).unwrap();
    }
}

/// What was told of the library, piece by piece, and whether each said that there is no more.
fn pieces(bench: &Bench) -> Vec<(Vec<u64>, bool)> {
    let numbers = |runs: &[Run]| runs.iter().map(|run| run.id.number()).collect();
    let piece = |event: &Event| match event {
        Event::LibraryOpened { runs, .. } => Some((numbers(runs), false)),
        Event::RunsRead { runs, whole, .. } => Some((numbers(runs), *whole)),
        _ => None,
    };
    bench.events.iter().filter_map(piece).collect()
}

#[test]
fn the_newest_runs_are_told_at_once_and_all_in_the_end() {
    let folder = tempfile::tempdir().unwrap();
    fill(&folder.path().join("library"));
    let mut bench = Bench::of(folder);
    bench.until(|event| matches!(event, Event::RunsRead { whole: true, .. }));
    let told = pieces(&bench);
    assert!(told[0].0.len() < 100, "the first piece waits for no more: {}", told[0].0.len());
    assert!(told.len() > 3 && told.iter().all(|(runs, _)| runs.len() <= 256), "{told:?}");
    let all: Vec<u64> = told.iter().flat_map(|(runs, _)| runs.iter().copied()).collect();
    assert_eq!(all, (1..=RUNS).rev().collect::<Vec<u64>>(), "newest first, each once");
    assert_eq!(told.iter().filter(|(_, whole)| *whole).count(), 1, "the last says that there is no more");

    // The oldest rests on the disk by now.
    let oldest = RunId::from_number(1);
    bench.give(Command::SetMarks(vec![(ImageId { run: oldest, slot: 0 }, Mark::Pick)]));
    let Bench { handle, folder, .. } = bench;
    assert!(handle.shut_down(std::time::Duration::from_secs(30)));
    let (library, opened) = Library::open(&folder.path().join("library")).unwrap();
    assert_eq!(library.run(oldest).unwrap().facts(0).map(|facts| facts.mark), Some(Mark::Pick));
    let places = Places::find(Some(&folder.path().join("home"))).unwrap();
    let index = Index::open(&places.cache, library.root()).unwrap();
    let stamps = opened.runs.iter().map(|run| (run.id, Stamp::of(run))).collect();
    let changes = index.reconcile(&stamps, |_| panic!("it is in the index")).unwrap();
    assert_eq!((changes.runs, changes.gone), (0, 0));
}
