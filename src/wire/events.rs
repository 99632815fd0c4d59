//! Server-sent events taken apart as they arrive, by the rules of the HTML standard, without keeping a line.

use serde_json::Value;

use super::limits::WORDS_BYTES;
use super::scan::{Cut, Progress, Scan};

/// A field's name, or an event's, is at most this long; a longer one is none we know.
const NAME_BYTES: usize = 100;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Field {
    /// Its name is being read.
    Name,
    /// `data:`; the flag says that the one space after the colon may still come.
    Data(bool),
    /// `event:`, likewise.
    Event(bool),
    /// A comment or a field without meaning here.
    Other,
}

/// The reader of an event stream.
pub(super) struct Events {
    scan: Scan,
    field: Field,
    name: Vec<u8>,
    event: Vec<u8>,
    has_data: bool,
    /// The beginning of the event's data, for errors that are no JSON.
    text: Vec<u8>,
    /// The last byte was a carriage return: a line feed after it belongs to it.
    after_return: bool,
    is_done: bool,
    /// Events that broke off or were no JSON.
    damaged: usize,
    values: Vec<Value>,
}

/// Events whose small rest is kept: errors, usage, names. More say nothing new.
const VALUES: usize = 64;

impl Events {
    pub(super) const fn new() -> Self {
        Self {
            scan: Scan::new(true),
            field: Field::Name,
            name: Vec::new(),
            event: Vec::new(),
            has_data: false,
            text: Vec::new(),
            after_return: false,
            is_done: false,
            damaged: 0,
            values: Vec::new(),
        }
    }

    /// `[DONE]` was read: nothing more will come.
    pub(super) const fn is_done(&self) -> bool {
        self.is_done
    }

    /// The bytes of the image being read that came since the last call, and how many there were before them.
    pub(super) fn part(&mut self) -> Option<(usize, &[u8])> {
        self.scan.part()
    }

    /// Memory for the next image, whatever it holds.
    pub(super) fn give(&mut self, room: Vec<u8>) {
        self.scan.give(room);
    }

    /// Takes the next bytes. What comes behind `[DONE]` is not read, also when it came in the same piece.
    pub(super) fn push(&mut self, mut bytes: &[u8], cuts: &mut Vec<Cut>) {
        while let Some(&first) = bytes.first().filter(|_| !self.is_done) {
            if std::mem::take(&mut self.after_return) && first == b'\n' {
                bytes = bytes.get(1..).unwrap_or_default();
                continue;
            }
            bytes = match (self.field, first) {
                (_, b'\n' | b'\r') => {
                    self.after_return = first == b'\r';
                    self.end_line(cuts);
                    bytes.get(1..).unwrap_or_default()
                }
                (Field::Name, b':') => {
                    self.open_field();
                    bytes.get(1..).unwrap_or_default()
                }
                (Field::Name, _) => {
                    keep(&mut self.name, &[first], NAME_BYTES);
                    bytes.get(1..).unwrap_or_default()
                }
                (Field::Data(true), b' ') => {
                    self.field = Field::Data(false);
                    bytes.get(1..).unwrap_or_default()
                }
                (Field::Event(true), b' ') => {
                    self.field = Field::Event(false);
                    bytes.get(1..).unwrap_or_default()
                }
                (field, _) => {
                    let (text, rest) = bytes.split_at(memchr::memchr2(b'\n', b'\r', bytes).unwrap_or(bytes.len()));
                    match field {
                        Field::Data(_) => {
                            self.field = Field::Data(false);
                            keep(&mut self.text, text, WORDS_BYTES);
                            self.scan.push(text, cuts);
                        }
                        Field::Event(_) => {
                            self.field = Field::Event(false);
                            keep(&mut self.event, text, NAME_BYTES);
                        }
                        Field::Name | Field::Other => {}
                    }
                    rest
                }
            };
        }
    }

    fn open_field(&mut self) {
        self.field = match self.name.as_slice() {
            b"data" => Field::Data(true),
            b"event" => Field::Event(true),
            _ => Field::Other,
        };
        self.has_data |= self.name == b"data";
    }

    fn end_line(&mut self, cuts: &mut Vec<Cut>) {
        match std::mem::replace(&mut self.field, Field::Name) {
            Field::Name if self.name.is_empty() => self.end_event(cuts),
            Field::Data(_) => {
                self.is_done |= self.scan.side() == b"[DONE]";
                // Several data lines are one text, with a line feed between them.
                self.scan.push(b"\n", cuts);
            }
            Field::Event(_) if memchr::memmem::find(&self.event, b"partial_image").is_some() => {
                self.scan.set_preview();
            }
            _ => {}
        }
        self.name.clear();
    }

    fn end_event(&mut self, cuts: &mut Vec<Cut>) {
        let is_error = self.event == b"error";
        self.event.clear();
        let text = std::mem::take(&mut self.text);
        if std::mem::take(&mut self.has_data) && !self.is_done {
            let is_whole = self.scan.progress() == Progress::Complete;
            self.scan.flush(cuts);
            let side = String::from_utf8_lossy(self.scan.side()).into_owned();
            let value = serde_json::from_str::<Value>(&side).ok().filter(Value::is_object);
            let value = match value {
                Some(value) if is_error && value.get("error").is_none() => Some(serde_json::json!({ "error": value })),
                None if is_error => Some(serde_json::json!({ "error": String::from_utf8_lossy(&text) })),
                value => value,
            };
            self.damaged += usize::from(value.is_none() && !is_whole);
            if let Some(value) = value
                && self.values.len() < VALUES
            {
                self.values.push(value);
            }
        }
        self.scan.begin_event(false);
    }

    /// The stream ended. The last event counts even without an empty line behind it.
    pub(super) fn finish(&mut self, cuts: &mut Vec<Cut>) -> Rest {
        if self.field != Field::Name || !self.name.is_empty() {
            self.end_line(cuts);
        }
        self.end_event(cuts);
        Rest { values: std::mem::take(&mut self.values), is_damaged: self.damaged > 0 }
    }
}

/// What a stream said besides its images.
pub(super) struct Rest {
    /// The events without their images, in order.
    pub(super) values: Vec<Value>,
    /// Some event broke off or was no JSON.
    pub(super) is_damaged: bool,
}

fn keep(held: &mut Vec<u8>, text: &[u8], limit: usize) {
    held.extend_from_slice(text.get(..limit.saturating_sub(held.len())).unwrap_or(text));
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(text: &[u8], piece: usize) -> (Vec<Cut>, Rest, bool) {
        let mut events = Events::new();
        let mut cuts = Vec::new();
        for piece in text.chunks(piece.max(1)) {
            events.push(piece, &mut cuts);
        }
        let rest = events.finish(&mut cuts);
        (cuts, rest, events.is_done())
    }

    const STREAM: &str = concat!(
        ": PING\n\n",
        "event: image_generation.partial_image\n",
        "data: {\"b64_json\":\"QUJD\",\"partial_image_index\":0}\n\n",
        "id: 7\nretry: 10\n",
        "data:{\"type\":\"image_generation.completed\",\n",
        "data: \"b64_json\":\"REVG\",\"usage\":{\"total_tokens\":3}}\n\n",
        ":keepalive\n",
        "event: image_generation.completed\n",
        "data: {\"type\":\"image_generation.completed\",\"b64_json\":\"R0hJ\"}\n\n",
        "data: [DONE]\n\n",
    );

    #[test]
    fn events_are_read_with_any_line_end_in_any_pieces() {
        let want = [
            Cut::Preview { item: 0, bytes: b"ABC".to_vec() },
            Cut::Image { item: 0, bytes: b"DEF".to_vec() },
            Cut::Image { item: 1, bytes: b"GHI".to_vec() },
        ];
        for text in [STREAM.to_owned(), STREAM.replace('\n', "\r\n"), STREAM.replace('\n', "\r")] {
            for piece in [1, 2, 3, 10, 1000] {
                let (cuts, rest, is_done) = read(text.as_bytes(), piece);
                assert_eq!(cuts, want, "{piece} {text:?}");
                assert_eq!(rest.values.len(), 3);
                assert_eq!(rest.values[1].pointer("/usage/total_tokens"), Some(&3.into()));
                assert!(is_done && !rest.is_damaged);
            }
        }
    }

    #[test]
    fn the_last_event_needs_no_empty_line() {
        for end in ["", "\n"] {
            let (cuts, _, _) = read(format!("data: {{\"b64_json\":\"QUJD\"}}{end}").as_bytes(), 5);
            assert_eq!(cuts, [Cut::Image { item: 0, bytes: b"ABC".to_vec() }]);
        }
    }

    #[test]
    fn errors_are_kept_whatever_their_shape() {
        for (text, want) in [
            ("event: error\ndata: {\"message\":\"no\"}\n\n", r#"{"error":{"message":"no"}}"#),
            ("event: error\ndata: it broke\n\n", r#"{"error":"it broke"}"#),
            ("data: {\"error\":{\"code\":\"x\"}}\n\n", r#"{"error":{"code":"x"}}"#),
        ] {
            let (cuts, rest, _) = read(text.as_bytes(), 3);
            assert_eq!((cuts.len(), rest.values[0].to_string().as_str()), (0, want));
        }
    }

    /// Found by the fuzzer: it depended on the pieces whether an image behind the end was taken.
    #[test]
    fn nothing_is_read_behind_the_end() {
        let text = b"data: {\"b64_json\":\"QUJD\"}\n\ndata: [DONE]\n\ndata: {\"b64_json\":\"REVG\"}\n\n";
        for piece in [1, 7, text.len()] {
            let (cuts, rest, is_done) = read(text, piece);
            assert_eq!(cuts, [Cut::Image { item: 0, bytes: b"ABC".to_vec() }], "in pieces of {piece}");
            assert!(is_done && !rest.is_damaged);
        }
    }

    #[test]
    fn an_event_that_breaks_off_is_noticed() {
        let (cuts, rest, is_done) = read(b"data: {\"b64_json\":\"QUJD", 4);
        assert_eq!((cuts.len(), rest.is_damaged, is_done), (0, true, false));
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(text in r#"(data|event|:| |\n|\r|[{}\[\]",]|b64_json|QUJD|error){0,60}"#, piece in 1usize..9) {
            let whole = read(text.as_bytes(), text.len()).0;
            prop_assert_eq!(read(text.as_bytes(), piece).0, whole);
        }
    }
}
