//! How a room is divided among images of any shapes, such that they are shown as large as they can be.

use egui::{Rect, Vec2, pos2, vec2};

/// Images shown at this share of the largest possible area count as shown equally large.
const NEARLY: f32 = 0.95;
/// More images than this are only ever put into equal panes: there are too many ways to break them into lines.
const LINES_FOR: usize = 12;

/// Divides a room into panes, in reading order; each line is centred.
///
/// Equal panes, unless images of different shapes are shown larger in lines of one height. Panes in one line, or in one
/// column, take all of the room, for what is zoomed; where there are lines and columns, they are as narrow and low as
/// their images, so that these lie close together.
pub(in crate::ui) fn best_fit(ratios: &[f32], room: Rect, gap: f32) -> Vec<Rect> {
    let grid = equal_panes(ratios, room, gap);
    let lines = lines(ratios, room, gap);
    if seen(ratios, &lines) * NEARLY > seen(ratios, &grid) { lines } else { grid }
}

/// What is seen of images of these shapes in these panes, as an area.
fn seen(ratios: &[f32], panes: &[Rect]) -> f32 {
    ratios.iter().zip(panes).map(|(&ratio, pane)| pane.width().min(pane.height() * ratio).powi(2) / ratio).sum()
}

/// The side of each of so many parts of a length. Whole points, so that no pane is a pixel larger than its neighbour.
fn part(length: f32, parts: usize, gap: f32) -> f32 {
    ((length - gap * parts.saturating_sub(1) as f32) / parts.max(1) as f32).floor().max(1.0)
}

/// Panes of one size.
fn equal_panes(ratios: &[f32], room: Rect, gap: f32) -> Vec<Rect> {
    let count = ratios.len();
    let pane = |columns: usize| {
        let rows = count.div_ceil(columns);
        vec2(part(room.width(), columns, gap), part(room.height(), rows, gap))
    };
    let area = |columns: usize| seen(ratios, &vec![Rect::from_min_size(room.min, pane(columns)); count]);
    // Of arrangements that show the images about equally large, the one with the fewest empty places looks best; then the
    // one with the most room for what is zoomed.
    let largest = (1..=count).map(area).fold(0.0, f32::max);
    let closed = |columns: usize| {
        let rows = count.div_ceil(columns);
        if rows > 1 && columns > 1 { around(ratios, pane(columns)) } else { pane(columns) }
    };
    let worse = |columns: &usize| {
        let empty = count.div_ceil(*columns) * columns - count;
        let size = closed(*columns);
        (empty, std::cmp::Reverse((size.x * size.y) as u64))
    };
    let Some(columns) = (1..=count).filter(|&columns| area(columns) >= largest * NEARLY).min_by_key(worse) else {
        return Vec::new();
    };
    let size = closed(columns);
    let rows: Vec<Vec<Vec2>> = vec![size; count].chunks(columns).map(<[Vec2]>::to_vec).collect();
    placed(&rows, room, gap)
}

/// The smallest pane in which images of these shapes are as large as in `pane`.
fn around(ratios: &[f32], pane: Vec2) -> Vec2 {
    let shown = |&ratio: &f32| {
        let width = pane.x.min(pane.y * ratio);
        vec2(width, width / ratio)
    };
    ratios.iter().map(shown).fold(Vec2::splat(1.0), Vec2::max).ceil().min(pane)
}

/// Lines of panes in which every image has the same height, broken where the images come out largest.
fn lines(ratios: &[f32], room: Rect, gap: f32) -> Vec<Rect> {
    let count = ratios.len();
    if count == 0 || count > LINES_FOR {
        return Vec::new();
    }
    let broken = (0..1_usize << (count - 1)).map(|breaks| {
        let mut lines: Vec<Vec<f32>> = vec![Vec::new()];
        for (place, &ratio) in ratios.iter().enumerate() {
            if place > 0 && breaks >> (place - 1) & 1 == 1 {
                lines.push(Vec::new());
            }
            if let Some(line) = lines.last_mut() {
                line.push(ratio);
            }
        }
        let height = height(&lines, room, gap);
        (lines, height)
    });
    // All of one height: the higher, the larger every image.
    let Some((lines, height)) = broken.max_by(|(_, a), (_, b)| a.total_cmp(b)) else { return Vec::new() };
    let is_one = lines.len() == 1;
    let pane_height = if is_one { part(room.height(), 1, gap) } else { height.floor().max(1.0) };
    let rows: Vec<Vec<Vec2>> = lines
        .iter()
        .map(|line| {
            let natural: f32 = line.iter().map(|ratio| ratio * height).sum();
            let spare = room.width() - gap * line.len().saturating_sub(1) as f32 - natural;
            let wider = if is_one { 1.0 + (spare / natural).max(0.0) } else { 1.0 };
            line.iter().map(|ratio| vec2((ratio * height * wider).floor().max(1.0), pane_height)).collect()
        })
        .collect();
    placed(&rows, room, gap)
}

/// The height at which the images of every line fit beside each other, and the lines below each other.
fn height(lines: &[Vec<f32>], room: Rect, gap: f32) -> f32 {
    let across = lines.iter().map(|line| {
        let ratios: f32 = line.iter().sum();
        (room.width() - gap * line.len().saturating_sub(1) as f32).max(1.0) / ratios.max(f32::EPSILON)
    });
    across.fold(part(room.height(), lines.len(), gap), f32::min)
}

/// Rows of panes below each other in the middle of the room, each centred.
fn placed(rows: &[Vec<Vec2>], room: Rect, gap: f32) -> Vec<Rect> {
    let mut panes = Vec::new();
    let height = |row: &Vec<Vec2>| row.first().map_or(0.0, |size| size.y);
    let whole = rows.iter().map(|row| height(row) + gap).sum::<f32>() - gap;
    let mut top = room.center().y - whole / 2.0;
    for row in rows {
        let width = row.iter().map(|size| size.x + gap).sum::<f32>() - gap;
        let mut left = room.center().x - width / 2.0;
        for size in row {
            panes.push(Rect::from_min_size(pos2(left, top), *size));
            left += size.x + gap;
        }
        top += height(row) + gap;
    }
    panes
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn room(width: f32, height: f32) -> Rect {
        Rect::from_min_size(pos2(10.0, 20.0), vec2(width, height))
    }

    fn columns(ratios: &[f32], width: f32, height: f32) -> usize {
        let panes = best_fit(ratios, room(width, height), 12.0);
        panes.iter().filter(|pane| pane.top() < panes[0].bottom()).count()
    }

    #[test]
    fn panes_are_divided_as_a_person_would() {
        assert_eq!(columns(&[1.0; 2], 1336.0, 674.0), 2);
        assert_eq!(columns(&[1.0; 2], 600.0, 1000.0), 1);
        // As large as two and two, and with more room when zoomed.
        assert_eq!(columns(&[1.0; 4], 1336.0, 674.0), 4);
        assert_eq!(columns(&[1.0; 4], 1336.0, 800.0), 2);
        assert_eq!(columns(&[1.0; 5], 1336.0, 674.0), 3);
        assert_eq!(columns(&[0.57; 4], 1336.0, 674.0), 4);
        assert_eq!(columns(&[1.75; 4], 1336.0, 674.0), 2);
        assert_eq!(columns(&[1.0; 10], 1336.0, 674.0), 5);
        assert!(best_fit(&[], Rect::ZERO, 12.0).is_empty());
    }

    #[test]
    fn images_in_lines_and_columns_lie_close_together() {
        for (count, side) in [(5, 331.0), (10, 257.0)] {
            let ratios = vec![1.0; count];
            let panes = best_fit(&ratios, room(1336.0, 674.0), 12.0);
            assert!(panes.iter().all(|pane| pane.size() == vec2(side, side)), "{panes:?}");
            let next = panes[1];
            assert!((next.left() - panes[0].right() - 12.0).abs() < 0.01);
            let (all, room) = (panes.iter().fold(next, |all, pane| all.union(*pane)), room(1336.0, 674.0));
            assert!((all.center() - room.center()).length() < 1.0, "{all:?}");
        }
        // Two have no other line to be close to: each has half of the room, for what is zoomed.
        let panes = best_fit(&[0.57; 2], room(1336.0, 674.0), 12.0);
        assert_eq!(panes[0].size(), vec2(662.0, 674.0));
    }

    #[test]
    fn a_wide_image_beside_a_tall_one_gets_the_room_it_can_use() {
        let panes = best_fit(&[1.75, 0.57], room(1336.0, 674.0), 12.0);
        assert!(panes[0].width() > 950.0 && panes[1].width() < 350.0, "{panes:?}");
        // The same height, so that neither looks like less.
        let heights =
            [(1.75, panes[0]), (0.57, panes[1])].map(|(ratio, pane)| (pane.width() / ratio).min(pane.height()));
        assert!((heights[0] - heights[1]).abs() < 3.0, "{heights:?}");
    }

    proptest! {
        #[test]
        fn panes_never_overlap_nor_leave_the_room(
            ratios in prop::collection::vec(0.3_f32..3.0, 1..11), width in 300.0_f32..3000.0, height in 300.0_f32..2000.0,
        ) {
            let room = room(width, height);
            let panes = best_fit(&ratios, room, 12.0);
            prop_assert_eq!(panes.len(), ratios.len());
            for (index, pane) in panes.iter().enumerate() {
                prop_assert!(room.expand(0.5).contains_rect(*pane));
                for other in panes.iter().skip(index + 1) {
                    prop_assert!(!pane.shrink(0.5).intersects(*other));
                }
            }
        }

        #[test]
        fn no_grid_shows_more(
            ratios in prop::collection::vec(0.3_f32..3.0, 1..11), width in 300.0_f32..3000.0, height in 300.0_f32..2000.0,
        ) {
            let shown = seen(&ratios, &best_fit(&ratios, room(width, height), 12.0));
            for columns in 1..=ratios.len() {
                let rows = ratios.len().div_ceil(columns);
                let (wide, high) = ((width - 12.0 * (columns - 1) as f32) / columns as f32, (height - 12.0 * (rows - 1) as f32) / rows as f32);
                let grid: f32 = ratios.iter().map(|ratio| if wide / high > *ratio { high * high * ratio } else { wide * wide / ratio }).sum();
                // Whole points cost a little.
                prop_assert!(shown >= grid * 0.91, "{} in {} columns, {}", grid, columns, shown);
            }
        }

        #[test]
        fn images_of_one_shape_are_shown_in_one_size(
            ratio in 0.3_f32..3.0, count in 1_usize..11, width in 300.0_f32..3000.0, height in 300.0_f32..2000.0,
        ) {
            let panes = best_fit(&vec![ratio; count], room(width, height), 12.0);
            prop_assert!(panes.iter().all(|pane| (pane.size() - panes[0].size()).length() < 0.01));
        }
    }
}
