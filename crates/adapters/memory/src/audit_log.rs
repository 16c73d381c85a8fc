//! The audit log, in memory.

use crate::shared::Shared;
use async_trait::async_trait;
use tradeport_kernel::StoreError;
use tradeport_trading::{AuditEntry, AuditLog, AuditRecord};

/// Keeps audit entries in the order in which they came.
#[derive(Clone, Debug, Default)]
pub struct MemoryAudit(Shared<Vec<AuditRecord>>);

#[async_trait]
impl AuditLog for MemoryAudit {
    async fn append(&self, entries: &[AuditEntry]) -> Result<(), StoreError> {
        let mut kept = self.0.lock();
        let first = kept.last().map_or(1, |last| last.sequence + 1);
        let records =
            (first..).zip(entries).map(|(sequence, entry)| AuditRecord { sequence, entry: entry.clone() });
        kept.extend(records);
        Ok(())
    }

    async fn read(&self, after: u64, limit: usize) -> Result<Vec<AuditRecord>, StoreError> {
        Ok(self.0.lock().iter().filter(|record| record.sequence > after).take(limit).cloned().collect())
    }
}
