//! An answer read while it arrives: JSON, an event stream or a bare picture in, images and one ending out.

mod ending;
mod start;
#[cfg(test)]
mod tests;

use serde_json::Value;
use url::Url;

use ending::verdict;
use start::{Kind, kind};

use super::base64::Damage;
use super::events::Events;
use super::fault::{Fault, told};
use super::limits::{BODY_BYTES, ERROR_BODY_BYTES, IMAGE_BYTES};
use super::mask::{holds_key, without_key};
use super::question::Question;
use super::scan::{Cut, Progress, Scan};
use crate::domain::{Failure, FailureKind};

/// Something found in an answer. `item` counts from 0 in the answer's order; empty places count too, and servers
/// may send more than was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// A whole image, as its last byte landed.
    Image {
        /// Which.
        item: usize,
        /// Exactly the bytes sent.
        bytes: Vec<u8>,
    },
    /// Where the image can be fetched: http or https, without credentials.
    Url {
        /// Which.
        item: usize,
        /// Absolute.
        url: Url,
    },
    /// The prompt as the model rewrote it. Comes after the image or its address.
    RevisedPrompt {
        /// Of which image.
        item: usize,
        /// The words.
        text: String,
    },
    /// A preview of the image to come; never the image itself.
    Preview {
        /// Of which image, as far as the order tells.
        item: usize,
        /// A picture.
        bytes: Vec<u8>,
    },
    /// An image was sent, but it cannot be had.
    Broken {
        /// Which.
        item: usize,
        /// Why.
        failure: Failure,
    },
}

/// Bytes of an image that is still being received, to be looked at before the whole image is there.
///
/// The image follows whole in [`Found::Image`]; or never, when it is broken, a preview or cut off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part<'a> {
    /// How many bytes of the image came before these; 0: an image begins, and nothing more comes of the one before.
    pub at: usize,
    /// The bytes.
    pub bytes: &'a [u8],
}

/// How an answer ended when at least one image asked for was answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ending {
    /// Found only now.
    pub found: Vec<Found>,
    /// How many images, addresses and broken images there were in all.
    pub answered: usize,
    /// The model the server says it used.
    pub model: Option<String>,
    /// Why there are fewer than were asked for.
    pub missing: Option<Failure>,
}

enum Mode {
    /// Too few bytes to tell.
    Start(Vec<u8>),
    Json(Box<Scan>),
    Events(Box<Events>),
    /// The body is a picture.
    Picture(Vec<u8>),
    /// Anything else; the beginning is kept.
    Text(Vec<u8>),
}

/// The reader of one answer. It never panics, and holds about one image however long the answer is.
pub struct Reader {
    question: Question,
    mode: Mode,
    received: u64,
    body_limit: u64,
    answered: usize,
    /// How many bytes of a bare picture were handed out in parts.
    seen: usize,
}

/// What the answer said besides its images.
struct Said {
    values: Vec<Value>,
    text: String,
    state: State,
}

/// How the text itself ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Whole,
    Empty,
    BrokeOff,
    NotJson(&'static str),
    Text,
}

impl Reader {
    /// A reader for the answer to that question.
    pub const fn new(question: Question) -> Self {
        Self { question, mode: Mode::Start(Vec::new()), received: 0, body_limit: BODY_BYTES, answered: 0, seen: 0 }
    }

    /// Bytes taken so far.
    pub const fn received_bytes(&self) -> u64 {
        self.received
    }

    /// Nothing that matters can come any more: what the connection does now is of no importance.
    pub fn is_complete(&self) -> bool {
        match &self.mode {
            Mode::Json(scan) => scan.progress() == Progress::Complete,
            Mode::Events(events) => events.is_done(),
            Mode::Start(_) | Mode::Picture(_) | Mode::Text(_) => false,
        }
    }

    /// Takes the next bytes; hands out what they completed.
    ///
    /// An error means that reading on is of no use: a limit is passed or the answer is no answer. Nothing found is
    /// lost by it; give it to [`Reader::finish_broken`].
    pub fn push(&mut self, bytes: &[u8]) -> Result<Vec<Found>, Failure> {
        self.received += bytes.len() as u64;
        if self.received > self.body_limit {
            let what = format!("The answer is longer than {}.", megabytes(self.body_limit));
            return Err(told(FailureKind::TooLarge, &what, true, "Images that came whole are kept.", &self.question));
        }
        let mut cuts = Vec::new();
        match &mut self.mode {
            Mode::Start(held) => {
                held.extend_from_slice(bytes);
                let held = std::mem::take(held);
                self.start(&held, false, &mut cuts);
            }
            Mode::Json(scan) => {
                if let Progress::NotJson(why) = scan.progress() {
                    return Err(ending::not_json(why, &self.question));
                }
                scan.push(bytes, &mut cuts);
            }
            Mode::Events(events) => events.push(bytes, &mut cuts),
            Mode::Picture(held) => {
                held.extend_from_slice(bytes);
                if held.len() > IMAGE_BYTES {
                    return Err(broken(Damage::TooLarge, &self.question));
                }
            }
            Mode::Text(held) => {
                if held.len() > ERROR_BODY_BYTES {
                    return Err(ending::not_json("it is a long text", &self.question));
                }
                held.extend_from_slice(bytes);
            }
        }
        Ok(self.found(cuts))
    }

    /// What came of the image being received since the last call. Ask after each [`Reader::push`], or not at all.
    pub fn part(&mut self) -> Option<Part<'_>> {
        let (at, bytes) = match &mut self.mode {
            Mode::Json(scan) => scan.part()?,
            Mode::Events(events) => events.part()?,
            Mode::Picture(held) => {
                let at = std::mem::replace(&mut self.seen, held.len());
                (at, held.get(at..).filter(|part| !part.is_empty())?)
            }
            Mode::Start(_) | Mode::Text(_) => return None,
        };
        Some(Part { at, bytes })
    }

    /// Memory of an image nobody needs any more, for the next one: taken anew from the system, each would be memory that
    /// the allocator does not give back before the answer's end.
    pub fn give(&mut self, room: Vec<u8>) {
        match &mut self.mode {
            Mode::Json(scan) => scan.give(room),
            Mode::Events(events) => events.give(room),
            Mode::Start(_) | Mode::Picture(_) | Mode::Text(_) => {}
        }
    }

    fn start(&mut self, held: &[u8], all: bool, cuts: &mut Vec<Cut>) {
        let (kind, text) = kind(held, all);
        self.mode = match kind {
            None => Mode::Start(text.to_vec()),
            Some(Kind::Json) => {
                let mut scan = Box::new(Scan::new(false));
                scan.push(text, cuts);
                Mode::Json(scan)
            }
            Some(Kind::Events) => {
                let mut events = Box::new(Events::new());
                events.push(text, cuts);
                Mode::Events(events)
            }
            Some(Kind::Picture) => Mode::Picture(text.to_vec()),
            Some(Kind::Text) => Mode::Text(text.to_vec()),
        };
    }

    fn found(&mut self, cuts: Vec<Cut>) -> Vec<Found> {
        cuts.into_iter()
            .map(|cut| {
                self.answered += usize::from(!matches!(cut, Cut::Preview { .. } | Cut::Prompt { .. }));
                match cut {
                    Cut::Image { item, bytes } => Found::Image { item, bytes },
                    Cut::Preview { item, bytes } => Found::Preview { item, bytes },
                    Cut::Prompt { item, text } => {
                        Found::RevisedPrompt { item, text: without_key(text, self.question.key.as_ref()) }
                    }
                    Cut::Broken { item, damage } => Found::Broken { item, failure: broken(damage, &self.question) },
                    Cut::Link { item, link } => match resolve(&link, &self.question) {
                        Some(url) => Found::Url { item, url },
                        None => Found::Broken { item, failure: bad_link(&link, &self.question) },
                    },
                }
            })
            .collect()
    }

    /// The body ended as the connection promised. An error means that no image was answered at all.
    pub fn finish(self) -> Result<Ending, Fault> {
        self.end(None)
    }

    /// The body ended by a failure. What had come whole is kept; when nothing more was due, the failure is forgotten.
    pub fn finish_broken(self, failure: Failure) -> Result<Ending, Fault> {
        let is_complete = self.is_complete();
        self.end(Some(failure).filter(|_| !is_complete))
    }

    fn end(mut self, broke: Option<Failure>) -> Result<Ending, Fault> {
        let mut cuts = Vec::new();
        if let Mode::Start(held) = &mut self.mode {
            let held = std::mem::take(held);
            self.start(&held, true, &mut cuts);
        }
        let said = self.said(broke.is_some(), &mut cuts);
        let found = self.found(cuts);
        let is_short = self.answered < usize::from(self.question.images.max(1));
        let model = said.values.iter().rev().find_map(ending::model);
        let model = model.filter(|model| !holds_key(model, self.question.key.as_ref()));
        let fault = is_short.then(|| verdict(&said, broke, &self));
        match fault {
            Some(fault) if self.answered == 0 => Err(fault),
            fault => Ok(Ending { found, answered: self.answered, model, missing: fault.map(|fault| fault.failure) }),
        }
    }

    fn said(&mut self, broke: bool, cuts: &mut Vec<Cut>) -> Said {
        match &mut self.mode {
            Mode::Json(scan) => {
                scan.flush(cuts);
                let text = String::from_utf8_lossy(scan.side()).into_owned();
                let value = serde_json::from_str::<Value>(&text).ok();
                let state = match (scan.progress(), value.is_some()) {
                    (Progress::NotJson(why), _) => State::NotJson(why),
                    (Progress::Complete, true) => State::Whole,
                    (Progress::Complete, false) => State::NotJson("its punctuation is wrong"),
                    (Progress::Nothing | Progress::Inside, _) => State::BrokeOff,
                };
                Said { values: value.into_iter().collect(), text, state }
            }
            Mode::Events(events) => {
                let rest = events.finish(cuts);
                let text = rest.values.last().map(ToString::to_string).unwrap_or_default();
                // Without `[DONE]` nobody knows whether more events were to come; only a broken one is a sign.
                let state = if rest.is_damaged { State::BrokeOff } else { State::Whole };
                Said { values: rest.values, text, state }
            }
            Mode::Picture(held) => {
                if !broke {
                    cuts.push(Cut::Image { item: 0, bytes: std::mem::take(held) });
                }
                Said { values: Vec::new(), text: String::new(), state: State::Whole }
            }
            Mode::Start(held) | Mode::Text(held) => {
                let text = String::from_utf8_lossy(held).trim().to_owned();
                let state = if text.is_empty() { State::Empty } else { State::Text };
                Said { values: Vec::new(), text, state }
            }
        }
    }
}

/// The absolute address of a link, relative ones against the API's origin; `None` for anything but http and https.
fn resolve(link: &str, question: &Question) -> Option<Url> {
    let mut root = question.base.url().clone();
    root.set_path("/");
    let mut url = root.join(link).ok()?;
    if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none_or(str::is_empty) {
        return None;
    }
    url.set_username("").ok()?;
    url.set_password(None).ok()?;
    url.set_fragment(None);
    Some(url)
}

fn broken(damage: Damage, question: &Question) -> Failure {
    match damage {
        Damage::NotBase64 => {
            let what = "The image's data is damaged: it is not base64.";
            told(FailureKind::NotAnImage, what, true, "Try again, or choose the other response format.", question)
        }
        Damage::TooLarge => {
            let what = format!("The image is larger than {}.", megabytes(IMAGE_BYTES as u64));
            told(FailureKind::TooLarge, &what, true, "Ask for a smaller size.", question)
        }
    }
}

fn bad_link(link: &str, question: &Question) -> Failure {
    let what = "The image came as an address that is neither http nor https.";
    let failure = told(FailureKind::DownloadFailed, what, true, "It was not opened.", question);
    // Without its query: addresses of images carry their own keys.
    let bare = link.split_once('?').map_or(link, |(bare, _)| bare);
    failure.with_detail(super::fault::shown(bare, 200, question))
}

/// As people read it: `3.1 MB`.
fn megabytes(bytes: u64) -> String {
    match bytes {
        0..1000 => format!("{bytes} bytes"),
        1000..1_000_000 => format!("{:.0} KB", bytes as f64 / 1e3),
        _ => format!("{:.1} MB", bytes as f64 / 1e6),
    }
}
