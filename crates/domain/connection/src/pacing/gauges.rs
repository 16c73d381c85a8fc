//! What the budget shows of itself: how much of each limit is in use, what waits, and what became of all requests.

use super::budget::PacingBudget;
use super::request::{ConnectionId, Priority};
use super::rule::Scope;
use super::{Limit, Rule};
use tradeport_kernel::Timestamp;

/// How much of one limit is in use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gauge {
    /// Which limit.
    pub rule: Rule,
    /// On which connection, for what counts on each.
    pub connection: Option<ConnectionId>,
    /// How much of it; of what counts by key, that of the fullest.
    pub used: u32,
    /// How much there may be.
    pub limit: Limit,
}

/// What became of requests, ever.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counters {
    /// Taken in.
    pub asked: u64,
    /// Not even taken in.
    pub refused: u64,
    /// Went, with each time that one went again, and what went without asking.
    pub sent: u64,
    /// Ended with an answer.
    pub done: u64,
    /// Sent again after a failure.
    pub repeated: u64,
    /// Ended with a failure.
    pub failed: u64,
    /// Given up by who asked.
    pub cancelled: u64,
    /// Ended by their deadline.
    pub timed_out: u64,
    /// Ended with their connection.
    pub lost: u64,
}

/// The budget at a moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gauges {
    /// The limits that there are.
    pub limits: Vec<Gauge>,
    /// What waits, by priority.
    pub waiting: [(Priority, u32); Priority::ALL.len()],
    /// How many callers wait.
    pub callers: usize,
    /// How many tickets are open.
    pub open: usize,
    /// How many keys are remembered.
    pub keys: usize,
    /// What became of all.
    pub counters: Counters,
}

impl PacingBudget {
    /// How much is in use at this moment.
    pub fn gauges(&mut self, now: Timestamp) -> Gauges {
        self.advance(now);
        let mut limits = Vec::new();
        for rule in Rule::ALL {
            let Some(limit) = self.limits().get(rule) else { continue };
            match rule.scope() {
                Scope::Connection => limits.extend(self.connections.used().map(|(id, messages, slice)| {
                    let used = if rule == Rule::Slice { slice } else { messages };
                    Gauge { rule, connection: Some(id), used, limit }
                })),
                Scope::Session | Scope::Key => {
                    let used = match rule {
                        Rule::Connections => self.connections.count(),
                        _ => self.meters.used(rule),
                    };
                    limits.push(Gauge { rule, connection: None, used, limit });
                }
            }
        }
        Gauges {
            limits,
            waiting: Priority::ALL.map(|priority| (priority, self.waiting(priority))),
            callers: self.lanes.callers(),
            open: self.tickets.open_count(),
            keys: self.meters.keys(),
            counters: self.counters,
        }
    }
}
