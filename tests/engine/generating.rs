//! From a Generate to files: what is sent, stored and told.

use std::time::Duration;

use proofsheet::domain::{Difference, Draft, Endpoint, Format, ImageId, Slot};
use proofsheet::message::Event;
use serde_json::json;

use super::answers::{b64, item, items, pictures, png};
use super::bench::{Bench, KEY, draft, draft_of_singles, endpoint};
use super::server::{Door, Reply, Server};

#[test]
fn the_bytes_on_disk_are_those_the_server_sent() {
    let server = Server::always(pictures([1, 2, 3]));
    let mut bench = Bench::new();
    let run = bench.generate(&endpoint(&server), &draft(3));
    for slot in 0..3 {
        let facts = run.facts(slot).unwrap();
        assert_eq!((facts.format, facts.width, facts.height), (Format::Png, 24, 16));
        assert_eq!(bench.file(run.id, slot), png(slot as u8 + 1));
        let told = bench
            .events
            .iter()
            .any(|event| matches!(event, Event::Stored { image, facts: told } if image.slot == slot && told == facts));
        assert!(told, "{:#?}", bench.events);
    }
    assert_eq!(server.posts(), 1);
    let asked = &server.asked()[0];
    assert_eq!((asked.method.as_str(), asked.path.as_str()), ("POST", "/v1/images/generations"));
    assert_eq!(asked.header("authorization"), Some(format!("Bearer {KEY}").as_str()));
    assert_eq!(asked.json(), json!({"model": "gateway-model", "prompt": "a red fox", "n": 3}));
}

#[test]
fn every_parameter_reaches_the_server() {
    let server = Server::always(pictures([1]));
    let mut bench = Bench::new();
    let draft = Draft {
        size: "1792x1024".to_owned(),
        quality: "hd".to_owned(),
        style: "natural".to_owned(),
        response_format: "b64_json".to_owned(),
        ..draft_of_singles(1)
    };
    bench.generate(&endpoint(&server), &draft);
    let want = json!({
        "model": "dall-e-3", "prompt": "a red fox", "n": 1, "size": "1792x1024",
        "quality": "hd", "style": "natural", "response_format": "b64_json",
    });
    assert_eq!(server.asked()[0].json(), want);
}

#[test]
fn an_image_is_stored_while_the_next_one_is_still_on_its_way() {
    let reply = pictures([1, 2]);
    let door = Door::default();
    let first_ends = reply.body.len() - b64(&png(2)).len() / 2;
    let server = Server::always(reply.within(first_ends, &door));
    let mut bench = Bench::new();
    let run = bench.begin(&endpoint(&server), &draft(2));
    bench.until(|event| matches!(event, Event::Stored { image, .. } if image.slot == 0));
    assert_eq!(bench.file(run.id, 0), png(1));
    assert!(bench.count(|event| matches!(event, Event::Finished { .. })) == 0);
    door.open();
    assert_eq!(bench.finished(run.id).stored(), 2);
}

#[test]
fn images_by_address_are_fetched_at_once_and_without_the_key() {
    let host = Server::start(|_, asked| {
        let number = if asked.path.contains("second") { 2 } else { 1 };
        Reply::bytes("image/png", &png(number))
    });
    let answer = items(vec![
        json!({"url": host.url("/first.png?sig=1"), "revised_prompt": "a redder fox"}),
        json!({"url": host.url("/second.png")}),
    ]);
    let server = Server::always(answer);
    let mut bench = Bench::new();
    let run = bench.generate(&endpoint(&server), &draft(2));
    assert_eq!((bench.file(run.id, 0), bench.file(run.id, 1)), (png(1), png(2)));
    assert_eq!(run.facts(0).unwrap().revised_prompt.as_deref(), Some("a redder fox"));
    let asked = host.asked();
    assert_eq!(asked.len(), 2);
    for asked in asked {
        assert_eq!(asked.method, "GET");
        assert!(!format!("{asked:?}").contains(KEY), "{asked:?}");
        assert_eq!(asked.header("authorization"), None);
    }
}

#[test]
fn a_rewritten_prompt_is_told_with_its_image() {
    let mut first = item(&png(1));
    first["revised_prompt"] = json!("a very red fox");
    let server = Server::always(items(vec![first, item(&png(2))]));
    let mut bench = Bench::new();
    let run = bench.generate(&endpoint(&server), &draft(2));
    assert_eq!(run.facts(0).unwrap().revised_prompt.as_deref(), Some("a very red fox"));
    assert_eq!(run.facts(1).unwrap().revised_prompt, None);
    let told: Vec<Option<&str>> = bench
        .events
        .iter()
        .filter_map(|event| match event {
            Event::Stored { image, facts } if image.slot == 0 => Some(facts.revised_prompt.as_deref()),
            _ => None,
        })
        .collect();
    assert_eq!(told, [Some("a very red fox")]);
}

#[test]
fn a_rewritten_prompt_that_comes_late_is_told_once_more() {
    let mut first = item(&png(1));
    first["revised_prompt"] = json!("late words");
    let reply = items(vec![first]);
    let door = Door::default();
    let words = String::from_utf8(reply.body.clone()).unwrap().find("late words").unwrap();
    let server = Server::always(reply.within(words + 2, &door));
    let mut bench = Bench::new();
    let run = bench.begin(&endpoint(&server), &draft(1));
    bench.until(|event| matches!(event, Event::Stored { facts, .. } if facts.revised_prompt.is_none()));
    door.open();
    bench.until(|event| matches!(event, Event::Stored { facts, .. } if facts.revised_prompt.is_some()));
    let run = bench.finished(run.id);
    assert_eq!(run.facts(0).unwrap().revised_prompt.as_deref(), Some("late words"));
}

#[test]
fn images_nobody_asked_for_are_kept_behind_the_others() {
    let server = Server::always(pictures([1, 2, 3]));
    let mut bench = Bench::new();
    let run = bench.generate(&endpoint(&server), &draft(1));
    assert_eq!(run.slots.len(), 3);
    for slot in 0..3 {
        assert_eq!(bench.file(run.id, slot), png(slot as u8 + 1));
    }
}

#[test]
fn an_empty_place_in_the_answer_costs_no_image() {
    let server = Server::always(items(vec![json!({}), item(&png(7))]));
    let mut bench = Bench::new();
    let run = bench.generate(&endpoint(&server), &draft(1));
    assert_eq!(run.slots.len(), 1);
    assert_eq!(bench.file(run.id, 0), png(7));
}

#[test]
fn single_image_models_are_asked_side_by_side_within_the_limit() {
    let doors = Door::default();
    let door = doors.clone();
    let server = Server::start(move |number, _| pictures([number as u8]).before(&door));
    let mut bench = Bench::new();
    let endpoint = Endpoint { requests_at_once: 3, ..endpoint(&server) };
    let run = bench.begin(&endpoint, &draft_of_singles(7));
    server.wait_for(3);
    std::thread::sleep(Duration::from_millis(200));
    assert_eq!(server.posts(), 3, "the fourth waits for its turn");
    doors.open();
    let run = bench.finished(run.id);
    assert_eq!((run.stored(), server.posts(), server.most_open()), (7, 7, 3));
    for asked in server.asked() {
        assert_eq!(asked.json()["n"], json!(1), "dall-e-3 always gets its n");
    }
}

#[test]
fn another_size_fewer_images_and_a_rewritten_prompt_are_three_differences() {
    let mut first = item(&png(1));
    first["revised_prompt"] = json!("a very red fox");
    let server = Server::always(items(vec![first, item(&png(2)), item(&png(3))]));
    let asked = Draft { size: "1024x1024".to_owned(), ..draft(4) };
    let run = Bench::new().generate(&endpoint(&server), &asked);
    let size = Difference::Size { asked: (1024, 1024), got: (24, 16) };
    assert_eq!(run.differences_of_run(), [Difference::Images { asked: 4, got: 3 }]);
    assert_eq!(run.differences(0), [size.clone(), Difference::Prompt]);
    assert_eq!(run.differences(1), [size]);
    assert_eq!(run.differences(3), []);
}

#[test]
fn the_model_the_server_used_is_kept() {
    let body = json!({"created": 1, "model": "another-model", "data": [item(&png(1))]}).to_string();
    let server = Server::always(Reply::json(200, body));
    let mut bench = Bench::new();
    let run = bench.generate(&endpoint(&server), &draft(1));
    assert_eq!(run.model_answered.as_deref(), Some("another-model"));
    let told = Event::ModelAnswered { run: run.id, model: "another-model".to_owned() };
    assert!(bench.events.contains(&told), "{:#?}", bench.events);
}

#[test]
fn a_failed_image_can_be_asked_for_again_in_its_place() {
    let server = Server::start(|number, _| if number == 0 { pictures([1]) } else { pictures([9]) });
    let mut bench = Bench::new();
    let endpoint = endpoint(&server);
    let first = bench.generate(&endpoint, &draft(2));
    assert!(matches!(first.slots[1], Slot::Failed(_)), "{first:?}");
    bench.events.clear();
    bench.ask(&first, &endpoint, vec![1]);
    let again = bench.finished(first.id);
    assert_eq!((again.slots.len(), again.stored()), (2, 2));
    assert_eq!((bench.file(first.id, 0), bench.file(first.id, 1)), (png(1), png(9)));
    let image = ImageId { run: first.id, slot: 1 };
    assert_eq!(bench.count(|event| matches!(event, Event::Stored { image: told, .. } if *told == image)), 1);
    assert_eq!(server.asked()[1].json().get("n"), None, "one image is the default");
}

#[test]
fn the_run_is_written_down_before_anything_is_sent() {
    let door = Door::default();
    let server = Server::always(pictures([1]).before(&door));
    let mut bench = Bench::new();
    let run = bench.begin(&endpoint(&server), &draft(1));
    server.wait_for(1);
    let kept = bench.kept(run.id);
    assert_eq!(kept.slots, [Slot::Waiting], "a fresh look sees that somebody is working on it");
    assert_eq!(kept.request, run.request);
    door.open();
    bench.finished(run.id);
}
