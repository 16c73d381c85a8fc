//! The comparison with a benchmark: another instrument's recorded quotes, sampled when the portfolio was valued.
//!
//! A day's price is the middle between bid and ask of the last quote with both that was recorded on that UTC day, at or
//! before the portfolio's last snapshot of the day: what came later, the portfolio's value could not know. A day without
//! one has no price, and the periods that begin or end on it are left out on both sides. Left out: dividends and splits
//! of the benchmark; its prices count as they were quoted.

use super::Close;
use crate::output::Grid;
use rust_decimal::prelude::ToPrimitive;
use serde::Serialize;
use std::time::Duration;
use tradeport_analytics::{Basis, PairedReturns, RelativePerformance, simple_returns, total_return};
use tradeport_kernel::{StoreError, Symbol, TimeRange};
use tradeport_market_data::{RecordedQuote, TickQuery, TickStore};

/// So many quotes are read at once.
const PAGE: usize = 10_000;
/// The last quote is looked for so far back first; when there is none, further.
const NEAR: Duration = Duration::from_secs(60);
/// How much further each time: a minute, 16 minutes, 4 hours, the day.
const FURTHER: u32 = 16;

/// How the portfolio did against a benchmark, or why that is not known.
#[derive(Serialize)]
pub(super) struct Benchmark {
    symbol: Symbol,
    /// How many of the portfolio's days have a price of it.
    days: usize,
    /// Its own total return over the shared periods.
    total_return: Option<f64>,
    comparison: Option<RelativePerformance>,
    reason: Option<String>,
}

impl Benchmark {
    /// Compares the portfolio's closes with what is recorded of `symbol`.
    pub(super) async fn of(
        symbol: Symbol,
        closes: &[Close],
        ticks: Option<&dyn TickStore>,
        basis: Basis,
    ) -> anyhow::Result<Self> {
        let mut prices = Vec::with_capacity(closes.len());
        for close in closes {
            prices.push(match ticks {
                Some(ticks) => price(ticks, symbol, close).await?,
                None => None,
            });
        }
        Self::compared(symbol, closes, &prices, basis)
    }

    fn compared(
        symbol: Symbol,
        closes: &[Close],
        prices: &[Option<f64>],
        basis: Basis,
    ) -> anyhow::Result<Self> {
        let days = prices.iter().flatten().count();
        let none = |reason: String| Self {
            symbol,
            days,
            total_return: None,
            comparison: None,
            reason: Some(reason),
        };
        if closes.len() < 2 {
            return Ok(none("a comparison needs snapshots of two days at least".to_owned()));
        }
        if days == 0 {
            return Ok(none(format!(
                "no quote of {symbol} is recorded on these days up to their last snapshots: tradeport record {symbol}"
            )));
        }
        let values: Vec<f64> = closes.iter().map(|close| close.value).collect();
        let ours: Vec<Option<f64>> =
            simple_returns(&values)?.as_slice().iter().map(|period| Some(*period)).collect();
        let theirs: Vec<Option<f64>> =
            prices.windows(2).map(|pair| Some(pair[1]? / pair[0]? - 1.0)).collect();
        let paired = PairedReturns::with_gaps(&ours, &theirs)?;
        if paired.strategy().is_empty() {
            let whole = closes.len();
            return Ok(none(format!(
                "quotes of {symbol} are recorded on {days} of {whole} days, never on two that follow each other"
            )));
        }
        let comparison = Some(RelativePerformance::of(&paired, basis));
        let total_return = total_return(paired.benchmark());
        Ok(Self { symbol, days, total_return, comparison, reason: None })
    }

    /// Adds its figures, or the reason why there are none.
    pub(super) fn facts(&self, grid: &mut Grid, whole: usize) {
        let Some(figures) = &self.comparison else {
            let reason = self.reason.as_deref().unwrap_or("no comparison");
            return grid.fact("benchmark", format!("{}: {reason}", self.symbol));
        };
        let periods = figures.observations;
        grid.fact(
            "benchmark",
            format!("{}, prices on {} of {whole} days, {periods} returns compared", self.symbol, self.days),
        );
        grid.fact("its total return", super::percent(self.total_return));
        grid.fact("ahead of it", super::percent(figures.excess_total_return));
        grid.fact("beta", super::ratio(figures.beta));
        grid.fact("alpha a year", super::percent(figures.alpha));
        grid.fact("tracking error a year", super::percent(figures.tracking_error));
        grid.fact("information ratio", super::ratio(figures.information_ratio));
    }
}

/// The last price of a day, up to the moment at which the portfolio was valued.
async fn price(ticks: &dyn TickStore, symbol: Symbol, close: &Close) -> Result<Option<f64>, StoreError> {
    let day = close.day_start();
    let end = close.at.after(Duration::from_nanos(1));
    let mut back = NEAR;
    loop {
        let start = end.before(back).max(day);
        if let Some(price) = last_price(ticks, symbol, TimeRange::new(start, end)).await? {
            return Ok(Some(price));
        }
        if start == day {
            return Ok(None);
        }
        back = back.saturating_mul(FURTHER);
    }
}

/// The latest price above zero of a range; of several at one moment, the one that was recorded last.
async fn last_price(
    ticks: &dyn TickStore,
    symbol: Symbol,
    range: TimeRange,
) -> Result<Option<f64>, StoreError> {
    let (mut latest, mut after) = (None, None);
    loop {
        let page = ticks.read(&TickQuery { symbol, range, after, limit: PAGE }).await?;
        let priced = page.iter().filter_map(|row| Some((row.quote.at(), row.sequence, mid_of(row)?)));
        latest = priced.chain(latest).max_by_key(|(at, sequence, _)| (*at, *sequence));
        after = page.last().map(|row| row.sequence);
        if page.len() < PAGE {
            return Ok(latest.map(|(_, _, mid)| mid));
        }
    }
}

fn mid_of(row: &RecordedQuote) -> Option<f64> {
    row.quote.mid().filter(|mid| mid.is_positive())?.as_decimal().to_f64()
}
