//! What other programs do to the library while the window is open shows when the window asks the engine to look.

use proofsheet::domain::{ImageId, Mark, Query, Run, RunId, Slot};
use proofsheet::library::Library;
use proofsheet::message::{Command, Event, IndexState, Wishes};

use super::answers::pictures;
use super::bench::{Bench, KEY, draft, endpoint};
use super::server::Server;

/// Asks for a look, and waits for its end; the runs that were told.
#[track_caller]
fn look(bench: &mut Bench) -> Vec<Run> {
    bench.events.clear();
    bench.give(Command::LookAround);
    bench.until(|event| *event == Event::LookedAround);
    let told = bench.events.iter().filter_map(|event| match event {
        Event::RunsRead { runs, whole: true, .. } => Some(runs.clone()),
        _ => None,
    });
    told.flatten().collect()
}

/// The engine with a run of two images, all of which was read and is in the index.
fn two(server: &Server) -> (Bench, RunId) {
    let mut bench = Bench::new();
    bench.until(|event| *event == Event::Index(IndexState::Ready));
    let run = bench.generate(&endpoint(server), &draft(2)).id;
    find(&mut bench, 1, &[ImageId { run, slot: 0 }, ImageId { run, slot: 1 }]);
    (bench, run)
}

fn is_answer(event: &Event, number: u64) -> bool {
    matches!(event, Event::Found { number: of, found } if *of == number && found.tallies.is_some())
}

#[track_caller]
fn find(bench: &mut Bench, number: u64, images: &[ImageId]) {
    let query = Query { words: "fox".to_owned(), ..Query::default() };
    bench.give(Command::Find { number, query: Some(Box::new(query)) });
    found(bench, number, images);
}

#[track_caller]
fn found(bench: &mut Bench, number: u64, images: &[ImageId]) {
    bench.until(|event| {
        is_answer(event, number) && matches!(event, Event::Found { found, .. } if found.images == images)
    });
}

/// The program itself, on the bench's library and home.
#[track_caller]
fn program(bench: &Bench, arguments: &[&str]) {
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_proofsheet"))
        .env("PROOFSHEET_API_KEY", KEY)
        .env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent")
        .arg("--home")
        .arg(bench.folder.path().join("home"))
        .arg("--library")
        .arg(bench.library())
        .args(arguments)
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
}

#[test]
fn a_file_that_was_put_back_is_shown_and_found_again() {
    let server = Server::always(pictures([1, 2]));
    let (mut bench, run) = two(&server);
    let [first, second] = [0, 1].map(|slot| ImageId { run, slot });
    let file = bench.handle.image_path(first).unwrap();
    let aside = bench.folder.path().join("aside.png");
    std::fs::rename(&file, &aside).unwrap();
    let wishes = Wishes { thumbnails: vec![(first, 64)], ..Wishes::default() };
    bench.give(Command::Want(wishes.clone()));
    bench.until(|event| matches!(event, Event::Failed { image, .. } if *image == first));
    found(&mut bench, 1, &[second]);
    assert_eq!(look(&mut bench), [], "it is still away");
    std::fs::rename(&aside, &file).unwrap();
    assert_eq!(look(&mut bench), [bench.kept(run)]);
    found(&mut bench, 1, &[first, second]);
    bench.give(Command::Want(Wishes::default()));
    bench.give(Command::Want(wishes));
    bench.until(|event| matches!(event, Event::Thumbnail { image, .. } if *image == first));
    assert_eq!(look(&mut bench), []);
}

#[test]
fn what_the_command_line_makes_beside_the_window_shows_in_it() {
    let server = Server::always(pictures([1, 2]));
    let (mut bench, run) = two(&server);
    let base = server.base();
    program(&bench, &["generate", "a red fox", "-n", "2", "--model", "gateway-model", "--base-url", &base]);
    let told = look(&mut bench);
    let [made] = told.as_slice() else { panic!("{told:?}") };
    assert_eq!(*made, bench.kept(made.id));
    assert!(made.id != run && made.slots.iter().all(|slot| matches!(slot, Slot::Stored(_))), "{made:?}");
    let images = [made.id, run].map(|run| [0, 1].map(|slot| ImageId { run, slot }));
    found(&mut bench, 1, images.as_flattened());
    // And it can be judged like any other.
    bench.give(Command::SetMarks(vec![(images[0][1], Mark::Pick)]));
    assert_eq!(look(&mut bench), [], "what was decided here is known here");
    assert_eq!(bench.kept(made.id).facts(1).unwrap().mark, Mark::Pick);
}

#[test]
fn what_was_decided_here_is_written_before_what_others_wrote_is_read() {
    let server = Server::always(pictures([1, 2]));
    let (mut bench, run) = two(&server);
    let (other, _) = Library::open(&bench.library()).unwrap();
    other.set_marks(&[(ImageId { run, slot: 0 }, Mark::Reject)]).unwrap();
    bench.give(Command::SetMarks(vec![(ImageId { run, slot: 1 }, Mark::Pick)]));
    let told = look(&mut bench);
    // Taken in with the mark that was written, or by the look: either way both are there.
    let kept = bench.kept(run);
    assert_eq!([0, 1].map(|slot| kept.facts(slot).unwrap().mark), [Mark::Reject, Mark::Pick]);
    assert_eq!(told, [kept]);
}

#[test]
fn an_index_another_program_made_again_is_asked_again() {
    let server = Server::always(pictures([1, 2]));
    let (mut bench, run) = two(&server);
    let images = [0, 1].map(|slot| ImageId { run, slot });
    look(&mut bench);
    look(&mut bench);
    find(&mut bench, 2, &images);
    assert_eq!(bench.count(|event| is_answer(event, 1)), 0, "nothing changed");
    program(&bench, &["rebuild"]);
    look(&mut bench);
    found(&mut bench, 2, &images);
}
