//! The one door to the operating system's files: a small trait, so that a double can make any step fail.

use std::ffi::OsString;
use std::fs::{self, DirBuilder, File, FileType, OpenOptions};
use std::io::{self, Read, Write};
use std::path::Path;
use std::time::SystemTime;

use super::lock::{self, Lock};

/// What stands under a name; links are not followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A regular file.
    File,
    /// A folder.
    Folder,
    /// A link, pipe, socket or device: never opened.
    Other,
}

impl Kind {
    fn of(kind: FileType) -> Self {
        if kind.is_file() {
            Self::File
        } else if kind.is_dir() {
            Self::Folder
        } else {
            Self::Other
        }
    }
}

/// What is known about a name without opening it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Look {
    /// What it is.
    pub(super) kind: Kind,
    /// Length in bytes, for a file.
    pub(super) size_bytes: u64,
    /// When it was last written, where the file system says so.
    pub(super) modified: Option<SystemTime>,
}

/// One name in a folder.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Entry {
    /// The bare name.
    pub(super) name: OsString,
    /// It is a folder.
    pub(super) is_folder: bool,
    /// It is a regular file.
    pub(super) is_file: bool,
}

/// Who may read what is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Access {
    /// As the person's other files.
    Usual,
    /// The person alone, where the system knows such a thing.
    Private,
}

/// A file being written. Dropping it closes it.
pub(super) trait NewFile: Write + Send {
    /// Returns once the bytes are on the disk. After an error the file must be given up: asking again proves nothing.
    fn sync(&mut self) -> io::Result<()>;
}

/// Every step the library takes on a disk, each of which can fail.
pub(super) trait Disk: Send + Sync {
    /// Makes one folder; fails when the name is taken.
    fn make_folder(&self, path: &Path, access: Access) -> io::Result<()>;
    /// Opens a file that was not there before.
    fn create_new(&self, path: &Path, access: Access) -> io::Result<Box<dyn NewFile>>;
    /// Opens a file to go on after its first `keep_bytes` bytes; what stood behind them is cut off.
    fn go_on(&self, path: &Path, keep_bytes: u64) -> io::Result<Box<dyn NewFile>>;
    /// Copies a file's bytes to a name that was not there before; returns how many.
    fn copy_new(&self, from: &Path, to: &Path) -> io::Result<u64>;
    /// Renames; fails with [`io::ErrorKind::AlreadyExists`] when the new name is taken.
    fn rename_no_clobber(&self, from: &Path, to: &Path) -> io::Result<()>;
    /// Renames over a file that may be there.
    fn replace(&self, from: &Path, to: &Path) -> io::Result<()>;
    /// Removes a file.
    fn remove_file(&self, path: &Path) -> io::Result<()>;
    /// Removes a folder with nothing in it.
    fn remove_empty_folder(&self, path: &Path) -> io::Result<()>;
    /// Moves a file into the system's trash.
    fn trash(&self, path: &Path) -> io::Result<()>;
    /// Returns once new names in the folder are on the disk.
    fn sync_folder(&self, path: &Path) -> io::Result<()>;
    /// Opens a file for reading. Look first: a pipe would wait for ever.
    fn open(&self, path: &Path) -> io::Result<Box<dyn Read + Send>>;
    /// Opens a written file once more, only to sync it.
    fn sync_file(&self, path: &Path) -> io::Result<()>;
    /// What stands under a name.
    fn look(&self, path: &Path) -> io::Result<Look>;
    /// The names in a folder, sorted.
    fn list(&self, path: &Path) -> io::Result<Vec<Entry>>;
    /// Takes the lock a file stands for, and makes the file; `None` when somebody else holds it.
    fn lock(&self, path: &Path) -> io::Result<Option<Lock>>;
    /// Somebody holds the lock a file stands for. Makes nothing.
    fn is_locked(&self, path: &Path) -> bool;
    /// Bytes that can still be written below a folder.
    fn free_bytes(&self, path: &Path) -> io::Result<u64>;
}

/// Makes a folder and those above it; fine when it is there already.
pub(super) fn make_folders(disk: &dyn Disk, path: &Path, access: Access) -> io::Result<()> {
    match disk.make_folder(path, access) {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let Some(parent) = path.parent().filter(|parent| !parent.as_os_str().is_empty()) else {
                return Err(error);
            };
            make_folders(disk, parent, Access::Usual)?;
            disk.make_folder(path, access)
        }
        // A link to a folder is fine here: people put their pictures on other disks that way.
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => disk.list(path).map(drop),
        Err(error) => Err(error),
    }
}

/// A whole regular file of at most `max_bytes`.
pub(super) fn read_all(disk: &dyn Disk, path: &Path, max_bytes: u64) -> io::Result<Vec<u8>> {
    let look = disk.look(path)?;
    if look.kind != Kind::File {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is not a file"));
    }
    let mut bytes = Vec::with_capacity(usize::try_from(look.size_bytes.min(max_bytes)).unwrap_or_default());
    disk.open(path)?.take(max_bytes.saturating_add(1)).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > max_bytes {
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, "it is too large"));
    }
    Ok(bytes)
}

/// The first bytes of a regular file, and the length of all of it.
pub(super) fn read_beginning(disk: &dyn Disk, path: &Path, max_bytes: u64) -> io::Result<(Vec<u8>, u64)> {
    let look = disk.look(path)?;
    if look.kind != Kind::File {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is not a file"));
    }
    let mut bytes = Vec::new();
    disk.open(path)?.take(max_bytes).read_to_end(&mut bytes)?;
    Ok((bytes, look.size_bytes))
}

/// The computer's own disks.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct RealDisk;

impl NewFile for File {
    fn sync(&mut self) -> io::Result<()> {
        self.sync_all()
    }
}

impl Disk for RealDisk {
    fn make_folder(&self, path: &Path, access: Access) -> io::Result<()> {
        #[cfg(unix)]
        let builder = {
            let mut builder = DirBuilder::new();
            if access == Access::Private {
                std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
            }
            builder
        };
        #[cfg(not(unix))]
        let (builder, _private_by_place) = (DirBuilder::new(), access);
        builder.create(path)
    }

    fn create_new(&self, path: &Path, access: Access) -> io::Result<Box<dyn NewFile>> {
        Ok(Box::new(create_new(path, access)?))
    }

    fn go_on(&self, path: &Path, keep_bytes: u64) -> io::Result<Box<dyn NewFile>> {
        let file = OpenOptions::new().append(true).open(path)?;
        if file.metadata()?.len() > keep_bytes {
            file.set_len(keep_bytes)?;
        }
        Ok(Box::new(file))
    }

    fn copy_new(&self, from: &Path, to: &Path) -> io::Result<u64> {
        let mut target = create_new(to, Access::Usual)?;
        if cfg!(target_os = "linux") {
            // The kernel copies, and shares the blocks where it can. No rights are copied: FAT refuses that.
            io::copy(&mut File::open(from)?, &mut target)
        } else {
            drop(target);
            fs::copy(from, to)
        }
    }

    fn rename_no_clobber(&self, from: &Path, to: &Path) -> io::Result<()> {
        let mut kept = tempfile::TempPath::try_from_path(from)?;
        kept.disable_cleanup(true);
        match kept.persist_noclobber(to) {
            Ok(()) => Ok(()),
            // File systems without hard links (exFAT, some shares) do not know this kind of rename at all.
            Err(refused) if is_unknown_operation(&refused.error) => reserve_and_rename(from, to),
            Err(refused) => Err(refused.error),
        }
    }

    fn replace(&self, from: &Path, to: &Path) -> io::Result<()> {
        fs::rename(from, to)
    }

    fn remove_file(&self, path: &Path) -> io::Result<()> {
        fs::remove_file(path)
    }

    fn remove_empty_folder(&self, path: &Path) -> io::Result<()> {
        fs::remove_dir(path)
    }

    fn trash(&self, path: &Path) -> io::Result<()> {
        #[cfg_attr(not(target_os = "macos"), expect(unused_mut, reason = "only macOS has a choice"))]
        let mut trash = trash::TrashContext::new();
        #[cfg(target_os = "macos")]
        {
            use trash::macos::{DeleteMethod, TrashContextExtMacos as _};
            // The other way asks the Finder, which may wait for two minutes.
            trash.set_delete_method(DeleteMethod::NsFileManager);
        }
        trash.delete(path).map_err(|error| io::Error::other(error.to_string()))
    }

    fn sync_folder(&self, path: &Path) -> io::Result<()> {
        if cfg!(not(unix)) {
            // Windows has no such call; its journal keeps renames in order.
            return Ok(());
        }
        match File::open(path)?.sync_all() {
            // Some file systems cannot sync folders; nothing better is to be had there.
            Err(error) if matches!(error.kind(), io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported) => Ok(()),
            result => result,
        }
    }

    fn open(&self, path: &Path) -> io::Result<Box<dyn Read + Send>> {
        Ok(Box::new(File::open(path)?))
    }

    fn sync_file(&self, path: &Path) -> io::Result<()> {
        OpenOptions::new().append(true).open(path)?.sync_all()
    }

    fn look(&self, path: &Path) -> io::Result<Look> {
        let facts = fs::symlink_metadata(path)?;
        let (kind, modified) = (Kind::of(facts.file_type()), facts.modified().ok());
        Ok(Look { kind, size_bytes: facts.len(), modified })
    }

    fn list(&self, path: &Path) -> io::Result<Vec<Entry>> {
        let mut entries = Vec::new();
        for entry in fs::read_dir(path)? {
            let entry = entry?;
            let kind = Kind::of(entry.file_type()?);
            let (is_folder, is_file) = (kind == Kind::Folder, kind == Kind::File);
            entries.push(Entry { name: entry.file_name(), is_folder, is_file });
        }
        entries.sort();
        Ok(entries)
    }

    fn lock(&self, path: &Path) -> io::Result<Option<Lock>> {
        lock::take(path)
    }

    fn is_locked(&self, path: &Path) -> bool {
        lock::is_taken(path)
    }

    fn free_bytes(&self, path: &Path) -> io::Result<u64> {
        fs4::available_space(path)
    }
}

fn create_new(path: &Path, access: Access) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    if access == Access::Private {
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    }
    #[cfg(not(unix))]
    let _private_by_place = access;
    options.open(path)
}

fn is_unknown_operation(error: &io::Error) -> bool {
    use io::ErrorKind::{InvalidInput, PermissionDenied, Unsupported};
    matches!(error.kind(), InvalidInput | PermissionDenied | Unsupported)
}

/// Takes the name with an empty file of our own, then renames over it.
fn reserve_and_rename(from: &Path, to: &Path) -> io::Result<()> {
    drop(create_new(to, Access::Usual)?);
    fs::rename(from, to).inspect_err(|_| {
        fs::remove_file(to).ok();
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn renaming_never_takes_a_name_that_is_taken() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        for rename in [|from: &Path, to: &Path| RealDisk.rename_no_clobber(from, to), reserve_and_rename] {
            fs::write(path("new"), "new").unwrap();
            fs::write(path("old"), "old").unwrap();
            let error = rename(&path("new"), &path("old")).unwrap_err();
            assert_eq!(error.kind(), io::ErrorKind::AlreadyExists);
            assert_eq!(fs::read(path("old")).unwrap(), b"old");
            assert_eq!(fs::read(path("new")).unwrap(), b"new");
            rename(&path("new"), &path("free")).unwrap();
            assert_eq!(fs::read(path("free")).unwrap(), b"new");
            assert!(!path("new").exists());
            fs::remove_file(path("free")).unwrap();
        }
    }

    #[test]
    fn a_failed_rename_leaves_no_empty_file() {
        let folder = tempfile::tempdir().unwrap();
        let to = folder.path().join("to");
        assert!(reserve_and_rename(&folder.path().join("nothing"), &to).is_err());
        assert!(!to.exists());
    }

    #[cfg(unix)]
    #[test]
    fn links_and_pipes_are_never_opened() {
        let folder = tempfile::tempdir().unwrap();
        let link = folder.path().join("link");
        std::os::unix::fs::symlink("/etc/hostname", &link).unwrap();
        assert_eq!(RealDisk.look(&link).unwrap().kind, Kind::Other);
        assert!(read_all(&RealDisk, &link, 100).is_err());
        let pipe = folder.path().join("pipe");
        assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        assert!(read_all(&RealDisk, &pipe, 100).is_err());
    }

    #[test]
    fn too_much_is_not_read() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        fs::write(&file, "12345").unwrap();
        assert_eq!(read_all(&RealDisk, &file, 5).unwrap(), b"12345");
        assert_eq!(read_all(&RealDisk, &file, 4).unwrap_err().kind(), io::ErrorKind::FileTooLarge);
    }

    #[cfg(unix)]
    #[test]
    fn private_files_are_for_their_owner_alone() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let (own, file) = (folder.path().join("own"), folder.path().join("own/file"));
        make_folders(&RealDisk, &own, Access::Private).unwrap();
        drop(RealDisk.create_new(&file, Access::Private).unwrap());
        assert_eq!(fs::metadata(own).unwrap().permissions().mode() & 0o077, 0);
        assert_eq!(fs::metadata(file).unwrap().permissions().mode() & 0o077, 0);
    }
}
