//! Icons: code points of the bundled Lucide subset, by name.

/// One icon of the set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Icon(char);

impl Icon {
    pub(super) const SEARCH: Self = Self('\u{e151}');
    pub(super) const SETTINGS: Self = Self('\u{e154}');
    pub(super) const CROSS: Self = Self('\u{e1b2}');
    pub(super) const CHEVRON_DOWN: Self = Self('\u{e06d}');
    pub(super) const CHEVRON_RIGHT: Self = Self('\u{e06f}');
    pub(super) const CHECK: Self = Self('\u{e06c}');
    pub(super) const PLUS: Self = Self('\u{e13d}');
    pub(super) const TRASH_2: Self = Self('\u{e18e}');
    pub(super) const COPY: Self = Self('\u{e09e}');
    pub(super) const FOLDER_OPEN: Self = Self('\u{e247}');
    pub(super) const IMAGE: Self = Self('\u{e0f6}');
    pub(super) const IMAGES: Self = Self('\u{e5c4}');
    pub(super) const KEY_ROUND: Self = Self('\u{e4a3}');
    pub(super) const CIRCLE_ALERT: Self = Self('\u{e077}');
    pub(super) const TRIANGLE_ALERT: Self = Self('\u{e193}');
    pub(super) const INFO: Self = Self('\u{e0f9}');
    pub(super) const REFRESH_CW: Self = Self('\u{e145}');
    pub(super) const SQUARE: Self = Self('\u{e167}');
    pub(super) const ARROW_LEFT: Self = Self('\u{e048}');
    pub(super) const KEYBOARD: Self = Self('\u{e284}');
    pub(super) const BAN: Self = Self('\u{e051}');
    pub(super) const CIRCLE: Self = Self('\u{e076}');
    pub(super) const ROTATE_CCW: Self = Self('\u{e148}');
    pub(super) const UNPLUG: Self = Self('\u{e45d}');
    pub(super) const IMAGE_OFF: Self = Self('\u{e1c0}');
    pub(super) const HARD_DRIVE: Self = Self('\u{e0ed}');
    pub(super) const LOCK: Self = Self('\u{e10b}');
    pub(super) const PENCIL: Self = Self('\u{e1f9}');
    pub(super) const DOWNLOAD: Self = Self('\u{e0b2}');
    pub(super) const ELLIPSIS: Self = Self('\u{e0b6}');
    pub(super) const CODE: Self = Self('\u{e093}');
    pub(super) const EXTERNAL_LINK: Self = Self('\u{e0b9}');
    pub(super) const UNDO_2: Self = Self('\u{e2a1}');
    pub(super) const MAXIMIZE: Self = Self('\u{e112}');
    pub(super) const CIRCLE_CHECK: Self = Self('\u{e226}');
    pub(super) const EYE: Self = Self('\u{e0ba}');
    pub(super) const EYE_OFF: Self = Self('\u{e0bb}');
    pub(super) const COLUMNS_2: Self = Self('\u{e098}');
    pub(super) const LIST_FILTER: Self = Self('\u{e460}');
    pub(super) const INBOX: Self = Self('\u{e0f7}');
    pub(super) const HISTORY: Self = Self('\u{e1f5}');
    pub(super) const ZOOM_IN: Self = Self('\u{e1b6}');
    pub(super) const ZOOM_OUT: Self = Self('\u{e1b7}');
    pub(super) const CLOCK: Self = Self('\u{e087}');
    pub(super) const CORNER_DOWN_LEFT: Self = Self('\u{e0a1}');
    pub(super) const CHEVRON_UP: Self = Self('\u{e070}');
    pub(super) const MINUS: Self = Self('\u{e11c}');
    pub(super) const ARROW_RIGHT: Self = Self('\u{e049}');
    pub(super) const ARROW_UP: Self = Self('\u{e04a}');

    /// The icon as text, to be laid out in the icon font.
    pub(super) fn text(self) -> String {
        self.0.to_string()
    }
}
