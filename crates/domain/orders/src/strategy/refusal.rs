//! Why legs make no strategy.

use super::StrategyKind;
use time::Date;
use tradeport_kernel::{Decimal, Price};

/// The most legs of one strategy: more than any broker takes in one order.
pub const MAX_LEGS: usize = 32;

/// The legs make no such strategy.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotAStrategy {
    /// Nothing, or none of one leg.
    #[error("the ratio of a leg must be from 1 to {}", super::MAX_RATIO)]
    Ratio,
    /// A strike at or below zero.
    #[error("a strike of {0} is not above zero")]
    Strike(Price),
    /// Too few or too many legs.
    #[error("{0} legs make no strategy: give 1 to {MAX_LEGS}")]
    Legs(usize),
    /// The same option or the shares twice.
    #[error("two legs are of the same thing: {0}; give it once with the ratio of both")]
    Twice(String),
    /// Strikes that should rise do not.
    #[error("{kind}: the strikes must rise, {given} do not")]
    StrikeOrder {
        /// Which strategy.
        kind: StrategyKind,
        /// The strikes in the order in which they should rise.
        given: String,
    },
    /// The wings of a butterfly differ.
    #[error(
        "the wings of a butterfly must be equally wide: {low} to {middle} and {middle} to {high} are not; use custom legs"
    )]
    Wings {
        /// The lower strike.
        low: Price,
        /// The one between.
        middle: Price,
        /// The upper strike.
        high: Price,
    },
    /// Bought and sold strike are one.
    #[error("{kind}: two different strikes are needed, both are {strike}")]
    SameStrike {
        /// Which strategy.
        kind: StrategyKind,
        /// The strike.
        strike: Price,
    },
    /// The far option does not expire after the near one.
    #[error("{kind}: the far option must expire after the near one, {far} does not follow {near}")]
    Expiries {
        /// Which strategy.
        kind: StrategyKind,
        /// The near expiry.
        near: Date,
        /// The far expiry.
        far: Date,
    },
    /// One option stands for no share at all, or for a fraction where shares are a leg.
    #[error(
        "a multiplier of {0} does not fit: it must be above zero, and a whole number at most 10,000 beside shares"
    )]
    Multiplier(Decimal),
}
