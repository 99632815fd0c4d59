//! Coarse, smooth sheets over the canvas: clouds, haze, shadows and everything else without an edge.

use super::canvas::Canvas;
use super::shape::Mask;

/// Values on a coarse grid, read smoothly at any place.
#[derive(Clone, Debug)]
pub(super) struct Field {
    columns: usize,
    rows: usize,
    /// Grid cells in one unit of the canvas.
    cells: f32,
    values: Vec<f32>,
}

impl Field {
    /// A grid over the canvas with `cells` cells in one unit (never finer than the pixels), filled from places.
    pub(super) fn new(canvas: &Canvas, cells: f32, value: impl Fn(f32, f32) -> f32) -> Self {
        let mut field = Self::blank(canvas, cells);
        let (columns, step) = (field.columns, 1.0 / field.cells);
        for (y, row) in field.values.chunks_exact_mut(columns).enumerate() {
            for (x, cell) in row.iter_mut().enumerate() {
                *cell = value(x as f32 * step, y as f32 * step);
            }
        }
        field
    }

    fn blank(canvas: &Canvas, cells: f32) -> Self {
        let cells = cells.min(canvas.unit);
        let columns = (canvas.width * cells).ceil() as usize + 2;
        let rows = (canvas.height * cells).ceil() as usize + 2;
        Self { columns, rows, cells, values: vec![0.0; columns * rows] }
    }

    /// A mask with its edges spread over `radius`.
    pub(super) fn blurred(canvas: &Canvas, mask: &Mask, radius: f32) -> Self {
        let mut field = Self::blank(canvas, (4.0 / radius.max(1e-3)).clamp(48.0, 256.0));
        let share = (field.cells / canvas.unit).powi(2);
        for y in mask.top..mask.top + mask.rows() {
            let line = ((y as f32 + 0.5) / canvas.unit * field.cells) as usize * field.columns;
            for (x, part) in mask.row(y).unwrap_or_default().iter().enumerate() {
                let column = ((x + mask.left) as f32 + 0.5) / canvas.unit * field.cells;
                if let Some(cell) = field.values.get_mut(line + column as usize) {
                    *cell += part * share;
                }
            }
        }
        field.blur(radius);
        field
    }

    /// Spreads every value over about `radius`.
    pub(super) fn blur(&mut self, radius: f32) {
        // Three box passes make a good bell; their widths add up to the radius.
        let reach = ((radius * self.cells / 1.7).round() as usize).max(1);
        for _ in 0..3 {
            self.values = boxed(&self.values, self.columns, self.rows, reach);
            self.values = boxed(&self.values, self.rows, self.columns, reach);
        }
    }

    /// The value at a place, smooth between cells, clamped to the edges.
    #[inline]
    pub(super) fn at(&self, x: f32, y: f32) -> f32 {
        let place = |value: f32, count: usize| (value * self.cells).clamp(0.0, count as f32 - 1.001);
        let (x, y) = (place(x, self.columns), place(y, self.rows));
        let (column, row) = (x as usize, y as usize);
        let (dx, dy) = (x - column as f32, y - row as f32);
        let start = row * self.columns + column;
        match (self.values.get(start..start + 2), self.values.get(start + self.columns..start + self.columns + 2)) {
            (Some(&[a, b]), Some(&[c, d])) => {
                let (top, bottom) = (a + (b - a) * dx, c + (d - c) * dx);
                top + (bottom - top) * dy
            }
            _ => 0.0,
        }
    }
}

/// Averages along rows, and hands the sheet back on its side, so that two calls make a whole pass.
fn boxed(values: &[f32], columns: usize, rows: usize, reach: usize) -> Vec<f32> {
    let mut turned = vec![0.0; values.len()];
    let share = 1.0 / (2 * reach + 1) as f32;
    let mut padded = Vec::with_capacity(columns + 2 * reach + 1);
    for (y, row) in values.chunks_exact(columns).enumerate() {
        let (first, last) = (row.first().copied().unwrap_or_default(), row.last().copied().unwrap_or_default());
        padded.clear();
        padded.extend(std::iter::repeat_n(first, reach));
        padded.extend_from_slice(row);
        padded.extend(std::iter::repeat_n(last, reach + 1));
        let mut sum: f32 = padded.iter().take(2 * reach + 1).sum();
        let enters = padded.iter().skip(2 * reach + 1);
        let column = turned.iter_mut().skip(y).step_by(rows);
        for (cell, (enter, leave)) in column.zip(enters.zip(&padded)) {
            *cell = sum * share;
            sum += enter - leave;
        }
    }
    turned
}
