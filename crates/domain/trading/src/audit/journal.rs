//! A journal that tells the audit log, for stores that keep both in places of their own.

use super::line_of;
use crate::AuditLog;
use async_trait::async_trait;
use std::collections::HashSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tradeport_kernel::OrderKey;
use tradeport_orders::{
    Applied, JournalCheckpoint, JournalEntry, JournalError, JournalEvent, JournalReceipt, JournalRecord,
    OrderJournal, OrderMemory,
};

/// Keeps entries in the journal and tells the audit log of them, before it answers.
///
/// The journal decides what is kept; an answer is given once both have it. When the log fails, the caller is told so, and
/// must take the entries for not kept: nothing may leave because of them. Stores that have both in one file do it in one
/// transaction instead.
#[derive(Clone)]
pub struct AuditedJournal {
    journal: Arc<dyn OrderJournal>,
    audit: Arc<dyn AuditLog>,
    actor: Arc<str>,
    memory: Arc<Mutex<OrderMemory>>,
}

impl AuditedJournal {
    /// Tells `audit` of what `journal` keeps, on behalf of `actor`.
    #[must_use]
    pub fn new(journal: Arc<dyn OrderJournal>, audit: Arc<dyn AuditLog>, actor: &str) -> Self {
        Self { journal, audit, actor: Arc::from(actor), memory: Arc::default() }
    }

    /// Orders that were opened by an earlier process, as they stood before these entries.
    async fn recall(&self, entries: &[JournalEntry], before: u64) -> Result<(), JournalError> {
        let intended = entries.iter().filter(|entry| matches!(entry.event, JournalEvent::Intended { .. }));
        let born: HashSet<&OrderKey> = intended.map(|entry| &entry.key).collect();
        for entry in entries {
            if born.contains(&entry.key) || self.memory().knows(&entry.key) {
                continue;
            }
            let records = self.journal.of(&entry.key).await?;
            let earlier = records.iter().filter(|record| record.sequence <= before);
            if let Err(orphan) = self.memory().recall(&entry.key, earlier) {
                tracing::warn!(%orphan, "a journal entry without an order");
            }
        }
        Ok(())
    }

    /// The journal keeps what it is told; an entry about an order that was never intended does nothing.
    fn take_in(&self, entry: &JournalEntry) -> Applied {
        self.memory().take_in(entry).unwrap_or_else(|orphan| {
            tracing::warn!(%orphan, "a journal entry without an order");
            Applied::default()
        })
    }

    fn memory(&self) -> MutexGuard<'_, OrderMemory> {
        // Every change is whole before the lock is let go.
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl OrderJournal for AuditedJournal {
    async fn append(&self, entries: &[JournalEntry]) -> Result<Vec<JournalReceipt>, JournalError> {
        let receipts = self.journal.append(entries).await?;
        let Some(first) = receipts.first() else { return Ok(receipts) };
        self.recall(entries, first.sequence().saturating_sub(1)).await?;
        let numbered = entries.iter().zip(&receipts);
        let lines: Vec<_> = numbered
            .map(|(entry, receipt)| line_of(&self.actor, receipt.sequence(), entry, &self.take_in(entry)))
            .collect();
        self.audit.append(&lines).await?;
        Ok(receipts)
    }

    async fn read(&self, after: u64, limit: usize) -> Result<Vec<JournalRecord>, JournalError> {
        self.journal.read(after, limit).await
    }

    async fn of(&self, key: &OrderKey) -> Result<Vec<JournalRecord>, JournalError> {
        self.journal.of(key).await
    }

    async fn last(&self) -> Result<u64, JournalError> {
        self.journal.last().await
    }

    async fn keep_checkpoint(&self, checkpoint: &JournalCheckpoint) -> Result<(), JournalError> {
        self.journal.keep_checkpoint(checkpoint).await
    }

    async fn checkpoint(&self) -> Result<Option<JournalCheckpoint>, JournalError> {
        self.journal.checkpoint().await
    }
}
