//! The rooms that read what strangers send, built from the program's own source, and what is done with them.

// The targets name the program as the tests do.
extern crate self as proofsheet;

#[path = "../../src"]
mod rooms {
    pub mod domain;
    pub mod media;
    pub mod wire;
}
pub mod targets;

pub use rooms::{domain, media, wire};
