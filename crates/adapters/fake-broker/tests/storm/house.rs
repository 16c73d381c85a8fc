//! A desk in front of the exchange, and what outlives it.

use crate::line::Line;
use futures::FutureExt;
use futures::executor::block_on;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;
use tradeport_conformance::fixtures::plain_contract;
use tradeport_connection::BrokerLink;
use tradeport_contracts::Stock;
use tradeport_fake_broker::{AccountConfig, AccountKind, FakeBroker, FakeBrokerConfig};
use tradeport_kernel::{AccountId, Clock, Currency, Money, OrderKey, Price, Quantity, Symbol, Timestamp};
use tradeport_market_data::{Level, Quote};
use tradeport_memory::{MemoryAudit, MemoryBreaks, MemoryJournal, MemorySwitch, VirtualClock};
use tradeport_risk::{Permissions, PolicyDraft};
use tradeport_trading::{DeskPorts, DeskSettings, EventBus, OrderDesk};

/// What the gate lets anybody hold, or have on order.
pub(crate) const AT_MOST: u32 = 80;

pub(crate) struct House {
    pub(crate) broker: FakeBroker,
    pub(crate) line: Line,
    journal: MemoryJournal,
    breaks: MemoryBreaks,
    switch: MemorySwitch,
    pub(crate) clock: VirtualClock,
    /// None while the broker's books could not be read.
    pub(crate) desk: Option<OrderDesk>,
    pub(crate) linked: bool,
    /// Of which the exchange has taken back a trade, and goes on to count it: the broker's own lists contradict each other.
    pub(crate) busted: BTreeSet<OrderKey>,
}

pub(crate) fn account() -> AccountId {
    AccountId::new("DU1").unwrap()
}

pub(crate) fn symbol() -> Symbol {
    Symbol::new("AAPL").unwrap()
}

pub(crate) fn price(text: &str) -> Price {
    text.parse().unwrap()
}

pub(crate) fn key(text: &str) -> OrderKey {
    OrderKey::new(text).unwrap()
}

pub(crate) fn units(number: u32) -> Quantity {
    Quantity::new(number.into()).unwrap()
}

impl House {
    pub(crate) fn new() -> Self {
        let cash = Money::new(1_000_000.into(), Currency::USD);
        let own = AccountConfig { id: account(), cash, kind: AccountKind::Margin };
        let share = plain_contract(265_598, symbol(), Stock::new("AAPL").unwrap()).check().unwrap();
        let clock = VirtualClock::new(Timestamp::from_seconds(1_357_137_000));
        let mut config = FakeBrokerConfig::new(7, vec![own], vec![share]);
        config.clock = Some(Arc::new(clock.clone()));
        let broker = FakeBroker::new(config).unwrap();
        let (journal, breaks, switch) = Default::default();
        let line = Line::to(&broker);
        let mut house = Self {
            broker,
            line,
            journal,
            breaks,
            switch,
            clock,
            desk: None,
            linked: false,
            busted: BTreeSet::new(),
        };
        house.link();
        house.open();
        house.quote(10_000, 200, 200);
        house
    }

    /// A new connection, if there is none.
    pub(crate) fn link(&mut self) {
        if !self.linked {
            block_on(self.broker.connect()).unwrap();
            self.linked = true;
        }
        // What cannot be read now is read with the next look.
        self.with_desk(async |desk| drop(desk.resume().await));
    }

    pub(crate) fn lose_link(&mut self) {
        self.broker.drop_link();
        self.linked = false;
    }

    /// A desk that begins with what was kept, if the broker's books can be read.
    pub(crate) fn open(&mut self) {
        let shared = Arc::new(self.broker.clone());
        let ports = DeskPorts {
            journal: Arc::new(self.journal.clone()),
            gateway: Arc::new(self.line.clone()),
            accounts: shared.clone(),
            catalog: shared,
            clock: Arc::new(self.clock.clone()),
            audit: Arc::new(MemoryAudit::default()),
            switch: Arc::new(self.switch.clone()),
            breaks: Arc::new(self.breaks.clone()),
        };
        let policy = PolicyDraft {
            max_position_quantity: Some(AT_MOST.into()),
            max_quote_age_seconds: 3_600,
            permissions: Permissions { short_sales: false, ..Permissions::default() },
            ..PolicyDraft::default()
        };
        let settings = DeskSettings { policy: policy.check().unwrap(), ..DeskSettings::default() };
        let opened = OrderDesk::open(ports, settings, EventBus::default()).now_or_never();
        self.desk = opened.and_then(Result::ok);
        if let (Some(desk), Some(quote)) = (&self.desk, self.broker.last_quote(symbol())) {
            desk.note_quote(quote);
        }
    }

    /// A market of this middle in cents, a cent wide on each side, and so many units on each.
    pub(crate) fn quote(&mut self, cents: u32, bid_units: u32, ask_units: u32) {
        let level = |cents: u32, size: u32| {
            Some(Level::new(
                Price::new(tradeport_kernel::Decimal::new(cents.into(), 2)).unwrap(),
                Some(units(size)),
            ))
        };
        let (bid, ask) = (level(cents - 1, bid_units), level(cents + 1, ask_units));
        let quote = Quote::new(symbol(), self.clock.now(), bid, ask).unwrap();
        self.broker.publish(quote).unwrap();
        if let Some(desk) = &self.desk {
            desk.note_quote(quote);
        }
    }

    pub(crate) fn pass(&mut self, time: Duration) {
        self.clock.advance(time);
        self.broker.advance_to(self.clock.now());
    }

    /// The desk hears what was told, and looks after what it knows.
    pub(crate) fn hear(&mut self) {
        if self.desk.is_none() {
            self.open();
        }
        self.with_desk(async |desk| {
            drop(desk.pump().await);
            desk.tend().await;
            desk.tend_switch().await;
        });
    }

    /// Whatever a desk does, unless the process dies of it.
    pub(crate) fn with_desk(&mut self, work: impl AsyncFnOnce(&OrderDesk)) {
        let Some(desk) = &self.desk else { return };
        if work(desk).now_or_never().is_none() {
            self.desk = None;
        }
    }
}
