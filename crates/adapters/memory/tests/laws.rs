//! Laws of the reference implementations that hold for any input, not only for the kit's.

use futures::FutureExt;
use proptest::prelude::*;
use std::collections::HashSet;
use std::thread;
use tradeport_conformance::fixtures::{self, key, moment, symbol};
use tradeport_kernel::TimeRange;
use tradeport_market_data::{TickQuery, TickStore};
use tradeport_memory::{MemoryJournal, MemoryTicks};
use tradeport_orders::{JournalEntry, JournalError, OrderInput, OrderJournal};

/// The memory stores answer at once.
fn now<F: Future>(future: F) -> F::Output {
    future.now_or_never().expect("memory never waits")
}

fn entry(name: u8, intended: bool) -> JournalEntry {
    let name = format!("k{name}");
    if intended {
        fixtures::short_life(&name).swap_remove(0)
    } else {
        JournalEntry::happened(key(&name), OrderInput::Sent, moment(1))
    }
}

proptest! {
    #[test]
    fn a_journal_keeps_all_of_a_call_or_nothing(
        calls in prop::collection::vec(prop::collection::vec((0_u8..6, any::<bool>()), 0..5), 0..12),
    ) {
        let journal = MemoryJournal::default();
        let (mut kept, mut intended) = (Vec::new(), HashSet::new());
        for call in calls {
            let entries: Vec<_> = call.iter().map(|(name, intended)| entry(*name, *intended)).collect();
            let intents: Vec<_> = call.iter().filter(|(_, intended)| *intended).map(|(name, _)| *name).collect();
            let unique: HashSet<_> = intents.iter().copied().collect();
            let good = unique.len() == intents.len() && unique.is_disjoint(&intended);
            match now(journal.append(&entries)) {
                Ok(receipts) => {
                    prop_assert!(good);
                    prop_assert_eq!(receipts.len(), entries.len());
                    intended.extend(unique);
                    kept.extend(entries);
                }
                Err(error) => {
                    let duplicate = matches!(error, JournalError::DuplicateIntent(_));
                    prop_assert!(duplicate && !good);
                }
            }
            let records = now(journal.read(0, usize::MAX)).unwrap();
            let found: Vec<_> = records.into_iter().map(|record| record.entry).collect();
            prop_assert_eq!(&found, &kept);
        }
    }

    #[test]
    fn pages_of_any_size_give_what_one_reading_gives(
        seconds in prop::collection::vec((0_usize..20, any::<bool>()), 0..60),
        from in 0_i64..20,
        length in 0_i64..20,
        limit in 1_usize..10,
    ) {
        let store = MemoryTicks::default();
        for (second, ours) in seconds {
            let of = symbol(if ours { "AAPL" } else { "MSFT" });
            now(store.append(&fixtures::plain_quotes(of, 20)[second..=second])).unwrap();
        }
        let range = TimeRange::new(moment(from), moment(from + length));
        let query = TickQuery { symbol: symbol("AAPL"), range, after: None, limit: usize::MAX };
        let whole = now(store.read(&query)).unwrap();
        let (mut pages, mut after) = (Vec::new(), None);
        loop {
            let page = now(store.read(&TickQuery { after, limit, ..query })).unwrap();
            let Some(last) = page.last() else { break };
            after = Some(last.sequence);
            pages.extend(page);
        }
        prop_assert_eq!(pages, whole);
    }
}

#[test]
fn handles_in_many_threads_never_share_a_sequence() {
    let store = MemoryTicks::default();
    let quotes = fixtures::plain_quotes(symbol("AAPL"), 10);
    thread::scope(|scope| {
        for _ in 0..8 {
            let (store, quotes) = (store.clone(), &quotes);
            scope.spawn(move || (0..50).for_each(|_| now(store.append(quotes)).unwrap()));
        }
    });
    let query = TickQuery { symbol: symbol("AAPL"), range: TimeRange::ALL, after: None, limit: usize::MAX };
    let sequences: Vec<_> = now(store.read(&query)).unwrap().iter().map(|one| one.sequence).collect();
    assert_eq!(sequences, (1..=4_000).collect::<Vec<_>>());
}
