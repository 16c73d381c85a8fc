//! Which prices wake what sleeps.

use serde::{Deserialize, Serialize};

/// Which prices wake a stop or a condition. Where none is named, the broker's choice for the instrument holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TriggerMethod {
    /// Two bids or two asks in a row.
    DoubleBidAsk,
    /// One trade.
    Last,
    /// Two trades in a row.
    DoubleLast,
    /// One bid or ask.
    BidAsk,
    /// One trade, bid or ask.
    LastOrBidAsk,
    /// The middle of bid and ask.
    Midpoint,
}

impl TriggerMethod {
    /// Every method.
    pub const ALL: [Self; 6] =
        [Self::DoubleBidAsk, Self::Last, Self::DoubleLast, Self::BidAsk, Self::LastOrBidAsk, Self::Midpoint];
}
