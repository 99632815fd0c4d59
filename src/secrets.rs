//! The keys of the endpoints in the computer's keyring, and in memory alone where there is none.
//!
//! No error of the keyring crates is ever printed: some of them carry the secret's bytes.

mod platform;
mod ring;
#[cfg(test)]
mod tests;
mod trouble;
mod vault;
mod wishes;
mod worker;

pub use vault::{Found, SERVICE, TIME_LIMIT, Vault};
