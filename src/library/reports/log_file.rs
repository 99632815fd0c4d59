//! The file the log goes to: cut off before it grows, a few older ones beside it, and never in anybody's way.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::PathBuf;

use super::super::disk::{Access, RealDisk, make_folders};

/// A file of the log is at most this large: a mail takes it, an editor opens it.
const FILE_MAX_BYTES: u64 = 2 << 20;

/// Files kept, with the one being written: some weeks of work.
const FILES_MAX: u32 = 5;

/// A line is cut here: what is longer was not meant for a log.
const LINE_MAX_BYTES: usize = 8 << 10;

/// The log's file. Where it cannot be written it stays silent: no work waits for a log, and no person is told about it.
///
/// Not through the library's own door to the disk: a log is added to, never synced, and may lose its end.
pub struct LogFile {
    folder: PathBuf,
    file_max_bytes: u64,
    open: Option<(File, u64)>,
}

impl LogFile {
    /// The log in this folder, which is made when it is not there.
    pub fn open(folder: PathBuf) -> Self {
        Self::with_limit(folder, FILE_MAX_BYTES)
    }

    fn with_limit(folder: PathBuf, file_max_bytes: u64) -> Self {
        let open = make_folders(&RealDisk, &folder, Access::Private).and_then(|()| append_to(&folder.join(name(0))));
        Self { folder, file_max_bytes, open: open.ok() }
    }

    /// Each file moves up one number, the last one goes, and a new one begins.
    fn turn(&mut self) {
        self.open = None;
        let path = |number| self.folder.join(name(number));
        // What cannot be moved or removed is written over or stays; the limit below holds all the same.
        drop(fs::remove_file(path(FILES_MAX - 1)));
        for number in (0..FILES_MAX - 1).rev() {
            drop(fs::rename(path(number), path(number + 1)));
        }
        self.open = append_to(&path(0)).ok().filter(|(_, size)| *size < self.file_max_bytes);
    }
}

/// `proofsheet.log`, `proofsheet.1.log`, the older the higher.
fn name(number: u32) -> String {
    if number == 0 { "proofsheet.log".to_owned() } else { format!("proofsheet.{number}.log") }
}

fn append_to(path: &std::path::Path) -> io::Result<(File, u64)> {
    let mut options = OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    let file = options.open(path)?;
    let size = file.metadata()?.len();
    Ok((file, size))
}

impl Write for LogFile {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let kept = line.get(..LINE_MAX_BYTES).unwrap_or(line);
        if self.open.as_ref().is_some_and(|(_, size)| size + kept.len() as u64 > self.file_max_bytes) {
            self.turn();
        }
        if let Some((file, size)) = &mut self.open {
            match file.write_all(kept) {
                Ok(()) => *size += kept.len() as u64,
                Err(_) => self.open = None,
            }
        }
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_log_stays_within_its_limit_and_keeps_the_newest() {
        let folder = tempfile::tempdir().unwrap();
        let mut log = LogFile::with_limit(folder.path().join("log"), 1_000);
        for number in 0..1_000 {
            writeln!(log, "line {number:04} with some words").unwrap();
        }
        drop(log);
        let mut files: Vec<PathBuf> =
            fs::read_dir(folder.path().join("log")).unwrap().map(|entry| entry.unwrap().path()).collect();
        files.sort();
        assert_eq!(files.len(), FILES_MAX as usize);
        assert!(files.iter().all(|file| fs::metadata(file).unwrap().len() <= 1_000));
        let newest = fs::read_to_string(folder.path().join("log/proofsheet.log")).unwrap();
        assert!(newest.contains("line 0999"), "{newest}");
    }

    #[test]
    fn a_second_start_goes_on_where_the_first_ended() {
        let folder = tempfile::tempdir().unwrap();
        for words in ["first\n", "second\n"] {
            LogFile::open(folder.path().to_owned()).write_all(words.as_bytes()).unwrap();
        }
        assert_eq!(fs::read_to_string(folder.path().join("proofsheet.log")).unwrap(), "first\nsecond\n");
    }

    #[test]
    fn a_log_that_cannot_be_written_is_nobodys_trouble() {
        let folder = tempfile::tempdir().unwrap();
        let taken = folder.path().join("log");
        fs::write(&taken, "a file where the folder should be").unwrap();
        let mut log = LogFile::open(taken);
        log.write_all(b"words").unwrap();
    }

    #[test]
    fn a_line_without_end_is_cut() {
        let folder = tempfile::tempdir().unwrap();
        LogFile::open(folder.path().to_owned()).write_all(&vec![b'x'; LINE_MAX_BYTES * 3]).unwrap();
        let written = fs::metadata(folder.path().join("proofsheet.log")).unwrap().len();
        assert_eq!(written, LINE_MAX_BYTES as u64);
    }
}
