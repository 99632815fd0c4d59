//! The engine and the command line against loopback servers and temporary folders.
#![cfg(test)]

mod answers;
mod bench;
mod cancelling;
mod command_line;
mod failures;
mod generating;
mod odd_jobs;
mod program;
mod repeats;
mod server;
