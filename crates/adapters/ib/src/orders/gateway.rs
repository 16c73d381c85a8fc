//! [`OrderGateway`]: each wish ends in one of three ways, and nothing is guessed.
//!
//! Left out: which orders make sense, and when to ask again.

use super::send::{Fate, ToSend};
use super::wish::Answer;
use crate::broker::IbBroker;
use crate::translate::preview_from_ib;
use async_trait::async_trait;
use futures::StreamExt;
use tradeport_kernel::{BrokerOrderId, Cause, Snapshot, Timestamp};
use tradeport_orders::{
    Accepted, BrokerOrder, CancelError, ClearedCancel, ClearedChange, ClearedOrder, ClearedPreview,
    Execution, GatewayError, OrderEvents, OrderGateway, OrderPreview, PreviewError, SubmitError,
};

/// The connection ended while TWS was working on it.
#[derive(Debug, thiserror::Error)]
#[error("the connection to TWS ended before its answer")]
struct AnswerLost;

fn unknown(fate: Fate) -> Cause {
    match fate {
        Fate::Unknown(cause) => cause,
        _ => Box::new(AnswerLost),
    }
}

#[async_trait]
impl OrderGateway for IbBroker {
    async fn submit(&self, order: &ClearedOrder) -> Result<Accepted, SubmitError> {
        let session = self.session().map_err(|error| SubmitError::NotSent(Box::new(error)))?;
        let intent = order.intent();
        let what = if order.is_held_back() { ToSend::Held(intent) } else { ToSend::New(intent) };
        match self.send(&session, what).await {
            Fate::Answered(number, Answer::Taken) => Ok(Accepted {
                epoch: session.epoch,
                perm_id: self.inner.desk.perm_id(number),
                broker_order_id: BrokerOrderId::new(number.into()),
            }),
            Fate::Answered(_, Answer::Refused(reason)) | Fate::Refused(reason) => {
                Err(SubmitError::Refused { reason })
            }
            Fate::NotSent(cause) => Err(SubmitError::NotSent(cause)),
            fate => Err(SubmitError::OutcomeUnknown(unknown(fate))),
        }
    }

    async fn preview(&self, order: &ClearedPreview) -> Result<OrderPreview, PreviewError> {
        let session = self.session().map_err(|error| PreviewError::Unavailable(Box::new(error)))?;
        match self.send(&session, ToSend::Preview(order.intent())).await {
            Fate::Answered(_, Answer::Previewed(state)) => {
                if !state.reject_reason.is_empty() {
                    return Err(PreviewError::Refused { reason: state.reject_reason.clone() });
                }
                preview_from_ib(&state).map_err(|error| PreviewError::Unavailable(Box::new(error)))
            }
            Fate::Answered(_, Answer::Refused(reason)) | Fate::Refused(reason) => {
                Err(PreviewError::Refused { reason })
            }
            Fate::NotSent(cause) => Err(PreviewError::Unavailable(cause)),
            fate => Err(PreviewError::Unavailable(unknown(fate))),
        }
    }

    async fn change(&self, change: &ClearedChange) -> Result<(), SubmitError> {
        let session = self.session().map_err(|error| SubmitError::NotSent(Box::new(error)))?;
        match self.send_change(&session, change).await {
            Fate::Answered(_, Answer::Taken) => Ok(()),
            Fate::Answered(_, Answer::Refused(reason)) | Fate::Refused(reason) => {
                Err(SubmitError::Refused { reason })
            }
            Fate::Answered(_, Answer::NoSuchOrder) => {
                Err(SubmitError::Refused { reason: "the order has ended".to_owned() })
            }
            Fate::NotSent(cause) => Err(SubmitError::NotSent(cause)),
            fate => Err(SubmitError::OutcomeUnknown(unknown(fate))),
        }
    }

    async fn cancel(&self, cancel: &ClearedCancel) -> Result<(), CancelError> {
        let session = self.session().map_err(|error| CancelError::NotSent(Box::new(error)))?;
        match self.send_cancel(&session, cancel).await {
            Fate::Answered(_, Answer::Taken) => Ok(()),
            Fate::Answered(_, Answer::NoSuchOrder) | Fate::NoSuchOrder => {
                Err(CancelError::NoSuchOrder(cancel.key().clone()))
            }
            Fate::Answered(_, Answer::Refused(reason)) | Fate::Refused(reason) => {
                Err(CancelError::Refused { reason })
            }
            Fate::NotSent(cause) => Err(CancelError::NotSent(cause)),
            fate => Err(CancelError::OutcomeUnknown(unknown(fate))),
        }
    }

    async fn cancel_everything(&self) -> Result<(), CancelError> {
        let session = self.session().map_err(|error| CancelError::NotSent(Box::new(error)))?;
        match self.send_cancel_everything(&session).await {
            Ok(()) => Ok(()),
            Err(Fate::NotSent(cause)) => Err(CancelError::NotSent(cause)),
            Err(fate) => Err(CancelError::OutcomeUnknown(unknown(fate))),
        }
    }

    async fn events(&self) -> Result<OrderEvents, GatewayError> {
        self.session().map_err(|error| GatewayError::Unavailable(Box::new(error)))?;
        Ok(self.inner.desk.listen().boxed())
    }

    async fn open_orders(&self) -> Result<Snapshot<BrokerOrder>, GatewayError> {
        self.list_open().await
    }

    async fn completed_orders(&self) -> Result<Snapshot<BrokerOrder>, GatewayError> {
        self.list_completed().await
    }

    async fn executions(&self, since: Timestamp) -> Result<Snapshot<Execution>, GatewayError> {
        self.list_executions(since).await
    }
}
