//! Which calls are under way, and how to stop them.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU16, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio_util::sync::CancellationToken;

use crate::domain::{Call, ImageId, RunId};

/// Calls under way or waiting, of all runs: a hundred runs of ten. More is a mistake, and an expensive one.
const CALLS_MAX: usize = 1_000;

/// Every call that is not finished.
#[derive(Debug, Default)]
pub(super) struct Jobs(Mutex<Live>);

#[derive(Debug, Default)]
struct Live {
    runs: BTreeMap<RunId, LiveRun>,
    last_number: u64,
}

#[derive(Debug)]
struct LiveRun {
    calls: BTreeMap<u64, LiveCall>,
    next_extra: Arc<AtomicU16>,
}

#[derive(Debug)]
struct LiveCall {
    ask: u64,
    slots: Vec<u16>,
    cancel: CancellationToken,
}

/// A call that was entered into the list.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    /// Its number, to take it off the list again.
    number: u64,
    /// Which Generate it belongs to.
    ask: u64,
    /// The places it fills.
    pub(super) slots: Vec<u16>,
    /// Stops it.
    pub(super) cancel: CancellationToken,
    /// The place the next image gets that nobody asked for; shared by all calls of the run.
    pub(super) next_extra: Arc<AtomicU16>,
}

impl Jobs {
    /// Enters the calls of one Generate; `None` when too many wait already. `places` is how many the run has so far.
    pub(super) fn begin(&self, run: RunId, places: usize, calls: Vec<Call>) -> Option<Vec<Entry>> {
        self.enter(run, places, calls, None)
    }

    /// Enters further calls for the Generate that `entry` belongs to; `None` when too many wait already.
    pub(super) fn begin_more(&self, run: RunId, entry: &Entry, calls: Vec<Call>) -> Option<Vec<Entry>> {
        self.enter(run, 0, calls, Some(entry.ask))
    }

    fn enter(&self, run: RunId, places: usize, calls: Vec<Call>, ask: Option<u64>) -> Option<Vec<Entry>> {
        let mut live = self.lock();
        let waiting: usize = live.runs.values().map(|run| run.calls.len()).sum();
        if waiting + calls.len() > CALLS_MAX {
            return None;
        }
        let mut number = live.last_number;
        let ask = ask.unwrap_or(number + 1);
        let live_run =
            live.runs.entry(run).or_insert_with(|| LiveRun { calls: BTreeMap::new(), next_extra: Arc::default() });
        live_run.next_extra.fetch_max(u16::try_from(places).unwrap_or(u16::MAX), Ordering::Relaxed);
        let entries = calls
            .into_iter()
            .map(|call| {
                number += 1;
                let cancel = CancellationToken::new();
                live_run.calls.insert(number, LiveCall { ask, slots: call.slots.clone(), cancel: cancel.clone() });
                Entry { number, ask, slots: call.slots, cancel, next_extra: Arc::clone(&live_run.next_extra) }
            })
            .collect();
        live.last_number = number;
        Some(entries)
    }

    /// Takes a call off the list; `true` when its Generate has none left.
    pub(super) fn end(&self, run: RunId, entry: &Entry) -> bool {
        let mut live = self.lock();
        let Some(live_run) = live.runs.get_mut(&run) else { return false };
        let is_known = live_run.calls.remove(&entry.number).is_some();
        let is_last = live_run.calls.values().all(|call| call.ask != entry.ask);
        if live_run.calls.is_empty() {
            live.runs.remove(&run);
        }
        is_known && is_last
    }

    /// Stops all calls of a run.
    pub(super) fn cancel_run(&self, run: RunId) {
        if let Some(live_run) = self.lock().runs.get(&run) {
            live_run.calls.values().for_each(|call| call.cancel.cancel());
        }
    }

    /// Stops the call that makes this image.
    pub(super) fn cancel_image(&self, image: ImageId) {
        if let Some(live_run) = self.lock().runs.get(&image.run) {
            let calls = live_run.calls.values().filter(|call| call.slots.contains(&image.slot));
            calls.for_each(|call| call.cancel.cancel());
        }
    }

    /// Stops everything.
    pub(super) fn cancel_all(&self) {
        for live_run in self.lock().runs.values() {
            live_run.calls.values().for_each(|call| call.cancel.cancel());
        }
    }

    fn lock(&self) -> MutexGuard<'_, Live> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn calls(slots: &[&[u16]]) -> Vec<Call> {
        slots.iter().map(|slots| Call { slots: slots.to_vec() }).collect()
    }

    #[test]
    fn cancelling_an_image_stops_its_call_only() {
        let jobs = Jobs::default();
        let run = RunId::from_number(1);
        let entries = jobs.begin(run, 3, calls(&[&[0, 1], &[2]])).unwrap();
        jobs.cancel_image(ImageId { run, slot: 1 });
        assert!(entries[0].cancel.is_cancelled() && !entries[1].cancel.is_cancelled());
        jobs.cancel_run(RunId::from_number(2));
        assert!(!entries[1].cancel.is_cancelled());
        jobs.cancel_run(run);
        assert!(entries[1].cancel.is_cancelled());
    }

    #[test]
    fn each_generate_ends_with_its_own_last_call() {
        let jobs = Jobs::default();
        let run = RunId::from_number(1);
        let first = jobs.begin(run, 2, calls(&[&[0], &[1]])).unwrap();
        let again = jobs.begin(run, 2, calls(&[&[0]])).unwrap();
        assert!(!jobs.end(run, &first[0]));
        let apart = jobs.begin_more(run, &first[1], calls(&[&[1]])).unwrap();
        assert!(jobs.end(run, &again[0]));
        assert!(!jobs.end(run, &first[1]), "a call that came of it is still under way");
        assert!(jobs.end(run, &apart[0]));
        assert!(!jobs.end(run, &apart[0]), "only once");
    }

    #[test]
    fn extra_places_are_given_once_for_all_calls() {
        let jobs = Jobs::default();
        let run = RunId::from_number(1);
        let first = jobs.begin(run, 4, calls(&[&[0]])).unwrap();
        assert_eq!(first[0].next_extra.fetch_add(1, Ordering::Relaxed), 4);
        let again = jobs.begin(run, 4, calls(&[&[1]])).unwrap();
        assert_eq!(again[0].next_extra.fetch_add(1, Ordering::Relaxed), 5);
    }

    #[test]
    fn there_is_an_end_to_waiting() {
        let jobs = Jobs::default();
        let one: &[u16] = &[0];
        assert!(jobs.begin(RunId::from_number(1), 1, calls(&vec![one; CALLS_MAX])).is_some());
        assert!(jobs.begin(RunId::from_number(2), 1, calls(&[one])).is_none());
    }
}
