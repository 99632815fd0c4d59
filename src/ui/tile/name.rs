//! What a screen reader says about a tile.

use super::Tile;
use crate::domain::{Mark, Slot, prompt_start};

/// `3 of 12, picked, a lighthouse at dusk, 1024 by 1024`.
pub(in crate::ui) fn image_name(tile: &Tile<'_>) -> String {
    let mut parts = vec![format!("{} of {}", tile.position, tile.of)];
    match tile.slot {
        Slot::Stored(facts) if facts.mark != Mark::None => parts.push(facts.mark.word().to_owned()),
        Slot::Stored(_) => {}
        Slot::Waiting => parts.push("waiting".to_owned()),
        Slot::Gone => parts.push("emptied from the bin".to_owned()),
        Slot::Failed(failure) => parts.push(format!("failed: {}", failure.title())),
    }
    parts.push(prompt_start(tile.run.request.prompt.as_str()));
    if let Slot::Stored(facts) = tile.slot
        && facts.width > 0
    {
        parts.push(format!("{} by {}", facts.width, facts.height));
    }
    parts.join(", ")
}
