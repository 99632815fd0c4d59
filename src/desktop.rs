//! The desktop around the window: its clipboard, its file manager, its light or dark setting, its dialogs.

#[cfg(all(unix, not(target_os = "macos")))]
mod bus;
mod clipboard;
mod dialog;
mod files;
mod limited;
mod theme;

pub use clipboard::Clipboard;
pub use dialog::native_dialog_available;
pub use files::{open_folder, reveal};
pub use theme::watch_system_dark;
