//! The program: reads the arguments, then the command line or the window takes over.

use std::io::Write as _;
use std::process::ExitCode;

use clap::Parser as _;
use proofsheet::app::cli::{self, Arguments, Everywhere, Start};
use proofsheet::app::{launch, logging};

fn main() -> ExitCode {
    logging::start();
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            // A closed standard output is nobody's loss.
            drop(error.print());
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(1));
        }
    };
    match arguments.subcommand {
        Some(subcommand) => cli::run(subcommand, &arguments.everywhere),
        None => open_window(&arguments.everywhere),
    }
}

fn open_window(everywhere: &Everywhere) -> ExitCode {
    let start = match Start::new(everywhere) {
        Ok(start) => start,
        Err(error) => return cli::refuse(&error),
    };
    let chosen = everywhere.demo || everywhere.endpoint.is_some() || everywhere.base_url.is_some();
    match launch::open(start, chosen) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // A closed standard error is nobody's loss.
            drop(writeln!(std::io::stderr(), "proofsheet: {error}"));
            ExitCode::FAILURE
        }
    }
}
