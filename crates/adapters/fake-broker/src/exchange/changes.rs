//! Changes and cancels of orders that are live.

use super::admission::Refusal;
use super::order::{LiveOrder, Slot, Stage};
use super::sessions::Timer;
use super::{Effect, Exchange, ExchangeEvent};
use tradeport_kernel::{OrderKey, Quantity};
use tradeport_orders::{BrokerPhase, OrderChange, OrderKind};

impl Exchange {
    /// Changes an order at once. It keeps its place in time unless its prices change or its quantity grows. A kind stays what
    /// it is, but a stop may become another sort of
    /// stop, and a market order may get a limit.
    pub(super) fn change(&mut self, key: &OrderKey, change: &OrderChange, out: &mut Vec<Effect>) {
        let Some(slot) = self.live(key) else {
            let (key, reason) = (key.clone(), Refusal::NotLive(key.clone()).to_string());
            return self.say(ExchangeEvent::ChangeRefused { key, reason }, out);
        };
        match self.try_change(slot, change) {
            Err(refusal) => {
                let (key, reason) = (key.clone(), refusal.to_string());
                self.say(ExchangeEvent::ChangeRefused { key, reason }, out);
            }
            Ok(again) => {
                self.say(ExchangeEvent::Changed { key: key.clone() }, out);
                if again && self.orders[slot].stage != Stage::InFlight {
                    self.place_again(slot, out);
                } else {
                    self.tell(slot, out);
                }
            }
        }
    }

    /// Makes the change, or leaves everything as it was; tells whether the order must take its place again.
    fn try_change(&mut self, slot: Slot, change: &OrderChange) -> Result<bool, Refusal> {
        if change.time_in_force.is_some() || change.outside_sessions.is_some() || change.conditions.is_some()
        {
            return Err(Refusal::Unsupported("changes of other things than quantity and prices"));
        }
        let order = &self.orders[slot];
        if change.quantity.is_some() && order.intent.quantity().is_none() {
            return Err(Refusal::Unsupported("another quantity for an order that money sizes"));
        }
        let quantity = change.quantity.unwrap_or(order.quantity);
        let kind = change.kind.unwrap_or(*order.kind());
        self.check_change(order, quantity, kind)?;
        let again = kind != *order.kind() || quantity > order.quantity;
        let before = (order.quantity, *order.kind(), order.limit, order.trail_stop, order.held_units);
        let shares = order.shares.clone();
        let listed = order.stage;
        // Lists are sorted by prices, so an order leaves its list before they change.
        if again {
            self.unlist(slot);
        }
        self.release(slot);
        self.orders[slot].reword(quantity, kind);
        self.share_anew(slot);
        self.keep(slot);
        let funded = if self.waits_for_parent(&self.orders[slot]) { Ok(()) } else { self.refund(slot) };
        if funded.is_err() {
            self.release(slot);
            let order = &mut self.orders[slot];
            let kind;
            (order.quantity, kind, order.limit, order.trail_stop, order.held_units) = before;
            order.set_kind(kind);
            order.shares = shares;
            self.keep(slot);
        } else if again {
            let place = self.count();
            let order = &mut self.orders[slot];
            (order.rank, order.resting, order.queue_ahead) = (place, false, None);
        }
        if again {
            self.enlist(slot, listed);
        }
        funded.map(|()| again)
    }

    fn check_change(&self, order: &LiveOrder, quantity: Quantity, kind: OrderKind) -> Result<(), Refusal> {
        self.check_lot(order.market, quantity)?;
        self.check_prices(order.market, &kind)?;
        if kind.name() != order.kind().name() && !may_become(order.kind(), &kind) {
            return Err(Refusal::OtherKind { found: order.kind().name(), wanted: kind.name() });
        }
        if order.triggered && kind.trigger_price() != order.kind().trigger_price() {
            return Err(Refusal::Triggered);
        }
        if quantity.as_decimal() <= order.filled {
            return Err(Refusal::BelowFilled { filled: order.filled, wanted: quantity });
        }
        let mut draft = order.intent.to_draft();
        draft.kind = kind;
        draft.check().map(|_| ()).map_err(|error| Refusal::Wording(error.to_string()))
    }

    fn place_again(&mut self, slot: Slot, out: &mut Vec<Effect>) {
        if matches!(self.orders[slot].stage, Stage::Parent | Stage::HeldBack) {
            return self.tell(slot, out);
        }
        self.unlist(slot);
        self.orders[slot].stage = Stage::InFlight;
        self.place(slot, out);
    }

    /// Cancels an order, once the cancel has reached the book.
    pub(super) fn cancel(&mut self, key: &OrderKey, out: &mut Vec<Effect>) {
        let Some(slot) = self.live(key) else {
            return self.say(ExchangeEvent::NoSuchOrder { key: key.clone() }, out);
        };
        self.say(ExchangeEvent::CancelTaken { key: key.clone() }, out);
        if self.orders[slot].cancel_asked {
            return;
        }
        let delay = self.delay();
        if delay.is_zero() {
            return self.end(slot, BrokerPhase::Cancelled, None, out);
        }
        let perm_id = self.orders[slot].perm_id;
        self.orders[slot].cancel_asked = true;
        self.set_timer(self.now.after(delay), Timer::Cancel(slot, perm_id));
        self.tell(slot, out);
    }
}

/// What is left of a market order may get a limit, and stops may become one another, as adjustable stops do.
const fn may_become(from: &OrderKind, to: &OrderKind) -> bool {
    matches!((from, to), (OrderKind::Market, OrderKind::Limit { .. })) || is_stop(from) && is_stop(to)
}

const fn is_stop(kind: &OrderKind) -> bool {
    matches!(
        kind,
        OrderKind::Stop { .. }
            | OrderKind::StopLimit { .. }
            | OrderKind::Trail { .. }
            | OrderKind::TrailLimit { .. }
    )
}
