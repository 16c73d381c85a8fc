//! What is looked after beside orders while a desk works, instead of waiting for the next link or the next reconciliation.
//!
//! - A family whose sender was stopped on the way, by a timeout or an abort, or of which an order's outcome is unknown: it
//!   goes on when its last order is at the broker, and is asked to be cancelled when that one never will be. While nobody
//!   knows, that is told, once.
//! - Executions that the broker has counted and nobody told: they are asked for.
//!
//! Left out: what only a new epoch can prove.

use super::family::HeldBack;
use super::{DeskError, OrderDesk};
use crate::desk::state::anomaly;
use crate::reconciliation::{Books, BrokerView, Holdings, reconcile};
use futures::{FutureExt, select_biased};
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tradeport_kernel::{OrderKey, Timestamp};
use tradeport_orders::CancelTag;

/// So often a desk that is tended looks.
pub const ORDERS_TENDED_EVERY: Duration = Duration::from_millis(500);

/// Families that were not sent as a whole, for all that their senders know.
#[derive(Debug, Default)]
pub(super) struct HalfSent {
    /// There may be some.
    is_watched: bool,
    /// What was asked to be cancelled in this epoch of the link.
    asked: BTreeSet<OrderKey>,
    /// What was told in it.
    told: BTreeSet<OrderKey>,
}

/// Whoever sends a family; who is stopped on the way leaves it to be looked after.
pub(super) struct Sending {
    half_sent: Arc<Mutex<HalfSent>>,
    is_settled: bool,
}

impl Sending {
    /// What becomes of the family is known, or asked for.
    pub(super) fn settled(mut self) {
        self.is_settled = true;
    }
}

impl Drop for Sending {
    fn drop(&mut self) {
        if !self.is_settled {
            locked(&self.half_sent).is_watched = true;
        }
    }
}

fn locked(half_sent: &Mutex<HalfSent>) -> MutexGuard<'_, HalfSent> {
    // Every change is whole before the lock is let go.
    half_sent.lock().unwrap_or_else(PoisonError::into_inner)
}

impl OrderDesk {
    /// Looks after orders until `stop` completes.
    pub async fn tend_orders(&self, stop: impl Future<Output = ()> + Send) {
        let mut stop = std::pin::pin!(stop.fuse());
        loop {
            self.tend().await;
            let next = self.ports.clock.now().after(ORDERS_TENDED_EVERY);
            select_biased! {
                () = stop => return,
                () = self.ports.clock.sleep_until(next).fuse() => {}
            }
        }
    }

    /// One look, and what is due. What fails is told, and done again with a later look or the next link.
    pub async fn tend(&self) {
        if let Err(error) = self.tend_families().await {
            tracing::error!(%error, "families that were not sent as a whole could not be settled");
        }
        if let Err(error) = self.ask_for_executions().await {
            tracing::warn!(%error, "executions that the broker has counted and not told could not be asked for");
        }
    }

    pub(super) fn sending(&self) -> Sending {
        Sending { half_sent: Arc::clone(&self.half_sent), is_settled: false }
    }

    /// After the link was lost, or we were: what waits at the broker for the last of its family goes on when that one is
    /// there, and is asked to be cancelled when it never will be. What cannot be cancelled now is held back all the
    /// same, and tried again with the next link.
    pub(super) async fn finish_families(&self) -> Result<(), DeskError> {
        *locked(&self.half_sent) = HalfSent::default();
        self.settle_families().await
    }

    /// Of these orders nothing more is to be asked in this epoch of the link: their parent was asked to go.
    pub(super) fn note_asked<'a>(&self, keys: impl Iterator<Item = &'a OrderKey>) {
        locked(&self.half_sent).asked.extend(keys.cloned());
    }

    pub(super) async fn tend_families(&self) -> Result<(), DeskError> {
        if std::mem::take(&mut locked(&self.half_sent).is_watched) {
            let settled = self.settle_families().await;
            locked(&self.half_sent).is_watched |= settled.is_err();
            return settled;
        }
        Ok(())
    }

    async fn settle_families(&self) -> Result<(), DeskError> {
        let HeldBack { whole, broken, waiting } = self.held_back().await;
        if !whole.is_empty() {
            let mut state = self.state().await;
            self.keep(&mut state, &whole).await?;
        }
        for key in broken {
            if locked(&self.half_sent).asked.insert(key.clone()) {
                self.cancel_rest(&key).await?;
            }
        }
        locked(&self.half_sent).is_watched |= !waiting.is_empty();
        for (key, unknown) in waiting {
            self.tell_waiting(&key, unknown).await;
        }
        Ok(())
    }

    async fn cancel_rest(&self, key: &OrderKey) -> Result<(), DeskError> {
        self.take_in_waiting().await?;
        match self.cancel_alone(key, CancelTag::default()).await {
            Ok(_) | Err(DeskError::Ended { .. }) => Ok(()),
            Err(DeskError::Cancel(error)) => {
                tracing::warn!(%key, %error, "the rest of a family that is not whole was not cancelled");
                Ok(())
            }
            Err(other) => Err(other),
        }
    }

    /// An order waits at the broker for one of which nobody knows whether it is there: the broker's list may show it.
    async fn tell_waiting(&self, key: &OrderKey, unknown: Option<OrderKey>) {
        let Some(unknown) = unknown.filter(|_| !locked(&self.half_sent).asked.contains(key)) else { return };
        if !locked(&self.half_sent).told.insert(key.clone()) {
            return;
        }
        let text = format!(
            "{key} waits at the broker for the rest of its family, and nobody knows whether {unknown} came there: \
             until that is known it does not trade; to call it off: tradeport order cancel {key}"
        );
        tracing::warn!("{text}");
        self.bus.publish(&anomaly(Some(key), &text));
        if let Some(order) = self.order(key).await {
            self.read_back(&order).await;
        }
    }

    /// Asks for the executions of orders of which the broker has counted more than was told for a while. What is missing
    /// even then is a break once it has stood for as long as breaks have to.
    async fn ask_for_executions(&self) -> Result<(), DeskError> {
        let now = self.ports.clock.now();
        let Some(since) = self.missing_since(now).await else { return Ok(()) };
        let executions = self.ports.gateway.executions(since).await?;
        // What was said meanwhile comes first: it may be what the list already shows.
        self.take_in_waiting().await?;
        let now = self.ports.clock.now();
        let mut state = self.state().await;
        let keys: Vec<OrderKey> = executions.rows().iter().filter_map(|it| it.key.clone()).collect();
        self.recall(&mut state, &keys).await?;
        self.take_in_told(&mut state, executions.rows(), (&[], &[], now), now).await?;
        let view = BrokerView::of(executions.epoch()).with_executions(executions);
        let findings = reconcile(&Books::of(state.book(), Holdings::default()), &view);
        state.take_in(&findings, now, self.settings.patience);
        self.keep_breaks(&mut state).await
    }

    /// From when on executions are to be asked for, if any are due.
    async fn missing_since(&self, now: Timestamp) -> Option<Timestamp> {
        let mut state = self.state().await;
        let keys = state.take_missing(now);
        let orders = keys.iter().filter_map(|key| state.book().get(key));
        let first = orders.clone().map(|order| order.created_at()).min()?;
        for order in orders {
            let (key, told, counted) = (order.intent().key(), order.filled(), order.reported_filled());
            tracing::warn!(%key, %told, %counted, "the broker has counted executions that nobody told: they are asked for");
        }
        Some(first.before(super::opening::CLOCK_MARGIN))
    }
}
