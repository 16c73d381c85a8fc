//! Which orders on combos are taken, and what they keep of their account's money.
//!
//! **Taken** are market and limit orders, and both behind a trigger: stops, orders if touched, and those that trail, which
//! watch the net of what the legs display. They are sized in whole units, for margin accounts; a limit and a trigger may be
//! zero or below. Cash accounts trade the legs one by one: they may not be short in any of them. Auctions are of one
//! instrument each, so there is none of a combo.
//!
//! **Kept** for each unit that opens something, at the limit, or at the implied price for a market order, or at its trigger
//! where that is worse:
//!
//! - of options alone, on one underlying with one expiry, whose largest loss is known: that loss at expiry, by the payoff
//!   of what is bought and sold (a debit spread: what it costs; a credit spread: the distance of its strikes less the
//!   credit), and never less than nothing;
//! - of everything else: what its legs would need if each were ordered by itself, the initial share of their values.
//!
//! A unit closes when every leg of it closes something that is held. What is held afterwards is margined leg by leg, as
//! every position is.

use super::Exchange;
use super::account::FillCost;
use super::admission::Refusal;
use super::config::AccountKind;
use super::currency::converted;
use super::market::{MarketLeg, side_index};
use super::order::{LiveOrder, Reserve};
use tradeport_contracts::Instrument;
use tradeport_kernel::{Decimal, Price};
use tradeport_orders::strategy::{Extreme, Holding, Payoff};
use tradeport_orders::{OrderIntent, OrderKind, OrderSize, Side};

impl Exchange {
    /// Refuses what is not traded on a combo; nothing for what is none.
    pub(super) fn check_combo(
        &self,
        market: usize,
        account: usize,
        intent: &OrderIntent,
    ) -> Result<(), Refusal> {
        if !self.is_combo(market) {
            return Ok(());
        }
        if self.accounts[account].kind == AccountKind::Cash {
            return Err(Refusal::ComboInCash(self.accounts[account].id.clone()));
        }
        if matches!(
            intent.kind(),
            OrderKind::MarketOnOpen
                | OrderKind::LimitOnOpen { .. }
                | OrderKind::MarketOnClose
                | OrderKind::LimitOnClose { .. }
        ) {
            return Err(Refusal::ComboKind(intent.kind().name()));
        }
        match intent.size() {
            OrderSize::Units(_) => Ok(()),
            _ => Err(Refusal::Unsupported("combos for an amount of money: give a number of units")),
        }
    }

    /// What an order on a combo must keep; refused when that is not there.
    pub(super) fn reserve_for_combo(&self, order: &LiveOrder) -> Result<Reserve, Refusal> {
        let opening = (order.held_units - self.closing_units(order)).clamp(Decimal::ZERO, order.open());
        if opening.is_zero() {
            return Ok(Reserve::default());
        }
        let symbol = self.markets[order.market].contract.symbol();
        let price = order.limit.or_else(|| self.worst_price(order)).ok_or(Refusal::NoPrice(symbol))?;
        let per_unit = match self.largest_loss(order.market, order.side(), price) {
            Some(loss) => loss,
            None => self.margin_of_legs(order)?,
        };
        let rate = self.accounts[order.account].holdings[order.market].rate();
        let per_unit = converted(per_unit, rate).map_err(|_| Refusal::TooLarge)?;
        let reserve = Reserve { opening, per_unit, fee: self.fees_of_legs(order)? };
        self.check_funds(order, reserve)?;
        Ok(reserve)
    }

    /// What an order without a limit is expected to trade at, at worst: the implied price, or its trigger.
    fn worst_price(&self, order: &LiveOrder) -> Option<Price> {
        let shown = self.shown_to(order.market, order.side()).map(|shown| shown.price);
        let known = [shown, order.kind().trigger_price()].into_iter().flatten();
        if order.side() == Side::Buy { known.max() } else { known.min() }
    }

    /// How many units would close what the account holds in every leg, beyond those that other orders may close.
    fn closing_units(&self, order: &LiveOrder) -> Decimal {
        let account = &self.accounts[order.account];
        let closes = |leg: &MarketLeg| {
            let held = account.held(leg.market);
            let against = if leg.side(order.side()) == Side::Buy { -held } else { held };
            against.max(Decimal::ZERO).checked_div(leg.ratio).unwrap_or_default().floor()
        };
        let units = self.markets[order.market].legs.iter().map(closes).min().unwrap_or_default();
        let kept = account.holdings[order.market].open[side_index(order.side())];
        units.saturating_sub(kept).max(Decimal::ZERO)
    }

    /// The most that one unit of options alone loses at expiry, not below zero; `None` where that is not known or has no
    /// bound.
    fn largest_loss(&self, index: usize, side: Side, price: Price) -> Option<Decimal> {
        let market = &self.markets[index];
        let sign = if side == Side::Buy { Decimal::ONE } else { Decimal::NEGATIVE_ONE };
        let mut held = Vec::with_capacity(market.legs.len());
        let mut common = None;
        for leg in &market.legs {
            let contract = &self.markets[leg.market].contract;
            let Instrument::Option(option) = contract.instrument() else { return None };
            let of = (option.underlying()?.to_owned(), option.expiry()?);
            if common.get_or_insert_with(|| of.clone()) != &of {
                return None;
            }
            let strike = Price::new(option.strike()?).ok()?;
            let units = leg.weight.checked_mul(market.contract.multiplier())?.checked_mul(sign)?;
            held.push((Holding::Option { right: option.right()?, strike }, units));
        }
        let cost = price.as_decimal().checked_mul(market.contract.multiplier())?.checked_mul(sign)?;
        match Payoff::of(&held, cost).ok()?.max_loss() {
            Extreme::Amount(least) => Some((-least).max(Decimal::ZERO)),
            Extreme::Unbounded => None,
        }
    }

    /// The price at which a leg of this order would trade.
    fn leg_price(&self, order: &LiveOrder, leg: &MarketLeg) -> Result<Decimal, Refusal> {
        let market = &self.markets[leg.market];
        let shown = market.opposite(leg.side(order.side())).map(|shown| shown.price);
        let price = shown.or(market.last_price).ok_or(Refusal::NoPrice(market.contract.symbol()))?;
        Ok(price.as_decimal())
    }

    fn margin_of_legs(&self, order: &LiveOrder) -> Result<Decimal, Refusal> {
        let market = &self.markets[order.market];
        let mut sum = Decimal::ZERO;
        for leg in &market.legs {
            let value = self.leg_price(order, leg)?.checked_mul(leg.weight.abs()).ok_or(Refusal::TooLarge)?;
            sum = sum.checked_add(value).ok_or(Refusal::TooLarge)?;
        }
        let whole = sum.checked_mul(market.contract.multiplier()).ok_or(Refusal::TooLarge)?;
        whole.checked_mul(self.margin.initial).ok_or(Refusal::TooLarge)
    }

    fn fees_of_legs(&self, order: &LiveOrder) -> Result<Decimal, Refusal> {
        let account = &self.accounts[order.account];
        let mut sum = Decimal::ZERO;
        for (leg, running) in self.markets[order.market].legs.iter().zip(&order.legs) {
            let units = order.open().checked_mul(leg.ratio).ok_or(Refusal::TooLarge)?;
            let multiplier = self.markets[leg.market].contract.multiplier();
            // Without a price yet, what it costs at least is kept.
            let price = self.leg_price(order, leg).unwrap_or_default();
            let value = units.checked_mul(multiplier).and_then(|units| units.checked_mul(price));
            let rate = account.holdings[leg.market].rate();
            let value = value.and_then(|value| converted(value, rate).ok()).ok_or(Refusal::TooLarge)?;
            let (schedule, month) = self.rates_of(account, leg.market);
            let cost = FillCost::of(*running, leg.side(order.side()), schedule, month, units, value);
            let due = cost.ok_or(Refusal::TooLarge)?.due;
            sum = sum.checked_add(due.max(Decimal::ZERO)).ok_or(Refusal::TooLarge)?;
        }
        Ok(sum)
    }
}
