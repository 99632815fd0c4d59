//! What comparing means: of what, how many, and why it cannot be done.

use super::sheet::Sheet;
use super::viewer::Viewer;
use crate::domain::ImageId;

/// Which images are to stand side by side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compared {
    /// The selected ones.
    Selection,
    /// The picks shown.
    Picks,
}

/// So many of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Comparison {
    /// Which.
    pub of: Compared,
    /// How many; stored ones only.
    pub count: usize,
}

impl Comparison {
    /// What the C key means: the selection, and the picks when fewer than two images are selected.
    pub fn meant(sheet: &Sheet) -> Self {
        if Self::means_picks(sheet) {
            return Self::picks(sheet);
        }
        Self { of: Compared::Selection, count: sheet.selection_sum().stored }
    }

    /// Whether the C key means the picks. This is asked in every frame, also with a hundred thousand images selected.
    pub fn means_picks(sheet: &Sheet) -> bool {
        stored(sheet).nth(1).is_none()
    }

    /// The picks.
    pub const fn picks(sheet: &Sheet) -> Self {
        Self { of: Compared::Picks, count: sheet.shown_picks() }
    }

    /// The words on a button: `Compare 3 picks`.
    pub fn words(self) -> String {
        match (self.of, self.count) {
            (Compared::Selection, 0) => "Compare selected".to_owned(),
            (Compared::Selection, count) => format!("Compare {count} selected"),
            (Compared::Picks, 0) => "Compare picks".to_owned(),
            (Compared::Picks, 1) => "Compare 1 pick".to_owned(),
            (Compared::Picks, count) => format!("Compare {count} picks"),
        }
    }

    /// Why so many cannot stand side by side, and what to do.
    pub fn why_not(self) -> Option<String> {
        let (do_it, done) = match self.of {
            Compared::Selection => ("Select", "selected"),
            Compared::Picks => ("Pick", "picked"),
        };
        match self.count {
            0 | 1 => Some(format!("{do_it} 2 images or more to compare them")),
            count if count > Viewer::SURVEY_MAX => {
                Some(format!("{} images are the most side by side, and {count} are {done}", Viewer::SURVEY_MAX))
            }
            _ => None,
        }
    }

    /// The images themselves.
    pub(super) fn images(self, sheet: &Sheet) -> Vec<ImageId> {
        match self.of {
            Compared::Selection => stored(sheet).collect(),
            Compared::Picks => sheet.visible_picks(),
        }
    }
}

fn stored(sheet: &Sheet) -> impl Iterator<Item = ImageId> + '_ {
    sheet.selected().filter(|&image| sheet.facts(image).is_some())
}
