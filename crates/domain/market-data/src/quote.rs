//! The best bid and offer of one instrument at one moment.

use serde::{Deserialize, Serialize};
use tradeport_kernel::{Decimal, Price, Quantity, Symbol, Timestamp};

/// A price at which somebody trades, and how much, when that was said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Level {
    price: Price,
    size: Option<Quantity>,
}

impl Level {
    /// A price with its size; `None` for a size that the source did not give.
    #[must_use]
    pub const fn new(price: Price, size: Option<Quantity>) -> Self {
        Self { price, size }
    }

    /// The price of one unit.
    #[must_use]
    pub const fn price(&self) -> Price {
        self.price
    }

    /// How much is offered there, when the source said so.
    #[must_use]
    pub const fn size(&self) -> Option<Quantity> {
        self.size
    }
}

/// What was bid and offered for an instrument at a moment. Several quotes may share one moment: brokers stamp some
/// data in whole seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quote {
    symbol: Symbol,
    at: Timestamp,
    bid: Option<Level>,
    ask: Option<Level>,
}

/// A quote without any price says nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the quote of {symbol} at {at} has neither bid nor ask")]
pub struct NotAQuote {
    symbol: Symbol,
    at: Timestamp,
}

impl Quote {
    /// Refuses a quote with neither side. A crossed or strange one is a quote: judging it is for `QuoteRules`.
    pub fn new(
        symbol: Symbol,
        at: Timestamp,
        bid: Option<Level>,
        ask: Option<Level>,
    ) -> Result<Self, NotAQuote> {
        if bid.is_none() && ask.is_none() {
            return Err(NotAQuote { symbol, at });
        }
        Ok(Self { symbol, at, bid, ask })
    }

    /// Whose quote.
    #[must_use]
    pub const fn symbol(&self) -> Symbol {
        self.symbol
    }

    /// When it was true, by the source's clock.
    #[must_use]
    pub const fn at(&self) -> Timestamp {
        self.at
    }

    /// The best bid.
    #[must_use]
    pub const fn bid(&self) -> Option<Level> {
        self.bid
    }

    /// The best offer.
    #[must_use]
    pub const fn ask(&self) -> Option<Level> {
        self.ask
    }

    /// Offer less bid, when both are there.
    #[must_use]
    pub fn spread(&self) -> Option<Decimal> {
        let (bid, ask) = (self.bid?, self.ask?);
        Some(ask.price.as_decimal() - bid.price.as_decimal())
    }

    /// Half way between bid and offer, when both are there.
    #[must_use]
    pub fn mid(&self) -> Option<Price> {
        let (bid, ask) = (self.bid?, self.ask?);
        let mid = (ask.price.as_decimal() + bid.price.as_decimal()) / Decimal::TWO;
        Price::new(mid.round_dp(Price::MAX_SCALE)).ok()
    }
}
