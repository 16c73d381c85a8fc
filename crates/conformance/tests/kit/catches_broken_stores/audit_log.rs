use crate::catching::catches;
use async_trait::async_trait;
use tradeport_conformance::audit_log::Harness;
use tradeport_kernel::StoreError;
use tradeport_memory::MemoryAudit;
use tradeport_trading::audit::{AuditHead, ChainHash};
use tradeport_trading::{AuditEntry, AuditLog, AuditRecord};

catches! { audit_log, audit_log_conformance:
    ForgetsOnReopen: an_acknowledged_entry_survives_reopening,
    TrimsTexts: entries_come_back_exactly_as_they_were_given,
    ChainsEachBatchAnew: each_record_is_chained_to_the_one_before_it,
    BeginsWithZero: sequences_grow_by_one_without_holes_from_1,
    RepeatsTheLastOfAPage: reading_from_zero_page_by_page_gives_every_entry_once,
    TellsAnEmptyHead: the_head_is_that_of_the_last_entry_after_reopening_too,
}

struct Broken {
    honest: MemoryAudit,
    fault: Fault,
}

struct Fixture<const FAULT: usize>(Broken);

impl<const FAULT: usize> Harness for Fixture<FAULT> {
    type Log = Broken;
    async fn fresh() -> Self {
        Self(Broken { honest: MemoryAudit::default(), fault: FAULTS[FAULT] })
    }
    fn log(&self) -> &Broken {
        &self.0
    }
    async fn reopen(self) -> Self {
        if self.0.fault == Fault::ForgetsOnReopen { Self::fresh().await } else { self }
    }
}

#[async_trait]
impl AuditLog for Broken {
    async fn append(&self, entries: &[AuditEntry]) -> Result<(), StoreError> {
        let mut entries = entries.to_vec();
        if self.fault == Fault::TrimsTexts {
            entries.iter_mut().for_each(|entry| entry.detail = entry.detail.trim().to_owned());
        }
        self.honest.append(&entries).await
    }
    async fn read(&self, after: u64, limit: usize) -> Result<Vec<AuditRecord>, StoreError> {
        let repeats = u64::from(self.fault == Fault::RepeatsTheLastOfAPage);
        let mut found = self.honest.read(after.saturating_sub(repeats), limit).await?;
        if self.fault == Fault::ChainsEachBatchAnew {
            let anew = |record: &mut AuditRecord| {
                record.hash = ChainHash::START.then(record.sequence, &record.entry);
            };
            found.iter_mut().for_each(anew);
        }
        if self.fault == Fault::BeginsWithZero {
            found.iter_mut().for_each(|record| record.sequence -= 1);
        }
        Ok(found)
    }
    async fn head(&self) -> Result<AuditHead, StoreError> {
        if self.fault == Fault::TellsAnEmptyHead {
            Ok(AuditHead::default())
        } else {
            self.honest.head().await
        }
    }
}
