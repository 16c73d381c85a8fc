//! [`OrderGateway`]: orders in, the broker's words about them out.

use crate::FakeBroker;
use crate::exchange::{ExchangeEvent, Input, OrderRecord};
use crate::fault::WayFault;
use crate::queue::queue;
use crate::state::State;
use async_trait::async_trait;
use futures::StreamExt;
use tradeport_kernel::{Cause, OrderKey, Snapshot, Timestamp, UnreadRow};
use tradeport_orders::{
    Accepted, BrokerOrder, BrokerStatus, CancelError, ClearedCancel, ClearedChange, ClearedOrder,
    ClearedPreview, Execution, GatewayError, OrderEvents, OrderGateway, OrderPreview, PlacedBy, PreviewError,
    SubmitError,
};

/// A fault of the way that a script armed.
#[derive(Debug, thiserror::Error)]
enum Scripted {
    #[error("a scripted fault kept it from leaving")]
    NotSent,
    #[error("a scripted fault lost the answer")]
    AnswerLost,
    #[error("a scripted fault lost it on the way")]
    RequestLost,
}

/// What became of a request on its way.
enum Way {
    Answered(Option<ExchangeEvent>),
    NotSent(Cause),
    Unknown(Cause),
}

impl State {
    fn send(&mut self, input: Input) -> Way {
        let now = self.exchange.now();
        match self.way_faults.pop_front() {
            Some(WayFault::NotSent) => Way::NotSent(Box::new(Scripted::NotSent)),
            Some(WayFault::RequestLost) => Way::Unknown(Box::new(Scripted::RequestLost)),
            Some(WayFault::AnswerLost) => {
                self.input(input, now);
                Way::Unknown(Box::new(Scripted::AnswerLost))
            }
            None => Way::Answered(self.input(input, now)),
        }
    }

    fn broker_order(&self, order: &OrderRecord<'_>, status: BrokerStatus) -> BrokerOrder {
        let of_epoch = self.epoch_begins_at.is_some_and(|first| order.broker_order_id >= first);
        BrokerOrder {
            key: Some(order.intent.key().clone()),
            perm_id: Some(order.perm_id),
            broker_order_id: of_epoch.then_some(order.broker_order_id),
            account: order.intent.account().clone(),
            symbol: order.intent.symbol(),
            side: order.intent.side(),
            size: order.quantity.into(),
            kind: Some(*order.kind),
            time_in_force: Some(order.time_in_force),
            parent: order.intent.parent().and_then(|key| self.exchange.status_of(key)?.perm_id),
            group: order.intent.oca().cloned(),
            status,
            placed_by: Some(PlacedBy::ThisClient),
        }
    }
}

impl State {
    /// A whole answer: of rows that are told so that nobody can read them there is the name.
    fn answer<T>(
        &self,
        rows: Vec<T>,
        key_of: fn(&T) -> Option<&OrderKey>,
        name: fn(&T) -> String,
    ) -> Snapshot<T> {
        let unreadable = |row: &T| key_of(row).is_some_and(|key| self.unreadable.contains(key));
        let (unread, rows): (Vec<T>, Vec<T>) = rows.into_iter().partition(unreadable);
        let named = |row: &T| UnreadRow {
            name: name(row),
            key: key_of(row).cloned(),
            reason: "a script made it unreadable".to_owned(),
        };
        let unread = unread.iter().map(named).collect();
        Snapshot::complete(self.epoch, self.exchange.now(), rows).with_unread(unread)
    }

    fn orders(&self, rows: Vec<BrokerOrder>) -> Snapshot<BrokerOrder> {
        let name =
            |row: &BrokerOrder| row.perm_id.map_or_else(|| "order".to_owned(), |id| format!("order {id}"));
        self.answer(rows, |row| row.key.as_ref(), name)
    }
}

fn silence() -> SubmitError {
    SubmitError::OutcomeUnknown("the exchange gave no answer".into())
}

#[async_trait]
impl OrderGateway for FakeBroker {
    async fn submit(&self, order: &ClearedOrder) -> Result<Accepted, SubmitError> {
        let mut state = self.linked().map_err(SubmitError::NotSent)?;
        let intent = order.intent().clone();
        let input = if order.is_held_back() { Input::Hold { intent } } else { Input::Submit { intent } };
        match state.send(input) {
            Way::NotSent(cause) => Err(SubmitError::NotSent(cause)),
            Way::Unknown(cause) => Err(SubmitError::OutcomeUnknown(cause)),
            Way::Answered(Some(ExchangeEvent::Taken { perm_id, broker_order_id, .. })) => {
                Ok(Accepted { epoch: state.epoch, perm_id: Some(perm_id), broker_order_id })
            }
            Way::Answered(Some(ExchangeEvent::Refused { reason, .. })) => {
                Err(SubmitError::Refused { reason })
            }
            Way::Answered(_) => Err(silence()),
        }
    }

    async fn preview(&self, order: &ClearedPreview) -> Result<OrderPreview, PreviewError> {
        let state = self.linked().map_err(PreviewError::Unavailable)?;
        state.exchange.preview(order.intent()).map_err(|reason| PreviewError::Refused { reason })
    }

    async fn change(&self, change: &ClearedChange) -> Result<(), SubmitError> {
        let mut state = self.linked().map_err(SubmitError::NotSent)?;
        let input = Input::Change { key: change.key().clone(), change: Box::new(change.change().clone()) };
        match state.send(input) {
            Way::NotSent(cause) => Err(SubmitError::NotSent(cause)),
            Way::Unknown(cause) => Err(SubmitError::OutcomeUnknown(cause)),
            Way::Answered(Some(ExchangeEvent::Changed { .. })) => Ok(()),
            Way::Answered(Some(ExchangeEvent::ChangeRefused { reason, .. })) => {
                Err(SubmitError::Refused { reason })
            }
            Way::Answered(_) => Err(silence()),
        }
    }

    async fn cancel(&self, cancel: &ClearedCancel) -> Result<(), CancelError> {
        let mut state = self.linked().map_err(CancelError::NotSent)?;
        match state.send(Input::Cancel { key: cancel.key().clone() }) {
            Way::NotSent(cause) => Err(CancelError::NotSent(cause)),
            Way::Unknown(cause) => Err(CancelError::OutcomeUnknown(cause)),
            Way::Answered(Some(ExchangeEvent::CancelTaken { .. })) => Ok(()),
            Way::Answered(Some(ExchangeEvent::NoSuchOrder { key })) => Err(CancelError::NoSuchOrder(key)),
            Way::Answered(_) => Err(CancelError::OutcomeUnknown("the exchange gave no answer".into())),
        }
    }

    async fn cancel_everything(&self) -> Result<(), CancelError> {
        let mut state = self.linked().map_err(CancelError::NotSent)?;
        let fault = state.way_faults.pop_front();
        match fault {
            Some(WayFault::NotSent) => return Err(CancelError::NotSent(Box::new(Scripted::NotSent))),
            Some(WayFault::RequestLost) => {
                return Err(CancelError::OutcomeUnknown(Box::new(Scripted::RequestLost)));
            }
            Some(WayFault::AnswerLost) | None => {}
        }
        let now = state.exchange.now();
        let keys: Vec<_> =
            state.exchange.open_orders().iter().map(|(order, _)| order.intent.key().clone()).collect();
        for key in keys {
            state.input(Input::Cancel { key }, now);
        }
        match fault {
            Some(_) => Err(CancelError::OutcomeUnknown(Box::new(Scripted::AnswerLost))),
            None => Ok(()),
        }
    }

    async fn events(&self) -> Result<OrderEvents, GatewayError> {
        let mut state = self.linked().map_err(GatewayError::Unavailable)?;
        let (sender, reader) = queue();
        state.orders.push(sender);
        Ok(reader.boxed())
    }

    async fn open_orders(&self) -> Result<Snapshot<BrokerOrder>, GatewayError> {
        let state = self.answering()?;
        let open = state.exchange.open_orders();
        let rows = open.into_iter().map(|(order, status)| state.broker_order(&order, status)).collect();
        Ok(state.orders(rows))
    }

    async fn completed_orders(&self) -> Result<Snapshot<BrokerOrder>, GatewayError> {
        let state = self.answering()?;
        let ended = state.exchange.ended_orders();
        let rows = ended.map(|(order, status)| state.broker_order(&order, status.clone())).collect();
        Ok(state.orders(rows))
    }

    async fn executions(&self, since: Timestamp) -> Result<Snapshot<Execution>, GatewayError> {
        let state = self.answering()?;
        let rows =
            state.exchange.executions().iter().filter(|execution| execution.at >= since).cloned().collect();
        Ok(state.answer(rows, |row: &Execution| row.key.as_ref(), |row| format!("execution {}", row.id)))
    }
}
