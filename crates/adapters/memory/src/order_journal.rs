//! The journal of orders, in memory.

use crate::shared::Shared;
use async_trait::async_trait;
use foldhash::HashSet;
use tradeport_kernel::OrderKey;
use tradeport_orders::{
    JournalCheckpoint, JournalEntry, JournalError, JournalEvent, JournalReceipt, JournalRecord, OrderJournal,
};

/// Keeps journal entries in the order in which they came.
#[derive(Clone, Debug, Default)]
pub struct MemoryJournal(Shared<Kept>);

#[derive(Debug, Default)]
struct Kept {
    records: Vec<JournalRecord>,
    intended: HashSet<OrderKey>,
    checkpoint: Option<JournalCheckpoint>,
}

/// The keys that these entries intend, unless one of them was intended before.
fn new_intents(kept: &Kept, entries: &[JournalEntry]) -> Result<HashSet<OrderKey>, JournalError> {
    let mut new = HashSet::default();
    for entry in entries.iter().filter(|entry| matches!(entry.event, JournalEvent::Intended { .. })) {
        if kept.intended.contains(&entry.key) || !new.insert(entry.key.clone()) {
            return Err(JournalError::DuplicateIntent(entry.key.clone()));
        }
    }
    Ok(new)
}

#[async_trait]
impl OrderJournal for MemoryJournal {
    async fn append(&self, entries: &[JournalEntry]) -> Result<Vec<JournalReceipt>, JournalError> {
        let mut kept = self.0.lock();
        let intents = new_intents(&kept, entries)?;
        kept.intended.extend(intents);
        let first = kept.records.last().map_or(1, |last| last.sequence + 1);
        let numbered = || (first..).zip(entries);
        let records = numbered().map(|(sequence, entry)| JournalRecord { sequence, entry: entry.clone() });
        kept.records.extend(records);
        Ok(numbered().map(|(sequence, entry)| entry.kept_at(sequence)).collect())
    }

    async fn read(&self, after: u64, limit: usize) -> Result<Vec<JournalRecord>, JournalError> {
        let kept = self.0.lock();
        Ok(kept.records.iter().filter(|record| record.sequence > after).take(limit).cloned().collect())
    }

    async fn of(&self, key: &OrderKey) -> Result<Vec<JournalRecord>, JournalError> {
        Ok(self.0.lock().records.iter().filter(|record| record.entry.key == *key).cloned().collect())
    }

    async fn last(&self) -> Result<u64, JournalError> {
        Ok(self.0.lock().records.last().map_or(0, |last| last.sequence))
    }

    async fn keep_checkpoint(&self, checkpoint: &JournalCheckpoint) -> Result<(), JournalError> {
        self.0.lock().checkpoint = Some(checkpoint.clone());
        Ok(())
    }

    async fn checkpoint(&self) -> Result<Option<JournalCheckpoint>, JournalError> {
        Ok(self.0.lock().checkpoint.clone())
    }
}
