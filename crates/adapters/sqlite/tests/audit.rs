//! The journal and the audit log as one: both have an entry or neither, and whoever meddles with the file is found.
#![expect(clippy::unwrap_used, reason = "tests may unwrap")]

mod support;

use futures::executor::block_on;
use futures::future::join_all;
use std::path::Path;
use support::{charged, executed, happened, intended, key, open, second};
use tradeport_kernel::StoreError;
use tradeport_orders::{JournalError, OrderInput, OrderJournal};
use tradeport_sqlite::SqliteStores;
use tradeport_trading::AuditLog;
use tradeport_trading::audit::{AuditHead, ChainBreak, ChainWalk, JournalWitness, Rebuilt, compare};

fn life(name: &str) -> Vec<tradeport_orders::JournalEntry> {
    vec![
        intended(name, second(0)),
        happened(name, OrderInput::RiskApproved { findings: Vec::new().into() }, second(1)),
        happened(name, OrderInput::Sent, second(2)),
        executed(name, &format!("{name}-x"), "4", "187.2", second(3)),
        charged(name, &format!("{name}-x"), "1.25", second(4)),
        executed(name, &format!("{name}-y"), "6", "187.1", second(5)),
    ]
}

/// The chain, and what the log comes to held against the journal.
fn verify(stores: &SqliteStores) -> Result<AuditHead, ChainBreak> {
    let (mut walk, mut log) = (ChainWalk::default(), Rebuilt::default());
    for record in block_on(stores.audit().read(0, 100_000)).unwrap() {
        walk.step(&record)?;
        log.take(&record).unwrap();
    }
    let head = walk.end(&block_on(stores.audit().head()).unwrap())?;
    let mut witness = JournalWitness::of_log_begun_after(log.begun_after());
    for record in block_on(stores.journal().read(0, 100_000)).unwrap() {
        witness.take(&record).unwrap();
    }
    assert_eq!(compare(&log, &witness), []);
    Ok(head)
}

#[test]
fn what_is_journalled_is_audited_in_the_same_transaction() {
    let folder = tempfile::tempdir().unwrap();
    let stores = open(folder.path());
    let journal = stores.journal().audited("desk");
    for entry in life("a") {
        block_on(journal.append(&[entry])).unwrap();
    }
    // Of an order that this process has not seen yet.
    drop((stores, journal));
    let stores = open(folder.path());
    let journal = stores.journal().audited("desk");
    let lives: Vec<_> = ["b", "c", "d"].map(life).to_vec();
    let all = block_on(join_all(lives.iter().map(|life| journal.append(life))));
    assert!(all.iter().all(Result::is_ok));
    block_on(journal.append(&[happened("a", OrderInput::LinkLost, second(9))])).unwrap();
    assert_eq!(verify(&stores).unwrap().sequence, 25);
    let refused =
        block_on(journal.append(&[happened("b", OrderInput::LinkLost, second(9)), life("a").remove(0)]));
    assert!(matches!(refused, Err(JournalError::DuplicateIntent(found)) if found == key("a")));
    assert_eq!(verify(&stores).unwrap().sequence, 25, "neither has any of it");
}

#[test]
fn the_end_of_a_life_is_told_with_its_states() {
    let folder = tempfile::tempdir().unwrap();
    let stores = open(folder.path());
    block_on(stores.journal().audited("desk").append(&life("a"))).unwrap();
    let records = block_on(stores.audit().read(0, 100)).unwrap();
    let told: Vec<_> =
        records.iter().map(|record| format!("{} {}", record.entry.action, record.entry.detail)).collect();
    assert_eq!(
        told,
        [
            "order intended journal=1 account=DU1 side=buy size=10 symbol=AAPL type=LMT limit=187.25 tif=DAY \
             terms=\"Limit { limit: 187.25 }\"",
            "order approved journal=2 verdict=approved",
            "order sent journal=3 from=recorded to=sent",
            "order executed journal=4 execution=a-x revision=1 account=DU1 side=buy quantity=4 symbol=AAPL price=187.2 \
             part=whole traded_at=2020-09-13T12:26:43Z perm_id=7 from=sent to=working",
            "order charged journal=5 execution=a-x revision=1 amount=1.25 currency=USD",
            "order executed journal=6 execution=a-y revision=1 account=DU1 side=buy quantity=6 symbol=AAPL price=187.1 \
             part=whole traded_at=2020-09-13T12:26:45Z perm_id=7 from=working to=filled",
        ]
    );
}

/// What somebody with the file and a tool for SQLite can do.
fn meddle(folder: &Path, sql: &str) {
    let file = rusqlite::Connection::open(folder.join("orders.db")).unwrap();
    file.execute_batch("DROP TRIGGER audit_keeps_what_it_says; DROP TRIGGER audit_keeps_all").unwrap();
    file.execute_batch(sql).unwrap();
}

#[test]
fn what_cannot_be_read_any_more_is_named() {
    for (sql, words) in [
        ("DELETE FROM audit_head", "the head of the audit log is gone"),
        ("UPDATE audit SET hash = x'00' WHERE sequence = 3", "record 3 of the audit log was changed"),
        ("UPDATE audit_head SET hash = x'00'", "the head of the audit log was changed"),
    ] {
        let folder = tempfile::tempdir().unwrap();
        block_on(open(folder.path()).journal().audited("desk").append(&life("a"))).unwrap();
        meddle(folder.path(), sql);
        let stores = open(folder.path());
        let read = block_on(async {
            stores.audit().read(0, 100).await?;
            stores.audit().head().await
        });
        let Err(StoreError::Corrupt(why)) = read else { panic!("{sql}: {read:?}") };
        assert!(why.to_string().contains(words), "{sql}: {why}");
    }
    let folder = tempfile::tempdir().unwrap();
    block_on(open(folder.path()).journal().append(&life("a"))).unwrap();
    let sql = "DROP TRIGGER journal_keeps_what_it_says; UPDATE journal SET payload = '{' WHERE sequence = 2";
    meddle(folder.path(), sql);
    let Err(JournalError::Store(StoreError::Corrupt(why))) =
        block_on(open(folder.path()).journal().read(0, 9))
    else {
        panic!("a record that is cut is read")
    };
    assert!(why.to_string().starts_with("record 2 of the journal is not what was kept"), "{why}");
}

#[test]
fn whoever_meddles_with_the_file_is_found() {
    let changed = |sequence| Some(ChainBreak::Changed(sequence));
    for (sql, found) in [
        ("SELECT 1", None),
        (
            "UPDATE audit SET detail = replace(detail, 'price=187.2', 'price=187.3') WHERE sequence = 4",
            changed(4),
        ),
        ("UPDATE audit SET at = at + 1 WHERE sequence = 1", changed(1)),
        ("UPDATE audit SET hash = zeroblob(32) WHERE sequence = 2", changed(2)),
        ("DELETE FROM audit WHERE sequence = 3", Some(ChainBreak::OutOfPlace { wanted: 3, found: 4 })),
        ("DELETE FROM audit WHERE sequence > 4", Some(ChainBreak::Ends { last: 4, head: 6 })),
        (
            "DELETE FROM audit; UPDATE audit_head SET hash = zeroblob(32)",
            Some(ChainBreak::Ends { last: 0, head: 6 }),
        ),
        (
            "INSERT INTO audit SELECT 7, at, actor, action, subject, 'journal=7', hash FROM audit WHERE sequence = 6",
            changed(7),
        ),
        ("UPDATE audit_head SET hash = zeroblob(32)", Some(ChainBreak::OtherHead(6))),
    ] {
        let folder = tempfile::tempdir().unwrap();
        block_on(open(folder.path()).journal().audited("desk").append(&life("a"))).unwrap();
        meddle(folder.path(), sql);
        let stores = open(folder.path());
        assert_eq!(verify(&stores).err(), found, "{sql}");
        // Trading goes on, and the break stays.
        block_on(stores.journal().audited("desk").append(&life("b"))).unwrap();
        assert_eq!(verify(&stores).is_err(), found.is_some(), "{sql}, and some more after it");
    }
}
