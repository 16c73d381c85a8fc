//! What is known of an order, for whoever asks.

use super::{Order, PendingChange};
use crate::{OrderIntent, OrderKind, OrderSize, OrderState, PreviewedMargin, Side};
use tradeport_kernel::{BrokerOrderId, PermId, Quantity, Timestamp};

impl Order {
    /// What was wanted.
    #[must_use]
    pub const fn intent(&self) -> &OrderIntent {
        &self.intent
    }

    /// Where it stands.
    #[must_use]
    pub const fn state(&self) -> OrderState {
        self.state
    }

    /// How it is worded now, changes included.
    #[must_use]
    pub fn wording(&self) -> &OrderIntent {
        self.changed.as_ref().unwrap_or(&self.intent)
    }

    /// The change that was asked for and is not answered yet.
    #[must_use]
    pub const fn pending_change(&self) -> Option<&PendingChange> {
        self.pending.as_ref()
    }

    /// How much is ordered now, changes included.
    #[must_use]
    pub fn size(&self) -> OrderSize {
        self.wording().size()
    }

    /// How many units are ordered now, changes included; for an order that money or its parent's fills size, `None`
    /// until the broker calls it filled.
    #[must_use]
    pub const fn quantity(&self) -> Option<Quantity> {
        self.units
    }

    /// Its kind and prices now, changes included.
    #[must_use]
    pub fn kind(&self) -> &OrderKind {
        self.wording().kind()
    }

    /// Which way.
    #[must_use]
    pub fn side(&self) -> Side {
        self.intent.side()
    }

    /// What it takes of its account's margins when it trades in full, by the broker's word before it was sent; `None` where
    /// nobody asked.
    #[must_use]
    pub const fn previewed_margin(&self) -> Option<PreviewedMargin> {
        self.margin
    }

    /// Was it sent to wait at the broker for the last of its family, and is nothing known of that one yet?
    #[must_use]
    pub const fn is_held_back(&self) -> bool {
        self.held_back
    }

    /// Does it not work now, by a word of the broker that gave no reason? Such an order is counted for dead, may still be
    /// cancelled, and lives again when the broker says so. (IB calls it inactive.)
    #[must_use]
    pub fn may_revive(&self) -> bool {
        self.state == OrderState::Refused && self.reason().is_none() && self.twins.is_empty()
    }

    /// The broker's durable number.
    #[must_use]
    pub const fn perm_id(&self) -> Option<PermId> {
        self.perm_id
    }

    /// Its number within the connection that sent it.
    #[must_use]
    pub const fn broker_order_id(&self) -> Option<BrokerOrderId> {
        self.broker_order_id
    }

    /// Why it stands where it stands, when somebody said so.
    #[must_use]
    pub fn reason(&self) -> Option<&str> {
        self.reason.as_deref().filter(|reason| !reason.is_empty())
    }

    /// When it was recorded.
    #[must_use]
    pub const fn created_at(&self) -> Timestamp {
        self.created_at
    }

    /// When something last happened to it.
    #[must_use]
    pub const fn updated_at(&self) -> Timestamp {
        self.updated_at
    }
}
