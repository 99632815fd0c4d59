//! A second start of the program on the same library: the window that has it open comes to the front instead.
//!
//! The window listens on a socket of this computer, which costs nothing while nobody rings. Whoever gets no answer, since
//! the window hangs, runs on another computer or is of a system without such sockets, opens the library to look at it.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::oneshot;
use tokio_util::sync::{CancellationToken, DropGuard};

use super::outbox::Outbox;
use crate::library::free_doorbell;
use crate::message::Event;

/// What a second start says.
const ASK: &[u8] = b"show the window\n";
/// What it is told when the window has heard it.
const ANSWER: &[u8] = b"it is shown\n";
/// A window that answers does so in its next frame; one that takes longer hangs.
const WINDOW_LIMIT: Duration = Duration::from_secs(2);
/// The program at the other end has its words ready; the rest of the time is the window's.
const WORDS_LIMIT: Duration = Duration::from_secs(1);

/// The doorbell of the open library, while its window is the one that may change it.
#[derive(Default)]
pub(super) struct Doorbell {
    hung: Mutex<Option<Hung>>,
    /// Whoever rang and waits for the window.
    ringing: Mutex<Option<oneshot::Sender<()>>>,
}

struct Hung {
    address: PathBuf,
    _listening: DropGuard,
}

impl Drop for Hung {
    fn drop(&mut self) {
        free_doorbell(&self.address).ok();
    }
}

impl Doorbell {
    /// Listens at this address from now on, and at no other. Call it inside the runtime, and off its threads: it waits
    /// for the disk.
    pub(super) fn hang(self: &Arc<Self>, address: PathBuf, outbox: Outbox) {
        self.take_down();
        let listening = CancellationToken::new();
        let stop = listening.clone();
        match listen(Arc::clone(self), &address, outbox, stop) {
            Ok(()) => *lock(&self.hung) = Some(Hung { address, _listening: listening.drop_guard() }),
            Err(error) => tracing::info!(%error, "a second start will not find this window"),
        }
    }

    /// Nobody listens any more.
    pub(super) fn take_down(&self) {
        drop(lock(&self.hung).take());
    }

    /// The window has heard that it should show itself.
    pub(super) fn heard(&self) {
        if let Some(ringing) = lock(&self.ringing).take() {
            // Whoever rang may have gone meanwhile.
            let _nobody_waits = ringing.send(());
        }
    }

    /// Tells the window; `true` when it has heard it in time.
    #[cfg(unix)]
    async fn ring(&self, outbox: &Outbox) -> bool {
        let (ringing, heard) = oneshot::channel();
        *lock(&self.ringing) = Some(ringing);
        let told = async {
            outbox.send(Event::ShowAsked).await;
            heard.await.is_ok()
        };
        tokio::time::timeout(WINDOW_LIMIT, told).await.unwrap_or(false)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(unix)]
fn listen(bell: Arc<Doorbell>, address: &Path, outbox: Outbox, stop: CancellationToken) -> std::io::Result<()> {
    free_doorbell(address)?;
    let listener = tokio::net::UnixListener::bind(address)?;
    tokio::spawn(stop.run_until_cancelled_owned(async move {
        // One at a time: people start one window at a time, and each start waits for two seconds at most.
        while let Ok((mut visitor, _)) = listener.accept().await {
            answer(&bell, &outbox, &mut visitor).await;
        }
    }));
    Ok(())
}

#[cfg(unix)]
async fn answer(bell: &Doorbell, outbox: &Outbox, visitor: &mut tokio::net::UnixStream) {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let mut words = [0; ASK.len()];
    let asked = tokio::time::timeout(WORDS_LIMIT, visitor.read_exact(&mut words)).await;
    if matches!(asked, Ok(Ok(_))) && words == ASK && bell.ring(outbox).await {
        let answered = tokio::time::timeout(WORDS_LIMIT, visitor.write_all(ANSWER)).await;
        tracing::debug!(in_time = answered.is_ok(), "a second start was answered");
    }
}

#[cfg(not(unix))]
fn listen(_bell: Arc<Doorbell>, _address: &Path, _outbox: Outbox, _stop: CancellationToken) -> std::io::Result<()> {
    Err(std::io::ErrorKind::Unsupported.into())
}

/// Asks the window that listens at this address to show itself; `true` when it does. Waits for three seconds at most.
pub fn show_window(address: &Path) -> bool {
    ask(address).unwrap_or(false)
}

#[cfg(unix)]
fn ask(address: &Path) -> std::io::Result<bool> {
    use std::io::{Read as _, Write as _};
    let mut door = std::os::unix::net::UnixStream::connect(address)?;
    door.set_write_timeout(Some(WORDS_LIMIT))?;
    door.set_read_timeout(Some(WINDOW_LIMIT + WORDS_LIMIT))?;
    door.write_all(ASK)?;
    let mut words = [0; ANSWER.len()];
    door.read_exact(&mut words)?;
    Ok(words == ANSWER)
}

#[cfg(not(unix))]
fn ask(_address: &Path) -> std::io::Result<bool> {
    Ok(false)
}
