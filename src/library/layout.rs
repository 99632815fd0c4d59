//! Every name the library uses, in one place.

use std::path::{Path, PathBuf};

use jiff::tz::TimeZone;

use crate::domain::{LocalTime, Run, folder_stem};

/// What a run's folder holds beside its images.
pub(super) const RUN_FILE: &str = "run.json";

/// The library's bin, below the root. Its first folder begins with a dot: no run is looked for there.
pub(super) const BIN: [&str; 2] = [".proofsheet", "bin"];

/// The settings file in the config folder.
pub(super) const SETTINGS_FILE: &str = "settings.toml";

/// The settings file before the last change.
pub(super) const SETTINGS_BACKUP: &str = "settings.toml.bak";

/// The person's own model rows in the config folder.
pub(super) const MODELS_FILE: &str = "models.toml";

/// Folders below the root in which runs are looked for: a month's and a run's, and two more that people may put around.
pub(super) const DEPTH_MAX: usize = 4;

/// How many names are tried before giving up: `a fox (9999)` is no name anybody wants.
pub(super) const NAMES_MAX: u32 = 9_999;

/// Where the program keeps its own things in a library; the walk does not enter it.
pub(super) const OWN_FOLDER: &str = ".proofsheet";

/// Answers on their way, in [`OWN_FOLDER`]: a folder and a lock for each program at work.
pub(super) const INBOX: &str = "inbox";

/// The lock of the one window, in [`OWN_FOLDER`].
pub(super) const WINDOW_LOCK: &str = "window.lock";

/// The end of the name of a lock.
pub(super) const LOCK_END: &str = ".lock";

const TEMPORARY_START: &str = ".proofsheet-";
const TEMPORARY_END: &str = ".part";

/// The folder of a run's month, and the run's own folder in it before any number is added.
pub(super) fn run_folder(run: &Run, zone: &TimeZone) -> (String, String) {
    let time = LocalTime::new(run.made_at, zone);
    (time.month(), format!("{} {}", time.day_and_minute(), folder_stem(run.request.prompt.as_str())))
}

/// The stem of an image's file: people count from 1.
pub(super) fn image_stem(slot: u16) -> String {
    (u32::from(slot) + 1).to_string()
}

/// The folder of a run's files in the bin: as the run's own folder is called, so that people find their way.
pub(super) fn bin_folder(root: &Path, run: &Path) -> Vec<String> {
    let below = run.strip_prefix(root).unwrap_or(run);
    let mut names: Vec<String> = below.components().map(|part| bin_name(&part.as_os_str().to_string_lossy())).collect();
    names.truncate(DEPTH_MAX);
    names
}

/// A name that [`bin_path`] takes back.
fn bin_name(name: &str) -> String {
    let plain: String = name.chars().map(|letter| if is_plain(letter) { letter } else { '_' }).collect();
    match plain.strip_prefix('.') {
        Some(rest) => format!("_{rest}"),
        None if plain.is_empty() => "_".to_owned(),
        None => plain,
    }
}

fn is_plain(letter: char) -> bool {
    !matches!(letter, '/' | '\\' | ':') && !letter.is_control()
}

/// A place in the bin as `run.json` names it: `2026-11/22 1305 a fox/1.png`. `None` when it leads anywhere else.
pub(super) fn bin_path(root: &Path, place: &str) -> Option<PathBuf> {
    let names: Vec<&str> = place.split('/').collect();
    let good = names.len() <= DEPTH_MAX + 1 && names.iter().all(|name| is_image_name(name));
    let folder = BIN.iter().fold(root.to_owned(), |path, name| path.join(name));
    good.then(|| names.iter().fold(folder, |path, name| path.join(name)))
}

/// The name of a file that is not whole yet; `maker` tells who writes it.
pub(super) fn temporary(maker: &str, count: u64) -> String {
    format!("{TEMPORARY_START}{maker}-{count:x}{TEMPORARY_END}")
}

/// Who writes, or wrote, a file that is not whole.
pub(super) fn maker(name: &str) -> Option<&str> {
    let inner = name.strip_prefix(TEMPORARY_START)?.strip_suffix(TEMPORARY_END)?;
    inner.rsplit_once('-').map(|(maker, _)| maker)
}

/// A file the program did not finish.
pub(super) fn is_temporary(name: &str) -> bool {
    name.starts_with(TEMPORARY_START) && name.ends_with(TEMPORARY_END)
}

/// A bare file name that an image can have on every system: it leads nowhere else, and is not `run.json`.
pub(super) fn is_image_name(name: &str) -> bool {
    !name.is_empty()
        && name.len() <= 255
        && !name.starts_with('.')
        && !name.eq_ignore_ascii_case(RUN_FILE)
        && name.chars().all(is_plain)
}

/// What file managers leave behind; nobody's image.
pub(super) fn is_litter(name: &str) -> bool {
    name.starts_with('.') || matches!(name.to_ascii_lowercase().as_str(), "thumbs.db" | "desktop.ini")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_bare_names_are_image_names() {
        for name in ["1.png", "1 (2).jpg", "狐.webp", "a b.bin"] {
            assert!(is_image_name(name), "{name}");
        }
        let long = "x".repeat(256);
        for name in [
            "",
            ".",
            "..",
            "../1.png",
            "/etc/passwd",
            "a/b",
            "..\\1.png",
            "C:1.png",
            "1.png:stream",
            "RUN.json",
            ".hidden",
            "a\0",
            "a\nb",
            &long,
        ] {
            assert!(!is_image_name(name), "{name:?}");
        }
    }

    #[test]
    fn the_bin_is_named_like_the_runs_and_leads_nowhere_else() {
        let root = Path::new("/pictures");
        let folder = bin_folder(root, Path::new("/pictures/2026-11/22 1305 a fox"));
        assert_eq!(folder, ["2026-11", "22 1305 a fox"]);
        let odd = bin_folder(root, Path::new("/pictures/..x/a:b"));
        assert!(bin_path(root, &format!("{}/1.png", odd.join("/"))).is_some(), "{odd:?}");
        let place = bin_path(root, "2026-11/22 1305 a fox/1.png").unwrap();
        assert!(place.ends_with(".proofsheet/bin/2026-11/22 1305 a fox/1.png"));
        for place in ["", "../x.png", "a/../../x", "/etc/passwd", "a//b", "a/b/c/d/e/f", "a/run.json", "a\\b"] {
            assert_eq!(bin_path(root, place), None, "{place:?}");
        }
    }

    #[test]
    fn unfinished_files_are_known_by_their_name() {
        let name = temporary("77-1", 3);
        assert!(is_temporary(&name));
        assert_eq!(maker(&name), Some("77-1"));
        assert!(!is_temporary("1.png") && !is_temporary(".proofsheet"));
    }
}
