//! Tells when a request goes out: a connection that was never made has carried nothing, and nobody should say it did.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use hyper::body::{Body, Frame, SizeHint};
use tokio::sync::oneshot;

/// Ready when the first byte of the request's body is asked for by a connection that stands.
pub type Departure = oneshot::Receiver<()>;

/// A request's body, and the moment of its departure.
pub(super) fn watched(bytes: Vec<u8>) -> (reqwest::Body, Option<Departure>) {
    let (leaves, departure) = oneshot::channel();
    let body = Watched { bytes: Some(bytes.into()), leaves: Some(leaves) };
    (reqwest::Body::wrap(body), Some(departure))
}

/// Bytes of a known length that say when they are taken: no connection takes them before it is made.
struct Watched {
    bytes: Option<Bytes>,
    leaves: Option<oneshot::Sender<()>>,
}

impl Body for Watched {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        if let Some(leaves) = self.leaves.take() {
            // Whoever asked may have gone since.
            let _nobody_waits = leaves.send(());
        }
        Poll::Ready(self.bytes.take().map(|bytes| Ok(Frame::data(bytes))))
    }

    fn is_end_stream(&self) -> bool {
        self.bytes.is_none()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.bytes.as_ref().map_or(0, |bytes| bytes.len() as u64))
    }
}
