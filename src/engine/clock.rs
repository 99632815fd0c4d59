//! The time of day, for what is written down.

use std::time::{SystemTime, UNIX_EPOCH};

use crate::domain::Timestamp;

/// Now; a clock before 1970 counts as 1970.
pub(super) fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp(u64::try_from(since.as_millis()).unwrap_or(u64::MAX))
}
