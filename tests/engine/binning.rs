//! The bin and the index through the engine, and from a terminal.

use std::time::Duration;

use proofsheet::domain::{ImageId, Mark, Query, Run, RunId};
use proofsheet::index::{Index, Stamp};
use proofsheet::library::{Library, Places, check};
use proofsheet::message::{Command, Event};

use super::answers::pictures;
use super::bench::{Bench, draft, endpoint};
use super::program::Program;
use super::server::Server;

/// Waits until the run on the disk is so: what is written a moment later cannot be waited for otherwise.
#[track_caller]
fn until_kept(bench: &Bench, run: RunId, fits: impl Fn(&Run) -> bool) {
    for _ in 0..1_000 {
        if fits(&bench.kept(run)) {
            return;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    panic!("it never was so: {:#?}", bench.kept(run));
}

fn closed(bench: Bench) -> (tempfile::TempDir, Index) {
    let Bench { handle, folder, .. } = bench;
    assert!(handle.shut_down(Duration::from_secs(10)));
    let places = Places::find(Some(&folder.path().join("home"))).unwrap();
    let index = Index::open(&places.cache, &folder.path().join("library")).unwrap();
    assert!(!index.is_new() && index.file().is_some());
    (folder, index)
}

fn found(index: &Index, words: &str) -> Vec<ImageId> {
    let query = Query { words: words.to_owned(), ..Query::default() };
    index.find(&query, |_| (), || true).unwrap().unwrap().images
}

#[test]
fn a_deleted_image_is_in_the_bin_soon_and_comes_back() {
    let server = Server::always(pictures([1, 2]));
    let mut bench = Bench::new();
    let run = bench.generate(&endpoint(&server), &draft(2)).id;
    let image = ImageId { run, slot: 0 };
    bench.give(Command::SetBinned(vec![(image, true)]));
    until_kept(&bench, run, |run| run.binned.contains(&0));
    let bytes = bench.file(run, 0);
    assert!(bench.handle.image_path(image).unwrap().starts_with(bench.library().join(".proofsheet/bin")));
    assert!(check(&bench.library()).is_clean());
    bench.give(Command::SetBinned(vec![(image, false)]));
    until_kept(&bench, run, |run| run.binned.is_empty());
    assert_eq!(bench.file(run, 0), bytes);
    assert!(check(&bench.library()).is_clean());
}

#[test]
fn deleted_and_taken_back_within_a_moment_is_as_if_nothing_was() {
    let server = Server::always(pictures([1]));
    let mut bench = Bench::new();
    let run = bench.generate(&endpoint(&server), &draft(1));
    let image = ImageId { run: run.id, slot: 0 };
    for binned in [true, false, true, false] {
        bench.give(Command::SetBinned(vec![(image, binned)]));
    }
    let (folder, _) = closed(bench);
    let (_, opened) = Library::open(&folder.path().join("library")).unwrap();
    assert_eq!(opened.runs, [run]);
}

#[test]
fn what_cannot_be_moved_is_told() {
    let server = Server::always(pictures([1]));
    let mut bench = Bench::new();
    let run = bench.generate(&endpoint(&server), &draft(1)).id;
    let image = ImageId { run, slot: 0 };
    // A file where the bin should be.
    std::fs::write(bench.library().join(".proofsheet/bin"), "in the way").unwrap();
    bench.give(Command::SetBinned(vec![(image, true)]));
    let event = bench.until(|event| matches!(event, Event::Unmoved { .. }));
    let Event::Unmoved { images, binned, failure } = event else { panic!() };
    assert_eq!((images, binned), (vec![image], false));
    assert!(failure.sentence.starts_with("The image could not be moved to the bin"), "{failure:?}");
    assert!(bench.kept(run).binned.is_empty());
}

#[test]
fn the_index_follows_what_is_stored_marked_and_deleted() {
    let server = Server::always(pictures([1, 2]));
    let mut bench = Bench::new();
    let run = bench.generate(&endpoint(&server), &draft(2)).id;
    bench.give(Command::SetMarks(vec![(ImageId { run, slot: 0 }, Mark::Pick)]));
    bench.give(Command::SetBinned(vec![(ImageId { run, slot: 1 }, true)]));
    let (folder, index) = closed(bench);
    assert_eq!(found(&index, "red fox").len(), 2);
    let (_, opened) = Library::open(&folder.path().join("library")).unwrap();
    let stamps = opened.runs.iter().map(|run| (run.id, Stamp::of(run))).collect();
    let changes = index.reconcile(&stamps, |_| None).unwrap();
    assert_eq!((changes.runs, changes.gone), (0, 0), "it already holds what the folders say");
}

#[test]
fn what_changed_in_the_folders_meanwhile_is_in_the_index_after_opening() {
    let server = Server::always(pictures([1]));
    let mut bench = Bench::new();
    let first = bench.generate(&endpoint(&server), &draft(1)).id;
    let second = bench.generate(&endpoint(&server), &draft(1)).id;
    let (folder, index) = closed(bench);
    assert_eq!(found(&index, "fox").len(), 2);
    drop(index);
    let root = folder.path().join("library");
    let path = |run| Library::open(&root).unwrap().0.image_path(ImageId { run, slot: 0 }).unwrap();
    std::fs::remove_dir_all(path(first).parent().unwrap()).unwrap();
    std::fs::rename(path(second).parent().unwrap(), root.join("renamed")).unwrap();
    let mut bench = Bench::of(folder);
    bench.until(|event| matches!(event, Event::LibraryOpened { .. }));
    let (_folder, index) = closed(bench);
    assert_eq!(found(&index, "fox"), [ImageId { run: second, slot: 0 }]);
}

#[test]
fn rebuild_makes_the_index_from_the_folders_whatever_it_was() {
    let server = Server::always(pictures([1, 2]));
    let program = Program::new();
    assert_eq!(program.generate(&server, &["a red fox", "-n", "2", "--model", "gateway"]).code, 0);
    let cache = program.folder.path().join("home/cache");
    let rebuilt = |code: i32, says: &str| {
        let output = program.run(&["rebuild"]);
        let text = String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(code), "{text}");
        assert!(text.contains(says), "{says} in {text}");
    };
    rebuilt(0, "1 runs, 2 images");
    let file = Index::open(&cache, &program.library()).unwrap().file().unwrap().to_owned();
    std::fs::write(&file, "no database").unwrap();
    rebuilt(0, "1 runs, 2 images");
    assert_eq!(found(&Index::open(&cache, &program.library()).unwrap(), "fox").len(), 2);
    assert!(std::fs::read_dir(program.library()).unwrap().all(|entry| entry.unwrap().file_name() != "index"));
    std::fs::create_dir(program.library().join("broken")).unwrap();
    std::fs::write(program.library().join("broken/run.json"), "{").unwrap();
    rebuilt(1, "broken/run.json");
    std::fs::remove_dir_all(&cache).unwrap();
    std::fs::write(&cache, "a file").unwrap();
    rebuilt(1, "cannot be kept");
    std::fs::remove_dir_all(program.library()).unwrap();
    rebuilt(1, "cannot be opened");
    assert!(!program.library().exists(), "nothing is made");
}
