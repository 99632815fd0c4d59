//! The sentence for each failure: what happened, was it charged, what now.

use url::Url;

use super::super::limits::{QUOTE_CHARS, WORDS_BYTES};
use super::super::mask::{mask, one_line};
use super::super::question::Question;
use super::super::words::Words;
use super::{Answer, is_off_path};
use crate::domain::{DEMO_HOST, Failure, FailureKind};

/// Everything a sentence is made of.
pub(super) struct Case<'a> {
    pub(super) answer: &'a Answer,
    /// The status, or the one inside a 200.
    pub(super) status: u16,
    pub(super) words: &'a Words,
    pub(super) question: &'a Question,
    pub(super) unknown: Option<&'static str>,
    pub(super) one_image_only: bool,
}

/// What happened and what to do now; in between goes whether it was charged.
struct Parts {
    what: String,
    now: String,
    billed: bool,
}

fn parts(what: String, now: &str) -> Parts {
    Parts { what, now: now.to_owned(), billed: false }
}

/// The failure of that kind for this case.
pub(super) fn failure(kind: FailureKind, case: &Case<'_>) -> Failure {
    let Parts { what, now, billed } = match kind {
        FailureKind::InvalidRequest => case.invalid(),
        FailureKind::Refused => case.refused(),
        FailureKind::ModelUnavailable => case.model(),
        FailureKind::WrongAddress => case.address(),
        FailureKind::Moved => case.moved(),
        FailureKind::KeyMissing | FailureKind::KeyRejected | FailureKind::Forbidden | FailureKind::NoCredit => {
            case.account(kind)
        }
        FailureKind::RateLimited | FailureKind::ServerBusy => case.busy(kind),
        _ => case.server(kind),
    };
    told(kind, &what, billed, &now, case.question).with_words(server_words(case))
}

/// Joins the three parts. Nothing is said about money where none is at stake.
pub(in super::super) fn told(kind: FailureKind, what: &str, billed: bool, now: &str, question: &Question) -> Failure {
    let charge = match (question.is_paid(), billed) {
        (false, _) => "",
        (true, false) => "Nothing was charged.",
        (true, true) => "It may have been charged.",
    };
    let what = match what.strip_prefix(DEMO_HOST) {
        Some(more) => format!("The demo endpoint{more}"),
        None => what.to_owned(),
    };
    let parts = [what.as_str(), charge, now].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>();
    let sentence = parts.join(" ");
    if billed && question.is_paid() { Failure::maybe_billed(kind, sentence) } else { Failure::free(kind, sentence) }
}

/// The server's own words with what sorts them, masked and bounded.
fn server_words(case: &Case<'_>) -> String {
    let Words { message, code, kind, .. } = case.words;
    let mut text = message.clone();
    for (name, value) in [("code", code), ("type", kind)] {
        if !value.is_empty() && !message.contains(value.as_str()) {
            text = format!("{text} ({name}: {value})");
        }
    }
    shown(&text, WORDS_BYTES, case.question)
}

/// Words fit to be shown: masked, on one line, bounded.
pub(in super::super) fn shown(text: &str, limit: usize, question: &Question) -> String {
    // Bounded before masking too, so that a huge text costs little; the mask also finds parts of a key.
    let text = text.get(..text.floor_char_boundary(limit * 4)).unwrap_or(text);
    one_line(&mask(text, question.key.as_ref()), limit)
}

impl Case<'_> {
    fn host(&self) -> String {
        self.question.base.host()
    }

    /// The server's message in quotation marks after a colon, and the end of the sentence; its status when it said
    /// nothing.
    fn quote(&self) -> String {
        let message = self.words.message.as_str();
        // Request ids of gateways help nobody here; they stay in the server's words.
        let message = message.split_once("(request id").map_or(message, |(before, _)| before);
        let text = shown(message, QUOTE_CHARS, self.question);
        // A sentence that ends inside the quotation has ended.
        let end = if text.ends_with(['.', '!', '?', '…', '。', '！', '？']) { "" } else { "." };
        if text.is_empty() { format!(" ({}).", self.status) } else { format!(": “{text}”{end}") }
    }

    fn invalid(&self) -> Parts {
        let (host, quote) = (self.host(), self.quote());
        let message = self.words.message.to_lowercase();
        let length =
            ["length", "too long", "too_long", "characters", "maximum"].iter().any(|word| message.contains(word));
        match (self.unknown, self.words.param.rsplit('.').next().unwrap_or_default()) {
            (Some(name), _) => parts(format!("{host} does not know the setting {name}."), "Send it without."),
            (None, _) if self.one_image_only => {
                parts(format!("{host} makes one image a request with this model."), "Send one request for each image.")
            }
            (None, "prompt") if length => parts(format!("The prompt is too long{quote}"), "Shorten it and try again."),
            (None, "") if length && message.contains("prompt") => {
                parts(format!("The prompt is too long{quote}"), "Shorten it and try again.")
            }
            (None, name @ ("size" | "quality" | "style" | "prompt" | "model")) => {
                parts(format!("{host} does not take this {name}{quote}"), "Change it and try again.")
            }
            (None, "n") => {
                parts(format!("{host} does not make this many images at once{quote}"), "Ask for fewer and try again.")
            }
            (None, _) => {
                parts(format!("{host} did not accept the request{quote}"), "Change the settings and try again.")
            }
        }
    }

    fn refused(&self) -> Parts {
        let Words { stage, categories, .. } = self.words;
        let thing = if stage == "output" { "the finished image" } else { "the prompt" };
        let mut facts = Vec::new();
        if matches!(stage.as_str(), "input" | "output") {
            facts.push(format!("at the {stage}"));
        }
        if !categories.is_empty() {
            let list = shown(&categories.join(", "), QUOTE_CHARS, self.question);
            facts.push(format!("because of {list}"));
        }
        let facts = if facts.is_empty() { String::new() } else { format!(", {}", facts.join(", ")) };
        Parts {
            what: format!("The provider's safety system refused {thing}{facts}."),
            now: "Your prompt is kept; change its words and try again.".to_owned(),
            // A refusal of the prompt comes before any work; one of the image after it.
            billed: stage == "output" || stage != "input" && self.answer.status < 300,
        }
    }

    fn model(&self) -> Parts {
        let (host, model) = (self.host(), &self.question.model);
        if is_off_path(model) {
            let what = format!(
                "{model} may be listed by {host}, but it is not served on /images/generations; Midjourney usually has paths of its own."
            );
            return parts(what, "Choose another model.");
        }
        let quote = self.quote();
        parts(
            format!("{host} does not make images with the model {model} on /images/generations{quote}"),
            "It may be retired or not yours; choose another model.",
        )
    }

    fn address(&self) -> Parts {
        let address = self.question.address();
        let base = self.question.base.url();
        let has_version = base.path().trim_end_matches('/').ends_with("/v1");
        let now = if has_version {
            "Check the base URL in Preferences; perhaps this server makes no images.".to_owned()
        } else {
            format!("Try {}/v1 as the base URL in Preferences.", base.origin().ascii_serialization())
        };
        let what = if self.status < 300 {
            format!("{address} answers with a web page, not as an images API.")
        } else {
            format!("There is no images API at {address} ({}).", self.status)
        };
        Parts { what, now, billed: false }
    }

    fn moved(&self) -> Parts {
        let host = self.host();
        let target = self.answer.location.as_deref().and_then(|location| self.question.base.url().join(location).ok());
        let target = target.map(|mut url: Url| {
            url.set_query(None);
            url.set_fragment(None);
            let text = url.to_string();
            let cut = text.trim_end_matches('/').trim_end_matches("/images/generations").trim_end_matches("/models");
            format!(" to {}", shown(cut, QUOTE_CHARS, self.question))
        });
        let what = format!("{host} says that the address moved{} ({}).", target.unwrap_or_default(), self.status);
        parts(what, "The key was not sent there. If you trust that address, enter it in Preferences.")
    }

    fn account(&self, kind: FailureKind) -> Parts {
        let host = self.host();
        match kind {
            FailureKind::KeyMissing => {
                parts(format!("{host} wants a key, and none is set."), "Enter the key in Preferences.")
            }
            FailureKind::KeyRejected => {
                parts(format!("{host} did not accept the key."), "Check the key in Preferences.")
            }
            FailureKind::NoCredit => parts(
                format!("{host} says that the credit, quota or spending limit is used up."),
                "Top up or raise the limit at the provider.",
            ),
            _ if self.words.is_page => parts(
                format!("A protection page in front of {host} stopped the request ({}).", self.status),
                "Check the address and your network, or open the address in a browser.",
            ),
            _ => parts(
                format!("{host} does not allow this{}", self.quote()),
                "The key works, but the account may not do this; ask the provider.",
            ),
        }
    }

    fn busy(&self, kind: FailureKind) -> Parts {
        let host = self.host();
        let now = match self.answer.retry_after {
            Some(wait) => format!("It asks to wait {} seconds.", wait.as_secs().max(1)),
            None => "Try again in a moment.".to_owned(),
        };
        let text = self.words.haystack();
        let what = match kind {
            FailureKind::RateLimited => format!("{host} gets too many requests from this account."),
            _ if text.contains("loading") => format!("{host} is still loading the model."),
            _ => format!("{host} is overloaded right now."),
        };
        // A bare 503 may come from a proxy in front of a server that went on working.
        let billed = kind == FailureKind::ServerBusy && !self.words.is_json && self.status != 429;
        Parts { what, now, billed }
    }

    fn server(&self, kind: FailureKind) -> Parts {
        let (host, status, waited) = (self.host(), self.status, self.answer.waited);
        let billed = |what: String, now: &str| Parts { what, now: now.to_owned(), billed: true };
        match (kind, status) {
            (FailureKind::Unreachable, _) => parts(
                format!("The proxy between this computer and {host} wants a name and a password ({status})."),
                "Set the proxy in Preferences.",
            ),
            (FailureKind::TooLarge, _) => {
                parts(format!("The request is too large for {host} ({status})."), "Shorten the prompt.")
            }
            (FailureKind::Unsupported, _) => {
                parts(format!("{host} cannot make images this way ({status})."), "Choose another model or endpoint.")
            }
            (FailureKind::ProxyTimeout, _) => {
                let after = waited.map(|waited| format!(" after {} seconds", waited.as_secs())).unwrap_or_default();
                billed(
                    format!("A proxy in front of {host} gave up waiting{after} ({status})."),
                    "The image may still have been made. A smaller size or a lower quality comes sooner.",
                )
            }
            (_, 0..300) => billed(format!("{host} answered with an error{}", self.quote()), "Look at its words first."),
            (_, 502) => billed(
                format!("A proxy in front of {host} got no good answer from it ({status})."),
                "Look at the provider's account before you try again.",
            ),
            _ if self.question.key.is_none() => billed(
                format!("{host} failed ({status}); no key is set, and some servers fail this way without one."),
                "Enter the key in Preferences if this server wants one.",
            ),
            _ => billed(format!("{host} failed ({status})."), "Look at the provider's account before you try again."),
        }
    }
}
