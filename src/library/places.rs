//! Where the program keeps its things on this computer.

use std::path::{Path, PathBuf};

use etcetera::BaseStrategy;
use etcetera::base_strategy::choose_native_strategy;

#[cfg(all(unix, not(target_os = "macos")))]
use super::disk::{RealDisk, read_all};
use super::rescue::Refuges;
use crate::domain::{Failure, FailureKind};

/// The folder's name in each of the system's places.
const NAME: &str = "proofsheet";

/// The folder for rescued images in the state folder.
const RESCUED: &str = "rescued";

/// The library's name in the person's pictures.
const LIBRARY: &str = "Proofsheet";

/// The longest list of user folders read; it has eight lines.
#[cfg(any(test, all(unix, not(target_os = "macos"))))]
const USER_DIRS_MAX_BYTES: u64 = 64 << 10;

/// The folders of this computer, for this person. None of them need exist.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Places {
    /// Settings and the person's own model rows.
    pub config: PathBuf,
    /// What the program remembers between starts: log, crash reports.
    pub state: PathBuf,
    /// What can be made again.
    pub cache: PathBuf,
    /// Where images are kept unless another folder is chosen.
    pub default_library: PathBuf,
    /// Where running programs of this person meet, on this computer alone.
    pub runtime: PathBuf,
    /// What the system removes sooner or later.
    pub temporary: PathBuf,
}

impl Places {
    /// The system's folders, or all under `home` when it is given.
    pub fn find(home: Option<&Path>) -> Result<Self, Failure> {
        if let Some(home) = home {
            let home = std::path::absolute(home).map_err(|error| no_home(&error.to_string()))?;
            return Ok(Self {
                config: home.join("config"),
                state: home.join("state"),
                runtime: home.join("state"),
                cache: home.join("cache"),
                default_library: home.join(LIBRARY),
                temporary: temporary(),
            });
        }
        let system = choose_native_strategy().map_err(|error| no_home(&error.to_string()))?;
        Self::on(&system)
    }

    fn on(system: &impl BaseStrategy) -> Result<Self, Failure> {
        if !system.home_dir().is_absolute() {
            return Err(no_home("the home folder's path is empty or relative"));
        }
        // macOS keeps its own preference files in the folder named so; other programs' belong beside their data.
        let config = if cfg!(target_os = "macos") { system.data_dir() } else { system.config_dir() };
        let state = system.state_dir().unwrap_or_else(|| system.data_dir()).join(NAME);
        Ok(Self {
            state: state.clone(),
            runtime: system.runtime_dir().map_or(state, |folder| folder.join(NAME)),
            cache: system.cache_dir().join(NAME),
            default_library: pictures(system.home_dir(), &system.config_dir()).join(LIBRARY),
            config: config.join(NAME),
            temporary: temporary(),
        })
    }
}

impl Places {
    /// Where paid images are kept that the library's disk refuses; `output` is where the person wants copies.
    pub fn refuges(&self, output: Option<PathBuf>) -> Refuges {
        Refuges { own: Some(self.state.join(RESCUED)), output, temporary: Some(self.temporary.clone()) }
    }
}

#[expect(clippy::disallowed_methods, reason = "files are made where they will live, but for images no disk takes")]
fn temporary() -> PathBuf {
    std::env::temp_dir()
}

fn no_home(details: &str) -> Failure {
    let sentence = "Your home folder cannot be found. Set HOME, or start Proofsheet with --home and a folder.";
    Failure::free(FailureKind::Disk, sentence).with_detail(details)
}

/// The person's pictures, under the name their desktop gave them.
#[cfg(all(unix, not(target_os = "macos")))]
fn pictures(home: &Path, config: &Path) -> PathBuf {
    let file = read_all(&RealDisk, &config.join("user-dirs.dirs"), USER_DIRS_MAX_BYTES).unwrap_or_default();
    listed_pictures(&String::from_utf8_lossy(&file), home).unwrap_or_else(|| home.join("Pictures"))
}

#[cfg(not(all(unix, not(target_os = "macos"))))]
fn pictures(home: &Path, _config: &Path) -> PathBuf {
    home.join("Pictures")
}

/// The pictures folder in the text of `user-dirs.dirs`: `XDG_PICTURES_DIR="$HOME/Bilder"`. The home folder itself
/// means that there is none.
#[cfg(any(test, all(unix, not(target_os = "macos"))))]
fn listed_pictures(text: &str, home: &Path) -> Option<PathBuf> {
    let value = text.lines().filter_map(|line| line.trim().strip_prefix("XDG_PICTURES_DIR=")).next_back()?;
    let value = value.trim().strip_prefix('"')?.strip_suffix('"')?;
    let mut plain = String::new();
    let mut letters = value.chars();
    while let Some(letter) = letters.next() {
        plain.push(if letter == '\\' { letters.next()? } else { letter });
    }
    let path = match plain.strip_prefix("$HOME") {
        Some(below) if below.is_empty() || below.starts_with('/') => home.join(below.trim_matches('/')),
        Some(_) => return None,
        None => PathBuf::from(plain),
    };
    (path.is_absolute() && path.components().ne(home.components())).then_some(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    struct System(PathBuf);

    impl BaseStrategy for System {
        fn home_dir(&self) -> &Path {
            &self.0
        }

        fn config_dir(&self) -> PathBuf {
            self.0.join("c")
        }

        fn data_dir(&self) -> PathBuf {
            self.0.join("d")
        }

        fn cache_dir(&self) -> PathBuf {
            self.0.join("k")
        }

        fn state_dir(&self) -> Option<PathBuf> {
            None
        }

        fn runtime_dir(&self) -> Option<PathBuf> {
            None
        }
    }

    #[test]
    fn one_folder_holds_all_when_asked() {
        let home = tempfile::tempdir().unwrap();
        let places = Places::find(Some(home.path())).unwrap();
        for place in [&places.config, &places.state, &places.cache, &places.default_library] {
            assert!(place.starts_with(home.path()), "{}", place.display());
        }
        assert!(Places::find(Some(Path::new("relative"))).unwrap().config.is_absolute());
    }

    #[test]
    fn no_home_is_a_clear_failure() {
        for home in ["", "relative/home"] {
            let failure = Places::on(&System(PathBuf::from(home))).unwrap_err();
            assert!(failure.sentence.contains("--home"), "{failure:?}");
        }
        assert!(Places::find(Some(Path::new(""))).is_err());
    }

    #[cfg(all(unix, not(target_os = "macos")))]
    #[test]
    fn the_desktops_own_pictures_folder_is_taken() {
        let home = tempfile::tempdir().unwrap();
        let system = System(home.path().to_owned());
        let library = || Places::on(&system).unwrap().default_library;
        assert_eq!(library(), home.path().join("Pictures/Proofsheet"));
        std::fs::create_dir(system.config_dir()).unwrap();
        std::fs::write(system.config_dir().join("user-dirs.dirs"), "XDG_PICTURES_DIR=\"$HOME/Bilder\"\n").unwrap();
        assert_eq!(library(), home.path().join("Bilder/Proofsheet"));
        assert_eq!(Places::on(&system).unwrap().state, home.path().join("d/proofsheet"));
    }

    #[test]
    fn user_folders_are_read_as_the_desktop_writes_them() {
        let home = Path::new("/home/ada");
        let check = |line: &str, want: Option<&str>| {
            let text = format!("# comment\nXDG_DESKTOP_DIR=\"$HOME/Desktop\"\n{line}\n");
            assert_eq!(listed_pictures(&text, home), want.map(PathBuf::from), "{line}");
        };
        check("XDG_PICTURES_DIR=\"$HOME/图片\"", Some("/home/ada/图片"));
        check("  XDG_PICTURES_DIR=\"/data/pictures\"  ", Some("/data/pictures"));
        check("XDG_PICTURES_DIR=\"$HOME/with \\\"quotes\\\"\"", Some("/home/ada/with \"quotes\""));
        check("XDG_PICTURES_DIR=\"$HOME/\"", None);
        check("XDG_PICTURES_DIR=\"/home/ada\"", None);
        check("XDG_PICTURES_DIR=\"$HOMEWORK/x\"", None);
        check("XDG_PICTURES_DIR=\"relative\"", None);
        check("XDG_PICTURES_DIR=unquoted", None);
        check("#XDG_PICTURES_DIR=\"/data\"", None);
        check("", None);
    }
}
