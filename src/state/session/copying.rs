//! The clipboard: one image as a picture, several as files, and what is on it in words.

use super::super::saving::images as count_of;
use super::Session;
use crate::domain::{ImageId, Timestamp, prompt_start};
use crate::message::{Command, Page};

/// Files copied at once: whoever pastes reads the list in one go, and wants no more by hand.
const FILES_MAX: usize = 1_000;

/// Numbers of images that are still read, not only counted.
const NUMBERS_MAX: usize = 6;

impl Session {
    /// The image shown large, or those selected, or the one under the cursor; stored ones only.
    pub(super) fn meant_to_copy(&self) -> Vec<ImageId> {
        if self.desk.page == Page::Sheet && self.sheet.selected_count() > 1 {
            return self.sheet.selected().filter(|&image| self.sheet.facts(image).is_some()).collect();
        }
        self.meant_image().into_iter().collect()
    }

    pub(super) fn copy(&mut self, images: Vec<ImageId>, now: Timestamp) -> Vec<Command> {
        match images.as_slice() {
            [] => self.notices.tell("Nothing to copy yet: select an image first", None, now),
            &[image] => return vec![Command::CopyImage(image)],
            many if many.len() > FILES_MAX => {
                let text =
                    format!("{FILES_MAX} images are the most to be copied at once. Save them to a folder instead");
                self.notices.tell(text, None, now);
            }
            _ => return vec![Command::CopyFiles(images)],
        }
        Vec::new()
    }

    /// Says what is on the clipboard now.
    pub(super) fn copied(&mut self, images: &[ImageId], now: Timestamp) {
        let Some(first) = images.first() else { return };
        let prompt = |image: &ImageId| self.sheet.run(image.run).map(|run| prompt_start(run.request.prompt.as_str()));
        let of = prompt(first).map(|prompt| format!(" of \u{201c}{prompt}\u{201d}")).unwrap_or_default();
        let mut runs: Vec<_> = images.iter().map(|image| image.run).collect();
        runs.dedup();
        let text = match (images, runs.len()) {
            ([image], _) => format!("Copied image {}{of} at full quality", number(image)),
            (_, 1) if images.len() <= NUMBERS_MAX => {
                format!("Copied images {}{of} as files. {PASTE}", listed(images))
            }
            (_, 1) => format!("Copied {}{of} as files. {PASTE}", count_of(images.len())),
            (_, runs) => format!("Copied {} from {runs} runs as files. {PASTE}", count_of(images.len())),
        };
        self.notices.tell(text, None, now);
    }
}

const PASTE: &str = "Paste them into a folder, or where files are taken";

fn number(image: &ImageId) -> u32 {
    u32::from(image.slot) + 1
}

/// `1, 2 and 4`.
fn listed(images: &[ImageId]) -> String {
    let numbers: Vec<String> = images.iter().map(|image| number(image).to_string()).collect();
    match numbers.split_last() {
        Some((last, before)) if !before.is_empty() => format!("{} and {last}", before.join(", ")),
        _ => numbers.concat(),
    }
}
