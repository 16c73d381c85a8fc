//! The market of a run: the bundled daily prices of five stocks with their splits, or the files of whoever runs it.
//!
//! The bundled rows are as they were traded (see `data/PROVENANCE.md` beside the sources). Left out: dividends, of which the
//! data has neither amounts nor dates.

use super::strategy::order_key;
use crate::fault::Fault;
use anyhow::Context;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use time::Date;
use tradeport_contracts::Session;
use tradeport_files::{DailyBar, DailyBars, FileError, Source, Split, read_splits};
use tradeport_kernel::Symbol;

const PRICES: &[u8] = include_bytes!("../../data/stocks-daily-2000-2013.csv.gz");
const SPLITS: &[u8] = include_bytes!("../../data/splits.csv");
const PRICES_NAME: &str = "stocks-daily-2000-2013.csv.gz";
const SPLITS_NAME: &str = "splits.csv";

/// In a sentence, for reports.
const PROVENANCE: &str = "Daily open, high, low, close and volume of AAPL, FB, GOOG, IBM and MSFT from \
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
    pub(crate) origin: Origin,
}

/// Where the prices come from.
#[derive(Clone, Debug)]
pub(crate) enum Origin {
    Bundled,
    /// Files by their names; splits only if they were given.
    Files {
        bars: String,
        splits: Option<String>,
    },
}

impl Origin {
    /// In a sentence, for reports.
    pub(crate) fn provenance(&self) -> String {
        match self {
            Self::Bundled => PROVENANCE.to_owned(),
            Self::Files { bars, splits: Some(splits) } => {
                format!(
                    "Daily open, high, low, close and volume from {bars}; splits from {splits}. The files of whoever ran this, taken as they are."
                )
            }
            Self::Files { bars, splits: None } => {
                format!(
                    "Daily open, high, low, close and volume from {bars}, without splits. The file of whoever ran this, taken as it is."
                )
            }
        }
    }
}

impl Market {
    /// Everything that is bundled.
    pub(crate) fn bundled() -> anyhow::Result<Self> {
        let days =
            days(Source::from_bytes(PRICES_NAME, PRICES)?).context("the bundled prices are damaged")?;
        let splits = read_splits(Source::from_bytes(SPLITS_NAME, SPLITS)?)
            .context("the bundled splits are damaged")?;
        Ok(Self { days, splits, origin: Origin::Bundled })
    }

    /// Somebody's own files. Errors: the first line that is not what it should be.
    pub(crate) fn from_files(bars: &Path, splits: Option<&Path>) -> anyhow::Result<Self> {
        let days = days(Source::open(bars)?)?;
        let read = splits.map(|path| read_splits(Source::open(path)?)).transpose()?;
        let name = |path: &Path| path.display().to_string();
        let origin = Origin::Files { bars: name(bars), splits: splits.map(name) };
        Ok(Self { days, splits: read.unwrap_or_default(), origin })
    }

    /// The sessions from `from` to `to`, both included, and the splits after the first day of their instrument: one on
    /// that day is in its prices already, and nobody held anything before. Splits of other instruments are left out.
    pub(crate) fn within(self, from: Option<Date>, to: Option<Date>) -> anyhow::Result<Self> {
        let known = self.days.first().zip(self.days.last()).map(|(first, last)| (first.day, last.day));
        let wanted = |day: Date| from.is_none_or(|from| day >= from) && to.is_none_or(|to| day <= to);
        let days: Vec<MarketDay> = self.days.into_iter().filter(|day| wanted(day.day)).collect();
        let Some(last) = days.last() else {
            let Some((first, last)) = known else {
                let message = "there is not one bar in the file";
                return Err(
                    Fault::failed(message, "give a file with rows below its header: --bars FILE").into()
                );
            };
            let message = "there is no session in that period";
            let advice = format!("choose --from and --to between {first} and {last}, --from first");
            return Err(Fault::usage(message, advice).into());
        };
        let last = last.day;
        let mut market = Self { days, ..self };
        let instruments = market.instruments();
        market.splits.retain(|split| {
            let listed = instruments.get(&split.action().symbol());
            listed.is_some_and(|(first, _)| split.day() > *first) && split.day() <= last
        });
        market.splits.sort_by_key(Split::day);
        market.check_splits()?;
        market.check_names()?;
        Ok(market)
    }

    /// A split takes effect before the first quote of its day; one without a session would be passed over.
    fn check_splits(&self) -> anyhow::Result<()> {
        let sessions: BTreeSet<Date> = self.days.iter().map(|day| day.day).collect();
        match self.splits.iter().find(|split| !sessions.contains(&split.day())) {
            None => Ok(()),
            Some(split) => {
                let (symbol, day) = (split.action().symbol(), split.day());
                let message = format!("the split of {symbol} on {day} falls on a day without a session");
                Err(Fault::failed(message, "give the first day on which the new shares traded").into())
            }
        }
    }

    /// Each ticker must be able to name orders of its own; better told now than in the middle of the run.
    fn check_names(&self) -> anyhow::Result<()> {
        let Some(day) = self.days.first().map(|day| day.day) else { return Ok(()) };
        let mut keys = BTreeSet::new();
        for symbol in self.instruments().into_keys() {
            let key = order_key(day, symbol).ok();
            if !key.is_some_and(|key| keys.insert(key.as_str().to_owned())) {
                let message = format!("the ticker {:?} cannot name an order", symbol.as_str());
                let advice =
                    "use at most 19 letters, digits, blanks, '-' or '.' in each ticker, and each ticker once";
                return Err(Fault::failed(message, advice).into());
            }
        }
        Ok(())
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

/// The sessions of a source, in order.
fn days(source: Source) -> Result<Vec<MarketDay>, FileError> {
    let mut days: BTreeMap<Date, MarketDay> = BTreeMap::new();
    for bar in DailyBars::read(source)? {
        let bar = bar?;
        let (day, session) = (bar.day(), bar.session());
        days.entry(day).or_insert_with(|| MarketDay { day, session, bars: Vec::new() }).bars.push(bar);
    }
    let mut days: Vec<MarketDay> = days.into_values().collect();
    days.iter_mut().for_each(|day| day.bars.sort_by_key(|bar| bar.bar().symbol()));
    Ok(days)
}

impl MarketDay {
    /// The bar of an instrument, if it traded that day.
    pub(crate) fn bar(&self, symbol: Symbol) -> Option<&DailyBar> {
        self.bars.iter().find(|bar| bar.bar().symbol() == symbol)
    }
}

#[cfg(test)]
mod tests;
