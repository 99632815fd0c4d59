//! The command line: one engine, without the window.

mod arguments;
mod check;
mod generate;
mod interrupt;
mod report;
mod serve;
mod setup;

pub use arguments::{Arguments, Everywhere, Subcommand};
pub use setup::{Start, UsageError};

use std::process::ExitCode;

/// Carries a subcommand out; the exit code says how it went.
pub fn run(subcommand: Subcommand, everywhere: &Everywhere) -> ExitCode {
    let done = match subcommand {
        Subcommand::Generate(wanted) => generate::run(wanted, everywhere),
        Subcommand::Check => check::run(everywhere),
        Subcommand::DemoEndpoint { port } => Ok(serve::run(port)),
    };
    done.unwrap_or_else(|error| refuse(&error))
}

/// Says what is wrong with the call; the exit code for that.
pub fn refuse(error: &UsageError) -> ExitCode {
    report::usage(error)
}
