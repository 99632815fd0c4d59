//! Decodes the pictures the window needs now: newest list first, two at a time, each wish once.

use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::watch;

use super::blocking::{blocking, broken};
use super::outbox::Outbox;
use super::shelf::Shelf;
use super::wishlist::{Wish, Wishlist};
use crate::domain::{Failure, Pixels};
use crate::media;
use crate::message::{Event, Wishes};

/// Pictures decoded side by side: more would take the processor from the window on a small computer.
const DECODERS: usize = 2;

/// The one who decodes on demand.
#[derive(Clone)]
pub(super) struct Pictures(Arc<Stand>);

struct Stand {
    list: Mutex<Wishlist>,
    changed: watch::Sender<()>,
}

impl Pictures {
    /// Starts the decoders.
    pub(super) fn start(shelf: &Shelf, outbox: &Outbox) -> Self {
        let stand = Arc::new(Stand { list: Mutex::default(), changed: watch::Sender::new(()) });
        for _ in 0..DECODERS {
            tokio::spawn(decoder(Arc::clone(&stand), shelf.clone(), outbox.clone()));
        }
        Self(stand)
    }

    /// Replaces what is wanted.
    pub(super) fn want(&self, wishes: Wishes) {
        self.0.list.lock().unwrap_or_else(PoisonError::into_inner).replace(wishes);
        self.0.changed.send_replace(());
    }
}

impl Stand {
    fn next(&self) -> Option<Wish> {
        self.list.lock().unwrap_or_else(PoisonError::into_inner).next()
    }

    fn done(&self, wish: Wish) {
        self.list.lock().unwrap_or_else(PoisonError::into_inner).done(wish);
    }
}

async fn decoder(stand: Arc<Stand>, shelf: Shelf, outbox: Outbox) {
    let mut changed = stand.changed.subscribe();
    while changed.changed().await.is_ok() {
        while let Some(wish) = stand.next() {
            let (beside, of) = (shelf.clone(), wish.image());
            // Whatever a picture does to its decoder, the next one is decoded.
            let made = tokio::spawn(async move { fulfil(&beside, wish).await }).await;
            let event = made.unwrap_or_else(|error| Event::PictureFailed { image: of, failure: broken(&error) });
            stand.done(wish);
            outbox.send(event).await;
        }
    }
}

async fn fulfil(shelf: &Shelf, wish: Wish) -> Event {
    let image = wish.image();
    match pixels(shelf, wish).await {
        Ok(pixels) => match wish {
            Wish::Thumbnail(_, asked_pixels) => Event::Thumbnail { image, asked_pixels, pixels },
            Wish::Picture(_) => Event::Picture { image, pixels },
        },
        Err(failure) => Event::PictureFailed { image, failure },
    }
}

async fn pixels(shelf: &Shelf, wish: Wish) -> Result<Pixels, Failure> {
    let library = shelf.library().await?;
    blocking(move || {
        let pixels = media::decode(&library.read_image(wish.image())?)?;
        Ok(match wish {
            Wish::Thumbnail(_, longest_side) => media::thumbnail(&pixels, longest_side),
            Wish::Picture(_) => pixels,
        })
    })
    .await?
}
