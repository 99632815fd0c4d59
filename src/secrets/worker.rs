//! The keyring's own thread, and the time limit on every call: a locked keyring may wait for its password for ever.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{RecvTimeoutError, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use super::ring::{Open, Ring};
use super::trouble::Trouble;

/// Calls that wait for the thread at once: one for each of a few endpoints looked up together.
const QUEUE: usize = 16;

/// Threads left behind with a keyring that does not answer. Each holds a connection; a fourth would not do better.
const STUCK_MAX: usize = 3;

type Job = Box<dyn FnOnce(&mut Ring) + Send>;

/// Whether work is done when its caller has stopped waiting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Late {
    /// It is done all the same: the person wanted it.
    Do,
    /// It is left out: nobody wants the answer.
    Skip,
}

/// One thread that talks to the keyring; a fresh one takes its place when it is stuck.
pub(super) struct Workers {
    service: String,
    open: Arc<Open>,
    limit: Duration,
    threads: Mutex<Threads>,
}

#[derive(Default)]
struct Threads {
    current: Option<Current>,
    /// Those given up; each ends, and does not count any more, when its keyring answers after all.
    stuck: Vec<Weak<()>>,
}

struct Current {
    queue: SyncSender<Job>,
    /// Alive as long as the thread.
    alive: Weak<()>,
}

impl Workers {
    pub(super) fn new(service: String, open: Arc<Open>, limit: Duration) -> Self {
        Self { service, open, limit, threads: Mutex::default() }
    }

    /// Does `work` on the keyring's thread and waits for its answer up to the time limit.
    pub(super) fn run<T: Send + 'static>(
        &self,
        late: Late,
        work: impl FnOnce(&mut Ring) -> Result<T, Trouble> + Send + 'static,
    ) -> Result<T, Trouble> {
        let (answer, answered) = sync_channel(1);
        let given_up = Arc::new(AtomicBool::new(false));
        let nobody_waits = Arc::clone(&given_up);
        let job: Job = Box::new(move |ring| {
            if late == Late::Do || !nobody_waits.load(Ordering::Relaxed) {
                // Nobody listens when the time limit was reached meanwhile.
                drop(answer.try_send(work(ring)));
            }
        });
        let alive = self.send(job)?;
        match answered.recv_timeout(self.limit) {
            Ok(result) => result,
            Err(RecvTimeoutError::Timeout) => {
                given_up.store(true, Ordering::Relaxed);
                self.give_up(&alive);
                Err(Trouble::NoAnswer(self.limit))
            }
            // The thread is ending in the middle: the keyring's code panicked. The next call starts another.
            Err(RecvTimeoutError::Disconnected) => {
                self.give_up(&alive);
                Err(Trouble::Failed)
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, Threads> {
        self.threads.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Queues the job on the current thread, or on a fresh one.
    fn send(&self, mut job: Job) -> Result<Weak<()>, Trouble> {
        let mut threads = self.lock();
        if let Some(current) = &threads.current {
            match current.queue.try_send(job) {
                Ok(()) => return Ok(Weak::clone(&current.alive)),
                Err(TrySendError::Full(_)) => return Err(Trouble::Waiting),
                Err(TrySendError::Disconnected(returned)) => job = returned,
            }
        }
        threads.stuck.retain(|thread| thread.strong_count() > 0);
        if threads.stuck.len() >= STUCK_MAX {
            return Err(Trouble::Waiting);
        }
        let (queue, jobs) = sync_channel::<Job>(QUEUE);
        let alive = Arc::new(());
        let seen_alive = Arc::downgrade(&alive);
        let mut ring = Ring::new(self.service.clone(), Arc::clone(&self.open));
        let thread = std::thread::Builder::new().name("keyring".to_owned()).spawn(move || {
            for job in jobs {
                job(&mut ring);
            }
            drop(alive);
        });
        if thread.is_err() || queue.try_send(job).is_err() {
            return Err(Trouble::Failed);
        }
        threads.current = Some(Current { queue, alive: Weak::clone(&seen_alive) });
        Ok(seen_alive)
    }

    /// Leaves that thread alone with its keyring; the next call starts another. It ends when its queue, now closed, is
    /// done.
    fn give_up(&self, thread: &Weak<()>) {
        let mut threads = self.lock();
        if threads.current.as_ref().is_some_and(|current| current.alive.ptr_eq(thread)) {
            threads.current = None;
            threads.stuck.push(Weak::clone(thread));
        }
    }
}
