//! Opening the desk: replay the journal, then hold it against the broker's snapshots.

use super::asking::Previews;
use super::breaks::expected;
use super::changing::proven_change;
use super::keeping::Money;
use super::listening::Ear;
use super::meanwhile::{Before, Settling};
use super::reconciling::{ToldAll, is_news};
use super::replaying::replayed;
use super::targets::Turns;
use super::{DeskError, DeskPorts, DeskSettings, OrderDesk, state::DeskState};
use crate::EventBus;
use crate::audit::account_line;
use crate::reconciliation::{Books, BrokerView, Holdings, Patience, reconcile};
use futures::lock::Mutex as AsyncMutex;
use std::collections::{BTreeSet, HashSet};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tradeport_kernel::{AccountId, OrderKey, PermId, Snapshot, Timestamp};
use tradeport_orders::{
    BrokerOrder, BrokerPhase, Execution, GatewayError, JournalEntry, Order, OrderInput, OrderState, RefusedBy,
};
use tradeport_portfolio::{AccountSummary, Portfolio};

/// Executions carry the broker's time, and orders ours; the two need not agree. A clock that drifts is off by seconds, one
/// whose time zone was taken for another by up to 14 hours. A day covers both, and asking for too much costs nothing but
/// its rows: an execution that is known changes nothing.
pub(super) const CLOCK_MARGIN: Duration = Duration::from_secs(86_400);

/// How often the accounts are read anew because something traded meanwhile.
const MOST_READINGS: usize = 10;

const TRADES_TOO_MUCH: &str = "something traded each time that the accounts were read";

impl OrderDesk {
    /// Opens the desk: after it, every order stands as the journal and the broker's snapshots together prove, and the
    /// accounts are the broker's.
    pub async fn open(ports: DeskPorts, settings: DeskSettings, bus: EventBus) -> Result<Self, DeskError> {
        let state = replayed(&*ports.journal).await?;
        let events = ports.gateway.events().await?;
        let desk = Self {
            ports,
            policy: Arc::new(Mutex::new(Arc::new(settings.policy.clone()))),
            settings: Arc::new(settings),
            bus,
            described: state.descriptions(),
            state: Arc::new(AsyncMutex::new(state)),
            quotes: Arc::default(),
            queue: Arc::default(),
            under_way: Arc::default(),
            margins: Arc::default(),
            previews: Previews::default(),
            ear: Arc::new(Ear::new(events)),
            latch: Arc::default(),
            settling: Settling::default(),
            turns: Turns::default(),
            half_sent: Arc::default(),
        };
        desk.recall_breaks().await?;
        desk.settle_with_broker().await?;
        // What may still trade under a killed switch is cancelled before anything else is asked.
        desk.sweep().await?;
        desk.learn_live().await;
        desk.learn_others().await;
        desk.finish_families().await?;
        desk.checkpoint_when_due().await;
        Ok(desk)
    }

    /// Goes on in a new epoch of the link: listens again, and holds every order against the broker's snapshots.
    pub async fn resume(&self) -> Result<(), DeskError> {
        self.ear.exchange(self.ports.gateway.events().await?);
        // Under a killed switch the cancels go out first; what the broker's snapshots bring to light is asked for again.
        self.sweep().await?;
        self.settle_with_broker().await?;
        self.sweep().await?;
        self.learn_others().await;
        self.finish_families().await
    }

    /// Holds everything against the broker; it is known meanwhile that the desk does so.
    async fn settle_with_broker(&self) -> Result<(), DeskError> {
        let _turn = self.settling.turn().await;
        self.settling.note(Some(self.ports.clock.now()));
        let settled = self.settle().await;
        self.settling.note(None);
        settled
    }

    /// What was in flight when we last stopped is unknown now, until the broker's snapshots prove what became of it. The state
    /// is free while the broker is asked: a cancel waits for no answer, and what is new does.
    async fn settle(&self) -> Result<(), DeskError> {
        self.note_lost().await?;
        for _ in 0..MOST_READINGS {
            let before = self.before_asking(&*self.state().await);
            let told = self.ask_for_all().await?;
            let mut state = self.state().await;
            // Where something traded meanwhile the accounts are of another moment: they are read once more.
            if state.trades() == told.trades {
                let before = self.after_asking(before);
                return self.settle_by(&mut state, told, &before).await;
            }
        }
        Err(DeskError::Gateway(GatewayError::Unavailable(TRADES_TOO_MUCH.into())))
    }

    async fn note_lost(&self) -> Result<(), DeskError> {
        let now = self.ports.clock.now();
        let mut state = self.state().await;
        self.settling.loses_all();
        let in_flight = |key: &&OrderKey| {
            matches!(
                state.book().get(key).map(|order| order.state()),
                Some(OrderState::Sent | OrderState::Recorded)
            )
        };
        let mut lost: Vec<_> = state
            .live()
            .into_iter()
            .filter(in_flight)
            .map(|key| JournalEntry::happened(key.clone(), OrderInput::LinkLost, now))
            .collect();
        lost.extend(lost_changes(&state, now));
        self.keep_some(&mut state, &lost).await
    }

    /// Takes in what the broker has told, of orders as they were before it was asked.
    async fn settle_by(
        &self,
        state: &mut DeskState,
        told: ToldAll,
        before: &Before,
    ) -> Result<(), DeskError> {
        let ToldAll { live, asked, executions, accounts, open, completed, .. } = told;
        let now = self.ports.clock.now();
        let is_first = state.portfolios().next().is_none();
        self.take_over_accounts(state, &executions, &accounts).await?;
        let login = accounts.login();
        // They are found once: what cannot be kept now is kept before orders go on.
        self.keep_breaks(state).await?;
        let keys = completed.rows().iter().chain(open.rows()).filter_map(|it| it.key.clone());
        self.recall(state, &keys.collect::<Vec<_>>()).await?;
        let awake = state.ended_before(asked, open.rows());
        // A snapshot of another epoch proves nothing about this one, nor one of which a row could not be read.
        let whole = open.epoch() == completed.epoch()
            && open.epoch() == executions.epoch()
            && open.proves_absence()
            && completed.proves_absence()
            && executions.proves_absence();
        let rows = completed.rows().iter().chain(open.rows());
        let sized = state.not_heard_of_since(asked, rows.clone());
        let (mut entries, seen) = what_is_told(state, before, executions.rows(), rows, now);
        if whole {
            let absent = absent(state, before, login, &seen);
            entries.extend(absent.map(|key| JournalEntry::happened(key, OrderInput::ProvenAbsent, now)));
        }
        self.keep_some(state, &entries).await?;
        let shrunk = state.shrunk_in_lists(&sized, now);
        self.keep_some(state, &shrunk).await?;
        if whole {
            let mut gone = gone_twins(state, before, open.rows(), completed.rows(), now);
            let of_login = |order: &Order| login.contains(order.intent().account());
            gone.retain(|entry| state.book().get(&entry.key).is_some_and(of_login));
            self.keep_some(state, &gone).await?;
        }
        // Of what ended while nobody was there the account that was read now holds all.
        if !is_first {
            state.note_owed_since(&live);
        }
        let view = BrokerView::of(open.epoch()).of_login(login.clone()).and(open, completed, executions);
        self.look_at_orders(state, &view, &awake, now).await?;
        // After the executions that the accounts hold already: what trades from here on is on top of it.
        self.audit_accounts(state, now).await
    }

    /// What every account holds from here on, for the log.
    pub(super) async fn audit_accounts(&self, state: &DeskState, now: Timestamp) -> Result<(), DeskError> {
        let line = |portfolio: &Portfolio| account_line(&self.settings.actor, now, portfolio);
        self.audit_all(state.portfolios().map(line).collect()).await
    }

    /// Entries about money that the broker's own account already holds: they change orders, not portfolios.
    async fn keep_some(&self, state: &mut DeskState, entries: &[JournalEntry]) -> Result<(), DeskError> {
        if entries.is_empty() {
            return Ok(());
        }
        self.keep_with(state, entries, Money::IsThere).await.map(drop)
    }

    /// Takes the accounts over as the broker reports them; what everything that was told does not come to is a break.
    async fn take_over_accounts(
        &self,
        state: &mut DeskState,
        executions: &Snapshot<Execution>,
        view: &BrokerView,
    ) -> Result<(), DeskError> {
        let told: Vec<_> = executions.rows().iter().filter_map(|it| it.key.clone()).collect();
        self.recall(state, &told).await?;
        let is_first = state.portfolios().next().is_none();
        let holdings = expected(state, executions.rows());
        let now = self.ports.clock.now();
        let accounts = state.adopt_told(view);
        state.note_worth(view, now);
        if is_first {
            // Nothing is known of before: what an earlier process has kept stands, on top of what there is now.
            state.register.taken_over(&accounts);
        }
        let holdings = if is_first { state.holdings() } else { holdings };
        let patience = Patience { positions: Duration::ZERO, ..self.settings.patience };
        let findings = reconcile(&Books::of(state.book(), holdings), view);
        state.take_in(&findings, now, patience);
        state.register.taken_over(&accounts);
        state.account_for(executions.rows());
        Ok(())
    }

    /// Reads executions and accounts until both belong to one moment: nothing traded between the two readings.
    pub(super) async fn read_accounts(
        &self,
        since: Timestamp,
    ) -> Result<(Snapshot<Execution>, BrokerView), DeskError> {
        let mut before = self.ports.gateway.executions(since).await?;
        let mut view = BrokerView::default();
        for _ in 0..MOST_READINGS {
            let mut told = Vec::new();
            for account in self.ports.accounts.accounts().await? {
                let figures = self.ports.accounts.summary(&account).await?;
                told.push((figures, self.ports.accounts.positions(&account).await?));
            }
            let epoch = told.first().map_or(before.epoch(), |(_, positions)| positions.epoch());
            let add = |view: BrokerView, (figures, positions): (AccountSummary, _)| {
                view.with_account(figures.account.clone(), Some(figures), Some(positions))
            };
            view = told.into_iter().fold(BrokerView::of(epoch), add);
            let after = self.ports.gateway.executions(since).await?;
            if before.rows() == after.rows() {
                break;
            }
            before = after;
        }
        Ok((before, view))
    }

    /// Holds orders against the broker's lists, and everything by itself; breaks are kept and told.
    pub(super) async fn look_at_orders(
        &self,
        state: &mut DeskState,
        view: &BrokerView,
        awake: &HashSet<OrderKey>,
        now: Timestamp,
    ) -> Result<(), DeskError> {
        let findings = reconcile(&Books::of(state.book(), Holdings::default()), view);
        state.take_in(&findings, now, self.settings.patience);
        state.note_reconciled(now, view, awake, &findings);
        self.keep_breaks(state).await
    }

    pub(super) fn oldest_live(&self, state: &DeskState) -> Option<Timestamp> {
        state.live().into_iter().filter_map(|key| state.book().get(key)).map(|order| order.created_at()).min()
    }
}

/// What the broker's snapshots say of our orders, and of which of them they say anything.
fn what_is_told<'a>(
    state: &DeskState,
    before: &Before,
    executions: &[Execution],
    orders: impl Iterator<Item = &'a BrokerOrder>,
    now: Timestamp,
) -> (Vec<JournalEntry>, HashSet<OrderKey>) {
    let (mut entries, mut seen) = (Vec::new(), HashSet::new());
    for execution in executions {
        let live = ours(state, execution.key.as_ref(), &mut seen);
        if let Some(key) = live.or_else(|| late(state, execution)) {
            let input = OrderInput::Executed { execution: execution.clone() };
            entries.push(JournalEntry::happened(key, input, now));
        }
    }
    for order in orders {
        if let Some(key) = ours(state, order.key.as_ref(), &mut seen) {
            let changing = state.book().get(&key).filter(|ours| before.had_this_change(ours));
            let proven = changing.and_then(|ours| proven_change(ours, order, state.has_traded_beside(ours)));
            let inputs =
                lost_cancel(state, before, order).into_iter().chain(proven).chain([status_of(order)]);
            entries.extend(inputs.map(|input| JournalEntry::happened(key.clone(), input, now)));
        } else if let Some(ended) = order.key.as_ref().and_then(|key| state.book().get(key)) {
            // What it says of an order that has ended is mostly known; or else the order lives.
            let input = status_of(order);
            if !before.ended_since(ended) && is_news(ended, &input, now) {
                entries.push(JournalEntry::happened(ended.intent().key().clone(), input, now));
            }
        }
    }
    (entries, seen)
}

fn ours(state: &DeskState, key: Option<&OrderKey>, seen: &mut HashSet<OrderKey>) -> Option<OrderKey> {
    let order = state.book().get(key?)?;
    seen.insert(key?.clone());
    order.state().may_trade().then(|| order.intent().key().clone())
}

/// The order that has ended and knows nothing of this: a fill that came late, or the correction of one.
fn late(state: &DeskState, execution: &Execution) -> Option<OrderKey> {
    let order = state.book().get(execution.key.as_ref()?)?;
    let known = order.executions().find(|it| it.id.root() == execution.id.root());
    let is_news = known.is_none_or(|it| it.id.revision() < execution.id.revision());
    is_news.then(|| order.intent().key().clone())
}

/// Orders of which the broker was asked whether it has them, and that none of its lists shows. Of an account of another login
/// these tell nothing; what never left is nowhere.
fn absent(
    state: &DeskState,
    before: &Before,
    login: &BTreeSet<AccountId>,
    seen: &HashSet<OrderKey>,
) -> impl Iterator<Item = OrderKey> {
    let is_absent = |order: &Order| match order.state() {
        OrderState::Recorded => true,
        OrderState::Unknown => login.contains(order.intent().account()),
        _ => false,
    };
    let live: Vec<OrderKey> = state.live().into_iter().cloned().collect();
    live.into_iter().filter(move |key| {
        before.in_doubt(key) && !seen.contains(key) && state.book().get(key).is_some_and(is_absent)
    })
}

/// Changes that were asked for before and never answered: nobody knows, until the broker's snapshots show the order.
fn lost_changes(state: &DeskState, now: Timestamp) -> Vec<JournalEntry> {
    let orders = state.live().into_iter().filter_map(|key| state.book().get(key));
    let waits = |order: &&Order| order.pending_change().is_some_and(|pending| !pending.is_unknown());
    let lost = |order: &Order| {
        let reason = "it was not answered in its epoch of the link".to_owned();
        let input = OrderInput::ChangeOutcomeUnknown { reason };
        JournalEntry::happened(order.intent().key().clone(), input, now)
    };
    orders.filter(waits).map(lost).collect()
}

/// A cancel of an earlier epoch that the broker knows nothing of never reached it: the order stands as it was, and may
/// be cancelled again. Should it arrive after all, the broker says so.
fn lost_cancel(state: &DeskState, before: &Before, order: &BrokerOrder) -> Option<OrderInput> {
    let stands = matches!(order.status.phase, BrokerPhase::Held | BrokerPhase::Working);
    let key = order.key.as_ref()?;
    let asked =
        state.book().get(key)?.state() == OrderState::CancelPending && before.was_being_cancelled(key);
    let reason = "the cancel did not reach the broker".to_owned();
    (stands && asked).then_some(OrderInput::CancelRefused { reason, by: RefusedBy::Snapshots })
}

/// Of several orders under one key those that the broker has no more, while it still has another.
fn gone_twins(
    state: &DeskState,
    before: &Before,
    open: &[BrokerOrder],
    completed: &[BrokerOrder],
    now: Timestamp,
) -> Vec<JournalEntry> {
    let shown: HashSet<PermId> = open.iter().filter_map(|row| row.perm_id).collect();
    let ended: HashSet<PermId> = completed.iter().filter_map(|row| row.perm_id).collect();
    // One of them may be any of an order's.
    let without: HashSet<&OrderKey> =
        open.iter().filter(|row| row.perm_id.is_none()).filter_map(|row| row.key.as_ref()).collect();
    let orders = state
        .live()
        .into_iter()
        .filter_map(|key| state.book().get(key))
        .filter(|it| it.has_live_twin() && before.had_these_twins(it));
    let mut gone = Vec::new();
    for order in orders {
        let twins = order.twins().filter(|(_, twin)| twin.is_live()).map(|(number, _)| number);
        let numbers: Vec<PermId> = twins.chain(order.perm_id()).collect();
        let is_told = numbers.iter().any(|number| shown.contains(number));
        if !is_told || without.contains(order.intent().key()) {
            continue;
        }
        let absent = numbers.into_iter().filter(|it| !shown.contains(it) && !ended.contains(it));
        let input = |perm_id| OrderInput::TwinGone { perm_id };
        let key = order.intent().key();
        gone.extend(absent.map(|number| JournalEntry::happened(key.clone(), input(number), now)));
    }
    gone
}

fn status_of(order: &BrokerOrder) -> OrderInput {
    OrderInput::Status { status: order.status.clone() }
}
