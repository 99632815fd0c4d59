//! A server that misbehaves on purpose, on raw sockets: it resets, cuts, drips, lies about lengths, chunks badly, falls
//! silent, and answers with any bytes. What it does to a request is chosen by the first part of the path, so that one
//! server plays every case of a table; it keeps the head of every request it was sent.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::{Builder, Runtime};

use super::answers::{b64, png};

/// How an answer's bytes go out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Manner {
    /// With its true length.
    Whole,
    /// With a length that is not true: this one.
    Promises(u64),
    /// Without any length: the connection's end is the end.
    NoLength,
    /// The true length is promised, so many bytes of the body come, and the connection ends.
    CutAt(usize),
    /// The same with a reset.
    ResetAt(usize),
    /// The same with silence.
    SilentAfter(usize),
    /// In chunks of so many bytes.
    Chunks(usize),
    /// One good chunk of so many bytes, then one that is none.
    BadChunk(usize),
    /// One chunk of so many bytes, and the end without the last chunk.
    ChunksEndEarly(usize),
    /// So many bytes at a time, with a pause between.
    Drip(usize, Duration),
    /// The body is all there is: it holds its own head, or something that is no HTTP.
    Raw,
    /// The head says that the body is repeated so often, and it is.
    Repeated(usize),
    /// Reset before any byte.
    Reset,
    /// Nothing, and no end.
    Silent,
}

/// One answer.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
    pub(crate) manner: Manner,
}

impl Answer {
    pub(crate) fn bytes(status: u16, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        let headers = vec![("Content-Type".to_owned(), content_type.to_owned())];
        Self { status, headers, body: body.into(), manner: Manner::Whole }
    }

    /// JSON; `@1@` stands for the first picture in base64, `@HERE@` for the address of this case.
    pub(crate) fn json(status: u16, body: &str) -> Self {
        Self::bytes(status, "application/json", body)
    }

    pub(crate) fn page(status: u16, title: &str) -> Self {
        let page = format!(
            "<!DOCTYPE html>\r\n<html>\r\n<head><title>{title}</title></head>\r\n<body><center><h1>{title}</h1></center></body></html>"
        );
        Self::bytes(status, "text/html", page)
    }

    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(crate) fn by(mut self, manner: Manner) -> Self {
        self.manner = manner;
        self
    }

    /// The marks of a text body and of the headers filled in.
    fn filled(mut self, here: &str) -> Self {
        if let Ok(text) = str::from_utf8(&self.body)
            && text.contains('@')
        {
            self.body = fill(text, here).into_bytes();
        }
        for (_, value) in &mut self.headers {
            *value = fill(value, here);
        }
        self
    }
}

fn fill(text: &str, here: &str) -> String {
    let mut text = text.replace("@HERE@", here);
    for number in 1..=9 {
        let mark = format!("@{number}@");
        if text.contains(&mark) {
            text = text.replace(&mark, &b64(&png(number)));
        }
    }
    text
}

/// A request as it came; its body is read and let go.
#[derive(Clone, Debug)]
pub(crate) struct Heard {
    pub(crate) head: String,
}

impl Heard {
    pub(crate) fn is_post(&self) -> bool {
        self.head.starts_with("POST ")
    }

    /// The path without the case.
    fn rest(&self) -> (String, String) {
        let path = self.head.split(' ').nth(1).unwrap_or_default().trim_start_matches('/');
        let (case, rest) = path.split_once('/').unwrap_or((path, ""));
        (case.to_owned(), format!("/{rest}"))
    }
}

/// What is played for one case: answers to requests for images one after the other (the last one repeats), and files.
#[derive(Clone, Debug, Default)]
pub(crate) struct Play {
    pub(crate) posts: Vec<Answer>,
    pub(crate) files: Vec<(String, Answer)>,
}

#[derive(Default)]
struct Stage {
    plays: HashMap<String, Play>,
    heard: HashMap<String, Vec<Heard>>,
}

/// The server; ends with its value.
pub(crate) struct FaultServer {
    stage: Arc<Mutex<Stage>>,
    pub(crate) port: u16,
    _runtime: Runtime,
}

impl FaultServer {
    pub(crate) fn start() -> Self {
        let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let listener = runtime.block_on(TcpListener::bind(("127.0.0.1", 0))).unwrap();
        let port = listener.local_addr().unwrap().port();
        let stage = Arc::new(Mutex::new(Stage::default()));
        let shared = Arc::clone(&stage);
        runtime.spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, Arc::clone(&shared), port));
            }
        });
        Self { stage, port, _runtime: runtime }
    }

    /// Plays a case from now on; its base URL.
    pub(crate) fn play(&self, case: &str, play: Play) -> String {
        self.stage.lock().unwrap().plays.insert(case.to_owned(), play);
        format!("{}/v1", here(self.port, case))
    }

    /// What came for a case.
    pub(crate) fn heard(&self, case: &str) -> Vec<Heard> {
        self.stage.lock().unwrap().heard.get(case).cloned().unwrap_or_default()
    }

    /// How many requests for images came for a case.
    pub(crate) fn posts(&self, case: &str) -> usize {
        self.heard(case).iter().filter(|heard| heard.is_post()).count()
    }
}

fn here(port: u16, case: &str) -> String {
    format!("http://127.0.0.1:{port}/{case}")
}

async fn serve(mut stream: TcpStream, stage: Arc<Mutex<Stage>>, port: u16) {
    let Some(heard) = hear(&mut stream).await else { return };
    let (case, rest) = heard.rest();
    let answer = {
        let mut stage = stage.lock().unwrap();
        let all = stage.heard.entry(case.clone()).or_default();
        let posts = all.iter().filter(|heard| heard.is_post()).count();
        let is_post = heard.is_post();
        all.push(heard);
        stage.plays.get(&case).and_then(|play| {
            if is_post {
                return play.posts.get(posts).or(play.posts.last()).cloned();
            }
            play.files.iter().find(|(path, _)| *path == rest).map(|(_, answer)| answer.clone())
        })
    };
    let answer = answer.unwrap_or_else(|| Answer::bytes(404, "text/plain", "nothing is played here"));
    // A client that goes away in the middle is what some cases are about.
    drop(play(&mut stream, answer.filled(&here(port, &case))).await);
}

/// The whole request, or nothing when the client went away.
async fn hear(stream: &mut TcpStream) -> Option<Heard> {
    let mut bytes = Vec::new();
    loop {
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let length = head.lines().find_map(|line| {
            let (name, value) = line.split_once(':')?;
            name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse::<usize>().unwrap())
        });
        if body.len() >= length.unwrap_or(0) {
            return Some(Heard { head: head.to_owned() });
        }
    }
}

async fn play(stream: &mut TcpStream, answer: Answer) -> std::io::Result<()> {
    let Answer { status, headers, body, manner } = answer;
    match manner {
        Manner::Reset => return stream.set_zero_linger(),
        Manner::Silent => return std::future::pending().await,
        Manner::Raw => {
            stream.write_all(&body).await?;
            return stream.shutdown().await;
        }
        _ => {}
    }
    let length = match manner {
        Manner::Promises(bytes) => format!("Content-Length: {bytes}\r\n"),
        Manner::NoLength => String::new(),
        Manner::Chunks(_) | Manner::BadChunk(_) | Manner::ChunksEndEarly(_) => {
            "Transfer-Encoding: chunked\r\n".to_owned()
        }
        Manner::Repeated(times) => format!("Content-Length: {}\r\n", body.len() * times),
        _ => format!("Content-Length: {}\r\n", body.len()),
    };
    let mut head = format!("HTTP/1.1 {status} Played\r\n{length}Connection: close\r\n");
    for (name, value) in &headers {
        head.extend([name.as_str(), ": ", value.as_str(), "\r\n"]);
    }
    head += "\r\n";
    stream.write_all(head.as_bytes()).await?;
    match manner {
        Manner::CutAt(bytes) => stream.write_all(&body[..bytes.min(body.len())]).await?,
        Manner::ResetAt(bytes) => {
            stream.write_all(&body[..bytes.min(body.len())]).await?;
            stream.flush().await?;
            // What was sent is read first: a reset throws away what the other side has not taken yet.
            tokio::time::sleep(Duration::from_millis(100)).await;
            return stream.set_zero_linger();
        }
        Manner::SilentAfter(bytes) => {
            stream.write_all(&body[..bytes.min(body.len())]).await?;
            return std::future::pending().await;
        }
        Manner::Chunks(size) => {
            for piece in body.chunks(size) {
                stream.write_all(&chunk(piece)).await?;
            }
            stream.write_all(b"0\r\n\r\n").await?;
        }
        Manner::BadChunk(size) => {
            stream.write_all(&chunk(&body[..size.min(body.len())])).await?;
            stream.write_all(b"no length\r\n").await?;
        }
        Manner::ChunksEndEarly(size) => stream.write_all(&chunk(&body[..size.min(body.len())])).await?,
        Manner::Drip(size, pause) => {
            for piece in body.chunks(size) {
                stream.write_all(piece).await?;
                stream.flush().await?;
                tokio::time::sleep(pause).await;
            }
        }
        Manner::Repeated(times) => {
            for _ in 0..times {
                stream.write_all(&body).await?;
            }
        }
        _ => stream.write_all(&body).await?,
    }
    stream.shutdown().await
}

fn chunk(piece: &[u8]) -> Vec<u8> {
    [format!("{:x}\r\n", piece.len()).as_bytes(), piece, b"\r\n"].concat()
}
