//! The menu of an image: which verbs stand on it, and in which part.

use super::verb::Verb;

/// A part of the menu; a line is drawn between parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum MenuPart {
    /// Ways to look at it.
    Look,
    /// Verdicts.
    Judge,
    /// What it can be used for.
    Use,
    /// Taking it away.
    Remove,
}

impl Verb {
    /// The part of the menu it stands in; the parts keep the order of [`Verb::all`].
    ///
    /// No arm for "all others": whoever adds a verb decides whether the menu has it.
    pub const fn menu_part(self) -> Option<MenuPart> {
        match self {
            Self::View | Self::Survey | Self::SurveyPicks => Some(MenuPart::Look),
            Self::Mark(_) => Some(MenuPart::Judge),
            Self::Copy | Self::Reuse | Self::Reveal => Some(MenuPart::Use),
            Self::Delete => Some(MenuPart::Remove),
            Self::Generate
            | Self::EarlierPrompt
            | Self::LaterPrompt
            | Self::Move(_)
            | Self::Extend(_)
            | Self::Toggle
            | Self::SelectAll
            | Self::MarkAndNext(_)
            | Self::Menu
            | Self::ZoomActual
            | Self::ZoomIn
            | Self::ZoomOut
            | Self::Facts
            | Self::Sheet
            | Self::Back
            | Self::Save
            | Self::ClearPicks
            | Self::BinRejected
            // In the bin it stands where Delete stands elsewhere.
            | Self::Restore
            | Self::EmptyBin
            | Self::Undo
            | Self::Redo
            | Self::Search
            | Self::Filters
            | Self::Preferences
            | Self::KeySheet
            | Self::FullScreen
            | Self::Panels => None,
        }
    }
}
