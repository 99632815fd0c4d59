//! Looking what other programs did to the library: asked for when the person comes back to the window. What is decided
//! meanwhile wins over what is read, unless the disk refuses it.

use std::collections::{BTreeMap, BTreeSet};

use super::Session;
use crate::domain::{ImageId, Mark, Run, Slot};
use crate::message::Command;

/// A look that is under way, and what was decided since it was asked for, as far as the disk took it: the engine writes
/// down what came before it and then reads, so no more can be missing in what it tells.
#[derive(Debug, Default)]
pub(super) struct Looking {
    is_under_way: bool,
    marks: BTreeMap<ImageId, Mark>,
    binned: BTreeMap<ImageId, bool>,
    gone: BTreeSet<ImageId>,
}

impl Session {
    /// Has the engine look, unless it does so already or the library is still being read.
    pub(super) fn look_around(&mut self) -> Vec<Command> {
        let is_read = self.library.root.is_some() && !self.library.opening && !self.library.reading;
        if self.looking.is_under_way || !is_read || self.library.problem.is_some() {
            return Vec::new();
        }
        self.looking.is_under_way = true;
        vec![Command::LookAround]
    }
}

impl Looking {
    pub(super) fn marked(&mut self, marks: &[(ImageId, Mark)]) {
        if self.is_under_way {
            self.marks.extend(marks.iter().copied());
        }
    }

    pub(super) fn binned(&mut self, moves: &[(ImageId, bool)]) {
        if self.is_under_way {
            self.binned.extend(moves.iter().copied());
        }
    }

    pub(super) fn emptied(&mut self, gone: &[ImageId]) {
        if self.is_under_way {
            self.gone.extend(gone);
        }
    }

    /// Puts what was decided since into a run that was read.
    pub(super) fn put_decisions(&self, run: &mut Run) {
        let all = ImageId { run: run.id, slot: 0 }..=ImageId { run: run.id, slot: u16::MAX };
        for (image, mark) in self.marks.range(all.clone()) {
            if let Some(Slot::Stored(facts)) = run.slots.get_mut(usize::from(image.slot)) {
                facts.mark = *mark;
            }
        }
        for (image, binned) in self.binned.range(all.clone()) {
            if *binned {
                run.binned.insert(image.slot);
            } else {
                run.binned.remove(&image.slot);
            }
        }
        for image in self.gone.range(all) {
            run.binned.remove(&image.slot);
            if let Some(slot) = run.slots.get_mut(usize::from(image.slot)) {
                *slot = Slot::Gone;
            }
        }
    }

    pub(super) fn end(&mut self) {
        *self = Self::default();
    }
}
