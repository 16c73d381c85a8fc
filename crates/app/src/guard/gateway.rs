//! Orders: what is new or changed asks the breaker; a cancel never does.

use super::Guard;
use async_trait::async_trait;
use std::sync::Arc;
use tradeport_connection::breaker::Report;
use tradeport_connection::pacing::{Class, RequestKey};
use tradeport_kernel::{Snapshot, Timestamp};
use tradeport_orders::{
    Accepted, BrokerOrder, CancelError, ClearedCancel, ClearedChange, ClearedOrder, ClearedPreview,
    Execution, GatewayError, OrderEvents, OrderGateway, OrderPreview, PreviewError, SubmitError,
};

/// A gateway behind the breaker of orders.
#[derive(Clone)]
pub struct GuardedGateway {
    inner: Arc<dyn OrderGateway>,
    guard: Guard,
}

impl GuardedGateway {
    /// This gateway, behind these breakers.
    #[must_use]
    pub const fn new(inner: Arc<dyn OrderGateway>, guard: Guard) -> Self {
        Self { inner, guard }
    }
}

/// A broker that says no works; one of whom nothing is heard does not.
fn report_of<T>(outcome: &Result<T, SubmitError>) -> Report {
    match outcome {
        Ok(_) | Err(SubmitError::Refused { .. }) => Report::Worked,
        Err(SubmitError::NotSent(_) | SubmitError::OutcomeUnknown(_)) => Report::Failed,
        Err(SubmitError::Unsupported(_)) => Report::Nothing,
    }
}

#[async_trait]
impl OrderGateway for GuardedGateway {
    async fn submit(&self, order: &ClearedOrder) -> Result<Accepted, SubmitError> {
        let intent = order.intent();
        let side = format!("{:?}", intent.side());
        let class = Class::PlaceOrder {
            order: RequestKey::of(&[intent.key().as_str()]),
            side: RequestKey::of(&[intent.account().as_str(), intent.symbol().as_str(), &side]),
        };
        let going = self.guard.go(class).await.map_err(SubmitError::NotSent)?;
        let outcome = self.inner.submit(order).await;
        going.ended(report_of(&outcome));
        outcome
    }

    async fn preview(&self, order: &ClearedPreview) -> Result<OrderPreview, PreviewError> {
        let going = self.guard.go(Class::Preview).await.map_err(PreviewError::Unavailable)?;
        let outcome = self.inner.preview(order).await;
        going.ended(match &outcome {
            Ok(_) | Err(PreviewError::Refused { .. }) => Report::Worked,
            Err(PreviewError::Unavailable(_)) => Report::Failed,
            Err(PreviewError::Unsupported(_)) => Report::Nothing,
        });
        outcome
    }

    async fn change(&self, change: &ClearedChange) -> Result<(), SubmitError> {
        let class = Class::ChangeOrder { order: RequestKey::of(&[change.key().as_str()]) };
        let going = self.guard.go(class).await.map_err(SubmitError::NotSent)?;
        let outcome = self.inner.change(change).await;
        going.ended(report_of(&outcome));
        outcome
    }

    async fn cancel(&self, cancel: &ClearedCancel) -> Result<(), CancelError> {
        // It has no capability, so no breaker is asked; the budget counts it.
        let going = self.guard.go(Class::CancelOrder).await.map_err(CancelError::NotSent)?;
        let outcome = self.inner.cancel(cancel).await;
        going.ended(Report::Nothing);
        outcome
    }

    async fn cancel_everything(&self) -> Result<(), CancelError> {
        let going = self.guard.go(Class::CancelOrder).await.map_err(CancelError::NotSent)?;
        let outcome = self.inner.cancel_everything().await;
        going.ended(Report::Nothing);
        outcome
    }

    async fn events(&self) -> Result<OrderEvents, GatewayError> {
        self.inner.events().await
    }

    async fn open_orders(&self) -> Result<Snapshot<BrokerOrder>, GatewayError> {
        self.inner.open_orders().await
    }

    async fn completed_orders(&self) -> Result<Snapshot<BrokerOrder>, GatewayError> {
        self.inner.completed_orders().await
    }

    async fn executions(&self, since: Timestamp) -> Result<Snapshot<Execution>, GatewayError> {
        self.inner.executions(since).await
    }
}
