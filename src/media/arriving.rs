//! A picture decoded while its bytes arrive: as far as they go each time, never waiting for more.

use std::collections::VecDeque;
use std::io::{self, BufRead, Read, Seek, SeekFrom};
use std::panic::AssertUnwindSafe;

use bytes::{Buf as _, Bytes};

use super::decode::{decode, guarded, pixels, told};
use super::feed::{Feed, Next};
use super::limits::FILE_BYTES_MAX;
use super::picture::Alpha;
use super::rows::{Header, Progress, Rows};
use super::trouble::Trouble;
use crate::domain::{Failure, Format, Pixels};

/// How a PNG file begins.
const SIGNATURE: [u8; 8] = *b"\x89PNG\r\n\x1a\n";
/// Length and name of a chunk.
const CHUNK_HEAD: usize = 8;
/// The checksum behind a chunk.
const CHUNK_END: u64 = 4;

/// How far a picture has come.
#[derive(Debug)]
pub enum Stage {
    /// What there was is used up: call again when the feed has news.
    Waiting,
    /// Its size is known: it goes on when it is given memory for so many pixels.
    Needs(usize),
    /// Decoded, or not to be decoded. The end; not to be called again.
    Done(Result<Pixels, Failure>),
}

/// The decoder of one picture. PNG is decoded row by row as it comes; the other formats at the end.
///
/// What comes out is what [`decode`] makes of the whole file, and never panics either.
pub struct Arriving {
    feed: Feed,
    state: State,
}

enum State {
    /// What comes before the pixels of a PNG, kept until all of it is there.
    Beginning(Beginning),
    Known(Box<Header<Source>>),
    Rows(Box<Rows<Source>>),
    /// Another format.
    Other,
    /// Nothing will come of it; [`Arriving::advance`] says why.
    Broken(Trouble),
    Over,
}

impl Arriving {
    /// A picture that will come through this feed.
    pub fn new(feed: Feed) -> Self {
        Self { feed, state: State::Beginning(Beginning::default()) }
    }

    /// Memory that was asked for with [`Stage::Needs`], whatever is in it; too little of it is replaced.
    pub fn give(&mut self, words: Vec<u32>) {
        self.state = match std::mem::replace(&mut self.state, State::Over) {
            State::Known(header) => match guarded(AssertUnwindSafe(|| header.rows(words, Alpha::Premultiplied))) {
                Ok(rows) => State::Rows(Box::new(rows)),
                Err(trouble) => State::Broken(trouble),
            },
            other => other,
        };
    }

    /// Decodes what has come.
    pub fn advance(&mut self) -> Stage {
        let state = std::mem::replace(&mut self.state, State::Over);
        match guarded(AssertUnwindSafe(|| go_on(state, &self.feed))) {
            Ok((state, stage)) => {
                self.state = state;
                stage
            }
            Err(trouble) => Stage::Done(Err(told(trouble, Format::Png))),
        }
    }
}

fn go_on(state: State, feed: &Feed) -> Result<(State, Stage), Trouble> {
    match state {
        State::Beginning(mut beginning) => loop {
            match feed.next() {
                Next::Piece(piece) => beginning.push(piece),
                Next::Nothing => return Ok((State::Beginning(beginning), Stage::Waiting)),
                Next::End if beginning.has_signature => beginning.is_enough = true,
                Next::End => beginning.is_other = true,
            }
            if beginning.is_other {
                return other(feed);
            }
            if beginning.is_enough {
                let source = Source { feed: feed.clone(), ahead: beginning.pieces, piece: Bytes::new() };
                let header = Header::read(source)?;
                let needs = header.pixels()?;
                return Ok((State::Known(Box::new(header)), Stage::Needs(needs)));
            }
        },
        State::Known(header) => {
            let needs = header.pixels()?;
            Ok((State::Known(header), Stage::Needs(needs)))
        }
        State::Rows(mut rows) => match rows.advance()? {
            Progress::Waiting => Ok((State::Rows(rows), Stage::Waiting)),
            Progress::Done => Ok((State::Over, Stage::Done(Ok(pixels(rows.finish())?)))),
        },
        State::Other => other(feed),
        State::Broken(trouble) => Err(trouble),
        State::Over => Err(Trouble::Damaged("nothing is left to decode".to_owned())),
    }
}

/// The formats that are decoded at the end; the pieces are not needed.
fn other(feed: &Feed) -> Result<(State, Stage), Trouble> {
    while let Next::Piece(_) = feed.next() {}
    match feed.whole() {
        None => Ok((State::Other, Stage::Waiting)),
        Some(whole) if whole.len() > FILE_BYTES_MAX => Err(Trouble::TooManyBytes),
        Some(whole) => Ok((State::Over, Stage::Done(decode(&whole)))),
    }
}

/// The beginning of a file: looked through, chunk by chunk, for the pixels' first chunk.
#[derive(Default)]
struct Beginning {
    pieces: VecDeque<Bytes>,
    /// The chunk's head as far as it has come; first of all the signature.
    head: Vec<u8>,
    has_signature: bool,
    /// Bytes until the next chunk's head.
    skip: u64,
    /// The pixels begin.
    is_enough: bool,
    /// This is no PNG.
    is_other: bool,
}

impl Beginning {
    fn push(&mut self, piece: Bytes) {
        let mut rest: &[u8] = &piece;
        while !rest.is_empty() && !self.is_enough && !self.is_other {
            if self.skip > 0 {
                let skipped = self.skip.min(rest.len() as u64);
                self.skip -= skipped;
                rest = rest.get(skipped as usize..).unwrap_or_default();
                continue;
            }
            let (now, later) = rest.split_at(rest.len().min(CHUNK_HEAD - self.head.len()));
            self.head.extend_from_slice(now);
            rest = later;
            if self.head.len() == CHUNK_HEAD {
                self.read_head();
            }
        }
        self.pieces.push_back(piece);
    }

    fn read_head(&mut self) {
        let head = std::mem::take(&mut self.head);
        match head.as_slice() {
            head if !self.has_signature => {
                self.has_signature = true;
                self.is_other = head != SIGNATURE;
            }
            [.., b'I', b'D', b'A', b'T'] => self.is_enough = true,
            [a, b, c, d, ..] => self.skip = u64::from(u32::from_be_bytes([*a, *b, *c, *d])) + CHUNK_END,
            _ => {}
        }
    }
}

/// The feed as the decoder reads it: when nothing has come yet it says `WouldBlock`, and goes on when asked again.
struct Source {
    feed: Feed,
    /// Read before the decoder was made.
    ahead: VecDeque<Bytes>,
    piece: Bytes,
}

impl BufRead for Source {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        while self.piece.is_empty() {
            self.piece = match self.ahead.pop_front().map_or_else(|| self.feed.next(), Next::Piece) {
                Next::Piece(piece) => piece,
                Next::Nothing => return Err(io::ErrorKind::WouldBlock.into()),
                Next::End => break,
            };
        }
        Ok(&self.piece)
    }

    fn consume(&mut self, count: usize) {
        self.piece.advance(count.min(self.piece.len()));
    }
}

impl Read for Source {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.fill_buf()?.read(buffer)?;
        self.consume(count);
        Ok(count)
    }
}

/// The decoder asks for a source that can seek, and never does.
impl Seek for Source {
    fn seek(&mut self, _: SeekFrom) -> io::Result<u64> {
        Err(io::ErrorKind::Unsupported.into())
    }
}

#[cfg(test)]
mod tests;
