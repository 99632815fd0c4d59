//! Which runs changed since when, so that whoever follows them need not look at all.

use super::RunId;

/// Changes told one by one, eight pieces of a library that is being read; who comes later looks at everything again.
pub(super) const CHANGES_MAX: usize = 1_024;

/// Which runs changed, and when.
#[derive(Clone, Debug, Default)]
pub(super) struct Changes {
    /// Grows with every change.
    revision: u64,
    /// What changed before this is not known one by one.
    known_from: u64,
    /// Ascending.
    told: std::collections::VecDeque<(u64, RunId)>,
}

impl Changes {
    /// Grows with every change.
    pub(super) const fn revision(&self) -> u64 {
        self.revision
    }

    /// Everything may have changed.
    pub(super) fn all(&mut self) {
        self.revision += 1;
        self.known_from = self.revision;
        self.told.clear();
    }

    /// One run changed.
    pub(super) fn one(&mut self, run: RunId) {
        self.revision += 1;
        self.told.push_back((self.revision, run));
        while self.told.len() > CHANGES_MAX {
            if let Some((revision, _)) = self.told.pop_front() {
                self.known_from = revision;
            }
        }
    }

    /// The runs that changed after a revision; `None` when everything may have.
    pub(super) fn since(&self, revision: u64) -> Option<Vec<RunId>> {
        if revision < self.known_from || revision > self.revision {
            return None;
        }
        let first = self.told.partition_point(|(changed, _)| *changed <= revision);
        let mut runs: Vec<RunId> = self.told.iter().skip(first).map(|(_, run)| *run).collect();
        runs.sort_unstable();
        runs.dedup();
        Some(runs)
    }
}
