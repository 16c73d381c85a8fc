//! The simulated broker's past: bars made from the tape of its market, of everything that it trades.
//!
//! The tape is the same at every time of asking, so that a bar that is over never changes. Bars of an hour begin on the
//! hours of UTC, days at its midnight, weeks on Monday; a bar holds what lies within the contract's hours of trading, and
//! one in which it did not trade is left out.

use async_trait::async_trait;
use std::sync::Arc;
use time::{Date, Duration};
use tradeport_connection::{BrokerLink, LinkError, LinkState};
use tradeport_contracts::TradingSessions;
use tradeport_fake_broker::FakeBroker;
use tradeport_fake_broker::house::{Catalog, FakeHours, SyntheticMarket, Tape};
use tradeport_kernel::{Cause, Clock, Decimal, Price, Symbol, Timestamp};
use tradeport_market_data::{Bar, BarHistory, BarPage, BarPrices, BarRequest, BarSize, HistoryError};

/// So many bars fit one answer.
const PAGE: usize = 1_000;
/// The market has no past before this second: 2000-01-03, a Monday.
const BEGINNING: i64 = 946_857_600;
const SECOND: i64 = 1_000_000_000;
const DAY: i64 = 86_400;

/// What the simulated broker knows of the past.
#[derive(Clone)]
pub struct FakeHistory {
    broker: FakeBroker,
    market: SyntheticMarket,
    hours: FakeHours,
    clock: Arc<dyn Clock>,
}

impl FakeHistory {
    /// That of what this broker trades, in this market with these hours.
    #[must_use]
    pub const fn new(
        broker: FakeBroker,
        market: SyntheticMarket,
        hours: FakeHours,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self { broker, market, hours, clock }
    }

    fn past_of(&self, symbol: Symbol, size: BarSize) -> Result<Past, HistoryError> {
        if self.broker.state() == LinkState::Down {
            return Err(HistoryError::Unavailable(Cause::from(LinkError::Down)));
        }
        let traded = self.broker.contracts().into_iter().find(|contract| contract.symbol() == symbol);
        let contract = traded.ok_or(HistoryError::UnknownSymbol(symbol))?;
        let tape = self.market.tape_of(&contract).ok_or(HistoryError::UnknownSize { symbol, size })?;
        let now = self.clock.now().nanos().div_euclid(SECOND);
        let calendar = Catalog::calendar(&contract).filter(|_| self.hours == FakeHours::UsStocks);
        // A contract names the sessions around now; its calendar knows those of the years.
        let sessions = calendar.map_or_else(|| contract.sessions().clone(), |it| it.regular().sessions());
        Ok(Past { symbol, sessions, tape, size, now })
    }
}

/// One contract's past, in bars of one size.
struct Past {
    symbol: Symbol,
    sessions: TradingSessions,
    tape: Tape,
    size: BarSize,
    /// What begins at this second has not happened.
    now: i64,
}

#[async_trait]
impl BarHistory for FakeHistory {
    async fn bars(&self, request: &BarRequest) -> Result<BarPage, HistoryError> {
        let past = self.past_of(request.symbol, request.size)?;
        let (from, to) = (up(request.range.start()), up(request.range.end()).min(past.now));
        let (mut bars, mut at) = (Vec::new(), past.first_start(from.max(BEGINNING)));
        while at < to {
            if bars.len() == PAGE {
                return Ok(BarPage { bars, next: Some(Timestamp::from_seconds(at)) });
            }
            bars.extend(past.bar(at));
            at = past.next_traded(past.end_of(at), to);
        }
        Ok(BarPage { bars, next: None })
    }

    async fn earliest(&self, symbol: Symbol, size: BarSize) -> Result<Option<Timestamp>, HistoryError> {
        let past = self.past_of(symbol, size)?;
        let mut at = past.next_traded(past.first_start(BEGINNING), past.now);
        while at < past.now {
            if let Some(bar) = past.bar(at) {
                return Ok(Some(bar.start()));
            }
            at = past.next_traded(past.end_of(at), past.now);
        }
        Ok(None)
    }
}

impl Past {
    /// The first start of a bar at this second or later.
    fn first_start(&self, second: i64) -> i64 {
        let start = self.start_of(second);
        if start < second { self.end_of(start) } else { start }
    }

    /// Where the bar that holds a second begins.
    fn start_of(&self, second: i64) -> i64 {
        let length = self.length();
        match self.size.as_str() {
            "1mo" => month_of(second, 0).unwrap_or(second),
            // The first Monday of 1970 was the fifth of January.
            "1w" => second - (second - 4 * DAY).rem_euclid(length),
            _ => second - second.rem_euclid(length),
        }
    }

    /// Where the bar that begins at a second ends.
    fn end_of(&self, start: i64) -> i64 {
        let months = (self.size.as_str() == "1mo").then(|| month_of(start, 1)).flatten();
        months.unwrap_or(start + self.length())
    }

    fn length(&self) -> i64 {
        i64::try_from(self.size.length().as_secs()).unwrap_or(DAY)
    }

    /// The start of the first bar from `start` on that holds a second of trading; `to` when there is none before it.
    fn next_traded(&self, start: i64, to: i64) -> i64 {
        let sessions = &self.sessions;
        let at = Timestamp::from_seconds(start);
        if sessions.session_at(at).is_some() {
            return start;
        }
        let Some(next) = sessions.next_after(at) else { return to };
        start.max(self.start_of(up(next.open))).min(to)
    }

    /// What of a bar lies in hours of trading and has happened.
    fn stretches(&self, start: i64) -> Vec<(i64, i64)> {
        let (from, to) = (start, self.end_of(start).min(self.now));
        let sessions = self.sessions.as_slice();
        let first = sessions.partition_point(|session| up(session.close) <= from);
        let later = sessions.get(first..).unwrap_or_default();
        let within = later.iter().take_while(|session| up(session.open) < to);
        let clipped = within.map(|session| (up(session.open).max(from), up(session.close).min(to)));
        clipped.filter(|(from, to)| from < to).collect()
    }

    /// The bar that begins at a second; `None` when nothing trades in it.
    fn bar(&self, start: i64) -> Option<Bar> {
        let stretches = self.stretches(start);
        let (first, last) = (stretches.first()?.0, stretches.last()?.1 - 1);
        let (mut low, mut high, mut volume) = (Decimal::MAX, Decimal::MIN, Decimal::ZERO);
        for (from, to) in &stretches {
            let (least, most) = self.tape.extremes(*from, *to)?;
            (low, high) = (low.min(least), high.max(most));
            volume = volume.checked_add(self.tape.volume(*from, *to))?;
        }
        let price = |price: Decimal| Price::new(price.normalize()).ok();
        let prices = BarPrices {
            open: price(self.tape.price(first))?,
            high: price(high)?,
            low: price(low)?,
            close: price(self.tape.price(last))?,
        };
        let start = Timestamp::from_seconds(start);
        Bar::new(self.symbol, self.size, start, prices, Some(volume)).ok()
    }
}

/// The first second that is not before a moment.
fn up(at: Timestamp) -> i64 {
    let (seconds, rest) = (at.nanos().div_euclid(SECOND), at.nanos().rem_euclid(SECOND));
    seconds.saturating_add(i64::from(rest > 0))
}

/// The second at which the month of another begins, or the one after it.
fn month_of(second: i64, ahead: u8) -> Option<i64> {
    let date = Timestamp::from_seconds(second).to_utc().date();
    let first = Date::from_calendar_date(date.year(), date.month(), 1).ok()?;
    let first =
        if ahead == 0 { first } else { first.checked_add(Duration::days(32))?.replace_day(1).ok()? };
    Some(first.midnight().assume_utc().unix_timestamp())
}

impl std::fmt::Debug for FakeHistory {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FakeHistory").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tradeport_fake_broker::{AccountConfig, AccountKind, FakeBrokerConfig};
    use tradeport_kernel::{AccountId, Currency, Money, TimeRange};
    use tradeport_memory::VirtualClock;

    const NOW: &str = "2025-06-11T15:20:30Z";

    async fn history(hours: FakeHours) -> FakeHistory {
        let now: Timestamp = NOW.parse().unwrap();
        let account = AccountConfig {
            id: AccountId::new("DU1").unwrap(),
            cash: Money::new(Decimal::TEN, Currency::USD),
            kind: AccountKind::Margin,
        };
        let contracts = Catalog::at(hours, now).bundled().collect();
        let broker = FakeBroker::new(FakeBrokerConfig::new(1, vec![account], contracts)).unwrap();
        broker.connect().await.unwrap();
        FakeHistory::new(broker, SyntheticMarket::new(1), hours, Arc::new(VirtualClock::new(now)))
    }

    async fn all(history: &FakeHistory, size: &str, from: &str, to: &str) -> Vec<Bar> {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let mut range = TimeRange::new(at(from), at(to));
        let mut bars = Vec::new();
        loop {
            let symbol = Symbol::new("AAPL").unwrap();
            let request = BarRequest { symbol, size: size.parse().unwrap(), range };
            let page = history.bars(&request).await.unwrap();
            bars.extend(page.bars);
            let Some(next) = page.next else { return bars };
            assert!(next > range.start());
            range = TimeRange::new(next, range.end());
        }
    }

    fn joined(bars: &[Bar]) -> (Price, Price, Price, Price, Decimal) {
        let prices = || bars.iter().map(Bar::prices);
        (
            bars[0].prices().open,
            prices().map(|it| it.high).max().unwrap(),
            prices().map(|it| it.low).min().unwrap(),
            bars[bars.len() - 1].prices().close,
            bars.iter().filter_map(Bar::volume).sum(),
        )
    }

    #[tokio::test]
    async fn the_minutes_of_a_day_add_up_to_it_in_all_hours_and_in_those_of_stocks() {
        for (hours, minutes) in [(FakeHours::Always, 1_440), (FakeHours::UsStocks, 390)] {
            let history = history(hours).await;
            let (from, to) = ("2025-06-10T00:00:00Z", "2025-06-11T00:00:00Z");
            let of_minutes = all(&history, "1m", from, to).await;
            assert_eq!(of_minutes.len(), minutes);
            let day = all(&history, "1d", from, to).await;
            assert_eq!(joined(&day), joined(&of_minutes));
            assert!(of_minutes.is_sorted_by(|a, b| a.start() < b.start()));
            assert_eq!(joined(&all(&history, "1h", from, to).await), joined(&day));
        }
    }

    #[tokio::test]
    async fn weeks_and_months_hold_their_days_and_nothing_is_told_of_what_is_to_come() {
        let history = history(FakeHours::UsStocks).await;
        let week = all(&history, "1w", "2025-06-02T00:00:00Z", "2025-06-09T00:00:00Z").await;
        let days = all(&history, "1d", "2025-06-02T00:00:00Z", "2025-06-09T00:00:00Z").await;
        assert_eq!((week.len(), days.len()), (1, 5));
        assert_eq!(joined(&week), joined(&days));
        let month = all(&history, "1mo", "2025-05-01T00:00:00Z", "2025-06-01T00:00:00Z").await;
        assert_eq!(
            joined(&month),
            joined(&all(&history, "1d", "2025-05-01T00:00:00Z", "2025-06-01T00:00:00Z").await)
        );
        let last = all(&history, "1m", "2025-06-11T15:19:00Z", "2025-06-12T00:00:00Z").await;
        assert_eq!(last.len(), 2, "the minute that has begun, and the one before it");
        assert!(all(&history, "1d", "2025-06-07T00:00:00Z", "2025-06-09T00:00:00Z").await.is_empty());
    }

    #[tokio::test]
    async fn what_is_not_traded_has_no_past_and_without_a_link_nothing_is_known() {
        let history = history(FakeHours::Always).await;
        let size = BarSize::DAY;
        let first = history.earliest(Symbol::new("AAPL").unwrap(), size).await.unwrap();
        assert_eq!(first, Some(Timestamp::from_seconds(BEGINNING)));
        let unknown = history.earliest(Symbol::new("NOSUCH").unwrap(), size).await;
        assert!(matches!(unknown, Err(HistoryError::UnknownSymbol(_))));
        history.broker.disconnect().await.unwrap();
        let down = history.earliest(Symbol::new("AAPL").unwrap(), size).await;
        assert!(matches!(down, Err(HistoryError::Unavailable(_))));
    }
}
