//! Preferences: endpoints, keys, library, look.

use super::super::endpoints::Models;
use super::Session;
use crate::domain::{Endpoint, EndpointName, KeyPlace, Settings, Timestamp};
use crate::message::{Action, Ask, Command, Page};

/// How many endpoints are kept.
const ENDPOINTS_MOST: usize = 50;

impl Session {
    pub(super) fn prefer(&mut self, action: Action, now: Timestamp) -> Vec<Command> {
        match action {
            Action::UseEndpoint(name) => self.use_endpoint(name),
            Action::RefreshModels => self.refresh_models(),
            Action::Change(settings) => self.change(*settings),
            Action::AddEndpoint(endpoint) => self.add_endpoint(endpoint, now),
            Action::ChangeEndpoint(old, endpoint) => self.change_endpoint(&old, endpoint, now),
            Action::RemoveEndpoint(name) => self.remove_endpoint(&name, now),
            Action::SaveKey(name, key) => vec![Command::SaveKey(name, key)],
            Action::ForgetKey(name) => vec![Command::ForgetKey(name)],
            Action::Test(endpoint, key) => {
                self.endpoints.asking(endpoint.name.clone());
                vec![Command::ListModels { endpoint, key }]
            }
            Action::ForgetLearned(place) => {
                if place < self.settings.learned.len() {
                    self.settings.learned.remove(place);
                }
                vec![self.keep_settings()]
            }
            Action::ChooseLibrary => vec![Command::Ask(Ask::LibraryFolder)],
            Action::LibraryFolder(folder) => {
                self.desk.dialog = None;
                self.library_override = None;
                self.settings.library = Some(folder.clone());
                self.library.opening = true;
                vec![self.keep_settings(), Command::OpenLibrary(Some(folder))]
            }
            Action::OpenLibraryAgain => {
                self.library.opening = true;
                vec![Command::OpenLibrary(self.library.root.clone())]
            }
            Action::FinishFirstStart { endpoint, key, library } => self.finish_first_start(endpoint, key, library),
            Action::TryDemo => {
                self.settings.welcomed = true;
                self.desk.page = Page::Sheet;
                let mut commands = self.use_endpoint(EndpointName::demo());
                commands.push(Command::Ask(Ask::FocusPrompt));
                commands
            }
            _ => Vec::new(),
        }
    }

    pub(super) fn keep_settings(&self) -> Command {
        Command::SaveSettings(Box::new(self.settings.clone()))
    }

    pub(super) fn tile_height(&mut self, points: u16) -> Vec<Command> {
        let points = points.clamp(Settings::TILE_MIN, Settings::TILE_MAX);
        if points == self.settings.tile_points {
            return Vec::new();
        }
        self.settings.tile_points = points;
        vec![self.keep_settings()]
    }

    fn use_endpoint(&mut self, name: EndpointName) -> Vec<Command> {
        let Some(endpoint) = self.endpoints.profile(&self.settings, &name) else { return Vec::new() };
        self.settings.current = name.clone();
        self.composer.use_model(&endpoint.default_model);
        let mut commands = vec![self.keep_settings()];
        if self.endpoints.key_place(&name) == KeyPlace::Unknown {
            commands.push(Command::FindKey(name));
        }
        commands
    }

    fn refresh_models(&mut self) -> Vec<Command> {
        let name = self.settings.current.clone();
        if matches!(self.endpoints.models(&name), Models::Asking(_)) {
            return Vec::new();
        }
        let Some(endpoint) = self.endpoints.profile(&self.settings, &name) else { return Vec::new() };
        if self.endpoints.key_place(&name) == KeyPlace::Missing {
            return Vec::new();
        }
        self.endpoints.asking(name);
        vec![Command::ListModels { endpoint, key: None }]
    }

    fn change(&mut self, settings: Settings) -> Vec<Command> {
        // Endpoints, keys and the library have actions of their own: they are not changed behind them.
        self.settings = Settings {
            endpoints: self.settings.endpoints.clone(),
            current: self.settings.current.clone(),
            library: self.settings.library.clone(),
            learned: self.settings.learned.clone(),
            ..settings
        };
        vec![self.keep_settings()]
    }

    fn is_taken(&self, name: &EndpointName) -> bool {
        name.is_demo() || self.settings.endpoint(name).is_some()
    }

    fn add_endpoint(&mut self, endpoint: Endpoint, now: Timestamp) -> Vec<Command> {
        if self.is_taken(&endpoint.name) {
            self.notices.warn(format!("There is an endpoint called {} already", endpoint.name), None, now);
            return Vec::new();
        }
        if self.settings.endpoints.len() >= ENDPOINTS_MOST {
            self.notices.warn(format!("{ENDPOINTS_MOST} endpoints are the most"), None, now);
            return Vec::new();
        }
        self.endpoints.set_key(endpoint.name.clone(), KeyPlace::Unknown, None);
        let find = Command::FindKey(endpoint.name.clone());
        self.settings.endpoints.push(endpoint);
        vec![self.keep_settings(), find]
    }

    fn change_endpoint(&mut self, old: &EndpointName, new: Endpoint, now: Timestamp) -> Vec<Command> {
        let renamed = *old != new.name;
        if renamed && self.is_taken(&new.name) {
            self.notices.warn(format!("There is an endpoint called {} already", new.name), None, now);
            return Vec::new();
        }
        let Some(kept) = self.settings.endpoints.iter_mut().find(|endpoint| endpoint.name == *old) else {
            return Vec::new();
        };
        let moved = kept.base_url != new.base_url;
        let new_name = new.name.clone();
        *kept = new;
        if moved {
            self.endpoints.forget_models(old);
        }
        let mut commands = Vec::new();
        if renamed {
            self.endpoints.rename(old, new_name.clone());
            for learned in self.settings.learned.iter_mut().filter(|learned| learned.endpoint == *old) {
                learned.endpoint = new_name.clone();
            }
            if self.settings.current == *old {
                self.settings.current = new_name.clone();
            }
            commands.push(Command::RenameKey(old.clone(), new_name));
        }
        commands.push(self.keep_settings());
        commands
    }

    fn remove_endpoint(&mut self, name: &EndpointName, now: Timestamp) -> Vec<Command> {
        if self.settings.endpoint(name).is_none() {
            return Vec::new();
        }
        self.settings.endpoints.retain(|endpoint| endpoint.name != *name);
        self.settings.learned.retain(|learned| learned.endpoint != *name);
        self.endpoints.remove(name);
        let mut commands = vec![Command::ForgetKey(name.clone())];
        if self.settings.current == *name {
            let next = self.settings.endpoints.first().map(|endpoint| endpoint.name.clone());
            commands.extend(self.use_endpoint(next.unwrap_or_else(EndpointName::demo)));
        } else {
            commands.push(self.keep_settings());
        }
        self.notices.tell(format!("Removed {name} and its key"), None, now);
        commands
    }

    fn finish_first_start(
        &mut self,
        endpoint: Endpoint,
        key: Option<crate::domain::Secret>,
        library: Option<std::path::PathBuf>,
    ) -> Vec<Command> {
        let name = endpoint.name.clone();
        self.settings.endpoints.retain(|known| known.name != name && *known != Endpoint::default());
        self.settings.endpoints.insert(0, endpoint);
        self.settings.current = name.clone();
        self.settings.welcomed = true;
        self.desk.page = Page::Sheet;
        let mut commands = Vec::new();
        if let Some(library) = library {
            self.settings.library = Some(library.clone());
            self.library.opening = true;
            self.library_override = None;
            commands.push(Command::OpenLibrary(Some(library)));
        }
        match key {
            Some(key) => commands.push(Command::SaveKey(name, key)),
            None => commands.push(Command::FindKey(name)),
        }
        commands.push(self.keep_settings());
        commands.push(Command::Ask(Ask::FocusPrompt));
        commands
    }
}
