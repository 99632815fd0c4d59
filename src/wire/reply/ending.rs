//! Why an answer had fewer images than were asked for.

use serde_json::Value;

use super::super::fault::{Answer, Fault, shown, sort, told};
use super::super::limits::{MODEL_ID_BYTES, WORDS_BYTES};
use super::super::question::Question;
use super::super::words::{Words, error_in};
use super::{Reader, Said, State, megabytes};
use crate::domain::{Failure, FailureKind};

/// The reason, best known first: what the server says, what the connection did, what the text is.
pub(super) fn verdict(said: &Said, broke: Option<Failure>, reader: &Reader) -> Fault {
    let question = &reader.question;
    let answer = Answer { status: 200, ..Answer::default() };
    if let Some(words) = said.values.iter().find_map(error) {
        return sort(&answer, &words, question);
    }
    if let Some(failure) = broke {
        return failure.into();
    }
    let words = || shown(&said.text, WORDS_BYTES, question);
    let fail = |kind, what: &str, now| told(kind, what, true, now, question);
    let failure = match said.state {
        State::NotJson(why) => not_json(why, question).with_words(words()),
        State::BrokeOff => {
            let what = format!("The answer broke off after {}.", megabytes(reader.received));
            fail(FailureKind::CutOff, &what, "Images that came whole are kept.")
        }
        State::Empty => {
            let what = format!("{} sent an empty answer.", question.base.host());
            fail(FailureKind::BadAnswer, &what, "Look at the provider's account before you try again.")
        }
        State::Text => return text(said, &answer, question),
        State::Whole if said.values.iter().any(is_job) => {
            let what = format!("{} took this as a job to be collected later.", question.base.host());
            let now = "Proofsheet cannot collect such jobs; choose another model or endpoint.";
            fail(FailureKind::Unsupported, &what, now).with_words(words())
        }
        State::Whole if reader.answered > 0 => {
            let what = format!("{} sent {} of {} images.", question.base.host(), reader.answered, question.images);
            fail(FailureKind::NoImages, &what, "The others are often held back by the safety system.")
        }
        State::Whole => {
            let what = format!("{} answered without an image.", question.base.host());
            let now = "Often the safety system held it back; change the prompt's words and try again.";
            fail(FailureKind::NoImages, &what, now).with_words(words())
        }
    };
    failure.into()
}

/// What a text that is no JSON says: a web page means a wrong address, the rest may tell something.
fn text(said: &Said, answer: &Answer, question: &Question) -> Fault {
    let words = Words::read(&said.text);
    if words.is_page || super::super::rules::told(&words, answer.status).is_some() {
        return sort(answer, &words, question);
    }
    not_json("it is plain text", question).with_words(shown(&words.message, WORDS_BYTES, question)).into()
}

/// An answer that cannot be understood; `why` is a clause.
pub(super) fn not_json(why: &str, question: &Question) -> Failure {
    let what = format!("The answer of {} cannot be understood: {why}.", question.base.host());
    let now = "Check that the base URL belongs to an images API.";
    told(FailureKind::BadAnswer, &what, true, now, question)
}

/// An error of the whole answer, or of one of its images.
fn error(value: &Value) -> Option<Words> {
    let items = || value.get("data").and_then(Value::as_array).into_iter().flatten();
    error_in(value).or_else(|| items().find_map(error_in))
}

/// The answer names a job instead of holding images.
fn is_job(value: &Value) -> bool {
    let names = ["task_id", "taskId", "poll_url", "job_id", "request_id", "status_url"];
    let is_told = |value: &Value| names.iter().any(|name| value.get(*name).is_some_and(|name| !name.is_null()));
    // Midjourney's submit: `{"code":1,"description":"…","result":"1320098173412546"}`.
    let is_submit = value.get("code").is_some() && value.get("result").is_some_and(Value::is_string);
    is_told(value) || value.get("data").is_some_and(is_told) || is_submit
}

/// The model the answer names.
pub(super) fn model(value: &Value) -> Option<String> {
    let model = value.get("model").and_then(Value::as_str)?.trim();
    (!model.is_empty() && model.len() <= MODEL_ID_BYTES && !model.contains(char::is_control)).then(|| model.to_owned())
}
