//! Reconciliation while the desk works: on a timer, and whenever somebody asks.
//!
//! A new epoch of the link is looked after by the desk's opening, which knows that nothing is on its way. Here orders and
//! trades may be: the broker is asked without holding anybody up, and a difference has to stand for a while before it is a
//! break. Left out: ending orders that are in flight or unknown, which takes the proof of a new epoch.

use super::opening::CLOCK_MARGIN;
use super::state::DeskState;
use super::{DeskError, OrderDesk};
use crate::audit::foreign_line;
use crate::reconciliation::{
    AccountBooks, Awaited, BookedTrade, Books, BrokerView, Cash, CashBook, Findings, Origin, Patience,
    TieOut, begin_of, reconcile, tie_out,
};
use foldhash::HashMap;
use futures::{FutureExt, select_biased};
use std::collections::{BTreeSet, HashSet};
use std::pin::pin;
use tradeport_contracts::Contract;
use tradeport_kernel::{AccountId, ConnectionEpoch, Decimal, OrderKey, PermId, Snapshot, Symbol, Timestamp};
use tradeport_orders::{
    BrokerOrder, BrokerPhase, Execution, JournalEntry, Order, OrderInput, OrderSize, OrderState, Side,
};
use tradeport_portfolio::{Portfolio, Statement};

/// How everything was held against the broker.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reconciled {
    /// When.
    pub at: Timestamp,
    /// In which epoch of the link.
    pub epoch: ConnectionEpoch,
    /// So many open orders at the broker are ours.
    pub ours: usize,
    /// Its other open orders: they are shown, and never touched.
    pub others: Vec<ShownOrder>,
    /// What could not be compared, and why.
    pub open_questions: Vec<String>,
}

/// What the broker has told, and how much had traded by our count before it was asked.
pub(super) struct ToldAll {
    pub(super) trades: u64,
    /// The orders that could trade then, and how much of each the broker had counted.
    pub(super) live: HashMap<OrderKey, Decimal>,
    /// When it was asked.
    pub(super) asked: Timestamp,
    pub(super) executions: Snapshot<Execution>,
    pub(super) accounts: BrokerView,
    pub(super) open: Snapshot<BrokerOrder>,
    pub(super) completed: Snapshot<BrokerOrder>,
}

/// An open order at the broker that is none of ours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShownOrder {
    /// Where it comes from.
    pub origin: Origin,
    /// The broker's durable number, once it has given one.
    pub perm_id: Option<PermId>,
    /// What it carries in the place of a key of ours.
    pub key: Option<OrderKey>,
    /// Whose.
    pub account: AccountId,
    /// Of what.
    pub symbol: Symbol,
    /// Which way.
    pub side: Side,
    /// How much.
    pub size: OrderSize,
    /// Where it stands.
    pub phase: BrokerPhase,
}

impl DeskState {
    /// Takes in what was found; what becomes of breaks by it is to be kept.
    pub(super) fn take_in(&mut self, findings: &Findings, now: Timestamp, patience: Patience) {
        let changes = self.register.take(findings, now, patience);
        self.unkept_changes.extend(changes);
    }

    /// Takes over the accounts that the broker told as a whole; these.
    pub(super) fn adopt_told(&mut self, view: &BrokerView) -> BTreeSet<AccountId> {
        let mut taken = BTreeSet::new();
        for account in view.accounts() {
            let (Some(cash), Some(positions)) = (account.cash, account.positions.clone()) else { continue };
            let portfolio = Portfolio::reported(account.account.clone(), cash, positions);
            let portfolio = portfolio.with_rates(account.rates.clone());
            self.adopt(portfolio.with_balances(account.balances.clone()));
            taken.insert(account.account.clone());
        }
        taken
    }

    /// `awake` are orders of ours that have ended here and that the broker may still trade.
    pub(super) fn note_reconciled(
        &mut self,
        at: Timestamp,
        view: &BrokerView,
        awake: &HashSet<OrderKey>,
        findings: &Findings,
    ) {
        let mut reconciled = Reconciled {
            at,
            epoch: view.epoch(),
            ours: 0,
            others: Vec::new(),
            open_questions: findings.open_questions().map(str::to_owned).collect(),
        };
        for row in view.open().into_iter().flatten() {
            match Origin::of(row, self.book()) {
                Origin::Ours => reconciled.ours += 1,
                origin => reconciled.others.push(ShownOrder::of(row, origin)),
            }
        }
        self.reconciled = Some(reconciled);
        self.note_others(view, awake);
    }
}

impl ShownOrder {
    fn of(row: &BrokerOrder, origin: Origin) -> Self {
        Self {
            origin,
            perm_id: row.perm_id,
            key: row.key.clone(),
            account: row.account.clone(),
            symbol: row.symbol,
            side: row.side,
            size: row.size,
            phase: row.status.phase,
        }
    }
}

impl OrderDesk {
    /// Holds orders, executions, positions and cash against the broker now. What is found has to stand for as long as
    /// `patience` says before it is a break; without one, for as long as the desk's settings say. Orders of others are shown
    /// and left alone.
    ///
    /// Errors: the broker did not answer as a whole, and nothing is changed by it.
    pub async fn reconcile(&self, patience: Option<Patience>) -> Result<Reconciled, DeskError> {
        self.reconcile_unless(patience, std::future::pending()).await
    }

    /// The same, unless `called_off` completes before the broker has told everything. What it has told as a whole is taken in
    /// to the end: nothing is half done.
    ///
    /// Errors: those of [`Self::reconcile`]; [`DeskError::CalledOff`], and nothing is changed by it.
    pub async fn reconcile_unless(
        &self,
        patience: Option<Patience>,
        called_off: impl Future<Output = ()> + Send,
    ) -> Result<Reconciled, DeskError> {
        self.pump().await?;
        let mut called_off = pin!(called_off.fuse());
        let told = select_biased! {
            () = called_off => Err(DeskError::CalledOff),
            told = self.ask_for_all().fuse() => told,
        }?;
        // What was said meanwhile comes first: it may be what the lists already show.
        self.pump().await?;
        let mut state = select_biased! {
            () = called_off => Err(DeskError::CalledOff),
            state = self.state().fuse() => Ok(state),
        }?;
        let patience = patience.unwrap_or(self.settings.patience);
        let reconciled = self.take_in_all(&mut state, told, patience).await?;
        drop(state);
        self.learn_others().await;
        // What it has proven may decide what becomes of a family.
        if let Err(error) = self.tend_families().await {
            tracing::error!(%error, "families that were not sent as a whole could not be settled");
        }
        Ok(reconciled)
    }

    /// Everything that the broker tells, with nobody held up meanwhile.
    pub(super) async fn ask_for_all(&self) -> Result<ToldAll, DeskError> {
        let now = self.ports.clock.now();
        let (since, trades, live) = {
            let state = self.state().await;
            let since = self.oldest_live(&state).unwrap_or(now).before(CLOCK_MARGIN);
            (since, state.trades(), state.counted_of_live())
        };
        let (executions, accounts) = self.read_accounts(since).await?;
        let open = self.ports.gateway.open_orders().await?;
        let completed = self.ports.gateway.completed_orders().await?;
        Ok(ToldAll { trades, live, asked: now, executions, accounts, open, completed })
    }

    async fn take_in_all(
        &self,
        state: &mut DeskState,
        told: ToldAll,
        patience: Patience,
    ) -> Result<Reconciled, DeskError> {
        let ToldAll { trades, live, asked, executions, accounts, open, completed } = told;
        let now = self.ports.clock.now();
        let keys = executions.rows().iter().map(|it| &it.key);
        let keys = keys.chain(completed.rows().iter().chain(open.rows()).map(|it| &it.key));
        self.recall(state, &keys.flatten().cloned().collect::<Vec<_>>()).await?;
        let awake = state.ended_before(asked, open.rows());
        self.take_in_told(state, executions.rows(), (completed.rows(), open.rows(), asked), now).await?;
        let told = executions.rows().to_vec();
        let view = accounts.and(open, completed, executions);
        let findings = reconcile(&Books::of(state.book(), state.holdings()), &view);
        state.take_in(&findings, now, patience);
        state.note_reconciled(now, &view, &awake, &findings);
        // Where something traded since the accounts were read they are of another moment: the next time.
        let is_due = state.is_reading_due(now, patience.cash) || state.register.is_take_over_due();
        let is_due = is_due && state.trades() == trades;
        if is_due {
            take_over(state, &view, &told);
            state.note_owed_since(&live);
        }
        state.note_worth(&view, now);
        // Before anything else can fail: what the accounts hold now that nobody told of stands in the breaks alone.
        self.keep_breaks(state).await?;
        if is_due {
            self.audit_accounts(state, now).await?;
        }
        Ok(state.reconciled.clone().unwrap_or_else(|| Reconciled::never(now)))
    }

    /// How everything was held against the broker last; `None` before the first time.
    pub async fn last_reconciliation(&self) -> Option<Reconciled> {
        self.state().await.reconciled.clone()
    }

    /// What the broker's lists tell that we have not heard yet takes the usual way in: executions, and orders that have ended or are
    /// open, which were asked for at that moment.
    pub(super) async fn take_in_told(
        &self,
        state: &mut DeskState,
        executions: &[Execution],
        (completed, open, asked): (&[BrokerOrder], &[BrokerOrder], Timestamp),
        now: Timestamp,
    ) -> Result<(), DeskError> {
        let mut entries = Vec::new();
        let mut lines = Vec::new();
        for execution in executions {
            let known = state.known_execution(execution).map(|it| it.id.revision());
            if known.is_some_and(|known| known >= execution.id.revision()) {
                continue;
            }
            match execution.key.as_ref().filter(|key| state.book().get(key).is_some()) {
                Some(key) => {
                    let input = OrderInput::Executed { execution: execution.clone() };
                    entries.push(JournalEntry::happened(key.clone(), input, now));
                }
                None => {
                    let events = state.foreign_trade(execution);
                    events.iter().for_each(|event| self.bus.publish(event));
                    lines.push(foreign_line(&self.settings.actor, now, execution));
                }
            }
        }
        for row in completed.iter().chain(open) {
            let Some(order) = row.key.as_ref().and_then(|key| state.book().get(key)) else { continue };
            let input = OrderInput::Status { status: row.status.clone() };
            if is_news(order, &input, now) {
                entries.push(JournalEntry::happened(order.intent().key().clone(), input, now));
            }
        }
        let sized = state.not_heard_of_since(asked, completed.iter().chain(open));
        if !entries.is_empty() {
            self.keep(state, &entries).await?;
        }
        let shrunk = state.shrunk_in_lists(&sized, now);
        if !shrunk.is_empty() {
            self.keep(state, &shrunk).await?;
        }
        self.audit_all(lines).await
    }

    /// Holds a statement of the broker against everything that is known; each difference is a break.
    ///
    /// Errors: it is of another account, or of days that have not come yet; nothing was compared.
    pub async fn tie_out(&self, statement: &Statement) -> Result<TieOut, DeskError> {
        let (account, today) = (&statement.account, self.ports.clock.now().to_utc().date());
        if statement.to > today {
            return Err(DeskError::StatementOfLater { to: statement.to, today });
        }
        self.learn_stated(statement).await;
        let mut state = self.state().await;
        if state.portfolio(account).is_none() {
            let here: Vec<&str> = state.portfolios().map(|it| it.account().as_str()).collect();
            return Err(DeskError::StatementOfAnother { account: account.clone(), here: here.join(", ") });
        }
        // A statement may reach back beyond what is in memory.
        self.recall_since(&mut state, begin_of(statement.from).before(CLOCK_MARGIN)).await?;
        let books = account_books(&state, account);
        let tie = tie_out(&books, statement, |id| state.contract_by_id(id).map(Contract::symbol));
        state.take_in(&tie.findings, self.ports.clock.now(), Patience::NONE);
        self.keep_breaks(&mut state).await?;
        Ok(tie)
    }

    /// Asks the catalog once for each contract that the statement names and nobody has asked for yet. One that it does not
    /// know is told as such when positions are compared.
    async fn learn_stated(&self, statement: &Statement) {
        let traded = statement.trades.iter().flatten().filter_map(|it| it.contract);
        let held = statement.positions.iter().flatten().filter_map(|it| it.contract);
        for id in traded.chain(held).collect::<BTreeSet<_>>() {
            if self.state().await.contract_by_id(id).is_some() {
                continue;
            }
            if let Ok(contract) = self.ports.catalog.by_id(id).await {
                self.state().await.know(contract);
            }
        }
    }
}

impl Reconciled {
    const fn never(at: Timestamp) -> Self {
        let epoch = ConnectionEpoch::new(0);
        Self { at, epoch, ours: 0, others: Vec::new(), open_questions: Vec::new() }
    }
}

/// The accounts are the broker's from here on; what nobody has told of stands in the breaks.
fn take_over(state: &mut DeskState, view: &BrokerView, told: &[Execution]) {
    let taken = state.adopt_told(view);
    state.register.taken_over(&taken);
    state.account_for(told);
}

/// Would it change anything that is known? What says nothing new is not written down every few minutes.
pub(super) fn is_news(order: &Order, input: &OrderInput, now: Timestamp) -> bool {
    // What is on its way is told by its own answer.
    if matches!(order.state(), OrderState::Recorded | OrderState::Sent) {
        return false;
    }
    let mut then = order.clone();
    let applied = then.apply(input, now);
    let known =
        |order: &Order| (order.state(), order.reported_filled(), order.perm_id(), order.twins().count());
    applied.moved.is_some() || known(&then) != known(order)
}

/// An account as it is known now, with every trade of it.
fn account_books(state: &DeskState, account: &AccountId) -> AccountBooks {
    let holdings = state.holdings();
    let costs = state.costs();
    let trade = |execution: &Execution| BookedTrade {
        execution: execution.clone(),
        terms: state.terms_of(execution.symbol),
        commission: costs.get(execution.id.root()).copied(),
    };
    let its = state.all_executions().filter(|it| it.account == *account);
    AccountBooks {
        account: account.clone(),
        positions: holdings.positions_of(account),
        cash: holdings.cash_of(account).cloned().unwrap_or(CashBook::of(Cash::Unknown(Awaited::Reading))),
        trades: its.map(trade).collect(),
    }
}
