//! Recording: what is acknowledged is there afterwards, however it ended.

#[cfg(unix)]
use crate::support::Running;
use crate::support::{Place, Ran};
use std::sync::Arc;
use tradeport_app::clock::SystemClock;
use tradeport_app::fake::SyntheticMarket;
use tradeport_kernel::{StoreError, Symbol, Timestamp};
use tradeport_market_data::{Quote, TickStore};
use tradeport_sqlite::{SqliteConfig, SqliteStores};

const ROWS: &str = "SELECT count(*) FROM bid_ask_data";

#[test]
fn rows_are_counted_and_kept() {
    let place = Place::new();
    let report = place.json("record AAPL IBM --max-rows 4");
    assert_eq!((report["stored"].as_u64(), report["ended"].as_str()), (Some(4), Some("complete")));
    assert_eq!(place.number("market.db", ROWS), 4);
    assert_eq!(place.number("market.db", "SELECT count(DISTINCT symbol) FROM bid_ask_data"), 2);
    let report = place.json("record FB --for 1s");
    assert_eq!(report["ended"], "time_up");
    assert_eq!(place.number("market.db", ROWS), 4 + report["stored"].as_i64().unwrap());
    assert!(place.run("record FB --max-rows 1").out.contains("stored"));
}

#[cfg(unix)]
#[test]
fn an_interrupted_recording_keeps_what_it_reports() {
    for signal in ["INT", "TERM"] {
        let place = Place::new();
        let record = Running::start(place.command("--json record AAPL GOOG"));
        // Another process that prints a quote four times a second is the test's clock.
        let mut clock = Running::start(place.command("--json quote IBM --watch"));
        while place.rows_so_far() < 4 {
            clock.line();
        }
        record.signal(signal);
        let ran = record.end();
        clock.signal("INT");
        clock.end();
        assert_eq!(ran.code, Some(130), "{}", ran.err);
        let report = ran.json();
        assert_eq!(report["ended"], "stopped");
        assert!(report["stored"].as_i64().unwrap() >= 4);
        assert_eq!(report["stored"].as_i64().unwrap(), place.number("market.db", ROWS));
    }
}

#[test]
fn a_full_database_ends_it_with_what_to_do() {
    let place = Place::new();
    let held = rows_until_full(&place);
    let file = place.file("small.toml", &format!("[storage]\nsize_limit = {LIMIT}\n"));
    let ran = place.run(&format!("--config {} record AAPL --max-rows 2000", file.display()));
    ran.fails(1, &["full", "storage.size_limit"]);
    assert!(place.number("market.db", ROWS) >= held);
}

const LIMIT: u64 = 300_000;

/// Fills the database to its limit; what was acknowledged.
fn rows_until_full(place: &Place) -> i64 {
    let config = SqliteConfig::in_folder(place.data()).unwrap().with_size_limit(LIMIT).unwrap();
    let stores = SqliteStores::open(&config, Arc::new(SystemClock)).unwrap();
    let market = SyntheticMarket::new(1);
    let symbol = Symbol::new("AAPL").unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let mut kept = 0;
    for size in [1_000_i64, 1] {
        for number in 0..1_000 {
            let at = |step: i64| Timestamp::from_seconds(1_700_000_000 + kept + number + step);
            let quotes: Vec<Quote> = (0..size).map(|step| market.quote(symbol, at(step)).unwrap()).collect();
            match runtime.block_on(stores.ticks().append(&quotes)) {
                Ok(()) => kept += size,
                Err(StoreError::Full(_)) => break,
                Err(error) => panic!("{error}"),
            }
        }
    }
    assert!(kept > 0);
    place.let_go(stores);
    kept
}

#[test]
fn nothing_is_made_for_an_unknown_symbol() {
    let place = Place::new();
    place.run("record AAPL ZZQA").fails(1, &["ZZQA", "AAPL, FB, GOOG, IBM, MSFT"]);
    assert!(!place.data().exists());
    let ran = Ran::of(&mut place.command("record"));
    ran.fails(2, &["<SYMBOLS>", "tradeport record --help"]);
}
