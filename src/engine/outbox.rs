//! Sends Events out of the engine: four bounded queues, and a wake-up for whoever drains them.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::sync::{mpsc, watch};

use crate::message::Event;

/// Events without pictures: small, and a window that sleeps must not hold up images that are being saved.
const FACTS_MAX: usize = 4_096;
/// Thumbnails waiting for the window: two screens of 256-pixel thumbnails are about 16 MB.
const THUMBNAILS_MAX: usize = 64;
/// Full pictures waiting for the window: each may be hundreds of megabytes.
const PICTURES_MAX: usize = 2;

/// Answers of the index waiting for the window: each may name every image of the library, and the newest is what counts.
const ANSWERS_MAX: usize = 2;

/// Called after an Event was queued: a plain closure, so that the engine knows no window.
pub type Wake = Box<dyn Fn() + Send + Sync>;

/// The engine's end of the queues.
#[derive(Clone)]
pub(super) struct Outbox {
    facts: mpsc::Sender<Event>,
    answers: mpsc::Sender<Event>,
    thumbnails: mpsc::Sender<Event>,
    pictures: mpsc::Sender<Event>,
    bell: Arc<Bell>,
}

/// Rings once until it is answered, however many Events come in between.
struct Bell {
    wake: Wake,
    rung: AtomicBool,
    /// Changes each time the window has taken Events, and for good when it takes no more.
    taken: watch::Sender<()>,
}

impl Bell {
    fn ring(&self) {
        if !self.rung.swap(true, Ordering::AcqRel) {
            (self.wake)();
        }
    }
}

/// The window's end of the queues.
pub(super) struct Inbox {
    queues: [mpsc::Receiver<Event>; 4],
    bell: Arc<Bell>,
}

/// Both ends.
pub(super) fn outbox(wake: Wake) -> (Outbox, Inbox) {
    let (facts, facts_in) = mpsc::channel(FACTS_MAX);
    let (answers, answers_in) = mpsc::channel(ANSWERS_MAX);
    let (thumbnails, thumbnails_in) = mpsc::channel(THUMBNAILS_MAX);
    let (pictures, pictures_in) = mpsc::channel(PICTURES_MAX);
    let bell = Arc::new(Bell { wake, rung: AtomicBool::new(false), taken: watch::Sender::new(()) });
    let outbox = Outbox { facts, answers, thumbnails, pictures, bell: Arc::clone(&bell) };
    (outbox, Inbox { queues: [facts_in, answers_in, thumbnails_in, pictures_in], bell })
}

impl Outbox {
    /// Queues an Event and waits for room. Nobody listens any more while the program closes: then it is dropped.
    pub(super) async fn send(&self, event: Event) {
        if self.queue(&event).send(event).await.is_ok() {
            self.bell.ring();
        }
    }

    const fn queue(&self, event: &Event) -> &mpsc::Sender<Event> {
        match event {
            Event::Found { .. } => &self.answers,
            Event::Thumbnail { .. } => &self.thumbnails,
            Event::Picture { .. } => &self.pictures,
            _ => &self.facts,
        }
    }

    /// Queues an Event and waits until the window has come by: what is told piece by piece is never more than a piece
    /// ahead, and each frame has one piece to take in.
    pub(super) async fn send_and_wait(&self, event: Event) {
        let mut taken = self.bell.taken.subscribe();
        if self.facts.is_closed() {
            return;
        }
        self.send(event).await;
        // The bell is ours: it cannot be gone.
        let _always_there = taken.changed().await;
    }

    /// Queues an Event that a later one replaces; dropped when the queue is full.
    pub(super) fn offer(&self, event: Event) {
        if self.queue(&event).try_send(event).is_ok() {
            self.bell.ring();
        }
    }
}

impl Inbox {
    /// At most `max` Events: facts before answers of the index before thumbnails before pictures, and of these no more once
    /// they pass `max_bytes`. Rings again when some are left.
    pub(super) fn drain(&mut self, max: usize, max_bytes: usize) -> Vec<Event> {
        self.bell.rung.store(false, Ordering::Release);
        let mut events = Vec::new();
        let mut size_bytes = 0;
        for queue in &mut self.queues {
            while events.len() < max && size_bytes < max_bytes {
                let Ok(event) = queue.try_recv() else { break };
                if let Event::Thumbnail { pixels, .. } | Event::Picture { pixels, .. } = &event {
                    size_bytes += pixels.size_bytes();
                }
                events.push(event);
            }
        }
        if self.queues.iter().any(|queue| !queue.is_empty()) {
            self.bell.ring();
        }
        self.bell.taken.send_replace(());
        events
    }

    /// Takes no more Events, so that nothing in the engine waits for room.
    pub(super) fn close(&mut self) {
        for queue in &mut self.queues {
            queue.close();
            while queue.try_recv().is_ok() {}
        }
        self.bell.taken.send_replace(());
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicUsize;

    use super::*;
    use crate::domain::{ImageId, Pixels, RunId};

    fn counted() -> (Outbox, Inbox, Arc<AtomicUsize>) {
        let wakes = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&wakes);
        let (outbox, inbox) = outbox(Box::new(move || {
            counter.fetch_add(1, Ordering::SeqCst);
        }));
        (outbox, inbox, wakes)
    }

    fn finished(number: u64) -> Event {
        Event::Finished { run: RunId::from_number(number) }
    }

    #[test]
    fn many_events_wake_once_and_leftovers_wake_again() {
        let (outbox, mut inbox, wakes) = counted();
        for number in 0..5 {
            outbox.offer(finished(number));
        }
        assert_eq!(wakes.load(Ordering::SeqCst), 1);
        assert_eq!(inbox.drain(3, usize::MAX), [finished(0), finished(1), finished(2)]);
        assert_eq!(wakes.load(Ordering::SeqCst), 2, "two are left");
        assert_eq!(inbox.drain(3, usize::MAX).len(), 2);
        assert_eq!(wakes.load(Ordering::SeqCst), 2, "nothing is left");
        outbox.offer(finished(9));
        assert_eq!(wakes.load(Ordering::SeqCst), 3);
    }

    #[tokio::test]
    async fn facts_come_before_pictures() {
        let (outbox, mut inbox, _) = counted();
        let image = ImageId { run: RunId::from_number(1), slot: 0 };
        let pixels = Pixels::new(1, 1, vec![0]).unwrap();
        outbox.send(Event::Picture { image, pixels }).await;
        outbox.send(finished(1)).await;
        let events = inbox.drain(10, usize::MAX);
        assert!(matches!(events.as_slice(), [Event::Finished { .. }, Event::Picture { .. }]), "{events:?}");
    }

    #[tokio::test]
    async fn pictures_come_by_their_bytes_and_one_always() {
        let (outbox, mut inbox, wakes) = counted();
        for slot in 0..5 {
            let image = ImageId { run: RunId::from_number(1), slot };
            let pixels = Pixels::new(10, 10, vec![0; 100]).unwrap();
            outbox.send(Event::Thumbnail { image, asked_pixels: 10, pixels }).await;
        }
        outbox.send(finished(1)).await;
        assert_eq!(inbox.drain(10, 700).len(), 3, "what has happened, and two pictures of 400 bytes");
        assert_eq!(wakes.load(Ordering::SeqCst), 2, "three are left");
        assert_eq!(inbox.drain(10, 1).len(), 1);
        assert_eq!(inbox.drain(10, usize::MAX).len(), 2);
    }

    #[tokio::test]
    async fn a_closed_inbox_holds_nobody_up() {
        let (outbox, mut inbox, _) = counted();
        for number in 0..FACTS_MAX as u64 {
            outbox.send(finished(number)).await;
        }
        let waiting = tokio::spawn({
            let outbox = outbox.clone();
            async move { outbox.send(finished(0)).await }
        });
        tokio::task::yield_now().await;
        inbox.close();
        waiting.await.unwrap();
    }
}
