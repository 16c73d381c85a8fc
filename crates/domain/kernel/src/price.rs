//! Prices: what one unit costs, in the instrument's own currency.

use crate::{Decimal, read_decimal};
use serde::{Deserialize, Serialize};
use std::fmt;

/// What one unit costs. May be zero or negative: spreads and, once, oil have traded there. Whether an instrument may
/// is for its own rules to say.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "Decimal", into = "Decimal")]
pub struct Price(Decimal);

/// The number cannot be a price.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotAPrice {
    /// Larger than any market quotes.
    #[error("{0} is not a price: beyond 1,000,000,000,000")]
    TooLarge(Decimal),
    /// Finer than any market quotes.
    #[error("{0} is not a price: more than 15 digits after the point")]
    TooFine(Decimal),
    /// Not a decimal number at all (text such as `NaN`).
    #[error("{0:?} is not a price: expected a decimal number such as 187.25")]
    NotANumber(String),
}

impl Price {
    /// The largest magnitude: bounds make every product of a price and a quantity computable.
    pub const MAX: Decimal = Decimal::from_parts(0xD4A5_1000, 0xE8, 0, false, 0);
    /// The most digits after the point.
    pub const MAX_SCALE: u32 = 15;

    /// Refuses what no market quotes. Trailing zeros are dropped first.
    pub fn new(raw: Decimal) -> Result<Self, NotAPrice> {
        if raw.abs() > Self::MAX {
            return Err(NotAPrice::TooLarge(raw));
        }
        if raw.scale() > Self::MAX_SCALE && raw.normalize().scale() > Self::MAX_SCALE {
            return Err(NotAPrice::TooFine(raw));
        }
        Ok(Self(raw))
    }

    /// The number.
    #[must_use]
    pub const fn as_decimal(self) -> Decimal {
        self.0
    }

    /// Above zero?
    #[must_use]
    pub fn is_positive(self) -> bool {
        self.0 > Decimal::ZERO
    }
}

impl TryFrom<Decimal> for Price {
    type Error = NotAPrice;
    fn try_from(raw: Decimal) -> Result<Self, Self::Error> {
        Self::new(raw)
    }
}

impl From<Price> for Decimal {
    fn from(price: Price) -> Self {
        price.0
    }
}

impl std::str::FromStr for Price {
    type Err = NotAPrice;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let raw = read_decimal(text).ok_or_else(|| NotAPrice::NotANumber(text.chars().take(40).collect()))?;
        Self::new(raw)
    }
}

impl fmt::Display for Price {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for Price {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_are_where_the_docs_say() {
        assert_eq!(Price::MAX, Decimal::from(1_000_000_000_000_i64));
        assert!(Price::new(Price::MAX).is_ok());
        assert!(matches!(Price::new(Price::MAX + Decimal::ONE), Err(NotAPrice::TooLarge(_))));
        assert!("-37.63".parse::<Price>().is_ok());
        assert!(matches!("0.0000000000000001".parse::<Price>(), Err(NotAPrice::TooFine(_))));
    }

    #[test]
    fn text_that_is_no_number_is_refused() {
        for bad in ["NaN", "inf", "", " 1", "1,5", "1e5"] {
            assert!(matches!(bad.parse::<Price>(), Err(NotAPrice::NotANumber(_))), "{bad:?}");
        }
    }
}
