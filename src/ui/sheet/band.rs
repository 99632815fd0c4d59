//! The rubber band: what a drag over the sheet covers.

use egui::{Pos2, Rect, Stroke, StrokeKind, Ui, pos2};

use crate::domain::ImageId;
use crate::ui::theme::{Metric, Palette};

/// Points a frame the sheet moves when the band is drawn beyond its edge, at most.
const FASTEST: f32 = 24.0;

/// A drag that selects.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Band {
    /// Where it began, on the sheet: points from the left edge and from the sheet's top.
    from: (f32, f64),
    /// Ctrl or Shift was held: what was selected stays.
    pub add: bool,
    /// What it covers now, in reading order.
    pub covers: Vec<ImageId>,
}

impl Band {
    /// A band that begins at a place in the window; `scrolled` is how far down the sheet is.
    pub(super) fn begin(at: Pos2, area: Rect, scrolled: f64, add: bool) -> Self {
        Self { from: (at.x - area.left(), f64::from(at.y - area.top()) + scrolled), add, covers: Vec::new() }
    }

    /// Where it lies in the window, with the pointer at `to`.
    pub(super) fn rect(&self, to: Pos2, area: Rect, scrolled: f64) -> Rect {
        let from = pos2(area.left() + self.from.0, area.top() + (self.from.1 - scrolled) as f32);
        Rect::from_two_pos(from, to)
    }
}

/// How fast the sheet must move while the pointer is beyond its edge; down is positive.
pub(super) fn pull(pointer: Pos2, area: Rect) -> f32 {
    let beyond = if pointer.y < area.top() {
        pointer.y - area.top()
    } else if pointer.y > area.bottom() {
        pointer.y - area.bottom()
    } else {
        0.0
    };
    (beyond / 3.0).clamp(-FASTEST, FASTEST)
}

/// Paints it.
pub(super) fn band_ui(ui: &Ui, rect: Rect, palette: &Palette) {
    let fill = palette.selected_image.gamma_multiply(0.08);
    let stroke = Stroke::new(Metric::HAIR, palette.selected_image.gamma_multiply(0.6));
    ui.painter().rect(rect, 1.0, fill, stroke, StrokeKind::Inside);
}

#[cfg(test)]
mod tests {
    use egui::vec2;

    use super::*;

    #[test]
    fn the_band_stays_on_the_sheet_while_the_sheet_moves() {
        let area = Rect::from_min_size(pos2(312.0, 44.0), vec2(760.0, 700.0));
        let band = Band::begin(pos2(400.0, 100.0), area, 1000.0, false);
        let rect = band.rect(pos2(500.0, 300.0), area, 1200.0);
        assert_eq!(rect, Rect::from_min_max(pos2(400.0, -100.0), pos2(500.0, 300.0)));
    }

    #[test]
    fn beyond_the_edge_the_sheet_follows() {
        let area = Rect::from_min_size(pos2(0.0, 44.0), vec2(760.0, 700.0));
        assert!(pull(pos2(10.0, 300.0), area).abs() < 1e-6);
        assert!(pull(pos2(10.0, 20.0), area) < 0.0);
        assert!((pull(pos2(10.0, 9000.0), area) - FASTEST).abs() < 1e-6);
    }
}
