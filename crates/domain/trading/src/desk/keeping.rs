//! Keeping entries: in the journal first, then in the state, whoever waits for it.
//!
//! A caller who is stopped, by a timeout or an abort, drops a future and not the write: what the journal has begun to keep it
//! may keep all the same. So an append belongs to the desk. Whoever takes the state next waits for its end, and lets it take
//! effect, before anything else is looked at.
//!
//! Law: nobody sees a state without what the journal has.

use super::together::{Waiting, gone};
use super::{DeskError, DeskState, OrderDesk};
use futures::FutureExt;
use futures::future::BoxFuture;
use futures::lock::MutexGuard;
use std::future::poll_fn;
use std::sync::{Mutex, PoisonError};
use std::task::{Context, Poll};
use tradeport_orders::{JournalEntry, JournalError, JournalReceipt};

type Appended = Result<Vec<JournalReceipt>, JournalError>;

/// The append under way, if there is one. Only whoever has the state looks at it.
#[derive(Default)]
pub(super) struct UnderWay(Mutex<Option<Append>>);

/// What entries do to accounts.
#[derive(Clone, Copy)]
pub(super) enum Money {
    /// They move it.
    Moves,
    /// Accounts were read, or will be, with all that they did.
    IsThere,
}

struct Append {
    ends: BoxFuture<'static, (Vec<JournalEntry>, Appended)>,
    /// Who is told of it; nobody, when whoever began it goes on with what it gives.
    waiting: Option<Waiting>,
    money: Money,
}

/// An append that has ended.
struct Ended {
    lines: Vec<JournalEntry>,
    appended: Appended,
    waiting: Option<Waiting>,
    money: Money,
}

impl UnderWay {
    fn slot(&self) -> std::sync::MutexGuard<'_, Option<Append>> {
        // It is put in and taken out whole.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The end of the append; `None` when none is under way.
    fn poll(&self, context: &mut Context<'_>) -> Poll<Option<Ended>> {
        let mut slot = self.slot();
        let Some(append) = slot.as_mut() else { return Poll::Ready(None) };
        let (lines, appended) = std::task::ready!(append.ends.poll_unpin(context));
        let ended = slot.take();
        Poll::Ready(ended.map(|Append { waiting, money, .. }| Ended { lines, appended, waiting, money }))
    }
}

impl OrderDesk {
    /// The state, with all that the journal has.
    pub(super) async fn state(&self) -> MutexGuard<'_, DeskState> {
        let mut state = self.state.lock().await;
        self.finish(&mut state).await;
        while self.queue.owes() {
            self.round(&mut state).await;
        }
        state
    }

    /// Waits for the end of what is under way, and tells who waits for it. May be dropped at any moment: the next goes on.
    pub(super) async fn finish(&self, state: &mut DeskState) {
        while let Some(ended) = self.end().await {
            let kept = self.take_effect(state, &ended.lines, ended.appended, ended.money);
            match (ended.waiting, kept) {
                (Some(waiting), kept) => self.tell_all(state, &ended.lines, waiting, kept).await,
                (None, Ok(_)) => {}
                (None, Err(error)) => {
                    tracing::warn!(%error, "what somebody wanted to keep who was stopped is not kept");
                }
            }
        }
    }

    /// Keeps entries, then lets them take effect, in this order and under the caller's lock.
    pub(super) async fn keep(
        &self,
        state: &mut DeskState,
        entries: &[JournalEntry],
    ) -> Result<Vec<JournalReceipt>, DeskError> {
        self.keep_with(state, entries, Money::Moves).await
    }

    /// The same, and what becomes of money.
    pub(super) async fn keep_with(
        &self,
        state: &mut DeskState,
        entries: &[JournalEntry],
        money: Money,
    ) -> Result<Vec<JournalReceipt>, DeskError> {
        self.begin(entries.to_vec(), None, money);
        let ended = self.end().await.ok_or_else(gone)?;
        self.take_effect(state, &ended.lines, ended.appended, ended.money)
    }

    /// Begins to keep entries; [`Self::finish`] waits for it.
    pub(super) fn begin(&self, lines: Vec<JournalEntry>, waiting: Option<Waiting>, money: Money) {
        let journal = self.ports.journal.clone();
        let ends = async move {
            let appended = journal.append(&lines).await;
            (lines, appended)
        };
        *self.under_way.slot() = Some(Append { ends: ends.boxed(), waiting, money });
    }

    async fn end(&self) -> Option<Ended> {
        poll_fn(|context| self.under_way.poll(context)).await
    }

    fn take_effect(
        &self,
        state: &mut DeskState,
        lines: &[JournalEntry],
        appended: Appended,
        money: Money,
    ) -> Result<Vec<JournalReceipt>, DeskError> {
        let receipts = appended.map_err(|error| match error {
            JournalError::DuplicateIntent(key) => DeskError::KeyReused(key),
            other => DeskError::Journal(other),
        })?;
        let first = receipts.first().map_or(state.last() + 1, JournalReceipt::sequence);
        for (sequence, entry) in (first..).zip(lines) {
            let applied = state.apply(sequence, entry)?;
            if let Money::Moves = money {
                state.settle(entry, &applied).iter().for_each(|event| self.bus.publish(event));
            }
        }
        self.quotes(|quotes| quotes.follow(state));
        Ok(receipts)
    }
}
