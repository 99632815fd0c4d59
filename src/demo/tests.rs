//! The demo endpoint over real sockets.

use std::time::Duration;

use base64_simd::STANDARD;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::pace::Pace;
use super::server::{Demo, start};
use super::trouble::Trouble;
use crate::domain::FailureKind;

/// One answer as it came over the wire.
struct Answer {
    status: u16,
    head: String,
    body: Vec<u8>,
    /// Chunks of a chunked body, and whether the last one came.
    chunks: usize,
    complete: bool,
}

impl Answer {
    fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }

    fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    fn code(&self) -> String {
        self.json()["error"]["code"].as_str().unwrap_or("null").to_owned()
    }
}

async fn demo() -> Demo {
    start(None, Pace::instant()).await.unwrap()
}

async fn connect(demo: &Demo) -> TcpStream {
    let address = demo.base_url().trim_start_matches("http://").trim_end_matches("/v1");
    TcpStream::connect(address).await.unwrap()
}

async fn send(demo: &Demo, head: &str, body: &[u8]) -> Answer {
    let mut stream = connect(demo).await;
    let head = format!("{head}\r\nhost: demo\r\nconnection: close\r\ncontent-length: {}\r\n\r\n", body.len());
    stream.write_all(head.as_bytes()).await.unwrap();
    // The server may answer and hang up before it has read everything.
    stream.write_all(body).await.ok();
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).await.ok();
    parse(&bytes)
}

fn parse(bytes: &[u8]) -> Answer {
    let text = String::from_utf8_lossy(bytes);
    let end = text.find("\r\n\r\n").unwrap_or_else(|| panic!("no answer: {text}"));
    let head = text.get(..end).unwrap_or_default().to_lowercase();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    let mut rest = &bytes[end + 4..];
    if !head.contains("transfer-encoding: chunked") {
        return Answer { status, head, body: rest.to_vec(), chunks: 1, complete: true };
    }
    let (mut body, mut chunks) = (Vec::new(), 0);
    loop {
        let line = rest.windows(2).position(|pair| pair == b"\r\n");
        let Some(line) = line else { return Answer { status, head, body, chunks, complete: false } };
        let size = usize::from_str_radix(std::str::from_utf8(&rest[..line]).unwrap(), 16).unwrap();
        rest = &rest[line + 2..];
        if size == 0 {
            return Answer { status, head, body, chunks, complete: true };
        }
        let part = size.min(rest.len());
        body.extend_from_slice(&rest[..part]);
        rest = rest.get(size + 2..).unwrap_or_default();
        chunks += 1;
    }
}

async fn generate(demo: &Demo, body: &Value) -> Answer {
    send(demo, "POST /v1/images/generations HTTP/1.1", body.to_string().as_bytes()).await
}

async fn get(demo: &Demo, path: &str) -> Answer {
    send(demo, &format!("GET {path} HTTP/1.1"), b"").await
}

/// Width and height from a PNG's header.
fn png_size(bytes: &[u8]) -> (u32, u32) {
    assert_eq!(&bytes[..8], b"\x89PNG\r\n\x1a\n");
    let side = |at: usize| u32::from_be_bytes(bytes[at..at + 4].try_into().unwrap());
    (side(16), side(20))
}

fn decoded(item: &Value) -> Vec<u8> {
    STANDARD.decode_to_vec(item["b64_json"].as_str().unwrap()).unwrap()
}

#[tokio::test]
async fn models_are_listed_as_the_demo_s_own() {
    let answer = get(&demo().await, "/v1/models").await;
    assert_eq!(answer.status, 200);
    let list = answer.json();
    assert_eq!(list["object"], "list");
    let rows = list["data"].as_array().unwrap();
    let ids: Vec<&str> = rows.iter().map(|row| row["id"].as_str().unwrap()).collect();
    assert_eq!(ids, ["demo-painter", "demo-dall-e-3", "demo-gpt-image", "demo-text"]);
    assert!(rows.iter().all(|row| row["owned_by"] == "demo" && row["object"] == "model"));
}

#[tokio::test]
async fn addresses_lead_to_the_picture() {
    let demo = demo().await;
    let answer = generate(&demo, &json!({ "prompt": "a hill", "size": "256x256" })).await;
    assert_eq!(answer.status, 200);
    assert!(answer.head.contains("content-type: application/json"));
    let body = answer.json();
    assert!(body["created"].as_u64().unwrap() > 1_700_000_000);
    let item = &body["data"][0];
    assert!(item["revised_prompt"].as_str().unwrap().ends_with('.'));
    let url = item["url"].as_str().unwrap();
    let path = url.strip_prefix(demo.base_url()).unwrap();
    let file = get(&demo, &format!("/v1{path}")).await;
    assert_eq!(file.status, 200);
    assert!(file.head.contains("content-type: image/png"));
    assert_eq!(png_size(&file.body), (256, 256));
    assert_eq!(get(&demo, "/v1/images/files/999999.png").await.status, 404);
}

#[tokio::test]
async fn ten_pictures_come_one_by_one_and_all_differ() {
    let demo = demo().await;
    let asked = json!({ "prompt": "a hill", "n": 10, "size": "256x256", "response_format": "b64_json" });
    let answer = generate(&demo, &asked).await;
    let items = answer.json()["data"].as_array().unwrap().clone();
    let mut pictures: Vec<Vec<u8>> = items.iter().map(decoded).collect();
    assert!(pictures.iter().all(|bytes| png_size(bytes) == (256, 256)));
    pictures.sort();
    pictures.dedup();
    assert_eq!(pictures.len(), 10);
    assert!(answer.chunks >= 12, "head, ten pictures and the end are sent apart, not in {}", answer.chunks);
}

#[tokio::test]
async fn asked_again_a_prompt_goes_on_and_a_new_demo_begins_anew() {
    let asked = json!({ "prompt": "a hill", "size": "256x256", "response_format": "b64_json" });
    let (one, other) = (demo().await, demo().await);
    let first = generate(&one, &asked).await.json()["data"].clone();
    let second = generate(&one, &asked).await.json()["data"].clone();
    assert_ne!(first, second);
    assert_eq!(generate(&other, &asked).await.json()["data"], first);
}

#[tokio::test]
async fn sizes_and_styles_are_obeyed() {
    let demo = demo().await;
    for (model, size, wide, high) in [
        ("demo-painter", "1792x1024", 1792, 1024),
        ("demo-painter", "512x512", 512, 512),
        ("demo-dall-e-3", "1024x1792", 1024, 1792),
        ("demo-gpt-image", "auto", 1024, 1024),
        ("demo-gpt-image", "1536x1024", 1536, 1024),
    ] {
        let mut asked = json!({ "prompt": "a hill", "model": model, "size": size });
        if model != "demo-gpt-image" {
            asked["response_format"] = json!("b64_json");
        }
        let item = generate(&demo, &asked).await.json()["data"][0].clone();
        assert_eq!(png_size(&decoded(&item)), (wide, high), "{model} {size}");
    }
    let styled =
        |style: &str| json!({ "prompt": style, "size": "256x256", "style": style, "response_format": "b64_json" });
    assert_eq!(generate(&demo, &styled("vivid")).await.status, 200);
    assert_eq!(generate(&demo, &styled("loud")).await.code(), "invalid_value");
}

#[tokio::test]
async fn the_gpt_image_kind_reports_what_it_did() {
    let asked = json!({ "prompt": "two words", "model": "demo-gpt-image", "quality": "low", "n": 1 });
    let body = generate(&demo().await, &asked).await.json();
    assert_eq!((&body["size"], &body["quality"]), (&json!("1024x1024"), &json!("low")));
    assert_eq!(body["output_format"], "png");
    assert_eq!(body["usage"]["input_tokens"], 2);
    let item = body["data"][0].as_object().unwrap();
    assert_eq!(item.keys().collect::<Vec<_>>(), ["b64_json"]);
}

#[tokio::test]
async fn bad_requests_are_refused_as_the_family_refuses() {
    let demo = demo().await;
    let check = async |body: Value, status: u16, code: &str, param: &str| {
        let answer = generate(&demo, &body).await;
        let error = answer.json()["error"].clone();
        assert_eq!((answer.status, answer.code().as_str()), (status, code), "{body}");
        assert_eq!(error["param"].as_str().unwrap_or("null"), param, "{body}");
        assert!(!error["message"].as_str().unwrap().is_empty());
        assert!(error["type"].is_string());
        assert!(answer.head.contains("x-demo: proofsheet"));
    };
    check(json!([]), 400, "null", "null").await;
    check(json!({}), 400, "missing_required_parameter", "prompt").await;
    check(json!({ "prompt": " \n " }), 400, "missing_required_parameter", "prompt").await;
    check(json!({ "prompt": 5 }), 400, "invalid_type", "prompt").await;
    check(json!({ "prompt": "x".repeat(4001) }), 400, "string_above_max_length", "prompt").await;
    check(json!({ "prompt": "a", "n": 0 }), 400, "integer_below_min_value", "n").await;
    check(json!({ "prompt": "a", "n": 11 }), 400, "integer_above_max_value", "n").await;
    check(json!({ "prompt": "a", "n": "2" }), 400, "invalid_type", "n").await;
    check(json!({ "prompt": "a", "n": 1.5 }), 400, "invalid_type", "n").await;
    check(json!({ "prompt": "a", "size": "1000x1000" }), 400, "invalid_value", "size").await;
    check(json!({ "prompt": "a", "quality": "best" }), 400, "invalid_value", "quality").await;
    check(json!({ "prompt": "a", "style": null }), 400, "invalid_type", "style").await;
    check(json!({ "prompt": "a", "response_format": "jpeg" }), 400, "invalid_value", "response_format").await;
    check(json!({ "prompt": "a", "seed": 4 }), 400, "unknown_parameter", "seed").await;
    check(json!({ "prompt": "a", "model": "gpt-9" }), 404, "model_not_found", "model").await;
    check(json!({ "prompt": "a", "model": "demo-text" }), 400, "invalid_value", "model").await;
    check(json!({ "prompt": "a", "model": "demo-dall-e-3", "n": 2 }), 400, "integer_above_max_value", "n").await;
    check(json!({ "prompt": "a", "model": "demo-dall-e-3", "size": "256x256" }), 400, "invalid_value", "size").await;
    for name in ["style", "response_format"] {
        let body = json!({ "prompt": "a", "model": "demo-gpt-image", name: "vivid" });
        check(body, 400, "unknown_parameter", name).await;
    }
}

#[tokio::test]
async fn paths_methods_and_sizes_are_bounded() {
    let demo = demo().await;
    assert_eq!(get(&demo, "/v1/v1/models").await.status, 404);
    assert_eq!(get(&demo, "/").await.status, 404);
    let wrong = get(&demo, "/v1/images/generations").await;
    assert_eq!(wrong.status, 405);
    assert!(wrong.head.contains("allow: post"));
    assert_eq!(send(&demo, "POST /v1/models HTTP/1.1", b"{}").await.status, 405);
    let answer = send(&demo, "POST /v1/images/generations HTTP/1.1", b"not json").await;
    assert_eq!(answer.status, 400);
    let mut stream = connect(&demo).await;
    let head = format!("GET /v1/models HTTP/1.1\r\nhost: demo\r\nx-long: {}\r\n\r\n", "x".repeat(200_000));
    stream.write_all(head.as_bytes()).await.ok();
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).await.ok();
    assert!(!String::from_utf8_lossy(&bytes).starts_with("HTTP/1.1 200"), "a head of 200 kB is not read");
}

#[tokio::test]
async fn a_body_over_the_limit_is_refused_before_it_is_read() {
    let demo = demo().await;
    let mut stream = connect(&demo).await;
    let head = "POST /v1/images/generations HTTP/1.1\r\nhost: demo\r\ncontent-length: 99999999\r\n\r\n";
    stream.write_all(head.as_bytes()).await.unwrap();
    let block = vec![b' '; 64 * 1024];
    // At most 2 MB are offered; the answer must come without the rest.
    for _ in 0..32 {
        if stream.write_all(&block).await.is_err() {
            break;
        }
    }
    let mut bytes = [0; 12];
    let read = tokio::time::timeout(Duration::from_mins(1), stream.read_exact(&mut bytes)).await;
    // A connection reset by the server is a refusal too.
    if read.unwrap().is_ok() {
        assert_eq!(&bytes, b"HTTP/1.1 413");
    }
}

#[tokio::test]
async fn any_key_is_taken_and_none() {
    let demo = demo().await;
    for key in ["", "\r\nauthorization: Bearer sk-whatever"] {
        let answer = send(&demo, &format!("GET /v1/models HTTP/1.1{key}"), b"").await;
        assert_eq!(answer.status, 200);
        assert!(answer.head.contains("x-demo: proofsheet"));
    }
}

#[tokio::test]
async fn troubles_answer_with_their_status_and_code() {
    let demo = demo().await;
    let check = async |trouble: Trouble, status: u16, code: &str, head: &str| {
        let answer = generate(&demo, &json!({ "prompt": format!("a hill {}", trouble.words()) })).await;
        assert_eq!((answer.status, answer.code().as_str()), (status, code), "{trouble:?}");
        assert!(answer.head.contains(head), "{trouble:?}: {}", answer.head);
    };
    check(Trouble::Refused, 400, "moderation_blocked", "").await;
    check(Trouble::NoCredit, 429, "insufficient_quota", "").await;
    check(Trouble::RateLimited, 429, "rate_limit_exceeded", "retry-after: 2").await;
    check(Trouble::RateLimited, 429, "rate_limit_exceeded", "retry-after: 2").await;
    check(Trouble::BadKey, 401, "invalid_api_key", "www-authenticate").await;
    check(Trouble::Forbidden, 403, "null", "").await;
    check(Trouble::NoModel, 400, "null", "").await;
    check(Trouble::ServerError, 500, "server_error", "").await;
    check(Trouble::ServerBusy, 503, "server_is_overloaded", "retry-after: 5").await;
    check(Trouble::ErrorInside, 200, "bad_response_status_code", "").await;
    for (trouble, status, head) in [
        (Trouble::ProxyTimeout, 504, "text/html"),
        (Trouble::WebPage, 200, "text/html"),
        (Trouble::Moved, 307, "location: https://moved.invalid"),
    ] {
        let answer = generate(&demo, &json!({ "prompt": trouble.words() })).await;
        assert_eq!(answer.status, status, "{trouble:?}");
        assert!(answer.head.contains(head), "{trouble:?}");
    }
}

#[tokio::test]
async fn a_bad_key_is_repeated_only_in_part() {
    let body = json!({ "prompt": "demo:bad_key" }).to_string();
    let head = "POST /v1/images/generations HTTP/1.1\r\nauthorization: Bearer sk-secret-key-0123456789";
    let words = send(&demo().await, head, body.as_bytes()).await.text();
    assert!(words.contains("sk-s****6789"), "{words}");
    assert!(!words.contains("secret-key"), "{words}");
}

#[tokio::test]
async fn busy_once_is_answered_the_second_time() {
    let demo = demo().await;
    let asked = json!({ "prompt": "demo:busy_once", "size": "256x256" });
    assert_eq!(generate(&demo, &asked).await.status, 429);
    assert_eq!(generate(&demo, &asked).await.status, 200);
}

#[tokio::test]
async fn troubles_inside_an_answer() {
    let demo = demo().await;
    let ask = async |trouble: Trouble, n: u32| {
        let prompt = format!("a hill {}", trouble.words());
        let body = json!({ "prompt": prompt, "n": n, "size": "256x256", "response_format": "b64_json" });
        generate(&demo, &body).await
    };
    let items = |answer: &Answer| answer.json()["data"].as_array().unwrap().clone();
    assert_eq!(items(&ask(Trouble::Fewer, 3).await).len(), 2);
    assert_eq!(items(&ask(Trouble::NoImages, 3).await).len(), 0);
    let slots = items(&ask(Trouble::EmptySlot, 2).await);
    assert!(slots[0]["b64_json"].is_string() && slots[1].get("b64_json").is_none());
    let texts = items(&ask(Trouble::NotAnImage, 2).await);
    assert_eq!(png_size(&decoded(&texts[0])), (256, 256));
    assert!(decoded(&texts[1]).is_ascii());
    let damaged = items(&ask(Trouble::Damaged, 1).await);
    assert!(STANDARD.decode_to_vec(damaged[0]["b64_json"].as_str().unwrap()).is_err());
    assert_eq!(png_size(&decoded(&items(&ask(Trouble::OtherSize, 1).await)[0])), (768, 768));
    let cut = ask(Trouble::CutOff, 2).await;
    assert!(!cut.complete && serde_json::from_slice::<Value>(&cut.body).is_err());
    assert_eq!(cut.text().matches('}').count(), 1, "the first picture is whole, the second is cut");
    let lost = generate(&demo, &json!({ "prompt": "demo:lost_file", "size": "256x256" })).await.json();
    let path = lost["data"][0]["url"].as_str().unwrap().strip_prefix(demo.base_url()).unwrap().to_owned();
    assert_eq!(get(&demo, &format!("/v1{path}")).await.status, 404);
}

#[tokio::test]
async fn the_answer_begins_before_the_first_picture_is_ready() {
    let demo = demo().await;
    let mut stream = connect(&demo).await;
    let body = json!({ "prompt": "a hill demo:slow", "size": "256x256" }).to_string();
    let head = format!("POST /v1/images/generations HTTP/1.1\r\nhost: d\r\ncontent-length: {}\r\n\r\n", body.len());
    stream.write_all((head + &body).as_bytes()).await.unwrap();
    let mut seen = String::new();
    let mut bytes = [0; 4096];
    while !seen.contains("\"data\":[") {
        let read = stream.read(&mut bytes).await.unwrap();
        assert!(read > 0, "closed after {seen}");
        seen.push_str(&String::from_utf8_lossy(&bytes[..read]));
    }
    assert!(!seen.contains("url"), "{seen}");
}

#[tokio::test]
async fn a_dropped_demo_is_gone_and_a_taken_port_is_a_failure() {
    let running = demo().await;
    let port: u16 = running.base_url().trim_end_matches("/v1").rsplit(':').next().unwrap().parse().unwrap();
    let failure = start(Some(port), Pace::instant()).await.unwrap_err();
    assert_eq!(failure.kind, FailureKind::Unreachable);
    assert!(failure.sentence.contains(&port.to_string()) && failure.detail.is_some());
    drop(running);
    let gone = async {
        while TcpStream::connect(("127.0.0.1", port)).await.is_ok() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), gone).await.expect("the port is free again");
}
