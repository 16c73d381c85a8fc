//! What happens to the files of a trading platform: locked, torn, damaged, full.
#![expect(clippy::unwrap_used, reason = "tests may unwrap")]

mod support;

use futures::executor::block_on;
use std::fs;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;
use support::{
    StandingClock, config, executed, happened, intended, open, open_read_only, quotes, second, symbol,
    try_open,
};
use tradeport_kernel::StoreError;
use tradeport_market_data::TickStore;
use tradeport_orders::{JournalError, JournalRecord, OrderInput, OrderJournal};
use tradeport_sqlite::{BackupError, OpenError, SqliteConfig, SqliteStores};
use tradeport_trading::AuditLog;
use tradeport_trading::audit::{ChainWalk, JournalWitness, Rebuilt, compare};

const SMALL: u64 = 256 * 1024;
const LARGE: u64 = 64 * 1024 * 1024;

/// Another program on the same file.
fn another_program(folder: &Path) -> rusqlite::Connection {
    rusqlite::Connection::open(config(folder).orders()).unwrap()
}

fn records(stores: &SqliteStores) -> Vec<JournalRecord> {
    block_on(stores.journal().read(0, usize::MAX)).unwrap()
}

fn keep(stores: &SqliteStores, name: &str) {
    let life = [intended(name, second(0)), happened(name, OrderInput::Sent, second(1))];
    block_on(stores.journal().append(&life)).unwrap();
}

/// Log and journal tell the same, and the chain is whole.
fn agree(stores: &SqliteStores) {
    let (mut walk, mut rebuilt, mut witness) =
        (ChainWalk::default(), Rebuilt::default(), JournalWitness::default());
    for record in block_on(stores.audit().read(0, usize::MAX)).unwrap() {
        walk.step(&record).unwrap();
        rebuilt.take(&record).unwrap();
    }
    walk.end(&block_on(stores.audit().head()).unwrap()).unwrap();
    records(stores).iter().for_each(|record| witness.take(record).unwrap());
    assert_eq!(compare(&rebuilt, &witness), []);
}

#[test]
fn scenario_db_01_who_locks_the_file_delays_a_write_and_loses_none() {
    let folder = tempfile::tempdir().unwrap();
    let stores = open(folder.path());
    keep(&stores, "before");
    let other = another_program(folder.path());
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let journal = stores.journal();
    let waiting = std::thread::spawn(move || block_on(journal.append(&[intended("waits", second(2))])));
    assert_eq!(records(&stores).len(), 2, "reading does not wait");
    other.execute_batch("ROLLBACK").unwrap();
    assert_eq!(waiting.join().unwrap().unwrap()[0].sequence(), 3);
}

#[test]
fn scenario_db_02_a_read_that_stays_open_keeps_no_write_back() {
    let folder = tempfile::tempdir().unwrap();
    let stores = open(folder.path());
    keep(&stores, "before");
    let other = another_program(folder.path());
    let count = || other.query_row("SELECT count(*) FROM journal", [], |row| row.get::<_, i64>(0)).unwrap();
    other.execute_batch("BEGIN").unwrap();
    assert_eq!(count(), 2);
    // A transaction that began by reading and then wrote would be refused at once, whatever the time it may wait.
    (0..50).for_each(|number| keep(&stores, &format!("order-{number}")));
    assert_eq!((records(&stores).len(), count()), (102, 2), "it still sees what it began with");
    other.execute_batch("COMMIT").unwrap();
    assert_eq!(count(), 102);
}

#[test]
fn scenario_db_04_the_library_is_not_one_that_loses_commits() {
    assert!(rusqlite::version_number() >= 3_051_003, "SQLite {}", rusqlite::version());
}

#[test]
fn scenario_db_05_one_process_writes_and_others_read() {
    let folder = tempfile::tempdir().unwrap();
    let first = open(folder.path());
    let refused = try_open(folder.path()).err().unwrap();
    assert!(matches!(refused, OpenError::InUse { .. }), "{refused:?}");
    let reading = open_read_only(folder.path()).unwrap();
    keep(&first, "a");
    assert_eq!(records(&reading).len(), 2);
    let written = block_on(reading.journal().append(&[intended("b", second(0))]));
    assert!(matches!(written, Err(JournalError::Store(StoreError::ReadOnly(_)))), "{written:?}");
}

#[test]
fn scenario_oid_16_of_two_processes_on_one_journal_the_second_is_refused_until_the_first_has_gone() {
    let folder = tempfile::tempdir().unwrap();
    let first = open(folder.path());
    keep(&first, "a");
    for _ in 0..2 {
        let refused = try_open(folder.path()).err().unwrap();
        assert!(matches!(refused, OpenError::InUse { .. }), "{refused:?}");
    }
    keep(&first, "b");
    drop(first);
    assert_eq!(records(&open(folder.path())).len(), 4);
}

#[test]
fn scenario_db_07_a_batch_that_finds_no_room_is_not_half_there_and_work_goes_on_with_room() {
    let folder = tempfile::tempdir().unwrap();
    let small = config(folder.path()).with_size_limit(SMALL).unwrap();
    let stores = SqliteStores::open(&small, Arc::new(StandingClock)).unwrap();
    let journal = stores.journal().audited("desk");
    let batch = |number: usize| {
        let name = |which: usize| format!("order-{number}-{which}");
        (0..20)
            .flat_map(|which| {
                let name = name(which);
                [intended(&name, second(0)), executed(&name, &name, "1", "187", second(1))]
            })
            .collect::<Vec<_>>()
    };
    let mut batches = 0;
    let refused = loop {
        match block_on(journal.append(&batch(batches))) {
            Ok(_) => batches += 1,
            Err(error) => break error,
        }
    };
    assert!(matches!(refused, JournalError::Store(StoreError::Full(_))), "{refused:?}");
    assert!(batches > 0);
    assert_eq!(records(&stores).len(), batches * 40, "whole batches");
    agree(&stores);
    block_on(stores.set_size_limit(LARGE)).unwrap();
    let receipts = block_on(journal.append(&batch(batches))).unwrap();
    assert_eq!(receipts[0].sequence(), batches as u64 * 40 + 1, "no hole");
    drop((journal, stores));
    let reopened = open(folder.path());
    assert_eq!(records(&reopened).len(), (batches + 1) * 40);
    agree(&reopened);
}

#[test]
fn scenario_db_09_a_damaged_file_is_refused_in_words_and_left_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let stores = open(folder.path());
    (0..200).for_each(|number| keep(&stores, &format!("order-{number}")));
    drop(stores);
    let path = config(folder.path()).orders().to_owned();
    let whole = fs::read(&path).unwrap();
    let mut no_header = whole.clone();
    no_header[..100].fill(0);
    let mut scribbled = whole.clone();
    let middle = scribbled.len() / 4;
    scribbled[middle..].fill(0xA5);
    for damaged in [no_header, scribbled, whole[..whole.len() / 2].to_vec()] {
        fs::write(&path, &damaged).unwrap();
        let told = match try_open(folder.path()) {
            Err(error) => error.to_string(),
            Ok(stores) => match block_on(stores.journal().read(0, usize::MAX)) {
                Err(error) => format!("{error:?}"),
                Ok(records) => format!("{} records", records.len()),
            },
        };
        assert!(told.contains("backup") || told.contains("Corrupt"), "{told}");
        assert_eq!(fs::read(&path).unwrap().len(), damaged.len(), "it is kept for whoever looks into it");
    }
    fs::write(&path, &whole).unwrap();
    assert_eq!(records(&open(folder.path())).len(), 400, "the file of before is as good as ever");
}

/// How many bytes of a write-ahead log stand in frames that were written: their first four bytes name a page.
fn written(log: &[u8]) -> usize {
    let (header, frame) = (32, 4_096 + 24);
    let frames = log[header..].chunks_exact(frame);
    let last = frames.enumerate().rfind(|(_, frame)| frame[..4] != [0; 4]);
    header + last.map_or(0, |(at, _)| (at + 1) * frame)
}

#[test]
fn scenario_db_12_a_write_that_was_torn_takes_nothing_of_what_was_acknowledged() {
    let folder = tempfile::tempdir().unwrap();
    let stores = open(folder.path());
    (0..20).for_each(|number| keep(&stores, &format!("order-{number}")));
    let log = |folder: &Path| folder.join("orders.db-wal");
    // What lies on the disk when the power fails: all that was synced, and the beginning of what came next.
    let read = || fs::read(log(folder.path())).unwrap();
    let begun = written(&read());
    keep(&stores, "torn");
    let mut whole = read();
    // What follows was made room for, and is zeros.
    whole.truncate(written(&whole));
    assert!(whole.len() > begun);
    let database = fs::read(config(folder.path()).orders()).unwrap();
    for torn in [0, 1, 24, 100, 4_096, whole.len() - begun - 1] {
        let after = tempfile::tempdir().unwrap();
        fs::write(config(after.path()).orders(), &database).unwrap();
        let mut file = fs::File::create(log(after.path())).unwrap();
        file.write_all(&whole[..begun + torn]).unwrap();
        // The rest of the sector is whatever was there before.
        file.write_all(&[0x5A; 600]).unwrap();
        drop(file);
        let reopened = open(after.path());
        assert_eq!(records(&reopened).len(), 40, "torn after {torn} bytes");
        keep(&reopened, "torn");
        assert_eq!(records(&reopened).len(), 42, "and it goes on");
    }
}

#[test]
fn scenario_db_13_a_backup_that_is_made_while_orders_are_written_is_restored_whole() {
    let (folder, elsewhere) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let stores = open(folder.path());
    let journal = stores.journal().audited("desk");
    let append = |name: &str| {
        let life = [intended(name, second(0)), executed(name, name, "1", "187", second(1))];
        block_on(journal.append(&life)).unwrap();
    };
    (0..50).for_each(|number| append(&format!("order-{number}")));
    block_on(stores.ticks().append(&quotes(0..100))).unwrap();
    // All of it is still in the write-ahead log: a copy of the file alone would be empty.
    let copy = fs::copy(config(folder.path()).orders(), elsewhere.path().join("alone.db")).unwrap();
    assert!(copy < fs::metadata(folder.path().join("orders.db-wal")).unwrap().len());
    let backup = elsewhere.path().join("backup");
    block_on(stores.backup(&backup)).unwrap();
    append("after");
    let again = block_on(stores.backup(&backup));
    assert!(matches!(again, Err(BackupError::Exists { .. })), "nothing is overwritten: {again:?}");
    let restored =
        SqliteStores::open(&SqliteConfig::in_folder(&backup).unwrap(), Arc::new(StandingClock)).unwrap();
    assert_eq!((records(&restored).len(), records(&stores).len()), (100, 102));
    assert_eq!(records(&restored), records(&stores)[..100]);
    agree(&restored);
    assert_eq!(block_on(restored.ticks().count(symbol("AAPL"))).unwrap(), 100);
    keep(&restored, "goes-on");
    assert_eq!(records(&restored).len(), 102);
    let left: Vec<_> = fs::read_dir(&backup).unwrap().map(|it| it.unwrap().file_name()).collect();
    assert!(left.iter().all(|name| !name.to_string_lossy().contains("unfinished")), "{left:?}");
}

#[test]
fn scenario_db_13_a_backup_that_finds_no_place_leaves_nothing_behind() {
    let folder = tempfile::tempdir().unwrap();
    let stores = open(folder.path());
    keep(&stores, "a");
    let file = folder.path().join("no-folder");
    fs::write(&file, "taken").unwrap();
    let refused = block_on(stores.backup(&file));
    assert!(matches!(refused, Err(BackupError::Unwritable { .. })), "{refused:?}");
    assert_eq!(fs::read(&file).unwrap(), b"taken");
    assert_eq!(records(&stores).len(), 2);
}

#[test]
fn scenario_db_14_a_market_file_that_stalls_holds_no_order_up() {
    let folder = tempfile::tempdir().unwrap();
    let stores = open(folder.path());
    let stalled = rusqlite::Connection::open(config(folder.path()).market()).unwrap();
    stalled.execute_batch("BEGIN IMMEDIATE").unwrap();
    let ticks = stores.ticks();
    let waiting = std::thread::spawn(move || block_on(ticks.append(&quotes(0..100))));
    (0..20).for_each(|number| keep(&stores, &format!("order-{number}")));
    assert!(!waiting.is_finished(), "the ticks wait");
    assert_eq!(records(&stores).len(), 40, "the orders are kept");
    stalled.execute_batch("ROLLBACK").unwrap();
    waiting.join().unwrap().unwrap();
    assert_eq!(block_on(stores.ticks().count(symbol("AAPL"))).unwrap(), 100);
}

#[test]
fn scenario_db_15_a_batch_that_is_tried_again_after_a_failure_is_there_once() {
    let folder = tempfile::tempdir().unwrap();
    let small = config(folder.path()).with_size_limit(SMALL).unwrap();
    let stores = SqliteStores::open(&small, Arc::new(StandingClock)).unwrap();
    let ticks = stores.ticks();
    let count = || block_on(ticks.count(symbol("AAPL"))).unwrap();
    let failed = (0..1_000_u64).find(|_| block_on(ticks.append(&quotes(0..500))).is_err());
    let before = failed.unwrap() * 500;
    assert_eq!(count(), before, "of what failed nothing is there");
    block_on(stores.set_size_limit(LARGE)).unwrap();
    block_on(ticks.append(&quotes(0..500))).unwrap();
    assert_eq!(count(), before + 500);
    // The journal numbers what it takes: the same number is never given twice.
    let file = rusqlite::Connection::open(config(folder.path()).market()).unwrap();
    let told: i64 = file.query_row("SELECT count(*) FROM bid_ask_data", [], |row| row.get(0)).unwrap();
    assert_eq!(u64::try_from(told).unwrap(), before + 500, "as analysts see it");
}
