//! A contract that begins to be traded while the exchange runs.
//!
//! Left out: contracts that cease to be traded. Their sessions end; what was held of them stays.

use super::Exchange;
use super::account::Holding;
use super::market::Market;
use super::sessions::Timer;
use tradeport_contracts::Contract;

impl Exchange {
    /// Begins to trade a contract. One that is traded already, by its symbol or by its id, changes nothing.
    pub(super) fn list(&mut self, contract: Contract) {
        let known = self.contracts().any(|it| it.symbol() == contract.symbol() || it.id() == contract.id());
        if known {
            return;
        }
        let place = self.markets.partition_point(|market| market.contract.symbol() < contract.symbol());
        self.make_room(place);
        for account in &mut self.accounts {
            account.holdings.insert(place, Holding::none_of(&contract));
        }
        self.markets.insert(place, Market::new(contract));
        self.begin_sessions(place);
    }

    /// Whatever names a market by its place names the same one afterwards.
    fn make_room(&mut self, place: usize) {
        let moved = |index: usize| if index >= place { index + 1 } else { index };
        for order in self.orders.iter_mut() {
            order.market = moved(order.market);
        }
        let timers = std::mem::take(&mut self.timers);
        self.timers = timers
            .into_iter()
            .map(|(at, counter, timer)| {
                let timer = match timer {
                    Timer::Open(market) => Timer::Open(moved(market)),
                    Timer::Close(market) => Timer::Close(moved(market)),
                    other => other,
                };
                (at, counter, timer)
            })
            .collect();
    }
}
