//! The whole state of the window: Actions and Events go in, Commands come out. Dispatch only; each part is its own.

use std::path::PathBuf;
use std::sync::Arc;

use jiff::tz::TimeZone;

use super::composer::{self, Composer};
use super::desk::Desk;
use super::endpoints::Endpoints;
use super::jobs::{Jobs, RunProgress};
use super::notices::Notices;
use super::sheet::Sheet;
use super::undo::Undo;
use super::viewer::Viewer;
use crate::domain::{Catalogue, EndpointName, Failure, ImageId, RunIds, Settings, Timestamp};
use crate::message::{Command, Page};

mod acting;
mod applying;
mod binning;
mod copying;
mod finding;
mod judging;
mod looking;
mod preferring;
mod running;
mod undoing;
mod viewing;

#[cfg(test)]
mod tests;

use looking::Looking;

/// What the state starts from.
pub struct SessionOptions {
    /// Preferences as loaded.
    pub settings: Settings,
    /// What models take.
    pub catalogue: Arc<Catalogue>,
    /// Start on the demo endpoint, whatever the preferences say.
    pub demo: bool,
    /// The environment gives the key.
    pub env_key: bool,
    /// Library folder from the command line; it wins over the preferences and is not saved into them.
    pub library: Option<PathBuf>,
    /// Keeps run ids of two programs apart: the process id, say.
    pub salt: u32,
    /// The person's time zone.
    pub zone: TimeZone,
    /// What went wrong before the window opened, as sentences.
    pub problems: Vec<String>,
}

/// The library as the window knows it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LibraryState {
    /// Where it is, once it has answered.
    pub root: Option<PathBuf>,
    /// It is being opened.
    pub opening: bool,
    /// Older runs are still being read.
    pub reading: bool,
    /// Why it cannot be used.
    pub problem: Option<Failure>,
    /// Why it is only shown: nothing can be made or marked.
    pub only_shown: Option<Failure>,
}

/// Everything the window knows.
pub struct Session {
    composer: Composer,
    sheet: Sheet,
    jobs: Jobs,
    viewer: Viewer,
    endpoints: Endpoints,
    notices: Notices,
    desk: Desk,
    settings: Settings,
    library: LibraryState,
    undo: Undo,
    looking: Looking,
    ids: RunIds,
    zone: TimeZone,
    /// The last draft sent and when: a double press is one intent.
    last_press: Option<(Timestamp, crate::domain::Draft)>,
    library_override: Option<PathBuf>,
    /// Images that came in and are in memory alone: they end with the program.
    unkept: std::collections::BTreeSet<ImageId>,
}

impl Session {
    /// The state at start; [`Session::begin`] says what to do first.
    pub fn new(options: SessionOptions) -> Self {
        let SessionOptions { mut settings, catalogue, demo, env_key, library, salt, zone, problems } = options;
        if demo {
            settings.current = EndpointName::demo();
        }
        let mut notices = Notices::default();
        for problem in problems {
            notices.warn(problem, None, Timestamp::default());
        }
        let page = if settings.welcomed || demo { Page::Sheet } else { Page::FirstStart };
        let endpoints = Endpoints::new(env_key);
        let model = endpoints.profile(&settings, &settings.current).map(|endpoint| endpoint.default_model);
        Self {
            composer: Composer::new(catalogue, model.as_deref().unwrap_or("dall-e-3")),
            sheet: Sheet::default(),
            jobs: Jobs::default(),
            viewer: Viewer::default(),
            endpoints,
            notices,
            desk: Desk::new(page),
            settings,
            library: LibraryState::default(),
            undo: Undo::default(),
            looking: Looking::default(),
            ids: RunIds::new(salt),
            zone,
            last_press: None,
            library_override: library,
            unkept: std::collections::BTreeSet::new(),
        }
    }

    /// The first commands: open the library, and look where the current endpoint's key is.
    pub fn begin(&mut self) -> Vec<Command> {
        self.library.opening = true;
        let library = self.library_override.clone().or_else(|| self.settings.library.clone());
        vec![Command::OpenLibrary(library), Command::FindKey(self.settings.current.clone())]
    }

    /// Lets time pass; says in how many milliseconds something will change by itself.
    pub fn tick(&mut self, now: Timestamp) -> Option<u64> {
        self.notices.tick(now)
    }

    /// Leaving now loses images that are being made, or that no disk has taken.
    pub fn leaving_loses(&self) -> bool {
        !self.running().is_empty() || !self.unkept.is_empty()
    }

    /// The form.
    pub const fn composer(&self) -> &Composer {
        &self.composer
    }

    /// The runs.
    pub const fn sheet(&self) -> &Sheet {
        &self.sheet
    }

    /// Awaited images.
    pub const fn jobs(&self) -> &Jobs {
        &self.jobs
    }

    /// The viewer and the survey.
    pub const fn viewer(&self) -> &Viewer {
        &self.viewer
    }

    /// What is known of each endpoint.
    pub const fn endpoints(&self) -> &Endpoints {
        &self.endpoints
    }

    /// Notices.
    pub const fn notices(&self) -> &Notices {
        &self.notices
    }

    /// Page, dialog, panels.
    pub const fn desk(&self) -> &Desk {
        &self.desk
    }

    /// Preferences.
    pub const fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The library.
    pub const fn library(&self) -> &LibraryState {
        &self.library
    }

    /// Why nothing in the library can be made, marked or removed from here; `None` where everything can.
    pub fn only_shown(&self) -> Option<&str> {
        self.library.only_shown.as_ref().map(|why| why.sentence.as_str())
    }

    /// The person's time zone.
    pub const fn zone(&self) -> &TimeZone {
        &self.zone
    }

    /// Dark or light, now.
    pub const fn is_dark(&self) -> bool {
        self.desk.is_dark(self.settings.theme)
    }

    /// The parameters the current endpoint refused for the chosen model.
    pub fn learned(&self) -> Vec<&str> {
        composer::learned(&self.settings, &self.composer.draft().model)
    }

    /// The composer holds settings that were reused, untouched: Undo brings what was there before, also from the prompt.
    pub fn undo_empties_composer(&self) -> bool {
        self.undo.draft_put() == Some(self.composer.draft())
    }

    /// The composer holds what was there before settings were reused: Redo puts them in again, also from the prompt.
    pub fn redo_fills_composer(&self) -> bool {
        self.undo.draft_brought_back() == Some(self.composer.draft())
    }

    /// Runs that still await images, newest first.
    pub fn running(&self) -> Vec<RunProgress> {
        let runs = self.jobs.by_run().into_iter();
        runs.filter_map(|(id, left, queued, since)| {
            let asked = self.sheet.run(id)?.slots.len();
            Some(RunProgress { run: id, done: asked.saturating_sub(left), asked, queued, since })
        })
        .collect()
    }

    /// The images Ctrl+S means now.
    pub fn meant_to_save(&self) -> Vec<ImageId> {
        super::saving::meant(&self.sheet)
    }
}
