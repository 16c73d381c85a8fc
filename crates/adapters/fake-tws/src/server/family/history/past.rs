//! Which days of trading a request is about.

use super::series::period_of;
use super::size::{BarSize, Span};
use crate::server::market_hours::{Day, MarketHours};
use time::{Date, Duration, Month};
use tradeport_contracts::{Contract, InstrumentKind};

/// The first day of a contract's history.
pub(crate) fn first_day(contract: &Contract, hours: &MarketHours, regular: bool) -> Option<Day> {
    let begin = begin_of(contract)?;
    // Extended hours are known for fewer years than there is a history.
    let begin = hours.known_from(regular).map_or(begin, |known| begin.max(known));
    hours.days(begin, begin + Duration::days(30), regular).into_iter().next()
}

/// From when on there is a history: of shares from 1994 on, of what ends two years before its end.
fn begin_of(contract: &Contract) -> Option<Date> {
    let day = |year, month, day| Date::from_calendar_date(year, month, day).ok();
    let expiry = contract.details().expiry.and_then(tradeport_contracts::Expiry::day);
    let before = |end: Option<Date>, days: i64| end?.checked_sub(Duration::days(days));
    match contract.instrument().kind() {
        Some(InstrumentKind::Option | InstrumentKind::FuturesOption | InstrumentKind::Future) => {
            before(expiry, 730)
        }
        Some(InstrumentKind::ContinuousFuture) => day(2002, Month::January, 2),
        Some(InstrumentKind::Forex) => day(2005, Month::March, 9),
        Some(InstrumentKind::Crypto) => day(2018, Month::January, 2),
        _ => day(1994, Month::January, 3),
    }
}

/// The days of trading of a time that ends at a second, oldest first, cut to that time.
///
/// A market that is always open trades on dates on which the real one rests; these have no bars of a day or longer, but
/// for the date that is today at `now`.
pub(crate) fn days(
    contract: &Contract,
    hours: &MarketHours,
    (span, size): (Span, BarSize),
    (end, now): (i64, i64),
    regular: bool,
) -> Vec<Day> {
    let last = hours.local_day(end.saturating_sub(1));
    // A day that is settled under tomorrow's date may have begun.
    let until = last.next_day().unwrap_or(last);
    let mut first = span.first_date(last);
    if matches!(size, BarSize::Week | BarSize::Month) {
        first = period_start(first, size);
    }
    let begin = begin_of(contract).unwrap_or(Date::MIN);
    let today = hours.local_day(now);
    let counts = |date| matches!(size, BarSize::Seconds(_)) || hours.trades_on(date) || date == today;
    let all = hours.days(first.max(begin), until, regular);
    let counted = all.iter().filter(|day| counts(day.date));
    let mut days: Vec<Day> = counted.filter_map(|day| day.until(end)).collect();
    match span {
        Span::Days(count) if matches!(size, BarSize::Seconds(_) | BarSize::Day) => {
            let count = usize::try_from(count).unwrap_or(usize::MAX);
            days.drain(..days.len().saturating_sub(count));
            days
        }
        Span::Seconds(count) if matches!(size, BarSize::Seconds(_)) => last_seconds(&days, count),
        _ => days,
    }
}

fn period_start(date: Date, size: BarSize) -> Date {
    let mut first = date;
    while let Some(before) = first.previous_day().filter(|it| period_of(*it, size) == period_of(date, size)) {
        first = before;
    }
    first
}

/// The last so many seconds of trading.
fn last_seconds(days: &[Day], count: i64) -> Vec<Day> {
    let mut left = count;
    let mut found = Vec::new();
    for day in days.iter().rev() {
        let mut stretches = Vec::new();
        for (open, close) in day.stretches.iter().rev() {
            let from = (*open).max(close.saturating_sub(left));
            if from < *close {
                stretches.push((from, *close));
                left -= close - from;
            }
        }
        if stretches.is_empty() {
            break;
        }
        stretches.reverse();
        found.push(Day { date: day.date, stretches });
    }
    found.reverse();
    found
}
