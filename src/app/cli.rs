//! The command line: one engine, without the window.

mod arguments;
mod check;
mod generate;
mod interrupt;
mod rebuild;
mod report;
mod serve;
mod setup;

pub use arguments::{Arguments, Everywhere, Renderer, Subcommand};
pub use setup::{Start, UsageError};

use std::process::ExitCode;

use clap::Parser as _;

/// Reads the command line. Help, version and mistakes are printed; the exit code for them comes back.
pub fn parse() -> Result<Arguments, ExitCode> {
    Arguments::try_parse().map_err(|error| {
        // A closed standard output is nobody's loss.
        drop(error.print());
        ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(report::EXIT_USAGE))
    })
}

/// Carries a subcommand out; the exit code says how it went.
pub fn run(subcommand: Subcommand, everywhere: &Everywhere) -> ExitCode {
    let done = match subcommand {
        Subcommand::Generate(wanted) => generate::run(wanted, everywhere),
        Subcommand::Check => check::run(everywhere),
        Subcommand::Rebuild => rebuild::run(everywhere),
        Subcommand::DemoEndpoint { port } => Ok(serve::run(port)),
    };
    done.unwrap_or_else(|error| refuse(&error))
}

/// The folder for the log and for reports of faults. None where the call is wrong, which is said elsewhere.
pub fn state_folder(everywhere: &Everywhere) -> Option<std::path::PathBuf> {
    setup::places(everywhere).ok().map(|places| places.state)
}

/// Says what is wrong with the call; the exit code for that.
pub fn refuse(error: &UsageError) -> ExitCode {
    report::usage(error)
}
