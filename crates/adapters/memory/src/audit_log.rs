//! The audit log, in memory.

use crate::shared::Shared;
use async_trait::async_trait;
use tradeport_kernel::StoreError;
use tradeport_trading::audit::AuditHead;
use tradeport_trading::{AuditEntry, AuditLog, AuditRecord};

/// Keeps audit entries in the order in which they came.
#[derive(Clone, Debug, Default)]
pub struct MemoryAudit(Shared<Kept>);

#[derive(Debug, Default)]
struct Kept {
    records: Vec<AuditRecord>,
    head: AuditHead,
}

#[async_trait]
impl AuditLog for MemoryAudit {
    async fn append(&self, entries: &[AuditEntry]) -> Result<(), StoreError> {
        let mut kept = self.0.lock();
        for entry in entries {
            let record = kept.head.record(entry.clone());
            kept.head = AuditHead::of(&record);
            kept.records.push(record);
        }
        Ok(())
    }

    async fn read(&self, after: u64, limit: usize) -> Result<Vec<AuditRecord>, StoreError> {
        let kept = self.0.lock();
        // Sequences have no holes, so the first record after one stands at its index.
        let start = usize::try_from(after).unwrap_or(usize::MAX).min(kept.records.len());
        Ok(kept.records[start..].iter().take(limit).cloned().collect())
    }

    async fn head(&self) -> Result<AuditHead, StoreError> {
        Ok(self.0.lock().head)
    }
}
