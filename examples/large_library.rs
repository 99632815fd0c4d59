//! Makes a large library to try and measure the program on: pictures of the demo painter, 256 by 256, four to a run.
//!
//! `cargo run --release --example large_library -- FOLDER IMAGES`
//!
//! The runs are written by the library itself, so that `proofsheet check` finds nothing wrong. Every picture is a file of
//! its own, with its number in a text chunk: no two have the same bytes. With `--links` they are hard links to some
//! hundred files instead, which takes a hundredth of the room.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a tool for developers prints, and ends when something is not as it should be"
)]

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::time::Instant;
use std::{fs, thread};

use proofsheet::demo::{self, Pace};
use proofsheet::domain::{
    Catalogue, Draft, EndpointName, Format, ImageFacts, ImageId, Mark, Run, RunIds, Slot, Timestamp,
};
use proofsheet::library::Library;
use sha2::{Digest as _, Sha256};

/// Images of one run.
const IMAGES_A_RUN: usize = 4;
/// Writing waits for the disk most of the time: so many wait side by side.
const WRITERS: usize = 8;
/// The newest run's time: 22 November 2026, 12:00 UTC.
const NEWEST: u64 = 1_795_348_800_000;
/// Between two runs, in milliseconds: 25,000 of them are a year and a half.
const APART: u64 = 31 * 60_000;

const SUBJECTS: [&str; 12] = [
    "a lighthouse on a basalt shore",
    "a paper-cut fox in the woods",
    "poster for a jazz night",
    "botanical plate of a fern",
    "still life with pears and a vase",
    "a jellyfish under water",
    "a planet with rings in space",
    "skyline of a city",
    "a cabin in the snow",
    "dunes of a desert",
    "a robot in the garden",
    "a lake between mountains",
];
const HOURS: [&str; 4] = ["at dusk", "at dawn", "in the mist", "at night"];
const MEDIA: [&str; 2] = ["gouache on cream paper", "editorial photograph"];

/// A painted picture.
struct Painting {
    bytes: Vec<u8>,
    revised: Option<String>,
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let links = arguments.iter().any(|argument| argument == "--links");
    let plain: Vec<&String> = arguments.iter().filter(|argument| !argument.starts_with("--")).collect();
    let (Some(folder), Some(images)) = (plain.first(), plain.get(1).and_then(|images| images.parse::<usize>().ok()))
    else {
        eprintln!("usage: large_library FOLDER IMAGES [--links]");
        return;
    };
    let begun = Instant::now();
    let paintings = tokio::runtime::Runtime::new().unwrap().block_on(paint_all());
    println!("{} pictures painted, {:.1} s", paintings.len(), begun.elapsed().as_secs_f32());
    fill(&PathBuf::from(folder), images, &paintings, links);
    println!("{images} images in {folder}, {:.1} s", begun.elapsed().as_secs_f32());
}

fn prompt(number: usize) -> String {
    let subject = SUBJECTS[number % SUBJECTS.len()];
    let hour = HOURS[number / SUBJECTS.len() % HOURS.len()];
    let medium = MEDIA[number / SUBJECTS.len() / HOURS.len() % MEDIA.len()];
    format!("{subject} {hour}, {medium}")
}

/// Four pictures of each prompt there is.
async fn paint_all() -> Vec<Painting> {
    let endpoint = demo::start(None, Pace::instant()).await.unwrap();
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let mut paintings = Vec::new();
    for number in 0..SUBJECTS.len() * HOURS.len() * MEDIA.len() {
        let order = serde_json::json!({
            "prompt": prompt(number), "n": IMAGES_A_RUN, "size": "256x256", "response_format": "b64_json",
        });
        let address = format!("{}/images/generations", endpoint.base_url());
        let answer = client.post(address).body(order.to_string()).send().await.unwrap().text().await.unwrap();
        let answer: serde_json::Value = serde_json::from_str(&answer).unwrap();
        for picture in answer["data"].as_array().unwrap() {
            let bytes = base64_simd::STANDARD.decode_to_vec(picture["b64_json"].as_str().unwrap()).unwrap();
            let revised = picture["revised_prompt"].as_str().map(str::to_owned);
            paintings.push(Painting { bytes, revised });
        }
    }
    paintings
}

fn fill(folder: &Path, images: usize, paintings: &[Painting], links: bool) {
    let (library, opened) = Library::open(folder).map_err(|failure| failure.sentence).unwrap();
    assert!(opened.runs.is_empty(), "the folder holds a library already");
    let sources = folder.join(".sources");
    if links {
        fs::create_dir(&sources).unwrap();
        for (number, painting) in paintings.iter().enumerate() {
            fs::write(sources.join(number.to_string()), &painting.bytes).unwrap();
        }
    }
    let runs = images.div_ceil(IMAGES_A_RUN);
    let mut ids = RunIds::new(1);
    let ids: Vec<(u64, proofsheet::domain::RunId)> =
        (0..runs as u64).map(|run| NEWEST - (runs as u64 - run) * APART).map(|made| (made, ids.next(made))).collect();
    let (library, ids) = (&library, &ids);
    let sources_of = links.then_some(sources.as_path());
    thread::scope(|scope| {
        for writer in 0..WRITERS {
            scope.spawn(move || {
                for (number, &run) in ids.iter().enumerate().skip(writer).step_by(WRITERS) {
                    let count = IMAGES_A_RUN.min(images - number * IMAGES_A_RUN);
                    write(library, (number, count), run, paintings, sources_of);
                }
            });
        }
    });
    if links {
        fs::remove_dir_all(&sources).unwrap();
    }
}

/// One run with its files.
fn write(
    library: &Library,
    (number, count): (usize, usize),
    (made_at, id): (u64, proofsheet::domain::RunId),
    paintings: &[Painting],
    sources: Option<&Path>,
) {
    let draft = Draft {
        prompt: prompt(number),
        model: "demo-painter".to_owned(),
        size: "256x256".to_owned(),
        images: count as u32,
        ..Draft::default()
    };
    let places: Vec<usize> = (0..count).map(|slot| (number * IMAGES_A_RUN + slot) % paintings.len()).collect();
    let files: Vec<Vec<u8>> = (0..)
        .zip(&places)
        .map(|(slot, &place)| match sources {
            Some(_) => paintings[place].bytes.clone(),
            None => numbered(&paintings[place].bytes, number * IMAGES_A_RUN + slot),
        })
        .collect();
    let facts = |slot: usize| ImageFacts {
        size_bytes: files[slot].len() as u64,
        width: 256,
        height: 256,
        format: Format::Png,
        revised_prompt: paintings[places[slot]].revised.as_deref().map(Into::into),
        mark: match (number * IMAGES_A_RUN + slot) % 13 {
            3 => Mark::Pick,
            5 | 8 | 9 => Mark::Reject,
            _ => Mark::None,
        },
        made_at: Timestamp(made_at + 1_500),
        took_millis: 1_500,
    };
    let run = Run {
        id,
        request: draft.check(Catalogue::load(None).unwrap().find(&draft.model), &[]).unwrap().into(),
        endpoint: EndpointName::demo(),
        demo: true,
        made_at: Timestamp(made_at),
        model_answered: None,
        notes: Vec::new(),
        slots: (0..count).map(|slot| Slot::Stored(facts(slot))).collect(),
        binned: std::collections::BTreeSet::default(),
    };
    let names = |(slot, file): (usize, &Vec<u8>)| (format!("{}.png", slot + 1), hex(&Sha256::digest(file)));
    let named: Vec<(String, String)> = files.iter().enumerate().map(names).collect();
    library.begin_stored(&run, &named).map_err(|failure| failure.sentence).unwrap();
    for (slot, file) in files.iter().enumerate() {
        let path = library.image_path(ImageId { run: id, slot: slot as u16 }).unwrap();
        match sources {
            Some(sources) => fs::hard_link(sources.join(places[slot].to_string()), path).unwrap(),
            None => fs::write(path, file).unwrap(),
        }
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").unwrap();
        text
    })
}

/// The PNG with a number in a text chunk behind its header.
fn numbered(png: &[u8], number: usize) -> Vec<u8> {
    const HEADER: usize = 8 + 12 + 13;
    let text = format!("tEXtComment\0image {number}");
    let mut file = png[..HEADER].to_vec();
    file.extend((text.len() as u32 - 4).to_be_bytes());
    file.extend(text.as_bytes());
    file.extend(crc(text.as_bytes()).to_be_bytes());
    file.extend(&png[HEADER..]);
    file
}

/// The checksum of PNG chunks.
fn crc(bytes: &[u8]) -> u32 {
    let mut crc = u32::MAX;
    for byte in bytes {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = if crc & 1 == 1 { crc >> 1 ^ 0xedb8_8320 } else { crc >> 1 };
        }
    }
    !crc
}
