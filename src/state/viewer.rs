//! What the viewer and the survey show, and through which lens.

use crate::domain::ImageId;
use crate::message::{Lens, Page, Zoom};

/// The viewer and the survey.
#[derive(Clone, Debug, Default)]
pub struct Viewer {
    pub(super) image: Option<ImageId>,
    pub(super) facts_shown: bool,
    lens: Lens,
    pub(super) survey: Vec<ImageId>,
    survey_lens: Lens,
    /// What the survey was opened with, in order: what comes back into it takes its old place.
    opened: Vec<ImageId>,
    /// What left the survey because it was deleted.
    deleted: Vec<ImageId>,
}

impl Viewer {
    /// The most images side by side.
    pub const SURVEY_MAX: usize = 10;
    /// The smallest zoom: a 16,384-pixel image still fits a small window.
    pub const ZOOM_MIN: f32 = 0.01;
    /// The largest zoom: single pixels are the size of a key.
    pub const ZOOM_MAX: f32 = 32.0;
    /// One press of + or -.
    pub const ZOOM_STEP: f32 = 1.25;
    /// The smallest and the largest an image is shown, in times the size that fits: the smallest image in the largest
    /// pane reaches no further.
    const TIMES: std::ops::RangeInclusive<f32> = 0.1..=4_000.0;

    /// The image shown large, or the pane of the survey that keys act on.
    pub const fn image(&self) -> Option<ImageId> {
        self.image
    }

    /// How an image shown large is looked at; stays from image to image.
    pub const fn lens(&self) -> Lens {
        self.lens
    }

    /// The images side by side.
    pub fn survey(&self) -> &[ImageId] {
        &self.survey
    }

    /// How images side by side are looked at: one lens for all.
    pub const fn survey_lens(&self) -> Lens {
        self.survey_lens
    }

    /// The facts lie over the image.
    pub const fn facts_shown(&self) -> bool {
        self.facts_shown
    }

    pub(super) fn look(&mut self, page: Page, lens: Lens) {
        let zoom = match lens.zoom {
            Zoom::Factor(factor) if factor.is_finite() => Zoom::Factor(factor.clamp(Self::ZOOM_MIN, Self::ZOOM_MAX)),
            Zoom::Times(times) if times.is_finite() => {
                Zoom::Times(times.clamp(*Self::TIMES.start(), *Self::TIMES.end()))
            }
            _ => Zoom::Fit,
        };
        let inside = |part: f32| if part.is_finite() { part.clamp(0.0, 1.0) } else { 0.5 };
        let lens = Lens { zoom, centre: lens.centre.map(inside) };
        if page == Page::Survey {
            self.survey_lens = lens;
        } else {
            self.lens = lens;
        }
    }

    const fn lens_of(&self, page: Page) -> Lens {
        match page {
            Page::Survey => self.survey_lens,
            _ => self.lens,
        }
    }

    pub(super) fn actual_or_fit(&mut self, page: Page) {
        let lens = self.lens_of(page);
        let zoom = if lens.zoom == Zoom::Factor(1.0) { Zoom::Fit } else { Zoom::Factor(1.0) };
        self.look(page, Lens { zoom, ..lens });
    }

    pub(super) fn step(&mut self, page: Page, larger: bool) {
        let lens = self.lens_of(page);
        let by = if larger { Self::ZOOM_STEP } else { Self::ZOOM_STEP.recip() };
        let zoom = match lens.zoom {
            Zoom::Fit => Zoom::Times(by),
            Zoom::Times(times) => Zoom::Times(times * by),
            Zoom::Factor(factor) => Zoom::Factor(factor * by),
        };
        self.look(page, Lens { zoom, ..lens });
    }

    /// Puts these images side by side, the first one under the keys.
    pub(super) fn open_survey(&mut self, images: Vec<ImageId>) {
        self.image = images.first().copied();
        self.survey_lens = Lens::default();
        self.opened.clone_from(&images);
        self.deleted.clear();
        self.survey = images;
    }

    /// Takes an image out of the survey; the keys then act on the one after it, or the last.
    pub(super) fn drop_pane(&mut self, image: ImageId) {
        let Some(place) = self.survey.iter().position(|&pane| pane == image) else { return };
        self.survey.remove(place);
        if self.image == Some(image) {
            self.image = self.survey.get(place).or(self.survey.last()).copied();
        }
    }

    /// Takes an image that was deleted out of the survey.
    pub(super) fn delete_pane(&mut self, image: ImageId) {
        if self.survey.contains(&image) {
            self.deleted.push(image);
            self.drop_pane(image);
        }
    }

    /// Puts an image that left because it was deleted back into its place; one that was dropped before stays away.
    pub(super) fn restore_deleted(&mut self, image: ImageId) {
        if let Some(place) = self.deleted.iter().position(|&deleted| deleted == image) {
            self.deleted.remove(place);
            self.restore_pane(image);
        }
    }

    /// Puts an image that was dropped back into its place; the keys act on it.
    pub(super) fn restore_pane(&mut self, image: ImageId) {
        if !self.opened.contains(&image) {
            return;
        }
        if !self.survey.contains(&image) {
            self.survey =
                self.opened.iter().copied().filter(|&pane| pane == image || self.survey.contains(&pane)).collect();
        }
        self.image = Some(image);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lens_stays_within_reason() {
        let mut viewer = Viewer::default();
        viewer.look(Page::Viewer, Lens { zoom: Zoom::Factor(1e9), centre: [2.0, f32::NAN] });
        assert_eq!(viewer.lens(), Lens { zoom: Zoom::Factor(Viewer::ZOOM_MAX), centre: [1.0, 0.5] });
        for zoom in [Zoom::Factor(f32::NAN), Zoom::Times(f32::INFINITY)] {
            viewer.look(Page::Viewer, Lens { zoom, centre: [0.5, 0.5] });
            assert_eq!(viewer.lens().zoom, Zoom::Fit);
        }
        viewer.actual_or_fit(Page::Viewer);
        assert_eq!(viewer.lens().zoom, Zoom::Factor(1.0));
        viewer.actual_or_fit(Page::Viewer);
        assert_eq!(viewer.lens().zoom, Zoom::Fit);
    }

    #[test]
    fn the_survey_has_a_lens_of_its_own() {
        let mut viewer = Viewer::default();
        viewer.step(Page::Survey, true);
        assert_eq!((viewer.survey_lens().zoom, viewer.lens().zoom), (Zoom::Times(Viewer::ZOOM_STEP), Zoom::Fit));
    }
}
