//! What stays in view when the sheet changes: the run at the top, or the image the cursor went to.

use super::layout::{Block, Layout};
use crate::domain::RunId;

/// Kept free above a tile that is brought into view.
pub(super) const MARGIN: i64 = 8;

/// The run at the top of the window, and how far into it the window begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Anchor {
    /// Which run.
    pub run: RunId,
    /// Points from its top to the window's top.
    pub within: i64,
    /// Its height then: with larger tiles the same share of it has passed.
    pub height: i64,
}

impl Anchor {
    /// How far down the sheet must be scrolled to show the same as before. The top stays the top.
    pub(super) fn offset(&self, block: Block) -> i64 {
        let within =
            if self.height == block.height { self.within } else { self.within * block.height / self.height.max(1) };
        block.top + within
    }
}

/// The least scrolling that brings a tile into view: `top` and `bottom` of what should be seen, in a window of `height`
/// points at `offset`, whose last `covered` points lie under the tray.
pub(super) fn into_view((top, bottom): (i64, i64), offset: i64, height: i64, covered: i64) -> i64 {
    let room = (height - covered).max(1);
    if top - MARGIN < offset {
        (top - MARGIN).max(0)
    } else if bottom + MARGIN > offset + room {
        // A tile taller than the window shows its top.
        (bottom + MARGIN - room).min(top - MARGIN).max(0)
    } else {
        offset
    }
}

/// As far down as the sheet can be scrolled.
pub(super) const fn clamped(offset: i64, layout: &Layout, height: i64) -> i64 {
    let most = layout.height() - height;
    if offset < 0 || most <= 0 {
        0
    } else if offset > most {
        most
    } else {
        offset
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn block(top: i64, height: i64) -> Block {
        Block { top, height, tiles_before: 0, tiles: 4 }
    }

    #[test]
    fn what_is_added_above_moves_nothing_that_is_seen() {
        let anchor = Anchor { run: RunId::from_number(1), within: 40, height: 210 };
        let before = anchor.offset(block(630, 210));
        assert_eq!(anchor.offset(block(840, 210)) - before, 210);
    }

    #[test]
    fn larger_tiles_keep_the_same_share_of_the_run_passed() {
        let anchor = Anchor { run: RunId::from_number(1), within: 100, height: 200 };
        assert_eq!(anchor.offset(block(0, 400)), 200);
    }

    #[test]
    fn the_view_moves_no_further_than_it_must() {
        let check =
            |tile, offset, expected| assert_eq!(into_view(tile, offset, 600, 70), expected, "{tile:?} {offset}");
        check((300, 466), 0, 0);
        check((40, 206), 100, 32);
        check((500, 666), 0, 144);
        check((4, 170), 100, 0);
        check((1000, 2000), 0, 992);
    }
}
