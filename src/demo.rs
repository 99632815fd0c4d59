//! The demo endpoint: a real images API on loopback whose pictures are painted here, from the words of the prompt.
//! It is always called a demo: its answers carry `x-demo: proofsheet` and its models are owned by `demo`.

mod answer;
mod encode;
mod order;
mod pace;
mod paint;
mod refusal;
mod roster;
mod route;
mod server;
mod shelf;
#[cfg(test)]
mod tests;
mod trouble;

pub use pace::Pace;
pub use server::{Demo, start};
pub use trouble::Trouble;
