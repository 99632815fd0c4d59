//! The ledger: one row for each call that is not over, written as a file's name; the file holds the answer as it came.

use serde::{Deserialize, Serialize};

use crate::domain::RunId;

/// The version of rows and headers written.
const VERSION: u32 = 1;

/// The longest first line of a row's file: an address, and room for what later versions may add.
pub(super) const HEADER_MAX_BYTES: u64 = 16 << 10;

/// How far a call has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Stage {
    /// Written down; nothing of it has left this computer.
    Prepared,
    /// A connection was about to be made: the server may have got it.
    Sent,
    /// The whole answer is in the file.
    Received,
}

impl Stage {
    const ALL: [Self; 3] = [Self::Prepared, Self::Sent, Self::Received];

    const fn word(self) -> &'static str {
        match self {
            Self::Prepared => "prepared",
            Self::Sent => "sent",
            Self::Received => "received",
        }
    }
}

/// One call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Row {
    /// The run it belongs to.
    pub(super) run: RunId,
    /// The places it is to fill.
    pub(super) slots: Vec<u16>,
    /// Its name among all calls of all programs.
    pub(super) call: String,
}

impl Row {
    /// The file's name, for people too: `0065f3b2c0e4a000 images 1-4 18f-2a-0.sent`.
    pub(super) fn name(&self, stage: Stage) -> String {
        let Self { run, slots, call } = self;
        format!("{run} images {} {call}.{}", spans(slots), stage.word())
    }

    /// The row a name tells; `None` when it is none of ours.
    pub(super) fn parse(name: &str) -> Option<(Self, Stage)> {
        let (row, stage) = name.rsplit_once('.')?;
        let stage = Stage::ALL.into_iter().find(|known| known.word() == stage)?;
        let mut words = row.split(' ');
        let run = words.next().filter(|word| word.len() == 16)?.parse().ok()?;
        words.next().filter(|word| *word == "images")?;
        let slots = places(words.next()?)?;
        let call = words.next().filter(|word| !word.is_empty())?.to_owned();
        words.next().is_none().then_some((Self { run, slots, call }, stage))
    }
}

/// `1-4` or `2+5+6`: people count from 1.
fn spans(slots: &[u16]) -> String {
    let numbers: Vec<u32> = slots.iter().map(|&slot| u32::from(slot) + 1).collect();
    let in_a_row = numbers.windows(2).all(|pair| matches!(pair, [one, next] if one + 1 == *next));
    match numbers.as_slice() {
        [first, .., last] if in_a_row => format!("{first}-{last}"),
        _ => numbers.iter().map(u32::to_string).collect::<Vec<_>>().join("+"),
    }
}

fn places(text: &str) -> Option<Vec<u16>> {
    let slot = |number: &str| number.parse::<u16>().ok()?.checked_sub(1);
    let slots: Vec<u16> = match text.split_once('-') {
        Some((first, last)) => (slot(first)?..=slot(last)?).collect(),
        None => text.split('+').map(slot).collect::<Option<_>>()?,
    };
    // A name made up by somebody must not become a thousand requests.
    (!slots.is_empty() && slots.len() <= usize::from(super::record::SLOTS_MAX)).then_some(slots)
}

/// The first line of a row's file: what is needed to read the answer behind it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Header {
    format: u32,
    /// Where the call went; empty when that was no address.
    #[serde(default)]
    pub(super) base_url: String,
}

impl Header {
    pub(super) fn new(base_url: &str) -> Self {
        Self { format: VERSION, base_url: base_url.to_owned() }
    }

    /// The line with its line break.
    pub(super) fn line(&self) -> Result<Vec<u8>, serde_json::Error> {
        let mut line = serde_json::to_vec(self)?;
        line.push(b'\n');
        Ok(line)
    }

    /// The header a file begins with, and how long it is; `None` when its beginning is damaged or was never written.
    pub(super) fn read(beginning: &[u8]) -> Option<(Self, u64)> {
        let end = beginning.iter().position(|&byte| byte == b'\n')?;
        let header: Self = serde_json::from_slice(beginning.get(..end)?).ok()?;
        (header.format == VERSION).then_some((header, end as u64 + 1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(slots: &[u16]) -> Row {
        Row { run: RunId::from_number(0x65), slots: slots.to_vec(), call: "18f-2a-0-3".to_owned() }
    }

    #[test]
    fn a_row_survives_its_name() {
        for slots in [&[0][..], &[0, 1, 2, 3], &[1, 4, 5], &[9, 2], &[998]] {
            for stage in Stage::ALL {
                let row = row(slots);
                assert_eq!(Row::parse(&row.name(stage)), Some((row, stage)));
            }
        }
        assert_eq!(row(&[0, 1, 2, 3]).name(Stage::Sent), "0000000000000065 images 1-4 18f-2a-0-3.sent");
        assert_eq!(row(&[1, 4]).name(Stage::Prepared), "0000000000000065 images 2+5 18f-2a-0-3.prepared");
    }

    #[test]
    fn other_names_are_no_rows() {
        for name in [
            "",
            "notes.txt",
            "0000000000000065 images 1-4 a.stored",
            "65 images 1-4 a.sent",
            "0000000000000065 images 0 a.sent",
            "0000000000000065 images 4-1 a.sent",
            "0000000000000065 images 1-65536 a.sent",
            "0000000000000065 images 1-2000 a.sent",
            "0000000000000065 images 1+ a.sent",
            "0000000000000065 images 1 a b.sent",
            "0000000000000065 images 1 .sent",
            "0000000000000065 pictures 1 a.sent",
        ] {
            assert_eq!(Row::parse(name), None, "{name}");
        }
    }

    #[test]
    fn a_header_is_the_first_line_or_nothing() {
        let header = Header::new("https://host.example/v1");
        let mut file = header.line().unwrap();
        let length = file.len() as u64;
        file.extend_from_slice(b"{\"data\":[]}\n");
        assert_eq!(Header::read(&file), Some((header, length)));
        for damaged in [&b""[..], b"{\"format\":1", b"\0\0\0\0", b"{\"data\":[]}\n", b"{\"format\":2}\n"] {
            assert_eq!(Header::read(damaged), None, "{damaged:?}");
        }
    }
}
