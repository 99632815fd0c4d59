//! Answers of every shape in pieces of every length.

use FailureKind::*;
use base64_simd::STANDARD;
use proptest::prelude::*;

use super::*;
use crate::domain::{BaseUrl, Secret};

fn question(images: u8) -> Question {
    Question {
        base: BaseUrl::parse("https://gateway.example/v1").unwrap(),
        key: Some(Secret::new("canary-key-0123456789")),
        model: "dall-e-3".to_owned(),
        images,
    }
}

fn read(images: u8, body: &[u8], piece: usize) -> (Vec<Found>, Result<Ending, Fault>) {
    let mut reader = Reader::new(question(images));
    let mut found = Vec::new();
    for piece in body.chunks(piece.max(1)) {
        match reader.push(piece) {
            Ok(more) => found.extend(more),
            Err(failure) => return (found, reader.finish_broken(failure)),
        }
    }
    let mut ending = reader.finish();
    if let Ok(ending) = &mut ending {
        found.append(&mut ending.found);
    }
    (found, ending)
}

/// What was found as one line: `0=ABC 1@https://… 0"prompt" 2~preview 1!not_an_image`.
fn line(found: &[Found]) -> String {
    let words = found.iter().map(|found| match found {
        Found::Image { item, bytes } => format!("{item}={}", String::from_utf8_lossy(bytes)),
        Found::Url { item, url } => format!("{item}@{url}"),
        Found::RevisedPrompt { item, text } => format!("{item}\"{text}\""),
        Found::Preview { item, bytes } => format!("{item}~{}", String::from_utf8_lossy(bytes)),
        Found::Broken { item, failure } => format!("{item}!{}", failure.kind),
    });
    words.collect::<Vec<_>>().join(" ")
}

/// `want`: what is found, then the kind of what is missing, or `ok`.
#[track_caller]
fn check(images: u8, body: &str, want: &str, missing: &str) {
    for piece in [1, 2, 5, 64, body.len()] {
        let (found, ending) = read(images, body.as_bytes(), piece);
        let ended = match &ending {
            Ok(ending) => ending.missing.as_ref().map_or("ok", |failure| failure.kind.word()),
            Err(fault) => fault.failure.kind.word(),
        };
        assert_eq!((line(&found).as_str(), ended), (want, missing), "in pieces of {piece}: {body}\n{ending:?}");
    }
}

#[test]
fn good_answers_give_their_images() {
    check(1, r#"{"created":1,"data":[{"b64_json":"QUJD"}]}"#, "0=ABC", "ok");
    check(
        1,
        r#"{"data":[{"url":"https://x.example/a.png?sig=1","revised_prompt":"a fox"}]}"#,
        "0@https://x.example/a.png?sig=1 0\"a fox\"",
        "ok",
    );
    check(1, r#"{"data":[{"url":"https://x.example/a.png","b64_json":"QUJD"}]}"#, "0=ABC", "ok");
    check(1, r#"{"data":[{"url":"","b64_json":"QUJD"}]}"#, "0=ABC", "ok");
    check(1, r#"{"data":[{"url":"/files/a.png"}]}"#, "0@https://gateway.example/files/a.png", "ok");
    check(1, r#"{"data":[{"url":"files/a.png"}]}"#, "0@https://gateway.example/files/a.png", "ok");
    check(1, r#"{"data":[{"url":"//cdn.example/a.png"}]}"#, "0@https://cdn.example/a.png", "ok");
    check(1, r#"{"data":[{"url":"https://me:pw@x.example/a.png#top"}]}"#, "0@https://x.example/a.png", "ok");
    check(1, r#"{"data":[{"url":"data:image/png;base64,QUJD"}]}"#, "0=ABC", "ok");
    check(1, r#"{"data":[{"index":0,"b64_json":"QUJD"}],"usage":{"total_tokens":0},"error":null}"#, "0=ABC", "ok");
    check(1, "   \r\n\r\n {\"data\":[{\"b64_json\":\"QUJD\"}]} \n{\"x\":1} junk", "0=ABC", "ok");
    check(1, "\u{feff}{\"data\":[{\"b64_json\":\"QUJD\"}]}", "0=ABC", "ok");
    check(1, r#"{"success":true,"data":[{"b64_json":"QUJD"}]}"#, "0=ABC", "ok");
    check(1, r#"{"data":[{"b64_json":"QUJD"},{"b64_json":"REVG"}]}"#, "0=ABC 1=DEF", "ok");
    check(1, "\u{89}PNG is no picture in UTF-8", "", "bad_answer");
    assert_eq!(line(&read(1, b"\x89PNG\r\n\x1a\nrest", 3).0), "0=\u{fffd}PNG\r\n\u{1a}\nrest");
}

#[test]
fn fewer_images_than_asked_are_explained() {
    check(4, r#"{"data":[{"b64_json":"QUJD"}]}"#, "0=ABC", "no_images");
    check(2, r#"{"data":[{"b64_json":""},{"b64_json":"QUJD"}]}"#, "1=ABC", "no_images");
    check(
        2,
        r#"{"data":[{"b64_json":"QUJD"},{"b64_json":"","error":{"code":"moderation_blocked"}}]}"#,
        "0=ABC",
        "refused",
    );
    check(1, r#"{"data":[]}"#, "", "no_images");
    check(1, r#"{"data":null}"#, "", "no_images");
    check(1, r#"{"created":1}"#, "", "no_images");
    check(1, r#"{"data":[{"url":"","b64_json":"","revised_prompt":""}]}"#, "", "no_images");
    let (_, ending) = read(4, br#"{"data":[{"b64_json":"QUJD"}]}"#, 9);
    let failure = ending.unwrap().missing.unwrap();
    assert!(failure.sentence.contains("1 of 4") && failure.maybe_billed, "{failure:?}");
    let (_, ending) = read(1, br#"{"data":[],"note":"canary-key-0123456789"}"#, 9);
    assert_eq!(ending.unwrap_err().failure.server_words.as_deref(), Some(r#"{"data":[],"note":"[key]"}"#));
}

#[test]
fn errors_inside_a_good_status_are_that_error() {
    check(1, r#"{"error":{"message":"m","code":"insufficient_user_quota"}}"#, "", "no_credit");
    check(1, "\n\n  {\"error\":{\"message\":\"upstream\",\"code\":\"x\"}}", "", "server_error");
    check(1, r#"{"success":false,"message":"敏感词"}"#, "", "refused");
    check(
        2,
        r#"{"data":[{"b64_json":"QUJD"}],"error":{"message":"slow","code":"rate_limit_exceeded"}}"#,
        "0=ABC",
        "rate_limited",
    );
    check(1, r#"{"data":[{"b64_json":"QUJD"}],"error":{"message":"odd"}}"#, "0=ABC", "ok");
    let unknown = r#"{"error":{"message":"Unknown parameter: 'style'.","param":"style","code":"unknown_parameter"}}"#;
    assert_eq!(read(1, unknown.as_bytes(), 9).1.unwrap_err().unknown_parameter, Some("style"));
}

#[test]
fn what_is_no_answer_is_told() {
    check(1, "", "", "bad_answer");
    check(1, " \n ", "", "bad_answer");
    check(1, "<!DOCTYPE html><html><head><title>Portal</title></head></html>", "", "wrong_address");
    check(1, "hello there", "", "bad_answer");
    check(1, "null", "", "bad_answer");
    check(1, "data", "", "bad_answer");
    check(1, "error: 余额不足", "", "no_credit");
    check(1, r#"{"data":[{"b64_json":"QUJD"#, "", "cut_off");
    check(1, r#"{"data":[{"b64_json":"QUJD","url":"#, "0=ABC", "ok");
    check(2, r#"{"data":[{"b64_json":"QUJD"},{"b64_json":"QU"#, "0=ABC", "cut_off");
    check(1, r#"{"data":]"#, "", "bad_answer");
    check(1, r#"{"data":{{}}}"#, "", "bad_answer");
    check(1, r#"{"task_id":"7","status":"queued","poll_url":"/x"}"#, "", "unsupported");
    check(1, r#"{"code":1,"description":"ok","result":"1320098173412546"}"#, "", "unsupported");
    check(1, r#"{"data":[{"b64_json":"*not base64*"}]}"#, "0!not_an_image", "ok");
    check(1, r#"{"data":[{"url":"file:///etc/passwd"}]}"#, "0!download_failed", "ok");
    check(1, r#"{"data":[{"url":"ftp://x.example/a.png"}]}"#, "0!download_failed", "ok");
    check(1, r#"{"data":[{"url":"javascript:alert(1)"}]}"#, "0!download_failed", "ok");
    check(1, &"[".repeat(100_000), "", "bad_answer");
}

#[test]
fn event_streams_give_previews_images_and_errors() {
    let done = "event: image_generation.completed\ndata: {\"b64_json\":\"QUJD\",\"model\":\"m\"}\n\n";
    let part = "event: image_generation.partial_image\ndata: {\"b64_json\":\"REVG\"}\n\n";
    check(1, &format!(": PING\n\n{part}{done}data: [DONE]\n\n"), "0~DEF 0=ABC", "ok");
    check(1, &format!("{part}{done}").replace('\n', "\r\n"), "0~DEF 0=ABC", "ok");
    check(2, &format!("{done}{done}"), "0=ABC 1=ABC", "ok");
    check(
        1,
        "data: {\"type\":\"image_generation.completed\",\"url\":\"https://x.example/a\"}\n\n",
        "0@https://x.example/a",
        "ok",
    );
    check(
        1,
        &format!("{part}event: error\ndata: {{\"error\":{{\"code\":\"moderation_blocked\"}}}}\n\n"),
        "0~DEF",
        "refused",
    );
    check(1, "event: error\ndata: {\"code\":\"moderation_blocked\",\"message\":\"m\"}\n\n", "", "refused");
    check(1, part, "0~DEF", "no_images");
    check(1, "event: image_generation.completed\ndata: {\"b64_json\":\"QUJ", "", "cut_off");
    check(1, ": keep-alive\n\n: keep-alive\n\n", "", "no_images");
    let (_, ending) = read(1, done.as_bytes(), 7);
    assert_eq!(ending.unwrap().model.as_deref(), Some("m"));
}

#[test]
fn a_broken_connection_after_the_end_is_forgotten() {
    for (body, kind) in [(r#"{"data":[{"b64_json":"QUJD"}]}"#, NoImages), (r#"{"data":[{"b64_json":"QUJD"}]"#, CutOff)]
    {
        let mut reader = Reader::new(question(2));
        assert_eq!(line(&reader.push(body.as_bytes()).unwrap()), "0=ABC");
        let ending = reader.finish_broken(Failure::maybe_billed(CutOff, "x")).unwrap();
        assert_eq!(ending.missing.unwrap().kind, kind, "{body}");
    }
    let mut reader = Reader::new(question(1));
    reader.push(b"\x89PNG\r\n\x1a\nhalf").unwrap();
    assert_eq!(reader.finish_broken(Failure::maybe_billed(CutOff, "x")).unwrap_err().failure.kind, CutOff);
}

#[test]
fn a_body_without_end_is_stopped_and_its_images_kept() {
    let mut reader = Reader { body_limit: 100, ..Reader::new(question(2)) };
    assert_eq!(line(&reader.push(br#"{"data":[{"b64_json":"QUJD"},{"b64_json":""#).unwrap()), "0=ABC");
    let failure = reader.push(&[b'A'; 100]).unwrap_err();
    assert_eq!(failure.kind, TooLarge);
    assert_eq!(reader.finish_broken(failure).unwrap().missing.unwrap().kind, TooLarge);
}

#[test]
fn ten_images_come_one_by_one() {
    let pictures: Vec<Vec<u8>> = (0..10).map(|seed| (0..50_000u32).map(|i| (i * 7 + seed) as u8).collect()).collect();
    let items: Vec<String> =
        pictures.iter().map(|bytes| format!(r#"{{"b64_json":"{}"}}"#, STANDARD.encode_to_string(bytes))).collect();
    let mut reader = Reader::new(question(10));
    assert_eq!(reader.push(br#"{"created":1,"data":["#).unwrap(), []);
    for (index, item) in items.iter().enumerate() {
        let (most, last) = item.as_bytes().split_at(item.len() - 2);
        for piece in most.chunks(4096) {
            assert_eq!(reader.push(piece).unwrap(), [], "too early");
        }
        assert_eq!(reader.push(last).unwrap(), [Found::Image { item: index, bytes: pictures[index].clone() }]);
        assert_eq!(reader.push(b" , ").unwrap(), []);
    }
    assert_eq!(reader.push(b"],\"model\":\"m\"}").unwrap(), []);
    assert!(reader.is_complete());
    assert_eq!(reader.finish().unwrap().answered, 10);
}

/// The parts of an answer as one line, `at` before each; a `.` for each piece that brought none.
fn parts(body: &[u8], piece: usize) -> String {
    let mut reader = Reader::new(question(2));
    let mut line = String::new();
    for piece in body.chunks(piece) {
        drop(reader.push(piece).unwrap());
        match reader.part() {
            Some(part) => line.extend([part.at.to_string(), String::from_utf8_lossy(part.bytes).into_owned()]),
            None => line.push('.'),
        }
        assert_eq!(reader.part(), None, "nothing is handed out twice");
    }
    line
}

#[test]
fn an_image_is_seen_in_parts_before_it_is_whole() {
    let images = ["the first image, longer than a word", "and then a second one that is longer still"];
    let [first, second] = images.map(|words| STANDARD.encode_to_string(words));
    let body = format!(r#"{{"data":[{{"b64_json":"{first}"}},{{"b64_json":"{second}"}}]}}"#);
    let mut reader = Reader::new(question(2));
    let (mut seen, mut whole) = (String::new(), 0);
    for piece in body.as_bytes().chunks(8) {
        let found = reader.push(piece).unwrap();
        if !found.is_empty() {
            assert!(seen.len() > 15 && images[whole].starts_with(&seen), "{seen}");
            whole += 1;
        }
        if let Some(part) = reader.part() {
            if part.at == 0 {
                seen.clear();
            }
            assert_eq!(part.at, seen.len());
            seen += str::from_utf8(part.bytes).unwrap();
            assert!(images[whole].starts_with(&seen), "{seen} comes before image {whole} is whole");
        }
    }
    assert_eq!(whole, 2);
    assert_eq!(parts(body.as_bytes(), body.len()), ".", "images that are whole at once have no parts");
    let address = format!(r#"{{"data":[{{"url":"https://host/{first}.png"}}]}}"#);
    assert!(parts(address.as_bytes(), 8).bytes().all(|byte| byte == b'.'), "an address is no image");
}

#[test]
fn a_bare_picture_is_seen_in_parts_and_a_preview_is_not() {
    assert_eq!(
        parts(b"\x89PNG\r\n\x1a\n and the rest of it", 12).replace('\u{fffd}', "?"),
        "0?PNG\r\n\u{1a}\n and12 the rest of24 it"
    );
    let image = STANDARD.encode_to_string("an image that takes a while");
    let event = |kind: &str| format!("data: {{\"type\":\"{kind}\",\"b64_json\":\"{image}\"}}\n\n");
    let preview = parts(event("image_generation.partial_image").as_bytes(), 16);
    assert!(preview.bytes().all(|byte| byte == b'.'), "{preview}");
    let named = format!("event: x.partial_image\ndata: {{\"b64_json\":\"{image}\"}}\n\n");
    let preview = parts(named.as_bytes(), 16);
    assert!(preview.bytes().all(|byte| byte == b'.'), "{preview}");
    assert!(parts(event("image_generation.completed").as_bytes(), 16).contains("0an"));
}

proptest! {
    #[test]
    fn no_body_makes_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..300), piece in 1usize..30) {
        drop(read(3, &bytes, piece));
    }

    #[test]
    fn any_cut_of_an_answer_keeps_what_was_whole(cut in 0usize..72, piece in 1usize..9) {
        let body = br#"{"data":[{"b64_json":"QUJD"},{"b64_json":"REVG"},{"url":"https://x.y/"}]}"#;
        let (found, _) = read(3, &body[..cut], piece);
        let whole = [28, 48, 70].iter().filter(|end| cut >= **end).count();
        prop_assert!(found.len() >= whole, "{cut}: {found:?}");
    }
}

/// Where the images of an answer lie in memory, when the second is given `room`.
fn places(body: &str, piece: usize, room: Vec<u8>) -> Vec<*const u8> {
    let mut reader = Reader::new(question(2));
    let mut room = Some(room);
    let mut places = Vec::new();
    for piece in body.as_bytes().chunks(piece) {
        for found in reader.push(piece).unwrap() {
            let Found::Image { bytes, .. } = found else { panic!("{found:?}") };
            assert_eq!(bytes, [7; 90]);
            places.push(bytes.as_ptr());
            room.take().into_iter().for_each(|room| reader.give(room));
        }
    }
    places
}

#[test]
fn the_next_image_takes_the_memory_it_is_given() {
    let image = STANDARD.encode_to_string([7; 90]);
    let answer = format!(r#"{{"data":[{{"b64_json":"{image}"}},{{"b64_json":"{image}"}}]}}"#);
    let event = format!("data: {{\"type\":\"image_generation.completed\",\"b64_json\":\"{image}\"}}\n\n");
    for body in [answer, event.repeat(2)] {
        for piece in [1, 50, 70] {
            let room = Vec::with_capacity(4_000);
            let place = room.as_ptr();
            let places = places(&body, piece, room);
            assert_eq!((places.len(), places.last()), (2, Some(&place)), "in pieces of {piece}");
        }
    }
}
