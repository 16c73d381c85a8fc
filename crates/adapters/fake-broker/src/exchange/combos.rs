//! Combos: what they are made of here, and what is displayed of them.
//!
//! Nobody quotes a combo. What an order on one trades against follows from what its legs display at that moment: the net of
//! the prices at which each leg would trade (bought legs at their offers, sold ones at their bids), for as many whole
//! units as the smallest leg has left. While a leg displays nothing on its side, the combo displays nothing.
//!
//! An order on a combo never stands in a book of its own: whenever a leg is quoted, after the leg's own orders have
//! traded, it trades at the implied price if that is its limit or better, each unit in all legs at once. So it gets what
//! is displayed, never less than its limit, and never a part of a unit. What waits for a trigger watches the same price.
//!
//! Left out: what a trade does to the accounts (`combo_fills`), and what it takes to be allowed (`combo_orders`).

use super::market::{MarketLeg, Shown};
use super::{Effect, Exchange, ExchangeEvent};
use tradeport_contracts::{ComboTerms, Contract, ContractDraft, Instrument};
use tradeport_kernel::{Decimal, Price, Symbol, Timestamp};
use tradeport_market_data::{Level, Quote};
use tradeport_orders::Side;

impl MarketLeg {
    /// Which way the leg trades when the combo trades this way.
    pub(super) fn side(&self, of_combo: Side) -> Side {
        if self.weight > Decimal::ZERO { of_combo } else { of_combo.opposite() }
    }
}

impl Exchange {
    pub(super) fn is_combo(&self, index: usize) -> bool {
        !self.markets[index].legs.is_empty()
    }

    /// What an order of this side trades against now.
    pub(super) fn shown_to(&self, index: usize, side: Side) -> Option<Shown> {
        let market = &self.markets[index];
        if market.legs.is_empty() { market.opposite(side) } else { self.implied(index, side) }
    }

    fn implied(&self, index: usize, side: Side) -> Option<Shown> {
        let (mut net, mut size, mut left) = (Decimal::ZERO, Decimal::MAX, Decimal::MAX);
        for leg in &self.markets[index].legs {
            let shown = self.markets[leg.market].opposite(leg.side(side))?;
            net = net.checked_add(leg.weight.checked_mul(shown.price.as_decimal())?)?;
            size = size.min(shown.size.checked_div(leg.ratio)?.floor());
            left = left.min(shown.left.checked_div(leg.ratio)?.floor());
        }
        Some(Shown { price: Price::new(net.normalize()).ok()?, size, left })
    }

    /// What trades is taken off what is displayed; of a combo, off each leg.
    pub(super) fn take_shown(&mut self, index: usize, side: Side, quantity: Decimal) {
        if self.markets[index].legs.is_empty() {
            return self.markets[index].take(side, quantity);
        }
        for at in 0..self.markets[index].legs.len() {
            let leg = self.markets[index].legs[at];
            self.markets[leg.market].take(leg.side(side), quantity.saturating_mul(leg.ratio));
        }
    }

    /// A leg was quoted: its combos may trade.
    pub(super) fn match_combos(&mut self, leg: usize, out: &mut Vec<Effect>) {
        for at in 0..self.markets[leg].combos.len() {
            let combo = self.markets[leg].combos[at];
            self.markets[combo].quotes += 1;
            self.trigger(combo, out);
            self.match_side(combo, Side::Buy, out);
            self.match_side(combo, Side::Sell, out);
            self.end_immediates(combo, out);
        }
    }

    /// What its legs make of a combo that is to be listed: its contract, trading when they all do, and its legs here.
    pub(super) fn combo_of(&self, contract: Contract) -> Result<(Contract, Vec<MarketLeg>), String> {
        let Instrument::Combo(combo) = contract.instrument() else { return Ok((contract, Vec::new())) };
        let wanted = |it: &Contract| combo.legs().iter().any(|leg| leg.contract() == it.id());
        let known: Vec<Contract> = self.contracts().filter(|it| wanted(it)).cloned().collect();
        let terms = ComboTerms::of(combo, &known).map_err(|why| why.to_string())?;
        if contract.multiplier() != terms.multiplier() {
            let (given, expected) = (contract.multiplier(), terms.multiplier());
            return Err(format!("it is described with a multiplier of {given}, its legs make {expected}"));
        }
        if !contract.lot().fract().is_zero() {
            return Err(format!("it trades in whole units: a lot of {} is none", contract.lot()));
        }
        let leg = |leg: &tradeport_contracts::LegTerms| {
            let market = self.market_of(leg.symbol()).expect("the contract of a leg is traded here");
            MarketLeg { market, ratio: leg.ratio(), weight: leg.weight() }
        };
        let legs = terms.legs().iter().map(leg).collect();
        let draft = ContractDraft { sessions: terms.sessions().clone(), ..contract.into() };
        let contract = draft.check().map_err(|why| why.to_string())?;
        Ok((contract, legs))
    }

    pub(super) fn not_listed(&self, symbol: Symbol, reason: String, out: &mut Vec<Effect>) {
        self.say(ExchangeEvent::NotListed { symbol, reason }, out);
    }

    /// The legs of a market that was just entered know it from now on.
    pub(super) fn join_legs(&mut self, index: usize, legs: Vec<MarketLeg>) {
        for leg in &legs {
            self.markets[leg.market].combos.push(index);
        }
        self.markets[index].legs = legs;
    }

    /// The net of its legs' last prices.
    pub(super) fn implied_last_price(&self, index: usize) -> Option<Price> {
        let part =
            |leg: &MarketLeg| leg.weight.checked_mul(self.markets[leg.market].last_price?.as_decimal());
        let mut parts = self.markets[index].legs.iter().map(part);
        let net = parts.try_fold(Decimal::ZERO, |sum, part| sum.checked_add(part?))?;
        Price::new(net.normalize().round_dp(Price::MAX_SCALE)).ok()
    }

    /// The quote that follows from its legs' last quotes, as of the latest of them.
    pub(super) fn implied_quote(&self, index: usize) -> Option<Quote> {
        let market = &self.markets[index];
        let mut at = Timestamp::MIN;
        for leg in &market.legs {
            at = at.max(self.markets[leg.market].last_quote?.at());
        }
        let level = |side: Side| {
            let (mut net, mut size) = (Decimal::ZERO, Some(Decimal::MAX));
            for leg in &market.legs {
                let quote = self.markets[leg.market].last_quote?;
                let level = if leg.side(side) == Side::Buy { quote.ask()? } else { quote.bid()? };
                if !level.price().is_positive() {
                    return None;
                }
                net = net.checked_add(leg.weight.checked_mul(level.price().as_decimal())?)?;
                let units = level.size().and_then(|size| size.as_decimal().checked_div(leg.ratio));
                size = size.zip(units).map(|(size, units)| size.min(units.floor()));
            }
            let size = size.map(tradeport_kernel::Quantity::new);
            let price = Price::new(net.normalize()).ok()?;
            match size {
                None => Some(Level::new(price, None)),
                Some(size) => Some(Level::new(price, Some(size.ok()?))),
            }
        };
        Quote::new(market.contract.symbol(), at, level(Side::Sell), level(Side::Buy)).ok()
    }
}
