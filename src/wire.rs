//! The protocol: requests and answers of the images API as bytes, and the clients that carry them.

mod address;
mod base64;
mod body;
mod candidate;
mod cause;
mod client;
mod departure;
mod download;
mod events;
mod exchange;
mod fault;
mod limits;
#[cfg(test)]
mod loopback;
mod mask;
mod models;
mod question;
mod reply;
mod retry_after;
mod rules;
mod scan;
mod snippet;
mod words;

pub use body::body;
pub use client::{Client, ClientOptions, Outgoing, Target};
pub use departure::Departure;
pub use exchange::Exchange;
pub use fault::{Answer, Fault, fault};
pub use limits::{BODY_BYTES, IMAGE_BYTES};
pub use mask::mask;
pub use models::Model;
pub use question::Question;
pub use reply::{Ending, Found, Part, Reader};
pub use snippet::{SnippetKind, snippet};
