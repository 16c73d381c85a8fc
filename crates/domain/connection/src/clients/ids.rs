//! Sharing out client ids within one process.

use super::{ClientPlan, Purpose};
use crate::Backoff;
use std::collections::BTreeMap;
use tradeport_kernel::Timestamp;

/// The client ids of one process: who has which, and which somebody outside has.
#[derive(Clone, Debug)]
pub struct ClientIds {
    plan: ClientPlan,
    backoff: Backoff,
    states: BTreeMap<i32, State>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Leased,
    /// Somebody outside has it: not to be tried before this moment.
    Taken {
        until: Timestamp,
    },
}

/// The right to connect under a client id. Give it back with [`ClientIds::release`].
#[derive(Debug, PartialEq, Eq)]
pub struct Lease {
    purpose: Purpose,
    id: i32,
}

impl Lease {
    /// What it is for.
    #[must_use]
    pub const fn purpose(&self) -> Purpose {
        self.purpose
    }

    /// The client id.
    #[must_use]
    pub const fn id(&self) -> i32 {
        self.id
    }
}

/// Why there is no client id now.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoLease {
    /// All are in use here: use the connection of one of them.
    #[error("all {count} {purpose} connections are in use: share one, or end one first")]
    InUse {
        /// For which purpose.
        purpose: Purpose,
        /// How many there are.
        count: u16,
    },
    /// Somebody outside has them.
    #[error("the broker says that every {purpose} client id is taken: it is tried again at {retry_at}")]
    Taken {
        /// For which purpose.
        purpose: Purpose,
        /// When.
        retry_at: Timestamp,
    },
}

impl ClientIds {
    /// All free.
    #[must_use]
    pub const fn new(plan: ClientPlan, backoff: Backoff) -> Self {
        Self { plan, backoff, states: BTreeMap::new() }
    }

    /// The lowest free id of a purpose; the same each time for who connects again.
    pub fn lease(&mut self, purpose: Purpose, now: Timestamp) -> Result<Lease, NoLease> {
        let range = self.plan.range(purpose);
        let mut retry_at: Option<Timestamp> = None;
        for id in range.ids() {
            match self.states.get(&id) {
                Some(State::Leased) => continue,
                Some(State::Taken { until }) if *until > now => {
                    retry_at = Some(retry_at.map_or(*until, |sofar| sofar.min(*until)));
                }
                _ => {
                    self.states.insert(id, State::Leased);
                    return Ok(Lease { purpose, id });
                }
            }
        }
        Err(match retry_at {
            Some(retry_at) => NoLease::Taken { purpose, retry_at },
            None => NoLease::InUse { purpose, count: range.count() },
        })
    }

    /// It is used no more, and the connection under it has ended at both ends.
    pub fn release(&mut self, lease: Lease) {
        self.states.remove(&lease.id);
        self.backoff.reset();
    }

    /// The broker says that the id is taken. When to try the same one again: its orders are its own, so no other id will
    /// do.
    pub fn taken(&mut self, lease: Lease, now: Timestamp) -> Timestamp {
        let until = now.after(self.backoff.failed());
        self.states.insert(lease.id, State::Taken { until });
        until
    }

    /// How many are in use.
    #[must_use]
    pub fn leased(&self) -> usize {
        self.states.values().filter(|it| **it == State::Leased).count()
    }
}
