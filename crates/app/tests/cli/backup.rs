//! `tradeport backup`: made while somebody writes, checked, and restored.

use crate::audit::meddle;
use crate::support::Place;
use futures::executor::block_on;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use tradeport_kernel::{AccountId, OrderKey, Quantity, Timestamp};
use tradeport_orders::{JournalEntry, JournalRecord, OrderDraft, OrderInput, OrderJournal, OrderKind, Side};
use tradeport_sqlite::SqliteStores;

/// An order that was intended and sent, as a desk writes it down.
fn life(name: &str) -> [JournalEntry; 2] {
    let (key, account) = (OrderKey::new(name).unwrap(), AccountId::new("DU1234567").unwrap());
    let one: Quantity = "1".parse().unwrap();
    let draft =
        OrderDraft::new(key.clone(), account, "AAPL".parse().unwrap(), Side::Buy, one, OrderKind::Market);
    let at = Timestamp::from_seconds(1_767_366_245);
    [JournalEntry::intended(draft.check().unwrap(), at), JournalEntry::happened(key, OrderInput::Sent, at)]
}

fn records(stores: &SqliteStores) -> Vec<JournalRecord> {
    block_on(stores.journal().read(0, usize::MAX)).unwrap()
}

/// Puts a backup in the place of what was there.
fn restore(backup: &Path, data: &Path) {
    std::fs::remove_dir_all(data).unwrap();
    std::fs::create_dir(data).unwrap();
    for entry in std::fs::read_dir(backup).unwrap().map(Result::unwrap) {
        std::fs::copy(entry.path(), data.join(entry.file_name())).unwrap();
    }
}

#[test]
fn scenario_db_13_a_backup_by_the_program_while_orders_are_written_is_restored_whole() {
    let place = Place::new();
    place.json("order buy AAPL 3 --key first");
    place.json("risk kill --reason quiet");
    let held = place.hold();
    let journal = held.journal().audited("desk");
    let before = records(&held).len();
    let stop = AtomicBool::new(false);
    let copied = std::thread::scope(|scope| {
        let writer = scope.spawn(|| {
            let mut written = 0;
            while !stop.load(Ordering::Acquire) && written < 2_000 {
                block_on(journal.append(&life(&format!("while-{written}")))).unwrap();
                written += 1;
            }
            written
        });
        while records(&held).len() == before {
            std::thread::yield_now();
        }
        let copied = place.json("backup monday");
        let seen = records(&held).len();
        stop.store(true, Ordering::Release);
        assert!(writer.join().unwrap() > 0);
        assert!(copied["journal_records"].as_u64().unwrap() <= u64::try_from(seen).unwrap());
        copied
    });
    let all = records(&held);
    drop(journal);
    place.let_go(held);

    // Whole entries only, in the journal's own order, and the log tells of each: the copy is of one moment.
    let count = usize::try_from(copied["journal_records"].as_u64().unwrap()).unwrap();
    assert!(count > before && (count - before).is_multiple_of(2), "{count} after {before}");
    let backup = place.path().join("monday");
    let verified = place.json(&format!("--data-dir {} audit verify", backup.display()));
    assert_eq!((&verified["whole"], &verified["head"]), (&true.into(), &copied["head"]));

    restore(&backup, &place.data());
    let restored = place.hold();
    assert_eq!(records(&restored), all[..count]);
    place.let_go(restored);
    // The switch came with it, and what is done from here on goes on after it.
    place.run("order buy AAPL 1").fails_with(3, &["kill_switch"]);
    place.json("risk resume --reason restored");
    place.json("order buy AAPL 1 --key after");
    let head = copied["head"].as_str().unwrap();
    let verified = place.json(&format!("audit verify --head {head}"));
    assert_eq!((&verified["whole"], &verified["kept_head"]), (&true.into(), &copied["audit_records"]));
}

#[test]
fn a_backup_overwrites_nothing_and_says_how_it_is_restored() {
    let place = Place::new();
    place.run("backup monday").fails(1, &["nothing to copy yet"]);
    assert!(!place.path().join("monday").exists());
    place.json("order buy AAPL 3 --key first");
    let made = place.run("backup monday");
    assert_eq!(made.code, Some(0), "{}", made.err);
    assert!(made.out.contains("orders.db") && made.out.contains("market.db"), "{}", made.out);
    assert!(made.err.contains("to restore it") && made.err.contains("reconcile"), "{}", made.err);
    let bytes = std::fs::read(place.path().join("monday/orders.db")).unwrap();
    place.json("order buy AAPL 1");
    place.run("backup monday").fails(1, &["is there already", "name a new folder"]);
    assert_eq!(std::fs::read(place.path().join("monday/orders.db")).unwrap(), bytes);
    let data = place.data();
    place.run(&format!("backup {}", data.display())).fails(1, &["is there already"]);
    place.file("taken", "mine");
    place.run("backup taken").fails(1, &["is no folder", "name a new folder"]);
    assert_eq!(std::fs::read(place.path().join("taken")).unwrap(), b"mine");
}

#[test]
fn a_backup_of_a_log_that_was_changed_is_not_called_good() {
    let place = Place::new();
    place.json("order buy AAPL 3 --key first");
    meddle(&place, "DELETE FROM audit WHERE sequence = 2");
    place.run("backup monday").fails(1, &["is not to be trusted", "were removed"]);
}

#[cfg(target_os = "linux")]
#[test]
fn a_folder_whose_name_is_no_text_is_refused_before_anything_is_copied() {
    use std::os::unix::ffi::OsStrExt;
    let place = Place::new();
    place.json("order buy AAPL 3 --key first");
    let mut command = place.command("backup");
    let ran = crate::support::Ran::of(command.arg(std::ffi::OsStr::from_bytes(b"mon\xffday")));
    ran.fails(2, &["is not UTF-8", "another name"]);
    assert_eq!(std::fs::read_dir(place.path()).unwrap().count(), 1, "nothing but the data");
}
