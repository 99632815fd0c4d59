//! The log: on standard error, only when `PROOFSHEET_LOG` asks for it, and only what this program says itself.

use tracing_subscriber::filter::{EnvFilter, filter_fn};
use tracing_subscriber::layer::{Layer as _, SubscriberExt as _};
use tracing_subscriber::util::SubscriberInitExt as _;

/// The variable that turns the log on; written like `RUST_LOG`: `debug`, `proofsheet::wire=trace`.
const VARIABLE: &str = "PROOFSHEET_LOG";

/// Starts the log when the variable is set.
///
/// Libraries are kept out whatever the variable says: at their lowest level some print headers, and the key is in one.
pub fn start() {
    let Ok(filter) = EnvFilter::try_from_env(VARIABLE) else { return };
    let ours = filter_fn(|event| is_ours(event.target()));
    let lines = tracing_subscriber::fmt::layer().with_writer(std::io::stderr).with_filter(ours);
    // A second start, in a test say, keeps the first.
    drop(tracing_subscriber::registry().with(filter).with(lines).try_init());
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
