//! Every bundled calendar, in every year, against sums that were made from the same libraries without our reader of
//! tables and zones: trading days, stretches, the sums of their opens and closes in seconds, early closes and late opens.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a panic is how a test fails")]

use std::collections::BTreeMap;
use time::Date;
use tradeport_contracts::calendar::{Calendar, Hours, Schedule};

const DIGEST: &str = include_str!("data/calendars/digest.csv");

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Year {
    days: i64,
    sessions: i64,
    opens: i64,
    closes: i64,
    flags: i64,
}

fn years_of(schedule: &Schedule) -> BTreeMap<i32, Year> {
    let mut years: BTreeMap<i32, Year> = BTreeMap::new();
    for day in schedule.all_trading_days() {
        let year = years.entry(Date::year(day.date())).or_default();
        year.days += 1;
        year.flags += i64::from(day.closes_early()) + 2 * i64::from(day.opens_late());
        for session in day.sessions() {
            year.sessions += 1;
            year.opens += session.open.nanos() / 1_000_000_000;
            year.closes += session.close.nanos() / 1_000_000_000;
        }
    }
    years
}

/// By name of the calendar and kind of its hours.
type Listed = BTreeMap<(&'static str, &'static str), BTreeMap<i32, Year>>;

fn listed() -> Listed {
    let mut all = Listed::new();
    for line in DIGEST.lines().skip(1) {
        let cells: Vec<&'static str> = line.split(',').collect();
        let [name, hours, year, numbers @ ..] = &cells[..] else { panic!("{line}") };
        let numbers: Vec<i64> = numbers.iter().map(|number| number.parse().unwrap()).collect();
        let [days, sessions, opens, closes, flags] = numbers[..] else { panic!("{line}") };
        let year = year.parse().unwrap();
        all.entry((name, hours)).or_default().insert(year, Year { days, sessions, opens, closes, flags });
    }
    all
}

/// Every calendar with every kind of hours that it has.
fn bundled() -> BTreeMap<(&'static str, &'static str), &'static Schedule> {
    let kinds = [(Hours::Regular, "regular"), (Hours::Extended, "extended"), (Hours::Overnight, "overnight")];
    let all = Calendar::names().flat_map(|name| kinds.map(|kind| (name, kind)));
    all.filter_map(|(name, (hours, word))| {
        Some(((name, word), Calendar::named(name).unwrap().hours(hours).ok()?))
    })
    .collect()
}

#[test]
fn every_year_of_every_calendar_is_as_its_source_says() {
    let (listed, bundled) = (listed(), bundled());
    assert_eq!(bundled.keys().collect::<Vec<_>>(), listed.keys().collect::<Vec<_>>());
    let mut compared = 0;
    for (key, years) in &listed {
        let ours = years_of(bundled[key]);
        for (year, expected) in years {
            assert_eq!(ours.get(year), Some(expected), "{key:?} in {year}");
            compared += 1;
        }
        assert_eq!(ours.len(), years.len(), "{key:?} has further years");
    }
    println!("{compared} of {} years of {} kinds of hours", DIGEST.lines().count() - 1, listed.len());
}
