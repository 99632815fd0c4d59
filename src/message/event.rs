//! Events: what happened.

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::domain::{EndpointName, Failure, Found, Glimpse, ImageFacts, ImageId, KeyPlace, Mark, Pixels, Run, RunId};

/// A model as an endpoint lists it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModelEntry {
    /// Its id.
    pub id: String,
    /// It probably makes images, by the server's word or by its name.
    pub makes_images: bool,
    /// The day it stops, as the server says it: `2026-12-01`.
    pub shutdown_date: Option<String>,
}

/// The library's size, for the status bar.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LibrarySummary {
    /// Images stored.
    pub images: u64,
    /// Their bytes.
    pub size_bytes: u64,
}

/// Picks were saved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SavedPicks {
    /// The files written.
    pub files: Vec<PathBuf>,
    /// What could not be written, one failure each.
    pub failures: Vec<Failure>,
    /// How many were see-through in places and stand on white, as their new format has no transparency.
    pub flattened: usize,
}

/// A mark that could not be written down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unwritten {
    /// Of which image.
    pub image: ImageId,
    /// The mark that was to be written.
    pub tried: Mark,
    /// The mark on the disk, where that is known.
    pub kept: Option<Mark>,
}

/// How loud a notice is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    /// Goes away by itself.
    Info,
    /// Stays until dismissed.
    Problem,
}

/// What the search can rely on.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum IndexState {
    /// It is being opened, or made again.
    #[default]
    Making,
    /// It answers.
    Ready,
    /// There is none.
    Missing(Failure),
}

/// What happened. Each carries the id it is about; the state drops what it does not know.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// The library is open.
    LibraryOpened {
        /// Where it is.
        root: PathBuf,
        /// Its newest runs, newest first.
        runs: Vec<Run>,
        /// Folders whose `run.json` could not be read so far, with the reason.
        problems: Vec<String>,
    },
    /// More of an open library was read, or some of it once more.
    RunsRead {
        /// Which library.
        root: PathBuf,
        /// The runs.
        runs: Vec<Run>,
        /// There are no more.
        whole: bool,
        /// Folders whose `run.json` could not be read meanwhile, with the reason.
        problems: Vec<String>,
    },
    /// [`Command::LookAround`](super::Command::LookAround) is done: what other programs did was told before.
    LookedAround,
    /// Glimpses of images of the library of which thumbnails were kept.
    Glimpses(BTreeMap<ImageId, Glimpse>),
    /// The library cannot be opened or written.
    LibraryFailed {
        /// Where it should be.
        root: PathBuf,
        /// Why.
        failure: Failure,
    },
    /// The library that was just opened is only shown: nothing in it can be changed from here.
    LibraryOnlyShown {
        /// Why, and what to do about it.
        why: Failure,
    },
    /// A request went out for these images.
    Sent {
        /// The run.
        run: RunId,
        /// The places it asks for.
        slots: Vec<u16>,
    },
    /// Bytes of the answer have come in so far.
    Receiving {
        /// The run.
        run: RunId,
        /// The places asked for.
        slots: Vec<u16>,
        /// Bytes so far.
        received_bytes: u64,
    },
    /// The server asked to wait; the request goes out again by itself.
    Waiting {
        /// The run.
        run: RunId,
        /// The places asked for.
        slots: Vec<u16>,
        /// How long from now.
        millis: u64,
    },
    /// An image is safe on disk. A slot beyond those asked for is an extra image.
    Stored {
        /// Which.
        image: ImageId,
        /// Its facts.
        facts: ImageFacts,
    },
    /// An image failed.
    Failed {
        /// Which.
        image: ImageId,
        /// Why.
        failure: Failure,
    },
    /// An image came in that no disk took: it is in memory, and lost when the program ends.
    OnlyInMemory {
        /// Which.
        image: ImageId,
        /// The places that were tried beside the library.
        tried: Vec<PathBuf>,
    },
    /// Images could not be moved into the bin, or out of it: they are where they were.
    Unmoved {
        /// Which.
        images: Vec<ImageId>,
        /// They are in the bin.
        binned: bool,
        /// Why.
        failure: Failure,
    },
    /// Marks could not be written down: they are as they were.
    Unmarked {
        /// Which.
        marks: Vec<Unwritten>,
        /// Why.
        failure: Failure,
    },
    /// The bin was emptied, as far as it could be.
    BinEmptied {
        /// What is in the system's trash now.
        gone: Vec<ImageId>,
        /// Why the rest is still in the bin.
        failure: Option<Failure>,
    },
    /// What the search can rely on changed.
    Index(IndexState),
    /// The index answers.
    Found {
        /// Of the question.
        number: u64,
        /// The answer, or the first of it.
        found: Found,
    },
    /// Something worth knowing about a run that is no failure.
    Noted {
        /// The run.
        run: RunId,
        /// A sentence.
        text: String,
    },
    /// The server says which model it used.
    ModelAnswered {
        /// The run.
        run: RunId,
        /// The model's id.
        model: String,
    },
    /// This endpoint refused a parameter for this model: leave it out from now on.
    Learned(crate::domain::Learned),
    /// Nothing of one Generate is awaited any more. There is one for each, so that a run asked again before the first
    /// was told is not taken for finished.
    Finished {
        /// The run.
        run: RunId,
    },
    /// A call that was cut short is finished, as far as it can be: what became of its images was told before.
    Recovered {
        /// The run.
        run: RunId,
    },
    /// A thumbnail is ready.
    Thumbnail {
        /// Of which image.
        image: ImageId,
        /// The longest side that was asked for, in pixels.
        asked_pixels: u32,
        /// The picture.
        pixels: Pixels,
    },
    /// A full picture is ready.
    Picture {
        /// Of which image.
        image: ImageId,
        /// The picture.
        pixels: Pixels,
    },
    /// A picture cannot be shown; its file is kept.
    PictureFailed {
        /// Of which image.
        image: ImageId,
        /// Why.
        failure: Failure,
    },
    /// Picks were saved.
    Saved(SavedPicks),
    /// An image is on the clipboard; or several, as files.
    Copied(Vec<ImageId>),
    /// A text for the clipboard.
    Snippet(String),
    /// Where an endpoint's key is.
    KeyFound {
        /// Whose.
        endpoint: EndpointName,
        /// Where.
        place: KeyPlace,
        /// What the keyring said when it could not help.
        problem: Option<Failure>,
    },
    /// An endpoint listed its models, or could not.
    Models {
        /// Which.
        endpoint: EndpointName,
        /// The list, likely image models first.
        result: Result<Vec<ModelEntry>, Failure>,
    },
    /// The demo endpoint answers here.
    DemoStarted {
        /// Its base URL.
        base_url: String,
    },
    /// The program was started once more on the library that is open here: the window is to show itself.
    ShowAsked,
    /// The program stopped by a fault of its own the last time; said once, before the window opens.
    StoppedBefore {
        /// The folder of the reports.
        reports: PathBuf,
    },
    /// A window ended without closing and without a report the last time; said once, before the window opens.
    EndedBefore,
    /// Something outside any run failed.
    Trouble {
        /// What was being done, as a short clause: "Saving preferences".
        doing: String,
        /// Why it failed.
        failure: Failure,
    },
}
