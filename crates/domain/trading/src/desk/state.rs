//! What the desk knows: a pure value, changed only by journal entries.

use super::breaks::PositionBreak;
use super::exposure::Supposing;
use super::judging::Described;
use super::pricing::Prices;
use super::recent::Recent;
use crate::PlatformEvent;
use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::sync::Arc;
use tradeport_contracts::{Contract, ContractId, CorporateAction};
use tradeport_kernel::{AccountId, Decimal, Money, OrderKey, Price, Symbol, Timestamp};
use tradeport_orders::{
    Applied, Commission, Execution, ExecutionId, Fills, JournalEntry, JournalEvent, Order, OrderBook,
    OrderInput, OrderIntent, OrphanEntry, Side, Taken,
};
use tradeport_portfolio::{Portfolio, PortfolioError};
use tradeport_risk::{ContractFacts, Equity, RiskView};

const NANOS_PER_DAY: i64 = 86_400_000_000_000;

/// Orders, accounts and contracts as far as they are known.
#[derive(Default)]
pub(super) struct DeskState {
    book: OrderBook,
    live: BTreeSet<OrderKey>,
    /// The same by account and symbol: what is judged looks at its own instrument alone.
    live_of: HashMap<AccountId, BTreeMap<Symbol, BTreeSet<OrderKey>>>,
    portfolios: BTreeMap<AccountId, Portfolio>,
    contracts: HashMap<Symbol, Contract>,
    names: HashMap<ContractId, Symbol>,
    /// What orders are judged by, put together once.
    described: HashMap<Symbol, Arc<Described>>,
    orders_of_day: HashMap<AccountId, (i64, u32)>,
    /// Orders that were sent lately.
    recent: Recent,
    equity: HashMap<AccountId, Equity>,
    foreign: HashMap<String, (AccountId, Fills)>,
    /// What the broker told of executions when accounts were read last, by their roots.
    accounted: HashMap<String, Execution>,
    /// Breaks that are not kept yet.
    pub(super) unkept_breaks: Vec<PositionBreak>,
    /// Breaks that are, the latest last.
    pub(super) breaks: VecDeque<PositionBreak>,
}

impl DeskState {
    pub(super) const fn book(&self) -> &OrderBook {
        &self.book
    }

    /// Keys of orders that may still trade, in order.
    pub(super) const fn live(&self) -> &BTreeSet<OrderKey> {
        &self.live
    }

    pub(super) fn portfolio(&self, account: &AccountId) -> Option<&Portfolio> {
        self.portfolios.get(account)
    }

    pub(super) fn portfolios(&self) -> impl Iterator<Item = &Portfolio> {
        self.portfolios.values()
    }

    /// The accounts hold all of these.
    pub(super) fn account_for(&mut self, executions: &[Execution]) {
        self.accounted = executions.iter().map(|it| (it.id.root().to_owned(), it.clone())).collect();
    }

    /// What is known of this execution, in whatever revision.
    pub(super) fn known_execution(&self, execution: &Execution) -> Option<&Execution> {
        let root = execution.id.root();
        let ours = execution.key.as_ref().and_then(|key| self.book.get(key));
        let ours = ours.and_then(|order| order.executions().find(|it| it.id.root() == root));
        let foreign = || self.foreign.get(root).and_then(|(_, fills)| fills.executions().next());
        let known = ours.or_else(foreign).into_iter().chain(self.accounted.get(root));
        known.max_by_key(|it| it.id.revision())
    }

    /// Every execution that is known, each once.
    pub(super) fn all_executions(&self) -> impl Iterator<Item = &Execution> {
        let ours = self.book.iter().flat_map(Order::executions);
        let foreign = self.foreign.values().flat_map(|(_, fills)| fills.executions());
        let told = self.accounted.values();
        let mut last: HashMap<&str, &Execution> = HashMap::new();
        for execution in ours.chain(foreign).chain(told) {
            let known = last.entry(execution.id.root()).or_insert(execution);
            if known.id.revision() < execution.id.revision() {
                *known = execution;
            }
        }
        last.into_values()
    }

    pub(super) fn contract(&self, symbol: Symbol) -> Option<&Contract> {
        self.contracts.get(&symbol)
    }

    pub(super) fn contract_by_id(&self, id: ContractId) -> Option<&Contract> {
        self.contract(*self.names.get(&id)?)
    }

    pub(super) fn know(&mut self, contract: Contract) {
        self.described.remove(&contract.symbol());
        self.names.insert(contract.id(), contract.symbol());
        self.contracts.insert(contract.symbol(), contract);
    }

    pub(super) fn described(&self, symbol: Symbol) -> Option<Arc<Described>> {
        self.described.get(&symbol).cloned()
    }

    pub(super) fn describe(&mut self, symbol: Symbol, described: Arc<Described>) {
        self.described.insert(symbol, described);
    }

    pub(super) fn adopt(&mut self, portfolio: Portfolio) {
        self.portfolios.insert(portfolio.account().clone(), portfolio);
    }

    pub(super) fn split(&mut self, action: &CorporateAction, price: Price) -> Result<(), PortfolioError> {
        self.portfolios.values_mut().try_for_each(|portfolio| portfolio.split(action, price))
    }

    /// Replays or takes in one entry: book and counters only, no money.
    pub(super) fn apply(&mut self, entry: &JournalEntry) -> Result<Applied, OrphanEntry> {
        let applied = self.book.apply(entry)?;
        if let JournalEvent::Happened { input } = &entry.event
            && matches!(**input, OrderInput::Sent)
        {
            self.count_order(&entry.key, entry.at);
        }
        self.note_life(&entry.key);
        Ok(applied)
    }

    /// Keeps the orders that may trade, and which of them are of which instrument.
    fn note_life(&mut self, key: &OrderKey) {
        let Some(order) = self.book.get(key) else { return };
        let (account, symbol) = (order.intent().account(), order.intent().symbol());
        if order.state().may_trade() {
            if self.live.insert(key.clone()) {
                let of_account = self.live_of.entry(account.clone()).or_default();
                of_account.entry(symbol).or_default().insert(key.clone());
            }
        } else if self.live.remove(key)
            && let Some(of_account) = self.live_of.get_mut(account)
            && let Some(keys) = of_account.get_mut(&symbol)
        {
            keys.remove(key);
            if keys.is_empty() {
                of_account.remove(&symbol);
            }
        }
    }

    /// Orders of an account for an instrument that may still trade, by their keys.
    pub(super) fn live_orders(&self, account: &AccountId, symbol: Symbol) -> impl Iterator<Item = &Order> {
        let keys = self.live_of.get(account).and_then(|of_account| of_account.get(&symbol));
        keys.into_iter().flatten().filter_map(|key| self.book.get(key))
    }

    /// Takes note of what an account was worth.
    pub(super) fn note_equity(&mut self, account: &AccountId, at: Timestamp, value: Money) {
        self.equity.entry(account.clone()).or_default().note(at, value);
    }

    fn count_order(&mut self, key: &OrderKey, at: Timestamp) {
        let Some(order) = self.book.get(key) else { return };
        self.recent.note(order.intent(), at);
        let day = at.nanos().div_euclid(NANOS_PER_DAY);
        let counted = self.orders_of_day.entry(order.intent().account().clone()).or_insert((day, 0));
        if counted.0 != day {
            *counted = (day, 0);
        }
        counted.1 += 1;
    }

    /// The money side of an applied entry; what it did, as events.
    pub(super) fn settle(&mut self, entry: &JournalEntry, applied: &Applied) -> Vec<PlatformEvent> {
        let mut events = Vec::new();
        if let Some((from, to)) = applied.moved {
            events.push(PlatformEvent::OrderMoved { key: entry.key.clone(), from, to });
        }
        if let Some(undone) = &applied.replaced {
            self.undo(undone, &mut events);
        }
        if let Some(execution) = &applied.executed {
            self.trade(execution, &mut events);
            events.push(PlatformEvent::Executed { execution: execution.clone() });
        }
        if let Some((execution, amount)) = &applied.charged
            && let Some(account) = self.book.get(&entry.key).map(|order| order.intent().account().clone())
        {
            events.extend(self.charge(&account, Some(&entry.key), execution, *amount));
        }
        if let Some(what) = applied.anomaly {
            events.push(anomaly(Some(&entry.key), &format!("{what:?}")));
        }
        events
    }

    /// The money side of an execution of an order that is not ours; each counts once, as ours do.
    pub(super) fn foreign_trade(&mut self, execution: &Execution) -> Vec<PlatformEvent> {
        let mut events = Vec::new();
        let empty = || (execution.account.clone(), Fills::default());
        let known = self.foreign.entry(execution.id.root().to_owned()).or_insert_with(empty);
        match known.1.take(execution) {
            Taken::Known => return events,
            Taken::New => {}
            Taken::Replaces(earlier) => self.undo(&earlier, &mut events),
        }
        self.trade(execution, &mut events);
        let text = format!("execution {} belongs to no order of ours", execution.id);
        events.push(anomaly(execution.key.as_ref(), &text));
        events
    }

    /// The cost of an execution of an order that is not ours.
    pub(super) fn foreign_charge(&mut self, commission: &Commission) -> Vec<PlatformEvent> {
        let Some((account, fills)) = self.foreign.get_mut(commission.execution.root()) else {
            return vec![anomaly(
                None,
                &format!("a commission for unknown execution {}", commission.execution),
            )];
        };
        match fills.charge(commission) {
            Ok(None) => Vec::new(),
            Ok(Some(amount)) => {
                let account = account.clone();
                self.charge(&account, None, &commission.execution, amount)
            }
            Err(what) => vec![anomaly(None, &format!("{what:?}"))],
        }
    }

    fn charge(
        &mut self,
        account: &AccountId,
        key: Option<&OrderKey>,
        execution: &ExecutionId,
        amount: Money,
    ) -> Vec<PlatformEvent> {
        let mut events = vec![PlatformEvent::Charged { execution: execution.clone(), amount }];
        if let Some(Err(error)) = self.portfolios.get_mut(account).map(|portfolio| portfolio.charge(amount)) {
            events.push(anomaly(key, &error));
        }
        events
    }

    fn undo(&mut self, execution: &Execution, events: &mut Vec<PlatformEvent>) {
        let reverse = Execution { side: execution.side.opposite(), ..execution.clone() };
        self.trade(&reverse, events);
    }

    /// Money of an execution, whosever order it was.
    fn trade(&mut self, execution: &Execution, events: &mut Vec<PlatformEvent>) {
        let multiplier = self.contract(execution.symbol).map_or(Decimal::ONE, Contract::multiplier);
        let Some(portfolio) = self.portfolios.get_mut(&execution.account) else { return };
        if let Err(error) = portfolio.execute(execution, multiplier) {
            events.push(anomaly(execution.key.as_ref(), &error));
        }
    }

    /// The snapshot on which an intent is judged. An order that is alike is looked for only where repetitions are limited:
    /// that reads an hour of orders.
    pub(super) fn view(
        &self,
        intent: &OrderIntent,
        now: Timestamp,
        supposing: Supposing<'_>,
        prices: &Prices<'_>,
        repeats: bool,
    ) -> RiskView {
        let (account, symbol) = (intent.account(), intent.symbol());
        let portfolio = self.portfolio(account);
        let open = self.open_beside(account, symbol, supposing, Some(intent));
        let value = portfolio.and_then(|portfolio| portfolio.value(|it| prices.size_price(it)).ok());
        RiskView {
            now,
            equity: self.equity.get(account).copied().unwrap_or_default(),
            portfolio_value: value.map(|value| value.total),
            held: portfolio.and_then(|portfolio| self.held(portfolio, intent, supposing)),
            open_buys: open.buys,
            open_sells: open.sells,
            other_exposure: portfolio
                .and_then(|portfolio| self.other_exposure(portfolio, symbol, supposing, prices)),
            quote: prices.quote(symbol),
            at_stake: prices.at_stake(symbol),
            contract: self.contract(symbol).map(facts),
            session_ends_in: self.described(symbol).and_then(|known| known.session_ends_in(now)),
            orders_today: self.orders_today(account, now, supposing),
            orders_last_minute: self.orders_last_minute(account, now, supposing),
            alike: repeats.then(|| self.recent.alike(intent, now)).flatten(),
        }
    }

    /// What is held when the order comes alive: without what the order itself has traded, if it is judged again, and with
    /// what its parent still brings in.
    fn held(&self, portfolio: &Portfolio, intent: &OrderIntent, supposing: Supposing<'_>) -> Option<Decimal> {
        let held = held_of(portfolio, intent.symbol());
        let again = supposing.without.and_then(|key| self.book.get(key));
        let traded = again.map_or(Decimal::ZERO, |order| match order.side() {
            Side::Buy => order.filled(),
            Side::Sell => -order.filled(),
        });
        held.checked_sub(traded)?.checked_add(self.moved_before(intent, supposing)?)
    }

    /// Orders of the day; one that is judged again was counted before.
    fn orders_today(&self, account: &AccountId, now: Timestamp, supposing: Supposing<'_>) -> u32 {
        let day = now.nanos().div_euclid(NANOS_PER_DAY);
        let counted = self.orders_of_day.get(account).filter(|(counted_day, _)| *counted_day == day);
        let counted = counted.map_or(0, |(_, count)| *count);
        let family = u32::try_from(supposing.with.len()).unwrap_or(u32::MAX);
        counted.saturating_sub(u32::from(supposing.without.is_some())).saturating_add(family)
    }

    /// Orders of the last minute; one that is judged again was counted before.
    fn orders_last_minute(&self, account: &AccountId, now: Timestamp, supposing: Supposing<'_>) -> u32 {
        let family = u32::try_from(supposing.with.len()).unwrap_or(u32::MAX);
        self.recent.of_minute(account, now, supposing.without).saturating_add(family)
    }

    /// Absolute values of all other instruments, with their live orders at their worst.
    fn other_exposure(
        &self,
        portfolio: &Portfolio,
        symbol: Symbol,
        supposing: Supposing<'_>,
        prices: &Prices<'_>,
    ) -> Option<Decimal> {
        let mut symbols: BTreeSet<Symbol> = portfolio.held().map(|position| position.symbol()).collect();
        symbols.extend(self.live_of.get(portfolio.account()).into_iter().flat_map(BTreeMap::keys));
        let supposed = supposing.with.iter().filter(|intent| intent.account() == portfolio.account());
        symbols.extend(supposed.map(OrderIntent::symbol));
        symbols.remove(&symbol);
        symbols.into_iter().try_fold(Decimal::ZERO, |sum, other| {
            let held = held_of(portfolio, other);
            let open = self.open(portfolio.account(), other, supposing);
            let worst = (held + open.buys?).abs().max((held - open.sells?).abs());
            let multiplier = self.contract(other).map_or(Decimal::ONE, Contract::multiplier);
            let value = worst.checked_mul(prices.size_price(other)?.as_decimal())?.checked_mul(multiplier)?;
            sum.checked_add(value)
        })
    }
}

fn facts(contract: &Contract) -> ContractFacts {
    ContractFacts {
        kind: contract.instrument().kind(),
        currency: contract.currency(),
        multiplier: contract.multiplier(),
    }
}

fn held_of(portfolio: &Portfolio, symbol: Symbol) -> Decimal {
    portfolio.position(symbol).map_or(Decimal::ZERO, |position| position.quantity().as_decimal())
}

pub(super) fn anomaly(key: Option<&OrderKey>, text: &impl ToString) -> PlatformEvent {
    PlatformEvent::Anomaly { key: key.cloned(), text: text.to_string() }
}
