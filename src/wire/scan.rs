//! JSON read as it arrives: images are cut out as their last character lands, the small rest is kept for serde.

mod escape;
mod frame;
mod side;
#[cfg(test)]
mod tests;

use escape::Unescape;
use frame::{Frame, Key, Place};
use side::Side;

use super::base64::Damage;
use super::candidate::{Candidate, Meant, Outcome};
use super::limits::{IMAGE_BYTES, ITEMS, JSON_DEPTH, TEXT_BYTES};

/// Something cut out of the text. `item` counts from 0 in the order of the answer; empty places count too.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Cut {
    /// A whole image.
    Image { item: usize, bytes: Vec<u8> },
    /// A preview of the image that comes next; never the image itself.
    Preview { item: usize, bytes: Vec<u8> },
    /// Where the image can be fetched, as written.
    Link { item: usize, link: String },
    /// The prompt as the model rewrote it.
    Prompt { item: usize, text: String },
    /// An image was sent, but its bytes cannot be read.
    Broken { item: usize, damage: Damage },
}

/// How far the text has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Progress {
    /// Nothing but white space.
    Nothing,
    /// Inside the value.
    Inside,
    /// The first value is complete; the rest is ignored.
    Complete,
    /// This is no JSON; why, as a clause.
    NotJson(&'static str),
}

/// What becomes of the string that is being read.
enum Role {
    /// An object's key, at most as long as the keys that matter.
    Key(Vec<u8>),
    /// May hold an image or a link.
    Image(Candidate),
    /// The rewritten prompt.
    Prompt(Vec<u8>),
    /// The kind of event, kept in the side buffer too.
    Kind(Vec<u8>),
    /// Anything else: into the side buffer as it is.
    Rest,
}

/// The reader of one JSON value. Takes any bytes in pieces of any length.
pub(super) struct Scan {
    progress: Progress,
    stack: Vec<Frame>,
    /// The string being read, when one is.
    string: Option<Role>,
    unescape: Unescape,
    side: Side,
    /// Images are held until their object ends: only then an event says whether it was a preview.
    holds: bool,
    /// The event around the text is a preview.
    is_preview: bool,
    next_item: usize,
    used: [bool; ITEMS],
    image_limit: usize,
    /// Memory for the next image.
    room: Vec<u8>,
    /// Bytes of the largest image so far: those of one answer are alike.
    likely: usize,
}

/// Longer than any key that matters; the rest of a longer one is not kept.
const KEY_BYTES: usize = 32;

impl Scan {
    /// A scan of a plain answer; `holds` for the events of a stream.
    pub(super) const fn new(holds: bool) -> Self {
        Self {
            progress: Progress::Nothing,
            stack: Vec::new(),
            string: None,
            unescape: Unescape::new(),
            side: Side::new(),
            holds,
            is_preview: false,
            next_item: 0,
            used: [false; ITEMS],
            image_limit: IMAGE_BYTES,
            room: Vec::new(),
            likely: 0,
        }
    }

    /// The same with another limit for one image.
    #[cfg(test)]
    pub(super) const fn with_image_limit(mut self, bytes: usize) -> Self {
        self.image_limit = bytes;
        self
    }

    /// How far the text has come.
    pub(super) const fn progress(&self) -> Progress {
        self.progress
    }

    /// Everything but images and long texts, as JSON.
    pub(super) fn side(&self) -> &[u8] {
        self.side.bytes()
    }

    /// Begins the next event of a stream; item numbers go on.
    pub(super) fn begin_event(&mut self, is_preview: bool) {
        self.progress = Progress::Nothing;
        self.stack.clear();
        self.string = None;
        self.unescape = Unescape::new();
        self.side.clear();
        self.is_preview = is_preview;
    }

    /// The event's name came after its first data.
    pub(super) const fn set_preview(&mut self) {
        self.is_preview = true;
    }

    /// Memory for the image being read or the next one, whatever it holds.
    pub(super) fn give(&mut self, room: Vec<u8>) {
        self.room = room;
    }

    /// Takes the next bytes; what was completed by them goes into `cuts`.
    pub(super) fn push(&mut self, mut bytes: &[u8], cuts: &mut Vec<Cut>) {
        while !bytes.is_empty() && matches!(self.progress, Progress::Nothing | Progress::Inside) {
            bytes = if self.string.is_some() { self.read_string(bytes, cuts) } else { self.read_gap(bytes, cuts) };
        }
    }

    /// The bytes of the image being read that came since the last call, and how many there were before them.
    pub(super) fn part(&mut self) -> Option<(usize, &[u8])> {
        if self.is_preview || self.stack.last().is_some_and(|frame| frame.is_preview) {
            return None;
        }
        match &mut self.string {
            Some(Role::Image(candidate)) => candidate.part(),
            _ => None,
        }
    }

    /// The text ended, here or too early: hands out what was complete but waited for its object's end.
    pub(super) fn flush(&mut self, cuts: &mut Vec<Cut>) {
        self.string = None;
        while let Some(frame) = self.stack.pop() {
            self.close(frame, cuts);
        }
    }

    fn read_gap<'b>(&mut self, bytes: &'b [u8], cuts: &mut Vec<Cut>) -> &'b [u8] {
        let Some((&byte, rest)) = bytes.split_first() else { return bytes };
        if byte.is_ascii_whitespace() {
            return rest;
        }
        self.progress = Progress::Inside;
        match byte {
            b'"' => self.open_string(),
            b'{' | b'[' => {
                self.side.push(&[byte]);
                self.open(byte == b'{');
            }
            b'}' | b']' => {
                self.side.push(&[byte]);
                match self.stack.pop() {
                    Some(frame) if frame.is_object() == (byte == b'}') => {
                        self.close(frame, cuts);
                        if self.stack.is_empty() {
                            self.progress = Progress::Complete;
                        }
                    }
                    _ => self.progress = Progress::NotJson("a bracket is closed that was never opened"),
                }
            }
            b',' | b':' => {
                self.side.push(&[byte]);
                if let Some(frame) = self.stack.last_mut() {
                    frame.awaits_key = byte == b',' && frame.is_object();
                }
            }
            // Numbers, true, false, null; whether they are well formed is serde's to say.
            _ => self.side.push(&[byte]),
        }
        rest
    }

    fn open(&mut self, is_object: bool) {
        if self.stack.len() >= JSON_DEPTH {
            self.progress = Progress::NotJson("it is nested too deeply");
            return;
        }
        let mut frame = Frame::below(self.stack.last(), is_object);
        if is_object && self.lists_images() && frame.item.is_none() {
            frame.item = self.new_item();
        }
        self.stack.push(frame);
    }

    /// The innermost value is a list of results.
    fn lists_images(&self) -> bool {
        let is_list = |frame: &Frame| !frame.is_object() && frame.place == Place::Data;
        self.stack.last().is_some_and(|frame| is_list(frame) && (frame.key == Key::Data || self.stack.len() == 1))
    }

    fn new_item(&mut self) -> Option<usize> {
        let item = self.next_item;
        (item < ITEMS).then(|| {
            self.next_item += 1;
            item
        })
    }

    /// The number for an image found in an object numbered `item`: its own, or a new one when that is taken.
    fn claim(&mut self, item: Option<usize>) -> Option<usize> {
        let free = item.filter(|&item| self.used.get(item) == Some(&false));
        let item = free.or_else(|| self.new_item())?;
        if let Some(used) = self.used.get_mut(item) {
            *used = true;
        }
        Some(item)
    }

    fn open_string(&mut self) {
        let limit = self.image_limit;
        let role = match self.stack.last() {
            Some(frame) if frame.awaits_key => Role::Key(Vec::new()),
            Some(frame) if frame.place != Place::Error => match (frame.is_object(), frame.key) {
                (true, Key::Base64) => Role::Image(Candidate::new(Meant::Base64, limit).likely(self.likely)),
                (true, Key::Link) if frame.place != Place::Aside => Role::Image(Candidate::new(Meant::Link, limit)),
                (true, Key::Prompt) => Role::Prompt(Vec::new()),
                (true, Key::Kind) => Role::Kind(Vec::new()),
                (false, _) if self.lists_images() => Role::Image(Candidate::new(Meant::Link, limit)),
                _ => Role::Rest,
            },
            _ => Role::Rest,
        };
        self.side.open_string();
        self.string = Some(role);
    }

    fn read_string<'b>(&mut self, bytes: &'b [u8], cuts: &mut Vec<Cut>) -> &'b [u8] {
        if self.unescape.is_open() {
            let Some((&byte, rest)) = bytes.split_first() else { return bytes };
            if self.keeps_raw() {
                self.side.push_string(&[byte]);
            }
            if let Some(character) = self.unescape.push(byte) {
                let mut buffer = [0; 4];
                self.take(character.encode_utf8(&mut buffer).as_bytes());
            }
            return rest;
        }
        let end = memchr::memchr2(b'"', b'\\', bytes).unwrap_or(bytes.len());
        let (text, rest) = bytes.split_at(end);
        if !text.is_empty() {
            if self.keeps_raw() {
                self.side.push_string(text);
            }
            self.take(text);
        }
        let Some((&mark, rest)) = rest.split_first() else { return rest };
        if mark == b'\\' {
            self.unescape.open();
            if self.keeps_raw() {
                self.side.open_escape();
            }
        } else {
            self.close_string(cuts);
        }
        rest
    }

    const fn keeps_raw(&self) -> bool {
        matches!(self.string, Some(Role::Rest | Role::Key(_) | Role::Kind(_)))
    }

    /// Characters of the string, escapes undone.
    fn take(&mut self, text: &[u8]) {
        let (held, limit) = match &mut self.string {
            Some(Role::Image(candidate)) => {
                candidate.push(text);
                if self.room.capacity() > 0 {
                    candidate.go_on_in(&mut self.room);
                }
                return;
            }
            Some(Role::Key(held)) => (held, KEY_BYTES),
            Some(Role::Prompt(held) | Role::Kind(held)) => (held, TEXT_BYTES),
            Some(Role::Rest) | None => return,
        };
        held.extend_from_slice(text.get(..limit.saturating_sub(held.len())).unwrap_or(text));
    }

    fn close_string(&mut self, cuts: &mut Vec<Cut>) {
        self.unescape = Unescape::new();
        self.side.close_string();
        let Some(role) = self.string.take() else { return };
        let Some(frame) = self.stack.last_mut() else {
            self.progress = Progress::Complete;
            return;
        };
        match role {
            Role::Key(name) => frame.key = Key::read(&name),
            Role::Kind(text) => frame.is_preview |= memchr::memmem::find(&text, b"partial_image").is_some(),
            Role::Prompt(text) => {
                let text = String::from_utf8_lossy(&text).into_owned();
                frame.prompt = Some(text).filter(|text| !text.trim().is_empty());
            }
            Role::Image(candidate) => {
                let is_object = frame.is_object();
                match candidate.finish() {
                    Outcome::Absent => {}
                    Outcome::Broken(damage) => frame.broken = Some(damage),
                    Outcome::Image(bytes) => {
                        self.likely = self.likely.max(bytes.len());
                        if self.holds && is_object {
                            frame.held = Some(bytes);
                        } else {
                            self.found_image(bytes, cuts);
                        }
                    }
                    Outcome::Link(link) if is_object => frame.link = Some(link),
                    // In a bare list only a whole address can be told from any other word.
                    Outcome::Link(link) => {
                        let is_whole = link.starts_with("http://") || link.starts_with("https://");
                        if is_whole && let Some(item) = self.claim(None) {
                            cuts.push(Cut::Link { item, link });
                        }
                    }
                }
            }
            Role::Rest => {}
        }
    }

    /// A whole image inside the innermost object or list.
    fn found_image(&mut self, bytes: Vec<u8>, cuts: &mut Vec<Cut>) {
        let own = self.stack.last().filter(|frame| frame.is_object()).and_then(|frame| frame.item);
        let Some(item) = self.claim(own) else { return };
        if let Some(frame) = self.stack.last_mut() {
            frame.delivered = frame.is_object();
            frame.item = if frame.is_object() { Some(item) } else { frame.item };
        }
        cuts.push(Cut::Image { item, bytes });
    }

    fn close(&mut self, frame: Frame, cuts: &mut Vec<Cut>) {
        let mut item = frame.item;
        let mut delivered = frame.delivered;
        if let Some(bytes) = frame.held {
            delivered = true;
            if self.is_preview || frame.is_preview {
                cuts.push(Cut::Preview { item: self.next_item, bytes });
            } else if let Some(claimed) = self.claim(frame.item) {
                item = Some(claimed);
                cuts.push(Cut::Image { item: claimed, bytes });
            }
        }
        // A link beside the image, or deeper inside the same item, is the same image again.
        let taken = item.is_some_and(|item| self.used.get(item) != Some(&false));
        if !delivered && !taken && (frame.link.is_some() || frame.broken.is_some()) {
            item = self.claim(item);
            match (item, frame.link, frame.broken) {
                (Some(item), Some(link), _) => cuts.push(Cut::Link { item, link }),
                (Some(item), None, Some(damage)) => cuts.push(Cut::Broken { item, damage }),
                _ => {}
            }
        }
        if let (Some(item), Some(text)) = (item, frame.prompt) {
            cuts.push(Cut::Prompt { item, text });
        }
    }
}
