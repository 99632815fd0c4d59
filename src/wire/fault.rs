//! A status, headers and a body of any shape turned into one failure of the closed list, and facts to act on.

mod sentence;
#[cfg(test)]
mod tests;

use std::time::Duration;

use sentence::{Case, failure};
pub(super) use sentence::{shown, told};

use super::question::Question;
use super::rules;
use super::words::Words;
use crate::domain::{Failure, FailureKind};

/// A failure, and what the engine may do about it by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// For the person.
    pub failure: Failure,
    /// The server does not know this parameter and did nothing: `size`, `quality`, `style`, `response_format`.
    pub unknown_parameter: Option<&'static str>,
    /// How long the server asks to wait, at most an hour. Only for [`FailureKind::RateLimited`] and
    /// [`FailureKind::ServerBusy`].
    pub retry_after: Option<Duration>,
    /// The server makes one image a request and did nothing: send as many requests as images.
    pub one_image_only: bool,
}

impl From<Failure> for Fault {
    fn from(failure: Failure) -> Self {
        Self { failure, unknown_parameter: None, retry_after: None, one_image_only: false }
    }
}

/// An answer that is no success, or a success that reports an error.
#[derive(Clone, Default)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// Where a redirect points to.
    pub location: Option<String>,
    /// The wait asked for, already bounded.
    pub retry_after: Option<Duration>,
    /// From sending to the answer.
    pub waited: Option<Duration>,
    /// The body as text.
    pub body: String,
}

/// Reads an answer as a failure. Never says "nothing was charged" unless that is certain.
pub fn fault(answer: &Answer, question: &Question) -> Fault {
    sort(answer, &Words::read(&answer.body), question)
}

/// The same for words already taken out of an answer.
pub(super) fn sort(answer: &Answer, words: &Words, question: &Question) -> Fault {
    // A good status around an error: the code inside says more.
    let status = if answer.status < 300 { words.status().unwrap_or(answer.status) } else { answer.status };
    let is_free = matches!(status, 400 | 422) || answer.status < 300;
    let unknown = rules::unknown_parameter(words).filter(|_| is_free);
    let one_image_only = is_free && (unknown == Some("n") || rules::one_image_only(words, question.images));
    let unknown = unknown.filter(|name| *name != "n");
    let kind = kind(status, words, question, unknown.is_some() || one_image_only);
    let case = Case { answer, status, words, question, unknown, one_image_only };
    let waits = matches!(kind, FailureKind::RateLimited | FailureKind::ServerBusy);
    let failure = failure(kind, &case);
    // A text that speaks of a parameter and of a busy server at once is no promise that nothing was charged.
    let is_certain = !failure.maybe_billed;
    Fault {
        unknown_parameter: unknown.filter(|_| is_certain),
        retry_after: answer.retry_after.filter(|_| waits),
        one_image_only: one_image_only && is_certain,
        failure,
    }
}

fn kind(status: u16, words: &Words, question: &Question, is_parameter: bool) -> FailureKind {
    let told = rules::told(words, status);
    let wants_key = told == Some(FailureKind::KeyRejected) || told.is_none() && status == 401;
    let says_little = matches!(told, None | Some(FailureKind::ServerBusy)) && words.param.is_empty();
    if told.is_none() && is_parameter {
        return FailureKind::InvalidRequest;
    }
    if wants_key && question.key.is_none() {
        return FailureKind::KeyMissing;
    }
    if says_little && is_off_path(&question.model) && matches!(status, 400 | 404 | 405 | 501 | 503) {
        return FailureKind::ModelUnavailable;
    }
    match (told, status) {
        (Some(kind), _) => kind,
        (None, 300..=399) => FailureKind::Moved,
        (None, 401) => FailureKind::KeyRejected,
        (None, 402) => FailureKind::NoCredit,
        (None, 403 | 451) => FailureKind::Forbidden,
        (None, 404 | 405) => FailureKind::WrongAddress,
        (None, 407) => FailureKind::Unreachable,
        (None, 408 | 504 | 520..=527 | 530 | 598 | 599) => FailureKind::ProxyTimeout,
        (None, 410) => FailureKind::ModelUnavailable,
        (None, 413) => FailureKind::TooLarge,
        (None, 429) => FailureKind::RateLimited,
        (None, 501) => FailureKind::Unsupported,
        (None, 503 | 529) => FailureKind::ServerBusy,
        (None, 400..=499) => FailureKind::InvalidRequest,
        (None, ..=299) if words.is_page => FailureKind::WrongAddress,
        (None, _) => FailureKind::ServerError,
    }
}

/// Midjourney is listed by gateways that serve it on paths of its own.
pub(super) fn is_off_path(model: &str) -> bool {
    let model = model.to_ascii_lowercase();
    let bare = model.rsplit('/').next().unwrap_or_default();
    bare.contains("midjourney") || bare.starts_with("mj_") || bare.starts_with("mj-")
}
