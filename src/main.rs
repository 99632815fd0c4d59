//! The program: reads the arguments, then the command line or the window takes over.

use std::io::Write as _;
use std::process::ExitCode;

use proofsheet::app::cli::{self, Arguments, Everywhere, Start};
use proofsheet::app::{launch, logging};

fn main() -> ExitCode {
    logging::start();
    match cli::parse() {
        Ok(Arguments { subcommand: Some(subcommand), everywhere }) => cli::run(subcommand, &everywhere),
        Ok(Arguments { subcommand: None, everywhere }) => open_window(&everywhere),
        Err(code) => code,
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
