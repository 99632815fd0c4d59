//! How the tiles of a run break into lines, in whole points: what the sheet draws, and what a step up or down means.

use super::{ImageId, Run, Sheet, VisibleRun};

/// A tile is never narrower than this share of its height, or nothing could be read on it.
const NARROWEST: f32 = 0.3;

/// The room tiles have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Lines {
    /// Points across, for tiles.
    pub width: i64,
    /// Height of a tile in points.
    pub tile: i64,
}

impl Lines {
    /// Between tiles, and between lines of tiles.
    pub const GAP: i64 = 8;
}

/// One tile's place inside its run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cell {
    /// From the sheet's left padding.
    pub left: i64,
    /// Which line of tiles, from 0.
    pub line: i64,
    /// Its width.
    pub width: i64,
}

/// The tiles of one run: beside each other while there is room, then on the next line.
pub fn cells(ratios: impl Iterator<Item = f32>, lines: Lines) -> impl Iterator<Item = Cell> {
    let (mut left, mut line) = (0, 0);
    ratios.map(move |ratio| {
        let width = tile_width(ratio, lines);
        if left > 0 && left + width > lines.width {
            left = 0;
            line += 1;
        }
        let cell = Cell { left, line, width };
        left += width + Lines::GAP;
        cell
    })
}

fn tile_width(ratio: f32, lines: Lines) -> i64 {
    let ratio = if ratio.is_finite() && ratio > 0.0 { ratio } else { 1.0 };
    let tile = lines.tile as f32;
    ((tile * ratio.max(NARROWEST)).round() as i64).clamp(1, lines.width.max(1))
}

/// How many lines the shown tiles of a run take.
pub fn line_count(sheet: &Sheet, visible: &VisibleRun, lines: Lines) -> i64 {
    if visible.ratio > 0.0 {
        return lines_alike(visible.slots.len(), visible.ratio, lines);
    }
    let run = sheet.run(visible.run);
    let last = run.and_then(|run| cells(ratios(run, visible), lines).last());
    last.map_or(0, |last| last.line + 1)
}

/// The same for tiles that are all alike, without laying them out.
fn lines_alike(tiles: usize, ratio: f32, lines: Lines) -> i64 {
    let width = tile_width(ratio, lines);
    let in_a_line = (lines.width - width).max(0) / (width + Lines::GAP) + 1;
    let tiles = i64::try_from(tiles).unwrap_or(i64::MAX - in_a_line);
    (tiles + in_a_line - 1) / in_a_line
}

/// Width divided by height of each shown tile of a run: the image's own shape, or the one asked for.
pub fn ratios<'a>(run: &'a Run, visible: &'a VisibleRun) -> impl Iterator<Item = f32> + 'a {
    visible.slots.iter().map(move |slot| ratio(run, slot))
}

/// The same of one place.
pub(super) fn ratio(run: &Run, slot: u16) -> f32 {
    match run.facts(slot) {
        Some(facts) if facts.width > 0 && facts.height > 0 => facts.width as f32 / facts.height as f32,
        _ => run.request.size.map_or(1.0, crate::domain::Size::ratio),
    }
}

impl Sheet {
    /// The image so many lines below or above, or as far as there are lines. `None` when it is not known how tiles lie.
    pub(super) fn lines_away(&self, image: ImageId, lines: usize, down: bool) -> Option<ImageId> {
        if self.lines.tile <= 0 {
            return None;
        }
        let mut run = self.visible_place(image.run).ok()?;
        let mut shown = self.lines_of(run)?;
        let places = |line: &Vec<ImageId>| line.iter().position(|&other| other == image);
        let (mut line, column) = shown.iter().enumerate().find_map(|(at, line)| Some((at, places(line)?)))?;
        let width = shown.get(line)?.len();
        for _ in 0..lines {
            let within = if down { Some(line + 1).filter(|&next| next < shown.len()) } else { line.checked_sub(1) };
            if let Some(next) = within {
                line = next;
                continue;
            }
            let next = if down { Some(run + 1) } else { run.checked_sub(1) };
            let Some((next, there)) = next.and_then(|next| Some((next, self.lines_of(next)?))) else { break };
            (run, shown) = (next, there);
            line = if down { 0 } else { shown.len().saturating_sub(1) };
        }
        let images = shown.get(line)?;
        if images.contains(&image) {
            return Some(image);
        }
        // The same share of the line's width, so that a step from 6 narrow tiles to 3 wide ones lands below.
        let middle = (2 * column + 1) * images.len() / (2 * width.max(1));
        images.get(middle.min(images.len().saturating_sub(1))).copied()
    }

    /// The lines of a shown run.
    fn lines_of(&self, place: usize) -> Option<Vec<Vec<ImageId>>> {
        let visible = self.visible.get(place)?;
        let run = self.run(visible.run)?;
        let mut lines: Vec<Vec<ImageId>> = Vec::new();
        for (cell, image) in cells(ratios(run, visible), self.lines).zip(visible.images()) {
            match lines.last_mut() {
                Some(line) if cell.left > 0 => line.push(image),
                _ => lines.push(vec![image]),
            }
        }
        Some(lines)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn tiles_that_are_alike_are_counted_as_they_are_laid_out(
            tiles in 1_usize..40, ratio in 0.1_f32..4.0, width in 1_i64..2_000, tile in 20_i64..500,
        ) {
            let lines = Lines { width, tile };
            let laid = cells(std::iter::repeat_n(ratio, tiles), lines).last().map_or(0, |cell| cell.line + 1);
            prop_assert_eq!(lines_alike(tiles, ratio, lines), laid);
        }
    }
}
