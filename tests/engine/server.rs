//! A loopback HTTP server that answers as a test scripts it, and remembers what it was asked.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::thread;
use std::time::Duration;

/// A request as it came in.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
}

impl Asked {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap()
    }
}

/// A door that stays shut until the test opens it.
#[derive(Clone, Default)]
pub(crate) struct Door(Arc<(Mutex<bool>, Condvar)>);

impl Door {
    pub(crate) fn open(&self) {
        *self.0.0.lock().unwrap() = true;
        self.0.1.notify_all();
    }

    fn wait(&self) {
        let open = self.0.0.lock().unwrap();
        // The limit only keeps a broken test from hanging for ever.
        let _open = self.0.1.wait_timeout_while(open, Duration::from_mins(1), |open| !*open).unwrap();
    }
}

/// What the server does with a request.
#[derive(Clone)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
    /// Closed without an answer.
    pub(crate) hang_up: bool,
    /// The connection ends after so many bytes of the body.
    pub(crate) cut_at: Option<usize>,
    /// Wait for this door before the answer.
    pub(crate) before: Option<Door>,
    /// Wait for this door after so many bytes of the body.
    pub(crate) within: Option<(usize, Door)>,
}

impl Reply {
    pub(crate) fn json(status: u16, body: impl Into<String>) -> Self {
        Self {
            status,
            headers: vec![("Content-Type".to_owned(), "application/json".to_owned())],
            body: body.into().into_bytes(),
            hang_up: false,
            cut_at: None,
            before: None,
            within: None,
        }
    }

    pub(crate) fn bytes(content_type: &str, body: &[u8]) -> Self {
        let mut reply = Self::json(200, "");
        reply.headers = vec![("Content-Type".to_owned(), content_type.to_owned())];
        reply.body = body.to_vec();
        reply
    }

    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(crate) fn before(mut self, door: &Door) -> Self {
        self.before = Some(door.clone());
        self
    }

    pub(crate) fn within(mut self, bytes: usize, door: &Door) -> Self {
        self.within = Some((bytes, door.clone()));
        self
    }

    pub(crate) fn cut_at(mut self, bytes: usize) -> Self {
        self.cut_at = Some(bytes);
        self
    }
}

type Script = dyn Fn(usize, &Asked) -> Reply + Send + Sync;

struct Shared {
    script: Box<Script>,
    asked: Mutex<Vec<Asked>>,
    open: AtomicUsize,
    most_open: AtomicUsize,
    ended: AtomicBool,
}

/// The server; ends with its value.
pub(crate) struct Server {
    shared: Arc<Shared>,
    port: u16,
}

impl Server {
    /// Answers the n-th request (from 0) as `script` says.
    pub(crate) fn start(script: impl Fn(usize, &Asked) -> Reply + Send + Sync + 'static) -> Self {
        Self::at(0, script)
    }

    /// The same on this port; 0 for any.
    pub(crate) fn at(port: u16, script: impl Fn(usize, &Asked) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", port)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let shared = Arc::new(Shared {
            script: Box::new(script),
            asked: Mutex::default(),
            open: AtomicUsize::new(0),
            most_open: AtomicUsize::new(0),
            ended: AtomicBool::new(false),
        });
        let server = Arc::clone(&shared);
        named("test server", move || {
            for stream in listener.incoming() {
                if server.ended.load(Ordering::SeqCst) {
                    return;
                }
                let server = Arc::clone(&server);
                let Ok(stream) = stream else { continue };
                // A client that goes away in the middle is what some tests are about.
                named("test connection", move || drop(serve(&server, stream)));
            }
        });
        Self { shared, port }
    }

    /// The same answer to everything.
    pub(crate) fn always(reply: Reply) -> Self {
        Self::start(move |_, _| reply.clone())
    }

    pub(crate) fn base(&self) -> String {
        format!("http://127.0.0.1:{}/v1", self.port)
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.shared.asked.lock().unwrap().clone()
    }

    /// How many requests for images came.
    pub(crate) fn posts(&self) -> usize {
        self.asked().iter().filter(|asked| asked.method == "POST").count()
    }

    /// The most requests that were open at once.
    pub(crate) fn most_open(&self) -> usize {
        self.shared.most_open.load(Ordering::SeqCst)
    }

    /// Waits until so many requests have come.
    pub(crate) fn wait_for(&self, count: usize) {
        for _ in 0..3_000 {
            if self.asked().len() >= count {
                return;
            }
            thread::sleep(Duration::from_millis(10));
        }
        panic!("{count} requests did not come: {:?}", self.asked());
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.shared.ended.store(true, Ordering::SeqCst);
        drop(TcpStream::connect(("127.0.0.1", self.port)));
    }
}

/// A port nobody listens on.
pub(crate) fn closed_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

fn named(name: &str, work: impl FnOnce() + Send + 'static) {
    thread::Builder::new().name(name.to_owned()).spawn(work).unwrap();
}

fn serve(server: &Shared, mut stream: TcpStream) -> std::io::Result<()> {
    let Some(asked) = read(&stream)? else { return Ok(()) };
    let number = {
        let mut all = server.asked.lock().unwrap();
        all.push(asked.clone());
        all.len() - 1
    };
    let open = server.open.fetch_add(1, Ordering::SeqCst) + 1;
    server.most_open.fetch_max(open, Ordering::SeqCst);
    let reply = (server.script)(number, &asked);
    let done = answer(&mut stream, &reply);
    server.open.fetch_sub(1, Ordering::SeqCst);
    done
}

fn read(stream: &TcpStream) -> std::io::Result<Option<Asked>> {
    let mut lines = BufReader::new(stream.try_clone()?);
    let mut first = String::new();
    if lines.read_line(&mut first)? == 0 {
        return Ok(None);
    }
    let mut words = first.split_whitespace().map(str::to_owned);
    let (method, path) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let mut headers = Vec::new();
    loop {
        let mut line = String::new();
        lines.read_line(&mut line)?;
        let Some((name, value)) = line.trim_end().split_once(':') else { break };
        headers.push((name.to_owned(), value.trim().to_owned()));
    }
    let mut asked = Asked { method, path, headers, body: String::new() };
    let length = asked.header("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
    let mut body = vec![0; length];
    lines.read_exact(&mut body)?;
    asked.body = String::from_utf8_lossy(&body).into_owned();
    Ok(Some(asked))
}

fn answer(stream: &mut TcpStream, reply: &Reply) -> std::io::Result<()> {
    if let Some(door) = &reply.before {
        door.wait();
    }
    if reply.hang_up {
        return Ok(());
    }
    write!(stream, "HTTP/1.1 {} Scripted\r\n", reply.status)?;
    for (name, value) in &reply.headers {
        write!(stream, "{name}: {value}\r\n")?;
    }
    write!(stream, "Content-Length: {}\r\nConnection: close\r\n\r\n", reply.body.len())?;
    let end = reply.cut_at.unwrap_or(reply.body.len()).min(reply.body.len());
    let mut from = 0;
    if let Some((bytes, door)) = &reply.within {
        from = (*bytes).min(end);
        stream.write_all(&reply.body[..from])?;
        stream.flush()?;
        door.wait();
    }
    stream.write_all(&reply.body[from..end])?;
    stream.flush()
}
