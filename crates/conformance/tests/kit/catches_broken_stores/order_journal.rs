use crate::catching::catches;
use async_trait::async_trait;
use tradeport_conformance::order_journal::Harness;
use tradeport_kernel::{OrderKey, StoreError, Timestamp};
use tradeport_memory::MemoryJournal;
use tradeport_orders::{
    JournalCheckpoint, JournalEntry, JournalError, JournalReceipt, JournalRecord, OrderJournal,
};

catches! { order_journal, order_journal_conformance:
    ForgetsOnReopen: an_acknowledged_entry_survives_reopening,
    LeavesHoles: sequences_grow_by_one_without_holes,
    LosesNanoseconds: entries_come_back_exactly_as_they_were_given,
    KeepsPartOfARefusedCall:
        a_second_intent_of_the_same_key_is_refused_and_nothing_of_the_call_is_kept,
    RepeatsTheLastOfAPage: reading_from_zero_page_by_page_gives_every_record_once,
    UnknownKeyIsAnError: the_records_of_an_unknown_key_are_empty_not_an_error,
    FindsKeysByTheirBeginning: only_those_of_the_wanted_key_come_back,
    LastIsTheNext: the_last_sequence_is_that_of_the_last_record,
    KeepsTheFirstCheckpoint: the_checkpoint_that_was_kept_last_comes_back_exactly_as_it_was_given,
    CutsOffWhatACheckpointCovers: keeping_a_checkpoint_leaves_every_record_as_it_was,
    AnEmptyCheckpointForNone: where_none_was_kept_there_is_none,
}

struct Broken {
    honest: MemoryJournal,
    fault: Fault,
}

struct Fixture<const FAULT: usize>(Broken);

impl<const FAULT: usize> Harness for Fixture<FAULT> {
    type Journal = Broken;
    async fn fresh() -> Self {
        Self(Broken { honest: MemoryJournal::default(), fault: FAULTS[FAULT] })
    }
    fn journal(&self) -> &Broken {
        &self.0
    }
    async fn reopen(self) -> Self {
        if self.0.fault == Fault::ForgetsOnReopen { Self::fresh().await } else { self }
    }
}

#[async_trait]
impl OrderJournal for Broken {
    async fn append(&self, entries: &[JournalEntry]) -> Result<Vec<JournalReceipt>, JournalError> {
        let mut entries = entries.to_vec();
        if self.fault == Fault::LosesNanoseconds {
            for entry in &mut entries {
                entry.at = Timestamp::from_seconds(entry.at.nanos() / 1_000_000_000);
            }
        }
        if self.fault != Fault::KeepsPartOfARefusedCall {
            return self.honest.append(&entries).await;
        }
        let mut receipts = Vec::new();
        for entry in entries {
            receipts.extend(self.honest.append(&[entry]).await?);
        }
        Ok(receipts)
    }
    async fn read(&self, after: u64, limit: usize) -> Result<Vec<JournalRecord>, JournalError> {
        let repeats = u64::from(self.fault == Fault::RepeatsTheLastOfAPage);
        let mut found = self.honest.read(after.saturating_sub(repeats), limit).await?;
        if self.fault == Fault::CutsOffWhatACheckpointCovers
            && let Some(covers) = self.honest.checkpoint().await?
        {
            found.retain(|record| record.sequence > covers.sequence);
        }
        if self.fault == Fault::LeavesHoles {
            found.iter_mut().for_each(|record| record.sequence *= 2);
        }
        Ok(found)
    }
    async fn of(&self, key: &OrderKey) -> Result<Vec<JournalRecord>, JournalError> {
        let mut found = self.honest.of(key).await?;
        if self.fault == Fault::FindsKeysByTheirBeginning {
            found = self.honest.read(0, usize::MAX).await?;
            found.retain(|record| record.entry.key.as_str().starts_with(key.as_str()));
        }
        if self.fault == Fault::UnknownKeyIsAnError && found.is_empty() {
            return Err(StoreError::Corrupt("no such order".into()).into());
        }
        Ok(found)
    }
    async fn last(&self) -> Result<u64, JournalError> {
        Ok(self.honest.last().await? + u64::from(self.fault == Fault::LastIsTheNext))
    }
    async fn keep_checkpoint(&self, checkpoint: &JournalCheckpoint) -> Result<(), JournalError> {
        let first = self.honest.checkpoint().await?.is_none();
        if first || self.fault != Fault::KeepsTheFirstCheckpoint {
            self.honest.keep_checkpoint(checkpoint).await?;
        }
        Ok(())
    }
    async fn checkpoint(&self) -> Result<Option<JournalCheckpoint>, JournalError> {
        let found = self.honest.checkpoint().await?;
        let empty = || JournalCheckpoint { sequence: 0, document: String::new() };
        let invents = self.fault == Fault::AnEmptyCheckpointForNone;
        Ok(if invents { found.or_else(|| Some(empty())) } else { found })
    }
}
