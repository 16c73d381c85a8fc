//! What kind of order: each with exactly the prices that it has.
//!
//! | family | kinds |
//! | --- | --- |
//! | at once | `MKT`, `MKT PRT`, `MTL`, `BOX TOP`, `QUOTE`, `VWAP` |
//! | at a price | `LMT`, `MIDPRICE` |
//! | asleep | `STP`, `STP LMT`, `STP PRT`, `MIT`, `LIT` |
//! | asleep, trailing | `TRAIL`, `TRAIL LIMIT`, `TRAIL MIT`, `TRAIL LIT` |
//! | auctions | `MOO`, `LOO`, `MOC`, `LOC` |
//! | relative and pegged | `REL`, `PASSV REL`, `PEG MKT`, `PEG PRIM`, `PEG MID`, `PEG BEST`, `PEG STK`, `PEG BENCH`, `FIX PEGGED`, `SNAP MKT`, `SNAP PRIM`, `SNAP MID` |
//! | in volatility | `VOL`, `PPV`, `PDV`, `PMV`, `PSV` |
//! | legs of a combo | `LMT + MKT`, `REL + LMT`, `REL + MKT`, `TRAIL LMT + MKT`, `TRAIL REL + MKT`, and `LMT` with a price for each leg |
//!
//! Left out: which venue takes which kind (validation), and everything that any kind may carry (attributes).

mod check;
mod names;
mod peg;
mod trail;
mod volatility;

pub use peg::{Benchmark, Compete, MidOffsets, MidPeg, OffsetBy, PegDirection, StockPeg, StockRange};
pub use trail::{TrailBy, TrailingLimit};
pub use volatility::{ReferencePrice, Volatility, VolatilityBasis, VolatilityPeg, VolatilityTerms};

pub(crate) use check::check_kind;

use serde::{Deserialize, Serialize};
use tradeport_kernel::{Decimal, Price};

/// What kind of order, with exactly the prices that this kind has.
///
/// ```
/// use tradeport_orders::{OrderKind, TrailBy};
///
/// let simple = OrderKind::Limit { limit: "187.25".parse()? };
/// assert_eq!(simple.name(), "LMT");
/// let trailing = OrderKind::Trail { by: TrailBy::Percent("0.5".parse()?), stop: Some("30".parse()?) };
/// assert_eq!(trailing.name(), "TRAIL");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// A limit order without a price does not compile:
///
/// ```compile_fail
/// let missing = tradeport_orders::OrderKind::Limit {};
/// ```
///
/// Nor does a trail by an amount and a percentage:
///
/// ```compile_fail
/// use tradeport_orders::{OrderKind, TrailBy};
/// let both = OrderKind::Trail { amount: "1".parse()?, percent: "1".parse()?, stop: None };
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum OrderKind {
    /// At the market, now.
    Market,
    /// At the market, but no further from it than the venue's protection points.
    MarketProtected,
    /// At the market; what is left rests at the price of the first fill.
    MarketToLimit {
        /// The worst price accepted in an auction ([`TimeInForce::Auction`](crate::TimeInForce::Auction)); none otherwise.
        limit: Option<Price>,
    },
    /// At this price or better.
    Limit {
        /// The worst price accepted.
        limit: Price,
    },
    /// A combo of which each leg has its own limit; the prices are in [`ComboTerms`](crate::ComboTerms).
    LimitPerLeg,
    /// At the market once it trades at or through the stop.
    Stop {
        /// The price that wakes it.
        stop: Price,
    },
    /// Like a stop, but no further from the market than the venue's protection points.
    StopProtected {
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
    /// A trailing stop that becomes a limit order, at a distance from the stop.
    TrailLimit {
        /// How far behind it stays.
        by: TrailBy,
        /// Where it starts; from the market when absent.
        stop: Option<Price>,
        /// How far beyond the stop the limit lies; zero or above.
        limit_offset: Decimal,
    },
    /// A trailing stop that becomes a limit order, by the limit that belongs to the first stop.
    TrailLimitFrom {
        /// How far behind it stays.
        by: TrailBy,
        /// Where it starts; from the market when absent.
        stop: Option<Price>,
        /// The worst price accepted as long as the stop stands where it starts; it moves with the stop.
        limit: Price,
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
    /// A market-if-touched order whose trigger follows the market.
    TrailMarketIfTouched {
        /// How far from the market it stays.
        by: TrailBy,
        /// Where it starts; from the market when absent.
        trigger: Option<Price>,
    },
    /// A limit-if-touched order whose trigger follows the market.
    TrailLimitIfTouched {
        /// How far from the market it stays.
        by: TrailBy,
        /// Where it starts; from the market when absent.
        trigger: Option<Price>,
        /// Where its limit lies.
        limit: TrailingLimit,
    },
    /// Better than the best price of its own side, and moving with it.
    Relative {
        /// By how much; as the venue has it by default when absent.
        offset: Option<OffsetBy>,
        /// The worst price accepted; none when absent.
        cap: Option<Price>,
    },
    /// Behind the best price of its own side, and moving with it.
    PassiveRelative {
        /// By how much; as the venue has it by default when absent.
        offset: Option<Decimal>,
        /// The worst price accepted; none when absent.
        cap: Option<Price>,
    },
    /// Follows the best price of the other side.
    PegMarket {
        /// How far behind it stays; as the venue has it by default when absent.
        offset: Option<Decimal>,
        /// The worst price accepted; none when absent.
        cap: Option<Price>,
    },
    /// Follows the best price of its own side.
    PegPrimary {
        /// How much more aggressive it is; as the venue has it by default when absent.
        offset: Option<Decimal>,
        /// The worst price accepted; none when absent.
        cap: Option<Price>,
        /// Does it trade at its discretion up to the worst price accepted?
        discretionary: bool,
    },
    /// Follows the midpoint.
    PegMid {
        /// The worst price accepted; none when absent.
        limit: Option<Price>,
        /// How far from the midpoint.
        by: MidPeg,
    },
    /// Competes with the best price.
    PegBest {
        /// The worst price accepted; none when absent.
        limit: Option<Price>,
        /// How.
        compete: Compete,
    },
    /// Follows a stock, at its delta.
    PegStock(StockPeg),
    /// Follows another instrument.
    PegBenchmark(Benchmark),
    /// Stays at a fixed distance.
    FixPegged {
        /// How far from its reference.
        offset: Option<Decimal>,
        /// The worst price accepted; none when absent.
        limit: Option<Price>,
    },
    /// A limit at the midpoint when it is sent; it does not follow.
    SnapMid {
        /// How far from it; zero when absent.
        offset: Option<Decimal>,
    },
    /// A limit at the best price of the other side when it is sent; it does not follow.
    SnapMarket {
        /// How far from it; zero when absent.
        offset: Option<Decimal>,
    },
    /// A limit at the best price of its own side when it is sent; it does not follow.
    SnapPrimary {
        /// How far from it; zero when absent.
        offset: Option<Decimal>,
    },
    /// Between the midpoint and the other side's best price, as good as can be had.
    MidPrice {
        /// The worst price accepted; none when absent.
        cap: Option<Price>,
    },
    /// At the market, at the best price of the exchange; what is left rests there.
    BoxTop,
    /// At the day's average price, weighted by volume, as the broker guarantees it.
    Vwap,
    /// Asks for quotes.
    Quote,
    /// An option at a volatility.
    Volatility(Volatility),
    /// An option at a volatility that follows the market's.
    PegVolatility {
        /// What it follows.
        to: VolatilityPeg,
        /// How far from it; zero when absent.
        offset: Option<Decimal>,
        /// How it becomes a price.
        terms: VolatilityTerms,
    },
    /// A combo of which one leg has the limit and the others follow at the market.
    LimitPlusMarket {
        /// The worst price accepted.
        limit: Price,
    },
    /// A combo of which one leg is relative and the others have the limit.
    RelativePlusLimit {
        /// How much better than the best; as the venue has it by default when absent.
        offset: Option<Decimal>,
        /// The worst price accepted.
        limit: Price,
    },
    /// A combo of which one leg is relative and the others follow at the market.
    RelativePlusMarket {
        /// How much better than the best; as the venue has it by default when absent.
        offset: Option<Decimal>,
    },
    /// A combo that wakes at a trailing stop; one leg has the limit and the others follow at the market.
    TrailLimitPlusMarket {
        /// How far behind it stays.
        by: TrailBy,
        /// Where it starts; from the market when absent.
        stop: Option<Price>,
        /// Where its limit lies.
        limit: TrailingLimit,
    },
    /// A combo that wakes at a trailing stop; one leg is relative and the others follow at the market.
    TrailRelativePlusMarket {
        /// How far behind it stays.
        by: TrailBy,
        /// Where it starts; from the market when absent.
        stop: Option<Price>,
    },
}

impl OrderKind {
    /// The worst price accepted, for kinds that state one.
    #[must_use]
    pub const fn limit_price(&self) -> Option<Price> {
        match *self {
            Self::Limit { limit }
            | Self::StopLimit { limit, .. }
            | Self::LimitOnClose { limit }
            | Self::LimitOnOpen { limit }
            | Self::LimitIfTouched { limit, .. }
            | Self::LimitPlusMarket { limit }
            | Self::RelativePlusLimit { limit, .. } => Some(limit),
            Self::MarketToLimit { limit }
            | Self::PegMid { limit, .. }
            | Self::PegBest { limit, .. }
            | Self::FixPegged { limit, .. } => limit,
            Self::Relative { cap, .. }
            | Self::PassiveRelative { cap, .. }
            | Self::PegMarket { cap, .. }
            | Self::PegPrimary { cap, .. }
            | Self::MidPrice { cap } => cap,
            _ => None,
        }
    }

    /// The price that wakes it, for kinds that sleep and state one.
    #[must_use]
    pub const fn trigger_price(&self) -> Option<Price> {
        match *self {
            Self::Stop { stop } | Self::StopLimit { stop, .. } | Self::StopProtected { stop } => Some(stop),
            Self::Trail { stop, .. }
            | Self::TrailLimit { stop, .. }
            | Self::TrailLimitFrom { stop, .. }
            | Self::TrailLimitPlusMarket { stop, .. }
            | Self::TrailRelativePlusMarket { stop, .. } => stop,
            Self::MarketIfTouched { trigger } | Self::LimitIfTouched { trigger, .. } => Some(trigger),
            Self::TrailMarketIfTouched { trigger, .. } | Self::TrailLimitIfTouched { trigger, .. } => trigger,
            _ => None,
        }
    }

    /// How it follows the market while it sleeps, for kinds that trail.
    #[must_use]
    pub const fn trail(&self) -> Option<TrailBy> {
        match *self {
            Self::Trail { by, .. }
            | Self::TrailLimit { by, .. }
            | Self::TrailLimitFrom { by, .. }
            | Self::TrailMarketIfTouched { by, .. }
            | Self::TrailLimitIfTouched { by, .. }
            | Self::TrailLimitPlusMarket { by, .. }
            | Self::TrailRelativePlusMarket { by, .. } => Some(by),
            _ => None,
        }
    }

    /// Where the limit of a trailing order lies once it wakes; `None` for one that has none, or does not trail.
    #[must_use]
    pub const fn trailing_limit(&self) -> Option<TrailingLimit> {
        match *self {
            Self::TrailLimit { limit_offset, .. } => Some(TrailingLimit::Offset(limit_offset)),
            Self::TrailLimitFrom { limit, .. } => Some(TrailingLimit::At(limit)),
            Self::TrailLimitIfTouched { limit, .. } | Self::TrailLimitPlusMarket { limit, .. } => Some(limit),
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

    /// Is it a stop or a trailing stop, which a [`StopAdjustment`](crate::StopAdjustment) can turn into another?
    #[must_use]
    pub const fn is_stop(&self) -> bool {
        matches!(
            self,
            Self::Stop { .. }
                | Self::StopLimit { .. }
                | Self::StopProtected { .. }
                | Self::Trail { .. }
                | Self::TrailLimit { .. }
                | Self::TrailLimitFrom { .. }
        )
    }

    /// Is it priced in volatility?
    #[must_use]
    pub const fn is_volatility(&self) -> bool {
        matches!(self, Self::Volatility(_) | Self::PegVolatility { .. })
    }

    /// Is it for combos alone, whose legs it names?
    #[must_use]
    pub const fn is_for_combos(&self) -> bool {
        matches!(
            self,
            Self::LimitPerLeg
                | Self::LimitPlusMarket { .. }
                | Self::RelativePlusLimit { .. }
                | Self::RelativePlusMarket { .. }
                | Self::TrailLimitPlusMarket { .. }
                | Self::TrailRelativePlusMarket { .. }
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_is_cheap_to_copy() {
        assert!(size_of::<OrderKind>() <= 160, "{} bytes", size_of::<OrderKind>());
    }
}
