//! The most memory an answer takes, each in a process of its own; the server, which holds the body, is in the first.

use std::fs;
use std::process::Command;

use super::engine::Engine;

/// What a child process is asked for: `--child BASE_URL IMAGES`.
pub(crate) const CHILD: &str = "--child";

/// Megabytes this process grew by, from before the answer to the most it ever took.
pub(crate) struct Growth {
    /// In MB.
    pub(crate) megabytes: f64,
    /// What came of the run.
    pub(crate) outcome: String,
}

/// Runs one answer in a process of its own.
pub(crate) fn measure(base_url: &str, warm_up: &str, images: u16) -> Growth {
    let own = std::env::current_exe().unwrap();
    let out = Command::new(own).args([CHILD, base_url, warm_up, &images.to_string()]).output().unwrap();
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    let text = String::from_utf8(out.stdout).unwrap();
    let (megabytes, outcome) = text.trim().split_once(' ').unwrap();
    Growth { megabytes: megabytes.parse().unwrap(), outcome: outcome.to_owned() }
}

/// What the child does.
pub(crate) fn child(mut arguments: impl Iterator<Item = String>) {
    let (base_url, warm_up) = (arguments.next().unwrap(), arguments.next().unwrap());
    let images = arguments.next().unwrap().parse().unwrap();
    let mut engine = Engine::start();
    // Threads, connections and code are there before anything is counted.
    engine.generate(&warm_up, 1);
    // The kernel forgets the most there was so far.
    fs::write("/proc/self/clear_refs", "5").unwrap();
    let before = kilobytes("VmRSS:");
    let times = engine.generate(&base_url, images);
    let most = kilobytes("VmHWM:");
    let outcome = format!("{} stored {}", times.stored.len(), times.failures.join(" "));
    println!("{} {outcome}", (most - before) / 1e3 * 1.024);
}

fn kilobytes(name: &str) -> f64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap();
    line.trim().trim_end_matches("kB").trim().parse().unwrap()
}
