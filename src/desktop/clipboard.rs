//! Copying pictures: the clipboard is served by a thread of our own, since other programs fetch from it later.

use std::borrow::Cow;
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TrySendError, sync_channel};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use arboard::ImageData;

use crate::domain::{Failure, FailureKind};

/// How long a copy may take: the largest picture is packed as PNG first, which takes seconds.
const LIMIT: Duration = Duration::from_secs(30);

/// How long the end of the program waits for a clipboard manager to take the picture over. The handing over itself is
/// limited to a fraction of this.
const HAND_OVER: Duration = Duration::from_secs(1);

/// Copies waiting behind one that is being made. Two in hand are a person's repeated key press.
const QUEUE: usize = 1;

/// The system's clipboard. Opened at the first copy and, after a failure, again at the next; kept open so that what was
/// copied can be pasted as long as the program runs.
#[derive(Default)]
pub struct Clipboard {
    thread: Mutex<Option<Thread>>,
}

struct Thread {
    queue: SyncSender<Copy>,
    ended: Receiver<()>,
}

/// What is put on the clipboard.
enum Content {
    Picture(ImageData<'static>),
    Files(Vec<PathBuf>),
}

struct Copy {
    content: Content,
    answer: SyncSender<Result<(), arboard::Error>>,
}

impl Clipboard {
    /// A clipboard that has not been opened yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Puts a picture of straight (not premultiplied) RGBA bytes on the clipboard. Blocks until it is there, up to half a
    /// minute for a very large one.
    pub fn put_image(&self, width: u32, height: u32, rgba: Vec<u8>) -> Result<(), Failure> {
        let (width, height) = (width as usize, height as usize);
        if rgba.is_empty() || width.checked_mul(height).and_then(|pixels| pixels.checked_mul(4)) != Some(rgba.len()) {
            return Err(Failure::free(FailureKind::NotAnImage, "This picture is damaged and was not copied."));
        }
        self.put(Content::Picture(ImageData { width, height, bytes: Cow::Owned(rgba) }))
    }

    /// Puts files on the clipboard, to be pasted where files are taken. Blocks as [`Clipboard::put_image`] does.
    pub fn put_files(&self, files: Vec<PathBuf>) -> Result<(), Failure> {
        self.put(Content::Files(files))
    }

    fn put(&self, content: Content) -> Result<(), Failure> {
        let (answer, answered) = sync_channel(1);
        self.send(Copy { content, answer })?;
        match answered.recv_timeout(LIMIT) {
            Ok(Ok(())) => Ok(()),
            Ok(Err(error)) => {
                tracing::debug!(%error, "clipboard");
                Err(not_copied("The system's clipboard did not take it."))
            }
            Err(RecvTimeoutError::Timeout) => Err(not_copied("The system's clipboard does not answer.")),
            Err(RecvTimeoutError::Disconnected) => {
                // The thread is ending in the middle of a panic; the next copy starts another.
                *self.lock() = None;
                Err(not_copied("The system's clipboard failed."))
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, Option<Thread>> {
        self.thread.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn send(&self, mut copy: Copy) -> Result<(), Failure> {
        let mut thread = self.lock();
        if let Some(running) = &*thread {
            match running.queue.try_send(copy) {
                Ok(()) => return Ok(()),
                Err(TrySendError::Full(_)) => return Err(not_copied("The clipboard is still busy.")),
                Err(TrySendError::Disconnected(returned)) => copy = returned,
            }
        }
        let started = Thread::start().and_then(|started| started.queue.try_send(copy).ok().map(|()| started));
        *thread = started;
        if thread.is_some() { Ok(()) } else { Err(not_copied("The clipboard could not be opened.")) }
    }
}

/// Gives the picture to the clipboard manager, if there is one, so that it outlives the program.
impl Drop for Clipboard {
    fn drop(&mut self) {
        let thread = self.lock().take();
        if let Some(Thread { queue, ended }) = thread {
            drop(queue);
            // The thread's end closes this; nothing is ever sent.
            if ended.recv_timeout(HAND_OVER) == Err(RecvTimeoutError::Timeout) {
                tracing::debug!("the clipboard was not handed over in time");
            }
        }
    }
}

impl Thread {
    fn start() -> Option<Self> {
        let (queue, copies) = sync_channel::<Copy>(QUEUE);
        let (ends, ended) = sync_channel::<()>(0);
        let serve = move || {
            let mut open = None;
            for Copy { content, answer } in copies {
                let result = put(&mut open, content);
                // Whoever asked may have stopped waiting.
                drop(answer.try_send(result));
            }
            drop(open);
            drop(ends);
        };
        std::thread::Builder::new().name("clipboard".to_owned()).spawn(serve).ok()?;
        Some(Self { queue, ended })
    }
}

/// Puts it on the clipboard, which is opened when it is not, and closed after a failure.
fn put(open: &mut Option<arboard::Clipboard>, content: Content) -> Result<(), arboard::Error> {
    let mut clipboard = match open.take() {
        Some(clipboard) => clipboard,
        None => arboard::Clipboard::new()?,
    };
    match content {
        Content::Picture(picture) => clipboard.set_image(picture)?,
        Content::Files(files) => clipboard.set().file_list(&files)?,
    }
    *open = Some(clipboard);
    Ok(())
}

fn not_copied(what: &str) -> Failure {
    Failure::free(FailureKind::Unsupported, format!("{what} Nothing was copied; all of it is safe in the library."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_that_do_not_fit_the_size_are_refused() {
        let clipboard = Clipboard::new();
        for (width, height, bytes) in [(0, 0, 0), (2, 2, 15), (2, 2, 17), (u32::MAX, u32::MAX, 4)] {
            let failure = clipboard.put_image(width, height, vec![0; bytes]).unwrap_err();
            assert_eq!(failure.kind, FailureKind::NotAnImage, "{width} by {height}");
        }
    }
}
