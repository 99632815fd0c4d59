//! The clients against real connections, good and bad.

mod clocks;

use std::time::Duration;

use serde_json::Value;

use super::super::body::body;
use super::super::loopback::{Loopback, Step, answer, header, json};
use super::super::reply::{Found, Reader};
use super::*;
use crate::domain::{Catalogue, Draft};

const KEY: &str = "placeholder-key";

fn target(base: BaseUrl) -> Target {
    Target { base, key: Some(Secret::new(KEY)), time_limit: Duration::from_secs(20), plain_http_agreed: false }
}

fn client() -> Client {
    Client::new(&ClientOptions { idle_limit: Duration::from_millis(300), ..ClientOptions::default() }).unwrap()
}

async fn send(client: &Client, target: &Target, body: Vec<u8>) -> Result<Exchange, Failure> {
    client.prepare(target, body)?.send().await
}

/// Sends and reads one answer to its end, as the engine does.
async fn run(target: &Target, images: u8) -> (Vec<Found>, Result<Option<Failure>, Failure>) {
    let question = target.question("dall-e-3", images);
    let mut exchange = match send(&client(), target, b"{}".to_vec()).await {
        Ok(exchange) => exchange,
        Err(failure) => return (Vec::new(), Err(failure)),
    };
    if !exchange.is_success() {
        return (Vec::new(), Err(exchange.fault(&question).await.failure));
    }
    let mut reader = Reader::new(question);
    let mut found = Vec::new();
    let ending = loop {
        match exchange.next_chunk().await {
            Ok(Some(chunk)) => found.extend(reader.push(&chunk).unwrap()),
            Ok(None) => break reader.finish(),
            Err(failure) => break reader.finish_broken(failure),
        }
    };
    (found, ending.map(|ending| ending.missing).map_err(|fault| fault.failure))
}

#[tokio::test]
async fn requests_equal_the_official_python_clients() {
    let record: Value = serde_json::from_str(include_str!("../../../tests/fixtures/wire/python_client.json")).unwrap();
    let cases = record["generate"].as_array().unwrap();
    assert!(cases.len() > 10);
    let catalogue = Catalogue::load(None).unwrap();
    let server = Loopback::serve(vec![json(r#"{"data":[]}"#)]).await;
    let client = client();
    for case in cases {
        let word = |name: &str| case["parameters"][name].as_str().unwrap_or_default().to_owned();
        let draft = Draft {
            prompt: word("prompt"),
            model: word("model"),
            size: word("size"),
            quality: word("quality"),
            style: word("style"),
            images: case["parameters"]["n"].as_u64().unwrap_or(1) as u32,
            response_format: word("response_format"),
        };
        let request = draft.check(catalogue.find(&draft.model), &[]).unwrap();
        assert_eq!(request.left_out, Vec::<String>::new());
        send(&client, &target(server.base()), body(&request, request.images.get())).await.unwrap();
        check(server.requests().last().unwrap(), &case["request"]);
    }
    client.models(&target(server.base())).await.unwrap();
    check(server.requests().last().unwrap(), &record["models"]);
}

/// Method, path, the headers that matter and the body as canonical JSON.
#[track_caller]
fn check(sent: &str, want: &Value) {
    let (head, body) = sent.split_once("\r\n\r\n").unwrap();
    let line = format!("{} {} HTTP/1.1", want["method"].as_str().unwrap(), want["path"].as_str().unwrap());
    assert_eq!(head.lines().next(), Some(line.as_str()));
    for name in ["Accept", "Content-Type", "Authorization"] {
        assert_eq!(header(sent, name), want["headers"][name].as_str(), "{name}");
    }
    let body = if body.is_empty() { Value::Null } else { serde_json::from_str(body).unwrap() };
    assert_eq!(canonical(&body), canonical(&want["body"]));
}

fn canonical(value: &Value) -> String {
    let mut value = value.clone();
    value.sort_all_objects();
    value.to_string()
}

#[tokio::test]
async fn images_arrive_before_the_answer_ends() {
    let first = br#"{"data":[{"b64_json":"QUJD"},"#;
    let head = b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n";
    let script = vec![Step::Send([head, first.as_slice()].concat()), Step::Hang];
    let server = Loopback::serve(vec![script]).await;
    let target = target(server.base());
    let mut exchange = send(&client(), &target, Vec::new()).await.unwrap();
    let mut reader = Reader::new(target.question("m", 2));
    let mut found = Vec::new();
    while found.is_empty() {
        found = reader.push(&exchange.next_chunk().await.unwrap().unwrap()).unwrap();
    }
    assert_eq!(found, [Found::Image { item: 0, bytes: b"ABC".to_vec() }]);
    let failure = exchange.next_chunk().await.unwrap_err();
    assert_eq!((failure.kind, failure.maybe_billed), (FailureKind::TimedOut, true), "{failure:?}");
    assert!(failure.sentence.contains("fell silent"), "{}", failure.sentence);
}

#[tokio::test]
async fn broken_connections_keep_what_came_and_are_never_repeated() {
    let head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n";
    let start = r#"{"data":[{"b64_json":"QUJD"},{"b64_json":"RE"#;
    let short = format!("{head}Content-Length: 500\r\n\r\n{start}").into_bytes();
    let chunked =
        |text: &str| format!("{head}Transfer-Encoding: chunked\r\n\r\n{:x}\r\n{text}\r\n", text.len()).into_bytes();
    let pause = Step::Pause(Duration::from_millis(50));
    for (name, script, images, kind) in [
        ("reset before a byte", vec![Step::Reset], 0, FailureKind::CutOff),
        ("closed before a byte", vec![], 0, FailureKind::CutOff),
        ("half a head", vec![Step::Send(b"HTTP/1.1 200 OK\r\nContent-".to_vec())], 0, FailureKind::CutOff),
        ("shorter than promised", vec![Step::Send(short.clone())], 1, FailureKind::CutOff),
        ("reset inside", vec![Step::Send(short.clone()), pause.clone(), Step::Reset], 1, FailureKind::CutOff),
        ("silent inside", vec![Step::Send(short), Step::Hang], 1, FailureKind::TimedOut),
        ("chunks end early", vec![Step::Send(chunked(start))], 1, FailureKind::CutOff),
        ("bad chunk", vec![Step::Send(chunked(start)), Step::Send(b"zz\r\n".to_vec())], 1, FailureKind::CutOff),
        ("no HTTP", vec![Step::Send(b"SSH-2.0-OpenSSH_9.2\r\n\r\n".to_vec())], 0, FailureKind::BadAnswer),
        ("no end given", vec![Step::Send(format!("{head}\r\n{start}").into_bytes())], 1, FailureKind::CutOff),
    ] {
        let server = Loopback::serve(vec![script]).await;
        let (found, ending) = run(&target(server.base()), 2).await;
        assert_eq!(found.len(), images, "{name}");
        let failure = if images > 0 { ending.unwrap().unwrap() } else { ending.unwrap_err() };
        assert_eq!(
            (failure.kind, failure.maybe_billed, failure.retry_safe),
            (kind, true, false),
            "{name}: {failure:?}"
        );
        assert_eq!(server.requests().len(), 1, "{name}");
    }
}

#[tokio::test]
async fn junk_after_the_end_and_lies_about_length_do_no_harm() {
    let good = r#"{"data":[{"b64_json":"QUJD"}]}"#;
    let long = format!("HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n{good}").into_bytes();
    let late = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n   ", good.len() + 3).into_bytes();
    for script in [
        json(good),
        vec![Step::Send(long)],
        vec![Step::Send(late), Step::Pause(Duration::from_millis(150)), Step::Send(good.into())],
        vec![
            Step::Pause(Duration::from_millis(600)),
            Step::Send(format!("HTTP/1.1 200 OK\r\n\r\n{good}").into_bytes()),
        ],
    ] {
        let server = Loopback::serve(vec![script]).await;
        let (found, ending) = run(&target(server.base()), 1).await;
        assert_eq!((found.len(), ending), (1, Ok(None)));
    }
}

#[tokio::test]
async fn redirects_are_not_followed_and_the_key_stays() {
    let other = Loopback::serve(vec![json("{}")]).await;
    for status in ["301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent"] {
        let location = format!("Location: http://127.0.0.1:{}/v1/images/generations?x=secret\r\n", other.port);
        let server = Loopback::serve(vec![answer(status, &location, "")]).await;
        let (_, ending) = run(&target(server.base()), 1).await;
        let failure = ending.unwrap_err();
        assert_eq!((failure.kind, failure.maybe_billed), (FailureKind::Moved, false));
        let place = format!("http://127.0.0.1:{}/v1 ", other.port);
        assert!(failure.sentence.contains(&place), "{}", failure.sentence);
        assert_eq!(server.requests().len(), 1);
    }
    assert_eq!(other.requests(), Vec::<String>::new());
}

#[tokio::test]
async fn errors_are_read_with_their_headers() {
    let body = r#"{"error":{"message":"slow down","code":"rate_limit_exceeded"}}"#;
    let headers = "Date: Sun, 22 Nov 2026 12:00:00 GMT\r\nRetry-After: Sun, 22 Nov 2026 12:00:20 GMT\r\n";
    let server = Loopback::serve(vec![answer("429 Too Many Requests", headers, body)]).await;
    let target = target(server.base());
    let exchange = send(&client(), &target, Vec::new()).await.unwrap();
    assert!(!exchange.is_success());
    let fault = exchange.fault(&target.question("m", 1)).await;
    assert_eq!((fault.failure.kind, fault.retry_after), (FailureKind::RateLimited, Some(Duration::from_secs(20))));

    let packed: &[u8] = &[
        0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 0xab, 0x56, 0x4a, 0x2d, 0x2a, 0xca, 0x2f, 0x52, 0xb2, 0x52, 0x2a, 0x28,
        0xca, 0xcf, 0x2d, 0x28, 0x51, 0x28, 0x4a, 0x2d, 0x2c, 0xcd, 0x2c, 0x4a, 0x4d, 0x51, 0xaa, 0x05, 0x00,
    ];
    // The checksum of the packed text is cut off: what came is still read.
    let server = Loopback::serve(vec![answer("400 Bad Request", "Content-Encoding: gzip\r\n", packed)]).await;
    let target = Target { base: server.base(), ..target };
    let fault = send(&client(), &target, Vec::new()).await.unwrap().fault(&target.question("m", 1)).await;
    assert!(fault.failure.sentence.contains("prompt required"), "{fault:?}");

    let endless = vec![Step::Send(b"HTTP/1.1 500 Oh\r\n\r\n".to_vec()), Step::Send(vec![b'x'; 3_000_000]), Step::Hang];
    let server = Loopback::serve(vec![endless]).await;
    let target = Target { base: server.base(), ..target };
    let fault = send(&client(), &target, Vec::new()).await.unwrap().fault(&target.question("m", 1)).await;
    assert_eq!(fault.failure.kind, FailureKind::ServerError);
}

#[tokio::test]
async fn our_own_limit_is_told_apart() {
    let server = Loopback::serve(vec![vec![Step::Hang]]).await;
    let target = Target { time_limit: Duration::from_millis(200), ..target(server.base()) };
    let failure = run(&target, 1).await.1.unwrap_err();
    assert_eq!((failure.kind, failure.maybe_billed, failure.retry_safe), (FailureKind::TimedOut, true, false));
    assert!(failure.sentence.contains("did not finish"), "{}", failure.sentence);
    assert!(
        Duration::from_secs(u64::from(crate::domain::Endpoint::TIME_LIMIT_DEFAULT_SECS)) >= Duration::from_mins(10)
    );
}

#[tokio::test]
async fn no_connection_is_free_and_says_why() {
    let port = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.unwrap().local_addr().unwrap().port();
    let failure = run(&target(BaseUrl::parse(&format!("http://127.0.0.1:{port}/v1")).unwrap()), 1).await.1.unwrap_err();
    assert_eq!((failure.kind, failure.retry_safe), (FailureKind::Unreachable, true));
    assert!(failure.sentence.contains("refused the connection"), "{}", failure.sentence);

    // A server that answers a TLS greeting with plain text.
    let plain = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let port = plain.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = plain.accept().await {
            use tokio::io::AsyncWriteExt as _;
            stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await.unwrap();
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    });
    let failure =
        run(&target(BaseUrl::parse(&format!("https://127.0.0.1:{port}/v1")).unwrap()), 1).await.1.unwrap_err();
    assert_eq!((failure.kind, failure.maybe_billed), (FailureKind::Unreachable, false));
    assert!(failure.sentence.contains("secure connection"), "{failure:?}");
}

#[tokio::test]
async fn the_key_is_not_sent_readable_without_consent() {
    let base = BaseUrl::parse("http://gateway.example/v1").unwrap();
    let failure = send(&client(), &target(base), Vec::new()).await.err().unwrap();
    assert_eq!((failure.kind, failure.maybe_billed), (FailureKind::WrongAddress, false));
    assert!(failure.sentence.contains("http://") && failure.sentence.contains("not sent"), "{}", failure.sentence);
    let bad = Target { key: Some(Secret::new("a\nb")), ..target(BaseUrl::parse("http://127.0.0.1:1").unwrap()) };
    let failure = send(&client(), &bad, Vec::new()).await.err().unwrap();
    assert_eq!(failure.kind, FailureKind::KeyRejected);
}

#[tokio::test]
async fn a_proxy_is_used_but_never_for_this_computer() {
    let proxy = Loopback::serve(vec![answer("407 Proxy Authentication Required", "", "")]).await;
    let options = ClientOptions { proxy: Some(format!("http://127.0.0.1:{}", proxy.port)), ..ClientOptions::default() };
    let client = Client::new(&options).unwrap();
    let server = Loopback::serve(vec![json("{}")]).await;
    assert!(send(&client, &target(server.base()), Vec::new()).await.unwrap().is_success());
    assert_eq!((server.requests().len(), proxy.requests().len()), (1, 0));

    let far = Target { plain_http_agreed: true, ..target(BaseUrl::parse("http://gateway.example/v1").unwrap()) };
    let exchange = send(&client, &far, Vec::new()).await.unwrap();
    let fault = exchange.fault(&far.question("m", 1)).await;
    assert_eq!(fault.failure.kind, FailureKind::Unreachable, "{fault:?}");
    assert!(fault.failure.sentence.contains("proxy"), "{fault:?}");
    assert!(proxy.requests()[0].starts_with("POST http://gateway.example/v1/images/generations "));

    let far = target(BaseUrl::parse("https://gateway.example/v1").unwrap());
    let failure = send(&client, &far, Vec::new()).await.err().unwrap();
    assert_eq!((failure.kind, failure.maybe_billed), (FailureKind::Unreachable, false), "{failure:?}");
    assert!(failure.sentence.contains("name and a password"), "{failure:?}");
    assert!(!proxy.requests()[1].contains(KEY), "the key went to the proxy");

    let failure = Client::new(&ClientOptions { proxy: Some("not a proxy".to_owned()), ..options }).err().unwrap();
    assert_eq!(failure.kind, FailureKind::InvalidRequest);
}

#[tokio::test]
async fn models_are_listed_and_a_wrong_key_is_told() {
    let list = r#"{"object":"list","data":[{"id":"gpt-4o"},{"id":"dall-e-3"}]}"#;
    let server =
        Loopback::serve(vec![json(list), answer("401 No", "", r#"{"error":{"message":"placeholder-key"}}"#)]).await;
    let client = client();
    let models = client.models(&target(server.base())).await.unwrap();
    assert_eq!(models.iter().map(|model| model.id.as_str()).collect::<Vec<_>>(), ["dall-e-3", "gpt-4o"]);
    let failure = client.models(&target(server.base())).await.unwrap_err();
    assert_eq!((failure.kind, failure.server_words.as_deref()), (FailureKind::KeyRejected, Some("[key]")));
}
