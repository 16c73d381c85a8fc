//! What an order would cost and tie up, were it placed now: reckoned by the same admission, commissions and margins that
//! an order meets, on a copy of its account.
//!
//! An order is taken to trade in full: at what is displayed if it can trade against that, else at its own price. What
//! cannot be foreseen is left out: the price of what was never quoted, and what a child opens before its parent has
//! filled.

use super::Exchange;
use super::account::{Account, FillCost};
use super::config::AccountKind;
use super::currency::converted;
use super::order::{LiveOrder, Quirks};
use tradeport_kernel::{Decimal, Money, MoneyError, Price};
use tradeport_orders::{
    AccountEffect, CommissionPreview, ExecutedPart, Execution, ExecutionId, OrderIntent, OrderPreview, Side,
};

/// The figures of an account that an order moves.
struct Figures {
    initial: Money,
    maintenance: Money,
    equity: Money,
}

impl Exchange {
    /// What an order would cost and tie up. Nothing changes by it. Errors: why the order would be refused.
    pub fn preview(&self, intent: &OrderIntent) -> Result<OrderPreview, String> {
        if let Some((known, ..)) = self.known(intent.key())
            && known != intent
        {
            return Err(Self::other_order(intent));
        }
        let order =
            self.admit(intent.clone(), &[], Quirks::default()).map_err(|refusal| refusal.to_string())?;
        let too_large = |_: MoneyError| "the numbers are too large to compute with".to_owned();
        let account = &self.accounts[order.account];
        let before = self.figures(account).map_err(too_large)?;
        let price = self.expected_price(&order);
        let traded = price.filter(|_| !self.waits_for_parent(&order));
        let after = match traded.and_then(|price| self.account_after(&order, price)) {
            Some(account) => Some(self.figures(&account).map_err(too_large)?),
            None => None,
        };
        let effect = |of: fn(&Figures) -> Money| match &after {
            Some(after) => AccountEffect::between(of(&before), of(after)),
            None => AccountEffect::unknown_from(of(&before)),
        };
        Ok(OrderPreview {
            commission: self.commission_of(&order, price),
            initial_margin: effect(|figures| figures.initial),
            maintenance_margin: effect(|figures| figures.maintenance),
            equity_with_loan: effect(|figures| figures.equity),
            suggested_size: None,
            warning: self.warning_of(&order),
        })
    }

    fn figures(&self, account: &Account) -> Result<Figures, MoneyError> {
        let valued = account.value(&self.markets)?;
        let share = |share: Decimal| {
            let share = if account.kind == AccountKind::Cash { Decimal::ZERO } else { share };
            let amount = valued.gross.checked_mul(share).ok_or(MoneyError::Overflow)?;
            Ok(Money::new(amount, account.cash.currency()))
        };
        Ok(Figures {
            initial: share(self.margin.initial)?,
            maintenance: share(self.margin.maintenance)?,
            equity: account.total_cash()?.plus(valued.positions)?,
        })
    }

    /// What is displayed, if the order can trade against that; else its own price, else the last one.
    fn expected_price(&self, order: &LiveOrder) -> Option<Price> {
        let market = &self.markets[order.market];
        let shown = self.shown_to(order.market, order.side()).map(|shown| shown.price);
        match (order.limit, order.kind().trigger_price()) {
            (Some(limit), None) => {
                let reached = |shown: &Price| match order.side() {
                    Side::Buy => *shown <= limit,
                    Side::Sell => *shown >= limit,
                };
                shown.filter(reached).or(Some(limit))
            }
            (limit, Some(trigger)) => limit.or(Some(trigger)),
            (None, None) => shown.or(market.last_price),
        }
    }

    /// The account with all of the order traded at `price`.
    fn account_after(&self, order: &LiveOrder, price: Price) -> Option<Account> {
        let mut account = self.accounts[order.account].clone();
        let trades = self.trades_of(order, price)?;
        let trades: Vec<_> =
            trades.iter().map(|(market, execution, due)| (*market, execution, *due)).collect();
        account.trade_all(&trades).ok()?;
        Some(account)
    }

    /// What all of the order costs when it trades at `price` in this month.
    fn cost_at(&self, order: &LiveOrder, price: Price) -> Option<Decimal> {
        let trades = self.trades_of(order, price)?;
        trades.iter().try_fold(Decimal::ZERO, |sum, (.., due)| sum.checked_add(*due))
    }

    /// The trade of all of the order at `price`, with its market and what it costs; of a combo those of its legs.
    fn trades_of(&self, order: &LiveOrder, price: Price) -> Option<Vec<(usize, Execution, Decimal)>> {
        if !self.markets[order.market].legs.is_empty() {
            let prices = self.leg_prices(order.market, order.side(), price)?;
            let fills = self.price_legs(order, order.quantity, &prices, "preview").ok()?;
            return Some(fills.into_iter().map(|fill| (fill.market, fill.execution, fill.due)).collect());
        }
        let (account, market) = (&self.accounts[order.account], &self.markets[order.market]);
        let (units, contract) = (order.quantity.as_decimal(), &market.contract);
        let value = Money::of(price, units, contract.multiplier(), contract.currency()).ok()?.amount();
        let value = converted(value, account.holdings[order.market].rate()).ok()?;
        let (schedule, month) = self.rates_of(account, order.market);
        let cost = FillCost::of(order.running(), order.side(), schedule, month, units, value)?;
        let execution = Execution {
            id: ExecutionId::new("preview", 1),
            key: None,
            perm_id: order.perm_id,
            account: account.id.clone(),
            symbol: order.intent.symbol(),
            side: order.side(),
            quantity: order.quantity,
            price,
            at: self.now,
            part: ExecutedPart::Whole,
        };
        let due = account.in_currency_of(order.market, cost.due);
        Some(vec![(order.market, execution, due)])
    }

    /// Costs grow with the price or stay as they are, so a limit bounds them: from above for a buy, from below for a sale.
    fn commission_of(&self, order: &LiveOrder, price: Option<Price>) -> CommissionPreview {
        let currency = self.markets[order.market].contract.currency();
        let cost = |price| Some(Money::new(self.cost_at(order, price)?, currency));
        let bound = order.limit.and_then(cost);
        let (least, most) = if order.side() == Side::Buy { (None, bound) } else { (bound, None) };
        CommissionPreview { expected: price.and_then(cost), least, most }
    }

    fn warning_of(&self, order: &LiveOrder) -> Option<String> {
        let market = &self.markets[order.market];
        let waits = market.session.is_none() && !order.outside_sessions();
        waits.then(|| format!("{} is closed now: the order would wait", market.contract.symbol()))
    }
}
