//! How long a request would wait, by what waits before it and what the limits have room for.
//!
//! An estimate: it takes it that all who wait ask for the same, and that nobody more urgent comes.

use super::budget::{PacingBudget, Refused};
use super::charge::Kind;
use super::request::{Priority, Request};
use std::time::Duration;
use tradeport_kernel::Timestamp;

/// How long a request would wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ExpectedWait {
    /// About so long; zero when it may go at once.
    About(Duration),
    /// Until something that is open ends: a line, a book, a request. Nobody knows when.
    UntilOthersEnd,
}

impl PacingBudget {
    /// How long this request would wait if it were asked now.
    pub fn expected_wait(&mut self, request: &Request, now: Timestamp) -> Result<ExpectedWait, Refused> {
        let now = self.advance(now);
        let connection = self.connections.find(request.connection()).ok_or(Refused::NoConnection)?;
        let (kind, priority) = (Kind::of(request.class()), request.priority());
        let standing = &self.connections.at(connection).ready[..=priority.index()];
        let before: u32 = standing.iter().sum();
        let messages = self.connections.reaches(connection, priority, before.saturating_add(1), now);
        let of_kind = self.lanes.waiting_kind(kind, priority);
        let Some(shared) = self.meters.kind_reaches(kind, of_kind, now) else {
            return Ok(ExpectedWait::UntilOthersEnd);
        };
        let key = self.meters.key_free_at(request.class());
        Ok(ExpectedWait::About(messages.max(shared).max(key).since(now)))
    }

    /// How many requests of a priority wait.
    #[must_use]
    pub fn waiting(&self, priority: Priority) -> u32 {
        self.lanes.waiting(priority)
    }
}
