//! What a calendar answers at single moments: around changes of the clocks, in breaks, over night, on short days, and at the
//! ends of what is known.
#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

use time::Date;
use time::macros::{date, format_description};
use tradeport_contracts::calendar::{Calendar, Hours, Schedule};
use tradeport_contracts::{Future, Instrument, Stock};
use tradeport_kernel::Timestamp;

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn schedule(name: &str, hours: Hours) -> &'static Schedule {
    Calendar::named(name).unwrap().hours(hours).unwrap()
}

fn day(text: &str) -> Date {
    Date::parse(text, format_description!("[year]-[month]-[day]")).unwrap()
}

/// Trading days in UTC: each session from its opening to its close.
type Fact = (&'static str, Hours, &'static str, &'static [[&'static str; 2]]);

/// The last day before and the first day after a change of the clocks, in spring and in autumn of 2025: 30 March and 26
/// October in Europe, 9 March and 2 November in America, never in Tokyo and Hong Kong.
const AROUND_CHANGES: &[Fact] = &[
    ("XLON", Hours::Regular, "2025-03-28", &[["2025-03-28T08:00:00Z", "2025-03-28T16:30:00Z"]]),
    ("XLON", Hours::Regular, "2025-03-31", &[["2025-03-31T07:00:00Z", "2025-03-31T15:30:00Z"]]),
    ("XLON", Hours::Regular, "2025-10-24", &[["2025-10-24T07:00:00Z", "2025-10-24T15:30:00Z"]]),
    ("XLON", Hours::Regular, "2025-10-27", &[["2025-10-27T08:00:00Z", "2025-10-27T16:30:00Z"]]),
    ("XEUR", Hours::Regular, "2025-03-28", &[["2025-03-28T07:00:00Z", "2025-03-28T21:00:00Z"]]),
    ("XEUR", Hours::Regular, "2025-03-31", &[["2025-03-31T06:00:00Z", "2025-03-31T20:00:00Z"]]),
    ("XEUR", Hours::Extended, "2025-03-31", &[["2025-03-30T23:10:00Z", "2025-03-31T20:00:00Z"]]),
    ("XEUR", Hours::Extended, "2025-10-27", &[["2025-10-27T00:10:00Z", "2025-10-27T21:00:00Z"]]),
    (
        "XTKS",
        Hours::Regular,
        "2025-03-31",
        &[["2025-03-31T00:00:00Z", "2025-03-31T02:30:00Z"], ["2025-03-31T03:30:00Z", "2025-03-31T06:30:00Z"]],
    ),
    (
        "XHKG",
        Hours::Regular,
        "2025-10-27",
        &[["2025-10-27T01:30:00Z", "2025-10-27T04:00:00Z"], ["2025-10-27T05:00:00Z", "2025-10-27T08:00:00Z"]],
    ),
    ("XNYS", Hours::Regular, "2025-03-07", &[["2025-03-07T14:30:00Z", "2025-03-07T21:00:00Z"]]),
    ("XNYS", Hours::Regular, "2025-03-10", &[["2025-03-10T13:30:00Z", "2025-03-10T20:00:00Z"]]),
    ("XNYS", Hours::Overnight, "2025-03-07", &[["2025-03-07T01:00:00Z", "2025-03-07T08:50:00Z"]]),
    ("XNYS", Hours::Overnight, "2025-03-10", &[["2025-03-10T00:00:00Z", "2025-03-10T07:50:00Z"]]),
    ("CME_Equity", Hours::Regular, "2025-03-10", &[["2025-03-09T22:00:00Z", "2025-03-10T21:00:00Z"]]),
    ("CME_Equity", Hours::Regular, "2025-11-03", &[["2025-11-02T23:00:00Z", "2025-11-03T22:00:00Z"]]),
    (
        "CMEGlobex_EnergyAndMetals",
        Hours::Regular,
        "2025-03-10",
        &[["2025-03-09T22:00:00Z", "2025-03-10T21:00:00Z"]],
    ),
    (
        "CME_Agriculture",
        Hours::Regular,
        "2025-03-10",
        &[["2025-03-10T00:00:00Z", "2025-03-10T12:45:00Z"], ["2025-03-10T13:30:00Z", "2025-03-10T18:20:00Z"]],
    ),
];

/// Days that end early.
const SHORT_DAYS: &[Fact] = &[
    ("XNYS", Hours::Regular, "2025-11-28", &[["2025-11-28T14:30:00Z", "2025-11-28T18:00:00Z"]]),
    ("XLON", Hours::Regular, "2025-12-24", &[["2025-12-24T08:00:00Z", "2025-12-24T12:30:00Z"]]),
    ("XHKG", Hours::Regular, "2025-12-24", &[["2025-12-24T01:30:00Z", "2025-12-24T04:00:00Z"]]),
];

/// Every question about a day, at its edges and in its breaks.
fn check((name, hours, date, sessions): &Fact) {
    let schedule = schedule(name, *hours);
    let found = schedule.trading_day_on(day(date)).unwrap().unwrap();
    let told: Vec<_> =
        found.sessions().iter().map(|one| [one.open.to_string(), one.close.to_string()]).collect();
    assert_eq!(told, *sessions, "{name} on {date}");
    let second = std::time::Duration::from_secs(1);
    for (index, [open, close]) in sessions.iter().enumerate() {
        let (open, close) = (at(open), at(close));
        assert!(!schedule.is_open(open.before(second)).unwrap(), "{name} before {open}");
        assert_eq!(schedule.next_open(open.before(second)).unwrap(), open, "{name}");
        for inside in [open, close.before(second)] {
            assert!(schedule.is_open(inside).unwrap(), "{name} at {inside}");
            let session = schedule.session_at(inside).unwrap().unwrap();
            assert_eq!((session.open, session.close), (open, close), "{name} at {inside}");
            assert_eq!(schedule.next_close(inside).unwrap(), close, "{name} at {inside}");
            let whole = schedule.trading_day_of(inside).unwrap().unwrap();
            assert_eq!(whole.date(), day(date), "{name} at {inside}");
        }
        assert!(!schedule.is_open(close).unwrap(), "{name} at its close");
        assert_eq!(schedule.session_at(close).unwrap(), None, "{name} at its close");
        if let Some([next, _]) = sessions.get(index + 1) {
            assert_eq!(schedule.next_open(close).unwrap(), at(next), "{name} in its break");
            assert!(schedule.trading_day_of(close).unwrap().is_some(), "a break is within the day");
        }
    }
}

#[test]
fn days_around_a_change_of_the_clocks_have_their_local_hours() {
    AROUND_CHANGES.iter().for_each(check);
}

#[test]
fn short_days_end_early_and_the_next_one_is_whole() {
    for fact in SHORT_DAYS {
        check(fact);
        let found = schedule(fact.0, fact.1).trading_day_on(day(fact.2)).unwrap().unwrap();
        assert!(found.closes_early(), "{} on {}", fact.0, fact.2);
    }
    let next = schedule("XNYS", Hours::Regular).next_open(at("2025-11-28T18:00:00Z")).unwrap();
    assert_eq!(next, at("2025-12-01T14:30:00Z"));
}

#[test]
fn a_weekend_lies_between_friday_and_what_opens_next() {
    let cases = [
        ("XLON", Hours::Regular, "2025-03-29T12:00:00Z", "2025-03-31T07:00:00Z", "2025-03-31T15:30:00Z"),
        ("XTKS", Hours::Regular, "2025-03-29T12:00:00Z", "2025-03-31T00:00:00Z", "2025-03-31T02:30:00Z"),
        (
            "CME_Equity",
            Hours::Regular,
            "2025-03-08T12:00:00Z",
            "2025-03-09T22:00:00Z",
            "2025-03-10T21:00:00Z",
        ),
        ("XNYS", Hours::Overnight, "2025-03-08T12:00:00Z", "2025-03-10T00:00:00Z", "2025-03-10T07:50:00Z"),
        ("FX", Hours::Regular, "2025-03-08T12:00:00Z", "2025-03-09T21:15:00Z", "2025-03-10T21:00:00Z"),
    ];
    for (name, hours, asked, open, close) in cases {
        let schedule = schedule(name, hours);
        assert!(!schedule.is_open(at(asked)).unwrap(), "{name}");
        assert_eq!(schedule.next_open(at(asked)).unwrap(), at(open), "{name}");
        assert_eq!(schedule.next_close(at(asked)).unwrap(), at(close), "{name}");
    }
}

#[test]
fn the_first_and_the_last_covered_year_are_whole_and_what_lies_beyond_says_so() {
    for (name, first, last) in [
        ("XLON", 1990, 2040),
        ("XTKS", 1997, 2040),
        ("XHKG", 1990, 2040),
        ("XEUR", 1990, 2040),
        ("CME_Equity", 2000, 2040),
    ] {
        let schedule = schedule(name, Hours::Regular);
        let year = |year| Date::from_calendar_date(year, time::Month::January, 1).unwrap();
        let days = |from: Date, to: Date| schedule.trading_days(from, to).unwrap().count();
        for covered in [first, last] {
            let end = Date::from_calendar_date(covered, time::Month::December, 31).unwrap();
            assert!((235..=265).contains(&days(year(covered), end)), "{name} in {covered}");
        }
        for beyond in [year(first).previous_day().unwrap(), year(last + 1)] {
            let refused = schedule.trading_day_on(beyond).unwrap_err().to_string();
            let expected = format!(
                "the hours of {name} are known from {} to {last}-12-31, which does not include {beyond}",
                year(first)
            );
            assert_eq!(refused, expected);
        }
    }
}

#[test]
fn a_moment_beyond_the_calendar_is_refused_with_what_is_known() {
    let london = Calendar::named("XLON").unwrap();
    for beyond in ["1989-12-31T12:00:00Z", "2041-01-02T12:00:00Z"] {
        for refused in [
            london.is_open(at(beyond)).unwrap_err().to_string(),
            london.next_open(at(beyond)).unwrap_err().to_string(),
            london.next_close(at(beyond)).unwrap_err().to_string(),
            london.trading_day_of(at(beyond)).unwrap_err().to_string(),
        ] {
            assert_eq!(
                refused,
                format!(
                    "the hours of XLON are known from 1990-01-01T00:00:00Z to 2041-01-01T00:00:00Z, which does not \
                     include {beyond}"
                )
            );
        }
    }
    let last = schedule("XLON", Hours::Regular).trading_day_on(date!(2040 - 12 - 31)).unwrap().unwrap();
    let refused = london.next_open(last.close()).unwrap_err().to_string();
    assert!(refused.starts_with("the hours of XLON are known up to 2041-01-01T00:00:00Z"), "{refused}");
    let vodafone: Instrument =
        Stock::new("VOD").unwrap().on("LSE").unwrap().in_currency("GBP".parse().unwrap()).into();
    assert!(vodafone.is_open(at("2025-03-31T07:00:00Z")).unwrap());
    assert!(vodafone.is_open(at("1989-12-29T12:00:00Z")).is_err());
}

/// Their sources have the stocks of the same places, and none of these products.
#[test]
fn markets_without_a_bundled_calendar_point_to_the_broker() {
    let future = |symbol: &str, exchange: &str| {
        let future = Future::new(symbol, "202612".parse().unwrap(), exchange).unwrap();
        Instrument::from(future).calendar().unwrap_err().to_string()
    };
    for (symbol, exchange) in [
        ("HSI", "HKFE"),
        ("N225", "OSE.JPN"),
        ("SPI", "SNFE"),
        ("COIL", "IPE"),
        ("Z", "ICEEU"),
        ("X", "ICEEUSOFT"),
    ] {
        assert_eq!(
            future(symbol, exchange),
            format!(
                "no calendar is bundled for the exchange {exchange}; the broker's trading hours would tell"
            )
        );
    }
    let question: Instrument = "event:GCE 20261231C40500".parse().unwrap();
    assert_eq!(
        question.calendar().unwrap_err().to_string(),
        "no calendar is bundled for the exchange FORECASTX; the broker's trading hours would tell"
    );
    for exchange in ["SGX", "MEXDER", "CDE", "NSE", "KSE", "BURSA"] {
        assert_eq!(
            future("X", exchange),
            format!(
                "the bundled calendar of {exchange} is that of its stocks, not of its futures; the broker's trading \
                 hours would tell"
            )
        );
    }
}
