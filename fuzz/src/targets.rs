//! What must hold for any bytes at all. Each function takes bytes and panics when something does not hold.

use std::time::Duration;

use proofsheet::domain::{BaseUrl, Failure, FailureKind, Secret};
use proofsheet::media;
use proofsheet::wire::{Answer, Ending, Fault, Found, Question, Reader, fault as sort};

/// The key that was sent. No answer may bring it back to light.
const KEY: &str = "sk-canary-5f0c9d7e2b41";

/// Sentences are for people: however much a server says, they stay this short, in bytes.
const SENTENCE_MAX: usize = 2_500;
/// What is kept of the server's words, in bytes.
const WORDS_MAX: usize = 2_048;
/// Pictures with more pixels than this are only measured: decoding them is slow, and finds the same.
const PIXELS_MAX: u64 = 4_000_000;

fn question(images: u8) -> Question {
    Question {
        base: BaseUrl::parse("https://gateway.example/v1").expect("an address"),
        key: Some(Secret::new(KEY)),
        model: "dall-e-3".to_owned(),
        images,
    }
}

/// An answer with a good status: the first byte says how many images were asked for and how the rest is cut.
pub fn answer(data: &[u8]) {
    let Some((&how, body)) = data.split_first() else { return };
    read_twice(body, how % 10 + 1, usize::from(how) + 1);
}

/// The same for an event stream, whatever it begins with.
pub fn events(data: &[u8]) {
    let Some((&how, rest)) = data.split_first() else { return };
    let body = [b":\n".as_slice(), rest].concat();
    read_twice(&body, how % 10 + 1, usize::from(how) % 17 + 1);
}

/// Read in one piece and in many, an answer is the same answer.
fn read_twice(body: &[u8], images: u8, piece: usize) {
    let whole = read(body, images, body.len().max(1));
    let pieces = read(body, images, piece);
    // Where a limit stops the reading, it depends on the pieces how far it came.
    if !whole.1 && !pieces.1 {
        assert!(same(&whole.0, &pieces.0), "in pieces of {piece}: {:?} is not {:?}", pieces.0, whole.0);
    }
}

type Read = (Vec<Found>, Result<Ending, Fault>);

/// The same images and the same end. How many bytes were read until then, which a sentence may name, is not the answer's.
fn same(one: &Read, other: &Read) -> bool {
    let end = |read: &Read| match &read.1 {
        Ok(ending) => (ending.answered, ending.model.clone(), ending.missing.as_ref().map(|failure| failure.kind)),
        Err(fault) => (0, fault.unknown_parameter.map(str::to_owned), Some(fault.failure.kind)),
    };
    one.0 == other.0 && end(one) == end(other)
}

/// What came of it, and whether a limit stopped it.
fn read(body: &[u8], images: u8, piece: usize) -> (Read, bool) {
    let mut reader = Reader::new(question(images));
    let mut found = Vec::new();
    let mut stopped = None;
    for piece in body.chunks(piece) {
        match reader.push(piece) {
            Ok(more) => found.extend(more),
            Err(failure) => {
                stopped = Some(failure);
                break;
            }
        }
        if reader.is_complete() {
            break;
        }
    }
    assert!(reader.received_bytes() <= body.len() as u64);
    let is_stopped = stopped.is_some();
    let mut ending = match stopped {
        None => reader.finish(),
        Some(failure) => reader.finish_broken(failure),
    };
    if let Ok(ending) = &mut ending {
        found.append(&mut ending.found);
        let counted =
            found.iter().filter(|found| !matches!(found, Found::RevisedPrompt { .. } | Found::Preview { .. }));
        assert_eq!(counted.count(), ending.answered, "what was answered is what was found");
        assert!(ending.answered > 0, "an answer without any image is a fault");
        assert_eq!(ending.missing.is_some(), ending.answered < usize::from(images));
    }
    check_found(&found);
    match &ending {
        Ok(ending) => {
            ending.missing.iter().for_each(check_failure);
            assert!(!ending.model.as_ref().is_some_and(|model| model.contains(KEY)));
        }
        Err(fault) => check_fault(fault),
    }
    ((found, ending), is_stopped)
}

fn check_found(found: &[Found]) {
    let mut claimed = Vec::new();
    for found in found {
        match found {
            Found::Image { item, bytes } => {
                assert!(!bytes.is_empty(), "an image without bytes");
                claimed.push(*item);
            }
            Found::Url { item, url } => {
                assert!(matches!(url.scheme(), "http" | "https") && url.has_host(), "{url}");
                assert!(url.username().is_empty() && url.password().is_none(), "{url}");
                claimed.push(*item);
            }
            Found::Broken { item, failure } => {
                check_failure(failure);
                claimed.push(*item);
            }
            Found::RevisedPrompt { text, .. } => assert!(!text.contains(KEY), "{text}"),
            Found::Preview { .. } => {}
        }
    }
    let count = claimed.len();
    claimed.sort_unstable();
    claimed.dedup();
    assert_eq!(claimed.len(), count, "one place was filled twice");
    assert!(count <= 64, "{count} images");
}

/// A bad status: two bytes of it, one that sets what is known besides, then the body.
pub fn fault(data: &[u8]) {
    let [high, low, flags, body @ ..] = data else { return };
    let status = 200 + u16::from_be_bytes([*high, *low]) % 400;
    let text: String = match str::from_utf8(body) {
        Ok(text) => text.to_owned(),
        Err(_) => body.iter().map(|&byte| char::from(byte)).collect(),
    };
    let answer = Answer {
        status,
        location: (flags & 1 != 0).then(|| text.chars().take(300).collect()),
        retry_after: (flags & 2 != 0).then(|| Duration::from_secs(u64::from(*low))),
        waited: (flags & 4 != 0).then(|| Duration::from_secs(u64::from(*high))),
        body: text,
    };
    let images = flags >> 4;
    let mut question = question(images);
    if flags & 8 != 0 {
        question.model = "midjourney".to_owned();
    }
    let fault = sort(&answer, &question);
    check_fault(&fault);
    let known = ["size", "quality", "style", "response_format"];
    assert!(fault.unknown_parameter.is_none_or(|name| known.contains(&name)), "{fault:?}");
    // What goes out again by itself was certainly not charged, and the answer said so. A busy server's wait is only told.
    let waits = fault.retry_after.is_some() && fault.failure.kind == FailureKind::RateLimited;
    let goes_again = fault.unknown_parameter.is_some() || fault.one_image_only || waits;
    assert!(!goes_again || !fault.failure.maybe_billed, "{fault:?}");
    assert!(fault.unknown_parameter.is_none() || status == 400 || status == 422 || status < 300, "{status}: {fault:?}");
    assert!(images > 0 || !fault.failure.maybe_billed, "a list of models costs nothing: {fault:?}");
}

fn check_fault(fault: &Fault) {
    check_failure(&fault.failure);
}

fn check_failure(failure: &Failure) {
    let Failure { sentence, server_words, detail, retry_safe, maybe_billed, .. } = failure;
    assert!(!sentence.trim().is_empty() && sentence.len() <= SENTENCE_MAX, "{} bytes: {sentence}", sentence.len());
    assert!(!(*retry_safe && *maybe_billed), "{failure:?}");
    for words in server_words.iter().chain(detail) {
        assert!(words.len() <= WORDS_MAX, "{} bytes of words", words.len());
    }
    for text in [Some(sentence), server_words.as_ref(), detail.as_ref()].into_iter().flatten() {
        assert!(!text.contains(KEY), "the key is shown: {text}");
        assert!(!text.chars().any(char::is_control), "a control character: {text:?}");
    }
}

/// A picture, decoded and made small.
pub fn picture(data: &[u8]) {
    let format = media::sniff(data);
    let Some((width, height)) = media::dimensions(data) else {
        assert!(media::decode(data).is_err(), "{format}: decoded without a size");
        return;
    };
    assert!(width > 0 && height > 0, "{format}: {width} by {height}");
    if u64::from(width) * u64::from(height) > PIXELS_MAX {
        return;
    }
    let Ok(pixels) = media::decode(data) else { return };
    assert_eq!((pixels.width(), pixels.height()), (width, height), "{format}");
    assert_eq!(pixels.bytes().len() as u64, u64::from(width) * u64::from(height) * 4);
    // Colours are premultiplied: none is brighter than its pixel is solid.
    assert!(pixels.bytes().chunks_exact(4).all(|pixel| pixel[..3].iter().all(|&part| part <= pixel[3])), "{format}");
    for side in [1, 16, 256] {
        let small = media::thumbnail(&pixels, side);
        assert!(small.width().max(small.height()) <= side.max(1), "{format}: {side}");
        assert!(small.width() > 0 && small.height() > 0);
    }
}
