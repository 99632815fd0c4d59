//! The disk: the library, the settings file, and the one way anything is written. It blocks: the caller chooses the thread.

mod bin;
mod catalog;
mod changes;
mod check;
mod digest;
mod disk;
#[cfg(test)]
mod faulty;
mod holding;
mod inbox;
mod layout;
mod ledger;
mod lock;
mod packs;
mod passage;
mod passing;
mod places;
mod record;
mod recovery;
mod reports;
mod rescue;
#[cfg(test)]
mod sample;
mod save;
mod scan;
mod schema;
mod settings;
mod shelf;
mod trouble;
mod write;

pub use self::{bin::Emptied, bin::Unmoved, holding::doorbell, holding::free_doorbell, packs::Packs};
pub use self::{passage::Passage, places::Places, record::NewImage, save::Recoding};
pub use catalog::{Library, Opened};
pub use check::{Report, check};
pub use reports::{CrashReports, LogFile, OpenWindow};
pub use rescue::{Kept, Refuges, Rescue, Rescued};
pub use settings::{load_settings, models_file, save_settings};
