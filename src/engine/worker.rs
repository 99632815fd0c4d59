//! The command loop: hands each Command to whoever does it, and never waits for long itself.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{mpsc, oneshot};

use super::blocking::or_trouble;
use super::handle::GRACE;
use super::keys::KeyJob;
use super::outbox::Outbox;
use super::rooms::Rooms;
use super::shelf::Shelf;
use super::{chores, generate, opening};
use crate::domain::{Failure, FailureKind, Secret};
use crate::library::{Places, doorbell};
use crate::message::Command;

/// Chores at once (saves, model lists, file manager): a person starts one at a time.
const CHORES_MAX: usize = 64;

/// What the loop starts with.
pub(super) struct Setup {
    pub(super) places: Places,
    pub(super) env_key: Option<Secret>,
    pub(super) proxy: Option<String>,
    pub(super) output: Option<PathBuf>,
    pub(super) has_window: bool,
    pub(super) outbox: Outbox,
    pub(super) shelf: Shelf,
}

/// What the loop remembers.
struct Worker {
    rooms: Arc<Rooms>,
    places: Places,
    chores: Arc<tokio::sync::Semaphore>,
}

/// Runs until told to close, then winds down.
pub(super) async fn run(setup: Setup, mut commands: mpsc::Receiver<Command>, mut close: oneshot::Receiver<Duration>) {
    let places = setup.places.clone();
    let worker = Worker {
        rooms: Arc::new(Rooms::open(setup)),
        places,
        chores: Arc::new(tokio::sync::Semaphore::new(CHORES_MAX)),
    };
    let limit = loop {
        tokio::select! {
            biased;
            limit = &mut close => break limit.unwrap_or_default(),
            command = commands.recv() => match command {
                Some(command) => worker.take(command).await,
                None => break Duration::ZERO,
            },
        }
    };
    // What was sent before closing still counts: a mark, a setting, a key.
    commands.close();
    while let Ok(command) = commands.try_recv() {
        if !matches!(command, Command::Generate { .. }) {
            worker.take(command).await;
        }
    }
    worker.wind_down(limit).await;
}

impl Worker {
    async fn take(&self, command: Command) {
        let rooms = Arc::clone(&self.rooms);
        match command {
            Command::Generate { run, endpoint, slots } => generate::begin(&self.rooms, run, endpoint, &slots).await,
            Command::CancelRun(run) => rooms.jobs.cancel_run(run),
            Command::CancelImage(image) => rooms.jobs.cancel_image(image),
            Command::SetMarks(marks) => rooms.writer.marks(marks),
            Command::SetBinned(images) => rooms.writer.binned(images),
            Command::EmptyBin(images) => self.chore(chores::empty_bin(rooms, images)).await,
            Command::Find { number, query } => rooms.searcher.ask(number, query.map(|query| *query)),
            Command::Want(wishes) => rooms.pictures.want(wishes),
            Command::Save { images, target, pattern, format } => {
                self.chore(chores::save(rooms, images, target, (pattern, format))).await;
            }
            Command::CopyImage(image) => self.chore(chores::copy_image(rooms, image)).await,
            Command::CopyFiles(images) => self.chore(chores::copy_files(rooms, images)).await,
            Command::WriteSnippet { run, endpoint, snippet } => {
                self.chore(chores::write_snippet(rooms, Arc::unwrap_or_clone(run.request), endpoint, snippet)).await;
            }
            Command::Reveal(image) => self.chore(chores::reveal(rooms, image)).await,
            Command::OpenFolder(folder) => self.chore(chores::open_folder(rooms, folder)).await,
            Command::ListModels { endpoint, key } => self.chore(chores::list_models(rooms, endpoint, key)).await,
            Command::SaveKey(endpoint, key) => rooms.keys.ask(KeyJob::Save(endpoint, key)).await,
            Command::ForgetKey(endpoint) => rooms.keys.ask(KeyJob::Forget(endpoint)).await,
            Command::RenameKey(old, new) => rooms.keys.ask(KeyJob::Rename(old, new)).await,
            Command::FindKey(endpoint) => rooms.keys.ask(KeyJob::Find(endpoint)).await,
            Command::SaveSettings(settings) => {
                rooms.settings_changed(&settings);
                rooms.writer.settings(settings);
            }
            Command::OpenLibrary(asked) => self.open_library(asked).await,
            Command::Shown => rooms.doorbell.heard(),
            Command::LookAround => drop(self.rooms.tasks.spawn(opening::look_around(rooms))),
            // The window's own thread asks the desktop; nothing is to be done here.
            Command::Ask(_) => tracing::warn!("a question for the desktop came to the engine"),
        }
    }

    /// Starts a chore. With too many running already it is refused: the loop must stay free to cancel.
    async fn chore(&self, chore: impl Future<Output = ()> + Send + 'static) {
        let Ok(place) = Arc::clone(&self.chores).try_acquire_owned() else {
            let failure = Failure::free(FailureKind::Unsupported, "Too much is going on. Try again in a moment");
            return self.rooms.trouble("Starting another job", failure).await;
        };
        let outbox = self.rooms.outbox.clone();
        self.rooms.tasks.spawn(async move {
            or_trouble(&outbox, "A job of the program", chore).await;
            drop(place);
        });
    }

    async fn open_library(&self, asked: Option<PathBuf>) {
        let rooms = &self.rooms;
        // Marks that wait belong to the library that is open now.
        rooms.writer.flush().await;
        let root = asked.unwrap_or_else(|| self.places.default_library.clone());
        let reserved = rooms.shelf.reserve().await;
        let (rooms, tasks, places) = (Arc::clone(rooms), rooms.tasks.clone(), self.places.clone());
        // A second start asks at the library that is open now, and at no other.
        rooms.doorbell.take_down();
        let (bell, outbox) = (Arc::clone(&rooms.doorbell), rooms.outbox.clone());
        let hang = move |root: &Path| bell.hang(doorbell(&places, root), outbox);
        tasks.spawn(async move {
            let hang = rooms.has_window.then_some(hang);
            if let Some(begun) = reserved.open(root, &rooms.outbox, hang).await {
                opening::go_on(&rooms, begun).await;
            }
        });
    }

    async fn wind_down(self, limit: Duration) {
        let Self { rooms, .. } = self;
        rooms.closing.cancel();
        rooms.doorbell.take_down();
        rooms.tasks.close();
        if tokio::time::timeout(limit, rooms.tasks.wait()).await.is_err() {
            rooms.jobs.cancel_all();
            if tokio::time::timeout(GRACE, rooms.tasks.wait()).await.is_err() {
                tracing::warn!("some work did not end in time");
            }
        }
        let written = async { tokio::join!(rooms.writer.flush(), rooms.keys.flush()) };
        if tokio::time::timeout(GRACE, written).await.is_err() {
            tracing::error!("marks, preferences or keys were not written in time");
        }
        // A cache: what is not written now is found out when the library is opened again.
        if tokio::time::timeout(GRACE, rooms.indexer.flush()).await.is_err() {
            tracing::warn!("the index was not brought up to date in time");
        }
        if tokio::time::timeout(GRACE, rooms.shelf.leave()).await.is_err() {
            tracing::warn!("the library was not left in time");
        }
    }
}
