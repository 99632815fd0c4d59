//! What every awaited image is doing, and since when.

use std::collections::BTreeMap;

use crate::domain::{ImageId, RunId, Timestamp};

/// What an awaited image is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Waits for its turn.
    Queued,
    /// The request is out, nothing has come back.
    Sent,
    /// The answer is coming in.
    Receiving {
        /// Bytes so far.
        received_bytes: u64,
    },
    /// The server asked to wait.
    Waiting {
        /// When the request goes out again.
        until: Timestamp,
    },
    /// Cancel was asked; the engine has not confirmed it yet.
    Cancelling {
        /// The request is out: it may still be charged.
        sent: bool,
    },
}

/// An awaited image.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// What it is doing.
    pub phase: Phase,
    /// When it was asked for: the tile's clock counts from here.
    pub since: Timestamp,
}

/// A run that still awaits images.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunProgress {
    /// Which.
    pub run: RunId,
    /// Images that are done, stored or failed.
    pub done: usize,
    /// Images in all.
    pub asked: usize,
    /// Nothing has been sent yet.
    pub queued: bool,
    /// When the oldest awaited image was asked for.
    pub since: Timestamp,
}

/// Every awaited image.
#[derive(Clone, Debug, Default)]
pub struct Jobs {
    awaited: BTreeMap<ImageId, Progress>,
    /// How often each run was asked for and not told finished yet.
    asks: BTreeMap<RunId, usize>,
}

impl Jobs {
    /// What an image is doing, when it is awaited.
    pub fn progress(&self, image: ImageId) -> Option<Progress> {
        self.awaited.get(&image).copied()
    }

    /// Runs that still await images, newest first, with their whole number of images filled in by the caller.
    pub(super) fn by_run(&self) -> Vec<(RunId, usize, bool, Timestamp)> {
        let mut runs: Vec<(RunId, usize, bool, Timestamp)> = Vec::new();
        for (image, progress) in self.awaited.iter().rev() {
            let queued = progress.phase == Phase::Queued;
            match runs.last_mut() {
                Some((run, left, all_queued, since)) if *run == image.run => {
                    *left += 1;
                    *all_queued &= queued;
                    *since = (*since).min(progress.since);
                }
                _ => runs.push((image.run, 1, queued, progress.since)),
            }
        }
        runs
    }

    /// Nothing is awaited.
    pub fn is_idle(&self) -> bool {
        self.awaited.is_empty()
    }

    pub(super) fn begin(&mut self, run: RunId, slots: &[u16], now: Timestamp) {
        *self.asks.entry(run).or_insert(0) += 1;
        for &slot in slots {
            self.awaited.insert(ImageId { run, slot }, Progress { phase: Phase::Queued, since: now });
        }
    }

    pub(super) fn set_phase(&mut self, run: RunId, slots: &[u16], phase: Phase) {
        for &slot in slots {
            if let Some(progress) = self.awaited.get_mut(&ImageId { run, slot })
                && !matches!(progress.phase, Phase::Cancelling { .. })
            {
                progress.phase = phase;
            }
        }
    }

    /// Cancel was asked for these images.
    pub(super) fn cancelling(&mut self, images: &[ImageId]) {
        for image in images {
            if let Some(progress) = self.awaited.get(image) {
                let sent = matches!(progress.phase, Phase::Sent | Phase::Receiving { .. });
                self.set_phase(image.run, &[image.slot], Phase::Cancelling { sent });
            }
        }
    }

    pub(super) fn end(&mut self, image: ImageId) {
        self.awaited.remove(&image);
    }

    /// One of the times a run was asked for is over; `true` when it was the last.
    pub(super) fn finish(&mut self, run: RunId) -> bool {
        let left = self.asks.remove(&run).unwrap_or(1).saturating_sub(1);
        if left > 0 {
            self.asks.insert(run, left);
        }
        left == 0
    }

    /// Everything still awaited in a run.
    pub(super) fn awaited_in(&self, run: RunId) -> Vec<ImageId> {
        let first = ImageId { run, slot: 0 };
        let last = ImageId { run, slot: u16::MAX };
        self.awaited.range(first..=last).map(|(&image, _)| image).collect()
    }
}
