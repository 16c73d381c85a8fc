//! What the desk knows: a pure value, changed only by journal entries.

use crate::PlatformEvent;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use tradeport_contracts::{Contract, CorporateAction};
use tradeport_kernel::{AccountId, Decimal, Money, OrderKey, Price, Symbol, Timestamp};
use tradeport_market_data::{Quote, QuoteUnusable};
use tradeport_orders::{
    Applied, Commission, Execution, ExecutionId, Fills, JournalEntry, JournalEvent, OrderBook, OrderInput,
    OrderIntent, OrphanEntry, Side, Taken,
};
use tradeport_portfolio::{Portfolio, PortfolioError};
use tradeport_risk::RiskView;

const NANOS_PER_DAY: i64 = 86_400_000_000_000;

/// Orders, accounts and contracts as far as they are known.
#[derive(Default)]
pub(super) struct DeskState {
    book: OrderBook,
    live: BTreeSet<OrderKey>,
    portfolios: BTreeMap<AccountId, Portfolio>,
    contracts: HashMap<Symbol, Contract>,
    orders_of_day: HashMap<AccountId, (i64, u32)>,
    foreign: HashMap<String, (AccountId, Fills)>,
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

    pub(super) fn contract(&self, symbol: Symbol) -> Option<&Contract> {
        self.contracts.get(&symbol)
    }

    pub(super) fn know(&mut self, contract: Contract) {
        self.contracts.insert(contract.symbol(), contract);
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
            && matches!(**input, OrderInput::RiskApproved { .. })
        {
            self.count_order(&entry.key, entry.at);
        }
        match self.book.get(&entry.key) {
            Some(order) if order.state().may_trade() => self.live.insert(entry.key.clone()),
            _ => self.live.remove(&entry.key),
        };
        Ok(applied)
    }

    fn count_order(&mut self, key: &OrderKey, at: Timestamp) {
        let Some(order) = self.book.get(key) else { return };
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

    /// How much of a symbol may still be bought and sold for an account; `None` when an order is among them of which
    /// nobody knows how many units it is for.
    pub(super) fn open(&self, account: &AccountId, symbol: Symbol) -> (Option<Decimal>, Option<Decimal>) {
        let mut open = (Some(Decimal::ZERO), Some(Decimal::ZERO));
        let add = |sum: &mut Option<Decimal>, more: Option<Decimal>| {
            *sum = sum.zip(more).and_then(|(sum, more)| sum.checked_add(more));
        };
        for order in self.live.iter().filter_map(|key| self.book.get(key)) {
            if order.intent().account() == account && order.intent().symbol() == symbol {
                match order.side() {
                    Side::Buy => add(&mut open.0, order.open_quantity()),
                    Side::Sell => add(&mut open.1, order.open_quantity()),
                }
            }
        }
        open
    }

    /// The snapshot on which an intent is judged.
    pub(super) fn view(
        &self,
        intent: &OrderIntent,
        now: Timestamp,
        quote: Result<Quote, QuoteUnusable>,
        price_of: impl Fn(Symbol) -> Option<Price>,
    ) -> RiskView {
        let portfolio = self.portfolio(intent.account());
        let (open_buys, open_sells) = self.open(intent.account(), intent.symbol());
        let day = now.nanos().div_euclid(NANOS_PER_DAY);
        let counted = self.orders_of_day.get(intent.account()).filter(|(counted_day, _)| *counted_day == day);
        let held = |portfolio: &Portfolio| {
            portfolio
                .position(intent.symbol())
                .map_or(Decimal::ZERO, |position| position.quantity().as_decimal())
        };
        RiskView {
            portfolio_value: portfolio
                .and_then(|portfolio| portfolio.value(&price_of).ok())
                .map(|value| value.total),
            held: portfolio.map(held),
            open_buys,
            open_sells,
            other_exposure: portfolio
                .and_then(|portfolio| self.other_exposure(portfolio, intent.symbol(), &price_of)),
            quote,
            multiplier: self.contract(intent.symbol()).map(Contract::multiplier),
            orders_today: counted.map_or(0, |(_, count)| *count),
        }
    }

    /// Absolute values of all other instruments, with their live orders at their worst.
    fn other_exposure(
        &self,
        portfolio: &Portfolio,
        symbol: Symbol,
        price_of: impl Fn(Symbol) -> Option<Price>,
    ) -> Option<Decimal> {
        let mut symbols: BTreeSet<Symbol> = portfolio.held().map(|position| position.symbol()).collect();
        let live = self.live.iter().filter_map(|key| self.book.get(key));
        symbols.extend(
            live.filter(|order| order.intent().account() == portfolio.account())
                .map(|order| order.intent().symbol()),
        );
        symbols.remove(&symbol);
        symbols.into_iter().try_fold(Decimal::ZERO, |sum, other| {
            let held =
                portfolio.position(other).map_or(Decimal::ZERO, |position| position.quantity().as_decimal());
            let (buys, sells) = self.open(portfolio.account(), other);
            let worst = (held + buys?).abs().max((held - sells?).abs());
            let multiplier = self.contract(other).map_or(Decimal::ONE, Contract::multiplier);
            let value = worst.checked_mul(price_of(other)?.as_decimal())?.checked_mul(multiplier)?;
            sum.checked_add(value)
        })
    }
}

pub(super) fn anomaly(key: Option<&OrderKey>, text: &impl ToString) -> PlatformEvent {
    PlatformEvent::Anomaly { key: key.cloned(), text: text.to_string() }
}
