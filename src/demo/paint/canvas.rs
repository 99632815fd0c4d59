//! The canvas: linear light for every pixel, worked on in rows, several rows at a time.

use std::sync::{Mutex, PoisonError};
use std::thread;

use super::light::Light;
use super::shape::{Mask, Shape};

/// Rows handed to a worker at once: long enough to be worth a lock, short enough that workers end together.
const ROWS_AT_ONCE: usize = 16;

/// The most threads one picture is painted with; half the processors always stay with the window.
const MOST_WORKERS: usize = 4;

/// A picture being painted. Places are in units of the shorter side: a square is 1 by 1, a landscape wider than 1.
#[derive(Clone, Debug)]
pub(super) struct Canvas {
    pub(super) columns: usize,
    pub(super) rows: usize,
    /// Pixels in one unit.
    pub(super) unit: f32,
    /// Width in units.
    pub(super) width: f32,
    /// Height in units.
    pub(super) height: f32,
    pub(super) pixels: Vec<Light>,
}

impl Canvas {
    /// A black canvas; sides of zero become one.
    pub(super) fn new(width: u32, height: u32) -> Self {
        let (columns, rows) = (width.max(1) as usize, height.max(1) as usize);
        let unit = columns.min(rows) as f32;
        Self {
            columns,
            rows,
            unit,
            width: columns as f32 / unit,
            height: rows as f32 / unit,
            pixels: vec![Light::BLACK; columns * rows],
        }
    }

    /// One pixel's side in units.
    pub(super) fn pixel(&self) -> f32 {
        1.0 / self.unit
    }

    /// Works on the rows of `range`, in any order, on several threads.
    fn in_rows(&mut self, range: std::ops::Range<usize>, work: impl Fn(usize, &mut [Light]) + Sync) {
        let columns = self.columns;
        let first = range.start.min(self.rows);
        let last = range.end.clamp(first, self.rows);
        let Some(part) = self.pixels.get_mut(first * columns..last * columns) else { return };
        let jobs = Mutex::new(part.chunks_mut(columns * ROWS_AT_ONCE).enumerate());
        let drain = || {
            loop {
                let job = jobs.lock().unwrap_or_else(PoisonError::into_inner).next();
                let Some((index, rows)) = job else { break };
                for (offset, row) in rows.chunks_exact_mut(columns).enumerate() {
                    work(first + index * ROWS_AT_ONCE + offset, row);
                }
            }
        };
        let processors = thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let helpers = (processors / 2).clamp(1, MOST_WORKERS) - 1;
        thread::scope(|scope| {
            for _ in 0..helpers {
                // A thread that cannot start is no loss: the queue is drained by the ones that did.
                drop(thread::Builder::new().name("demo painter".to_owned()).spawn_scoped(scope, drain));
            }
            drain();
        });
    }

    /// Gives every pixel new light from its place and the light there.
    pub(super) fn shade(&mut self, paint: impl Fn(f32, f32, Light) -> Light + Sync) {
        self.shade_rows(0.0, self.height, paint);
    }

    /// The same for the rows between two heights.
    pub(super) fn shade_rows(&mut self, top: f32, bottom: f32, paint: impl Fn(f32, f32, Light) -> Light + Sync) {
        let pixel = self.pixel();
        let range = (top * self.unit).floor().max(0.0) as usize..(bottom * self.unit).ceil().max(0.0) as usize;
        self.in_rows(range, |y, row| {
            let y = (y as f32 + 0.5) * pixel;
            for (x, light) in row.iter_mut().enumerate() {
                *light = paint((x as f32 + 0.5) * pixel, y, *light);
            }
        });
    }

    /// The coverage of a shape on this canvas.
    pub(super) fn mask(&self, shape: &Shape) -> Mask {
        Mask::new(shape, self.unit, self.columns, self.rows)
    }

    /// Paints where a mask covers, mixing at its edges.
    pub(super) fn cover(&mut self, mask: &Mask, paint: impl Fn(f32, f32, Light) -> Light + Sync) {
        let pixel = self.pixel();
        self.in_rows(mask.top..mask.top + mask.rows(), |y, row| {
            let Some(coverage) = mask.row(y) else { return };
            let y = (y as f32 + 0.5) * pixel;
            for (x, (light, &part)) in row.iter_mut().skip(mask.left).zip(coverage).enumerate() {
                if part > 0.002 {
                    let x = ((x + mask.left) as f32 + 0.5) * pixel;
                    *light = light.mix(paint(x, y, *light), part);
                }
            }
        });
    }

    /// Paints a shape in one colour.
    pub(super) fn fill(&mut self, shape: &Shape, colour: Light) {
        let mask = self.mask(shape);
        self.cover(&mask, |_, _, _| colour);
    }

    /// Paints inside a shape from place and light.
    pub(super) fn fill_with(&mut self, shape: &Shape, paint: impl Fn(f32, f32, Light) -> Light + Sync) {
        let mask = self.mask(shape);
        self.cover(&mask, paint);
    }

    /// Adds a soft round light; it is nothing beyond `reach`.
    pub(super) fn glow(&mut self, (x, y): (f32, f32), reach: f32, light: Light) {
        self.dab((x, y), reach, |part, under| under + light * (part * part));
    }

    /// Works on a round spot: `paint` is told 1 at the middle falling to 0 at `reach`.
    pub(super) fn dab(&mut self, (x, y): (f32, f32), reach: f32, paint: impl Fn(f32, Light) -> Light) {
        let (cx, cy, reach) = (x * self.unit, y * self.unit, (reach * self.unit).max(0.7));
        let span = |centre: f32, end: usize| {
            let from = (centre - reach).floor().clamp(0.0, end as f32) as usize;
            (from, (centre + reach).ceil().clamp(from as f32, end as f32) as usize)
        };
        let ((left, right), (top, bottom)) = (span(cx, self.columns), span(cy, self.rows));
        let columns = self.columns;
        for row in top..bottom {
            let Some(line) = self.pixels.get_mut(row * columns + left..row * columns + right) else { continue };
            let dy = row as f32 + 0.5 - cy;
            for (index, light) in line.iter_mut().enumerate() {
                let dx = (left + index) as f32 + 0.5 - cx;
                let part = 1.0 - (dx * dx + dy * dy) / (reach * reach);
                if part > 0.0 {
                    *light = paint(part, *light);
                }
            }
        }
    }

    /// The light at a place, clamped to the edges.
    #[inline]
    pub(super) fn at(&self, x: f32, y: f32) -> Light {
        let column = ((x * self.unit) as usize).min(self.columns - 1);
        let row = ((y * self.unit) as usize).min(self.rows - 1);
        self.pixels.get(row * self.columns + column).copied().unwrap_or_default()
    }
}
