//! Trades: what they do to order and account, what they cost, and how they are corrected.

use super::account::{Account, FillCost};
use super::config::AccountKind;
use super::currency::converted;
use super::groups::Traded;
use super::order::{Running, Slot, Stage};
use super::{Effect, Exchange, ExchangeEvent};
use crate::commission::CommissionSchedule;
use tradeport_contracts::Contract;
use tradeport_kernel::{Currency, Decimal, Money, OrderKey, Price, Quantity};
use tradeport_orders::{BrokerPhase, Commission, ExecutedPart, Execution, ExecutionId, Side};

/// The parts of a combo's trade belong together.
const COMBO_STANDS: &str = "executions of combos are neither corrected nor cancelled here";

impl Exchange {
    /// Trades `quantity` of an order at `price`, if its account can bear it; otherwise the order ends. Tells whether it
    /// has traded.
    pub(super) fn fill(
        &mut self,
        slot: Slot,
        quantity: Quantity,
        price: Price,
        out: &mut Vec<Effect>,
    ) -> bool {
        if self.is_combo(self.orders[slot].market) {
            return self.fill_combo(slot, quantity, price, out);
        }
        if !self.orders[slot].shares.is_empty() {
            return self.fill_shared(slot, quantity, price, out);
        }
        let order = &self.orders[slot];
        let (account, running) = (order.account, order.running());
        let (execution, cost) = match self.price_fill(slot, account, running, quantity, price) {
            Ok(priced) => priced,
            Err(reason) => {
                self.end(slot, BrokerPhase::Cancelled, Some(&reason), out);
                return false;
            }
        };
        let market = self.orders[slot].market;
        let due = self.accounts[account].in_currency_of(market, cost.due);
        if let Err(error) = self.accounts[account].trade(market, &execution, due) {
            self.end(slot, BrokerPhase::Cancelled, Some(&error.to_string()), out);
            return false;
        }
        self.book_fill(slot, quantity, &cost);
        self.executions.push(execution.clone());
        self.report(slot, execution, due, out);
        self.after_fill(slot, quantity, out);
        let account = &self.accounts[account];
        let event = ExchangeEvent::Position {
            account: account.id.clone(),
            position: account.holdings[market].position.clone(),
        };
        self.say(event, out);
        true
    }

    /// An order has traded: what belongs to it follows, and it is told.
    pub(super) fn after_fill(&mut self, slot: Slot, quantity: Quantity, out: &mut Vec<Effect>) {
        let (left, units) = (self.orders[slot].open(), quantity.as_decimal());
        let full = left.is_zero();
        self.shrink_group(slot, Traded::new(units, left.saturating_add(units)), out);
        if full {
            self.end(slot, BrokerPhase::Filled, None, out);
        } else {
            self.tell(slot, out);
        }
    }

    /// The execution of `quantity` of an order for an account, of whose part this was traded before, and what it costs, in
    /// the account's currency.
    pub(super) fn price_fill(
        &mut self,
        slot: Slot,
        account: usize,
        running: Running,
        quantity: Quantity,
        price: Price,
    ) -> Result<(Execution, FillCost), String> {
        let order = &self.orders[slot];
        let (account, market) = (&self.accounts[account], &self.markets[order.market]);
        let too_large = || "the numbers are too large to compute with".to_owned();
        let units = quantity.as_decimal();
        let rate = account.holdings[order.market].rate();
        let value = Money::of(price, units, market.contract.multiplier(), market.contract.currency());
        let value = value.and_then(|value| converted(value.amount(), rate)).map_err(|_| too_large())?;
        let (schedule, month) = self.rates_of(account, order.market);
        let cost =
            FillCost::of(running, order.side(), schedule, month, units, value).ok_or_else(too_large)?;
        if account.kind == AccountKind::Cash {
            let needed = value.checked_add(cost.due).ok_or_else(too_large)?;
            let cash = account.total_cash().map_err(|_| too_large())?.amount();
            if order.side() == Side::Buy && needed > cash {
                let id = &account.id;
                return Err(format!(
                    "insufficient funds: cash account {id} has {cash} and the trade needs {needed}"
                ));
            }
            if order.side() == Side::Sell && units > account.held(order.market) {
                let held = account.held(order.market);
                return Err(format!("cash account {} holds {held}: {units} cannot be sold", account.id));
            }
        }
        let execution = Execution {
            id: ExecutionId::new("", 1),
            key: Some(order.intent.key().clone()),
            perm_id: order.perm_id,
            account: account.id.clone(),
            symbol: market.contract.symbol(),
            side: order.side(),
            quantity,
            price,
            at: self.now,
            part: ExecutedPart::Whole,
        };
        let number = self.count();
        let id = ExecutionId::new(&format!("{:08x}.{number:08x}", self.seed), 1);
        Ok((Execution { id, ..execution }, cost))
    }

    /// The schedule that trades of a market are charged by, and what counts towards it in this month.
    pub(super) fn rates_of(&self, account: &Account, market: usize) -> (&CommissionSchedule, Decimal) {
        let tariff = account.holdings[market].tariff;
        (self.tariffs.schedule(tariff), account.counted_in_month(tariff, self.now))
    }

    fn book_fill(&mut self, slot: Slot, quantity: Quantity, cost: &FillCost) {
        self.release(slot);
        let order = &mut self.orders[slot];
        order.filled += quantity.as_decimal();
        order.traded_value = cost.traded_value;
        order.base_commission = cost.base;
        order.charged = cost.owed;
        order.reserve.fee = order.reserve.fee.saturating_sub(cost.due).max(Decimal::ZERO);
        self.keep(slot);
    }

    /// Tells an execution, and what it costs in the currency of what was traded.
    pub(super) fn report(&self, slot: Slot, execution: Execution, due: Decimal, out: &mut Vec<Effect>) {
        let order = &self.orders[slot];
        let contract = self.contract(execution.symbol).map_or(Currency::USD, Contract::currency);
        let amount = Money::new(due, contract);
        let commission = Commission { execution: execution.id.clone(), amount };
        let key = order.intent.key().clone();
        if order.quirks.twice {
            self.say(ExchangeEvent::Executed { execution: execution.clone() }, out);
        }
        self.say(ExchangeEvent::Executed { execution }, out);
        self.say(ExchangeEvent::Charged { key, commission }, out);
    }

    /// A scripted trade with one working order.
    pub(super) fn trade_with(&mut self, key: &OrderKey, quantity: Quantity, out: &mut Vec<Effect>) {
        let Some(slot) = self.live(key).filter(|slot| self.orders[*slot].stage == Stage::Working) else {
            return self.say(ExchangeEvent::NoSuchOrder { key: key.clone() }, out);
        };
        let order = &self.orders[slot];
        let market = &self.markets[order.market];
        let units = Quantity::new(market.in_lots(quantity.as_decimal().min(order.open())));
        let last = || self.last_price(market.contract.symbol());
        if let (Ok(units), Some(price)) = (units, order.limit.or_else(last)) {
            self.fill(slot, units, price, out);
        }
    }

    /// The exchange corrects the price of an order's last execution: a new revision, in the accounts as well.
    pub(super) fn correct(&mut self, key: &OrderKey, price: Price, out: &mut Vec<Effect>) {
        let Some((index, account, market)) = self.last_execution(key) else {
            return self.say(ExchangeEvent::NoSuchOrder { key: key.clone() }, out);
        };
        let old = self.executions[index].clone();
        if old.part != ExecutedPart::Whole {
            return self.refuse(key, COMBO_STANDS, out);
        }
        let id = ExecutionId::new(old.id.root(), old.id.revision().saturating_add(1));
        let new = Execution { id, price, ..old.clone() };
        if self.accounts[account].correct(market, &old, Some(&new)).is_err() {
            return self.refuse(key, "the correction is too large to compute with", out);
        }
        self.executions[index] = new.clone();
        self.say(ExchangeEvent::Executed { execution: new }, out);
        self.say_position(account, market, out);
    }

    /// The exchange cancels an order's last execution, or all of it but `left`.
    pub(super) fn bust(&mut self, key: &OrderKey, left: Option<Quantity>, out: &mut Vec<Effect>) {
        let Some((index, account, market)) = self.last_execution(key) else {
            return self.say(ExchangeEvent::NoSuchOrder { key: key.clone() }, out);
        };
        let old = self.executions[index].clone();
        if old.part != ExecutedPart::Whole {
            return self.refuse(key, COMBO_STANDS, out);
        }
        if left.is_some_and(|left| left >= old.quantity) {
            return self.refuse(key, "as much as that did not trade", out);
        }
        let id = ExecutionId::new(old.id.root(), old.id.revision().saturating_add(1));
        let new = left.map(|quantity| Execution { id, quantity, ..old.clone() });
        if self.accounts[account].correct(market, &old, new.as_ref()).is_err() {
            return self.refuse(key, "without it the account is too large to compute with", out);
        }
        let gone = old.quantity.as_decimal() - left.map_or(Decimal::ZERO, Quantity::as_decimal);
        match new {
            Some(new) => {
                self.executions[index] = new.clone();
                self.say(ExchangeEvent::Executed { execution: new }, out);
            }
            None => {
                self.executions.remove(index);
                self.say(ExchangeEvent::Busted { execution: old }, out);
            }
        }
        if let Some(slot) = self.live(key) {
            let order = &mut self.orders[slot];
            order.busted = (order.busted + gone).min(order.filled);
            self.tell(slot, out);
        } else if let Some(order) = self.ended_mut(key) {
            order.status.filled = (order.status.filled - gone).max(Decimal::ZERO);
        }
        self.say_position(account, market, out);
    }

    fn refuse(&self, key: &OrderKey, reason: &str, out: &mut Vec<Effect>) {
        let (key, reason) = (key.clone(), reason.to_owned());
        self.say(ExchangeEvent::Refused { key, reason }, out);
    }

    pub(super) fn say_position(&self, account: usize, market: usize, out: &mut Vec<Effect>) {
        let account = &self.accounts[account];
        let position = account.holdings[market].position.clone();
        self.say(ExchangeEvent::Position { account: account.id.clone(), position }, out);
    }

    /// The exchange reports an order's last execution once more.
    pub(super) fn repeat(&mut self, key: &OrderKey, out: &mut Vec<Effect>) {
        let event = match self.last_execution(key) {
            Some((index, ..)) => ExchangeEvent::Executed { execution: self.executions[index].clone() },
            None => ExchangeEvent::NoSuchOrder { key: key.clone() },
        };
        self.say(event, out);
    }

    fn last_execution(&self, key: &OrderKey) -> Option<(usize, usize, usize)> {
        let index = self.executions.iter().rposition(|execution| execution.key.as_ref() == Some(key))?;
        let execution = &self.executions[index];
        Some((index, self.account_of(&execution.account)?, self.market_of(execution.symbol)?))
    }
}
