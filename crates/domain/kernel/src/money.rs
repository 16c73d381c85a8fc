//! Amounts of money, each in its own currency.
//!
//! | operation | gives |
//! | --- | --- |
//! | `Money + Money` ([`Money::plus`]) | `Money`, or an error when the currencies differ |
//! | `Price x quantity x multiplier` ([`Money::of`]) | `Money` |
//! | `Money x number` ([`Money::times`]) | `Money` |
//!
//! Left out: conversion between currencies, which needs a rate and a moment.

use crate::{Currency, Decimal, Price};
use rust_decimal::RoundingStrategy;
use serde::{Deserialize, Serialize};
use std::fmt;

/// An exact amount in one currency; negative for what is owed or paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Money {
    amount: Decimal,
    currency: Currency,
}

/// An operation on money that has no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    /// Two currencies met; nobody said at which rate.
    #[error("{left} and {right} cannot be combined without an exchange rate")]
    Currencies {
        /// The currency of the first amount.
        left: Currency,
        /// The currency of the second amount.
        right: Currency,
    },
    /// The result does not fit 28 digits.
    #[error("an amount of money is too large to compute with")]
    Overflow,
}

impl Money {
    /// An amount in a currency.
    #[must_use]
    pub const fn new(amount: Decimal, currency: Currency) -> Self {
        Self { amount, currency }
    }

    /// Nothing, in a currency.
    #[must_use]
    pub const fn zero(currency: Currency) -> Self {
        Self::new(Decimal::ZERO, currency)
    }

    /// What `quantity` (signed) at `price` with `multiplier` is worth.
    pub fn of(
        price: Price,
        quantity: Decimal,
        multiplier: Decimal,
        currency: Currency,
    ) -> Result<Self, MoneyError> {
        price
            .as_decimal()
            .checked_mul(quantity)
            .and_then(|value| value.checked_mul(multiplier))
            .map(|amount| Self { amount, currency })
            .ok_or(MoneyError::Overflow)
    }

    /// The number of units of the currency.
    #[must_use]
    pub const fn amount(&self) -> Decimal {
        self.amount
    }

    /// The currency.
    #[must_use]
    pub const fn currency(&self) -> Currency {
        self.currency
    }

    /// The sum; both must be of one currency.
    pub fn plus(self, other: Self) -> Result<Self, MoneyError> {
        self.same_currency(other)?;
        let amount = self.amount.checked_add(other.amount).ok_or(MoneyError::Overflow)?;
        Ok(Self { amount, ..self })
    }

    /// The difference; both must be of one currency.
    pub fn minus(self, other: Self) -> Result<Self, MoneyError> {
        self.plus(other.negated())
    }

    /// The amount times a plain number.
    pub fn times(self, factor: Decimal) -> Result<Self, MoneyError> {
        let amount = self.amount.checked_mul(factor).ok_or(MoneyError::Overflow)?;
        Ok(Self { amount, ..self })
    }

    /// The opposite amount.
    #[must_use]
    pub fn negated(self) -> Self {
        Self { amount: -self.amount, ..self }
    }

    /// Rounded half to even at `places` digits after the point, as brokers' statements do with 2.
    #[must_use]
    pub fn rounded(self, places: u32) -> Self {
        let amount = self.amount.round_dp_with_strategy(places, RoundingStrategy::MidpointNearestEven);
        Self { amount, ..self }
    }

    fn same_currency(self, other: Self) -> Result<(), MoneyError> {
        if self.currency == other.currency {
            return Ok(());
        }
        Err(MoneyError::Currencies { left: self.currency, right: other.currency })
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.2} {}", self.rounded(2).amount, self.currency)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn usd(amount: i64) -> Money {
        Money::new(Decimal::from(amount), Currency::USD)
    }

    #[test]
    fn two_currencies_do_not_add_up() {
        let euro = Money::zero("EUR".parse().unwrap());
        assert!(matches!(usd(1).plus(euro), Err(MoneyError::Currencies { .. })));
        assert_eq!(usd(1).plus(usd(2)).unwrap(), usd(3));
    }

    #[test]
    fn an_overflow_is_an_error() {
        let most = Money::new(Decimal::MAX, Currency::USD);
        assert_eq!(most.plus(usd(1)), Err(MoneyError::Overflow));
        assert_eq!(most.times(Decimal::TWO), Err(MoneyError::Overflow));
    }

    #[test]
    fn halves_round_to_even() {
        let amount = |text: &str| Money::new(text.parse().unwrap(), Currency::USD).rounded(2).to_string();
        assert_eq!(amount("0.125"), "0.12 USD");
        assert_eq!(amount("0.135"), "0.14 USD");
    }
}
