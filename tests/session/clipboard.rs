//! Copying pictures and files on a real (virtual) screen, pasted by another process.

use std::path::Path;
use std::process::Command;

use proofsheet::desktop::Clipboard;
use proofsheet::domain::FailureKind;

use super::alone::{Around, alone};

/// Set in the process that pastes: the file that takes the bytes.
const PASTE_TO: &str = "PROOFSHEET_TEST_PASTE_TO";

/// What this test finds on the clipboard in a process of its own.
fn pasted(test: &str, folder: &Path) -> Vec<u8> {
    let file = folder.join("pasted");
    let (_, module) = module_path!().split_once("::").unwrap();
    let pasted = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", &format!("{module}::{test}"), "--nocapture"])
        .env(PASTE_TO, &file)
        .status()
        .unwrap();
    assert!(pasted.success());
    std::fs::read(file).unwrap()
}

#[test]
fn a_copied_picture_is_pasted_elsewhere_byte_for_byte() {
    const NAME: &str = "a_copied_picture_is_pasted_elsewhere_byte_for_byte";
    if let Some(file) = std::env::var_os(PASTE_TO) {
        let pasted = arboard::Clipboard::new().unwrap().get_image().unwrap();
        assert_eq!((pasted.width, pasted.height), (40, 30));
        return std::fs::write(file, pasted.bytes).unwrap();
    }
    alone(module_path!(), NAME, Around::Screen, || {
        let folder = tempfile::tempdir().unwrap();
        let clipboard = Clipboard::new();
        // Twice: the second picture takes the place of the first. Half of it is see-through, which must stay straight.
        for shift in [0_u8, 90] {
            let rgba: Vec<u8> = (0..40 * 30)
                .flat_map(|n| [n as u8, shift, (n / 40) as u8, if n % 40 < 20 { 255 } else { 77 }])
                .collect();
            clipboard.put_image(40, 30, rgba.clone()).unwrap();
            assert!(pasted(NAME, folder.path()) == rgba, "shift {shift}");
        }
    });
}

#[test]
fn copied_files_are_pasted_elsewhere_by_their_names() {
    const NAME: &str = "copied_files_are_pasted_elsewhere_by_their_names";
    if let Some(file) = std::env::var_os(PASTE_TO) {
        let pasted = arboard::Clipboard::new().unwrap().get().file_list().unwrap();
        let lines: Vec<String> = pasted.iter().map(|path| path.to_str().unwrap().to_owned()).collect();
        return std::fs::write(file, lines.join("\n")).unwrap();
    }
    alone(module_path!(), NAME, Around::Screen, || {
        let folder = tempfile::tempdir().unwrap();
        let files = ["1.png", "a fox, 50 % \u{72d0}.jpg"].map(|name| folder.path().canonicalize().unwrap().join(name));
        for file in &files {
            std::fs::write(file, b"").unwrap();
        }
        let clipboard = Clipboard::new();
        clipboard.put_files(files.to_vec()).unwrap();
        assert_eq!(
            pasted(NAME, folder.path()),
            files.map(|file| file.to_str().unwrap().to_owned()).join("\n").as_bytes()
        );
    });
}

#[test]
fn without_a_screen_copying_says_so() {
    alone(module_path!(), "without_a_screen_copying_says_so", Around::NoBus, || {
        let clipboard = Clipboard::new();
        for _ in 0..2 {
            let failure = clipboard.put_image(1, 1, vec![0; 4]).unwrap_err();
            assert_eq!(failure.kind, FailureKind::Unsupported);
            assert!(failure.sentence.contains("safe in the library"), "{}", failure.sentence);
        }
    });
}
