//! A server on loopback that sends one answer at a set pace, and knows when its last byte left.

use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;
use std::time::{Duration, Instant};

use base64_simd::STANDARD;

/// Written at a time.
const PIECE: usize = 16 << 10;

/// What is sent.
pub(crate) enum Body {
    /// These bytes.
    Bytes(Vec<u8>),
    /// An image that never ends, until so many bytes were sent.
    Endless(u64),
}

/// An answer with these images.
pub(crate) fn answer(images: &[Vec<u8>]) -> Vec<u8> {
    let items: Vec<String> =
        images.iter().map(|image| format!(r#"{{"b64_json":"{}"}}"#, STANDARD.encode_to_string(image))).collect();
    format!(r#"{{"created":1,"data":[{}]}}"#, items.join(",")).into_bytes()
}

/// The server; answers every request until the program ends.
pub(crate) struct Server {
    port: u16,
    sent: Receiver<Instant>,
}

impl Server {
    /// Sends `body` at so many bytes a second; without a number as fast as it goes.
    pub(crate) fn start(body: Body, bytes_per_second: Option<f64>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let (done, sent) = sync_channel(64);
        let serving = move || {
            for stream in listener.incoming() {
                let Ok(stream) = stream else { continue };
                // A client that refuses to read on ends the sending.
                let _ended_early = serve(stream, &body, bytes_per_second, &done);
            }
        };
        thread::Builder::new().name("bench server".to_owned()).spawn(serving).unwrap();
        Self { port, sent }
    }

    /// The base URL.
    pub(crate) fn base(&self) -> String {
        format!("http://127.0.0.1:{}/v1", self.port)
    }

    /// When the last byte of the last answer left.
    pub(crate) fn last_byte(&self) -> Instant {
        self.sent.recv().unwrap()
    }
}

fn serve(mut stream: TcpStream, body: &Body, pace: Option<f64>, done: &SyncSender<Instant>) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let mut lines = BufReader::new(stream.try_clone()?);
    let mut length = 0;
    loop {
        let mut line = String::new();
        lines.read_line(&mut line)?;
        if let Some((name, value)) = line.split_once(':')
            && name.eq_ignore_ascii_case("content-length")
        {
            length = value.trim().parse().unwrap_or(0);
        }
        if line.trim().is_empty() {
            break;
        }
    }
    lines.take(length).read_to_end(&mut Vec::new())?;
    let head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n";
    match body {
        Body::Bytes(bytes) => {
            write!(stream, "{head}Content-Length: {}\r\n\r\n", bytes.len())?;
            paced(&mut stream, bytes.chunks(PIECE), pace)?;
        }
        Body::Endless(most) => {
            let piece = vec![b'A'; PIECE];
            let start = br#"{"data":[{"b64_json":"iVBORw0KGgoAAAANSUhEUgAAAAE"#;
            write!(
                stream,
                "{head}Content-Length: {}\r\n\r\n",
                start.len() as u64 + most / PIECE as u64 * PIECE as u64
            )?;
            stream.write_all(start)?;
            paced(&mut stream, (0..most / PIECE as u64).map(|_| piece.as_slice()), pace)?;
        }
    }
    done.send(Instant::now()).map_err(io::Error::other)
}

fn paced<'b>(stream: &mut TcpStream, pieces: impl Iterator<Item = &'b [u8]>, pace: Option<f64>) -> io::Result<()> {
    let start = Instant::now();
    let mut sent = 0.0;
    for piece in pieces {
        sent += piece.len() as f64;
        if let Some(pace) = pace {
            let due = start + Duration::from_secs_f64(sent / pace);
            thread::sleep(due.saturating_duration_since(Instant::now()));
        }
        stream.write_all(piece)?;
    }
    stream.flush()
}
