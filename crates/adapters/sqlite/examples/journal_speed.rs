//! How fast the journal keeps entries, each synced to the disk before it is acknowledged: one caller after another,
//! and many at once, which share a sync.
//!
//! ```text
//! cargo run --release -p tradeport-sqlite --example journal_speed
//! ```
#![expect(clippy::print_stdout, reason = "a measurement is told")]
#![expect(clippy::disallowed_methods, reason = "what is measured is real time")]
#![expect(clippy::unwrap_used, reason = "a measurement that fails should stop")]

use futures::executor::block_on;
use futures::future::try_join_all;
use std::sync::Arc;
use std::time::Instant;
use tradeport_kernel::{AccountId, Clock, Decimal, OrderKey, Quantity, Symbol, Timestamp};
use tradeport_orders::{JournalEntry, OrderDraft, OrderJournal, OrderKind, Side};
use tradeport_sqlite::{SqliteConfig, SqliteJournal, SqliteStores};

const ALONE: usize = 500;
const CALLERS: usize = 64;
const ROUNDS: usize = 50;

struct Stopped;

#[async_trait::async_trait]
impl Clock for Stopped {
    fn now(&self) -> Timestamp {
        Timestamp::EPOCH
    }
    async fn sleep_until(&self, _: Timestamp) {}
}

fn main() {
    let folder = tempfile::tempdir().unwrap();
    let config = SqliteConfig::in_folder(folder.path()).unwrap();
    let journal = SqliteStores::open(&config, Arc::new(Stopped)).unwrap().journal();

    let start = Instant::now();
    for number in 0..ALONE {
        block_on(journal.append(&[intent(number)])).unwrap();
    }
    println!("one caller   {:>8.0} entries/s", ALONE as f64 / start.elapsed().as_secs_f64());

    let start = Instant::now();
    for round in 0..ROUNDS {
        block_on(at_once(&journal, ALONE + round * CALLERS));
    }
    println!(
        "{CALLERS} callers   {:>8.0} entries/s",
        (ROUNDS * CALLERS) as f64 / start.elapsed().as_secs_f64()
    );
}

async fn at_once(journal: &SqliteJournal, first: usize) {
    let entries: Vec<_> = (first..first + CALLERS).map(|number| [intent(number)]).collect();
    try_join_all(entries.iter().map(|entries| journal.append(entries))).await.unwrap();
}

fn intent(number: usize) -> JournalEntry {
    let key = OrderKey::new(&format!("order-{number}")).unwrap();
    let account = AccountId::new("DU1").unwrap();
    let (symbol, quantity) = (Symbol::new("AAPL").unwrap(), Quantity::new(Decimal::TEN).unwrap());
    let draft = OrderDraft::new(key, account, symbol, Side::Buy, quantity, OrderKind::Market);
    JournalEntry::intended(draft.check().unwrap(), Timestamp::EPOCH)
}
