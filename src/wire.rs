//! The protocol: requests and answers of the images API as bytes, and the clients that carry them.

mod base64;
mod body;
mod candidate;
mod events;
mod fault;
mod limits;
mod mask;
mod question;
mod reply;
mod retry_after;
mod rules;
mod scan;
mod words;

pub use body::body;
pub use fault::{Answer, Fault, fault};
pub use mask::mask;
pub use question::Question;
pub use reply::{Ending, Found, Reader};
