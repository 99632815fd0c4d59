//! What happens off the window's thread: one thread owns the tokio runtime, takes Commands and answers with Events.
//! It joins wire, media, library, secrets, desktop and demo. It knows no window: `wake` is a plain closure.

mod arrival;
mod attempt;
mod blocking;
mod budget;
mod call;
mod chores;
mod clock;
mod decoders;
mod doorbell;
mod flights;
mod gates;
mod generate;
mod handle;
mod held;
mod indexer;
mod intake;
mod jobs;
mod keeper;
mod keys;
mod landing;
mod opening;
mod outbox;
mod pictures;
mod priority;
mod raw;
mod recovery;
mod rescue;
mod retry;
mod rooms;
mod shelf;
mod trim;
mod wishlist;
mod worker;
mod writer;

pub use self::{arrival::Arrival, decoders::Decoders, doorbell::show_window, outbox::Wake, priority::step_back};
pub use handle::{Handle, Options, start};
