//! The journal's words, and the book of orders that replaying it gives.

use crate::{Applied, Order, OrderInput, OrderIntent};
use foldhash::HashMap;
use serde::{Deserialize, Serialize};
use tradeport_contracts::CorporateAction;
use tradeport_kernel::{OrderKey, Timestamp};

/// One line of the journal, before it is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct JournalEntry {
    /// Which order; [`JournalEntry::SPLIT_KEY`] for what is of none.
    pub key: OrderKey,
    /// When it happened, by our clock.
    pub at: Timestamp,
    /// What happened.
    pub event: JournalEvent,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum JournalEvent {
    /// Somebody wanted this; the first entry of every order of ours.
    Intended {
        /// What.
        intent: Box<OrderIntent>,
    },
    /// Something happened to the order.
    Happened {
        /// What.
        input: Box<OrderInput>,
    },
    /// Shares were split: no order is changed by it, and what orders have traded before counts in new shares from here on.
    Split {
        /// Which, and into how many.
        action: CorporateAction,
    },
}

/// A line of the journal that is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct JournalRecord {
    /// Its place: grows by one with each record, from 1.
    pub sequence: u64,
    /// What it says.
    pub entry: JournalEntry,
}

/// Proof that an entry is kept, durably. Made by journals.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JournalReceipt {
    key: OrderKey,
    sequence: u64,
}

impl JournalReceipt {
    /// Whose entry.
    #[must_use]
    pub const fn key(&self) -> &OrderKey {
        &self.key
    }

    /// Its place in the journal.
    #[must_use]
    pub const fn sequence(&self) -> u64 {
        self.sequence
    }
}

impl JournalEntry {
    /// The first entry of an order.
    #[must_use]
    pub fn intended(intent: OrderIntent, at: Timestamp) -> Self {
        let key = intent.key().clone();
        Self { key, at, event: JournalEvent::Intended { intent: Box::new(intent) } }
    }

    /// A later entry.
    #[must_use]
    pub fn happened(key: OrderKey, input: OrderInput, at: Timestamp) -> Self {
        Self { key, at, event: JournalEvent::Happened { input: Box::new(input) } }
    }

    /// The key under which splits are kept. An order may have the same one: neither is changed by the other.
    pub const SPLIT_KEY: &str = "split";

    /// A split.
    #[must_use]
    pub fn split(action: CorporateAction, at: Timestamp) -> Self {
        let key = OrderKey::new(Self::SPLIT_KEY).expect("the word is a key, by a test");
        Self { key, at, event: JournalEvent::Split { action } }
    }

    /// For journals, once the entry is durable at `sequence`.
    #[must_use]
    pub fn kept_at(&self, sequence: u64) -> JournalReceipt {
        JournalReceipt { key: self.key.clone(), sequence }
    }
}

/// Where replaying a journal may start from, instead of from its first record. It is a projection: whoever loses it replays
/// everything, and comes to the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JournalCheckpoint {
    /// It stands for the records up to this one.
    pub sequence: u64,
    /// What it says, by whoever made it; it carries its own version and checksum.
    pub document: String,
}

/// Every order that the journal knows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OrderBook {
    /// Each in a place of its own: as the book grows, no order is moved.
    orders: HashMap<OrderKey, Box<Order>>,
    keys: Vec<OrderKey>,
}

/// An entry about an order that was never intended, or an intent that comes twice.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OrphanEntry {
    /// The order was never opened.
    #[error("the journal speaks of order {0} before its intent")]
    BeforeIntent(OrderKey),
    /// The order was opened before.
    #[error("the journal holds the intent of order {0} twice")]
    IntentTwice(OrderKey),
}

impl OrderBook {
    /// Takes in one entry, as it happens or as it is replayed.
    pub fn apply(&mut self, entry: &JournalEntry) -> Result<Applied, OrphanEntry> {
        match &entry.event {
            JournalEvent::Intended { intent } => {
                if self.orders.contains_key(&entry.key) {
                    return Err(OrphanEntry::IntentTwice(entry.key.clone()));
                }
                self.keys.push(entry.key.clone());
                let order = Order::open((**intent).clone(), entry.at);
                self.orders.insert(entry.key.clone(), Box::new(order));
                Ok(Applied::default())
            }
            JournalEvent::Happened { input } => self
                .orders
                .get_mut(&entry.key)
                .map(|order| order.apply(input, entry.at))
                .ok_or_else(|| OrphanEntry::BeforeIntent(entry.key.clone())),
            JournalEvent::Split { .. } => Ok(Applied::default()),
        }
    }

    /// Takes in an order that was left out before, among the others by the time of its intent. One that is there stays as
    /// it is.
    pub fn recall(&mut self, order: Order) {
        let key = order.intent().key().clone();
        if self.orders.contains_key(&key) {
            return;
        }
        let earlier = |other: &OrderKey| {
            self.orders.get(other).is_some_and(|other| other.created_at() <= order.created_at())
        };
        let place = self.keys.partition_point(earlier);
        self.keys.insert(place, key.clone());
        self.orders.insert(key, Box::new(order));
    }

    /// Takes back the last intent: of an order that was supposed, and is not kept. `None` for any other order.
    pub fn take_back(&mut self, key: &OrderKey) -> Option<Order> {
        let last = self.keys.pop_if(|last| last == key)?;
        self.orders.remove(&last).map(|order| *order)
    }

    /// The order of this key.
    #[must_use]
    pub fn get(&self, key: &OrderKey) -> Option<&Order> {
        self.orders.get(key).map(Box::as_ref)
    }

    /// All orders, in the order of their intents.
    pub fn iter(&self) -> impl Iterator<Item = &Order> {
        self.keys.iter().filter_map(|key| self.get(key))
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.keys.len()
    }

    /// None at all?
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }
}
