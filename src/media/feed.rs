//! The bytes of one image on their way from whoever receives them to whoever decodes them; neither waits for the other.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;

/// The most bytes that wait for the decoder: half a second of a fast line. When it falls further behind, it goes on
/// from the whole image as soon as that is there; nothing is kept twice, and nobody is held up.
pub(super) const FEED_BYTES_MAX: usize = 1 << 20;

/// The most bytes that wait for a decoder to begin: all are busy with other pictures, and by the time one is free it may
/// as well go on from the whole image. Copying what comes meanwhile would only take time from them.
const UNTOUCHED_BYTES_MAX: usize = 256 << 10;

/// Where the bytes go in. Cheap to share.
#[derive(Clone, Default)]
pub struct Feed(Arc<Mutex<Queue>>);

#[derive(Default)]
struct Queue {
    pieces: VecDeque<Bytes>,
    waiting_bytes: usize,
    /// Bytes taken out so far.
    taken: usize,
    /// A piece found no room: what follows comes from the whole image.
    is_behind: bool,
    whole: Option<Bytes>,
}

/// What comes next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Next {
    /// The bytes that follow.
    Piece(Bytes),
    /// Nothing has come since.
    Nothing,
    /// There is no more.
    End,
}

impl Feed {
    /// The next bytes of the image. Never waits.
    pub fn push(&self, piece: &[u8]) {
        let mut queue = self.queue();
        if queue.is_behind || queue.whole.is_some() {
            return;
        }
        let most = if queue.taken == 0 { UNTOUCHED_BYTES_MAX } else { FEED_BYTES_MAX };
        if queue.waiting_bytes + piece.len() > most {
            queue.is_behind = true;
            return;
        }
        queue.waiting_bytes += piece.len();
        queue.pieces.push_back(Bytes::copy_from_slice(piece));
    }

    /// The image is whole; its beginning is what was pushed.
    pub fn end(&self, whole: Bytes) {
        self.queue().whole = Some(whole);
    }

    /// The decoder needs no more of it.
    pub fn stop(&self) {
        let mut queue = self.queue();
        queue.is_behind = true;
        queue.pieces.clear();
        queue.waiting_bytes = 0;
    }

    /// Something can be taken out.
    pub fn has_news(&self) -> bool {
        let queue = self.queue();
        !queue.pieces.is_empty() || queue.whole.is_some()
    }

    pub(super) fn next(&self) -> Next {
        let mut queue = self.queue();
        if let Some(piece) = queue.pieces.pop_front() {
            queue.waiting_bytes -= piece.len();
            queue.taken += piece.len();
            return Next::Piece(piece);
        }
        let Some(whole) = &queue.whole else { return Next::Nothing };
        let rest = if queue.taken < whole.len() { whole.slice(queue.taken..) } else { Bytes::new() };
        queue.taken += rest.len();
        if rest.is_empty() { Next::End } else { Next::Piece(rest) }
    }

    /// The whole image, once it is there.
    pub(super) fn whole(&self) -> Option<Bytes> {
        self.queue().whole.clone()
    }

    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rest(feed: &Feed) -> Vec<u8> {
        let mut bytes = Vec::new();
        while let Next::Piece(piece) = feed.next() {
            bytes.extend_from_slice(&piece);
        }
        bytes
    }

    #[test]
    fn pieces_come_out_in_order_and_the_whole_gives_the_rest() {
        let feed = Feed::default();
        assert_eq!((feed.next(), feed.has_news()), (Next::Nothing, false));
        feed.push(b"ab");
        feed.push(b"cd");
        assert!(feed.has_news());
        assert_eq!(feed.next(), Next::Piece(Bytes::from_static(b"ab")));
        feed.end(Bytes::from_static(b"abcdef"));
        assert_eq!(rest(&feed), b"cdef");
        assert_eq!(feed.next(), Next::End);
    }

    #[test]
    fn a_decoder_that_falls_behind_costs_no_more_than_the_limit_and_misses_nothing() {
        let image: Vec<u8> = (0..5 * FEED_BYTES_MAX as u32).map(|n| (n / 7) as u8).collect();
        for (takes_one, most) in [(true, FEED_BYTES_MAX), (false, UNTOUCHED_BYTES_MAX)] {
            let feed = Feed::default();
            let mut taken = 0;
            for (number, piece) in image.chunks(60_000).enumerate() {
                feed.push(piece);
                let held: usize = feed.queue().pieces.iter().map(Bytes::len).sum();
                assert_eq!(held, feed.queue().waiting_bytes);
                assert!(held <= most, "{held}");
                if takes_one && number == 3 {
                    taken = 60_000;
                    assert_eq!(feed.next(), Next::Piece(Bytes::copy_from_slice(&image[..taken])));
                }
            }
            assert!(feed.queue().waiting_bytes > most - 60_000, "all that may wait does");
            feed.end(Bytes::from(image.clone()));
            assert_eq!(rest(&feed), image[taken..]);
        }
    }
}
