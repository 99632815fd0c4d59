//! The few requests that go out again by themselves, and all the others that do not.

use std::time::{Duration, Instant};

use proofsheet::domain::{Draft, Endpoint, FailureKind, Learned};
use proofsheet::message::{Command, Event};
use serde_json::json;

use super::answers::{error, pictures, png};
use super::bench::{Bench, all_failed, at, draft, draft_of_singles, endpoint, failure};
use super::recovering::rows;
use super::server::{Server, closed_port};

fn slow_down(seconds: &str) -> super::server::Reply {
    error(429, "Rate limit reached", Some("rate_limit_exceeded"), None).header("Retry-After", seconds)
}

#[test]
fn a_short_pause_is_kept_and_then_it_is_sent_once_more() {
    let server = Server::start(|number, _| if number == 0 { slow_down("1") } else { pictures([1]) });
    let mut bench = Bench::new();
    let run = bench.generate(&endpoint(&server), &draft(1));
    assert_eq!((run.stored(), server.posts()), (1, 2));
    let waiting = |event: &Event| matches!(event, Event::Waiting { millis: 1_000, slots, .. } if *slots == [0]);
    assert_eq!(bench.count(waiting), 1, "{:#?}", bench.events);
}

#[test]
fn a_connection_that_was_never_made_is_tried_once_more() {
    let port = closed_port();
    let mut bench = Bench::new();
    let run = bench.begin(&at(&format!("http://127.0.0.1:{port}/v1")), &draft(1));
    let start = Instant::now();
    // A connection that is refused tells of nothing sent: only the ledger says that the call is under way.
    while rows(&bench.library()).is_empty() {
        assert!(start.elapsed() < Duration::from_mins(1), "it was not prepared");
        std::thread::sleep(Duration::from_millis(10));
    }
    // Time for the first attempt to find the port closed; the second comes a second later.
    std::thread::sleep(Duration::from_millis(200));
    let server = Server::at(port, |_, _| pictures([1]));
    let run = bench.finished(run.id);
    assert_eq!((run.stored(), server.posts()), (1, 1));
    assert_eq!(bench.count(|event| matches!(event, Event::Sent { .. })), 1, "only the second went out");
}

#[test]
fn a_second_pause_and_a_long_one_are_left_to_the_person() {
    for (seconds, posts) in [("1", 2), ("61", 1), ("1000000000", 1), ("-5", 1)] {
        let server = Server::always(slow_down(seconds));
        let mut bench = Bench::new();
        let run = bench.generate(&endpoint(&server), &draft(1));
        all_failed(&bench, &run, FailureKind::RateLimited, false);
        assert_eq!(server.posts(), posts, "Retry-After: {seconds}");
    }
}

#[test]
fn a_pause_can_be_cancelled() {
    let server = Server::always(slow_down("50"));
    let mut bench = Bench::new();
    let run = bench.begin(&endpoint(&server), &draft(1));
    bench.until(|event| matches!(event, Event::Waiting { .. }));
    bench.give(Command::CancelRun(run.id));
    let run = bench.finished(run.id);
    let failure = failure(&run, 0);
    assert_eq!((failure.kind, failure.maybe_billed), (FailureKind::Cancelled, false));
    assert_eq!(server.posts(), 1);
}

#[test]
fn an_unknown_parameter_is_left_out_told_and_remembered() {
    let server = Server::start(|_, asked| {
        if asked.json().get("style").is_some() {
            error(400, "Unknown parameter: 'style'.", Some("unknown_parameter"), Some("style"))
        } else {
            pictures([4])
        }
    });
    let mut bench = Bench::new();
    let draft = Draft { style: "vivid".to_owned(), ..draft(1) };
    let run = bench.generate(&endpoint(&server), &draft);
    assert_eq!((bench.file(run.id, 0), server.posts()), (png(4), 2));
    assert_eq!(server.asked()[1].json(), json!({"model": "gateway-model", "prompt": "a red fox"}));
    let learned =
        Learned { endpoint: endpoint(&server).name, model: "gateway-model".to_owned(), parameter: "style".to_owned() };
    assert_eq!(bench.count(|event| *event == Event::Learned(learned.clone())), 1);
    assert_eq!(run.notes.len(), 1);
    assert!(run.notes[0].contains("style"), "{:?}", run.notes);
    assert!(bench.events.contains(&Event::Noted { run: run.id, text: run.notes[0].clone() }));
}

#[test]
fn calls_side_by_side_learn_from_each_other() {
    let server = Server::start(|_, asked| {
        if asked.json().get("style").is_some() {
            error(400, "Unknown parameter: 'style'.", Some("unknown_parameter"), Some("style"))
        } else {
            pictures([4])
        }
    });
    let mut bench = Bench::new();
    let draft = Draft { style: "vivid".to_owned(), ..draft_of_singles(6) };
    let endpoint = Endpoint { requests_at_once: 1, ..endpoint(&server) };
    let run = bench.generate(&endpoint, &draft);
    assert_eq!((run.stored(), server.posts()), (6, 7), "only the first one had to learn");
    assert_eq!(bench.count(|event| matches!(event, Event::Learned(_))), 1);
    assert_eq!(run.notes.len(), 1);
}

#[test]
fn a_server_that_refuses_everything_is_not_asked_for_ever() {
    let server = Server::start(|_, asked| {
        let json = asked.json();
        let name = ["style", "size", "quality", "response_format"].into_iter().find(|name| json.get(*name).is_some());
        let name = name.unwrap_or("prompt");
        error(400, &format!("Unknown parameter: '{name}'."), Some("unknown_parameter"), Some(name))
    });
    let mut bench = Bench::new();
    let draft = Draft {
        style: "vivid".to_owned(),
        size: "512x512".to_owned(),
        quality: "hd".to_owned(),
        response_format: "b64_json".to_owned(),
        ..draft(1)
    };
    let run = bench.generate(&endpoint(&server), &draft);
    all_failed(&bench, &run, FailureKind::InvalidRequest, false);
    assert_eq!(server.posts(), 5);
}

#[test]
fn an_endpoint_that_makes_one_image_a_request_gets_several_requests() {
    let server = Server::start(|number, asked| {
        if asked.json().get("n").is_some() {
            error(400, "Unknown parameter: 'n'.", Some("unknown_parameter"), Some("n"))
        } else {
            pictures([number as u8])
        }
    });
    let mut bench = Bench::new();
    let run = bench.generate(&endpoint(&server), &draft(3));
    assert_eq!((run.stored(), server.posts()), (3, 4));
    let learned = bench.count(|event| matches!(event, Event::Learned(learned) if learned.parameter == "n"));
    assert_eq!(learned, 1);
    assert_eq!(bench.count(|event| matches!(event, Event::Finished { .. })), 1);
}

#[test]
fn a_busy_server_is_not_asked_again_by_itself() {
    let server = Server::always(error(503, "Overloaded", None, None).header("Retry-After", "1"));
    let mut bench = Bench::new();
    let run = bench.generate(&endpoint(&server), &draft(1));
    assert_eq!(failure(&run, 0).kind, FailureKind::ServerBusy);
    std::thread::sleep(Duration::from_millis(1_500));
    assert_eq!(server.posts(), 1);
}
