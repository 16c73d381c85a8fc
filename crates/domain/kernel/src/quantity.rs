//! Quantities: how much, with and without a direction.

use crate::{Decimal, read_decimal};
use serde::{Deserialize, Serialize};
use std::fmt;

const MAX_SCALE: u32 = 12;
/// 10^12: bounds make every product of a price and a quantity computable.
const MAX: Decimal = Decimal::from_parts(0xD4A5_1000, 0xE8, 0, false, 0);

/// How many shares, lots or contracts; above zero. Direction lives in the order's side.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "Decimal", into = "Decimal")]
pub struct Quantity(Decimal);

/// How much is held: above zero when long, below when short, zero when flat.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "Decimal", into = "Decimal")]
pub struct SignedQuantity(Decimal);

/// The number cannot be a quantity.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotAQuantity {
    /// Zero or below, where a quantity without direction was asked for.
    #[error("{0} is not a quantity: it must be above zero")]
    NotPositive(Decimal),
    /// Larger than anything traded.
    #[error("{0} is not a quantity: beyond 1,000,000,000,000")]
    TooLarge(Decimal),
    /// Finer than anything traded.
    #[error("{0} is not a quantity: more than 12 digits after the point")]
    TooFine(Decimal),
    /// Not a decimal number at all.
    #[error("{0:?} is not a quantity: expected a decimal number such as 100")]
    NotANumber(String),
}

fn bounded(raw: Decimal) -> Result<Decimal, NotAQuantity> {
    if raw.abs() > MAX {
        return Err(NotAQuantity::TooLarge(raw));
    }
    if raw.scale() > MAX_SCALE && raw.normalize().scale() > MAX_SCALE {
        return Err(NotAQuantity::TooFine(raw));
    }
    Ok(raw)
}

fn number(text: &str) -> Result<Decimal, NotAQuantity> {
    read_decimal(text).ok_or_else(|| NotAQuantity::NotANumber(text.chars().take(40).collect()))
}

impl Quantity {
    /// Refuses zero, negative numbers and what no market trades.
    pub fn new(raw: Decimal) -> Result<Self, NotAQuantity> {
        if raw <= Decimal::ZERO {
            return Err(NotAQuantity::NotPositive(raw));
        }
        bounded(raw).map(Self)
    }

    /// The number, above zero.
    #[must_use]
    pub const fn as_decimal(self) -> Decimal {
        self.0
    }

    /// What is left of `self` after `taken`; `None` when nothing is.
    #[must_use]
    pub fn less(self, taken: Self) -> Option<Self> {
        (self.0 > taken.0).then(|| Self(self.0 - taken.0))
    }
}

impl SignedQuantity {
    /// Nothing held.
    pub const ZERO: Self = Self(Decimal::ZERO);

    /// Refuses what no market trades.
    pub fn new(raw: Decimal) -> Result<Self, NotAQuantity> {
        bounded(raw).map(Self)
    }

    /// The number.
    #[must_use]
    pub const fn as_decimal(self) -> Decimal {
        self.0
    }

    /// Nothing held?
    #[must_use]
    pub fn is_flat(self) -> bool {
        self.0.is_zero()
    }

    /// The size without its direction; `None` when flat.
    #[must_use]
    pub fn size(self) -> Option<Quantity> {
        (!self.is_flat()).then(|| Quantity(self.0.abs()))
    }
}

macro_rules! decimal_text {
    ($name:ident) => {
        impl TryFrom<Decimal> for $name {
            type Error = NotAQuantity;
            fn try_from(raw: Decimal) -> Result<Self, Self::Error> {
                Self::new(raw)
            }
        }
        impl From<$name> for Decimal {
            fn from(quantity: $name) -> Self {
                quantity.0
            }
        }
        impl std::str::FromStr for $name {
            type Err = NotAQuantity;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Self::new(number(text)?)
            }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(&self.0, f)
            }
        }
    };
}
decimal_text!(Quantity);
decimal_text!(SignedQuantity);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zero_is_not_a_quantity_but_a_position_may_be_flat() {
        assert!(matches!("0".parse::<Quantity>(), Err(NotAQuantity::NotPositive(_))));
        assert!(matches!("-1".parse::<Quantity>(), Err(NotAQuantity::NotPositive(_))));
        for text in ["NaN", "1_5", "1e3", ""] {
            assert!(matches!(text.parse::<Quantity>(), Err(NotAQuantity::NotANumber(_))), "{text}");
        }
        assert!("0".parse::<SignedQuantity>().unwrap().size().is_none());
        assert_eq!("-5".parse::<SignedQuantity>().unwrap().size(), "5".parse().ok());
    }

    #[test]
    fn taking_all_leaves_none() {
        let ten: Quantity = "10".parse().unwrap();
        assert_eq!(ten.less(ten), None);
        assert_eq!(ten.less("4".parse().unwrap()), "6".parse().ok());
    }
}
