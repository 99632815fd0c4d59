//! The selected images, and a number that tells whether they are still the same ones.

use std::collections::BTreeSet;
use std::ops::{Deref, DerefMut};

use super::ImageId;

/// What is selected. Whoever works out something from all of it keeps the number with it, and looks again only when that
/// has grown.
#[derive(Clone, Debug, Default)]
pub(super) struct Selection {
    images: BTreeSet<ImageId>,
    revision: u64,
}

impl Selection {
    /// Grows whenever the selection may have changed.
    pub(super) const fn revision(&self) -> u64 {
        self.revision
    }

    /// Nothing is selected any more.
    pub(super) fn emptied(&self) -> Self {
        Self { images: BTreeSet::new(), revision: self.revision + 1 }
    }
}

impl Deref for Selection {
    type Target = BTreeSet<ImageId>;

    fn deref(&self) -> &BTreeSet<ImageId> {
        &self.images
    }
}

impl DerefMut for Selection {
    fn deref_mut(&mut self) -> &mut BTreeSet<ImageId> {
        self.revision += 1;
        &mut self.images
    }
}
