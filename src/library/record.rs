//! Between the domain's values and `run.json`.

use std::sync::Arc;

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
            model_answered: run.model_answered.as_deref().map(str::to_owned),
            request: RequestRecord::new(&run.request),
            notes: run.notes.clone(),
            images: run.slots.iter().map(|slot| ImageRecord::new(slot, Extra::new())).collect(),
            extra: Extra::new(),
        }
    }

    /// The file of a run whose images are stored in these files.
    pub(super) fn stored(run: &Run, files: &[(String, String)]) -> Self {
        let mut record = Self::new(run);
        for ((image, slot), (file, sha256)) in record.images.iter_mut().zip(&run.slots).zip(files) {
            if let Slot::Stored(facts) = slot {
                *image = ImageRecord::Stored(Box::new(StoredRecord::new(file.clone(), sha256.clone(), facts)));
            }
        }
        record
    }

    /// The run; a sentence's end when a field without which there is no run is wrong.
    pub(super) fn run(&self) -> Result<Run, String> {
        if self.images.len() > usize::from(SLOTS_MAX) {
            return Err(format!("it lists more than {SLOTS_MAX} images"));
        }
        Ok(Run {
            id: self.run_id()?,
            request: self.request.request()?.into(),
            endpoint: EndpointName::new(&self.endpoint).ok_or("the endpoint's name is no name")?,
            demo: self.demo,
            made_at: time(&self.made_at).ok_or("made_at is no time")?,
            model_answered: self.model_answered.as_deref().map(Arc::from),
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
    /// A slot without an image on the disk, with the fields nobody here knows.
    pub(super) fn new(slot: &Slot, extra: Extra) -> Self {
        match slot {
            // A place that was emptied is never written anew: its record stays. A stored image is entered with its file.
            Slot::Waiting | Slot::Gone | Slot::Stored(_) => Self::Waiting(WaitingRecord { extra }),
            Slot::Failed(failure) => {
                Self::Failed(Box::new(FailedRecord { failure: FailureRecord::new(failure), bin: None, extra }))
            }
        }
    }

    fn slot(&self) -> Slot {
        match self {
            Self::Waiting(_) => Slot::Waiting,
            Self::Stored(record) => Slot::Stored(record.facts()),
            Self::Failed(record) => Slot::Failed(record.failure.failure().into()),
        }
    }
}

impl StoredRecord {
    /// An image in its file.
    pub(super) fn new(file: String, sha256: String, facts: &ImageFacts) -> Self {
        Self {
            file,
            sha256,
            size_bytes: facts.size_bytes,
            width: facts.width,
            height: facts.height,
            format: facts.format.word().to_owned(),
            mark: facts.mark.word().to_owned(),
            revised_prompt: facts.revised_prompt.as_deref().map(str::to_owned),
            made_at: time_text(facts.made_at),
            took_millis: facts.took_millis,
            bin: None,
            extra: Extra::new(),
        }
    }

    /// Marks it; says whether that changed anything.
    pub(super) fn set_mark(&mut self, new: Mark) -> bool {
        let changed = mark(&self.mark) != new;
        if changed {
            new.word().clone_into(&mut self.mark);
        }
        changed
    }

    /// The facts; a word that is not understood becomes the plainest one.
    pub(super) fn facts(&self) -> ImageFacts {
        ImageFacts {
            size_bytes: self.size_bytes,
            width: self.width,
            height: self.height,
            format: Format::from_word(&self.format),
            revised_prompt: self.revised_prompt.as_deref().map(Arc::from),
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
