//! The way to the simulated broker, which keeps what it took before it says so.
//!
//! A broker that answered and then forgot would contradict our journal after a crash; so its state is on the disk first.
//! On this way the link breaks, as often as the settings want it to.

use super::{KeptState, Losses};
use async_trait::async_trait;
use std::sync::{Arc, Mutex, PoisonError};
use tradeport_fake_broker::FakeBroker;
use tradeport_kernel::{OrderKey, Snapshot, Timestamp};
use tradeport_orders::{
    Accepted, BrokerOrder, CancelError, ClearedCancel, ClearedChange, ClearedOrder, ClearedPreview,
    Execution, GatewayError, OrderEvents, OrderGateway, OrderPreview, PreviewError, SubmitError,
};

/// A simulated broker whose orders outlive this process.
#[derive(Clone, Debug)]
pub struct DurableGateway {
    broker: FakeBroker,
    kept: KeptState,
    losses: Losses,
    /// Held while the state is written: a cancel and the market's next step may come together.
    writing: Arc<Mutex<()>>,
}

impl DurableGateway {
    /// Keeps this broker's state there, and loses what is to be lost.
    #[must_use]
    pub fn new(broker: FakeBroker, kept: KeptState, losses: Losses) -> Self {
        Self { broker, kept, losses, writing: Arc::default() }
    }

    /// Keeps the state as it is now.
    pub fn keep(&self) -> Result<(), super::KeptStateError> {
        let _one_at_a_time = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        self.kept.save(&self.broker.exchange_snapshot())
    }

    /// Sends a request about an order by `send`; when its fate is to be lost, the link goes with it.
    async fn send<T, E>(
        &self,
        key: &OrderKey,
        send: impl Future<Output = Result<T, E>> + Send,
    ) -> Result<T, E> {
        let Some(fault) = self.losses.fate(key, self.broker.now()) else { return send.await };
        self.broker.arm_way(fault);
        let answer = send.await;
        self.broker.drop_link();
        if let Err(error) = self.keep() {
            // What is unknown stays unknown: the broker's records are read again before anybody concludes anything.
            tracing::warn!(%error, "the simulated broker's state was not kept");
        }
        answer
    }
}

#[async_trait]
impl OrderGateway for DurableGateway {
    async fn submit(&self, order: &ClearedOrder) -> Result<Accepted, SubmitError> {
        let accepted = self.send(order.intent().key(), self.broker.submit(order)).await?;
        self.keep().map_err(|cause| SubmitError::OutcomeUnknown(Box::new(cause)))?;
        Ok(accepted)
    }

    async fn preview(&self, order: &ClearedPreview) -> Result<OrderPreview, PreviewError> {
        self.broker.preview(order).await
    }

    async fn change(&self, change: &ClearedChange) -> Result<(), SubmitError> {
        self.send(change.key(), self.broker.change(change)).await?;
        self.keep().map_err(|cause| SubmitError::OutcomeUnknown(Box::new(cause)))
    }

    async fn cancel(&self, cancel: &ClearedCancel) -> Result<(), CancelError> {
        self.send(cancel.key(), self.broker.cancel(cancel)).await?;
        self.keep().map_err(|cause| CancelError::OutcomeUnknown(Box::new(cause)))
    }

    async fn cancel_everything(&self) -> Result<(), CancelError> {
        self.broker.cancel_everything().await?;
        self.keep().map_err(|cause| CancelError::OutcomeUnknown(Box::new(cause)))
    }

    async fn events(&self) -> Result<OrderEvents, GatewayError> {
        OrderGateway::events(&self.broker).await
    }

    async fn open_orders(&self) -> Result<Snapshot<BrokerOrder>, GatewayError> {
        self.broker.open_orders().await
    }

    async fn completed_orders(&self) -> Result<Snapshot<BrokerOrder>, GatewayError> {
        self.broker.completed_orders().await
    }

    async fn executions(&self, since: Timestamp) -> Result<Snapshot<Execution>, GatewayError> {
        self.broker.executions(since).await
    }
}
