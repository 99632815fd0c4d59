//! The engine seen from the window's thread: start it, send Commands, drain Events, shut it down.

use std::path::PathBuf;
use std::sync::mpsc::{Receiver, sync_channel};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use tokio::runtime;
use tokio::sync::{mpsc, oneshot};

use super::outbox::{Inbox, Wake, outbox};
use super::shelf::Shelf;
use super::worker::{self, Setup};
use crate::domain::{Failure, FailureKind, ImageId, Secret};
use crate::library::Places;
use crate::message::{Command, Event};

/// Commands that may wait: far more than a person gives while the engine takes one breath.
const COMMANDS_MAX: usize = 1_024;
/// Threads that run async tasks: they only move bytes.
const ASYNC_THREADS: usize = 2;
/// Threads for disk, keyring and decoding; most of the time two are busy.
const BLOCKING_THREADS_MAX: usize = 16;
/// After the limit given to [`Handle::shut_down`]: time to write down what became of what was stopped.
pub(super) const GRACE: Duration = Duration::from_secs(2);

/// What the engine is started with.
pub struct Options {
    /// Where configuration, state and the default library are.
    pub places: Places,
    /// The key from the environment; it wins over the keyring.
    pub env_key: Option<Secret>,
    /// The proxy of the settings as they are now; later ones come with `SaveSettings`.
    pub proxy: Option<String>,
    /// Where the person wants copies. An image that the library's disk refuses may be kept there.
    pub output: Option<PathBuf>,
    /// A window stands on this engine. A library is changed by one window at a time; a second one only shows it.
    pub has_window: bool,
    /// Called from the engine's threads when Events wait; must not block.
    pub wake: Wake,
}

/// The engine. Dropping it shuts it down at once.
pub struct Handle {
    commands: mpsc::Sender<Command>,
    /// Only the thread that drains takes the lock, so it never waits.
    events: Mutex<Inbox>,
    shelf: Shelf,
    closing: Option<oneshot::Sender<Duration>>,
    ended: Receiver<()>,
}

/// Starts the engine's thread.
pub fn start(options: Options) -> Result<Handle, Failure> {
    let Options { places, env_key, proxy, output, has_window, wake } = options;
    let (out, events) = outbox(wake);
    let (commands, commands_in) = mpsc::channel(COMMANDS_MAX);
    let (closing, close) = oneshot::channel();
    let (end, ended) = sync_channel(1);
    let shelf = Shelf::empty();
    let runtime = runtime::Builder::new_multi_thread()
        .worker_threads(ASYNC_THREADS)
        .max_blocking_threads(BLOCKING_THREADS_MAX)
        .thread_name("engine-worker")
        .enable_all()
        .build()
        .map_err(|error| no_thread(&error))?;
    let setup = Setup { places, env_key, proxy, output, has_window, outbox: out, shelf: shelf.clone() };
    thread::Builder::new()
        .name("engine".to_owned())
        .spawn(move || {
            runtime.block_on(worker::run(setup, commands_in, close));
            // A decoder may still be at work: nobody waits for it.
            runtime.shutdown_background();
            // Nobody listens when the handle was dropped after its limit.
            let _nobody_waits = end.send(());
        })
        .map_err(|error| no_thread(&error))?;
    Ok(Handle { commands, events: Mutex::new(events), shelf, closing: Some(closing), ended })
}

fn no_thread(error: &std::io::Error) -> Failure {
    Failure::free(FailureKind::Unsupported, "This computer has no room for another thread")
        .with_detail(error.to_string())
}

impl Handle {
    /// Queues a Command; never waits. `Err` gives it back when the queue is full, to be sent again later.
    pub fn send(&self, command: Command) -> Result<(), Command> {
        self.commands.try_send(command).map_err(|error| match error {
            mpsc::error::TrySendError::Full(command) | mpsc::error::TrySendError::Closed(command) => command,
        })
    }

    /// At most `max` Events, oldest first, pictures last; never waits. `wake` is called again when some are left.
    pub fn drain(&self, max: usize) -> Vec<Event> {
        self.drain_within(max, usize::MAX)
    }

    /// The same, with no more pictures once those taken pass `max_bytes`.
    pub fn drain_within(&self, max: usize, max_bytes: usize) -> Vec<Event> {
        self.events.lock().unwrap_or_else(PoisonError::into_inner).drain(max, max_bytes)
    }

    /// The engine takes Commands. `false` after [`Handle::shut_down`], or when a fault of this program ended it.
    pub fn is_running(&self) -> bool {
        !self.commands.is_closed()
    }

    /// Where an image's file is. Waits for the disk: for the command line, not for a window's thread.
    pub fn image_path(&self, image: ImageId) -> Option<PathBuf> {
        self.shelf.path(image)
    }

    /// Takes no more Commands, sends nothing new, waits up to `limit` for what is being received and saved, then
    /// stops the rest and writes that down. `true` when everything ended. Events are not delivered any more.
    pub fn shut_down(mut self, limit: Duration) -> bool {
        self.close(limit)
    }

    fn close(&mut self, limit: Duration) -> bool {
        let Some(closing) = self.closing.take() else { return true };
        self.events.get_mut().unwrap_or_else(PoisonError::into_inner).close();
        // The thread is gone already: `ended` says so below.
        let _gone_already = closing.send(limit);
        self.ended.recv_timeout(limit + GRACE * 3).is_ok()
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        self.close(Duration::ZERO);
    }
}
