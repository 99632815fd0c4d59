//! Stopping: by the person, and because the program closes.

use std::time::{Duration, Instant};

use proofsheet::domain::{Endpoint, FailureKind, ImageId, Mark, Slot};
use proofsheet::message::{Command, Event};

use super::answers::{pictures, png};
use super::bench::{Bench, all_failed, at, draft, draft_of_singles, endpoint, failure};
use super::recovering::rows;
use super::server::{Door, Server};

#[test]
fn what_was_sent_is_cancelled_at_once_and_may_be_charged() {
    let server = Server::always(pictures([1, 2]).before(&Door::default()));
    let mut bench = Bench::new();
    let run = bench.begin(&endpoint(&server), &draft(2));
    server.wait_for(1);
    let start = Instant::now();
    bench.give(Command::CancelRun(run.id));
    let run = bench.finished(run.id);
    assert!(start.elapsed() < Duration::from_secs(10));
    all_failed(&bench, &run, FailureKind::Cancelled, true);
    assert!(failure(&run, 0).sentence.contains("may still be charged"));
}

#[test]
fn a_connection_that_hangs_is_cancelled_at_once() {
    // A queue that is full: the system does not answer who knocks, and making the connection waits for its limit.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let (listener, waiting) = runtime.block_on(async {
        let socket = tokio::net::TcpSocket::new_v4().unwrap();
        socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
        let listener = socket.listen(1).unwrap();
        let connect = || tokio::net::TcpStream::connect(listener.local_addr().unwrap());
        let mut waiting = Vec::new();
        while let Ok(stream) = tokio::time::timeout(Duration::from_millis(500), connect()).await {
            waiting.push(stream.unwrap());
        }
        (listener, waiting)
    });
    let mut bench = Bench::new();
    let run = bench.begin(&at(&format!("http://{}/v1", listener.local_addr().unwrap())), &draft(1));
    let start = Instant::now();
    // The ledger is ahead of the connection: only that tells here that one is being made.
    while !rows(&bench.library()).iter().any(|row| row.rsplit('.').next() == Some("sent")) {
        assert!(start.elapsed() < Duration::from_mins(1), "it was not tried");
        std::thread::sleep(Duration::from_millis(10));
    }
    bench.give(Command::CancelRun(run.id));
    let run = bench.finished(run.id);
    // Given up by its own limit it would be unreachable instead.
    all_failed(&bench, &run, FailureKind::Cancelled, true);
    assert_eq!(bench.count(|event| matches!(event, Event::Sent { .. })), 0, "nothing went out");
    drop(waiting);
}

#[test]
fn what_was_not_sent_is_cancelled_for_free() {
    let door = Door::default();
    let held = door.clone();
    let server = Server::start(move |number, _| pictures([number as u8]).before(&held));
    let mut bench = Bench::new();
    let endpoint = Endpoint { requests_at_once: 1, ..endpoint(&server) };
    let run = bench.begin(&endpoint, &draft_of_singles(3));
    server.wait_for(1);
    let sent = bench.until(|event| matches!(event, Event::Sent { .. }));
    let Event::Sent { slots, .. } = sent else { panic!() };
    let waiting = (0..3).find(|slot| !slots.contains(slot)).unwrap();
    bench.give(Command::CancelImage(ImageId { run: run.id, slot: waiting }));
    bench.until(|event| matches!(event, Event::Failed { image, .. } if image.slot == waiting));
    door.open();
    let run = bench.finished(run.id);
    let failure = failure(&run, usize::from(waiting));
    assert_eq!((failure.kind, failure.maybe_billed), (FailureKind::Cancelled, false));
    assert_eq!((run.stored(), server.posts()), (2, 2), "the others went on");
}

#[test]
fn what_came_before_the_cancel_is_kept() {
    let reply = pictures([1, 2]);
    let most = reply.body.len() - 20;
    let server = Server::always(reply.within(most, &Door::default()));
    let mut bench = Bench::new();
    let run = bench.begin(&endpoint(&server), &draft(2));
    bench.until(|event| matches!(event, Event::Stored { image, .. } if image.slot == 0));
    bench.give(Command::CancelImage(ImageId { run: run.id, slot: 1 }));
    let run = bench.finished(run.id);
    assert_eq!(bench.file(run.id, 0), png(1));
    assert_eq!(failure(&run, 1).kind, FailureKind::Cancelled);
}

#[test]
fn closing_waits_for_an_answer_that_comes_in_time() {
    let door = Door::default();
    let server = Server::always(pictures([5]).before(&door));
    let mut bench = Bench::new();
    let run = bench.begin(&endpoint(&server), &draft(1));
    server.wait_for(1);
    let image = ImageId { run: run.id, slot: 0 };
    let opener = door.clone();
    let later = std::thread::Builder::new().spawn(move || {
        std::thread::sleep(Duration::from_millis(300));
        opener.open();
    });
    let Bench { handle, folder, .. } = bench;
    assert!(handle.shut_down(Duration::from_secs(30)));
    later.unwrap().join().unwrap();
    let (library, _) = proofsheet::library::Library::open(&folder.path().join("library")).unwrap();
    assert_eq!(library.read_image(image), Ok(png(5)));
}

#[test]
fn closing_ends_in_time_and_writes_down_what_was_stopped() {
    let held = Door::default();
    let server = Server::always(pictures([5]).before(&held));
    let mut bench = Bench::new();
    let endpoint = Endpoint { requests_at_once: 1, ..endpoint(&server) };
    let run = bench.begin(&endpoint, &draft_of_singles(2));
    server.wait_for(1);
    let start = Instant::now();
    let Bench { handle, folder, .. } = bench;
    assert!(handle.shut_down(Duration::from_millis(500)));
    assert!(start.elapsed() < Duration::from_secs(20));
    let (library, _) = proofsheet::library::Library::open(&folder.path().join("library")).unwrap();
    let kept = library.run(run.id).unwrap();
    let mut billed: Vec<bool> = kept
        .slots
        .iter()
        .map(|slot| match slot {
            Slot::Failed(failure) if failure.kind == FailureKind::Cancelled => failure.maybe_billed,
            other => panic!("{other:?}"),
        })
        .collect();
    billed.sort_unstable();
    assert_eq!(billed, [false, true], "one was sent, one was not");
    assert_eq!(server.posts(), 1);
}

#[test]
fn marks_given_just_before_closing_are_written() {
    let server = Server::always(pictures([5]));
    let mut bench = Bench::new();
    let run = bench.generate(&endpoint(&server), &draft(1));
    let image = ImageId { run: run.id, slot: 0 };
    for mark in [Mark::Pick, Mark::None, Mark::Reject] {
        bench.give(Command::SetMarks(vec![(image, mark)]));
    }
    let Bench { handle, folder, .. } = bench;
    assert!(handle.shut_down(Duration::from_secs(10)));
    let (library, _) = proofsheet::library::Library::open(&folder.path().join("library")).unwrap();
    assert_eq!(library.run(run.id).unwrap().facts(0).unwrap().mark, Mark::Reject);
}
