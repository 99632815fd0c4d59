//! What the window knows: pure values that change by Actions and Events only; time is passed in.

mod comparing;
mod composer;
mod desk;
mod endpoints;
mod jobs;
mod notices;
mod saving;
mod session;
mod sheet;
mod undo;
mod viewer;

pub use comparing::{Compared, Comparison};
pub use composer::Composer;
pub use desk::Desk;
pub use endpoints::{Endpoints, Keyring, Models};
pub use jobs::{Jobs, Phase, Progress, RunProgress};
pub use notices::{Notice, NoticeButton, Notices};
pub use session::{LibraryState, Session, SessionOptions};
pub use sheet::{Cell, Counts, Finding, Lines, Places, SelectionSum, Sheet, VisibleRun, cells, line_count, ratios};
pub use viewer::Viewer;
