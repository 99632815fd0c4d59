//! Runs and libraries for tests.

use std::path::{Path, PathBuf};

use jiff::tz::TimeZone;
use tempfile::TempDir;

use super::catalog::{Library, Opened};
use super::record::NewImage;
use crate::domain::{
    Count, EndpointName, Format, ImageId, ModelId, Prompt, Request, ResponseFormat, Run, RunId, SendCount, Size, Slot,
    Timestamp,
};

/// 2026-11-22, 12:05:07.123 UTC.
pub(super) const NOON: Timestamp = Timestamp(1_795_349_107_123);

pub(super) fn request(prompt: &str, images: u8) -> Request {
    Request {
        prompt: Prompt::new(prompt).unwrap(),
        model: ModelId::new("dall-e-3").unwrap(),
        size: Some(Size::Exact { width: 1024, height: 1024 }),
        quality: Some("hd".to_owned()),
        style: None,
        images: Count::new(u32::from(images)).unwrap(),
        response_format: Some(ResponseFormat::B64Json),
        per_call: 1,
        send_count: SendCount::WhenMany,
        left_out: vec!["style".to_owned()],
    }
}

/// A run that waits for its images.
pub(super) fn run(number: u64, prompt: &str, images: u8) -> Run {
    Run {
        id: RunId::from_number(number),
        request: request(prompt, images).into(),
        endpoint: EndpointName::new("Ramclouds").unwrap(),
        demo: false,
        made_at: NOON,
        model_answered: None,
        notes: Vec::new(),
        slots: vec![Slot::Waiting; usize::from(images)],
        binned: std::collections::BTreeSet::new(),
    }
}

pub(super) fn image(number: u64, slot: u16) -> ImageId {
    ImageId { run: RunId::from_number(number), slot }
}

/// The name of a stored image's file.
pub(super) fn name(library: &Library, image: ImageId) -> String {
    library.image_path(image).unwrap().file_name().unwrap().to_str().unwrap().to_owned()
}

pub(super) fn png() -> NewImage {
    NewImage {
        format: Format::Png,
        width: 1024,
        height: 768,
        revised_prompt: Some("a tall lighthouse".to_owned()),
        made_at: Timestamp(NOON.0 + 9_000),
        took_millis: 8_900,
    }
}

/// A library in a folder of its own, one hour east of Greenwich.
pub(super) struct Sample {
    pub(super) folder: TempDir,
    pub(super) library: Library,
}

impl Sample {
    pub(super) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (library, opened) = open(folder.path());
        assert_eq!(opened, Opened::default());
        Self { folder, library }
    }

    /// The same folder, opened anew.
    pub(super) fn reopen(&self) -> (Library, Opened) {
        open(self.folder.path())
    }

    pub(super) fn path(&self, below: &str) -> PathBuf {
        self.folder.path().join(below)
    }
}

pub(super) fn open(root: &Path) -> (Library, Opened) {
    Library::open_in(root, TimeZone::fixed(jiff::tz::offset(1))).unwrap()
}

/// All files below a folder, with slashes, sorted; without the locks and inbox of programs at work.
pub(super) fn files(root: &Path) -> Vec<String> {
    let mut files = Vec::new();
    let mut ahead = vec![root.to_owned()];
    while let Some(folder) = ahead.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.ends_with(".proofsheet") {
                continue;
            }
            if path.is_dir() && !path.is_symlink() {
                ahead.push(path);
            } else {
                files.push(path.strip_prefix(root).unwrap().to_str().unwrap().replace('\\', "/"));
            }
        }
    }
    files.sort();
    files
}
