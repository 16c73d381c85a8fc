//! How much an order is for.
//!
//! Left out: what steps a size has (`sizes`).

use super::Accepted;
use super::words::a;
use tradeport_contracts::InstrumentKind;
use tradeport_kernel::{Currency, Decimal, Money, Quantity};

/// The size of an order is not one of its contract.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SizeRefusal {
    /// Less than the smallest order (error 355).
    #[error("a size of {size} is below the smallest order: {minimum} or more would be accepted")]
    BelowMinimum {
        /// What was given.
        size: Quantity,
        /// The smallest.
        minimum: Decimal,
    },
    /// Between two sizes (errors 355 and 10250).
    #[error("a size of {size} is not on the size step of {step}: {accepted}")]
    SizeStep {
        /// What was given.
        size: Quantity,
        /// The step.
        step: Decimal,
        /// The sizes next to it.
        accepted: Accepted,
    },
    /// A part of a unit of something that has no parts (error 10245).
    #[error("a size of {size} has a fraction, and {} is traded in whole units: {accepted}", a(*what))]
    Fraction {
        /// What was given.
        size: Quantity,
        /// What it is of.
        what: InstrumentKind,
        /// The whole sizes next to it.
        accepted: Accepted,
    },
    /// A part of a share at an exchange of its own (error 10247).
    #[error("a size of {size} has a fraction, and only SMART takes those: {given} was given")]
    FractionRoute {
        /// What was given.
        size: Quantity,
        /// Where it would go.
        given: String,
    },
    /// A part of a unit for a group of accounts (error 10251).
    #[error(
        "a size of {size} has a fraction, which cannot be spread over accounts: whole units would be accepted"
    )]
    FractionAllocated {
        /// What was given.
        size: Quantity,
    },
    /// Money for something that is ordered in units (error 10244).
    #[error(
        "a size of {cash} is money, and {} is ordered in units: US stocks, currency pairs and crypto take money",
        a(*what)
    )]
    Cash {
        /// What was given.
        cash: Money,
        /// What it is of.
        what: InstrumentKind,
    },
    /// Money of another currency.
    #[error(
        "a size of {cash} is not in the currency of the contract: an amount in {expected} would be accepted"
    )]
    CashCurrency {
        /// What was given.
        cash: Money,
        /// The contract's.
        expected: Currency,
    },
    /// Coins bought at the market by their number (error 10289).
    #[error(
        "crypto is bought at the market for money, not by {size} units: an amount of money would be accepted"
    )]
    BuyByCash {
        /// What was given.
        size: Quantity,
    },
    /// Coins sold at the market for an amount of money.
    #[error("crypto is sold at the market by units, not for {cash}: a number of units would be accepted")]
    SellByUnits {
        /// What was given.
        cash: Money,
    },
    /// A part of the order that is larger than the order (error 10020).
    #[error("a {what} of {part} is above the order's size of {size}: {size} at most would be accepted")]
    PartAboveSize {
        /// Which part.
        what: &'static str,
        /// What was given.
        part: u32,
        /// The size of the order.
        size: Decimal,
    },
    /// A block order of few units (error 117).
    #[error("a block order of {size} is too small: 50 or more would be accepted")]
    Block {
        /// What was given.
        size: Decimal,
    },
}
