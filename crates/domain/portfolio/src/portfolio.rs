//! Cash and positions of one account, as a pure value.

use crate::{Balances, PortfolioSnapshot, Position, PositionError, SnapshotPosition, TradeTerms};
use std::collections::BTreeMap;
use tradeport_contracts::CorporateAction;
use tradeport_kernel::{AccountId, Currency, Decimal, Money, MoneyError, Price, Symbol, Timestamp};
use tradeport_orders::Execution;

/// What an account holds, by the executions and commissions that were told to it.
///
/// Conservation: cash plus the cost of all positions equals the deposits plus realized gains less commissions, to the
/// last digit. A position stays in the currency that its instrument trades in; what it is worth to the account, and what a
/// trade did to the cash, follows by the rates that the account was told.
///
/// Beside the cash of all currencies together there is that of each, where the broker has told it: it moves by what is paid in
/// that currency and by nothing else, whatever the rates do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Portfolio {
    account: AccountId,
    cash: Money,
    /// The same by currency, where the broker tells it.
    balances: Option<Balances>,
    commissions: Money,
    positions: BTreeMap<Symbol, Position>,
    /// What one unit of another currency is worth in the account's own.
    rates: BTreeMap<Currency, Decimal>,
    /// What the broker counts beyond cash and positions: below zero for what is held and was never paid, such as futures.
    beyond: Decimal,
}

/// A portfolio that cannot be computed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PortfolioError {
    /// The execution is another account's.
    #[error("an execution of account {found} does not belong to account {expected}")]
    OtherAccount {
        /// The portfolio's.
        expected: AccountId,
        /// The execution's.
        found: AccountId,
    },
    /// A position that cannot be computed.
    #[error(transparent)]
    Position(#[from] PositionError),
    /// Money that does not add up.
    #[error("the money cannot be computed")]
    Money(#[from] MoneyError),
    /// A position without a price: unknown is not zero.
    #[error("the position in {0} has no price")]
    NoPrice(Symbol),
    /// An amount in another currency, and nobody said at which rate.
    #[error("what one {currency} is worth in {own} was not told")]
    NoRate {
        /// The currency of the amount.
        currency: Currency,
        /// The account's own.
        own: Currency,
    },
}

/// What a portfolio is worth at given prices.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Valuation {
    /// Cash and positions together.
    pub total: Money,
    /// Positions alone; negative when short.
    pub positions: Money,
    /// Gains and losses of open positions.
    pub unrealized: Money,
    /// Gains and losses of closed positions, before commissions.
    pub realized: Money,
}

impl Portfolio {
    /// An account that holds nothing but cash.
    #[must_use]
    pub const fn new(account: AccountId, cash: Money) -> Self {
        let commissions = Money::zero(cash.currency());
        Self {
            account,
            cash,
            balances: None,
            commissions,
            positions: BTreeMap::new(),
            rates: BTreeMap::new(),
            beyond: Decimal::ZERO,
        }
    }

    /// An account as its broker reports it.
    #[must_use]
    pub fn reported(account: AccountId, cash: Money, positions: Vec<Position>) -> Self {
        let positions = positions.into_iter().map(|position| (position.symbol(), position)).collect();
        Self { positions, ..Self::new(account, cash) }
    }

    /// The same, which was told these rates: what one unit of each other currency is worth in its own.
    #[must_use]
    pub fn with_rates(self, rates: BTreeMap<Currency, Decimal>) -> Self {
        Self { rates, ..self }
    }

    /// The same, of which its broker tells the cash by currency.
    #[must_use]
    pub fn with_balances(self, balances: Option<Balances>) -> Self {
        Self { balances, ..self }
    }

    /// Takes note of what one unit of another currency is worth in its own.
    pub fn note_rate(&mut self, currency: Currency, rate: Decimal) {
        self.rates.insert(currency, rate);
    }

    /// What one unit of a currency is worth in its own; `None` when that was not told, or makes no sense.
    #[must_use]
    pub fn rate_of(&self, currency: Currency) -> Option<Decimal> {
        if currency == self.currency() {
            return Some(Decimal::ONE);
        }
        self.rates.get(&currency).copied().filter(|rate| *rate > Decimal::ZERO)
    }

    /// The broker says what all of it is worth at these prices. From here on it is worth that, and what it gains or loses: a
    /// position in a future is worth what it would trade for, and nobody has paid that.
    pub fn hold_against(
        &mut self,
        worth: Money,
        price_of: impl Fn(Symbol) -> Option<Price>,
    ) -> Result<(), PortfolioError> {
        let apart = worth.minus(self.value(price_of)?.total)?.amount();
        self.beyond = self.beyond.checked_add(apart).ok_or(MoneyError::Overflow)?;
        Ok(())
    }

    /// Cash, and what the broker counts beyond it and positions.
    pub fn beside_positions(&self) -> Result<Money, MoneyError> {
        self.cash.plus(Money::new(self.beyond, self.currency()))
    }

    /// An amount in the account's own currency.
    fn counted(&self, amount: Money) -> Result<Money, PortfolioError> {
        let (currency, own) = (amount.currency(), self.currency());
        if currency == own {
            return Ok(amount);
        }
        // Nothing is nothing at any rate.
        if amount.amount().is_zero() {
            return Ok(Money::zero(own));
        }
        let rate = self.rate_of(currency).ok_or(PortfolioError::NoRate { currency, own })?;
        Ok(Money::new(amount.times(rate)?.amount(), own))
    }

    /// Takes in a trade of an instrument that is paid for in the account's own currency, with this multiplier.
    /// What it earned is returned. A combo's own trade changes nothing here: its legs do.
    pub fn execute(&mut self, execution: &Execution, multiplier: Decimal) -> Result<Money, PortfolioError> {
        self.execute_on(execution, &TradeTerms::paid_in(self.currency(), multiplier))
    }

    /// The same, of an instrument on these terms; what it earned is in their currency. Errors: without a rate between that and
    /// the account's own nobody can say what it did to the cash of all; the position and the balances have moved all the same.
    pub fn execute_on(&mut self, execution: &Execution, terms: &TradeTerms) -> Result<Money, PortfolioError> {
        let TradeTerms { currency, multiplier, .. } = *terms;
        if execution.account != self.account {
            let (expected, found) = (self.account.clone(), execution.account.clone());
            return Err(PortfolioError::OtherAccount { expected, found });
        }
        if !execution.part.moves_position() {
            return Ok(Money::zero(currency));
        }
        let signed = execution.side.signed(execution.quantity).as_decimal();
        let paid = self.counted(Money::of(execution.price, signed, multiplier, currency)?);
        let cash = paid.and_then(|paid| Ok(self.cash.minus(paid)?));
        if let Err(error) = &cash
            && !matches!(error, PortfolioError::NoRate { .. })
        {
            return cash;
        }
        let balances = self.balances_with(terms.moves(execution)?)?;
        let flat = || Position::flat(execution.symbol, currency, multiplier);
        let earned = self.positions.entry(execution.symbol).or_insert_with(flat).apply(execution)?;
        self.balances = balances;
        self.cash = cash?;
        Ok(earned)
    }

    /// Pays a commission; a negative one is a rebate. Errors: without a rate its currency's balance is paid from all the same.
    pub fn charge(&mut self, amount: Money) -> Result<(), PortfolioError> {
        self.balances = self.balances_with([amount.negated()])?;
        let amount = self.counted(amount)?;
        let commissions = self.commissions.plus(amount)?;
        self.cash = self.cash.minus(amount)?;
        self.commissions = commissions;
        Ok(())
    }

    /// The balances once these have come in.
    fn balances_with(&self, moves: impl IntoIterator<Item = Money>) -> Result<Option<Balances>, MoneyError> {
        let Some(mut balances) = self.balances.clone() else { return Ok(None) };
        moves.into_iter().try_for_each(|amount| balances.add(amount))?;
        Ok(Some(balances))
    }

    /// Takes in a split. A fraction of a share that it makes is paid out at `price`, per new share.
    pub fn split(&mut self, action: &CorporateAction, price: Price) -> Result<(), PortfolioError> {
        let Some(position) = self.positions.get_mut(&action.symbol()) else { return Ok(()) };
        let multiplier = position.multiplier();
        let fraction = position.split(action)?;
        let currency = position.cost().currency();
        let paid = Money::of(price, fraction, multiplier, currency)?;
        self.balances = self.balances_with([paid])?;
        self.cash = self.cash.plus(self.counted(paid)?)?;
        Ok(())
    }

    /// What it is all worth, with `price_of` each instrument held.
    pub fn value(&self, price_of: impl Fn(Symbol) -> Option<Price>) -> Result<Valuation, PortfolioError> {
        let mut positions = Money::zero(self.cash.currency());
        let mut unrealized = positions;
        let mut realized = positions;
        for position in self.positions.values() {
            realized = realized.plus(self.counted(position.realized())?)?;
            if position.quantity().is_flat() {
                continue;
            }
            let price = price_of(position.symbol()).ok_or(PortfolioError::NoPrice(position.symbol()))?;
            let value = position.value_at(price)?;
            positions = positions.plus(self.counted(value)?)?;
            unrealized = unrealized.plus(self.counted(value.minus(position.cost())?)?)?;
        }
        let total = self.beside_positions()?.plus(positions)?;
        Ok(Valuation { total, positions, unrealized, realized })
    }

    /// A snapshot of it at `at`, with `price_of` each instrument held.
    pub fn snapshot(
        &self,
        at: Timestamp,
        price_of: impl Fn(Symbol) -> Option<Price>,
    ) -> Result<PortfolioSnapshot, PortfolioError> {
        let valuation = self.value(&price_of)?;
        let mut positions = Vec::new();
        for position in self.held() {
            let price = price_of(position.symbol()).ok_or(PortfolioError::NoPrice(position.symbol()))?;
            positions.push(SnapshotPosition {
                symbol: position.symbol(),
                quantity: position.quantity(),
                average_price: position.average_price(),
                price,
                value: self.counted(position.value_at(price)?)?,
            });
        }
        Ok(PortfolioSnapshot {
            account: self.account.clone(),
            at,
            total_value: valuation.total,
            cash: self.cash,
            realized_pnl: valuation.realized,
            unrealized_pnl: valuation.unrealized,
            commissions: self.commissions,
            positions,
        })
    }

    /// Whose.
    #[must_use]
    pub const fn account(&self) -> &AccountId {
        &self.account
    }

    /// Cash of all currencies, at the rates at which it was paid; negative when borrowed.
    #[must_use]
    pub const fn cash(&self) -> Money {
        self.cash
    }

    /// Cash by currency; `None` where the broker does not tell it.
    #[must_use]
    pub const fn balances(&self) -> Option<&Balances> {
        self.balances.as_ref()
    }

    /// The currency that everything is counted in.
    #[must_use]
    pub const fn currency(&self) -> Currency {
        self.cash.currency()
    }

    /// Commissions paid.
    #[must_use]
    pub const fn commissions(&self) -> Money {
        self.commissions
    }

    /// The position in an instrument, if there ever was one.
    #[must_use]
    pub fn position(&self, symbol: Symbol) -> Option<&Position> {
        self.positions.get(&symbol)
    }

    /// Every position that there ever was, in the order of the symbols, the flat ones among them.
    pub fn positions(&self) -> impl Iterator<Item = &Position> {
        self.positions.values()
    }

    /// What is held now, in the order of the symbols; flat positions are left out.
    pub fn held(&self) -> impl Iterator<Item = &Position> {
        self.positions.values().filter(|position| !position.quantity().is_flat())
    }
}

#[cfg(test)]
mod tests;
