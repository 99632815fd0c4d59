//! Mutations of seeds, the same ones each time.

/// Words that lead into corners: structure, numbers at the edge, keys the reader knows, and the key that was sent.
const WORDS: [&[u8]; 32] = [
    b"\"",
    b"\\",
    b"{",
    b"}",
    b"[",
    b"]",
    b",",
    b":",
    b"\n\n",
    b"\r",
    b"data: ",
    b"event: error\n",
    b"[DONE]",
    b"null",
    b"-1",
    b"1e400",
    b"99999999999999999999",
    b"\\u0000",
    b"\\ud800",
    b"\\u202e",
    b"\xef\xbb\xbf",
    b"\xff\xfe",
    b"\xe7\x8b\x90",
    b"\"b64_json\":\"QUJD\"",
    b"\"url\":\"https://me:pw@host/a?k=1#f\"",
    b"\"revised_prompt\":\"sk-canary-5f0c9d7e2b41\"",
    b"\"error\":",
    b"\"data\":",
    b"sk-canary-5f0c9d7e2b41",
    b"<html><title>",
    b"partial_image",
    b"data:image/png;base64,",
];

/// No input grows beyond this.
const BYTES_MAX: usize = 8_192;

pub(crate) struct Mutator<'s> {
    seeds: &'s [Vec<u8>],
    state: u64,
}

impl<'s> Mutator<'s> {
    pub(crate) const fn new(seeds: &'s [Vec<u8>]) -> Self {
        Self { seeds, state: 0x9e37_79b9_7f4a_7c15 }
    }

    /// A number below `limit`, which is not 0.
    fn below(&mut self, limit: usize) -> usize {
        // xorshift64*: enough to spread, and the same on every machine.
        self.state ^= self.state >> 12;
        self.state ^= self.state << 25;
        self.state ^= self.state >> 27;
        (self.state.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) as usize % limit
    }

    fn seed(&mut self) -> Vec<u8> {
        let at = self.below(self.seeds.len());
        self.seeds[at].clone()
    }

    /// The next input.
    pub(crate) fn next(&mut self) -> Vec<u8> {
        let mut data = self.seed();
        for _ in 0..=self.below(6) {
            self.change(&mut data);
        }
        data.truncate(BYTES_MAX);
        data
    }

    fn change(&mut self, data: &mut Vec<u8>) {
        let at = self.below(data.len() + 1);
        let length = self.below(24).min(data.len() - at);
        match self.below(8) {
            0 if at < data.len() => data[at] ^= 1 << self.below(8),
            1 if at < data.len() => data[at] = self.below(256) as u8,
            2 => drop(data.drain(at..at + length)),
            3 => {
                let piece = data[at..at + length].to_vec();
                let times = 1 + self.below(3);
                data.splice(at..at, piece.repeat(times));
            }
            4 | 5 => {
                let word = WORDS[self.below(WORDS.len())];
                data.splice(at..at, word.iter().copied());
            }
            6 => {
                let other = self.seed();
                let from = self.below(other.len() + 1);
                data.truncate(at);
                data.extend_from_slice(&other[from..]);
            }
            _ => data.truncate(at),
        }
    }
}
