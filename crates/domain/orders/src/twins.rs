//! Several orders at the broker under one key.
//!
//! One intent is one order. A change that is sent while the link is bad can still leave two behind: the old one lives on,
//! and the new wording stands beside it under another durable number. Both may trade, so both count until each of them is
//! proven dead. Left out: ending one of them, which is a person's decision.

use crate::{BrokerPhase, BrokerStatus};
use std::collections::BTreeMap;
use tradeport_kernel::{Decimal, PermId, Quantity};

/// One of several orders at the broker under one key, beside the one that is followed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Twin {
    pub(crate) phase: BrokerPhase,
    pub(crate) reported_filled: Decimal,
    pub(crate) units: Option<Quantity>,
}

impl Twin {
    /// Where it stands, by the broker's last word; one of which only an execution was seen is taken for able to trade.
    #[must_use]
    pub const fn phase(&self) -> BrokerPhase {
        self.phase
    }

    /// The most units it can be for, as far as anybody knows.
    #[must_use]
    pub const fn units(&self) -> Option<Quantity> {
        self.units
    }

    /// Could it still trade?
    #[must_use]
    pub const fn is_live(&self) -> bool {
        is_live(self.phase)
    }
}

/// Could an order in this phase still trade?
pub(crate) const fn is_live(phase: BrokerPhase) -> bool {
    matches!(phase, BrokerPhase::Held | BrokerPhase::Working | BrokerPhase::CancelPending)
}

/// What the broker has counted once so much of it was taken back: no less than its executions come to, which it may have counted since.
pub(crate) fn counted_less(counted: Decimal, less: Decimal, traded: Decimal) -> Decimal {
    (counted - less).max(traded).min(counted)
}

/// All of them, by their durable numbers; mostly there is none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Twins(BTreeMap<PermId, Twin>);

impl Twins {
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (PermId, &Twin)> {
        self.0.iter().map(|(number, twin)| (*number, twin))
    }

    pub(crate) fn live(&self) -> impl Iterator<Item = (PermId, &Twin)> {
        self.iter().filter(|(_, twin)| twin.is_live())
    }

    pub(crate) fn any_live(&self) -> bool {
        self.live().next().is_some()
    }

    /// How much of these the broker says has traded.
    pub(crate) fn reported_filled(&self) -> Decimal {
        self.0.values().map(|twin| twin.reported_filled).sum()
    }

    /// Takes note that there is one of this number; was it unknown before?
    pub(crate) fn note(&mut self, number: PermId, units: Option<Quantity>) -> bool {
        let known = self.0.contains_key(&number);
        let (phase, reported_filled) = (BrokerPhase::Working, Decimal::ZERO);
        self.0.entry(number).or_insert(Twin { phase, reported_filled, units });
        !known
    }

    /// The broker's word on one of them. What has ended stays ended.
    pub(crate) fn status(&mut self, number: PermId, status: &BrokerStatus) {
        let Some(twin) = self.0.get_mut(&number) else { return };
        twin.reported_filled = twin.reported_filled.max(status.filled);
        if twin.is_live() {
            twin.phase = status.phase;
        }
    }

    /// A correction takes back so much of one of them; so much of it has traded by its executions.
    pub(crate) fn count_less(&mut self, number: PermId, less: Decimal, traded: Decimal) {
        if let Some(twin) = self.0.get_mut(&number) {
            twin.reported_filled = counted_less(twin.reported_filled, less, traded);
        }
    }

    pub(crate) fn put(&mut self, number: PermId, twin: Twin) {
        self.0.insert(number, twin);
    }

    /// Takes out the first that could still trade.
    pub(crate) fn take_live(&mut self) -> Option<(PermId, Twin)> {
        let number = self.live().next()?.0;
        self.0.remove(&number).map(|twin| (number, twin))
    }
}
