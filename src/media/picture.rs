//! A decoded picture inside this room, and the memory for one.

use super::trouble::Trouble;

/// How colours and alpha stand to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Alpha {
    /// As in the file.
    Straight,
    /// Colours multiplied by alpha, as they are shown.
    Premultiplied,
}

/// A decoded picture as it is to be seen.
pub(super) struct Picture {
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) words: Vec<u32>,
}

/// Memory that is asked for, not taken: a computer without it gets a failure instead of the end of the program.
/// It comes zeroed from the system, so that a file that breaks off early does not touch all of it.
pub(super) fn zeroed<T: bytemuck::Zeroable>(length: usize) -> Result<Vec<T>, Trouble> {
    bytemuck::try_zeroed_vec(length).map_err(|()| Trouble::Memory)
}
