//! The walls between the rooms, read from the source. ARCHITECTURE.md says why each stands.

mod reading;
mod samples;

use std::path::Path;
use std::{fs, io};

use reading::{declared_modules, paths, without_tests, without_words};

/// A room and the rooms it may know. Everything else is a wall.
const ARROWS: [(&str, &[&str]); 13] = [
    ("domain", &[]),
    ("message", &["domain"]),
    ("state", &["domain", "message"]),
    ("wire", &["domain"]),
    ("media", &["domain"]),
    ("library", &["domain", "message"]),
    ("index", &["domain"]),
    ("secrets", &["domain"]),
    ("desktop", &["domain"]),
    ("demo", &["domain"]),
    ("engine", &["domain", "message", "wire", "media", "library", "index", "secrets", "desktop", "demo"]),
    ("ui", &["domain", "message", "state"]),
    (
        "app",
        &[
            "domain", "message", "state", "wire", "media", "library", "index", "secrets", "desktop", "demo", "engine",
            "ui",
        ],
    ),
];

/// What only these rooms may name.
const ONLY: [(&str, &[&str]); 34] = [
    ("egui", &["ui", "app"]),
    ("egui_extras", &["ui", "app"]),
    ("eframe", &["app"]),
    ("rfd", &["app"]),
    ("clap", &["app"]),
    ("tracing_subscriber", &["app"]),
    ("reqwest", &["wire"]),
    ("hyper", &["demo", "wire"]),
    ("hyper_util", &["demo"]),
    ("http_body_util", &["demo"]),
    ("tokio", &["wire", "demo", "engine", "app"]),
    ("tokio_util", &["wire", "demo", "engine", "app"]),
    ("image", &["media", "demo"]),
    ("png", &["media"]),
    ("fast_image_resize", &["media"]),
    ("similar", &["domain"]),
    ("keyring", &["secrets"]),
    ("zbus_secret_service_keyring_store", &["secrets"]),
    ("apple_native_keyring_store", &["secrets"]),
    ("windows_native_keyring_store", &["secrets"]),
    ("zbus", &["secrets", "desktop"]),
    ("arboard", &["desktop"]),
    ("opener", &["desktop"]),
    ("rusqlite", &["index"]),
    ("trash", &["library"]),
    ("std::fs", &["library", "index"]),
    ("std::os::unix::fs", &["library"]),
    ("std::os::unix::net", &["engine"]),
    ("tempfile", &["library"]),
    ("fs4", &["library"]),
    ("crc32fast", &["library"]),
    ("std::net", &["wire", "demo", "engine"]),
    ("thread_priority", &["engine"]),
    ("std::thread", &["secrets", "desktop", "demo", "engine", "app"]),
];

/// Further words a room may not use, with the reason.
const BARRED: [(&[&str], &str, &str); 7] = [
    (&["domain", "message", "state"], "SystemTime::now", "the clock is passed in, so that tests choose the time"),
    (&["domain", "message", "state"], "Instant::now", "the clock is passed in, so that tests choose the time"),
    (&["domain", "message", "state"], "Zoned::now", "the clock is passed in, so that tests choose the time"),
    (&["domain", "message", "state"], "Timestamp::now", "the clock is passed in, so that tests choose the time"),
    (&["domain", "message", "state", "ui"], "std::env", "places and variables are passed in"),
    (&["domain", "message", "state", "ui"], "std::process", "only the desktop and the program's edge start anything"),
    (&["secrets"], "tracing", "a key must not reach a log"),
];

/// Words that say nothing about what a file is for.
const EMPTY_NAMES: [&str; 10] =
    ["util", "utils", "helper", "helpers", "common", "misc", "types", "manager", "managers", "mod"];

/// A file longer than this does more than one thing.
const LINES_MAX: usize = 400;
/// A room's face lists what it shows.
const FACE_LINES_MAX: usize = 40;

/// One file of the program.
struct Source {
    /// Below `src`, with `/`: `wire/reply.rs`.
    path: String,
    text: String,
}

impl Source {
    fn new(path: &str, text: &str) -> Self {
        Self { path: path.to_owned(), text: text.to_owned() }
    }

    /// `wire/reply.rs` is the module `wire`, `reply`.
    fn module(&self) -> Vec<String> {
        self.path.trim_end_matches(".rs").split('/').map(str::to_owned).collect()
    }

    /// The room; empty for `lib.rs` and `main.rs`.
    fn room(&self) -> String {
        let room = self.module().into_iter().next().unwrap_or_default();
        if matches!(room.as_str(), "lib" | "main") { String::new() } else { room }
    }

    fn is_face(&self, all: &[Self]) -> bool {
        let inside = format!("{}/", self.room());
        !self.path.contains('/')
            && all.iter().any(|other| other.path.starts_with(&inside) && !other.path.ends_with("/tests.rs"))
    }
}

/// Everything that breaks a rule, one sentence each.
fn complaints(all: &[Source]) -> Vec<String> {
    let test_modules: Vec<Vec<String>> = all
        .iter()
        .flat_map(|source| {
            let parent = if source.room().is_empty() { Vec::new() } else { source.module() };
            declared_modules(&without_words(&source.text))
                .into_iter()
                .filter(|(_, for_tests)| *for_tests)
                .map(move |(name, _)| [parent.clone(), vec![name]].concat())
        })
        .collect();
    let mut found = Vec::new();
    for source in all {
        let mut complain = |what: String| found.push(format!("src/{}: {what}", source.path));
        shape(source, all, &mut complain);
        if !test_modules.iter().any(|module| source.module().starts_with(module)) {
            walls(source, all, &mut complain);
        }
    }
    found
}

/// Length, first line, name and, for a face, that it only lists.
fn shape(source: &Source, all: &[Source], complain: &mut impl FnMut(String)) {
    let lines = source.text.lines().count();
    if lines > LINES_MAX {
        complain(format!("{lines} lines; split it by what it can do, {LINES_MAX} are the limit"));
    }
    if !source.text.starts_with("//! ") {
        complain("the first line says what the file is for: `//! …`".to_owned());
    }
    if source.module().last().is_some_and(|name| name.split('_').any(|word| EMPTY_NAMES.contains(&word))) {
        complain("the name says nothing; name the one thing in it".to_owned());
    }
    if source.room().is_empty() {
        return;
    }
    if !ARROWS.iter().any(|(room, _)| *room == source.room()) {
        complain("a new room; give it its arrows in this test and its line in ARCHITECTURE.md".to_owned());
    }
    if source.is_face(all) {
        if lines > FACE_LINES_MAX {
            complain(format!("{lines} lines; a face only lists, {FACE_LINES_MAX} are the limit"));
        }
        for statement in without_tests(&without_words(&source.text)).split_inclusive(';') {
            let plain: Vec<&str> = statement.lines().map(str::trim).filter(|line| !line.starts_with("#[")).collect();
            let plain = plain.join(" ");
            let plain = plain.trim();
            let listed = ["mod ", "use "].iter().any(|word| {
                let after = plain.trim_start_matches("pub(crate) ").trim_start_matches("pub ");
                after.starts_with(word) && after.ends_with(';')
            });
            if !plain.is_empty() && !listed {
                complain(format!("a face holds only documentation, `mod` and `use`, not `{plain}`"));
            }
        }
    }
}

/// What the running part of a file names.
fn walls(source: &Source, all: &[Source], complain: &mut impl FnMut(String)) {
    let room = source.room();
    let code = without_tests(&without_words(&source.text));
    let in_theme = source.path.starts_with("ui/theme");
    let paths = paths(&code);
    let own = own_names(&code, &paths);
    for named in paths {
        let path = resolved(&source.module(), &named);
        let shown = path.join("::");
        if let [first, other, ..] = path.as_slice()
            && matches!(first.as_str(), "crate" | "proofsheet")
        {
            if room.is_empty() {
                if other != "app" {
                    complain(format!("names `{shown}`; the program's entry knows only `app`"));
                }
            } else if *other == room {
                if through_face(&path, source, all) {
                    complain(format!("names `{shown}` through its own face; siblings name each other's leaf"));
                }
            } else if let Some((_, known)) = ARROWS.iter().find(|(name, _)| *name == room)
                && ARROWS.iter().any(|(name, _)| name == other)
                && !known.contains(&other.as_str())
            {
                complain(format!("names `{shown}`; `{room}` does not know `{other}`"));
            }
        }
        for (word, rooms) in ONLY {
            if begins(&path, word)
                && !path.first().is_some_and(|word| own.contains(word))
                && !rooms.contains(&room.as_str())
            {
                complain(format!("names `{shown}`; only {} may", rooms.join(", ")));
            }
        }
        for (rooms, word, reason) in BARRED {
            if rooms.contains(&room.as_str()) && (begins(&path, word) || ends(&path, word)) {
                complain(format!("names `{shown}`; {reason}"));
            }
        }
        if !in_theme && is_colour(&path) {
            complain(format!("names `{shown}`; colours are made in ui/theme only"));
        }
    }
    if !in_theme && code.contains("hex_color!") {
        complain("names `hex_color!`; colours are made in ui/theme only".to_owned());
    }
}

/// The names a file gives to modules of its own or brings in from its siblings: such an `image` is not the crate.
fn own_names(code: &str, paths: &[Vec<String>]) -> Vec<String> {
    let ours =
        |path: &&Vec<String>| path.first().is_some_and(|word| matches!(word.as_str(), "crate" | "super" | "self"));
    let brought_in = paths.iter().filter(ours).filter_map(|path| path.last().cloned());
    declared_modules(code).into_iter().map(|(name, _)| name).chain(brought_in).collect()
}

/// `super` and `self` written out from the root.
fn resolved(module: &[String], named: &[String]) -> Vec<String> {
    let mut base = module.to_vec();
    let mut relative = false;
    let mut rest = named;
    while let [first, after @ ..] = rest {
        match first.as_str() {
            "super" => {
                base.pop();
            }
            "self" if !relative => {}
            _ => break,
        }
        relative = true;
        rest = after;
    }
    if relative { [vec!["crate".to_owned()], base, rest.to_vec()].concat() } else { named.to_vec() }
}

/// Goes by what the room shows instead of by the file that holds it.
fn through_face(path: &[String], source: &Source, all: &[Source]) -> bool {
    let [_, room, leaf, ..] = path else { return false };
    let leaf = format!("{room}/{leaf}.rs");
    // The face itself, and a room of one file, have no leaf to name.
    source.path.contains('/') && !all.iter().any(|other| other.path == leaf)
}

/// The path is this word, lies below it, or takes everything above it.
fn begins(path: &[String], word: &str) -> bool {
    let word: Vec<&str> = word.split("::").collect();
    let everything = path.last().is_some_and(|last| last == "*");
    let kept = if everything { path.len() - 1 } else { path.len() };
    let same = path.iter().take(kept).zip(&word).take_while(|(ours, theirs)| ours == *theirs).count();
    same == word.len() || (everything && same == kept && kept < word.len())
}

fn ends(path: &[String], word: &str) -> bool {
    let word: Vec<&str> = word.split("::").collect();
    path.len() >= word.len() && path.iter().rev().zip(word.iter().rev()).all(|(ours, theirs)| ours == theirs)
}

fn is_colour(path: &[String]) -> bool {
    path.windows(2).any(|pair| {
        matches!(pair, [kind, maker] if matches!(kind.as_str(), "Color32" | "Rgba" | "Hsva") && maker.starts_with("from_"))
    })
}

/// Every `.rs` file below a folder.
fn read(folder: &Path, below: &str, into: &mut Vec<Source>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = format!("{below}{}", entry.file_name().to_string_lossy());
        if entry.file_type()?.is_dir() {
            read(&entry.path(), &format!("{name}/"), into)?;
        } else if name.to_ascii_lowercase().ends_with(".rs") {
            into.push(Source::new(&name, &fs::read_to_string(entry.path())?));
        }
    }
    into.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(())
}

#[test]
fn the_source_keeps_its_walls() {
    let mut all = Vec::new();
    read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), "", &mut all).unwrap();
    assert!(all.len() > 20, "only {} files were found", all.len());
    let found = complaints(&all);
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}

#[test]
fn every_room_is_listed_once() {
    let lib = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/lib.rs")).unwrap();
    let mut declared: Vec<String> = declared_modules(&without_words(&lib)).into_iter().map(|(name, _)| name).collect();
    let mut listed: Vec<String> = ARROWS.iter().map(|(room, _)| (*room).to_owned()).collect();
    declared.sort();
    listed.sort();
    assert_eq!(declared, listed);
}
