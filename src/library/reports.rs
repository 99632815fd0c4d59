//! What the program writes about itself into the state folder: the log, and reports of its own faults.

mod crashes;
mod log_file;

pub use crashes::CrashReports;
pub use log_file::LogFile;
