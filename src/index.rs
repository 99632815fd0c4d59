//! The index: what is in a library, in SQLite, to be searched. A cache: everything in it can be read from the folders again.

mod find;
mod letters;
#[cfg(test)]
mod sample;
mod schema;
mod store;
mod trouble;
mod walk;
mod write;

pub use find::FIRST;
pub use store::Index;
pub use write::{Changes, Stamp};
