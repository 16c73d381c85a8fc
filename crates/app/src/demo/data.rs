//! The bundled market: real daily prices of five stocks, and their splits.
//!
//! The rows are as they were traded (see `data/PROVENANCE.md` beside the sources). Left out: dividends, of which the
//! data has neither amounts nor dates.

use crate::fault::Fault;
use anyhow::Context;
use std::collections::BTreeMap;
use time::Date;
use tradeport_contracts::Session;
use tradeport_files::{DailyBar, DailyBars, Source, Split, read_splits};
use tradeport_kernel::Symbol;

const PRICES: &[u8] = include_bytes!("../../data/stocks-daily-2000-2013.csv.gz");
const SPLITS: &[u8] = include_bytes!("../../data/splits.csv");
const PRICES_NAME: &str = "stocks-daily-2000-2013.csv.gz";
const SPLITS_NAME: &str = "splits.csv";

/// In a sentence, for reports.
pub(crate) const PROVENANCE: &str = "Daily open, high, low, close and volume of AAPL, FB, GOOG, IBM and MSFT from \
    2000-03-01 to 2013-03-01, 12,154 rows, as they were traded: Quandl WIKI prices, declared public domain by their \
    publisher, by way of the Python package bokeh_sampledata 2026.1. Splits are from public record and held against \
    the prices by a test.";

/// One session of the market.
#[derive(Clone, Debug)]
pub(crate) struct MarketDay {
    pub(crate) day: Date,
    pub(crate) session: Session,
    /// The bars of that day, in the order of the symbols.
    pub(crate) bars: Vec<DailyBar>,
}

/// The sessions of a period, with the splits that fall into it.
#[derive(Clone, Debug)]
pub(crate) struct Market {
    pub(crate) days: Vec<MarketDay>,
    pub(crate) splits: Vec<Split>,
}

impl Market {
    /// Everything that is bundled.
    pub(crate) fn bundled() -> anyhow::Result<Self> {
        let bars = DailyBars::read(Source::from_bytes(PRICES_NAME, PRICES)?)?;
        let mut days: BTreeMap<Date, MarketDay> = BTreeMap::new();
        for bar in bars {
            let bar = bar.context("the bundled prices are damaged")?;
            let (day, session) = (bar.day(), bar.session());
            days.entry(day).or_insert_with(|| MarketDay { day, session, bars: Vec::new() }).bars.push(bar);
        }
        let mut days: Vec<MarketDay> = days.into_values().collect();
        days.iter_mut().for_each(|day| day.bars.sort_by_key(|bar| bar.bar().symbol()));
        let splits = read_splits(Source::from_bytes(SPLITS_NAME, SPLITS)?)
            .context("the bundled splits are damaged")?;
        Ok(Self { days, splits })
    }

    /// The sessions from `from` to `to`, both included, and the splits after the first of them: one on the first day
    /// is in its prices already, and nobody held anything before.
    pub(crate) fn within(self, from: Option<Date>, to: Option<Date>) -> anyhow::Result<Self> {
        let known = self.days.first().zip(self.days.last()).map(|(first, last)| (first.day, last.day));
        let wanted = |day: Date| from.is_none_or(|from| day >= from) && to.is_none_or(|to| day <= to);
        let days: Vec<MarketDay> = self.days.into_iter().filter(|day| wanted(day.day)).collect();
        let (Some(first), Some(last)) = (days.first(), days.last()) else {
            let (first, last) = known.context("no prices are bundled")?;
            let message = "there is no session in that period";
            let advice = format!("choose --from and --to between {first} and {last}, --from first");
            return Err(Fault::usage(message, advice).into());
        };
        let (first, last) = (first.day, last.day);
        let mut splits = self.splits;
        splits.retain(|split| split.day() > first && split.day() <= last);
        splits.sort_by_key(Split::day);
        Ok(Self { days, splits })
    }

    /// Each instrument, with its first day in this period and how many sessions it has.
    pub(crate) fn instruments(&self) -> BTreeMap<Symbol, (Date, usize)> {
        let mut instruments = BTreeMap::new();
        for day in &self.days {
            for bar in &day.bars {
                instruments.entry(bar.bar().symbol()).or_insert((day.day, 0)).1 += 1;
            }
        }
        instruments
    }
}

impl MarketDay {
    /// The bar of an instrument, if it traded that day.
    pub(crate) fn bar(&self, symbol: Symbol) -> Option<&DailyBar> {
        self.bars.iter().find(|bar| bar.bar().symbol() == symbol)
    }
}

#[cfg(test)]
mod tests;
