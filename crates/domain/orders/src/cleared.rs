//! What may leave: values that only the desk makes, after risk and journal.
//!
//! A gateway takes nothing else. The constructors ask for the journal's receipt of the very same order, so that what
//! is on the wire is in the journal; that only the desk calls them is a rule of the workspace, checked with its layers.

use crate::{CancelTag, JournalReceipt, OrderChange, OrderIntent};
use tradeport_kernel::{BrokerOrderId, OrderKey, PermId};

/// An order that may be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClearedOrder {
    intent: OrderIntent,
    held_back: bool,
}

/// A question that may be sent: what would this order cost? Not an order, and never to be made one.
///
/// A type of its own, and one that only the desk makes: to many brokers a preview is an order message with one bit set, so it
/// leaves by the same door as orders do, and no gateway can mistake one for the other. It needs no receipt, since nothing
/// of it is in the journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClearedPreview(OrderIntent);

/// A cancel that may be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClearedCancel {
    key: OrderKey,
    perm_id: Option<PermId>,
    broker_order_id: Option<BrokerOrderId>,
    tag: CancelTag,
}

/// A change that may be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClearedChange {
    key: OrderKey,
    change: OrderChange,
    wording: Option<Box<OrderIntent>>,
}

/// The journal's receipt is for another order.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the journal's receipt is for order {receipt}, not for {wanted}")]
pub struct NotCleared {
    wanted: OrderKey,
    receipt: OrderKey,
}

fn same_key(wanted: &OrderKey, receipt: &JournalReceipt) -> Result<(), NotCleared> {
    if wanted == receipt.key() {
        return Ok(());
    }
    Err(NotCleared { wanted: wanted.clone(), receipt: receipt.key().clone() })
}

impl ClearedOrder {
    /// For the desk alone: the intent is in the journal, as the receipt shows.
    pub fn by_desk(intent: OrderIntent, receipt: &JournalReceipt) -> Result<Self, NotCleared> {
        same_key(intent.key(), receipt)?;
        Ok(Self { intent, held_back: false })
    }

    /// The same order, for the broker to hold back: others of its family follow, and none of them trades before the last
    /// is there.
    #[must_use]
    pub fn held_back(mut self) -> Self {
        self.held_back = true;
        self
    }

    /// The order.
    #[must_use]
    pub const fn intent(&self) -> &OrderIntent {
        &self.intent
    }

    /// Is the broker to hold it back until the last of its family is there?
    #[must_use]
    pub const fn is_held_back(&self) -> bool {
        self.held_back
    }
}

impl ClearedPreview {
    /// For the desk alone.
    #[must_use]
    pub const fn by_desk(intent: OrderIntent) -> Self {
        Self(intent)
    }

    /// The order that is asked about.
    #[must_use]
    pub const fn intent(&self) -> &OrderIntent {
        &self.0
    }
}

impl ClearedCancel {
    /// For the desk alone: the wish to cancel is in the journal, as the receipt shows.
    pub fn by_desk(
        key: OrderKey,
        perm_id: Option<PermId>,
        broker_order_id: Option<BrokerOrderId>,
        receipt: &JournalReceipt,
    ) -> Result<Self, NotCleared> {
        same_key(&key, receipt)?;
        Ok(Self { key, perm_id, broker_order_id, tag: CancelTag::default() })
    }

    /// The same cancel, telling who asked for it.
    #[must_use]
    pub fn tagged(mut self, tag: CancelTag) -> Self {
        self.tag = tag;
        self
    }

    /// Who asked for it, how and when.
    #[must_use]
    pub const fn tag(&self) -> &CancelTag {
        &self.tag
    }

    /// Which order.
    #[must_use]
    pub const fn key(&self) -> &OrderKey {
        &self.key
    }

    /// The broker's durable number of it, once seen.
    #[must_use]
    pub const fn perm_id(&self) -> Option<PermId> {
        self.perm_id
    }

    /// Its number within the connection that sent it.
    #[must_use]
    pub const fn broker_order_id(&self) -> Option<BrokerOrderId> {
        self.broker_order_id
    }
}

impl ClearedChange {
    /// For the desk alone: the wish to change is in the journal, as the receipt shows.
    pub fn by_desk(key: OrderKey, change: OrderChange, receipt: &JournalReceipt) -> Result<Self, NotCleared> {
        same_key(&key, receipt)?;
        Ok(Self { key, change, wording: None })
    }

    /// The same change, with what the order says before it: a broker's program that has to be told the whole order again need
    /// not be asked what it says. A wording of another order is left out.
    #[must_use]
    pub fn of(mut self, wording: OrderIntent) -> Self {
        self.wording = (*wording.key() == self.key).then(|| Box::new(wording));
        self
    }

    /// What the order says before it, where the desk has said so.
    #[must_use]
    pub fn wording(&self) -> Option<&OrderIntent> {
        self.wording.as_deref()
    }

    /// Which order.
    #[must_use]
    pub const fn key(&self) -> &OrderKey {
        &self.key
    }

    /// What is to be different.
    #[must_use]
    pub const fn change(&self) -> &OrderChange {
        &self.change
    }
}

#[cfg(test)]
mod tests;
