//! The last quote of every instrument: what risk and targets read.

use crate::Quote;
use foldhash::HashMap;
use std::time::Duration;
use tradeport_kernel::{Price, Symbol, Timestamp};

/// The last usable quote of each instrument.
#[derive(Clone, Debug, Default)]
pub struct QuoteBoard {
    last: HashMap<Symbol, Quote>,
}

/// Why there is no price to work with. Missing data is a reason to refuse, never a zero.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum QuoteUnusable {
    /// Nothing was ever quoted.
    #[error("no quote of {0} has been seen")]
    Never(Symbol),
    /// The last quote is too old.
    #[error("the last quote of {symbol} is {age_seconds} s old; at most {limit_seconds} s are allowed")]
    Stale {
        /// Whose.
        symbol: Symbol,
        /// How old it is.
        age_seconds: u64,
        /// How old it may be.
        limit_seconds: u64,
    },
    /// The last quote has only one side.
    #[error("the last quote of {0} lacks a bid or an ask")]
    OneSided(Symbol),
}

impl QuoteBoard {
    /// Takes note of a quote; an older one than the last is ignored.
    pub fn note(&mut self, quote: Quote) {
        let last = self.last.entry(quote.symbol()).or_insert(quote);
        if quote.at() >= last.at() {
            *last = quote;
        }
    }

    /// The last quote, however old.
    #[must_use]
    pub fn last(&self, symbol: Symbol) -> Option<&Quote> {
        self.last.get(&symbol)
    }

    /// The last quote, if it is not older than `limit` at `now`.
    pub fn fresh(&self, symbol: Symbol, now: Timestamp, limit: Duration) -> Result<&Quote, QuoteUnusable> {
        let quote = self.last.get(&symbol).ok_or(QuoteUnusable::Never(symbol))?;
        let age = now.since(quote.at());
        if age > limit {
            let (age_seconds, limit_seconds) = (age.as_secs(), limit.as_secs());
            return Err(QuoteUnusable::Stale { symbol, age_seconds, limit_seconds });
        }
        Ok(quote)
    }

    /// The middle of a fresh quote.
    pub fn fresh_mid(&self, symbol: Symbol, now: Timestamp, limit: Duration) -> Result<Price, QuoteUnusable> {
        self.fresh(symbol, now, limit)?.mid().ok_or(QuoteUnusable::OneSided(symbol))
    }

    /// Prices of all instruments are divided as a split asks; the next quote is in new prices anyway.
    pub fn forget(&mut self, symbol: Symbol) {
        self.last.remove(&symbol);
    }

    /// Every last quote, in no order.
    pub fn iter(&self) -> impl Iterator<Item = &Quote> {
        self.last.values()
    }
}
