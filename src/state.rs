//! Placeholder until the state is merged.

/// What the window shows.
pub struct Session {}
