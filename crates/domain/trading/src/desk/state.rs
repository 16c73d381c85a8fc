//! What the desk knows: a pure value, changed only by journal entries.

mod memory;
mod settling;
mod worth;

pub(super) use memory::{head_of, waits};

use super::brackets::Brackets;
use super::day_count::DayCount;
use super::exposure::Open;
use super::judging::Descriptions;
use super::legs::legs_of_combo;
use super::missing::MissingExecutions;
use super::open_orders::OpenOrders;
use super::others::Others;
use super::owed::Owed;
use super::recent::Recent;
use super::reconciling::Reconciled;
use super::tallies::Tallies;
use crate::PlatformEvent;
use crate::reconciliation::{Break, BreakChange, BreakRegister};
use foldhash::HashMap;
use memory::Reach;
use settling::Unsettled;
use std::collections::{BTreeMap, BTreeSet};
use tradeport_contracts::{ComboLeg, Contract, ContractId, CorporateAction};
use tradeport_kernel::{AccountId, Money, OrderKey, Price, Symbol, Timestamp};
use tradeport_orders::{
    Applied, Execution, Fills, JournalEntry, JournalEvent, Order, OrderBook, OrderInput, OrphanEntry,
};
use tradeport_portfolio::{Portfolio, PortfolioError};
use tradeport_risk::Equity;
use worth::ToldWorth;

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
    /// Combos among them, with their legs: each trades in other instruments than its own.
    live_combos: HashMap<AccountId, BTreeMap<Symbol, Vec<ComboLeg>>>,
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
    /// Entries with their exits, and what trades beside them.
    brackets: Brackets,
    /// How much of the journal is in here.
    reach: Reach,
    equity: HashMap<AccountId, Equity>,
    foreign: HashMap<String, (AccountId, Fills)>,
    /// What the broker told of executions when accounts were read last, by their roots.
    accounted: HashMap<String, Execution>,
    /// Those of them of which nobody had told yet what they cost: the accounts have paid for them all the same.
    paid: BTreeSet<String>,
    /// Trades since accounts were read last of which nobody knows yet what they did to the cash.
    unsettled: HashMap<AccountId, Unsettled>,
    /// An account is to be read again for what it traded, and since this look at so many trades nothing has traded.
    quiet_since: Option<(u64, Timestamp)>,
    /// What the broker has said that accounts are worth, until they are held against it.
    told_worth: HashMap<AccountId, ToldWorth>,
    /// So many trades have moved money.
    trades: u64,
    /// What the broker has counted and not told.
    missing: MissingExecutions,
    /// What it has counted of orders that have ended.
    pub(super) owed: Owed,
    /// Orders at the broker that are none of ours.
    pub(super) others: Others,
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

    /// Something changed of these.
    pub(super) fn touch(&mut self, symbols: impl IntoIterator<Item = Symbol>) {
        self.touched.symbols.extend(symbols);
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
        self.owed.is_held(portfolio.account());
        self.touched.everything = true;
        self.portfolios.insert(portfolio.account().clone(), portfolio);
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
        self.brackets.note(&self.book, entry, &applied);
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
        let open = of_account.entry(symbol).or_default();
        let is_first = open.is_empty();
        if open.note(order) {
            self.touched.symbols.insert(symbol);
        }
        if is_first && let Some(legs) = legs_of_combo(order.intent()) {
            self.live_combos.entry(account.clone()).or_default().insert(symbol, legs);
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
                self.live_combos.get_mut(account).map(|combos| combos.remove(&symbol));
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

    /// Instruments of which orders of an account may still trade, ours or those of others, or have and are not held yet.
    pub(super) fn live_symbols(&self, account: &AccountId) -> impl Iterator<Item = Symbol> {
        let ours = self.live_of.get(account).into_iter().flat_map(HashMap::keys).copied();
        ours.chain(self.others.symbols(account)).chain(self.owed.symbols(account))
    }

    /// Combos of which orders of an account may still trade, with their legs.
    pub(super) fn live_combos(&self, account: &AccountId) -> impl Iterator<Item = (Symbol, &[ComboLeg])> {
        let combos = self.live_combos.get(account).into_iter().flatten();
        combos.map(|(symbol, legs)| (*symbol, legs.as_slice())).chain(self.combos_of_others(account))
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

    pub(super) const fn brackets(&self) -> &Brackets {
        &self.brackets
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
