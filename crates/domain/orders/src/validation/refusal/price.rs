//! Prices of an order, and distances between them.
//!
//! Left out: what steps a price has (`prices`).

use super::Accepted;
use crate::validation::Field;
use tradeport_kernel::{Decimal, Price, Symbol};

/// The prices of an order, or the distances between them, are not those of its contract.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PriceRefusal {
    /// A price between two steps (error 110).
    #[error("the {field} of {price} is not on the price step of {step}: {accepted}")]
    PriceStep {
        /// Which price.
        field: Field,
        /// What it is.
        price: Price,
        /// The step of its band.
        step: Decimal,
        /// The prices next to it.
        accepted: Accepted,
    },
    /// A price of zero or below of something that has no such prices.
    #[error("the {field} of {price} is not a price of {symbol}: it must be above zero, {accepted}")]
    NotAboveZero {
        /// Which price.
        field: Field,
        /// What it is.
        price: Price,
        /// Of which contract.
        symbol: Symbol,
        /// The lowest price.
        accepted: Accepted,
    },
    /// A price beyond those that the instrument knows (error 10344).
    #[error("the {field} of {price} is out of range: {lowest} to {highest} would be accepted")]
    PriceRange {
        /// Which price.
        field: Field,
        /// What it is.
        price: Price,
        /// The lowest.
        lowest: Decimal,
        /// The highest.
        highest: Decimal,
    },
    /// A distance between two steps (errors 158, 168, 364, 408, 418, 10305).
    #[error("the {field} of {distance} is not a multiple of {step}: {accepted}")]
    DistanceStep {
        /// Which distance.
        field: Field,
        /// What it is.
        distance: Decimal,
        /// The smallest step.
        step: Decimal,
        /// The distances next to it.
        accepted: Accepted,
    },
    /// A percentage out of range (error 159).
    #[error("a {what} of {percent} percent is out of range: 0 to 100 would be accepted")]
    Percent {
        /// Of what.
        what: &'static str,
        /// What it is.
        percent: Decimal,
    },
    /// Prices of legs for a combo of more or fewer than two.
    #[error("prices of legs are for combos of 2 legs, and this one has {legs}: give it one limit instead")]
    LegCount {
        /// How many legs it has.
        legs: usize,
    },
    /// Prices of legs for a combo whose legs fill together.
    #[error("prices of legs are for combos whose legs may fill apart: say that it is not guaranteed")]
    LegsGuaranteed,
    /// More prices than legs.
    #[error("{prices} prices were given for {legs} legs: one for each leg at most would be accepted")]
    LegPrices {
        /// How many prices.
        prices: usize,
        /// How many legs.
        legs: usize,
    },
}
