//! How fast we may speak: the one place that every message to TWS passes.
//!
//! Left out so far: what single kinds of questions are limited to (history), and who goes first when many wait.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tradeport_kernel::{Clock, Timestamp};

const WINDOW: Duration = Duration::from_secs(1);

/// Lets at most so many messages go in any one second.
pub(crate) struct Budget {
    clock: Arc<dyn Clock>,
    most: usize,
    sent: Mutex<Sent>,
}

#[derive(Default)]
struct Sent {
    /// When the messages of the last second went, oldest first.
    recent: VecDeque<Timestamp>,
    all: u64,
}

impl Budget {
    pub(crate) fn new(clock: Arc<dyn Clock>, most: usize) -> Self {
        Self { clock, most, sent: Mutex::default() }
    }

    /// Waits until one more message may go, and counts it.
    pub(crate) async fn take(&self) {
        while let Err(free) = self.try_take() {
            self.clock.sleep_until(free).await;
        }
    }

    /// Counts a message that cannot wait: the cancel of a stream that nobody reads any more.
    pub(crate) fn note(&self) {
        let now = self.clock.now();
        self.lock(now).count(now);
    }

    /// How many messages went, ever.
    pub(crate) fn sent(&self) -> u64 {
        self.lock(self.clock.now()).all
    }

    /// An error is when there may be room again.
    fn try_take(&self) -> Result<(), Timestamp> {
        let now = self.clock.now();
        let mut sent = self.lock(now);
        if sent.recent.len() >= self.most {
            let ahead = sent.recent.len() - self.most;
            return Err(sent.recent.get(ahead).map_or(now, |at| at.after(WINDOW)));
        }
        sent.count(now);
        Ok(())
    }

    /// What was sent, without what is older than a second.
    fn lock(&self, now: Timestamp) -> MutexGuard<'_, Sent> {
        // Every change is one push or pop.
        let mut sent = self.sent.lock().unwrap_or_else(PoisonError::into_inner);
        while sent.recent.front().is_some_and(|at| at.after(WINDOW) <= now) {
            sent.recent.pop_front();
        }
        sent
    }
}

impl Sent {
    fn count(&mut self, now: Timestamp) {
        self.recent.push_back(now);
        self.all = self.all.saturating_add(1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::FutureExt;
    use tradeport_memory::VirtualClock;

    #[test]
    fn no_second_has_more_than_its_share() {
        let clock = VirtualClock::new(Timestamp::EPOCH);
        let budget = Budget::new(Arc::new(clock.clone()), 3);
        let mut went = Vec::new();
        while went.len() < 20 {
            if budget.take().now_or_never().is_some() {
                went.push(clock.now());
            } else {
                clock.advance(Duration::from_millis(90));
            }
            // A cancel goes at once, and the others wait longer for it.
            if went.len() == 10 {
                budget.note();
                went.push(clock.now());
            }
        }
        for window in went.windows(4).filter(|it| it[3] < went[10] || it[0] > went[10]) {
            assert!(window[3].since(window[0]) >= WINDOW, "{window:?}");
        }
        assert_eq!(budget.sent(), 20);
    }
}
