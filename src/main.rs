//! The program: reads the arguments, then the command line or the window takes over.

use std::io::Write as _;
use std::process::ExitCode;

use proofsheet::app::cli::{self, Arguments, Everywhere, Renderer, Start};
use proofsheet::app::crash::{self, Watch};
use proofsheet::app::launch::{self, Outcome};
use proofsheet::app::logging;

/// What is said when there was nothing to open.
const SHOWN: &str = "Proofsheet is open with this library already. Its window is in front now; to start with other \
                     options, close it first";

fn main() -> ExitCode {
    let Arguments { everywhere, renderer, subcommand } = match cli::parse() {
        Ok(arguments) => arguments,
        Err(code) => return code,
    };
    let state = cli::state_folder(&everywhere);
    logging::start(state.as_deref());
    let watch = crash::watch(state.as_deref());
    match subcommand {
        Some(subcommand) => cli::run(subcommand, &everywhere),
        None => open_window(&everywhere, renderer, &watch),
    }
}

fn open_window(everywhere: &Everywhere, renderer: Option<Renderer>, watch: &Watch) -> ExitCode {
    let start = match Start::new(everywhere) {
        Ok(start) => start,
        Err(error) => return cli::refuse(&error),
    };
    let chosen = everywhere.demo || everywhere.endpoint.is_some() || everywhere.base_url.is_some();
    match launch::open(start, chosen, renderer, watch) {
        Ok(Outcome::Closed) => ExitCode::SUCCESS,
        Ok(Outcome::ShownElsewhere) => {
            // A closed standard output is nobody's loss.
            drop(writeln!(std::io::stdout(), "{SHOWN}"));
            ExitCode::SUCCESS
        }
        Err(error) => {
            // A closed standard error is nobody's loss.
            drop(writeln!(std::io::stderr(), "proofsheet: {error}"));
            ExitCode::FAILURE
        }
    }
}
