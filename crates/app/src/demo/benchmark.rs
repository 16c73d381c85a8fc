//! What the portfolio is compared with: equal parts of every instrument that trades on the first day, bought at that
//! day's close and never touched again.
//!
//! Fractions of shares, no costs, splits taken in; dividends are missing here as they are in the portfolio. An
//! instrument that lists later is not bought: doing so would be a decision, and this is what deciding nothing earns.

use super::data::Market;
use rust_decimal::prelude::ToPrimitive;
use std::collections::BTreeMap;
use tradeport_kernel::{Decimal, Symbol};

struct Holding {
    shares: f64,
    close: f64,
}

/// The benchmark's value at the close of each day of `market`, from `start` in cash.
pub(crate) fn values(market: &Market, start: Decimal) -> Vec<f64> {
    let mut holdings: BTreeMap<Symbol, Holding> = BTreeMap::new();
    let start = float(start);
    let mut values = Vec::with_capacity(market.days.len());
    for (index, day) in market.days.iter().enumerate() {
        for split in market.splits.iter().filter(|split| split.day() == day.day) {
            if let Some(holding) = holdings.get_mut(&split.action().symbol()) {
                let ratio = float(split.action().ratio());
                holding.shares *= ratio;
                // Should it not trade today, its last close is in old shares.
                holding.close /= ratio;
            }
        }
        let closes = day.bars.iter().map(|bar| (bar.symbol(), float(bar.prices().close.as_decimal())));
        if index == 0 {
            let part = start / day.bars.len().max(1) as f64;
            holdings =
                closes.map(|(symbol, close)| (symbol, Holding { shares: part / close, close })).collect();
        } else {
            for (symbol, close) in closes {
                if let Some(holding) = holdings.get_mut(&symbol) {
                    holding.close = close;
                }
            }
        }
        values.push(holdings.values().map(|holding| holding.shares * holding.close).sum());
    }
    values
}

/// Analytics are the one place where amounts are floats.
pub(crate) fn float(value: Decimal) -> f64 {
    value.to_f64().unwrap_or(f64::NAN)
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::date;

    #[test]
    fn it_starts_with_everything_and_ends_with_the_mean_of_the_growths() {
        let market = Market::bundled().unwrap();
        let values = values(&market, Decimal::from(900));
        assert_eq!(values.len(), market.days.len());
        assert!((values[0] - 900.0).abs() < 1e-9);
        // Public closes: AAPL 130.31 to 430.47 after two splits of two, IBM 100.25 to 202.91, MSFT 90.81 to 27.95
        // after one.
        let close = |day: usize, text: &str| {
            float(market.days[day].bar(Symbol::new(text).unwrap()).unwrap().prices().close.as_decimal())
        };
        let last = market.days.len() - 1;
        let growth = |text: &str, splits: f64| splits * close(last, text) / close(0, text);
        let expected = 300.0 * (growth("AAPL", 4.0) + growth("IBM", 1.0) + growth("MSFT", 2.0));
        assert!((values[last] - expected).abs() < 1e-6, "{} against {expected}", values[last]);
    }

    #[test]
    fn a_split_alone_changes_nothing() {
        let market = Market::bundled().unwrap();
        let values = values(&market, Decimal::from(900));
        let place = market.days.iter().position(|day| day.day == date!(2005 - 02 - 28)).unwrap();
        let step = values[place] / values[place - 1];
        assert!((step - 1.0).abs() < 0.02, "the benchmark moves by {step} on the day of the split");
    }
}
