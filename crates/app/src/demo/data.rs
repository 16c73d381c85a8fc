//! The market of a run: the bundled daily prices of five stocks with their splits, the files of whoever runs it, or
//! what was recorded.
//!
//! The bundled rows are as they were traded (see `data/PROVENANCE.md` beside the sources). Left out: dividends, of which the
//! data has neither amounts nor dates.

use super::origin::Origin;
use super::strategy::order_key;
use super::survey::Survey;
use crate::fault::Fault;
use anyhow::Context;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use time::Date;
use tradeport_contracts::Session;
use tradeport_files::{DailyBars, FileError, Source, Split, read_splits};
use tradeport_kernel::Symbol;
use tradeport_market_data::Bar;

const PRICES: &[u8] = include_bytes!("../../data/stocks-daily-2000-2013.csv.gz");
const SPLITS: &[u8] = include_bytes!("../../data/splits.csv");
const PRICES_NAME: &str = "stocks-daily-2000-2013.csv.gz";
const SPLITS_NAME: &str = "splits.csv";

/// One session of the market.
#[derive(Clone, Debug)]
pub(crate) struct MarketDay {
    pub(crate) day: Date,
    pub(crate) session: Session,
    /// The bars of that day, in the order of the symbols.
    pub(crate) bars: Vec<Bar>,
}

/// The sessions of a period, with the splits that fall into it.
#[derive(Clone, Debug)]
pub(crate) struct Market {
    pub(crate) days: Vec<MarketDay>,
    pub(crate) splits: Vec<Split>,
    /// Instruments that are quoted and never have a price to trade on, so they are never traded.
    pub(crate) unpriced: Vec<Symbol>,
    pub(crate) origin: Origin,
}

impl Market {
    /// Everything that is bundled.
    pub(crate) fn bundled() -> anyhow::Result<Self> {
        let days =
            days(Source::from_bytes(PRICES_NAME, PRICES)?).context("the bundled prices are damaged")?;
        let splits = read_splits(Source::from_bytes(SPLITS_NAME, SPLITS)?)
            .context("the bundled splits are damaged")?;
        Ok(Self { days, splits, unpriced: Vec::new(), origin: Origin::Bundled })
    }

    /// Somebody's own files. Errors: the first line that is not what it should be.
    pub(crate) fn from_files(bars: &Path, splits: Option<&Path>) -> anyhow::Result<Self> {
        let days = days(Source::open(bars)?)?;
        let origin = Origin::Files { bars: name(bars), splits: splits.map(name) };
        Ok(Self { days, splits: own_splits(splits)?, unpriced: Vec::new(), origin })
    }

    /// What was recorded, in the words of a survey of it.
    pub(crate) fn recorded(recording: String, survey: Survey, splits: Option<&Path>) -> anyhow::Result<Self> {
        let unpriced = survey.unpriced();
        let (quotes, instruments) = (survey.quotes, survey.symbols.len());
        let origin = Origin::Recording { recording, quotes, instruments, splits: splits.map(name) };
        Self { days: survey.days, splits: own_splits(splits)?, unpriced, origin }.within(None, None)
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
                instruments.entry(bar.symbol()).or_insert((day.day, 0)).1 += 1;
            }
        }
        instruments
    }
}

fn own_splits(path: Option<&Path>) -> Result<Vec<Split>, FileError> {
    path.map_or_else(|| Ok(Vec::new()), |path| read_splits(Source::open(path)?))
}

fn name(path: &Path) -> String {
    path.display().to_string()
}

/// The sessions of a source, in order.
fn days(source: Source) -> Result<Vec<MarketDay>, FileError> {
    let mut days: BTreeMap<Date, MarketDay> = BTreeMap::new();
    for bar in DailyBars::read(source)? {
        let bar = bar?;
        let (day, session) = (bar.day(), bar.session());
        days.entry(day).or_insert_with(|| MarketDay { day, session, bars: Vec::new() }).bars.push(*bar.bar());
    }
    let mut days: Vec<MarketDay> = days.into_values().collect();
    days.iter_mut().for_each(|day| day.bars.sort_by_key(Bar::symbol));
    Ok(days)
}

impl MarketDay {
    /// The bar of an instrument, if it traded that day.
    pub(crate) fn bar(&self, symbol: Symbol) -> Option<&Bar> {
        self.bars.iter().find(|bar| bar.symbol() == symbol)
    }
}

#[cfg(test)]
mod tests;
