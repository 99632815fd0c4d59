//! Who joins the rooms: the command line, the log, and the window.

pub mod cli;
mod dialogs;
pub mod launch;
pub mod logging;
mod window;
