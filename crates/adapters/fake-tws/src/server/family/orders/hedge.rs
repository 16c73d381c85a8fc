//! Orders that hedge their parent: how many units what has filled calls for.
//!
//! | hedge | units of the child |
//! | --- | --- |
//! | delta | the parent's units, times its multiplier and its delta now, without its sign |
//! | beta | the parent's value times the beta, in units of the child at its price; a beta of one when none is given |
//! | currency | the parent's value in its currency: so many where that is the pair's first, else divided by the pair's price |
//! | pair | the parent's units times the ratio |
//!
//! Values are those at which the parent has filled. Units are rounded to whole lots, halves away from zero, and are no more
//! than the order allows. The child grows with each fill of its parent and never shrinks: what it has at the exchange is made
//! larger, or, where that has filled, the rest goes out anew. It ends once its parent has ended and it has filled; without any
//! fill of its parent it ends with it.

use super::held::{Held, PermId, Place, Status};
use crate::server::family::parts::Parts;
use rust_decimal::RoundingStrategy;
use rust_decimal::prelude::FromPrimitive;
use tradeport_contracts::Contract;
use tradeport_fake_broker::exchange::Input;
use tradeport_kernel::{Decimal, Quantity};
use tradeport_orders::{BrokerPhase, Hedge, HedgeKind, OrderChange, OrderSize};

/// The hedge that an order is, while nobody has said how large it is.
pub(super) fn hedge_of(held: &Held) -> Option<Hedge> {
    let hedge = held.wording.intent.said()?.hedge?;
    (held.wording.intent.size() == OrderSize::FollowsParent).then_some(hedge)
}

impl Parts<'_> {
    /// A parent has traded: its hedges grow with it.
    pub(super) fn grow_hedges(&mut self, parent: PermId) {
        for child in self.shared.orders.children(parent) {
            if self.size_hedge(child, parent) {
                self.order_more(child);
            }
        }
    }

    /// Gives a hedge the size that its parent's fills call for; `false` when it needs no more than it has.
    fn size_hedge(&mut self, child: PermId, parent: PermId) -> bool {
        let orders = &self.shared.orders;
        let Some(held) = orders.live(child) else { return false };
        let Some(hedge) = hedge_of(held) else { return false };
        let Some(parent) = orders.live(parent) else { return false };
        let units = self.hedging_units(&hedge, parent, &held.contract);
        let lot = held.contract.lot();
        let most = hedge.max_size.map_or(Decimal::MAX, Decimal::from);
        let lots = units.and_then(|units| units.checked_div(lot));
        let lots = lots.map(|lots| lots.round_dp_with_strategy(0, RoundingStrategy::MidpointAwayFromZero));
        let units = lots.and_then(|lots| lots.checked_mul(lot)).unwrap_or_default();
        let units = if units > most { most - most.checked_rem(lot).unwrap_or_default() } else { units };
        let grows = units > held.total;
        if let Some(held) = self.shared.orders.live_mut(child).filter(|_| grows) {
            held.total = units;
            held.wording.wire.total_quantity = Some(super::tell::plain(units));
            held.told = None;
        }
        grows
    }

    /// A hedge has grown: the exchange gets what it lacks of it.
    fn order_more(&mut self, child: PermId) {
        let Some(held) = self.shared.orders.live(child) else { return };
        match held.place {
            Place::Untransmitted => {}
            Place::Resting => self.send(child),
            Place::Exchange => {
                let works =
                    self.phase_at_exchange(&held.key).is_some_and(|phase| phase != BrokerPhase::Filled);
                // What has filled there is not told here yet: the rest goes out then.
                if let Ok(quantity) = Quantity::new(held.total - held.before)
                    && works
                {
                    let change = OrderChange { quantity: Some(quantity), ..OrderChange::default() };
                    self.world.input(Input::Change { key: held.key.clone(), change: Box::new(change) });
                }
            }
        }
    }

    /// What the exchange has of a hedge has filled. Tells whether it goes on, because its parent does.
    pub(super) fn hedge_goes_on(&mut self, child: PermId) -> bool {
        let Some(held) = self.shared.orders.live_mut(child) else { return false };
        let lacks = !held.remaining().is_zero();
        if hedge_of(held).is_none() || (held.parent.is_none() && !lacks) {
            return false;
        }
        held.place = Place::Resting;
        self.stands(child, Status::Submitted);
        self.renew_key(child);
        if lacks {
            self.send(child);
        }
        true
    }

    /// The parent of a hedge has ended: so does a hedge that has nothing left to trade. Tells whether it lives on.
    pub(super) fn outlives_parent(&mut self, child: PermId) -> bool {
        let Some(held) = self.shared.orders.live_mut(child) else { return false };
        held.parent = None;
        let (is_done, has_traded) = (held.remaining().is_zero(), !held.filled.is_zero());
        if is_done && has_traded && held.place != Place::Exchange {
            self.end_order(child, Status::Filled, "");
        }
        !is_done || has_traded
    }

    fn hedging_units(&self, hedge: &Hedge, parent: &Held, child: &Contract) -> Option<Decimal> {
        let value = || {
            let value = parent.value.checked_mul(parent.contract.multiplier())?;
            Some(value.abs())
        };
        let price = || {
            let price = self.world.quote(child)?.mid()?.as_decimal();
            price.checked_mul(child.multiplier())
        };
        match hedge.kind {
            HedgeKind::Pair { ratio } => Some(parent.filled.checked_mul(ratio)?.abs()),
            HedgeKind::Beta { beta } => {
                let weighed = value()?.checked_mul(beta.unwrap_or(Decimal::ONE))?;
                Some(weighed.checked_div(price()?)?.abs())
            }
            HedgeKind::Currency => {
                let first = &child.instrument().description().symbol;
                let is_first = first.as_deref() == Some(parent.contract.currency().as_str());
                if is_first { value() } else { value()?.checked_div(price()?) }
            }
            HedgeKind::Delta => {
                let units = parent.filled.checked_mul(parent.contract.multiplier())?;
                Some(units.checked_mul(self.delta_of(&parent.contract)?)?.abs())
            }
        }
    }

    /// How many units of what it is on move as one unit of an instrument: one for what is no option.
    pub(super) fn delta_of(&self, contract: &Contract) -> Option<Decimal> {
        let option = self.world.tape(contract).and_then(|tape| tape.option(self.world.now()));
        let Some((model, volatility)) = option else { return Some(Decimal::ONE) };
        Decimal::from_f64(model.greeks(volatility).delta)
    }
}
