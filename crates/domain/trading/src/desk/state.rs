//! What the desk knows: a pure value, changed only by journal entries.

mod memory;
mod worth;

pub(super) use memory::head_of;

use super::day_count::DayCount;
use super::exposure::Open;
use super::judging::Descriptions;
use super::missing::MissingExecutions;
use super::open_orders::OpenOrders;
use super::recent::Recent;
use super::reconciling::Reconciled;
use super::tallies::Tallies;
use crate::PlatformEvent;
use crate::reconciliation::{Break, BreakChange, BreakRegister, Cash, Holdings};
use foldhash::HashMap;
use memory::Reach;
use std::collections::{BTreeMap, BTreeSet};
use tradeport_contracts::{Contract, ContractId, CorporateAction};
use tradeport_kernel::{AccountId, Decimal, Money, OrderKey, Price, Symbol, Timestamp};
use tradeport_orders::{
    Applied, Commission, Execution, ExecutionId, Fills, JournalEntry, JournalEvent, Order, OrderBook,
    OrderInput, OrphanEntry, Taken,
};
use tradeport_portfolio::{Portfolio, PortfolioError};
use tradeport_risk::Equity;
use worth::{ToldWorth, is_not_paid};

/// What a trade did to the cash that the broker alone can tell is told apart by this.
const ELSEWHERE: &str = "only the broker knows: ";

/// What changed since somebody last asked: sums that are kept up to date follow it.
#[derive(Debug, Default)]
pub(super) struct Touched {
    /// Accounts were read anew.
    pub(super) everything: bool,
    /// Contracts became known.
    pub(super) contracts: bool,
    /// Instruments whose orders or positions changed.
    pub(super) symbols: BTreeSet<Symbol>,
}

/// Orders, accounts and contracts as far as they are known.
#[derive(Default)]
pub(super) struct DeskState {
    book: OrderBook,
    /// The same by account and symbol: what is judged looks at its own instrument alone.
    live_of: HashMap<AccountId, HashMap<Symbol, OpenOrders>>,
    portfolios: BTreeMap<AccountId, Portfolio>,
    contracts: HashMap<Symbol, Contract>,
    touched: Touched,
    names: HashMap<ContractId, Symbol>,
    /// What orders are judged by, put together once.
    described: Descriptions,
    orders_of_day: HashMap<AccountId, DayCount>,
    /// Orders that were sent lately.
    recent: Recent,
    /// What strategies have.
    tallies: Tallies,
    /// How much of the journal is in here.
    reach: Reach,
    equity: HashMap<AccountId, Equity>,
    foreign: HashMap<String, (AccountId, Fills)>,
    /// What the broker told of executions when accounts were read last, by their roots.
    accounted: HashMap<String, Execution>,
    /// Those of them of which nobody had told yet what they cost: the accounts have paid for them all the same.
    paid: BTreeSet<String>,
    /// Trades since accounts were read last of which nobody knows yet what they did to the cash.
    unsettled: HashMap<AccountId, BTreeSet<String>>,
    /// What the broker has said that accounts are worth, until they are held against it.
    told_worth: HashMap<AccountId, ToldWorth>,
    /// So many trades have moved money.
    trades: u64,
    /// What the broker has counted and not told.
    missing: MissingExecutions,
    /// What does not fit.
    pub(super) register: BreakRegister,
    /// What did not fit when an earlier process kept it last.
    pub(super) recalled: Vec<Break>,
    /// What became of breaks and is not kept yet.
    pub(super) unkept_changes: Vec<BreakChange>,
    /// How everything was held against the broker last.
    pub(super) reconciled: Option<Reconciled>,
}

impl DeskState {
    pub(super) const fn book(&self) -> &OrderBook {
        &self.book
    }

    /// Keys of orders that may still trade, in order: put so for each who asks, since nobody on the way of an order does.
    pub(super) fn live(&self) -> Vec<&OrderKey> {
        let mut keys: Vec<&OrderKey> = self.all_open().flat_map(OpenOrders::iter).map(Open::key).collect();
        keys.sort_unstable();
        keys
    }

    /// How many orders may still trade.
    pub(super) fn alive(&self) -> usize {
        self.all_open().map(OpenOrders::len).sum()
    }

    /// May this order still trade?
    pub(super) fn is_alive(&self, key: &OrderKey) -> bool {
        self.book.get(key).is_some_and(|order| {
            let intent = order.intent();
            self.open_orders(intent.account(), intent.symbol()).is_some_and(|open| open.has(key))
        })
    }

    pub(super) fn portfolio(&self, account: &AccountId) -> Option<&Portfolio> {
        self.portfolios.get(account)
    }

    pub(super) fn portfolios(&self) -> impl Iterator<Item = &Portfolio> {
        self.portfolios.values()
    }

    /// What accounts hold by everything that was told.
    pub(super) fn holdings(&self) -> Holdings {
        let unsettled =
            |account: &AccountId| self.unsettled.get(account).is_some_and(|roots| !roots.is_empty());
        let add = |holdings: Holdings, portfolio: &Portfolio| {
            let known = !unsettled(portfolio.account());
            holdings
                .with_account(portfolio, if known { Cash::Known(portfolio.cash()) } else { Cash::Unknown })
        };
        let holdings = self.portfolios.values().fold(Holdings::default(), add);
        holdings.without_unexplained(self.register.unexplained())
    }

    /// So many trades have moved money here; it grows with each.
    pub(super) const fn trades(&self) -> u64 {
        self.trades
    }

    /// The accounts hold all of these.
    pub(super) fn account_for(&mut self, executions: &[Execution]) {
        let costs = self.costs();
        let untold = executions.iter().map(|it| it.id.root()).filter(|root| !costs.contains_key(root));
        self.paid = untold.map(str::to_owned).collect();
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
        let mut last: HashMap<&str, &Execution> = HashMap::default();
        for execution in ours.chain(foreign).chain(told) {
            let known = last.entry(execution.id.root()).or_insert(execution);
            if known.id.revision() < execution.id.revision() {
                *known = execution;
            }
        }
        last.into_values()
    }

    /// What executions cost, by their roots, as far as that was told.
    pub(super) fn costs(&self) -> HashMap<&str, Money> {
        let ours = self.book.iter().flat_map(Order::charged_executions);
        let foreign = self.foreign.values().flat_map(|(_, fills)| fills.charged());
        ours.chain(foreign).map(|(execution, cost)| (execution.id.root(), cost)).collect()
    }

    pub(super) fn contract(&self, symbol: Symbol) -> Option<&Contract> {
        self.contracts.get(&symbol)
    }

    pub(super) fn contract_by_id(&self, id: ContractId) -> Option<&Contract> {
        self.contract(*self.names.get(&id)?)
    }

    /// The legs of a combo, as far as they are known; `None` for what is no combo.
    pub(super) fn legs_of(&self, symbol: Symbol) -> Option<Vec<Symbol>> {
        let legs = &self.contract(symbol)?.instrument().description().legs;
        let known = || legs.iter().filter_map(|leg| self.names.get(&leg.contract()).copied()).collect();
        (!legs.is_empty()).then(known)
    }

    /// What changed since this was asked for last.
    pub(super) fn take_touched(&mut self) -> Touched {
        std::mem::take(&mut self.touched)
    }

    /// Has anything changed since then?
    pub(super) fn is_touched(&self) -> bool {
        let Touched { everything, contracts, symbols } = &self.touched;
        *everything || *contracts || !symbols.is_empty()
    }

    pub(super) fn know(&mut self, contract: Contract) {
        self.touched.symbols.insert(contract.symbol());
        self.touched.contracts = true;
        self.described.forget(contract.symbol());
        self.names.insert(contract.id(), contract.symbol());
        self.contracts.insert(contract.symbol(), contract);
    }

    /// What orders are judged by, for whoever does not hold the state.
    pub(super) fn descriptions(&self) -> Descriptions {
        self.described.clone()
    }

    pub(super) fn adopt(&mut self, portfolio: Portfolio) {
        self.unsettled.remove(portfolio.account());
        self.touched.everything = true;
        self.portfolios.insert(portfolio.account().clone(), portfolio);
    }

    /// Has an account traded what leaves its cash for the broker to tell? Then it is read anew.
    pub(super) fn has_cash_that_only_the_broker_knows(&self) -> bool {
        self.unsettled.values().flatten().any(|root| root.starts_with(ELSEWHERE))
    }

    pub(super) fn split(&mut self, action: &CorporateAction, price: Price) -> Result<(), PortfolioError> {
        self.touched.symbols.insert(action.symbol());
        // One whose fraction nobody can count keeps no other from its shares.
        let all = self.portfolios.values_mut().map(|portfolio| portfolio.split(action, price));
        all.fold(Ok(()), Result::and)
    }

    /// Replays or takes in the entry of a record: book and counters only, no money.
    pub(super) fn apply(&mut self, sequence: u64, entry: &JournalEntry) -> Result<Applied, OrphanEntry> {
        let applied = self.suppose(entry)?;
        self.reach.last = sequence;
        if let JournalEvent::Happened { input } = &entry.event
            && matches!(**input, OrderInput::Status { .. } | OrderInput::Executed { .. })
            && let Some(order) = self.book.get(&entry.key)
        {
            self.missing.note(order, entry.at);
        }
        Ok(applied)
    }

    /// Goes on as if an entry were kept; an order that was supposed is to be taken back.
    pub(super) fn suppose(&mut self, entry: &JournalEntry) -> Result<Applied, OrphanEntry> {
        let applied = self.book.apply(entry)?;
        match &entry.event {
            JournalEvent::Happened { input } if matches!(**input, OrderInput::Sent) => {
                self.count_order(&entry.key, entry.at);
            }
            // What strategies have, so that replaying comes to the same; accounts are the broker's to tell.
            JournalEvent::Split { action } => {
                self.tallies.split(action);
                return Ok(applied);
            }
            _ => {}
        }
        if (applied.executed.is_some() || applied.replaced.is_some())
            && let Some(order) = self.book.get(&entry.key)
        {
            self.tallies.applied(order, &applied);
        }
        self.note_life(&entry.key);
        Ok(applied)
    }

    /// Takes back the last order, which was supposed and is not kept: as if it had never been.
    pub(super) fn take_back(&mut self, key: &OrderKey) {
        let Some(order) = self.book.take_back(key) else { return };
        let (account, symbol) = (order.intent().account(), order.intent().symbol());
        self.no_longer_live(key, account, symbol);
        if self.recent.take_back(order.intent())
            && let Some(count) = self.orders_of_day.get_mut(account)
        {
            count.take_back();
            self.tallies.take_back(order.intent());
        }
    }

    /// Keeps the orders that may trade, and which of them are of which instrument.
    fn note_life(&mut self, key: &OrderKey) {
        let Some(order) = self.book.get(key) else { return };
        let (account, symbol) = (order.intent().account(), order.intent().symbol());
        if !order.state().may_trade() {
            let account = account.clone();
            self.no_longer_live(key, &account, symbol);
            return;
        }
        let of_account = match self.live_of.get_mut(account) {
            Some(of_account) => of_account,
            None => self.live_of.entry(account.clone()).or_default(),
        };
        if of_account.entry(symbol).or_default().note(order) {
            self.touched.symbols.insert(symbol);
        }
    }

    fn no_longer_live(&mut self, key: &OrderKey, account: &AccountId, symbol: Symbol) {
        if let Some(of_account) = self.live_of.get_mut(account)
            && let Some(open) = of_account.get_mut(&symbol)
            && open.remove(key)
        {
            self.touched.symbols.insert(symbol);
            if open.is_empty() {
                of_account.remove(&symbol);
            }
        }
    }

    /// Orders of an account for an instrument that may still trade, by their keys.
    pub(super) fn live_orders(&self, account: &AccountId, symbol: Symbol) -> impl Iterator<Item = &Open> {
        self.open_orders(account, symbol).into_iter().flat_map(OpenOrders::iter)
    }

    fn all_open(&self) -> impl Iterator<Item = &OpenOrders> {
        self.live_of.values().flat_map(HashMap::values)
    }

    /// The same with their sums; `None` when there are none.
    pub(super) fn open_orders(&self, account: &AccountId, symbol: Symbol) -> Option<&OpenOrders> {
        self.live_of.get(account).and_then(|of_account| of_account.get(&symbol))
    }

    /// Instruments of which orders of an account may still trade.
    pub(super) fn live_symbols(&self, account: &AccountId) -> impl Iterator<Item = Symbol> {
        self.live_of.get(account).into_iter().flat_map(HashMap::keys).copied()
    }

    pub(super) fn is_live(&self, account: &AccountId, symbol: Symbol) -> bool {
        self.live_of.get(account).is_some_and(|of_account| of_account.contains_key(&symbol))
    }

    /// Takes note of what an account was worth.
    pub(super) fn note_equity(&mut self, account: &AccountId, at: Timestamp, value: Money) {
        self.equity.entry(account.clone()).or_default().note(at, value);
    }

    /// Nothing is known any more of what an account was worth.
    pub(super) fn forget_equity(&mut self, account: &AccountId) {
        self.equity.remove(account);
    }

    fn count_order(&mut self, key: &OrderKey, at: Timestamp) {
        let Some(order) = self.book.get(key) else { return };
        self.recent.note(order.intent(), at);
        self.tallies.sent(order.intent(), at);
        self.orders_of_day.entry(order.intent().account().clone()).or_default().sent(at);
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
            self.wait_for_cost(execution);
            events.push(PlatformEvent::Executed { execution: execution.clone() });
        }
        if let Some((execution, amount)) = &applied.charged
            && let Some(account) = self.book.get(&entry.key).map(|order| order.intent().account().clone())
        {
            self.settled(&account, execution);
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
        let told = self.accounted.get(execution.id.root());
        let empty = || {
            let mut fills = Fills::default();
            // The account holds it already: what is new is only what corrects it.
            told.into_iter().for_each(|told| drop(fills.take(told)));
            (execution.account.clone(), fills)
        };
        let known = self.foreign.entry(execution.id.root().to_owned()).or_insert_with(empty);
        match known.1.take(execution) {
            Taken::Known => return events,
            Taken::New => self.wait_for_cost(execution),
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
                self.settled(&account, &commission.execution);
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
        if self.paid.remove(execution.root()) {
            return events;
        }
        if let Some(Err(error)) = self.portfolios.get_mut(account).map(|portfolio| portfolio.charge(amount)) {
            events.push(anomaly(key, &error));
        }
        events
    }

    fn undo(&mut self, execution: &Execution, events: &mut Vec<PlatformEvent>) {
        let reverse = Execution { side: execution.side.opposite(), ..execution.clone() };
        self.trade(&reverse, events);
    }

    /// What it did to the cash is known once it is known what it cost. In another currency than the account's own, and of what
    /// is not paid for, nobody knows until the account is read again.
    fn wait_for_cost(&mut self, execution: &Execution) {
        if !execution.part.moves_position() {
            return;
        }
        let (account, root) = (&execution.account, execution.id.root());
        let own = self.portfolios.get(account).map(Portfolio::currency);
        let is_elsewhere = |it: &Contract| Some(it.currency()) != own || is_not_paid(it);
        let elsewhere = self.contract(execution.symbol).is_some_and(is_elsewhere);
        let roots = self.unsettled.entry(account.clone()).or_default();
        roots.insert(root.to_owned());
        if elsewhere {
            roots.insert(format!("{ELSEWHERE}{root}"));
        }
    }

    fn settled(&mut self, account: &AccountId, execution: &ExecutionId) {
        if let Some(roots) = self.unsettled.get_mut(account) {
            roots.remove(execution.root());
        }
    }

    /// Money of an execution, whosever order it was.
    fn trade(&mut self, execution: &Execution, events: &mut Vec<PlatformEvent>) {
        self.trades += 1;
        let known = self.contract(execution.symbol).map(|it| (it.multiplier(), it.currency()));
        self.touched.symbols.insert(execution.symbol);
        let Some(portfolio) = self.portfolios.get_mut(&execution.account) else { return };
        let (multiplier, currency) = known.unwrap_or((Decimal::ONE, portfolio.currency()));
        if let Err(error) = portfolio.execute_in(execution, multiplier, currency) {
            events.push(anomaly(execution.key.as_ref(), &error));
        }
    }

    /// The orders of which executions are missing and to be asked for now.
    pub(super) fn take_missing(&mut self, now: Timestamp) -> Vec<OrderKey> {
        self.missing.forget(|key| self.book.get(key).is_some());
        self.missing.take_due(now)
    }

    pub(super) const fn recent(&self) -> &Recent {
        &self.recent
    }

    pub(super) const fn tallies(&self) -> &Tallies {
        &self.tallies
    }

    /// What is known of what an account was worth.
    pub(super) fn equity(&self, account: &AccountId) -> Equity {
        self.equity.get(account).copied().unwrap_or_default()
    }

    /// Orders of an account on the day of a moment.
    pub(super) fn orders_of_day(&self, account: &AccountId, now: Timestamp) -> u32 {
        self.orders_of_day.get(account).map_or(0, |count| count.on_day_of(now))
    }
}

pub(super) fn anomaly(key: Option<&OrderKey>, text: &impl ToString) -> PlatformEvent {
    PlatformEvent::Anomaly { key: key.cloned(), text: text.to_string() }
}
