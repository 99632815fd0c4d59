//! What the demo remembers between requests: pictures behind addresses, and how often a prompt was painted.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use bytes::Bytes;

/// The most pictures kept for fetching: two dozen runs of ten.
const MOST_FILES: usize = 240;

/// The most bytes kept for fetching, so that a long demo does not eat the computer's memory.
const MOST_BYTES: usize = 256 * 1024 * 1024;

/// How long an address works, as the API promises.
const KEPT_FOR: Duration = Duration::from_hours(1);

/// The most prompts whose count is remembered; the one longest unused is forgotten first.
const MOST_PROMPTS: usize = 1000;

/// A picture that can be fetched.
struct File {
    name: String,
    bytes: Bytes,
    since: Instant,
}

/// The memory of one demo endpoint.
#[derive(Default)]
pub(super) struct Shelf {
    inner: Mutex<Inner>,
}

#[derive(Default)]
struct Inner {
    files: VecDeque<File>,
    made: u64,
    prompts: VecDeque<(String, u32)>,
}

impl Shelf {
    fn with<T>(&self, work: impl FnOnce(&mut Inner) -> T) -> T {
        work(&mut self.inner.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Keeps a picture and names it.
    pub(super) fn keep(&self, bytes: Bytes, now: Instant) -> String {
        self.with(|inner| {
            inner.made += 1;
            let name = format!("{:06}.png", inner.made);
            inner.files.push_back(File { name: name.clone(), bytes, since: now });
            inner.sweep(now);
            name
        })
    }

    /// The picture with this name, while it is kept.
    pub(super) fn find(&self, name: &str, now: Instant) -> Option<Bytes> {
        self.with(|inner| {
            inner.sweep(now);
            inner.files.iter().find(|file| file.name == name).map(|file| file.bytes.clone())
        })
    }

    /// Takes the next `count` numbers of a prompt: asked again, it is painted differently. Gives the first number.
    pub(super) fn next_turns(&self, prompt: &str, count: u32) -> u32 {
        self.with(|inner| {
            let known = inner.prompts.iter().position(|(text, _)| text == prompt);
            let first = known.and_then(|place| inner.prompts.remove(place)).map_or(0, |(_, next)| next);
            inner.prompts.push_back((prompt.to_owned(), first.wrapping_add(count)));
            if inner.prompts.len() > MOST_PROMPTS {
                inner.prompts.pop_front();
            }
            first
        })
    }
}

impl Inner {
    fn sweep(&mut self, now: Instant) {
        let mut bytes: usize = self.files.iter().map(|file| file.bytes.len()).sum();
        while let Some(oldest) = self.files.front() {
            let old = now.saturating_duration_since(oldest.since) > KEPT_FOR;
            // One picture is always kept, however large.
            let many = self.files.len() > 1 && (self.files.len() > MOST_FILES || bytes > MOST_BYTES);
            if !old && !many {
                break;
            }
            bytes -= oldest.bytes.len();
            self.files.pop_front();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_works_for_an_hour() {
        let (shelf, now) = (Shelf::default(), Instant::now());
        let name = shelf.keep(Bytes::from_static(b"picture"), now);
        assert_eq!(shelf.find(&name, now + KEPT_FOR), Some(Bytes::from_static(b"picture")));
        assert_eq!(shelf.find(&name, now + KEPT_FOR + Duration::from_secs(1)), None);
        assert_eq!(shelf.find("../secret", now), None);
    }

    #[test]
    fn the_oldest_pictures_make_room() {
        let (shelf, now) = (Shelf::default(), Instant::now());
        let names: Vec<String> = (0..=MOST_FILES).map(|_| shelf.keep(Bytes::from_static(b"x"), now)).collect();
        assert_eq!(shelf.find(&names[0], now), None);
        assert!(shelf.find(&names[1], now).is_some());
        let large = Bytes::from(vec![0; MOST_BYTES]);
        let name = shelf.keep(large, now);
        assert!(shelf.find(&names[MOST_FILES], now).is_none());
        assert!(shelf.find(&name, now).is_some());
    }

    #[test]
    fn a_prompt_asked_again_goes_on_counting() {
        let shelf = Shelf::default();
        assert_eq!(shelf.next_turns("a", 4), 0);
        assert_eq!(shelf.next_turns("b", 1), 0);
        assert_eq!(shelf.next_turns("a", 1), 4);
        for index in 0..MOST_PROMPTS {
            shelf.next_turns(&index.to_string(), 1);
        }
        assert_eq!(shelf.next_turns("a", 1), 0, "long unused, it starts again");
    }
}
