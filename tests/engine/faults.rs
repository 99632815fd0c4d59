//! The closed list of failures as a table: what a server does, and what must come of it, run through the whole engine.
//!
//! Each case names its row in the reference (1 to 75: answers of the images API; N, S: faults of network and server).

mod answers;
mod network;
mod statuses;

use std::fmt::Write as _;

use proofsheet::domain::{Draft, Endpoint, FailureKind, ImageId, Run, Slot};
use proofsheet::message::Event;

use super::answers::png;
use super::bench::{Bench, KEY, at, draft};
use super::fault_server::{Answer, FaultServer, Play};

/// What must be shown for a place that did not get its image.
#[derive(Clone, Debug)]
struct Shown {
    kind: FailureKind,
    words: &'static str,
    maybe_billed: bool,
}

/// One row.
struct Case {
    name: String,
    play: Play,
    images: u32,
    /// Pictures by number, in the order of their places.
    stored: Vec<u8>,
    /// The suffix of the first file.
    suffix: Option<&'static str>,
    /// For each place that has no picture.
    shown: Option<Shown>,
    /// Words of the server that are kept one click away.
    server_words: Option<&'static str>,
    note: Option<&'static str>,
    posts: usize,
    time_limit_secs: u32,
    draft: Draft,
}

fn case(name: impl Into<String>, post: Answer) -> Case {
    Case {
        name: name.into(),
        play: Play { posts: vec![post], files: Vec::new() },
        images: 1,
        stored: Vec::new(),
        suffix: None,
        shown: None,
        server_words: None,
        note: None,
        posts: 1,
        time_limit_secs: Endpoint::TIME_LIMIT_DEFAULT_SECS,
        draft: draft(1),
    }
}

impl Case {
    fn asks(mut self, images: u32) -> Self {
        self.images = images;
        self
    }

    fn file(mut self, path: &str, answer: Answer) -> Self {
        self.play.files.push((path.to_owned(), answer));
        self
    }

    /// The answer to the next request for images.
    fn then(mut self, post: Answer) -> Self {
        self.play.posts.push(post);
        self
    }

    /// These pictures are stored, in this order.
    fn stores(mut self, pictures: impl IntoIterator<Item = u8>) -> Self {
        self.stored = pictures.into_iter().collect();
        self
    }

    fn suffix(mut self, suffix: &'static str) -> Self {
        self.suffix = Some(suffix);
        self
    }

    /// The rest fails so, and certainly was not charged.
    fn free(self, kind: FailureKind, words: &'static str) -> Self {
        self.shows(kind, words, false)
    }

    /// The rest fails so, and may have been charged.
    fn billed(self, kind: FailureKind, words: &'static str) -> Self {
        self.shows(kind, words, true)
    }

    fn shows(mut self, kind: FailureKind, words: &'static str, maybe_billed: bool) -> Self {
        self.shown = Some(Shown { kind, words, maybe_billed });
        self
    }

    fn says(mut self, server_words: &'static str) -> Self {
        self.server_words = Some(server_words);
        self
    }

    fn notes(mut self, note: &'static str) -> Self {
        self.note = Some(note);
        self
    }

    /// So many requests for images, counted by the server.
    fn posts(mut self, posts: usize) -> Self {
        self.posts = posts;
        self
    }

    fn within(mut self, secs: u32) -> Self {
        self.time_limit_secs = secs;
        self
    }

    fn with(mut self, change: impl FnOnce(&mut Draft)) -> Self {
        change(&mut self.draft);
        self
    }
}

/// Everything that is not as it must be, as one text.
fn complaints(case: &Case, bench: &Bench, run: &Run, posts: usize) -> String {
    let mut text = String::new();
    let mut complain = |holds: bool, what: String| {
        if !holds {
            writeln!(text, "{}: {what}", case.name).unwrap();
        }
    };
    complain(posts == case.posts, format!("{posts} requests instead of {}", case.posts));
    let told = |slot: usize| ImageId { run: run.id, slot: slot as u16 };
    let mut pictures = case.stored.iter();
    for (place, slot) in run.slots.iter().enumerate() {
        match (slot, &case.shown) {
            (Slot::Stored(facts), _) => {
                let bytes = bench.file(run.id, place as u16);
                let want = pictures.next();
                let same = want.is_some_and(|&number| number == ANY || bytes == png(number));
                complain(same, format!("place {place} holds other bytes than picture {want:?}"));
                let was_told = bench.events.iter().any(
                    |event| matches!(event, Event::Stored { image, facts: known } if *image == told(place) && known == facts),
                );
                complain(was_told, format!("place {place} is stored and was not told"));
                let suffix = case.suffix.filter(|_| place == 0);
                let file = bench.path(run.id, place as u16).display().to_string();
                complain(suffix.is_none_or(|suffix| file.ends_with(suffix)), format!("the file is called {file}"));
            }
            (Slot::Failed(failure), Some(shown)) => {
                let Shown { kind, words, maybe_billed } = shown;
                complain(failure.kind == *kind, format!("place {place} is {failure:?}"));
                complain(failure.sentence.contains(words), format!("“{words}” is not in “{}”", failure.sentence));
                let is_safe = !maybe_billed && !kind.needs_change();
                let got = (failure.maybe_billed, failure.retry_safe);
                complain(got == (*maybe_billed, is_safe), format!("may be billed, retry is safe: {got:?}"));
                let charge = if *maybe_billed { "may have been charged" } else { "Nothing was charged" };
                complain(failure.sentence.contains(charge), format!("no word of money: {}", failure.sentence));
                let said = failure.server_words.clone().unwrap_or_default();
                complain(
                    case.server_words.is_none_or(|words| said.contains(words)),
                    format!("the server's words are {said:?}"),
                );
                complain(!said.contains('<'), format!("markup is shown: {said:?}"));
                complain(
                    !failure.sentence.contains(".”.") && !failure.sentence.contains(".."),
                    format!("two full stops: {}", failure.sentence),
                );
                let was_told =
                    bench.events.contains(&Event::Failed { image: told(place), failure: (**failure).clone() });
                complain(was_told, format!("place {place} failed and was not told"));
            }
            (slot, _) => complain(false, format!("place {place} is {slot:?}")),
        }
    }
    complain(pictures.next().is_none(), format!("fewer pictures than {:?}", case.stored));
    complain(
        case.note.is_none_or(|note| run.notes.iter().any(|known| known.contains(note))),
        format!("the notes are {:?}", run.notes),
    );
    let all = format!("{run:?}");
    complain(!all.contains(KEY) && !all.contains("0123456789"), format!("the key is shown: {all}"));
    text
}

/// Stands for a stored picture whose bytes are not one of the numbered ones.
const ANY: u8 = 0;

/// Plays the cases one after the other on one engine.
#[track_caller]
fn check(cases: Vec<Case>) {
    let server = FaultServer::start();
    let mut bench = Bench::new();
    let mut text = String::new();
    for (number, case) in cases.into_iter().enumerate() {
        let path = format!("case{number}");
        let base = server.play(&path, case.play.clone());
        let endpoint = Endpoint { time_limit_secs: case.time_limit_secs, ..at(&base) };
        let draft = Draft { images: case.images, ..case.draft.clone() };
        bench.events.clear();
        let run = bench.generate(&endpoint, &draft);
        text += &complaints(&case, &bench, &run, server.posts(&path));
    }
    assert!(text.is_empty(), "\n{text}");
}
