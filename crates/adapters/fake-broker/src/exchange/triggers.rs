//! Orders that sleep until a price is seen, and stops that follow the market.

use super::market::Market;
use super::order::{LiveOrder, Slot, Stage, Watch};
use super::{Effect, Exchange};
use tradeport_kernel::{Decimal, Price};
use tradeport_orders::{OrderKind, Side, TrailBy};

impl Exchange {
    /// Wakes what the displayed prices wake, in the order in which it wakes.
    pub(super) fn trigger(&mut self, index: usize, out: &mut Vec<Effect>) {
        for watch in Watch::ALL {
            while let Some(slot) = self.markets[index].asleep[watch as usize].first().copied() {
                if !self.is_due(&self.orders[slot], watch) {
                    break;
                }
                self.wake(slot, out);
            }
        }
        let mut at = 0;
        while let Some(slot) = self.markets[index].trailing.get(at).copied() {
            if self.follow(slot) {
                self.wake(slot, out);
            } else {
                at += 1;
            }
        }
    }

    /// For an order that has just been put to sleep: the market may be there already.
    pub(super) fn wake_if_triggered(&mut self, slot: Slot, out: &mut Vec<Effect>) {
        let due = match self.orders[slot].stage {
            Stage::Asleep(watch) => self.is_due(&self.orders[slot], watch),
            Stage::Trailing => self.follow(slot),
            _ => false,
        };
        if due {
            let (market, side) = (self.orders[slot].market, self.orders[slot].side());
            self.wake(slot, out);
            self.match_side(market, side, out);
            self.end_immediates(market, out);
        }
    }

    fn is_due(&self, order: &LiveOrder, watch: Watch) -> bool {
        let market = &self.markets[order.market];
        let (Some(seen), Some(trigger)) = (market.watched(watch), order.kind().trigger_price()) else {
            return false;
        };
        if watch.rises() { seen >= trigger } else { seen <= trigger }
    }

    /// Lets a trailing stop follow the market; tells whether the market has come back to it.
    fn follow(&mut self, slot: Slot) -> bool {
        let order = &self.orders[slot];
        let (OrderKind::Trail { by, .. } | OrderKind::TrailLimit { by, .. }) = *order.kind() else {
            return false;
        };
        let market = &self.markets[order.market];
        let side = order.side();
        let Some(seen) = market.opposite(side).map(|shown| shown.price) else { return false };
        let followed = behind(market, side, seen, by);
        let stop = match (order.trail_stop, followed, side) {
            (Some(stop), Some(followed), Side::Buy) => Some(stop.min(followed)),
            (Some(stop), Some(followed), Side::Sell) => Some(stop.max(followed)),
            (stop, followed, _) => stop.or(followed),
        };
        self.orders[slot].trail_stop = stop;
        match (stop, side) {
            (None, _) => false,
            (Some(stop), Side::Buy) => seen >= stop,
            (Some(stop), Side::Sell) => seen <= stop,
        }
    }

    /// The order is triggered: from now on it is a market or a limit order.
    fn wake(&mut self, slot: Slot, out: &mut Vec<Effect>) {
        self.unlist(slot);
        let order = &mut self.orders[slot];
        order.triggered = true;
        if let (OrderKind::TrailLimit { limit_offset, .. }, Some(stop)) = (*order.kind(), order.trail_stop) {
            let offset = if order.side() == Side::Buy { limit_offset } else { -limit_offset };
            let limit = stop.as_decimal().checked_add(offset).and_then(|limit| Price::new(limit).ok());
            order.limit = limit.or(Some(stop));
        }
        self.enlist(slot, Stage::Working);
        self.tell(slot, out);
    }
}

/// The stop that lies `by` behind the market, on the price step; `None` when there is no such price.
fn behind(market: &Market, side: Side, seen: Price, by: TrailBy) -> Option<Price> {
    let seen = seen.as_decimal();
    let distance = match by {
        TrailBy::Amount(amount) => amount,
        TrailBy::Percent(percent) => seen.checked_mul(percent)?.checked_div(Decimal::ONE_HUNDRED)?,
    };
    let raw = if side == Side::Buy { seen.checked_add(distance)? } else { seen.checked_sub(distance)? };
    market.on_step(raw)
}
