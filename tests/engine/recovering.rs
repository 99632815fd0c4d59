//! Programs that are killed, disks that say no, and what the next start makes of it: never a second request.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::time::Duration;

use proofsheet::domain::{Failure, FailureKind, ImageId, Run, Slot};
use proofsheet::library::check;
use proofsheet::message::{Command, Event};
use serde_json::json;

use super::answers::{b64, error, items, pictures, png};
use super::bench::{Bench, all_failed, at, draft, endpoint, failure};
use super::program::Program;
use super::server::{Door, Reply, Server};

/// Starts `generate` and leaves it running.
fn started(program: &Program, server: &Server, images: &str) -> Child {
    let base = server.base();
    let arguments = ["generate", "--json", "a red fox", "-n", images, "--model", "gateway", "--base-url", &base];
    program.command(&arguments).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap()
}

/// Waits for a line with this word on the program's output.
fn until_it_says(child: &mut Child, word: &str) {
    let lines = BufReader::new(child.stdout.as_mut().unwrap()).lines();
    assert!(lines.map(Result::unwrap).any(|line| line.contains(word)), "it never said {word}");
}

fn kill(mut child: Child) {
    child.kill().unwrap();
    child.wait().unwrap();
}

/// The rows in the inbox, by their names.
pub(crate) fn rows(library: &Path) -> Vec<String> {
    let sessions = fs::read_dir(library.join(".proofsheet/inbox")).into_iter().flatten();
    let folders = sessions.map(|entry| entry.unwrap().path()).filter(|path| path.is_dir());
    folders
        .flat_map(|folder| fs::read_dir(folder).unwrap())
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect()
}

/// How far the only row has come.
fn stage(library: &Path) -> String {
    let [row]: [String; 1] = rows(library).try_into().unwrap();
    row.rsplit('.').next().unwrap().to_owned()
}

/// The folder of the only run.
fn run_folder(library: &Path) -> PathBuf {
    let mut months = fs::read_dir(library).unwrap().map(|entry| entry.unwrap().path());
    let month = months.find(|path| !path.ends_with(".proofsheet")).unwrap();
    fs::read_dir(month).unwrap().next().unwrap().unwrap().path()
}

/// The next start in the folder of a program that was killed, once everything is finished; the run as it is then.
fn next_start(program: Program) -> (Bench, Run) {
    let mut bench = Bench::of(program.folder);
    let opened = bench.until(|event| matches!(event, Event::LibraryOpened { .. }));
    let Event::LibraryOpened { runs, problems, .. } = opened else { panic!() };
    assert_eq!(problems, [""; 0]);
    let id = runs[0].id;
    if runs[0].slots.contains(&Slot::Waiting) {
        bench.until(|event| *event == Event::Recovered { run: id });
    }
    let run = bench.kept(id);
    assert_eq!(rows(&bench.library()), [""; 0], "nothing is left in the inbox");
    let report = check(&bench.library());
    assert!(report.is_clean(), "{report:?}");
    let written = fs::read_to_string(run_folder(&bench.library()).join("run.json")).unwrap();
    assert!(!written.contains("\"waiting\""), "it is written down too: {written}");
    (bench, run)
}

#[test]
fn killed_before_the_answer_it_is_shown_as_perhaps_charged_and_never_sent_again() {
    let server = Server::always(pictures([1, 2]).before(&Door::default()));
    let program = Program::new();
    let child = started(&program, &server, "2");
    server.wait_for(1);
    kill(child);
    assert_eq!(stage(&program.library()), "sent");
    let (_bench, run) = next_start(program);
    for slot in 0..2 {
        let Failure { kind, maybe_billed, retry_safe, sentence, .. } = failure(&run, slot);
        assert_eq!((*kind, *maybe_billed, *retry_safe), (FailureKind::CutOff, true, false));
        assert!(sentence.contains("before the answer came"), "{sentence}");
    }
    assert_eq!(run.request.prompt.as_str(), "a red fox");
    assert_eq!(server.posts(), 1);
}

#[test]
fn it_is_sent_again_when_it_is_asked_for() {
    let held = Door::default();
    let first = held.clone();
    let server = Server::start(move |number, _| {
        let reply = pictures([number as u8]);
        if number == 0 { reply.before(&first) } else { reply }
    });
    let program = Program::new();
    let child = started(&program, &server, "1");
    server.wait_for(1);
    kill(child);
    let (mut bench, run) = next_start(program);
    assert_eq!(server.posts(), 1);
    bench.events.clear();
    bench.ask(&run, &at(&server.base()), vec![0]);
    let run = bench.finished(run.id);
    assert_eq!((bench.file(run.id, 0), server.posts()), (png(1), 2));
}

#[test]
fn killed_in_the_middle_of_the_answer_what_came_whole_is_there_once() {
    let reply = pictures([1, 2, 3]);
    let most = reply.body.len() - b64(&png(3)).len() / 2;
    let server = Server::always(reply.within(most, &Door::default()));
    let program = Program::new();
    let mut child = started(&program, &server, "3");
    until_it_says(&mut child, "\"stored\"");
    kill(child);
    let (bench, run) = next_start(program);
    assert_eq!((bench.file(run.id, 0), bench.file(run.id, 1)), (png(1), png(2)));
    let cut = failure(&run, 2);
    assert_eq!((cut.kind, cut.maybe_billed), (FailureKind::CutOff, true));
    assert!(cut.sentence.contains("in the middle"), "{cut:?}");
    assert_eq!((run.slots.len(), server.posts()), (3, 1));
}

#[test]
fn killed_while_it_was_told_to_wait_nothing_was_charged() {
    let server = Server::always(error(429, "Slow down", None, None).header("Retry-After", "50"));
    let program = Program::new();
    let mut child = started(&program, &server, "1");
    until_it_says(&mut child, "asks to wait");
    kill(child);
    let (_bench, run) = next_start(program);
    let unsent = failure(&run, 0);
    assert_eq!((unsent.kind, unsent.maybe_billed, unsent.retry_safe), (FailureKind::Cancelled, false, true));
    assert!(unsent.sentence.contains("nothing was charged"), "{unsent:?}");
    assert_eq!(server.posts(), 1);
}

/// A server whose answer is addresses, and a host that lets the first program wait for ever.
fn by_address(then: Reply) -> (Server, Server) {
    let host = Server::start(move |number, _| {
        if number == 0 { Reply::bytes("image/png", &png(9)).before(&Door::default()) } else { then.clone() }
    });
    let server = Server::always(items(vec![json!({"url": host.url("/a.png?sig=123"), "revised_prompt": "redder"})]));
    (server, host)
}

#[test]
fn killed_while_fetching_the_next_start_fetches() {
    let (server, host) = by_address(Reply::bytes("image/png", &png(9)));
    let program = Program::new();
    let child = started(&program, &server, "1");
    host.wait_for(1);
    assert_eq!(stage(&program.library()), "received");
    kill(child);
    let (bench, run) = next_start(program);
    assert_eq!(bench.file(run.id, 0), png(9));
    assert_eq!(run.facts(0).unwrap().revised_prompt.as_deref(), Some("redder"));
    assert_eq!(server.posts(), 1);
    assert_eq!(host.asked()[1].header("authorization"), None);
}

#[test]
fn an_address_that_has_expired_by_then_is_kept_with_the_failure() {
    let (server, host) = by_address(Reply::json(403, "expired"));
    let program = Program::new();
    let child = started(&program, &server, "1");
    host.wait_for(1);
    kill(child);
    let (_bench, run) = next_start(program);
    let lost = failure(&run, 0);
    assert_eq!((lost.kind, lost.maybe_billed), (FailureKind::DownloadFailed, true));
    let detail = lost.detail.as_deref().unwrap();
    assert!(detail.contains(&host.url("/a.png?sig=123")), "{detail}");
    assert_eq!(server.posts(), 1);
}

#[test]
fn the_next_start_may_be_another_generate() {
    let reply = pictures([1, 2]);
    let most = reply.body.len() - 20;
    let server = Server::start(
        move |number, _| {
            if number == 0 { reply.clone().within(most, &Door::default()) } else { pictures([7]) }
        },
    );
    let program = Program::new();
    let mut child = started(&program, &server, "2");
    until_it_says(&mut child, "\"stored\"");
    kill(child);
    assert!(!program.run(&["check"]).status.success(), "something is unfinished");
    let done = program.generate(&server, &["another fox"]);
    assert_eq!((done.code, done.of("stored").len(), server.posts()), (0, 1, 2));
    let checked = program.run(&["check"]);
    assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stdout));
}

/// A run whose folder is gone when its two images come in. The answer is in the inbox, the images are in memory.
fn unstored(server: &Server, door: &Door) -> (Bench, Run, PathBuf) {
    let mut bench = Bench::new();
    let run = bench.begin(&endpoint(server), &draft(2));
    server.wait_for(1);
    let folder = run_folder(&bench.library());
    fs::rename(&folder, bench.folder.path().join("aside")).unwrap();
    door.open();
    bench.until(|event| *event == Event::Finished { run: run.id });
    for slot in 0..2 {
        let image = ImageId { run: run.id, slot };
        let event = bench.until(|event| matches!(event, Event::Failed { image: failed, .. } if *failed == image));
        let Event::Failed { failure, .. } = event else { panic!() };
        assert_eq!((failure.kind, failure.maybe_billed, failure.retry_safe), (FailureKind::Disk, true, true));
        assert!(failure.sentence.contains("nothing is sent or charged again"), "{failure:?}");
    }
    assert_eq!(stage(&bench.library()), "received");
    (bench, run, folder)
}

#[test]
fn an_image_that_could_not_be_stored_is_stored_on_retry_and_nothing_is_sent() {
    let door = Door::default();
    let server = Server::always(pictures([1, 2]).before(&door));
    let (mut bench, run, folder) = unstored(&server, &door);
    bench.events.clear();
    bench.ask(&run, &endpoint(&server), vec![0]);
    bench.until(|event| matches!(event, Event::Failed { image, .. } if image.slot == 0));
    fs::rename(bench.folder.path().join("aside"), folder).unwrap();
    for slot in [1, 0] {
        bench.ask(&run, &endpoint(&server), vec![slot]);
        bench.until(|event| matches!(event, Event::Stored { image, .. } if image.slot == slot));
        assert_eq!(bench.file(run.id, slot), png(slot as u8 + 1));
    }
    assert_eq!((server.posts(), rows(&bench.library())), (1, Vec::new()));
    assert!(check(&bench.library()).is_clean());
}

#[test]
fn a_library_opened_once_more_still_says_what_could_not_be_stored() {
    let door = Door::default();
    let server = Server::always(pictures([1, 2]).before(&door));
    let (mut bench, run, _) = unstored(&server, &door);
    bench.events.clear();
    bench.give(Command::OpenLibrary(Some(bench.library())));
    bench.until(|event| matches!(event, Event::Failed { image, failure } if image.slot == 1 && failure.retry_safe));
    let told =
        bench.events.iter().position(|event| matches!(event, Event::Failed { image, .. } if image.run == run.id));
    let opened = bench.events.iter().position(|event| matches!(event, Event::LibraryOpened { .. }));
    assert!(told > opened, "told after what it corrects");
}

#[test]
fn a_failure_that_could_not_be_written_down_is_written_at_the_next_start() {
    let door = Door::default();
    let server = Server::always(error(500, "oops", None, None).before(&door));
    let mut bench = Bench::new();
    let run = bench.begin(&endpoint(&server), &draft(2));
    server.wait_for(1);
    let (folder, aside) = (run_folder(&bench.library()), bench.folder.path().join("aside"));
    fs::rename(&folder, &aside).unwrap();
    door.open();
    bench.until(|event| *event == Event::Finished { run: run.id });
    let Bench { handle, folder: home, .. } = bench;
    assert!(handle.shut_down(Duration::from_secs(5)));
    fs::rename(aside, folder).unwrap();
    let (_bench, run) = next_start(Program { folder: home });
    for slot in 0..2 {
        assert_eq!((failure(&run, slot).kind, failure(&run, slot).maybe_billed), (FailureKind::CutOff, true));
    }
    assert_eq!(server.posts(), 1);
}

#[test]
fn an_image_that_could_not_be_stored_is_stored_at_the_next_start() {
    let door = Door::default();
    let server = Server::always(pictures([1, 2]).before(&door));
    let (bench, run, folder) = unstored(&server, &door);
    let Bench { handle, folder: home, .. } = bench;
    assert!(handle.shut_down(Duration::from_secs(5)));
    fs::rename(home.path().join("aside"), folder).unwrap();
    let (bench, kept) = next_start(Program { folder: home });
    assert_eq!((kept.id, bench.file(run.id, 0), bench.file(run.id, 1)), (run.id, png(1), png(2)));
    assert_eq!(server.posts(), 1);
}

#[test]
fn a_second_window_only_shows_the_library_and_the_command_line_works_beside_both() {
    let server = Server::always(pictures([1]));
    let mut first = Bench::new();
    let run = first.generate(&endpoint(&server), &draft(1));
    let mut second = Bench::new();
    second.give(Command::OpenLibrary(Some(first.library())));
    let event = second.until(|event| matches!(event, Event::LibraryOnlyShown { .. }));
    let Event::LibraryOnlyShown { why } = event else { panic!() };
    assert!(why.sentence.contains("another Proofsheet window"), "{why:?}");
    let is_run = |known: &Run| known.id == run.id;
    second.until(|event| matches!(event, Event::LibraryOpened { runs, .. } if runs.iter().any(is_run)));
    let refused = second.begin(&endpoint(&server), &draft(1));
    second.until(|event| *event == Event::Finished { run: refused.id });
    assert!(second.events.contains(&Event::Failed { image: ImageId { run: refused.id, slot: 0 }, failure: why }));
    assert_eq!(server.posts(), 1);

    let program = Program::new();
    let library = first.library();
    let base = server.base();
    let arguments = ["--library", library.to_str().unwrap(), "a fox", "--base-url", &base];
    let beside = program.command_without_library(&[&["generate"][..], &arguments].concat()).output().unwrap();
    assert!(beside.status.success(), "{}", String::from_utf8_lossy(&beside.stderr));
    assert_eq!(server.posts(), 2);

    drop(first);
    second.events.clear();
    second.give(Command::OpenLibrary(Some(library)));
    second.until(|event| matches!(event, Event::LibraryOpened { .. }));
    let run = second.begin(&endpoint(&server), &draft(1));
    second.until(|event| *event == Event::Finished { run: run.id });
    assert_eq!(second.file(run.id, 0), png(1), "it may now");
    assert_eq!(second.count(|event| matches!(event, Event::LibraryOnlyShown { .. })), 0);
}

#[test]
fn a_library_that_is_removed_while_running_loses_no_request_and_no_program() {
    let server = Server::always(pictures([1]));
    let mut bench = Bench::new();
    bench.generate(&endpoint(&server), &draft(1));
    fs::remove_dir_all(bench.library()).unwrap();
    let run = bench.begin(&endpoint(&server), &draft(1));
    bench.until(|event| *event == Event::Finished { run: run.id });
    let event = bench.until(|event| matches!(event, Event::Failed { image, .. } if image.run == run.id));
    let Event::Failed { failure: failed, .. } = event else { panic!() };
    assert_eq!((failed.kind, failed.maybe_billed), (FailureKind::Disk, false));
    assert!(failed.sentence.contains("nothing was sent"), "{failed:?}");
    assert_eq!(server.posts(), 1);
    bench.give(Command::OpenLibrary(Some(bench.library())));
    bench.events.clear();
    bench.until(|event| matches!(event, Event::LibraryOpened { .. }));
    let run = bench.generate(&endpoint(&server), &draft(1));
    assert_eq!(bench.file(run.id, 0), png(1));
}

#[test]
fn each_image_of_an_endpoint_that_makes_one_a_request_has_its_row() {
    let door = Door::default();
    let held = door.clone();
    let server = Server::start(move |number, asked| match asked.json().get("n") {
        Some(_) => error(400, "You must provide n=1 for this model.", Some("invalid_value"), Some("n")),
        None => pictures([number as u8]).before(&held),
    });
    let mut bench = Bench::new();
    let run = bench.begin(&endpoint(&server), &draft(3));
    server.wait_for(4);
    let mut names: Vec<String> = rows(&bench.library());
    names.sort();
    let spans: Vec<&str> = names.iter().map(|name| name.split(' ').nth(2).unwrap()).collect();
    assert_eq!(spans, ["1", "2", "3"], "{names:?}");
    door.open();
    assert_eq!(bench.finished(run.id).stored(), 3);
    assert_eq!(rows(&bench.library()), [""; 0]);
}

#[test]
fn every_end_leaves_the_inbox_empty() {
    for (reply, kind, billed) in [
        (error(401, "no", Some("invalid_api_key"), None), FailureKind::KeyRejected, false),
        (error(500, "oops", None, None), FailureKind::ServerError, true),
        (Reply::json(200, "{\"data\":[{\"b64_json\":\"iVBORw0KG").cut_at(20), FailureKind::CutOff, true),
        (Reply::json(200, "{\"error\":{\"message\":\"oops\"}}"), FailureKind::ServerError, true),
    ] {
        let server = Server::always(reply);
        let mut bench = Bench::new();
        let run = bench.generate(&endpoint(&server), &draft(1));
        all_failed(&bench, &run, kind, billed);
        assert_eq!((rows(&bench.library()), server.posts()), (Vec::new(), 1));
    }
}

#[cfg(unix)]
#[test]
fn asked_to_end_it_closes_the_ledger_first() {
    for signal in ["-TERM", "-HUP"] {
        let server = Server::always(pictures([1]).before(&Door::default()));
        let program = Program::new();
        let mut child = started(&program, &server, "1");
        server.wait_for(1);
        let pid = child.id().to_string();
        assert!(std::process::Command::new("kill").args([signal, &pid]).status().unwrap().success());
        assert_eq!(child.wait().unwrap().code(), Some(1), "{signal}: nothing was stored");
        assert_eq!(rows(&program.library()), [""; 0]);
        let (_bench, run) = next_start(program);
        assert_eq!((failure(&run, 0).kind, failure(&run, 0).maybe_billed), (FailureKind::Cancelled, true));
    }
}
