//! One image that is decoded while it is received: its bytes go in here, its pixels come out on a decoder's thread.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;

use super::budget::Share;
use super::decoders::Decoders;
use crate::domain::Pixels;
use crate::media::{Arriving, Feed, Stage};

/// Takes the picture; gives it back when its memory can be used for the next.
type Then = Box<dyn FnOnce(Pixels) -> Option<Pixels> + Send>;

/// The receiving end. Nothing here ever waits for a decoder. Dropped without [`Arrival::end`], the image is forgotten.
pub struct Arrival(Arc<Flight>);

struct Flight {
    feed: Feed,
    decoders: Decoders,
    /// A decoder has it, or will.
    is_scheduled: AtomicBool,
    /// Nothing more is to be done with it.
    is_over: AtomicBool,
    /// Held by the decoder that has it, and by nobody else.
    work: Mutex<Option<Progress>>,
    then: Mutex<Option<(Then, Share)>>,
}

struct Progress {
    arriving: Arriving,
    /// The memory of its pixels.
    lent: Option<Share>,
    /// Decoded, but its last byte was not handed over yet.
    pixels: Option<Pixels>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Arrival {
    /// An image is about to come.
    pub fn begin(decoders: &Decoders) -> Self {
        let feed = Feed::default();
        let progress = Progress { arriving: Arriving::new(feed.clone()), lent: None, pixels: None };
        Self(Arc::new(Flight {
            feed,
            decoders: decoders.clone(),
            is_scheduled: AtomicBool::new(false),
            is_over: AtomicBool::new(false),
            work: Mutex::new(Some(progress)),
            then: Mutex::new(None),
        }))
    }

    /// Its next bytes.
    pub fn push(&self, bytes: &[u8]) {
        self.0.feed.push(bytes);
        self.0.schedule();
    }

    /// It is whole; `whole` begins with what was pushed.
    ///
    /// `then` is called once on a decoder's thread, or dropped when there are no pixels to be had this way: the picture
    /// is damaged, or too much arrives at once.
    pub fn end(self, whole: Bytes, then: impl FnOnce(Pixels) -> Option<Pixels> + Send + 'static) {
        let Some(share) = self.0.decoders.hold(whole.len()) else { return };
        *lock(&self.0.then) = Some((Box::new(then), share));
        self.0.feed.end(whole);
        self.0.schedule();
    }
}

impl Flight {
    /// Has a decoder look at it, unless one does.
    fn schedule(self: &Arc<Self>) {
        if !self.is_over.load(Ordering::SeqCst) && !self.is_scheduled.swap(true, Ordering::SeqCst) {
            let flight = Arc::clone(self);
            if !self.decoders.run_arriving(Box::new(move || flight.fly())) {
                self.is_scheduled.store(false, Ordering::SeqCst);
                tracing::warn!("too many pictures wait for a decoder");
            }
        }
    }

    fn fly(&self) {
        loop {
            self.advance();
            self.is_scheduled.store(false, Ordering::SeqCst);
            // What came meanwhile found a decoder at work and did not ask for another.
            let is_done = self.is_over.load(Ordering::SeqCst) || !self.feed.has_news();
            if is_done || self.is_scheduled.swap(true, Ordering::SeqCst) {
                return;
            }
        }
    }

    fn advance(&self) {
        let mut work = lock(&self.work);
        let Some(progress) = work.as_mut() else { return };
        while progress.pixels.is_none() {
            match progress.arriving.advance() {
                Stage::Waiting => return,
                Stage::Needs(pixels) => {
                    let Some((lent, words)) = self.decoders.lend(pixels) else {
                        tracing::debug!("too many pictures arrive at once: this one is decoded from the disk");
                        return self.give_up(&mut work);
                    };
                    progress.lent = Some(lent);
                    progress.arriving.give(words);
                }
                Stage::Done(Ok(pixels)) => progress.pixels = Some(pixels),
                // Whoever asks for it is told why by the decoder of the stored file.
                Stage::Done(Err(_)) => return self.give_up(&mut work),
            }
        }
        self.feed.stop();
        let Some((then, _share)) = lock(&self.then).take() else { return };
        let Some(Progress { pixels: Some(pixels), lent, .. }) = work.take() else { return };
        self.is_over.store(true, Ordering::SeqCst);
        drop(work);
        if let Some(used) = then(pixels) {
            self.decoders.give_back(used.into_words());
        }
        drop(lent);
    }

    /// There will be no pixels.
    fn give_up(&self, work: &mut Option<Progress>) {
        self.is_over.store(true, Ordering::SeqCst);
        self.feed.stop();
        *work = None;
        drop(lock(&self.then).take());
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;
    use std::sync::mpsc;

    use super::*;
    use crate::media;

    fn png(side: u32) -> Vec<u8> {
        let picture = image::RgbImage::from_fn(side, side, |x, y| image::Rgb([(x * y) as u8, x as u8, y as u8]));
        let mut bytes = Cursor::new(Vec::new());
        picture.write_to(&mut bytes, image::ImageFormat::Png).unwrap();
        bytes.into_inner()
    }

    /// Sends the image in pieces; what came of it, `None` when it was given up.
    fn send(decoders: &Decoders, image: &[u8], piece: usize) -> Option<Pixels> {
        let arrival = Arrival::begin(decoders);
        for piece in image.chunks(piece) {
            arrival.push(piece);
        }
        end(arrival, image).recv().ok()
    }

    fn end(arrival: Arrival, image: &[u8]) -> mpsc::Receiver<Pixels> {
        let (done, made) = mpsc::sync_channel(1);
        arrival.end(Bytes::copy_from_slice(image), move |pixels| {
            done.send(pixels.clone()).unwrap();
            Some(pixels)
        });
        made
    }

    #[test]
    fn pixels_come_out_whatever_the_pieces() {
        let decoders = Decoders::with_threads(2);
        for side in [1, 40, 300] {
            let image = png(side);
            let want = media::decode(&image).unwrap();
            for piece in [1, 1_000, image.len()] {
                assert!(send(&decoders, &image, piece.max(image.len() / 50)).as_ref() == Some(&want), "{side} {piece}");
            }
        }
    }

    #[test]
    fn many_arrive_side_by_side() {
        let decoders = Decoders::with_threads(2);
        let image = png(200);
        let want = media::decode(&image).unwrap();
        let arrivals: Vec<Arrival> = (0..12).map(|_| Arrival::begin(&decoders)).collect();
        for piece in image.chunks(700) {
            for arrival in &arrivals {
                arrival.push(piece);
            }
        }
        let made: Vec<_> = arrivals.into_iter().map(|arrival| end(arrival, &image)).collect();
        for made in made {
            assert!(made.recv().unwrap() == want);
        }
    }

    #[test]
    fn what_cannot_be_decoded_is_given_up() {
        let decoders = Decoders::with_threads(1);
        let image = png(50);
        for broken in [b"no picture at all".as_slice(), &image[..image.len() / 2], b""] {
            assert!(send(&decoders, broken, 10).is_none());
        }
        assert!(send(&decoders, &image, 100).is_some(), "the next one is not harmed");
    }

    #[test]
    fn what_is_forgotten_takes_no_memory() {
        let decoders = Decoders::with_threads(1);
        let image = png(100);
        for _ in 0..3 {
            let arrival = Arrival::begin(&decoders);
            arrival.push(&image[..image.len() / 2]);
        }
        assert!(send(&decoders, &image, 1_000).is_some());
        // One after the other: when this is done, so is all before it.
        let (done, through) = mpsc::sync_channel(1);
        decoders.run_arriving(Box::new(move || done.send(()).unwrap()));
        through.recv().unwrap();
        assert!(decoders.lend(usize::MAX / 8).is_some(), "nothing is lent any more");
    }
}
