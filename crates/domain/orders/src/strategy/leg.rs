//! One leg of a strategy: which way, how many, of what.

use super::{Holding, NotAStrategy};
use crate::Side;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::num::NonZeroU32;
use time::Date;
use tradeport_contracts::Right;
use tradeport_kernel::{Decimal, Price};

/// The most of one leg in one unit of a strategy.
pub const MAX_RATIO: u32 = 10_000;

/// What a leg trades.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum LegOf {
    /// Shares of the underlying.
    Stock,
    /// An option on it.
    Option {
        /// The last day on which it trades.
        expiry: Date,
        /// Call or put.
        right: Right,
        /// The price at which it may be exercised; above zero.
        strike: Price,
    },
}

/// A side, how many for one unit of the strategy, and of what.
///
/// ```
/// use time::macros::date;
/// use tradeport_contracts::Right;
/// use tradeport_orders::Side;
/// use tradeport_orders::strategy::{LegOf, StrategyLeg};
///
/// let option = LegOf::Option { expiry: date!(2027 - 01 - 15), right: Right::Call, strike: "190".parse()? };
/// let sold_twice = StrategyLeg::new(Side::Sell, 2, option)?;
/// assert_eq!((sold_twice.side(), sold_twice.ratio().get()), (Side::Sell, 2));
/// assert!(StrategyLeg::new(Side::Sell, 0, LegOf::Stock).is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StrategyLeg {
    pub(super) side: Side,
    pub(super) ratio: NonZeroU32,
    pub(super) of: LegOf,
}

impl StrategyLeg {
    /// A leg of `ratio` shares or options for each unit of the strategy.
    /// Errors: a ratio of zero or above [`MAX_RATIO`], a strike that is not above zero.
    pub fn new(side: Side, ratio: u32, of: LegOf) -> Result<Self, NotAStrategy> {
        let ratio = NonZeroU32::new(ratio).filter(|ratio| ratio.get() <= MAX_RATIO);
        let ratio = ratio.ok_or(NotAStrategy::Ratio)?;
        match of {
            LegOf::Option { strike, .. } if !strike.is_positive() => Err(NotAStrategy::Strike(strike)),
            _ => Ok(Self { side, ratio, of }),
        }
    }

    /// Which way, when the strategy is bought.
    #[must_use]
    pub const fn side(&self) -> Side {
        self.side
    }

    /// How many for each unit of the strategy.
    #[must_use]
    pub const fn ratio(&self) -> NonZeroU32 {
        self.ratio
    }

    /// Of what.
    #[must_use]
    pub const fn of(&self) -> LegOf {
        self.of
    }

    /// When its option expires; nothing for shares.
    #[must_use]
    pub const fn expiry(&self) -> Option<Date> {
        match self.of {
            LegOf::Stock => None,
            LegOf::Option { expiry, .. } => Some(expiry),
        }
    }

    /// Shares for which it stands, below zero when sold; `multiplier` is that of one option.
    pub(super) fn units(&self, multiplier: Decimal) -> Option<Decimal> {
        let each = if self.of == LegOf::Stock { Decimal::ONE } else { multiplier };
        let units = Decimal::from(self.ratio.get()).checked_mul(each)?;
        Some(if self.side == Side::Buy { units } else { -units })
    }

    pub(super) const fn holding(&self) -> Holding {
        match self.of {
            LegOf::Stock => Holding::Underlying,
            LegOf::Option { right, strike, .. } => Holding::Option { right, strike },
        }
    }

    pub(super) const fn reversed(self) -> Self {
        Self { side: self.side.opposite(), ..self }
    }
}

impl fmt::Display for LegOf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Stock => f.write_str("shares"),
            Self::Option { expiry, right, strike } => write!(f, "{expiry} {right} {strike}"),
        }
    }
}

impl fmt::Display for StrategyLeg {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {}", self.side, self.ratio, self.of)
    }
}
