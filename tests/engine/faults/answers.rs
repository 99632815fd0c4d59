//! Answers with a good status: images in every dress, errors in disguise, nothing at all.

use std::time::Duration;

use FailureKind::{
    BadAnswer, CutOff, DownloadFailed, KeyRejected, ModelUnavailable, NoCredit, NoImages, NotAnImage, Refused,
    ServerError, TooLarge, Unsupported, WrongAddress,
};
use proofsheet::domain::FailureKind;

use super::super::fault_server::{Answer, Manner};
use super::{ANY, case, check};

fn json(body: &str) -> Answer {
    Answer::json(200, body)
}

fn events(body: &str) -> Answer {
    Answer::bytes(200, "text/event-stream", body)
}

fn png(number: u8) -> Answer {
    Answer::bytes(200, "image/png", super::png(number))
}

const ONE: &str = r#"{"created":1,"data":[{"b64_json":"@1@"}]}"#;

/// One pixel each.
const WEBP: &str = "UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA==";
const GIF: &str = "R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7";
/// The first bytes of an AVIF file.
const AVIF: &str = "AAAAHGZ0eXBhdmlmAAAAAGF2aWZtaWYxbWlhZg==";
/// `<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`
const SVG: &str = "PHN2ZyB4bWxucz0iaHR0cDovL3d3dy53My5vcmcvMjAwMC9zdmciPjxzY3JpcHQ+YWxlcnQoMSk8L3NjcmlwdD48L3N2Zz4=";

fn other(text: &str) -> Answer {
    json(&format!(r#"{{"data":[{{"b64_json":"{text}"}}]}}"#))
}

#[test]
fn images_come_in_every_dress() {
    let with_prefix = format!(r#"{{"data":[{{"b64_json":"data:image/webp;base64,{WEBP}"}}]}}"#);
    let padded = format!("{}{ONE}", " \n".repeat(3_000));
    check(vec![
        case("1", json(ONE)).stores([1]),
        case("2 by address", json(r#"{"data":[{"url":"@HERE@/files/a.png?sig=1","revised_prompt":"redder"}]}"#))
            .file("/files/a.png?sig=1", png(1))
            .stores([1]),
        case("3 both", json(r#"{"data":[{"url":"http://127.0.0.1:1/never","b64_json":"@1@"}]}"#)).stores([1]),
        case("3 both, the other way round", json(r#"{"data":[{"b64_json":"@1@","url":"http://127.0.0.1:1/never"}]}"#))
            .stores([1]),
        case("4 empty strings", json(r#"{"data":[{"url":"","b64_json":"@1@","revised_prompt":""}]}"#)).stores([1]),
        case("4 nulls", json(r#"{"data":[{"url":null,"b64_json":"@1@","revised_prompt":null}],"usage":null}"#))
            .stores([1]),
        case("4 an empty b64_json", json(r#"{"data":[{"b64_json":"","url":"@HERE@/a"}]}"#))
            .file("/a", png(2))
            .stores([2]),
        case("5 a data: prefix", json(&with_prefix)).stores([ANY]).suffix(".webp"),
        case("5 a data: address", json(r#"{"data":[{"url":"data:image/png;base64,@3@"}]}"#)).stores([3]),
        case(
            "9 no created, an index, zeros",
            json(r#"{"data":[{"b64_json":"@1@","index":0}],"usage":{"total_tokens":0,"input_tokens":"0"}}"#),
        )
        .stores([1]),
        case("10 one of four", json(ONE)).asks(4).stores([1]).billed(NoImages, "1 of 4 images"),
        case("11 more than asked for", json(r#"{"data":[{"b64_json":"@1@"},{"b64_json":"@2@"},{"b64_json":"@3@"}]}"#))
            .asks(2)
            .stores([1, 2, 3]),
        case("11 held back in the middle", json(r#"{"data":[{"b64_json":"@1@"},{},{"b64_json":"@2@"}]}"#))
            .asks(3)
            .stores([1, 2])
            .billed(NoImages, "2 of 3"),
        case("17 spaces first", json(&padded)).stores([1]),
        case("18 junk behind", json(&format!("{ONE}\n{{\"error\":{{\"message\":\"late\"}}}} data: [DONE]")))
            .stores([1]),
        case("22 JPEG", other("/9j/4AAQSkZJRgABAQAAAQABAAD/2Q==")).stores([ANY]).suffix(".jpg"),
        case("22 WebP", other(WEBP)).stores([ANY]).suffix(".webp"),
        case("22 GIF", other(GIF)).stores([ANY]).suffix(".gif"),
        case("22 AVIF", other(AVIF)).stores([ANY]).suffix(".avif"),
        case("22 SVG", other(SVG)).stores([ANY]).suffix(".svg"),
        case("22 says PNG, is a picture alone", png(4)).stores([4]),
        case("24 the type lies", Answer::bytes(200, "text/html", ONE)).stores([1]),
        case("26 JSON though a stream is told", events(ONE)).stores([1]),
        case("75 byte order mark", json(&format!("\u{feff}{ONE}"))).stores([1]),
        case("75 chunks", json(ONE).by(Manner::Chunks(7))).stores([1]),
        case("75 no length", json(ONE).by(Manner::NoLength)).stores([1]),
        case("75 a few bytes at a time", json(ONE).by(Manner::Drip(64, Duration::from_millis(2)))).stores([1]),
        case(
            "S6 URL-safe, no padding, line breaks",
            json(&{
                let text = super::super::answers::b64(&super::png(1));
                let text = text.trim_end_matches('=').replace('+', "-").replace('/', "_");
                let lines: Vec<&str> = text.as_bytes().chunks(60).map(|line| str::from_utf8(line).unwrap()).collect();
                format!(r#"{{"data":[{{"b64_json":"{}"}}]}}"#, lines.join("\\r\\n"))
            }),
        )
        .stores([1]),
        case("S10 the same image twice", json(r#"{"data":[{"b64_json":"@5@"},{"b64_json":"@5@"}]}"#))
            .asks(2)
            .stores([5, 5]),
        case(
            "S12 a name of the server's",
            json(
                r#"{"data":[{"url":"@HERE@/..%2f..%2fx.png","file_name":"../../\u0000\u202Ex.sh","b64_json":"@1@"}]}"#,
            ),
        )
        .stores([1])
        .suffix("1.png"),
        case("media type beside the image", json(r#"{"data":[{"media_type":"image/webp","b64_json":"@1@"}]}"#))
            .stores([1])
            .suffix(".png"),
        case(
            "by chat: images below the message",
            json(r#"{"choices":[{"message":{"images":[{"image_url":{"url":"data:image/png;base64,@6@"}}]}}]}"#),
        )
        .stores([6]),
    ]);
}

#[test]
fn a_relative_address_is_below_the_servers_root() {
    check(vec![
        case("7", json(r#"{"data":[{"url":"/case0/files/a.png"}]}"#)).file("/files/a.png", png(1)).stores([1]),
        case(
            "7 unreachable host, same path here",
            json(r#"{"data":[{"url":"http://127.0.0.1:1/case1/files/a.png"}]}"#),
        )
        .file("/files/a.png", png(2))
        .stores([2]),
    ]);
}

#[test]
fn event_streams_give_their_final_images() {
    let done = "data: {\"type\":\"image_generation.completed\",\"b64_json\":\"@1@\"}\n\n";
    let partial = "event: image_generation.partial_image\ndata: {\"type\":\"image_generation.partial_image\",\"b64_json\":\"@9@\"}\n\n";
    let first_ends = done.len() - "@1@".len() + super::super::answers::b64(&super::png(1)).len();
    check(vec![
        case("27", events(&format!(": PING\n\n{partial}{done}data: [DONE]\n\n"))).stores([1]),
        case("27 each return and line feed", events(&format!(": hi\n\n{partial}{done}").replace('\n', "\r\n"))).stores([1]),
        case("27 no blank line at the end", events(done.trim_end())).stores([1]),
        case("27 unknown events and fields", events(&format!("id: 1\nretry: 9\nevent: rate\ndata: {{}}\n\n{done}"))).stores([1]),
        case("27 one event an image", events(&format!("{done}{}", done.replace("@1@", "@2@")))).asks(2).stores([1, 2]),
        case("27 an address inside", events("data: {\"type\":\"image_generation.completed\",\"url\":\"@HERE@/a\"}\n\n"))
            .file("/a", png(2))
            .stores([2]),
        case("27 in pieces", events(&format!("{partial}{done}")).by(Manner::Drip(97, Duration::from_millis(1)))).stores([1]),
        case(
            "29",
            events("event: error\ndata: {\"error\":{\"code\":\"moderation_blocked\",\"message\":\"no\",\"moderation_details\":{\"moderation_stage\":\"input\"}}}\n\n"),
        )
        .free(Refused, "safety system"),
        case("S9 an error after previews", events(&format!("{partial}data: {{\"error\":{{\"message\":\"out of memory\"}}}}\n\n")))
            .billed(ServerError, "out of memory"),
        case("S9 nothing but signs of life", events(&": keepalive\n\n".repeat(50))).billed(NoImages, "without an image"),
        case("S9 only previews", events(partial)).billed(NoImages, "without an image"),
        case("S9 breaks off in the second image", events(&format!("{done}data: {{\"b64_json\":\"@2@\"}}\n\n")).by(Manner::CutAt(first_ends + 30)))
            .asks(2)
            .stores([1])
            .billed(CutOff, "broke"),
    ]);
}

#[test]
fn a_good_status_does_not_make_a_good_answer() {
    check(vec![
        case("12", json(r#"{"created":1,"data":[]}"#)).billed(NoImages, "answered without an image"),
        case("13 null", json(r#"{"data":null}"#)).billed(NoImages, "without an image").says("null"),
        case("13 no data", json(r#"{"created":1,"id":"xyz-1"}"#)).billed(NoImages, "without an image").says("xyz-1"),
        case("13 an empty object", json("{}")).billed(NoImages, "without an image"),
        case("15", json(r#"{"error":{"message":"upstream broke","code":"bad_response_status_code"}}"#))
            .billed(ServerError, "upstream broke"),
        case("15 a text", json(r#"{"error":"the model is on holiday"}"#)).billed(ServerError, "on holiday"),
        case("15 success is false", json(r#"{"success":false,"message":"余额不足"}"#)).free(NoCredit, "credit").says("余额不足"),
        case("15 the code is the status", json(r#"{"error":{"message":"no","code":"401"}}"#)).free(KeyRejected, "key"),
        case("15 a number as text", json(r#"{"code":"503","error":{"code":"model_not_found","message":"no"}}"#))
            .free(ModelUnavailable, "choose another model"),
        case("15 nulls around", json(r#"{"data":null,"error":{"message":"billed","type":null,"param":null,"code":null}}"#))
            .billed(ServerError, "billed"),
        case("15 an error beside an image", json(r#"{"data":[{"b64_json":"@1@"}],"error":{"message":"one failed"}}"#))
            .asks(2)
            .stores([1])
            .billed(ServerError, "one failed"),
        case("15 one item is an error", json(r#"{"data":[{"b64_json":"@1@"},{"error":{"code":"moderation_blocked","message":"m"}}]}"#))
            .asks(2)
            .stores([1])
            .billed(Refused, "safety system"),
        case("19 JSON ends early, length and all", json(r#"{"data":[{"b64_json":"QUJ"#)).billed(CutOff, "broke off after"),
        case("20", json(r#"{"data":[{"b64_json":"%%% not base64 %%%"}]}"#)).billed(NotAnImage, "damaged"),
        case("20 cut to nothing", json(r#"{"data":[{"b64_json":"A"}]}"#)).billed(NotAnImage, "damaged"),
        case("24", Answer::page(200, "One API")).free(WrongAddress, "web page").says("One API"),
        case("32 empty", json("")).billed(BadAnswer, "empty answer"),
        case("32 spaces only", json("  \r\n ")).billed(BadAnswer, "empty answer"),
        case("32 no content", Answer::json(204, "").by(Manner::NoLength)).billed(BadAnswer, "empty answer"),
        case("plain text", Answer::bytes(200, "text/plain", "quite so")).billed(BadAnswer, "plain text").says("quite so"),
        case("no JSON in JSON's dress", json("{data: [}")).billed(BadAnswer, "cannot be understood"),
        case("only a list", json("[]")).billed(NoImages, "without an image"),
        case("detail in a 200", json(r#"{"detail":"Out of stock"}"#)).billed(ServerError, "Out of stock"),
        case("a job for later", Answer::json(202, r#"{"task_id":"t-1","status":"queued","poll_url":"/x"}"#).header("Location", "/x"))
            .billed(Unsupported, "job to be collected later"),
        case("Midjourney's submit", json(r#"{"code":1,"description":"ok","result":"1320098173412546"}"#))
            .billed(Unsupported, "job"),
        case("S8 nested too deeply", json(&"[".repeat(100_000))).billed(BadAnswer, "nested too deeply"),
        case("S8 deep below an item", json(&format!(r#"{{"data":[{{"x":{}"#, r#"{"a":"#.repeat(90_000))))
            .billed(BadAnswer, "nested too deeply"),
        case("an image that is too large", {
            // 104 MB of base64 are 78 MB of image: over the limit, and forgotten as soon as it is over.
            let mut body = br#"{"data":[{"b64_json":""#.to_vec();
            body.resize(104_000_000, b'A');
            body.extend_from_slice(br#""}]}"#);
            Answer::bytes(200, "application/json", body)
        })
        .billed(TooLarge, "larger than"),
        case("70 the link has expired", json(r#"{"data":[{"url":"@HERE@/gone.png"}]}"#))
            .file("/gone.png", Answer::bytes(403, "application/xml", "<?xml version=\"1.0\"?><Error><Code>AuthenticationFailed</Code><Message>Signature has expired</Message></Error>"))
            .billed(DownloadFailed, "expired")
            .says("Signature has expired"),
        case("70 gone", json(r#"{"data":[{"url":"@HERE@/gone.png"}]}"#))
            .file("/gone.png", Answer::page(410, "Gone"))
            .billed(DownloadFailed, "(410)")
            .says("Gone"),
        case("70 a page instead of a picture", json(r#"{"data":[{"url":"@HERE@/a.png"}]}"#))
            .file("/a.png", Answer::page(200, "Please log in"))
            .billed(DownloadFailed, "web page")
            .says("Please log in"),
        case("70 another scheme", json(r#"{"data":[{"url":"file:///etc/passwd"}]}"#)).billed(DownloadFailed, "neither http nor https"),
        case("70 a redirect to another scheme", json(r#"{"data":[{"url":"@HERE@/a.png"}]}"#))
            .file("/a.png", Answer::page(302, "x").header("Location", "ftp://host.example/x"))
            .billed(DownloadFailed, "neither http nor https"),
        case("70 a redirect that never ends", json(r#"{"data":[{"url":"@HERE@/a.png"}]}"#))
            .file("/a.png", Answer::page(302, "x").header("Location", "@HERE@/a.png"))
            .billed(DownloadFailed, "too many other addresses"),
        case("70 a redirect", json(r#"{"data":[{"url":"@HERE@/a.png"}]}"#))
            .file("/a.png", Answer::page(302, "x").header("Location", "b.png"))
            .file("/b.png", png(8))
            .stores([8]),
        case("70 one of two links", json(r#"{"data":[{"url":"@HERE@/no.png"},{"url":"@HERE@/a.png"}]}"#))
            .file("/no.png", Answer::page(403, "No"))
            .file("/a.png", png(2))
            .asks(2)
            .stores([2])
            .billed(DownloadFailed, "(403)"),
    ]);
}
