//! Files that were deleted, emptied, or put back from an older copy: nobody goes on as if nothing had been.
#![expect(clippy::unwrap_used, clippy::panic, reason = "tests may unwrap, and a panic is how one fails")]

mod support;

use futures::executor::block_on;
use std::fs;
use std::path::{Path, PathBuf};
use support::{happened, intended, open, open_read_only, second, try_open};
use tempfile::TempDir;
use tradeport_orders::{OrderInput, OrderJournal};
use tradeport_sqlite::{OpenError, SqliteStores};
use tradeport_trading::AuditLog;

fn keep(stores: &SqliteStores, name: &str) {
    let life = [intended(name, second(0)), happened(name, OrderInput::Sent, second(1))];
    block_on(stores.journal().audited("desk").append(&life)).unwrap();
}

/// A folder in which two orders were kept.
fn used() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let stores = open(folder.path());
    keep(&stores, "a");
    keep(&stores, "b");
    folder
}

fn file(folder: &Path, ending: &str) -> PathBuf {
    folder.join(format!("orders.db{ending}"))
}

/// Refused, by whoever writes and by whoever reads, in words with the mark's name; nothing is made or taken away by it.
fn is_refused(folder: &Path, words: &[&str]) {
    let before = contents(folder);
    for refused in [try_open(folder).err().unwrap(), open_read_only(folder).err().unwrap()] {
        let OpenError::Forgot { mark, .. } = &refused else { panic!("{refused:?}") };
        assert!(mark.exists());
        let text = refused.to_string();
        for word in words {
            assert!(text.contains(word), "{word:?} is missing in: {text}");
        }
    }
    assert_eq!(contents(folder), before);
}

/// Of each file how long it is, without the locks and what readers make.
fn contents(folder: &Path) -> Vec<(PathBuf, u64)> {
    let files = fs::read_dir(folder).unwrap().map(Result::unwrap);
    let mut all: Vec<_> = files.map(|it| (it.path(), it.metadata().unwrap().len())).collect();
    all.retain(|(path, _)| !["lock", "db-shm"].iter().any(|it| path.to_string_lossy().ends_with(it)));
    all.retain(|(path, bytes)| !path.to_string_lossy().ends_with("db-wal") || *bytes > 0);
    all.sort();
    all
}

#[test]
fn scenario_db_09_a_journal_that_was_deleted_or_emptied_is_not_begun_anew() {
    let folder = used();
    fs::remove_file(file(folder.path(), "")).unwrap();
    is_refused(folder.path(), &["orders.db is gone", "4 records of the journal", "orders.db.high-water"]);
    fs::write(file(folder.path(), ""), "").unwrap();
    is_refused(folder.path(), &["orders.db is empty", "could be placed again"]);
    // Whoever knows what that means takes the mark away.
    fs::remove_file(file(folder.path(), ".high-water")).unwrap();
    let stores = open(folder.path());
    keep(&stores, "a");
    assert_eq!(block_on(stores.journal().last()).unwrap(), 2);
}

#[test]
fn scenario_db_09_an_older_copy_in_the_place_of_the_journal_is_not_gone_on_with() {
    let folder = used();
    let older = fs::read(file(folder.path(), "")).unwrap();
    keep(&open(folder.path()), "c");
    let newer = fs::read(file(folder.path(), "")).unwrap();
    fs::write(file(folder.path(), ""), older).unwrap();
    is_refused(folder.path(), &["ends at record 4 of the journal", "6 records"]);
    fs::write(file(folder.path(), ""), newer).unwrap();
    assert_eq!(block_on(open(folder.path()).journal().last()).unwrap(), 6);
}

#[test]
fn scenario_db_12_a_write_ahead_log_that_was_taken_away_is_missed() {
    let folder = used();
    let stores = open(folder.path());
    keep(&stores, "acknowledged");
    // What a process leaves that is killed now, but for its log.
    let left = tempfile::tempdir().unwrap();
    for ending in ["", ".high-water"] {
        fs::copy(file(folder.path(), ending), file(left.path(), ending)).unwrap();
    }
    fs::copy(folder.path().join("market.db"), left.path().join("market.db")).unwrap();
    is_refused(left.path(), &["ends at record 4 of the journal", "6 records"]);
    fs::copy(file(folder.path(), "-wal"), file(left.path(), "-wal")).unwrap();
    assert_eq!(block_on(open(left.path()).journal().last()).unwrap(), 6);
}

#[test]
fn scenario_db_12_a_database_that_is_gone_is_missed_by_its_write_ahead_log_alone() {
    let folder = used();
    let stores = open(folder.path());
    keep(&stores, "c");
    let left = tempfile::tempdir().unwrap();
    fs::copy(file(folder.path(), "-wal"), file(left.path(), "-wal")).unwrap();
    is_refused(left.path(), &["orders.db is gone", "orders.db-wal"]);
    fs::write(file(left.path(), ""), "").unwrap();
    is_refused(left.path(), &["orders.db is empty", "orders.db-wal"]);
}

#[test]
fn what_never_held_anything_and_what_is_older_than_the_mark_is_opened() {
    let folder = tempfile::tempdir().unwrap();
    drop(open(folder.path()));
    fs::remove_file(file(folder.path(), "")).unwrap();
    assert!(open_read_only(folder.path()).is_err());
    drop(open(folder.path()));
    // A file of before there were marks gets one.
    let folder = used();
    fs::remove_file(file(folder.path(), ".high-water")).unwrap();
    drop(open(folder.path()));
    fs::remove_file(file(folder.path(), "")).unwrap();
    is_refused(folder.path(), &["4 records of the journal"]);
}

#[test]
fn a_mark_that_makes_no_sense_stops_nobody_who_has_the_file_and_lets_nobody_begin_anew() {
    for text in ["", "journal 1", "journal\u{0}"] {
        let folder = used();
        fs::write(file(folder.path(), ".high-water"), text).unwrap();
        assert!(open_read_only(folder.path()).is_ok());
        fs::remove_file(file(folder.path(), "")).unwrap();
        is_refused(folder.path(), &["orders.db is gone", "what nobody can tell"]);
    }
    // One that cannot be moved stops no order.
    let folder = used();
    fs::remove_file(file(folder.path(), ".high-water")).unwrap();
    fs::create_dir(file(folder.path(), ".high-water")).unwrap();
    keep(&open(folder.path()), "c");
}

#[test]
fn every_byte_of_a_mark_counts() {
    let folder = used();
    let mark = file(folder.path(), ".high-water");
    let whole = fs::read(&mark).unwrap();
    fs::remove_file(file(folder.path(), "")).unwrap();
    for at in 0..whole.len() {
        let mut changed = whole.clone();
        changed[at] ^= 1;
        fs::write(&mark, &changed).unwrap();
        is_refused(folder.path(), &["what nobody can tell"]);
    }
}

#[test]
fn a_log_that_is_not_what_it_was_stops_no_order_and_stays_noted() {
    let folder = used();
    let noted = |folder: &Path| fs::read_to_string(file(folder, ".high-water")).unwrap();
    let before = noted(folder.path());
    let meddled = rusqlite::Connection::open(file(folder.path(), "")).unwrap();
    meddled
        .execute_batch(
            "DROP TRIGGER audit_keeps_all; DELETE FROM audit;
             UPDATE audit_head SET sequence = 0, hash = zeroblob(32)",
        )
        .unwrap();
    drop(meddled);
    let stores = open(folder.path());
    keep(&stores, "c");
    assert_eq!(block_on(stores.audit().head()).unwrap().sequence, 2, "told anew");
    let head = stores.audit().noted_head().unwrap();
    assert_eq!(head.sequence, 4, "and it had come to four");
    let audit = |line: &str| line.split_once("audit").unwrap().1.split(' ').nth(1).unwrap().to_owned();
    assert_eq!(audit(&noted(folder.path())), audit(&before));
    drop(stores);
    assert_eq!(audit(&noted(folder.path())), audit(&before), "whoever opens it next is told as well");
    drop(open(folder.path()));
    assert_eq!(audit(&noted(folder.path())), audit(&before));
}
