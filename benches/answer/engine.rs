//! The real engine with a library of its own, driven as the window drives it.

use std::sync::mpsc::{Receiver, sync_channel};
use std::time::{Duration, Instant};

use proofsheet::domain::{Catalogue, Draft, Endpoint, EndpointName, ImageId, Run, RunIds, Secret, Slot, Timestamp};
use proofsheet::engine::{self, Handle, Options};
use proofsheet::library::Places;
use proofsheet::message::{Command, Event, Wishes};

/// The side of the thumbnails the window awaits.
pub(crate) const SIDE: u32 = 256;
/// Longer than anything here takes.
const PATIENCE: Duration = Duration::from_mins(2);

/// An engine with its library open.
pub(crate) struct Engine {
    handle: Handle,
    bell: Receiver<()>,
    ids: RunIds,
    /// Removed with everything in it at the end.
    folder: tempfile::TempDir,
}

/// When things of one run happened.
#[derive(Default)]
pub(crate) struct Times {
    /// An image was announced: it is on the disk.
    pub(crate) stored: Vec<Instant>,
    /// A thumbnail came.
    pub(crate) thumbnails: Vec<Instant>,
    /// The kinds of failures.
    pub(crate) failures: Vec<String>,
}

impl Engine {
    /// Starts it in a folder of its own.
    pub(crate) fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (ring, bell) = sync_channel(1);
        let options = Options {
            places: Places::find(Some(&folder.path().join("home"))).unwrap(),
            env_key: Some(Secret::new("sk-benchmark-0123456789")),
            proxy: None,
            output: None,
            has_window: true,
            wake: Box::new(move || {
                let _rung_already = ring.try_send(());
            }),
        };
        let handle = engine::start(options).map_err(|failure| failure.sentence).unwrap();
        let engine = Self { handle, bell, ids: RunIds::new(1), folder };
        engine.give(Command::OpenLibrary(Some(engine.folder.path().join("library"))));
        engine.until(|event| matches!(event, Event::LibraryOpened { .. }));
        engine
    }

    fn give(&self, command: Command) {
        assert!(self.handle.send(command).is_ok(), "the queue is full");
    }

    fn until(&self, mut ends: impl FnMut(&Event) -> bool) {
        let start = Instant::now();
        while start.elapsed() < PATIENCE {
            let _rung = self.bell.recv_timeout(Duration::from_millis(100));
            if self.handle.drain(100).iter().any(&mut ends) {
                return;
            }
        }
        assert!(start.elapsed() < PATIENCE, "it did not come");
    }

    /// Asks for images and awaits their thumbnails. Pictures are dropped as they come, as a graphics card takes them.
    pub(crate) fn generate(&mut self, base_url: &str, images: u16) -> Times {
        let endpoint = Endpoint {
            name: EndpointName::new("Bench").unwrap(),
            base_url: base_url.to_owned(),
            ..Endpoint::default()
        };
        let draft = Draft {
            prompt: "a lighthouse".to_owned(),
            model: "gateway-model".to_owned(),
            images: u32::from(images),
            ..Draft::default()
        };
        let request = draft.check(Catalogue::load(None).unwrap().find(&draft.model), &[]).unwrap();
        let id = self.ids.next(1_795_000_000_000);
        let slots = request.all_slots();
        let run = Run {
            id,
            slots: vec![Slot::Waiting; slots.len()],
            endpoint: endpoint.name.clone(),
            demo: false,
            made_at: Timestamp(1_795_000_000_000),
            binned: std::collections::BTreeSet::new(),
            model_answered: None,
            notes: Vec::new(),
            request: request.into(),
        };
        let awaited = slots.iter().map(|&slot| (ImageId { run: id, slot }, SIDE)).collect();
        self.give(Command::Want(Wishes { awaited, ..Wishes::default() }));
        self.give(Command::Generate { run: Box::new(run), endpoint, slots });
        let mut times = Times::default();
        let mut finished = false;
        self.until(|event| {
            match event {
                Event::Stored { image, facts } => {
                    times.stored.push(Instant::now());
                    // What cannot be decoded on the way is wished for, as the window does.
                    if facts.width > 10_000 {
                        let wishes = Wishes { thumbnails: vec![(*image, SIDE)], ..Wishes::default() };
                        assert!(self.handle.send(Command::Want(wishes)).is_ok());
                    }
                }
                Event::Thumbnail { .. } => times.thumbnails.push(Instant::now()),
                Event::Failed { failure, .. } => times.failures.push(failure.kind.to_string()),
                Event::PictureFailed { failure, .. } => {
                    times.failures.push(failure.kind.to_string());
                    times.thumbnails.push(Instant::now());
                }
                Event::Finished { .. } => finished = true,
                _ => {}
            }
            finished && times.thumbnails.len() >= times.stored.len()
        });
        times
    }
}
