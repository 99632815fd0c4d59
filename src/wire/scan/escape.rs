//! JSON's escapes undone one byte at a time, across the edges of pieces.

/// The state inside and between escapes of one string.
#[derive(Clone, Copy, Debug)]
pub(super) struct Unescape {
    state: State,
    /// The first half of a pair that makes one character.
    high: Option<u32>,
}

#[derive(Clone, Copy, Debug)]
enum State {
    Closed,
    AfterSlash,
    Hex { digits: u8, value: u32 },
}

impl Unescape {
    pub(super) const fn new() -> Self {
        Self { state: State::Closed, high: None }
    }

    /// A backslash was read.
    pub(super) const fn open(&mut self) {
        self.state = State::AfterSlash;
    }

    /// The escape needs more bytes.
    pub(super) const fn is_open(&self) -> bool {
        !matches!(self.state, State::Closed)
    }

    /// Takes the next byte of an open escape; a character when it completed one.
    pub(super) fn push(&mut self, byte: u8) -> Option<char> {
        match self.state {
            State::Closed => None,
            State::AfterSlash if byte == b'u' => {
                self.state = State::Hex { digits: 0, value: 0 };
                None
            }
            State::AfterSlash => {
                self.state = State::Closed;
                Some(match byte {
                    b'n' => '\n',
                    b'r' => '\r',
                    b't' => '\t',
                    b'b' => '\u{8}',
                    b'f' => '\u{c}',
                    other => char::from(other),
                })
            }
            State::Hex { digits, value } => {
                let Some(digit) = char::from(byte).to_digit(16) else {
                    self.state = State::Closed;
                    return Some(char::REPLACEMENT_CHARACTER);
                };
                let value = value << 4 | digit;
                if digits < 3 {
                    self.state = State::Hex { digits: digits + 1, value };
                    return None;
                }
                self.state = State::Closed;
                self.complete(value)
            }
        }
    }

    fn complete(&mut self, value: u32) -> Option<char> {
        match (self.high.take(), value) {
            (_, 0xD800..=0xDBFF) => {
                self.high = Some(value);
                None
            }
            (Some(high), 0xDC00..=0xDFFF) => char::from_u32(0x1_0000 + ((high - 0xD800) << 10) + (value - 0xDC00)),
            (_, value) => Some(char::from_u32(value).unwrap_or(char::REPLACEMENT_CHARACTER)),
        }
    }
}
