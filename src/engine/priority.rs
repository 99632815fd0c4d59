//! How threads that work together step back behind everything else that wants to run.

use thread_priority::{Error, ThreadPriority, set_current_thread_priority};

/// From now on this thread, the `number`th of those that work together, runs when nothing else in the program wants to.
#[cfg(not(target_os = "linux"))]
pub fn step_back(_number: usize) -> Result<(), Error> {
    set_current_thread_priority(ThreadPriority::Min)
}

/// From now on this thread, the `number`th of those that work together, runs when nothing else in the program wants to.
///
/// The first has the lowest niceness: beside threads that never rest it still gets 1.5 % of a core. Such a thread keeps
/// its core to the end of its slice, whoever wakes meanwhile. So all others get `SCHED_IDLE`, a fifth of that share: their
/// cores count as free for whoever wakes, and are given up at once.
#[cfg(target_os = "linux")]
pub fn step_back(number: usize) -> Result<(), Error> {
    use thread_priority::{
        NormalThreadSchedulePolicy, ThreadSchedulePolicy, set_thread_priority_and_policy, thread_native_id,
    };

    let nice = || set_current_thread_priority(ThreadPriority::Min);
    if number == 0 {
        return nice();
    }
    let idle = ThreadSchedulePolicy::Normal(NormalThreadSchedulePolicy::Idle);
    // A sandbox may forbid it.
    set_thread_priority_and_policy(thread_native_id(), ThreadPriority::Min, idle).or_else(|_forbidden| nice())
}
