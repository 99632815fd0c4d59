//! Controls of the window, painted from the theme and named for the accessibility tree.

mod button;
mod label;
mod ring;

pub(super) use button::Button;
pub(super) use label::{Tone, label, label_at, line, truncated, wrapped};
pub(super) use ring::{hairline, ring};
