//! Proofsheet: generate images from any OpenAI-compatible images API, judge them like a contact sheet, keep the picks.
//!
//! The rooms, from the bottom up; arrows go down only, and `tests/it/architecture.rs` holds them:
//! [`domain`] what things are; [`message`] what is said between rooms; [`state`] what the window knows;
//! [`wire`] the protocol; [`media`] bytes and pixels; [`library`] the disk; [`secrets`] the keyring;
//! [`index`] what is searched; [`desktop`] clipboard, file manager, system theme; [`demo`] the demo endpoint;
//! [`engine`] what happens off the window's thread; [`ui`] what is seen; [`app`] who joins them.

pub mod app;
pub mod demo;
pub mod desktop;
pub mod domain;
pub mod engine;
pub mod index;
pub mod library;
pub mod media;
pub mod message;
pub mod secrets;
pub mod state;
pub mod ui;
pub mod wire;
