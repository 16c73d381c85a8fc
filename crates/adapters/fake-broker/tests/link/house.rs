//! A platform in front of the fake broker: desk, gate, session, and quotes that last.

use crate::doubts::Doubts;
use futures::channel::oneshot;
use futures::executor::{LocalPool, LocalSpawner};
use futures::stream::StreamExt;
use futures::task::LocalSpawnExt;
use std::cell::RefCell;
use std::rc::Rc;
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use tradeport_conformance::fixtures::plain_contract;
use tradeport_connection::calendar::OutageCalendar;
use tradeport_connection::{LinkChange, LinkSettings, LinkStanding, NoticeClass, Supervisor};
use tradeport_contracts::{Contract, ContractDraft, Stock};
use tradeport_fake_broker::{AccountConfig, AccountKind, Door, FakeBroker, FakeBrokerConfig};
use tradeport_kernel::{AccountId, Clock, Currency, Money, OrderKey, Price, Quantity, Symbol, Timestamp};
use tradeport_market_data::{FeedEvent, Level, Quote, QuoteFeed};
use tradeport_memory::{MemoryAudit, MemoryJournal, MemoryNotifier, VirtualClock};
use tradeport_orders::{OrderDraft, OrderIntent, OrderKind, OrderState, Side};
use tradeport_portfolio::AccountFeed;
use tradeport_trading::{
    BrokerProver, DeskPorts, DeskSettings, DrainPolicy, EventBus, GatedGateway, OrderDesk, PlatformEvent,
    PlatformEvents, SessionHandle, SessionPorts, SessionSupervisor, lasting_quotes,
};

pub(crate) const fn seconds(count: u64) -> Duration {
    Duration::from_secs(count)
}

pub(crate) fn account() -> AccountId {
    AccountId::new("DU1").unwrap()
}

pub(crate) fn symbol() -> Symbol {
    Symbol::new("AAPL").unwrap()
}

pub(crate) fn key(text: &str) -> OrderKey {
    OrderKey::new(text).unwrap()
}

pub(crate) fn price(text: &str) -> Price {
    text.parse().unwrap()
}

pub(crate) fn bid(name: &str, number: u32, limit: &str) -> OrderIntent {
    let kind = OrderKind::Limit { limit: price(limit) };
    let quantity = Quantity::new(number.into()).unwrap();
    OrderDraft::new(key(name), account(), symbol(), Side::Buy, quantity, kind).check().unwrap()
}

pub(crate) fn offer(name: &str, number: u32, limit: &str) -> OrderIntent {
    let kind = OrderKind::Limit { limit: price(limit) };
    let quantity = Quantity::new(number.into()).unwrap();
    OrderDraft::new(key(name), account(), symbol(), Side::Sell, quantity, kind).check().unwrap()
}

fn share() -> Contract {
    let plain = plain_contract(265_598, symbol(), Stock::new("AAPL").unwrap());
    ContractDraft { name: "APPLE INC".into(), ..plain }.check().unwrap()
}

/// What the streams have said.
pub(crate) type Heard = Rc<RefCell<Vec<FeedEvent>>>;

pub(crate) struct House {
    pub(crate) broker: FakeBroker,
    pub(crate) clock: VirtualClock,
    pub(crate) session: SessionHandle,
    pub(crate) calls: MemoryNotifier,
    pub(crate) desk: Option<OrderDesk>,
    pub(crate) journal: MemoryJournal,
    pub(crate) audit: MemoryAudit,
    prover: Arc<BrokerProver>,
    /// What stands between the session and the proofs.
    pub(crate) doubts: Doubts,
    /// What is called off before outages, by whom.
    drain: Arc<OnceLock<(OrderDesk, DrainPolicy)>>,
    pub(crate) ended: oneshot::Receiver<()>,
    pool: LocalPool,
    told: PlatformEvents,
    story: Vec<LinkChange>,
    quotes: bool,
    next_quote: Timestamp,
}

impl House {
    /// At noon in New York on a Tuesday, with nothing expected; the link is not wanted yet.
    pub(crate) fn new() -> Self {
        Self::with(OutageCalendar::default(), "2013-01-02T17:00:00Z", LinkSettings::default(), None)
    }

    pub(crate) fn with(
        calendar: OutageCalendar,
        now: &str,
        settings: LinkSettings,
        expected: Option<AccountId>,
    ) -> Self {
        let clock = VirtualClock::new(now.parse().unwrap());
        let cash = Money::new("100000".parse().unwrap(), Currency::USD);
        let mine = AccountConfig { id: account(), cash, kind: AccountKind::Margin };
        let config = FakeBrokerConfig {
            clock: Some(Arc::new(clock.clone())),
            ..FakeBrokerConfig::new(7, vec![mine], vec![share()])
        };
        let broker = FakeBroker::new(config).unwrap();
        let shared = Arc::new(broker.clone());
        let mut prover = BrokerProver::new(shared.clone(), shared.clone(), Arc::new(clock.clone()));
        if let Some(account) = expected {
            prover = prover.expecting(account);
        }
        let prover = Arc::new(prover);
        let doubts = Doubts::over(prover.clone());
        let calls = MemoryNotifier::default();
        let ports = SessionPorts {
            link: shared,
            prover: Arc::new(doubts.clone()),
            notifier: Arc::new(calls.clone()),
            clock: Arc::new(clock.clone()),
        };
        let bus = EventBus::default();
        let told = bus.subscribe();
        let supervisor = Supervisor::new(settings, calendar, 3).unwrap();
        let drain: Arc<OnceLock<(OrderDesk, DrainPolicy)>> = Arc::default();
        let by = Arc::clone(&drain);
        let session = SessionSupervisor::new(supervisor, ports, bus).draining(move |_| {
            let by = Arc::clone(&by);
            Box::pin(async move {
                if let Some((desk, policy)) = by.get() {
                    desk.drain(*policy, Default::default()).await.unwrap();
                }
            })
        });
        let handle = session.handle();
        let pool = LocalPool::new();
        let (done, ended) = oneshot::channel();
        let run = async move {
            session.run().await.unwrap();
            done.send(()).unwrap_or_default();
        };
        pool.spawner().spawn_local(run).unwrap();
        let (journal, audit) = (MemoryJournal::default(), MemoryAudit::default());
        let (desk, story, quotes, next_quote) = (None, Vec::new(), true, clock.now());
        Self {
            broker,
            clock,
            session: handle,
            calls,
            desk,
            journal,
            audit,
            prover,
            doubts,
            drain,
            ended,
            pool,
            told,
            story,
            quotes,
            next_quote,
        }
    }

    /// Linked and ready, with a desk behind the gate.
    pub(crate) fn ready() -> Self {
        Self::new().open()
    }

    /// Starts the link, and opens a desk behind the gate.
    pub(crate) fn open(mut self) -> Self {
        self.session.start();
        self.settle();
        assert_eq!(self.session.may_order().map(drop), Ok(()), "{:?}", self.session.view());
        let shared = Arc::new(self.broker.clone());
        let gateway = GatedGateway::new(shared.clone(), self.session.clone());
        let ports = DeskPorts {
            journal: Arc::new(self.journal.clone()),
            gateway: Arc::new(gateway),
            accounts: shared.clone(),
            catalog: shared,
            clock: Arc::new(self.clock.clone()),
            audit: Arc::new(self.audit.clone()),
            switch: Arc::new(tradeport_memory::MemorySwitch::default()),
            breaks: Arc::new(tradeport_memory::MemoryBreaks::default()),
        };
        let opened = OrderDesk::open(ports, DeskSettings::default(), EventBus::default());
        let desk = self.wait(opened).unwrap();
        self.prover.reconcile_with(desk.clone());
        self.desk = Some(desk);
        self.quote("99.99", "100.01");
        self
    }

    /// From now on orders are called off before outages as this says.
    pub(crate) fn drain_by(&mut self, policy: DrainPolicy) {
        let desk = self.desk.clone().unwrap();
        assert!(self.drain.set((desk, policy)).is_ok(), "said once");
    }

    pub(crate) fn spawner(&self) -> LocalSpawner {
        self.pool.spawner()
    }

    /// Runs until nothing is left to do now.
    pub(crate) fn settle(&mut self) {
        self.pool.run_until_stalled();
        while let Some(Some(event)) = futures::FutureExt::now_or_never(self.told.next()) {
            if let PlatformEvent::Link { change } = event {
                self.story.push(change);
            }
        }
    }

    /// What comes of this, without time passing.
    pub(crate) fn wait<T>(&mut self, work: impl Future<Output = T>) -> T {
        self.pool.run_until(work)
    }

    /// Lets time pass, moment by moment; a quote comes each three seconds while quotes flow.
    pub(crate) fn run(&mut self, by: Duration) {
        let until = self.clock.now().after(by);
        self.settle();
        while self.clock.now() < until {
            let quote_at = if self.quotes { self.next_quote.max(self.clock.now()) } else { Timestamp::MAX };
            let deadline = self.clock.next_deadline().unwrap_or(Timestamp::MAX);
            let next = deadline.min(quote_at).min(until).max(self.clock.now());
            self.clock.advance_to(next);
            self.settle();
            if self.quotes && next == quote_at {
                self.quote("99.99", "100.01");
                self.next_quote = self.clock.now().after(seconds(3));
                self.settle();
            }
        }
    }

    pub(crate) fn quotes_flow(&mut self, flow: bool) {
        self.quotes = flow;
    }

    pub(crate) fn quote(&mut self, bid: &str, ask: &str) {
        let level = |text: &str| Some(Level::new(price(text), "500".parse().ok()));
        let quote = Quote::new(symbol(), self.clock.now(), level(bid), level(ask)).unwrap();
        self.broker.publish(quote).unwrap();
        if let Some(desk) = &self.desk {
            desk.note_quote(quote);
        }
    }

    /// Listens to quotes for good, and keeps what they say.
    pub(crate) fn listen(&mut self) -> Heard {
        self.listen_to(Arc::new(self.broker.clone()))
    }

    /// The same, of a feed in front of the broker.
    pub(crate) fn listen_to(&mut self, feed: Arc<dyn QuoteFeed>) -> Heard {
        let heard = Heard::default();
        let kept = Rc::clone(&heard);
        let mut quotes = lasting_quotes(feed, &self.session, vec![symbol()], Some(seconds(10)));
        let read = async move {
            while let Some(event) = quotes.next().await {
                kept.borrow_mut().push(event);
            }
        };
        self.spawner().spawn_local(read).unwrap();
        self.settle();
        heard
    }

    pub(crate) fn is_ready(&self) -> bool {
        self.session.may_order().is_ok()
    }

    pub(crate) fn standing(&self) -> LinkStanding {
        self.session.view().standing
    }

    pub(crate) fn say(&mut self, class: NoticeClass) {
        self.broker.say(class, Some("usfarm"));
        self.settle();
    }

    pub(crate) fn door(&mut self, door: Door) {
        self.broker.set_door(door);
    }

    /// What everybody was told, errors left out.
    pub(crate) fn story(&self) -> Vec<&'static str> {
        let words = self.story.iter().filter_map(|it| match it {
            LinkChange::Established { .. } => Some("established"),
            LinkChange::Lost { .. } => Some("lost"),
            LinkChange::Recovered { .. } => Some("recovered"),
            LinkChange::Error { .. } => None,
        });
        words.collect()
    }

    pub(crate) fn errors(&self) -> usize {
        self.story.iter().filter(|it| matches!(it, LinkChange::Error { .. })).count()
    }

    /// The conditions that people were called for, in order; `-` before one that is over.
    pub(crate) fn called(&self) -> Vec<String> {
        let calls = self.calls.alarms();
        let word = |it: &tradeport_trading::Alarm| {
            let over = it.severity == tradeport_trading::Severity::Information;
            format!("{}{}", if over { "-" } else { "" }, it.condition)
        };
        calls.iter().map(word).collect()
    }

    pub(crate) fn submit(&mut self, intent: OrderIntent) -> OrderState {
        let desk = self.desk.clone().unwrap();
        self.wait(async move {
            let placed = desk.submit(intent).await.unwrap();
            let order = placed.order;
            // Whoever expects something else finds the reason in the output.
            assert_ne!(order.state(), OrderState::Refused, "{:?}", order.reason());
            order.state()
        })
    }

    pub(crate) fn state(&mut self, name: &str) -> OrderState {
        let desk = self.desk.clone().unwrap();
        let key = key(name);
        self.wait(async move {
            desk.pump().await.unwrap();
            desk.order(&key).await.unwrap().state()
        })
    }

    /// Why an order did not go.
    pub(crate) fn reason(&mut self, name: &str) -> String {
        let (desk, key) = (self.desk.clone().unwrap(), key(name));
        self.wait(async move { desk.order(&key).await.unwrap().reason().unwrap_or_default().to_owned() })
    }

    pub(crate) fn position(&mut self) -> String {
        let broker = self.broker.clone();
        self.wait(async move {
            let held = broker.positions(&account()).await.unwrap().into_rows();
            held.first().map_or_else(|| "0".to_owned(), |it| it.quantity().to_string())
        })
    }
}

pub(crate) fn quotes_in(heard: &Heard) -> usize {
    heard.borrow().iter().filter(|it| matches!(it, FeedEvent::Quote(_))).count()
}

pub(crate) fn gaps_in(heard: &Heard) -> usize {
    heard.borrow().iter().filter(|it| matches!(it, FeedEvent::Gap(_))).count()
}
