//! Where every run and every tile of the sheet lies, in whole points, so that a long sheet is as exact as a short one.

use std::ops::Range;

use crate::domain::RunId;
use crate::state::Lines;

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
/// Under the last run: the tray may lie there.
pub(super) const SHEET_BOTTOM: i64 = 84;
/// What the layout depends on beside the runs themselves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Measure {
    /// The state of the sheet this was made for.
    pub revision: u64,
    /// The room tiles have.
    pub lines: Lines,
}

/// What the layout must know of one run.
#[derive(Clone, Copy, Debug)]
pub(super) struct RunShape {
    /// Which it is.
    pub run: RunId,
    /// Notes under its header.
    pub notes: usize,
    /// Its tiles.
    pub tiles: usize,
    /// Lines they take.
    pub lines: i64,
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
    /// How many it has.
    pub tiles: usize,
}

/// The whole sheet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Layout {
    measure: Measure,
    /// Newest first, as the blocks.
    runs: Vec<RunId>,
    blocks: Vec<Block>,
    tiles: usize,
    height: i64,
}

impl Layout {
    /// Lays out all runs, newest first.
    pub(super) fn new(measure: Measure, runs: impl Iterator<Item = RunShape>) -> Self {
        let mut layout = Self { measure, ..Self::default() };
        for run in runs {
            layout.runs.push(run.run);
            layout.blocks.push(block(&run, measure.lines));
        }
        layout.stack(0);
        layout
    }

    /// Takes in what changed: each run with its new shape, or none when it is not shown any more. The tiles' room is the
    /// same as before.
    pub(super) fn follow(&mut self, revision: u64, changes: impl Iterator<Item = (RunId, Option<RunShape>)>) {
        self.measure.revision = revision;
        let mut first = self.blocks.len();
        for (run, shape) in changes {
            let place = self.runs.binary_search_by(|known| run.cmp(known));
            let shape = shape.map(|shape| block(&shape, self.measure.lines));
            let (Ok(at) | Err(at)) = place;
            match (place, shape) {
                (Ok(at), Some(block)) => {
                    if let Some(old) = self.blocks.get_mut(at) {
                        *old = block;
                    }
                }
                (Ok(at), None) => {
                    self.runs.remove(at);
                    self.blocks.remove(at);
                }
                (Err(at), Some(block)) => {
                    self.runs.insert(at, run);
                    self.blocks.insert(at, block);
                }
                (Err(_), None) => continue,
            }
            first = first.min(at);
        }
        self.stack(first);
    }

    /// Puts the blocks from this one on below those before it.
    fn stack(&mut self, first: usize) {
        let before = first.checked_sub(1).and_then(|before| self.blocks.get(before));
        let (mut top, mut tiles) =
            before.map_or((0, 0), |before| (before.top + before.height, before.tiles_before + before.tiles));
        for block in self.blocks.iter_mut().skip(first) {
            (block.top, block.tiles_before) = (top, tiles);
            top += block.height;
            tiles += block.tiles;
        }
        self.tiles = tiles;
        self.height = top + SHEET_BOTTOM;
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

/// A run's block, its place on the sheet still open.
fn block(run: &RunShape, room: Lines) -> Block {
    let gaps = (run.lines - 1).max(0) * Lines::GAP;
    let height = tiles_top(run.notes) + run.lines * room.tile + gaps + RUN_BOTTOM;
    Block { top: 0, height, tiles_before: 0, tiles: run.tiles }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::state::{Cell, cells};

    const ROOM: Lines = Lines { width: 728, tile: 166 };
    const MEASURE: Measure = Measure { revision: 1, lines: ROOM };

    fn shape_in(room: Lines, number: u64, notes: usize, ratios: &[f32]) -> RunShape {
        let lines = cells(ratios.iter().copied(), room).last().map_or(0, |cell| cell.line + 1);
        RunShape { run: RunId::from_number(number), notes, tiles: ratios.len(), lines }
    }

    fn shape(number: u64, notes: usize, ratios: &[f32]) -> RunShape {
        shape_in(ROOM, number, notes, ratios)
    }

    fn layout(runs: &[&[f32]], measure: Measure) -> Layout {
        Layout::new(measure, (0..).zip(runs).map(|(at, ratios)| shape_in(measure.lines, u64::MAX - at, 0, ratios)))
    }

    #[test]
    fn the_design_is_met_to_the_point() {
        let square = [1.0; 4];
        let tall = [1024.0 / 1792.0; 6];
        let layout = layout(&[&square, &square, &tall], MEASURE);
        // Heads 211 points apart, as in the picture.
        assert_eq!(layout.block(1).unwrap().top, 14 + 18 + 8 + 166 + 4);
        let cells: Vec<Cell> = cells(tall.into_iter(), ROOM).collect();
        assert_eq!((cells[0].width, cells[1].left), (95, 103));
        assert_eq!(cells[5].line, 0);
    }

    #[test]
    fn a_run_wider_than_the_sheet_goes_on_below() {
        let cells: Vec<Cell> = cells([1.75; 6].into_iter(), ROOM).collect();
        assert_eq!(cells.iter().map(|cell| cell.line).collect::<Vec<_>>(), [0, 0, 1, 1, 2, 2]);
        let layout = layout(&[&[1.75; 6]], MEASURE);
        assert_eq!(layout.block(0).unwrap().height, 14 + 18 + 8 + 3 * 166 + 2 * 8 + 4);
    }

    #[test]
    fn absurd_shapes_stay_on_the_sheet() {
        for ratio in [0.0, -1.0, f32::NAN, f32::INFINITY, 1e9, 1e-9] {
            let cell = cells([ratio].into_iter(), ROOM).next().unwrap();
            assert!((1..=ROOM.width).contains(&cell.width), "{ratio}");
        }
        assert_eq!(cells([1.0].into_iter(), Lines::default()).next().unwrap().width, 1);
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
            let measure = Measure { lines: Lines { width, ..ROOM }, ..MEASURE };
            let shapes = (0..).zip(&sizes).map(|(at, &(n, ratio))| {
                shape_in(measure.lines, u64::MAX - at, 0, &vec![ratio; n])
            });
            let layout = Layout::new(measure, shapes);
            let hits = layout.between(at, at + 1);
            let inside = at < layout.height() - SHEET_BOTTOM;
            prop_assert_eq!(hits.len(), usize::from(inside));
        }

        #[test]
        fn what_changed_alone_leads_where_laying_out_everything_leads(
            steps in prop::collection::vec(prop::collection::vec((0_u64..12, 0_usize..4, 0_usize..9), 1..6), 1..12),
        ) {
            let mut shown: std::collections::BTreeMap<u64, (usize, Vec<f32>)> = std::collections::BTreeMap::new();
            let mut followed = Layout::new(MEASURE, shown.iter().map(|(&run, (notes, ratios))| shape(run, *notes, ratios)));
            for (revision, step) in (2..).zip(steps) {
                let mut changed: Vec<u64> = Vec::new();
                for (run, notes, tiles) in step {
                    changed.push(run);
                    if tiles == 0 { shown.remove(&run); } else { shown.insert(run, (notes, vec![1.3; tiles])); }
                }
                changed.sort_unstable();
                changed.dedup();
                let changes = changed.into_iter().map(|run| {
                    (RunId::from_number(run), shown.get(&run).map(|(notes, ratios)| shape(run, *notes, ratios)))
                });
                followed.follow(revision, changes);
                let whole = Layout::new(
                    Measure { revision, ..MEASURE },
                    shown.iter().rev().map(|(&run, (notes, ratios))| shape(run, *notes, ratios)),
                );
                prop_assert_eq!(&followed, &whole);
            }
        }

        #[test]
        fn tiles_never_overlap_nor_leave_the_sheet(
            ratios in prop::collection::vec(0.2_f32..4.0, 1..20), width in 100_i64..2000,
        ) {
            let cells: Vec<Cell> = cells(ratios.into_iter(), Lines { width, ..ROOM }).collect();
            for pair in cells.windows(2) {
                let [a, b] = pair else { continue };
                prop_assert!(b.line > a.line && b.left == 0 || b.line == a.line && b.left == a.left + a.width + Lines::GAP);
            }
            for cell in cells {
                prop_assert!(cell.left + cell.width <= width);
            }
        }
    }
}
