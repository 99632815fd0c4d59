//! `settings.toml` as it stands on the disk, version 1. It never holds a key: there is no field for one.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use toml::Table;

use crate::domain::{Endpoint, EndpointName, Learned, NamePattern, SaveFormat, Settings, Surround, ThemeChoice};

/// The version written.
pub(super) const VERSION: u32 = 1;

/// The whole file. A missing field has its default; fields nobody here knows are kept.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct SettingsRecord {
    pub(super) format: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    current_endpoint: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    library: Option<PathBuf>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    name_pattern: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    save_format: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    theme: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    surround: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    tile_points: Option<u16>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    proxy: Option<String>,
    #[serde(default)]
    welcomed: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    last_save_folder: Option<PathBuf>,
    #[serde(default, rename = "endpoint", skip_serializing_if = "Vec::is_empty")]
    endpoints: Vec<EndpointRecord>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    learned: Vec<LearnedRecord>,
    #[serde(flatten)]
    extra: Table,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct EndpointRecord {
    name: String,
    base_url: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    default_model: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    requests_at_once: Option<u8>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    time_limit_secs: Option<u32>,
    #[serde(default)]
    plain_http_agreed: bool,
    #[serde(flatten)]
    extra: Table,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct LearnedRecord {
    endpoint: String,
    model: String,
    parameter: String,
    #[serde(flatten)]
    extra: Table,
}

const THEMES: [(ThemeChoice, &str); 3] =
    [(ThemeChoice::System, "system"), (ThemeChoice::Light, "light"), (ThemeChoice::Dark, "dark")];

impl SettingsRecord {
    /// The settings on the disk, with the unknown fields of the file before.
    pub(super) fn new(settings: &Settings, before: Option<&Self>) -> Self {
        let endpoint = |endpoint: &Endpoint| EndpointRecord {
            name: endpoint.name.as_str().to_owned(),
            base_url: without_secrets(&endpoint.base_url),
            default_model: Some(endpoint.default_model.clone()),
            requests_at_once: Some(endpoint.requests_at_once),
            time_limit_secs: Some(endpoint.time_limit_secs),
            plain_http_agreed: endpoint.plain_http_agreed,
            extra: before
                .and_then(|before| before.endpoints.iter().find(|old| old.name == endpoint.name.as_str()))
                .map(|old| old.extra.clone())
                .unwrap_or_default(),
        };
        let learned = |learned: &Learned| {
            let (endpoint, model) = (learned.endpoint.as_str().to_owned(), learned.model.clone());
            LearnedRecord { endpoint, model, parameter: learned.parameter.clone(), extra: Table::new() }
        };
        Self {
            format: VERSION,
            current_endpoint: Some(settings.current.as_str().to_owned()),
            library: settings.library.clone(),
            name_pattern: Some(settings.name_pattern.as_str().to_owned()),
            save_format: Some(save_format_word(settings.save_format, before)),
            theme: THEMES.iter().find(|(theme, _)| *theme == settings.theme).map(|(_, word)| (*word).to_owned()),
            surround: Some(settings.surround.label().to_lowercase()),
            tile_points: Some(settings.tile_points),
            proxy: settings.proxy.clone(),
            welcomed: settings.welcomed,
            last_save_folder: settings.last_save_folder.clone(),
            endpoints: settings.endpoints.iter().filter(|one| !one.name.is_demo()).map(endpoint).collect(),
            learned: settings.learned.iter().map(learned).collect(),
            extra: before.map(|before| before.extra.clone()).unwrap_or_default(),
        }
    }

    /// The settings, and a sentence for each field that had to be replaced by its default or left out.
    pub(super) fn settings(&self) -> (Settings, Vec<String>) {
        let mut problems = Vec::new();
        let mut tell =
            |what: &str, value: &str| problems.push(format!("{what} in the settings cannot be used: {value:?}"));
        let standard = Settings::default();
        let mut endpoints: Vec<Endpoint> = Vec::new();
        for record in &self.endpoints {
            match record.endpoint() {
                Some(endpoint) if endpoints.iter().all(|known| known.name != endpoint.name) => endpoints.push(endpoint),
                _ => tell("An endpoint's name", &record.name),
            }
        }
        if endpoints.is_empty() {
            endpoints.clone_from(&standard.endpoints);
        }
        let wanted = self.current_endpoint.as_deref().and_then(EndpointName::new);
        let is_known = |name: &EndpointName| name.is_demo() || endpoints.iter().any(|known| known.name == *name);
        let current = wanted.filter(is_known).or_else(|| endpoints.first().map(|first| first.name.clone()));
        let mut word = |what: &str, word: &Option<String>, known: &[(usize, String)]| {
            let word = word.as_deref()?;
            let found = known.iter().find(|(_, name)| name.eq_ignore_ascii_case(word)).map(|(place, _)| *place);
            if found.is_none() {
                tell(what, word);
            }
            found
        };
        let themes: Vec<_> = THEMES.iter().map(|(_, word)| (*word).to_owned()).enumerate().collect();
        let surrounds: Vec<_> = Surround::ALL.iter().map(|one| one.label().to_owned()).enumerate().collect();
        let theme =
            word("The theme", &self.theme, &themes).and_then(|place| THEMES.get(place)).map(|(theme, _)| *theme);
        let surround =
            word("The surround", &self.surround, &surrounds).and_then(|place| Surround::ALL.get(place)).copied();
        let name_pattern = match self.name_pattern.as_deref().map(NamePattern::parse) {
            Some(Ok(pattern)) => pattern,
            Some(Err(_)) => {
                tell("The name pattern", self.name_pattern.as_deref().unwrap_or_default());
                standard.name_pattern
            }
            None => standard.name_pattern,
        };
        let tile_points = self.tile_points.unwrap_or(Settings::TILE_DEFAULT);
        let settings = Settings {
            current: current.unwrap_or(standard.current),
            endpoints,
            library: self.library.clone(),
            name_pattern,
            save_format: self.save_format.as_deref().and_then(save_format).unwrap_or_default(),
            theme: theme.unwrap_or_default(),
            surround: surround.unwrap_or_default(),
            tile_points: tile_points.clamp(Settings::TILE_MIN, Settings::TILE_MAX),
            proxy: self.proxy.clone(),
            welcomed: self.welcomed,
            learned: self.learned.iter().filter_map(LearnedRecord::learned).collect(),
            last_save_folder: self.last_save_folder.clone(),
        };
        (settings, problems)
    }
}

/// A word nobody here knows, a newer program's perhaps, means as received, and stays as it is until another is chosen.
fn save_format_word(chosen: SaveFormat, before: Option<&SettingsRecord>) -> String {
    let before = before.and_then(|before| before.save_format.as_deref());
    let foreign = before.filter(|word| chosen == SaveFormat::AsReceived && save_format(word).is_none());
    foreign.map_or_else(|| chosen.label().to_lowercase(), str::to_owned)
}

fn save_format(word: &str) -> Option<SaveFormat> {
    SaveFormat::ALL.into_iter().find(|format| format.label().eq_ignore_ascii_case(word))
}

impl EndpointRecord {
    fn endpoint(&self) -> Option<Endpoint> {
        let standard = Endpoint::default();
        let name = EndpointName::new(&self.name).filter(|name| !name.is_demo())?;
        Some(Endpoint {
            name,
            base_url: self.base_url.clone(),
            default_model: self.default_model.clone().unwrap_or(standard.default_model),
            requests_at_once: self
                .requests_at_once
                .unwrap_or(standard.requests_at_once)
                .clamp(1, Endpoint::REQUESTS_MAX),
            time_limit_secs: self.time_limit_secs.unwrap_or(standard.time_limit_secs).max(1),
            plain_http_agreed: self.plain_http_agreed,
        })
    }
}

/// The address as typed, but without a name and password, query or fragment: people paste keys there.
fn without_secrets(address: &str) -> String {
    let address = address.split(['?', '#']).next().unwrap_or_default();
    match address.split_once("://") {
        Some((scheme, rest)) => format!("{scheme}://{}", rest.rsplit_once('@').map_or(rest, |(_, host)| host)),
        None => address.rsplit_once('@').map_or(address, |(_, host)| host).to_owned(),
    }
}

impl LearnedRecord {
    fn learned(&self) -> Option<Learned> {
        let endpoint = EndpointName::new(&self.endpoint)?;
        Some(Learned { endpoint, model: self.model.clone(), parameter: self.parameter.clone() })
    }
}
