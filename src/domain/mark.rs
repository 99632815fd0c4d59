//! The verdict on an image.

/// Pick, reject or none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Mark {
    /// Not judged yet.
    #[default]
    None,
    /// Kept: will be saved.
    Pick,
    /// Not wanted: dimmed on the sheet.
    Reject,
}

impl Mark {
    /// The word said by a screen reader and written to `run.json`.
    pub const fn word(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Pick => "picked",
            Self::Reject => "rejected",
        }
    }
}
