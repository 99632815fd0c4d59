//! The answer with pictures: sent piece by piece, each picture as soon as it is painted.

use std::io;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use base64_simd::STANDARD;
use bytes::Bytes;
use futures_util::stream;
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt as _, Full, StreamBody};
use hyper::body::Frame;
use serde_json::json;
use tokio::sync::Semaphore;

use super::encode::png;
use super::order::{Form, Order};
use super::pace::Pace;
use super::paint::{self, Manner};
use super::shelf::Shelf;
use super::trouble::{SLOW, Trouble};

/// A body of the demo's answers.
pub(super) type Body = UnsyncBoxBody<Bytes, io::Error>;

/// A body that is there at once.
pub(super) fn whole(bytes: impl Into<Bytes>) -> Body {
    Full::new(bytes.into()).map_err(|never| match never {}).boxed_unsync()
}

/// Time for what was sent to leave before the connection is cut.
const CUT_PAUSE: Duration = Duration::from_millis(300);

/// What all answers of one demo share.
pub(super) struct Studio {
    pub(super) shelf: Shelf,
    pub(super) pace: Pace,
    /// Bounds how many pictures are painted at the same time.
    pub(super) easels: Arc<Semaphore>,
    /// `http://127.0.0.1:PORT/v1`.
    pub(super) base_url: String,
}

/// An answer on its way.
struct Answer {
    studio: Arc<Studio>,
    order: Order,
    trouble: Option<Trouble>,
    /// The number of the first picture among all pictures of this prompt.
    first: u32,
    /// Pictures to send.
    count: u32,
    next: Step,
}

/// What is sent next.
#[derive(Clone, Copy)]
enum Step {
    Head,
    Picture(u32),
    Broken,
    Done,
}

/// The pictures of an order. Dropping the body stops the painting.
pub(super) fn pictures(studio: Arc<Studio>, order: Order, trouble: Option<Trouble>) -> Body {
    let first = studio.shelf.next_turns(&order.prompt, order.count);
    let count = match trouble {
        Some(Trouble::Fewer) => order.count - 1,
        Some(Trouble::NoImages) => 0,
        _ => order.count,
    };
    let answer = Answer { studio, order, trouble, first, count, next: Step::Head };
    let frames = stream::unfold(answer, |mut answer| async move {
        let piece = answer.piece().await?;
        Some((piece.map(|text| Frame::data(Bytes::from(text))), answer))
    });
    StreamBody::new(frames).boxed_unsync()
}

impl Answer {
    /// The next piece of JSON; `None` at the end.
    async fn piece(&mut self) -> Option<io::Result<String>> {
        match self.next {
            Step::Head => {
                let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_secs());
                let head = format!("{{\"created\":{now},\"data\":[");
                self.next = Step::Picture(0);
                Some(Ok(head))
            }
            Step::Picture(index) if index < self.count => {
                let Some(mut item) = self.item(index).await else {
                    self.next = Step::Done;
                    return Some(Err(io::Error::other("the picture could not be painted")));
                };
                self.next = Step::Picture(index + 1);
                if index + 1 == self.count && self.trouble == Some(Trouble::CutOff) {
                    item.truncate(item.len() / 2);
                    self.next = Step::Broken;
                }
                Some(Ok(if index == 0 { item } else { format!(",{item}") }))
            }
            Step::Picture(_) => {
                self.next = Step::Done;
                Some(Ok(self.tail()))
            }
            Step::Broken => {
                tokio::time::sleep(CUT_PAUSE).await;
                self.next = Step::Done;
                Some(Err(io::Error::new(io::ErrorKind::ConnectionReset, "cut off on request")))
            }
            Step::Done => None,
        }
    }

    /// One picture as a JSON object, after the time it takes.
    async fn item(&self, index: u32) -> Option<String> {
        let slow = self.trouble == Some(Trouble::Slow);
        let ready = tokio::time::Instant::now() + if slow { SLOW } else { self.studio.pace.of(self.first + index) };
        let last = index + 1 == self.count;
        let bytes = match self.trouble {
            Some(Trouble::NotAnImage) if last => b"This text stands where a picture should be.".to_vec(),
            _ => self.paint(index).await?,
        };
        tokio::time::sleep_until(ready).await;
        let mut item = serde_json::Map::new();
        match self.trouble {
            Some(Trouble::EmptySlot) if last => {}
            Some(Trouble::Damaged) if last => {
                item.insert("b64_json".to_owned(), json!("this is ~~ not base64"));
            }
            _ => match self.order.form {
                Form::Base64 => {
                    item.insert("b64_json".to_owned(), json!(STANDARD.encode_to_string(&bytes)));
                }
                Form::Url => {
                    let lost = self.trouble == Some(Trouble::LostFile);
                    let name = if lost {
                        "gone.png".to_owned()
                    } else {
                        self.studio.shelf.keep(Bytes::from(bytes), Instant::now())
                    };
                    item.insert("url".to_owned(), json!(format!("{}/images/files/{name}", self.studio.base_url)));
                }
            },
        }
        if self.order.model.revises {
            let sentence = paint::describe(&self.order.prompt, self.first + index);
            item.insert("revised_prompt".to_owned(), json!(sentence));
        }
        serde_json::to_string(&item).ok()
    }

    /// The picture's PNG, painted off the server's own threads.
    async fn paint(&self, index: u32) -> Option<Vec<u8>> {
        let permit = Arc::clone(&self.studio.easels).acquire_owned().await.ok()?;
        let (prompt, number) = (self.order.prompt.clone(), self.first + index);
        let (width, height) = match self.trouble {
            Some(Trouble::OtherSize) => (768, 768),
            _ => (self.order.width, self.order.height),
        };
        let manner = match self.order.style.as_deref() {
            Some("vivid") => Manner::Vivid,
            Some("natural") => Manner::Natural,
            _ => Manner::Plain,
        };
        let work = move || {
            let bytes = png(&paint::paint(&prompt, number, width, height, manner));
            drop(permit);
            bytes
        };
        tokio::task::spawn_blocking(work).await.ok().flatten()
    }

    /// The end of the JSON, with what the model reports.
    fn tail(&self) -> String {
        if !self.order.model.reports {
            return "]}".to_owned();
        }
        let size = format!("{}x{}", self.order.width, self.order.height);
        let quality = if self.order.quality == "auto" { "high" } else { self.order.quality.as_str() };
        let words = self.order.prompt.split_whitespace().count();
        let painted = 1000 * self.count as usize;
        let usage = json!({
            "total_tokens": words + painted,
            "input_tokens": words,
            "output_tokens": painted,
            "input_tokens_details": { "text_tokens": words, "image_tokens": 0 },
        });
        format!(
            "],\"background\":\"opaque\",\"output_format\":\"png\",\"quality\":{},\"size\":{},\"usage\":{usage}}}",
            json!(quality),
            json!(size)
        )
    }
}
