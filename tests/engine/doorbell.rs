//! A second start asks the window that has the library open to show itself.

use std::path::PathBuf;
use std::thread;

use proofsheet::engine::show_window;
use proofsheet::library::{Places, doorbell};
use proofsheet::message::{Command, Event};

use super::bench::Bench;

/// Where the window of this bench is asked.
fn address(bench: &Bench) -> PathBuf {
    let places = Places::find(Some(&bench.folder.path().join("home"))).unwrap();
    doorbell(&places, &bench.library())
}

fn asks(address: PathBuf) -> thread::JoinHandle<bool> {
    thread::Builder::new().name("second start".to_owned()).spawn(move || show_window(&address)).unwrap()
}

#[test]
fn the_window_is_told_and_the_second_start_hears_that_it_was() {
    let mut bench = Bench::new();
    for _ in 0..2 {
        bench.events.clear();
        let second = asks(address(&bench));
        bench.until(|event| *event == Event::ShowAsked);
        bench.give(Command::Shown);
        assert!(second.join().unwrap());
    }
}

#[test]
fn a_window_that_does_not_answer_is_not_waited_for() {
    let bench = Bench::new();
    assert!(!show_window(&address(&bench)), "nobody took the event");
}

#[test]
fn who_is_gone_is_not_asked_and_what_a_killed_program_left_is_no_hindrance() {
    let bench = Bench::new();
    let (address, folder) = (address(&bench), tempfile::tempdir().unwrap());
    assert!(address.exists());
    let Bench { handle, folder: home, .. } = bench;
    drop(handle);
    assert!(!address.exists() && !show_window(&address));

    // As after a kill: the file is there, and nobody listens.
    drop(std::os::unix::net::UnixListener::bind(&address).unwrap());
    assert!(address.exists() && !show_window(&address));
    let mut again = Bench::of(home);
    again.until(|event| matches!(event, Event::LibraryOpened { .. }));
    let second = asks(address.clone());
    again.until(|event| *event == Event::ShowAsked);
    again.give(Command::Shown);
    assert!(second.join().unwrap());

    again.give(Command::OpenLibrary(Some(folder.path().join("other"))));
    again.until(|event| matches!(event, Event::LibraryOpened { root, .. } if root.ends_with("other")));
    assert!(!show_window(&address), "that library is not open any more");
}

#[test]
fn a_window_that_only_shows_a_library_is_not_the_one_to_ask() {
    let mut first = Bench::new();
    let mut second = Bench::of(tempfile::tempdir().unwrap());
    second.give(Command::OpenLibrary(Some(first.library())));
    second.until(|event| matches!(event, Event::LibraryOnlyShown { .. }));
    let places = Places::find(Some(&second.folder.path().join("home"))).unwrap();
    assert!(!doorbell(&places, &first.library()).exists());
    let third = asks(address(&first));
    first.until(|event| *event == Event::ShowAsked);
    first.give(Command::Shown);
    assert!(third.join().unwrap());
}
