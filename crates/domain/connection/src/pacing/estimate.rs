//! How long a request would wait, by what waits before it and what the limits have room for, and which limit it is.
//!
//! An estimate: it takes it that all who wait ask for the same, and that nobody more urgent comes.

use super::Rule;
use super::budget::{PacingBudget, Refused};
use super::charge::Kind;
use super::meters::Wait;
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

impl ExpectedWait {
    /// Is it over after that long?
    #[must_use]
    pub fn is_within(self, patience: Duration) -> bool {
        matches!(self, Self::About(wait) if wait <= patience)
    }
}

impl std::fmt::Display for ExpectedWait {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::About(wait) => write!(f, "there is room in about {:.1} s", wait.as_secs_f64()),
            Self::UntilOthersEnd => f.write_str("there is room when one of them ends"),
        }
    }
}

/// The limit that a request would wait for longest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Obstacle {
    /// Which limit.
    pub rule: Rule,
    /// How much of it is in use.
    pub used: u32,
    /// How much there may be.
    pub most: u32,
    /// How long it would hold the request back.
    pub wait: ExpectedWait,
}

impl std::fmt::Display for Obstacle {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} of {} {} are in use: {}", self.used, self.most, self.rule, self.wait)
    }
}

impl PacingBudget {
    /// How long this request would wait if it were asked now.
    pub fn expected_wait(&mut self, request: &Request, now: Timestamp) -> Result<ExpectedWait, Refused> {
        let longest = self.waits(request, now)?.into_iter().map(|(_, until)| until).max();
        Ok(self.expected(longest.unwrap_or(now)))
    }

    /// Which limit would hold this request back longest if it were asked now; `None` when it may go at once.
    pub fn obstacle(&mut self, request: &Request, now: Timestamp) -> Result<Option<Obstacle>, Refused> {
        let waits = self.waits(request, now)?;
        let longest =
            waits.into_iter().filter(|(_, until)| *until > self.now()).max_by_key(|(_, until)| *until);
        Ok(longest.map(|(rule, until)| {
            let used = match rule {
                Rule::Messages => self.connections.at(request.connection().place).used(),
                rule => self.meters.used_by(rule, request.class()),
            };
            let most = self.limits().get(rule).map_or(u32::MAX, super::Limit::most);
            Obstacle { rule, used, most, wait: self.expected(until) }
        }))
    }

    fn expected(&self, until: Timestamp) -> ExpectedWait {
        if until == Timestamp::MAX {
            return ExpectedWait::UntilOthersEnd;
        }
        ExpectedWait::About(until.since(self.now()))
    }

    /// Until when each limit holds it back; [`Timestamp::MAX`] until others end.
    fn waits(&mut self, request: &Request, now: Timestamp) -> Result<Vec<Wait>, Refused> {
        let now = self.advance(now);
        let connection = self.connections.find(request.connection()).ok_or(Refused::NoConnection)?;
        let (kind, priority) = (Kind::of(request.class()), request.priority());
        let standing = &self.connections.at(connection).ready[..=priority.index()];
        let before: u32 = standing.iter().sum();
        let messages = self.connections.reaches(connection, priority, before.saturating_add(1), now);
        let of_kind = self.lanes.waiting_kind(kind, priority);
        let mut waits = vec![(Rule::Messages, messages)];
        self.meters.waits(request.class(), of_kind, now, &mut waits);
        Ok(waits)
    }

    /// How many requests of a priority wait.
    #[must_use]
    pub fn waiting(&self, priority: Priority) -> u32 {
        self.lanes.waiting(priority)
    }
}
