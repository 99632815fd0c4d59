//! A library that takes neither the answer nor its images: they are kept elsewhere, told, and taken up again.

use std::fs;
use std::path::{Path, PathBuf};

use proofsheet::domain::{FailureKind, ImageId, Run};
use proofsheet::library::check;
use proofsheet::message::Event;

use super::answers::{pictures, png};
use super::bench::{Bench, draft, endpoint};
use super::program::{Done, Program};
use super::server::{Door, Server};

/// Where a program with this home keeps what its library refuses.
fn rescued(home: &Path) -> PathBuf {
    home.join("state/rescued")
}

/// The images there, by their names.
fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).into_iter().flatten();
    let mut names: Vec<String> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.retain(|name| Path::new(name).extension().is_some_and(|suffix| suffix == "png"));
    names.sort();
    names
}

/// `generate` for two images, whose library is gone from the request on: not even the answer can be written down.
fn without_library(program: &Program, more: &[&str], set_up: impl FnOnce(&mut std::process::Command)) -> Done {
    let door = Door::default();
    let server = Server::always(pictures([1, 2]).before(&door));
    let base = server.base();
    let arguments = ["generate", "--json", "a red fox", "-n", "2", "--model", "gateway", "--base-url", &base];
    let mut command = program.command(&[&arguments[..], more].concat());
    set_up(&mut command);
    let child = command.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped()).spawn().unwrap();
    server.wait_for(1);
    fs::rename(program.library(), program.folder.path().join("aside")).unwrap();
    door.open();
    let done = Done::new(child.wait_with_output().unwrap());
    assert_eq!(server.posts(), 1);
    done
}

fn library_comes_back(program: &Program) {
    fs::rename(program.folder.path().join("aside"), program.library()).unwrap();
}

#[test]
fn what_the_library_refuses_is_kept_in_the_state_folder_and_stored_at_the_next_start() {
    let program = Program::new();
    let done = without_library(&program, &[], |_| ());
    assert_eq!((done.code, done.of("stored").len(), done.of("failed").len()), (1, 0, 2));
    let folder = rescued(&program.folder.path().join("home"));
    let kept = names(&folder);
    assert_eq!(kept.len(), 2);
    for (failed, name) in done.of("failed").into_iter().zip(&kept) {
        let message = failed["message"].as_str().unwrap();
        assert!(message.contains(folder.join(name).to_str().unwrap()), "{message}");
        assert_eq!((failed["maybe_billed"].as_bool(), failed["retry_safe"].as_bool()), (Some(true), Some(true)));
    }
    assert!(!done.errors.contains("lost"), "{}", done.errors);

    library_comes_back(&program);
    let next = Server::always(pictures([7]));
    let other = program.generate(&next, &["another fox"]);
    assert_eq!((other.code, other.of("stored").len()), (0, 1));
    assert_eq!(names(&folder), [""; 0]);
    let report = check(&program.library());
    assert!(report.is_clean() && report.images == 3, "{report:?}");

    let mut bench = Bench::of(program.folder);
    let is_first = |run: &&Run| run.request.prompt.as_str() == "a red fox";
    let opened = bench.until(|event| matches!(event, Event::LibraryOpened { .. }));
    let Event::LibraryOpened { runs, .. } = opened else { panic!() };
    let run = runs.iter().find(is_first).unwrap();
    assert_eq!((bench.file(run.id, 0), bench.file(run.id, 1), run.slots.len()), (png(1), png(2), 2));
}

#[test]
fn the_library_may_have_moved_meanwhile() {
    let program = Program::new();
    without_library(&program, &[], |_| ());
    let moved = program.folder.path().join("elsewhere");
    fs::rename(program.folder.path().join("aside"), &moved).unwrap();
    let next = Server::always(pictures([7]));
    let base = next.base();
    let arguments = ["generate", "another fox", "--base-url", &base, "--library", moved.to_str().unwrap()];
    assert!(program.command_without_library(&arguments).output().unwrap().status.success());
    let report = check(&moved);
    assert!(report.is_clean() && report.images == 3, "{report:?}");
    assert_eq!(names(&rescued(&program.folder.path().join("home"))), [""; 0]);
}

#[test]
fn another_library_leaves_it_where_it_is() {
    let program = Program::new();
    without_library(&program, &[], |_| ());
    let next = Server::always(pictures([7]));
    assert_eq!(program.generate(&next, &["another fox"]).code, 0);
    assert_eq!(names(&rescued(&program.folder.path().join("home"))).len(), 2);
    let report = check(&program.library());
    assert!(report.is_clean() && report.images == 1, "{report:?}");
}

/// Nothing takes these up by itself: each failure names its own file, whole.
#[track_caller]
fn names_each_file(done: &Done, files: &[PathBuf]) {
    let messages: Vec<&str> = done.of("failed").iter().map(|line| line["message"].as_str().unwrap()).collect();
    assert_eq!(messages.len(), files.len());
    for file in files {
        let named = messages.iter().filter(|message| message.contains(file.to_str().unwrap()));
        assert_eq!(named.count(), 1, "{} in {messages:?}", file.display());
    }
}

/// Takes the state folder's place away.
fn block_state(program: &Program) {
    let state = program.folder.path().join("home/state");
    fs::create_dir_all(&state).unwrap();
    fs::write(state.join("rescued"), "a file where a folder should be").unwrap();
}

#[test]
fn the_folder_for_copies_stands_in_for_the_state_folder() {
    let program = Program::new();
    block_state(&program);
    let copies = program.folder.path().join("copies");
    let done = without_library(&program, &["--copy-to", copies.to_str().unwrap()], |_| ());
    assert_eq!(done.code, 1);
    let kept: Vec<Vec<u8>> = names(&copies).iter().map(|name| fs::read(copies.join(name)).unwrap()).collect();
    assert_eq!(kept, [png(1), png(2)]);
    names_each_file(&done, &names(&copies).iter().map(|name| copies.join(name)).collect::<Vec<_>>());
}

#[test]
fn the_systems_temporary_folder_comes_last() {
    let program = Program::new();
    block_state(&program);
    let temporary = program.folder.path().join("tmp");
    fs::create_dir(&temporary).unwrap();
    let done = without_library(&program, &[], |command| {
        command.env("TMPDIR", &temporary);
    });
    assert_eq!(done.code, 1);
    let folders: Vec<PathBuf> = fs::read_dir(&temporary).unwrap().map(|entry| entry.unwrap().path()).collect();
    let inside = |folder: &PathBuf| names(folder).into_iter().map(|name| folder.join(name)).collect::<Vec<_>>();
    let files: Vec<PathBuf> = folders.iter().flat_map(inside).collect();
    let mut kept: Vec<Vec<u8>> = files.iter().map(|file| fs::read(file).unwrap()).collect();
    kept.sort();
    let mut both = vec![png(1), png(2)];
    both.sort();
    assert_eq!(kept, both);
    let message = done.of("failed")[0]["message"].as_str().unwrap();
    assert!(message.contains("when it restarts"), "{message}");
    names_each_file(&done, &files);
}

#[test]
fn where_nothing_can_be_kept_the_command_line_says_so_and_ends_with_a_code_of_its_own() {
    let program = Program::new();
    block_state(&program);
    let nowhere = program.folder.path().join("no such folder");
    let done = without_library(&program, &[], |command| {
        command.env("TMPDIR", &nowhere);
    });
    assert_eq!((done.code, done.of("stored").len()), (4, 0));
    for (number, place) in [(1, "state/rescued"), (2, "no such folder")] {
        let line = done.errors.lines().find(|line| line.contains(&format!("Image {number} came in"))).unwrap();
        assert!(line.contains("is lost") && line.contains(place), "{line}");
        assert!(line.contains(program.library().to_str().unwrap()), "{line}");
    }
}

#[test]
fn in_the_window_retry_stores_it_and_takes_the_other_copy_away() {
    let door = Door::default();
    let server = Server::always(pictures([1]).before(&door));
    let mut bench = Bench::new();
    let run = bench.begin(&endpoint(&server), &draft(1));
    server.wait_for(1);
    let (library, aside) = (bench.library(), bench.folder.path().join("aside"));
    fs::rename(&library, &aside).unwrap();
    door.open();
    bench.until(|event| *event == Event::Finished { run: run.id });
    let folder = rescued(&bench.folder.path().join("home"));
    let image = ImageId { run: run.id, slot: 0 };
    let event = bench.until(|event| matches!(event, Event::Failed { image: failed, .. } if *failed == image));
    let Event::Failed { failure, .. } = event else { panic!() };
    assert_eq!((failure.kind, failure.retry_safe), (FailureKind::Disk, true));
    assert!(failure.sentence.contains(folder.to_str().unwrap()), "{failure:?}");
    assert_eq!((names(&folder).len(), bench.count(|event| matches!(event, Event::OnlyInMemory { .. }))), (1, 0));

    fs::rename(&aside, &library).unwrap();
    bench.ask(&run, &endpoint(&server), vec![0]);
    bench.until(|event| matches!(event, Event::Stored { image: stored, .. } if *stored == image));
    assert_eq!((bench.file(run.id, 0), names(&folder), server.posts()), (png(1), Vec::new(), 1));
}
