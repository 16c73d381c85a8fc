//! The gate in the way of orders: nothing new leaves unless everything is proven in this epoch. Cancels always may.

use super::SessionHandle;
use async_trait::async_trait;
use futures::StreamExt;
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};
use tradeport_kernel::{OrderKey, Snapshot, Timestamp};
use tradeport_orders::{
    Accepted, BrokerNews, BrokerOrder, BrokerPhase, CancelError, ClearedCancel, ClearedChange, ClearedOrder,
    ClearedPreview, Execution, GatewayError, OrderEvents, OrderGateway, OrderPreview, PreviewError,
    SubmitError,
};

/// A gateway behind the ready gate: what is held is `NotSent`, and says why. It knows which orders are at work, and lets the
/// supervisor know, so that a dead link is found sooner while some are.
#[derive(Clone)]
pub struct GatedGateway {
    inner: Arc<dyn OrderGateway>,
    session: SessionHandle,
    at_work: Arc<Mutex<BTreeSet<OrderKey>>>,
}

impl GatedGateway {
    /// This gateway, behind the gate of this session.
    #[must_use]
    pub fn new(inner: Arc<dyn OrderGateway>, session: SessionHandle) -> Self {
        Self { inner, session, at_work: Arc::default() }
    }

    fn pass(&self) -> Result<(), SubmitError> {
        self.session.may_order().map(drop).map_err(|held| SubmitError::NotSent(Box::new(held)))
    }

    fn note(&self, change: impl FnOnce(&mut BTreeSet<OrderKey>)) {
        let count = {
            let mut at_work = self.at_work.lock().unwrap_or_else(PoisonError::into_inner);
            let before = at_work.len();
            change(&mut at_work);
            (at_work.len() != before).then_some(at_work.len())
        };
        if let Some(count) = count {
            self.session.note_orders_at_work(count);
        }
    }
}

const fn is_over(phase: BrokerPhase) -> bool {
    match phase {
        BrokerPhase::Held | BrokerPhase::Working | BrokerPhase::CancelPending => false,
        BrokerPhase::Filled | BrokerPhase::Cancelled | BrokerPhase::Expired | BrokerPhase::Refused => true,
    }
}

#[async_trait]
impl OrderGateway for GatedGateway {
    async fn submit(&self, order: &ClearedOrder) -> Result<Accepted, SubmitError> {
        self.pass()?;
        let key = order.intent().key().clone();
        self.note(|at_work| {
            at_work.insert(key.clone());
        });
        let outcome = self.inner.submit(order).await;
        if matches!(
            outcome,
            Err(SubmitError::Refused { .. } | SubmitError::NotSent(_) | SubmitError::Unsupported(_))
        ) {
            self.note(|at_work| {
                at_work.remove(&key);
            });
        }
        outcome
    }

    async fn preview(&self, order: &ClearedPreview) -> Result<OrderPreview, PreviewError> {
        self.inner.preview(order).await
    }

    async fn change(&self, change: &ClearedChange) -> Result<(), SubmitError> {
        self.pass()?;
        self.inner.change(change).await
    }

    async fn cancel(&self, cancel: &ClearedCancel) -> Result<(), CancelError> {
        self.inner.cancel(cancel).await
    }

    async fn cancel_everything(&self) -> Result<(), CancelError> {
        self.inner.cancel_everything().await
    }

    async fn events(&self) -> Result<OrderEvents, GatewayError> {
        let events = self.inner.events().await?;
        let own = self.clone();
        let noted = events.inspect(move |event| {
            if let (Some(key), BrokerNews::Status(status)) = (&event.key, &event.news)
                && is_over(status.phase)
            {
                own.note(|at_work| {
                    at_work.remove(key);
                });
            }
        });
        Ok(noted.boxed())
    }

    async fn open_orders(&self) -> Result<Snapshot<BrokerOrder>, GatewayError> {
        let open = self.inner.open_orders().await?;
        // What cannot be read may be at work.
        let unread = open.unread().iter().map(|row| &row.key);
        let keys = open.rows().iter().map(|row| &row.key).chain(unread).flatten();
        self.note(|at_work| *at_work = keys.cloned().collect());
        Ok(open)
    }

    async fn completed_orders(&self) -> Result<Snapshot<BrokerOrder>, GatewayError> {
        self.inner.completed_orders().await
    }

    async fn executions(&self, since: Timestamp) -> Result<Snapshot<Execution>, GatewayError> {
        self.inner.executions(since).await
    }
}
