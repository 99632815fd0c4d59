//! `run.json` as it stands on the disk, version 2: apart from the domain, so that neither can bend the other.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// The version written. Version 1 had no bin: a program of that time would look for binned files beside `run.json`.
pub(super) const VERSION: u32 = 2;

/// The longest `run.json` read: ten times what a run with a thousand images and long server words takes.
pub(super) const RUN_FILE_MAX_BYTES: u64 = 32 << 20;

/// Fields this version does not know; written back as they were.
pub(super) type Extra = Map<String, Value>;

/// The whole file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct RunRecord {
    /// [`VERSION`] when it was last written.
    pub(super) format: u32,
    pub(super) id: String,
    /// RFC 3339, UTC; so are all times here.
    pub(super) made_at: String,
    pub(super) endpoint: String,
    #[serde(default)]
    pub(super) demo: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) model_answered: Option<String>,
    pub(super) request: RequestRecord,
    #[serde(default)]
    pub(super) notes: Vec<String>,
    pub(super) images: Vec<ImageRecord>,
    #[serde(flatten)]
    pub(super) extra: Extra,
}

/// What was asked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct RequestRecord {
    pub(super) prompt: String,
    pub(super) model: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) size: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) quality: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) style: Option<String>,
    pub(super) images: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) response_format: Option<String>,
    #[serde(default = "one")]
    pub(super) images_per_request: u8,
    /// `n` is sent also when it is one.
    #[serde(default)]
    pub(super) always_send_n: bool,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) left_out: Vec<String>,
    #[serde(flatten)]
    pub(super) extra: Extra,
}

const fn one() -> u8 {
    1
}

/// What became of one image.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub(super) enum ImageRecord {
    Waiting(WaitingRecord),
    Stored(Box<StoredRecord>),
    Failed(Box<FailedRecord>),
}

/// Nothing has come back.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct WaitingRecord {
    #[serde(flatten)]
    pub(super) extra: Extra,
}

/// A stored image. Words and times stay text here: one that is not understood is kept all the same.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct StoredRecord {
    pub(super) file: String,
    pub(super) sha256: String,
    pub(super) size_bytes: u64,
    #[serde(default)]
    pub(super) width: u32,
    #[serde(default)]
    pub(super) height: u32,
    pub(super) format: String,
    #[serde(default = "unmarked")]
    pub(super) mark: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) revised_prompt: Option<String>,
    pub(super) made_at: String,
    #[serde(default)]
    pub(super) took_millis: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) bin: Option<BinRecord>,
    #[serde(flatten)]
    pub(super) extra: Extra,
}

fn unmarked() -> String {
    crate::domain::Mark::None.word().to_owned()
}

/// An image that failed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct FailedRecord {
    pub(super) failure: FailureRecord,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) bin: Option<BinRecord>,
    #[serde(flatten)]
    pub(super) extra: Extra,
}

/// Why.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct FailureRecord {
    pub(super) kind: String,
    pub(super) sentence: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) server_words: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) detail: Option<String>,
    #[serde(default)]
    pub(super) retry_safe: bool,
    #[serde(default)]
    pub(super) maybe_billed: bool,
    #[serde(flatten)]
    pub(super) extra: Extra,
}

/// An image or a failure in the library's bin.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct BinRecord {
    /// Where its file is, below the bin's folder, with `/`; none where there was no file. Until the file is moved, and
    /// while it is moved back, it is still, or again, beside `run.json`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) file: Option<String>,
    /// It went on into the system's trash. When its file is in the bin all the same, it is in the bin.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) emptied: bool,
    #[serde(flatten)]
    pub(super) extra: Extra,
}

/// Reads a file of this version or, as far as it is understood, of a newer one (see [`RunRecord::is_newer`]).
pub(super) fn parse(bytes: &[u8]) -> Result<RunRecord, String> {
    #[derive(Deserialize)]
    struct Version {
        format: u64,
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let record =
        serde_json::from_slice::<RunRecord>(bytes).map_err(|error| match serde_json::from_slice::<Version>(bytes) {
            Ok(version) if version.format > u64::from(VERSION) => newer_sentence(),
            _ => error.to_string(),
        })?;
    if record.format == 0 { Err("there is no format 0".to_owned()) } else { Ok(record) }
}

/// Why a file of a newer version is left alone.
pub(super) fn newer_sentence() -> String {
    "it was written by a newer version of Proofsheet".to_owned()
}

impl RunRecord {
    /// Written by a newer version: shown as far as it is understood, never written.
    pub(super) fn is_newer(&self) -> bool {
        self.format > VERSION
    }

    /// The file's text: indented, one field a line, with a line break at the end.
    pub(super) fn text(&self) -> Result<Vec<u8>, serde_json::Error> {
        let mut text = serde_json::to_vec_pretty(self)?;
        text.push(b'\n');
        Ok(text)
    }
}

impl ImageRecord {
    /// Where it is in the bin, when it is there.
    pub(super) fn bin(&self) -> Option<&BinRecord> {
        match self {
            Self::Waiting(_) => None,
            Self::Stored(record) => record.bin.as_ref(),
            Self::Failed(record) => record.bin.as_ref(),
        }
    }

    /// Puts it into the bin or takes it out; what still waits stays where it is.
    pub(super) fn set_bin(&mut self, bin: Option<BinRecord>) {
        match self {
            Self::Waiting(_) => {}
            Self::Stored(record) => record.bin = bin,
            Self::Failed(record) => record.bin = bin,
        }
    }

    /// The fields nobody here knows, to be carried over when the image changes its state.
    pub(super) fn extra(&self) -> &Extra {
        match self {
            Self::Waiting(record) => &record.extra,
            Self::Stored(record) => &record.extra,
            Self::Failed(record) => &record.extra,
        }
    }
}
