//! Saving picks: byte-exact copies, or files of another format, at a place the person chose; the originals untouched.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use super::catalog::{Library, lock, unknown_image};
use super::disk::{Access, Kind, make_folders};
use super::trouble::disk_failure;
use super::{layout, write};
use crate::domain::{
    Failure, FailureKind, Format, ImageFacts, ImageId, LocalTime, NameFacts, NamePattern, Run, numbered,
};
use crate::message::{SaveTarget, SavedPicks};

/// Suffixes a person may have chosen on purpose; anything else after a dot is part of the name.
const SUFFIXES: [&str; 9] = ["png", "jpg", "jpeg", "jpe", "webp", "gif", "avif", "svg", "bin"];

type Encode = dyn Fn(&[u8]) -> Result<(Vec<u8>, bool), Failure>;

/// How a pick becomes a file of another format. The disk's room decodes nothing: it is handed whoever does.
#[derive(Clone, Copy)]
pub struct Recoding<'a> {
    /// The format wanted. What is of it already is copied.
    pub to: Format,
    /// Makes the new file of the old one; `true` when what was see-through stands on white now.
    pub encode: &'a Encode,
}

/// An image about to be copied.
struct Pick {
    from: PathBuf,
    /// The new file, when it is not to be copied.
    made: Option<Vec<u8>>,
    /// Of the new file.
    format: Format,
    flattened: bool,
    facts: ImageFacts,
    run: Run,
    image: ImageId,
}

impl Pick {
    fn source(&self) -> write::Source<'_> {
        self.made.as_deref().map_or(write::Source::File(&self.from), write::Source::Bytes)
    }
}

impl Library {
    /// Copies images to a place, byte for byte unless another format is wanted. What can be saved is saved; the rest are
    /// failures, one each.
    ///
    /// In a folder nothing is overwritten: taken names get numbers. A file's name has been agreed to in the dialog, so
    /// a file under it is replaced at once by the whole new one, unless it lies in a run's folder.
    pub fn save(
        &self,
        images: &[ImageId],
        target: &SaveTarget,
        pattern: &NamePattern,
        recoding: Option<Recoding<'_>>,
    ) -> SavedPicks {
        let mut saved = SavedPicks { files: Vec::new(), failures: Vec::new(), flattened: 0 };
        // Where the search for a free name goes on: a thousand equal names must not be tried from the start each time.
        let mut taken: BTreeMap<(String, &'static str), u32> = BTreeMap::new();
        for (place, image) in images.iter().enumerate() {
            let result = self.pick(*image).and_then(|pick| self.recode(pick, recoding)).and_then(|pick| {
                let path = match target {
                    SaveTarget::Folder(folder) => self.save_in(folder, &pick, pattern, &mut taken),
                    SaveTarget::File(path) if place == 0 => self.save_as(path, &pick),
                    SaveTarget::File(path) => self.save_beside(path, &pick),
                };
                Ok((path?, pick.flattened))
            });
            match result {
                Ok((path, flattened)) => {
                    saved.files.push(path);
                    saved.flattened += usize::from(flattened);
                }
                Err(failure) => saved.failures.push(failure),
            }
        }
        saved
    }

    fn pick(&self, image: ImageId) -> Result<Pick, Failure> {
        let shelf = self.shelf_or_why(image.run)?;
        let shelf = lock(&shelf);
        let stored = shelf.stored(image.slot).ok_or_else(unknown_image)?;
        let facts = stored.facts();
        let run = shelf.run().map_err(|_unreadable| unknown_image())?;
        let from = shelf.folder.join(&stored.file);
        match self.disk.look(&from) {
            Ok(look) if look.kind == Kind::File => {
                Ok(Pick { from, made: None, format: facts.format, flattened: false, facts, run, image })
            }
            Ok(_) => Err(unknown_image()),
            Err(error) => Err(disk_failure("The image cannot be read", &from, &error)),
        }
    }

    /// Makes the new file, when the pick is not of the wanted format already.
    fn recode(&self, pick: Pick, recoding: Option<Recoding<'_>>) -> Result<Pick, Failure> {
        let Some(Recoding { to, encode }) = recoding.filter(|recoding| recoding.to != pick.format) else {
            return Ok(pick);
        };
        let (made, flattened) = encode(&self.read_image(pick.image)?)?;
        Ok(Pick { made: Some(made), format: to, flattened, ..pick })
    }

    fn save_in(
        &self,
        folder: &Path,
        pick: &Pick,
        pattern: &NamePattern,
        taken: &mut BTreeMap<(String, &'static str), u32>,
    ) -> Result<PathBuf, Failure> {
        let stem = pattern.stem(&self.name_facts(pick));
        let suffix = pick.format.suffix();
        let next = taken.entry((stem.clone(), suffix)).or_insert(1);
        let (path, attempt) = self.copy(folder, (&stem, suffix), pick, *next)?;
        *next = attempt + 1;
        Ok(path)
    }

    /// Saves under exactly this name when its suffix is a picture's, and of a file made anew its own; otherwise under the
    /// name with a suffix added, about which nobody has been asked: so nothing is overwritten then.
    fn save_as(&self, path: &Path, pick: &Pick) -> Result<PathBuf, Failure> {
        let (Some(folder), Some(name)) = (path.parent(), path.file_name()) else { return Err(no_name(path)) };
        let agreed = path
            .extension()
            .and_then(OsStr::to_str)
            .filter(|suffix| pick.made.is_none() || Format::from_word(suffix) == pick.format)
            .is_some_and(|suffix| SUFFIXES.iter().any(|known| known.eq_ignore_ascii_case(suffix)));
        if !agreed {
            return self.save_beside(path, pick);
        }
        let folder = usual_folder(folder);
        make_folders(&*self.disk, folder, Access::Usual).map_err(|error| not_saved(folder, &error))?;
        match self.disk.look(path) {
            Ok(look) if look.kind == Kind::File && self.is_run_folder(folder) => Err(Failure::free(
                FailureKind::Disk,
                "This file is an original in the library, where nothing is overwritten. Choose another name or folder.",
            )),
            Ok(look) if look.kind == Kind::Folder => Err(no_name(path)),
            _ => write::copy_over(&*self.disk, pick.source(), folder, Path::new(name))
                .map(|()| path.to_owned())
                .map_err(|error| not_saved(path, &error)),
        }
    }

    fn save_beside(&self, path: &Path, pick: &Pick) -> Result<PathBuf, Failure> {
        let (Some(folder), Some(name)) = (path.parent(), path.file_name()) else { return Err(no_name(path)) };
        let name = name.to_string_lossy();
        let known = SUFFIXES.iter().find_map(|suffix| name.strip_suffix(suffix)?.strip_suffix('.'));
        self.copy(usual_folder(folder), (known.unwrap_or(&name), pick.format.suffix()), pick, 1).map(|(path, _)| path)
    }

    fn copy(&self, folder: &Path, name: (&str, &str), pick: &Pick, attempt: u32) -> Result<(PathBuf, u32), Failure> {
        make_folders(&*self.disk, folder, Access::Usual)
            .and_then(|()| write::copy(&*self.disk, pick.source(), folder, name, attempt))
            .map(|(name, attempt)| (folder.join(name), attempt))
            .map_err(|error| not_saved(&folder.join(numbered(name.0, attempt)), &error))
    }

    /// A run's folder, of this library or another.
    fn is_run_folder(&self, folder: &Path) -> bool {
        self.disk.look(&folder.join(layout::RUN_FILE)).is_ok()
    }

    fn name_facts(&self, pick: &Pick) -> NameFacts {
        let time = LocalTime::new(pick.run.made_at, &self.zone);
        let request = &pick.run.request;
        let size = match (pick.facts.width, pick.facts.height) {
            (0, _) | (_, 0) => request.size.map(|size| size.to_string()).unwrap_or_default(),
            (width, height) => format!("{width}x{height}"),
        };
        NameFacts {
            date: time.day(),
            time: time.clock().replace(':', ""),
            prompt: request.prompt.as_str().to_owned(),
            model: request.model.as_str().to_owned(),
            size,
            n: u32::from(pick.image.slot) + 1,
        }
    }
}

/// A bare name's folder is the current one.
fn usual_folder(folder: &Path) -> &Path {
    if folder.as_os_str().is_empty() { Path::new(".") } else { folder }
}

fn not_saved(path: &Path, error: &std::io::Error) -> Failure {
    disk_failure("A pick could not be saved; its original is safe in the library", path, error)
}

fn no_name(path: &Path) -> Failure {
    Failure::free(FailureKind::Disk, "This is a folder, not a file name. Choose a name.")
        .with_detail(super::trouble::shown_path(path))
}

#[cfg(test)]
mod tests;
