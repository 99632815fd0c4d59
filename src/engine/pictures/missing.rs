//! Files that were moved or deleted behind the program's back: noticed when they are read or saved, and told.

use super::super::blocking::blocking;
use super::super::indexer::Indexer;
use super::super::outbox::Outbox;
use super::super::shelf::Shelf;
use crate::domain::ImageId;
use crate::message::Event;

/// The one who looks.
#[derive(Clone)]
pub(in crate::engine) struct Missing {
    shelf: Shelf,
    indexer: Indexer,
    outbox: Outbox,
}

impl Missing {
    pub(in crate::engine) const fn new(shelf: Shelf, indexer: Indexer, outbox: Outbox) -> Self {
        Self { shelf, indexer, outbox }
    }

    /// Something went wrong with these: those whose file is gone are shown as missing from now on.
    pub(in crate::engine) async fn look(&self, images: Vec<ImageId>) {
        let Ok(library) = self.shelf.library().await else { return };
        let looked = blocking(move || {
            let missing = |image: ImageId| Some((image, library.note_missing(image)?));
            images.into_iter().filter_map(missing).collect::<Vec<_>>()
        });
        for (image, failure) in looked.await.unwrap_or_default() {
            self.indexer.touch([image.run]);
            self.outbox.send(Event::Failed { image, failure }).await;
        }
    }
}
