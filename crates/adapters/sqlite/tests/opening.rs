//! What is refused at the door, and with which words.

mod support;

use futures::executor::block_on;
use std::fs;
use std::path::Path;
use std::sync::Arc;
use support::{StandingClock, config, open, open_read_only, quotes, symbol, try_open};
use tradeport_kernel::{StoreError, TimeRange};
use tradeport_market_data::{TickQuery, TickStore};
use tradeport_sqlite::{OpenError, SqliteTicks};

#[test]
fn a_second_opening_names_the_file_and_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let first = open(folder.path());
    let refused = try_open(folder.path()).err().unwrap();
    assert!(matches!(refused, OpenError::InUse { .. }), "{refused:?}");
    let text = refused.to_string();
    assert!(text.contains("orders.db") && text.contains("stop that one"), "{text}");
    drop(first);
    assert!(try_open(folder.path()).is_ok());
}

#[test]
fn a_store_taken_out_keeps_the_file_open_and_locked() {
    let folder = tempfile::tempdir().unwrap();
    let ticks = open(folder.path()).ticks();
    // The orders file was given up with the stores; the market file was not.
    let refused = try_open(folder.path()).err().unwrap();
    assert!(refused.to_string().contains("market.db"), "{refused}");
    drop(ticks);
    assert!(try_open(folder.path()).is_ok());
}

#[test]
fn what_is_no_database_is_refused_and_left_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("market.db");
    let text = "timestamp,symbol\n".repeat(200);
    fs::write(&path, &text).unwrap();
    let refused = try_open(folder.path()).err().unwrap();
    assert!(matches!(&refused, OpenError::Corrupt { path: named, .. } if *named == path), "{refused:?}");
    assert_eq!(fs::read_to_string(&path).unwrap(), text);
    fs::remove_file(folder.path().join("market.db.lock")).unwrap();
}

#[test]
fn what_lies_in_the_way_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    fs::write(&file, "text").unwrap();
    for within in [file.clone(), file.join("data")] {
        let refused = try_open(&within).err().unwrap();
        let path = within.join("orders.db");
        assert!(matches!(&refused, OpenError::NoFolder { path: named, .. } if *named == path), "{refused:?}");
    }
    let elsewhere = folder.path().join("data");
    fs::create_dir_all(elsewhere.join("orders.db")).unwrap();
    let refused = try_open(&elsewhere).err().unwrap();
    let said = std::error::Error::source(&refused).unwrap().to_string();
    assert!(
        matches!(&refused, OpenError::Unavailable { .. }) && said == "is a directory",
        "{refused:?} {said}"
    );
}

#[test]
fn a_read_only_file_is_refused_for_writing_alone() {
    let folder = tempfile::tempdir().unwrap();
    block_on(open(folder.path()).ticks().append(&quotes(0..3))).unwrap();
    let path = folder.path().join("market.db");
    let mut permissions = fs::metadata(&path).unwrap().permissions();
    permissions.set_readonly(true);
    fs::set_permissions(&path, permissions).unwrap();
    let refused = try_open(folder.path()).err().unwrap();
    assert!(matches!(&refused, OpenError::ReadOnly { path: named, .. } if *named == path), "{refused:?}");
    let stores = open_read_only(folder.path()).unwrap();
    assert_eq!(block_on(stores.ticks().count(symbol("AAPL"))).unwrap(), 3);
}

/// What shows where nothing can be made beside a file: in a folder or on a disk that is read-only.
#[test]
fn where_nothing_can_be_written_beside_a_file_it_is_read_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    block_on(open(folder.path()).ticks().append(&quotes(0..3))).unwrap();
    for name in ["orders.db-shm", "market.db-shm"] {
        fs::create_dir(folder.path().join(name)).unwrap();
    }
    let stores = open_read_only(folder.path()).unwrap();
    assert_eq!(block_on(stores.ticks().count(symbol("AAPL"))).unwrap(), 3);
    drop(stores);
    // What was committed last would be left out without a word.
    fs::write(folder.path().join("orders.db-wal"), [1; 100]).unwrap();
    let refused = open_read_only(folder.path()).err().unwrap();
    assert!(matches!(refused, OpenError::LogUnread { .. }), "{refused:?}");
    assert!(refused.to_string().contains("all that begins with its name"), "{refused}");
}

#[test]
fn reading_alone_works_beside_a_writer_and_never_writes() {
    let folder = tempfile::tempdir().unwrap();
    let writing = open(folder.path());
    let reading = open_read_only(folder.path()).unwrap();
    for round in 1..=5 {
        block_on(writing.ticks().append(&quotes(0..10))).unwrap();
        assert_eq!(block_on(reading.ticks().count(symbol("AAPL"))).unwrap(), round * 10);
    }
    let refused = block_on(reading.ticks().append(&quotes(0..1))).unwrap_err();
    assert!(matches!(refused, StoreError::ReadOnly(_)), "{refused:?}");
}

#[test]
fn reading_what_is_not_there_makes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let refused = open_read_only(folder.path()).err().unwrap();
    assert!(matches!(refused, OpenError::Missing { .. }), "{refused:?}");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn folders_are_made_for_a_new_database() {
    let folder = tempfile::tempdir().unwrap();
    let deep = folder.path().join("a/b c/d?");
    drop(open(&deep));
    assert!(config(&deep).orders().exists() && config(&deep).market().exists());
}

#[test]
fn scenario_db_11_a_newer_database_is_refused_with_both_versions() {
    let folder = tempfile::tempdir().unwrap();
    drop(open(folder.path()));
    let path = folder.path().join("orders.db");
    let file = rusqlite::Connection::open(&path).unwrap();
    let newer = "INSERT INTO __diesel_schema_migrations (version) VALUES ('29990101000000')";
    file.execute_batch(newer).unwrap();
    drop(file);
    for refused in [try_open(folder.path()).err().unwrap(), open_read_only(folder.path()).err().unwrap()] {
        assert!(matches!(refused, OpenError::NewerSchema { .. }), "{refused:?}");
        assert!(refused.to_string().contains("update the program"), "{refused}");
    }
}

fn ticks_alone(market: &Path) -> Result<SqliteTicks, OpenError> {
    SqliteTicks::open_read_only(market, Arc::new(StandingClock))
}

#[test]
fn a_market_file_alone_is_read_and_never_written() {
    let folder = tempfile::tempdir().unwrap();
    let recorded = quotes(0..10);
    block_on(open(folder.path()).ticks().append(&recorded)).unwrap();
    fs::remove_file(folder.path().join("orders.db")).unwrap();
    let moved = folder.path().join("a recording.db");
    fs::rename(folder.path().join("market.db"), &moved).unwrap();
    let ticks = ticks_alone(&moved).unwrap();
    let query = TickQuery { symbol: symbol("AAPL"), range: TimeRange::ALL, after: None, limit: 100 };
    let read: Vec<_> = block_on(ticks.read(&query)).unwrap().into_iter().map(|it| it.quote).collect();
    assert_eq!(read, recorded);
    assert_eq!(block_on(ticks.symbols()).unwrap(), [symbol("AAPL")]);
    let refused = block_on(ticks.append(&recorded)).unwrap_err();
    assert!(matches!(refused, StoreError::ReadOnly(_)), "{refused:?}");
    assert!(!folder.path().join("orders.db").exists());
}

#[test]
fn a_market_file_alone_is_read_beside_its_writer() {
    let folder = tempfile::tempdir().unwrap();
    let writing = open(folder.path());
    let ticks = ticks_alone(config(folder.path()).market()).unwrap();
    block_on(writing.ticks().append(&quotes(0..10))).unwrap();
    assert_eq!(block_on(ticks.count(symbol("AAPL"))).unwrap(), 10);
    block_on(writing.ticks().append(&quotes(0..1))).unwrap();
    assert_eq!(block_on(ticks.count(symbol("AAPL"))).unwrap(), 11);
}

#[test]
fn what_is_no_market_file_is_refused_and_nothing_is_made() {
    let folder = tempfile::tempdir().unwrap();
    drop(open(folder.path()));
    let refused = |name: &str| ticks_alone(&folder.path().join(name)).err().unwrap();
    let missing = refused("nothing.db");
    assert!(matches!(missing, OpenError::Missing { .. }), "{missing:?}");
    assert!(!folder.path().join("nothing.db").exists());
    let orders = refused("orders.db");
    assert!(matches!(orders, OpenError::Foreign { wanted: "market", .. }), "{orders:?}");
    fs::write(folder.path().join("text.db"), "timestamp,symbol\n".repeat(200)).unwrap();
    let text = refused("text.db");
    assert!(matches!(text, OpenError::Corrupt { .. }), "{text:?}");
    fs::write(folder.path().join("empty.db"), "").unwrap();
    let empty = refused("empty.db");
    assert!(matches!(empty, OpenError::Empty { .. }), "{empty:?}");
    let file = rusqlite::Connection::open(folder.path().join("market.db")).unwrap();
    let newer = "INSERT INTO __diesel_schema_migrations (version) VALUES ('29990101000000')";
    file.execute_batch(newer).unwrap();
    drop(file);
    let newer = refused("market.db");
    assert!(matches!(newer, OpenError::NewerSchema { .. }), "{newer:?}");
}
