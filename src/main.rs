//! The program: reads the arguments, then the command line or the window takes over.

use std::io::Write as _;
use std::process::ExitCode;

use proofsheet::app::cli::{self, Arguments, Everywhere, Start};
use proofsheet::app::logging;

/// A window needs one of these to be there.
#[cfg(all(unix, not(target_os = "macos")))]
const DISPLAYS: [&str; 2] = ["WAYLAND_DISPLAY", "DISPLAY"];

fn main() -> ExitCode {
    logging::start();
    match cli::parse() {
        Ok(Arguments { subcommand: Some(subcommand), everywhere }) => cli::run(subcommand, &everywhere),
        Ok(Arguments { subcommand: None, everywhere }) => open_window(&everywhere),
        Err(code) => code,
    }
}

fn open_window(everywhere: &Everywhere) -> ExitCode {
    if !has_display() {
        say(
            "There is no display to open a window on. To make images from a terminal: proofsheet generate \"a prompt\"",
        );
        return ExitCode::FAILURE;
    }
    match Start::new(everywhere) {
        Ok(start) => window(start),
        Err(error) => cli::refuse(&error),
    }
}

/// WINDOW: the one place where the window is opened. It takes `Start` over and returns the exit code.
fn window(start: Start) -> ExitCode {
    drop(start);
    say("The window is not part of this build");
    ExitCode::FAILURE
}

#[cfg(all(unix, not(target_os = "macos")))]
fn has_display() -> bool {
    DISPLAYS.iter().any(|name| std::env::var_os(name).is_some_and(|display| !display.is_empty()))
}

#[cfg(not(all(unix, not(target_os = "macos"))))]
const fn has_display() -> bool {
    true
}

fn say(text: &str) {
    drop(writeln!(std::io::stderr(), "proofsheet: {text}"));
}
