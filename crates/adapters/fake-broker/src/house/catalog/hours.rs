//! When a contract trades: by the calendar of its market, or at every moment when the broker is told to.

use crate::house::FakeHours;
use std::fmt::Write as _;
use std::time::Duration;
use time::Date;
use tradeport_contracts::calendar::{Calendar, Hours, Schedule, TradingDay, Zone};
use tradeport_contracts::{Session, TradingSessions};
use tradeport_kernel::Timestamp;

/// Sessions are known for so many days around the moment of the question.
const DAYS_BEFORE: i64 = 10;
const DAYS_AFTER: i64 = 400;
/// The hours in the broker's form cover so many days.
const DAYS_TOLD: i64 = 7;
const DAY: Duration = Duration::from_secs(86_400);

/// The sessions of a market up to the last day of a contract, if it has one.
pub(super) fn sessions(
    hours: FakeHours,
    calendar: Option<&Calendar>,
    now: Timestamp,
    last: Option<Date>,
) -> TradingSessions {
    match hours {
        FakeHours::Always => always_until(calendar, last),
        FakeHours::UsStocks => calendar.map_or_else(TradingSessions::always, |it| around(it, now, last)),
    }
}

fn always_until(calendar: Option<&Calendar>, last: Option<Date>) -> TradingSessions {
    let Some(last) = last else { return TradingSessions::always() };
    let close = close_of(calendar, last);
    let session = Session { open: Timestamp::MIN, close };
    TradingSessions::new(vec![session]).unwrap_or_else(|_| TradingSessions::always())
}

/// When trading ends on a last day: at its close, or where that is not known, with the day.
pub(super) fn close_of(calendar: Option<&Calendar>, last: Date) -> Timestamp {
    let known = calendar.and_then(|calendar| calendar.trading_day_on(last).ok().flatten());
    known.map_or_else(|| midnight(last).after(DAY), |day| day.close())
}

fn midnight(day: Date) -> Timestamp {
    Timestamp::try_from(day.midnight().assume_utc()).unwrap_or(Timestamp::MAX)
}

fn around(calendar: &Calendar, now: Timestamp, last: Option<Date>) -> TradingSessions {
    let today = local_day(calendar.zone(), now);
    let (known_first, known_last) = calendar.regular().known_days();
    let first = (today - time::Duration::days(DAYS_BEFORE)).max(known_first);
    let until = (today + time::Duration::days(DAYS_AFTER)).min(known_last);
    let until = last.map_or(until, |last| last.min(until));
    let found = calendar.regular().sessions_between(first, until.max(first));
    found.unwrap_or_else(|_| TradingSessions::always())
}

/// The date there.
pub(super) fn local_day(zone: Zone, at: Timestamp) -> Date {
    zone.local(at).map_or_else(|_| at.to_utc().date(), |(day, _)| day)
}

/// The zone as the broker writes it.
pub(super) fn broker_zone(zone: Zone) -> &'static str {
    match zone.name() {
        "America/New_York" => "US/Eastern",
        "America/Chicago" => "US/Central",
        other => other,
    }
}

/// Trading hours and liquid hours of the next week, in the broker's form; empty where they are not known.
pub(super) fn told(calendar: &Calendar, now: Timestamp, last: Option<Date>) -> (String, String) {
    let whole = calendar.hours(Hours::Extended).unwrap_or(calendar.regular());
    let text = |schedule| week(schedule, calendar.zone(), now, last).unwrap_or_default();
    (text(whole), text(calendar.regular()))
}

fn week(schedule: &Schedule, zone: Zone, now: Timestamp, last: Option<Date>) -> Option<String> {
    let mut text = String::new();
    let today = local_day(zone, now);
    for ahead in 0..DAYS_TOLD {
        let day = today + time::Duration::days(ahead);
        if last.is_some_and(|last| day > last) {
            break;
        }
        let piece = match schedule.trading_day_on(day).ok()? {
            None => format!("{}:CLOSED", digits(day)),
            Some(trading) => stretches(zone, trading)?,
        };
        write!(text, "{}{piece}", if text.is_empty() { "" } else { ";" }).ok()?;
    }
    Some(text)
}

fn stretches(zone: Zone, day: TradingDay<'_>) -> Option<String> {
    let moment = |at| {
        let (day, time) = zone.local(at).ok()?;
        Some(format!("{}:{:02}{:02}", digits(day), time.hour(), time.minute()))
    };
    let stretch = |it: &Session| Some(format!("{}-{}", moment(it.open)?, moment(it.close)?));
    let all: Option<Vec<String>> = day.sessions().iter().map(stretch).collect();
    Some(all?.join(","))
}

fn digits(day: Date) -> String {
    format!("{:04}{:02}{:02}", day.year(), u8::from(day.month()), day.day())
}
