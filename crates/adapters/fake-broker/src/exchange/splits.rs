//! Splits: positions change their size, prices their unit, and orders of the old unit end, those on combos of it too.

use super::order::Slot;
use super::{Effect, Exchange, ExchangeEvent};
use tradeport_contracts::CorporateAction;
use tradeport_kernel::Price;
use tradeport_orders::BrokerPhase;

/// Prices after a split are rounded to so many places: they value fractions and positions until the next quote.
const PRICE_PLACES: u32 = 6;

impl Exchange {
    /// Takes a split in: now, or when its time comes.
    pub(super) fn split(&mut self, action: CorporateAction, out: &mut Vec<Effect>) {
        if self.market_of(action.symbol()).is_none_or(|index| self.is_combo(index)) {
            return self.say(ExchangeEvent::UnknownSymbol { symbol: action.symbol() }, out);
        }
        let at = action.effective();
        self.splits.push(action);
        let index = self.splits.len() - 1;
        if at <= self.now {
            self.split_now(index, out);
        } else {
            self.set_timer(at, super::sessions::Timer::Split(index));
        }
    }

    pub(super) fn split_now(&mut self, index: usize, out: &mut Vec<Effect>) {
        let action = self.splits[index].clone();
        let Some(market) = self.market_of(action.symbol()) else { return };
        self.end_orders_of(market, out);
        let state = &mut self.markets[market];
        state.clear_display();
        state.last_quote = None;
        let price = state.last_price.and_then(|price| {
            let divided = price.as_decimal().checked_div(action.ratio())?.round_dp(PRICE_PLACES);
            Price::new(divided).ok()
        });
        state.last_price = price;
        for account in 0..self.accounts.len() {
            let account = &mut self.accounts[account];
            // What cannot be computed changes nothing: a position of 10^12 shares times a split is no real one.
            if account.split(market, &action, price).unwrap_or(false) {
                let position = account.holdings[market].position.clone();
                let account = account.id.clone();
                self.say(ExchangeEvent::Position { account, position }, out);
            }
        }
    }

    fn end_orders_of(&mut self, market: usize, out: &mut Vec<Effect>) {
        let combos = &self.markets[market].combos;
        let of_market = |slot: &Slot| {
            let of = self.orders[*slot].market;
            of == market || combos.contains(&of)
        };
        let mut slots: Vec<Slot> = self.live_slots().filter(of_market).collect();
        slots.sort_by_key(|slot| self.orders[*slot].perm_id);
        for slot in slots {
            self.end(slot, BrokerPhase::Cancelled, Some("the shares were split"), out);
        }
    }
}
