//! Judging quotes: accepted, marked or refused, and counted.

use crate::Quote;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::time::Duration;
use tradeport_kernel::{Symbol, Timestamp};

/// What is done with a quote.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is recorded and traded on.
    Accepted,
    /// It is recorded, but is not a price to trade on.
    Marked(Mark),
    /// It is counted and thrown away: it cannot be true.
    Refused(Refusal),
}

/// Strange, but possible.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Mark {
    /// The bid is above the ask.
    Crossed,
    /// One side is missing.
    OneSided,
    /// Earlier than the quote before it.
    OutOfOrder,
}

/// Impossible.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Refusal {
    /// A price of zero or below, for an instrument that cannot trade there.
    NotPositive,
    /// From the future, by more than clocks may differ.
    FromTheFuture,
}

/// What quotes must satisfy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct QuoteRules {
    /// May prices be zero or negative (spreads, some futures)?
    pub any_price: bool,
    /// How far ahead of our clock a quote may be stamped.
    pub clock_tolerance: Duration,
}

impl Default for QuoteRules {
    fn default() -> Self {
        Self { any_price: false, clock_tolerance: Duration::from_secs(5) }
    }
}

/// How many quotes were accepted, marked and refused, with what is needed to see disorder.
#[derive(Clone, Debug, Default)]
pub struct QuoteTally {
    accepted: u64,
    marked: u64,
    refused: u64,
    last: HashMap<Symbol, Timestamp>,
}

impl QuoteTally {
    /// Judges a quote that arrived at `now`, and counts it.
    pub fn judge(&mut self, rules: &QuoteRules, quote: &Quote, now: Timestamp) -> Verdict {
        let verdict = self.verdict(rules, quote, now);
        match verdict {
            Verdict::Accepted => self.accepted += 1,
            Verdict::Marked(_) => self.marked += 1,
            Verdict::Refused(_) => self.refused += 1,
        }
        verdict
    }

    fn verdict(&mut self, rules: &QuoteRules, quote: &Quote, now: Timestamp) -> Verdict {
        let sides = [quote.bid(), quote.ask()];
        if !rules.any_price && sides.iter().flatten().any(|level| !level.price().is_positive()) {
            return Verdict::Refused(Refusal::NotPositive);
        }
        if quote.at() > now.after(rules.clock_tolerance) {
            return Verdict::Refused(Refusal::FromTheFuture);
        }
        let last = self.last.entry(quote.symbol()).or_insert(quote.at());
        if quote.at() < *last {
            return Verdict::Marked(Mark::OutOfOrder);
        }
        *last = quote.at();
        match (quote.bid(), quote.ask()) {
            (Some(bid), Some(ask)) if bid.price() > ask.price() => Verdict::Marked(Mark::Crossed),
            (Some(_), Some(_)) => Verdict::Accepted,
            _ => Verdict::Marked(Mark::OneSided),
        }
    }

    /// How many were accepted.
    #[must_use]
    pub const fn accepted(&self) -> u64 {
        self.accepted
    }

    /// How many were marked.
    #[must_use]
    pub const fn marked(&self) -> u64 {
        self.marked
    }

    /// How many were refused.
    #[must_use]
    pub const fn refused(&self) -> u64 {
        self.refused
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Level;

    fn quote(second: i64, bid: Option<&str>, ask: Option<&str>) -> Quote {
        let level = |text: &str| Level::new(text.parse().unwrap(), None);
        let symbol = Symbol::new("AAPL").unwrap();
        Quote::new(symbol, Timestamp::from_seconds(second), bid.map(level), ask.map(level)).unwrap()
    }

    #[test]
    fn each_quote_has_one_verdict_and_is_counted() {
        let mut tally = QuoteTally::default();
        let mut judge =
            |quote: Quote| tally.judge(&QuoteRules::default(), &quote, Timestamp::from_seconds(100));
        assert_eq!(judge(quote(100, Some("10"), Some("10.1"))), Verdict::Accepted);
        assert_eq!(judge(quote(100, Some("10"), Some("10"))), Verdict::Accepted);
        assert_eq!(judge(quote(100, Some("10.2"), Some("10.1"))), Verdict::Marked(Mark::Crossed));
        assert_eq!(judge(quote(101, None, Some("10.1"))), Verdict::Marked(Mark::OneSided));
        assert_eq!(judge(quote(100, Some("10"), Some("10.1"))), Verdict::Marked(Mark::OutOfOrder));
        assert_eq!(judge(quote(101, Some("0"), Some("10.1"))), Verdict::Refused(Refusal::NotPositive));
        assert_eq!(judge(quote(106, Some("1"), Some("2"))), Verdict::Refused(Refusal::FromTheFuture));
        assert_eq!((tally.accepted(), tally.marked(), tally.refused()), (2, 3, 2));
    }
}
