//! What follows from each Event.

use std::path::{Path, PathBuf};

use super::super::jobs::Phase;
use super::super::notices::NoticeButton;
use super::super::saving::images as count_of;
use super::Session;
use crate::domain::{Failure, FailureKind, KeyPlace, Learned, Run, Slot, Timestamp};
use crate::message::{Ask, Command, Event, Page, PreferencesPage, SavedPicks};

/// What is said of a window that was not closed and could not report anything.
const ENDED_BEFORE: &str = "The window ended without closing the last time: its display went away, or the program or the \
                            computer was stopped. Everything that was received is kept";

/// How many learned facts are kept.
const LEARNED_MOST: usize = 500;

impl Session {
    /// Takes in what happened. What is about nothing known is dropped.
    pub fn apply(&mut self, event: Event, now: Timestamp) -> Vec<Command> {
        match event {
            Event::LibraryOpened { root, runs, problems } => return self.library_opened(root, runs, &problems, now),
            Event::RunsRead { root, runs, whole, problems } => self.runs_read(&root, runs, whole, &problems, now),
            Event::LookedAround => self.looking.end(),
            Event::LibraryFailed { root, failure } => {
                self.library.opening = false;
                self.library.root = Some(root);
                self.library.problem = Some(failure);
            }
            Event::LibraryOnlyShown { why } => {
                self.library.only_shown = Some(why);
                self.undo.forget_images();
                self.tell_only_shown(now);
            }
            Event::Sent { run, slots } => self.jobs.set_phase(run, &slots, Phase::Sent),
            Event::Receiving { run, slots, received_bytes } => {
                self.jobs.set_phase(run, &slots, Phase::Receiving { received_bytes });
            }
            Event::Waiting { run, slots, millis } => {
                self.jobs.set_phase(run, &slots, Phase::Waiting { until: Timestamp(now.0.saturating_add(millis)) });
            }
            Event::Stored { image, facts } => {
                self.unkept.remove(&image);
                self.jobs.end(image);
                self.sheet.put(image, Slot::Stored(facts));
            }
            Event::Failed { image, failure } => return self.failed(image, failure, now),
            Event::OnlyInMemory { image, .. } => {
                self.unkept.insert(image);
                let text = "An image came in that no disk could take: it is only in memory. Free some space and press \
                            Retry on it before you close Proofsheet";
                self.notices.warn(text, None, now);
            }
            Event::Unmoved { images, binned, failure } => self.unmoved(&images, binned, &failure, now),
            Event::Unmarked { marks, failure } => self.unmarked(&marks, &failure, now),
            Event::BinEmptied { gone, failure } => self.bin_emptied(&gone, failure, now),
            Event::Index(state) => self.sheet.set_index(state),
            Event::Found { number, found } => self.sheet.found_by_index(number, found),
            Event::Noted { run, text } => {
                self.sheet.change(run, |run| {
                    if !run.notes.contains(&text) {
                        run.notes.push(text);
                    }
                });
            }
            Event::ModelAnswered { run, model } => {
                self.sheet.change(run, |run| run.model_answered = Some(model.into()));
            }
            Event::Learned(learned) => return self.learn(learned),
            Event::Finished { run } => self.finished(run),
            // Pictures go to the window's textures, not into the state. Nobody waited for what was recovered.
            Event::Glimpses(_)
            | Event::Thumbnail { .. }
            | Event::Picture { .. }
            | Event::PictureFailed { .. }
            | Event::Recovered { .. } => {}
            Event::Saved(saved) => self.saved(&saved, now),
            Event::Copied(images) => self.copied(&images, now),
            Event::Snippet(text) => {
                self.notices.tell("Copied the request, without the key", None, now);
                return vec![Command::Ask(Ask::CopyText(text))];
            }
            Event::KeyFound { endpoint, place, problem } => {
                if let (KeyPlace::Session, Some(problem)) = (place, &problem) {
                    self.notices.warn(problem.sentence.clone(), None, now);
                }
                self.endpoints.set_key(endpoint, place, problem);
            }
            Event::Models { endpoint, result } => self.endpoints.listed(endpoint, result),
            Event::DemoStarted { base_url } => self.endpoints.demo_started(base_url),
            Event::ShowAsked => return vec![Command::Ask(Ask::Show), Command::Shown],
            Event::StoppedBefore { reports } => self.stopped_before(reports, now),
            Event::EndedBefore => self.notices.warn(ENDED_BEFORE, None, now),
            Event::Trouble { doing, failure } => {
                self.notices.warn(format!("{doing}: {}", failure.sentence), None, now);
            }
        }
        Vec::new()
    }

    fn stopped_before(&mut self, reports: PathBuf, now: Timestamp) {
        let text = "Proofsheet stopped unexpectedly the last time. Nothing that was received is lost";
        self.notices.warn(text, Some(NoticeButton::OpenFolder(reports)), now);
    }

    fn library_opened(&mut self, root: PathBuf, runs: Vec<Run>, problems: &[String], now: Timestamp) -> Vec<Command> {
        self.library.opening = false;
        self.library.reading = false;
        self.library.problem = None;
        self.library.only_shown = None;
        if self.library.root.as_ref().is_some_and(|before| *before != root) {
            self.undo.forget_images();
        }
        self.library.root = Some(root);
        self.composer.load_history(runs.iter().rev().map(|run| run.request.prompt.as_str()));
        // Runs that are under way now are newer than what was read from disk.
        let live: Vec<Run> =
            self.sheet.runs().iter().filter(|run| !self.jobs.awaited_in(run.id).is_empty()).cloned().collect();
        let mut all = live;
        all.extend(runs.into_iter().filter(|run| self.jobs.awaited_in(run.id).is_empty()));
        self.sheet.load(all);
        self.tell_problems(problems, now);
        // On an empty sheet there is one thing to do.
        let begins = self.sheet.run_count() == 0 && self.desk.page == Page::Sheet && self.desk.dialog.is_none();
        let mut commands = self.ask_index(now);
        commands.extend(begins.then_some(Command::Ask(Ask::FocusPrompt)));
        commands
    }

    /// More of the library was read. What is under way here is newer than what was read.
    fn runs_read(&mut self, root: &Path, runs: Vec<Run>, whole: bool, problems: &[String], now: Timestamp) {
        if self.library.root.as_deref() != Some(root) {
            // Another library was opened meanwhile.
            return;
        }
        self.library.reading = !whole;
        let more = runs.iter().filter(|run| self.sheet.run(run.id).is_none());
        self.composer.add_history(more.map(|run| run.request.prompt.as_str()));
        let mut runs: Vec<Run> = runs.into_iter().filter(|run| self.jobs.awaited_in(run.id).is_empty()).collect();
        for run in &mut runs {
            self.looking.put_decisions(run);
        }
        self.sheet.read(runs);
        self.tell_problems(problems, now);
    }

    fn tell_problems(&mut self, problems: &[String], now: Timestamp) {
        match problems {
            [] => {}
            [one] => self.notices.warn(one.clone(), None, now),
            [first, ..] => {
                let text = format!("{} folders of the library could not be read. The first: {first}", problems.len());
                self.notices.warn(text, None, now);
            }
        }
    }

    /// Says why nothing can be changed; `true` when that is so.
    pub(super) fn tell_only_shown(&mut self, now: Timestamp) -> bool {
        let Some(why) = &self.library.only_shown else { return false };
        self.notices.warn(why.sentence.clone(), Some(NoticeButton::OpenAgain), now);
        true
    }

    fn failed(&mut self, image: crate::domain::ImageId, failure: Failure, now: Timestamp) -> Vec<Command> {
        self.jobs.end(image);
        let kind = failure.kind;
        let endpoint = self.sheet.run(image.run).map(|run| run.endpoint.clone());
        if self.sheet.put(image, Slot::Failed(failure.into()))
            && let (FailureKind::KeyMissing | FailureKind::KeyRejected, Some(endpoint)) = (kind, endpoint)
        {
            let text = if kind == FailureKind::KeyMissing {
                format!("There is no key for {endpoint}")
            } else {
                format!("{endpoint} does not accept the key")
            };
            self.notices.warn(text, Some(NoticeButton::Preferences(PreferencesPage::Endpoints)), now);
        }
        self.leave_missing(image)
    }

    /// Shown large, an image that is gone would be an empty window: its tile says what happened.
    fn leave_missing(&mut self, image: crate::domain::ImageId) -> Vec<Command> {
        match self.desk.page {
            Page::Survey if self.viewer.survey.contains(&image) => self.drop_from_survey(image),
            Page::Viewer if self.viewer.image == Some(image) => self.desk.page = Page::Sheet,
            _ => return Vec::new(),
        }
        let sheet = self.desk.page == Page::Sheet;
        sheet.then_some(Command::Ask(Ask::ScrollTo(image))).into_iter().collect()
    }

    /// Whatever the engine has not reported by now will not come: no tile may wait for ever.
    fn finished(&mut self, run: crate::domain::RunId) {
        // Asked for again while the word of the first end was on its way: that image is still to come.
        if !self.jobs.finish(run) {
            return;
        }
        for image in self.jobs.awaited_in(run) {
            self.jobs.end(image);
            if matches!(self.sheet.slot(image), Some(Slot::Waiting)) {
                let sentence = "The work ended without a result. It may have been charged";
                self.sheet.put(image, Slot::Failed(Failure::maybe_billed(FailureKind::CutOff, sentence).into()));
            }
        }
    }

    fn learn(&mut self, learned: Learned) -> Vec<Command> {
        if self.settings.learned.contains(&learned) || self.settings.learned.len() >= LEARNED_MOST {
            return Vec::new();
        }
        self.settings.learned.push(learned);
        vec![self.keep_settings()]
    }

    fn saved(&mut self, saved: &SavedPicks, now: Timestamp) {
        let folder = saved.files.first().and_then(|file| file.parent()).map(Path::to_path_buf);
        if !saved.files.is_empty() {
            let place = folder.as_ref().map(|folder| format!(" in {}", folder.display())).unwrap_or_default();
            let text = match saved.files.as_slice() {
                [file] => {
                    let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
                    format!("Saved {name}{place}")
                }
                files => format!("Saved {}{place}", count_of(files.len())),
            };
            let text = match saved.flattened {
                0 => text,
                count => format!("{text}. JPEG has no transparency, so {} now on white", count_are(count)),
            };
            self.notices.tell(text, folder.map(NoticeButton::OpenFolder), now);
        }
        if let Some(failure) = saved.failures.first() {
            let text = format!("{} could not be saved: {}", count_of(saved.failures.len()), failure.sentence);
            self.notices.warn(text, None, now);
        }
    }
}

/// `1 image is`, `3 images are`.
fn count_are(count: usize) -> String {
    format!("{} {}", count_of(count), if count == 1 { "is" } else { "are" })
}
