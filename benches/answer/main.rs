//! What a paid answer costs: from its last byte to pixels, at memory speed beside the bare decoder, and in memory.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a benchmark prints, and ends when something is not as it should be"
)]

mod engine;
mod memory;
#[path = "../pictures.rs"]
mod pictures;
mod server;
#[path = "../table.rs"]
mod table;

use std::io::{self, Cursor, Write};
use std::sync::mpsc::sync_channel;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Instant;

use bytes::Bytes;
use proofsheet::domain::BaseUrl;
use proofsheet::engine::{Arrival, Decoders, step_back};
use proofsheet::media;
use proofsheet::wire::{BODY_BYTES, Found, IMAGE_BYTES, Question, Reader};

use engine::{Engine, SIDE};
use memory::{CHILD, child, measure};
use server::{Body, Server, answer};
use table::{Goal, Table, median};

/// Megabytes a second at which answers arrive; `None`: as fast as it goes.
const PACES: [Option<f64>; 5] = [Some(5.0), Some(12.5), Some(50.0), Some(125.0), None];
/// Rounds of each group; what is compared takes turns within a round.
const ROUNDS: usize = 5;
const ROUNDS_IN_MEMORY: usize = 9;
/// The pieces in which a body comes from the network.
const PIECE: usize = 64 << 10;

/// The moments at which the engine's log says that an image was decoded.
#[derive(Clone, Default)]
struct Decoded(Arc<Mutex<Vec<Instant>>>);

impl Write for Decoded {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().push(Instant::now());
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn main() {
    let mut arguments = std::env::args().skip(1);
    if arguments.next().as_deref() == Some(CHILD) {
        return child(arguments);
    }
    let decoded = Decoded::default();
    let log = decoded.clone();
    tracing_subscriber::fmt()
        .with_env_filter("proofsheet::engine::pictures=debug")
        .with_writer(move || log.clone())
        .init();
    let files = pictures::ten(1024, 1024);
    last_byte(&files, &decoded);
    memory_speed(&files);
    memory_taken();
}

fn milliseconds(from: Instant, to: Option<&Instant>) -> f64 {
    // Before the last byte is as good as with it.
    to.map_or(f64::NAN, |to| to.saturating_duration_since(from).as_secs_f64() * 1e3)
}

fn timed(work: impl FnOnce()) -> f64 {
    let start = Instant::now();
    work();
    start.elapsed().as_secs_f64() * 1e3
}

fn last_byte(files: &[Vec<u8>], decoded: &Decoded) {
    let body = answer(files);
    let megabytes = body.len() as f64 / 1e6;
    let mut table = Table::new(
        "From the last byte of an answer to its pictures",
        &format!(
            "Ten images of 1024 by 1024 in one answer of {megabytes:.1} MB, over loopback, through the real client, reader, \
             decoders, library and disk; medians of {ROUNDS} rounds. Ratios are to decoding one of the images on its own."
        ),
    );
    let servers: Vec<Server> =
        PACES.iter().map(|pace| Server::start(Body::Bytes(body.clone()), pace.map(|pace| pace * 1e6))).collect();
    let mut engine = Engine::start();
    let mut one = Vec::new();
    let mut found = vec![[const { Vec::new() }; 3]; PACES.len()];
    for file in files {
        // The first of everything is slower.
        drop(media::decode(file).unwrap());
    }
    for round in 0..ROUNDS {
        for (server, found) in servers.iter().zip(&mut found) {
            one.push(timed(|| drop(media::decode(files.iter().cycle().nth(round).unwrap()).unwrap())));
            decoded.0.lock().unwrap().clear();
            let times = engine.generate(&server.base(), 10);
            assert_eq!((times.stored.len(), times.thumbnails.len(), times.failures.len()), (10, 10, 0));
            let last = server.last_byte();
            let decoded = decoded.0.lock().unwrap();
            assert_eq!(decoded.len(), 10, "each image is decoded while it arrives, and only once");
            let [pixels, stored, shown] = found;
            pixels.push(milliseconds(last, decoded.iter().max()));
            stored.push(milliseconds(last, times.stored.last()));
            shown.push(milliseconds(last, times.thumbnails.last()));
        }
    }
    let one = median(&one);
    for (pace, [pixels, stored, shown]) in PACES.iter().zip(&found) {
        let name = pace.map_or("as fast as it goes".to_owned(), |pace| format!("{pace} MB/s"));
        let goal = if pace.is_some_and(|pace| pace <= 50.0) { Goal::AtMost(0.2) } else { Goal::None };
        let [pixels, stored, shown] = [pixels, stored, shown].map(|times| median(times));
        let measured = format!(
            "{pixels:.1} ms after the last byte; stored and announced {stored:.1} ms, in the window's hands {shown:.1} ms"
        );
        table.line(&format!("{name}: ten pictures and ten thumbnails ready"), goal, pixels / one, &measured);
    }
    table.print(&[
        &format!("Decoding one image on its own: {one:.1} ms."),
        "Ready: full pixels and a thumbnail of 256 pixels of every image are in memory. \"Announced\" waits for the last \
         image's checksum, file, fsync, rename and run.json, which decoding neither waits for nor delays.",
        "Not inside: TLS, HTTP/2, and the upload to the graphics card.",
    ]);
}

fn question() -> Question {
    let base = BaseUrl::parse("http://127.0.0.1:9/v1").unwrap();
    Question { base, key: None, model: "gateway-model".to_owned(), images: 10 }
}

/// Reader and decoders alone, without network and disk; milliseconds until everything is ready.
fn through_reader(body: &[u8], decoders: &Decoders) -> f64 {
    let (done, ready) = sync_channel(64);
    timed(|| {
        let mut reader = Reader::new(question());
        let mut arrival: Option<Arrival> = None;
        for piece in body.chunks(PIECE) {
            for found in reader.push(piece).unwrap() {
                let Found::Image { bytes, .. } = found else { continue };
                let done = done.clone();
                let arrival = arrival.take().unwrap_or_else(|| Arrival::begin(decoders));
                arrival.end(Bytes::from(bytes), move |pixels| {
                    done.send(media::thumbnail(&pixels, SIDE)).unwrap();
                    Some(pixels)
                });
            }
            if let Some(part) = reader.part() {
                if part.at == 0 {
                    arrival = Some(Arrival::begin(decoders));
                }
                if let Some(arrival) = &arrival {
                    arrival.push(part.bytes);
                }
            }
        }
        assert_eq!(ready.iter().take(10).count(), 10);
    })
}

/// Only the bare decoder: to RGB, into memory that is used again, on two threads of the same priority.
fn bare(files: &[Vec<u8>]) -> f64 {
    let files = Mutex::new(files.iter());
    let decode = |number| {
        step_back(number).unwrap();
        let mut rgb = vec![0; 1024 * 1024 * 3];
        let next = || files.lock().unwrap().next();
        while let Some(file) = next() {
            png::Decoder::new(Cursor::new(file)).read_info().unwrap().next_frame(&mut rgb).unwrap();
        }
    };
    timed(|| {
        thread::scope(|scope| {
            scope.spawn(|| decode(0));
            scope.spawn(|| decode(1));
        });
    })
}

fn memory_speed(files: &[Vec<u8>]) {
    let body = answer(files);
    let decoders = Decoders::with_threads(2);
    let (mut ours, mut floor, mut parsing) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..=ROUNDS_IN_MEMORY {
        ours.push(through_reader(&body, &decoders));
        floor.push(bare(files));
        parsing.push(timed(|| {
            let mut reader = Reader::new(question());
            let images: usize = body.chunks(PIECE).map(|piece| reader.push(piece).unwrap().len()).sum();
            assert_eq!(images, 10);
        }));
    }
    // The first round warms up.
    let [ours, floor, parsing] = [ours, floor, parsing].map(|times| median(times.get(1..).unwrap_or_default()));
    let mut table = Table::new(
        "The same body at memory speed",
        &format!("Reader and two decoder threads, without network and disk; medians of {ROUNDS_IN_MEMORY} rounds."),
    );
    let measured = format!("{ours:.1} ms against {floor:.1} ms");
    table.line(
        "body to ten pictures and ten thumbnails, to the bare PNG decoder",
        Goal::AtMost(1.15),
        ours / floor,
        &measured,
    );
    table.line("of it the reader (JSON and base64)", Goal::None, parsing / floor, &format!("{parsing:.1} ms"));
    table.print(&[
        "The bare decoder: `png` to RGB of the ten files on two threads of the same priority, memory used again.",
    ]);
}

/// A square of nothing, 20,000 pixels a side: 1.6 GB once decoded.
fn bomb() -> Vec<u8> {
    const SIDE: u32 = 20_000;
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, SIDE, SIDE);
    encoder.set_color(png::ColorType::Rgba);
    encoder.set_compression(png::Compression::Fast);
    let mut writer = encoder.write_header().unwrap();
    let mut rows = writer.stream_writer_with_size(1 << 20).unwrap();
    let row = vec![0; SIDE as usize * 4];
    for _ in 0..SIDE {
        rows.write_all(&row).unwrap();
    }
    rows.finish().unwrap();
    drop(writer);
    file
}

fn memory_taken() {
    const PACE: Option<f64> = Some(12.5e6);
    let files = pictures::ten(1536, 1024);
    let (ten, one) = (answer(&files), answer(files.get(..1).unwrap()));
    let megabytes = ten.len() as f64 / 1e6;
    let warm_up = Server::start(Body::Bytes(answer(&[pictures::png(64, 64, 1)])), None);
    let serve = |body, pace| Server::start(body, pace);
    let cases = [
        (serve(Body::Bytes(one), PACE), 1),
        (serve(Body::Bytes(ten), PACE), 10),
        (serve(Body::Endless(2 << 30), None), 1),
        (serve(Body::Bytes(answer(&[bomb()])), None), 1),
    ];
    let mut grown = vec![Vec::new(); cases.len()];
    let mut outcomes = vec![String::new(); cases.len()];
    for _ in 0..3 {
        for (((server, images), grown), outcome) in cases.iter().zip(&mut grown).zip(&mut outcomes) {
            let growth = measure(&server.base(), &warm_up.base(), *images);
            grown.push(growth.megabytes);
            *outcome = growth.outcome;
        }
    }
    let grown: Vec<f64> = grown.iter().map(|values| median(values)).collect();
    let [one, ten, endless, bomb] = grown.try_into().unwrap();
    let [_, _, endless_outcome, bomb_outcome] = outcomes.try_into().unwrap();
    let mut table = Table::new(
        "Memory an answer takes",
        "The most resident memory above what the running engine had before, each in a process of its own; medians of 3.",
    );
    let body = format!("{ten:.1} MB for a body of {megabytes:.1} MB, at 12.5 MB/s");
    table.line("ten images of 1536 by 1024, to the body", Goal::AtMost(0.6), ten / megabytes, &body);
    table.line("ten images, to one image", Goal::AtMost(1.2), ten / one, &format!("{ten:.1} MB and {one:.1} MB"));
    let limit = IMAGE_BYTES as f64 / 1e6;
    let measured = format!("{endless:.1} MB; {endless_outcome}");
    table.line("an image that does not end, 2 GB, to the limit of an image", Goal::None, endless / limit, &measured);
    let measured = format!("{bomb:.1} MB instead of 1600; {bomb_outcome}");
    table.line("a bomb of 20,000 by 20,000 pixels, to the body of ten images", Goal::None, bomb / megabytes, &measured);
    table.print(&[
        &format!("Limits: {} MB an image, {} MB an answer,", IMAGE_BYTES >> 20, BODY_BYTES >> 20),
        &format!("{} pixels a side and {} million in all,", media::SIDE_MAX, media::PIXELS_MAX / 1_000_000),
        "1 MiB waits for a decoder while an image arrives, 32 MiB of whole images after that.",
        &format!("An answer is given up after {BODY_BYTES} bytes, whatever it holds."),
    ]);
}
