//! A file that may not grow: nothing acknowledged is lost, nothing refused is half there, and work goes on once there
//! is room. SQLite answers a bound on its pages with the very code that it has for a full disk.
#![expect(clippy::unwrap_used, reason = "tests may unwrap")]

mod support;

use futures::executor::block_on;
use futures::future::join_all;
use std::sync::Arc;
use support::{StandingClock, config, executed, intended, open, quotes, second, symbol};
use tradeport_kernel::{StoreError, TimeRange};
use tradeport_market_data::{TickQuery, TickStore};
use tradeport_orders::{JournalError, OrderJournal};
use tradeport_sqlite::SqliteStores;

const SMALL: u64 = 256 * 1024;
const LARGE: u64 = 64 * 1024 * 1024;

fn small(folder: &std::path::Path) -> SqliteStores {
    let config = config(folder).with_size_limit(SMALL).unwrap();
    SqliteStores::open(&config, Arc::new(StandingClock)).unwrap()
}

#[test]
fn every_acknowledged_tick_is_kept_and_work_goes_on_with_room() {
    let folder = tempfile::tempdir().unwrap();
    let stores = small(folder.path());
    let ticks = stores.ticks();
    let count = || block_on(ticks.count(symbol("AAPL"))).unwrap();
    let mut acknowledged = 0;
    let refused = loop {
        match block_on(ticks.append(&quotes(0..100))) {
            Ok(()) => acknowledged += 100,
            Err(error) => break error,
        }
        assert!(acknowledged < 1_000_000, "the bound on the size does not hold");
    };
    assert!(matches!(refused, StoreError::Full(_)), "{refused:?}");
    assert!(acknowledged > 0);
    assert_eq!(count(), acknowledged);

    block_on(stores.set_size_limit(LARGE)).unwrap();
    block_on(ticks.append(&quotes(0..100))).unwrap();
    assert_eq!(count(), acknowledged + 100);
    drop((ticks, stores));

    let query = TickQuery { symbol: symbol("AAPL"), range: TimeRange::ALL, after: None, limit: usize::MAX };
    let kept = block_on(open(folder.path()).ticks().read(&query)).unwrap();
    let sequences: Vec<u64> = kept.iter().map(|tick| tick.sequence).collect();
    assert_eq!(sequences, (1..=acknowledged + 100).collect::<Vec<u64>>());
}

#[test]
fn callers_at_once_each_learn_the_fate_of_their_own_ticks() {
    let folder = tempfile::tempdir().unwrap();
    let stores = small(folder.path());
    let ticks = stores.ticks();
    let batches: Vec<_> = (0..400).map(|batch| quotes(batch * 50..batch * 50 + 50)).collect();
    let answers = block_on(join_all(batches.iter().map(|batch| ticks.append(batch))));
    let good = answers.iter().filter(|answer| answer.is_ok()).count() as u64;
    assert!(good > 0 && answers.iter().any(Result::is_err));
    assert_eq!(block_on(ticks.count(symbol("AAPL"))).unwrap(), good * 50);
    for (batch, answer) in (0..400).zip(&answers) {
        let range = TimeRange::new(second(batch * 50), second(batch * 50 + 50));
        let query = TickQuery { symbol: symbol("AAPL"), range, after: None, limit: usize::MAX };
        let kept = block_on(ticks.read(&query)).unwrap().len();
        assert_eq!(kept, if answer.is_ok() { 50 } else { 0 }, "batch {batch}");
    }
}

#[test]
fn a_full_journal_keeps_its_sequence_without_holes() {
    let folder = tempfile::tempdir().unwrap();
    let stores = small(folder.path());
    let journal = stores.journal();
    let mut acknowledged = Vec::new();
    let refused = loop {
        let number = acknowledged.len();
        let text = format!("order-{number}");
        let entries = [intended(&text, second(0)), executed(&text, &text, "1", "187", second(1))];
        match block_on(journal.append(&entries)) {
            Ok(receipts) => acknowledged.extend(receipts.iter().map(|receipt| receipt.sequence())),
            Err(error) => break error,
        }
    };
    assert!(matches!(refused, JournalError::Store(StoreError::Full(_))), "{refused:?}");
    assert_eq!(block_on(journal.last()).unwrap(), *acknowledged.last().unwrap());
    block_on(stores.set_size_limit(LARGE)).unwrap();
    let next = block_on(journal.append(&[intended("after", second(2))])).unwrap();
    assert_eq!(next[0].sequence(), acknowledged.len() as u64 + 1);
}
