//! A broker that says what the test tells it to, and remembers what was sent.

use async_trait::async_trait;
use futures::channel::mpsc;
use futures::{FutureExt, StreamExt};
use std::collections::VecDeque;
use std::future::poll_fn;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};
use tradeport_conformance::mocks::{MockAuditLog, MockOrderJournal};
use tradeport_contracts::{
    CatalogError, Contract, ContractCatalog, ContractDraft, ContractId, Instrument, OptionChain,
    TradingSessions,
};
use tradeport_kernel::{
    AccountId, BrokerOrderId, Clock, ConnectionEpoch, Currency, Decimal, Money, OrderKey, PermId, Quantity,
    Snapshot, StoreError, Symbol, Timestamp, UnreadRow,
};
use tradeport_market_data::{Level, Quote};
use tradeport_memory::{MemoryAudit, MemoryBreaks, MemoryJournal, MemorySwitch, VirtualClock};
use tradeport_orders::{
    Accepted, BrokerEvent, BrokerNews, BrokerOrder, BrokerPhase, BrokerStatus, CancelError, CancelTag,
    ClearedCancel, ClearedChange, ClearedOrder, ClearedPreview, Execution, ExecutionId, GatewayError,
    JournalError, JournalEvent, JournalRecord, OrderChange, OrderDraft, OrderEvents, OrderGateway,
    OrderInput, OrderIntent, OrderJournal, OrderKind, OrderPreview, PreviewError, Side, SubmitError,
    TimeInForce,
};
use tradeport_portfolio::{AccountEvents, AccountFeed, AccountFeedError, AccountSummary, Position};
use tradeport_risk::PolicyDraft;
use tradeport_trading::audit::{ACCOUNT_READ, AuditedJournal};
use tradeport_trading::{AuditLog, DeskError, DeskPorts, DeskSettings, EventBus, OrderDesk};

pub(crate) const EPOCH: ConnectionEpoch = ConnectionEpoch::new(1);

pub(crate) fn account() -> AccountId {
    AccountId::new("DU1").unwrap()
}

pub(crate) fn key(text: &str) -> OrderKey {
    OrderKey::new(text).unwrap()
}

pub(crate) fn apple() -> Symbol {
    Symbol::new("AAPL").unwrap()
}

pub(crate) fn quantity(number: u32) -> Quantity {
    Quantity::new(number.into()).unwrap()
}

pub(crate) fn buy(name: &str, units: u32) -> OrderIntent {
    let draft = OrderDraft::new(key(name), account(), apple(), Side::Buy, quantity(units), OrderKind::Market);
    draft.check().unwrap()
}

pub(crate) fn execution(root: &str, order: Option<&str>, units: u32) -> Execution {
    Execution {
        id: ExecutionId::new(root, 1),
        key: order.map(key),
        perm_id: PermId::new(7),
        account: account(),
        symbol: apple(),
        side: Side::Buy,
        quantity: quantity(units),
        price: "100".parse().unwrap(),
        at: Timestamp::EPOCH,
        part: tradeport_orders::ExecutedPart::Whole,
    }
}

pub(crate) fn sent(broker: &Broker) -> usize {
    broker.script(|script| script.sent.len())
}

pub(crate) fn unknown() -> SubmitError {
    SubmitError::OutcomeUnknown("no answer within 5 s".into())
}

pub(crate) fn held_by_broker(name: &str, phase: BrokerPhase) -> BrokerOrder {
    BrokerOrder {
        key: Some(key(name)),
        perm_id: Some(PermId::new(7)),
        broker_order_id: None,
        account: account(),
        symbol: apple(),
        side: Side::Buy,
        size: quantity(10).into(),
        kind: Some(OrderKind::Market),
        time_in_force: Some(TimeInForce::Day),
        status: BrokerStatus { phase, filled: Decimal::ZERO, perm_id: Some(PermId::new(7)), reason: None },
        placed_by: Some(tradeport_orders::PlacedBy::ThisClient),
    }
}

pub(crate) fn full() -> StoreError {
    StoreError::Full("disk full".into())
}

/// A journal that has room for so many appends, and passes them on.
pub(crate) fn journal_with_room(memory: &MemoryJournal, mut room: u32) -> MockOrderJournal {
    let mut journal = MockOrderJournal::new();
    let (kept, read) = (memory.clone(), memory.clone());
    journal.expect_read().returning(move |after, limit| read.read(after, limit).now_or_never().unwrap());
    journal.expect_checkpoint().returning(|| Ok(None));
    journal.expect_append().returning(move |entries| {
        room = room.checked_sub(1).ok_or_else(|| JournalError::Store(full()))?;
        kept.append(entries).now_or_never().unwrap()
    });
    journal
}

/// An audit log that has room for so many appends.
pub(crate) fn audit_with_room(mut room: u32) -> Arc<dyn AuditLog> {
    let mut audit = MockAuditLog::new();
    audit.expect_append().returning(move |_| {
        room = room.checked_sub(1).ok_or_else(full)?;
        Ok(())
    });
    Arc::new(audit)
}

/// An audit log without any room once a desk has been opened on it.
pub(crate) fn audit_down() -> Arc<dyn AuditLog> {
    audit_with_room(1)
}

pub(crate) fn limit(text: &str) -> OrderKind {
    OrderKind::Limit { limit: text.parse().unwrap() }
}

fn quote_at(at: Timestamp) -> Quote {
    let level = |text: &str| Some(Level::new(text.parse().unwrap(), None));
    Quote::new(apple(), at, level("99"), level("101")).unwrap()
}

/// Everything that a desk needs, with a broker that obeys the test.
pub(crate) struct House {
    pub(crate) clock: VirtualClock,
    pub(crate) journal: MemoryJournal,
    pub(crate) broker: Arc<Broker>,
    pub(crate) bus: EventBus,
    pub(crate) audit: MemoryAudit,
    pub(crate) switch: MemorySwitch,
    pub(crate) breaks: MemoryBreaks,
}

impl House {
    pub(crate) fn new() -> Self {
        let clock = VirtualClock::new(Timestamp::EPOCH);
        let (journal, bus) = (MemoryJournal::default(), EventBus::default());
        Self {
            clock,
            broker: Arc::new(Broker::new(journal.clone())),
            journal,
            bus,
            audit: MemoryAudit::default(),
            switch: MemorySwitch::default(),
            breaks: MemoryBreaks::default(),
        }
    }

    pub(crate) fn ports(&self) -> DeskPorts {
        self.ports_telling(Arc::new(self.audit.clone()))
    }

    /// Ports whose journal tells this log.
    pub(crate) fn ports_telling(&self, audit: Arc<dyn AuditLog>) -> DeskPorts {
        DeskPorts {
            journal: Arc::new(AuditedJournal::new(Arc::new(self.journal.clone()), audit, "test")),
            gateway: self.broker.clone(),
            accounts: self.broker.clone(),
            catalog: self.broker.clone(),
            clock: Arc::new(self.clock.clone()),
            audit: Arc::new(self.audit.clone()),
            switch: Arc::new(self.switch.clone()),
            breaks: Arc::new(self.breaks.clone()),
        }
    }

    pub(crate) async fn desk(&self) -> OrderDesk {
        self.try_desk().await.unwrap()
    }

    /// A desk under other limits.
    pub(crate) async fn desk_under(&self, policy: PolicyDraft) -> OrderDesk {
        let settings = DeskSettings { policy: policy.check().unwrap(), ..DeskSettings::default() };
        let desk = OrderDesk::open(self.ports(), settings, self.bus.clone()).await.unwrap();
        desk.note_quote(quote_at(self.clock.now()));
        desk
    }

    /// Gives a desk a fresh quote.
    pub(crate) fn quote(&self, desk: &OrderDesk) {
        desk.note_quote(quote_at(self.clock.now()));
    }

    pub(crate) async fn try_desk(&self) -> Result<OrderDesk, DeskError> {
        let desk = OrderDesk::open(self.ports(), DeskSettings::default(), self.bus.clone()).await?;
        desk.note_quote(quote_at(self.clock.now()));
        Ok(desk)
    }

    /// A desk on other ports, at the beginning of time.
    pub(crate) async fn desk_on(ports: DeskPorts) -> OrderDesk {
        let desk = OrderDesk::open(ports, DeskSettings::default(), EventBus::default()).await.unwrap();
        desk.note_quote(quote_at(Timestamp::EPOCH));
        desk
    }

    /// What the audit log says was done, and of what, in order; not what it says of accounts.
    pub(crate) async fn audited(&self) -> Vec<String> {
        let entries = self.audit.read(0, 1_000).await.unwrap().into_iter().map(|record| record.entry);
        let done = entries.filter(|entry| entry.action != ACCOUNT_READ);
        done.map(|entry| format!("{} {}: {}", entry.action, entry.subject, entry.detail)).collect()
    }

    /// The inputs that the journal holds of an order, by their names.
    pub(crate) async fn inputs(&self, name: &str) -> Vec<OrderInput> {
        let events = self.written(name).await.into_iter().map(|record| record.entry.event);
        events
            .filter_map(|event| match event {
                JournalEvent::Happened { input } => Some(*input),
                JournalEvent::Intended { .. } | JournalEvent::Split { .. } => None,
            })
            .collect()
    }

    pub(crate) async fn written(&self, name: &str) -> Vec<JournalRecord> {
        self.journal.of(&key(name)).await.unwrap()
    }
}

/// What the broker was told to say, and what it was sent.
#[derive(Default)]
pub(crate) struct Script {
    pub(crate) answers: VecDeque<Result<Accepted, SubmitError>>,
    pub(crate) previews: VecDeque<Result<OrderPreview, PreviewError>>,
    pub(crate) previewed: Vec<OrderIntent>,
    /// No preview is answered.
    pub(crate) previews_hang: bool,
    /// What the listener is told when a preview is asked for.
    pub(crate) news_at_preview: Option<BrokerEvent>,
    pub(crate) change_answers: VecDeque<Result<(), SubmitError>>,
    pub(crate) changes: Vec<OrderChange>,
    /// What each changed order said before, by the desk's word.
    pub(crate) wordings: Vec<OrderIntent>,
    pub(crate) cancel_answers: VecDeque<Result<(), CancelError>>,
    pub(crate) tags: Vec<CancelTag>,
    /// What the listener is told once so many orders have been sent.
    pub(crate) news_after: Option<(usize, BrokerEvent)>,
    pub(crate) sent: Vec<OrderIntent>,
    /// Orders, changes and cancels are taken one step after they were called for, and answered another step later.
    pub(crate) slow: bool,
    /// So many of them were called for.
    pub(crate) calls: usize,
    pub(crate) held_back: Vec<bool>,
    pub(crate) written_when_sent: Vec<usize>,
    pub(crate) cancels: Vec<OrderKey>,
    /// How often everything of the login was to be cancelled.
    pub(crate) everything: usize,
    /// So many cancels must have come before the first of them is answered.
    pub(crate) cancels_together: usize,
    waiting: Vec<Waker>,
    pub(crate) open: Vec<BrokerOrder>,
    /// Open orders that nobody can read.
    pub(crate) unread: Vec<UnreadRow>,
    pub(crate) completed: Vec<BrokerOrder>,
    pub(crate) executions: Vec<Execution>,
    pub(crate) positions: Vec<Position>,
    /// What can be traded besides the one share.
    pub(crate) listed: Vec<Contract>,
    pub(crate) silent: bool,
    pub(crate) executions_of_an_earlier_epoch: bool,
    /// Executions are answered with an error.
    pub(crate) executions_refused: bool,
    /// At which asking for executions, counted from 1, the late ones have happened.
    pub(crate) trades_at_reading: Option<usize>,
    pub(crate) late_executions: Vec<Execution>,
    pub(crate) readings: usize,
    listener: Option<mpsc::UnboundedSender<BrokerEvent>>,
}

pub(crate) struct Broker {
    journal: MemoryJournal,
    script: Mutex<Script>,
}

impl Broker {
    fn new(journal: MemoryJournal) -> Self {
        Self { journal, script: Mutex::default() }
    }

    pub(crate) fn script<T>(&self, work: impl FnOnce(&mut Script) -> T) -> T {
        work(&mut self.script.lock().unwrap())
    }

    /// A step that nothing comes of.
    async fn step(&self) {
        if self.script(|script| script.slow) {
            step().await;
        }
    }

    async fn called(&self) {
        self.script(|script| script.calls += 1);
        self.step().await;
    }

    pub(crate) fn say(&self, name: Option<&str>, news: BrokerNews) {
        let event = BrokerEvent { epoch: EPOCH, at: Timestamp::EPOCH, key: name.map(key), news };
        self.script(|script| script.listener.as_ref().unwrap().unbounded_send(event).unwrap());
    }
}

/// Waits once, and goes on with the next step.
pub(crate) async fn step() {
    let mut waited = false;
    poll_fn(|context| {
        context.waker().wake_by_ref();
        if std::mem::replace(&mut waited, true) { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
}

#[async_trait]
impl OrderGateway for Broker {
    async fn submit(&self, order: &ClearedOrder) -> Result<Accepted, SubmitError> {
        self.called().await;
        let written = self.journal.of(order.intent().key()).await.unwrap().len();
        let answer = self.script(|script| {
            script.sent.push(order.intent().clone());
            script.held_back.push(order.is_held_back());
            script.written_when_sent.push(written);
            let number = i64::try_from(script.sent.len()).unwrap();
            let accepted =
                Accepted { epoch: EPOCH, perm_id: None, broker_order_id: BrokerOrderId::new(number) };
            let after = script.news_after.take_if(|(count, _)| *count == script.sent.len());
            if let Some((_, event)) = after {
                script.listener.as_ref().unwrap().unbounded_send(event).unwrap();
            }
            script.answers.pop_front().unwrap_or(Ok(accepted))
        });
        self.step().await;
        answer
    }

    async fn preview(&self, order: &ClearedPreview) -> Result<OrderPreview, PreviewError> {
        let (answer, hangs) = self.script(|script| {
            script.previewed.push(order.intent().clone());
            if let Some(event) = script.news_at_preview.take() {
                script.listener.as_ref().unwrap().unbounded_send(event).unwrap();
            }
            (script.previews.pop_front().unwrap_or_else(|| Ok(OrderPreview::default())), script.previews_hang)
        });
        if hangs {
            std::future::pending::<()>().await;
        }
        // Whoever was told something gets to it first.
        step().await;
        answer
    }

    async fn change(&self, change: &ClearedChange) -> Result<(), SubmitError> {
        self.called().await;
        let answer = self.script(|script| {
            script.changes.push(change.change().clone());
            script.wordings.extend(change.wording().cloned());
            script.change_answers.pop_front().unwrap_or(Ok(()))
        });
        self.step().await;
        answer
    }

    async fn cancel(&self, cancel: &ClearedCancel) -> Result<(), CancelError> {
        self.called().await;
        let answer = self.script(|script| {
            script.cancels.push(cancel.key().clone());
            script.tags.push(cancel.tag().clone());
            script.cancel_answers.pop_front().unwrap_or(Ok(()))
        });
        let all_came = |script: &mut Script, context: &Context<'_>| {
            if script.cancels.len() >= script.cancels_together {
                script.waiting.drain(..).for_each(Waker::wake);
                return Poll::Ready(());
            }
            script.waiting.push(context.waker().clone());
            Poll::Pending
        };
        poll_fn(|context| self.script(|script| all_came(script, context))).await;
        self.step().await;
        answer
    }

    async fn cancel_everything(&self) -> Result<(), CancelError> {
        self.script(|script| script.everything += 1);
        Ok(())
    }

    async fn events(&self) -> Result<OrderEvents, GatewayError> {
        let (sender, receiver) = mpsc::unbounded();
        self.script(|script| script.listener = Some(sender));
        Ok(receiver.boxed())
    }

    async fn open_orders(&self) -> Result<Snapshot<BrokerOrder>, GatewayError> {
        if self.script(|script| script.silent) {
            return Err(GatewayError::EpochLost(EPOCH));
        }
        let (open, unread) = self.script(|script| (script.open.clone(), script.unread.clone()));
        Ok(Snapshot::complete(EPOCH, Timestamp::EPOCH, open).with_unread(unread))
    }

    async fn completed_orders(&self) -> Result<Snapshot<BrokerOrder>, GatewayError> {
        Ok(Snapshot::complete(EPOCH, Timestamp::EPOCH, self.script(|script| script.completed.clone())))
    }

    async fn executions(&self, since: Timestamp) -> Result<Snapshot<Execution>, GatewayError> {
        if self.script(|script| script.executions_refused) {
            return Err(GatewayError::Unavailable("321: Error validating request".into()));
        }
        let (earlier, mut rows) = self.script(|script| {
            script.readings += 1;
            if script.trades_at_reading == Some(script.readings) {
                let late = std::mem::take(&mut script.late_executions);
                script.executions.extend(late);
            }
            (script.executions_of_an_earlier_epoch, script.executions.clone())
        });
        rows.retain(|execution| execution.at >= since);
        let epoch = if earlier { ConnectionEpoch::new(0) } else { EPOCH };
        Ok(Snapshot::complete(epoch, Timestamp::EPOCH, rows))
    }
}

#[async_trait]
impl AccountFeed for Broker {
    async fn accounts(&self) -> Result<Vec<AccountId>, AccountFeedError> {
        Ok(vec![account()])
    }

    async fn summary(&self, account: &AccountId) -> Result<AccountSummary, AccountFeedError> {
        let cash = Money::new(Decimal::from(100_000), Currency::USD);
        let nothing = Money::zero(Currency::USD);
        Ok(AccountSummary {
            account: account.clone(),
            at: Timestamp::EPOCH,
            net_liquidation: cash,
            cash,
            positions_value: nothing,
            buying_power: cash,
            maintenance_margin: nothing,
            realized_pnl: nothing,
            unrealized_pnl: nothing,
        })
    }

    async fn positions(&self, _: &AccountId) -> Result<Snapshot<Position>, AccountFeedError> {
        Ok(Snapshot::complete(EPOCH, Timestamp::EPOCH, self.script(|script| script.positions.clone())))
    }

    async fn events(&self) -> Result<AccountEvents, AccountFeedError> {
        Err(AccountFeedError::Unsupported("events"))
    }
}

#[async_trait]
impl ContractCatalog for Broker {
    async fn resolve(&self, instrument: &Instrument) -> Result<Contract, CatalogError> {
        let symbol = instrument.symbol();
        let listed =
            |script: &mut Script| script.listed.iter().find(|it| it.instrument() == instrument).cloned();
        if let Some(contract) = self.script(listed) {
            return Ok(contract);
        }
        if symbol != apple() {
            return Err(CatalogError::NotFound(symbol.to_string()));
        }
        let draft = ContractDraft {
            id: ContractId::new(265_598),
            symbol,
            instrument: instrument.clone(),
            name: "APPLE INC".into(),
            currency: Currency::USD,
            price_step: "0.01".parse().unwrap(),
            lot: Decimal::ONE,
            multiplier: Decimal::ONE,
            sessions: TradingSessions::always(),
            details: Default::default(),
        };
        Ok(draft.check().unwrap())
    }

    async fn by_id(&self, id: ContractId) -> Result<Contract, CatalogError> {
        let found = self.script(|script| script.listed.iter().find(|it| it.id() == id).cloned());
        found.ok_or_else(|| CatalogError::NotFound(id.number().to_string()))
    }

    async fn search(&self, _: &str) -> Result<Vec<Contract>, CatalogError> {
        Err(CatalogError::Unsupported("search"))
    }

    async fn option_chains(&self, _: &Instrument) -> Result<Vec<OptionChain>, CatalogError> {
        Err(CatalogError::Unsupported("option chains"))
    }
}
