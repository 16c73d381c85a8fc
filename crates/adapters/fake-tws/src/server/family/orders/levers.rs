//! What scripts do to an order from outside: trades, corrections, and lies about it.
//!
//! An order is named by its durable number; without one, the newest is meant that can be.

use super::held::{Held, PermId, Status};
use super::place::exchange_key;
use super::reports::Report;
use super::tell::order_status;
use crate::server::error::{ApiError, Code};
use crate::server::family::parts::Parts;
use crate::wire::proto;
use tradeport_fake_broker::exchange::Input;
use tradeport_kernel::{Decimal, Price, Quantity};

impl Parts<'_> {
    /// Trades all that is left of a working order.
    pub(crate) fn fill(&mut self, order: Option<i64>) {
        let Some(held) = self.lever(order) else { return };
        if let Ok(quantity) = Quantity::new(held.remaining()) {
            let key = held.key.clone();
            self.world.input(Input::Trade { key, quantity });
        }
    }

    /// Corrects the price of the last execution.
    pub(crate) fn correct_last(&mut self, order: Option<i64>, by: Decimal) {
        let Some(last) = self.last_report(order) else { return };
        let price = last.execution.price.as_decimal().checked_add(by).and_then(|it| Price::new(it).ok());
        if let Some((price, key)) = price.zip(last.execution.key.clone()) {
            self.world.input(Input::Correct { key, price });
        }
    }

    /// Corrects the quantity of the last execution, or takes it back.
    pub(crate) fn bust_last(&mut self, order: Option<i64>, left: Option<Decimal>) {
        let Some(key) = self.last_report(order).and_then(|it| it.execution.key.clone()) else { return };
        let left = left.and_then(|left| Quantity::new(left).ok());
        self.world.input(Input::Bust { key, left });
    }

    /// Reports the last execution once more.
    pub(crate) fn repeat_last(&mut self, order: Option<i64>) {
        if let Some(key) = self.last_report(order).and_then(|it| it.execution.key.clone()) {
            self.world.input(Input::Repeat { key });
        }
    }

    /// What the client of an order is told when its status is said to be another than it is, and which client that is.
    pub(crate) fn pretend(
        &self,
        order: Option<i64>,
        status: &str,
    ) -> Option<(i32, proto::OrderStatus, Option<proto::ErrorMessage>)> {
        let held = self.lever(order)?;
        let told = proto::OrderStatus { status: Some(status.to_owned()), ..order_status(held) };
        let error = (status == Status::Cancelled.text()).then(|| {
            let error = ApiError::about(held.order_id, Code::OrderCancelled, "Order Canceled - reason:");
            error.message(self.world.now())
        });
        Some((held.client_id, told, error))
    }

    /// A change of an order becomes a second order with the same id.
    pub(crate) fn double(
        &mut self,
        client_id: i32,
        change: &proto::PlaceOrderRequest,
    ) -> Result<(), ApiError> {
        let id = change.order_id.unwrap_or_default();
        let (Some(order), Some(contract)) = (&change.order, &change.contract) else {
            return Err(ApiError::invalid(id, "an order and its contract are needed"));
        };
        let perm_id = self.shared.orders.next_perm_id();
        let key = exchange_key(perm_id, 0);
        let understood = self.understand(client_id, id, order, contract, None, &key)?;
        self.take_in(client_id, id, (perm_id, key), understood);
        self.transmit(perm_id);
        Ok(())
    }

    /// The durable number of a live order that a client calls so.
    pub(crate) fn live_order(&self, client_id: i32, order_id: i32) -> Option<i64> {
        self.shared.orders.find(client_id, order_id).map(|held| held.perm_id.0)
    }

    fn lever(&self, order: Option<i64>) -> Option<&Held> {
        match order {
            Some(order) => self.shared.orders.live(PermId(order)),
            None => self.shared.orders.all_live().last(),
        }
    }

    fn last_report(&self, order: Option<i64>) -> Option<&Report> {
        let is_its = |it: &&Report| order.is_none_or(|order| it.perm_id.0 == order);
        self.shared.orders.reports.all().filter(is_its).last()
    }
}
