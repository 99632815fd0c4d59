//! Steps that can be taken back and done again.

use std::collections::BTreeMap;

use super::sheet::Focus;
use crate::domain::{Draft, ImageId, Mark};
use crate::message::Unwritten;

/// How many steps are remembered: an afternoon of judging, and bounded.
const MOST: usize = 1_000;

/// A step.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Step {
    /// Marks changed: image, before, after.
    Marks(Vec<(ImageId, Mark, Mark)>),
    /// Images went into the bin (`true`) or out of it; and where cursor and selection were before.
    Bin(Vec<ImageId>, bool, Box<Focus>),
    /// An image was taken out of the survey (`true`) or put back, whatever its mark.
    Pane(ImageId, bool),
    /// The composer was filled from an earlier run: before, after.
    Draft(Box<Draft>, Box<Draft>),
}

impl Step {
    /// Nothing is left to be done or taken back.
    fn is_empty(&self) -> bool {
        match self {
            Self::Marks(marks) => marks.is_empty(),
            Self::Bin(images, _, _) => images.is_empty(),
            Self::Pane(..) | Self::Draft(..) => false,
        }
    }

    /// The marks it changed.
    fn marks(&self) -> &[(ImageId, Mark, Mark)] {
        if let Self::Marks(marks) = self { marks } else { &[] }
    }

    /// The step that takes this one back.
    pub(super) fn reversed(self) -> Self {
        match self {
            Self::Marks(marks) => {
                Self::Marks(marks.into_iter().map(|(id, before, after)| (id, after, before)).collect())
            }
            Self::Bin(images, binned, focus) => Self::Bin(images, !binned, focus),
            Self::Pane(image, dropped) => Self::Pane(image, !dropped),
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

    /// These images are not there any more: no step brings them back.
    pub(super) fn forget(&mut self, gone: &[ImageId]) {
        let is_gone = |image: &ImageId| gone.contains(image);
        for steps in [&mut self.done, &mut self.undone] {
            for step in steps.iter_mut() {
                match step {
                    Step::Marks(marks) => marks.retain(|(image, _, _)| !is_gone(image)),
                    Step::Bin(images, _, _) => images.retain(|image| !is_gone(image)),
                    Step::Pane(..) | Step::Draft(..) => {}
                }
            }
            steps.retain(|step| !step.is_empty());
        }
    }

    /// The disk did not move these images: the last step that did is none for them.
    pub(super) fn forget_move(&mut self, stayed: &[ImageId]) {
        for steps in [&mut self.done, &mut self.undone] {
            let last = steps.iter_mut().rev().find_map(|step| match step {
                Step::Bin(images, _, _) if images.iter().any(|image| stayed.contains(image)) => Some(images),
                _ => None,
            });
            if let Some(images) = last {
                images.retain(|image| !stayed.contains(image));
            }
            steps.retain(|step| !step.is_empty());
        }
    }

    /// Marks were not written down: for these images we stand where the disk does, as if the steps from there had not been
    /// done, or not taken back. Answers with what is to be shown otherwise, image, shown, on the disk; and whether the step
    /// that would be taken back next is among those.
    pub(super) fn unwritten(&mut self, marks: &[Unwritten]) -> (Vec<(ImageId, Mark, Mark)>, bool) {
        let mut kept: BTreeMap<ImageId, (Mark, Option<Mark>)> =
            marks.iter().map(|unwritten| (unwritten.image, (unwritten.tried, unwritten.kept))).collect();
        // Where the disk could not be asked, it is the mark before.
        for (steps, back) in [(&self.done, false), (&self.undone, true)] {
            for &(image, before, after) in steps.iter().rev().flat_map(Step::marks) {
                let (from, to) = if back { (after, before) } else { (before, after) };
                if let Some((tried, kept @ None)) = kept.get_mut(&image)
                    && *tried == to
                {
                    *kept = Some(from);
                }
            }
        }
        let changed: Vec<(ImageId, Mark, Mark)> = kept
            .into_iter()
            .filter_map(|(image, (tried, kept))| kept.filter(|kept| *kept != tried).map(|kept| (image, tried, kept)))
            .collect();
        let mut ends: Ends = changed.iter().map(|&(image, _, kept)| (image, kept)).collect();
        let last = self.done.last().map(Step::marks).unwrap_or_default();
        let was_last = last.iter().any(|(image, ..)| ends.contains_key(image));
        let ahead = split_off(&mut ends, &self.undone, |_, after| after);
        let behind = split_off(&mut ends, &self.done, |before, _| before);
        carry(&mut self.undone, &mut self.done, ahead, |_, after| after);
        carry(&mut self.done, &mut self.undone, behind, |before, _| before);
        for steps in [&mut self.done, &mut self.undone] {
            // Somebody else gave these a mark that no step leads to.
            for step in steps.iter_mut() {
                if let Step::Marks(marks) = step {
                    marks.retain(|(image, ..)| !ends.contains_key(image));
                }
            }
            steps.retain(|step| !step.is_empty());
        }
        (changed, was_last)
    }

    /// Another library is open, or this one cannot be changed any more: only what was done in the composer is left.
    pub(super) fn forget_images(&mut self) {
        for steps in [&mut self.done, &mut self.undone] {
            steps.retain(|step| matches!(step, Step::Draft(..)));
        }
    }

    /// The survey is over: what was dropped from it is nothing to take back any more.
    pub(super) fn forget_panes(&mut self) {
        for steps in [&mut self.done, &mut self.undone] {
            steps.retain(|step| !matches!(step, Step::Pane(..)));
        }
    }

    /// The draft that was put into the composer by the step that would be taken back next.
    pub(super) fn draft_put(&self) -> Option<&Draft> {
        match self.done.last() {
            Some(Step::Draft(_, after)) => Some(after),
            _ => None,
        }
    }

    /// The draft that was brought back by the step that would be done again next.
    pub(super) fn draft_brought_back(&self) -> Option<&Draft> {
        match self.undone.last() {
            Some(Step::Draft(before, _)) => Some(before),
            _ => None,
        }
    }

    /// The step to apply to take the last one back. `draft` is what the composer holds: doing the step again brings that
    /// back, with what was typed since.
    pub(super) fn undo(&mut self, draft: &Draft) -> Option<Step> {
        let mut step = self.done.pop()?;
        if let Step::Draft(_, after) = &mut step {
            draft.clone_into(after);
        }
        self.undone.push(step.clone());
        Some(step.reversed())
    }

    /// The step to apply to do the last one taken back again; taking that back brings `draft` back.
    pub(super) fn redo(&mut self, draft: &Draft) -> Option<Step> {
        let mut step = self.undone.pop()?;
        if let Step::Draft(before, _) = &mut step {
            draft.clone_into(before);
        }
        self.done.push(step.clone());
        Some(step)
    }
}

/// Images and the mark that each is to have.
type Ends = BTreeMap<ImageId, Mark>;

/// Those of `ends` that some of these steps leads to.
fn split_off(ends: &mut Ends, steps: &[Step], leads_to: fn(Mark, Mark) -> Mark) -> Ends {
    let mut found = Ends::new();
    for &(image, before, after) in steps.iter().flat_map(Step::marks) {
        if ends.get(&image) == Some(&leads_to(before, after)) {
            found.extend(ends.remove_entry(&image));
        }
    }
    found
}

/// Carries images' parts of the newest steps over to the others, until each has reached its mark in `ends`.
fn carry(from: &mut [Step], to: &mut Vec<Step>, mut ends: Ends, leads_to: fn(Mark, Mark) -> Mark) {
    for step in from.iter_mut().rev() {
        let Step::Marks(marks) = step else { continue };
        let (moved, left): (Vec<_>, Vec<_>) = marks.drain(..).partition(|(image, ..)| ends.contains_key(image));
        *marks = left;
        for &(image, before, after) in &moved {
            if ends.get(&image) == Some(&leads_to(before, after)) {
                ends.remove(&image);
            }
        }
        if !moved.is_empty() {
            to.push(Step::Marks(moved));
        }
    }
}
