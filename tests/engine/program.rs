//! The real program, run as a person at a terminal runs it, in a folder of its own.

use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

use super::bench::KEY;
use super::server::Server;

/// Variables that would let the computer's own settings, keyring or proxy in.
const FOREIGN: [&str; 12] = [
    "PROOFSHEET_API_KEY",
    "PROOFSHEET_LOG",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "ALL_PROXY",
    "http_proxy",
    "https_proxy",
    "all_proxy",
    "DISPLAY",
    "WAYLAND_DISPLAY",
    "XDG_CONFIG_HOME",
    "XDG_RUNTIME_DIR",
];

pub(crate) struct Program {
    pub(crate) folder: tempfile::TempDir,
}

impl Program {
    pub(crate) fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    pub(crate) fn library(&self) -> PathBuf {
        self.folder.path().join("library")
    }

    /// The program with these arguments, a home and library of its own, a key and no keyring.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = self.command_without_library(&[]);
        command.arg("--library").arg(self.library()).args(arguments);
        command
    }

    /// The same, but the library is among the arguments.
    pub(crate) fn command_without_library(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_proofsheet"));
        for name in FOREIGN {
            command.env_remove(name);
        }
        command
            .env("HOME", self.folder.path().join("no home"))
            .env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent")
            .env("PROOFSHEET_API_KEY", KEY)
            .arg("--home")
            .arg(self.folder.path().join("home"))
            .args(arguments)
            .stdin(Stdio::null());
        command
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    /// `generate` at a server, in JSON.
    pub(crate) fn generate(&self, server: &Server, arguments: &[&str]) -> Done {
        let base = server.base();
        let mut all = vec!["generate", "--json", "--base-url", &base];
        all.extend(arguments);
        Done::new(self.run(&all))
    }

    /// `generate` on the demo endpoint, in JSON.
    pub(crate) fn demo(&self, arguments: &[&str]) -> Done {
        let mut all = vec!["generate", "--json", "--demo", "--size", "256x256"];
        all.extend(arguments);
        Done::new(self.run(&all))
    }
}

/// A program that has ended.
pub(crate) struct Done {
    pub(crate) code: i32,
    pub(crate) lines: Vec<Value>,
    pub(crate) errors: String,
}

impl Done {
    #[track_caller]
    pub(crate) fn new(output: Output) -> Self {
        let errors = String::from_utf8(output.stderr).unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        let lines = text.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("{line}"))).collect();
        assert!(!text.contains(KEY) && !errors.contains(KEY), "the key was printed");
        Self { code: output.status.code().unwrap_or(-1), lines, errors }
    }

    pub(crate) fn of(&self, event: &str) -> Vec<&Value> {
        self.lines.iter().filter(|line| line["event"] == event).collect()
    }

    /// The stored files, in the order they were told.
    pub(crate) fn files(&self) -> Vec<PathBuf> {
        self.of("stored").into_iter().map(|line| PathBuf::from(line["file"].as_str().unwrap())).collect()
    }
}
