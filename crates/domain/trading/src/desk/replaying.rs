//! The journal in memory: replayed from a checkpoint on when there is one that fits, and recalled where an order is named
//! that has ended long ago.
//!
//! Whatever a checkpoint leaves out is found again by its key, which the journal knows for ever: the same key is the same
//! order, and the broker's late words reach it.

use super::checkpoint::{Checkpoint, Misfit};
use super::state::DeskState;
use super::{DeskError, OrderDesk};
use futures::stream::{self, StreamExt, TryStreamExt};
use std::time::Duration;
use tradeport_kernel::{OrderKey, Timestamp};
use tradeport_orders::{
    JournalCheckpoint, JournalError, JournalEvent, JournalRecord, Order, OrderBook, OrderJournal,
};

/// So many records are replayed in one go.
const PAGE: usize = 10_000;

/// A checkpoint is kept after so many records: that many are replayed in a small part of a second.
const CHECKPOINT_EVERY: u64 = 10_000;

/// So many orders that have ended stay in memory when a desk is opened at a checkpoint.
const ENDED_KEPT: usize = 2_000;

/// So many orders are asked for at once.
const AT_ONCE: usize = 32;

/// Executions carry the broker's time, and records ours.
const CLOCK_MARGIN: Duration = Duration::from_secs(300);

/// What the journal comes to. A checkpoint that does not fit is told of, and everything is replayed.
pub(super) async fn replayed(journal: &dyn OrderJournal) -> Result<DeskState, DeskError> {
    let mut state = match journal.checkpoint().await {
        Ok(None) | Err(JournalError::Unsupported(_)) => DeskState::default(),
        Ok(Some(kept)) => match restored(journal, &kept).await? {
            Ok(state) => state,
            Err(misfit) => thrown_away(&misfit.to_string()),
        },
        Err(error) => thrown_away(&error.to_string()),
    };
    loop {
        let page = journal.read(state.last(), PAGE).await?;
        for record in &page {
            follow(journal, &mut state, record).await?;
        }
        if page.len() < PAGE {
            return Ok(state);
        }
    }
}

fn thrown_away(why: &str) -> DeskState {
    tracing::warn!(why, "the journal's checkpoint is of no use: the whole journal is replayed");
    DeskState::default()
}

/// The state at a checkpoint, or why it does not fit.
async fn restored(
    journal: &dyn OrderJournal,
    kept: &JournalCheckpoint,
) -> Result<Result<DeskState, Misfit>, DeskError> {
    let last = journal.read(kept.sequence.saturating_sub(1), 1).await?;
    let checkpoint = match Checkpoint::unsealed(kept, last.first()) {
        Ok(checkpoint) => checkpoint,
        Err(misfit) => return Ok(Err(misfit)),
    };
    let keys: Vec<OrderKey> = checkpoint.live.iter().chain(&checkpoint.ended).cloned().collect();
    let read = stream::iter(&keys).map(|key| journal.of(key)).buffered(AT_ONCE);
    let mut records: Vec<JournalRecord> = read.try_concat().await?;
    records.retain(|record| record.sequence <= checkpoint.sequence);
    records.sort_unstable_by_key(|record| record.sequence);
    let mut state = DeskState::default();
    for record in &records {
        // Its orders contradict themselves where the journal does: replaying everything says how.
        if state.apply(record.sequence, &record.entry).is_err() {
            return Ok(Err(Misfit::OtherOrder(record.entry.key.clone())));
        }
    }
    Ok(state.restore(checkpoint))
}

/// Takes in the next record; an order that was left out comes back with it, and so does the parent of a new one: what that has
/// brought in is its child's to protect.
async fn follow(
    journal: &dyn OrderJournal,
    state: &mut DeskState,
    record: &JournalRecord,
) -> Result<(), DeskError> {
    let wanted = match &record.entry.event {
        JournalEvent::Happened { .. } => Some(&record.entry.key),
        JournalEvent::Intended { intent } => intent.parent(),
        JournalEvent::Split { .. } => None,
    };
    if let Some(key) = wanted.filter(|key| !state.is_whole() && state.book().get(key).is_none()) {
        let records = journal.of(key).await?;
        let before = records.iter().filter(|known| known.sequence < record.sequence);
        state.recall_some(lived(key, before)?);
    }
    state.apply(record.sequence, &record.entry)?;
    Ok(())
}

/// An order by its own records; `None` without any.
fn lived<'a>(
    key: &OrderKey,
    records: impl Iterator<Item = &'a JournalRecord>,
) -> Result<Option<Order>, DeskError> {
    let mut book = OrderBook::default();
    for record in records {
        book.apply(&record.entry)?;
    }
    Ok(book.get(key).cloned())
}

impl DeskState {
    fn recall_some(&mut self, order: Option<Order>) {
        order.into_iter().for_each(|order| self.recall(order));
    }
}

impl OrderDesk {
    /// Keeps a checkpoint: the next desk on this journal replays what comes after it. It is kept by itself after every ten
    /// thousand records.
    pub async fn checkpoint(&self) -> Result<(), DeskError> {
        let checkpoint = {
            let mut state = self.state().await;
            let sequence = state.last();
            // Whether it can be kept or not, the next is not made at once.
            state.note_checkpoint(sequence);
            state.checkpoint(ENDED_KEPT)
        };
        let journal = &self.ports.journal;
        let last = journal.read(checkpoint.sequence.saturating_sub(1), 1).await?;
        let Some(last) = last.first().filter(|last| last.sequence == checkpoint.sequence) else {
            return Ok(());
        };
        Ok(journal.keep_checkpoint(&checkpoint.sealed(last)).await?)
    }

    /// A checkpoint that cannot be kept only makes the next start slower.
    pub(super) async fn checkpoint_when_due(&self) {
        if self.state().await.since_checkpoint() < CHECKPOINT_EVERY {
            return;
        }
        if let Err(error) = self.checkpoint().await {
            tracing::warn!(%error, "no checkpoint of the journal could be kept");
        }
    }

    /// One order, however long ago it ended.
    pub(super) async fn find(&self, key: &OrderKey) -> Result<Option<Order>, DeskError> {
        let mut state = self.state().await;
        self.recall(&mut state, std::slice::from_ref(key)).await?;
        Ok(state.book().get(key).cloned())
    }

    /// Brings orders back into memory that have ended long ago; whether there was one.
    pub(super) async fn recall(&self, state: &mut DeskState, keys: &[OrderKey]) -> Result<bool, DeskError> {
        let mut found = false;
        if state.is_whole() {
            return Ok(found);
        }
        for key in keys {
            if state.book().get(key).is_none() {
                let order = lived(key, self.ports.journal.of(key).await?.iter())?;
                found |= order.is_some();
                state.recall_some(order);
            }
        }
        Ok(found)
    }

    /// Brings back every order, when one that something was executed of at this moment or later may be missing.
    pub(super) async fn recall_since(&self, state: &mut DeskState, at: Timestamp) -> Result<(), DeskError> {
        if !state.has_forgotten_since(at.before(CLOCK_MARGIN)) {
            return Ok(());
        }
        self.recall_all(state).await
    }

    /// Brings back every order of the journal: it is read from its first record.
    pub(super) async fn recall_all(&self, state: &mut DeskState) -> Result<(), DeskError> {
        if state.is_whole() {
            return Ok(());
        }
        tracing::info!(records = state.last(), "the whole journal is read once more");
        let (mut book, mut after) = (OrderBook::default(), 0);
        while after < state.last() {
            let page = self.ports.journal.read(after, PAGE).await?;
            let Some(last) = page.last() else { break };
            after = last.sequence;
            for record in page.iter().filter(|record| record.sequence <= state.last()) {
                book.apply(&record.entry)?;
            }
        }
        state.recall_all(book);
        Ok(())
    }
}

#[cfg(test)]
mod tests;
