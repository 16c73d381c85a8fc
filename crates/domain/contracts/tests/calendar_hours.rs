//! The hours of a normal day on every venue of `data/calendars/ib/exchange-hours.json`, which somebody else wrote down,
//! against the calendar that an instrument of that venue follows. Nothing of the file is passed over.
//!
//! Left out: single days, which the tables beside that file hold (`calendar_reference.rs`).
#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

use serde_json::Value;
use time::{Date, Duration, Weekday};
use tradeport_contracts::Instrument;
use tradeport_contracts::calendar::{Calendar, Hours, zone_of_broker};
use tradeport_kernel::{Timestamp, Zone};

/// A Wednesday on which every venue of the file kept its normal hours.
const NORMAL: &str = "2025-06-11";

fn file() -> Value {
    serde_json::from_str(include_str!("data/calendars/ib/exchange-hours.json")).unwrap()
}

/// The words under a path of the entry with this name.
fn entry(name: &str) -> Value {
    let file = file();
    let mut entries = file["sessions"].as_array().unwrap().iter();
    entries.find(|one| one["name"] == name).unwrap().clone()
}

fn words(value: &Value) -> Vec<&str> {
    value.as_array().unwrap().iter().map(|one| one.as_str().unwrap()).collect()
}

fn day(text: &str) -> Date {
    Date::parse(text, time::macros::format_description!("[year]-[month]-[day]")).unwrap()
}

/// The hours of a day in a zone, as the file writes them: `09:30-16:00`; a `<` is the evening before.
fn told(calendar: &Calendar, hours: Hours, date: &str, zone: Zone) -> Vec<String> {
    let date = day(date);
    let clock = |at: Timestamp| {
        let (on, time) = zone.local(at).unwrap();
        let before = if on == date - Duration::DAY { "<" } else { "" };
        format!("{before}{:02}:{:02}", time.hour(), time.minute())
    };
    let found = calendar.hours(hours).unwrap().trading_day_on(date).unwrap().unwrap();
    found.sessions().iter().map(|one| format!("{}-{}", clock(one.open), clock(one.close))).collect()
}

fn calendar(text: &str) -> &'static Calendar {
    text.parse::<Instrument>().unwrap().calendar().unwrap()
}

fn regular(text: &str, date: &str, entry: &Value) -> Vec<String> {
    told(calendar(text), Hours::Regular, date, Zone::named(entry["zone"].as_str().unwrap()).unwrap())
}

fn refused(text: &str) -> String {
    text.parse::<Instrument>().unwrap().calendar().unwrap_err().to_string()
}

#[test]
fn venues_with_regular_hours_keep_them() {
    let cases: [(&str, &[&str]); 6] = [
        ("US stocks regular", &["AAPL@NYSE", "AAPL@ISLAND", "AAPL@ARCA", "AAPL", "AAPL@SMART:ISLAND"]),
        ("US equity options", &["AAPL 20260116C150", "AAPL 20260116C150@CBOE", "AAPL 20260116P150@ISE"]),
        ("CME livestock", &["LE 202512@CME", "HE 202512@CME", "GF 202511@CME"]),
        ("XETRA (IBIS)", &["BMW@IBIS/EUR"]),
        ("LSE", &["VOD@LSE/GBP"]),
        ("SEHK", &["700@SEHK/HKD"]),
    ];
    for (name, instruments) in cases {
        let entry = entry(name);
        for instrument in instruments {
            assert_eq!(regular(instrument, NORMAL, &entry), words(&entry["regular"]), "{instrument}");
        }
    }
    let tokyo = entry("TSEJ");
    assert_eq!(regular("7203@TSEJ/JPY", NORMAL, &tokyo), words(&tokyo["regular"]));
    assert!(tokyo["older"].as_str().unwrap().starts_with("15:00 close before 2024-11-05"));
    assert_eq!(regular("7203@TSEJ/JPY", "2024-11-01", &tokyo)[1], "12:30-15:00");
}

#[test]
fn options_on_indices_trade_a_quarter_of_an_hour_longer() {
    let entry = entry("US equity options");
    for instrument in ["SPX 20260116C5000", "VIX 20260121C20@CBOE", "SPY 20260116P500"] {
        let expected = [entry["index_and_some_etf_options"].as_str().unwrap()];
        assert_eq!(regular(instrument, NORMAL, &entry), expected, "{instrument}");
        assert!(entry["spx_vix_extended"].is_string());
        let said = calendar(instrument).hours(Hours::Extended).unwrap_err().to_string();
        assert_eq!(
            said,
            "the extended hours of CBOE_Index_Options are not known; the broker's trading hours would tell"
        );
    }
}

#[test]
fn hours_around_those_of_us_stocks() {
    let entry = entry("US stocks regular");
    let zone = Zone::named("America/New_York").unwrap();
    let (pre, post) = (entry["pre"].as_str().unwrap(), entry["post"].as_str().unwrap());
    let around = format!("{}-{}", &pre[..5], &post[6..]);
    let overnight = &entry["overnight"];
    assert_eq!(overnight["hours"], "20:00-03:50 next day");
    assert_eq!(overnight["days"], "Sunday-Thursday evening");
    for instrument in ["AAPL@NYSE", "AAPL@ISLAND"] {
        let calendar = calendar(instrument);
        assert_eq!(told(calendar, Hours::Extended, NORMAL, zone), [around.as_str()]);
        for weekday in ["2025-06-09", "2025-06-10", NORMAL, "2025-06-12", "2025-06-13"] {
            assert_eq!(told(calendar, Hours::Overnight, weekday, zone), ["<20:00-03:50"], "{weekday}");
        }
    }
}

#[test]
fn short_days_end_when_they_should() {
    for (name, instrument, date) in [
        ("US stocks regular", "AAPL@NYSE", "2025-07-03"),
        ("LSE", "VOD@LSE/GBP", "2024-12-24"),
        ("SEHK", "700@SEHK/HKD", "2024-12-24"),
    ] {
        let entry = entry(name);
        let hours = regular(instrument, date, &entry);
        assert_eq!(hours.last().unwrap()[6..], *entry["early_close"].as_str().unwrap(), "{name}");
    }
}

#[test]
fn products_that_trade_through_the_night_open_the_evening_before() {
    let cases: [(&str, &[&str]); 2] = [
        (
            "CME Globex equity index, FX, rates (CBOT)",
            &[
                "ES 202512@CME",
                "NQ 202512@CME",
                "EUR 202512@CME",
                "JPY 202512@CME",
                "ZN 202512@CBOT",
                "YM 202512@CBOT",
            ],
        ),
        ("NYMEX and COMEX on Globex", &["CL 202512@NYMEX", "NG 202512@NYMEX", "GC 202512@COMEX"]),
    ];
    for (name, instruments) in cases {
        let entry = entry(name);
        assert!(entry["open"].as_str().unwrap().starts_with("previous day 17:00"));
        assert_eq!((&entry["close"], &entry["daily_break"]), (&"16:00".into(), &"16:00-17:00".into()));
        for instrument in instruments {
            assert_eq!(regular(instrument, NORMAL, &entry), ["<17:00-16:00"], "{instrument}");
            assert_eq!(entry["week"], "Sunday 17:00 - Friday 16:00");
            week(calendar(instrument), Zone::named("America/Chicago").unwrap(), "17:00", "16:00");
        }
    }
    let index = entry("CME Globex equity index, FX, rates (CBOT)");
    assert_eq!(index["equity_halt"], "15:15-15:30 until 2021-06-27, then removed");
    assert_eq!(regular("ES 202106@CME", "2021-06-25", &index), ["<17:00-15:15", "15:30-16:00"]);
    assert_eq!(regular("ES 202109@CME", "2021-06-28", &index), ["<17:00-16:00"]);
    let grains = entry("CBOT grains and oilseeds");
    let evening: Vec<String> =
        words(&grains["regular"]).iter().map(|one| one.replace("19:00", "<19:00")).collect();
    for instrument in ["ZC 202512@CBOT", "ZW 202512@CBOT", "ZS 202511@CBOT"] {
        assert_eq!(regular(instrument, NORMAL, &grains), evening, "{instrument}");
    }
}

/// A week begins on Sunday and ends on Friday.
fn week(calendar: &Calendar, zone: Zone, open: &str, close: &str) {
    let clock = |at: Timestamp| {
        let (date, time) = zone.local(at).unwrap();
        (date.weekday(), format!("{:02}:{:02}", time.hour(), time.minute()))
    };
    let monday = calendar.trading_day_on(day("2025-06-09")).unwrap().unwrap();
    assert_eq!(clock(monday.open()), (Weekday::Sunday, open.to_owned()));
    let friday = calendar.trading_day_on(day("2025-06-13")).unwrap().unwrap();
    assert_eq!(clock(friday.close()), (Weekday::Friday, close.to_owned()));
    assert_eq!(calendar.trading_day_on(day("2025-06-14")).unwrap(), None);
    assert_eq!(calendar.trading_day_on(day("2025-06-15")).unwrap(), None);
}

#[test]
fn forex_rests_for_a_quarter_of_an_hour_and_coins_never() {
    let forex = entry("IDEALPRO forex");
    assert_eq!(
        (&forex["week"], &forex["daily_break"]),
        (&"Sunday 17:15 - Friday 17:00".into(), &"17:00-17:15".into())
    );
    assert_eq!(regular("EUR.USD", NORMAL, &forex), ["<17:15-17:00"]);
    week(calendar("EUR.USD"), Zone::named("America/New_York").unwrap(), "17:15", "17:00");
    let coins = entry("PAXOS / ZEROHASH crypto");
    assert_eq!(coins["week"], "24 hours, 7 days apart from maintenance");
    for instrument in ["crypto:BTC@PAXOS", "crypto:ETH@ZEROHASH"] {
        let calendar = calendar(instrument);
        assert!(calendar.is_open("2025-06-14T23:59:59Z".parse().unwrap()).unwrap(), "{instrument}");
        assert!(calendar.is_open("2025-06-15T00:00:00Z".parse().unwrap()).unwrap(), "{instrument}");
        assert_eq!(calendar.gaps(), ["knows no maintenance"]);
    }
}

#[test]
fn what_the_sources_have_otherwise_is_told() {
    let eurex = entry("EUREX index and bond futures");
    let zone = Zone::named("Europe/Berlin").unwrap();
    assert_eq!(eurex["older"], "08:00-22:00 before 2018-12-10");
    for instrument in ["DAX 202512@EUREX/EUR", "GBL 202512@EUREX/EUR"] {
        assert_eq!(told(calendar(instrument), Hours::Extended, NORMAL, zone), words(&eurex["regular"]));
        assert_eq!(told(calendar(instrument), Hours::Regular, "2018-12-07", zone), ["08:00-22:00"]);
        assert!(calendar(instrument).gaps()[0].contains("2018-12-10"));
    }
    let volatility = entry("CFE VX");
    assert_eq!(words(&volatility["regular"]), ["08:30-15:00"]);
    assert_eq!(regular("VX 202512@CFE", NORMAL, &volatility), ["08:30-15:15"]);
    for name in ["XCBF", "CBOE_Futures"] {
        assert!(Calendar::named(name).unwrap().gaps()[0].contains("15:00"), "{name}");
    }
}

#[test]
fn venues_that_no_source_has_are_not_guessed() {
    let tell = "the broker's trading hours would tell";
    for (name, instrument, exchange) in [
        ("HKFE HSI", "HSI 202512@HKFE/HKD", "HKFE"),
        ("OSE.JPN index futures", "N225 202512@OSE.JPN/JPY", "OSE.JPN"),
        ("SNFE SPI", "SPI 202512@SNFE/AUD", "SNFE"),
    ] {
        assert!(entry(name)["regular"].is_array());
        assert_eq!(
            refused(instrument),
            format!("no calendar is bundled for the exchange {exchange}; {tell}")
        );
    }
}

#[test]
fn every_entry_is_spoken_for() {
    let here = include_str!("calendar_hours.rs");
    let file = file();
    let entries = file["sessions"].as_array().unwrap();
    assert_eq!(entries.len(), 17);
    for one in entries {
        let quoted = format!("{}", one["name"]);
        assert!(here.contains(&quoted), "{quoted}");
    }
}

#[test]
fn the_examples_of_the_brokers_own_hours_are_read() {
    let file = file();
    let format = &file["trading_hours_format"];
    let examples = words(&format["examples"]);
    assert!(format["zone"].as_str().unwrap().contains("US/Eastern, MET, Hongkong, Japan"));
    for zone in ["US/Eastern", "MET", "Hongkong", "Japan"] {
        zone_of_broker(zone).unwrap();
    }
    let stock = Calendar::from_broker("AAPL", examples[0], examples[0], "US/Eastern").unwrap();
    let zone = Zone::named("America/New_York").unwrap();
    for date in ["2026-01-05", "2026-01-06"] {
        assert_eq!(told(&stock, Hours::Regular, date, zone), ["09:30-16:00"]);
    }
    assert_eq!(stock.trading_day_on(day("2026-01-10")).unwrap(), None);
    let future = Calendar::from_broker("ES", examples[1], examples[1], "US/Central").unwrap();
    let zone = Zone::named("America/Chicago").unwrap();
    for date in ["2026-01-05", "2026-01-06"] {
        assert_eq!(told(&future, Hours::Regular, date, zone), ["<17:00-16:00"]);
    }
}
