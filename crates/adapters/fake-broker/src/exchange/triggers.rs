//! Orders that sleep until a price is seen, and stops that follow the market. On a combo the price that is seen is the net of
//! what its legs display, which may be zero or below.

use super::market::Market;
use super::order::{LiveOrder, Slot, Stage, Watch};
use super::{Effect, Exchange};
use tradeport_kernel::{Decimal, Price};
use tradeport_orders::{OrderKind, Side, TrailBy, TrailingLimit};

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
        // What is bought watches offers, what is sold watches bids.
        let shown = self.shown_to(order.market, if watch.is_ask() { Side::Buy } else { Side::Sell });
        let (Some(seen), Some(trigger)) = (shown.map(|it| it.price), order.kind().trigger_price()) else {
            return false;
        };
        if watch.rises() { seen >= trigger } else { seen <= trigger }
    }

    /// Lets a trailing trigger follow the market; tells whether the market has come back to it. A stop to buy and a touch
    /// to sell stay above the market and follow it down; the other two stay below and follow it up.
    fn follow(&mut self, slot: Slot) -> bool {
        let order = &self.orders[slot];
        let (by, touches) = match *order.kind() {
            OrderKind::Trail { by, .. } | OrderKind::TrailLimit { by, .. } => (by, false),
            OrderKind::TrailMarketIfTouched { by, .. } | OrderKind::TrailLimitIfTouched { by, .. } => {
                (by, true)
            }
            _ => return false,
        };
        let market = &self.markets[order.market];
        let Some(seen) = self.shown_to(order.market, order.side()).map(|shown| shown.price) else {
            return false;
        };
        let is_above = (order.side() == Side::Buy) != touches;
        let followed = away(market, is_above, seen, by);
        let trigger = match (order.trail_stop, followed) {
            (Some(trigger), Some(followed)) if is_above => Some(trigger.min(followed)),
            (Some(trigger), Some(followed)) => Some(trigger.max(followed)),
            (trigger, followed) => trigger.or(followed),
        };
        self.orders[slot].trail_stop = trigger;
        trigger.is_some_and(|trigger| if is_above { seen >= trigger } else { seen <= trigger })
    }

    /// The order is triggered: from now on it is a market or a limit order.
    fn wake(&mut self, slot: Slot, out: &mut Vec<Effect>) {
        self.unlist(slot);
        let is_combo = self.is_combo(self.orders[slot].market);
        let order = &mut self.orders[slot];
        order.triggered = true;
        if let Some(trigger) = order.trail_stop {
            let beyond = |offset: Decimal| if order.side() == Side::Buy { offset } else { -offset };
            let offset = match *order.kind() {
                OrderKind::TrailLimit { limit_offset, .. } => Some(beyond(limit_offset)),
                OrderKind::TrailLimitIfTouched { limit: TrailingLimit::Offset(offset), .. } => {
                    Some(beyond(offset))
                }
                OrderKind::TrailLimitIfTouched {
                    limit: TrailingLimit::At(limit), trigger: start, ..
                } => Some(limit.as_decimal() - start.unwrap_or(trigger).as_decimal()),
                _ => None,
            };
            let limit = |offset| {
                let limit = trigger.as_decimal().checked_add(offset)?;
                Price::new(limit).ok().filter(|limit| is_combo || limit.is_positive())
            };
            order.limit = offset.map(|offset| limit(offset).unwrap_or(trigger)).or(order.limit);
        }
        self.enlist(slot, Stage::Working);
        self.tell(slot, out);
    }
}

/// The price that lies `by` above or below the market, on the price step; `None` when there is no such price: a share of a
/// net of nothing is no distance.
fn away(market: &Market, is_above: bool, seen: Price, by: TrailBy) -> Option<Price> {
    let seen = seen.as_decimal();
    let distance = match by {
        TrailBy::Amount(amount) => amount,
        TrailBy::Percent(percent) => seen.abs().checked_mul(percent)?.checked_div(Decimal::ONE_HUNDRED)?,
    };
    if distance.is_zero() {
        return None;
    }
    let raw = if is_above { seen.checked_add(distance)? } else { seen.checked_sub(distance)? };
    market.on_step(raw)
}
