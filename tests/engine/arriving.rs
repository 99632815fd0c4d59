//! Images shown while the rest of their answer is still on the wire.

use std::time::{Duration, Instant};
use std::{fs, thread};

use proofsheet::domain::{FailureKind, ImageId, Run};
use proofsheet::library::Places;
use proofsheet::media;
use proofsheet::message::{Command, Event, Wishes};
use serde_json::json;

use super::answers::{b64, item, items, pictures, png};
use super::bench::{Bench, draft, endpoint};
use super::server::{Door, Reply, Server};

/// A run whose images the window awaits at this size, as it does when it shows their places.
fn awaited(bench: &mut Bench, server: &Server, images: u32, side: u32) -> Run {
    let endpoint = endpoint(server);
    let run = bench.run(&endpoint, &draft(images));
    let awaited = (0..images as u16).map(|slot| (ImageId { run: run.id, slot }, side)).collect();
    bench.give(Command::Want(Wishes { awaited, ..Wishes::default() }));
    bench.ask(&run, &endpoint, run.request.all_slots());
    run
}

fn is_thumbnail(event: &Event, wanted: ImageId, side: u32) -> bool {
    matches!(event, Event::Thumbnail { image, asked_pixels, .. } if (*image, *asked_pixels) == (wanted, side))
}

/// The thumbnail that came without being wished for is the one of this file.
#[track_caller]
fn shown(bench: &mut Bench, image: ImageId, side: u32, file: &[u8]) {
    let event = bench.until(|event| is_thumbnail(event, image, side));
    let want = media::thumbnail(&media::decode(file).unwrap(), side);
    assert!(matches!(event, Event::Thumbnail { pixels, .. } if pixels == want));
    let place = |fits: &dyn Fn(&Event) -> bool| bench.events.iter().position(fits);
    let stored = place(&|event| matches!(event, Event::Stored { image: stored, .. } if *stored == image));
    assert!(stored.is_some() && stored < place(&|event| is_thumbnail(event, image, side)), "{:#?}", bench.events);
}

#[test]
fn the_first_image_is_shown_while_the_second_is_on_the_wire() {
    let door = Door::default();
    let reply = pictures([1, 2]);
    let first_end = reply.body.iter().position(|byte| *byte == b'}').unwrap();
    let server = Server::always(reply.within(first_end, &door));
    let mut bench = Bench::new();
    let run = awaited(&mut bench, &server, 2, 12);
    let image = |slot| ImageId { run: run.id, slot };
    shown(&mut bench, image(0), 12, &png(1));
    assert_eq!(bench.file(run.id, 0), png(1), "it is on the disk too");
    assert_eq!(bench.count(|event| matches!(event, Event::Finished { .. })), 0);
    door.open();
    shown(&mut bench, image(1), 12, &png(2));
    bench.finished(run.id);
}

#[test]
fn what_arrived_is_not_decoded_again_for_a_wish_that_crossed_it() {
    let server = Server::always(pictures([1]));
    let mut bench = Bench::new();
    let run = awaited(&mut bench, &server, 1, 12);
    let image = ImageId { run: run.id, slot: 0 };
    shown(&mut bench, image, 12, &png(1));
    bench.give(Command::Want(Wishes { thumbnails: vec![(image, 12), (image, 10)], ..Wishes::default() }));
    bench.until(|event| is_thumbnail(event, image, 10));
    assert_eq!(bench.count(|event| is_thumbnail(event, image, 12)), 1);
}

#[test]
fn images_by_address_and_bare_pictures_are_shown_as_they_come() {
    let server = Server::start(|_, asked| match asked.method.as_str() {
        "POST" => items(vec![json!({"url": "/picture.png"}), item(&png(4))]),
        _ => Reply::bytes("image/png", &png(3)),
    });
    let mut bench = Bench::new();
    let run = awaited(&mut bench, &server, 2, 12);
    for (slot, number) in [(0, 3), (1, 4)] {
        shown(&mut bench, ImageId { run: run.id, slot }, 12, &png(number));
    }
    let server = Server::always(Reply::bytes("image/png", &png(5)));
    let run = awaited(&mut bench, &server, 1, 16);
    shown(&mut bench, ImageId { run: run.id, slot: 0 }, 16, &png(5));
}

#[test]
fn a_damaged_image_is_kept_and_harms_no_other() {
    let mut damaged = png(1);
    let middle = damaged.len() / 2;
    damaged[middle..].fill(0x55);
    let answer = json!({"data": [{"b64_json": b64(&damaged)}, {"b64_json": b64(&png(2))}]});
    let server = Server::always(Reply::json(200, answer.to_string()));
    let mut bench = Bench::new();
    let run = awaited(&mut bench, &server, 2, 12);
    let image = |slot| ImageId { run: run.id, slot };
    shown(&mut bench, image(1), 12, &png(2));
    assert_eq!(bench.file(run.id, 0), damaged);
    bench.give(Command::Want(Wishes { thumbnails: vec![(image(0), 12)], ..Wishes::default() }));
    let failed = bench.until(|event| matches!(event, Event::PictureFailed { .. }));
    assert!(matches!(failed, Event::PictureFailed { image: told, failure }
        if told == image(0) && failure.kind == FailureKind::NotAnImage));
}

#[test]
fn what_was_shown_as_it_arrived_is_at_hand_at_the_next_start() {
    let server = Server::always(pictures([1]));
    let mut bench = Bench::new();
    let run = awaited(&mut bench, &server, 1, 12);
    let image = ImageId { run: run.id, slot: 0 };
    shown(&mut bench, image, 12, &png(1));
    bench.finished(run.id);
    let cache = Places::find(Some(&bench.folder.path().join("home"))).unwrap().cache;
    // An entry of the index is longer than what stands at its beginning.
    let is_kept = || fs::metadata(cache.join("thumbnails/index")).is_ok_and(|file| file.len() > 100);
    let begun = Instant::now();
    while !is_kept() {
        assert!(begun.elapsed() < Duration::from_mins(1), "no thumbnail was kept");
        thread::yield_now();
    }
    // What the next start shows of it can only be what was kept.
    fs::write(bench.path(run.id, 0), b"no picture any more").unwrap();
    let Bench { handle, folder, .. } = bench;
    assert!(handle.shut_down(Duration::from_secs(30)));
    let mut bench = Bench::of(folder);
    let told = bench.until(|event| matches!(event, Event::Glimpses(_)));
    assert!(matches!(told, Event::Glimpses(glimpses) if glimpses.contains_key(&image)));
    bench.give(Command::Want(Wishes { thumbnails: vec![(image, 12)], ..Wishes::default() }));
    bench.until(|event| is_thumbnail(event, image, 12));
}
