//! Source that breaks each rule once, and source that only looks as if it did.

use super::{LINES_MAX, Source, complaints};

const DOC: &str = "//! A sample.\n";

/// The rule must see exactly one breach, and say this about it.
#[track_caller]
fn check(path: &str, code: &str, says: &str) {
    let found = complaints(&[
        Source::new(path, &format!("{DOC}{code}")),
        Source::new("wire/reply.rs", DOC),
        Source::new("wire/client.rs", DOC),
    ]);
    assert!(
        matches!(found.as_slice(), [one] if one.contains(path) && one.contains(says)),
        "{path}: {code}\n{found:#?}"
    );
}

#[track_caller]
fn passes(path: &str, code: &str) {
    let found = complaints(&[Source::new(path, &format!("{DOC}{code}")), Source::new("wire/reply.rs", DOC)]);
    assert!(found.is_empty(), "{path}: {code}\n{found:#?}");
}

#[test]
fn arrows_that_run_up_are_seen() {
    for (path, code, says) in [
        ("domain/size.rs", "use crate::message::Action;", "`domain` does not know `message`"),
        ("message/verb.rs", "use crate::state::Session;", "`message` does not know `state`"),
        ("state/jobs.rs", "use crate::wire::Client;", "`state` does not know `wire`"),
        ("state/jobs.rs", "fn a() { crate::engine::start(); }", "`state` does not know `engine`"),
        ("wire/body.rs", "use crate::message::Event;", "`wire` does not know `message`"),
        ("media/decode.rs", "use crate::library::Library;", "`media` does not know `library`"),
        ("library/write.rs", "use crate::wire::Client;", "`library` does not know `wire`"),
        ("secrets.rs", "use crate::message::Event;", "`secrets` does not know `message`"),
        ("desktop/clipboard.rs", "use crate::ui::Theme;", "`desktop` does not know `ui`"),
        ("demo/paint.rs", "use crate::engine::Handle;", "`demo` does not know `engine`"),
        ("engine/worker.rs", "use crate::{domain::Run, ui::Textures};", "`engine` does not know `ui`"),
        ("engine/worker.rs", "use super::super::state::Session;", "`engine` does not know `state`"),
        ("ui/shell.rs", "use crate::engine::Handle;", "`ui` does not know `engine`"),
        ("ui/shell.rs", "use crate::library::Library;", "`ui` does not know `library`"),
        ("main.rs", "fn main() { proofsheet::engine::start(); }", "knows only `app`"),
        ("cellar/wine.rs", "", "a new room"),
    ] {
        check(path, code, says);
    }
}

#[test]
fn crates_in_the_wrong_room_are_seen() {
    for (path, code, says) in [
        ("domain/size.rs", "fn a() { std::fs::read(\"x\"); }", "only library"),
        ("engine/save.rs", "use std::{fs::File, io};", "only library"),
        ("engine/save.rs", "use std::*;", "std"),
        ("app/launch.rs", "use std::os::unix::fs::PermissionsExt;", "only library"),
        ("state/jobs.rs", "use tokio::sync::mpsc;", "only wire, demo, engine, app"),
        ("ui/shell.rs", "fn a() { std::thread::sleep(b); }", "only secrets, desktop, demo, engine, app"),
        ("ui/shell.rs", "use reqwest::Url;", "only wire"),
        ("engine/fetch.rs", "fn a() { image::load_from_memory(b); }", "only media, demo"),
        ("engine/handle.rs", "fn a(b: &egui::Context) {}", "only ui, app"),
        ("ui/shell.rs", "use rfd::AsyncFileDialog;", "only app"),
        ("ui/shell.rs", "use eframe::Frame;", "only app"),
        ("engine/keys.rs", "use keyring::Entry;", "only secrets"),
        ("engine/serve.rs", "use hyper::Request;", "only demo, wire"),
        ("app/launch.rs", "use arboard::Clipboard;", "only desktop"),
        ("state/jobs.rs", "fn a() { let now = std::time::Instant::now(); }", "the clock is passed in"),
        ("domain/time.rs", "use jiff::Zoned; fn a() { Zoned::now(); }", "the clock is passed in"),
        ("ui/shell.rs", "fn a() { std::env::var(b); }", "passed in"),
        ("secrets/vault.rs", "use tracing::info;", "must not reach a log"),
    ] {
        let found = complaints(&[Source::new(path, &format!("{DOC}{code}"))]);
        assert!(found.iter().any(|one| one.contains(path) && one.contains(says)), "{path}: {code}\n{found:#?}");
    }
}

#[test]
fn colours_outside_the_theme_are_seen() {
    for code in [
        "fn a() { egui::Color32::from_rgb(1, 2, 3); }",
        "use egui::Color32; fn a() { Color32::from_gray(9); }",
        "fn a() { egui::hex_color!(\"#fff\"); }",
    ] {
        let found = complaints(&[Source::new("ui/shell.rs", &format!("{DOC}{code}"))]);
        assert!(matches!(found.as_slice(), [one] if one.contains("ui/theme only")), "{code}\n{found:#?}");
        passes("ui/theme.rs", code);
        passes("ui/theme/tokens.rs", code);
    }
}

#[test]
fn siblings_that_meet_through_the_face_are_seen() {
    check("wire/body.rs", "use crate::wire::Client;", "siblings name each other's leaf");
    check("wire/body.rs", "use super::Client;", "siblings name each other's leaf");
    check("wire/reply/shape.rs", "use super::super::Client;", "siblings name each other's leaf");
    passes("wire/body.rs", "use super::reply::Reader;");
    passes("wire/body.rs", "use crate::wire::reply::Reader;");
    passes("wire/body.rs", "#[cfg(test)] mod tests { use super::*; }");
    passes("wire/reply/shape.rs", "use super::Reader; use super::super::reply::Other;");
}

#[test]
fn faces_that_do_something_are_seen() {
    check("wire.rs", "mod reply;\npub fn a() {}\n", "a face holds only");
    check("wire.rs", "const A: u8 = 1;\nmod reply;\n", "a face holds only");
    check("wire.rs", &"// more\n".repeat(60), "a face only lists");
    passes(
        "wire.rs",
        "mod reply;\n#[cfg(unix)]\nmod x;\n\npub use reply::{\n    A,\n    B,\n};\npub(crate) use x::C;\n",
    );
    passes("secrets.rs", "pub fn a_room_of_one_file_is_no_face() {}");
}

#[test]
fn files_out_of_shape_are_seen() {
    for name in ["utils", "wire_helpers", "common", "misc", "types", "key_manager", "mod"] {
        check(&format!("wire/{name}.rs"), "", "the name says nothing");
    }
    check("wire/long.rs", &"// more\n".repeat(LINES_MAX), "are the limit");
    let found = complaints(&[Source::new("wire/body.rs", "use std::io;\n")]);
    assert!(matches!(found.as_slice(), [one] if one.contains("the first line says")), "{found:#?}");
}

#[test]
fn what_only_looks_like_a_breach_passes() {
    passes("ui/shell.rs", "// std::fs::read\nconst A: &str = \"tokio::spawn, Color32::from_rgb\";");
    passes("ui/shell.rs", "#[cfg(test)]\nmod tests { use std::fs; fn a() { egui::Color32::from_gray(1); } }");
    passes("ui/tile.rs", "mod image;\nfn a() { image::paint(); }");
    passes("wire/body.rs", "use super::reply::image;\nfn a() { image::paint(); }");
    passes("domain/image_facts.rs", "pub struct Image; fn image() -> Image { Image }");
    let all = [
        Source::new("ui.rs", "//! A.\nmod shell;\n#[cfg(test)]\nmod tests;\n"),
        Source::new("ui/shell.rs", DOC),
        Source::new("ui/tests.rs", "//! B.\nuse std::fs;\n"),
        Source::new("ui/tests/deep.rs", "//! C.\nuse crate::engine::Handle;\n"),
    ];
    assert_eq!(complaints(&all), [""; 0]);
}
