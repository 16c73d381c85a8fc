//! Opening the desk: replay the journal, then hold it against the broker's snapshots.

use super::breaks::Expectation;
use super::changing::proven_change;
use super::listening::Ear;
use super::{DeskError, DeskPorts, DeskSettings, OrderDesk, state::DeskState};
use crate::EventBus;
use crate::audit::account_line;
use futures::lock::Mutex as AsyncMutex;
use std::collections::HashSet;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tradeport_kernel::{OrderKey, Snapshot, Timestamp};
use tradeport_orders::{BrokerOrder, BrokerPhase, Execution, JournalEntry, Order, OrderInput, OrderState};
use tradeport_portfolio::Portfolio;

/// So many records are replayed in one go.
const PAGE: usize = 10_000;

/// Executions carry the broker's time, and orders ours; the two need not agree. A clock that drifts is off by seconds, one
/// whose time zone was taken for another by up to 14 hours. A day covers both, and asking for too much costs nothing but
/// its rows: an execution that is known, or of an order that has ended, changes nothing.
const CLOCK_MARGIN: Duration = Duration::from_secs(86_400);

/// How often the accounts are read anew because something traded meanwhile.
const MOST_READINGS: usize = 10;

impl OrderDesk {
    /// Opens the desk: after it, every order stands as the journal and the broker's snapshots together prove, and the
    /// accounts are the broker's.
    pub async fn open(ports: DeskPorts, settings: DeskSettings, bus: EventBus) -> Result<Self, DeskError> {
        let mut state = DeskState::default();
        let mut after = 0;
        loop {
            let page = ports.journal.read(after, PAGE).await?;
            for record in &page {
                state.apply(&record.entry)?;
                after = record.sequence;
            }
            if page.len() < PAGE {
                break;
            }
        }
        let events = ports.gateway.events().await?;
        let desk = Self {
            ports,
            policy: Arc::new(Mutex::new(Arc::new(settings.policy.clone()))),
            settings: Arc::new(settings),
            bus,
            state: Arc::new(AsyncMutex::new(state)),
            quotes: Arc::default(),
            margins: Arc::default(),
            ear: Arc::new(Ear::new(events)),
            latch: Arc::default(),
        };
        desk.settle_with_broker().await?;
        // What may still trade under a killed switch is cancelled before anything else is asked.
        desk.sweep().await?;
        desk.learn_live().await;
        desk.finish_families().await?;
        Ok(desk)
    }

    /// Goes on in a new epoch of the link: listens again, and holds every order against the broker's snapshots.
    pub async fn resume(&self) -> Result<(), DeskError> {
        self.ear.exchange(self.ports.gateway.events().await?);
        // Under a killed switch the cancels go out first; what the broker's snapshots bring to light is asked for again.
        self.sweep().await?;
        self.settle_with_broker().await?;
        self.sweep().await?;
        self.finish_families().await
    }

    /// What was in flight when we last stopped is unknown now, until the broker's snapshots prove what became of it.
    async fn settle_with_broker(&self) -> Result<(), DeskError> {
        let now = self.ports.clock.now();
        let mut state = self.state.lock().await;
        let in_flight = |key: &&OrderKey| {
            matches!(
                state.book().get(key).map(|order| order.state()),
                Some(OrderState::Sent | OrderState::Recorded)
            )
        };
        let mut lost: Vec<_> = state
            .live()
            .iter()
            .filter(in_flight)
            .map(|key| JournalEntry::happened(key.clone(), OrderInput::LinkLost, now))
            .collect();
        lost.extend(lost_changes(&state, now));
        self.keep_some(&mut state, &lost).await?;

        let since = self.oldest_live(&state).unwrap_or(now).before(CLOCK_MARGIN);
        let known = Expectation::of(&state);
        let executions = self.adopt_accounts(&mut state, since).await?;
        let breaks = known.with(&state, executions.rows()).breaks(&state);
        state.account_for(executions.rows());
        // They are found once: what cannot be kept now is kept before orders go on.
        state.unkept_breaks.extend(breaks);
        self.keep_breaks(&mut state).await?;
        let open = self.ports.gateway.open_orders().await?;
        let completed = self.ports.gateway.completed_orders().await?;
        // A snapshot of another epoch proves nothing about this one.
        let whole = open.epoch() == completed.epoch() && open.epoch() == executions.epoch();
        let mut seen = HashSet::new();
        let mut entries = Vec::new();
        for execution in executions.rows() {
            if let Some(key) = ours(&state, execution.key.as_ref(), &mut seen) {
                entries.push(JournalEntry::happened(
                    key,
                    OrderInput::Executed { execution: execution.clone() },
                    now,
                ));
            }
        }
        for order in completed.rows().iter().chain(open.rows()) {
            if let Some(key) = ours(&state, order.key.as_ref(), &mut seen) {
                entries.extend(
                    lost_cancel(&state, order).map(|lost| JournalEntry::happened(key.clone(), lost, now)),
                );
                let proven = state.book().get(&key).and_then(|ours| proven_change(ours, order));
                entries.extend(proven.map(|input| JournalEntry::happened(key.clone(), input, now)));
                entries.push(JournalEntry::happened(key, status_of(order), now));
            }
        }
        let absent = |key: &&OrderKey| {
            let state = state.book().get(key).map(|order| order.state());
            whole && matches!(state, Some(OrderState::Unknown | OrderState::Recorded)) && !seen.contains(*key)
        };
        let proven: Vec<_> = state
            .live()
            .iter()
            .filter(absent)
            .map(|key| JournalEntry::happened(key.clone(), OrderInput::ProvenAbsent, now))
            .collect();
        entries.extend(proven);
        self.keep_some(&mut state, &entries).await?;
        // After the executions that the accounts hold already: what trades from here on is on top of it.
        let line = |portfolio: &Portfolio| account_line(&self.settings.actor, now, portfolio);
        let lines: Vec<_> = state.portfolios().map(line).collect();
        self.audit_all(lines).await
    }

    /// Entries about money that the broker's own account already holds: they change orders, not portfolios.
    async fn keep_some(&self, state: &mut DeskState, entries: &[JournalEntry]) -> Result<(), DeskError> {
        if entries.is_empty() {
            return Ok(());
        }
        self.ports.journal.append(entries).await?;
        for entry in entries {
            state.apply(entry)?;
        }
        Ok(())
    }

    /// Reads executions and accounts until both belong to one moment: nothing traded between the two readings.
    async fn adopt_accounts(
        &self,
        state: &mut DeskState,
        since: Timestamp,
    ) -> Result<Snapshot<Execution>, DeskError> {
        let mut before = self.ports.gateway.executions(since).await?;
        for _ in 0..MOST_READINGS {
            for account in self.ports.accounts.accounts().await? {
                let summary = self.ports.accounts.summary(&account).await?;
                let positions = self.ports.accounts.positions(&account).await?.into_rows();
                state.adopt(Portfolio::reported(account, summary.cash, positions));
            }
            let after = self.ports.gateway.executions(since).await?;
            if before.rows() == after.rows() {
                break;
            }
            before = after;
        }
        Ok(before)
    }

    fn oldest_live(&self, state: &DeskState) -> Option<Timestamp> {
        state.live().iter().filter_map(|key| state.book().get(key)).map(|order| order.created_at()).min()
    }
}

fn ours(state: &DeskState, key: Option<&OrderKey>, seen: &mut HashSet<OrderKey>) -> Option<OrderKey> {
    let order = state.book().get(key?)?;
    seen.insert(key?.clone());
    order.state().may_trade().then(|| order.intent().key().clone())
}

/// Changes that were asked for before and never answered: nobody knows, until the broker's snapshots show the order.
fn lost_changes(state: &DeskState, now: Timestamp) -> Vec<JournalEntry> {
    let orders = state.live().iter().filter_map(|key| state.book().get(key));
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
fn lost_cancel(state: &DeskState, order: &BrokerOrder) -> Option<OrderInput> {
    let stands = matches!(order.status.phase, BrokerPhase::Held | BrokerPhase::Working);
    let asked = state.book().get(order.key.as_ref()?)?.state() == OrderState::CancelPending;
    let reason = "the cancel did not reach the broker".to_owned();
    (stands && asked).then_some(OrderInput::CancelRefused { reason })
}

fn status_of(order: &BrokerOrder) -> OrderInput {
    OrderInput::Status { status: order.status.clone() }
}
