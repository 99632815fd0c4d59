//! Copying a picture on a real (virtual) screen, pasted by another process.

use std::process::Command;

use proofsheet::desktop::Clipboard;
use proofsheet::domain::FailureKind;

use super::alone::{Around, alone};

/// Set in the process that pastes: the file that takes the bytes.
const PASTE_TO: &str = "PROOFSHEET_TEST_PASTE_TO";

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
            let file = folder.path().join("pasted");
            let (_, module) = module_path!().split_once("::").unwrap();
            let pasted = Command::new(std::env::current_exe().unwrap())
                .args(["--exact", &format!("{module}::{NAME}"), "--nocapture"])
                .env(PASTE_TO, &file)
                .status()
                .unwrap();
            assert!(pasted.success());
            assert!(std::fs::read(file).unwrap() == rgba, "shift {shift}");
        }
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
