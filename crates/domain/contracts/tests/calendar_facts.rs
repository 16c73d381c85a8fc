//! Days that exchanges announced, by hand: an opinion on the bundled calendars that does not come from their sources.
#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

use time::Date;
use time::macros::{date, format_description};
use tradeport_contracts::calendar::{Calendar, Hours};
use tradeport_kernel::Timestamp;

fn day(text: &str) -> Date {
    Date::parse(text, format_description!("[year]-[month]-[day]")).unwrap()
}

/// The local hours of a day, such as `09:00-11:30 12:30-15:00`; `closed` without any.
fn told(name: &str, hours: Hours, date: &str) -> String {
    let calendar = Calendar::named(name).unwrap();
    let clock = |at: Timestamp| {
        let (_, time) = calendar.zone().local(at).unwrap();
        format!("{:02}:{:02}", time.hour(), time.minute())
    };
    let Some(found) = calendar.hours(hours).unwrap().trading_day_on(day(date)).unwrap() else {
        return "closed".to_owned();
    };
    let sessions = found.sessions().iter();
    sessions.map(|one| format!("{}-{}", clock(one.open), clock(one.close))).collect::<Vec<_>>().join(" ")
}

#[test]
fn regular_hours_are_as_announced() {
    let facts = [
        ("XNYS", "2001-09-11", "closed"),
        ("XNYS", "2001-09-17", "09:30-16:00"),
        ("XNYS", "2012-10-30", "closed"),
        ("XNAS", "2024-07-03", "09:30-13:00"),
        ("XNAS", "2025-01-09", "closed"),
        ("XLON", "2022-09-19", "closed"),
        ("XLON", "2023-05-08", "closed"),
        ("XLON", "2024-12-24", "08:00-12:30"),
        ("XLON", "2024-12-27", "08:00-16:30"),
        ("XETR", "2024-12-30", "09:00-14:00"),
        ("XETR", "2024-12-31", "closed"),
        ("XPAR", "2024-12-24", "09:00-14:05"),
        ("XEUR", "2024-12-24", "closed"),
        ("XEUR", "2025-05-01", "closed"),
        ("XEUR", "2025-06-02", "08:00-22:00"),
        ("XSWX", "2025-08-01", "closed"),
        ("XTSE", "2024-12-24", "09:30-13:00"),
        ("XTKS", "2019-04-30", "closed"),
        ("XTKS", "2020-10-01", "closed"),
        ("XTKS", "2024-11-01", "09:00-11:30 12:30-15:00"),
        ("XTKS", "2024-11-05", "09:00-11:30 12:30-15:30"),
        ("XHKG", "2024-12-24", "09:30-12:00"),
        ("XHKG", "2025-01-02", "09:30-12:00 13:00-16:00"),
        ("XASX", "2024-12-24", "10:00-14:10"),
        ("CME_Equity", "2021-06-25", "17:00-15:15 15:30-16:00"),
        ("CME_Equity", "2021-06-28", "17:00-16:00"),
        ("CME_Equity", "2024-12-25", "closed"),
        ("CME_Agriculture", "2024-07-05", "19:00-07:45 08:30-13:20"),
        ("FX", "2025-03-10", "17:15-17:00"),
        ("24-7", "2025-03-08", "00:00-00:00"),
    ];
    for (name, date, hours) in facts {
        assert_eq!(told(name, Hours::Regular, date), hours, "{name} on {date}");
    }
}

#[test]
fn hours_around_the_regular_ones_are_as_announced() {
    let facts = [
        ("XNYS", Hours::Extended, "2025-07-01", "04:00-20:00"),
        ("XNAS", Hours::Extended, "2024-11-29", "04:00-17:00"),
        ("XNYS", Hours::Overnight, "2025-07-07", "20:00-03:50"),
        ("XNYS", Hours::Overnight, "2025-07-04", "closed"),
        ("XEUR", Hours::Extended, "2018-12-10", "01:10-22:00"),
    ];
    for (name, hours, date, expected) in facts {
        assert_eq!(told(name, hours, date), expected, "{name} on {date}");
    }
    let monday = Calendar::named("XNYS").unwrap().hours(Hours::Overnight).unwrap();
    let monday = monday.trading_day_on(date!(2025 - 07 - 07)).unwrap().unwrap();
    assert_eq!(monday.open().to_string(), "2025-07-07T00:00:00Z", "Sunday evening in New York");
}

#[test]
fn the_week_of_futures_begins_on_sunday_evening_also_when_clocks_change() {
    let calendar = Calendar::named("CME_Equity").unwrap();
    for (before, after, date) in [
        ("2025-03-07T21:59:59Z", "2025-03-09T22:00:00Z", date!(2025 - 03 - 10)),
        ("2025-10-31T20:59:59Z", "2025-11-02T23:00:00Z", date!(2025 - 11 - 03)),
    ] {
        let (last, first): (Timestamp, Timestamp) = (before.parse().unwrap(), after.parse().unwrap());
        assert!(calendar.is_open(last).unwrap(), "Friday until 16:00 in Chicago");
        assert_eq!(calendar.next_open(last).unwrap(), first);
        assert_eq!(calendar.trading_day_of(first).unwrap().unwrap().date(), date);
    }
}
