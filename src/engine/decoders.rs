//! The threads that decode: as many as the computer has cores, behind everything else that wants to run.

use std::collections::{BTreeMap, VecDeque};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use tokio::sync::oneshot;

use super::budget::{Budget, Share};
use super::priority::step_back;
use crate::domain::{Failure, FailureKind};

/// More cores decode no faster than the disk and the window can take.
const THREADS_MAX: usize = 8;
/// Work that waits for a thread. What arrives is bounded by its bytes, what is wished for by those who wait for it; more
/// than this is a fault.
const WAITING_MAX: usize = 1_024;
/// Pixels of pictures that are decoded while they arrive: sixteen of 1536 by 1024. More are decoded from the disk.
const ARRIVING_BYTES_MAX: usize = 96 << 20;
/// Bytes of whole images that wait for a decoder: ten of the usual size. More are read from the disk again.
const WHOLE_BYTES_MAX: usize = 32 << 20;
/// Memory kept for the next picture: taking it anew from the system costs a quarter of decoding the picture.
const SPARE_BYTES_MAX: usize = 32 << 20;
/// Without work for so long, that memory is given back.
const SPARE_KEPT: Duration = Duration::from_secs(1);

/// Something to do on one of the threads.
pub(super) type Work = Box<dyn FnOnce() + Send>;

/// The decoders. Cheap to share; the threads end with the last of them.
#[derive(Clone)]
pub struct Decoders(Arc<Owner>);

/// Tells the threads to end.
struct Owner(Arc<Pool>);

impl Drop for Owner {
    fn drop(&mut self) {
        let mut queues = self.0.queues();
        queues.closed = true;
        queues.resting.values().for_each(|bell| bell.notify_one());
    }
}

struct Pool {
    queues: Mutex<Queues>,
    spare: Mutex<Spare>,
    pixels: Budget,
    whole: Budget,
}

#[derive(Default)]
struct Queues {
    /// Pictures whose next bytes have come: they are nearly done, and more bytes are coming.
    arriving: VecDeque<Work>,
    /// The rest, oldest first: whoever gives work here chose it as the most wanted.
    wished: VecDeque<Work>,
    /// The threads without work. The first of them gets the next: what it worked with last is in its caches still, and
    /// one picture after the other takes the memory of one thread.
    resting: BTreeMap<usize, Arc<Condvar>>,
    closed: bool,
}

/// Memory for the next picture.
#[derive(Default)]
struct Spare {
    words: Vec<Vec<u32>>,
    bytes: usize,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Decoders {
    /// One thread a core.
    pub fn start() -> Self {
        Self::with_threads(Self::usual_threads())
    }

    /// So many threads, at least one.
    pub fn with_threads(threads: usize) -> Self {
        let pool = Arc::new(Pool {
            queues: Mutex::default(),
            spare: Mutex::default(),
            pixels: Budget::new(ARRIVING_BYTES_MAX),
            whole: Budget::new(WHOLE_BYTES_MAX),
        });
        for number in 0..threads.max(1) {
            let pool = Arc::clone(&pool);
            let started = thread::Builder::new().name("decoder".to_owned()).spawn(move || pool.work(number));
            if let Err(error) = started {
                tracing::error!(%error, "no room for a thread that decodes");
            }
        }
        Self(Arc::new(Owner(pool)))
    }

    /// One thread a core, as far as that helps.
    pub(super) fn usual_threads() -> usize {
        thread::available_parallelism().map_or(1, usize::from).min(THREADS_MAX)
    }

    /// Does something when a thread is free, and waits for it.
    pub(super) async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Failure> {
        let (done, outcome) = oneshot::channel();
        let work = move || {
            // Nobody waits any more: the outcome is not needed.
            let _nobody_waits = done.send(work());
        };
        self.0.0.add(|queues| &mut queues.wished, Box::new(work));
        outcome.await.map_err(|_panicked| {
            Failure::maybe_billed(FailureKind::NotAnImage, "This picture cannot be shown. Its file is kept as it came")
        })
    }

    /// Does something before all that is only wished for; `false` when far too much waits already.
    pub(super) fn run_arriving(&self, work: Work) -> bool {
        self.0.0.add(|queues| &mut queues.arriving, work)
    }

    /// Memory for a picture that arrives, with anything in it; `None` when too many arrive at once.
    pub(super) fn lend(&self, pixels: usize) -> Option<(Share, Vec<u32>)> {
        let share = self.0.0.pixels.take(pixels.checked_mul(size_of::<u32>())?)?;
        let mut spare = lock(&self.0.0.spare);
        let fits = |words: &Vec<u32>| words.capacity() >= pixels && words.capacity() / 2 <= pixels;
        let place = spare.words.iter().position(fits);
        let words = place.map(|place| spare.words.swap_remove(place)).unwrap_or_default();
        spare.bytes -= words.capacity() * size_of::<u32>();
        Some((share, words))
    }

    /// Takes memory back for the next picture.
    pub(super) fn give_back(&self, words: Vec<u32>) {
        let bytes = words.capacity() * size_of::<u32>();
        let mut spare = lock(&self.0.0.spare);
        if spare.bytes + bytes <= SPARE_BYTES_MAX {
            spare.bytes += bytes;
            spare.words.push(words);
        }
    }

    /// The right to keep a whole image until a decoder has time for it; `None` when too many wait.
    pub(super) fn hold(&self, bytes: usize) -> Option<Share> {
        self.0.0.whole.take(bytes)
    }
}

impl Pool {
    fn queues(&self) -> MutexGuard<'_, Queues> {
        lock(&self.queues)
    }

    fn add(&self, lane: impl FnOnce(&mut Queues) -> &mut VecDeque<Work>, work: Work) -> bool {
        let mut queues = self.queues();
        let lane = lane(&mut queues);
        let has_room = lane.len() < WAITING_MAX;
        if has_room {
            lane.push_back(work);
            if let Some((_, bell)) = queues.resting.pop_first() {
                bell.notify_one();
            }
        }
        has_room
    }

    /// What the `number`th thread does until the end.
    fn work(&self, number: usize) {
        if let Err(error) = step_back(number) {
            tracing::warn!(?error, "decoding cannot step back behind the window");
        }
        let bell = Arc::new(Condvar::new());
        while let Some(work) = self.next(number, &bell) {
            // Whoever waits for it is told by what the work drops.
            if catch_unwind(AssertUnwindSafe(work)).is_err() {
                tracing::error!("decoding a picture panicked");
            }
        }
    }

    /// The next thing to do; `None` at the end.
    fn next(&self, number: usize, bell: &Arc<Condvar>) -> Option<Work> {
        let mut queues = self.queues();
        loop {
            queues.resting.remove(&number);
            if queues.closed {
                return None;
            }
            if let Some(work) = queues.arriving.pop_front() {
                return Some(work);
            }
            if let Some(work) = queues.wished.pop_front() {
                return Some(work);
            }
            queues.resting.insert(number, Arc::clone(bell));
            let has_spare = !lock(&self.spare).words.is_empty();
            queues = if has_spare {
                let (queues, wait) = bell.wait_timeout(queues, SPARE_KEPT).unwrap_or_else(PoisonError::into_inner);
                if wait.timed_out() {
                    *lock(&self.spare) = Spare::default();
                }
                queues
            } else {
                bell.wait(queues).unwrap_or_else(PoisonError::into_inner)
            };
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    /// Keeps the only thread busy until the sender is dropped.
    fn busy(decoders: &Decoders) -> mpsc::SyncSender<()> {
        let (hold, held) = mpsc::sync_channel::<()>(1);
        let (begin, begun) = mpsc::sync_channel(4);
        decoders.run_arriving(Box::new(move || {
            begin.send(()).unwrap();
            held.recv().unwrap_err();
        }));
        begun.recv().unwrap();
        hold
    }

    #[test]
    fn what_arrives_goes_before_what_is_wished_for() {
        let decoders = Decoders::with_threads(1);
        let hold = busy(&decoders);
        let (say, said) = mpsc::sync_channel(4);
        for number in [1, 2] {
            let say = say.clone();
            decoders.0.0.add(|queues| &mut queues.wished, Box::new(move || say.send(number).unwrap()));
        }
        for number in [3, 4] {
            let say = say.clone();
            decoders.run_arriving(Box::new(move || say.send(number).unwrap()));
        }
        drop((hold, say));
        assert_eq!(said.iter().collect::<Vec<_>>(), [3, 4, 1, 2]);
    }

    #[test]
    fn there_is_an_end_to_what_waits() {
        let decoders = Decoders::with_threads(1);
        let _hold = busy(&decoders);
        assert!((0..WAITING_MAX).all(|_| decoders.run_arriving(Box::new(|| ()))));
        assert!(!decoders.run_arriving(Box::new(|| ())));
    }

    #[tokio::test]
    async fn a_panic_fails_one_picture_and_the_thread_goes_on() {
        let decoders = Decoders::with_threads(1);
        let failure = decoders.run(|| -> u8 { panic!("on purpose") }).await.unwrap_err();
        assert_eq!((failure.kind, failure.maybe_billed), (FailureKind::NotAnImage, true));
        assert_eq!(decoders.run(|| 7).await, Ok(7));
    }

    #[cfg(target_os = "linux")]
    #[tokio::test]
    async fn they_stand_behind_everything_else() {
        /// Niceness and policy of this thread, as the kernel numbers them.
        fn standing() -> (i32, i32) {
            let stat = std::fs::read_to_string("/proc/thread-self/stat").unwrap();
            let after_name = stat.rsplit_once(')').unwrap().1.to_owned();
            let number = |place| after_name.split_whitespace().nth(place).unwrap().parse().unwrap();
            (number(16), number(38))
        }
        const SCHED_IDLE: i32 = 5;
        let decoders = Decoders::with_threads(3);
        // All three at once.
        let meeting = Arc::new(std::sync::Barrier::new(3));
        let ask = || {
            let meeting = Arc::clone(&meeting);
            decoders.run(move || {
                meeting.wait();
                standing()
            })
        };
        let (one, two, three) = tokio::join!(ask(), ask(), ask());
        let mut standings = [one, two, three].map(Result::unwrap);
        standings.sort_unstable();
        assert_eq!(standings.map(|(_, policy)| policy), [SCHED_IDLE, SCHED_IDLE, 0]);
        assert_eq!(standings.last(), Some(&(19, 0)), "one still gets on when others never rest");
        assert_eq!(standing().1, 0, "this thread stays where it was");
    }

    #[tokio::test]
    async fn what_comes_one_after_the_other_is_the_first_threads() {
        let decoders = Decoders::with_threads(2);
        let mut threads = std::collections::HashSet::new();
        for _ in 0..20 {
            while decoders.0.0.queues().resting.len() < 2 {
                thread::sleep(Duration::from_millis(1));
            }
            threads.insert(decoders.run(|| thread::current().id()).await.unwrap());
        }
        assert_eq!(threads.len(), 1);
    }

    #[test]
    fn memory_for_pixels_is_bounded_and_used_again() {
        let decoders = Decoders::with_threads(1);
        let (first, words) = decoders.lend(1_000).unwrap();
        assert_eq!(words.capacity(), 0, "nothing is kept yet");
        decoders.give_back(vec![5; 1_000]);
        drop(first);
        let (second, words) = decoders.lend(900).unwrap();
        assert_eq!(words.len(), 1_000, "the same memory again");
        assert!(decoders.lend(ARRIVING_BYTES_MAX / 4).is_none(), "too much beside the other");
        drop(second);
        let alone = decoders.lend(ARRIVING_BYTES_MAX).unwrap().0;
        assert!(decoders.lend(1).is_none());
        drop(alone);
        assert!(decoders.lend(1).is_some());
        for _ in 0..10 {
            decoders.give_back(Vec::with_capacity(SPARE_BYTES_MAX / 16));
        }
        let spare = lock(&decoders.0.0.spare);
        let held: usize = spare.words.iter().map(|words| words.capacity() * 4).sum();
        assert!(held <= SPARE_BYTES_MAX && held == spare.bytes);
    }
}
