//! Which options there are on an underlying: classes, expiries, strikes.
//!
//! Left out: their prices, and which single options of the grid are listed; resolving one of them tells.

use crate::{Expiry, NotAnInstrument, OptionContract, Right};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use tradeport_kernel::{Currency, Decimal};

/// The options on one underlying that share an exchange, a class and a multiplier; made from an [`OptionChainDraft`],
/// which is checked. Not every expiry has every strike.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "OptionChainDraft", into = "OptionChainDraft")]
pub struct OptionChain(OptionChainDraft);

/// The fields of a chain, before they are checked.
///
/// ```
/// use tradeport_contracts::{OptionChainDraft, Right};
/// use tradeport_kernel::Currency;
///
/// let chain = OptionChainDraft {
///     underlying: "SPX".to_owned(),
///     exchange: "SMART".to_owned(),
///     trading_class: "SPXW".to_owned(),
///     currency: Currency::USD,
///     multiplier: 100.into(),
///     expiries: ["20261218".parse()?].into(),
///     strikes: [5_900, 6_000].map(Into::into).into(),
/// }
/// .check()?;
/// let call = chain.option("20261218".parse()?, 6_000.into(), Right::Call)?;
/// assert_eq!(call.to_string(), "SPX 20261218C6000;class=SPXW");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OptionChainDraft {
    /// The symbol of what the options are on.
    pub underlying: String,
    /// Where they trade.
    pub exchange: String,
    /// Their class.
    pub trading_class: String,
    /// What they are priced in.
    pub currency: Currency,
    /// Units of the underlying in one option; above zero.
    pub multiplier: Decimal,
    /// Their expiries, at least one.
    pub expiries: BTreeSet<Expiry>,
    /// Their strikes, at least one, above zero.
    pub strikes: BTreeSet<Decimal>,
}

/// The chain cannot be.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotAnOptionChain {
    /// It has no options.
    #[error("a chain of options on {0} without an expiry or without a strike")]
    Empty(String),
    /// One of its options cannot be.
    #[error("a chain of options on {underlying} holds what is none")]
    Option {
        /// On what.
        underlying: String,
        /// Why it is none.
        source: NotAnInstrument,
    },
}

impl OptionChainDraft {
    /// Refuses chains without expiries or strikes, and those of which an option cannot be.
    pub fn check(self) -> Result<OptionChain, NotAnOptionChain> {
        let (Some(nearest), Some(lowest)) = (self.expiries.first().copied(), self.strikes.first().copied())
        else {
            return Err(NotAnOptionChain::Empty(self.underlying));
        };
        let chain = OptionChain(self);
        let strikes = chain.strikes().map(|strike| chain.option(nearest, strike, Right::Call));
        let expiries = chain.expiries().map(|expiry| chain.option(expiry, lowest, Right::Call));
        let wrong = strikes.chain(expiries).find_map(Result::err);
        match wrong {
            Some(source) => Err(NotAnOptionChain::Option { underlying: chain.0.underlying, source }),
            None => Ok(chain),
        }
    }
}

impl OptionChain {
    /// The symbol of what the options are on.
    #[must_use]
    pub fn underlying(&self) -> &str {
        &self.0.underlying
    }

    /// Where they trade.
    #[must_use]
    pub fn exchange(&self) -> &str {
        &self.0.exchange
    }

    /// Their class.
    #[must_use]
    pub fn trading_class(&self) -> &str {
        &self.0.trading_class
    }

    /// What they are priced in.
    #[must_use]
    pub const fn currency(&self) -> Currency {
        self.0.currency
    }

    /// Units of the underlying in one option.
    #[must_use]
    pub const fn multiplier(&self) -> Decimal {
        self.0.multiplier
    }

    /// Their expiries, the nearest first.
    pub fn expiries(&self) -> impl DoubleEndedIterator<Item = Expiry> {
        self.0.expiries.iter().copied()
    }

    /// Their strikes, the lowest first.
    pub fn strikes(&self) -> impl DoubleEndedIterator<Item = Decimal> {
        self.0.strikes.iter().copied()
    }

    /// One option of the grid, as a catalog that lists it would resolve it: with its class where that is not the
    /// underlying's symbol. Errors: a strike that is not above zero.
    pub fn option(
        &self,
        expiry: Expiry,
        strike: Decimal,
        right: Right,
    ) -> Result<OptionContract, NotAnInstrument> {
        let it = &self.0;
        let option = OptionContract::new(&it.underlying, expiry, strike, right)?;
        let option = option.on(&it.exchange)?.in_currency(it.currency);
        if it.trading_class == it.underlying {
            Ok(option)
        } else {
            option.with_trading_class(&it.trading_class)
        }
    }
}

impl TryFrom<OptionChainDraft> for OptionChain {
    type Error = NotAnOptionChain;
    fn try_from(draft: OptionChainDraft) -> Result<Self, Self::Error> {
        draft.check()
    }
}

impl From<OptionChain> for OptionChainDraft {
    fn from(chain: OptionChain) -> Self {
        chain.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft() -> OptionChainDraft {
        OptionChainDraft {
            underlying: "AAPL".to_owned(),
            exchange: "SMART".to_owned(),
            trading_class: "AAPL".to_owned(),
            currency: Currency::USD,
            multiplier: Decimal::ONE_HUNDRED,
            expiries: ["20250221", "20250117"].map(|day| day.parse().unwrap()).into(),
            strikes: [150, 145].map(Decimal::from).into(),
        }
    }

    #[test]
    fn a_chain_is_in_order_and_names_its_options() {
        let chain = draft().check().unwrap();
        assert_eq!(chain.expiries().map(|it| it.to_string()).collect::<Vec<_>>(), ["20250117", "20250221"]);
        assert_eq!(chain.strikes().next(), Some(Decimal::from(145)));
        let option = chain.option(chain.expiries().next().unwrap(), Decimal::from(150), Right::Put).unwrap();
        assert_eq!(option.to_string(), "AAPL 20250117P150");
        let weekly = OptionChainDraft { trading_class: "AAPLW".to_owned(), ..draft() }.check().unwrap();
        let option = weekly.option(chain.expiries().next().unwrap(), Decimal::from(150), Right::Put).unwrap();
        assert_eq!(option.to_string(), "AAPL 20250117P150;class=AAPLW");
    }

    #[test]
    fn what_holds_no_options_is_no_chain() {
        let empty = OptionChainDraft { strikes: BTreeSet::new(), ..draft() };
        let said = empty.check().unwrap_err().to_string();
        assert_eq!(said, "a chain of options on AAPL without an expiry or without a strike");
        let free = OptionChainDraft { strikes: [Decimal::ZERO].into(), ..draft() };
        assert!(matches!(free.check(), Err(NotAnOptionChain::Option { .. })));
        let weekend = OptionChainDraft { expiries: ["20250118".parse().unwrap()].into(), ..draft() };
        let said = weekend.check().unwrap_err().to_string();
        assert_eq!(said, "a chain of options on AAPL holds what is none");
    }
}
