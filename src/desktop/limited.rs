//! A call to the desktop that is waited for only so long.

use std::sync::mpsc::sync_channel;
use std::time::Duration;

/// Does `work` on a thread of that name and gives its result, or `None` when it takes longer than `limit` (it is then
/// left to end by itself), panics, or no thread can be had.
pub(super) fn limited<T: Send + 'static>(
    name: &str,
    limit: Duration,
    work: impl FnOnce() -> T + Send + 'static,
) -> Option<T> {
    let (answer, answered) = sync_channel(1);
    // When nobody waits any more, the answer goes nowhere.
    let run = move || drop(answer.send(work()));
    std::thread::Builder::new().name(name.to_owned()).spawn(run).ok()?;
    answered.recv_timeout(limit).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_in_time_is_given_and_a_late_one_is_not() {
        assert_eq!(limited("quick", Duration::from_secs(20), || 7), Some(7));
        let (hold, held) = sync_channel::<()>(0);
        let late = limited("late", Duration::from_millis(20), move || held.recv().is_ok());
        assert_eq!(late, None);
        drop(hold);
    }
}
