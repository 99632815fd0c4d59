//! From options and the settings file to what the engine is started with.

use std::path::{Path, PathBuf};

use super::arguments::Everywhere;
use crate::domain::{BaseUrl, Endpoint, EndpointName, Failure, KeyProblem, Secret, Settings, check_key};
use crate::engine::{Options, Wake};
use crate::library::{Places, load_settings};

/// The variable that holds the key.
pub(super) const KEY_VARIABLE: &str = "PROOFSHEET_API_KEY";

/// What helps beside mending a library folder that cannot be used.
pub(super) const OTHER_LIBRARY: &str = "Another library folder can be named with --library";

/// The call itself is wrong: a sentence that names the option. Nothing was sent.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{option}: {sentence}")]
pub struct UsageError {
    /// The option, as written on the command line.
    pub option: &'static str,
    /// What is wrong with it, and what would be right.
    pub sentence: String,
}

impl UsageError {
    /// An error for an option.
    pub fn new(option: &'static str, sentence: impl Into<String>) -> Self {
        Self { option, sentence: sentence.into() }
    }
}

/// What is known before the engine or the window starts.
pub struct Start {
    /// Where things are on this computer.
    pub places: Places,
    /// Preferences.
    pub settings: Settings,
    /// What was wrong with the settings file, a sentence each.
    pub warnings: Vec<String>,
    /// The library folder from the command line.
    pub library_root: Option<PathBuf>,
    /// The key from the environment.
    pub env_key: Option<Secret>,
    /// The endpoint to use.
    pub endpoint: Endpoint,
}

impl Start {
    /// Reads options, environment and settings file.
    pub fn new(everywhere: &Everywhere) -> Result<Self, UsageError> {
        let places = places(everywhere)?;
        let (settings, warnings) = load_settings(&places);
        Ok(Self {
            endpoint: endpoint(everywhere, &settings)?,
            library_root: everywhere.library.as_deref().map(|folder| absolute("--library", folder)).transpose()?,
            env_key: env_key()?,
            places,
            settings,
            warnings,
        })
    }

    /// The library folder: the option, else Preferences, else the default.
    pub fn library(&self) -> &Path {
        let chosen = self.library_root.as_deref().or(self.settings.library.as_deref());
        chosen.unwrap_or(&self.places.default_library)
    }

    /// What the engine takes; `has_window` when a window stands on it.
    pub fn options(&self, wake: Wake, has_window: bool) -> Options {
        let Self { places, settings, env_key, .. } = self;
        Options {
            places: places.clone(),
            env_key: env_key.clone(),
            proxy: settings.proxy.clone(),
            output: None,
            has_window,
            wake,
        }
    }
}

pub(super) fn places(everywhere: &Everywhere) -> Result<Places, UsageError> {
    let home = everywhere.home.as_deref().map(|folder| absolute("--home", folder)).transpose()?;
    Places::find(home.as_deref()).map_err(|Failure { sentence, .. }| UsageError::new("--home", sentence))
}

/// A folder that stays the same wherever the program goes on working.
pub(super) fn absolute(option: &'static str, folder: &Path) -> Result<PathBuf, UsageError> {
    std::path::absolute(folder).map_err(|_empty| UsageError::new(option, "Name a folder"))
}

fn env_key() -> Result<Option<Secret>, UsageError> {
    let Some(value) = std::env::var_os(KEY_VARIABLE) else { return Ok(None) };
    let wrong = |problem: KeyProblem| UsageError::new(KEY_VARIABLE, problem.to_string());
    let Some(text) = value.to_str() else { return Err(wrong(KeyProblem::Character)) };
    match check_key(text) {
        Ok(key) => Ok(Some(Secret::new(key))),
        // Set to nothing is how a variable is switched off for one call.
        Err(KeyProblem::Empty) => Ok(None),
        Err(problem) => Err(wrong(problem)),
    }
}

fn endpoint(everywhere: &Everywhere, settings: &Settings) -> Result<Endpoint, UsageError> {
    if everywhere.demo {
        return Ok(Endpoint::demo());
    }
    let base = match everywhere.base_url.as_deref() {
        Some(text) => Some(BaseUrl::parse(text).map_err(|error| UsageError::new("--base-url", error.to_string()))?),
        None => None,
    };
    match (everywhere.endpoint.as_deref(), base) {
        (Some(name), base) => {
            let mut endpoint = named(name, settings)?;
            if let Some(base) = base {
                endpoint.base_url = base.to_string();
            }
            Ok(endpoint)
        }
        (None, Some(base)) => Ok(at(&base, settings)),
        (None, None) if settings.current.is_demo() => Ok(Endpoint::demo()),
        (None, None) => {
            let current = settings.endpoint(&settings.current).or_else(|| settings.endpoints.first());
            let endpoint = current.cloned().unwrap_or_default();
            match endpoint.base() {
                Ok(_) => Ok(endpoint),
                Err(error) => Err(UsageError::new("--base-url", format!("{} has no address. {error}", endpoint.name))),
            }
        }
    }
}

fn named(name: &str, settings: &Settings) -> Result<Endpoint, UsageError> {
    let known = EndpointName::new(name);
    if known.as_ref().is_some_and(EndpointName::is_demo) {
        return Ok(Endpoint::demo());
    }
    known.and_then(|name| settings.endpoint(&name)).cloned().ok_or_else(|| {
        let names: Vec<&str> = settings.endpoints.iter().map(|endpoint| endpoint.name.as_str()).collect();
        UsageError::new("--endpoint", format!("No endpoint is called {name:?}. There are: {}", names.join(", ")))
    })
}

/// The endpoint of Preferences at this address, or one for this call only, named by its host.
fn at(base: &BaseUrl, settings: &Settings) -> Endpoint {
    let known = settings.endpoints.iter().find(|endpoint| endpoint.base().as_ref() == Ok(base));
    known.cloned().unwrap_or_else(|| Endpoint {
        name: EndpointName::new(&base.host()).unwrap_or_else(|| Endpoint::default().name),
        base_url: base.to_string(),
        ..Endpoint::default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings() -> Settings {
        let work = Endpoint {
            name: EndpointName::new("Work").unwrap(),
            base_url: "https://images.example/v1".to_owned(),
            default_model: "flux".to_owned(),
            ..Endpoint::default()
        };
        Settings { endpoints: vec![Endpoint::default(), work], ..Settings::default() }
    }

    fn options(endpoint: Option<&str>, base_url: Option<&str>) -> Everywhere {
        Everywhere {
            endpoint: endpoint.map(str::to_owned),
            base_url: base_url.map(str::to_owned),
            ..Everywhere::default()
        }
    }

    #[track_caller]
    fn check(everywhere: &Everywhere, name: &str, base: &str) {
        let endpoint = endpoint(everywhere, &settings()).unwrap();
        assert_eq!((endpoint.name.as_str(), endpoint.base().unwrap().to_string().as_str()), (name, base));
    }

    #[test]
    fn the_endpoint_is_chosen_as_documented() {
        check(&options(None, None), "ramclouds.me", "https://ramclouds.me/v1");
        check(&options(Some("Work"), None), "Work", "https://images.example/v1");
        check(&options(Some("Work"), Some("http://localhost:9")), "Work", "http://localhost:9/v1");
        check(&options(None, Some("images.example")), "Work", "https://images.example/v1");
        check(&options(None, Some("http://127.0.0.1:9/v1/")), "127.0.0.1:9", "http://127.0.0.1:9/v1");
    }

    #[test]
    fn the_demo_has_its_own_name_and_model() {
        let demo = endpoint(&Everywhere { demo: true, ..Everywhere::default() }, &settings()).unwrap();
        assert!(demo.name.is_demo() && demo.default_model.starts_with("demo-"));
        let chosen = Settings { current: EndpointName::demo(), ..settings() };
        assert!(endpoint(&options(None, None), &chosen).unwrap().name.is_demo());
    }

    #[test]
    fn wrong_options_are_named() {
        for (everywhere, option) in [
            (options(Some("Home"), None), "--endpoint"),
            (options(Some(" "), None), "--endpoint"),
            (options(None, Some("not a url")), "--base-url"),
            (options(None, Some("")), "--base-url"),
            (options(Some("Work"), Some("ftp://x")), "--base-url"),
        ] {
            assert_eq!(endpoint(&everywhere, &settings()).unwrap_err().option, option, "{everywhere:?}");
        }
    }
}
