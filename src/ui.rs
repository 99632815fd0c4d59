//! What is seen: reads the session, answers with actions. The only room with the toolkit.

mod cx;
mod icons;
mod memory;
mod picture;
mod shell;
mod shortcuts;
mod textures;
mod theme;
mod widgets;

mod composer;
mod details;
mod empty_bin;
mod first_start;
mod key_sheet;
mod notices;
mod preferences;
mod status_bar;
mod top_bar;
mod tray;
mod type_path;

mod filmstrip;
mod image_menu;
mod inspector;
mod run_header;
mod sheet;
#[cfg(test)]
mod stage;
mod survey;
#[cfg(test)]
mod tests;
mod tile;
mod viewer;

pub use memory::Memory;
pub use shell::{prepare, shell_ui};
pub use textures::Textures;
