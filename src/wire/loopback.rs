//! A server for tests: raw bytes on loopback, good or bad, and a record of what was asked.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use crate::domain::BaseUrl;

/// What is done with one connection, after its request was read whole.
#[derive(Clone)]
pub(super) enum Step {
    Send(Vec<u8>),
    Pause(Duration),
    /// Ends the connection with a reset instead of a farewell.
    Reset,
    /// Says nothing more, but stays.
    Hang,
}

/// A running server; ends with the test's runtime.
pub(super) struct Loopback {
    pub(super) port: u16,
    requests: Arc<Mutex<Vec<String>>>,
}

/// A whole answer with these headers (each ending in a line break) and this body.
pub(super) fn answer(status: &str, headers: &str, body: impl AsRef<[u8]>) -> Vec<Step> {
    let body = body.as_ref();
    let mut bytes =
        format!("HTTP/1.1 {status}\r\n{headers}Content-Length: {}\r\nConnection: close\r\n\r\n", body.len());
    let mut bytes = std::mem::take(&mut bytes).into_bytes();
    bytes.extend_from_slice(body);
    vec![Step::Send(bytes)]
}

/// A good answer with JSON.
pub(super) fn json(body: &str) -> Vec<Step> {
    answer("200 OK", "Content-Type: application/json\r\n", body)
}

impl Loopback {
    /// Takes connections one after the other, each with its script; when scripts run out, the last one repeats.
    pub(super) async fn serve(scripts: Vec<Vec<Step>>) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let requests = Arc::new(Mutex::new(Vec::new()));
        let record = Arc::clone(&requests);
        tokio::spawn(async move {
            let mut scripts = VecDeque::from(scripts);
            while let Ok((stream, _)) = listener.accept().await {
                let script = if scripts.len() > 1 { scripts.pop_front() } else { scripts.front().cloned() };
                tokio::spawn(connection(stream, script.unwrap(), Arc::clone(&record)));
            }
        });
        Self { port, requests }
    }

    pub(super) fn base(&self) -> BaseUrl {
        BaseUrl::parse(&format!("http://127.0.0.1:{}/v1", self.port)).unwrap()
    }

    /// The requests so far, head and body.
    pub(super) fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }
}

async fn connection(mut stream: TcpStream, script: Vec<Step>, record: Arc<Mutex<Vec<String>>>) {
    let Some(request) = read(&mut stream).await else { return };
    record.lock().unwrap().push(request);
    for step in script {
        match step {
            Step::Send(bytes) => {
                if stream.write_all(&bytes).await.is_err() {
                    return;
                }
            }
            Step::Pause(time) => tokio::time::sleep(time).await,
            Step::Reset => {
                stream.set_zero_linger().unwrap();
                return;
            }
            Step::Hang => std::future::pending().await,
        }
    }
    stream.shutdown().await.ok();
}

async fn read(stream: &mut TcpStream) -> Option<String> {
    let mut bytes = Vec::new();
    loop {
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let length = header(head, "content-length").map_or(0, |length| length.parse::<usize>().unwrap());
        if body.len() >= length {
            return Some(text);
        }
    }
}

/// A header's value in a request.
pub(super) fn header<'r>(request: &'r str, name: &str) -> Option<&'r str> {
    let head = request.split_once("\r\n\r\n").map_or(request, |(head, _)| head);
    let mut lines = head.lines().skip(1).filter_map(|line| line.split_once(':'));
    lines.find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim())
}
