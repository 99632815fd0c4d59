//! Reports of this program's own failures: a few small files in the state folder, told of once.

use std::io;
use std::path::{Path, PathBuf};

use super::super::disk::{Access, Disk, RealDisk, make_folders};
use super::super::write;

/// A report is cut here: a backtrace with its frames, several times over.
const REPORT_MAX_BYTES: usize = 64 << 10;

/// Reports nobody was told of yet. A program that fails at each start must not fill the disk.
const UNTOLD_MAX: usize = 5;

/// Reports kept after somebody was told of them.
const TOLD_MAX: usize = 10;

/// The folder, below that of all reports, of those nobody was told of.
const UNTOLD: &str = "new";

/// What reports end with: every system opens it.
const SUFFIX: &str = "txt";

/// The reports in a state folder.
#[derive(Clone, Debug)]
pub struct CrashReports {
    folder: PathBuf,
}

impl CrashReports {
    /// The reports in this state folder.
    pub fn new(state: &Path) -> Self {
        Self { folder: state.join("crashes") }
    }

    /// Where they are.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Writes one down; answers with its file, and with none when that cannot be: there is nobody left to complain to.
    pub fn keep(&self, stem: &str, text: &str) -> Option<PathBuf> {
        let folder = self.folder.join(UNTOLD);
        make_folders(&RealDisk, &self.folder, Access::Private).ok()?;
        make_folders(&RealDisk, &folder, Access::Private).ok()?;
        if reports(&RealDisk, &folder).ok()?.len() >= UNTOLD_MAX {
            return None;
        }
        let end = text.floor_char_boundary(REPORT_MAX_BYTES.min(text.len()));
        let cut = text.get(..end).unwrap_or_default();
        let name = write::add(&RealDisk, &write::process(), &folder, (stem, SUFFIX), cut.as_bytes()).ok()?;
        Some(folder.join(name))
    }

    /// How many there are that nobody was told of. From now on they count as told; of those the oldest go.
    pub fn take_untold(&self) -> usize {
        let untold = self.folder.join(UNTOLD);
        let names = reports(&RealDisk, &untold).unwrap_or_default();
        for name in &names {
            let stem = name.strip_suffix(SUFFIX).unwrap_or(name).trim_end_matches('.');
            // One that cannot be moved is told of again.
            drop(write::set_aside(&RealDisk, &untold.join(name), &self.folder, stem, SUFFIX));
        }
        let told = reports(&RealDisk, &self.folder).unwrap_or_default();
        for name in told.iter().take(told.len().saturating_sub(TOLD_MAX)) {
            drop(RealDisk.remove_file(&self.folder.join(name)));
        }
        names.len()
    }
}

/// The reports in a folder, oldest first: their names begin with the day.
fn reports(disk: &dyn Disk, folder: &Path) -> io::Result<Vec<String>> {
    let names = match disk.list(folder) {
        Ok(entries) => {
            entries.into_iter().filter(|entry| entry.is_file).filter_map(|entry| entry.name.into_string().ok())
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    Ok(names.filter(|name| name.ends_with(SUFFIX)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stem(number: usize) -> String {
        format!("2026-11-22 1305{number:02}")
    }

    #[test]
    fn a_report_is_told_of_once_and_stays_to_be_read() {
        let state = tempfile::tempdir().unwrap();
        let reports = CrashReports::new(state.path());
        assert_eq!(reports.take_untold(), 0);
        let file = reports.keep(&stem(1), "what happened").unwrap();
        assert_eq!(std::fs::read_to_string(&file).unwrap(), "what happened");
        assert_eq!((reports.take_untold(), reports.take_untold()), (1, 0));
        let kept = reports.folder().join(file.file_name().unwrap());
        assert_eq!(std::fs::read_to_string(kept).unwrap(), "what happened");
    }

    #[test]
    fn reports_are_few_and_small_and_the_newest_stay() {
        let state = tempfile::tempdir().unwrap();
        let reports = CrashReports::new(state.path());
        let long = "ä".repeat(REPORT_MAX_BYTES);
        for number in 0..30 {
            let kept = reports.keep(&stem(number), &long);
            assert_eq!(kept.is_some(), number % 6 < UNTOLD_MAX, "{number}");
            if number % 6 == UNTOLD_MAX {
                assert_eq!(reports.take_untold(), UNTOLD_MAX);
            }
        }
        let names = super::reports(&RealDisk, reports.folder()).unwrap();
        assert_eq!(names.len(), TOLD_MAX);
        assert_eq!(names.last().map(String::as_str), Some("2026-11-22 130528.txt"));
        for name in names {
            let size = std::fs::metadata(reports.folder().join(name)).unwrap().len();
            assert!(size <= REPORT_MAX_BYTES as u64 && size > 0, "{size}");
        }
    }

    #[test]
    fn no_room_for_reports_is_no_second_failure() {
        let state = tempfile::tempdir().unwrap();
        std::fs::write(state.path().join("crashes"), "a file where the folder should be").unwrap();
        let reports = CrashReports::new(state.path());
        assert_eq!(reports.keep(&stem(1), "what happened"), None);
        assert_eq!(reports.take_untold(), 0);
    }
}
