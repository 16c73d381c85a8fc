//! The words of an order: side, kind, how long it stands.

use serde::{Deserialize, Serialize};
use std::fmt;
use tradeport_kernel::{Decimal, Price, Quantity, SignedQuantity, Timestamp};

/// To buy or to sell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// Adds to the position.
    Buy,
    /// Takes from the position.
    Sell,
}

impl Side {
    /// The other side.
    #[must_use]
    pub const fn opposite(self) -> Self {
        match self {
            Self::Buy => Self::Sell,
            Self::Sell => Self::Buy,
        }
    }

    /// The change of position that trading `quantity` on this side makes.
    #[must_use]
    pub fn signed(self, quantity: Quantity) -> SignedQuantity {
        let number = quantity.as_decimal();
        let signed = if self == Self::Buy { number } else { -number };
        SignedQuantity::new(signed).expect("a quantity with a sign keeps its size")
    }
}

impl fmt::Display for Side {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(if *self == Self::Buy { "buy" } else { "sell" })
    }
}

/// How far a trailing stop stays behind the market: by an amount or by a percentage, never both.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TrailBy {
    /// In the instrument's price units; above zero.
    Amount(Decimal),
    /// In percent of the market price; above 0, below 100.
    Percent(Decimal),
}

/// What kind of order, with exactly the prices that this kind has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum OrderKind {
    /// At the market, now.
    Market,
    /// At this price or better.
    Limit {
        /// The worst price accepted.
        limit: Price,
    },
    /// At the market once it trades at or through the stop.
    Stop {
        /// The price that wakes it.
        stop: Price,
    },
    /// A limit order once the market trades at or through the stop.
    StopLimit {
        /// The price that wakes it.
        stop: Price,
        /// The worst price accepted.
        limit: Price,
    },
    /// A stop that follows the market while it moves in the order's favour.
    Trail {
        /// How far behind it stays.
        by: TrailBy,
        /// Where it starts; from the market when absent.
        stop: Option<Price>,
    },
    /// A trailing stop that becomes a limit order.
    TrailLimit {
        /// How far behind it stays.
        by: TrailBy,
        /// Where it starts; from the market when absent.
        stop: Option<Price>,
        /// How far beyond the stop the limit lies; zero or above.
        limit_offset: Decimal,
    },
    /// At the closing price.
    MarketOnClose,
    /// At the closing price, if it is this or better.
    LimitOnClose {
        /// The worst price accepted.
        limit: Price,
    },
    /// At the opening price.
    MarketOnOpen,
    /// At the opening price, if it is this or better.
    LimitOnOpen {
        /// The worst price accepted.
        limit: Price,
    },
    /// At the market once it touches a price better than now's.
    MarketIfTouched {
        /// The price that wakes it.
        trigger: Price,
    },
    /// A limit order once the market touches a price better than now's.
    LimitIfTouched {
        /// The price that wakes it.
        trigger: Price,
        /// The worst price accepted.
        limit: Price,
    },
}

impl OrderKind {
    /// Short name as traders write it: `MKT`, `LMT`, `STP LMT`.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Market => "MKT",
            Self::Limit { .. } => "LMT",
            Self::Stop { .. } => "STP",
            Self::StopLimit { .. } => "STP LMT",
            Self::Trail { .. } => "TRAIL",
            Self::TrailLimit { .. } => "TRAIL LIMIT",
            Self::MarketOnClose => "MOC",
            Self::LimitOnClose { .. } => "LOC",
            Self::MarketOnOpen => "MOO",
            Self::LimitOnOpen { .. } => "LOO",
            Self::MarketIfTouched { .. } => "MIT",
            Self::LimitIfTouched { .. } => "LIT",
        }
    }

    /// The worst price accepted, for kinds that state one.
    #[must_use]
    pub const fn limit_price(&self) -> Option<Price> {
        match *self {
            Self::Limit { limit }
            | Self::StopLimit { limit, .. }
            | Self::LimitOnClose { limit }
            | Self::LimitOnOpen { limit }
            | Self::LimitIfTouched { limit, .. } => Some(limit),
            _ => None,
        }
    }

    /// The price that wakes it, for kinds that sleep and state one.
    #[must_use]
    pub const fn trigger_price(&self) -> Option<Price> {
        match *self {
            Self::Stop { stop } | Self::StopLimit { stop, .. } => Some(stop),
            Self::Trail { stop, .. } | Self::TrailLimit { stop, .. } => stop,
            Self::MarketIfTouched { trigger } | Self::LimitIfTouched { trigger, .. } => Some(trigger),
            _ => None,
        }
    }

    /// Does it trade in the opening or closing auction only?
    #[must_use]
    pub const fn is_auction(&self) -> bool {
        matches!(
            self,
            Self::MarketOnClose | Self::LimitOnClose { .. } | Self::MarketOnOpen | Self::LimitOnOpen { .. }
        )
    }
}

/// How long an order stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TimeInForce {
    /// Until the end of the session in which it becomes active.
    Day,
    /// Until it is cancelled.
    GoodTillCancelled,
    /// What can be filled at once is; the rest is cancelled.
    ImmediateOrCancel,
    /// All at once, or nothing.
    FillOrKill,
    /// Until a moment.
    GoodTillDate(Timestamp),
}

impl TimeInForce {
    /// Short name as traders write it: `DAY`, `GTC`.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Day => "DAY",
            Self::GoodTillCancelled => "GTC",
            Self::ImmediateOrCancel => "IOC",
            Self::FillOrKill => "FOK",
            Self::GoodTillDate(_) => "GTD",
        }
    }
}

/// What is to be different about a working order; what is `None` stays.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OrderChange {
    /// The whole quantity, filled part included.
    pub quantity: Option<Quantity>,
    /// Other prices; the kind itself must stay the same.
    pub kind: Option<OrderKind>,
}
