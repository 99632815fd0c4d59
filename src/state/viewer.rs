//! What the viewer and the survey show, and through which lens.

use crate::domain::ImageId;
use crate::message::{Lens, Zoom};

/// The smallest zoom: a 16,384-pixel image still fits a small window.
const ZOOM_MIN: f32 = 0.02;
/// The largest zoom: single pixels are the size of a key.
const ZOOM_MAX: f32 = 32.0;
/// One press of + or -.
const ZOOM_STEP: f32 = 1.25;

/// The viewer and the survey.
#[derive(Clone, Debug, Default)]
pub struct Viewer {
    pub(super) image: Option<ImageId>,
    pub(super) lens: Lens,
    pub(super) survey: Vec<ImageId>,
}

impl Viewer {
    /// The most images side by side.
    pub const SURVEY_MAX: usize = 10;

    /// The image shown large, or the pane of the survey that keys act on.
    pub const fn image(&self) -> Option<ImageId> {
        self.image
    }

    /// How it is looked at; stays from image to image.
    pub const fn lens(&self) -> Lens {
        self.lens
    }

    /// The images side by side.
    pub fn survey(&self) -> &[ImageId] {
        &self.survey
    }

    pub(super) fn look(&mut self, lens: Lens) {
        let zoom = match lens.zoom {
            Zoom::Factor(factor) if factor.is_finite() => Zoom::Factor(factor.clamp(ZOOM_MIN, ZOOM_MAX)),
            _ => Zoom::Fit,
        };
        let inside = |part: f32| if part.is_finite() { part.clamp(0.0, 1.0) } else { 0.5 };
        self.lens = Lens { zoom, centre: lens.centre.map(inside) };
    }

    pub(super) fn actual_or_fit(&mut self) {
        let zoom = if self.lens.zoom == Zoom::Fit { Zoom::Factor(1.0) } else { Zoom::Fit };
        self.look(Lens { zoom, ..self.lens });
    }

    pub(super) fn step(&mut self, larger: bool) {
        let factor = match self.lens.zoom {
            Zoom::Fit => 1.0,
            Zoom::Factor(factor) if larger => factor * ZOOM_STEP,
            Zoom::Factor(factor) => factor / ZOOM_STEP,
        };
        self.look(Lens { zoom: Zoom::Factor(factor), ..self.lens });
    }

    /// Takes an image out of the survey; the keys then act on the one after it, or the last.
    pub(super) fn drop_pane(&mut self, image: ImageId) {
        let Some(place) = self.survey.iter().position(|&pane| pane == image) else { return };
        self.survey.remove(place);
        if self.image == Some(image) {
            self.image = self.survey.get(place).or(self.survey.last()).copied();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lens_stays_within_reason() {
        let mut viewer = Viewer::default();
        viewer.look(Lens { zoom: Zoom::Factor(1e9), centre: [2.0, f32::NAN] });
        assert_eq!(viewer.lens(), Lens { zoom: Zoom::Factor(ZOOM_MAX), centre: [1.0, 0.5] });
        viewer.look(Lens { zoom: Zoom::Factor(f32::NAN), centre: [0.5, 0.5] });
        assert_eq!(viewer.lens().zoom, Zoom::Fit);
        viewer.actual_or_fit();
        assert_eq!(viewer.lens().zoom, Zoom::Factor(1.0));
        viewer.actual_or_fit();
        assert_eq!(viewer.lens().zoom, Zoom::Fit);
    }
}
