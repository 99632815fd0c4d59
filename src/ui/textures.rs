//! Placeholder until its owner's branch is merged.

/// Pictures on the graphics card.
#[derive(Default)]
pub struct Textures {}
