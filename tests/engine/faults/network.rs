//! What happens to connections: never made, reset, cut, silent, lying, endless. Each answer is asked for once.

use std::io::Write as _;
use std::time::Duration;

use FailureKind::{BadAnswer, CutOff, NoImages, TimedOut, TooLarge};
use proofsheet::domain::FailureKind;

use super::super::fault_server::{Answer, Manner};
use super::{case, check};

const ONE: &str = r#"{"created":1,"data":[{"b64_json":"@1@"}]}"#;
const TWO: &str = r#"{"created":1,"data":[{"b64_json":"@1@"},{"b64_json":"@2@"}]}"#;

fn json(body: &str) -> Answer {
    Answer::json(200, body)
}

fn raw(bytes: impl Into<Vec<u8>>) -> Answer {
    Answer::bytes(200, "", bytes).by(Manner::Raw)
}

/// How long the text of two images is once it is filled in, and where in it the first image is whole.
fn lengths() -> (usize, usize) {
    let one = super::super::answers::b64(&super::png(1)).len();
    let two = super::super::answers::b64(&super::png(2)).len();
    let marks = "@1@".len() + "@2@".len();
    let first_ends = TWO.find("@1@").unwrap() + one + 1;
    (TWO.len() - marks + one + two, first_ends)
}

#[test]
fn a_connection_that_breaks_is_never_repeated() {
    // Behind the first image, in the middle of the second.
    let at = lengths().1 + 9;
    check(vec![
        case("N6 reset before any byte", json(ONE).by(Manner::Reset)).billed(CutOff, "broke before the answer was complete"),
        case("N6 closed before any byte", raw("")).billed(CutOff, "broke"),
        case("N6 half a head", raw("HTTP/1.1 200 OK\r\nContent-Le")).billed(CutOff, "broke"),
        case("N8 shorter than promised", json(ONE).by(Manner::CutAt(60))).billed(CutOff, "broke"),
        case("N8 whole, but promised longer", json(ONE).by(Manner::Promises(9_000))).stores([1]),
        case("N8 promised shorter", json(ONE).by(Manner::Promises(50))).billed(CutOff, "broke off after 50 bytes"),
        case("N8 a chunk without a length", json(TWO).by(Manner::BadChunk(at))).asks(2).stores([1]).billed(CutOff, "broke"),
        case("N8 the last chunk is missing", json(TWO).by(Manner::ChunksEndEarly(at))).asks(2).stores([1]).billed(CutOff, "broke"),
        case("N8 no length, and cut", raw("HTTP/1.1 200 OK\r\n\r\n{\"data\":[{\"b64_json\":\"QUJD")).billed(CutOff, "broke off"),
        case("N9 a drip that breaks off", json(ONE).by(Manner::Drip(5, Duration::from_millis(3)))).stores([1]),
        case("N10 no byte within the limit", json(ONE).by(Manner::Silent)).within(1).billed(TimedOut, "did not finish within 1 seconds"),
        case("N10 silent in the middle", json(TWO).by(Manner::SilentAfter(at))).within(1).asks(2).stores([1]).billed(TimedOut, "did not finish"),
        case("N15 an interim answer and the end", raw("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\n\r\n")).billed(CutOff, "broke"),
        case("an interim answer first", raw(format!(
            "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\nHTTP/1.1 200 OK\r\n\r\n{{\"data\":[{{\"b64_json\":\"{}\"}}]}}",
            super::super::answers::b64(&super::png(1))
        )))
        .stores([1]),
    ]);
}

#[test]
fn a_reset_at_any_place_keeps_what_came_whole() {
    let (all, first_ends) = lengths();
    let offsets = (0..20).map(|step| step * all / 19);
    check(
        offsets
            .map(|at| {
                let case =
                    case(format!("N7 reset after {at} of {all} bytes"), json(TWO).by(Manner::ResetAt(at))).asks(2);
                match at {
                    at if at >= all => case.stores([1, 2]),
                    // Both images are there; only the brackets behind them are not.
                    at if at >= all - 3 => case.stores([1, 2]),
                    at if at >= first_ends => case.stores([1]).billed(CutOff, "broke before the answer was complete"),
                    _ => case.billed(CutOff, "broke before the answer was complete"),
                }
            })
            .collect(),
    );
}

#[test]
fn what_is_no_http_and_what_is_too_much_is_told() {
    let many = "X-Again: and again\r\n".repeat(200);
    check(vec![
        case("another protocol", raw("SSH-2.0-OpenSSH_9.2\r\n\r\n")).billed(BadAnswer, "does not speak HTTP"),
        case("S11 too many headers", raw(format!("HTTP/1.1 200 OK\r\n{many}\r\n{{}}"))).billed(BadAnswer, "headers"),
        case("S11 one huge header", raw(format!("HTTP/1.1 200 OK\r\nX: {}\r\n\r\n{{}}", "y".repeat(2_000_000))))
            .billed(BadAnswer, "headers"),
        case("S11 bytes that no header has", raw(b"HTTP/1.1 200 OK\r\nX-\xff\x00: \x01\r\n\r\n{}".to_vec()))
            .billed(BadAnswer, "does not speak HTTP"),
        case("S11 a header in Latin-1", json(ONE).header("X-Note", "caf\u{e9}")).stores([1]),
        case("S11 two lengths", raw("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 5\r\n\r\n{}abc"))
            .billed(BadAnswer, "breaks the rules of HTTP"),
        case("S11 a length that is no number", raw("HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n{}"))
            .billed(BadAnswer, "breaks the rules of HTTP"),
        case("S11 a status that is none", raw("HTTP/1.1 999999 OK\r\n\r\n{}")).billed(BadAnswer, "does not speak HTTP"),
        case(
            "S11 a length beyond all numbers",
            raw("HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999999\r\n\r\n{}"),
        )
        .billed(BadAnswer, "breaks the rules of HTTP"),
        case("S8 a promise of two gigabytes", json(ONE).by(Manner::Promises(2_000_000_000))).stores([1]),
    ]);
}

/// `text` so often, packed.
fn packed(head: &str, text: &[u8], times: usize, tail: &str) -> Vec<u8> {
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packer.write_all(head.as_bytes()).unwrap();
    for _ in 0..times {
        packer.write_all(text).unwrap();
    }
    packer.write_all(tail.as_bytes()).unwrap();
    packer.finish().unwrap()
}

#[test]
fn packed_answers_are_unpacked_and_bombs_are_not_followed_to_the_end() {
    let gzip = |bytes: Vec<u8>| Answer::bytes(200, "application/json", bytes).header("Content-Encoding", "gzip");
    let filled = ONE.replace("@1@", &super::super::answers::b64(&super::png(1)));
    let good = packed(&filled, b"", 0, "");
    let half = good[..good.len() / 2].to_vec();
    // A gigabyte and a half of white space, which servers do send, though not so much of it.
    let bomb = packed("", &vec![b' '; 1 << 20], 1_500, &filled);
    assert!(bomb.len() < 8_000_000, "the bomb is small on the wire: {}", bomb.len());
    check(vec![
        case("75 gzip", gzip(good.clone())).stores([1]),
        case("75 gzip in chunks", gzip(good).by(Manner::Chunks(11))).stores([1]),
        case("75 gzip that is cut", gzip(half)).billed(BadAnswer, "cannot be unpacked"),
        case("75 says gzip and is not", gzip(filled.into_bytes())).billed(BadAnswer, "cannot be unpacked"),
        case("S8 a bomb", gzip(bomb)).billed(TooLarge, "longer than"),
        case(
            "S9 a stream whose one line never ends",
            Answer::bytes(200, "text/event-stream", vec![b'x'; 1 << 20]).by(Manner::Repeated(20)),
        )
        .billed(BadAnswer, "long text"),
        case(
            "S9 twenty megabytes of comment",
            Answer::bytes(200, "text/event-stream", [b":".as_slice(), &vec![b'x'; 1 << 20]].concat())
                .by(Manner::Repeated(20)),
        )
        .billed(NoImages, "without an image"),
    ]);
}
