//! Trading against what is displayed. The rules stand in the exchange's own module.

use super::market::{Shown, side_index};
use super::order::{LiveOrder, Slot, Stage};
use super::{Effect, Exchange, ExchangeEvent};
use tradeport_kernel::{Decimal, Price, Quantity};
use tradeport_market_data::Quote;
use tradeport_orders::{BrokerPhase, Side, TimeInForce};

/// What an order does with what is displayed to it.
enum Meeting {
    /// Its price is not reached, and that of no order behind it.
    Beyond,
    /// Not it, but perhaps one behind it.
    Pass,
    /// It trades.
    Trade(Decimal, Price),
}

impl Exchange {
    pub(super) fn quote(&mut self, quote: Quote, out: &mut Vec<Effect>) {
        let Some(index) = self.market_of(quote.symbol()) else {
            return self.say(ExchangeEvent::UnknownSymbol { symbol: quote.symbol() }, out);
        };
        if self.is_combo(index) {
            // It follows from its legs.
            return;
        }
        let default_size = self.liquidity.default_size.as_decimal();
        let market = &mut self.markets[index];
        market.display(quote, default_size);
        let opens = market.session.is_some() && !market.opened;
        if opens {
            market.opened = true;
        }
        let queued = !market.working[0].is_empty() || !market.working[1].is_empty();
        if opens && !self.markets[index].at_open.is_empty() {
            self.auction(index, Stage::OpenAuction, out);
        }
        if queued {
            self.move_queue(index, Side::Buy);
            self.move_queue(index, Side::Sell);
        }
        self.trigger(index, out);
        self.match_side(index, Side::Buy, out);
        self.match_side(index, Side::Sell, out);
        self.end_immediates(index, out);
        self.match_combos(index, out);
    }

    /// What stands ahead of resting orders shrinks: by what is displayed now at their price, and by what the other
    /// side brings to it.
    fn move_queue(&mut self, index: usize, side: Side) {
        let market = &self.markets[index];
        let (own, other) =
            if side == Side::Buy { (market.bid, market.ask) } else { (market.ask, market.bid) };
        let better = |a: Price, b: Price| if side == Side::Buy { a > b } else { a < b };
        for slot in &market.working[side_index(side)] {
            let order = &mut self.orders[*slot];
            let Some(limit) = order.limit else { continue };
            let reached = [own, other].into_iter().flatten().any(|shown| !better(shown.price, limit));
            if !reached {
                break;
            }
            if !order.resting {
                continue;
            }
            match own {
                Some(own) if own.price == limit => {
                    let displayed = own.size.checked_mul(self.liquidity.queue_share).unwrap_or(own.size);
                    order.queue_ahead = Some(order.queue_ahead.unwrap_or(displayed).min(displayed));
                }
                Some(own) if better(limit, own.price) => order.queue_ahead = Some(Decimal::ZERO),
                _ => {}
            }
            if let Some(other) = other.filter(|other| other.price == limit) {
                let ahead = order.queue_ahead.unwrap_or(Decimal::ZERO);
                order.touch_room = (other.size - ahead).max(Decimal::ZERO);
                order.touch_quote = market.quotes;
                order.queue_ahead = Some((ahead - other.size).max(Decimal::ZERO));
            }
        }
    }

    /// Lets the orders of one side trade in their priority until nothing displayed is left or no price is reached.
    pub(super) fn match_side(&mut self, index: usize, side: Side, out: &mut Vec<Effect>) {
        let mut at = 0;
        while let Some(slot) = self.markets[index].working[side_index(side)].get(at).copied() {
            let Some(shown) = self.shown_to(index, side).filter(|shown| !shown.left.is_zero()) else { break };
            match self.meet(&self.orders[slot], shown) {
                Meeting::Beyond => break,
                Meeting::Pass => at += 1,
                Meeting::Trade(quantity, price) => {
                    self.trade_against_quote(slot, quantity, price, out);
                    at = 0;
                }
            }
        }
        if !self.markets[index].unmet[side_index(side)].is_empty() {
            self.rest(index, side);
        }
    }

    fn meet(&self, order: &LiveOrder, shown: Shown) -> Meeting {
        let market = &self.markets[order.market];
        let better = |a: Price, b: Price| if order.side() == Side::Buy { a > b } else { a < b };
        let (price, room) = match order.limit {
            None => (shown.price, shown.left),
            Some(limit) if better(shown.price, limit) => return Meeting::Beyond,
            Some(_) if !order.resting => (shown.price, shown.left),
            Some(limit) if shown.price != limit => (limit, shown.left),
            Some(limit) if order.touch_quote == market.quotes => (limit, shown.left.min(order.touch_room)),
            Some(_) => return Meeting::Pass,
        };
        let mut quantity = order.open().min(room);
        if let Some(slice) = order.quirks.slice {
            if order.sliced_at == market.quotes {
                return Meeting::Pass;
            }
            quantity = quantity.min(slice.as_decimal());
        }
        quantity = market.in_lots(quantity);
        if quantity.is_zero() || quantity < order.least_fill() {
            return Meeting::Pass;
        }
        Meeting::Trade(quantity, price)
    }

    fn trade_against_quote(&mut self, slot: Slot, quantity: Decimal, price: Price, out: &mut Vec<Effect>) {
        let order = &mut self.orders[slot];
        let market = &mut self.markets[order.market];
        order.sliced_at = market.quotes;
        order.touch_room = (order.touch_room - quantity).max(Decimal::ZERO);
        let side = order.side();
        let units =
            Quantity::new(quantity).expect("only a quantity above zero, within an order's, is traded");
        let index = order.market;
        if self.fill(slot, units, price, out) {
            self.take_shown(index, side, quantity);
        }
    }

    /// Limit orders that have met a displayed price rest from now on; what stands ahead of them is noted.
    fn rest(&mut self, index: usize, side: Side) {
        if self.shown_to(index, side).is_none() {
            return;
        }
        let market = &mut self.markets[index];
        let own = if side == Side::Buy { market.bid } else { market.ask };
        let better = |a: Price, b: Price| if side == Side::Buy { a > b } else { a < b };
        for slot in market.unmet[side_index(side)].drain(..) {
            let order = &mut self.orders[slot];
            let Some(limit) = order.limit else { continue };
            order.resting = true;
            order.queue_ahead = match own {
                Some(own) if own.price == limit => {
                    Some(own.size.checked_mul(self.liquidity.queue_share).unwrap_or(own.size))
                }
                Some(own) if better(own.price, limit) => None,
                _ => Some(Decimal::ZERO),
            };
        }
    }

    /// What must trade at once has had its chance.
    pub(super) fn end_immediates(&mut self, index: usize, out: &mut Vec<Effect>) {
        while self.markets[index].immediate > 0 {
            let market = &self.markets[index];
            let late = |side: Side| {
                self.shown_to(index, side)?;
                market.working[side_index(side)]
                    .iter()
                    .copied()
                    .find(|slot| self.orders[*slot].is_immediate())
            };
            let Some(slot) = late(Side::Buy).or_else(|| late(Side::Sell)) else { break };
            let reason = match self.orders[slot].time_in_force() {
                TimeInForce::FillOrKill => "it could not be filled in full at once",
                _ => "no more could be filled at once",
            };
            self.end(slot, BrokerPhase::Cancelled, Some(reason), out);
        }
    }
}
