//! What the person at the window feels: saving a pick beside `cp`, and the window's thread while pictures decode.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a benchmark prints, and ends when something is not as it should be"
)]

#[path = "../pictures.rs"]
mod pictures;
#[path = "../table.rs"]
mod table;

use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::sync_channel;
use std::time::{Duration, Instant};
use std::{fs, thread};

use bytes::Bytes;
use proofsheet::domain::{Catalogue, Draft, EndpointName, Format, ImageId, NamePattern, Run, RunId, Slot, Timestamp};
use proofsheet::engine::{Arrival, Decoders, step_back};
use proofsheet::library::{Library, NewImage};
use proofsheet::media;
use proofsheet::message::SaveTarget;

use table::{Goal, Table, median, quantile};

/// A frame at sixty a second.
const TICK: Duration = Duration::from_micros(16_700);
/// How long each way of working is watched, and how often; they take turns.
const WATCHED: Duration = Duration::from_secs(3);
const ROUNDS: usize = 4;
const ROUNDS_OF_SAVING: usize = 21;

fn main() {
    let files = pictures::ten(1024, 1024);
    saving(&files);
    lateness(&files);
}

/// A library with one run that holds these images.
fn library(root: &Path, files: &[Vec<u8>]) -> (Library, Vec<ImageId>) {
    let library = Library::open(root).map_err(|failure| failure.sentence).unwrap().0;
    let draft = Draft {
        prompt: "a lighthouse".to_owned(),
        model: "gateway-model".to_owned(),
        images: files.len() as u32,
        ..Draft::default()
    };
    let request = draft.check(Catalogue::load(None).unwrap().find(&draft.model), &[]).unwrap();
    let run = Run {
        id: RunId::from_number(1),
        slots: vec![Slot::Waiting; files.len()],
        endpoint: EndpointName::new("Bench").unwrap(),
        demo: false,
        made_at: Timestamp(1_795_000_000_000),
        binned: std::collections::BTreeSet::new(),
        model_answered: None,
        notes: Vec::new(),
        request: request.into(),
    };
    library.begin_run(&run).map_err(|failure| failure.sentence).unwrap();
    let images: Vec<ImageId> = (0..files.len() as u16).map(|slot| ImageId { run: run.id, slot }).collect();
    for (image, file) in images.iter().zip(files) {
        let facts = NewImage {
            format: Format::Png,
            width: 1024,
            height: 1024,
            revised_prompt: None,
            made_at: run.made_at,
            took_millis: 1,
        };
        library.store_image(*image, file, facts).map_err(|failure| failure.sentence).unwrap();
    }
    (library, images)
}

fn saving(files: &[Vec<u8>]) {
    let folder = tempfile::tempdir().unwrap();
    let (library, images) = library(&folder.path().join("library"), files);
    let originals: Vec<_> = images.iter().map(|image| library.image_path(*image).unwrap()).collect();
    let pattern = NamePattern::default();
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for round in 0..ROUNDS_OF_SAVING {
        let (saved, copied) =
            (folder.path().join(format!("saved {round}")), folder.path().join(format!("copied {round}")));
        fs::create_dir(&saved).unwrap();
        fs::create_dir(&copied).unwrap();
        let start = Instant::now();
        let outcome = library.save(&images, &SaveTarget::Folder(saved), &pattern, None);
        ours.push(start.elapsed().as_secs_f64() * 1e3);
        assert_eq!((outcome.files.len(), outcome.failures.len()), (files.len(), 0));
        let start = Instant::now();
        assert!(Command::new("cp").args(&originals).arg(&copied).status().unwrap().success());
        theirs.push(start.elapsed().as_secs_f64() * 1e3);
        for (file, original) in outcome.files.iter().zip(files) {
            assert!(fs::read(file).unwrap() == *original, "byte for byte");
        }
    }
    let (ours, theirs) = (median(&ours), median(&theirs));
    let mut table = Table::new(
        "Saving picks",
        &format!("Ten picks into a folder, against one `cp` of the same files; medians of {ROUNDS_OF_SAVING} rounds."),
    );
    let measured = format!("{ours:.1} ms against {theirs:.1} ms");
    table.line("saving, to cp", Goal::AtMost(1.1), ours / theirs, &measured);
    table.print(&["Every saved file was compared with the original, byte for byte. `cp` includes starting it."]);
}

/// What goes on beside the window's thread.
#[derive(Clone, Copy, PartialEq)]
enum Beside {
    Nothing,
    /// The program's own decoders.
    Decoders,
    /// As many threads of their priority that only count: what the system alone makes of them.
    Counting,
    /// As many threads of the usual priority.
    Threads,
}

/// How late a thread is that wants to wake sixty times a second, in milliseconds; and pictures decoded a second.
fn watch(beside: Beside, files: &[Vec<u8>]) -> (Vec<f64>, f64) {
    let ends = AtomicBool::new(false);
    let decoded = AtomicUsize::new(0);
    let cores = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        match beside {
            Beside::Nothing => {}
            Beside::Decoders => drop(scope.spawn(|| arrive(files, &ends, &decoded))),
            Beside::Counting => {
                let ends = &ends;
                (0..cores).for_each(|number| drop(scope.spawn(move || count(number, ends))));
            }
            Beside::Threads => {
                for number in 0..cores {
                    let (ends, decoded) = (&ends, &decoded);
                    scope.spawn(move || decode(files.iter().cycle().skip(number), ends, decoded));
                }
            }
        }
        let ticker = scope.spawn(|| {
            let start = Instant::now();
            let mut late = Vec::new();
            let mut due = start + TICK;
            while start.elapsed() < WATCHED {
                thread::sleep(due.saturating_duration_since(Instant::now()));
                late.push(Instant::now().saturating_duration_since(due).as_secs_f64() * 1e3);
                due = (due + TICK).max(Instant::now());
            }
            ends.store(true, Ordering::Relaxed);
            let pictures = decoded.load(Ordering::Relaxed) as f64 / start.elapsed().as_secs_f64();
            (late, pictures)
        });
        ticker.join().unwrap()
    })
}

/// Works without memory, locks or any code of the program.
fn count(number: usize, ends: &AtomicBool) {
    step_back(number).unwrap();
    while !ends.load(Ordering::Relaxed) {
        std::hint::spin_loop();
    }
}

/// One picture after the other.
fn decode<'f>(files: impl Iterator<Item = &'f Vec<u8>>, ends: &AtomicBool, decoded: &AtomicUsize) {
    for file in files.take_while(|_| !ends.load(Ordering::Relaxed)) {
        drop(media::thumbnail(&media::decode(file).unwrap(), 256));
        decoded.fetch_add(1, Ordering::Relaxed);
    }
}

/// Ten images at a time come whole, again and again.
fn arrive(files: &[Vec<u8>], ends: &AtomicBool, decoded: &AtomicUsize) {
    let decoders = Decoders::start();
    let files: Vec<Bytes> = files.iter().map(|file| Bytes::copy_from_slice(file)).collect();
    let (done, ready) = sync_channel(64);
    let mut next = files.iter().cycle();
    let mut begin = || {
        let done = done.clone();
        Arrival::begin(&decoders).end(next.next().cloned().unwrap_or_default(), move |pixels| {
            // The end of the benchmark is nobody's trouble.
            let _ended = done.send(media::thumbnail(&pixels, 256));
            Some(pixels)
        });
    };
    for _ in &files {
        begin();
    }
    while !ends.load(Ordering::Relaxed) && ready.recv().is_ok() {
        decoded.fetch_add(1, Ordering::Relaxed);
        begin();
    }
}

fn lateness(files: &[Vec<u8>]) {
    let ways = [Beside::Nothing, Beside::Decoders, Beside::Counting, Beside::Threads];
    let mut late = [const { Vec::new() }; 4];
    let mut pictures = [const { Vec::new() }; 4];
    for _ in 0..ROUNDS {
        for ((way, late), pictures) in ways.iter().zip(&mut late).zip(&mut pictures) {
            let (more, rate) = watch(*way, files);
            late.extend(more);
            pictures.push(rate);
        }
    }
    let [idle, ours, counting, plain] = late.map(|late| quantile(&late, 0.99));
    let [_, our_rate, _, plain_rate] = pictures.map(|rates| median(&rates));
    let mut table = Table::new(
        "The window's thread while ten images decode",
        "Lateness of a thread that wakes every 16.7 ms, 99th percentile; ten images under way all the time.",
    );
    let measured = format!("{ours:.2} ms against {idle:.2} ms");
    table.line("lateness beside the decoders, to an idle program", Goal::AtMost(2.0), ours / idle, &measured);
    let measured = format!("{counting:.2} ms");
    table.line(
        "lateness beside threads of their priority that only count, to idle",
        Goal::None,
        counting / idle,
        &measured,
    );
    let measured = format!("{our_rate:.0} and {plain_rate:.0} pictures a second");
    table.line(
        "time for a picture, to threads of the usual priority (0.97 of their throughput)",
        Goal::AtMost(1.03),
        plain_rate / our_rate,
        &measured,
    );
    let measured = format!("{plain:.2} ms");
    table.line("lateness beside threads of the usual priority, to idle", Goal::None, plain / idle, &measured);
    table.print(&[
        "What else runs on the computer counts against idle and busy alike; on a loaded one neither means much.",
    ]);
}
