//! The named strategies as what makes each of them: strikes and expiries, never a list of legs that might not fit.

use super::{LegOf, MAX_LEGS, NotAStrategy, StrategyKind, StrategyLeg};
use crate::Side;
use serde::{Deserialize, Serialize};
use time::Date;
use tradeport_contracts::Right;
use tradeport_kernel::Price;

/// What makes a strategy the one that it is. Each is told as it is bought; [`Strategy::reversed`](super::Strategy::reversed) sells it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Shape {
    /// `long` is bought and `short` is sold, of one right and expiry: a bull call spread when the long strike of calls is
    /// the lower one, a bear put spread when that of puts is the higher one, and a credit spread otherwise.
    Vertical {
        /// When both expire.
        expiry: Date,
        /// Both calls, or both puts.
        right: Right,
        /// The strike bought.
        long: Price,
        /// The strike sold.
        short: Price,
    },
    /// The far option is bought and the near one of the same strike is sold.
    Calendar {
        /// Both calls, or both puts.
        right: Right,
        /// The strike of both.
        strike: Price,
        /// When the sold one expires.
        near: Date,
        /// When the bought one expires; later.
        far: Date,
    },
    /// The far option is bought and the near one of another strike is sold.
    Diagonal {
        /// Both calls, or both puts.
        right: Right,
        /// When the sold one expires.
        near: Date,
        /// The strike sold.
        near_strike: Price,
        /// When the bought one expires; later.
        far: Date,
        /// The strike bought; another.
        far_strike: Price,
    },
    /// A call and a put of one strike are bought.
    Straddle {
        /// When both expire.
        expiry: Date,
        /// The strike of both.
        strike: Price,
    },
    /// A put and a call above it are bought.
    Strangle {
        /// When both expire.
        expiry: Date,
        /// The strike of the put.
        put: Price,
        /// The strike of the call; higher.
        call: Price,
    },
    /// One low and one high are bought, two in the middle are sold; the middle lies halfway.
    Butterfly {
        /// When all expire.
        expiry: Date,
        /// All calls, or all puts.
        right: Right,
        /// The lower strike bought.
        low: Price,
        /// The strike sold twice.
        middle: Price,
        /// The upper strike bought.
        high: Price,
    },
    /// The inner put and call are sold, the outer ones are bought: it brings in a credit.
    IronCondor {
        /// When all expire.
        expiry: Date,
        /// The put bought, lowest.
        put_long: Price,
        /// The put sold.
        put_short: Price,
        /// The call sold.
        call_short: Price,
        /// The call bought, highest.
        call_long: Price,
    },
    /// Put and call of the middle strike are sold, a lower put and a higher call are bought.
    IronButterfly {
        /// When all expire.
        expiry: Date,
        /// The put bought.
        low: Price,
        /// Put and call sold.
        middle: Price,
        /// The call bought.
        high: Price,
    },
    /// The shares of one option and a put are bought, a higher call is sold.
    Collar {
        /// When both options expire.
        expiry: Date,
        /// The strike of the put.
        put: Price,
        /// The strike of the call; higher.
        call: Price,
    },
    /// The shares of one option are bought, a call is sold.
    CoveredCall {
        /// When the call expires.
        expiry: Date,
        /// Its strike.
        strike: Price,
    },
    /// Any legs, each of something else.
    Custom {
        /// The legs, at most [`MAX_LEGS`].
        legs: Vec<StrategyLeg>,
    },
}

impl Shape {
    /// Which strategy.
    #[must_use]
    pub const fn kind(&self) -> StrategyKind {
        match self {
            Self::Vertical { .. } => StrategyKind::Vertical,
            Self::Calendar { .. } => StrategyKind::Calendar,
            Self::Diagonal { .. } => StrategyKind::Diagonal,
            Self::Straddle { .. } => StrategyKind::Straddle,
            Self::Strangle { .. } => StrategyKind::Strangle,
            Self::Butterfly { .. } => StrategyKind::Butterfly,
            Self::IronCondor { .. } => StrategyKind::IronCondor,
            Self::IronButterfly { .. } => StrategyKind::IronButterfly,
            Self::Collar { .. } => StrategyKind::Collar,
            Self::CoveredCall { .. } => StrategyKind::CoveredCall,
            Self::Custom { .. } => StrategyKind::Custom,
        }
    }

    /// Its legs as bought, with `shares` standing for one option where shares are a leg.
    pub(super) fn legs(&self, shares: u32) -> Result<Vec<StrategyLeg>, NotAStrategy> {
        use Right::{Call, Put};
        use Side::{Buy, Sell};
        let leg = |side, ratio, expiry, right, strike| {
            StrategyLeg::new(side, ratio, LegOf::Option { expiry, right, strike })
        };
        let stock = || StrategyLeg::new(Buy, shares, LegOf::Stock);
        Ok(match *self {
            Self::Vertical { expiry, right, long, short } => {
                vec![leg(Buy, 1, expiry, right, long)?, leg(Sell, 1, expiry, right, short)?]
            }
            Self::Calendar { right, strike, near, far } => {
                vec![leg(Buy, 1, far, right, strike)?, leg(Sell, 1, near, right, strike)?]
            }
            Self::Diagonal { right, near, near_strike, far, far_strike } => {
                vec![leg(Buy, 1, far, right, far_strike)?, leg(Sell, 1, near, right, near_strike)?]
            }
            Self::Straddle { expiry, strike } => {
                vec![leg(Buy, 1, expiry, Call, strike)?, leg(Buy, 1, expiry, Put, strike)?]
            }
            Self::Strangle { expiry, put, call } => {
                vec![leg(Buy, 1, expiry, Put, put)?, leg(Buy, 1, expiry, Call, call)?]
            }
            Self::Butterfly { expiry, right, low, middle, high } => vec![
                leg(Buy, 1, expiry, right, low)?,
                leg(Sell, 2, expiry, right, middle)?,
                leg(Buy, 1, expiry, right, high)?,
            ],
            Self::IronCondor { expiry, put_long, put_short, call_short, call_long } => vec![
                leg(Buy, 1, expiry, Put, put_long)?,
                leg(Sell, 1, expiry, Put, put_short)?,
                leg(Sell, 1, expiry, Call, call_short)?,
                leg(Buy, 1, expiry, Call, call_long)?,
            ],
            Self::IronButterfly { expiry, low, middle, high } => vec![
                leg(Buy, 1, expiry, Put, low)?,
                leg(Sell, 1, expiry, Put, middle)?,
                leg(Sell, 1, expiry, Call, middle)?,
                leg(Buy, 1, expiry, Call, high)?,
            ],
            Self::Collar { expiry, put, call } => {
                vec![stock()?, leg(Buy, 1, expiry, Put, put)?, leg(Sell, 1, expiry, Call, call)?]
            }
            Self::CoveredCall { expiry, strike } => vec![stock()?, leg(Sell, 1, expiry, Call, strike)?],
            Self::Custom { ref legs } => legs.clone(),
        })
    }

    /// Does it have shares among its legs?
    pub(super) fn has_stock(&self) -> bool {
        match self {
            Self::Collar { .. } | Self::CoveredCall { .. } => true,
            Self::Custom { legs } => legs.iter().any(|leg| leg.of() == LegOf::Stock),
            _ => false,
        }
    }

    /// Refuses strikes and expiries in the wrong order, and custom legs that repeat each other.
    pub(super) fn check(&self) -> Result<(), NotAStrategy> {
        let kind = self.kind();
        match *self {
            Self::Vertical { long, short, .. } => differ(kind, long, short),
            Self::Calendar { near, far, .. } => follows(kind, near, far),
            Self::Diagonal { near, near_strike, far, far_strike, .. } => {
                follows(kind, near, far)?;
                differ(kind, near_strike, far_strike)
            }
            Self::Straddle { .. } | Self::CoveredCall { .. } => Ok(()),
            Self::Strangle { put, call, .. } | Self::Collar { put, call, .. } => rise(kind, &[put, call]),
            Self::Butterfly { low, middle, high, .. } => {
                rise(kind, &[low, middle, high])?;
                equal_wings(low, middle, high)
            }
            Self::IronButterfly { low, middle, high, .. } => rise(kind, &[low, middle, high]),
            Self::IronCondor { put_long, put_short, call_short, call_long, .. } => {
                rise(kind, &[put_long, put_short, call_short, call_long])
            }
            Self::Custom { ref legs } => check_custom(legs),
        }
    }
}

fn differ(kind: StrategyKind, one: Price, other: Price) -> Result<(), NotAStrategy> {
    if one == other { Err(NotAStrategy::SameStrike { kind, strike: one }) } else { Ok(()) }
}

fn follows(kind: StrategyKind, near: Date, far: Date) -> Result<(), NotAStrategy> {
    if near < far { Ok(()) } else { Err(NotAStrategy::Expiries { kind, near, far }) }
}

fn rise(kind: StrategyKind, strikes: &[Price]) -> Result<(), NotAStrategy> {
    if strikes.windows(2).all(|pair| pair[0] < pair[1]) {
        return Ok(());
    }
    let given = strikes.iter().map(ToString::to_string).collect::<Vec<_>>().join("/");
    Err(NotAStrategy::StrikeOrder { kind, given })
}

fn equal_wings(low: Price, middle: Price, high: Price) -> Result<(), NotAStrategy> {
    let width = |from: Price, to: Price| to.as_decimal() - from.as_decimal();
    if width(low, middle) == width(middle, high) {
        return Ok(());
    }
    Err(NotAStrategy::Wings { low, middle, high })
}

fn check_custom(legs: &[StrategyLeg]) -> Result<(), NotAStrategy> {
    if legs.is_empty() || legs.len() > MAX_LEGS {
        return Err(NotAStrategy::Legs(legs.len()));
    }
    for (index, leg) in legs.iter().enumerate() {
        // Legs may have come from a document, where nothing made them.
        StrategyLeg::new(leg.side(), leg.ratio().get(), leg.of())?;
        if legs[..index].iter().any(|before| before.of() == leg.of()) {
            return Err(NotAStrategy::Twice(leg.of().to_string()));
        }
    }
    Ok(())
}
