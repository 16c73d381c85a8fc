//! What a caller reads when a database cannot be: which file, what is wrong, and what to do.
#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod support;

use futures::executor::block_on;
use std::fs;
use std::path::Path;
use std::sync::Arc;
use support::{StandingClock, open, open_read_only, quotes, try_open};
use tradeport_market_data::TickStore;
use tradeport_sqlite::{OpenError, SqliteConfig, SqliteTicks};

fn config_said(answer: Result<SqliteConfig, impl std::fmt::Display>) -> String {
    answer.err().unwrap().to_string()
}

#[test]
fn configurations_that_cannot_work() {
    assert_eq!(config_said(SqliteConfig::new("", "market.db")), "\"\" does not name a database file");
    assert_eq!(
        config_said(SqliteConfig::new("one.db", "one.db")),
        "orders and market data cannot both lie in one.db: name two files"
    );
    let config = || SqliteConfig::in_folder("data").unwrap();
    assert_eq!(
        config_said(config().with_size_limit(1)),
        "a size limit of 1 bytes is too small: at least 262144"
    );
    for readers in [0, 65] {
        assert_eq!(
            config_said(config().with_readers(readers)),
            format!("{readers} readers for each file: expected 1 to 64")
        );
    }
}

fn said<T>(answer: Result<T, OpenError>) -> String {
    answer.err().unwrap().to_string()
}

/// The file in front, then these words; between them something that only the machine knows.
fn about(path: &Path, text: &str, begin: &str, end: &str) {
    assert!(text.starts_with(&format!("{}{begin}", path.display())) && text.ends_with(end), "{text}");
}

#[test]
fn files_that_are_missing_in_use_or_read_only() {
    let folder = tempfile::tempdir().unwrap();
    let (orders, market) = (folder.path().join("orders.db"), folder.path().join("market.db"));
    assert_eq!(
        said(open_read_only(folder.path())),
        format!(
            "there is no database {}: record or trade something first, or name another file",
            orders.display()
        )
    );
    let first = open(folder.path());
    about(
        &orders,
        &said(try_open(folder.path())),
        " is in use by another tradeport process (",
        "): stop that one, name another file, or open it read-only",
    );
    block_on(first.ticks().append(&quotes(0..3))).unwrap();
    drop(first);
    let mut permissions = fs::metadata(&market).unwrap().permissions();
    permissions.set_readonly(true);
    fs::set_permissions(&market, permissions).unwrap();
    assert_eq!(
        said(try_open(folder.path())),
        format!(
            "{} is read-only: make the file and its folder writable, or open it read-only",
            market.display()
        )
    );
}

#[test]
fn files_of_another_version_or_kind() {
    let folder = tempfile::tempdir().unwrap();
    drop(open(folder.path()));
    let ticks = |name: &str| {
        let path = folder.path().join(name);
        let refusal = SqliteTicks::open_read_only(&path, Arc::new(StandingClock));
        (path, said(refusal))
    };
    let (path, text) = ticks("orders.db");
    assert_eq!(
        text,
        format!(
            "{} is a database of another kind, not tradeport's market: name another file",
            path.display()
        )
    );
    fs::write(folder.path().join("text.db"), "timestamp,symbol\n".repeat(200)).unwrap();
    let (path, text) = ticks("text.db");
    assert_eq!(
        text,
        format!(
            "{} is not a readable database: restore it from a backup, or name another file",
            path.display()
        )
    );
    fs::write(folder.path().join("empty.db"), "").unwrap();
    let (path, text) = ticks("empty.db");
    about(&path, &text, " is empty", ": nothing was ever kept in it, or all of it was lost");
    let file = rusqlite::Connection::open(folder.path().join("market.db")).unwrap();
    let newer = "INSERT INTO __diesel_schema_migrations (version) VALUES ('29990101000000')";
    file.execute_batch(newer).unwrap();
    drop(file);
    let (path, text) = ticks("market.db");
    about(
        &path,
        &text,
        " has schema 29990101000000, newer than ",
        " which this program knows: update the program",
    );
}
