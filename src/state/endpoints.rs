//! What is known of each endpoint: where its key is, which models it lists.

use std::collections::BTreeMap;

use crate::domain::{Endpoint, EndpointName, Failure, KeyPlace, Settings};
use crate::message::ModelEntry;

/// What is known of an endpoint's models.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Models {
    /// Not asked.
    #[default]
    Unknown,
    /// Asked; the list before, if any, is still shown.
    Asking(Vec<ModelEntry>),
    /// The list, likely image models first.
    Listed(Vec<ModelEntry>),
    /// Why there is no list.
    Failed(Failure),
}

impl Models {
    /// What can be offered now.
    pub fn list(&self) -> &[ModelEntry] {
        match self {
            Self::Asking(list) | Self::Listed(list) => list,
            Self::Unknown | Self::Failed(_) => &[],
        }
    }
}

/// What is known of this computer's keyring.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Keyring {
    /// It was not asked yet, or has not answered.
    #[default]
    Unknown,
    /// It answers.
    Answers,
    /// Why keys cannot be kept in it now.
    Trouble(Failure),
}

#[derive(Clone, Debug, Default)]
struct Known {
    place: KeyPlace,
    problem: Option<Failure>,
    models: Models,
}

/// What is known of each endpoint.
#[derive(Clone, Debug)]
pub struct Endpoints {
    known: BTreeMap<EndpointName, Known>,
    keyring: Keyring,
    env_key: bool,
    demo_url: Option<String>,
}

impl Endpoints {
    pub(super) const fn new(env_key: bool) -> Self {
        Self { known: BTreeMap::new(), keyring: Keyring::Unknown, env_key, demo_url: None }
    }

    /// Where the endpoint's key is.
    pub fn key_place(&self, name: &EndpointName) -> KeyPlace {
        if name.is_demo() {
            KeyPlace::NotNeeded
        } else if self.env_key {
            KeyPlace::Environment
        } else {
            self.known.get(name).map_or(KeyPlace::Unknown, |known| known.place)
        }
    }

    /// The key is given by the environment, whatever the keyring holds.
    pub const fn has_env_key(&self) -> bool {
        self.env_key
    }

    /// What is known of the keyring, by what it last said about any endpoint.
    pub const fn keyring(&self) -> &Keyring {
        &self.keyring
    }

    /// What the keyring said when it could not help.
    pub fn key_problem(&self, name: &EndpointName) -> Option<&Failure> {
        self.known.get(name).and_then(|known| known.problem.as_ref())
    }

    /// What is known of the endpoint's models; also the result of Test.
    pub fn models(&self, name: &EndpointName) -> &Models {
        self.known.get(name).map_or(&Models::Unknown, |known| &known.models)
    }

    /// Where the demo endpoint answers, once it runs.
    pub fn demo_url(&self) -> Option<&str> {
        self.demo_url.as_deref()
    }

    /// The profile with this name, the demo endpoint's too.
    pub fn profile(&self, settings: &Settings, name: &EndpointName) -> Option<Endpoint> {
        if name.is_demo() {
            let demo = Endpoint::demo();
            let base_url = self.demo_url.clone().unwrap_or_else(|| demo.base_url.clone());
            Some(Endpoint { base_url, ..demo })
        } else {
            settings.endpoint(name).cloned()
        }
    }

    /// The names to choose from: those of the settings, and the demo endpoint last.
    pub fn names(settings: &Settings) -> Vec<EndpointName> {
        let own = settings.endpoints.iter().map(|endpoint| endpoint.name.clone());
        own.chain([EndpointName::demo()]).collect()
    }

    pub(super) fn set_key(&mut self, name: EndpointName, place: KeyPlace, problem: Option<Failure>) {
        match (&problem, place) {
            (Some(problem), _) => self.keyring = Keyring::Trouble(problem.clone()),
            (None, KeyPlace::Keyring) => self.keyring = Keyring::Answers,
            // A key that lived in memory only is also missing after it was forgotten: that says nothing new.
            (None, KeyPlace::Missing) if self.keyring == Keyring::Unknown => self.keyring = Keyring::Answers,
            (None, _) => {}
        }
        let known = self.known.entry(name).or_default();
        known.place = place;
        known.problem = problem;
    }

    pub(super) fn asking(&mut self, name: EndpointName) {
        let models = &mut self.known.entry(name).or_default().models;
        *models = Models::Asking(models.list().to_vec());
    }

    pub(super) fn listed(&mut self, name: EndpointName, result: Result<Vec<ModelEntry>, Failure>) {
        self.known.entry(name).or_default().models = match result {
            Ok(list) => Models::Listed(list),
            Err(failure) => Models::Failed(failure),
        };
    }

    pub(super) fn rename(&mut self, old: &EndpointName, new: EndpointName) {
        if let Some(known) = self.known.remove(old) {
            self.known.insert(new, known);
        }
    }

    /// Forgets the list: the address has changed.
    pub(super) fn forget_models(&mut self, name: &EndpointName) {
        if let Some(known) = self.known.get_mut(name) {
            known.models = Models::Unknown;
        }
    }

    pub(super) fn remove(&mut self, name: &EndpointName) {
        self.known.remove(name);
    }

    pub(super) fn demo_started(&mut self, base_url: String) {
        self.demo_url = Some(base_url);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::FailureKind;

    #[test]
    fn the_keyring_is_known_by_what_it_last_said() {
        let mut endpoints = Endpoints::new(false);
        let mut told = |name: &str, place: KeyPlace, problem: Option<Failure>| {
            endpoints.set_key(EndpointName::new(name).unwrap(), place, problem);
            endpoints.keyring().clone()
        };
        let absent = Failure::free(FailureKind::Keyring, "No keyring answers on this computer.");
        assert_eq!(told("a", KeyPlace::Missing, None), Keyring::Answers);
        assert_eq!(told("a", KeyPlace::Session, Some(absent.clone())), Keyring::Trouble(absent.clone()));
        // Forgetting what lived in memory only is no answer of the keyring.
        assert_eq!(told("a", KeyPlace::Missing, None), Keyring::Trouble(absent));
        assert_eq!(told("b", KeyPlace::Keyring, None), Keyring::Answers);
    }
}
