//! A broker that says what the test tells it to, and remembers what was sent.

mod broker;

pub(crate) use broker::{Broker, Script, step};

use futures::FutureExt;
use std::sync::Arc;
use tradeport_conformance::mocks::{MockAuditLog, MockOrderJournal};
use tradeport_kernel::{
    AccountId, Clock, ConnectionEpoch, Decimal, OrderKey, PermId, Quantity, StoreError, Symbol, Timestamp,
};
use tradeport_market_data::{Level, Quote};
use tradeport_memory::{MemoryAudit, MemoryBreaks, MemoryJournal, MemorySwitch, VirtualClock};
use tradeport_orders::{
    BrokerOrder, BrokerPhase, BrokerStatus, Execution, ExecutionId, JournalError, JournalEvent,
    JournalRecord, OrderDraft, OrderInput, OrderIntent, OrderJournal, OrderKind, Side, SubmitError,
    TimeInForce,
};
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
        parent: None,
        group: None,
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

fn quote_at(at: Timestamp, symbol: Symbol) -> Quote {
    let level = |text: &str| Some(Level::new(text.parse().unwrap(), None));
    Quote::new(symbol, at, level("99"), level("101")).unwrap()
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
        desk.note_quote(quote_at(self.clock.now(), apple()));
        desk
    }

    /// Gives a desk a fresh quote.
    pub(crate) fn quote(&self, desk: &OrderDesk) {
        self.quote_of(desk, apple());
    }

    pub(crate) fn quote_of(&self, desk: &OrderDesk, symbol: Symbol) {
        desk.note_quote(quote_at(self.clock.now(), symbol));
    }

    pub(crate) async fn try_desk(&self) -> Result<OrderDesk, DeskError> {
        let desk = OrderDesk::open(self.ports(), DeskSettings::default(), self.bus.clone()).await?;
        desk.note_quote(quote_at(self.clock.now(), apple()));
        Ok(desk)
    }

    /// A desk on other ports, at the beginning of time.
    pub(crate) async fn desk_on(ports: DeskPorts) -> OrderDesk {
        let desk = OrderDesk::open(ports, DeskSettings::default(), EventBus::default()).await.unwrap();
        desk.note_quote(quote_at(Timestamp::EPOCH, apple()));
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
