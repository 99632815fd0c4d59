//! The protocol: requests and answers of the images API as bytes, and the clients that carry them.

mod base64;
mod body;
mod candidate;
mod limits;
mod scan;

pub use body::body;
