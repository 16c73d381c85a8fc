//! How much an order is for.
//!
//! Left out: the contract's lot, which belongs to validation.

use serde::{Deserialize, Serialize};
use std::fmt;
use tradeport_kernel::{Money, Quantity};

/// How much to trade: units, money, or whatever others call for.
///
/// ```
/// use tradeport_kernel::{Currency, Money, Quantity};
/// use tradeport_orders::OrderSize;
///
/// let units: Quantity = "0.00001234".parse()?;
/// assert_eq!(OrderSize::from(units).quantity(), Some(units));
/// let cash = Money::new("5000".parse()?, Currency::USD);
/// assert_eq!(OrderSize::from(cash).quantity(), None, "how many units that is, the broker says");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum OrderSize {
    /// So many shares, lots or contracts.
    Units(Quantity),
    /// For so much money, above zero; how many units that is, the broker says. In documents: `{"cash": ...}`.
    Cash(#[serde(with = "cash")] Money),
    /// What others call for: the parent's fills for a hedge, the positions for an allocation by percent change. In documents: `"follows_parent"`.
    #[serde(with = "follows_parent")]
    FollowsParent,
}

impl OrderSize {
    /// The units, where they are known.
    #[must_use]
    pub const fn quantity(&self) -> Option<Quantity> {
        match *self {
            Self::Units(quantity) => Some(quantity),
            Self::Cash(_) | Self::FollowsParent => None,
        }
    }

    /// The money, for an order that is sized by money.
    #[must_use]
    pub const fn cash(&self) -> Option<Money> {
        match *self {
            Self::Cash(cash) => Some(cash),
            Self::Units(_) | Self::FollowsParent => None,
        }
    }
}

impl From<Quantity> for OrderSize {
    fn from(quantity: Quantity) -> Self {
        Self::Units(quantity)
    }
}

impl From<Money> for OrderSize {
    fn from(cash: Money) -> Self {
        Self::Cash(cash)
    }
}

impl fmt::Display for OrderSize {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Units(quantity) => quantity.fmt(f),
            Self::Cash(cash) => cash.fmt(f),
            Self::FollowsParent => f.pad("as its parent fills"),
        }
    }
}

mod cash {
    //! `{"cash": money}`, so that a size of money is never taken for one of units.

    use serde::{Deserialize, Deserializer, Serialize, Serializer};
    use tradeport_kernel::Money;

    #[derive(Serialize, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Wrapped {
        cash: Money,
    }

    pub(super) fn serialize<S: Serializer>(cash: &Money, to: S) -> Result<S::Ok, S::Error> {
        Wrapped { cash: *cash }.serialize(to)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Money, D::Error> {
        Wrapped::deserialize(from).map(|wrapped| wrapped.cash)
    }
}

mod follows_parent {
    //! The text `follows_parent`.

    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    const WORD: &str = "follows_parent";

    pub(super) fn serialize<S: Serializer>(to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(WORD)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<(), D::Error> {
        let word = String::deserialize(from)?;
        if word == WORD { Ok(()) } else { Err(D::Error::custom("not a size of an order")) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tradeport_kernel::Currency;

    #[test]
    fn each_size_has_its_own_text_in_a_document() {
        let cases = [
            (OrderSize::Units("100".parse().unwrap()), r#""100""#),
            (
                OrderSize::Cash(Money::new("5000".parse().unwrap(), Currency::USD)),
                r#"{"cash":{"amount":"5000","currency":"USD"}}"#,
            ),
            (OrderSize::FollowsParent, r#""follows_parent""#),
        ];
        for (size, text) in cases {
            assert_eq!(serde_json::to_string(&size).unwrap(), text);
            assert_eq!(serde_json::from_str::<OrderSize>(text).unwrap(), size);
        }
        for bad in
            [r#""0""#, r#""-1""#, r#""all""#, r#"{"cash":{"amount":"1","currency":"USD"},"units":"1"}"#]
        {
            assert!(serde_json::from_str::<OrderSize>(bad).is_err(), "{bad} was taken for a size");
        }
    }
}
