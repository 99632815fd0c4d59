//! Reading a library, newest runs first, as far as one likes at a time: what is on the first screen is there at once,
//! however much lies behind it.

use std::path::PathBuf;

use super::{Library, exchange, lock};
use crate::domain::{ImageId, Run, RunId};
use crate::library::inbox::Lying;
use crate::library::layout;
use crate::library::scan::{Found, Walk, linked_folders, within};
use crate::library::schema;
use crate::library::shelf::Shelf;
use crate::message::LibrarySummary;

/// Problems told on opening; a broken disk could bring one for each of a hundred thousand folders.
pub(in crate::library) const PROBLEMS_MAX: usize = 100;

/// Half-written files remembered for sweeping; one comes from each program that was killed in the middle of a write.
const UNFINISHED_FILES_MAX: usize = 1_000;

/// How far reading has come.
pub(in crate::library) struct Reading {
    walk: Walk,
    /// Calls in the inbox when reading began.
    lying: Vec<Lying>,
    /// Files somebody did not finish.
    pub(in crate::library) unfinished_files: Vec<PathBuf>,
    problems: Vec<String>,
    untold: usize,
    is_done: bool,
}

impl Reading {
    pub(in crate::library) const fn new(walk: Walk, lying: Vec<Lying>) -> Self {
        Self { walk, lying, unfinished_files: Vec::new(), problems: Vec::new(), untold: 0, is_done: false }
    }

    fn tell(&mut self, problem: String) {
        if self.problems.len() < PROBLEMS_MAX {
            self.problems.push(problem);
        } else {
            self.untold += 1;
        }
    }
}

impl Library {
    /// Reads on until `most` more runs are known, or all; newest first, as far as the names of their folders tell. Nothing
    /// is written. Empty when there are no more.
    pub fn read_on(&self, most: usize) -> Vec<Run> {
        self.read_on_with(most, &mut |_, _| {})
    }

    /// The same, with the SHA-256 of every image whose file is there: asked for later, most runs rest and would be read
    /// once more.
    pub fn read_on_hashed(&self, most: usize) -> (Vec<Run>, Vec<(ImageId, String)>) {
        let mut hashes = Vec::new();
        let runs = self.read_on_with(most, &mut |run, shelf| hashes.extend(shelf.hashes(run)));
        (runs, hashes)
    }

    fn read_on_with(&self, most: usize, each: &mut dyn FnMut(RunId, &Shelf)) -> Vec<Run> {
        let reading = &mut *lock(&self.reading);
        let mut runs = Vec::new();
        while runs.len() < most && !reading.is_done {
            let mut come_by = None;
            let mut unfinished = Vec::new();
            let mut links = Vec::new();
            let room = UNFINISHED_FILES_MAX.saturating_sub(reading.unfinished_files.len());
            let went_on = reading.walk.step(&*self.disk, &mut |folder, entries, found| {
                let files = entries.iter().filter(|entry| entry.is_file);
                let names = files.filter(|entry| layout::is_temporary(&entry.name.to_string_lossy()));
                unfinished.extend(names.take(room).map(|entry| folder.join(&entry.name)));
                if found.is_none() {
                    links = linked_folders(&*self.disk, &self.root, folder, entries);
                }
                come_by = found;
            });
            reading.is_done = !went_on;
            reading.unfinished_files.extend(unfinished);
            for link in links {
                reading.tell(link);
            }
            match come_by {
                None => {}
                Some(Found::Unreadable(sentence)) => reading.tell(sentence),
                Some(Found::Run(id, shelf)) => runs.extend(self.found(reading, id, *shelf, each)),
            }
        }
        runs
    }

    /// All runs are known.
    pub fn is_read(&self) -> bool {
        lock(&self.reading).is_done
    }

    /// What could not be read so far, one sentence each; each is told once.
    pub fn problems(&self) -> Vec<String> {
        let reading = &mut *lock(&self.reading);
        let mut problems = std::mem::take(&mut reading.problems);
        let untold = std::mem::take(&mut reading.untold);
        if untold > 0 {
            problems.push(format!("And {untold} more problems. \"proofsheet check\" lists all of them"));
        }
        problems
    }

    /// A run was found; what is shown of it, when it was not known before.
    fn found(
        &self,
        reading: &mut Reading,
        id: RunId,
        mut shelf: Shelf,
        each: &mut dyn FnMut(RunId, &Shelf),
    ) -> Option<Run> {
        if shelf.record.is_newer() {
            let (why, folder) = (schema::newer_sentence(), within(&self.root, &shelf.folder));
            reading.tell(format!("A run is shown but cannot be changed: {why}: {folder}"));
        }
        shelf.show_calls(id, &reading.lying);
        let run = shelf.run().ok();
        let mut rack = lock(&self.rack);
        match rack.folder(id) {
            // Begun here while the library was being read.
            Some(first) if first == shelf.folder => return None,
            Some(first) => {
                let (first, second) = (within(&self.root, &first), within(&self.root, &shelf.folder));
                reading.tell(format!("A run is there twice; the second is not shown: {first} and {second}"));
                return None;
            }
            None => {}
        }
        exchange(&mut lock(&self.summary), LibrarySummary::default(), shelf.summary());
        each(id, &shelf);
        rack.put(id, shelf);
        run
    }
}

#[cfg(test)]
mod tests;
