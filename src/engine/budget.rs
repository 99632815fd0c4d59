//! A number of bytes that are shared out and come back by themselves.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// What there is to share out.
pub(super) struct Budget {
    used: Arc<AtomicUsize>,
    most: usize,
}

/// A share; it comes back when this is dropped.
pub(super) struct Share {
    bytes: usize,
    used: Arc<AtomicUsize>,
}

impl Budget {
    /// So many bytes in all.
    pub(super) fn new(most: usize) -> Self {
        Self { used: Arc::default(), most }
    }

    /// A share, when there is enough left. The only one may be as large as it likes.
    pub(super) fn take(&self, bytes: usize) -> Option<Share> {
        let fits = |used: usize| Some(used + bytes).filter(|sum| used == 0 || *sum <= self.most);
        self.used.fetch_update(Ordering::SeqCst, Ordering::SeqCst, fits).ok()?;
        Some(Share { bytes, used: Arc::clone(&self.used) })
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        self.used.fetch_sub(self.bytes, Ordering::SeqCst);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_end_at_the_limit_and_come_back() {
        let budget = Budget::new(10);
        let (first, second) = (budget.take(6), budget.take(4));
        assert!(first.is_some() && second.is_some() && budget.take(1).is_none());
        drop(first);
        assert!(budget.take(7).is_none() && budget.take(6).is_some());
    }

    #[test]
    fn one_that_is_larger_than_all_of_it_has_its_turn_alone() {
        let budget = Budget::new(10);
        let large = budget.take(50);
        assert!(large.is_some() && budget.take(1).is_none());
        drop(large);
        let _small = budget.take(1);
        assert!(budget.take(50).is_none());
    }
}
