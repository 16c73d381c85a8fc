//! The first of a replay's two readings: which days and prices a recording holds.
//!
//! Only quotes that are accepted by the rules give prices: one with a single side, a crossed or a late one is told again
//! and recorded, and is no price to trade on. Memory holds one bar for each day and instrument, never the quotes.

use super::data::MarketDay;
use super::recording::{Recording, Telling};
use crate::fault::Fault;
use crate::stop::Stop;
use anyhow::Context;
use indicatif::ProgressBar;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;
use time::Date;
use tradeport_contracts::Session;
use tradeport_files::{us_stock_day, us_stock_day_start, us_stock_session};
use tradeport_kernel::{Price, Symbol, Timestamp};
use tradeport_market_data::{Bar, BarPrices, BarSize, Quote, QuoteRules, QuoteTally, Verdict};

/// What a recording holds.
#[derive(Clone, Debug, Default)]
pub(crate) struct Survey {
    /// The days with a price, in order.
    pub(crate) days: Vec<MarketDay>,
    /// How many quotes belong to each of these days.
    pub(crate) counts: Vec<u64>,
    /// How many there are in all.
    pub(crate) quotes: u64,
    /// Every instrument that is quoted.
    pub(crate) symbols: BTreeSet<Symbol>,
}

impl Survey {
    /// Reads a recording to its end; `None` when somebody asked to stop. Errors: it cannot be read, or holds no price.
    pub(super) async fn of(
        recording: &Recording,
        stop: &Stop,
        progress: &ProgressBar,
    ) -> anyhow::Result<Option<Self>> {
        let mut telling = recording.tell()?;
        let (mut survey, mut tally) = (Self::default(), QuoteTally::default());
        let mut today: Option<Day> = None;
        // Quotes of days without any price: they are told with the next day that has one.
        let mut left_over = 0;
        while let Some(quote) = telling.next().await? {
            if stop.is_asked() {
                return Ok(None);
            }
            let mut day = match today.take() {
                Some(day) if telling.moment() < day.end => day,
                before => {
                    left_over = before.map_or(Ok(left_over), |before| survey.add(before, left_over))?;
                    Day::begin(&telling)?
                }
            };
            let verdict = tally.judge(&QuoteRules::default(), &quote, telling.moment());
            day.note(&quote, telling.moment(), verdict);
            survey.symbols.insert(quote.symbol());
            survey.quotes += 1;
            today = Some(day);
            progress.inc(1);
        }
        left_over = today.map_or(Ok(left_over), |last| survey.add(last, left_over))?;
        if let Some(last) = survey.counts.last_mut() {
            *last += left_over;
        }
        Ok(Some(survey))
    }

    /// Refuses a recording in which there is nothing to trade.
    fn with_prices(self, name: &str) -> anyhow::Result<Self> {
        if self.quotes == 0 {
            let advice = "record some first: tradeport record AAPL --for 10s; or name another: --replay PATH";
            return Err(Fault::failed(format!("there is not one quote in {name}"), advice).into());
        }
        if self.days.is_empty() {
            let message =
                format!("no quote in {name} is a price to trade on: each lacks a side, or is crossed");
            return Err(Fault::failed(message, "name a recording with bid and ask: --replay PATH").into());
        }
        Ok(self)
    }

    /// Instruments that never had a price.
    pub(crate) fn unpriced(&self) -> Vec<Symbol> {
        let priced: BTreeSet<Symbol> = self.days.iter().flat_map(|day| &day.bars).map(Bar::symbol).collect();
        self.symbols.difference(&priced).copied().collect()
    }

    /// Adds a day with the quotes that are left over from the days before; how many are left over now.
    fn add(&mut self, day: Day, left_over: u64) -> anyhow::Result<u64> {
        let quotes = day.quotes + left_over;
        let day = day.finish()?;
        if day.bars.is_empty() {
            return Ok(quotes);
        }
        self.days.push(day);
        self.counts.push(quotes);
        Ok(0)
    }
}

/// A recording's quotes of the days from `from` to `to`, and what they hold; `None` when somebody asked to stop. Errors
/// as those of [`Survey::of`], or there is nothing in that period.
pub(super) async fn of_period(
    recording: &Recording,
    from: Option<Date>,
    to: Option<Date>,
    stop: &Stop,
    progress: &ProgressBar,
) -> anyhow::Result<Option<(Recording, Survey)>> {
    let wanted = recording.within(from, to);
    let Some(survey) = Survey::of(&wanted, stop, progress).await? else { return Ok(None) };
    if survey.days.is_empty() && (from.is_some() || to.is_some()) {
        // Which days there are is worth another reading.
        let Some(whole) = Survey::of(recording, stop, progress).await? else { return Ok(None) };
        let whole = whole.with_prices(recording.name())?;
        let (first, last) =
            whole.days.first().zip(whole.days.last()).context("there is a day with a price")?;
        let message = "there is no session in that period";
        let advice = format!("choose --from and --to between {} and {}, --from first", first.day, last.day);
        return Err(Fault::usage(message, advice).into());
    }
    let survey = survey.with_prices(wanted.name())?;
    Ok(Some((wanted, survey)))
}

/// A day that is being read.
struct Day {
    day: Date,
    /// The first moment of the next day.
    end: Timestamp,
    first: Timestamp,
    last: Timestamp,
    prices: BTreeMap<Symbol, BarPrices>,
    quotes: u64,
}

impl Day {
    fn begin(telling: &Telling) -> anyhow::Result<Self> {
        let first = telling.moment();
        let day = us_stock_day(first);
        let next = day.next_day().context("the calendar ends")?;
        let end = us_stock_day_start(next)?;
        Ok(Self { day, end, first, last: first, prices: BTreeMap::new(), quotes: 0 })
    }

    fn note(&mut self, quote: &Quote, moment: Timestamp, verdict: Verdict) {
        self.last = moment;
        self.quotes += 1;
        let Some(mid) = quote.mid().filter(|_| verdict == Verdict::Accepted) else { return };
        let prices = self.prices.entry(quote.symbol()).or_insert_with(|| all(mid));
        prices.high = prices.high.max(mid);
        prices.low = prices.low.min(mid);
        prices.close = mid;
    }

    fn finish(self) -> anyhow::Result<MarketDay> {
        let session = self.session()?;
        let bar =
            |(symbol, prices)| Bar::new(symbol, BarSize::DAY, session.open, prices, None).map_err(Into::into);
        let bars = self.prices.into_iter().map(bar).collect::<anyhow::Result<_>>()?;
        Ok(MarketDay { day: self.day, session, bars })
    }

    /// The regular session where it holds every quote; else from the first quote to the last.
    fn session(&self) -> anyhow::Result<Session> {
        let regular = us_stock_session(self.day)?;
        if regular.open <= self.first && self.last < regular.close {
            return Ok(regular);
        }
        Ok(Session { open: self.first, close: self.last.after(Duration::from_nanos(1)) })
    }
}

const fn all(price: Price) -> BarPrices {
    BarPrices { open: price, high: price, low: price, close: price }
}

#[cfg(test)]
mod tests;
