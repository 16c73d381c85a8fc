//! Circuit breakers: what keeps failing is left alone for a while, then tried carefully, and used again once it works.
//!
//! One breaker for each [`Capability`] of a broker. What takes risk away is no capability: cancels have none, so that no
//! breaker can ever be asked about one, and none can stop it.
//!
//! Left out: what counts as a failure (a "no data" is none), and how fast requests may go (`pacing`).

mod settings;
mod state;

pub use settings::{BreakerSettings, NotABreaker};
pub use state::{BreakerState, Change, Pass, Rests};

use crate::pacing::Class;
use serde::{Deserialize, Serialize};
use state::Breaker;
use tradeport_kernel::Timestamp;

/// What a breaker may stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Capability {
    /// New orders, changes and previews. Never cancels.
    Orders,
    /// Streams, books and snapshots of quotes.
    LiveData,
    /// Bars and ticks of the past.
    History,
    /// Account, positions, contracts.
    Reference,
}

impl Capability {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Orders, Self::LiveData, Self::History, Self::Reference];

    /// The capability that a request needs; `None` is never stopped: the cancel of an order, and single messages, among
    /// which are the ends of streams and the probes that find out whether anything works again.
    #[must_use]
    pub const fn of(class: &Class) -> Option<Self> {
        match class {
            Class::CancelOrder | Class::Message => None,
            Class::PlaceOrder { .. } | Class::ChangeOrder { .. } | Class::Preview => Some(Self::Orders),
            Class::MarketData
            | Class::RegulatorySnapshot
            | Class::RealTimeBars { .. }
            | Class::Depth
            | Class::TickByTick { .. }
            | Class::Scanner => Some(Self::LiveData),
            Class::History { .. } => Some(Self::History),
            Class::AccountSummary => Some(Self::Reference),
        }
    }

    const fn index(self) -> usize {
        self as usize
    }
}

/// What came of what a pass was for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Report {
    /// It works.
    Worked,
    /// It does not.
    Failed,
    /// Nothing can be said: it was given up, or refused for a reason of its own.
    Nothing,
}

/// The breakers of one link.
#[derive(Clone, Debug)]
pub struct Breakers {
    all: [Breaker; Capability::ALL.len()],
}

impl Breakers {
    /// All closed: everything may be used.
    #[must_use]
    pub fn new(settings: BreakerSettings) -> Self {
        Self { all: Capability::ALL.map(|_| Breaker::new(settings)) }
    }

    /// Asks to use a capability. Each pass is to be reported once, by [`Self::report`].
    pub fn ask(&mut self, capability: Capability, now: Timestamp) -> Result<Pass, Rests> {
        self.all[capability.index()].ask(capability, now)
    }

    /// Says what came of it. A change is told once: it is what an alarm is raised or cleared by.
    pub fn report(&mut self, pass: Pass, report: Report, now: Timestamp) -> Option<Change> {
        self.all[pass.capability().index()].report(pass, report, now)
    }

    /// Where the breaker of a capability stands.
    #[must_use]
    pub fn state(&self, capability: Capability, now: Timestamp) -> BreakerState {
        self.all[capability.index()].state(now)
    }

    /// A new link, or a person's word: everything may be used again.
    pub fn reset(&mut self) {
        self.all.iter_mut().for_each(Breaker::reset);
    }
}

#[cfg(test)]
mod tests;
