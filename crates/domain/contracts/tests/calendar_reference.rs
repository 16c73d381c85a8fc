//! The bundled calendars against tables taken from their sources by somebody else, day by day.
//!
//! `data/calendars/ib/` has one file per calendar and kind: trading days with their UTC times, and weekdays on which a
//! market was closed. Every row is compared; nothing is passed over.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a panic is how a test fails")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use time::macros::format_description;
use time::{Date, Weekday};
use tradeport_contracts::Session;
use tradeport_contracts::calendar::{Calendar, TradingDay};
use tradeport_kernel::Timestamp;

fn files(kind: &str) -> Vec<(String, PathBuf)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/calendars/ib");
    let mut found: Vec<(String, PathBuf)> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter_map(|path| Some((calendar_of(path.file_name()?.to_str()?, kind)?, path)))
        .collect();
    found.sort();
    found
}

/// `pmc_CME_Equity_2018_2025.csv` and `XNYS_sessions_2018_2025.csv` name a calendar each.
fn calendar_of(file: &str, kind: &str) -> Option<String> {
    let stem = file.strip_suffix("_2018_2025.csv")?;
    match kind {
        "sessions" => stem.strip_suffix("_sessions").or_else(|| stem.strip_prefix("pmc_")).map(str::to_owned),
        _ => stem.strip_suffix("_weekday_closures").map(str::to_owned),
    }
}

fn date(text: &str) -> Date {
    Date::parse(text, format_description!("[year]-[month]-[day]")).unwrap()
}

fn moment(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// What a row says: date, stretches of trading, early close, late open.
fn expected(row: &[&str]) -> (Date, Vec<Session>, bool, bool) {
    let [day, open, close, _, _, from, to, early, late] = row else { panic!("nine columns: {row:?}") };
    let (open, close) = (moment(open), moment(close));
    let whole = vec![Session { open, close }];
    let sessions = match (*from, *to) {
        ("", "") => whole,
        (from, to) if from == to => whole,
        (from, to) => vec![Session { open, close: moment(from) }, Session { open: moment(to), close }],
    };
    (date(day), sessions, *early == "1", *late == "1")
}

/// The local times of the row, to hold the calendar's zone against.
fn local_times(row: &[&str], calendar: &Calendar, day: TradingDay<'_>) {
    for (at, text) in [(day.open(), row[3]), (day.close(), row[4])] {
        let (date, time) = calendar.zone().local(at).unwrap();
        let offset = calendar.zone().offset_at(at).unwrap() / 60;
        let sign = if offset < 0 { '-' } else { '+' };
        let told = format!(
            "{date}T{:02}:{:02}:00{sign}{:02}{:02}",
            time.hour(),
            time.minute(),
            offset.abs() / 60,
            offset.abs() % 60
        );
        assert_eq!(told, text);
    }
}

#[test]
fn every_day_of_every_table_is_the_same() {
    let mut tables = 0;
    for (name, path) in files("sessions") {
        let calendar = Calendar::named(&name).unwrap();
        let text = fs::read_to_string(path).unwrap();
        let rows: Vec<Vec<&str>> = text.lines().skip(1).map(|line| line.split(',').collect()).collect();
        let mut listed = BTreeSet::new();
        for row in &rows {
            let (day, sessions, early, late) = expected(row);
            let ours =
                calendar.trading_day_on(day).unwrap().unwrap_or_else(|| panic!("{name} is closed on {day}"));
            assert_eq!(ours.sessions(), sessions, "{name} on {day}");
            assert_eq!((ours.closes_early(), ours.opens_late()), (early, late), "{name} on {day}");
            local_times(row, calendar, ours);
            listed.insert(day);
        }
        let ours: BTreeSet<Date> = calendar
            .regular()
            .trading_days(date("2018-01-01"), date("2025-12-31"))
            .unwrap()
            .map(|day| day.date())
            .collect();
        assert_eq!(ours, listed, "{name}");
        println!("{name}: {} of {} rows, and no further day", listed.len(), rows.len());
        tables += 1;
    }
    assert_eq!(tables, 7, "tables");
}

#[test]
fn every_weekday_closure_is_one() {
    let mut tables = 0;
    for (name, path) in files("closures") {
        let calendar = Calendar::named(&name).unwrap();
        let text = fs::read_to_string(path).unwrap();
        let listed: BTreeSet<Date> =
            text.lines().skip(1).map(|line| date(line.split(',').next().unwrap())).collect();
        let mut ours = BTreeSet::new();
        let mut day = date("2018-01-01");
        while day <= date("2025-12-31") {
            let weekday = !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);
            if weekday && calendar.trading_day_on(day).unwrap().is_none() {
                ours.insert(day);
            }
            day = day.next_day().unwrap();
        }
        assert_eq!(ours, listed, "{name}");
        println!("{name}: {} of {} closures", ours.len(), text.lines().count() - 1);
        tables += 1;
    }
    assert_eq!(tables, 2, "tables");
}

/// Days on which a source is known to be wrong: the calendar is as its source, and says so.
#[test]
fn known_gaps_are_kept_and_told() {
    let whole = Calendar::named("CMES").unwrap();
    assert!(whole.gaps().iter().any(|gap| gap.contains("2018-12-05")));
    let index = Calendar::named("CME_Equity").unwrap();
    for closed in ["2018-12-05", "2025-01-09"] {
        assert_eq!(whole.trading_day_on(date(closed)).unwrap(), None);
        assert_eq!(index.trading_day_on(date(closed)).unwrap(), None);
        assert!(index.gaps().iter().any(|gap| gap.contains(closed)));
    }
    for short in ["2022-06-20", "2025-06-19"] {
        assert!(!whole.trading_day_on(date(short)).unwrap().unwrap().closes_early());
        assert!(index.trading_day_on(date(short)).unwrap().unwrap().closes_early());
    }
    let grains = Calendar::named("CMEGlobex_Grains").unwrap();
    assert!(grains.gaps().iter().any(|gap| gap.contains("early closes")));
    assert!(!grains.trading_day_on(date("2024-11-29")).unwrap().unwrap().closes_early());
    let agriculture = Calendar::named("CME_Agriculture").unwrap();
    assert!(agriculture.trading_day_on(date("2024-11-29")).unwrap().unwrap().closes_early());
}

#[test]
fn days_foreseen_by_rules_are_marked() {
    let calendar = Calendar::named("XNYS").unwrap();
    assert_eq!(calendar.projected_from(), Some(date("2026-01-01")));
    let projected = |day| calendar.trading_day_on(date(day)).unwrap().unwrap().is_projected();
    assert!(!projected("2025-12-31"));
    assert!(projected("2026-01-02"));
}
