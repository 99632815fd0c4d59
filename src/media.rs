//! Bytes and pixels: what a picture's bytes are, how large it is, and how it looks; the only room that decodes,
//! and encodes copies that are saved in another format.

mod arriving;
mod decode;
mod encode;
mod feed;
mod kept;
mod levels;
mod limits;
mod orient;
mod picture;
mod rows;
mod sniff;
#[cfg(test)]
mod tests;
mod thumbnail;
mod trouble;
mod widen;

pub use arriving::{Arriving, Stage};
pub use decode::{decode, dimensions, straight_rgba};
pub use encode::{Encoded, encode};
pub use feed::Feed;
pub use kept::{keep, kept};
pub use levels::with_levels;
pub use limits::{FILE_BYTES_MAX, PIXELS_MAX, SIDE_MAX};
pub use sniff::sniff;
pub use thumbnail::thumbnail;
