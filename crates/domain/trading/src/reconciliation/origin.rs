//! Whose an order is that the broker shows.

use serde::{Deserialize, Serialize};
use std::fmt;
use tradeport_orders::{BrokerOrder, OrderBook, PlacedBy};

/// Where an order comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// The journal holds its intent.
    Ours,
    /// A person placed it in the broker's own program.
    ByHand,
    /// Another client of the broker's program placed it.
    OtherClient,
    /// It came the way ours come, and the journal knows nothing of it.
    Orphan,
    /// The broker does not say.
    Unknown,
}

impl Origin {
    /// Of an order at the broker, by the journal's orders.
    ///
    /// | key | placed by | origin |
    /// | --- | --- | --- |
    /// | in the journal | whoever | ours |
    /// | not in the journal, or none | this client | orphan |
    /// | not in the journal | nobody says | orphan |
    /// | whatever | a person | by hand |
    /// | whatever | another client | another client |
    /// | none | nobody says | unknown |
    #[must_use]
    pub fn of(order: &BrokerOrder, ours: &OrderBook) -> Self {
        if order.key.as_ref().is_some_and(|key| ours.get(key).is_some()) {
            return Self::Ours;
        }
        match (order.placed_by, &order.key) {
            (Some(PlacedBy::Hand), _) => Self::ByHand,
            (Some(PlacedBy::OtherClient), _) => Self::OtherClient,
            (Some(PlacedBy::ThisClient), _) | (None, Some(_)) => Self::Orphan,
            (None, None) => Self::Unknown,
        }
    }

    /// As people say it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ours => "ours",
            Self::ByHand => "by hand",
            Self::OtherClient => "another client",
            Self::Orphan => "orphan",
            Self::Unknown => "unknown",
        }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
