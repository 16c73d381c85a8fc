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
//! than the order allows. The child waits until its parent has ended, and goes then for all that has filled; without any
//! fill it ends with its parent. Left out: a child that grows while its parent fills.

use super::held::{Held, PermId};
use crate::server::family::parts::Parts;
use rust_decimal::RoundingStrategy;
use rust_decimal::prelude::FromPrimitive;
use tradeport_contracts::Contract;
use tradeport_kernel::Decimal;
use tradeport_orders::{Hedge, HedgeKind, OrderSize};

/// The hedge that an order is, while nobody has said how large it is.
pub(super) fn hedge_of(held: &Held) -> Option<Hedge> {
    let hedge = held.wording.intent.said()?.hedge?;
    (held.wording.intent.size() == OrderSize::FollowsParent).then_some(hedge)
}

impl Parts<'_> {
    /// Gives a hedge the size that its parent's fills call for; `false` when they call for none.
    pub(super) fn size_hedge(&mut self, child: PermId, parent: PermId) -> bool {
        let Some(held) = self.shared.orders.live(child) else { return false };
        let Some(hedge) = hedge_of(held) else { return true };
        let Some(parent) = self.shared.orders.ended(parent) else { return false };
        let units = self.hedging_units(&hedge, parent, &held.contract);
        let lot = held.contract.lot();
        let most = hedge.max_size.map_or(Decimal::MAX, Decimal::from);
        let lots = units.and_then(|units| units.checked_div(lot));
        let lots = lots.map(|lots| lots.round_dp_with_strategy(0, RoundingStrategy::MidpointAwayFromZero));
        let units = lots.and_then(|lots| lots.checked_mul(lot)).unwrap_or_default();
        let units = if units > most { most - most.checked_rem(lot).unwrap_or_default() } else { units };
        if units <= Decimal::ZERO {
            return false;
        }
        if let Some(held) = self.shared.orders.live_mut(child) {
            held.total = units;
            held.wording.wire.total_quantity = Some(super::tell::plain(units));
            held.told = None;
        }
        true
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
    fn delta_of(&self, contract: &Contract) -> Option<Decimal> {
        let option = self.world.tape(contract).and_then(|tape| tape.option(self.world.now()));
        let Some((model, volatility)) = option else { return Some(Decimal::ONE) };
        Decimal::from_f64(model.greeks(volatility).delta)
    }
}
