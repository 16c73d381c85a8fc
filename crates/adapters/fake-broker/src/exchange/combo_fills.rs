//! Trades of combos: the combo's own, at its net price, and one in each leg.
//!
//! **Prices of the legs.** Each leg trades at what is displayed on the side that it takes, and these add up to the net
//! price to the last digit. Where a script trades at another net price, the legs begin with what is displayed, or with
//! their last prices, and the whole difference goes onto the first leg that can bear it: whose price then is a price,
//! and above zero. Where no leg can, nothing trades.
//!
//! **Money.** Cash and positions are those of the legs; nothing is held of the combo itself. Each leg is charged like an
//! order of its own, with its own minimum.

use super::account::FillCost;
use super::currency::converted;
use super::market::MarketLeg;
use super::order::{LiveOrder, Running, Slot};
use super::{Effect, Exchange, ExchangeEvent};
use tradeport_kernel::{Decimal, Money, Price, Quantity};
use tradeport_orders::{BrokerPhase, ExecutedPart, Execution, ExecutionId, Side};

/// One leg's part in a trade.
pub(super) struct LegFill {
    pub(super) market: usize,
    pub(super) execution: Execution,
    running: Running,
    pub(super) due: Decimal,
}

fn too_large() -> String {
    "the numbers are too large to compute with".to_owned()
}

impl Exchange {
    /// Trades so many units of a combo at its net price, if that can be computed; otherwise the order ends. Tells whether
    /// it has traded.
    pub(super) fn fill_combo(
        &mut self,
        slot: Slot,
        quantity: Quantity,
        price: Price,
        out: &mut Vec<Effect>,
    ) -> bool {
        let (index, side) = (self.orders[slot].market, self.orders[slot].side());
        let Some(prices) = self.leg_prices(index, side, price) else { return false };
        let number = self.count();
        let root = format!("{:08x}.{number:08x}", self.seed);
        let fills = match self.price_legs(&self.orders[slot], quantity, &prices, &root) {
            Ok(fills) => fills,
            Err(reason) => {
                self.end(slot, BrokerPhase::Cancelled, Some(&reason), out);
                return false;
            }
        };
        let account = self.orders[slot].account;
        let trades: Vec<_> = fills.iter().map(|fill| (fill.market, &fill.execution, fill.due)).collect();
        if let Err(error) = self.accounts[account].trade_all(&trades) {
            self.end(slot, BrokerPhase::Cancelled, Some(&error.to_string()), out);
            return false;
        }
        let markets: Vec<usize> = fills.iter().map(|fill| fill.market).collect();
        self.report_combo(slot, quantity, price, &root, fills, out);
        self.after_fill(slot, quantity, out);
        for market in markets {
            self.say_position(account, market, out);
        }
        true
    }

    /// What the legs trade at when the combo trades at `net`; see the module. `None` where no prices add up to it.
    pub(super) fn leg_prices(&self, index: usize, side: Side, net: Price) -> Option<Vec<Price>> {
        let legs = &self.markets[index].legs;
        let begin = |leg: &MarketLeg| {
            let market = &self.markets[leg.market];
            market.opposite(leg.side(side)).map(|shown| shown.price).or(market.last_price)
        };
        let mut prices = legs.iter().map(begin).collect::<Option<Vec<_>>>()?;
        let mut rest = net.as_decimal();
        for (leg, price) in legs.iter().zip(&prices) {
            rest = rest.checked_sub(leg.weight.checked_mul(price.as_decimal())?)?;
        }
        if rest.is_zero() {
            return Some(prices);
        }
        let bears = |(leg, price): (&MarketLeg, &Price)| {
            let more = rest.checked_div(leg.weight)?;
            let exact = more.checked_mul(leg.weight)? == rest;
            let price = Price::new(price.as_decimal().checked_add(more)?.normalize()).ok()?;
            (exact && price.is_positive()).then_some(price)
        };
        let (at, price) =
            legs.iter().zip(&prices).map(bears).enumerate().find_map(|(at, price)| Some((at, price?)))?;
        prices[at] = price;
        Some(prices)
    }

    /// The trades of the legs at these prices, with what each costs.
    pub(super) fn price_legs(
        &self,
        order: &LiveOrder,
        quantity: Quantity,
        prices: &[Price],
        root: &str,
    ) -> Result<Vec<LegFill>, String> {
        let account = &self.accounts[order.account];
        // What the legs before it add to the month of each schedule.
        let mut added: Vec<(usize, Decimal)> = Vec::new();
        let mut fills = Vec::with_capacity(prices.len());
        for (at, (leg, price)) in self.markets[order.market].legs.iter().zip(prices).enumerate() {
            let contract = &self.markets[leg.market].contract;
            let units = quantity.as_decimal().checked_mul(leg.ratio).ok_or_else(too_large)?;
            let rate = account.holdings[leg.market].rate();
            let value = Money::of(*price, units, contract.multiplier(), contract.currency());
            let value = value.and_then(|value| converted(value.amount(), rate)).map_err(|_| too_large())?;
            let (side, running) = (leg.side(order.side()), order.legs[at]);
            let (schedule, month) = self.rates_of(account, leg.market);
            let tariff = account.holdings[leg.market].tariff;
            let before = added.iter().filter(|(of, _)| *of == tariff).map(|(_, units)| *units);
            let month = before.fold(month, Decimal::saturating_add);
            let cost = FillCost::of(running, side, schedule, month, units, value).ok_or_else(too_large)?;
            added.push((tariff, schedule.counted(units, value)));
            let execution = Execution {
                id: ExecutionId::new(&format!("{root}.{}", at + 1), 1),
                key: Some(order.intent.key().clone()),
                perm_id: order.perm_id,
                account: account.id.clone(),
                symbol: contract.symbol(),
                side,
                quantity: Quantity::new(units.normalize()).map_err(|_| too_large())?,
                price: *price,
                at: self.now,
                part: ExecutedPart::Leg,
            };
            fills.push(LegFill {
                market: leg.market,
                execution,
                running: running.after(units, &cost),
                due: account.in_currency_of(leg.market, cost.due),
            });
        }
        Ok(fills)
    }

    /// The order's sums, the list of executions, and what is said of them: the combo first, then its legs with their costs.
    fn report_combo(
        &mut self,
        slot: Slot,
        quantity: Quantity,
        price: Price,
        root: &str,
        fills: Vec<LegFill>,
        out: &mut Vec<Effect>,
    ) {
        self.release(slot);
        let order = &mut self.orders[slot];
        order.filled += quantity.as_decimal();
        let rate = |fill: &LegFill| self.accounts[order.account].holdings[fill.market].rate();
        let due = fills
            .iter()
            .fold(Decimal::ZERO, |sum, fill| sum.saturating_add(fill.due.saturating_mul(rate(fill))));
        order.reserve.fee = order.reserve.fee.saturating_sub(due).max(Decimal::ZERO);
        order.legs = fills.iter().map(|fill| fill.running).collect();
        let whole = Execution {
            id: ExecutionId::new(root, 1),
            key: Some(order.intent.key().clone()),
            perm_id: order.perm_id,
            account: order.intent.account().clone(),
            symbol: order.intent.symbol(),
            side: order.side(),
            quantity,
            price,
            at: self.now,
            part: ExecutedPart::Combo,
        };
        let twice = order.quirks.twice;
        self.keep(slot);
        self.executions.push(whole.clone());
        if twice {
            self.say(ExchangeEvent::Executed { execution: whole.clone() }, out);
        }
        self.say(ExchangeEvent::Executed { execution: whole }, out);
        for fill in fills {
            self.executions.push(fill.execution.clone());
            self.report(slot, fill.execution, fill.due, out);
        }
    }
}
