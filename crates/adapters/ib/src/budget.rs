//! How fast we may speak: the one place that every message to TWS passes.
//!
//! TWS counts what arrives within any second and ends the session of whoever sends more than it allows. What leaves evenly
//! still arrives unevenly, so messages are spaced: a few may go at once after a silence, and then one each time that a share
//! of the second has passed. In any stretch of time `t` at most `AT_ONCE + t * rate` messages leave, so that 45 a second stay
//! below 50 even where the way to TWS stretches and squeezes time by 40 ms.
//!
//! Cancels go first, whoever waits; among equals whoever came first. Left out: what single kinds of questions are limited
//! to (history).

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tradeport_kernel::{Clock, Timestamp};

/// So many messages may go at once after a silence, at 45 a second; in proportion at other rates.
const AT_ONCE: usize = 3;
const AT_ONCE_OF: usize = 45;

/// Who goes first when several wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    /// It makes things less: a cancel of an order or of a stream.
    Cancel,
    /// Everything else.
    Other,
}

/// Spaces the messages of one connection.
pub(crate) struct Budget {
    clock: Arc<dyn Clock>,
    /// Between two messages, once what may go at once is gone.
    gap: Duration,
    /// How far ahead of their even times messages may go.
    slack: Duration,
    line: Mutex<Line>,
}

/// Who waits, and when the next message would go if all went evenly.
struct Line {
    even: Timestamp,
    waiting: BTreeSet<Ticket>,
    last: u64,
    sent: u64,
}

/// A place in the line: cancels before others, then by their numbers.
type Ticket = (Rank, u64);

impl Budget {
    /// Of so many messages a second.
    pub(crate) fn new(clock: Arc<dyn Clock>, per_second: usize) -> Self {
        let share = |count: usize| u32::try_from(count).unwrap_or(u32::MAX).max(1);
        let gap = (Duration::from_secs(1) / share(per_second)).max(Duration::from_nanos(1));
        let at_once = (per_second * AT_ONCE).div_ceil(AT_ONCE_OF);
        let line = Line { even: Timestamp::EPOCH, waiting: BTreeSet::new(), last: 0, sent: 0 };
        Self { clock, gap, slack: gap.saturating_mul(share(at_once) - 1), line: Mutex::new(line) }
    }

    /// Waits until one more message may go, and counts it. Whoever stops waiting leaves no gap.
    pub(crate) async fn take(&self) {
        self.take_as(Rank::Other).await;
    }

    /// The same for a cancel.
    pub(crate) async fn take_first(&self) {
        self.take_as(Rank::Cancel).await;
    }

    /// Counts a cancel if it may go at once.
    pub(crate) fn try_take_first(&self) -> bool {
        self.try_take(Rank::Cancel)
    }

    async fn take_as(&self, rank: Rank) {
        if self.try_take(rank) {
            return;
        }
        let place = self.stand_in_line(rank);
        while let Err(free) = self.is_turn_of(place.ticket) {
            self.clock.sleep_until(free).await;
        }
    }

    /// Counts a message if it may go at once.
    fn try_take(&self, rank: Rank) -> bool {
        let now = self.clock.now();
        let mut line = self.lock();
        let is_first = line.waiting.first().is_none_or(|(first, _)| rank < *first);
        is_first && self.go(&mut line, now, 0).is_ok()
    }

    /// How many messages went, ever.
    pub(crate) fn sent(&self) -> u64 {
        self.lock().sent
    }

    fn stand_in_line(&self, rank: Rank) -> Place<'_> {
        let mut line = self.lock();
        line.last += 1;
        let ticket = (rank, line.last);
        line.waiting.insert(ticket);
        Place { budget: self, ticket }
    }

    /// An error is when its turn may come.
    fn is_turn_of(&self, ticket: Ticket) -> Result<(), Timestamp> {
        let now = self.clock.now();
        let mut line = self.lock();
        let ahead = line.waiting.range(..ticket).count();
        self.go(&mut line, now, u32::try_from(ahead).unwrap_or(u32::MAX))
    }

    /// Lets one message go that has so many ahead of it; an error is when it may.
    fn go(&self, line: &mut Line, now: Timestamp, ahead: u32) -> Result<(), Timestamp> {
        let free = line.even.before(self.slack);
        // Nobody overtakes, however much time has passed.
        if ahead > 0 || free > now {
            return Err(free.max(now).after(self.gap.saturating_mul(ahead)));
        }
        line.even = line.even.max(now).after(self.gap);
        line.sent = line.sent.saturating_add(1);
        Ok(())
    }

    fn lock(&self) -> MutexGuard<'_, Line> {
        // Every change is whole before the lock is let go.
        self.line.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Somebody waits, until this is dropped.
struct Place<'a> {
    budget: &'a Budget,
    ticket: Ticket,
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.budget.lock().waiting.remove(&self.ticket);
    }
}

#[cfg(test)]
mod tests;
