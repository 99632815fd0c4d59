//! Who joins the rooms: the command line, the log, and the window.

pub mod cli;
pub mod logging;
