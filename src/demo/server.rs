//! The server: loopback only, bounded, gone when its handle is dropped.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::task::{JoinHandle, JoinSet};

use super::answer::Studio;
use super::pace::Pace;
use super::route;
use super::shelf::Shelf;
use crate::domain::{Failure, FailureKind};

/// Connections served at the same time; more wait in the system's queue. Ten side by side requests twice over, and room.
const MOST_CONNECTIONS: usize = 32;

/// Pictures painted at the same time, so that painting leaves the processor to the window.
const MOST_EASELS: usize = 2;

/// Request line and headers together: far more than any client of this API sends.
const HEAD_LIMIT: usize = 64 * 1024;

/// Header lines in one request.
const MOST_HEADERS: usize = 100;

/// How long the head of a request may take, and so how long an idle connection is kept.
const HEAD_TIME: Duration = Duration::from_secs(30);

/// A pause after the system refused a connection (for want of descriptors), so that the loop does not spin.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// A running demo endpoint. Dropping it stops the server and cuts what is being answered.
#[derive(Debug)]
pub struct Demo {
    base_url: String,
    accepting: JoinHandle<()>,
}

impl Demo {
    /// Its base URL, `http://127.0.0.1:PORT/v1`.
    pub fn base_url(&self) -> &str {
        &self.base_url
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        // The task owns the listener and all connections: they go with it.
        self.accepting.abort();
    }
}

/// Starts the demo endpoint on loopback, on the caller's tokio runtime. Without a port the system chooses a free one.
///
/// # Errors
/// [`FailureKind::Unreachable`] when the port cannot be had.
pub async fn start(port: Option<u16>, pace: Pace) -> Result<Demo, Failure> {
    let wanted = SocketAddr::from((Ipv4Addr::LOCALHOST, port.unwrap_or(0)));
    let failed = |error: std::io::Error| {
        let sentence = match port {
            Some(port) => format!(
                "The demo endpoint cannot use port {port}: another program has it, or it is reserved. Choose another port."
            ),
            None => "The demo endpoint could not be started on this computer.".to_owned(),
        };
        Failure::free(FailureKind::Unreachable, sentence).with_detail(error.to_string())
    };
    let listener = TcpListener::bind(wanted).await.map_err(failed)?;
    let address = listener.local_addr().map_err(failed)?;
    let base_url = format!("http://{address}/v1");
    let easels = Arc::new(Semaphore::new(MOST_EASELS));
    let studio = Arc::new(Studio { shelf: Shelf::default(), pace, easels, base_url: base_url.clone() });
    let accepting = tokio::spawn(accept(listener, studio));
    Ok(Demo { base_url, accepting })
}

/// Takes connections for ever, at most [`MOST_CONNECTIONS`] at a time.
async fn accept(listener: TcpListener, studio: Arc<Studio>) {
    let mut open = JoinSet::new();
    loop {
        while open.len() >= MOST_CONNECTIONS {
            drop(open.join_next().await);
        }
        while open.try_join_next().is_some() {}
        match listener.accept().await {
            Ok((stream, _)) => {
                open.spawn(serve(stream, Arc::clone(&studio)));
            }
            Err(error) => {
                tracing::debug!(%error, "the demo endpoint could not take a connection");
                tokio::time::sleep(ACCEPT_PAUSE).await;
            }
        }
    }
}

async fn serve(stream: TcpStream, studio: Arc<Studio>) {
    let service = service_fn(move |request| route::answer(Arc::clone(&studio), request));
    let served = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIME)
        .max_buf_size(HEAD_LIMIT)
        .max_headers(MOST_HEADERS)
        .serve_connection(TokioIo::new(stream), service)
        .await;
    if let Err(error) = served {
        // A client that hangs up, or a cut asked for: nobody waits for this any more.
        tracing::debug!(%error, "a demo connection ended early");
    }
}
