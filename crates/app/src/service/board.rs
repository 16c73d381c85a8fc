//! What the parts of the service know, put together into a report.

use super::alarms::AlarmBook;
use super::report::{
    AccountRow, AlarmRow, BreakRow, BreakerRow, BreakerWord, BudgetRow, FORMAT, LinkReport, OrdersRow,
    OutageRow, Reconciliation, RecordingRow, RemedyRow, StatusReport, StreamsRow, WaitRow,
};
use crate::config::BrokerChoice;
use crate::guard::Guard;
use crate::wiring::AccountProver;
use futures::FutureExt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;
use tradeport_connection::breaker::BreakerState;
use tradeport_connection::pacing::{
    CallerId, Class, ConnectionId, Counts, ExpectedWait, HistoryPace, Request, RequestKey,
};
use tradeport_connection::subscriptions::FeedState;
use tradeport_connection::{LinkStanding, Pacer, Purpose};
use tradeport_kernel::{AccountId, Clock, ConnectionEpoch, Timestamp};
use tradeport_orders::OrderState;
use tradeport_portfolio::AccountSummary;
use tradeport_sqlite::SqliteStores;
use tradeport_trading::{CoverGap, OrderDesk, ProtectionPolicy, SessionHandle, SessionView};

/// One link, as far as it is looked at.
pub(super) struct Watched {
    pub(super) purpose: Purpose,
    pub(super) client_id: Option<i32>,
    pub(super) handle: SessionHandle,
    pub(super) guard: Guard,
}

/// What everybody notes, and reports are made of.
pub(super) struct Board {
    pub(super) clock: Arc<dyn Clock>,
    pub(super) broker: BrokerChoice,
    pub(super) started: Timestamp,
    pub(super) links: Vec<Watched>,
    pub(super) pacer: Pacer,
    pub(super) alarms: AlarmBook,
    pub(super) prover: Arc<AccountProver>,
    pub(super) desk: OnceLock<OrderDesk>,
    /// The accounts that the broker manages.
    pub(super) managed: OnceLock<Vec<AccountId>>,
    pub(super) account: Mutex<Option<AccountSummary>>,
    pub(super) orders: Mutex<Option<OrdersRow>>,
    pub(super) breaks: Mutex<Vec<BreakRow>>,
    /// When, in which epoch, and how many orders of others there were.
    pub(super) reconciled: Mutex<Option<(Timestamp, ConnectionEpoch, usize)>>,
    pub(super) recording: OnceLock<Recording>,
    pub(super) beat: Mutex<Option<Timestamp>>,
    pub(super) protection: ProtectionPolicy,
    pub(super) cover_gaps: Mutex<Vec<CoverGap>>,
    pub(super) stores: SqliteStores,
}

/// What is recorded, counted as it comes.
#[derive(Default)]
pub(super) struct Recording {
    pub(super) symbols: Vec<String>,
    pub(super) counted: Arc<Counted>,
}

/// Quotes as they come.
#[derive(Default)]
pub(super) struct Counted {
    quotes: AtomicU64,
    last: Mutex<Option<Timestamp>>,
}

impl Counted {
    pub(super) fn one_more(&self, at: Timestamp) {
        self.quotes.fetch_add(1, Ordering::Relaxed);
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = Some(at);
    }
}

impl Board {
    /// How everything stands now.
    pub(super) fn report(&self, stopped: bool) -> StatusReport {
        let now = self.clock.now();
        StatusReport {
            format: FORMAT,
            at: now,
            beat: *self.beat.lock().unwrap_or_else(PoisonError::into_inner),
            process: std::process::id(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            broker: self.broker,
            started: self.started,
            stopped,
            links: self.links.iter().map(|link| link.report(&self.alarms)).collect(),
            budget: self.budget(),
            waits: self.waits(),
            breakers: self.links.iter().flat_map(Watched::breakers).collect(),
            reconciliation: self.reconciliation(),
            orders: self.orders(),
            breaks: self.breaks(),
            cover_gaps: self.cover_gaps(),
            log_held_up: self.stores.log_is_held_up(),
            recording: self.recording.get().map(Recording::row),
            accounts: self.managed.get().cloned().unwrap_or_default(),
            account: self.account.lock().unwrap_or_else(PoisonError::into_inner).as_ref().map(account_row),
        }
    }

    /// Asks the desk for a sign of life, and notes when it gave one. Where there is no desk yet, being asked is one.
    pub(super) async fn prove_life(&self) {
        let alive = match self.desk.get() {
            None => true,
            Some(desk) => {
                let late = self.clock.sleep_until(self.clock.now().after(DESK_ANSWERS_WITHIN));
                answers_before(desk.prove_life(), late).await
            }
        };
        if alive {
            *self.beat.lock().unwrap_or_else(PoisonError::into_inner) = Some(self.clock.now());
        }
    }

    fn budget(&self) -> Vec<BudgetRow> {
        let mut rows: Vec<BudgetRow> = Vec::new();
        for gauge in self.pacer.gauges().limits {
            // Of several connections the fullest.
            match rows.iter_mut().find(|row| row.rule == gauge.rule) {
                Some(row) => row.used = row.used.max(gauge.used),
                None => rows.push(BudgetRow {
                    rule: gauge.rule,
                    used: gauge.used,
                    limit: gauge.limit.most(),
                    per_seconds: gauge.limit.per().map(|per| per.as_secs_f64()),
                }),
            }
        }
        rows
    }

    /// The longest waits on any connection that stands.
    fn waits(&self) -> Vec<WaitRow> {
        let connections = self.pacer.connections();
        let key = RequestKey::of(&["status"]);
        let history = |pace| Class::History { pace, series: key, whole: key, counts: Counts::Once };
        let classes = [
            ("cancel", Class::CancelOrder),
            ("order", Class::PlaceOrder { order: key, side: key }),
            ("question", Class::Message),
            ("quotes", Class::MarketData),
            ("history, bars up to 30 s", history(HistoryPace::Small)),
            ("history, longer bars", history(HistoryPace::Large)),
        ];
        let rows = classes.into_iter().filter_map(|(name, class)| {
            let request = |connection: &ConnectionId| Request::new(*connection, CallerId::new(0), class);
            let wait = |connection| self.pacer.expected_wait(&request(connection)).ok();
            let seconds = match connections.iter().filter_map(wait).max()? {
                ExpectedWait::About(wait) => Some(wait.as_secs_f64()),
                ExpectedWait::UntilOthersEnd => None,
            };
            Some(WaitRow { request: name.to_owned(), seconds })
        });
        rows.collect()
    }

    /// Of a desk that is busy, what was known last.
    fn reconciliation(&self) -> Option<Reconciliation> {
        let mut kept = self.reconciled.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(Some(last)) = self.desk.get().and_then(|desk| desk.last_reconciliation().now_or_never()) {
            *kept = Some((last.at, last.epoch, last.others.len()));
        }
        let others = kept.map_or(0, |(_, _, others)| others);
        let last = kept.map(|(at, epoch, _)| (at, epoch)).max(self.prover.reconciled());
        last.map(|(at, epoch)| Reconciliation { at, epoch: epoch.number(), others })
    }

    /// What does not fit; of a desk that is busy what was known last.
    fn breaks(&self) -> Vec<BreakRow> {
        let mut kept = self.breaks.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(breaks) = self.desk.get().and_then(|desk| desk.breaks().now_or_never()) {
            *kept = breaks.iter().map(BreakRow::from).collect();
        }
        kept.clone()
    }

    /// Positions whose cover is not what it should be; each is an alarm once, until it is covered. One that the next look does
    /// not find any more was a word of the broker on its way.
    fn cover_gaps(&self) -> Vec<CoverGap> {
        let mut kept = self.cover_gaps.lock().unwrap_or_else(PoisonError::into_inner);
        let found = self.desk.get().and_then(|desk| desk.cover_gaps(&self.protection).now_or_never());
        if let Some(found) = found {
            let now = self.clock.now();
            let condition = |gap: &CoverGap| format!("cover of {} in {}", gap.symbol, gap.account);
            for gap in kept.iter().filter(|gap| !found.iter().any(|one| condition(one) == condition(gap))) {
                self.alarms.clear(&condition(gap), now);
            }
            let seen_before = |gap: &&CoverGap| kept.iter().any(|one| condition(one) == condition(gap));
            for gap in found.iter().filter(seen_before) {
                let (condition, words) = (condition(gap), gap.to_string());
                let told = self.alarms.text(Purpose::Interactive, &condition);
                if told.is_none_or(|(_, told)| told != words) {
                    self.alarms.note(&condition, words, now);
                }
            }
            *kept = found;
        }
        kept.clone()
    }

    /// A desk that is busy with the broker is asked later; what it said last holds until then.
    fn orders(&self) -> Option<OrdersRow> {
        let mut kept = self.orders.lock().unwrap_or_else(PoisonError::into_inner);
        let told = |desk: &OrderDesk| desk.orders_that_may_trade().now_or_never();
        if let Some(orders) = self.desk.get().and_then(told) {
            let mut row = OrdersRow::default();
            for order in orders {
                row.working += 1;
                row.unknown += u32::from(order.state() == OrderState::Unknown);
            }
            *kept = Some(row);
        }
        *kept
    }
}

impl Recording {
    fn row(&self) -> RecordingRow {
        RecordingRow {
            symbols: self.symbols.clone(),
            quotes: self.counted.quotes.load(Ordering::Relaxed),
            last: *self.counted.last.lock().unwrap_or_else(PoisonError::into_inner),
        }
    }
}

fn account_row(summary: &AccountSummary) -> AccountRow {
    AccountRow { at: summary.at, net_liquidation: summary.net_liquidation, cash: summary.cash }
}

impl Watched {
    fn report(&self, alarms: &AlarmBook) -> LinkReport {
        let view = self.handle.view();
        let alarm = |(condition, since): &(tradeport_connection::Condition, Timestamp)| {
            let text = alarms.text(self.purpose, &condition.to_string()).map(|(_, text)| text);
            AlarmRow { condition: *condition, since: *since, critical: condition.is_critical(), text }
        };
        LinkReport {
            purpose: self.purpose,
            client_id: self.client_id,
            standing: view.standing.clone(),
            last_epoch: view.epoch.number(),
            life_age_seconds: view.life_age.map(|age| age.as_secs_f64()),
            held: view.held.as_ref().map(ToString::to_string),
            remedies: remedies(&view),
            alarms: view.alarms.iter().map(alarm).collect(),
            streams: streams(&view),
            farms_down: view.farms_down.clone(),
            outage: view.outage.map(|it| OutageRow {
                kind: it.kind,
                from: it.range.start(),
                until: it.range.end(),
            }),
        }
    }

    fn breakers(&self) -> impl Iterator<Item = BreakerRow> {
        let purpose = self.purpose;
        self.guard.states().into_iter().map(move |(capability, state)| {
            let (state, until) = match state {
                BreakerState::Closed => (BreakerWord::Closed, None),
                BreakerState::Open { until } => (BreakerWord::Open, Some(until)),
                BreakerState::HalfOpen => (BreakerWord::HalfOpen, None),
            };
            BreakerRow { purpose, capability, state, until }
        })
    }
}

fn streams(view: &SessionView) -> StreamsRow {
    let mut row = StreamsRow::default();
    for (_, state) in &view.streams {
        row.wanted += 1;
        match state {
            FeedState::Live | FeedState::Delayed => row.restored += 1,
            FeedState::Waiting => row.waiting += 1,
            FeedState::Stale => row.stale += 1,
            FeedState::Dead => row.dead += 1,
        }
    }
    row
}

/// What is done at present, by where the link stands.
fn remedies(view: &SessionView) -> Vec<RemedyRow> {
    let mut rows = Vec::new();
    let mut row = |remedy: &str, detail: String| rows.push(RemedyRow { remedy: remedy.to_owned(), detail });
    match &view.standing {
        LinkStanding::BackingOff { until, failures } => {
            row("connect again", format!("at {until}, after {failures} failed attempts"));
        }
        LinkStanding::Connecting { attempt } => row("connect", format!("attempt {}", attempt.number())),
        LinkStanding::Verifying { missing, .. } => {
            let names: Vec<String> = missing.iter().map(ToString::to_string).collect();
            row("prove", names.join(", "));
        }
        LinkStanding::Degraded { since, .. } => row("wait for the broker", format!("offline since {since}")),
        LinkStanding::Blackout { kind, until, .. } => row("hold orders", format!("{kind} until {until}")),
        LinkStanding::Down | LinkStanding::Ready { .. } | LinkStanding::Stopping => {}
    }
    let is_up = matches!(view.standing, LinkStanding::Verifying { .. } | LinkStanding::Ready { .. });
    for farm in view.farms_down.iter().filter(|_| is_up) {
        row("wait for data servers", farm.to_string());
    }
    let waiting = view.streams.iter().filter(|(_, state)| *state == FeedState::Waiting).count();
    if waiting > 0 && is_up {
        row("restore streams", format!("{waiting} of {}", view.streams.len()));
    }
    rows
}

/// So often a report is written.
/// Does the answer come before it is too late?
async fn answers_before(answer: impl Future<Output = ()>, late: impl Future<Output = ()>) -> bool {
    tokio::select! {
        biased;
        () = answer => true,
        () = late => false,
    }
}

/// A desk that does not answer for so long gives no sign of life, and is asked again.
pub(super) const DESK_ANSWERS_WITHIN: Duration = Duration::from_secs(1);

pub(super) const REPORT_EVERY: Duration = Duration::from_secs(1);

#[cfg(test)]
mod tests {
    use super::answers_before;
    use std::future::{pending, ready};

    #[tokio::test]
    async fn a_desk_that_says_nothing_in_time_gives_no_sign_of_life() {
        assert!(answers_before(ready(()), pending()).await);
        assert!(answers_before(ready(()), ready(())).await, "an answer is an answer");
        assert!(!answers_before(pending(), ready(())).await);
    }
}
