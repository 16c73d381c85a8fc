//! An account's cash and positions, and what its open orders keep of them.
//!
//! Left out: whether an order may be placed (`admission`).

use super::config::{AccountConfig, AccountKind, MarginRules};
use super::currency::{Balances, Rates, converted};
use super::market::Market;
use super::order::Running;
use crate::commission::{Charged, CommissionSchedule, Tariffs};
use serde::{Deserialize, Serialize};
use tradeport_contracts::{Contract, CorporateAction};
use tradeport_kernel::{AccountId, Currency, Decimal, Money, MoneyError, Price, Timestamp};
use tradeport_orders::{Execution, Side};
use tradeport_portfolio::{AccountSummary, Payment, Position, PositionError, TradeTerms};

/// What an account has of one instrument.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Holding {
    pub(crate) position: Position,
    /// Units of open orders, by side; orders of one group count as the largest of them.
    pub(crate) open: [Decimal; 2],
    /// The number of the schedule that it is charged by.
    #[serde(default)]
    pub(crate) tariff: usize,
    /// Does its value count towards the tiers, rather than its units?
    #[serde(default)]
    by_value: bool,
    /// What a unit of its currency is worth in the account's, where they differ and that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    rate: Option<Decimal>,
    /// Of a currency pair: what is held is money of this currency.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) first_currency: Option<Currency>,
}

impl Holding {
    pub(crate) fn none_of(contract: &Contract, tariffs: &Tariffs, own: Currency, rates: &Rates) -> Self {
        let position = Position::flat(contract.symbol(), contract.currency(), contract.multiplier());
        let instrument = contract.instrument();
        let symbol = instrument.description().symbol.as_deref().unwrap_or_default();
        let tariff = tariffs.find(instrument.kind(), symbol);
        let by_value = tariffs.schedule(tariff).charged == Charged::Value;
        let rate = rates.rate(contract.currency(), own).filter(|_| contract.currency() != own);
        let first_currency = match TradeTerms::of(contract).payment {
            Payment::Exchange(first) => Some(first),
            Payment::Price | Payment::PriceAndInterest | Payment::Margin => None,
        };
        Self { position, open: [Decimal::ZERO; 2], tariff, by_value, rate, first_currency }
    }

    /// What a unit of its currency is worth in the account's.
    pub(crate) fn rate(&self) -> Decimal {
        self.rate.unwrap_or(Decimal::ONE)
    }

    /// Can what it costs be reckoned in the account's currency?
    pub(crate) fn is_priced_in(&self, own: Currency) -> bool {
        self.rate.is_some() || self.position.cost().currency() == own
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Account {
    pub(crate) id: AccountId,
    pub(crate) kind: AccountKind,
    pub(crate) cash: Money,
    /// Cash in other currencies.
    #[serde(default, skip_serializing_if = "Balances::is_empty")]
    pub(super) balances: Balances,
    pub(crate) commissions: Money,
    /// One for each market, in the same order.
    pub(crate) holdings: Vec<Holding>,
    /// Money that open orders keep.
    pub(crate) reserved: Decimal,
    month: i32,
    /// What was traded in that month, by the schedules that count it.
    month_counts: Vec<Decimal>,
}

/// Cash and positions could not be computed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum AccountError {
    #[error(transparent)]
    Money(#[from] MoneyError),
    #[error(transparent)]
    Position(#[from] PositionError),
}

/// An account valued at the markets' last prices.
pub(crate) struct Valued {
    pub(crate) positions: Money,
    pub(crate) gross: Decimal,
    /// Of the positions those in currency pairs, which are cash.
    pairs: Money,
    unrealized: Money,
    realized: Money,
}

impl Valued {
    /// Of an account's free cash and of what it holds: the money that orders which open positions may still use up, when
    /// they must be covered by these rules.
    pub(crate) fn available(&self, free: Decimal, rules: MarginRules) -> Result<Decimal, MoneyError> {
        let margin = self.gross.checked_mul(rules.initial).ok_or(MoneyError::Overflow)?;
        let equity = free.checked_add(self.positions.amount()).ok_or(MoneyError::Overflow)?;
        equity.checked_sub(margin).ok_or(MoneyError::Overflow)
    }
}

fn month_of(at: Timestamp) -> i32 {
    let date = at.to_utc();
    date.year() * 12 + i32::from(u8::from(date.month()))
}

impl Account {
    pub(crate) fn new(
        config: &AccountConfig,
        contracts: &[Contract],
        tariffs: &Tariffs,
        rates: &Rates,
    ) -> Self {
        let own = config.cash.currency();
        Self {
            id: config.id.clone(),
            kind: config.kind,
            cash: config.cash,
            balances: Balances::new(),
            commissions: Money::zero(config.cash.currency()),
            holdings: contracts.iter().map(|it| Holding::none_of(it, tariffs, own, rates)).collect(),
            reserved: Decimal::ZERO,
            month: i32::MIN,
            month_counts: Vec::new(),
        }
    }

    pub(crate) fn held(&self, market: usize) -> Decimal {
        self.holdings[market].position.quantity().as_decimal()
    }

    /// What counts towards the tiers of a schedule in the month of `at`.
    pub(crate) fn counted_in_month(&self, tariff: usize, at: Timestamp) -> Decimal {
        let counts = if month_of(at) == self.month { self.month_counts.as_slice() } else { &[] };
        counts.get(tariff).copied().unwrap_or_default()
    }

    /// Takes in a trade and what it costs, in the currency of what is traded: all of it, or nothing.
    pub(crate) fn trade(
        &mut self,
        market: usize,
        execution: &Execution,
        cost: Decimal,
    ) -> Result<(), AccountError> {
        let holding = &self.holdings[market];
        let (tariff, by_value, rate) = (holding.tariff, holding.by_value, holding.rate());
        let currency = holding.position.cost().currency();
        let signed = execution.side.signed(execution.quantity).as_decimal();
        let paid = Money::of(execution.price, signed, holding.position.multiplier(), currency)?;
        let cost_here = Money::new(converted(cost, rate)?, self.cash.currency());
        let value_here = converted(paid.amount().abs(), rate)?;
        let balance = Money::new(self.balance(currency), currency).minus(paid)?;
        let balance = balance.minus(Money::new(cost, currency))?;
        let commissions = self.commissions.plus(cost_here)?;
        self.holdings[market].position.apply(execution)?;
        self.set_balance(currency, balance.amount(), rate);
        self.commissions = commissions;
        let month = month_of(execution.at);
        if month != self.month {
            self.month = month;
            self.month_counts.clear();
        }
        if self.month_counts.len() <= tariff {
            self.month_counts.resize(tariff + 1, Decimal::ZERO);
        }
        let counted = if by_value { value_here } else { execution.quantity.as_decimal() };
        let count = &mut self.month_counts[tariff];
        *count = count.saturating_add(counted);
        Ok(())
    }

    /// Takes in trades that belong together, each with what it costs: all of them, or none.
    pub(crate) fn trade_all(&mut self, trades: &[(usize, &Execution, Decimal)]) -> Result<(), AccountError> {
        let before =
            (self.cash, self.balances.clone(), self.commissions, self.month, self.month_counts.clone());
        let held: Vec<Position> =
            trades.iter().map(|(market, ..)| self.holdings[*market].position.clone()).collect();
        let done =
            trades.iter().try_for_each(|(market, execution, cost)| self.trade(*market, execution, *cost));
        if done.is_err() {
            (self.cash, self.balances, self.commissions, self.month, self.month_counts) = before;
            for ((market, ..), position) in trades.iter().zip(held) {
                self.holdings[*market].position = position;
            }
        }
        done
    }

    /// Replaces a trade that was taken in before by another one, or by none.
    pub(crate) fn correct(
        &mut self,
        market: usize,
        old: &Execution,
        new: Option<&Execution>,
    ) -> Result<(), AccountError> {
        let (position, rate) = (&self.holdings[market].position, self.holdings[market].rate());
        let currency = position.cost().currency();
        let paid = |execution: &Execution| {
            let signed = execution.side.signed(execution.quantity).as_decimal();
            Money::of(execution.price, signed, position.multiplier(), currency)
        };
        let mut cash = Money::new(self.balance(currency), currency).plus(paid(old)?)?;
        if let Some(new) = new {
            cash = cash.minus(paid(new)?)?;
        }
        let undone = Execution { side: old.side.opposite(), ..old.clone() };
        let mut corrected = position.clone();
        corrected.apply(&undone)?;
        if let Some(new) = new {
            corrected.apply(new)?;
        }
        self.holdings[market].position = corrected;
        self.set_balance(currency, cash.amount(), rate);
        Ok(())
    }

    /// Takes in a split; fractions are paid out at `price` for a new share, or at cost where there is none. Tells whether anything was held.
    pub(crate) fn split(
        &mut self,
        market: usize,
        action: &CorporateAction,
        price: Option<Price>,
    ) -> Result<bool, AccountError> {
        let mut position = self.holdings[market].position.clone();
        if position.quantity().is_flat() {
            return Ok(false);
        }
        let at_cost = || {
            let price = position.average_price()?.as_decimal().checked_div(action.ratio())?;
            Price::new(price.round_dp(Price::MAX_SCALE)).ok()
        };
        let price = price.or_else(at_cost);
        let fraction = position.split(action)?;
        if let Some(price) = price {
            let (currency, rate) = (position.cost().currency(), self.holdings[market].rate());
            let paid = Money::of(price, fraction, position.multiplier(), currency)?;
            let balance = Money::new(self.balance(currency), currency).plus(paid)?;
            self.set_balance(currency, balance.amount(), rate);
        }
        self.holdings[market].position = position;
        Ok(true)
    }

    /// Values what is held, in the account's currency; where nothing was ever quoted, at cost.
    pub(crate) fn value(&self, markets: &[Market]) -> Result<Valued, MoneyError> {
        let zero = Money::zero(self.cash.currency());
        let mut sum =
            Valued { positions: zero, gross: Decimal::ZERO, pairs: zero, unrealized: zero, realized: zero };
        for (holding, market) in self.holdings.iter().zip(markets) {
            let position = &holding.position;
            let here =
                |money: Money| Ok(Money::new(converted(money.amount(), holding.rate())?, zero.currency()));
            if !position.realized().amount().is_zero() {
                sum.realized = sum.realized.plus(here(position.realized())?)?;
            }
            if position.quantity().is_flat() {
                continue;
            }
            let value = market.last_price.map_or(Ok(position.cost()), |price| position.value_at(price))?;
            let (value, cost) = (here(value)?, here(position.cost())?);
            sum.positions = sum.positions.plus(value)?;
            if holding.first_currency.is_some() {
                sum.pairs = sum.pairs.plus(value)?;
            }
            sum.gross = sum.gross.checked_add(value.amount().abs()).ok_or(MoneyError::Overflow)?;
            sum.unrealized = sum.unrealized.plus(value.minus(cost)?)?;
        }
        Ok(sum)
    }

    /// Cash that no open order keeps.
    pub(crate) fn free(&self) -> Result<Decimal, MoneyError> {
        self.total_cash()?.amount().checked_sub(self.reserved).ok_or(MoneyError::Overflow)
    }

    pub(crate) fn summary(
        &self,
        at: Timestamp,
        markets: &[Market],
        rules: MarginRules,
    ) -> Result<AccountSummary, MoneyError> {
        let valued = self.value(markets)?;
        let free = self.free()?;
        let (power, kept) = match self.kind {
            AccountKind::Cash => (free.max(Decimal::ZERO), Decimal::ZERO),
            AccountKind::Margin => (
                valued
                    .available(free, rules)?
                    .max(Decimal::ZERO)
                    .checked_div(rules.initial)
                    .ok_or(MoneyError::Overflow)?,
                valued.gross.checked_mul(rules.maintenance).ok_or(MoneyError::Overflow)?,
            ),
        };
        let money = |amount| Money::new(amount, self.cash.currency());
        let (cash, positions) =
            (self.total_cash()?.plus(valued.pairs)?, valued.positions.minus(valued.pairs)?);
        Ok(AccountSummary {
            account: self.id.clone(),
            at,
            net_liquidation: cash.plus(positions)?,
            cash,
            positions_value: positions,
            buying_power: money(power),
            maintenance_margin: money(kept),
            realized_pnl: valued.realized,
            unrealized_pnl: valued.unrealized,
            rates: self.rates(),
            balances: Some(self.told_balances()?),
        })
    }
}

/// What a fill costs on top of what its order, or its leg, was charged before, and the sums after it.
pub(crate) struct FillCost {
    pub(crate) base: Decimal,
    pub(crate) traded_value: Decimal,
    pub(crate) owed: Decimal,
    pub(crate) due: Decimal,
}

impl FillCost {
    /// `None` when the numbers are too large to compute with.
    pub(crate) fn of(
        before: Running,
        side: Side,
        schedule: &CommissionSchedule,
        in_month: Decimal,
        quantity: Decimal,
        value: Decimal,
    ) -> Option<Self> {
        let base = before.base_commission.checked_add(schedule.by_tiers(in_month, quantity, value)?)?;
        let traded_value = before.traded_value.checked_add(value)?;
        let owed = schedule.owed(side, before.filled.checked_add(quantity)?, traded_value, base)?;
        Some(Self { base, traded_value, owed, due: owed.checked_sub(before.charged)? })
    }
}
