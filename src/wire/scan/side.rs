//! The small rest of an answer: everything but images and long texts, kept so that serde can read it at the end.

use super::super::limits::{SIDE_BYTES, SIDE_STRING_BYTES};

/// A bounded copy. When it is full the rest is dropped, and serde will not be able to read it.
pub(super) struct Side {
    bytes: Vec<u8>,
    is_full: bool,
    /// Bytes the open string may still take.
    string_left: usize,
}

/// An escape such as `\u0041` is kept whole or not at all.
const ESCAPE_BYTES: usize = 6;

impl Side {
    pub(super) const fn new() -> Self {
        Self { bytes: Vec::new(), is_full: false, string_left: 0 }
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    pub(super) fn clear(&mut self) {
        self.bytes.clear();
        self.is_full = false;
    }

    pub(super) fn push(&mut self, bytes: &[u8]) {
        self.is_full |= self.bytes.len() + bytes.len() > SIDE_BYTES;
        if !self.is_full {
            self.bytes.extend_from_slice(bytes);
        }
    }

    pub(super) fn open_string(&mut self) {
        self.string_left = SIDE_STRING_BYTES;
        self.push(b"\"");
    }

    pub(super) fn close_string(&mut self) {
        self.push(b"\"");
    }

    /// Plain characters of the open string.
    pub(super) fn push_string(&mut self, text: &[u8]) {
        let kept = text.get(..self.string_left).unwrap_or(text);
        self.string_left -= kept.len();
        self.push(kept);
    }

    /// The backslash of an escape.
    pub(super) fn open_escape(&mut self) {
        if self.string_left < ESCAPE_BYTES {
            self.string_left = 0;
        }
        self.push_string(b"\\");
    }
}
