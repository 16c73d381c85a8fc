//! Changes and cancels of orders that are live.

use super::admission::{Refusal, check_time_in_force};
use super::order::{LiveOrder, Slot, Stage, Standing};
use super::sessions::Timer;
use super::{Effect, Exchange, ExchangeEvent};
use tradeport_kernel::{OrderKey, Quantity};
use tradeport_orders::{BrokerPhase, ConditionChange, OrderChange, OrderKind};

impl Exchange {
    /// Changes an order at once: prices, quantity, how long it stands, and whether it trades outside of sessions. It keeps its
    /// place in time unless its prices change, its quantity grows, or it waits for something else from then on. A kind stays
    /// what it is, but any may become a market order that is for no auction, a stop may become another sort of stop, and a
    /// market order may get a limit.
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
        // No order here has any.
        if matches!(change.conditions, Some(ConditionChange::To(_))) {
            return Err(Refusal::Unsupported("conditions"));
        }
        let order = &self.orders[slot];
        if change.quantity.is_some() && order.intent.quantity().is_none() {
            return Err(Refusal::Unsupported("another quantity for an order that money sizes"));
        }
        let quantity = change.quantity.unwrap_or(order.quantity);
        let kind = change.kind.unwrap_or(*order.kind());
        let standing = order.how_it_stands().after(change);
        self.check_change(order, quantity, kind, standing)?;
        let before = (order.quantity, *order.kind(), order.limit, order.trail_stop, order.held_units);
        let stood = order.how_it_stands();
        let again = kind != *order.kind() || quantity > order.quantity || self.waits_anew(order, standing);
        let shares = order.shares.clone();
        let listed = order.stage;
        // Lists are sorted by prices, so an order leaves its list before they change.
        if again {
            self.unlist(slot);
        }
        self.release(slot);
        self.orders[slot].reword(quantity, kind);
        self.orders[slot].set_standing(standing);
        self.share_anew(slot);
        self.keep(slot);
        let funded = if self.waits_for_parent(&self.orders[slot]) { Ok(()) } else { self.refund(slot) };
        if funded.is_err() {
            self.release(slot);
            let order = &mut self.orders[slot];
            let kind;
            (order.quantity, kind, order.limit, order.trail_stop, order.held_units) = before;
            order.set_kind(kind);
            order.set_standing(stood);
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
        // One that is held back has its end set when it sets out.
        if funded.is_ok() && stood.time_in_force != standing.time_in_force && listed != Stage::HeldBack {
            self.set_end(slot);
        }
        funded.map(|()| again)
    }

    /// Does the order belong elsewhere when it stands like this: to what trades at once or never, or to another session?
    fn waits_anew(&self, order: &LiveOrder, standing: Standing) -> bool {
        let mut then = order.clone();
        then.set_standing(standing);
        let closed = self.markets[order.market].session.is_none();
        then.is_immediate() != order.is_immediate()
            || closed && then.outside_sessions() != order.outside_sessions()
    }

    fn check_change(
        &self,
        order: &LiveOrder,
        quantity: Quantity,
        kind: OrderKind,
        standing: Standing,
    ) -> Result<(), Refusal> {
        self.check_lot(order.market, quantity)?;
        self.check_prices(order.market, &kind)?;
        if kind.name() != order.kind().name() && !may_become(order.kind(), &kind) {
            return Err(Refusal::OtherKind { found: order.kind().name(), wanted: kind.name() });
        }
        let to_market = kind == OrderKind::Market;
        if order.triggered && !to_market && kind.trigger_price() != order.kind().trigger_price() {
            return Err(Refusal::Triggered);
        }
        if quantity.as_decimal() <= order.filled {
            return Err(Refusal::BelowFilled { filled: order.filled, wanted: quantity });
        }
        let mut draft = order.intent.to_draft();
        draft.kind = kind;
        draft.time_in_force = standing.time_in_force.unwrap_or(draft.time_in_force);
        draft.outside_sessions = standing.outside_sessions.unwrap_or(draft.outside_sessions);
        let wording = draft.check().map_err(|error| Refusal::Wording(error.to_string()))?;
        if standing == order.how_it_stands() {
            return Ok(());
        }
        check_time_in_force(wording.time_in_force())?;
        self.check_time(order.market, &wording)
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

/// All that is for no auction may become a market order; what is left of a market order may get a limit, and stops may become
/// one another, as adjustable stops do.
const fn may_become(from: &OrderKind, to: &OrderKind) -> bool {
    matches!(to, OrderKind::Market) && !from.is_auction()
        || matches!((from, to), (OrderKind::Market, OrderKind::Limit { .. }))
        || is_stop(from) && is_stop(to)
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
