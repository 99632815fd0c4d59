//! An engine with a library of its own, driven as the window drives it.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc::{Receiver, sync_channel};
use std::time::{Duration, Instant};

use proofsheet::domain::{
    Catalogue, Draft, Endpoint, EndpointName, Failure, FailureKind, ImageId, Run, RunId, RunIds, Secret, Slot,
    Timestamp,
};
use proofsheet::engine::{self, Handle, Options};
use proofsheet::library::{Library, Places};
use proofsheet::message::{Command, Event};

use super::server::Server;

/// The key every bench has; no keyring is asked.
pub(crate) const KEY: &str = "sk-test-0123456789abcdef";
/// Longer than anything takes on a busy machine.
const PATIENCE: Duration = Duration::from_mins(1);

pub(crate) struct Bench {
    pub(crate) handle: Handle,
    bell: Receiver<()>,
    pub(crate) folder: tempfile::TempDir,
    pub(crate) events: Vec<Event>,
    ids: RunIds,
}

impl Bench {
    /// An engine with its library open.
    pub(crate) fn new() -> Self {
        let mut bench = Self::of(tempfile::tempdir().unwrap());
        bench.until(|event| matches!(event, Event::LibraryOpened { .. }));
        bench.events.clear();
        bench
    }

    /// An engine that has just been told to open the library in this folder.
    pub(crate) fn of(folder: tempfile::TempDir) -> Self {
        let (ring, bell) = sync_channel(1);
        let handle = engine::start(Options {
            places: Places::find(Some(&folder.path().join("home"))).unwrap(),
            env_key: Some(Secret::new(KEY)),
            proxy: None,
            output: None,
            has_window: true,
            wake: Box::new(move || {
                let _woken_already = ring.try_send(());
            }),
        });
        let handle = handle.unwrap_or_else(|failure| panic!("{failure:?}"));
        // Two windows on one library must not make the same run.
        static SALT: AtomicU32 = AtomicU32::new(1);
        let ids = RunIds::new(SALT.fetch_add(1, Ordering::Relaxed));
        let bench = Self { handle, bell, folder, events: Vec::new(), ids };
        bench.give(Command::OpenLibrary(Some(bench.library())));
        bench
    }

    pub(crate) fn library(&self) -> PathBuf {
        self.folder.path().join("library")
    }

    pub(crate) fn give(&self, command: Command) {
        assert!(self.handle.send(command).is_ok(), "the queue is full");
    }

    /// Waits for an Event that fits, and returns it; everything before it is kept in `events`.
    #[track_caller]
    pub(crate) fn until(&mut self, fits: impl Fn(&Event) -> bool) -> Event {
        let start = Instant::now();
        let mut seen = 0;
        loop {
            if let Some(event) = self.events[seen..].iter().find(|event| fits(event)) {
                return event.clone();
            }
            seen = self.events.len();
            assert!(start.elapsed() < PATIENCE, "it did not come; this did: {:#?}", self.events);
            let _rung = self.bell.recv_timeout(Duration::from_millis(200));
            self.events.extend(self.handle.drain(100));
        }
    }

    /// A run as the window makes it.
    pub(crate) fn run(&mut self, endpoint: &Endpoint, draft: &Draft) -> Run {
        let catalogue = Catalogue::load(None).unwrap();
        let request = draft.check(catalogue.find(&draft.model), &[]).unwrap();
        Run {
            id: self.ids.next(1_795_000_000_000),
            slots: vec![Slot::Waiting; usize::from(request.images.get())],
            binned: std::collections::BTreeSet::new(),
            endpoint: endpoint.name.clone(),
            demo: endpoint.name.is_demo(),
            made_at: Timestamp(1_795_000_000_000),
            model_answered: None,
            notes: Vec::new(),
            request: request.into(),
        }
    }

    /// Begins a run without waiting for it.
    pub(crate) fn begin(&mut self, endpoint: &Endpoint, draft: &Draft) -> Run {
        let run = self.run(endpoint, draft);
        self.ask(&run, endpoint, run.request.all_slots());
        run
    }

    pub(crate) fn ask(&self, run: &Run, endpoint: &Endpoint, slots: Vec<u16>) {
        self.give(Command::Generate { run: Box::new(run.clone()), endpoint: endpoint.clone(), slots });
    }

    /// Runs a draft to its end.
    #[track_caller]
    pub(crate) fn generate(&mut self, endpoint: &Endpoint, draft: &Draft) -> Run {
        let run = self.begin(endpoint, draft);
        self.finished(run.id)
    }

    /// Waits for the end of a run; the run as the library has it then.
    #[track_caller]
    pub(crate) fn finished(&mut self, id: RunId) -> Run {
        self.until(|event| *event == Event::Finished { run: id });
        self.kept(id)
    }

    /// The run as a fresh look at the disk shows it.
    #[track_caller]
    pub(crate) fn kept(&self, id: RunId) -> Run {
        let (_, opened) = Library::open(&self.library()).unwrap();
        assert_eq!(opened.problems, Vec::<String>::new());
        opened.runs.into_iter().find(|run| run.id == id).unwrap()
    }

    /// The bytes of an image's file.
    #[track_caller]
    pub(crate) fn file(&self, run: RunId, slot: u16) -> Vec<u8> {
        std::fs::read(self.path(run, slot)).unwrap()
    }

    /// Where it is.
    pub(crate) fn path(&self, run: RunId, slot: u16) -> PathBuf {
        let path = self.handle.image_path(ImageId { run, slot }).unwrap();
        assert!(path.is_absolute());
        path
    }

    /// Events that fit, in order.
    pub(crate) fn count(&self, fits: impl Fn(&Event) -> bool) -> usize {
        self.events.iter().filter(|event| fits(event)).count()
    }
}

/// A profile of the server.
pub(crate) fn endpoint(server: &Server) -> Endpoint {
    at(&server.base())
}

pub(crate) fn at(base_url: &str) -> Endpoint {
    Endpoint { name: EndpointName::new("Test").unwrap(), base_url: base_url.to_owned(), ..Endpoint::default() }
}

/// A draft for a model that takes anything, ten images a request.
pub(crate) fn draft(images: u32) -> Draft {
    Draft { prompt: "a red fox".to_owned(), model: "gateway-model".to_owned(), images, ..Draft::default() }
}

/// A draft for a model that makes one image a request.
pub(crate) fn draft_of_singles(images: u32) -> Draft {
    Draft { model: "dall-e-3".to_owned(), ..draft(images) }
}

/// The failure in a slot.
#[track_caller]
pub(crate) fn failure(run: &Run, slot: usize) -> &Failure {
    match &run.slots[slot] {
        Slot::Failed(failure) => failure,
        other => panic!("slot {slot} did not fail: {other:?}"),
    }
}

/// Every slot failed so, in the events and on disk.
#[track_caller]
pub(crate) fn all_failed(bench: &Bench, run: &Run, kind: FailureKind, maybe_billed: bool) {
    for slot in 0..run.slots.len() {
        let kept = failure(run, slot);
        assert_eq!((kept.kind, kept.maybe_billed), (kind, maybe_billed), "{kept:?}");
        let image = ImageId { run: run.id, slot: slot as u16 };
        let told = Event::Failed { image, failure: kept.clone() };
        assert!(bench.events.contains(&told), "not told: {told:?} in {:#?}", bench.events);
    }
}
