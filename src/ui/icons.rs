//! Icons: code points of the bundled Lucide subset, by name.

/// One icon of the set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Icon(char);

impl Icon {
    pub(super) const ARROW_LEFT: Self = Self('\u{e048}');
    pub(super) const ARROW_RIGHT: Self = Self('\u{e049}');
    pub(super) const ARROW_UP: Self = Self('\u{e04a}');
    pub(super) const CHECK: Self = Self('\u{e06c}');
    pub(super) const CHEVRON_DOWN: Self = Self('\u{e06d}');
    pub(super) const CIRCLE_ALERT: Self = Self('\u{e077}');
    pub(super) const CIRCLE_CHECK: Self = Self('\u{e226}');
    pub(super) const CLOCK: Self = Self('\u{e087}');
    pub(super) const CROSS: Self = Self('\u{e1b2}');
    pub(super) const FOLDER_OPEN: Self = Self('\u{e247}');
    pub(super) const HARD_DRIVE: Self = Self('\u{e0ed}');
    pub(super) const IMAGE: Self = Self('\u{e0f6}');
    pub(super) const IMAGES: Self = Self('\u{e5c4}');
    pub(super) const IMAGE_OFF: Self = Self('\u{e1c0}');
    pub(super) const KEY_ROUND: Self = Self('\u{e4a3}');
    pub(super) const LIST_FILTER: Self = Self('\u{e460}');
    pub(super) const PLUS: Self = Self('\u{e13d}');
    pub(super) const SEARCH: Self = Self('\u{e151}');
    pub(super) const SETTINGS: Self = Self('\u{e154}');
    pub(super) const TRASH_2: Self = Self('\u{e18e}');

    /// The icon as text, to be laid out in the icon font.
    pub(super) fn text(self) -> String {
        self.0.to_string()
    }
}
