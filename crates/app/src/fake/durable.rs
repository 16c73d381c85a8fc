//! The way to the simulated broker, which keeps what it took before it says so.
//!
//! A broker that answered and then forgot would contradict our journal after a crash; so its state is on the disk first.

use super::KeptState;
use async_trait::async_trait;
use tradeport_fake_broker::FakeBroker;
use tradeport_kernel::{Snapshot, Timestamp};
use tradeport_orders::{
    Accepted, BrokerOrder, CancelError, ClearedCancel, ClearedChange, ClearedOrder, Execution, GatewayError,
    OrderEvents, OrderGateway, SubmitError,
};

/// A simulated broker whose orders outlive this process.
#[derive(Clone, Debug)]
pub struct DurableGateway {
    broker: FakeBroker,
    kept: KeptState,
}

impl DurableGateway {
    /// Keeps this broker's state there.
    #[must_use]
    pub const fn new(broker: FakeBroker, kept: KeptState) -> Self {
        Self { broker, kept }
    }

    /// Keeps the state as it is now.
    pub fn keep(&self) -> Result<(), super::KeptStateError> {
        self.kept.save(&self.broker.exchange_snapshot())
    }
}

#[async_trait]
impl OrderGateway for DurableGateway {
    async fn submit(&self, order: &ClearedOrder) -> Result<Accepted, SubmitError> {
        let accepted = self.broker.submit(order).await?;
        self.keep().map_err(|cause| SubmitError::OutcomeUnknown(Box::new(cause)))?;
        Ok(accepted)
    }

    async fn change(&self, change: &ClearedChange) -> Result<(), SubmitError> {
        self.broker.change(change).await?;
        self.keep().map_err(|cause| SubmitError::OutcomeUnknown(Box::new(cause)))
    }

    async fn cancel(&self, cancel: &ClearedCancel) -> Result<(), CancelError> {
        self.broker.cancel(cancel).await?;
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
