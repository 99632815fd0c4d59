//! Runs: sending the draft, asking again, cancelling.

use super::super::notices::NoticeButton;
use super::super::undo::Step;
use super::Session;
use crate::domain::{Draft, Endpoint, Field, ImageId, KeyPlace, Run, Slot, Timestamp};
use crate::message::{Ask, Command, Dialog, Page, PreferencesPage};

/// Two presses on one draft within this time are one intent: a double click, or a key held down.
const DOUBLE_PRESS_MILLIS: u64 = 600;

impl Session {
    /// Checks the draft and sends it.
    pub(super) fn generate(&mut self, now: Timestamp) -> Vec<Command> {
        if self.desk.page == Page::FirstStart {
            return Vec::new();
        }
        let draft = self.composer.draft().clone();
        if let Some((pressed, last)) = &self.last_press
            && now.0.saturating_sub(pressed.0) < DOUBLE_PRESS_MILLIS
            && *last == draft
        {
            return Vec::new();
        }
        let Some(request) = self.composer.check(&self.settings) else {
            let unwritten = self.composer.error(Field::Prompt).is_some();
            return unwritten.then_some(Command::Ask(Ask::FocusPrompt)).into_iter().collect();
        };
        let name = self.settings.current.clone();
        let Some(endpoint) = self.ready_endpoint(&name, now) else {
            return self.open_dialog(Dialog::Preferences(PreferencesPage::Endpoints));
        };
        self.last_press = Some((now, draft));
        self.composer.remember_prompt(request.prompt.as_str());
        let run = Run {
            id: self.ids.next(now.0),
            demo: name.is_demo(),
            endpoint: name,
            made_at: now,
            model_answered: None,
            notes: left_out_note(&request.left_out).into_iter().collect(),
            slots: request.all_slots().iter().map(|_| Slot::Waiting).collect(),
            binned: std::collections::BTreeSet::new(),
            request: request.into(),
        };
        let slots = run.request.all_slots();
        self.jobs.begin(run.id, &slots, now);
        self.sheet.add(run.clone());
        let show = Command::Ask(Ask::ShowRun(run.id));
        vec![Command::Generate { run: Box::new(run), endpoint, slots }, show]
    }

    /// The endpoint, when a request can be sent to it; otherwise a notice has said why not.
    fn ready_endpoint(&mut self, name: &crate::domain::EndpointName, now: Timestamp) -> Option<Endpoint> {
        let preferences = Some(NoticeButton::Preferences(PreferencesPage::Endpoints));
        let Some(endpoint) = self.endpoints.profile(&self.settings, name) else {
            self.notices.warn("Choose an endpoint first. Nothing was sent", preferences, now);
            return None;
        };
        if name.is_demo() {
            return Some(endpoint);
        }
        let base = match endpoint.base() {
            Ok(base) => base,
            Err(error) => {
                self.notices.warn(format!("{error}. Nothing was sent"), preferences, now);
                return None;
            }
        };
        if base.is_plain_http() && !base.is_loopback() && !endpoint.plain_http_agreed {
            let text =
                format!("{} would get the key unencrypted. Use https://, or allow it in Preferences", base.host());
            self.notices.warn(text, preferences, now);
            return None;
        }
        if self.endpoints.key_place(name) == KeyPlace::Missing && !base.is_loopback() {
            self.notices.warn(format!("Enter the key for {name} first. Nothing was sent"), preferences, now);
            return None;
        }
        Some(endpoint)
    }

    /// Asks for a failed image again.
    pub(super) fn retry(&mut self, image: ImageId, now: Timestamp) -> Vec<Command> {
        if self.tell_only_shown(now) {
            return Vec::new();
        }
        let Some(run) = self.sheet.run(image.run) else { return Vec::new() };
        if !matches!(self.sheet.slot(image), Some(Slot::Failed(_))) || self.sheet.is_binned(image) {
            return Vec::new();
        }
        let name = run.endpoint.clone();
        let Some(endpoint) = self.ready_endpoint(&name, now) else { return Vec::new() };
        self.sheet.put(image, Slot::Waiting);
        self.jobs.begin(image.run, &[image.slot], now);
        let run = self.sheet.run(image.run).cloned().map(Box::new);
        run.map(|run| Command::Generate { run, endpoint, slots: vec![image.slot] }).into_iter().collect()
    }

    /// Puts a run's settings back into the composer; a step that can be taken back.
    pub(super) fn reuse(&mut self, image: Option<ImageId>, now: Timestamp) -> Vec<Command> {
        let large = matches!(self.desk.page, Page::Viewer | Page::Survey);
        let image = image.or(self.viewer.image.filter(|_| large)).or_else(|| self.sheet.cursor());
        let Some(run) = image.and_then(|image| self.sheet.run(image.run)) else { return Vec::new() };
        let request = &run.request;
        let after = Draft {
            prompt: request.prompt.as_str().to_owned(),
            model: request.model.as_str().to_owned(),
            size: request.size.map(|size| size.to_string()).unwrap_or_default(),
            quality: request.quality.clone().unwrap_or_default(),
            style: request.style.clone().unwrap_or_default(),
            images: u32::from(request.images.get()),
            response_format: request.response_format.map(|format| format.word().to_owned()).unwrap_or_default(),
        };
        let before = self.composer.draft().clone();
        if before != after {
            self.composer.fill(after.clone());
            self.undo.remember(Step::Draft(Box::new(before), Box::new(after)));
            self.tell_undoable("Put the prompt and settings of this run back into the composer".to_owned(), now);
        }
        if matches!(self.desk.dialog, Some(Dialog::Details(_))) {
            self.desk.dialog = None;
        }
        self.desk.panels_shown = true;
        vec![Command::Ask(Ask::FocusPrompt)]
    }
}

/// Says which chosen parameters were not sent.
fn left_out_note(left_out: &[String]) -> Option<String> {
    (!left_out.is_empty()).then(|| format!("Sent without {}", left_out.join(" and ")))
}
