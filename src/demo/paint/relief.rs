//! Land seen in perspective: a height for every place, walked from the viewer to the horizon, column by column.

use super::canvas::Canvas;
use super::light::Light;

/// Where one looks from.
#[derive(Clone, Copy, Debug)]
pub(super) struct View {
    /// Height of the horizon in the picture.
    pub(super) horizon: f32,
    /// Height of the eye above the ground.
    pub(super) eye: f32,
    /// Where the land ends.
    pub(super) far: f32,
}

/// A place on the land.
#[derive(Clone, Copy, Debug)]
pub(super) struct Spot {
    /// Across and away, on the ground.
    pub(super) x: f32,
    pub(super) z: f32,
    /// How the ground rises to the right and away.
    pub(super) right: f32,
    pub(super) away: f32,
}

/// How much further each step goes than the last: near ground is walked finely, far ground in strides.
const STRIDE: f32 = 1.009;

/// Paints land over what is there. `colour` is given each spot and what stands behind the land.
pub(super) fn paint(
    canvas: &mut Canvas,
    view: View,
    height: impl Fn(f32, f32) -> f32,
    colour: impl Fn(&Spot) -> Light,
) {
    let pixel = canvas.pixel();
    let middle = canvas.width * 0.5;
    let columns = canvas.columns;
    for column in 0..columns {
        let side = (column as f32 + 0.5) * pixel - middle;
        let behind: Vec<Light> = canvas.pixels.iter().skip(column).step_by(columns).copied().collect();
        let mut top = canvas.height;
        let mut below: Option<Light> = None;
        let mut z = 0.16;
        while z < view.far && top > 0.0 {
            let x = side * z;
            let ground = height(x, z);
            let y = view.horizon + (view.eye - ground) / z;
            if y < top {
                let reach = 0.016 * z + 0.002;
                let spot = Spot {
                    x,
                    z,
                    right: (height(x + reach, z) - ground) / reach,
                    away: (height(x, z + reach) - ground) / reach,
                };
                let light = colour(&spot);
                let ends = (below.unwrap_or(light), light);
                span(canvas, column, &behind, (y, top), ends);
                top = y;
                below = Some(light);
            } else {
                // Hidden ground: what comes out behind it is a new slope, not a blend.
                below = None;
            }
            z *= STRIDE;
        }
    }
}

/// Fills one column between two heights, from the lower colour to the upper. Pixels at the ends are covered in part;
/// the parts of all spans add up, so what stands behind never shines through a seam.
fn span(canvas: &mut Canvas, column: usize, behind: &[Light], (from, to): (f32, f32), (lower, upper): (Light, Light)) {
    let (top, bottom) = (from.max(0.0) * canvas.unit, (to * canvas.unit).min(canvas.rows as f32));
    let height = (bottom - top).max(1e-4);
    let rows = behind.iter().enumerate().take(bottom.ceil() as usize).skip(top as usize);
    for (row, &back) in rows {
        let (start, end) = ((row as f32).max(top), (row as f32 + 1.0).min(bottom));
        let part = (end - start).clamp(0.0, 1.0);
        let light = upper.mix(lower, ((start + end) * 0.5 - top) / height);
        if let Some(pixel) = canvas.pixels.get_mut(row * canvas.columns + column) {
            *pixel += (light + back * -1.0) * part;
        }
    }
}
