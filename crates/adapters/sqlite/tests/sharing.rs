//! One writing thread for many callers: groups, neighbours, damage, and the end.

mod support;

use futures::executor::block_on;
use futures::future::join_all;
use std::thread;
use support::{intended, key, open, quotes, second, symbol};
use tradeport_kernel::StoreError;
use tradeport_market_data::{TickQuery, TickStore};
use tradeport_orders::{JournalError, OrderJournal};

#[test]
fn a_refused_entry_does_not_fail_its_neighbours() {
    let folder = tempfile::tempdir().unwrap();
    let journal = open(folder.path()).journal();
    // Every third intent repeats an earlier key; all are waiting at once, so they meet in groups.
    let keys: Vec<String> = (0..300)
        .map(|place| if place % 3 == 2 { "same".to_owned() } else { format!("order-{place}") })
        .collect();
    let entries: Vec<_> = keys.iter().map(|key| [intended(key, second(0))]).collect();
    let answers = block_on(join_all(entries.iter().map(|entries| journal.append(entries))));
    let mut receipts = Vec::new();
    for (wanted, answer) in keys.iter().zip(answers) {
        match answer {
            Ok(one) => receipts.push((one[0].sequence(), wanted.clone())),
            Err(JournalError::DuplicateIntent(refused)) => {
                assert_eq!((refused.as_str(), wanted.as_str()), ("same", "same"));
            }
            Err(other) => panic!("{other:?}"),
        }
    }
    receipts.sort();
    let kept: Vec<(u64, String)> = block_on(journal.read(0, usize::MAX))
        .unwrap()
        .into_iter()
        .map(|record| (record.sequence, record.entry.key.to_string()))
        .collect();
    assert_eq!(kept.len(), 201, "200 orders of their own and one of the repeated");
    assert_eq!(kept, receipts);
    assert!((1..).zip(&kept).all(|(place, (sequence, _))| *sequence == place), "a hole");
}

#[test]
fn threads_share_a_store_and_every_tick_has_its_own_sequence() {
    let folder = tempfile::tempdir().unwrap();
    let ticks = open(folder.path()).ticks();
    thread::scope(|scope| {
        for _ in 0..8 {
            let ticks = ticks.clone();
            scope.spawn(move || (0..25).for_each(|_| block_on(ticks.append(&quotes(0..20))).unwrap()));
        }
    });
    let range = tradeport_kernel::TimeRange::ALL;
    let query = TickQuery { symbol: symbol("AAPL"), range, after: None, limit: usize::MAX };
    let kept = block_on(ticks.read(&query)).unwrap();
    let sequences: Vec<u64> = kept.iter().map(|tick| tick.sequence).collect();
    assert_eq!(sequences, (1..=4_000).collect::<Vec<u64>>());
    for batch in kept.chunks(20) {
        assert_eq!(batch.iter().map(|tick| tick.quote).collect::<Vec<_>>(), quotes(0..20), "batches mixed");
    }
}

#[test]
fn a_caller_that_leaves_does_not_stop_the_others() {
    let folder = tempfile::tempdir().unwrap();
    let ticks = open(folder.path()).ticks();
    for _ in 0..50 {
        let batch = quotes(0..5);
        let mut left = ticks.append(&batch);
        // Polled once, so that the work is queued, then dropped.
        let _unfinished = block_on(futures::future::poll_immediate(&mut left));
        drop(left);
    }
    block_on(ticks.append(&quotes(0..5))).unwrap();
    assert_eq!(block_on(ticks.count(symbol("AAPL"))).unwrap(), 255);
}

#[test]
fn a_payload_that_does_not_read_is_corrupt_and_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let journal = open(folder.path()).journal();
    block_on(journal.append(&[intended("a", second(0))])).unwrap();
    let file = rusqlite::Connection::open(folder.path().join("orders.db")).unwrap();
    file.execute_batch("DROP TRIGGER journal_keeps_what_it_says; UPDATE journal SET payload = '{\"event\":'")
        .unwrap();
    let error = block_on(journal.of(&key("a"))).unwrap_err();
    assert!(matches!(error, JournalError::Store(StoreError::Corrupt(_))), "{error:?}");
}

#[test]
fn a_damaged_file_is_corrupt_and_not_a_crash() {
    let folder = tempfile::tempdir().unwrap();
    block_on(open(folder.path()).ticks().append(&quotes(0..20_000))).unwrap();
    let path = folder.path().join("market.db");
    let mut bytes = std::fs::read(&path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle..].fill(0x5a);
    std::fs::write(&path, bytes).unwrap();
    let query = TickQuery {
        symbol: symbol("AAPL"),
        range: tradeport_kernel::TimeRange::ALL,
        after: None,
        limit: usize::MAX,
    };
    let error = block_on(open(folder.path()).ticks().read(&query)).unwrap_err();
    assert!(matches!(error, StoreError::Corrupt(_)), "{error:?}");
}

#[test]
fn closing_leaves_one_whole_file() {
    let folder = tempfile::tempdir().unwrap();
    let stores = open(folder.path());
    block_on(stores.ticks().append(&quotes(0..100))).unwrap();
    block_on(stores.journal().append(&[intended("a", second(0))])).unwrap();
    drop(stores);
    let mut names: Vec<String> = std::fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(
        names,
        ["market.db", "market.db.lock", "orders.db", "orders.db.high-water", "orders.db.lock"],
        "a log was left behind"
    );
}
