//! Outlines, and the exact share of every pixel they cover.

/// A place in units of the canvas.
pub(super) type Point = (f32, f32);

/// Closed outlines; where they overlap they stay one shape.
#[derive(Clone, Debug, Default)]
pub(super) struct Shape {
    rings: Vec<Vec<Point>>,
}

/// Corners of a circle's outline: smooth at any size we paint.
const ROUND: usize = 96;

impl Shape {
    /// Nothing yet.
    pub(super) const fn empty() -> Self {
        Self { rings: Vec::new() }
    }

    /// One closed outline.
    pub(super) fn polygon(points: Vec<Point>) -> Self {
        let mut shape = Self::empty();
        shape.add(points);
        shape
    }

    /// Adds an outline; it is turned so that overlaps add up.
    pub(super) fn add(&mut self, mut points: Vec<Point>) {
        let next = points.iter().cycle().skip(1);
        let area: f32 = points.iter().zip(next).map(|(a, b)| a.0 * b.1 - b.0 * a.1).sum();
        if area < 0.0 {
            points.reverse();
        }
        self.rings.push(points);
    }

    /// Adds all of another shape.
    pub(super) fn join(&mut self, other: Self) {
        self.rings.extend(other.rings);
    }

    /// A rectangle from its top left corner.
    pub(super) fn rect(x: f32, y: f32, width: f32, height: f32) -> Self {
        Self::polygon(vec![(x, y), (x + width, y), (x + width, y + height), (x, y + height)])
    }

    /// An ellipse around a place.
    pub(super) fn ellipse((x, y): Point, rx: f32, ry: f32) -> Self {
        let corner = |index: usize| {
            let turn = index as f32 / ROUND as f32 * std::f32::consts::TAU;
            (x + rx * turn.cos(), y + ry * turn.sin())
        };
        Self::polygon((0..ROUND).map(corner).collect())
    }

    /// A circle around a place.
    pub(super) fn circle(centre: Point, radius: f32) -> Self {
        Self::ellipse(centre, radius, radius)
    }

    /// A rectangle around its middle with round corners.
    pub(super) fn rounded((x, y): Point, half_width: f32, half_height: f32, radius: f32) -> Self {
        let radius = radius.min(half_width).min(half_height);
        let corner = |index: usize| {
            let turn = (index as f32 + 0.5) / ROUND as f32 * std::f32::consts::TAU;
            let (dx, dy) = (turn.cos(), turn.sin());
            let cx = x + (half_width - radius) * dx.signum();
            let cy = y + (half_height - radius) * dy.signum();
            (cx + radius * dx, cy + radius * dy)
        };
        Self::polygon((0..ROUND).map(corner).collect())
    }

    /// A part of a ring between two angles (radians, clockwise from three o'clock).
    pub(super) fn arc((x, y): Point, inner: f32, outer: f32, from: f32, to: f32) -> Self {
        let at = |radius: f32, part: usize| {
            let turn = from + (to - from) * part as f32 / ROUND as f32;
            (x + radius * turn.cos(), y + radius * turn.sin())
        };
        let outside = (0..=ROUND).map(|part| at(outer, part));
        let inside = (0..=ROUND).rev().map(|part| at(inner, part));
        Self::polygon(outside.chain(inside).collect())
    }

    /// A brush stroke: a line of places, each with the brush's half width there.
    pub(super) fn stroke(line: &[(Point, f32)]) -> Self {
        let mut left = Vec::new();
        let mut right = Vec::new();
        for (index, &((x, y), half)) in line.iter().enumerate() {
            let before = line.get(index.saturating_sub(1)).map_or((x, y), |&(place, _)| place);
            let after = line.get(index + 1).map_or((x, y), |&(place, _)| place);
            let (dx, dy) = (after.0 - before.0, after.1 - before.1);
            let length = (dx * dx + dy * dy).sqrt().max(1e-6);
            let (nx, ny) = (-dy / length * half, dx / length * half);
            left.push((x + nx, y + ny));
            right.push((x - nx, y - ny));
        }
        right.reverse();
        left.extend(right);
        Self::polygon(left)
    }

    /// Scaled, turned (radians) and moved, in that order.
    pub(super) fn placed(&self, to: Point, scale: (f32, f32), turn: f32) -> Self {
        let (sin, cos) = turn.sin_cos();
        let mut moved = Self::empty();
        for ring in &self.rings {
            let place = |&(x, y): &Point| {
                let (x, y) = (x * scale.0, y * scale.1);
                (to.0 + x * cos - y * sin, to.1 + x * sin + y * cos)
            };
            moved.add(ring.iter().map(place).collect());
        }
        moved
    }
}

/// A smooth line through places, `steps` points for each stretch.
pub(super) fn curve(through: &[Point], steps: usize) -> Vec<Point> {
    let mut line = Vec::new();
    let last = through.len().saturating_sub(1);
    let at = |index: usize| through.get(index.min(last)).copied().unwrap_or_default();
    for index in 0..last {
        let (a, b, c, d) = (at(index.saturating_sub(1)), at(index), at(index + 1), at(index + 2));
        for step in 0..steps {
            let t = step as f32 / steps as f32;
            let bend = |a: f32, b: f32, c: f32, d: f32| {
                let (two, three) = (t * t, t * t * t);
                0.5 * (2.0 * b
                    + (c - a) * t
                    + (2.0 * a - 5.0 * b + 4.0 * c - d) * two
                    + (3.0 * b - a - 3.0 * c + d) * three)
            };
            line.push((bend(a.0, b.0, c.0, d.0), bend(a.1, b.1, c.1, d.1)));
        }
    }
    line.extend(through.last());
    line
}

/// The covered share, 0 to 1, of each pixel in a box of the canvas.
#[derive(Clone, Debug)]
pub(super) struct Mask {
    pub(super) left: usize,
    pub(super) top: usize,
    columns: usize,
    stride: usize,
    cover: Vec<f32>,
}

impl Mask {
    /// A shape's coverage, cut to the canvas.
    pub(super) fn new(shape: &Shape, unit: f32, columns: usize, rows: usize) -> Self {
        let (mut low, mut high) = ((f32::MAX, f32::MAX), (f32::MIN, f32::MIN));
        for &(x, y) in shape.rings.iter().flatten() {
            low = (low.0.min(x), low.1.min(y));
            high = (high.0.max(x), high.1.max(y));
        }
        let span = |low: f32, high: f32, end: usize| {
            let from = (low * unit).floor().clamp(0.0, end as f32) as usize;
            (from, (high * unit).ceil().clamp(from as f32, end as f32) as usize)
        };
        let ((left, right), (top, bottom)) = (span(low.0, high.0, columns), span(low.1, high.1, rows));
        let (columns, rows) = (right - left, bottom - top);
        let stride = columns + 2;
        let mut mask = Self { left, top, columns, stride, cover: vec![0.0; stride * rows] };
        let local = |(x, y): Point| (x * unit - left as f32, y * unit - top as f32);
        for ring in &shape.rings {
            for (&a, &b) in ring.iter().zip(ring.iter().cycle().skip(1)) {
                mask.edge(local(a), local(b));
            }
        }
        for row in mask.cover.chunks_exact_mut(stride) {
            let mut sum = 0.0_f32;
            for cell in row {
                sum += *cell;
                *cell = sum.abs().min(1.0);
            }
        }
        mask
    }

    /// The heights between which it covers anything, widened by `more`.
    pub(super) fn span(&self, unit: f32, more: f32) -> (f32, f32) {
        (self.top as f32 / unit - more, (self.top + self.rows()) as f32 / unit + more)
    }

    /// Rows in the box.
    pub(super) fn rows(&self) -> usize {
        self.cover.len() / self.stride
    }

    /// One canvas row's coverage.
    pub(super) fn row(&self, y: usize) -> Option<&[f32]> {
        let start = y.checked_sub(self.top)? * self.stride;
        self.cover.get(start..start + self.columns)
    }

    /// Notes how an edge changes the coverage from each pixel to the next.
    fn edge(&mut self, a: Point, b: Point) {
        let (sign, (mut x, top), (end_x, bottom)) = if a.1 < b.1 { (1.0, a, b) } else { (-1.0, b, a) };
        let rows = self.rows();
        if bottom - top < 1e-9 || bottom <= 0.0 || top >= rows as f32 {
            return;
        }
        let lean = (end_x - x) / (bottom - top);
        if top < 0.0 {
            x -= top * lean;
        }
        let most = self.columns as f32;
        let last = (bottom.ceil() as usize).min(rows);
        for index in top.max(0.0) as usize..last {
            let height = (index as f32 + 1.0).min(bottom) - (index as f32).max(top);
            let next = x + lean * height;
            let share = height * sign;
            let from = x.min(next).clamp(0.0, most);
            let to = x.max(next).clamp(0.0, most);
            x = next;
            let start = index * self.stride;
            if let Some(row) = self.cover.get_mut(start..start + self.stride) {
                spread(row, from, to, share);
            }
        }
    }
}

/// Spreads an edge that runs from `from` to `to` inside one row over the pixels it crosses.
fn spread(row: &mut [f32], from: f32, to: f32, share: f32) {
    let first = from as usize;
    let mut put = |index: usize, value: f32| {
        if let Some(cell) = row.get_mut(index) {
            *cell += value;
        }
    };
    if to <= first as f32 + 1.0 {
        let middle = (from + to) * 0.5 - first as f32;
        put(first, share * (1.0 - middle));
        put(first + 1, share * middle);
        return;
    }
    // Covered share to the right of the edge, pixel by pixel; each cell holds the difference to its left neighbour.
    let slope = 1.0 / (to - from);
    let area = |x: f32| {
        let t = (x - from).clamp(0.0, to - from);
        t * t * slope * 0.5 + (x - to).max(0.0)
    };
    let mut before = 0.0;
    let mut index = first;
    while (index as f32) < to + 1.0 {
        let covered = area(index as f32 + 1.0) - area(index as f32);
        put(index, share * (covered - before));
        before = covered;
        index += 1;
    }
}
