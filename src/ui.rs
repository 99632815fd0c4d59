//! What is seen: reads the session, answers with actions. The only room with the toolkit.

mod composer;
mod cx;
mod icons;
mod memory;
mod picture;
mod shell;
mod shortcuts;
mod textures;
mod theme;
mod widgets;

mod inspector;
mod run_header;
mod sheet;
mod survey;
mod tile;
mod viewer;

#[cfg(test)]
mod stage;

pub use memory::Memory;
pub use shell::{prepare, shell_ui};
pub use textures::Textures;
