//! The snapshot on which an intent is judged: the state, the last quotes, and the sums that are kept up to date.

use super::exact_sum::Unsummed;
use super::exposure::Supposing;
use super::pricing::Prices;
use super::state::DeskState;
use super::sums::{AccountSums, Sums};
use std::collections::BTreeSet;
use tradeport_contracts::{Contract, InstrumentKind};
use tradeport_kernel::{AccountId, Decimal, Money, Symbol, Timestamp};
use tradeport_orders::OrderIntent;
use tradeport_portfolio::Portfolio;
use tradeport_risk::{ContractFacts, Preview, RiskPolicy, RiskView};

/// What the limits ask for beside what they always need: the rest is not looked up.
#[derive(Clone, Copy, Debug)]
pub(super) struct Asked {
    /// An order that is alike.
    alike: bool,
    /// When the session ends.
    session: bool,
    /// What the order's strategy has.
    pub(super) strategy: bool,
    /// What is traded is derived from.
    underlying: bool,
}

impl Asked {
    pub(super) fn by(policy: &RiskPolicy, intent: &OrderIntent) -> Self {
        let limits = policy.limits_of(intent.account());
        Self {
            alike: limits.duplicate_window_seconds.is_some(),
            session: !limits.permissions.overnight,
            strategy: intent.strategy().is_some_and(|it| policy.of_strategy(it).is_some()),
            underlying: !limits.permissions.not_symbols.is_empty(),
        }
    }
}

impl DeskState {
    /// The snapshot on which an intent is judged. Without sums, or where they do not tell, everything is added up.
    pub(super) fn view(
        &self,
        intent: &OrderIntent,
        supposing: Supposing<'_>,
        asked: Asked,
        prices: &Prices<'_>,
        sums: Option<&Sums>,
    ) -> RiskView {
        let (account, symbol, now) = (intent.account(), intent.symbol(), prices.now);
        let portfolio = self.portfolio(account);
        let contract = self.contract(symbol);
        let open = self.open_beside(account, symbol, supposing, Some(intent));
        let open = self.with_combos(open, intent, supposing, None);
        // What changed since the sums were made is not in them.
        let sums = sums.filter(|_| !self.is_touched()).and_then(|sums| sums.of(account));
        let described = || self.descriptions().of(symbol, intent.route());
        let session = || described().and_then(|known| known.session_ends_in(now));
        RiskView {
            now,
            equity: self.equity(account),
            portfolio_value: portfolio.and_then(|portfolio| worth_of(portfolio, prices, sums)),
            held: portfolio.and_then(|portfolio| self.held(portfolio, intent, supposing)),
            open_buys: open.buys,
            open_sells: open.sells,
            other_exposure: portfolio
                .and_then(|portfolio| self.other_exposure(portfolio, symbol, supposing, prices, sums)),
            quote: prices.quote(symbol, contract),
            at_stake: contract.and_then(|contract| prices.at_stake(contract)),
            contract: contract.map(|contract| facts(contract, portfolio, asked)),
            legs: self.legs(intent, contract, portfolio, supposing, prices, asked),
            session_ends_in: asked.session.then(session).flatten(),
            orders_today: self.orders_today(account, now, supposing),
            orders_last_minute: self.orders_last_minute(account, now, supposing),
            alike: asked.alike.then(|| self.recent().alike(intent, now)).flatten(),
            preview: Preview::NotAsked,
            strategy: asked.strategy.then(|| self.of_strategy(intent, supposing, now)).flatten(),
        }
    }

    /// What is held when the order comes alive: without what the order itself has traded, if it is judged again, and with
    /// what its parent still brings in.
    fn held(&self, portfolio: &Portfolio, intent: &OrderIntent, supposing: Supposing<'_>) -> Option<Decimal> {
        let position = portfolio.position(intent.symbol());
        let held = position.map_or(Decimal::ZERO, |position| position.quantity().as_decimal());
        held.checked_sub(self.traded_by(supposing.without, intent.symbol()))?
            .checked_add(self.moved_before(intent, supposing, None)?)
    }

    /// Orders of the day; one that is judged again was counted before.
    fn orders_today(&self, account: &AccountId, now: Timestamp, supposing: Supposing<'_>) -> u32 {
        let counted = self.orders_of_day(account, now);
        let family = u32::try_from(supposing.with.len()).unwrap_or(u32::MAX);
        counted.saturating_sub(u32::from(supposing.without.is_some())).saturating_add(family)
    }

    /// Orders of the last minute; one that is judged again was counted before.
    fn orders_last_minute(&self, account: &AccountId, now: Timestamp, supposing: Supposing<'_>) -> u32 {
        let family = u32::try_from(supposing.with.len()).unwrap_or(u32::MAX);
        self.recent().of_minute(account, now, supposing.without).saturating_add(family)
    }

    /// Absolute values of all other instruments, with their live orders at their worst.
    fn other_exposure(
        &self,
        portfolio: &Portfolio,
        symbol: Symbol,
        supposing: Supposing<'_>,
        prices: &Prices<'_>,
        sums: Option<&AccountSums>,
    ) -> Option<Decimal> {
        let summed = sums.map(|sums| self.summed_exposure(portfolio, symbol, supposing, prices, sums));
        match summed {
            Some(Ok(exposure)) => exposure,
            Some(Err(Unsummed)) | None => {
                self.exposure_beside(portfolio, symbol, supposing, |it| prices.size_price(it))
            }
        }
    }

    /// The same by the sums: what is supposed of other instruments takes the place of what they have in them.
    fn summed_exposure(
        &self,
        portfolio: &Portfolio,
        symbol: Symbol,
        supposing: Supposing<'_>,
        prices: &Prices<'_>,
        sums: &AccountSums,
    ) -> Result<Option<Decimal>, Unsummed> {
        if supposing.is_nothing() {
            return sums.exposure_without(std::iter::once(symbol));
        }
        let again = supposing.without.and_then(|key| self.book().get(key));
        let mut other: BTreeSet<Symbol> = supposing.with.iter().map(OrderIntent::symbol).collect();
        other.extend(again.map(|order| order.intent().symbol()));
        other.insert(symbol);
        let Some(mut sum) = sums.exposure_without(other.iter().copied())? else { return Ok(None) };
        other.remove(&symbol);
        for other in other {
            let stake = self.stake(portfolio, other, supposing).worst;
            let Some(more) = stake.at(prices.size_price(other)) else { return Ok(None) };
            sum = sum.checked_add(more).ok_or(Unsummed)?;
        }
        Ok(Some(sum))
    }
}

/// What a portfolio is worth; `None` when a price is missing.
fn worth_of(portfolio: &Portfolio, prices: &Prices<'_>, sums: Option<&AccountSums>) -> Option<Money> {
    match sums.map(AccountSums::worth) {
        Some(Ok(worth)) => {
            let rest = portfolio.beside_positions().ok()?;
            rest.plus(Money::new(worth?, portfolio.currency())).ok()
        }
        Some(Err(Unsummed)) | None => {
            portfolio.value(|it| prices.size_price(it)).ok().map(|value| value.total)
        }
    }
}

impl Asked {
    /// What a contract is derived from, or its symbol without its exchange. A pair is neither of its currencies.
    pub(super) fn underlying(self, contract: &Contract) -> Option<Symbol> {
        let what = contract.instrument();
        let is_named = self.underlying && what.kind() != Some(InstrumentKind::Forex);
        what.description().symbol.as_deref().filter(|_| is_named).and_then(|name| Symbol::new(name).ok())
    }
}

fn facts(contract: &Contract, portfolio: Option<&Portfolio>, asked: Asked) -> ContractFacts {
    ContractFacts {
        kind: contract.instrument().kind(),
        currency: contract.currency(),
        multiplier: contract.multiplier(),
        rate: portfolio.and_then(|portfolio| portfolio.rate_of(contract.currency())),
        underlying: asked.underlying(contract),
    }
}
