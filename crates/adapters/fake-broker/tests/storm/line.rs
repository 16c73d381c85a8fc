//! The line to the broker: on it, a process can die between its request and the answer.

use async_trait::async_trait;
use std::future::pending;
use std::sync::{Arc, Mutex};
use tradeport_fake_broker::FakeBroker;
use tradeport_kernel::{Snapshot, Timestamp};
use tradeport_orders::{
    Accepted, BrokerOrder, CancelError, ClearedCancel, ClearedChange, ClearedOrder, ClearedPreview,
    Execution, GatewayError, OrderEvents, OrderGateway, OrderPreview, PreviewError, SubmitError,
};

/// When it dies: with its next request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Death {
    /// The request never arrives.
    Before,
    /// It arrives.
    After,
}

/// The broker, and when whoever asks it dies. Clones are the same line.
#[derive(Clone)]
pub(crate) struct Line {
    broker: FakeBroker,
    death: Arc<Mutex<Option<Death>>>,
}

impl Line {
    pub(crate) fn to(broker: &FakeBroker) -> Self {
        Self { broker: broker.clone(), death: Arc::default() }
    }

    pub(crate) fn arm(&self, death: Option<Death>) {
        *self.death.lock().unwrap() = death;
    }

    /// Asks, unless whoever does dies of it.
    async fn ask<T>(&self, request: impl Future<Output = T>) -> T {
        let death = self.death.lock().unwrap().take();
        if death == Some(Death::Before) {
            return pending().await;
        }
        let answer = request.await;
        match death {
            Some(_) => pending().await,
            None => answer,
        }
    }
}

#[async_trait]
impl OrderGateway for Line {
    async fn submit(&self, order: &ClearedOrder) -> Result<Accepted, SubmitError> {
        self.ask(self.broker.submit(order)).await
    }

    async fn preview(&self, order: &ClearedPreview) -> Result<OrderPreview, PreviewError> {
        self.broker.preview(order).await
    }

    async fn change(&self, change: &ClearedChange) -> Result<(), SubmitError> {
        self.ask(self.broker.change(change)).await
    }

    async fn cancel(&self, cancel: &ClearedCancel) -> Result<(), CancelError> {
        self.ask(self.broker.cancel(cancel)).await
    }

    async fn cancel_everything(&self) -> Result<(), CancelError> {
        self.ask(self.broker.cancel_everything()).await
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
