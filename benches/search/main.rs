//! A key press in the search box at a hundred thousand images: from the question to the first images, and to all.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a benchmark prints, and ends when something is not as it should be"
)]

#[path = "../table.rs"]
mod table;

use std::cell::Cell;
use std::collections::BTreeSet;
use std::hint::black_box;
use std::time::Instant;

use proofsheet::domain::{
    Catalogue, Draft, EndpointName, Filter, Format, ImageFacts, Mark, Narrow, Query, Run, RunId, Slot, Span, Timestamp,
    Words,
};
use proofsheet::index::{FIRST, Index};
use rusqlite::Connection;

use table::{Goal, Table, median};

const RUNS: u64 = 25_000;
const IMAGES_A_RUN: u16 = 4;
const ROUNDS: usize = 31;
/// A frame at sixty a second, in milliseconds.
const FRAME: f64 = 1_000.0 / 60.0;
const NEWEST: u64 = 1_795_349_107_000;
/// Between two runs: all of them are a year and a half.
const APART: u64 = 31 * 60_000;

const SUBJECTS: [&str; 10] = [
    "a lighthouse on a basalt shore",
    "a paper-cut fox in the woods",
    "poster for a jazz night, bold shapes",
    "botanical plate of an imagined fern",
    "still life with pears and a vase",
    "a jellyfish under water, long exposure",
    "a planet with rings in space",
    "skyline of a city in the rain",
    "a cabin in the snow, warm window light",
    "a robot in the garden",
];
const LIGHTS: [&str; 5] = ["at dusk", "at dawn", "in the mist", "at night", "in crème and gold"];
const MODELS: [&str; 4] = ["gpt-image-1", "dall-e-3", "flux-pro", "stable-diffusion-xl"];

/// One question and how it is measured.
struct Ask {
    name: &'static str,
    query: Query,
    goal: bool,
}

fn main() {
    let folder = tempfile::tempdir().unwrap();
    let runs: Vec<Run> = (0..RUNS).map(run).collect();
    let index = Index::open(folder.path(), folder.path()).map_err(|failure| failure.sentence).unwrap();
    let start = Instant::now();
    index.rebuild(&runs).map_err(|failure| failure.sentence).unwrap();
    let rebuilt = start.elapsed().as_secs_f64();
    let connection = Connection::open(index.file().unwrap()).unwrap();

    let asks = asks();
    let mut page = Vec::new();
    let (mut first, mut whole) = (vec![Vec::new(); asks.len()], vec![Vec::new(); asks.len()]);
    let mut sizes = vec![0; asks.len()];
    let mut looked = Vec::new();
    // They take turns, so that what else the computer does counts against all.
    for _ in 0..ROUNDS {
        page.push(newest_page(&connection));
        for (((ask, first), whole), size) in asks.iter().zip(&mut first).zip(&mut whole).zip(&mut sizes) {
            let start = Instant::now();
            let at_first = Cell::new(None);
            let found = index.find(&ask.query, |_| at_first.set(Some(millis(start))), || true);
            let found = found.map_err(|failure| failure.sentence).unwrap().unwrap();
            let all = millis(start);
            first.push(at_first.get().unwrap_or(all));
            whole.push(all);
            *size = found.images.len();
        }
        let start = Instant::now();
        let words = Words::new("lighthouse");
        black_box(runs.iter().filter(|run| words.are_in(&[run.request.prompt.as_str()])).count());
        looked.push(millis(start));
    }
    let page = median(&page);
    let mut table = Table::new(
        "A key press in the search box",
        &format!(
            "{} images; the first {FIRST} that match, against the {FIRST} newest of all ({page:.2} ms); medians of {ROUNDS} \
             rounds.",
            RUNS * u64::from(IMAGES_A_RUN)
        ),
    );
    for (((ask, first), whole), size) in asks.iter().zip(&first).zip(&whole).zip(&sizes) {
        let (first, whole) = (median(first), median(whole));
        let measured = format!("{first:.2} ms; all {size} with every count {whole:.1} ms");
        let (goal, frame) =
            if ask.goal { (Goal::AtMost(2.5), Goal::AtMost(1.0 / 16.0)) } else { (Goal::None, Goal::None) };
        table.line(&format!("{}, to the page", ask.name), goal, first / page, &measured);
        table.line(&format!("{}, to a frame", ask.name), frame, first / FRAME, "");
    }
    let looked = median(&looked);
    table.line("without an index, to a frame", Goal::None, looked / FRAME, &format!("{looked:.1} ms"));
    let size = std::fs::metadata(index.file().unwrap()).unwrap().len() as f64 / 1e6;
    table.print(&[&format!("Made again in {rebuilt:.1} s; the file is {size:.0} MB.")]);
}

fn millis(start: Instant) -> f64 {
    start.elapsed().as_secs_f64() * 1e3
}

/// The newest images, as a sheet without a search would ask for them.
fn newest_page(connection: &Connection) -> f64 {
    let start = Instant::now();
    let mut statement = connection
        .prepare_cached(
            "SELECT run, slot, mark, binned, model, endpoint, width, height, made_at FROM images ORDER BY id LIMIT ?",
        )
        .unwrap();
    let rows = statement
        .query_map([i64::try_from(FIRST).unwrap()], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(8)?)))
        .unwrap();
    assert_eq!(black_box(rows.map(Result::unwrap).collect::<Vec<_>>()).len(), FIRST);
    millis(start)
}

fn asks() -> Vec<Ask> {
    let month = 30 * 86_400_000;
    let spans: Vec<Span> = (0..16)
        .map(|back| Span { from: Timestamp(NEWEST - (back + 1) * month), to: Timestamp(NEWEST - back * month) })
        .collect();
    let ask = |name, words: &str, narrow: Narrow, goal| {
        let query = Query { words: words.to_owned(), narrow, filter: Filter::All, spans: spans.clone() };
        Ask { name, query, goal }
    };
    let model = || Narrow { model: Some("flux-pro".to_owned()), ..Narrow::default() };
    vec![
        ask("a rare word (zebra)", "zebra", Narrow::default(), true),
        ask("a common word (lighthouse)", "lighthouse", Narrow::default(), true),
        ask("two words (fox dusk)", "fox dusk", Narrow::default(), true),
        ask("a part of a word (ighth)", "ighth", Narrow::default(), true),
        ask("an accent left out (creme)", "creme", Narrow::default(), true),
        ask("a short word and a common one (a lighthouse)", "a lighthouse", Narrow::default(), true),
        ask("two letters (li)", "li", Narrow::default(), true),
        ask("one letter (l)", "l", Narrow::default(), true),
        ask("a common word and a model", "lighthouse", model(), true),
        ask("a model alone", "", model(), true),
        ask("counts alone", "", Narrow::default(), false),
    ]
}

fn run(number: u64) -> Run {
    let pick =
        |list: &[&str], step: u64| list.get((number / step) as usize % list.len()).map_or("", |text| *text).to_owned();
    let rare = if number.is_multiple_of(5_000) { ", with a zebra" } else { "" };
    let prompt = format!("{} {}, number {number}{rare}", pick(&SUBJECTS, 1), pick(&LIGHTS, 10));
    let draft = Draft { prompt, model: pick(&MODELS, 7), images: 1, ..Draft::default() };
    let request = draft.check(Catalogue::load(None).unwrap().find("gateway-model"), &[]).unwrap();
    let made_at = Timestamp(NEWEST - (RUNS - number) * APART);
    let facts = |slot: u16| ImageFacts {
        size_bytes: 1_900_000,
        width: 1_024,
        height: if number.is_multiple_of(3) { 1_792 } else { 1_024 },
        format: Format::Png,
        revised_prompt: number
            .is_multiple_of(2)
            // Half of them image by image, as some models do.
            .then(|| match number % 4 {
                0 => format!("{}, seen from above, soft light, take {slot}", pick(&SUBJECTS, 1)).into(),
                _ => format!("{}, seen from above, soft light", pick(&SUBJECTS, 1)).into(),
            }),
        mark: if slot == 0 { Mark::Pick } else { Mark::None },
        made_at,
        took_millis: 11_000,
    };
    Run {
        id: RunId::from_number(number + 1),
        slots: (0..IMAGES_A_RUN).map(|slot| Slot::Stored(facts(slot))).collect(),
        endpoint: EndpointName::new(if number.is_multiple_of(9) { "Other" } else { "Usual" }).unwrap(),
        demo: false,
        made_at,
        binned: BTreeSet::new(),
        model_answered: None,
        notes: Vec::new(),
        request: request.into(),
    }
}
