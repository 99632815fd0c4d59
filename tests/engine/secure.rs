//! Secure connections good and bad, before the real program: certificates of every wrong kind, and HTTP/2 that ends a
//! request in its own ways.

use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use base64_simd::STANDARD;
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair, date_time_ymd};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::{Builder, Runtime};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::crypto::aws_lc_rs::default_provider;
use tokio_rustls::rustls::pki_types::PrivatePkcs8KeyDer;
use tokio_rustls::rustls::{ServerConfig, version};
use tokio_rustls::server::TlsStream;

use super::answers::{b64, png};
use super::bench::KEY;
use super::program::Program;

/// Signs certificates; the program trusts it when told so.
struct Authority {
    issuer: Issuer<'static, KeyPair>,
    der: Vec<u8>,
}

impl Authority {
    fn new() -> Self {
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().unwrap();
        let der = params.self_signed(&key).unwrap().der().to_vec();
        Self { issuer: Issuer::new(params, key), der }
    }

    /// The file a system keeps trusted certificates in.
    fn write(&self, file: &Path) {
        let text = STANDARD.encode_to_string(&self.der);
        let lines: Vec<&str> = text.as_bytes().chunks(64).map(|line| str::from_utf8(line).unwrap()).collect();
        let pem = format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n", lines.join("\n"));
        std::fs::write(file, pem).unwrap();
    }
}

/// What a certificate is wrong about.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Wrong {
    Nothing,
    Name,
    Expired,
    TooEarly,
}

fn config(authority: &Authority, wrong: Wrong, protocol: &str) -> Arc<ServerConfig> {
    let name = if wrong == Wrong::Name { "elsewhere.example" } else { "127.0.0.1" };
    let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
    match wrong {
        Wrong::Expired => {
            (params.not_before, params.not_after) = (date_time_ymd(2001, 1, 1), date_time_ymd(2002, 1, 1));
        }
        Wrong::TooEarly => {
            (params.not_before, params.not_after) = (date_time_ymd(2200, 1, 1), date_time_ymd(2201, 1, 1));
        }
        Wrong::Nothing | Wrong::Name => {}
    }
    let key = KeyPair::generate().unwrap();
    let certificate = params.signed_by(&key, &authority.issuer).unwrap();
    let builder = ServerConfig::builder_with_provider(Arc::new(default_provider()));
    let builder = builder.with_protocol_versions(&[&version::TLS13]).unwrap().with_no_client_auth();
    let key = PrivatePkcs8KeyDer::from(key.serialize_der());
    let mut config = builder.with_single_cert(vec![certificate.der().clone()], key.into()).unwrap();
    config.alpn_protocols = vec![protocol.as_bytes().to_vec()];
    Arc::new(config)
}

/// How an HTTP/2 server ends a request.
#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    Answer,
    /// "I have taken nothing": the request may be sent elsewhere.
    GoAway,
    Refused,
    /// The stream breaks after half an answer.
    Broken,
}

/// A server that speaks TLS; it counts requests and keeps what it was sent.
struct Secure {
    port: u16,
    requests: Arc<AtomicUsize>,
    heard: Arc<Mutex<Vec<u8>>>,
    _runtime: Runtime,
}

impl Secure {
    fn start(config: Arc<ServerConfig>, end: Option<End>) -> Self {
        let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let listener = runtime.block_on(TcpListener::bind(("127.0.0.1", 0))).unwrap();
        let port = listener.local_addr().unwrap().port();
        let (requests, heard) = (Arc::<AtomicUsize>::default(), Arc::<Mutex<Vec<u8>>>::default());
        let (count, kept) = (Arc::clone(&requests), Arc::clone(&heard));
        let acceptor = TlsAcceptor::from(config);
        runtime.spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(acceptor.clone(), stream, Arc::clone(&count), Arc::clone(&kept), end));
            }
        });
        Self { port, requests, heard, _runtime: runtime }
    }

    /// `generate` with this authority's certificates as the trusted ones.
    fn ask(&self, trusted: &Authority) -> (i32, String) {
        let program = Program::new();
        let file = program.folder.path().join("trusted.pem");
        trusted.write(&file);
        let base = format!("https://127.0.0.1:{}/v1", self.port);
        let output = program
            .command(&["generate", "--json", "a fox", "--base-url", &base])
            .env("SSL_CERT_FILE", &file)
            .env("SSL_CERT_DIR", program.folder.path().join("no folder"))
            .output()
            .unwrap();
        (output.status.code().unwrap_or(-1), String::from_utf8(output.stdout).unwrap())
    }
}

async fn serve(
    acceptor: TlsAcceptor,
    stream: TcpStream,
    count: Arc<AtomicUsize>,
    kept: Arc<Mutex<Vec<u8>>>,
    end: Option<End>,
) {
    // A client that does not trust us goes away here; one that is cut off in the middle, later.
    let Ok(stream) = acceptor.accept(stream).await else { return };
    drop(match end {
        None => http1(stream, &count, &kept).await,
        Some(end) => http2(stream, &count, end).await,
    });
}

fn body() -> String {
    format!(r#"{{"data":[{{"b64_json":"{}"}}]}}"#, b64(&png(1)))
}

async fn http1(
    mut stream: TlsStream<TcpStream>,
    requests: &AtomicUsize,
    heard: &Mutex<Vec<u8>>,
) -> std::io::Result<()> {
    let mut bytes = Vec::new();
    while !bytes.windows(4).any(|end| end == b"\r\n\r\n") {
        if stream.read_buf(&mut bytes).await? == 0 {
            return Ok(());
        }
    }
    requests.fetch_add(1, Ordering::SeqCst);
    heard.lock().unwrap().extend_from_slice(&bytes);
    let body = body();
    let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", body.len());
    stream.write_all((head + &body).as_bytes()).await?;
    stream.shutdown().await
}

fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let [_, length @ ..] = (payload.len() as u32).to_be_bytes();
    [&length[..], &[kind, flags], &stream.to_be_bytes(), payload].concat()
}

const DATA: u8 = 0;
const HEADERS: u8 = 1;
const RESET: u8 = 3;
const SETTINGS: u8 = 4;
const GO_AWAY: u8 = 7;
const END_STREAM: u8 = 1;
const END_HEADERS: u8 = 4;

async fn http2(mut stream: TlsStream<TcpStream>, requests: &AtomicUsize, end: End) -> std::io::Result<()> {
    let mut preface = [0; 24];
    stream.read_exact(&mut preface).await?;
    stream.write_all(&frame(SETTINGS, 0, 0, &[])).await?;
    loop {
        let mut head = [0; 9];
        stream.read_exact(&mut head).await?;
        let [a, b, c, kind, flags, id @ ..] = head;
        let mut payload = vec![0; u32::from_be_bytes([0, a, b, c]) as usize];
        stream.read_exact(&mut payload).await?;
        if kind == SETTINGS && flags == 0 {
            stream.write_all(&frame(SETTINGS, 1, 0, &[])).await?;
        }
        requests.fetch_add(usize::from(kind == HEADERS), Ordering::SeqCst);
        if !matches!(kind, DATA | HEADERS) || flags & END_STREAM == 0 {
            continue;
        }
        let id = u32::from_be_bytes(id);
        // `:status: 200` stands in the table that both sides know.
        let start = frame(HEADERS, END_HEADERS, id, &[0x88]);
        let body = body();
        match end {
            End::Answer => {
                stream.write_all(&[start, frame(DATA, END_STREAM, id, body.as_bytes())].concat()).await?;
            }
            End::GoAway => {
                stream.write_all(&frame(GO_AWAY, 0, 0, &[0; 8])).await?;
                return stream.shutdown().await;
            }
            End::Refused => stream.write_all(&frame(RESET, 0, id, &[0, 0, 0, 7])).await?,
            End::Broken => {
                let half = frame(DATA, 0, id, &body.as_bytes()[..40]);
                stream.write_all(&[start, half, frame(RESET, 0, id, &[0, 0, 0, 2])].concat()).await?;
            }
        }
    }
}

#[test]
fn only_a_certificate_that_is_right_gets_the_key() {
    let (authority, stranger) = (Authority::new(), Authority::new());
    for (wrong, trusted, words) in [
        (Wrong::Nothing, &stranger, "is not trusted by this computer"),
        (Wrong::Expired, &authority, "has expired"),
        (Wrong::TooEarly, &authority, "not valid yet"),
        (Wrong::Name, &authority, "belongs to another name"),
    ] {
        let server = Secure::start(config(&authority, wrong, "http/1.1"), None);
        let (code, text) = server.ask(trusted);
        assert_eq!(code, 1, "{words}: {text}");
        assert!(text.contains(words) && text.contains("\"kind\":\"unreachable\""), "{words}: {text}");
        assert!(text.contains("Nothing was charged") && text.contains("\"maybe_billed\":false"), "{words}: {text}");
        assert_eq!(server.requests.load(Ordering::SeqCst), 0, "{words}");
        assert!(server.heard.lock().unwrap().is_empty(), "{words}");
    }
    let server = Secure::start(config(&authority, Wrong::Nothing, "http/1.1"), None);
    let (code, text) = server.ask(&authority);
    assert_eq!(code, 0, "{text}");
    let heard = String::from_utf8(server.heard.lock().unwrap().clone()).unwrap();
    assert!(heard.contains(&format!("uthorization: Bearer {KEY}")), "{heard}");
}

#[test]
fn http2_answers_and_ends_without_a_second_request() {
    let authority = Authority::new();
    for (end, code, words) in [
        (End::Answer, 0, "\"stored\":1"),
        (End::GoAway, 1, "\"kind\":\"cut_off\""),
        (End::Refused, 1, "\"kind\":\"cut_off\""),
        (End::Broken, 1, "\"kind\":\"cut_off\""),
    ] {
        let server = Secure::start(config(&authority, Wrong::Nothing, "h2"), Some(end));
        let (got, text) = server.ask(&authority);
        assert_eq!(got, code, "{text}");
        assert!(text.contains(words), "{words}: {text}");
        assert!(code == 0 || text.contains("may have been charged"), "{text}");
        assert_eq!(server.requests.load(Ordering::SeqCst), 1, "{text}");
    }
}

#[test]
fn proxies_of_the_environment_are_used_and_exceptions_kept() {
    let closed = format!("http://127.0.0.1:{}", super::server::closed_port());
    let program = Program::new();
    let ask = |names: &[(&str, &str)]| {
        let mut command = program.command(&["generate", "--json", "a fox", "--base-url", "https://images.invalid/v1"]);
        let output = command.envs(names.iter().copied()).output().unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    let text = ask(&[("HTTPS_PROXY", &closed)]);
    assert!(text.contains("The proxy on the way to images.invalid could not connect"), "{text}");
    assert!(text.contains("\"maybe_billed\":false"), "{text}");
    let text = ask(&[("HTTPS_PROXY", &closed), ("NO_PROXY", "images.invalid")]);
    assert!(text.contains("The name images.invalid cannot be found"), "{text}");
}
