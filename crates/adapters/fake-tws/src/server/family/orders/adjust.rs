//! Adjustable stops: stops that turn into others once the market reaches a price.
//!
//! To sell, the bid rises to that price; to buy, the ask falls to it. The order keeps its number and its family, and says
//! from then on that it is what it has become. What was triggered before is adjusted no more, and a child not before its
//! parent has filled.

use super::held::{Held, PermId, Place, Wording};
use super::send::traded_kind;
use crate::server::family::parts::Parts;
use crate::server::world::World;
use crate::translate::number::to_float;
use crate::wire::proto;
use tradeport_fake_broker::exchange::Input;
use tradeport_orders::{AdjustedStop, BrokerPhase, OrderChange, OrderKind, Side, StopAdjustment, TrailBy};

/// What an order is to turn into, if it is a stop that still may.
fn adjustment_of(held: &Held) -> Option<&StopAdjustment> {
    let adjustment = held.wording.intent.said()?.adjustment.as_ref()?;
    (held.place == Place::Exchange && held.parent.is_none()).then_some(adjustment)
}

/// Must the market be watched for an order?
pub(super) fn is_adjustable(held: &Held) -> bool {
    adjustment_of(held).is_some()
}

/// Has the market come to where an order turns into something else?
pub(super) fn is_due(held: &Held, world: &World) -> bool {
    let (Some(adjustment), Some(quote)) = (adjustment_of(held), world.quote(&held.contract)) else {
        return false;
    };
    match held.side() {
        Side::Sell => quote.bid().is_some_and(|bid| bid.price() >= adjustment.trigger),
        Side::Buy => quote.ask().is_some_and(|ask| ask.price() <= adjustment.trigger),
    }
}

const fn kind_of(stop: AdjustedStop) -> OrderKind {
    match stop {
        AdjustedStop::Stop { stop } => OrderKind::Stop { stop },
        AdjustedStop::StopLimit { stop, limit } => OrderKind::StopLimit { stop, limit },
        AdjustedStop::Trail { stop, by } => OrderKind::Trail { by, stop: Some(stop) },
        AdjustedStop::TrailLimit { stop, limit, by } => {
            OrderKind::TrailLimitFrom { by, stop: Some(stop), limit }
        }
    }
}

/// The order as it is told once it has become another stop.
fn told_as(order: &proto::Order, stop: AdjustedStop) -> proto::Order {
    let price = |price: tradeport_kernel::Price| Some(to_float(price.as_decimal()));
    let (name, at, limit, by) = match stop {
        AdjustedStop::Stop { stop } => ("STP", stop, None, None),
        AdjustedStop::StopLimit { stop, limit } => ("STP LMT", stop, Some(limit), None),
        AdjustedStop::Trail { stop, by } => ("TRAIL", stop, None, Some(by)),
        AdjustedStop::TrailLimit { stop, limit, by } => ("TRAIL LIMIT", stop, Some(limit), Some(by)),
    };
    let (aux, percent) = match by {
        None => (price(at), None),
        Some(TrailBy::Amount(amount)) => (Some(to_float(amount)), None),
        Some(TrailBy::Percent(percent)) => (None, Some(to_float(percent))),
    };
    proto::Order {
        order_type: Some(name.to_owned()),
        aux_price: aux,
        trailing_percent: percent,
        trail_stop_price: by.and(price(at)),
        lmt_price: limit.and_then(price),
        adjusted_order_type: None,
        trigger_price: None,
        adjusted_stop_price: None,
        adjusted_stop_limit_price: None,
        adjusted_trailing_amount: None,
        adjustable_trailing_unit: None,
        ..order.clone()
    }
}

impl Parts<'_> {
    /// Turns a stop into what it was to become.
    pub(super) fn adjust(&mut self, perm_id: PermId) -> Option<()> {
        let held = self.shared.orders.live(perm_id)?;
        let into = adjustment_of(held)?.into;
        // A change of the client's comes first, and what was triggered stays what it is.
        if held.change.is_some() || self.phase_at_exchange(&held.key) != Some(BrokerPhase::Held) {
            return None;
        }
        let mut draft = held.wording.intent.to_draft();
        draft.kind = kind_of(into);
        draft.attributes.adjustment = None;
        let wording = Wording { wire: told_as(&held.wording.wire, into), intent: draft.check().ok()? };
        let kind = traded_kind(wording.intent.kind())?;
        let held = self.shared.orders.live_mut(perm_id)?;
        held.change = Some(wording);
        held.adjusts = true;
        let change = OrderChange { kind: Some(kind), ..OrderChange::default() };
        self.world.input(Input::Change { key: held.key.clone(), change: Box::new(change) });
        Some(())
    }
}
