//! A key that must not sing: it goes through whole runs of the real program, and afterwards every byte that was printed,
//! logged or written is searched for it: whole, its middle alone, and in base64.

use std::fs::File;
use std::path::Path;

use base64_simd::STANDARD_NO_PAD;

use super::answers::b64;
use super::fault_server::{Answer, FaultServer, Manner, Play};
use super::program::Program;

const CANARY: &str = "cnry-7Qk2Wx9Rb4Lm6Tz8Vd3Hs5Yp";
/// Long enough that nothing else has it by chance.
const MIDDLE: &str = "9Rb4Lm6Tz8Vd";

/// All the ways it could be written down.
fn forms() -> Vec<Vec<u8>> {
    let mut forms = vec![CANARY.as_bytes().to_vec(), MIDDLE.as_bytes().to_vec()];
    forms.push(MIDDLE.bytes().flat_map(|byte| [byte, 0]).collect());
    // In base64 a text looks different by where it begins in its group of three; the ends depend on the neighbours.
    for before in 0..3 {
        let text = [&vec![b'.'; before], CANARY.as_bytes()].concat();
        let encoded = STANDARD_NO_PAD.encode_to_string(text);
        forms.push(encoded.as_bytes()[4..encoded.len() - 4].to_vec());
    }
    forms
}

#[track_caller]
fn is_silent(bytes: &[u8], place: &str) {
    for form in forms() {
        let found = memchr::memmem::find(bytes, &form);
        assert!(
            found.is_none(),
            "{place} holds the key as {:?}: {}",
            String::from_utf8_lossy(&form),
            String::from_utf8_lossy(bytes)
        );
    }
}

/// Searches every file below a folder, and its names; how many there were.
#[track_caller]
fn search(folder: &Path) -> usize {
    let mut count = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        is_silent(path.as_os_str().as_encoded_bytes(), "a name");
        if path.is_dir() {
            count += search(&path);
        } else {
            count += 1;
            is_silent(&std::fs::read(&path).unwrap(), &path.display().to_string());
        }
    }
    count
}

/// Answers that repeat the key wherever an answer has room for words.
fn echoes() -> Vec<(&'static str, Play)> {
    let post = |answer: Answer| Play { posts: vec![answer], files: Vec::new() };
    let json = |status, text: &str| post(Answer::json(status, &text.replace("KEY", CANARY)));
    let masked = format!("{}*****{}", CANARY.get(..8).unwrap(), CANARY.get(CANARY.len() - 4..).unwrap());
    let mut all = vec![
        (
            "a good answer",
            json(
                200,
                r#"{"data":[{"b64_json":"@1@","revised_prompt":"with KEY in it"}],"model":"KEY","usage":{"KEY":"KEY"}}"#,
            ),
        ),
        ("a key as the model", json(200, r#"{"data":[{"b64_json":"@1@"}],"model":"a-KEY-b"}"#)),
        (
            "401",
            json(
                401,
                r#"{"error":{"message":"Incorrect API key provided: KEY","type":"KEY","param":"KEY","code":"KEY"}}"#,
            ),
        ),
        ("in part", json(401, &format!(r#"{{"error":{{"message":"Incorrect API key provided: {masked}"}}}}"#))),
        ("200 with an error", json(200, r#"{"error":{"message":"bad KEY"}}"#)),
        ("success is false", json(200, r#"{"success":false,"message":"KEY"}"#)),
        ("400", json(400, r#"{"detail":[{"loc":["body","KEY"],"msg":"KEY","type":"KEY"}]}"#)),
        (
            "moderation",
            json(
                400,
                r#"{"error":{"code":"moderation_blocked","moderation_details":{"moderation_stage":"KEY","categories":["KEY"]}}}"#,
            ),
        ),
        (
            "a refused parameter",
            json(
                400,
                r#"{"error":{"message":"Unknown parameter: 'style' KEY","param":"style","code":"unknown_parameter"}}"#,
            ),
        ),
        ("no images", json(200, r#"{"data":[],"KEY":"KEY","note":"Bearer KEY"}"#)),
        ("a page", post(Answer::page(502, CANARY))),
        ("a text", json(500, "Authorization: Bearer KEY")),
        ("a broken answer", json(200, r#"{"KEY":["KEY"#)),
        ("a plain answer", post(Answer::bytes(200, "text/plain", format!("no such thing as {CANARY}")))),
        (
            "a header",
            post(
                Answer::json(429, r#"{"error":{"message":"slow","code":"rate_limit_exceeded"}}"#)
                    .header("Retry-After", CANARY)
                    .header("X-Request-Id", CANARY),
            ),
        ),
        (
            "a redirect",
            post(Answer::page(307, "x").header("Location", &format!("https://{CANARY}.example/v1?key={CANARY}"))),
        ),
        ("no HTTP", post(Answer::bytes(200, "", format!("{CANARY} {CANARY}\r\n\r\n")).by(Manner::Raw))),
        ("a cut", post(Answer::json(200, &format!(r#"{{"data":[],"x":"{CANARY}"#)).by(Manner::CutAt(30)))),
        (
            "events",
            post(Answer::bytes(
                200,
                "text/event-stream",
                format!("event: error\ndata: {{\"message\":\"{CANARY}\"}}\n\n"),
            )),
        ),
        ("a bad link", json(200, r#"{"data":[{"url":"ftp://KEY.example/KEY"}]}"#)),
    ];
    let link = Answer::json(200, &format!(r#"{{"data":[{{"url":"@HERE@/a.png?key={CANARY}"}}]}}"#));
    let file =
        |answer: Answer| Play { posts: vec![link.clone()], files: vec![(format!("/a.png?key={CANARY}"), answer)] };
    all.push(("a link that works", file(Answer::bytes(200, "image/png", super::answers::png(1)))));
    all.push(("a link that does not", file(Answer::json(403, &format!("{{\"message\":\"{CANARY}\"}}")))));
    all
}

/// Runs the program with the most verbose log; its exit code. What it prints goes to files, which are searched too.
fn run(program: &Program, arguments: &[&str]) -> Option<i32> {
    let printed = |name: &str| File::create(program.folder.path().join(name)).unwrap();
    let mut child = program
        .command(arguments)
        .env("PROOFSHEET_API_KEY", CANARY)
        .env("PROOFSHEET_LOG", "trace")
        .env("RUST_BACKTRACE", "full")
        .stdout(printed("stdout"))
        .stderr(printed("stderr"))
        .spawn()
        .unwrap();
    #[cfg(target_os = "linux")]
    watch(&mut child);
    let code = child.wait().unwrap().code();
    for name in ["stdout", "stderr"] {
        is_silent(&std::fs::read(program.folder.path().join(name)).unwrap(), &format!("{name} of {arguments:?}"));
    }
    code
}

/// As long as the program runs: its own arguments and names, and everything of the processes it starts.
#[cfg(target_os = "linux")]
fn watch(child: &mut std::process::Child) {
    let pid = child.id().to_string();
    while child.try_wait().unwrap().is_none() {
        for entry in std::fs::read_dir("/proc").unwrap() {
            let folder = entry.unwrap().path();
            // A process that ended meanwhile has nothing to tell.
            let Ok(stat) = std::fs::read_to_string(folder.join("stat")) else { continue };
            let parent = stat.rsplit(')').next().and_then(|rest| rest.split_whitespace().nth(1).map(str::to_owned));
            let is_own = folder.ends_with(&pid);
            if !is_own && parent.as_deref() != Some(pid.as_str()) {
                continue;
            }
            // Its own environment is where the key came from.
            let names: &[&str] = if is_own { &["cmdline", "comm"] } else { &["cmdline", "comm", "environ"] };
            for name in names {
                is_silent(&std::fs::read(folder.join(name)).unwrap_or_default(), name);
            }
        }
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
}

#[test]
fn the_key_is_in_nothing_that_is_printed_logged_or_written() {
    let server = FaultServer::start();
    let program = Program::new();
    let mut logged = 0;
    for (number, (name, play)) in echoes().into_iter().enumerate() {
        let case = format!("case{number}");
        let base = server.play(&case, play);
        for format in [&["generate", "--json"][..], &["generate"]] {
            let arguments =
                [format, &["a fox", "-n", "2", "--style", "vivid", "--model", "gateway", "--base-url", &base]];
            let code = run(&program, &arguments.concat());
            assert!(matches!(code, Some(0 | 1 | 3)), "{name}: {code:?}");
            logged += std::fs::metadata(program.folder.path().join("stderr")).unwrap().len();
        }
        let heard = server.heard(&case);
        assert!(heard[0].head.contains(&format!("uthorization: Bearer {CANARY}")), "{name}: the key went out");
    }
    assert!(logged > 1_000, "the log is on");
    assert_eq!(run(&program, &["check"]), Some(0));
    let files = search(program.folder.path());
    assert!(files > 2 * echoes().len(), "only {files} files were searched");
}

/// The search finds what it is for.
#[test]
fn the_search_finds_the_key_in_every_form() {
    let found = |bytes: &[u8]| forms().iter().any(|form| memchr::memmem::find(bytes, form).is_some());
    for text in [
        format!("Bearer {CANARY}"),
        format!("{MIDDLE}…"),
        b64(format!("Bearer {CANARY}").as_bytes()),
        b64(format!("x{CANARY}y").as_bytes()),
        b64(format!("xy:{CANARY}").as_bytes()),
    ] {
        assert!(found(text.as_bytes()), "{text}");
    }
    assert!(!found(b"[key]"));
}
