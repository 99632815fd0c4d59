//! The log: what this program says itself goes to files of limited size in the state folder, and to standard error when
//! `PROOFSHEET_LOG` asks for it.

use std::path::Path;
use std::sync::Mutex;

use tracing_subscriber::filter::{EnvFilter, LevelFilter, filter_fn};
use tracing_subscriber::layer::{Layer as _, SubscriberExt as _};
use tracing_subscriber::util::SubscriberInitExt as _;

use crate::library::LogFile;

/// The variable that turns the log on standard error on; written like `RUST_LOG`: `debug`, `proofsheet::wire=trace`.
const VARIABLE: &str = "PROOFSHEET_LOG";

/// The folder of the log's files in the state folder.
const FOLDER: &str = "log";

/// Starts the log. Without a state folder, or where it cannot be written, there is no file.
///
/// Libraries are kept out whatever the variable says: at their lowest level some print headers, and the key is in one.
/// Nothing of this program puts prompts, bodies or keys into an event.
pub fn start(state: Option<&Path>) {
    let ours = || filter_fn(|event| is_ours(event.target()));
    let wanted = EnvFilter::try_from_env(VARIABLE).ok();
    let lines = wanted.map(|wanted| {
        tracing_subscriber::fmt::layer().with_writer(std::io::stderr).with_filter(ours()).with_filter(wanted)
    });
    let file = state.map(|state| {
        let file = Mutex::new(LogFile::open(state.join(FOLDER)));
        let layer = tracing_subscriber::fmt::layer().with_ansi(false).with_writer(file);
        layer.with_filter(ours()).with_filter(LevelFilter::INFO)
    });
    // A second start, in a test say, keeps the first.
    drop(tracing_subscriber::registry().with(lines).with(file).try_init());
}

fn is_ours(target: &str) -> bool {
    target == "proofsheet" || target.starts_with("proofsheet::")
}

#[cfg(test)]
mod tests {
    use super::is_ours;

    #[test]
    fn libraries_do_not_speak() {
        for (target, ours) in
            [("proofsheet", true), ("proofsheet::wire::client", true), ("h2::hpack", false), ("proofsheets", false)]
        {
            assert_eq!(is_ours(target), ours, "{target}");
        }
    }
}
