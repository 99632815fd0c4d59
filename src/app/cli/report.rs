//! What the command line prints: one line an event, for people or as JSON.

use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

use serde_json::{Value, json};

use super::setup::UsageError;
use crate::domain::{Failure, ImageFacts};

/// The call itself was wrong.
pub(super) const EXIT_USAGE: u8 = 2;

/// Says what is wrong with the call.
pub(super) fn usage(error: &UsageError) -> ExitCode {
    complain(&error.to_string());
    ExitCode::from(EXIT_USAGE)
}

/// A line on standard error; a closed one is nobody's loss.
pub(super) fn complain(text: &str) {
    drop(writeln!(std::io::stderr(), "proofsheet: {text}"));
}

/// Prints to standard output until nobody reads it any more; the work goes on all the same.
pub(super) struct Report<W> {
    out: W,
    json: bool,
    is_open: bool,
}

impl<W: Write> Report<W> {
    pub(super) const fn new(out: W, json: bool) -> Self {
        Self { out, json, is_open: true }
    }

    /// A request went out for these places.
    pub(super) fn sent(&mut self, slots: &[u16]) {
        let places: Vec<String> = slots.iter().map(|slot| (slot + 1).to_string()).collect();
        let word = if places.len() == 1 { "image" } else { "images" };
        self.line(json!({"event": "sent"}), || format!("Sent: {word} {}", places.join(", ")));
    }

    /// An image is on disk.
    pub(super) fn stored(&mut self, file: &Path, facts: &ImageFacts) {
        let ImageFacts { width, height, format, size_bytes, revised_prompt, .. } = facts;
        let file = file.to_string_lossy();
        let value = json!({
            "event": "stored",
            "file": file,
            "width": width,
            "height": height,
            "format": format.word(),
            "bytes": size_bytes,
            "revised_prompt": revised_prompt.as_deref(),
        });
        self.line(value, || format!("Stored: {file} ({width} × {height}, {format}, {size_bytes} bytes)"));
    }

    /// Worth knowing.
    pub(super) fn note(&mut self, text: &str) {
        self.line(json!({"event": "note", "text": text}), || format!("Note: {text}"));
    }

    /// An image failed.
    pub(super) fn failed(&mut self, number: u32, failure: &Failure) {
        self.failure(&format!("Failed: image {number}."), failure);
    }

    /// Nothing can be sent at all.
    pub(super) fn refused(&mut self, failure: &Failure) {
        self.failure("Failed.", failure);
    }

    /// An image is stored, but could not be copied where it was asked for. To ask for it once more would cost again.
    pub(super) fn uncopied(&mut self, failure: &Failure) {
        self.failure("Not copied.", &Failure { retry_safe: false, ..failure.clone() });
    }

    fn failure(&mut self, what: &str, failure: &Failure) {
        let Failure { kind, sentence, server_words, detail, retry_safe, maybe_billed } = failure;
        let value = json!({
            "event": "failed",
            "kind": kind.word(),
            "message": sentence,
            "retry_safe": retry_safe,
            "maybe_billed": maybe_billed,
        });
        let told = |who: &str, words: &Option<String>| {
            words.as_ref().map_or_else(String::new, |words| format!("\n  {who}: {words}"))
        };
        let more = told("The server said", server_words) + &told("In detail", detail);
        self.line(value, || format!("{what} {sentence}{more}"));
    }

    /// Everything is done.
    pub(super) fn done(&mut self, asked: usize, stored: usize) {
        self.line(json!({"event": "done", "asked": asked, "stored": stored}), || {
            format!("Done: {stored} of {asked} images stored")
        });
    }

    /// A bare line.
    pub(super) fn say(&mut self, text: &str) {
        self.print(text);
    }

    fn line(&mut self, value: Value, words: impl FnOnce() -> String) {
        let text = if self.json { value.to_string() } else { words() };
        self.print(&text);
    }

    fn print(&mut self, text: &str) {
        if self.is_open && writeln!(self.out, "{text}").and_then(|()| self.out.flush()).is_err() {
            tracing::debug!("standard output is closed");
            self.is_open = false;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{FailureKind, Format, Mark, Timestamp};

    fn printed(json: bool, print: impl FnOnce(&mut Report<&mut Vec<u8>>)) -> String {
        let mut out = Vec::new();
        print(&mut Report::new(&mut out, json));
        String::from_utf8(out).unwrap()
    }

    fn facts() -> ImageFacts {
        ImageFacts {
            size_bytes: 123,
            width: 1024,
            height: 1024,
            format: Format::Png,
            revised_prompt: None,
            mark: Mark::None,
            made_at: Timestamp(0),
            took_millis: 0,
        }
    }

    #[test]
    fn json_lines_are_as_documented() {
        let failure = Failure::free(FailureKind::NoCredit, "No credit is left").with_words("quota");
        let text = printed(true, |report| {
            report.sent(&[0, 1]);
            report.stored(Path::new("/abs/1.png"), &facts());
            report.note("a \"note\"");
            report.failed(2, &failure);
            report.done(4, 3);
        });
        let want = r#"{"event":"sent"}
{"event":"stored","file":"/abs/1.png","width":1024,"height":1024,"format":"png","bytes":123,"revised_prompt":null}
{"event":"note","text":"a \"note\""}
{"event":"failed","kind":"no_credit","message":"No credit is left","retry_safe":false,"maybe_billed":false}
{"event":"done","asked":4,"stored":3}
"#;
        assert_eq!(text, want);
    }

    #[test]
    fn people_read_the_servers_words_too() {
        let failure = Failure::free(FailureKind::NoCredit, "No credit is left").with_words("quota");
        let text = printed(false, |report| report.failed(2, &failure));
        assert_eq!(text, "Failed: image 2. No credit is left\n  The server said: quota\n");
        // What this computer says is not put into the server's mouth.
        let failure = Failure::free(FailureKind::Unreachable, "No way there").with_detail("os error 111");
        let text = printed(false, |report| report.failed(1, &failure));
        assert_eq!(text, "Failed: image 1. No way there\n  In detail: os error 111\n");
    }

    #[test]
    fn a_reader_that_leaves_is_no_error() {
        struct Gone;
        impl Write for Gone {
            fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
                Err(std::io::ErrorKind::BrokenPipe.into())
            }
            fn flush(&mut self) -> std::io::Result<()> {
                Ok(())
            }
        }
        let mut report = Report::new(Gone, true);
        report.sent(&[0]);
        assert!(!report.is_open);
        report.done(1, 1);
    }
}
