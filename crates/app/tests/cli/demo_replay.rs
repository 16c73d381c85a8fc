//! `tradeport demo --replay`: recorded quotes go through the whole platform once more.

use crate::support::Place;
use flate2::{Compression, write::GzEncoder};
use futures::executor::block_on;
use rusqlite::types::Value as Cell;
use serde_json::Value;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;
use tradeport_kernel::{Symbol, Timestamp};
use tradeport_market_data::{Level, Quote, TickStore};

const HALF_A_YEAR: &str = "--from 2010-01-01 --to 2010-06-30";
const HEADER: &str = "timestamp,symbol,bid,ask,bid_size,ask_size";
const JOURNAL: &str = "SELECT sequence, at, key, event, payload FROM journal ORDER BY sequence";
const ORDER_OF_TICKS: &str =
    "SELECT t.sequence, t.at, s.name FROM ticks t JOIN symbols s ON s.id = t.symbol ORDER BY 1";
const TICKS: &str =
    "SELECT timestamp, symbol, bid_price, ask_price, bid_size, ask_size FROM bid_ask_data ORDER BY 1, 2";
const SNAPSHOTS: &str = "SELECT timestamp, account, total_value, cash, positions_value, realized_pnl, unrealized_pnl, \
                         commissions FROM portfolio_snapshots ORDER BY 1";
/// All of a report but what tells of files and of where the prices came from.
const FIGURES: [&str; 8] =
    ["period", "instruments", "account", "positions", "orders", "performance", "curve", "recording"];

fn rows(database: &Path, query: &str) -> Vec<Vec<Cell>> {
    let connection = rusqlite::Connection::open(database).unwrap();
    let mut query = connection.prepare(query).unwrap();
    let columns = query.column_count();
    let row = |row: &rusqlite::Row<'_>| (0..columns).map(|column| row.get(column)).collect();
    query.query_map([], row).unwrap().map(Result::unwrap).collect()
}

/// The same figures, orders, executions, snapshots and quotes, to the last digit and in the same order.
fn assert_same_run(place: &Place, one: (&Value, &str), two: (&Value, &str)) {
    for name in FIGURES {
        assert_eq!(one.0[name], two.0[name], "{name}");
    }
    let database = |folder: &str, name: &str| place.path().join(folder).join("demo").join(name);
    let of_orders = [JOURNAL, SNAPSHOTS].map(|query| ("orders.db", query));
    let of_market = [ORDER_OF_TICKS, TICKS].map(|query| ("market.db", query));
    for (name, query) in of_orders.into_iter().chain(of_market) {
        let (first, second) = (rows(&database(one.1, name), query), rows(&database(two.1, name), query));
        assert!(
            !first.is_empty() && first == second,
            "{query} differs: {} and {}",
            first.len(),
            second.len()
        );
    }
}

/// A demo's quotes as the file that the README tells to make.
fn exported(place: &Place, folder: &str) -> String {
    let query = "SELECT timestamp, symbol, bid_price, ask_price, bid_size, ask_size FROM bid_ask_data ORDER BY timestamp";
    let mut text = format!("{HEADER}\n");
    for row in rows(&place.path().join(folder).join("demo/market.db"), query) {
        let cells: Vec<String> = row
            .into_iter()
            .map(|cell| match cell {
                Cell::Text(text) => text,
                Cell::Real(number) => number.to_string(),
                Cell::Null => String::new(),
                other => panic!("{other:?} in the view"),
            })
            .collect();
        writeln!(text, "{}", cells.join(",")).unwrap();
    }
    text
}

#[test]
fn a_demos_own_recording_gives_the_same_orders_executions_and_account() {
    let place = Place::new();
    let first = place.json(&format!("demo --data-dir first {HALF_A_YEAR}"));
    for replay in ["first/demo", "first/demo/market.db"] {
        let second = place.json(&format!("demo --data-dir second --replay {replay}"));
        assert_same_run(&place, (&first, "first"), (&second, "second"));
        let provenance = second["provenance"].as_str().unwrap();
        assert!(
            provenance.starts_with("6,448 quotes of 4 instruments from first/demo/market.db"),
            "{provenance}"
        );
        assert!(!second["caveats"].to_string().contains("seeded path"), "{}", second["caveats"]);
    }
    assert_eq!(first["recording"]["stored"], 6_448);
    assert!(first["orders"]["executions"].as_u64().unwrap() > 10);
}

#[test]
fn splits_are_taken_in_by_a_replay_as_they_were_the_first_time() {
    let place = Place::new();
    let splits = "symbol,effective_date,new,old,note\nAAPL,2005-02-28,2,1,\nOTHER,2005-02-27,2,1,\n";
    place.file("splits.csv", splits);
    let first = place.json("demo --data-dir first --from 2005-01-15 --to 2005-03-31");
    let second = place.json("demo --data-dir second --replay first/demo --splits splits.csv");
    assert_eq!(second["orders"]["splits"], 1);
    assert_same_run(&place, (&first, "first"), (&second, "second"));
    assert!(second["provenance"].as_str().unwrap().contains("splits from splits.csv"));
    let without = place.json("demo --data-dir third --replay first/demo");
    assert_ne!(without["account"], first["account"], "the split changed nothing");
}

#[test]
fn a_csv_file_plain_or_compressed_gives_the_same_as_the_database() {
    let place = Place::new();
    let first = place.json(&format!("demo --data-dir first {HALF_A_YEAR}"));
    let text = exported(&place, "first");
    place.file("quotes.csv", &text);
    let mut compressed = GzEncoder::new(Vec::new(), Compression::fast());
    compressed.write_all(text.as_bytes()).unwrap();
    std::fs::write(place.path().join("quotes.csv.gz"), compressed.finish().unwrap()).unwrap();
    for file in ["quotes.csv", "quotes.csv.gz"] {
        let second = place.json(&format!("demo --data-dir second --replay {file}"));
        assert_same_run(&place, (&first, "first"), (&second, "second"));
    }
}

#[test]
fn the_same_replay_twice_says_the_same_and_may_replace_its_own_source() {
    let place = Place::new();
    let first = place.json(&format!("demo {HALF_A_YEAR}"));
    let run = || {
        let ran = place.run("demo --replay data/demo");
        assert_eq!(ran.code, Some(0), "{}", ran.err);
        assert!(ran.err.contains("6,448 quotes of 124 sessions are told again"), "{}", ran.err);
        assert!(ran.err.contains("is replaced"), "{}", ran.err);
        (ran.out, std::fs::read(place.data().join("demo/report.html")).unwrap())
    };
    let (one, two) = (run(), run());
    assert_eq!(one.0, two.0);
    assert!(one.1 == two.1, "the two reports differ");
    let whole = rows(&place.data().join("demo/market.db"), "PRAGMA integrity_check");
    assert_eq!(whole, [[Cell::Text("ok".to_owned())]]);
    assert_eq!(place.number("demo/market.db", "SELECT count(*) FROM bid_ask_data"), 6_448);
    assert_same_run(&place, (&first, "data"), (&place.json("demo --replay data/demo"), "data"));
    assert!(!place.data().join("demo.replaced").exists() && !place.data().join("demo.unfinished").exists());
}

#[test]
fn a_period_is_of_days_in_new_york() {
    let place = Place::new();
    let mut lines = HEADER.to_owned();
    // 23:30 and 00:30 in New York, on both sides of midnight; in UTC they are of one day.
    for (day, hour) in [(5, "03:30"), (5, "04:30"), (6, "03:30"), (6, "04:30")] {
        write!(lines, "\n2024-07-{day:02}T{hour}:00Z,AAPL,10,10.02,500,500").unwrap();
    }
    place.file("quotes.csv", &(lines + "\n"));
    let days = |period: &str| -> Vec<String> {
        let report = place.json(&format!("demo --replay quotes.csv {period}"));
        let curve = report["curve"].as_array().unwrap();
        curve.iter().map(|day| day["day"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(days(""), ["2024-07-04", "2024-07-05", "2024-07-06"]);
    assert_eq!(days("--from 2024-07-05 --to 2024-07-05"), ["2024-07-05"]);
    assert_eq!(place.number("demo/market.db", "SELECT count(*) FROM bid_ask_data"), 2);
    assert_eq!(days("--to 2024-07-04"), ["2024-07-04"]);
    assert_eq!(days("--from 1200-01-01 --to 9999-12-31"), ["2024-07-04", "2024-07-05", "2024-07-06"]);
    for period in
        ["--from 2024-07-07", "--to 2024-07-03", "--from 2024-07-06 --to 2024-07-04", "--from 9999-12-31"]
    {
        let ran = place.run(&format!("demo --replay quotes.csv {period}"));
        ran.fails(2, &["no session in that period", "between 2024-07-04 and 2024-07-06"]);
    }
}

/// Two months of quotes as a feed gives them: each instrument at moments of its own, now and then with one side alone
/// or crossed; OPT never has a bid.
fn as_a_feed_gives_them() -> (String, u64) {
    let mut lines = format!("{HEADER}\n");
    let mut marked = 0;
    for (day, drift) in [("2024-03-04", 0), ("2024-03-05", 1), ("2024-04-01", 30), ("2024-04-02", 31)] {
        for minute in 0..60 {
            for (second, symbol, price) in [(5, "AAA", 100 + drift), (20, "BBB", 50 - drift), (40, "CCC", 70)]
            {
                let (bid, ask) = (format!("{price}.10"), format!("{price}.14"));
                let (bid, ask) = match (minute % 20, symbol) {
                    (0, "AAA") => (String::new(), ask),
                    (7, "BBB") => (bid, String::new()),
                    (9, "CCC") => (ask, bid),
                    _ => (bid, ask),
                };
                let size = if bid.is_empty() || ask.is_empty() { ("", "") } else { ("9000", "9000") };
                marked += u64::from(bid.is_empty() || ask.is_empty() || bid > ask);
                writeln!(
                    lines,
                    "{day}T15:{minute:02}:{second:02}.5Z,{symbol},{bid},{ask},{},{}",
                    size.0, size.1
                )
                .unwrap();
            }
            writeln!(lines, "{day}T15:{minute:02}:50Z,OPT,,1.5,,").unwrap();
            marked += 1;
        }
    }
    (lines, marked)
}

#[test]
fn quotes_at_moments_of_their_own_are_traded_on_and_strange_ones_only_recorded() {
    let place = Place::new();
    let (lines, marked) = as_a_feed_gives_them();
    place.file("quotes.csv", &lines);
    let report = place.json("demo --replay quotes.csv");
    let recording = &report["recording"];
    assert_eq!(recording["stored"], lines.lines().count() - 1);
    assert_eq!((&recording["marked"], &recording["refused"]), (&marked.into(), &0.into()));
    assert_eq!(report["orders"]["rebalancings"], 2);
    assert_eq!(report["positions"].as_array().unwrap().len(), 3, "{}", report["orders"]);
    let sent = "SELECT key, action, status FROM orders WHERE created_at > '2024-04' ORDER BY created_at, key";
    let sent: Vec<_> = rows(&place.data().join("demo/orders.db"), sent).concat();
    let sent: Vec<_> =
        sent.iter().map(|cell| if let Cell::Text(text) = cell { text.as_str() } else { "" }).collect();
    let expected = [
        ["rebalance-2024-04-01:AAA", "SELL", "filled"],
        ["rebalance-2024-04-01:CCC", "SELL", "filled"],
        ["rebalance-2024-04-01:BBB", "BUY", "filled"],
    ];
    assert_eq!(sent, expected.concat());
    let instruments: Vec<_> =
        report["instruments"].as_array().unwrap().iter().map(|it| &it["symbol"]).collect();
    assert_eq!(instruments, ["AAA", "BBB", "CCC"]);
    let caveats = report["caveats"].to_string();
    assert!(caveats.contains("never traded, for want of a price: OPT."), "{caveats}");
    // What was recorded of it is a recording like any other.
    let again = place.json("demo --data-dir again --replay data/demo");
    assert_same_run(&place, (&report, "data"), (&again, "again"));
}

fn quote(second: i64) -> Quote {
    let level = |cents: i64| Level::new(format!("{}.{:02}", 100, cents).parse().unwrap(), None);
    let at = Timestamp::from_seconds(1_720_000_000 + second);
    Quote::new(Symbol::new("AAPL").unwrap(), at, Some(level(10)), Some(level(14))).unwrap()
}

#[test]
fn late_quotes_are_told_as_they_came_and_disorder_is_refused() {
    let place = Place::new();
    let held = place.hold();
    block_on(held.ticks().append(&[quote(0), quote(90), quote(60), quote(120)])).unwrap();
    place.let_go(held);
    let report = place.json("demo --replay data");
    assert_eq!((&report["recording"]["stored"], &report["recording"]["marked"]), (&4.into(), &1.into()));
    let held = place.hold();
    block_on(held.ticks().append(&[quote(-86_400)])).unwrap();
    place.let_go(held);
    place
        .run("demo --replay data")
        .fails(1, &["market.db", "was recorded after one at", "--from DAY --to DAY"]);
    place.file("late.csv", &format!("{HEADER}\n{}\n{}\n", csv(2), csv(1)));
    place.run("demo --replay late.csv").fails(1, &["late.csv:3", "stands after one at", "sort the lines"]);
}

fn csv(second: u32) -> String {
    format!("2024-07-03T09:46:{second:02}Z,AAPL,100.10,100.14,,")
}

#[test]
fn what_is_no_recording_is_told_with_a_way_on_and_nothing_is_left_behind() {
    let place = Place::new();
    let fails =
        |typed: &str, code: i32, words: &[&str]| place.run(&format!("demo {typed}")).fails(code, words);
    fails("--replay nowhere", 1, &["nothing to replay at nowhere", "--replay PATH"]);
    std::fs::create_dir(place.path().join("empty")).unwrap();
    fails("--replay empty", 1, &["no market.db in empty", "--replay PATH"]);
    place.file("notes.db", &"years of work\n".repeat(100));
    fails("--replay notes.db", 1, &["notes.db", "not a readable database", "--replay PATH"]);
    place.file("notes.txt", "years of work\n");
    fails("--replay notes.txt", 1, &["notes.txt:1", "timestamp,symbol,bid,ask,bid_size,ask_size"]);
    let line = csv(1);
    place.file("cut.csv", &format!("{HEADER}\n{line}\n{}", &line[..30]));
    fails("--replay cut.csv", 1, &["cut.csv:3", "the file ends within this line"]);
    place.file("none.csv", &format!("{HEADER}\n"));
    fails("--replay none.csv", 1, &["not one quote in none.csv", "tradeport record"]);
    place.file("half.csv", &format!("{HEADER}\n2024-07-03T09:46:00Z,AAPL,100.10,,,\n"));
    fails("--replay half.csv", 1, &["half.csv", "no quote", "--replay PATH"]);
    place.file("odd.csv", &format!("{HEADER}\n2024-07-03T09:46:00Z,^GSPC,100.10,100.14,,\n"));
    fails("--replay odd.csv", 1, &["^GSPC", "cannot name an order"]);
    place.file("whole.csv", &format!("{HEADER}\n{line}\n"));
    fails("--replay whole.csv --bars whole.csv", 2, &["--replay", "--bars", "cannot be used with"]);
    fails("--splits whole.csv", 2, &["--bars", "--replay"]);
    fails("--replay whole.csv --report ./whole.csv", 2, &["would replace whole.csv", "--report FILE"]);
    fails("--replay whole.csv --splits nowhere.csv", 1, &["nowhere.csv"]);
    assert!(!place.data().exists());
}

#[test]
fn a_database_that_cannot_be_replayed_is_told_with_a_way_on() {
    let place = Place::new();
    place.let_go(place.hold());
    let fails = |typed: &str, words: &[&str]| place.run(&format!("demo {typed}")).fails(1, words);
    fails("--replay data", &["not one quote in data/market.db", "tradeport record AAPL"]);
    fails("--replay data/orders.db", &["another kind", "market", "--replay PATH"]);
    let file = rusqlite::Connection::open(place.data().join("market.db")).unwrap();
    file.execute_batch("INSERT INTO __diesel_schema_migrations (version) VALUES ('29990101000000')").unwrap();
    drop(file);
    fails("--replay data", &["market.db", "newer than", "try: update tradeport"]);
    place.file("data/market.db", "");
    fails("--replay data", &["is empty", "tradeport record AAPL --for 1s --data-dir data"]);
    let unfinished = place.data().join("demo.unfinished");
    std::fs::create_dir(&unfinished).unwrap();
    place.file("data/demo.unfinished/market.db", "");
    fails("--replay data/demo.unfinished", &["a run clears away", "move it elsewhere"]);
    assert!(unfinished.join("market.db").exists() && !place.data().join("demo").exists());
    std::fs::remove_file(place.data().join("market.db")).unwrap();
    std::fs::create_dir(place.data().join("demo")).unwrap();
    place.file("data/demo/market.db", "");
    fails("--replay data", &["no market.db in data", "try: --replay data/demo"]);
}
