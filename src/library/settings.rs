//! The settings file: read whatever state it is in, written so that a good one is always there.

mod settings_file;

use std::io;
use std::path::Path;

use serde::Deserialize;

use self::settings_file::{SettingsRecord, VERSION};
use super::disk::{Access, Disk, RealDisk, make_folders, read_all};
use super::layout::{MODELS_FILE, SETTINGS_BACKUP, SETTINGS_FILE};
use super::places::Places;
use super::trouble::{disk_failure, shown_path};
use super::write;
use crate::domain::{Failure, FailureKind, Settings};

/// The longest settings or models file read: a thousand times what anybody writes by hand.
const FILE_MAX_BYTES: u64 = 4 << 20;

/// What stands in a settings file.
enum Read {
    /// No file.
    Nothing,
    /// Of this version.
    Good(Box<SettingsRecord>),
    /// Of a newer version, as far as it is understood.
    Newer(Option<Box<SettingsRecord>>),
    /// Not understood, with the reason.
    Broken(String),
    /// The disk does not give it out.
    Failed(io::Error),
}

/// The settings, and a sentence for each thing that is not as it was left. Never fails: at worst all is standard.
///
/// A file that cannot be understood is renamed aside and named; the last good one takes its place.
pub fn load_settings(places: &Places) -> (Settings, Vec<String>) {
    load_on(&RealDisk, places)
}

/// Writes the settings, and keeps the file before as a backup. A file of a newer version is left alone.
pub fn save_settings(places: &Places, settings: &Settings) -> Result<(), Failure> {
    save_on(&RealDisk, places, settings)
}

/// The person's own model rows, as text, when there is such a file.
pub fn models_file(places: &Places) -> Option<String> {
    let bytes = read_all(&RealDisk, &places.config.join(MODELS_FILE), FILE_MAX_BYTES).ok()?;
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

fn load_on(disk: &dyn Disk, places: &Places) -> (Settings, Vec<String>) {
    let file = places.config.join(SETTINGS_FILE);
    match read(disk, &file) {
        Read::Nothing => match read(disk, &places.config.join(SETTINGS_BACKUP)) {
            Read::Good(record) => {
                let (settings, mut problems) = record.settings();
                problems.insert(0, "The settings file was gone; the one before it was used.".to_owned());
                (settings, problems)
            }
            _ => (Settings::default(), Vec::new()),
        },
        Read::Good(record) => record.settings(),
        Read::Newer(record) => {
            let (settings, mut problems) = record.map(|record| record.settings()).unwrap_or_default();
            let sentence = "The settings were written by a newer version of Proofsheet; changes are not kept.";
            problems.insert(0, sentence.to_owned());
            (settings, problems)
        }
        Read::Broken(why) => {
            let aside = write::set_aside(disk, &file, &places.config, "settings.broken", "toml");
            let place = aside.map_or_else(|_| file.clone(), |name| places.config.join(name));
            let (settings, used) = match read(disk, &places.config.join(SETTINGS_BACKUP)) {
                Read::Good(record) => (record.settings().0, "the ones before were used"),
                _ => (Settings::default(), "standard ones are used"),
            };
            let why = why.lines().next().unwrap_or_default().to_owned();
            let kept = shown_path(&place);
            (settings, vec![format!("The settings could not be read ({why}), so {used}. The file was kept: {kept}")])
        }
        Read::Failed(error) => {
            let failure = disk_failure("The settings cannot be read, so standard ones are used", &file, &error);
            (Settings::default(), vec![format!("{} {}", failure.sentence, shown_path(&file))])
        }
    }
}

fn save_on(disk: &dyn Disk, places: &Places, settings: &Settings) -> Result<(), Failure> {
    let file = places.config.join(SETTINGS_FILE);
    let failed = |error: io::Error| disk_failure("The settings could not be saved", &file, &error);
    make_folders(disk, &places.config, Access::Private).map_err(failed)?;
    let before = match read(disk, &file) {
        Read::Good(record) => Some(record),
        Read::Newer(_) => {
            let sentence = "The settings were written by a newer version of Proofsheet and are not changed.";
            return Err(Failure::free(FailureKind::Unsupported, sentence).with_detail(shown_path(&file)));
        }
        Read::Failed(error) => return Err(failed(error)),
        Read::Broken(_) => {
            write::set_aside(disk, &file, &places.config, "settings.broken", "toml").map_err(failed)?;
            None
        }
        Read::Nothing => None,
    };
    let record = SettingsRecord::new(settings, before.as_deref());
    if before.as_deref() == Some(&record) {
        return Ok(());
    }
    let text = toml::to_string(&record).map_err(|error| failed(io::Error::other(error)))?;
    if before.is_some() {
        let bytes = read_all(disk, &file, FILE_MAX_BYTES).map_err(failed)?;
        write::replace(disk, &places.config, SETTINGS_BACKUP, &bytes, Access::Private).map_err(failed)?;
    }
    write::replace(disk, &places.config, SETTINGS_FILE, text.as_bytes(), Access::Private).map_err(failed)
}

fn read(disk: &dyn Disk, file: &Path) -> Read {
    #[derive(Deserialize)]
    struct Version {
        format: u32,
    }
    let bytes = match read_all(disk, file, FILE_MAX_BYTES) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Read::Nothing,
        Err(error) => return Read::Failed(error),
    };
    let Ok(text) = String::from_utf8(bytes) else { return Read::Broken("it is not text".to_owned()) };
    let text = text.trim_start_matches('\u{feff}');
    let version = toml::from_str::<Version>(text).map(|version| version.format);
    let record = toml::from_str::<SettingsRecord>(text).map(Box::new);
    match (version, record) {
        (Ok(version), record) if version > VERSION => Read::Newer(record.ok()),
        (_, Ok(record)) => Read::Good(record),
        (_, Err(error)) => Read::Broken(error.message().to_owned()),
    }
}

#[cfg(test)]
mod tests;
