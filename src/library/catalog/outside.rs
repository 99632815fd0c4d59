//! What other programs did to a library while it is open here: looked for when somebody asks, and taken in.
//!
//! A look costs little, so that it can be taken whenever the person comes back to the window: one question to the disk for
//! each run at hand and each folder of runs, and a folder is listed only when something in it came or went.

use std::cell::LazyCell;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use super::{Held, Library, exchange, lock};
use crate::domain::{Run, RunId};
use crate::library::disk::{Kind, Look};
use crate::library::inbox::Lying;
use crate::library::layout;
use crate::library::scan::{Found, look_again, read_run};
use crate::library::shelf::Shelf;
use crate::message::LibrarySummary;

/// New runs taken in by one look: the window takes them in within a millisecond. The next look takes the next.
const NEW_MAX: usize = 256;

/// A folder that changed so lately may change again within one tick of its disk's clock: it is listed next time, too.
const SETTLED: Duration = Duration::from_secs(3);

/// Folders that hold no run themselves, as they were when they were last listed. `None`: to be listed.
#[derive(Debug, Default)]
pub(in crate::library) struct Outside(BTreeMap<PathBuf, Option<Look>>);

impl Library {
    /// The runs that other programs changed, added or put elsewhere since they were read, as they are now, and those whose
    /// files are back. Only runs at hand are looked at, which are the newest and those last used; others are read anew when
    /// they are used. What waits for images of this program is left alone.
    ///
    /// Nothing is written. Nothing is found before the library was read, nor when its folder is away.
    pub fn look_around(&self) -> Vec<Run> {
        let is_there = self.disk.look(&self.root).is_ok_and(|look| look.kind == Kind::Folder);
        if !is_there || !self.is_read() {
            return Vec::new();
        }
        let lying = self.inbox.lying();
        // What waits for an image is told when that is there: until then the window goes by the call's own events.
        let waits = |run: &RunId| self.shelf(*run).is_some_and(|shelf| lock(&shelf).waits_here());
        let all = std::mem::take(&mut *lock(&self.taken_in));
        let (waiting, taken_in): (BTreeSet<RunId>, BTreeSet<RunId>) = all.into_iter().partition(waits);
        lock(&self.taken_in).extend(waiting);
        let at_hand: Vec<RunId> = lock(&self.rack).at_hand().filter(|run| !taken_in.contains(run)).collect();
        let mut changed: Vec<Run> = taken_in.into_iter().filter_map(|run| self.run(run)).collect();
        changed.extend(at_hand.into_iter().filter_map(|run| self.look_at(run, &lying)));
        changed.extend(self.look_for_more(&lying));
        changed
    }

    /// The run, when it is not what it was.
    fn look_at(&self, run: RunId, lying: &[Lying]) -> Option<Run> {
        let shelf = self.shelf(run)?;
        let mut held = lock(&shelf);
        if !held.may_be_otherwise() && held.seen.is_some() && held.seen == self.seen(&held) {
            return None;
        }
        if held.waits_here() {
            return None;
        }
        let mut now = look_again(&*self.disk, &self.root, &held.folder).ok()?;
        if now.record.id != held.record.id {
            // Another run was put into its folder by hand.
            return None;
        }
        if !held.is_shared() {
            now.wait_as(&held);
        }
        now.show_calls(run, lying);
        let (before, after) = (held.run().ok(), now.run().ok()?);
        exchange(&mut lock(&self.summary), held.summary(), now.summary());
        *held = now;
        (before.as_ref() != Some(&after)).then_some(after)
    }

    /// Runs in folders that were not there before.
    fn look_for_more(&self, lying: &[Lying]) -> Vec<Run> {
        let Outside(folders) = &mut *lock(&self.outside);
        // Of many thousand runs that is long: only when a folder has changed.
        let known = LazyCell::new(|| self.run_folders());
        let mut ahead: Vec<PathBuf> = folders.keys().cloned().collect();
        if ahead.is_empty() {
            ahead.push(self.root.clone());
        }
        let mut more = Vec::new();
        while let Some(folder) = ahead.pop() {
            // Before it is listed: what comes meanwhile is then seen as new.
            let Ok(look) = self.disk.look(&folder) else {
                folders.remove(&folder);
                continue;
            };
            if folders.get(&folder) == Some(&Some(look)) {
                continue;
            }
            let Ok(entries) = self.disk.list(&folder) else { continue };
            if folder != self.root && entries.iter().any(|entry| entry.name == layout::RUN_FILE) {
                folders.remove(&folder);
                if more.len() == NEW_MAX {
                    // The folders around what is left are listed again by the next look.
                    let left = [folder].into_iter().chain(ahead).filter(|folder| *folder != self.root);
                    folders.extend(left.filter_map(|folder| Some((folder.parent()?.to_owned(), None))));
                    break;
                }
                if let Found::Run(id, shelf) = read_run(&*self.disk, &self.root, &folder, &entries) {
                    more.extend(self.take_in(id, *shelf, lying));
                }
                continue;
            }
            let has_room = folder.strip_prefix(&self.root).is_ok_and(|below| below.iter().count() < layout::DEPTH_MAX);
            let below = entries.iter().filter(|entry| has_room && entry.is_folder);
            let names = below.map(|entry| &entry.name).filter(|name| !name.to_string_lossy().starts_with('.'));
            let new = names.map(|name| folder.join(name));
            ahead.extend(new.filter(|path| !known.contains(path) && !folders.contains_key(path)));
            folders.insert(folder, is_settled(look).then_some(look));
        }
        more
    }

    /// The folders of all runs.
    fn run_folders(&self) -> BTreeSet<PathBuf> {
        let (mut resting, at_hand) = {
            let rack = lock(&self.rack);
            let at_hand: Vec<Held> = rack.at_hand().filter_map(|run| rack.held(run)).collect();
            (rack.resting().collect::<BTreeSet<_>>(), at_hand)
        };
        // Whoever writes to one may have it for a while: nobody else waits for that.
        resting.extend(at_hand.iter().map(|held| lock(held).folder.clone()));
        resting
    }

    /// A run in a folder that was not known; `None` when it is a copy of one that is there.
    fn take_in(&self, id: RunId, mut shelf: Shelf, lying: &[Lying]) -> Option<Run> {
        let is_there = |folder: &Path| self.disk.look(&folder.join(layout::RUN_FILE)).is_ok();
        let (known, at_hand) = {
            let rack = lock(&self.rack);
            (rack.folder(id), rack.held(id))
        };
        if known.as_deref().is_some_and(is_there) {
            return None;
        }
        if let Some(held) = at_hand {
            let held = lock(&held);
            // It was put elsewhere while images of it come in.
            if !held.is_shared() {
                shelf.wait_as(&held);
            }
        }
        shelf.show_calls(id, lying);
        if shelf.is_cut_short() {
            // Its call may have begun since the look did: rows are written before their runs.
            shelf.show_calls(id, &self.inbox.lying());
        }
        let run = shelf.run().ok()?;
        let after = shelf.summary();
        let before = {
            let mut rack = lock(&self.rack);
            let at_hand = rack.held(id);
            if known.is_none() && rack.place(id).is_some() {
                // Begun here this moment.
                return None;
            }
            rack.put(id, shelf);
            at_hand
        };
        // It was put elsewhere, or named anew.
        let before = match before {
            Some(held) => lock(&held).summary(),
            None if known.is_some() => after,
            None => LibrarySummary::default(),
        };
        exchange(&mut lock(&self.summary), before, after);
        Some(run)
    }
}

fn is_settled(look: Look) -> bool {
    let since = look.modified.and_then(|modified| SystemTime::now().duration_since(modified).ok());
    since.is_some_and(|since| since > SETTLED)
}

#[cfg(test)]
mod tests;
