//! Between the domain's values and `run.json`.

use super::schema::{
    Extra, FailedRecord, FailureRecord, ImageRecord, RequestRecord, RunRecord, StoredRecord, VERSION, WaitingRecord,
};
use crate::domain::{
    Count, EndpointName, Failure, FailureKind, Format, ImageFacts, Mark, ModelId, Prompt, Request, Run, RunId,
    SendCount, Slot, Timestamp,
};

/// The most images one run can have: a run asks for ten at most, and servers that send more are cut here.
pub(super) const SLOTS_MAX: u16 = 1_000;

/// What is known of an image's bytes before they are stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewImage {
    /// Format told by the bytes.
    pub format: Format,
    /// Pixels across; 0 when unknown.
    pub width: u32,
    /// Pixels down; 0 when unknown.
    pub height: u32,
    /// The prompt as the model rewrote it, when it is known by now.
    pub revised_prompt: Option<String>,
    /// When it came in.
    pub made_at: Timestamp,
    /// From sending the request to the last byte, in milliseconds.
    pub took_millis: u64,
}

impl RunRecord {
    /// A new run's file.
    pub(super) fn new(run: &Run) -> Self {
        Self {
            format: VERSION,
            id: run.id.to_string(),
            made_at: time_text(run.made_at),
            endpoint: run.endpoint.as_str().to_owned(),
            demo: run.demo,
            model_answered: run.model_answered.clone(),
            request: RequestRecord::new(&run.request),
            notes: run.notes.clone(),
            images: run.slots.iter().map(|slot| ImageRecord::new(slot, Extra::new())).collect(),
            extra: Extra::new(),
        }
    }

    /// The run; a sentence's end when a field without which there is no run is wrong.
    pub(super) fn run(&self) -> Result<Run, String> {
        if self.images.len() > usize::from(SLOTS_MAX) {
            return Err(format!("it lists more than {SLOTS_MAX} images"));
        }
        Ok(Run {
            id: self.run_id()?,
            request: self.request.request()?,
            endpoint: EndpointName::new(&self.endpoint).ok_or("the endpoint's name is no name")?,
            demo: self.demo,
            made_at: time(&self.made_at).ok_or("made_at is no time")?,
            model_answered: self.model_answered.clone(),
            notes: self.notes.clone(),
            slots: self.images.iter().map(ImageRecord::slot).collect(),
            binned: (0..).zip(&self.images).filter(|(_, image)| image.bin().is_some()).map(|(slot, _)| slot).collect(),
        })
    }

    /// The run's id.
    pub(super) fn run_id(&self) -> Result<RunId, String> {
        self.id.parse().map_err(|_bad_number| "the id is no id".to_owned())
    }
}

impl RequestRecord {
    fn new(request: &Request) -> Self {
        Self {
            prompt: request.prompt.as_str().to_owned(),
            model: request.model.as_str().to_owned(),
            size: request.size.map(|size| size.to_string()),
            quality: request.quality.clone(),
            style: request.style.clone(),
            images: u32::from(request.images.get()),
            response_format: request.response_format.map(|format| format.word().to_owned()),
            images_per_request: request.per_call,
            always_send_n: request.send_count == SendCount::Always,
            left_out: request.left_out.clone(),
            extra: Extra::new(),
        }
    }

    fn request(&self) -> Result<Request, String> {
        Ok(Request {
            prompt: Prompt::new(&self.prompt).ok_or("the prompt is empty")?,
            model: ModelId::new(&self.model).ok_or("the model is no model's id")?,
            // A size or format that is not understood was asked for all the same; the file keeps the words.
            size: self.size.as_deref().and_then(|size| size.parse().ok()),
            quality: self.quality.clone(),
            style: self.style.clone(),
            images: Count::new(self.images).ok_or("the number of images is not from 1 to 10")?,
            response_format: self.response_format.as_deref().and_then(|format| format.parse().ok()),
            per_call: self.images_per_request.clamp(1, Count::MAX),
            send_count: if self.always_send_n { SendCount::Always } else { SendCount::WhenMany },
            left_out: self.left_out.clone(),
        })
    }
}

impl ImageRecord {
    /// A slot on the disk, with the fields nobody here knows.
    pub(super) fn new(slot: &Slot, extra: Extra) -> Self {
        match slot {
            // A place that was emptied is never written anew: its record stays.
            Slot::Waiting | Slot::Gone => Self::Waiting(WaitingRecord { extra }),
            Slot::Stored(facts) => Self::Stored(Box::new(StoredRecord {
                file: facts.file.clone(),
                sha256: facts.sha256.clone(),
                size_bytes: facts.size_bytes,
                width: facts.width,
                height: facts.height,
                format: facts.format.word().to_owned(),
                mark: facts.mark.word().to_owned(),
                revised_prompt: facts.revised_prompt.clone(),
                made_at: time_text(facts.made_at),
                took_millis: facts.took_millis,
                bin: None,
                extra,
            })),
            Slot::Failed(failure) => {
                Self::Failed(Box::new(FailedRecord { failure: FailureRecord::new(failure), bin: None, extra }))
            }
        }
    }

    fn slot(&self) -> Slot {
        match self {
            Self::Waiting(_) => Slot::Waiting,
            Self::Stored(record) => Slot::Stored(record.facts()),
            Self::Failed(record) => Slot::Failed(record.failure.failure()),
        }
    }
}

impl StoredRecord {
    /// The facts; a word that is not understood becomes the plainest one.
    pub(super) fn facts(&self) -> ImageFacts {
        ImageFacts {
            file: self.file.clone(),
            sha256: self.sha256.clone(),
            size_bytes: self.size_bytes,
            width: self.width,
            height: self.height,
            format: Format::from_word(&self.format),
            revised_prompt: self.revised_prompt.clone(),
            mark: mark(&self.mark),
            made_at: time(&self.made_at).unwrap_or_default(),
            took_millis: self.took_millis,
        }
    }
}

impl FailureRecord {
    fn new(failure: &Failure) -> Self {
        Self {
            kind: failure.kind.word().to_owned(),
            sentence: failure.sentence.clone(),
            server_words: failure.server_words.clone(),
            detail: failure.detail.clone(),
            retry_safe: failure.retry_safe,
            maybe_billed: failure.maybe_billed,
            extra: Extra::new(),
        }
    }

    fn failure(&self) -> Failure {
        Failure {
            kind: self.kind.parse().unwrap_or(FailureKind::ServerError),
            sentence: self.sentence.clone(),
            server_words: self.server_words.clone(),
            detail: self.detail.clone(),
            retry_safe: self.retry_safe,
            maybe_billed: self.maybe_billed,
        }
    }
}

fn mark(word: &str) -> Mark {
    [Mark::Pick, Mark::Reject].into_iter().find(|mark| mark.word() == word).unwrap_or_default()
}

/// `2026-11-22T12:05:07.123Z`; a moment beyond the calendar is written as its last.
fn time_text(moment: Timestamp) -> String {
    let millis = i64::try_from(moment.0).unwrap_or(i64::MAX);
    jiff::Timestamp::from_millisecond(millis).unwrap_or(jiff::Timestamp::MAX).to_string()
}

/// A moment before 1970 counts as 1970.
fn time(text: &str) -> Option<Timestamp> {
    let moment: jiff::Timestamp = text.parse().ok()?;
    Some(Timestamp(u64::try_from(moment.as_millisecond()).unwrap_or_default()))
}

#[cfg(test)]
mod tests;
