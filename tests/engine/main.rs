//! The engine and the command line against loopback servers and temporary folders.
#![cfg(test)]

mod answers;
mod arriving;
mod bench;
mod binning;
mod canary;
mod cancelling;
mod command_line;
#[cfg(unix)]
mod doorbell;
mod failures;
mod fault_server;
mod faults;
mod finding;
mod generating;
mod hygiene;
mod missing;
mod odd_jobs;
mod outside;
mod program;
mod reading;
mod recovering;
mod repeats;
mod rescuing;
mod secure;
mod server;
