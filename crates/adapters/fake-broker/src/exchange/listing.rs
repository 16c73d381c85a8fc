//! A contract that begins to be traded while the exchange runs.
//!
//! Left out: contracts that cease to be traded. Their sessions end; what was held of them stays.

use super::account::Holding;
use super::market::Market;
use super::sessions::Timer;
use super::{Effect, Exchange};
use tradeport_contracts::Contract;

impl Exchange {
    /// Begins to trade a contract. One that is traded already, by its symbol or by its id, changes nothing; a combo whose
    /// legs are not all traded here, or make no combo, is not listed.
    pub(super) fn list(&mut self, contract: Contract, out: &mut Vec<Effect>) {
        let known = self.contracts().any(|it| it.symbol() == contract.symbol() || it.id() == contract.id());
        if known {
            return;
        }
        let symbol = contract.symbol();
        let (contract, mut legs) = match self.combo_of(contract) {
            Ok(fit) => fit,
            Err(reason) => return self.not_listed(symbol, reason, out),
        };
        let place = self.markets.place_for(contract.symbol());
        self.make_room(place);
        for account in &mut self.accounts {
            let holding = Holding::none_of(&contract, &self.tariffs, account.cash.currency(), &self.rates);
            account.holdings.insert(place, holding);
        }
        self.markets.insert(place, Market::new(contract));
        for leg in &mut legs {
            leg.market = after_insertion(leg.market, place);
        }
        self.join_legs(place, legs);
        self.begin_sessions(place);
    }

    /// Whatever names a market by its place names the same one afterwards.
    fn make_room(&mut self, place: usize) {
        let moved = |index: usize| after_insertion(index, place);
        for market in self.markets.iter_mut() {
            for leg in &mut market.legs {
                leg.market = moved(leg.market);
            }
            for combo in &mut market.combos {
                *combo = moved(*combo);
            }
        }
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

/// Where a market is once another has come to `place`.
const fn after_insertion(index: usize, place: usize) -> usize {
    if index >= place { index + 1 } else { index }
}
