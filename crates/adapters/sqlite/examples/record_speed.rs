//! How fast ticks are recorded through the whole path (feed, recorder, store), against the fastest that SQLite can do
//! with the same table.
//!
//! The yardstick is a prepared insert in a loop, one transaction per batch, with the schema, settings and batch size
//! of the store. It goes through `rusqlite`, whose `execute` binds and steps the C interface directly: its own cost is
//! a few per cent, so it stands for the bare loop in a workspace where unsafe code is forbidden. Both take turns, and
//! the medians count.
//!
//! ```text
//! cargo run --release -p tradeport-sqlite --example record_speed [ROWS]
//! ```
#![expect(clippy::print_stdout, reason = "a measurement is told")]
#![expect(clippy::disallowed_methods, reason = "what is measured is real time")]
#![expect(clippy::unwrap_used, reason = "a measurement that fails should stop")]

use futures::StreamExt;
use futures::executor::block_on;
use rusqlite::params;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;
use tradeport_kernel::{Clock, ConnectionEpoch, Decimal, Price, Quantity, Symbol, TimeRange, Timestamp};
use tradeport_market_data::{FeedEvent, Level, Quote, Subscription, TickQuery, TickStore};
use tradeport_sqlite::{SqliteConfig, SqliteStores, SqliteTicks};
use tradeport_trading::{Recorder, RecorderSettings};

const ROUNDS: usize = 5;
const BATCH: usize = 1_000;
const NAMES: [&str; 5] = ["AAPL", "FB", "GOOG", "IBM", "MSFT"];

/// Stands still, after every quote: nothing lingers and nothing times out, so that only work is measured.
struct Stopped;

#[async_trait::async_trait]
impl Clock for Stopped {
    fn now(&self) -> Timestamp {
        Timestamp::from_seconds(1_800_000_000)
    }
    async fn sleep_until(&self, deadline: Timestamp) {
        if deadline > self.now() {
            futures::future::pending::<()>().await;
        }
    }
}

fn main() {
    let rows = std::env::args().nth(1).map_or(1_000_000, |text| text.parse().unwrap());
    let quotes = quotes(rows);
    let (mut bare, mut store, mut back) = (Vec::new(), Vec::new(), Vec::new());
    for round in 1..=ROUNDS {
        bare.push(bare_loop(&quotes));
        let (kept, read) = recorded(&quotes);
        store.push(kept);
        back.push(read);
        println!(
            "round {round}: bare loop {:>9.0} rows/s, store {:>9.0} rows/s",
            bare[round - 1],
            store[round - 1]
        );
    }
    let (bare, store, back) = (median(bare), median(store), median(back));
    println!("median of {ROUNDS}, {rows} rows in batches of {BATCH}:");
    println!("  bare prepared insert {bare:>9.0} rows/s");
    println!("  feed to disk         {store:>9.0} rows/s");
    println!("  ratio                {:>9.2}", store / bare);
    println!("  read back in pages   {back:>9.0} rows/s");
}

fn quotes(rows: i64) -> Vec<Quote> {
    let symbols = NAMES.map(|name| Symbol::new(name).unwrap());
    let level = |cents: i64, size: i64| {
        let size = (size > 0).then(|| Quantity::new(Decimal::from(size)).unwrap());
        Level::new(Price::new(Decimal::new(cents, 2)).unwrap(), size)
    };
    (0..rows)
        .zip(symbols.into_iter().cycle())
        .map(|(row, symbol)| {
            let at = Timestamp::from_nanos(1_700_000_000_000_000_000 + row / 5 * 1_000_000);
            let cents = 18_923 + row % 100;
            let (bid, ask) = (level(cents, 100 + row % 7), level(cents + 2, row % 50));
            Quote::new(symbol, at, Some(bid), Some(ask)).unwrap()
        })
        .collect()
}

/// Rows per second written, and read back.
fn recorded(quotes: &[Quote]) -> (f64, f64) {
    let folder = tempfile::tempdir().unwrap();
    let config = SqliteConfig::in_folder(folder.path()).unwrap();
    let stores = SqliteStores::open(&config, Arc::new(Stopped)).unwrap();
    let settings = RecorderSettings { batch: BATCH, ..RecorderSettings::default() };
    let recorder = Recorder::new(Arc::new(stores.ticks()), Arc::new(Stopped), settings);
    let events = futures::stream::iter(quotes.to_vec()).map(FeedEvent::Quote).boxed();
    let subscription = Subscription { epoch: ConnectionEpoch::default(), events };
    let start = Instant::now();
    let report = block_on(recorder.run(subscription, futures::future::pending())).unwrap();
    let speed = per_second(quotes.len(), start);
    let start = Instant::now();
    let kept: usize = NAMES.iter().map(|name| read_back(&stores.ticks(), Symbol::new(name).unwrap())).sum();
    assert_eq!((report.stored, kept), (quotes.len() as u64, quotes.len()));
    (speed, per_second(kept, start))
}

fn read_back(ticks: &SqliteTicks, symbol: Symbol) -> usize {
    let mut query = TickQuery { symbol, range: TimeRange::ALL, after: None, limit: 10 * BATCH };
    let mut kept = 0;
    loop {
        let page = block_on(ticks.read(&query)).unwrap();
        let Some(last) = page.last() else { return kept };
        query.after = Some(last.sequence);
        kept += page.len();
    }
}

fn bare_loop(quotes: &[Quote]) -> f64 {
    let folder = tempfile::tempdir().unwrap();
    let config = SqliteConfig::in_folder(folder.path()).unwrap();
    drop(SqliteStores::open(&config, Arc::new(Stopped)).unwrap());
    let rows = integers(quotes);
    let connection = open_bare(config.market());
    let start = Instant::now();
    let mut insert = connection.prepare("INSERT INTO ticks VALUES (?, ?, ?, ?, ?, ?, ?, ?)").unwrap();
    for batch in rows.chunks(BATCH) {
        connection.execute_batch("BEGIN IMMEDIATE").unwrap();
        for ([symbol, sequence, at, scales, bid, ask], [bid_size, ask_size]) in batch {
            let row = params![symbol, sequence, at, scales, bid, bid_size, ask, ask_size];
            insert.execute(row).unwrap();
        }
        connection.execute_batch("COMMIT").unwrap();
    }
    per_second(rows.len(), start)
}

fn open_bare(path: &Path) -> rusqlite::Connection {
    let connection = rusqlite::Connection::open(path).unwrap();
    let settings =
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 4000;";
    connection.execute_batch(settings).unwrap();
    connection
}

type Integers = ([i64; 6], [Option<i64>; 2]);

fn integers(quotes: &[Quote]) -> Vec<Integers> {
    let digits = |decimal: Decimal| i64::try_from(decimal.mantissa()).unwrap();
    (1..)
        .zip(quotes)
        .map(|(sequence, quote)| {
            let symbol = NAMES.iter().position(|name| *name == quote.symbol().as_str()).unwrap();
            let (bid, ask) = (quote.bid().unwrap(), quote.ask().unwrap());
            let price = |level: Level| digits(level.price().as_decimal());
            let size = |level: Level| level.size().map(|size| digits(size.as_decimal()));
            let symbol = i64::try_from(symbol).unwrap();
            let fixed = [symbol, sequence, quote.at().nanos(), 2 | 2 << 10, price(bid), price(ask)];
            (fixed, [size(bid), size(ask)])
        })
        .collect()
}

fn per_second(rows: usize, start: Instant) -> f64 {
    rows as f64 / start.elapsed().as_secs_f64()
}

fn median(mut speeds: Vec<f64>) -> f64 {
    speeds.sort_by(f64::total_cmp);
    speeds[speeds.len() / 2]
}
