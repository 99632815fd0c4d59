//! Who joins the rooms: the command line, the log, and the window.

pub mod cli;
pub mod crash;
mod dialogs;
#[cfg(debug_assertions)]
mod fault;
pub mod launch;
pub mod logging;
mod raise;
mod window;
