//! What somebody wants done, checked.

use crate::{
    NotAnIntent, OcaGroup, OrderAttributes, OrderDraft, OrderKind, OrderSize, Side, TimeInForce, Venue,
};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use tradeport_contracts::Instrument;
use tradeport_kernel::{AccountId, OrderKey, Quantity, StrategyId, Symbol};

/// One intent to trade: a checked [`OrderDraft`]. It never changes; changes are inputs of the order's life.
///
/// It is shared rather than copied: it goes through the journal, the desk, the gateway and the exchange, and each of them
/// keeps it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "OrderDraft", into = "OrderDraft")]
pub struct OrderIntent(Arc<OrderDraft>);

impl OrderIntent {
    /// For [`OrderDraft::check`] alone.
    pub(crate) fn checked(draft: OrderDraft) -> Self {
        Self(Arc::new(draft))
    }

    /// Our identity of it.
    #[must_use]
    pub fn key(&self) -> &OrderKey {
        &self.0.key
    }

    /// For whom.
    #[must_use]
    pub fn account(&self) -> &AccountId {
        &self.0.account
    }

    /// Whose idea it is, if that was said.
    #[must_use]
    pub fn strategy(&self) -> Option<&StrategyId> {
        self.0.strategy.as_ref()
    }

    /// Of what.
    #[must_use]
    pub fn symbol(&self) -> Symbol {
        self.0.symbol
    }

    /// What its symbol stands for: what was said, else what the symbol reads as; `None` for a name that cannot be read
    /// and of which nothing was said.
    #[must_use]
    pub fn instrument(&self) -> Option<Instrument> {
        self.0.instrument.as_deref().cloned().or_else(|| self.symbol().as_str().parse().ok())
    }

    /// The exchange that it goes to, where that is not the one of its instrument.
    #[must_use]
    pub fn route(&self) -> Option<Venue> {
        self.0.route
    }

    /// What it is sent as: its instrument, routed to where it goes; `None` where nothing says what its symbol stands for.
    #[must_use]
    pub fn ordered(&self) -> Option<Instrument> {
        let instrument = self.instrument()?;
        match self.route() {
            Some(route) => instrument.routed_to(route.as_str()).ok(),
            None => Some(instrument),
        }
    }

    /// Which way.
    #[must_use]
    pub fn side(&self) -> Side {
        self.0.side
    }

    /// How much.
    #[must_use]
    pub fn size(&self) -> OrderSize {
        self.0.size
    }

    /// How many units, where they are known before the broker says so.
    #[must_use]
    pub fn quantity(&self) -> Option<Quantity> {
        self.0.size.quantity()
    }

    /// How.
    #[must_use]
    pub fn kind(&self) -> &OrderKind {
        &self.0.kind
    }

    /// How long.
    #[must_use]
    pub fn time_in_force(&self) -> TimeInForce {
        self.0.time_in_force
    }

    /// The order that must fill first.
    #[must_use]
    pub fn parent(&self) -> Option<&OrderKey> {
        self.0.parent.as_ref()
    }

    /// Its one-cancels-all group.
    #[must_use]
    pub fn oca(&self) -> Option<&OcaGroup> {
        self.0.oca.as_ref()
    }

    /// May it trade outside of regular sessions?
    #[must_use]
    pub fn outside_sessions(&self) -> bool {
        self.0.outside_sessions
    }

    /// Everything else that it says.
    #[must_use]
    pub fn attributes(&self) -> &OrderAttributes {
        &self.0.attributes
    }

    /// Everything else that it says, if it says anything.
    #[must_use]
    pub fn said(&self) -> Option<&OrderAttributes> {
        self.0.attributes.said()
    }

    /// Its fields, to make a similar one.
    #[must_use]
    pub fn to_draft(&self) -> OrderDraft {
        OrderDraft::clone(&self.0)
    }
}

impl TryFrom<OrderDraft> for OrderIntent {
    type Error = NotAnIntent;
    fn try_from(draft: OrderDraft) -> Result<Self, Self::Error> {
        draft.check()
    }
}

impl From<OrderIntent> for OrderDraft {
    fn from(intent: OrderIntent) -> Self {
        Arc::unwrap_or_clone(intent.0)
    }
}
