//! Where every run and every tile of the sheet lies, in whole points, so that a long sheet is as exact as a short one.

use std::ops::Range;

/// From the top of a run to its header.
pub(super) const RUN_TOP: i64 = 14;
/// Height of a run's header.
pub(super) const HEADER: i64 = 18;
/// From the header, or the last note, to the tiles.
pub(super) const HEADER_GAP: i64 = 8;
/// Height of one note under the header.
pub(super) const NOTE: i64 = 18;
/// Under a run's last line of tiles.
pub(super) const RUN_BOTTOM: i64 = 4;
/// Between tiles, and between lines of tiles.
pub(super) const TILE_GAP: i64 = 8;
/// Under the last run: the tray may lie there.
pub(super) const SHEET_BOTTOM: i64 = 84;
/// A tile is never narrower than this share of its height, or nothing could be read on it.
const NARROWEST: f32 = 0.3;

/// What the layout depends on beside the runs themselves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Measure {
    /// The state of the sheet this was made for.
    pub revision: u64,
    /// Points across, for tiles.
    pub width: i64,
    /// Height of a tile in points.
    pub tile: i64,
}

/// What the layout must know of one run.
pub(super) struct RunShape<R> {
    /// Notes under its header.
    pub notes: usize,
    /// Width divided by height of each tile.
    pub ratios: R,
}

/// One run's place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Block {
    /// From the top of the sheet.
    pub top: i64,
    /// Height with its margins.
    pub height: i64,
    /// How many tiles come before it on the sheet.
    pub tiles_before: usize,
}

/// One tile's place inside its run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Cell {
    /// From the sheet's left padding.
    pub left: i64,
    /// Which line of tiles, from 0.
    pub line: i64,
    /// Its width.
    pub width: i64,
}

/// The whole sheet.
#[derive(Clone, Debug, Default)]
pub(super) struct Layout {
    measure: Measure,
    blocks: Vec<Block>,
    tiles: usize,
    height: i64,
}

impl Layout {
    /// Lays out all runs, newest first.
    pub(super) fn new<R>(measure: Measure, runs: impl Iterator<Item = RunShape<R>>) -> Self
    where
        R: Iterator<Item = f32>,
    {
        let mut layout = Self { measure, ..Self::default() };
        for run in runs {
            let (mut lines, mut tiles) = (0, 0);
            for cell in cells(run.ratios, measure) {
                lines = cell.line + 1;
                tiles += 1;
            }
            let height = tiles_top(run.notes) + lines * measure.tile + (lines - 1).max(0) * TILE_GAP + RUN_BOTTOM;
            layout.blocks.push(Block { top: layout.height, height, tiles_before: layout.tiles });
            layout.height += height;
            layout.tiles += tiles;
        }
        layout.height += SHEET_BOTTOM;
        layout
    }

    /// What it was made for.
    pub(super) const fn measure(&self) -> Measure {
        self.measure
    }

    /// The place of a run.
    pub(super) fn block(&self, run: usize) -> Option<Block> {
        self.blocks.get(run).copied()
    }

    /// All tiles on the sheet.
    pub(super) const fn tiles(&self) -> usize {
        self.tiles
    }

    /// Height of the whole sheet.
    pub(super) const fn height(&self) -> i64 {
        self.height
    }

    /// The runs of which something lies between two heights.
    pub(super) fn between(&self, top: i64, bottom: i64) -> Range<usize> {
        let first = self.blocks.partition_point(|block| block.top + block.height <= top);
        let end = self.blocks.partition_point(|block| block.top < bottom);
        first..end.max(first)
    }
}

/// From the top of a run to its tiles.
pub(super) fn tiles_top(notes: usize) -> i64 {
    RUN_TOP + HEADER + HEADER_GAP + NOTE * i64::try_from(notes).unwrap_or_default()
}

/// The tiles of one run: beside each other while there is room, then on the next line.
pub(super) fn cells(ratios: impl Iterator<Item = f32>, measure: Measure) -> impl Iterator<Item = Cell> {
    let (mut left, mut line) = (0, 0);
    ratios.map(move |ratio| {
        let width = tile_width(ratio, measure);
        if left > 0 && left + width > measure.width {
            left = 0;
            line += 1;
        }
        let cell = Cell { left, line, width };
        left += width + TILE_GAP;
        cell
    })
}

fn tile_width(ratio: f32, measure: Measure) -> i64 {
    let ratio = if ratio.is_finite() && ratio > 0.0 { ratio } else { 1.0 };
    let tile = measure.tile as f32;
    ((tile * ratio.max(NARROWEST)).round() as i64).clamp(1, measure.width.max(1))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const MEASURE: Measure = Measure { revision: 1, width: 728, tile: 166 };

    fn layout(runs: &[&[f32]], measure: Measure) -> Layout {
        Layout::new(measure, runs.iter().map(|ratios| RunShape { notes: 0, ratios: ratios.iter().copied() }))
    }

    #[test]
    fn the_design_is_met_to_the_point() {
        let square = [1.0; 4];
        let tall = [1024.0 / 1792.0; 6];
        let layout = layout(&[&square, &square, &tall], MEASURE);
        // Heads 211 points apart, as in the picture.
        assert_eq!(layout.block(1).unwrap().top, 14 + 18 + 8 + 166 + 4);
        let cells: Vec<Cell> = cells(tall.into_iter(), MEASURE).collect();
        assert_eq!((cells[0].width, cells[1].left), (95, 103));
        assert_eq!(cells[5].line, 0);
    }

    #[test]
    fn a_run_wider_than_the_sheet_goes_on_below() {
        let cells: Vec<Cell> = cells([1.75; 6].into_iter(), MEASURE).collect();
        assert_eq!(cells.iter().map(|cell| cell.line).collect::<Vec<_>>(), [0, 0, 1, 1, 2, 2]);
        let layout = layout(&[&[1.75; 6]], MEASURE);
        assert_eq!(layout.block(0).unwrap().height, 14 + 18 + 8 + 3 * 166 + 2 * 8 + 4);
    }

    #[test]
    fn absurd_shapes_stay_on_the_sheet() {
        for ratio in [0.0, -1.0, f32::NAN, f32::INFINITY, 1e9, 1e-9] {
            let cell = cells([ratio].into_iter(), MEASURE).next().unwrap();
            assert!((1..=MEASURE.width).contains(&cell.width), "{ratio}");
        }
        assert_eq!(cells([1.0].into_iter(), Measure::default()).next().unwrap().width, 1);
    }

    #[test]
    fn only_what_is_in_view_is_asked_for() {
        let run = [1.0_f32; 4];
        let runs: Vec<&[f32]> = vec![&run; 25_000];
        let layout = layout(&runs, MEASURE);
        let middle = layout.height() / 2;
        assert!(layout.between(middle, middle + 800).len() <= 5);
        assert_eq!(layout.block(24_999).unwrap().tiles_before, 99_996);
        assert_eq!(layout.tiles(), 100_000);
    }

    proptest! {
        #[test]
        fn every_height_belongs_to_exactly_one_run(
            sizes in prop::collection::vec((1_usize..11, 0.3_f32..3.0), 1..40), width in 200_i64..2000, at in 0_i64..20_000,
        ) {
            let measure = Measure { width, ..MEASURE };
            let shapes = sizes.iter().map(|&(n, ratio)| RunShape { notes: 0, ratios: std::iter::repeat_n(ratio, n) });
            let layout = Layout::new(measure, shapes);
            let hits = layout.between(at, at + 1);
            let inside = at < layout.height() - SHEET_BOTTOM;
            prop_assert_eq!(hits.len(), usize::from(inside));
        }

        #[test]
        fn tiles_never_overlap_nor_leave_the_sheet(
            ratios in prop::collection::vec(0.2_f32..4.0, 1..20), width in 100_i64..2000,
        ) {
            let measure = Measure { width, ..MEASURE };
            let cells: Vec<Cell> = cells(ratios.into_iter(), measure).collect();
            for pair in cells.windows(2) {
                let [a, b] = pair else { continue };
                prop_assert!(b.line > a.line && b.left == 0 || b.line == a.line && b.left == a.left + a.width + TILE_GAP);
            }
            for cell in cells {
                prop_assert!(cell.left + cell.width <= width);
            }
        }
    }
}
