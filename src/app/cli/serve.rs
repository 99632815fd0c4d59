//! `demo-endpoint`: serves the demo endpoint until Ctrl+C.

use std::io::stdout;
use std::process::ExitCode;

use super::report::{Report, complain};
use crate::demo::{self, Pace};
use crate::domain::{Failure, FailureKind};

/// Serves on loopback; prints the base URL first.
pub(super) fn run(port: Option<u16>) -> ExitCode {
    let served = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .thread_name("demo")
        .build()
        .map_err(|error| Failure::free(FailureKind::Unsupported, format!("No thread can be started. {error}")))
        .and_then(|runtime| {
            let served = runtime.block_on(serve(port));
            runtime.shutdown_background();
            served
        });
    match served {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            complain(&failure.sentence);
            ExitCode::FAILURE
        }
    }
}

async fn serve(port: Option<u16>) -> Result<(), Failure> {
    let demo = demo::start(port, Pace::default()).await?;
    let mut report = Report::new(stdout(), false);
    report.say(&format!("The demo endpoint answers at {}", demo.base_url()));
    report.say("It paints on this computer and needs no key. Ctrl+C ends it.");
    tokio::signal::ctrl_c()
        .await
        .map_err(|error| Failure::free(FailureKind::Unsupported, format!("Ctrl+C cannot be listened to. {error}")))
}
