//! What the program writes about itself into the state folder: the log, reports of its own faults, and which windows are
//! open.

mod crashes;
mod log_file;
mod open_windows;

pub use crashes::CrashReports;
pub use log_file::LogFile;
pub use open_windows::OpenWindow;
