//! What goes wrong with a request: told, written down, and never sent twice.

use proofsheet::domain::{Draft, Failure, FailureKind, ImageId};
use proofsheet::message::Event;
use serde_json::json;

use super::answers::{b64, error, item, items, pictures, png};
use super::bench::{Bench, KEY, all_failed, at, draft, endpoint, failure};
use super::server::{Reply, Server};

/// The server answers so: every image fails with this kind, after one request.
#[track_caller]
fn fails(reply: Reply, kind: FailureKind, maybe_billed: bool) -> Failure {
    let server = Server::always(reply);
    let mut bench = Bench::new();
    let run = bench.generate(&endpoint(&server), &draft(2));
    all_failed(&bench, &run, kind, maybe_billed);
    assert_eq!(server.posts(), 1, "never twice");
    failure(&run, 0).clone()
}

#[test]
fn a_key_that_is_not_accepted_is_never_repeated_back() {
    let words = format!("Incorrect API key provided: {KEY}");
    let failure = fails(error(401, &words, Some("invalid_api_key"), None), FailureKind::KeyRejected, false);
    assert!(!format!("{failure:?}").contains(KEY), "{failure:?}");
}

#[test]
fn moderation_is_a_refusal() {
    let words = "Your request was rejected as a result of our safety system.";
    fails(error(400, words, Some("moderation_blocked"), None), FailureKind::Refused, false);
}

#[test]
fn no_credit_is_not_waited_for() {
    let reply = error(429, "You exceeded your current quota", Some("insufficient_quota"), None);
    fails(reply.header("Retry-After", "1"), FailureKind::NoCredit, false);
}

#[test]
fn a_server_that_breaks_may_have_charged() {
    fails(error(500, "oops", None, None), FailureKind::ServerError, true);
    fails(Reply { hang_up: true, ..Reply::json(200, "") }, FailureKind::CutOff, true);
}

#[test]
fn redirects_are_not_followed() {
    let other = Server::always(pictures([1, 2]));
    let location = other.url("/v1/images/generations");
    fails(Reply::json(308, "").header("Location", &location), FailureKind::Moved, false);
    assert_eq!(other.asked().len(), 0);
}

#[test]
fn fewer_images_than_asked_are_images_and_failures() {
    let server = Server::always(pictures([1]));
    let mut bench = Bench::new();
    let run = bench.generate(&endpoint(&server), &draft(4));
    assert_eq!(run.stored(), 1);
    assert_eq!(bench.file(run.id, 0), png(1));
    for slot in 1..4 {
        let failure = failure(&run, slot);
        assert_eq!((failure.kind, failure.maybe_billed), (FailureKind::NoImages, true));
        assert!(failure.sentence.contains("1 of 4"), "{failure:?}");
    }
}

#[test]
fn one_damaged_image_costs_only_itself() {
    let server = Server::always(items(vec![item(&png(1)), json!({"b64_json": "%%% no base64 %%%"}), item(&png(3))]));
    let mut bench = Bench::new();
    let run = bench.generate(&endpoint(&server), &draft(3));
    assert_eq!((bench.file(run.id, 0), bench.file(run.id, 2)), (png(1), png(3)));
    assert_eq!(failure(&run, 1).kind, FailureKind::NotAnImage);
    let image = ImageId { run: run.id, slot: 1 };
    assert!(bench.events.iter().any(|event| matches!(event, Event::Failed { image: told, .. } if *told == image)));
}

#[test]
fn an_answer_that_breaks_off_keeps_what_came_whole() {
    let reply = pictures([1, 2]);
    let cut = reply.body.len() - b64(&png(2)).len() / 2;
    let server = Server::always(reply.cut_at(cut));
    let mut bench = Bench::new();
    let run = bench.generate(&endpoint(&server), &draft(2));
    assert_eq!(bench.file(run.id, 0), png(1));
    let failure = failure(&run, 1);
    assert_eq!((failure.kind, failure.maybe_billed), (FailureKind::CutOff, true));
    assert_eq!(server.posts(), 1);
}

#[test]
fn an_address_that_cannot_be_fetched_is_a_failed_download() {
    let host = Server::always(Reply::json(403, "<html><title>Expired</title></html>"));
    let server = Server::always(items(vec![json!({"url": host.url("/gone.png")}), item(&png(2))]));
    let mut bench = Bench::new();
    let run = bench.generate(&endpoint(&server), &draft(2));
    assert_eq!(failure(&run, 0).kind, FailureKind::DownloadFailed);
    assert_eq!(bench.file(run.id, 1), png(2));
}

#[test]
fn a_closed_port_is_unreachable_and_free() {
    let mut bench = Bench::new();
    let base = format!("http://127.0.0.1:{}/v1", super::server::closed_port());
    let run = bench.generate(&at(&base), &draft(1));
    all_failed(&bench, &run, FailureKind::Unreachable, false);
    assert!(failure(&run, 0).retry_safe);
}

#[test]
fn an_address_that_is_none_is_said_before_anything_is_sent() {
    let mut bench = Bench::new();
    let run = bench.generate(&at("not an address"), &draft(1));
    all_failed(&bench, &run, FailureKind::WrongAddress, false);
    assert_eq!(bench.count(|event| matches!(event, Event::Sent { .. })), 0);
}

#[test]
fn a_library_that_cannot_be_written_stops_the_run_before_it_is_sent() {
    let server = Server::always(pictures([1]));
    let mut bench = Bench::new();
    let file = bench.folder.path().join("a file");
    std::fs::write(&file, "not a folder").unwrap();
    bench.give(proofsheet::message::Command::OpenLibrary(Some(file.clone())));
    bench.until(|event| matches!(event, Event::LibraryFailed { root, .. } if *root == file));
    let run = bench.begin(&endpoint(&server), &draft(1));
    let event = bench.until(|event| matches!(event, Event::Failed { .. }));
    assert!(matches!(&event, Event::Failed { failure, .. } if failure.kind == FailureKind::Disk), "{event:?}");
    bench.until(|event| *event == Event::Finished { run: run.id });
    assert_eq!(server.asked().len(), 0);
}

#[test]
fn what_the_library_keeps_holds_no_key() {
    let server = Server::always(error(401, &format!("bad key {KEY}"), None, None));
    let mut bench = Bench::new();
    bench.generate(&endpoint(&server), &Draft { prompt: "keyless".to_owned(), ..draft(1) });
    let mut folders = vec![bench.folder.path().to_owned()];
    let mut files = 0;
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.is_file() {
                // Beside them lies the socket at which a second start rings.
                files += 1;
                let text = String::from_utf8_lossy(&std::fs::read(&path).unwrap()).into_owned();
                assert!(!text.contains(KEY), "{}", path.display());
            }
        }
    }
    assert!(files > 0);
}
