//! The pictures the window needs now: taken from what was decoded while it arrived, or decoded from the disk, newest
//! list first, as many at a time as there are decoders, each wish once.

mod missing;

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use tokio::sync::{Notify, mpsc, watch};

pub(super) use missing::Missing;

use super::arrival::Arrival;
use super::blocking::{blocking, broken};
use super::decoders::Decoders;
use super::flights::{Flights, Made};
use super::keeper::Keeper;
use super::outbox::Outbox;
use super::shelf::Shelf;
use super::wishlist::{Wish, Wishlist};
use crate::domain::{Failure, ImageId, Pixels};
use crate::library::Library;
use crate::media;
use crate::message::{Event, Wishes};

/// Bytes of pictures of images that arrived while the window takes none: a screen of thumbnails, or a few pictures.
const READY_BYTES_MAX: usize = 32 << 20;

/// Thumbnails of what arrived that wait to be kept on the disk: a screen of them, some megabytes. Beyond that one is made
/// again when it is looked at.
const TO_KEEP_MAX: usize = 64;

/// The one who decodes on demand.
#[derive(Clone)]
pub(super) struct Pictures(Arc<Stand>);

struct Stand {
    decoders: Decoders,
    keeper: Keeper,
    desk: Mutex<Desk>,
    /// Something can be decoded that could not before.
    changed: watch::Sender<()>,
    /// Something is ready for the window.
    ready: Notify,
}

#[derive(Default)]
struct Desk {
    list: Wishlist,
    flights: Flights,
    /// On the way to the window: what arrived, until the outbox has room.
    ready: VecDeque<(Wish, Pixels)>,
}

impl Pictures {
    /// Starts the decoders.
    pub(super) fn start(keeper: Keeper, shelf: &Shelf, outbox: &Outbox, missing: &Missing) -> Self {
        let stand = Arc::new(Stand {
            decoders: Decoders::start(),
            keeper,
            desk: Mutex::default(),
            changed: watch::Sender::new(()),
            ready: Notify::new(),
        });
        for _ in 0..Decoders::usual_threads() {
            tokio::spawn(fulfiller(Arc::clone(&stand), shelf.clone(), outbox.clone(), missing.clone()));
        }
        let (to_keep, kept) = mpsc::channel(TO_KEEP_MAX);
        tokio::spawn(deliverer(Arc::clone(&stand), outbox.clone(), to_keep));
        tokio::spawn(keep(Arc::clone(&stand), shelf.clone(), kept));
        Self(stand)
    }

    /// Brings the window a glimpse of every image that a thumbnail is kept of; with each its SHA-256.
    pub(super) async fn show_glimpses(&self, images: Vec<(ImageId, String)>, outbox: &Outbox) {
        let keeper = self.0.keeper.clone();
        match blocking(move || keeper.glimpses(images)).await {
            Ok(glimpses) if !glimpses.is_empty() => outbox.send(Event::Glimpses(glimpses)).await,
            Ok(_) => {}
            Err(failure) => tracing::debug!(kind = %failure.kind, "no glimpses"),
        }
    }

    /// Does something on a decoder's thread, in turn with the pictures, and behind all that is not a decoder's.
    pub(super) async fn beside<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Failure> {
        self.0.decoders.run(work).await
    }

    /// Replaces what is wanted.
    pub(super) fn want(&self, wishes: Wishes) {
        self.0.desk().list.replace(wishes);
        self.0.changed.send_replace(());
    }

    /// An image begins to arrive; `None` when nobody waits to see it.
    pub(super) fn arrive(&self) -> Option<Arrival> {
        self.0.desk().list.awaits_any().then(|| Arrival::begin(&self.0.decoders))
    }

    /// The image has arrived. What the window wants of it is made now, and shown once it is [`Pictures::told`].
    pub(super) fn arrived(&self, arrival: Arrival, image: ImageId, whole: Bytes) {
        self.0.desk().flights.begin(image);
        let ticket = Ticket { stand: Arc::clone(&self.0), image };
        arrival.end(whole, move |pixels| ticket.make(pixels));
    }

    /// The window was told that the image is stored.
    pub(super) fn told(&self, image: ImageId) {
        let made = self.0.desk().flights.told(image);
        self.0.deliver(image, made);
    }

    /// The image could not be stored: nothing of it is shown.
    pub(super) fn not_stored(&self, image: ImageId) {
        self.0.desk().flights.end(image);
    }
}

/// An image at the decoder's, until something has become of it.
struct Ticket {
    stand: Arc<Stand>,
    image: ImageId,
}

impl Ticket {
    /// Makes what is wanted; gives the picture back unless it is wanted itself.
    fn make(self, pixels: Pixels) -> Option<Pixels> {
        let wanted = self.stand.desk().list.wanted_of(self.image);
        let mut made: Made = Vec::new();
        let mut wants_itself = None;
        for wish in wanted {
            match wish {
                Wish::Thumbnail(_, side) => made.push((wish, media::thumbnail(&pixels, side))),
                Wish::Picture(_) => wants_itself = Some(wish),
            }
        }
        tracing::debug!(slot = self.image.slot, "decoded while it arrived");
        let left = match wants_itself {
            Some(wish) => {
                made.push((wish, media::with_levels(pixels)));
                None
            }
            None => Some(pixels),
        };
        let made = self.stand.desk().flights.made(self.image, made);
        self.stand.deliver(self.image, made);
        left
    }
}

impl Drop for Ticket {
    /// Given up, or panicked: the image is decoded from the disk when it is wished for.
    fn drop(&mut self) {
        let mut desk = self.stand.desk();
        if !desk.flights.has_made(self.image) {
            desk.flights.end(self.image);
            drop(desk);
            self.stand.changed.send_replace(());
        }
    }
}

impl Stand {
    fn desk(&self) -> MutexGuard<'_, Desk> {
        self.desk.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Hands over what was made of an image that arrived.
    fn deliver(&self, image: ImageId, made: Made) {
        let mut desk = self.desk();
        if desk.flights.holds(image) {
            return;
        }
        for (wish, pixels) in made {
            let waiting: usize = desk.ready.iter().map(|(_, pixels)| pixels.size_bytes()).sum();
            // A window that does not take them now wishes for them later.
            if waiting + pixels.size_bytes() <= READY_BYTES_MAX {
                desk.list.fulfil(wish);
                desk.ready.push_back((wish, pixels));
            }
        }
        drop(desk);
        self.ready.notify_one();
        self.changed.send_replace(());
    }

    fn next(&self) -> Option<Wish> {
        let Desk { list, flights, .. } = &mut *self.desk();
        list.next(|image| flights.holds(image))
    }
}

/// Brings what arrived to the window, in order.
async fn deliverer(stand: Arc<Stand>, outbox: Outbox, to_keep: mpsc::Sender<ToKeep>) {
    loop {
        let next = stand.desk().ready.pop_front();
        let Some((wish, pixels)) = next else {
            stand.ready.notified().await;
            continue;
        };
        if let Wish::Thumbnail(image, side) = wish
            && let Ok(room) = to_keep.try_reserve()
        {
            room.send((image, side, pixels.clone()));
        }
        outbox.send(event(wish, Ok(pixels))).await;
    }
}

/// A thumbnail of an image that is stored.
type ToKeep = (ImageId, u32, Pixels);

/// Keeps thumbnails of what arrived, so that the next start does not find their places empty. Behind all that is wished for.
async fn keep(stand: Arc<Stand>, shelf: Shelf, mut thumbnails: mpsc::Receiver<ToKeep>) {
    while let Some((image, side, pixels)) = thumbnails.recv().await {
        let Ok(library) = shelf.library().await else { continue };
        let keeper = stand.keeper.clone();
        let kept = stand.decoders.run(move || {
            if let Some(hash) = library.sha256(image) {
                keeper.put(&hash, side, &pixels);
            }
        });
        if let Err(failure) = kept.await {
            tracing::debug!(kind = %failure.kind, "a thumbnail was not kept");
        }
    }
}

async fn fulfiller(stand: Arc<Stand>, shelf: Shelf, outbox: Outbox, missing: Missing) {
    let mut changed = stand.changed.subscribe();
    while changed.changed().await.is_ok() {
        while let Some(wish) = stand.next() {
            let (beside, on) = (Arc::clone(&stand), shelf.clone());
            // Whatever a picture does to its decoder, the next one is decoded.
            let made = tokio::spawn(async move { pixels(&beside, &on, wish).await }).await;
            let pixels = made.unwrap_or_else(|error| Err(broken(&error)));
            stand.desk().list.done(wish);
            if pixels.is_err() {
                missing.look(vec![wish.image()]).await;
            }
            outbox.send(event(wish, pixels)).await;
        }
    }
}

fn event(wish: Wish, pixels: Result<Pixels, Failure>) -> Event {
    match (wish, pixels) {
        (Wish::Thumbnail(image, asked_pixels), Ok(pixels)) => Event::Thumbnail { image, asked_pixels, pixels },
        (Wish::Picture(image), Ok(pixels)) => Event::Picture { image, pixels },
        (wish, Err(failure)) => Event::PictureFailed { image: wish.image(), failure },
    }
}

async fn read(library: Arc<Library>, image: ImageId) -> Result<(Arc<Library>, Vec<u8>), Failure> {
    blocking(move || library.read_image(image).map(|file| (library, file))).await?
}

async fn pixels(stand: &Stand, shelf: &Shelf, wish: Wish) -> Result<Pixels, Failure> {
    let library = shelf.library().await?;
    let Wish::Thumbnail(image, side) = wish else {
        let image = wish.image();
        let (library, file) = read(library, image).await?;
        let shown = move || media::decode(&file).map_err(|said| library.why_unshown(image, &file, said));
        return stand.decoders.run(move || shown().map(media::with_levels)).await?;
    };
    let hash = library.sha256(image);
    let keeper = stand.keeper.clone();
    let looked_up = hash.clone();
    let kept = stand.decoders.run(move || keeper.get(looked_up.as_deref()?, side));
    if let Some(pixels) = kept.await? {
        return Ok(pixels);
    }
    let (library, file) = read(library, image).await?;
    let keeper = stand.keeper.clone();
    let made = stand.decoders.run(move || {
        let whole = media::decode(&file).map_err(|said| library.why_unshown(image, &file, said))?;
        let pixels = media::thumbnail(&whole, side);
        if let Some(hash) = hash {
            keeper.put(&hash, side, &pixels);
        }
        Ok(pixels)
    });
    made.await?
}
