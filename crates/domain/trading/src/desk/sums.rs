//! What accounts are worth and have at stake, kept up to date instead of added up for each verdict.
//!
//! Each sum goes over the instruments of an account. How many units there are changes with orders and fills, which the state
//! takes note of; the price changes with a quote, and is gone once that is too old: of all prices the next to be so
//! stands first in a queue, and a verdict takes out those that are.
//!
//! Law: a sum is what adding everything up gives, or it is not told ([`Unsummed`]), and everything is added up.

use super::exact_sum::{Sum, Unsummed, plus_exactly};
use super::exposure::Supposing;
use super::pricing::Prices;
use super::stake::Stake;
use super::state::{DeskState, Touched};
use foldhash::{HashMap, HashSet};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap};
use std::time::Duration;
use tradeport_kernel::{AccountId, Decimal, Price, Symbol, Timestamp};
use tradeport_market_data::{Quote, QuoteBoard};

/// The last quotes, and what accounts are worth at them.
#[derive(Default)]
pub(super) struct Quotes {
    board: QuoteBoard,
    sums: Sums,
}

impl Quotes {
    pub(super) const fn board(&self) -> &QuoteBoard {
        &self.board
    }

    pub(super) fn note(&mut self, quote: Quote, now: Timestamp) {
        let last = self.board.last(quote.symbol()).map(|last| last.at());
        if last.is_some_and(|last| last > now.after(AHEAD) && last > quote.at()) {
            // The clock was put back: what was quoted before that is no later than what comes now.
            self.forget(quote.symbol());
        }
        self.board.note(quote);
        self.sums.quoted(quote.symbol(), &self.board);
    }

    pub(super) fn forget(&mut self, symbol: Symbol) {
        self.board.forget(symbol);
        self.sums.forgotten(symbol, &self.board);
    }

    /// Takes in what changed in the state: every change of it is followed by this before the next verdict, or that adds up.
    pub(super) fn follow(&mut self, state: &mut DeskState) {
        let touched = state.take_touched();
        self.sums.follow(state, touched, &self.board);
    }

    /// The last quotes and the sums as they stand at a moment.
    pub(super) fn at(&mut self, state: &DeskState, now: Timestamp, limit: Duration) -> (&QuoteBoard, &Sums) {
        self.sums.settle(&Prices { board: &self.board, state, now, limit });
        (&self.board, &self.sums)
    }
}

/// Quotes of now are no further ahead of the clock.
const AHEAD: Duration = Duration::from_secs(1);

/// The sums of all accounts.
#[derive(Default)]
pub(super) struct Sums {
    /// How old a quote may be, by which the sums were made; `None` before the first.
    limit: Option<Duration>,
    accounts: BTreeMap<AccountId, AccountSums>,
    /// Which combos a leg's price is a part of.
    combos_of: HashMap<Symbol, BTreeSet<Symbol>>,
    combos: BTreeSet<Symbol>,
    /// Combos of which a leg was quoted: their prices are put together for the next verdict.
    unpriced: BTreeSet<Symbol>,
    /// No price in a sum grows too old before its moment here.
    ageing: BinaryHeap<Reverse<(Timestamp, Symbol)>>,
    /// What stands in `ageing`.
    watched: HashSet<Symbol>,
    /// After this moment everything is stale that was found to be; a clock that goes back behind it makes it fresh again.
    stale_after: Option<Timestamp>,
}

/// The sums of one account, over the lines.
#[derive(Default)]
pub(super) struct AccountSums {
    lines: HashMap<Symbol, Line>,
    worth: Sum,
    exposure: Sum,
}

/// One instrument, with what of it stands in the sums.
struct Line {
    stake: Stake,
    price: Option<Price>,
    worth: Option<Decimal>,
    exposure: Option<Decimal>,
}

impl Sums {
    /// The sums of an account; `None` when there are none.
    pub(super) fn of(&self, account: &AccountId) -> Option<&AccountSums> {
        self.accounts.get(account)
    }

    fn quoted(&mut self, symbol: Symbol, board: &QuoteBoard) {
        let Some(limit) = self.limit else { return };
        if let Some(combos) = self.combos_of.get(&symbol) {
            self.unpriced.extend(combos);
        }
        if self.combos.contains(&symbol) {
            // What a combo is worth is what its legs are; its own quote says nothing of that.
            return;
        }
        let Some(quote) = board.last(symbol) else { return };
        let price = quote.mid();
        let mut priced = false;
        for account in self.accounts.values_mut() {
            priced |= account.reprice(symbol, price) && price.is_some();
        }
        if priced {
            self.watch(symbol, quote.at().after(limit));
        }
    }

    fn forgotten(&mut self, symbol: Symbol, board: &QuoteBoard) {
        // The next quote may be older than the one that is forgotten.
        self.watched.remove(&symbol);
        for combo in self.combos_of.get(&symbol).into_iter().flatten() {
            self.watched.remove(combo);
            self.unpriced.insert(*combo);
        }
        if board.last(symbol).is_none() && !self.combos.contains(&symbol) {
            for account in self.accounts.values_mut() {
                account.reprice(symbol, None);
            }
        }
    }

    fn watch(&mut self, symbol: Symbol, until: Timestamp) {
        if self.watched.insert(symbol) {
            self.ageing.push(Reverse((until, symbol)));
        }
    }

    fn follow(&mut self, state: &DeskState, touched: Touched, board: &QuoteBoard) {
        let Some(limit) = self.limit else { return };
        if touched.everything {
            // Made anew with the next verdict.
            self.limit = None;
            return;
        }
        for symbol in &touched.symbols {
            self.lay(state, board, *symbol, limit);
        }
        if touched.contracts {
            // What was a leg that nobody knew may be known now.
            let combos: Vec<Symbol> = self.combos.iter().copied().collect();
            combos.into_iter().for_each(|combo| self.lay(state, board, combo, limit));
        }
    }

    /// Makes the lines of an instrument anew, in every account.
    fn lay(&mut self, state: &DeskState, board: &QuoteBoard, symbol: Symbol, limit: Duration) {
        let legs = state.legs_of(symbol);
        let quote = board.last(symbol).filter(|_| legs.is_none());
        let mut is_there = false;
        for portfolio in state.portfolios() {
            let account = self.accounts.entry(portfolio.account().clone()).or_default();
            let stake = state.stake(portfolio, symbol, Supposing::default());
            is_there |= account.lay(symbol, stake, quote.and_then(Quote::mid));
        }
        match legs.filter(|_| is_there) {
            Some(legs) => self.lay_combo(symbol, legs),
            None => self.drop_combo(symbol),
        }
        if let Some(quote) = quote.filter(|_| is_there) {
            self.watch(symbol, quote.at().after(limit));
        }
    }

    fn lay_combo(&mut self, combo: Symbol, legs: Vec<Symbol>) {
        // Its legs may be others than before.
        self.watched.remove(&combo);
        for leg in legs {
            self.combos_of.entry(leg).or_default().insert(combo);
        }
        self.combos.insert(combo);
        self.unpriced.insert(combo);
    }

    fn drop_combo(&mut self, symbol: Symbol) {
        if self.combos.remove(&symbol) {
            self.combos_of.retain(|_, combos| {
                combos.remove(&symbol);
                !combos.is_empty()
            });
        }
    }

    /// Brings the sums to a moment: combos get their prices, and prices that have grown too old are taken out.
    fn settle(&mut self, prices: &Prices<'_>) {
        if self.limit != Some(prices.limit) || self.stale_after.is_some_and(|after| prices.now <= after) {
            self.begin(prices);
        }
        for combo in std::mem::take(&mut self.unpriced) {
            self.price_anew(combo, prices);
        }
        while self.ageing.peek().is_some_and(|Reverse((until, _))| *until < prices.now) {
            let Some(Reverse((_, symbol))) = self.ageing.pop() else { return };
            self.watched.remove(&symbol);
            self.price_anew(symbol, prices);
        }
    }

    /// Everything from the beginning.
    fn begin(&mut self, prices: &Prices<'_>) {
        *self = Self { limit: Some(prices.limit), ..Self::default() };
        let mut symbols = BTreeSet::new();
        for portfolio in prices.state.portfolios() {
            // An account that has nothing has its sums as well.
            self.accounts.entry(portfolio.account().clone()).or_default();
            symbols.extend(portfolio.positions().map(|position| position.symbol()));
            symbols.extend(prices.state.live_symbols(portfolio.account()));
        }
        for symbol in symbols {
            self.lay(prices.state, prices.board, symbol, prices.limit);
        }
    }

    /// The price of an instrument as it is now, if it is fresh.
    fn price_anew(&mut self, symbol: Symbol, prices: &Prices<'_>) {
        let price = prices.size_price(symbol);
        for account in self.accounts.values_mut() {
            account.reprice(symbol, price);
        }
        let Some(oldest) = prices.oldest(symbol) else { return };
        let until = oldest.after(prices.limit);
        if price.is_some() {
            self.watch(symbol, until);
        } else if until < prices.now {
            self.stale_after = self.stale_after.max(Some(until));
        }
    }
}

impl AccountSums {
    /// What all that is held is worth together, without cash; `None` when a price is missing.
    pub(super) fn worth(&self) -> Result<Option<Decimal>, Unsummed> {
        self.worth.told()
    }

    /// What all instruments but these have at stake; `None` when a price is missing.
    pub(super) fn exposure_without(
        &self,
        symbols: impl Iterator<Item = Symbol> + Clone,
    ) -> Result<Option<Decimal>, Unsummed> {
        let parts = symbols.map(|symbol| self.exposure_of(symbol));
        let Some(mut total) = self.exposure.told_without(parts.clone())? else { return Ok(None) };
        for part in parts.flatten() {
            total = plus_exactly(total, -part).ok_or(Unsummed)?;
        }
        Ok(Some(total))
    }

    fn exposure_of(&self, symbol: Symbol) -> Option<Decimal> {
        self.lines.get(&symbol).map_or(Some(Decimal::ZERO), |line| line.exposure)
    }

    /// Puts a line in the place of the one before; is there anything in it?
    fn lay(&mut self, symbol: Symbol, stake: Stake, price: Option<Price>) -> bool {
        if stake == Stake::NONE {
            if let Some(line) = self.lines.remove(&symbol) {
                self.worth.exchange(line.worth, Some(Decimal::ZERO));
                self.exposure.exchange(line.exposure, Some(Decimal::ZERO));
            }
            return false;
        }
        let nothing = Line {
            stake: Stake::NONE,
            price: None,
            worth: Some(Decimal::ZERO),
            exposure: Some(Decimal::ZERO),
        };
        let line = self.lines.entry(symbol).or_insert(nothing);
        (line.stake, line.price) = (stake, price);
        line.count(&mut self.worth, &mut self.exposure);
        true
    }

    /// Another price for a line; was there a line, and another price in it?
    fn reprice(&mut self, symbol: Symbol, price: Option<Price>) -> bool {
        let Some(line) = self.lines.get_mut(&symbol).filter(|line| line.price != price) else { return false };
        line.price = price;
        line.count(&mut self.worth, &mut self.exposure);
        true
    }
}

impl Line {
    fn count(&mut self, worth: &mut Sum, exposure: &mut Sum) {
        let now = (self.stake.holding.at(self.price), self.stake.worst.at(self.price));
        worth.exchange(self.worth, now.0);
        exposure.exchange(self.exposure, now.1);
        (self.worth, self.exposure) = now;
    }
}

#[cfg(test)]
mod tests;
