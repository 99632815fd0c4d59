//! Steps that can be taken back and done again.

use crate::domain::{Draft, ImageId, Mark};

/// How many steps are remembered: an afternoon of judging, and bounded.
const MOST: usize = 1_000;

/// A step.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Step {
    /// Marks changed: image, before, after.
    Marks(Vec<(ImageId, Mark, Mark)>),
    /// The composer was filled from an earlier run: before, after.
    Draft(Box<Draft>, Box<Draft>),
}

impl Step {
    /// The step that takes this one back.
    pub(super) fn reversed(self) -> Self {
        match self {
            Self::Marks(marks) => {
                Self::Marks(marks.into_iter().map(|(id, before, after)| (id, after, before)).collect())
            }
            Self::Draft(before, after) => Self::Draft(after, before),
        }
    }
}

/// What was done and what was taken back.
#[derive(Clone, Debug, Default)]
pub(super) struct Undo {
    done: Vec<Step>,
    undone: Vec<Step>,
}

impl Undo {
    /// Remembers a step; what was taken back before is forgotten.
    pub(super) fn remember(&mut self, step: Step) {
        self.undone.clear();
        self.done.push(step);
        if self.done.len() > MOST {
            self.done.remove(0);
        }
    }

    /// The step to apply to take the last one back.
    pub(super) fn undo(&mut self) -> Option<Step> {
        let step = self.done.pop()?;
        self.undone.push(step.clone());
        Some(step.reversed())
    }

    /// The step to apply to do the last one taken back again.
    pub(super) fn redo(&mut self) -> Option<Step> {
        let step = self.undone.pop()?;
        self.done.push(step.clone());
        Some(step)
    }
}
