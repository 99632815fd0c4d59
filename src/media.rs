//! Bytes and pixels: what a picture's bytes are, how large it is, and how it looks; the only room that decodes.

mod decode;
mod limits;
mod orient;
mod sniff;
#[cfg(test)]
mod tests;
mod thumbnail;
mod trouble;
mod widen;

pub use decode::{decode, dimensions, straight_rgba};
pub use limits::{FILE_BYTES_MAX, PIXELS_MAX, SIDE_MAX};
pub use sniff::sniff;
pub use thumbnail::thumbnail;
