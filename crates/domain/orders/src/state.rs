//! The states of an order.

use serde::{Deserialize, Serialize};
use std::fmt;

/// Where an order stands, as far as it is proven.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OrderState {
    /// In our journal, not yet sent.
    Recorded,
    /// Handed to the gateway; no word yet.
    Sent,
    /// The broker may or may not hold it. Only proof from the broker ends this; it is never sent again.
    Unknown,
    /// The broker holds it, asleep: it waits for a trigger, its parent, or the open.
    Held,
    /// It can trade.
    Working,
    /// We asked to cancel it; it can still trade.
    CancelPending,
    /// All of it has traded.
    Filled,
    /// It is dead; what had traded before stays traded.
    Cancelled,
    /// Its time ran out.
    Expired,
    /// Risk, the broker or the exchange did not take it.
    Refused,
    /// It never left us; the intent may be tried again under a new key.
    NotSent,
}

impl OrderState {
    /// Every state.
    pub const ALL: [Self; 11] = [
        Self::Recorded,
        Self::Sent,
        Self::Unknown,
        Self::Held,
        Self::Working,
        Self::CancelPending,
        Self::Filled,
        Self::Cancelled,
        Self::Expired,
        Self::Refused,
        Self::NotSent,
    ];

    /// Can nothing but money change it any more?
    #[must_use]
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Filled | Self::Cancelled | Self::Expired | Self::Refused | Self::NotSent)
    }

    /// Could it still trade, as far as we know? Counts what is in flight and what is unknown.
    #[must_use]
    pub const fn may_trade(self) -> bool {
        !self.is_final()
    }

    /// Does the broker have it, by its last word, and has not ended it?
    #[must_use]
    pub const fn is_at_broker(self) -> bool {
        matches!(self, Self::Held | Self::Working | Self::CancelPending)
    }

    /// As it is written: `cancel_pending`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Recorded => "recorded",
            Self::Sent => "sent",
            Self::Unknown => "unknown",
            Self::Held => "held",
            Self::Working => "working",
            Self::CancelPending => "cancel_pending",
            Self::Filled => "filled",
            Self::Cancelled => "cancelled",
            Self::Expired => "expired",
            Self::Refused => "refused",
            Self::NotSent => "not_sent",
        }
    }
}

impl fmt::Display for OrderState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
