//! What is said between the rooms: three closed enums of plain data, and the verbs with their keys.

mod action;
mod chord;
mod command;
mod event;
mod menu;
mod verb;

pub use action::{Action, Dialog, Lens, NarrowBy, Page, PreferencesPage, SaveTarget, Zoom};
pub use chord::{Chord, Key};
pub use command::{Ask, Command, Snippet, Wishes};
pub use event::{Event, IndexState, LibrarySummary, ModelEntry, SavedPicks, Severity, Unwritten};
pub use menu::MenuPart;
pub use verb::{Direction, Place, Verb};
