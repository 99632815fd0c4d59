//! What is found in one answer, on its way to the landing: images, addresses to fetch from, rewritten prompts.

use std::collections::BTreeMap;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Instant;

use bytes::Bytes;
use futures_util::stream::{FuturesUnordered, StreamExt as _};

use super::arrival::Arrival;
use super::landing::Landing;
use super::pictures::Pictures;
use crate::domain::{Failure, ImageFacts, ImageId};
use crate::message::Event;
use crate::wire::{Client, Found, Part, Question, mask};

/// The longest address kept with a failure: signed links have about 2,000 characters.
const LINK_MAX_BYTES: usize = 8 << 10;

/// An item's bytes, or why they could not be fetched.
type Fetched = (usize, Result<Vec<u8>, Failure>);
type Download = Pin<Box<dyn Future<Output = Fetched> + Send>>;

/// One answer's images on their way.
pub(super) struct Intake<'a> {
    landing: &'a Landing,
    pictures: &'a Pictures,
    client: Arc<Client>,
    question: Question,
    started: Instant,
    /// The image being received, when somebody waits to see it.
    arrival: Option<Arrival>,
    /// The image received last, whose memory the next one may take.
    last: Option<Bytes>,
    /// Addresses being fetched: at most as many as the reader finds items.
    downloads: FuturesUnordered<Download>,
    /// The addresses, by their place in the answer.
    links: BTreeMap<usize, String>,
    /// Prompts that came before their image was fetched.
    prompts: BTreeMap<usize, String>,
    /// Images on disk, by their place in the answer.
    stored: BTreeMap<usize, (ImageId, ImageFacts)>,
    /// On disk, but not told yet: its prompt may stand in the next bytes.
    untold: Option<usize>,
}

impl<'a> Intake<'a> {
    pub(super) fn new(
        (landing, pictures): (&'a Landing, &'a Pictures),
        client: Arc<Client>,
        question: Question,
        started: Instant,
    ) -> Self {
        Self {
            landing,
            pictures,
            client,
            question,
            started,
            arrival: None,
            last: None,
            downloads: FuturesUnordered::new(),
            links: BTreeMap::new(),
            prompts: BTreeMap::new(),
            stored: BTreeMap::new(),
            untold: None,
        }
    }

    /// Where the images go.
    pub(super) const fn landing(&self) -> &'a Landing {
        self.landing
    }

    /// The memory of the image received last, once it is stored and decoded.
    pub(super) fn room(&mut self) -> Option<Vec<u8>> {
        self.last.take_if(|bytes| bytes.is_unique()).map(Vec::from)
    }

    /// Takes bytes of the image being received, after what was found before them.
    pub(super) fn part(&mut self, part: Part<'_>) {
        if part.at == 0 {
            self.arrival = self.pictures.arrive();
        }
        if let Some(arrival) = &self.arrival {
            arrival.push(part.bytes);
        }
    }

    /// Takes what was found, in order.
    pub(super) async fn take(&mut self, found: Vec<Found>) {
        for found in found {
            match found {
                Found::Image { item, bytes } => {
                    let arrival = self.arrival.take();
                    self.keep(item, bytes, arrival).await;
                }
                Found::Url { item, url } => {
                    // The place is taken now, so that images keep the answer's order however long each takes.
                    self.landing.claim(item);
                    self.links.insert(item, url.to_string());
                    let (client, question) = (Arc::clone(&self.client), self.question.clone());
                    self.downloads.push(Box::pin(async move { (item, client.download(&url, &question).await) }));
                }
                Found::RevisedPrompt { item, text } => self.prompt(item, text).await,
                Found::Broken { item, failure } => self.landing.fail_item(item, failure).await,
                // Only whole images are kept.
                Found::Preview { .. } => {}
            }
        }
    }

    /// Something is being fetched.
    pub(super) fn is_downloading(&self) -> bool {
        !self.downloads.is_empty()
    }

    /// The next download that ended; may be dropped while it waits. Give it to [`Intake::land`].
    pub(super) async fn fetched(&mut self) -> Option<Fetched> {
        self.downloads.next().await
    }

    /// Keeps what was fetched. Not to be dropped half way: the image would be on disk and nobody told.
    pub(super) async fn land(&mut self, fetched: Fetched) {
        match fetched {
            (item, Ok(bytes)) => self.keep(item, bytes, None).await,
            (item, Err(failure)) => {
                let failure = self.with_link(item, failure);
                self.landing.fail_item(item, failure).await;
            }
        }
    }

    /// The image is paid for: its address is kept with the failure, to be tried by hand. Without the key, if it was in it.
    fn with_link(&self, item: usize, mut failure: Failure) -> Failure {
        let link = self.links.get(&item).map(|link| mask(link, self.question.key.as_ref()));
        let Some(link) = link.filter(|link| link.len() <= LINK_MAX_BYTES) else { return failure };
        let detail = failure.detail.take().map(|detail| format!("{detail}\n")).unwrap_or_default();
        failure.with_detail(format!("{detail}The image's address: {link}"))
    }

    async fn keep(&mut self, item: usize, bytes: Vec<u8>, arrival: Option<Arrival>) {
        self.tell().await;
        let Some(image) = self.landing.claim(item) else {
            tracing::warn!(item, "the answer has far more images than were asked for: not kept");
            return;
        };
        let bytes = Bytes::from(bytes);
        self.last = Some(bytes.clone());
        // Decoding and storing go on side by side; nothing is shown before it is stored.
        if let Some(arrival) = arrival.or_else(|| self.pictures.arrive()) {
            self.pictures.arrived(arrival, image, bytes.clone());
        }
        let prompt = self.prompts.remove(&item);
        let has_prompt = prompt.is_some();
        if let Some((at, facts)) = self.landing.store(image, bytes, prompt, self.started.elapsed()).await {
            if at != image {
                // It was there already, in another place.
                self.pictures.not_stored(image);
            }
            self.stored.insert(item, (at, facts));
            self.untold = Some(item);
            if has_prompt {
                self.tell().await;
            }
        } else {
            self.pictures.not_stored(image);
        }
    }

    async fn prompt(&mut self, item: usize, text: String) {
        let Some((image, facts)) = self.stored.get_mut(&item) else {
            self.prompts.insert(item, text);
            return;
        };
        facts.revised_prompt = Some(text.as_str().into());
        let image = *image;
        self.landing.record(move |library| library.set_revised_prompt(image, &text)).await;
        if self.untold != Some(item) {
            self.tell().await;
        }
        // An image that was told already is told once more, now with its prompt.
        self.untold = Some(item);
        self.tell().await;
    }

    /// A stored image has not been told yet.
    pub(super) const fn has_untold(&self) -> bool {
        self.untold.is_some()
    }

    /// Tells the window of the image that was stored last.
    pub(super) async fn tell(&mut self) {
        let Some(item) = self.untold.take() else { return };
        if let Some((image, facts)) = self.stored.get(&item) {
            self.landing.outbox().send(Event::Stored { image: *image, facts: facts.clone() }).await;
            self.pictures.told(*image);
        }
    }
}
