//! `generate`, `check` and `demo-endpoint` as a script sees them.

use std::io::{BufRead as _, BufReader, Read as _};
use std::process::Stdio;
use std::time::Duration;

use proofsheet::domain::{SaveFormat, Settings};
use proofsheet::library::{Places, save_settings};
use serde_json::{Value, json};

use super::answers::{error, item, items, pictures, png};
use super::program::{Done, Program};
use super::server::{Door, Reply, Server};

#[test]
fn events_are_printed_as_documented() {
    let mut first = item(&png(1));
    first["revised_prompt"] = json!("a redder fox");
    let server = Server::always(items(vec![first, item(&png(2))]));
    let program = Program::new();
    let done = program.generate(&server, &["a fox", "-n", "2", "--model", "gateway"]);
    assert_eq!(done.code, 0, "{}", done.errors);
    let events: Vec<&str> = done.lines.iter().map(|line| line["event"].as_str().unwrap()).collect();
    assert_eq!(events, ["sent", "stored", "stored", "done"]);
    let files = done.files();
    assert!(files[0].is_absolute() && files[0].starts_with(program.library()));
    assert_eq!((std::fs::read(&files[0]).unwrap(), std::fs::read(&files[1]).unwrap()), (png(1), png(2)));
    let want = json!({
        "event": "stored", "file": files[0].to_str().unwrap(), "width": 24, "height": 16, "format": "png",
        "bytes": png(1).len(), "revised_prompt": "a redder fox",
    });
    assert_eq!(done.lines[1], want);
    assert_eq!(done.lines[2]["revised_prompt"], Value::Null);
    assert_eq!(done.lines[3], json!({"event": "done", "asked": 2, "stored": 2}));
}

#[test]
fn exit_codes_say_how_much_is_stored() {
    for (sent, code) in [(0, 1), (1, 3), (2, 0), (3, 0)] {
        let server = Server::always(pictures(0..sent));
        let done = Program::new().generate(&server, &["a fox", "-n", "2", "--model", "gateway"]);
        assert_eq!(done.code, code, "{sent} of 2 images: {:?}", done.lines);
        assert_eq!(done.of("stored").len(), usize::from(sent));
        assert_eq!(done.of("failed").len(), usize::from(2_u8.saturating_sub(sent)));
    }
}

#[test]
fn a_failure_says_what_it_is() {
    let server = Server::always(error(429, "You exceeded your quota", Some("insufficient_quota"), None));
    let done = Program::new().generate(&server, &["a fox"]);
    assert_eq!(done.code, 1);
    let failed = done.of("failed");
    let names: Vec<&String> = failed[0].as_object().unwrap().keys().collect();
    assert_eq!(names, ["event", "kind", "message", "retry_safe", "maybe_billed"]);
    assert_eq!((&failed[0]["kind"], &failed[0]["maybe_billed"]), (&json!("no_credit"), &json!(false)));
}

#[test]
fn every_parameter_reaches_the_server() {
    let server = Server::start(|_, asked| {
        let count = asked.json().get("n").and_then(Value::as_u64).unwrap_or(1);
        pictures(0..count as u8)
    });
    let sizes = ["256x256", "512x512", "1024x1024", "1024x1792", "1792x1024"];
    for size in sizes {
        assert_eq!(Program::new().generate(&server, &["a fox", "--model", "open-model", "--size", size]).code, 0);
        assert_eq!(server.asked().last().unwrap().json()["size"], json!(size));
    }
    for (option, value, name) in [
        ("--quality", "standard", "quality"),
        ("--quality", "hd", "quality"),
        ("--style", "vivid", "style"),
        ("--style", "natural", "style"),
        ("--response-format", "url", "response_format"),
        ("--response-format", "b64_json", "response_format"),
    ] {
        let done = Program::new().generate(&server, &["a fox", "--model", "dall-e-3", option, value]);
        assert_eq!(done.code, 0, "{option} {value}");
        assert_eq!(server.asked().last().unwrap().json()[name], json!(value));
    }
    let done = Program::new().generate(&server, &["a fox", "--model", "open-model", "-n", "10"]);
    assert_eq!((done.code, done.of("stored").len()), (0, 10));
    let last = server.asked().pop().unwrap();
    assert_eq!(last.json(), json!({"model": "open-model", "prompt": "a fox", "n": 10}));
}

#[test]
fn the_demo_endpoint_takes_all_of_it() {
    let program = Program::new();
    for arguments in [
        &["a fox at dusk", "--response-format", "url"][..],
        &["a fox at dusk", "--response-format", "b64_json", "--quality", "hd", "--style", "natural"],
        &["a fox at dusk", "-n", "10"],
    ] {
        let done = program.demo(arguments);
        assert_eq!(done.code, 0, "{arguments:?}: {:?} {}", done.lines, done.errors);
        for file in done.files() {
            let (width, height) = image::image_dimensions(&file).unwrap();
            assert_eq!((width, height), (256, 256));
        }
    }
    let files = program.demo(&["two", "-n", "2"]).files();
    assert_ne!(std::fs::read(&files[0]).unwrap(), std::fs::read(&files[1]).unwrap(), "each picture is another one");
}

/// The call is refused: exit 2, a sentence that names the option, nothing sent.
#[track_caller]
fn refused(arguments: &[&str], key: &str, option: &str) {
    let server = Server::always(pictures([1]));
    let base = server.base();
    let program = Program::new();
    let mut all = vec!["generate", "--json"];
    if !arguments.contains(&"--base-url") {
        all.extend(["--base-url", base.as_str()]);
    }
    all.extend(arguments);
    let output = program.command(&all).env("PROOFSHEET_API_KEY", key).output().unwrap();
    let errors = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{arguments:?}: {errors}");
    assert!(errors.contains(option), "{option} is not named: {errors}");
    assert!(errors.trim().len() > option.len() + 10, "no sentence: {errors}");
    assert!(output.stdout.is_empty());
    assert_eq!(server.asked().len(), 0, "{arguments:?}");
    assert!(!program.library().exists(), "nothing is written down");
}

#[test]
fn bad_input_is_refused_before_anything_is_sent() {
    let long = "x".repeat(4_001);
    let key = "sk-good";
    refused(&[""], key, "PROMPT");
    refused(&["  \n "], key, "PROMPT");
    refused(&[&long, "--model", "dall-e-3"], key, "PROMPT");
    for images in ["0", "11", "-1", "many", "99999999999", "1.5", ""] {
        refused(&["a fox", "-n", images], key, "-n");
    }
    refused(&["a fox", "--size", "big"], key, "--size");
    refused(&["a fox", "--model", "dall-e-3", "--size", "640x480"], key, "--size");
    refused(&["a fox", "--model", "dall-e-3", "--quality", "ultra"], key, "--quality");
    refused(&["a fox", "--model", "dall-e-3", "--style", "wild"], key, "--style");
    refused(&["a fox", "--response-format", "png"], key, "--response-format");
    refused(&["a fox", "--model", " "], key, "--model");
    for base in ["not a url", "", "ftp://host.example", "https://me:pw@host.example/v1"] {
        refused(&["a fox", "--base-url", base], key, "--base-url");
    }
    refused(&["a fox", "--endpoint", "Nobody"], key, "--endpoint");
    refused(&[], key, "PROMPT");
    refused(&["a fox", "--demo"], key, "--demo");
}

#[test]
fn bad_keys_are_refused_and_never_shown() {
    for key in ["sk-a b", "sk-a\nsk-b", "sk-ä", "sk-\u{7f}"] {
        refused(&["a fox"], key, "PROOFSHEET_API_KEY");
    }
    let server = Server::always(pictures([1]));
    let secret = "sk-secret words";
    let program = Program::new();
    let output = program
        .command(&["generate", "a fox", "--base-url", &server.base()])
        .env("PROOFSHEET_API_KEY", secret)
        .output()
        .unwrap();
    assert!(!String::from_utf8(output.stderr).unwrap().contains("sk-secret"));
}

#[test]
fn without_a_key_nothing_is_sent_to_the_internet_and_this_computer_is_asked_without() {
    let program = Program::new();
    let arguments = ["generate", "--json", "a fox", "--base-url", "https://images.invalid/v1"];
    let output = program.command(&arguments).env_remove("PROOFSHEET_API_KEY").output().unwrap();
    let done = Done::new(output);
    let events: Vec<&str> = done.lines.iter().map(|line| line["event"].as_str().unwrap()).collect();
    assert_eq!((done.code, events.as_slice()), (1, &["failed", "done"][..]), "{:?}", done.lines);
    assert_eq!(done.lines[0]["kind"], json!("key_missing"));
    // It says where a key comes from, and no run is left that nobody can use.
    let message = done.lines[0]["message"].as_str().unwrap();
    assert!(message.contains("PROOFSHEET_API_KEY") && message.contains("images.invalid"), "{message}");
    assert_eq!(done.lines[1], json!({"event": "done", "asked": 1, "stored": 0}));
    assert!(!program.library().exists(), "nothing is written down");

    let server = Server::always(pictures([1]));
    let arguments = ["generate", "--json", "a fox", "--base-url", &server.base()];
    let output = program.command(&arguments).env_remove("PROOFSHEET_API_KEY").output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(server.asked()[0].header("authorization"), None);
}

#[test]
fn sent_is_told_only_when_something_goes_out() {
    let program = Program::new();
    // A port that nobody listens at any more.
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let closed = format!("http://{closed}/v1");
    for (base, kind) in [
        ("http://images.invalid/v1", "wrong_address"),
        ("https://images.invalid/v1", "unreachable"),
        (closed.as_str(), "unreachable"),
    ] {
        let done = Done::new(program.run(&["generate", "--json", "a fox", "--base-url", base]));
        assert_eq!(done.code, 1);
        assert_eq!(done.of("failed")[0]["kind"], json!(kind));
        assert_eq!(done.of("sent").len(), 0, "{base}: {:?}", done.lines);
    }
    // Each request that goes out is told, once.
    let server = Server::start(|number, _| {
        let busy = error(429, "Slow down", Some("rate_limit_exceeded"), None).header("Retry-After", "1");
        if number == 0 { busy } else { pictures([1]) }
    });
    let done = program.generate(&server, &["a fox"]);
    assert_eq!((done.code, server.posts(), done.of("sent").len()), (0, 2, 2), "{:?}", done.lines);
    // What the computer says about the connection is not said to come from the server.
    let output = program.run(&["generate", "a fox", "--base-url", "https://images.invalid/v1"]);
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains("In detail: ") && !text.contains("The server said"), "{text}");
}

#[test]
fn copies_are_the_same_bytes_and_overwrite_nothing() {
    let server = Server::always(pictures([1, 2]));
    let program = Program::new();
    let copies = program.folder.path().join("copies");
    // What the window saves is another matter: scripts get the bytes that came.
    let places = Places::find(Some(&program.folder.path().join("home"))).unwrap();
    save_settings(&places, &Settings { save_format: SaveFormat::Jpeg, ..Settings::default() }).unwrap();
    let arguments = ["a fox", "-n", "2", "--model", "gateway", "--copy-to", copies.to_str().unwrap()];
    for round in 1..=2 {
        let done = program.generate(&server, &arguments);
        assert_eq!(done.code, 0, "{}", done.errors);
        let mut copied: Vec<Vec<u8>> =
            std::fs::read_dir(&copies).unwrap().map(|entry| std::fs::read(entry.unwrap().path()).unwrap()).collect();
        assert_eq!(copied.len(), 2 * round);
        copied.retain(|bytes| *bytes == png(1));
        assert_eq!(copied.len(), round);
    }
    // What stands in the way is no folder: the images are kept, and the exit code says that not all was done.
    let taken = copies.join("1.txt");
    std::fs::write(&taken, b"").unwrap();
    let done = program.generate(&server, &["a fox", "--model", "gateway", "--copy-to", taken.to_str().unwrap()]);
    assert_eq!(done.code, 3, "{}", done.errors);
    let want = json!({
        "event": "failed", "kind": "disk", "message": done.of("failed")[0]["message"], "retry_safe": false,
        "maybe_billed": false,
    });
    let last_two = &done.lines[done.lines.len() - 2..];
    assert_eq!(last_two, [want, json!({"event": "done", "asked": 1, "stored": 2})]);
    let message = last_two[0]["message"].as_str().unwrap();
    assert!(message.contains("its original is safe in the library") && !message.contains("Preferences"), "{message}");
    assert!(done.errors.contains("--copy-to"), "{}", done.errors);
    let output =
        program.run(&["generate", "a fox", "--base-url", &server.base(), "--copy-to", taken.to_str().unwrap()]);
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.code() == Some(3) && text.contains("Not copied. A pick could not be saved"), "{text}");
}

#[test]
fn what_an_endpoint_refused_is_not_sent_the_next_time() {
    let server = Server::start(|_, asked| {
        if asked.json().get("style").is_some() {
            error(400, "Unknown parameter: 'style'.", Some("unknown_parameter"), Some("style"))
        } else {
            pictures([1])
        }
    });
    let program = Program::new();
    let arguments = ["a fox", "--model", "gateway", "--style", "vivid"];
    let first = program.generate(&server, &arguments);
    assert_eq!((first.code, server.posts()), (0, 2));
    assert!(first.of("note")[0]["text"].as_str().unwrap().contains("style"));
    let second = program.generate(&server, &arguments);
    assert_eq!((second.code, server.posts()), (0, 3), "{:?}", second.lines);
    assert!(second.of("note")[0]["text"].as_str().unwrap().contains("style"));
}

#[test]
fn a_reader_that_leaves_does_not_cost_the_image() {
    let door = Door::default();
    let server = Server::always(pictures([1]).before(&door));
    let program = Program::new();
    let mut child = program
        .command(&["generate", "--json", "a fox", "--base-url", &server.base()])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    door.open();
    let mut errors = String::new();
    child.stderr.take().unwrap().read_to_string(&mut errors).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(0), "{errors}");
    assert!(!errors.contains("panicked"), "{errors}");
    assert!(program.run(&["check"]).status.success());
}

#[cfg(target_os = "linux")]
#[test]
fn interrupting_while_the_keyring_waits_leaves_nothing_behind() {
    let program = Program::new();
    // A keyring that takes the call and never answers.
    let bus = program.folder.path().join("bus");
    let keyring = std::os::unix::net::UnixListener::bind(&bus).unwrap();
    let child = program
        .command(&["generate", "--json", "a fox", "--base-url", "https://images.invalid/v1"])
        .env_remove("PROOFSHEET_API_KEY")
        .env("DBUS_SESSION_BUS_ADDRESS", format!("unix:path={}", bus.display()))
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let _asked = keyring.accept().unwrap();
    let pid = child.id().to_string();
    assert!(std::process::Command::new("kill").args(["-INT", &pid]).status().unwrap().success());
    let done = Done::new(child.wait_with_output().unwrap());
    let kinds: Vec<&Value> = done.of("failed").into_iter().map(|line| &line["kind"]).collect();
    assert_eq!((done.code, kinds), (1, vec![&json!("cancelled")]), "{:?} {}", done.lines, done.errors);
    assert_eq!(done.lines.last(), Some(&json!({"event": "done", "asked": 1, "stored": 0})));
    assert!(!program.library().exists(), "nothing is written down");
}

#[cfg(unix)]
#[test]
fn interrupting_cancels_and_says_what_may_be_charged() {
    let server = Server::always(pictures([1]).before(&Door::default()));
    let program = Program::new();
    let child = program
        .command(&["generate", "--json", "a fox", "--base-url", &server.base()])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    server.wait_for(1);
    let pid = child.id().to_string();
    assert!(std::process::Command::new("kill").args(["-INT", &pid]).status().unwrap().success());
    let output = child.wait_with_output().unwrap();
    let (text, errors) = (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
    assert_eq!(output.status.code(), Some(1));
    assert!(errors.contains("may still be charged"), "{errors}");
    assert!(text.contains("\"kind\":\"cancelled\"") && text.contains("\"maybe_billed\":true"), "{text}");
    assert!(text.ends_with("{\"event\":\"done\",\"asked\":1,\"stored\":0}\n"), "{text}");
}

#[test]
fn check_finds_a_changed_file() {
    let server = Server::always(pictures([1]));
    let program = Program::new();
    let done = program.generate(&server, &["a fox"]);
    let whole = program.run(&["check"]);
    assert_eq!(whole.status.code(), Some(0), "{}", String::from_utf8_lossy(&whole.stdout));
    std::fs::write(&done.files()[0], "changed").unwrap();
    let changed = program.run(&["check"]);
    assert_eq!(changed.status.code(), Some(1));
    assert!(String::from_utf8(changed.stdout).unwrap().contains("1.png"));
}

#[test]
fn a_library_folder_that_cannot_be_used_leads_to_its_option() {
    let server = Server::always(pictures([1]));
    let program = Program::new();
    let base = server.base();
    let spoken = |arguments: &[&str]| {
        let output = program.run(arguments);
        let text = String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{text}");
        assert!(text.contains("--library") && !text.contains("Preferences"), "{text}");
    };
    for arguments in [&["check"][..], &["rebuild"]] {
        spoken(arguments);
        assert!(!program.library().exists());
    }
    std::fs::write(program.library(), "a file").unwrap();
    for arguments in [&["check"][..], &["rebuild"], &["generate", "a fox", "--base-url", &base]] {
        spoken(arguments);
    }
    assert_eq!(server.posts(), 0);
}

#[test]
fn the_demo_endpoint_serves_alone() {
    let mut child = Program::new().command(&["demo-endpoint"]).stdout(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let base = line.split_whitespace().find(|word| word.starts_with("http://127.0.0.1:")).unwrap().to_owned();
    let done =
        Program::new().run(&["generate", "a fox", "--model", "demo-painter", "--size", "256x256", "--base-url", &base]);
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(done.status.code(), Some(0), "{}", String::from_utf8_lossy(&done.stderr));
}

#[test]
fn people_get_sentences_on_the_right_stream() {
    let server = Server::always(pictures([1]));
    let program = Program::new();
    let output = program.run(&["generate", "a fox", "-n", "2", "--model", "gateway", "--base-url", &server.base()]);
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(3));
    assert!(text.contains("Stored: ") && text.contains("24 × 16") && text.contains("1 of 2 images stored"), "{text}");
}

#[test]
fn the_log_never_holds_prompt_or_key() {
    let server = Server::always(error(500, "broken", None, None));
    let output = Program::new()
        .command(&["generate", "a secret fox", "--base-url", &server.base()])
        .env("PROOFSHEET_LOG", "trace")
        .output()
        .unwrap();
    let errors = String::from_utf8(output.stderr).unwrap();
    assert!(errors.contains("proofsheet"), "the log is on: {errors}");
    assert!(!errors.contains("secret fox") && !errors.contains(super::bench::KEY), "{errors}");
}

#[cfg(all(unix, not(target_os = "macos")))]
#[test]
fn without_a_display_the_window_says_so() {
    let output = Program::new().run(&[]);
    let errors = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(errors.contains("no display") && errors.contains("generate"), "{errors}");
}

#[test]
fn a_slow_answer_is_waited_for() {
    let door = Door::default();
    let server = Server::always(Reply { ..pictures([1]) }.within(30, &door));
    let opener = door.clone();
    let later = std::thread::Builder::new()
        .spawn(move || {
            std::thread::sleep(Duration::from_secs(2));
            opener.open();
        })
        .unwrap();
    assert_eq!(Program::new().generate(&server, &["a fox"]).code, 0);
    later.join().unwrap();
}
