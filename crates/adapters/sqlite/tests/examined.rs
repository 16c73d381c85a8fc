//! Looking through the orders file: what somebody has changed in it, or a disk has, is told, and nothing else.
#![expect(clippy::unwrap_used, reason = "tests may unwrap")]

mod support;

use futures::executor::block_on;
use std::fs;
use std::path::Path;
use support::{charged, executed, intended, open, second, usd};
use tempfile::TempDir;
use tradeport_conformance::fixtures::{awkward_performance, plain_performance};
use tradeport_kernel::AccountId;
use tradeport_orders::OrderJournal;
use tradeport_portfolio::{PortfolioSnapshot, PortfolioStore};
use tradeport_sqlite::Examined;

/// Three orders, and an account whose figures need every bit.
fn used() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let stores = open(folder.path());
    for name in ["a", "b", "c"] {
        let life = [
            intended(name, second(0)),
            executed(name, name, "4", "187.2", second(1)),
            charged(name, name, "1.25", second(2)),
        ];
        block_on(stores.journal().audited("desk").append(&life)).unwrap();
    }
    let account = AccountId::new("DU1").unwrap();
    let records = [plain_performance(&account, 3), awkward_performance(&account)].concat();
    let snapshot = |at| PortfolioSnapshot {
        account: account.clone(),
        at,
        total_value: usd("100"),
        cash: usd("100"),
        realized_pnl: usd("1"),
        unrealized_pnl: usd("0"),
        commissions: usd("3.75"),
        positions: Vec::new(),
    };
    let snapshots: Vec<_> = records.iter().map(|record| snapshot(record.at)).collect();
    block_on(stores.portfolio().save_snapshots(&snapshots)).unwrap();
    block_on(stores.portfolio().save_performance(&records)).unwrap();
    folder
}

fn examined(folder: &Path) -> Examined {
    block_on(open(folder).examine()).unwrap()
}

fn meddle(folder: &Path, sql: &str) {
    let file = rusqlite::Connection::open(folder.join("orders.db")).unwrap();
    // The trigger is put back, so that it is not what is found.
    let trigger = "SELECT sql FROM sqlite_schema WHERE name = 'journal_keeps_what_it_says'";
    let trigger: String = file.query_row(trigger, [], |row| row.get(0)).unwrap();
    file.execute_batch(&format!("DROP TRIGGER journal_keeps_what_it_says; {sql}; {trigger}")).unwrap();
}

/// In one of its parts, as text.
fn told(examined: &Examined) -> String {
    let Examined { damage, schema, unreadable, kept, orders } = examined;
    let mut all: Vec<String> = damage.iter().chain(unreadable).cloned().collect();
    all.extend(schema.iter().map(ToString::to_string));
    all.extend(kept.iter().chain(orders).map(ToString::to_string));
    all.join("\n")
}

#[test]
fn a_file_that_nobody_touched_is_as_it_should_be() {
    let folder = used();
    assert_eq!(examined(folder.path()), Examined::default());
}

#[test]
fn each_thing_that_somebody_changed_is_told_alone() {
    for (sql, words) in [
        (
            "UPDATE order_states SET quantity = '11' WHERE key = 'b'",
            "b in the table of orders: quantity is 10 by the log, and 11",
        ),
        ("UPDATE order_states SET sequence = 99 WHERE key = 'b'", "sequence is 6 by the log, and 99"),
        ("UPDATE journal SET event = 'happened' WHERE sequence = 4", "journal record 4: event is intended"),
        (
            "UPDATE journal SET payload = replace(payload, '}}}', ',\"reasnn\":null}}}') WHERE sequence = 2",
            "journal record 2, /input/execution/reasnn: value is nothing by the log, and null",
        ),
        (
            "UPDATE journal SET payload = replace(payload, '\"4\"', '\"04\"') WHERE sequence = 2",
            "/input/execution/quantity: value is \"4\" by the log, and \"04\"",
        ),
        (
            "UPDATE snapshots SET payload = json_set(payload, '$.realized_pnl.amount', '2')
          WHERE at = (SELECT at FROM performance WHERE observations = 2)",
            "check sum is",
        ),
        ("UPDATE performance SET cvar = cvar + 1 WHERE observations = 1", "the figures of DU1"),
        (
            "UPDATE performance SET at = at + 1 WHERE observations = 1",
            "snapshot is there by the log, and missing",
        ),
        (
            "DELETE FROM snapshots WHERE at = (SELECT at FROM performance WHERE observations = 2)",
            "snapshot is there",
        ),
        (
            "UPDATE snapshots SET account = 'DU2' WHERE at = (SELECT at FROM performance WHERE observations = 2)",
            "DU1 at",
        ),
        (
            "UPDATE snapshots SET payload = json_set(payload, '$.cash.amount', '99')
          WHERE at = (SELECT at FROM performance WHERE observations = 2)",
            "total value is 99 by the log, and 100",
        ),
        (
            "UPDATE snapshots SET payload = '{' WHERE at = (SELECT at FROM performance WHERE observations = 2)",
            "EOF",
        ),
        (
            "CREATE TRIGGER mine AFTER INSERT ON journal BEGIN SELECT 1; END",
            "a trigger mine is none of tradeport's",
        ),
        ("DROP INDEX journal_by_key", "the index journal_by_key is gone"),
    ] {
        let folder = used();
        meddle(folder.path(), sql);
        let found = told(&examined(folder.path()));
        assert!(found.contains(words), "{sql}: {found}");
    }
}

#[test]
fn an_index_that_does_not_hold_what_its_table_holds_is_damage() {
    let folder = used();
    let file = rusqlite::Connection::open(folder.path().join("orders.db")).unwrap();
    let page = "SELECT rootpage FROM sqlite_schema WHERE name = 'journal_by_key'";
    let page: u32 = file.query_row(page, [], |row| row.get(0)).unwrap();
    let page = usize::try_from(page).unwrap();
    drop(file);
    let path = folder.path().join("orders.db");
    let mut bytes = fs::read(&path).unwrap();
    let of_page = &mut bytes[(page - 1) * 4_096..page * 4_096];
    let at = of_page.iter().rposition(|byte| *byte == b'b').unwrap();
    of_page[at] = b'x';
    fs::write(&path, bytes).unwrap();
    let found = examined(folder.path());
    assert!(found.damage.is_some(), "{found:?}");
}

#[test]
fn what_is_made_of_something_else_is_made_anew() {
    let folder = used();
    meddle(
        folder.path(),
        "DELETE FROM order_states WHERE key = 'a'; UPDATE order_states SET status = 'x';
         DROP INDEX journal_one_intent; DROP VIEW orders; DROP TRIGGER audit_keeps_all;
         CREATE TRIGGER audit_keeps_all BEFORE DELETE ON audit BEGIN SELECT 1; END",
    );
    let stores = open(folder.path());
    let (mended, orders) = block_on(stores.make_anew()).unwrap();
    let mended: Vec<_> = mended.iter().map(ToString::to_string).collect();
    assert_eq!(
        mended,
        [
            "the index journal_one_intent is gone",
            "the trigger audit_keeps_all was changed",
            "the view orders is gone"
        ]
    );
    assert_eq!(orders, 3);
    assert_eq!(block_on(stores.examine()).unwrap(), Examined::default());
    // A key that is in twice by now is let in by no index.
    drop(stores);
    let twice = "DROP INDEX journal_one_intent; INSERT INTO journal SELECT 99, at, key, event, payload FROM journal WHERE sequence = 1";
    meddle(folder.path(), twice);
    let stores = open(folder.path());
    assert!(block_on(stores.make_anew()).is_err());
    assert!(
        told(&block_on(stores.examine()).unwrap()).contains("journal_one_intent is gone"),
        "nothing was done"
    );
}
