//! What a company does to its own shares.
//!
//! Prices as they were traded jump at a split; a position must then change its size, or a portfolio loses money that
//! nobody lost. So a split is an input of the broker and of the portfolio, told by whoever knows it, never guessed
//! from a jump in the price.

use serde::{Deserialize, Serialize};
use tradeport_kernel::{Decimal, Symbol, Timestamp};

/// A split: `new` shares for each `old` ones, in force from the first session at or after `effective`.
///
/// ```
/// use tradeport_contracts::CorporateAction;
/// let split = CorporateAction::split("AAPL".parse()?, "2014-06-09T13:30:00Z".parse()?, 7, 1)?;
/// let (shares, paid_out) = split.quantity_after(10.into());
/// assert_eq!((shares, paid_out), (70.into(), 0.into()));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Draft")]
pub struct CorporateAction {
    symbol: Symbol,
    effective: Timestamp,
    new: u32,
    old: u32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Draft {
    symbol: Symbol,
    effective: Timestamp,
    new: u32,
    old: u32,
}

/// Zero shares cannot be split, or be split into.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{new} new for {old} old shares of {symbol} is not a split: both must be above zero")]
pub struct NotACorporateAction {
    symbol: Symbol,
    new: u32,
    old: u32,
}

impl CorporateAction {
    /// Refuses a split with zero on either side.
    pub fn split(
        symbol: Symbol,
        effective: Timestamp,
        new: u32,
        old: u32,
    ) -> Result<Self, NotACorporateAction> {
        if new == 0 || old == 0 {
            return Err(NotACorporateAction { symbol, new, old });
        }
        Ok(Self { symbol, effective, new, old })
    }

    /// Whose shares.
    #[must_use]
    pub const fn symbol(&self) -> Symbol {
        self.symbol
    }

    /// From when on quantities and prices are the new ones.
    #[must_use]
    pub const fn effective(&self) -> Timestamp {
        self.effective
    }

    /// How many shares one becomes.
    #[must_use]
    pub fn ratio(&self) -> Decimal {
        Decimal::from(self.new) / Decimal::from(self.old)
    }

    /// What `quantity` becomes, and the fraction of a new share that is paid out in cash instead: brokers do not keep
    /// fractions that a split makes.
    #[must_use]
    pub fn quantity_after(&self, quantity: Decimal) -> (Decimal, Decimal) {
        let exact = quantity * Decimal::from(self.new) / Decimal::from(self.old);
        let whole = exact.trunc();
        (whole, exact - whole)
    }
}

impl TryFrom<Draft> for CorporateAction {
    type Error = NotACorporateAction;
    fn try_from(draft: Draft) -> Result<Self, Self::Error> {
        Self::split(draft.symbol, draft.effective, draft.new, draft.old)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_split_multiplies_and_pays_out_fractions() {
        let symbol = Symbol::new("AAPL").unwrap();
        let three_for_two = CorporateAction::split(symbol, Timestamp::EPOCH, 3, 2).unwrap();
        let (whole, fraction) = three_for_two.quantity_after(Decimal::from(5));
        assert_eq!((whole, fraction), (Decimal::from(7), "0.5".parse().unwrap()));
        assert!(CorporateAction::split(symbol, Timestamp::EPOCH, 0, 1).is_err());
    }
}
