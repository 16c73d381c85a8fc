//! A desk that can take no order in gives no sign of life.

use crate::support::*;
use async_trait::async_trait;
use futures::FutureExt;
use futures::executor::block_on;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::Poll;
use std::time::Duration;
use tradeport_kernel::OrderKey;
use tradeport_memory::MemoryJournal;
use tradeport_orders::{
    BrokerPhase, JournalCheckpoint, JournalEntry, JournalError, JournalReceipt, JournalRecord, OrderJournal,
};
use tradeport_trading::DeskPorts;

/// A journal on a disk that may stall for good.
struct Stalling {
    memory: MemoryJournal,
    stalls: Arc<AtomicBool>,
}

#[async_trait]
impl OrderJournal for Stalling {
    async fn append(&self, entries: &[JournalEntry]) -> Result<Vec<JournalReceipt>, JournalError> {
        let stalls = || if self.stalls.load(Ordering::Relaxed) { Poll::Pending } else { Poll::Ready(()) };
        std::future::poll_fn(|_| stalls()).await;
        self.memory.append(entries).await
    }
    async fn read(&self, after: u64, limit: usize) -> Result<Vec<JournalRecord>, JournalError> {
        self.memory.read(after, limit).await
    }
    async fn of(&self, key: &OrderKey) -> Result<Vec<JournalRecord>, JournalError> {
        self.memory.of(key).await
    }
    async fn last(&self) -> Result<u64, JournalError> {
        self.memory.last().await
    }
    async fn keep_checkpoint(&self, checkpoint: &JournalCheckpoint) -> Result<(), JournalError> {
        self.memory.keep_checkpoint(checkpoint).await
    }
    async fn checkpoint(&self) -> Result<Option<JournalCheckpoint>, JournalError> {
        self.memory.checkpoint().await
    }
}

#[test]
fn a_desk_whose_journal_stalls_gives_no_sign_of_life_until_it_goes_on() {
    block_on(async {
        let (house, stalls) = (House::new(), Arc::new(AtomicBool::new(false)));
        let journal = Stalling { memory: house.journal.clone(), stalls: Arc::clone(&stalls) };
        let desk = House::desk_on(DeskPorts { journal: Arc::new(journal), ..house.ports() }).await;
        desk.submit(buy("a", 1)).await.unwrap();
        assert!(desk.prove_life().now_or_never().is_some());
        stalls.store(true, Ordering::Relaxed);
        {
            let mut stuck = Box::pin(desk.submit(buy("b", 1)));
            assert!(futures::poll!(&mut stuck).is_pending());
            assert!(desk.prove_life().now_or_never().is_none(), "it cannot take an order in");
        }
        assert!(
            desk.prove_life().now_or_never().is_none(),
            "nobody waits for it, and the journal is stuck all the same"
        );
        stalls.store(false, Ordering::Relaxed);
        assert!(desk.prove_life().now_or_never().is_some(), "it goes on");
    });
}

/// Only the broker's own time is given to it: what it is asked may take long.
#[test]
fn a_desk_that_is_held_against_the_broker_gives_signs_of_life_for_a_minute() {
    block_on(async {
        let (house, stalls) = (House::new(), Arc::new(AtomicBool::new(false)));
        let journal = Stalling { memory: house.journal.clone(), stalls: Arc::clone(&stalls) };
        let desk = House::desk_on(DeskPorts { journal: Arc::new(journal), ..house.ports() }).await;
        desk.submit(buy("a", 10)).await.unwrap();
        house.broker.script(|script| script.open = vec![held_by_broker("a", BrokerPhase::Working)]);
        stalls.store(true, Ordering::Relaxed);
        let mut held = Box::pin(desk.resume());
        assert!(futures::poll!(&mut held).is_pending());
        assert!(desk.prove_life().now_or_never().is_some(), "as long as that may take");
        house.clock.advance(Duration::from_nanos(59_999_999_999));
        assert!(desk.prove_life().now_or_never().is_some());
        house.clock.advance(Duration::from_nanos(1));
        assert!(desk.prove_life().now_or_never().is_none(), "a minute and no longer");
        stalls.store(false, Ordering::Relaxed);
        held.await.unwrap();
        assert!(desk.prove_life().now_or_never().is_some());
    });
}
